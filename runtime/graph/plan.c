/* SPDX-License-Identifier: BSD-3-Clause */
/* From a graph to a list of steps: what is needed in order, where each value lives and for how
 * long.
 *
 * A value has a slot with a pointer to its numbers. Reshapes, copies and contiguous pieces point
 * into another value, their root; the place of a root is used again when its last reader is done.
 */
#include "graph/plan.h"

#include "graph/rooms.h"

#include <string.h>

typedef enum {
    CALL,     /* dw_op_run */
    INSERT,   /* numbers added into an array that is already there */
    NUMBER_1, /* an operation on one number, on two, a choice; the frequent ones by themselves */
    NUMBER_2,
    NUMBER_CHOICE,
    NUMBER_ADD,
    NUMBER_SUBTRACT,
    NUMBER_MULTIPLY,
    NUMBER_DIVIDE,
    NUMBER_NEGATE
} step_kind;

typedef struct {
    uint8_t kind; /* step_kind */
    uint8_t elem;
    uint32_t out, in[DW_OP_INPUTS]; /* slots */
    uint32_t call;                  /* CALL, INSERT: which */
} step;

/* An input, or a piece of one: where its numbers begin is known when the plan runs. */
typedef struct {
    uint32_t slot, argument;
    size_t offset;
} entry;

typedef struct {
    uint32_t slot;
    size_t size;
} result;

struct dw_plan {
    double **at; /* of each slot */
    step *steps;
    dw_op_call *calls;
    entry *entries;
    result *results;
    dw_tensor **constants;
    double *block; /* all values that are computed, and behind them `room` */
    void *room;    /* working memory of the steps */
    size_t step_count, call_count, entry_count, result_count, constant_count;
    double flops;
};

#define NOWHERE UINT32_MAX

/* What planning finds out about a node. */
typedef struct {
    uint32_t slot;     /* NOWHERE: nobody needs it */
    uint32_t root;     /* the node whose memory it lies in */
    uint32_t last;     /* root: the last node that reads it, or the count of nodes */
    uint32_t uses;     /* how many nodes and outputs read it */
    uint32_t inserted; /* PAIR: the PLACE among its inputs that is never made */
    bool skipped;      /* PLACE: it is such a one */
    bool never_minus0; /* no element is -0, so that adding 0 changes no bit */
    size_t offset;     /* from the start of the root */
    size_t start;      /* root: its place */
} fate;

typedef struct {
    dw_mem *mem;
    const dw_graph *graph;
    dw_plan *plan;
    dw_err *err;
    fate *fates;
    size_t count; /* of nodes up to the last that is needed */
    size_t slot_count;
    size_t room_bytes;
    dw_rooms rooms;
} planner;

/* ---- facts about nodes ---- */

static const dw_graph_node *node_at(const planner *p, size_t id) {
    return dw_graph_at(p->graph, (dw_graph_id)id);
}

static size_t size_of(const planner *p, size_t id) {
    const dw_graph_node *node = node_at(p, id);
    return node->rows * node->columns * node->batch;
}

/* The node whose operation computes node `id`: of a contraction the product. */
static const dw_graph_node *operation_of(const planner *p, size_t id) {
    const dw_graph_node *node = node_at(p, id);
    return dw_graph_is_contraction(p->graph, (dw_graph_id)id) ? node_at(p, node->input[0]) : node;
}

static bool is_needed(const planner *p, size_t id) {
    return p->fates[id].slot != NOWHERE;
}

/* Whether a node lies in memory of the plan, at a place of its own. */
static bool is_computed(const planner *p, size_t id) {
    dw_op op = node_at(p, id)->op;
    return p->fates[id].root == id && op != DW_OP_CONSTANT && op != DW_OP_INPUT;
}

/* Whether a node shows part of its input in order; *offset is where that begins. */
static bool is_view(const dw_graph_node *node, size_t *offset) {
    size_t size = node->rows * node->columns;
    *offset = 0;
    if (node->op == DW_OP_COPY || node->op == DW_OP_RESHAPE || node->op == DW_OP_DETACH)
        return true;
    if (node->op != DW_OP_GATHER || size == 0)
        return false;
    for (size_t i = 1; i < size; i++)
        if (node->places[i] != node->places[0] + i)
            return false;
    *offset = node->places[0] * node->batch;
    return true;
}

/* The nodes that a node reads when the plan runs. */
static unsigned read_by(const planner *p, size_t id, dw_graph_id in[DW_OP_INPUTS]) {
    const dw_graph_node *node = operation_of(p, id);
    uint32_t inserted = p->fates[id].inserted;
    memcpy(in, node->input, sizeof node->input);
    if (inserted == NOWHERE)
        return dw_op_arity(node->op);
    in[0] = node->input[node->input[0] == inserted];
    in[1] = node_at(p, inserted)->input[0];
    return 2;
}

/* ---- who is needed, and for how long ---- */

/* Marks what the outputs need, from the last node to the first, and counts its readers. */
static void find_needed(planner *p, const dw_graph_id *outputs, size_t count) {
    for (size_t id = 0; id < p->count; id++)
        p->fates[id] = (fate){.slot = NOWHERE, .root = (uint32_t)id, .inserted = NOWHERE};
    for (size_t i = 0; i < count; i++) {
        p->fates[outputs[i]].slot = 0;
        p->fates[outputs[i]].uses++;
    }
    for (size_t id = p->count; id-- > 0;) {
        const dw_graph_node *node = operation_of(p, id);
        for (unsigned k = 0; is_needed(p, id) && k < dw_op_arity(node->op); k++) {
            p->fates[node->input[k]].slot = 0;
            p->fates[node->input[k]].uses++;
        }
    }
}

/* Whether a PLACE can be added into an array, element by element, without being made: only one sum
 * reads it and it hits no element twice. */
static bool is_insertable(const planner *p, size_t id) {
    const dw_graph_node *node = node_at(p, id);
    if (node->op != DW_OP_PLACE || p->fates[id].uses != 1 || node->batch != 1)
        return false;
    for (size_t i = 1, n = size_of(p, node->input[0]); i < n; i++)
        if (node->places[i] <= node->places[i - 1])
            return false;
    return true;
}

/* The gradient of x[1] + x[2] + … is a sum of as many arrays with one element each. Such a sum is
 * taken in place, so that it costs as many additions as there are elements. */
static void find_insertions(planner *p) {
    for (size_t id = 0; id < p->count; id++) {
        const dw_graph_node *node = node_at(p, id);
        fate *f = &p->fates[id];
        if (node->op == DW_OP_PLACE)
            f->never_minus0 = true;
        if (!is_needed(p, id) || node->op != DW_OP_PAIR || node->elem != DW_ELEM_ADD ||
            node->batch != 1)
            continue;
        for (unsigned k = 2; k-- > 0 && f->inserted == NOWHERE;) {
            uint32_t piece = node->input[k], base = node->input[1 - k];
            f->never_minus0 |= p->fates[piece].never_minus0;
            if (p->fates[base].never_minus0 && p->fates[base].uses == 1 &&
                size_of(p, base) == size_of(p, piece) && is_insertable(p, piece)) {
                f->inserted = piece;
                p->fates[piece].skipped = true;
            }
        }
    }
}

/* Numbers the slots, finds the roots of views and the last reader of every root. */
static void find_lives(planner *p, const dw_graph_id *outputs, size_t count) {
    dw_graph_id in[DW_OP_INPUTS];
    size_t offset;
    for (size_t id = 0; id < p->count; id++) {
        fate *f = &p->fates[id];
        if (!is_needed(p, id) || f->skipped)
            continue;
        f->slot = (uint32_t)p->slot_count++;
        f->last = (uint32_t)id;
        for (unsigned k = 0, n = read_by(p, id, in); k < n; k++)
            p->fates[p->fates[in[k]].root].last = (uint32_t)id;
        if (is_view(node_at(p, id), &offset)) {
            f->root = p->fates[in[0]].root;
            f->offset = p->fates[in[0]].offset + offset;
        }
    }
    for (size_t i = 0; i < count; i++)
        p->fates[p->fates[outputs[i]].root].last = (uint32_t)p->count;
}

/* ---- places ---- */

/* Whether node `id` may write over an input: that is read for the last time, has the size of the
 * result, and no other input lies elsewhere in the same memory. */
static bool can_replace(const planner *p, size_t id, dw_graph_id input) {
    const dw_graph_node *node = node_at(p, id);
    uint32_t root = p->fates[input].root;
    size_t size = size_of(p, id);
    if (!dw_op_overlaps(node->op) || !is_computed(p, root) || p->fates[root].last != id ||
        size_of(p, root) != size || node_at(p, input)->batch != node->batch)
        return false;
    for (unsigned k = 0; k < dw_op_arity(node->op); k++)
        if (p->fates[node->input[k]].root == root && size_of(p, node->input[k]) != size)
            return false;
    return true;
}

/* Finds a place for a computed node and gives back those of inputs that nobody reads any more. */
static bool settle(planner *p, size_t id) {
    dw_graph_id in[DW_OP_INPUTS];
    unsigned n = read_by(p, id, in);
    uint32_t kept = p->fates[id].inserted == NOWHERE ? NOWHERE : p->fates[in[0]].root;
    for (unsigned k = 0; k < n && kept == NOWHERE; k++)
        if (can_replace(p, id, in[k]))
            kept = p->fates[in[k]].root;
    if (kept != NOWHERE)
        p->fates[id].start = p->fates[kept].start;
    else if (!dw_rooms_take(&p->rooms, size_of(p, id), &p->fates[id].start, p->err))
        return false;
    for (unsigned k = 0; k < n; k++) {
        uint32_t root = p->fates[in[k]].root;
        if (!is_computed(p, root) || p->fates[root].last != id)
            continue;
        p->fates[root].last = NOWHERE; /* once, even if it is read twice */
        if (root != kept &&
            !dw_rooms_give(&p->rooms, size_of(p, root), p->fates[root].start, p->err))
            return false;
    }
    return true;
}

/* ---- steps ---- */

static step_kind kind_of(const planner *p, size_t id) {
    const dw_graph_node *node = node_at(p, id);
    if (p->fates[id].inserted != NOWHERE)
        return INSERT;
    if (size_of(p, id) != 1 || !dw_op_overlaps(node->op))
        return CALL;
    if (node->op == DW_OP_CHOOSE)
        return NUMBER_CHOICE;
    if (node->op == DW_OP_MAP)
        return node->elem == DW_ELEM_NEGATE ? NUMBER_NEGATE : NUMBER_1;
    switch ((dw_elem_binary)node->elem) {
    case DW_ELEM_ADD:
        return NUMBER_ADD;
    case DW_ELEM_SUBTRACT:
        return NUMBER_SUBTRACT;
    case DW_ELEM_MULTIPLY:
        return NUMBER_MULTIPLY;
    case DW_ELEM_DIVIDE:
        return NUMBER_DIVIDE;
    default:
        return NUMBER_2;
    }
}

/* Whether an operation calls a function such as exp: its row of elem.def says so. */
static bool is_function(const dw_graph_node *node) {
    static const char *const unary[] = {
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) #expression,
#include "tensor/elem.def"
    };
    static const char *const binary[] = {
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
#expression,
#define DW_ELEM_COMPARE(name, sign, condition) #condition,
#include "tensor/elem.def"
    };
    return strstr(node->op == DW_OP_MAP ? unary[node->elem] : binary[node->elem], "MATH");
}

static double flops_of(const planner *p, size_t id) {
    dw_op_call c;
    const dw_graph_node *node = operation_of(p, id);
    dw_store_call(p->graph, node, &c);
    double batch = (double)node->batch, out = batch * (double)(node->rows * node->columns);
    double columns = (double)c.input[0].columns, in = batch * (double)c.input[0].rows * columns;
    switch (c.op) {
    case DW_OP_MAP:
    case DW_OP_PAIR:
        return is_function(node) ? DW_PLAN_FLOPS_FUNCTION * out : out;
    case DW_OP_CHOOSE:
        return out;
    case DW_OP_PRODUCT:
        return 2 * out * columns;
    case DW_OP_SUM:
    case DW_OP_LARGEST:
    case DW_OP_SMALLEST:
    case DW_OP_PLACE:
        return in;
    case DW_OP_BATCH_SUM:
        return in * (double)c.input[0].batch;
    case DW_OP_NORM:
        return 2 * in;
    case DW_OP_SOLVE: /* reflections of the matrix, then of each right side */
        return 2 * in * columns - 2 * batch * columns * columns * columns / 3 +
               4 * in * (double)c.shape.columns;
    default:
        return 0;
    }
}

/* Keeps a call for a step, with places of its own. */
static bool add_call(planner *p, const dw_graph_node *node, size_t batch, uint32_t *which) {
    dw_plan *plan = p->plan;
    dw_op_call *call = &plan->calls[plan->call_count];
    size_t bytes, count;
    dw_store_call(p->graph, node, call);
    call->shape.batch = batch;
    call->places = NULL;
    if (!dw_op_room(call, &bytes, p->err))
        return false;
    if (bytes > p->room_bytes)
        p->room_bytes = bytes;
    *which = (uint32_t)plan->call_count++;
    count = node->op == DW_OP_GATHER ? node->rows * node->columns : 0;
    if (node->op == DW_OP_PLACE)
        count = size_of(p, node->input[0]) / node->batch;
    if (count == 0)
        return true;
    size_t *places = dw_mem_raw(p->mem, count * sizeof *places);
    if (!places)
        return dw_err_memory(p->err, "the plan of a computation");
    memcpy(places, node->places, count * sizeof *places);
    call->places = places;
    return true;
}

static bool add_step(planner *p, size_t id) {
    dw_graph_id in[DW_OP_INPUTS];
    unsigned n = read_by(p, id, in);
    uint32_t inserted = p->fates[id].inserted;
    step *s = &p->plan->steps[p->plan->step_count++];
    *s = (step){
        .kind = (uint8_t)kind_of(p, id), .elem = node_at(p, id)->elem, .out = p->fates[id].slot};
    for (unsigned k = 0; k < n; k++)
        s->in[k] = p->fates[in[k]].slot;
    if (s->kind > INSERT)
        return true;
    return add_call(p, inserted == NOWHERE ? operation_of(p, id) : node_at(p, inserted),
                    node_at(p, id)->batch, &s->call);
}

static bool add_node(planner *p, size_t id) {
    const dw_graph_node *node = node_at(p, id);
    const fate *f = &p->fates[id];
    dw_plan *plan = p->plan;
    if (node->op == DW_OP_CONSTANT)
        plan->constants[plan->constant_count++] = dw_tensor_retain(node->value);
    if (node_at(p, f->root)->op == DW_OP_INPUT)
        plan->entries[plan->entry_count++] =
            (entry){f->slot, node_at(p, f->root)->argument, f->offset};
    plan->flops += flops_of(p, f->inserted == NOWHERE ? id : f->inserted);
    return !is_computed(p, id) || (settle(p, id) && add_step(p, id));
}

/* Allocates the lists of the plan, as long as the nodes need them. */
static bool make_lists(planner *p, size_t outputs) {
    dw_plan *plan = p->plan;
    size_t steps = 0, calls = 0, entries = 0, constants = 0;
    for (size_t id = 0; id < p->count; id++) {
        if (!is_needed(p, id) || p->fates[id].skipped)
            continue;
        dw_op root = node_at(p, p->fates[id].root)->op;
        steps += is_computed(p, id);
        calls += is_computed(p, id) && kind_of(p, id) <= INSERT;
        entries += root == DW_OP_INPUT;
        constants += node_at(p, id)->op == DW_OP_CONSTANT;
    }
    plan->at = dw_mem_array(p->mem, p->slot_count, sizeof *plan->at);
    plan->steps = dw_mem_array(p->mem, steps, sizeof *plan->steps);
    plan->calls = dw_mem_array(p->mem, calls, sizeof *plan->calls);
    plan->entries = dw_mem_array(p->mem, entries, sizeof *plan->entries);
    plan->constants = dw_mem_array(p->mem, constants, sizeof *plan->constants);
    plan->results = dw_mem_array(p->mem, outputs, sizeof *plan->results);
    return (plan->at && plan->steps && plan->calls && plan->entries && plan->constants &&
            plan->results) ||
           dw_err_memory(p->err, "the plan of a computation");
}

/* Allocates the block and points the slots of computed and constant nodes to their numbers. */
static bool make_block(planner *p) {
    dw_plan *plan = p->plan;
    size_t doubles, bytes;
    if (!dw_rooms_end(&p->rooms, &doubles, p->err))
        return false;
    if (!__builtin_mul_overflow(doubles, sizeof(double), &bytes) &&
        !__builtin_add_overflow(bytes, p->room_bytes + 64, &bytes))
        plan->block = dw_mem_raw(p->mem, bytes);
    if (!plan->block)
        return dw_err_memory(p->err, "the values of a computation");
    plan->room = plan->block + doubles;
    size_t arrays = dw_rooms_first_array(&p->rooms);
    for (size_t id = 0; id < p->count; id++) {
        const fate *f = &p->fates[id];
        if (!is_needed(p, id) || f->skipped)
            continue;
        if (is_computed(p, f->root))
            plan->at[f->slot] = plan->block + (size_of(p, f->root) == 1 ? 0 : arrays) +
                                p->fates[f->root].start + f->offset;
        else if (node_at(p, f->root)->op == DW_OP_CONSTANT)
            plan->at[f->slot] = node_at(p, f->root)->value->data + f->offset;
    }
    return true;
}

static bool make_plan(planner *p, const dw_graph_id *outputs, size_t count) {
    find_needed(p, outputs, count);
    find_insertions(p);
    find_lives(p, outputs, count);
    if (!make_lists(p, count))
        return false;
    for (size_t id = 0; id < p->count; id++)
        if (is_needed(p, id) && !p->fates[id].skipped && !add_node(p, id))
            return false;
    for (size_t i = 0; i < count; i++)
        p->plan->results[p->plan->result_count++] =
            (result){p->fates[outputs[i]].slot, size_of(p, outputs[i])};
    return make_block(p);
}

dw_plan *dw_plan_new(dw_mem *mem, const dw_graph *graph, const dw_graph_id *outputs, size_t count,
                     dw_err *err) {
    planner p = {.mem = mem, .graph = graph, .err = err};
    for (size_t i = 0; i < count; i++)
        if (outputs[i] >= p.count)
            p.count = (size_t)outputs[i] + 1;
    dw_rooms_init(&p.rooms, mem);
    p.plan = dw_mem_new(mem, sizeof *p.plan);
    p.fates = dw_mem_array(mem, p.count, sizeof *p.fates);
    if (!p.plan || !p.fates)
        dw_err_memory(err, "the plan of a computation");
    if (!p.plan || !p.fates || !make_plan(&p, outputs, count))
        dw_plan_free(&p.plan);
    dw_mem_free(p.fates);
    dw_rooms_free(&p.rooms);
    return p.plan;
}

void dw_plan_free(dw_plan **plan) {
    dw_plan *p = *plan;
    if (!p)
        return;
    for (size_t i = 0; i < p->call_count; i++)
        dw_mem_free((void *)p->calls[i].places);
    for (size_t i = 0; i < p->constant_count; i++)
        dw_tensor_release(p->constants[i]);
    dw_mem_free(p->at);
    dw_mem_free(p->steps);
    dw_mem_free(p->calls);
    dw_mem_free(p->entries);
    dw_mem_free(p->results);
    dw_mem_free(p->constants);
    dw_mem_free(p->block);
    dw_mem_free(p);
    *plan = NULL;
}

double dw_plan_flops(const dw_plan *plan) {
    return plan->flops;
}

/* ---- running ---- */

static bool stopped(const dw_cancel *cancel, dw_err *err) {
    if (!cancel || !dw_cancel_pending(cancel))
        return false;
    dw_err_set(err, DW_ERR_INTERRUPT, "stopped while computing");
    return true;
}

static bool run_call(const dw_plan *plan, const step *s, const dw_cancel *cancel, dw_err *err) {
    double **at = plan->at;
    const double *in[DW_OP_INPUTS] = {at[s->in[0]], at[s->in[1]], at[s->in[2]]};
    return !stopped(cancel, err) &&
           dw_op_run(&plan->calls[s->call], at[s->out], in, plan->room, cancel, err);
}

static void run_insert(const dw_plan *plan, const step *s) {
    const dw_op_call *call = &plan->calls[s->call];
    size_t n = call->input[0].rows * call->input[0].columns;
    double *out = plan->at[s->out];
    const double *piece = plan->at[s->in[1]];
    for (size_t i = 0; i < n; i++)
        out[call->places[i]] += piece[i];
}

static bool run_steps(const dw_plan *plan, const dw_cancel *cancel, dw_err *err) {
    enum { OFTEN = 64 }; /* steps on numbers between two looks at `cancel` */
    double **at = plan->at;
    const step *end = plan->steps + plan->step_count;
    for (const step *s = plan->steps; s < end; s++) {
        double *out = at[s->out];
        const double *x = at[s->in[0]], *y = at[s->in[1]];
        if ((s - plan->steps) % OFTEN == 0 && stopped(cancel, err))
            return false;
        switch ((step_kind)s->kind) {
        case CALL:
            if (!run_call(plan, s, cancel, err))
                return false;
            break;
        case INSERT:
            run_insert(plan, s);
            break;
        case NUMBER_1:
            *out = dw_elem_number1((dw_elem_unary)s->elem, *x);
            break;
        case NUMBER_2:
            *out = dw_elem_number2((dw_elem_binary)s->elem, *x, *y);
            break;
        case NUMBER_CHOICE:
            *out = *x != 0 ? *y : *at[s->in[2]];
            break;
        case NUMBER_ADD:
            *out = *x + *y;
            break;
        case NUMBER_SUBTRACT:
            *out = *x - *y;
            break;
        case NUMBER_MULTIPLY:
            *out = *x * *y;
            break;
        case NUMBER_DIVIDE:
            *out = *x / *y;
            break;
        case NUMBER_NEGATE:
            *out = -*x;
            break;
        }
    }
    return true;
}

bool dw_plan_run(dw_plan *plan, const double *const *inputs, double *const *outputs,
                 const dw_cancel *cancel, dw_err *err) {
    for (size_t i = 0; i < plan->entry_count; i++) {
        const entry *e = &plan->entries[i];
        plan->at[e->slot] = (double *)inputs[e->argument] + e->offset;
    }
    if (!run_steps(plan, cancel, err))
        return false;
    for (size_t i = 0; i < plan->result_count; i++) {
        const result *r = &plan->results[i];
        if (r->size > 0 && outputs[i] != plan->at[r->slot])
            memcpy(outputs[i], plan->at[r->slot], r->size * sizeof(double));
    }
    return true;
}
