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
    return (dw_op_shape){g->nodes[id].rows, g->nodes[id].columns, g->nodes[id].batch};
}

static bool has_shape(const dw_graph *g, dw_graph_id id, dw_op_shape shape) {
    const dw_graph_node *node = &g->nodes[id];
    return node->rows == shape.rows && node->columns == shape.columns && node->batch == shape.batch;
}

static bool is_batched(const dw_graph *g, dw_graph_id id) {
    return g->nodes[id].batch != 1;
}

/* Makes *batch, the samples so far, those of a result that has x among its operands. */
static bool join_batch(const dw_graph *g, dw_graph_id x, size_t *batch, dw_err *err) {
    size_t other = g->nodes[x].batch;
    if (*batch != 1 && other != 1 && other != *batch)
        return dw_err_set(err, DW_ERR_INTERNAL, "%zu samples meet %zu in one computation", *batch,
                          other);
    if (other != 1)
        *batch = other;
    return true;
}

static bool make(dw_graph *g, dw_graph_node node, dw_op_shape shape, dw_graph_id *out,
                 dw_err *err) {
    node.rows = shape.rows;
    node.columns = shape.columns;
    node.batch = shape.batch;
    return dw_store_make(g, node, out, err);
}

/* A tensor that has a node's shape and nothing else, for the checks of the tensor layer. */
static dw_tensor outline(const dw_graph *g, dw_graph_id id) {
    return (dw_tensor){
        .axes = 2, .dim = {g->nodes[id].rows, g->nodes[id].columns, 1, 1}, .size = size_of(g, id)};
}

/* What stands behind a spread, a reshape and the like; else the node itself. */
static dw_graph_id behind(const dw_graph *g, dw_graph_id id, dw_op op) {
    return is_op(g, id, op) ? g->nodes[id].input[0] : id;
}

/* Whether every element is known to be the same number. */
static bool is_known(const dw_graph *g, dw_graph_id id, double *number) {
    dw_graph_id bare = behind(g, id, DW_OP_SPREAD);
    if (!is_op(g, bare, DW_OP_CONSTANT) || !is_number(g, bare) || is_batched(g, bare))
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
    return make(g, (dw_graph_node){.op = DW_OP_CONSTANT, .truth = value->truth, .value = value},
                (dw_op_shape){value->dim[0], value->dim[1], 1}, out, err);
}

bool dw_graph_samples(dw_graph *g, dw_tensor *value, dw_op_shape shape, dw_graph_id *out,
                      dw_err *err) {
    size_t size;
    if (__builtin_mul_overflow(shape.rows, shape.columns, &size) ||
        __builtin_mul_overflow(size, shape.batch, &size) || size != value->size)
        return dw_err_set(err, DW_ERR_INTERNAL, "%zu numbers are not %zu samples of %zu×%zu",
                          value->size, shape.batch, shape.rows, shape.columns);
    return make(g, (dw_graph_node){.op = DW_OP_CONSTANT, .truth = value->truth, .value = value},
                shape, out, err);
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

bool dw_graph_input(dw_graph *g, uint32_t n, dw_op_shape shape, dw_graph_id *out, dw_err *err) {
    return make(g, (dw_graph_node){.op = DW_OP_INPUT, .argument = n}, shape, out, err);
}

/* ---- the same in another form ---- */

bool dw_graph_copy(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    dw_graph_node like = g->nodes[x];
    return dw_store_add(g,
                        (dw_graph_node){.op = DW_OP_COPY,
                                        .truth = like.truth,
                                        .rows = like.rows,
                                        .columns = like.columns,
                                        .batch = like.batch,
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
    return make(g, (dw_graph_node){.op = DW_OP_SPREAD, .truth = g->nodes[x].truth, .input = {x}},
                (dw_op_shape){rows, columns, g->nodes[x].batch}, out, err);
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
    if (has_shape(g, *out, (dw_op_shape){rows, columns, g->nodes[x].batch}))
        return true;
    if (is_op(g, *out, DW_OP_SPREAD))
        return dw_graph_spread(g, g->nodes[*out].input[0], rows, columns, out, err);
    return make(g,
                (dw_graph_node){.op = DW_OP_RESHAPE, .truth = g->nodes[x].truth, .input = {*out}},
                (dw_op_shape){rows, columns, g->nodes[x].batch}, out, err);
}

/* x in the rows and columns of a shape: spread if it is a number, reshaped if need be. */
static bool fit(dw_graph *g, dw_graph_id x, dw_op_shape shape, dw_graph_id *out, dw_err *err) {
    return is_number(g, x) ? dw_graph_spread(g, x, shape.rows, shape.columns, out, err)
                           : dw_graph_reshape(g, x, shape.rows, shape.columns, out, err);
}

/* The same, for each of the shape's samples. */
static bool fit_all(dw_graph *g, dw_graph_id x, dw_op_shape shape, dw_graph_id *out, dw_err *err) {
    return fit(g, x, shape, out, err) && dw_graph_batch_spread(g, *out, shape.batch, out, err);
}

/* ---- element by element ---- */

bool dw_graph_map(dw_graph *g, dw_elem_unary op, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    dw_graph_node node = g->nodes[x];
    if (is_map(g, x, op)) { /* -(-x) is x, and so is not not x if x is a truth value */
        *out = node.input[0];
        if (g->nodes[*out].truth ? op == DW_ELEM_NOT : op == DW_ELEM_NEGATE)
            return true;
    }
    if (node.op == DW_OP_SPREAD || node.op == DW_OP_BATCH_SPREAD)
        return dw_graph_map(g, op, node.input[0], out, err) &&
               fit_all(g, *out, shape_of(g, x), out, err);
    return make(g,
                (dw_graph_node){
                    .op = DW_OP_MAP, .elem = (uint8_t)op, .truth = op == DW_ELEM_NOT, .input = {x}},
                shape_of(g, x), out, err);
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
        return dw_graph_number(g, 1, &one, err) && fit_all(g, one, p->shape, out, err);
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

/* The square of a size is that of what it is the size of, and of a norm a sum of squares: no root,
 * no scaling, and a simple derivative everywhere. */
static bool cheaper_square(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    bool norm = is_op(g, x, DW_OP_NORM), size = is_map(g, x, DW_ELEM_ABS);
    *out = DW_GRAPH_NONE;
    if (!norm && !size)
        return true;
    x = g->nodes[x].input[0];
    return dw_graph_pair(g, DW_ELEM_MULTIPLY, x, x, out, err) &&
           (size || dw_graph_sum(g, *out, out, err));
}

/* Writes a pair as something cheaper, or sets *out to NONE. Two constants are folded instead. */
static bool cheaper(dw_graph *g, const pair *p, dw_graph_id *out, dw_err *err) {
    *out = DW_GRAPH_NONE;
    if (is_op(g, p->x, DW_OP_CONSTANT) && is_op(g, p->y, DW_OP_CONSTANT))
        return true;
    *out = unchanged(g, p);
    if (*out != DW_GRAPH_NONE)
        return true;
    if (p->op == DW_ELEM_MULTIPLY && p->x == p->y)
        return cheaper_square(g, p->x, out, err);
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
    if (!join_batch(g, x, &shape.batch, err) || !join_batch(g, y, &shape.batch, err))
        return false;
    dw_graph_id u = behind(g, x, DW_OP_BATCH_SPREAD), v = behind(g, y, DW_OP_BATCH_SPREAD);
    if (u != x || v != y) /* what is the same for every sample is computed once */
        return dw_graph_pair(g, op, u, v, out, err) && fit_all(g, *out, shape, out, err);
    dw_graph_id a = behind(g, x, DW_OP_SPREAD), b = behind(g, y, DW_OP_SPREAD);
    if ((a != x || b != y) && is_number(g, a) && is_number(g, b))
        return dw_graph_pair(g, op, a, b, out, err) && fit(g, *out, shape, out, err);
    if (a != x && !fit(g, b, shape, &b, err)) /* now the right side decides the shape */
        return false;
    if (!cheaper(g, &(pair){op, a, b, shape}, out, err))
        return false;
    if (*out != DW_GRAPH_NONE)
        return true;
    const dw_graph_node *right_side = &g->nodes[b];
    bool either = is_number(g, a) || is_number(g, b) ||
                  (right_side->rows == shape.rows && right_side->columns == shape.columns);
    bool swap = either && commutes(op) && a > b;
    return make(g,
                (dw_graph_node){.op = DW_OP_PAIR,
                                .elem = (uint8_t)op,
                                .truth = dw_elem_is_truth(op),
                                .input = {swap ? b : a, swap ? a : b}},
                shape, out, err);
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
    if (!choice_shape(g, condition, x, y, &shape, err) ||
        !join_batch(g, condition, &shape.batch, err) || !join_batch(g, x, &shape.batch, err) ||
        !join_batch(g, y, &shape.batch, err))
        return false;
    bool truth = g->nodes[x].truth && g->nodes[y].truth;
    bool certain = is_known(g, condition, &known);
    dw_graph_id chosen = certain && known == 0 ? y : x;
    if ((certain || x == y) && (g->nodes[chosen].truth == truth || is_number(g, condition)))
        return fit_all(g, chosen, shape, out, err);
    dw_graph_id c = behind(g, condition, DW_OP_SPREAD);
    dw_graph_id a = behind(g, x, DW_OP_SPREAD), b = behind(g, y, DW_OP_SPREAD);
    bool numbers = is_number(g, a) && is_number(g, b);
    if (is_number(g, c) && numbers && (shape.rows != 1 || shape.columns != 1))
        return dw_graph_choose(g, c, a, b, out, err) && fit(g, *out, shape, out, err);
    if (c != condition && ((!is_number(g, a) && !fit(g, a, shape, &a, err)) ||
                           (!is_number(g, b) && !fit(g, b, shape, &b, err))))
        return false;
    return make(g, (dw_graph_node){.op = DW_OP_CHOOSE, .truth = truth, .input = {c, a, b}}, shape,
                out, err);
}

/* ---- matrices ---- */

bool dw_graph_product(dw_graph *g, dw_graph_id x, dw_graph_id y, dw_graph_id *out, dw_err *err) {
    dw_tensor left = outline(g, x), right = outline(g, y);
    if (!dw_tensor_product_fits(&left, &right, err))
        return false;
    dw_op_shape shape = {g->nodes[x].rows, g->nodes[y].columns, 1};
    return join_batch(g, x, &shape.batch, err) && join_batch(g, y, &shape.batch, err) &&
           make(g, (dw_graph_node){.op = DW_OP_PRODUCT, .input = {x, y}}, shape, out, err);
}

bool dw_graph_transpose(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    dw_graph_node node = g->nodes[x];
    if (node.rows <= 1 || node.columns <= 1 || node.op == DW_OP_SPREAD)
        return dw_graph_reshape(g, x, node.columns, node.rows, out, err);
    *out = node.input[0];
    if (node.op == DW_OP_TRANSPOSE)
        return true;
    return make(g, (dw_graph_node){.op = DW_OP_TRANSPOSE, .truth = node.truth, .input = {x}},
                (dw_op_shape){node.columns, node.rows, node.batch}, out, err);
}

bool dw_graph_solve(dw_graph *g, dw_graph_id a, dw_graph_id b, dw_graph_id *out, dw_err *err) {
    dw_tensor left = outline(g, a), right = outline(g, b);
    if (!dw_linalg_solve_fits(&left, &right, err))
        return false;
    dw_op_shape shape = {g->nodes[a].columns, g->nodes[b].columns, 1};
    return join_batch(g, a, &shape.batch, err) && join_batch(g, b, &shape.batch, err) &&
           make(g, (dw_graph_node){.op = DW_OP_SOLVE, .input = {a, b}}, shape, out, err);
}

/* ---- to one number ---- */

static bool make_number(dw_graph *g, dw_op op, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    return make(g, (dw_graph_node){.op = op, .input = {behind(g, x, DW_OP_RESHAPE)}},
                (dw_op_shape){1, 1, g->nodes[x].batch}, out, err);
}

bool dw_graph_sum(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    const double exact = 9007199254740992.0; /* whole numbers up to here add without rounding */
    double number, count = (double)size_of(g, x);
    *out = x;
    if (is_number(g, x) && !g->nodes[x].truth)
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
    if (is_number(g, *out) && !g->nodes[*out].truth)
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
    dw_graph_node node = {
        .op = DW_OP_GATHER, .truth = g->nodes[x].truth, .input = {from}, .places = places};
    return make(g, node, (dw_op_shape){rows, columns, g->nodes[x].batch}, out, err);
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
    dw_graph_node node = {
        .op = DW_OP_PLACE, .input = {behind(g, x, DW_OP_RESHAPE)}, .places = places};
    return make(g, node, (dw_op_shape){rows, columns, g->nodes[x].batch}, out, err);
}

/* ---- samples ---- */

bool dw_graph_batch_sum(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    dw_op_shape shape = shape_of(g, x);
    *out = x;
    if (!is_batched(g, x) && !g->nodes[x].truth)
        return true;
    if (is_op(g, x, DW_OP_SPREAD) || is_op(g, x, DW_OP_RESHAPE))
        return dw_graph_batch_sum(g, g->nodes[x].input[0], out, err) &&
               fit(g, *out, shape, out, err);
    shape.batch = 1;
    return make(g, (dw_graph_node){.op = DW_OP_BATCH_SUM, .input = {x}}, shape, out, err);
}

bool dw_graph_batch_spread(dw_graph *g, dw_graph_id x, size_t batch, dw_graph_id *out,
                           dw_err *err) {
    dw_op_shape shape = shape_of(g, x);
    *out = x;
    if (!join_batch(g, x, &batch, err))
        return false;
    if (shape.batch == batch)
        return true;
    shape.batch = batch;
    dw_graph_node node = {.op = DW_OP_BATCH_SPREAD, .truth = g->nodes[x].truth, .input = {x}};
    return make(g, node, shape, out, err);
}

bool dw_graph_is_contraction(const dw_graph *g, dw_graph_id id) {
    const dw_graph_node *product = &g->nodes[behind(g, id, DW_OP_BATCH_SUM)];
    return is_op(g, id, DW_OP_BATCH_SUM) && product->op == DW_OP_PRODUCT &&
           is_batched(g, product->input[0]) && is_batched(g, product->input[1]);
}

bool dw_graph_detach(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) {
    *out = x;
    if (is_op(g, x, DW_OP_DETACH) || is_op(g, x, DW_OP_CONSTANT))
        return true;
    return make(g, (dw_graph_node){.op = DW_OP_DETACH, .truth = g->nodes[x].truth, .input = {x}},
                shape_of(g, x), out, err);
}

static bool index_fits(const dw_graph *g, dw_graph_id index, size_t count, dw_err *err) {
    char words[DW_TENSOR_WORDS];
    dw_tensor t = outline(g, index);
    return (dw_tensor_is_vector(&t) && t.size == count) ||
           dw_err_set(err, DW_ERR_SHAPE, "an index names columns by a row of numbers, not by %s",
                      dw_tensor_words(&t, words));
}

bool dw_graph_pick(dw_graph *g, dw_graph_id table, dw_graph_id index, dw_graph_id *out,
                   dw_err *err) {
    dw_op_shape shape = {g->nodes[table].rows, size_of(g, index), 1};
    dw_graph_node node = {.op = DW_OP_PICK, .input = {table, behind(g, index, DW_OP_RESHAPE)}};
    return index_fits(g, index, shape.columns, err) && join_batch(g, table, &shape.batch, err) &&
           join_batch(g, index, &shape.batch, err) && make(g, node, shape, out, err);
}

bool dw_graph_put(dw_graph *g, dw_graph_id x, dw_graph_id index, dw_op_shape shape,
                  dw_graph_id *out, dw_err *err) {
    size_t batch = 1;
    dw_graph_node node = {.op = DW_OP_PUT, .input = {x, behind(g, index, DW_OP_RESHAPE)}};
    if (!index_fits(g, index, g->nodes[x].columns, err) || !join_batch(g, x, &batch, err) ||
        !join_batch(g, index, &batch, err))
        return false;
    if (shape.rows != g->nodes[x].rows || (shape.batch != 1 && shape.batch != batch))
        return dw_err_set(err, DW_ERR_INTERNAL, "columns are put into an array of another shape");
    return make(g, node, shape, out, err);
}

bool dw_graph_random(dw_graph *g, dw_graph_id key, uint32_t stream, dw_op_shape shape,
                     dw_graph_id *out, dw_err *err) {
    if (size_of(g, key) != 2 || is_batched(g, key))
        return dw_err_set(err, DW_ERR_INTERNAL, "a key of random numbers is two numbers");
    return make(g, (dw_graph_node){.op = DW_OP_RANDOM, .argument = stream, .input = {key}}, shape,
                out, err);
}
