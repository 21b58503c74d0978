/* SPDX-License-Identifier: BSD-3-Clause */
/* What a new node may be replaced by before it is made. */
#include "graph/graph.h"

#include "tensor/linalg.h"

#include <math.h>

static const char *const making = "the steps of a computation";

dw_graph *dw_graph_new(dw_mem *mem, dw_err *err) {
    return dw_store_new(mem, err);
}

void dw_graph_free(dw_graph **graph) {
    dw_store_free(graph);
}

size_t dw_graph_count(const dw_graph *graph) {
    return graph->count;
}

const dw_graph_node *dw_graph_at(const dw_graph *graph, dw_graph_id id) {
    return &graph->nodes[id];
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
    return (dw_tensor){
        .axes = 2, .dim = {g->nodes[id].rows, g->nodes[id].columns, 1, 1}, .size = size_of(g, id)};
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

bool dw_graph_constant(dw_graph *g, dw_tensor *value, dw_graph_id *out, dw_err *err) {
    if (value->axes != 2)
        return dw_err_set(err, DW_ERR_SHAPE,
                          "a computation works on rows, columns and matrices, not on images");
    return dw_store_make(g,
                         (dw_graph_node){.op = DW_OP_CONSTANT,
                                         .truth = value->truth,
                                         .rows = value->dim[0],
                                         .columns = value->dim[1],
                                         .value = value},
                         out, err);
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
    return dw_store_make(
        g, (dw_graph_node){.op = DW_OP_INPUT, .rows = rows, .columns = columns, .argument = n}, out,
        err);
}

/* ---- the same in another form ---- */

bool dw_graph_copy(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    dw_graph_node like = g->nodes[x];
    return dw_store_add(g,
                        (dw_graph_node){.op = DW_OP_COPY,
                                        .truth = like.truth,
                                        .rows = like.rows,
                                        .columns = like.columns,
                                        .input = {x}},
                        out, err);
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
    return dw_store_make(g,
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
    return dw_store_make(g,
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
    if (is_map(g, x, op)) { /* -(-x) is x, and so is not not x if x is a truth value */
        *out = node.input[0];
        if (g->nodes[*out].truth ? op == DW_ELEM_NOT : op == DW_ELEM_NEGATE)
            return true;
    }
    if (node.op == DW_OP_SPREAD)
        return dw_graph_map(g, op, node.input[0], out, err) &&
               dw_graph_spread(g, *out, node.rows, node.columns, out, err);
    return dw_store_make(g,
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

typedef struct {
    dw_elem_binary op;
    dw_graph_id x, y;
    dw_op_shape shape; /* of the result */
} pair;

/* The side that a pair with 0 or 1 leaves as it is, or NONE. */
static dw_graph_id unchanged(const dw_graph *g, const pair *p) {
    dw_elem_binary op = p->op;
    double neutral = op == DW_ELEM_ADD || op == DW_ELEM_SUBTRACT ? 0 : 1;
    bool both = op == DW_ELEM_ADD || op == DW_ELEM_MULTIPLY;
    bool right = both || op == DW_ELEM_SUBTRACT || op == DW_ELEM_DIVIDE || op == DW_ELEM_POWER;
    if (right && is_all(g, p->y, neutral) && can_stand(g, p->x, p->shape))
        return p->x;
    if (both && is_all(g, p->x, neutral) && can_stand(g, p->y, p->shape))
        return p->y;
    return DW_GRAPH_NONE;
}

/* Powers that need no logarithm; the same bits, as dw_math_pow knows these cases too. */
static bool cheaper_power(dw_graph *g, const pair *p, dw_graph_id *out, dw_err *err) {
    dw_graph_id one;
    *out = DW_GRAPH_NONE;
    if (is_all(g, p->y, 2))
        return dw_graph_pair(g, DW_ELEM_MULTIPLY, p->x, p->x, out, err);
    if (is_all(g, p->y, 0.5))
        return dw_graph_map(g, DW_ELEM_SQRT, p->x, out, err);
    if (is_all(g, p->y, -1))
        return dw_graph_number(g, 1, &one, err) &&
               dw_graph_pair(g, DW_ELEM_DIVIDE, one, p->x, out, err);
    if (is_all(g, p->y, 0))
        return dw_graph_number(g, 1, &one, err) && fit(g, one, p->shape, out, err);
    return true;
}

/* Changes of sign: x*-1, x + (-y), (-x) + y, x - (-y). */
static bool cheaper_sign(dw_graph *g, const pair *p, dw_graph_id *out, dw_err *err) {
    dw_elem_binary op = p->op;
    bool times = op == DW_ELEM_MULTIPLY, plus = op == DW_ELEM_ADD;
    *out = DW_GRAPH_NONE;
    if ((times || op == DW_ELEM_DIVIDE) && is_all(g, p->y, -1) && has_shape(g, p->x, p->shape))
        return dw_graph_map(g, DW_ELEM_NEGATE, p->x, out, err);
    if (times && is_all(g, p->x, -1) && has_shape(g, p->y, p->shape))
        return dw_graph_map(g, DW_ELEM_NEGATE, p->y, out, err);
    if ((plus || op == DW_ELEM_SUBTRACT) && is_map(g, p->y, DW_ELEM_NEGATE))
        return dw_graph_pair(g, plus ? DW_ELEM_SUBTRACT : DW_ELEM_ADD, p->x,
                             g->nodes[p->y].input[0], out, err);
    if (plus && is_map(g, p->x, DW_ELEM_NEGATE) &&
        (is_number(g, p->y) || has_shape(g, p->y, p->shape)))
        return dw_graph_pair(g, DW_ELEM_SUBTRACT, p->y, g->nodes[p->x].input[0], out, err);
    return true;
}

/* Writes a pair as something cheaper, or sets *out to NONE. Two constants are folded instead. */
static bool cheaper(dw_graph *g, const pair *p, dw_graph_id *out, dw_err *err) {
    *out = DW_GRAPH_NONE;
    if (is_op(g, p->x, DW_OP_CONSTANT) && is_op(g, p->y, DW_OP_CONSTANT))
        return true;
    *out = unchanged(g, p);
    if (*out != DW_GRAPH_NONE)
        return true;
    return p->op == DW_ELEM_POWER ? cheaper_power(g, p, out, err) : cheaper_sign(g, p, out, err);
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
    if (!cheaper(g, &(pair){op, a, b, shape}, out, err))
        return false;
    if (*out != DW_GRAPH_NONE)
        return true;
    bool either = is_number(g, a) || is_number(g, b) || has_shape(g, b, shape);
    bool swap = either && commutes(op) && a > b;
    return dw_store_make(g,
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
    if (c != condition && ((!is_number(g, a) && !fit(g, a, shape, &a, err)) ||
                           (!is_number(g, b) && !fit(g, b, shape, &b, err))))
        return false;
    return dw_store_make(g,
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
    return dw_store_make(g,
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
    return dw_store_make(g,
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
    return dw_store_make(g,
                         (dw_graph_node){.op = DW_OP_SOLVE,
                                         .rows = g->nodes[a].columns,
                                         .columns = g->nodes[b].columns,
                                         .input = {a, b}},
                         out, err);
}

/* ---- to one number ---- */

static bool make_number(dw_graph *g, dw_op op, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    dw_graph_node node = {
        .op = op, .rows = 1, .columns = 1, .input = {behind(g, x, DW_OP_RESHAPE)}};
    return dw_store_make(g, node, out, err);
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
            return dw_err_set(err, DW_ERR_SHAPE, "there is no element %zu among %zu", places[i] + 1,
                              size);
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
    return dw_store_make(g,
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
    return dw_store_make(g,
                         (dw_graph_node){.op = DW_OP_PLACE,
                                         .rows = rows,
                                         .columns = columns,
                                         .input = {behind(g, x, DW_OP_RESHAPE)},
                                         .places = places},
                         out, err);
}
