/* SPDX-License-Identifier: BSD-3-Clause */
/* From a graph to a list of steps over one block of memory. fates.c says what becomes of each node;
 * here it gets a place, and compile.c makes its step. */
#include "graph/plan.h"

#include "base/lanes.h"
#include "graph/compile.h"
#include "graph/fates.h"
#include "graph/flops.h"
#include "graph/rooms.h"

#include <string.h>

typedef struct {
    dw_steps_value value;
    uint32_t argument;
} entry;

typedef struct {
    dw_steps_value value; /* where it is computed */
    char *at;             /* where it is wanted, or NULL */
} result;

struct dw_plan {
    dw_mem *mem;
    dw_steps_around around;
    char *block; /* all values, behind them those of joined outputs, then working memory */
    size_t bytes, room_bytes;
    dw_steps_step *steps;
    dw_steps_detail *details;
    entry *entries;
    result *results;
    size_t step_count, detail_count, entry_count, result_count;
    size_t joined; /* numbers in the joined outputs */
    char *join;    /* where they lie, or NULL */
    double flops;
};

typedef struct {
    dw_mem *mem;
    const dw_graph *graph;
    const dw_graph_id *outputs;
    size_t output_count;
    const dw_plan_options *options;
    dw_plan *plan;
    dw_err *err;
    dw_fate *fates;
    size_t *starts;  /* of each root, in doubles, see rooms.h; of joined ones, in numbers */
    bool *is_joined; /* roots that are made where a joined output is wanted */
    size_t count;    /* of nodes up to the last that is needed */
    dw_rooms rooms;
} planner;

static bool lack(dw_err *err) {
    return dw_err_memory(err, "the plan of a computation");
}

static const dw_graph_node *node_at(const planner *p, size_t id) {
    return dw_graph_at(p->graph, (dw_graph_id)id);
}

/* ---- places ---- */

/* Numbers from one element of a node to the next: samples are rounded up to whole vectors. */
static size_t lead_of(const planner *p, const dw_graph_node *node) {
    size_t wide = DW_VECTOR_BYTES / p->plan->around.kernels->number;
    return node->batch == 1 ? 1 : (node->batch + wide - 1) / wide * wide;
}

/* The room of a node in doubles; 1 only for a single number that is no pack. */
static bool room_of(const planner *p, size_t id, size_t *doubles) {
    const dw_graph_node *node = node_at(p, id);
    size_t bytes, number = p->plan->around.kernels->number;
    if (node->rows * node->columns * node->batch == 1 && number <= sizeof(double)) {
        *doubles = 1;
        return true;
    }
    if (__builtin_mul_overflow(node->rows * node->columns, lead_of(p, node), &bytes) ||
        __builtin_mul_overflow(bytes, number, &bytes) || bytes > SIZE_MAX / 4)
        return lack(p->err);
    *doubles = (bytes + DW_VECTOR_BYTES - 1) / DW_VECTOR_BYTES * DW_LANES;
    return true;
}

/* Inputs and constants lie in the block from the beginning to the end. */
static bool is_lasting(const planner *p, size_t id) {
    dw_op op = node_at(p, id)->op;
    return op == DW_OP_CONSTANT || op == DW_OP_INPUT;
}

static bool is_root(const planner *p, size_t id) {
    return p->fates[id].needed && p->fates[id].root == id;
}

/* Whether node `id` may write over an input: that is read for the last time, has the form of the
 * result, and no other input lies elsewhere in the same memory. */
static bool can_replace(const planner *p, size_t id, dw_graph_id input) {
    const dw_fate *fate = &p->fates[id];
    uint32_t root = p->fates[input].root;
    const dw_graph_node *node = node_at(p, id), *under = node_at(p, root);
    bool overlaps = fate->form == DW_FATE_GATE || fate->form == DW_FATE_SLOPE ||
                    fate->form == DW_FATE_TWO || fate->form == DW_FATE_INSERT ||
                    (fate->form == DW_FATE_PLAIN && dw_op_overlaps(node->op));
    size_t size = node->rows * node->columns;
    if (!overlaps || is_lasting(p, root) || p->is_joined[root] || p->fates[root].last != id ||
        under->rows * under->columns != size || under->batch != node->batch)
        return false;
    for (unsigned k = 0; k < fate->reads; k++) {
        const dw_graph_node *in = node_at(p, fate->in[k]);
        if (p->fates[fate->in[k]].root == root &&
            (in->rows * in->columns != size || in->batch != node->batch))
            return false;
    }
    return true;
}

/* Finds a place for a computed node and gives back those of inputs that nobody reads any more. */
static bool settle(planner *p, size_t id) {
    const dw_fate *fate = &p->fates[id];
    uint32_t kept = UINT32_MAX;
    size_t size;
    unsigned tries = fate->form == DW_FATE_INSERT ? 1 : fate->reads; /* INSERT adds to in[0] */
    for (unsigned k = 0; k < tries && kept == UINT32_MAX && !p->is_joined[id]; k++)
        if (can_replace(p, id, fate->in[k]))
            kept = p->fates[fate->in[k]].root;
    if (!room_of(p, id, &size))
        return false;
    if (kept != UINT32_MAX)
        p->starts[id] = p->starts[kept];
    else if (!p->is_joined[id] && !dw_rooms_take(&p->rooms, size, &p->starts[id], p->err))
        return false;
    for (unsigned k = 0; k < fate->reads; k++) {
        uint32_t root = p->fates[fate->in[k]].root;
        if (is_lasting(p, root) || p->is_joined[root] || p->fates[root].last != id)
            continue;
        p->fates[root].last = UINT32_MAX; /* once, even if it is read twice */
        if (!room_of(p, root, &size) ||
            (root != kept && !dw_rooms_give(&p->rooms, size, p->starts[root], p->err)))
            return false;
    }
    return true;
}

/* Outputs that are to be joined and can be written where they are wanted, to the number: products.
 */
static bool find_joined(planner *p) {
    size_t numbers = 0;
    for (size_t i = 1; p->options->join && i < p->output_count; i++) {
        dw_graph_id id = p->outputs[i], root = p->fates[id].root;
        const dw_graph_node *node = node_at(p, id), *from = node_at(p, root);
        dw_fate_form form = (dw_fate_form)p->fates[root].form;
        bool product = (form == DW_FATE_PRODUCT || form == DW_FATE_CONTRACTION) &&
                       from->batch == 1 && !p->is_joined[root] &&
                       from->rows * from->columns == node->rows * node->columns;
        if (node->batch != 1)
            return dw_err_set(p->err, DW_ERR_INTERNAL, "joined outputs are uniform");
        if (product) {
            p->is_joined[root] = true;
            p->starts[root] = numbers;
        }
        numbers += node->rows * node->columns;
    }
    p->plan->joined = numbers;
    return true;
}

static bool find_places(planner *p) {
    size_t size;
    if (!find_joined(p))
        return false;
    for (size_t id = 0; id < p->count; id++)
        if (is_root(p, id) && is_lasting(p, id) &&
            (!room_of(p, id, &size) || !dw_rooms_take(&p->rooms, size, &p->starts[id], p->err)))
            return false;
    for (size_t id = 0; id < p->count; id++)
        if (is_root(p, id) && !is_lasting(p, id) && !settle(p, id))
            return false;
    return true;
}

/* ---- the block ---- */

/* Allocates the block, with a vector of slack behind everything: kernels read whole vectors. */
static bool make_block(planner *p) {
    dw_plan *plan = p->plan;
    size_t doubles, bytes, number = plan->around.kernels->number, join;
    if (!dw_rooms_end(&p->rooms, &doubles, p->err))
        return false;
    if (__builtin_mul_overflow(doubles, sizeof(double), &bytes) ||
        __builtin_mul_overflow(plan->joined, number, &join) || join > SIZE_MAX / 4 ||
        __builtin_add_overflow(bytes, join + 4 * (size_t)DW_VECTOR_BYTES, &plan->bytes))
        return lack(p->err);
    plan->block = dw_mem_array(p->mem, plan->bytes, 1);
    if (!plan->block)
        return lack(p->err);
    if (plan->joined > 0)
        plan->join =
            plan->block + (bytes + DW_VECTOR_BYTES - 1) / DW_VECTOR_BYTES * DW_VECTOR_BYTES;
    return true;
}

/* Where a node's value lies. */
static dw_steps_value value_of(const planner *p, dw_graph_id id) {
    const dw_graph_node *node = node_at(p, id);
    const dw_fate *fate = &p->fates[id];
    const dw_graph_node *root = node_at(p, fate->root);
    size_t number = p->plan->around.kernels->number, size;
    dw_steps_value v = {.shape = {node->rows, node->columns, node->batch},
                        .lead = lead_of(p, node)};
    char *start;
    if (p->is_joined[fate->root]) {
        start = p->plan->join + p->starts[fate->root] * number;
    } else {
        bool single = root->rows * root->columns * root->batch == 1 && number <= sizeof(double);
        size = single ? 0 : dw_rooms_first_array(&p->rooms);
        start = p->plan->block + (size + p->starts[fate->root]) * sizeof(double);
    }
    v.at = start + fate->offset * v.lead * number;
    return v;
}

/* Writes [element][sample] doubles into a value, or reads them, for all lanes alike or the first.
 */
static void write_value(dw_vector_type type, const dw_steps_value *v, const double *from) {
    size_t batch = v->shape.batch, elements = v->shape.rows * v->shape.columns;
    if (type == DW_VECTOR_DOUBLE && elements > 0) {
        for (size_t e = 0; batch > 1 && e < elements; e++)
            memcpy(v->at + e * v->lead * sizeof *from, from + e * batch, batch * sizeof *from);
        if (batch == 1)
            memcpy(v->at, from, elements * sizeof *from);
        return;
    }
    for (size_t e = 0; e < elements; e++)
        for (size_t s = 0; s < batch; s++)
            for (unsigned l = 0; l < (type == DW_VECTOR_PACK ? DW_LANES : 1); l++)
                dw_steps_set(type, v, dw_steps_place(v, e, s), l, from[e * batch + s]);
}

static void read_value(dw_vector_type type, const dw_steps_value *v, double *to) {
    size_t batch = v->shape.batch, elements = v->shape.rows * v->shape.columns;
    if (type == DW_VECTOR_DOUBLE && batch == 1 && elements > 0) {
        memcpy(to, v->at, elements * sizeof *to);
        return;
    }
    for (size_t e = 0; e < elements; e++)
        for (size_t s = 0; s < batch; s++)
            to[e * batch + s] = dw_steps_get(type, v, dw_steps_place(v, e, s), 0);
}

/* ---- steps ---- */

static bool is_step(const planner *p, size_t id) {
    return is_root(p, id) && !is_lasting(p, id);
}

/* What compile.c needs to know of a node. */
static dw_compile_node compile_node(const planner *p, dw_graph_id id) {
    dw_compile_node n = {.graph = p->graph,
                         .id = id,
                         .fate = &p->fates[id],
                         .around = &p->plan->around,
                         .out = value_of(p, id)};
    for (unsigned k = 0; k < p->fates[id].reads; k++)
        n.in[k] = value_of(p, p->fates[id].in[k]);
    return n;
}

static bool make_lists(planner *p) {
    dw_plan *plan = p->plan;
    size_t steps = 0, details = 0, entries = 0;
    for (size_t id = 0; id < p->count; id++) {
        steps += is_step(p, id);
        if (is_step(p, id))
            details += dw_compile_needs_detail(p->graph, (dw_graph_id)id, &p->fates[id]);
        entries += is_root(p, id) && node_at(p, id)->op == DW_OP_INPUT;
    }
    plan->steps = dw_mem_array(p->mem, steps + 1, sizeof *plan->steps);
    plan->details = dw_mem_array(p->mem, details + 1, sizeof *plan->details);
    plan->entries = dw_mem_array(p->mem, entries + 1, sizeof *plan->entries);
    plan->results = dw_mem_array(p->mem, p->output_count + 1, sizeof *plan->results);
    return (plan->steps && plan->details && plan->entries && plan->results) || lack(p->err);
}

/* Whether a step may take more than some microseconds. */
static bool is_large(const planner *p, dw_graph_id id) {
    enum { FEW = 1 << 12 }; /* numbers */
    const dw_fate *fate = &p->fates[id];
    const dw_graph_node *node = node_at(p, id);
    size_t numbers = node->rows * node->columns * node->batch;
    for (unsigned k = 0; k < fate->reads; k++) {
        const dw_graph_node *in = node_at(p, fate->in[k]);
        numbers += in->rows * in->columns * in->batch;
    }
    return numbers > FEW || node->op == DW_OP_SOLVE;
}

static bool make_step(planner *p, dw_graph_id id, size_t *room) {
    dw_plan *plan = p->plan;
    dw_compile_node node = compile_node(p, id);
    dw_steps_step *step = &plan->steps[plan->step_count++];
    size_t bytes;
    if (dw_compile_needs_detail(p->graph, id, &p->fates[id]))
        step->detail = &plan->details[plan->detail_count++];
    if (!dw_compile_step(p->mem, &node, step, p->err) ||
        !dw_steps_room(&plan->around, step, &bytes, p->err))
        return false;
    *room = bytes > *room ? bytes : *room;
    step->large = is_large(p, id);
    return true;
}

/* What can only be made ready when all memory is there. */
static bool prepare_steps(dw_plan *plan, dw_err *err) {
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].detail &&
            !dw_steps_prepare(plan->mem, &plan->around, &plan->steps[i], err))
            return false;
    return true;
}

static bool make_steps(planner *p) {
    dw_plan *plan = p->plan;
    size_t room = 0;
    for (size_t id = 0; id < p->count; id++) {
        const dw_graph_node *node = node_at(p, id);
        if (!p->fates[id].needed)
            continue;
        plan->flops += dw_flops_of_fate(p->graph, (dw_graph_id)id, &p->fates[id]);
        dw_steps_value v = value_of(p, (dw_graph_id)id);
        if (node->op == DW_OP_CONSTANT && is_root(p, id))
            write_value(plan->around.type, &v, node->value->data);
        else if (node->op == DW_OP_INPUT && is_root(p, id))
            plan->entries[plan->entry_count++] = (entry){v, node->argument};
        else if (is_step(p, id) && !make_step(p, (dw_graph_id)id, &room))
            return false;
    }
    plan->room_bytes = room + DW_VECTOR_BYTES;
    plan->around.room = dw_mem_raw(p->mem, plan->room_bytes);
    return plan->around.room ? prepare_steps(plan, p->err) : lack(p->err);
}

static void note_results(planner *p) {
    dw_plan *plan = p->plan;
    size_t numbers = 0;
    for (size_t i = 0; i < p->output_count; i++) {
        result *r = &plan->results[plan->result_count++];
        r->value = value_of(p, p->outputs[i]);
        if (i == 0 || !plan->join)
            continue;
        char *wanted = plan->join + numbers * plan->around.kernels->number;
        numbers += r->value.shape.rows * r->value.shape.columns;
        r->at = wanted == r->value.at ? NULL : wanted;
    }
}

static bool make_plan(planner *p) {
    dw_fates_find(p->graph, p->fates, p->count, p->outputs, p->output_count);
    if (!find_places(p) || !make_block(p) || !make_lists(p) || !make_steps(p))
        return false;
    note_results(p);
    return true;
}

dw_plan *dw_plan_prepare(dw_mem *mem, const dw_graph *graph, const dw_graph_id *outputs,
                         size_t count, const dw_plan_options *options, dw_err *err) {
    planner p = {.mem = mem,
                 .graph = graph,
                 .err = err,
                 .options = options,
                 .outputs = outputs,
                 .output_count = count};
    for (size_t i = 0; i < count; i++)
        if (outputs[i] >= p.count)
            p.count = (size_t)outputs[i] + 1;
    dw_rooms_init(&p.rooms, mem);
    p.plan = dw_mem_new(mem, sizeof *p.plan);
    p.fates = dw_mem_array(mem, p.count + 1, sizeof *p.fates);
    p.starts = dw_mem_array(mem, p.count + 1, sizeof *p.starts);
    p.is_joined = dw_mem_array(mem, p.count + 1, sizeof *p.is_joined);
    bool fine = (p.plan && p.fates && p.starts && p.is_joined) || lack(err);
    if (fine) {
        p.plan->mem = mem;
        p.plan->around.type = options->type;
        p.plan->around.kernels = dw_vector_at(options->type);
        p.plan->around.pool = options->pool;
        fine = make_plan(&p);
    }
    if (!fine)
        dw_plan_free(&p.plan);
    dw_mem_free(p.fates);
    dw_mem_free(p.starts);
    dw_mem_free(p.is_joined);
    dw_rooms_free(&p.rooms);
    return p.plan;
}

dw_plan *dw_plan_new(dw_mem *mem, const dw_graph *graph, const dw_graph_id *outputs, size_t count,
                     dw_err *err) {
    return dw_plan_prepare(mem, graph, outputs, count, &(dw_plan_options){.type = DW_VECTOR_DOUBLE},
                           err);
}

void dw_plan_free(dw_plan **plan) {
    dw_plan *p = *plan;
    if (!p)
        return;
    for (size_t i = 0; p->details && i < p->detail_count; i++) {
        dw_mem_free((void *)(uintptr_t)p->details[i].call.places);
        dw_mem_free(p->details[i].tiles);
    }
    dw_mem_free(p->steps);
    dw_mem_free(p->details);
    dw_mem_free(p->entries);
    dw_mem_free(p->results);
    dw_mem_free(p->block);
    dw_mem_free(p->around.room);
    dw_mem_free(p);
    *plan = NULL;
}

/* ---- copies ---- */

/* An address in the block of one plan as that in the block of another; NULL stays. */
static void *moved(const dw_plan *from, const dw_plan *to, const void *at) {
    return at ? to->block + ((const char *)at - from->block) : NULL;
}

static void move_value(const dw_plan *from, const dw_plan *to, dw_steps_value *v) {
    v->at = moved(from, to, v->at);
}

static bool copy_tiles(const dw_plan *from, const dw_plan *to, dw_steps_detail *d, dw_err *err) {
    const dw_product_tile *tiles = d->tiles;
    d->tiles = dw_mem_array(to->mem, d->tile_count, sizeof *d->tiles);
    if (!d->tiles)
        return lack(err);
    for (size_t i = 0; i < d->tile_count; i++) {
        dw_product_tile *t = &d->tiles[i];
        *t = tiles[i];
        t->a = moved(from, to, t->a);
        t->c = moved(from, to, t->c);
        t->bias = moved(from, to, t->bias);
        t->b = d->packs ? (const char *)to->around.room + (t->b - (const char *)from->around.room)
                        : moved(from, to, t->b);
    }
    return true;
}

static bool copy_detail(const dw_plan *from, const dw_plan *to, const dw_steps_step *step,
                        dw_steps_detail *d, dw_err *err) {
    bool gather = d->call.op == DW_OP_GATHER;
    size_t count = gather ? d->call.shape.rows * d->call.shape.columns : step->rows;
    const size_t *places = d->call.places;
    d->call.places = NULL;
    for (size_t k = 0; k <= DW_OP_INPUTS; k++)
        move_value(from, to, &d->value[k]);
    d->product.a = moved(from, to, d->product.a);
    d->product.b = moved(from, to, d->product.b);
    d->product.c = moved(from, to, d->product.c);
    d->product.bias = moved(from, to, d->product.bias);
    d->each.a = moved(from, to, d->each.a);
    d->each.b = moved(from, to, d->each.b);
    d->each.c = moved(from, to, d->each.c);
    if (d->tiles && !copy_tiles(from, to, d, err))
        return false;
    if (!places)
        return true;
    size_t *copy = dw_mem_raw(to->mem, (count + 1) * sizeof *copy);
    d->call.places = copy;
    if (!copy)
        return lack(err);
    memcpy(copy, places, count * sizeof *copy);
    return true;
}

static bool copy_steps(const dw_plan *from, dw_plan *to, dw_err *err) {
    memcpy(to->block, from->block, from->bytes);
    for (size_t i = 0; i < from->step_count; i++) {
        dw_steps_step *s = &to->steps[to->step_count++];
        *s = from->steps[i];
        s->out = moved(from, to, s->out);
        for (unsigned k = 0; k < DW_OP_INPUTS; k++)
            s->in[k].at = moved(from, to, s->in[k].at);
        if (!s->detail)
            continue;
        dw_steps_detail *d = &to->details[to->detail_count++];
        *d = *s->detail;
        s->detail = d;
        if (!copy_detail(from, to, s, d, err))
            return false;
    }
    for (size_t i = 0; i < from->entry_count; i++) {
        to->entries[i] = from->entries[i];
        move_value(from, to, &to->entries[i].value);
    }
    for (size_t i = 0; i < from->result_count; i++) {
        to->results[i] = from->results[i];
        move_value(from, to, &to->results[i].value);
        to->results[i].at = moved(from, to, to->results[i].at);
    }
    to->entry_count = from->entry_count;
    to->result_count = from->result_count;
    return true;
}

dw_plan *dw_plan_copy(dw_mem *mem, const dw_plan *from, dw_err *err) {
    dw_plan *to = dw_mem_new(mem, sizeof *to);
    if (!to) {
        lack(err);
        return NULL;
    }
    *to = (dw_plan){.mem = mem,
                    .around = from->around,
                    .bytes = from->bytes,
                    .room_bytes = from->room_bytes,
                    .joined = from->joined,
                    .flops = from->flops};
    to->around.pool = NULL;
    to->around.room = dw_mem_raw(mem, from->room_bytes);
    to->block = dw_mem_raw(mem, from->bytes);
    to->steps = dw_mem_array(mem, from->step_count + 1, sizeof *to->steps);
    to->details = dw_mem_array(mem, from->detail_count + 1, sizeof *to->details);
    to->entries = dw_mem_array(mem, from->entry_count + 1, sizeof *to->entries);
    to->results = dw_mem_array(mem, from->result_count + 1, sizeof *to->results);
    bool fine =
        (to->around.room && to->block && to->steps && to->details && to->entries && to->results) ||
        lack(err);
    if (fine)
        to->join = moved(from, to, from->join);
    if (!fine || !copy_steps(from, to, err))
        dw_plan_free(&to);
    return to;
}

double dw_plan_flops(const dw_plan *plan) {
    return plan->flops;
}

/* ---- running ---- */

static dw_plan_port port_of(const dw_steps_value *v, char *at) {
    return (dw_plan_port){at ? at : v->at, v->shape.rows * v->shape.columns, v->shape.batch,
                          v->lead};
}

dw_plan_port dw_plan_input(const dw_plan *plan, uint32_t argument) {
    for (size_t i = 0; i < plan->entry_count; i++)
        if (plan->entries[i].argument == argument)
            return port_of(&plan->entries[i].value, NULL);
    return (dw_plan_port){0};
}

dw_plan_port dw_plan_output(const dw_plan *plan, size_t output) {
    return port_of(&plan->results[output].value, plan->results[output].at);
}

bool dw_plan_step(dw_plan *plan, const dw_cancel *cancel, dw_err *err) {
    if (!dw_steps_run(&plan->around, plan->steps, plan->step_count, cancel, err))
        return false;
    for (size_t i = 0; i < plan->result_count; i++) {
        const result *r = &plan->results[i];
        if (r->at)
            memcpy(r->at, r->value.at,
                   r->value.shape.rows * r->value.shape.columns * plan->around.kernels->number);
    }
    return true;
}

bool dw_plan_run(dw_plan *plan, const double *const *inputs, double *const *outputs,
                 const dw_cancel *cancel, dw_err *err) {
    for (size_t i = 0; i < plan->entry_count; i++)
        write_value(plan->around.type, &plan->entries[i].value, inputs[plan->entries[i].argument]);
    if (!dw_steps_run(&plan->around, plan->steps, plan->step_count, cancel, err))
        return false;
    for (size_t i = 0; i < plan->result_count; i++)
        read_value(plan->around.type, &plan->results[i].value, outputs[i]);
    return true;
}
