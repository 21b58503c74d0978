/* SPDX-License-Identifier: BSD-3-Clause */
/* Nodes in one growing array, found again by what they compute, simplified as they are made. */
#include "graph/graph.h"

#include "tensor/linalg.h"

#include <math.h>
#include <string.h>

struct dw_graph {
    dw_mem *mem;
    dw_graph_node *nodes;
    uint32_t *hashes; /* of each node */
    size_t count, room;
    uint32_t *slots; /* open addressing: node + 1, or 0 */
    size_t slot_room;
};

static const char *const making = "the steps of a computation";

dw_graph *dw_graph_new(dw_mem *mem, dw_err *err) {
    dw_graph *g = dw_mem_new(mem, sizeof *g);
    if (g)
        g->mem = mem;
    else
        dw_err_memory(err, making);
    return g;
}

void dw_graph_free(dw_graph **graph) {
    dw_graph *g = *graph;
    if (!g)
        return;
    for (size_t i = 0; i < g->count; i++) {
        dw_tensor_release(g->nodes[i].value);
        dw_mem_free((void *)g->nodes[i].places);
    }
    dw_mem_free(g->nodes);
    dw_mem_free(g->hashes);
    dw_mem_free(g->slots);
    dw_mem_free(g);
    *graph = NULL;
}

size_t dw_graph_count(const dw_graph *graph) {
    return graph->count;
}

const dw_graph_node *dw_graph_at(const dw_graph *graph, dw_graph_id id) {
    return &graph->nodes[id];
}

void dw_graph_call(const dw_graph *graph, const dw_graph_node *node, dw_op_call *out) {
    *out = (dw_op_call){.op = node->op,
                        .elem = node->elem,
                        .shape = {node->rows, node->columns},
                        .places = node->places};
    for (unsigned k = 0; k < dw_op_arity(node->op); k++) {
        const dw_graph_node *input = &graph->nodes[node->input[k]];
        out->input[k] = (dw_op_shape){input->rows, input->columns};
    }
}

/* ---- facts about nodes ---- */

static size_t size_of(const dw_graph *g, dw_graph_id id) {
    return g->nodes[id].rows * g->nodes[id].columns;
}

static bool is_number(const dw_graph *g, dw_graph_id id) {
    return size_of(g, id) == 1;
}

static bool is_op(const dw_graph *g, dw_graph_id id, dw_op op) {
    return g->nodes[id].op == op;
}

static bool is_map(const dw_graph *g, dw_graph_id id, dw_elem_unary op) {
    return is_op(g, id, DW_OP_MAP) && g->nodes[id].elem == op;
}

static dw_op_shape shape_of(const dw_graph *g, dw_graph_id id) {
    return (dw_op_shape){g->nodes[id].rows, g->nodes[id].columns};
}

static bool has_shape(const dw_graph *g, dw_graph_id id, dw_op_shape shape) {
    return g->nodes[id].rows == shape.rows && g->nodes[id].columns == shape.columns;
}

/* A tensor that has a node's shape and nothing else, for the checks of the tensor layer. */
static dw_tensor outline(const dw_graph *g, dw_graph_id id) {
    return (dw_tensor){.axes = 2,
                       .dim = {g->nodes[id].rows, g->nodes[id].columns, 1, 1},
                       .size = size_of(g, id)};
}

/* The number behind a spread, the elements behind a reshape; else the node itself. */
static dw_graph_id behind(const dw_graph *g, dw_graph_id id, dw_op op) {
    return is_op(g, id, op) ? g->nodes[id].input[0] : id;
}

/* Whether every element is known to be the same number. */
static bool is_known(const dw_graph *g, dw_graph_id id, double *number) {
    dw_graph_id bare = behind(g, id, DW_OP_SPREAD);
    if (!is_op(g, bare, DW_OP_CONSTANT) || !is_number(g, bare))
        return false;
    *number = g->nodes[bare].value->data[0];
    return true;
}

static bool is_all(const dw_graph *g, dw_graph_id id, double number) {
    double known;
    return is_known(g, id, &known) && known == number;
}

/* ---- the store ---- */

static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 29);
}

static size_t place_count(const dw_graph *g, const dw_graph_node *node) {
    if (node->op == DW_OP_GATHER)
        return node->rows * node->columns;
    return node->op == DW_OP_PLACE ? size_of(g, node->input[0]) : 0;
}

static uint32_t hash_of(const dw_graph *g, const dw_graph_node *node) {
    uint64_t hash = mix((uint64_t)node->op, node->elem + 256u * node->truth);
    hash = mix(mix(hash, node->rows), node->columns);
    for (unsigned k = 0; k < DW_OP_INPUTS; k++)
        hash = mix(hash, node->input[k]);
    hash = mix(hash, node->argument);
    for (size_t i = 0, n = place_count(g, node); i < n; i++)
        hash = mix(hash, node->places[i]);
    for (size_t i = 0, n = node->value ? node->value->size : 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &node->value->data[i], sizeof bits);
        hash = mix(hash, bits);
    }
    return (uint32_t)(hash ^ (hash >> 32));
}

static bool equal(const dw_graph *g, const dw_graph_node *a, const dw_graph_node *b) {
    if (a->op != b->op || a->elem != b->elem || a->truth != b->truth || a->rows != b->rows ||
        a->columns != b->columns || a->argument != b->argument ||
        memcmp(a->input, b->input, sizeof a->input) != 0)
        return false;
    size_t places = place_count(g, a), numbers = a->value ? a->value->size : 0;
    return (places == 0 || memcmp(a->places, b->places, places * sizeof *a->places) == 0) &&
           (numbers == 0 || memcmp(a->value->data, b->value->data, numbers * sizeof(double)) == 0);
}

static dw_graph_id find(const dw_graph *g, const dw_graph_node *node, uint32_t hash) {
    for (size_t i = hash; g->slot_room > 0; i++) {
        uint32_t slot = g->slots[i & (g->slot_room - 1)];
        if (slot == 0)
            break;
        if (g->hashes[slot - 1] == hash && equal(g, &g->nodes[slot - 1], node))
            return slot - 1;
    }
    return DW_GRAPH_NONE;
}

static void enter(dw_graph *g, dw_graph_id id) {
    size_t i = g->hashes[id];
    while (g->slots[i & (g->slot_room - 1)] != 0)
        i++;
    g->slots[i & (g->slot_room - 1)] = id + 1;
}

/* Room for one more node, with at least half of the slots empty. */
static bool make_room(dw_graph *g, dw_err *err) {
    if (g->count < g->room)
        return true;
    size_t room = g->room ? 2 * g->room : 32;
    if (g->count >= DW_GRAPH_NONE - 1)
        return dw_err_memory(err, making);
    dw_graph_node *nodes = dw_mem_grow(g->mem, g->nodes, room * sizeof *nodes);
    if (!nodes)
        return dw_err_memory(err, making);
    g->nodes = nodes;
    uint32_t *hashes = dw_mem_grow(g->mem, g->hashes, room * sizeof *hashes);
    if (!hashes)
        return dw_err_memory(err, making);
    g->hashes = hashes;
    uint32_t *slots = dw_mem_array(g->mem, 2 * room, sizeof *slots);
    if (!slots)
        return dw_err_memory(err, making);
    dw_mem_free(g->slots);
    g->slots = slots;
    g->slot_room = 2 * room;
    g->room = room;
    for (size_t i = 0; i < g->count; i++)
        if (g->nodes[i].op != DW_OP_COPY)
            enter(g, (dw_graph_id)i);
    return true;
}

/* Adds a node without looking for an equal one; copies its places, takes its value over. */
static bool append(dw_graph *g, const dw_graph_node *node, uint32_t hash, dw_graph_id *out,
                   dw_err *err) {
    size_t count = place_count(g, node);
    size_t *places = NULL;
    if (!make_room(g, err))
        return false;
    if (count > 0) {
        places = dw_mem_raw(g->mem, count * sizeof *places);
        if (!places)
            return dw_err_memory(err, making);
        memcpy(places, node->places, count * sizeof *places);
    }
    *out = (dw_graph_id)g->count++;
    g->nodes[*out] = *node;
    g->nodes[*out].places = places;
    g->hashes[*out] = hash;
    if (node->op != DW_OP_COPY)
        enter(g, *out);
    return true;
}

bool dw_graph_constant(dw_graph *g, dw_tensor *value, dw_graph_id *out, dw_err *err) {
    if (value->axes != 2)
        return dw_err_set(err, DW_ERR_SHAPE,
                          "a computation works on rows, columns and matrices, not on images");
    dw_graph_node node = {.op = DW_OP_CONSTANT,
                          .truth = value->truth,
                          .rows = value->dim[0],
                          .columns = value->dim[1],
                          .input = {DW_GRAPH_NONE, DW_GRAPH_NONE, DW_GRAPH_NONE},
                          .value = value};
    uint32_t hash = hash_of(g, &node);
    *out = find(g, &node, hash);
    if (*out != DW_GRAPH_NONE)
        return true;
    if (!append(g, &node, hash, out, err))
        return false;
    dw_tensor_retain(value);
    return true;
}

bool dw_graph_number(dw_graph *g, double value, dw_graph_id *out, dw_err *err) {
    dw_tensor *t = dw_tensor_raw(g->mem, 1, 1, err);
    if (!t)
        return false;
    t->data[0] = value;
    bool fine = dw_graph_constant(g, t, out, err);
    dw_tensor_release(t);
    return fine;
}

bool dw_graph_input(dw_graph *g, uint32_t n, size_t rows, size_t columns, dw_graph_id *out,
                    dw_err *err) {
    dw_graph_node node = {.op = DW_OP_INPUT,
                          .rows = rows,
                          .columns = columns,
                          .input = {DW_GRAPH_NONE, DW_GRAPH_NONE, DW_GRAPH_NONE},
                          .argument = n};
    uint32_t hash = hash_of(g, &node);
    *out = find(g, &node, hash);
    return *out != DW_GRAPH_NONE || append(g, &node, hash, out, err);
}

/* ---- making nodes with inputs ---- */

/* Whether a node can be computed now: its inputs are known and the work is no more than a moment's
 * (nobody can interrupt it). */
static bool can_fold(const dw_graph *g, const dw_graph_node *node) {
    const double moment = 1e7;
    if (node->op == DW_OP_SPREAD) /* is known as it is, and smaller */
        return false;
    for (unsigned k = 0; k < dw_op_arity(node->op); k++)
        if (!is_op(g, node->input[k], DW_OP_CONSTANT))
            return false;
    if (node->op != DW_OP_PRODUCT && node->op != DW_OP_SOLVE)
        return true;
    return (double)size_of(g, node->input[0]) * (double)node->columns < moment;
}

/* A constant instead of the node; *out is NONE when the computation has no result. */
static bool fold(dw_graph *g, const dw_graph_node *node, dw_graph_id *out, dw_err *err) {
    const double *in[DW_OP_INPUTS] = {NULL, NULL, NULL};
    dw_op_call call;
    size_t bytes;
    void *room = NULL;
    *out = DW_GRAPH_NONE;
    dw_graph_call(g, node, &call);
    for (unsigned k = 0; k < dw_op_arity(node->op); k++)
        in[k] = g->nodes[node->input[k]].value->data;
    if (!dw_op_room(&call, &bytes, err))
        return false;
    if (bytes > 0 && !(room = dw_mem_raw(g->mem, bytes)))
        return dw_err_memory(err, making);
    dw_err trouble = {0};
    dw_tensor *value = dw_tensor_raw(g->mem, node->rows, node->columns, err);
    bool fine = value != NULL;
    if (value && dw_op_run(&call, value->data, in, room, NULL, &trouble)) {
        value->truth = node->truth;
        fine = dw_graph_constant(g, value, out, err);
    }
    dw_tensor_release(value);
    dw_mem_free(room);
    return fine;
}

/* The node itself, an equal one, or a constant. */
static bool make(dw_graph *g, dw_graph_node node, dw_graph_id *out, dw_err *err) {
    size_t size;
    if (__builtin_mul_overflow(node.rows, node.columns, &size) || size > SIZE_MAX / sizeof(double))
        return dw_err_memory(err, making);
    for (unsigned k = dw_op_arity(node.op); k < DW_OP_INPUTS; k++)
        node.input[k] = DW_GRAPH_NONE;
    if (can_fold(g, &node)) {
        if (!fold(g, &node, out, err))
            return false;
        if (*out != DW_GRAPH_NONE)
            return true;
    }
    uint32_t hash = hash_of(g, &node);
    *out = find(g, &node, hash);
    return *out != DW_GRAPH_NONE || append(g, &node, hash, out, err);
}

bool dw_graph_copy(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    dw_graph_node node = g->nodes[x];
    node = (dw_graph_node){.op = DW_OP_COPY,
                           .truth = node.truth,
                           .rows = node.rows,
                           .columns = node.columns,
                           .input = {x, DW_GRAPH_NONE, DW_GRAPH_NONE}};
    return append(g, &node, 0, out, err);
}

bool dw_graph_spread(dw_graph *g, dw_graph_id x, size_t rows, size_t columns, dw_graph_id *out,
                     dw_err *err) {
    char words[DW_TENSOR_WORDS];
    dw_tensor t = outline(g, x);
    *out = x;
    if (!is_number(g, x))
        return dw_err_set(err, DW_ERR_SHAPE, "only a number can be spread, but here is %s",
                          dw_tensor_words(&t, words));
    if (rows == 1 && columns == 1)
        return true;
    return make(g,
                (dw_graph_node){.op = DW_OP_SPREAD,
                                .truth = g->nodes[x].truth,
                                .rows = rows,
                                .columns = columns,
                                .input = {x}},
                out, err);
}

bool dw_graph_reshape(dw_graph *g, dw_graph_id x, size_t rows, size_t columns, dw_graph_id *out,
                      dw_err *err) {
    size_t size;
    char words[DW_TENSOR_WORDS];
    dw_tensor t = outline(g, x);
    if (__builtin_mul_overflow(rows, columns, &size) || size != t.size)
        return dw_err_set(err, DW_ERR_SHAPE, "%s cannot become a %zu×%zu matrix",
                          dw_tensor_words(&t, words), rows, columns);
    *out = behind(g, x, DW_OP_RESHAPE);
    if (has_shape(g, *out, (dw_op_shape){rows, columns}))
        return true;
    if (is_op(g, *out, DW_OP_SPREAD))
        return dw_graph_spread(g, g->nodes[*out].input[0], rows, columns, out, err);
    return make(g,
                (dw_graph_node){.op = DW_OP_RESHAPE,
                                .truth = g->nodes[x].truth,
                                .rows = rows,
                                .columns = columns,
                                .input = {*out}},
                out, err);
}

/* x in a shape: spread if it is a number, reshaped if need be. */
static bool fit(dw_graph *g, dw_graph_id x, dw_op_shape shape, dw_graph_id *out, dw_err *err) {
    return is_number(g, x) ? dw_graph_spread(g, x, shape.rows, shape.columns, out, err)
                           : dw_graph_reshape(g, x, shape.rows, shape.columns, out, err);
}

/* ---- element by element ---- */

bool dw_graph_map(dw_graph *g, dw_elem_unary op, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    dw_graph_node node = g->nodes[x];
    bool twice = (op == DW_ELEM_NEGATE && !node.truth) ||
                 (op == DW_ELEM_NOT && is_map(g, x, op) && g->nodes[node.input[0]].truth);
    if (twice && is_map(g, x, op)) {
        *out = node.input[0];
        return true;
    }
    if (node.op == DW_OP_SPREAD)
        return dw_graph_map(g, op, node.input[0], out, err) &&
               dw_graph_spread(g, *out, node.rows, node.columns, out, err);
    return make(g,
                (dw_graph_node){.op = DW_OP_MAP,
                                .elem = (uint8_t)op,
                                .truth = op == DW_ELEM_NOT,
                                .rows = node.rows,
                                .columns = node.columns,
                                .input = {x}},
                out, err);
}

/* Whether x is what a pair of this shape results in. */
static bool can_stand(const dw_graph *g, dw_graph_id x, dw_op_shape shape) {
    return has_shape(g, x, shape) && !g->nodes[x].truth;
}

/* The side that a pair with 0 or 1 leaves as it is, or NONE. */
static dw_graph_id unchanged(const dw_graph *g, dw_elem_binary op, dw_graph_id x, dw_graph_id y,
                             dw_op_shape shape) {
    double neutral = op == DW_ELEM_ADD || op == DW_ELEM_SUBTRACT ? 0 : 1;
    bool both = op == DW_ELEM_ADD || op == DW_ELEM_MULTIPLY;
    bool right = both || op == DW_ELEM_SUBTRACT || op == DW_ELEM_DIVIDE || op == DW_ELEM_POWER;
    if (right && is_all(g, y, neutral) && can_stand(g, x, shape))
        return x;
    return both && is_all(g, x, neutral) && can_stand(g, y, shape) ? y : DW_GRAPH_NONE;
}

/* Writes a pair as a cheaper operation with the same bits (dw_math_pow has these cases too). Sets
 * *out to NONE when there is none. */
static bool cheaper(dw_graph *g, dw_elem_binary op, dw_graph_id x, dw_graph_id y,
                    dw_op_shape shape, dw_graph_id *out, dw_err *err) {
    bool times = op == DW_ELEM_MULTIPLY || op == DW_ELEM_DIVIDE, power = op == DW_ELEM_POWER;
    bool plus = op == DW_ELEM_ADD, minus = op == DW_ELEM_SUBTRACT;
    dw_graph_id one;
    *out = unchanged(g, op, x, y, shape);
    if (*out != DW_GRAPH_NONE)
        return true;
    if (times && is_all(g, y, -1) && has_shape(g, x, shape))
        return dw_graph_map(g, DW_ELEM_NEGATE, x, out, err);
    if (op == DW_ELEM_MULTIPLY && is_all(g, x, -1) && has_shape(g, y, shape))
        return dw_graph_map(g, DW_ELEM_NEGATE, y, out, err);
    if (power && is_all(g, y, 2) && is_number(g, y))
        return dw_graph_pair(g, DW_ELEM_MULTIPLY, x, x, out, err);
    if (power && is_all(g, y, 0.5) && is_number(g, y))
        return dw_graph_map(g, DW_ELEM_SQRT, x, out, err);
    if (power && is_all(g, y, -1) && is_number(g, y))
        return dw_graph_number(g, 1, &one, err) &&
               dw_graph_pair(g, DW_ELEM_DIVIDE, one, x, out, err);
    if (power && is_all(g, y, 0))
        return dw_graph_number(g, 1, &one, err) && fit(g, one, shape, out, err);
    if ((plus || minus) && is_map(g, y, DW_ELEM_NEGATE))
        return dw_graph_pair(g, plus ? DW_ELEM_SUBTRACT : DW_ELEM_ADD, x, g->nodes[y].input[0],
                             out, err);
    if (plus && is_map(g, x, DW_ELEM_NEGATE) && (is_number(g, y) || has_shape(g, y, shape)))
        return dw_graph_pair(g, DW_ELEM_SUBTRACT, y, g->nodes[x].input[0], out, err);
    return true;
}

static bool commutes(dw_elem_binary op) {
    return op == DW_ELEM_ADD || op == DW_ELEM_MULTIPLY || op == DW_ELEM_EQUAL ||
           op == DW_ELEM_UNEQUAL || op == DW_ELEM_AND || op == DW_ELEM_OR;
}

bool dw_graph_pair(dw_graph *g, dw_elem_binary op, dw_graph_id x, dw_graph_id y, dw_graph_id *out,
                   dw_err *err) {
    dw_tensor left = outline(g, x), right = outline(g, y);
    if (!dw_elem_pair_fits(op, &left, &right, err))
        return false;
    dw_op_shape shape = shape_of(g, is_number(g, x) ? y : x);
    dw_graph_id a = behind(g, x, DW_OP_SPREAD), b = behind(g, y, DW_OP_SPREAD);
    if ((a != x || b != y) && is_number(g, a) && is_number(g, b))
        return dw_graph_pair(g, op, a, b, out, err) && fit(g, *out, shape, out, err);
    if (a != x && !fit(g, b, shape, &b, err)) /* now the right side decides the shape */
        return false;
    if (!is_op(g, a, DW_OP_CONSTANT) || !is_op(g, b, DW_OP_CONSTANT)) {
        if (!cheaper(g, op, a, b, shape, out, err))
            return false;
        if (*out != DW_GRAPH_NONE)
            return true;
    }
    bool either = is_number(g, a) || is_number(g, b) || has_shape(g, b, shape);
    bool swap = either && commutes(op) && a > b;
    return make(g,
                (dw_graph_node){.op = DW_OP_PAIR,
                                .elem = (uint8_t)op,
                                .truth = dw_elem_is_truth(op),
                                .rows = shape.rows,
                                .columns = shape.columns,
                                .input = {swap ? b : a, swap ? a : b}},
                out, err);
}

/* The shape of a choice; false with an error when there is none. */
static bool choice_shape(const dw_graph *g, dw_graph_id condition, dw_graph_id x, dw_graph_id y,
                         dw_op_shape *shape, dw_err *err) {
    char first[DW_TENSOR_WORDS], second[DW_TENSOR_WORDS];
    dw_tensor c = outline(g, condition), left = outline(g, x), right = outline(g, y);
    *shape = shape_of(g, condition);
    if (!is_number(g, condition))
        return dw_elem_choice_fits(&c, &left, err) && dw_elem_choice_fits(&c, &right, err);
    *shape = shape_of(g, is_number(g, x) ? y : x);
    if (is_number(g, x) || is_number(g, y) || dw_tensor_same_shape(&left, &right))
        return true;
    return dw_err_set(err, DW_ERR_SHAPE,
                      "when chooses between %s and %s here: both need the same shape",
                      dw_tensor_words(&left, first), dw_tensor_words(&right, second));
}

bool dw_graph_choose(dw_graph *g, dw_graph_id condition, dw_graph_id x, dw_graph_id y,
                     dw_graph_id *out, dw_err *err) {
    dw_op_shape shape;
    double known;
    if (!choice_shape(g, condition, x, y, &shape, err))
        return false;
    bool truth = g->nodes[x].truth && g->nodes[y].truth;
    bool certain = is_known(g, condition, &known);
    dw_graph_id chosen = certain && known == 0 ? y : x;
    if ((certain || x == y) && (g->nodes[chosen].truth == truth || is_number(g, condition)))
        return fit(g, chosen, shape, out, err);
    dw_graph_id c = behind(g, condition, DW_OP_SPREAD);
    dw_graph_id a = behind(g, x, DW_OP_SPREAD), b = behind(g, y, DW_OP_SPREAD);
    bool numbers = is_number(g, a) && is_number(g, b);
    if (is_number(g, c) && numbers && (shape.rows != 1 || shape.columns != 1))
        return dw_graph_choose(g, c, a, b, out, err) && fit(g, *out, shape, out, err);
    if (c != condition && (!fit(g, x, shape, &a, err) || !fit(g, y, shape, &b, err)))
        return false;
    if (is_number(g, condition)) /* a number must not hide what gives the shape */
        a = x, b = y;
    return make(g,
                (dw_graph_node){.op = DW_OP_CHOOSE,
                                .truth = truth,
                                .rows = shape.rows,
                                .columns = shape.columns,
                                .input = {c, a, b}},
                out, err);
}

/* ---- matrices ---- */

bool dw_graph_product(dw_graph *g, dw_graph_id x, dw_graph_id y, dw_graph_id *out, dw_err *err) {
    dw_tensor left = outline(g, x), right = outline(g, y);
    if (!dw_tensor_product_fits(&left, &right, err))
        return false;
    return make(g,
                (dw_graph_node){.op = DW_OP_PRODUCT,
                                .rows = g->nodes[x].rows,
                                .columns = g->nodes[y].columns,
                                .input = {x, y}},
                out, err);
}

bool dw_graph_transpose(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    dw_graph_node node = g->nodes[x];
    if (node.rows <= 1 || node.columns <= 1 || node.op == DW_OP_SPREAD)
        return dw_graph_reshape(g, x, node.columns, node.rows, out, err);
    *out = node.input[0];
    if (node.op == DW_OP_TRANSPOSE)
        return true;
    return make(g,
                (dw_graph_node){.op = DW_OP_TRANSPOSE,
                                .truth = node.truth,
                                .rows = node.columns,
                                .columns = node.rows,
                                .input = {x}},
                out, err);
}

bool dw_graph_solve(dw_graph *g, dw_graph_id a, dw_graph_id b, dw_graph_id *out, dw_err *err) {
    dw_tensor left = outline(g, a), right = outline(g, b);
    if (!dw_linalg_solve_fits(&left, &right, err))
        return false;
    return make(g,
                (dw_graph_node){.op = DW_OP_SOLVE,
                                .rows = g->nodes[a].columns,
                                .columns = g->nodes[b].columns,
                                .input = {a, b}},
                out, err);
}

/* ---- to one number ---- */

static bool make_number(dw_graph *g, dw_op op, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    dw_graph_node node = {.op = op,
                          .rows = 1,
                          .columns = 1,
                          .input = {behind(g, x, DW_OP_RESHAPE)}};
    return make(g, node, out, err);
}

bool dw_graph_sum(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    const double exact = 9007199254740992.0; /* whole numbers up to here add without rounding */
    double number, count = (double)size_of(g, x);
    *out = x;
    if (can_stand(g, x, (dw_op_shape){1, 1}))
        return true;
    if (is_known(g, x, &number) && floor(number) == number && fabs(number * count) < exact)
        return dw_graph_number(g, number * count, out, err);
    return make_number(g, DW_OP_SUM, x, out, err);
}

bool dw_graph_norm(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    return is_number(g, x) ? dw_graph_map(g, DW_ELEM_ABS, x, out, err)
                           : make_number(g, DW_OP_NORM, x, out, err);
}

static bool extreme(dw_graph *g, dw_op op, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    *out = behind(g, x, DW_OP_SPREAD);
    if (size_of(g, x) == 0)
        return dw_err_set(err, DW_ERR_SHAPE,
                          "there is nothing to take the %s element of: the array is empty",
                          op == DW_OP_LARGEST ? "largest" : "smallest");
    if (can_stand(g, *out, (dw_op_shape){1, 1}))
        return true;
    return make_number(g, op, x, out, err);
}

bool dw_graph_largest(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    return extreme(g, DW_OP_LARGEST, x, out, err);
}

bool dw_graph_smallest(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    return extreme(g, DW_OP_SMALLEST, x, out, err);
}

/* ---- places ---- */

/* Whether places are 0, 1, 2 … up to the last of `size` elements. */
static bool are_all(const size_t *places, size_t count, size_t size) {
    if (count != size)
        return false;
    for (size_t i = 0; i < count; i++)
        if (places[i] != i)
            return false;
    return true;
}

static bool are_within(const size_t *places, size_t count, size_t size, dw_err *err) {
    for (size_t i = 0; i < count; i++)
        if (places[i] >= size)
            return dw_err_set(err, DW_ERR_SHAPE, "there is no element %zu among %zu",
                              places[i] + 1, size);
    return true;
}

bool dw_graph_gather(dw_graph *g, dw_graph_id x, const size_t *places, size_t rows, size_t columns,
                     dw_graph_id *out, dw_err *err) {
    size_t count, size = size_of(g, x);
    dw_graph_id from = behind(g, x, DW_OP_RESHAPE);
    if (__builtin_mul_overflow(rows, columns, &count))
        return dw_err_memory(err, making);
    if (!are_within(places, count, size, err))
        return false;
    if (are_all(places, count, size))
        return dw_graph_reshape(g, x, rows, columns, out, err);
    if (is_number(g, from) || is_op(g, from, DW_OP_SPREAD))
        return dw_graph_spread(g, behind(g, from, DW_OP_SPREAD), rows, columns, out, err);
    return make(g,
                (dw_graph_node){.op = DW_OP_GATHER,
                                .truth = g->nodes[x].truth,
                                .rows = rows,
                                .columns = columns,
                                .input = {from},
                                .places = places},
                out, err);
}

bool dw_graph_place(dw_graph *g, dw_graph_id x, const size_t *places, size_t rows, size_t columns,
                    dw_graph_id *out, dw_err *err) {
    size_t size, count = size_of(g, x);
    if (__builtin_mul_overflow(rows, columns, &size))
        return dw_err_memory(err, making);
    if (!are_within(places, count, size, err))
        return false;
    if (are_all(places, count, size) && !g->nodes[x].truth)
        return dw_graph_reshape(g, x, rows, columns, out, err);
    return make(g,
                (dw_graph_node){.op = DW_OP_PLACE,
                                .rows = rows,
                                .columns = columns,
                                .input = {behind(g, x, DW_OP_RESHAPE)},
                                .places = places},
                out, err);
}
