/* SPDX-License-Identifier: BSD-3-Clause */
/* Reverse mode: from the result back to its inputs, every node hands its gradient on to what it was
 * made of. The rules of element-by-element operations stand in elem.def, the others here. */
#include "graph/derive.h"

/* ---- the notation of elem.def ---- */

typedef enum { END, LEFT, RIGHT, RESULT, CONSTANT, TWICE, ONE_SIDE, BOTH_SIDES, CHOICE } word_kind;

/* A factor is written in macros and read as words, operands before operations. */
typedef struct {
    word_kind kind;
    uint8_t elem;
    double number;
} word;

/* clang-format off */
#define X {LEFT, 0, 0}
#define Y {RIGHT, 0, 0}
#define Z {RESULT, 0, 0}
#define NUMBER(c) {CONSTANT, 0, c}
#define ZERO NUMBER(0)
#define ONE NUMBER(1)
#define MAP(op) {ONE_SIDE, DW_ELEM_##op, 0}
#define PAIR(op) {BOTH_SIDES, DW_ELEM_##op, 0}
#define TWO {TWICE, 0, 0}
#define SELECT(c, a, b) c, a, b, {CHOICE, 0, 0}

#define NEGATIVE(a) a, MAP(NEGATE)
#define EXP(a) a, MAP(EXP)
#define LOG(a) a, MAP(LOG)
#define SQRT(a) a, MAP(SQRT)
#define SIN(a) a, MAP(SIN)
#define COS(a) a, MAP(COS)
#define SINH(a) a, MAP(SINH)
#define COSH(a) a, MAP(COSH)
#define SIGMOID(a) a, MAP(SIGMOID)
#define SIGN(a) a, MAP(SIGN)
#define FLOOR(a) a, MAP(FLOOR)
#define NORMAL_CDF(a) a, MAP(NORMAL_CDF)

#define ADD(a, b) a, b, PAIR(ADD)
#define SUB(a, b) a, b, PAIR(SUBTRACT)
#define MUL(a, b) a, b, PAIR(MULTIPLY)
#define DIV(a, b) a, b, PAIR(DIVIDE)
#define POW(a, b) a, b, PAIR(POWER)
#define EQUAL(a, b) a, b, PAIR(EQUAL)
#define LESS(a, b) a, b, PAIR(LESS)
#define LESS_EQUAL(a, b) a, b, PAIR(LESS_EQUAL)
#define GREATER(a, b) a, b, PAIR(GREATER)
#define GREATER_EQUAL(a, b) a, b, PAIR(GREATER_EQUAL)

/* a², and the density of the standard normal distribution, e^(-a²/2) / √(2π). */
#define SQUARE(a) a, TWO, PAIR(MULTIPLY)
#define NORMAL_PDF(a)                                                        \
    a, TWO, PAIR(MULTIPLY), NUMBER(-0.5), PAIR(MULTIPLY), MAP(EXP),          \
        NUMBER(0.3989422804014327), PAIR(MULTIPLY)
/* clang-format on */

enum { WORDS = 24, STACK = 8 };

static const word unary_factors[][WORDS] = {
#define DW_ELEM_UNARY(name, sign, expression, derivative, lo, hi) {derivative, {END, 0, 0}},
#include "tensor/elem.def"
};

static const word left_factors[][WORDS] = {
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    {derivative_x, {END, 0, 0}},
#define DW_ELEM_COMPARE(name, sign, condition) {ZERO, {END, 0, 0}},
#include "tensor/elem.def"
};

static const word right_factors[][WORDS] = {
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    {derivative_y, {END, 0, 0}},
#define DW_ELEM_COMPARE(name, sign, condition) {ZERO, {END, 0, 0}},
#include "tensor/elem.def"
};

/* ---- the walk ---- */

/* A gradient that is 0 unless a condition holds (or, negated, unless it does not). */
typedef struct {
    dw_graph_id condition;
    bool negated;
} mask;

enum { MASKS = 8 };

typedef struct {
    dw_graph *g;
    dw_err *err;
    dw_graph_id *gradient; /* of each node, NONE while nothing has come */
    bool *matters;         /* whether it depends on what to derive by */
    dw_graph_id id;        /* the node being visited, a copy of it, and its gradient */
    dw_graph_node node;
    dw_graph_id incoming;
    mask masks[MASKS]; /* taken off `incoming`, put on what is handed on */
    unsigned mask_count;
    dw_graph_id zero;
} walk;

static dw_op_shape shape_of(const walk *w, dw_graph_id id) {
    const dw_graph_node *node = dw_graph_at(w->g, id);
    return (dw_op_shape){node->rows, node->columns, node->batch};
}

static size_t size_of(const walk *w, dw_graph_id id) {
    return dw_graph_at(w->g, id)->rows * dw_graph_at(w->g, id)->columns;
}

static bool is_batched(const walk *w, dw_graph_id id) {
    return dw_graph_at(w->g, id)->batch > 1;
}

static bool pair(walk *w, dw_elem_binary op, dw_graph_id x, dw_graph_id y, dw_graph_id *out) {
    return dw_graph_pair(w->g, op, x, y, out, w->err);
}

static bool is_number(const walk *w, dw_graph_id id, double number) {
    const dw_graph_node *node = dw_graph_at(w->g, id);
    if (node->op == DW_OP_SPREAD)
        node = dw_graph_at(w->g, node->input[0]);
    return node->op == DW_OP_CONSTANT && node->value->size == 1 && node->value->data[0] == number;
}

/* Whether x is a choice with 0 on one side; *inner is then the other side (a number may stand for
 * an array of it). Else *inner stays as it is: it may be where x came from. */
static bool is_masked(const walk *w, dw_graph_id x, mask *by, dw_graph_id *inner) {
    const dw_graph_node *node = dw_graph_at(w->g, x);
    if (node->op == DW_OP_SPREAD)
        node = dw_graph_at(w->g, node->input[0]);
    if (node->op != DW_OP_CHOOSE)
        return false;
    by->condition = node->input[0];
    by->negated = is_number(w, node->input[1], 0);
    if (!by->negated && !is_number(w, node->input[2], 0))
        return false;
    *inner = node->input[by->negated ? 2 : 1];
    return true;
}

static bool is_known(const walk *w, dw_graph_id id) {
    const dw_graph_node *node = dw_graph_at(w->g, id);
    if (node->op == DW_OP_SPREAD)
        node = dw_graph_at(w->g, node->input[0]);
    return node->op == DW_OP_CONSTANT;
}

/* A mask on a known gradient is no constant, so that it is seen to be a mask. */
static bool put_mask(walk *w, mask m, dw_graph_id x, dw_graph_id *out) {
    if (is_known(w, m.condition) && is_known(w, x) && !dw_graph_copy(w->g, x, &x, w->err))
        return false;
    return dw_graph_choose(w->g, m.condition, m.negated ? w->zero : x, m.negated ? x : w->zero, out,
                           w->err);
}

/* x in a shape: spread if it is a number, reshaped if need be. */
static bool fit(walk *w, dw_graph_id x, dw_op_shape shape, dw_graph_id *out) {
    return size_of(w, x) == 1 ? dw_graph_spread(w->g, x, shape.rows, shape.columns, out, w->err)
                              : dw_graph_reshape(w->g, x, shape.rows, shape.columns, out, w->err);
}

/* The sum of a + b; what both have zeros for stays masked. */
static bool add(walk *w, dw_graph_id a, dw_graph_id b, dw_graph_id *out) {
    mask m, n;
    dw_graph_id x, y, sum;
    if (is_masked(w, a, &m, &x) && is_masked(w, b, &n, &y) && m.condition == n.condition &&
        m.negated == n.negated)
        return pair(w, DW_ELEM_ADD, x, y, &sum) && put_mask(w, m, sum, &sum) &&
               fit(w, sum, shape_of(w, a), out);
    return pair(w, DW_ELEM_ADD, a, b, out);
}

static bool put_masks(walk *w, bool batched, dw_graph_id x, dw_graph_id *out) {
    *out = x;
    for (unsigned i = w->mask_count; i-- > 0;)
        if (is_batched(w, w->masks[i].condition) == batched && !put_mask(w, w->masks[i], *out, out))
            return false;
    return true;
}

/* Adds x, which has the shape of the k-th input of the node being visited, to its gradient. */
static bool hand_on(walk *w, unsigned k, dw_graph_id x) {
    dw_graph_id *sum = &w->gradient[w->node.input[k]];
    if (!put_masks(w, false, x, &x))
        return false;
    if (*sum != DW_GRAPH_NONE)
        return add(w, *sum, x, sum);
    *sum = x;
    return true;
}

/* The sum over the samples of the node being visited; x may be the same for all. */
static bool sum_samples(walk *w, dw_graph_id x, dw_graph_id *out) {
    dw_graph_id count;
    if (is_batched(w, x))
        return dw_graph_batch_sum(w->g, x, out, w->err);
    return dw_graph_number(w->g, (double)w->node.batch, &count, w->err) &&
           pair(w, DW_ELEM_MULTIPLY, x, count, out);
}

/* Adds to the gradient of the k-th input of the node being visited. A gradient of a batched node
 * may be uniform: then it is the same for each sample. That of a uniform node is the sum. */
static bool give(walk *w, unsigned k, dw_graph_id x) {
    dw_graph_id to = w->node.input[k];
    return fit(w, x, shape_of(w, to), &x) && put_masks(w, true, x, &x) &&
           (is_batched(w, to) || sum_samples(w, x, &x)) && hand_on(w, k, x);
}

/* ---- element by element ---- */

/* Reads the words of a factor. */
static bool read_factor(walk *w, const word *words, dw_graph_id *out) {
    dw_graph_id stack[STACK], *top = stack;
    bool fine = true;
    for (; fine && words->kind != END; words++)
        switch (words->kind) {
        case LEFT:
        case RIGHT:
            *top++ = w->node.input[words->kind == RIGHT];
            break;
        case RESULT:
            *top++ = w->id;
            break;
        case CONSTANT:
            fine = dw_graph_number(w->g, words->number, top++, w->err);
            break;
        case TWICE:
            *top = top[-1];
            top++;
            break;
        case ONE_SIDE:
            fine = dw_graph_map(w->g, (dw_elem_unary)words->elem, top[-1], &top[-1], w->err);
            break;
        case BOTH_SIDES:
            top--;
            fine = pair(w, (dw_elem_binary)words->elem, top[-1], top[0], &top[-1]);
            break;
        case CHOICE:
            top -= 2;
            fine = dw_graph_choose(w->g, top[-1], top[0], top[1], &top[-1], w->err);
            break;
        case END:
            break;
        }
    *out = stack[0];
    return fine;
}

/* x times a factor. A factor that is a truth value lets x through where it holds: 0 where not, even
 * if x is not finite. In the same way zeros of x stay zeros, so that the branch of a choice that
 * was not taken never spoils the other. */
static bool scale(walk *w, dw_graph_id x, dw_graph_id factor, dw_graph_id *out) {
    mask masks[MASKS];
    unsigned count = 0;
    bool negative = false;
    dw_graph_node f = *dw_graph_at(w->g, factor);
    dw_op_shape shape = shape_of(w, x);
    while (count < MASKS && is_masked(w, x, &masks[count], &x))
        count++;
    if (!fit(w, x, shape, &x))
        return false;
    if (f.op == DW_OP_MAP && f.elem == DW_ELEM_NEGATE) {
        negative = true;
        factor = f.input[0];
        f = *dw_graph_at(w->g, factor);
    }
    bool fine;
    if (f.truth)
        fine = (size_of(w, factor) == 1 || fit(w, factor, shape, &factor)) &&
               dw_graph_choose(w->g, factor, x, w->zero, out, w->err);
    else if (f.op == DW_OP_PAIR && f.elem == DW_ELEM_DIVIDE && is_number(w, f.input[0], 1))
        fine = pair(w, DW_ELEM_DIVIDE, x, f.input[1], out);
    else
        fine = pair(w, DW_ELEM_MULTIPLY, x, factor, out);
    if (fine && negative)
        fine = dw_graph_map(w->g, DW_ELEM_NEGATE, *out, out, w->err);
    while (fine && count-- > 0)
        fine = put_mask(w, masks[count], *out, out);
    return fine && fit(w, *out, shape, out);
}

/* The sum of all elements; n times the number if they are all one. */
static bool total(walk *w, dw_graph_id x, dw_graph_id *out) {
    const dw_graph_node *node = dw_graph_at(w->g, x);
    dw_graph_id number = node->input[0], count;
    if (node->op != DW_OP_SPREAD)
        return dw_graph_sum(w->g, x, out, w->err);
    return dw_graph_number(w->g, (double)(node->rows * node->columns), &count, w->err) &&
           pair(w, DW_ELEM_MULTIPLY, number, count, out);
}

/* Hands incoming*factor on to an input, summed up if that is one number for many elements. */
static bool give_scaled(walk *w, unsigned k, dw_graph_id factor) {
    dw_graph_id x = w->incoming, number = dw_graph_at(w->g, x)->input[0];
    bool one_for_many = size_of(w, w->node.input[k]) == 1 && size_of(w, w->id) != 1;
    if (is_number(w, factor, 0))
        return true;
    if (one_for_many && size_of(w, factor) == 1)
        return total(w, x, &x) && scale(w, x, factor, &x) && give(w, k, x);
    if (one_for_many && dw_graph_at(w->g, x)->op == DW_OP_SPREAD)
        return total(w, factor, &factor) && scale(w, number, factor, &x) && give(w, k, x);
    return scale(w, x, factor, &x) && (!one_for_many || total(w, x, &x)) && give(w, k, x);
}

static bool back_MAP(walk *w) {
    dw_graph_id factor;
    return read_factor(w, unary_factors[w->node.elem], &factor) && give_scaled(w, 0, factor);
}

/* Of x.*x: twice the incoming, which often is one number, times x. */
static bool back_power2(walk *w) {
    return pair(w, DW_ELEM_ADD, w->incoming, w->incoming, &w->incoming) &&
           give_scaled(w, 0, w->node.input[0]);
}

static bool back_PAIR(walk *w) {
    dw_graph_id factor;
    if (w->node.elem == DW_ELEM_MULTIPLY && w->node.input[0] == w->node.input[1])
        return back_power2(w);
    if (w->matters[w->node.input[0]] &&
        !(read_factor(w, left_factors[w->node.elem], &factor) && give_scaled(w, 0, factor)))
        return false;
    return !w->matters[w->node.input[1]] ||
           (read_factor(w, right_factors[w->node.elem], &factor) && give_scaled(w, 1, factor));
}

static bool back_CHOOSE(walk *w) {
    for (unsigned k = 1; k <= 2; k++) {
        dw_graph_id x;
        bool one_for_many = size_of(w, w->node.input[k]) == 1 && size_of(w, w->id) != 1;
        if (!w->matters[w->node.input[k]])
            continue;
        if (!put_mask(w, (mask){w->node.input[0], k == 2}, w->incoming, &x) ||
            (one_for_many && !total(w, x, &x)) || !give(w, k, x))
            return false;
    }
    return true;
}

/* ---- matrices ---- */

static bool transpose(walk *w, dw_graph_id x, dw_graph_id *out) {
    return dw_graph_transpose(w->g, x, out, w->err);
}

static bool product(walk *w, dw_graph_id x, dw_graph_id y, dw_graph_id *out) {
    return dw_graph_product(w->g, x, y, out, w->err);
}

/* Of a*b: to a incoming*b', to b a'*incoming. */
static bool back_PRODUCT(walk *w) {
    dw_graph_id a = w->node.input[0], b = w->node.input[1], turned, x;
    if (w->matters[a] &&
        !(transpose(w, b, &turned) && product(w, w->incoming, turned, &x) && give(w, 0, x)))
        return false;
    return !w->matters[b] ||
           (transpose(w, a, &turned) && product(w, turned, w->incoming, &x) && give(w, 1, x));
}

static bool back_TRANSPOSE(walk *w) {
    dw_graph_id x;
    return transpose(w, w->incoming, &x) && give(w, 0, x);
}

/* Of x with a*x = b, a square: v with a'*v = incoming goes to b, -v*x' to a. */
static bool back_square(walk *w) {
    dw_graph_id a = w->node.input[0], turned, v, x;
    if (!transpose(w, a, &turned) || !dw_graph_solve(w->g, turned, w->incoming, &v, w->err) ||
        (w->matters[w->node.input[1]] && !give(w, 1, v)))
        return false;
    return !w->matters[a] || (transpose(w, w->id, &turned) && product(w, v, turned, &x) &&
                              dw_graph_map(w->g, DW_ELEM_NEGATE, x, &x, w->err) && give(w, 0, x));
}

/* Of the x with the smallest |a*x - b|: with v from a'*a*v = incoming, a*v goes to b and
 * (b - a*x)*v' - a*v*x' to a. */
static bool back_tall(walk *w) {
    dw_graph_id a = w->node.input[0], b = w->node.input[1], turned, square, v, av, x, y;
    if (!transpose(w, a, &turned) || !product(w, turned, a, &square) ||
        !dw_graph_solve(w->g, square, w->incoming, &v, w->err) || !product(w, a, v, &av) ||
        (w->matters[b] && !give(w, 1, av)))
        return false;
    return !w->matters[a] ||
           (product(w, a, w->id, &x) && pair(w, DW_ELEM_SUBTRACT, b, x, &x) &&
            transpose(w, v, &v) && product(w, x, v, &x) && transpose(w, w->id, &turned) &&
            product(w, av, turned, &y) && pair(w, DW_ELEM_SUBTRACT, x, y, &x) && give(w, 0, x));
}

static bool back_SOLVE(walk *w) {
    dw_op_shape a = shape_of(w, w->node.input[0]);
    return a.rows == a.columns ? back_square(w) : back_tall(w);
}

/* ---- shapes, sums, places ---- */

static bool back_nothing(walk *w) {
    (void)w;
    return true;
}

#define back_INPUT back_nothing
#define back_CONSTANT back_nothing

static bool back_as_it_is(walk *w) {
    return give(w, 0, w->incoming);
}

/* `give` brings a gradient into the shape of the input. */
#define back_COPY back_as_it_is
#define back_RESHAPE back_as_it_is
#define back_SUM back_as_it_is

static bool back_SPREAD(walk *w) {
    dw_graph_id x;
    return total(w, w->incoming, &x) && give(w, 0, x);
}

/* x/|x|, and 0 where that has no direction. */
static bool back_NORM(walk *w) {
    dw_graph_id none, x;
    return pair(w, DW_ELEM_EQUAL, w->id, w->zero, &none) &&
           pair(w, DW_ELEM_DIVIDE, w->incoming, w->id, &x) &&
           put_mask(w, (mask){none, true}, x, &x) &&
           pair(w, DW_ELEM_MULTIPLY, w->node.input[0], x, &x) && give(w, 0, x);
}

static bool back_extreme(walk *w) {
    dw_graph_id equals, count, x;
    return pair(w, DW_ELEM_EQUAL, w->node.input[0], w->id, &equals) &&
           dw_graph_sum(w->g, equals, &count, w->err) &&
           pair(w, DW_ELEM_DIVIDE, w->incoming, count, &x) &&
           put_mask(w, (mask){equals, false}, x, &x) && give(w, 0, x);
}

#define back_LARGEST back_extreme
#define back_SMALLEST back_extreme

static bool back_GATHER(walk *w) {
    dw_graph_id x;
    dw_op_shape shape = shape_of(w, w->node.input[0]);
    return dw_graph_place(w->g, w->incoming, w->node.places, shape.rows, shape.columns, &x,
                          w->err) &&
           give(w, 0, x);
}

static bool back_PLACE(walk *w) {
    dw_graph_id x;
    dw_op_shape shape = shape_of(w, w->node.input[0]);
    return dw_graph_gather(w->g, w->incoming, w->node.places, shape.rows, shape.columns, &x,
                           w->err) &&
           give(w, 0, x);
}

/* ---- samples ---- */

#define back_BATCH_SUM back_as_it_is
#define back_BATCH_SPREAD back_as_it_is
#define back_DETACH back_nothing
#define back_RANDOM back_nothing

static bool back_PICK(walk *w) {
    dw_graph_id x, index = w->node.input[1];
    dw_op_shape table = shape_of(w, w->node.input[0]);
    if (table.batch > 1 && !is_batched(w, w->incoming) && !is_batched(w, index))
        table.batch = 1; /* the same for each sample */
    return !w->matters[w->node.input[0]] ||
           (dw_graph_put(w->g, w->incoming, index, table, &x, w->err) && hand_on(w, 0, x));
}

static bool back_PUT(walk *w) {
    dw_graph_id x;
    return !w->matters[w->node.input[0]] ||
           (dw_graph_pick(w->g, w->incoming, w->node.input[1], &x, w->err) && give(w, 0, x));
}

/* Every rule hands its results on to inputs that matter, or to the only input. */
static bool (*const back[])(walk *w) = {
#define DW_OP(name, arity, what) back_##name,
#include "graph/op.def"
};

/* ---- from the result to the inputs ---- */

/* Whether masks of single samples have to stay on the incoming gradient: PICK and PRODUCT add up
 * samples in one go when they may do so at once. */
static bool adds_up_samples(const walk *w) {
    bool uniform = w->node.batch == 1;
    for (unsigned k = 0; k < dw_op_arity(w->node.op); k++)
        uniform |= !is_batched(w, w->node.input[k]);
    return uniform && (w->node.op == DW_OP_PICK || w->node.op == DW_OP_PRODUCT);
}

static bool visit(walk *w, dw_graph_id id) {
    w->id = id;
    w->node = *dw_graph_at(w->g, id);
    w->incoming = w->gradient[id];
    for (w->mask_count = 0; w->mask_count < MASKS; w->mask_count++) {
        mask m;
        dw_graph_id inner;
        if (!is_masked(w, w->incoming, &m, &inner) || size_of(w, m.condition) != 1 ||
            (is_batched(w, m.condition) && adds_up_samples(w)))
            break;
        w->masks[w->mask_count] = m;
        if (!fit(w, inner, shape_of(w, id), &w->incoming))
            return false;
    }
    return back[w->node.op](w);
}

static void find_what_matters(walk *w, size_t nodes, const dw_graph_id *by, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (by[i] < nodes)
            w->matters[by[i]] = true;
    for (size_t id = 0; id < nodes; id++) {
        const dw_graph_node *node = dw_graph_at(w->g, (dw_graph_id)id);
        bool ends = node->op == DW_OP_DETACH || node->op == DW_OP_RANDOM;
        for (unsigned k = 0; !ends && k < dw_op_arity(node->op); k++)
            w->matters[id] |= w->matters[node->input[k]];
        w->gradient[id] = DW_GRAPH_NONE;
    }
}

/* The gradient by a node in its shape, or NONE. */
static bool take(walk *w, size_t nodes, dw_graph_id by, dw_graph_id *out) {
    *out = by < nodes ? w->gradient[by] : DW_GRAPH_NONE;
    return *out == DW_GRAPH_NONE ||
           dw_graph_batch_spread(w->g, *out, dw_graph_at(w->g, by)->batch, out, w->err);
}

bool dw_derive_gradient(dw_graph *g, dw_graph_id y, const dw_graph_id *by, size_t count,
                        dw_graph_id *out, dw_err *err) {
    size_t nodes = (size_t)y + 1;
    walk w = {.g = g, .err = err};
    if (size_of(&w, y) != 1)
        return dw_err_set(err, DW_ERR_SHAPE,
                          "a gradient is that of one number, but here is a %zu×%zu matrix; sum up "
                          "its elements or take one of them",
                          dw_graph_at(g, y)->rows, dw_graph_at(g, y)->columns);
    w.matters = dw_mem_array(g->mem, nodes, sizeof *w.matters);
    w.gradient = dw_mem_array(g->mem, nodes, sizeof *w.gradient);
    bool fine = w.matters && w.gradient;
    if (fine) {
        find_what_matters(&w, nodes, by, count);
        fine = dw_graph_number(g, 0, &w.zero, err) && dw_graph_number(g, 1, &w.gradient[y], err);
    } else {
        dw_err_memory(err, "the steps of a gradient");
    }
    for (size_t id = nodes; fine && id-- > 0;)
        if (w.matters[id] && w.gradient[id] != DW_GRAPH_NONE)
            fine = visit(&w, (dw_graph_id)id);
    for (size_t i = 0; fine && i < count; i++)
        fine = take(&w, nodes, by[i], &out[i]);
    dw_mem_free(w.matters);
    dw_mem_free(w.gradient);
    return fine;
}
