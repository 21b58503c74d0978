/* SPDX-License-Identifier: BSD-3-Clause */
/* Every row of elem.def and op.def: first and second derivatives against central differences at
 * random points and shapes; and what differences cannot see: kinks, branches, 0, confusion. */
#include "graphs.h"

static dw_mem mem;

enum { INPUTS = 3, MOST = 12 };

/* A function of up to three arrays. */
typedef struct problem {
    const char *name;
    dw_graph_id (*build)(dw_graph *g, const struct problem *p, const dw_graph_id *in);
    int op;
    double lo, hi;
    unsigned count;
    size_t rows[INPUTS], columns[INPUTS];
} problem;

typedef struct {
    dw_plan *plan;
    double values[INPUTS][MOST];
} trial;

static double value_of(trial *t) {
    dw_err err = {0};
    double out, *outputs[] = {&out};
    const double *inputs[] = {t->values[0], t->values[1], t->values[2]};
    assert_true(dw_plan_run(t->plan, inputs, outputs, NULL, &err));
    return out;
}

static double slope_of(trial *t, unsigned input_number, size_t i) {
    double *x = &t->values[input_number][i], at = *x, h = 1e-5;
    *x = at + h;
    double above = value_of(t);
    *x = at - h;
    double below = value_of(t);
    *x = at;
    return (above - below) / (2 * h);
}

/* Compares the gradient of node y by one input with differences; `derived` is NONE for a zero. */
static void compare(const problem *p, dw_graph *g, trial *t, dw_graph_id y, dw_graph_id derived,
                    unsigned k) {
    dw_err err = {0};
    double found[MOST] = {0};
    size_t n = p->rows[k] * p->columns[k];
    const double *inputs[] = {t->values[0], t->values[1], t->values[2]};
    if (derived != DW_GRAPH_NONE) {
        assert_int_equal(dw_graph_at(g, derived)->rows, p->rows[k]);
        assert_int_equal(dw_graph_at(g, derived)->columns, p->columns[k]);
        run_once(&mem, g, derived, inputs, found);
    }
    t->plan = dw_plan_new(&mem, g, &y, 1, &err);
    assert_non_null(t->plan);
    for (size_t i = 0; i < n; i++) {
        double slope = slope_of(t, k, i);
        if (!(fabs(found[i] - slope) <= 2e-6 * (1 + fabs(slope))))
            fail_msg("%s, input %u, element %zu: %.12g, but differences give %.12g", p->name, k, i,
                     found[i], slope);
    }
    dw_plan_free(&t->plan);
}

/* First derivatives by every input, and of a random combination of each the second ones. */
static void try_problem(const problem *p, dw_rng *rng) {
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    dw_graph_id in[INPUTS], first[INPUTS];
    trial t;
    assert_non_null(g);
    for (unsigned k = 0; k < p->count; k++) {
        in[k] = input(g, k, p->rows[k], p->columns[k]);
        for (size_t i = 0; i < p->rows[k] * p->columns[k]; i++)
            t.values[k][i] = between(rng, p->lo, p->hi);
    }
    dw_graph_id z = p->build(g, p, in);
    dw_graph_id y = sum(g, times(g, z, noise(g, &mem, rng, z)));
    assert_true(dw_derive_gradient(g, y, in, p->count, first, &err));
    for (unsigned k = 0; k < p->count; k++) {
        compare(p, g, &t, y, first[k], k);
        if (first[k] == DW_GRAPH_NONE)
            continue;
        dw_graph_id along = sum(g, times(g, first[k], noise(g, &mem, rng, first[k])));
        dw_graph_id second[INPUTS];
        assert_true(dw_derive_gradient(g, along, in, p->count, second, &err));
        for (unsigned j = 0; j < p->count; j++)
            compare(p, g, &t, along, second[j], j);
    }
    dw_graph_free(&g);
}

static const size_t shapes[][2] = {{1, 1}, {1, 3}, {4, 1}, {2, 3}, {1, 9}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static dw_graph_id build_map(dw_graph *g, const problem *p, const dw_graph_id *in) {
    return map(g, (dw_elem_unary)p->op, in[0]);
}

static void unary_operations(void **state) {
    (void)state;
    static const problem rows[] = {
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) \
    {#name, build_map, DW_ELEM_##name, lo, hi, 1, {0}, {0}},
#include "tensor/elem.def"
    };
    dw_rng rng = dw_rng_seed(1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t s = 0; s < SHAPES; s++) {
            problem p = rows[i];
            p.rows[0] = shapes[s][0];
            p.columns[0] = shapes[s][1];
            try_problem(&p, &rng);
        }
}

static dw_graph_id build_pair(dw_graph *g, const problem *p, const dw_graph_id *in) {
    return pair(g, (dw_elem_binary)p->op, in[0], in[1]);
}

static void operations_on_pairs(void **state) {
    (void)state;
    static const problem rows[] = {
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    {#name, build_pair, DW_ELEM_##name, lo, hi, 2, {0}, {0}},
#define DW_ELEM_COMPARE(name, sign, condition) \
    {#name, build_pair, DW_ELEM_##name, -1, 1, 2, {0}, {0}},
#include "tensor/elem.def"
    };
    static const size_t pairs[][4] = {{1, 1, 1, 1}, {1, 3, 1, 3}, {2, 3, 2, 3}, {1, 1, 2, 3},
                                      {4, 1, 1, 1}, {1, 4, 4, 1}, {4, 1, 1, 4}};
    dw_rng rng = dw_rng_seed(2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t s = 0; s < sizeof pairs / sizeof *pairs; s++) {
            problem p = rows[i];
            for (unsigned k = 0; k < 2; k++) {
                p.rows[k] = pairs[s][2 * k];
                p.columns[k] = pairs[s][2 * k + 1];
            }
            try_problem(&p, &rng);
        }
}

/* ---- the rows of op.def ---- */

static const size_t some_places[] = {3, 0, 3, 5, 1, 2};

static dw_graph_id known(dw_graph *g, size_t n, const double *numbers) {
    dw_err err = {0};
    dw_graph_id id;
    dw_tensor *t = dw_tensor_raw(&mem, 1, n, &err);
    assert_non_null(t);
    memcpy(t->data, numbers, n * sizeof *numbers);
    assert_true(dw_graph_constant(g, t, &id, &err));
    dw_tensor_release(t);
    return id;
}

/* x over the sum of x, the largest taken out first: that this is no derivative changes nothing. */
static bool build_share(dw_graph *g, dw_graph_id x, dw_graph_id *z) {
    dw_err err = {0};
    if (!dw_graph_largest(g, x, z, &err) || !dw_graph_detach(g, *z, z, &err))
        return false;
    x = pair(g, DW_ELEM_DIVIDE, x, *z);
    *z = pair(g, DW_ELEM_DIVIDE, x, sum(g, x));
    return true;
}

/* The operations that work across samples, or on indices. */
static bool build_sampled(dw_graph *g, const problem *p, const dw_graph_id *x, dw_graph_id *z) {
    dw_err err = {0};
    dw_graph_id index = known(g, 4, (double[]){2, 0, 2, 1});
    switch ((dw_op)p->op) {
    case DW_OP_BATCH_SUM:
        return dw_graph_batch_sum(g, x[0], z, &err);
    case DW_OP_BATCH_SPREAD:
        return dw_graph_batch_spread(g, x[0], dw_graph_at(g, x[0])->batch, z, &err);
    case DW_OP_DETACH:
        return build_share(g, x[0], z);
    case DW_OP_PICK:
        return dw_graph_pick(g, x[0], index, z, &err);
    case DW_OP_PUT:
        return dw_graph_put(g, x[0], index, (dw_op_shape){p->rows[0], 3, 1}, z, &err);
    case DW_OP_RANDOM:
        if (!dw_graph_random(g, known(g, 2, (double[]){7, 1}), 3,
                             (dw_op_shape){p->rows[0], p->columns[0], 1}, z, &err))
            return false;
        *z = times(g, *z, x[0]);
        return true;
    default:
        return false;
    }
}

/* The operations that need more than their inputs. */
static bool build_shaped(dw_graph *g, const problem *p, const dw_graph_id *x, dw_graph_id *z) {
    dw_err err = {0};
    switch ((dw_op)p->op) {
    case DW_OP_RESHAPE:
        return dw_graph_reshape(g, x[0], p->columns[0], p->rows[0], z, &err);
    case DW_OP_SPREAD:
        return dw_graph_spread(g, sum(g, x[0]), 2, 3, z, &err);
    case DW_OP_GATHER:
        return dw_graph_gather(g, x[0], some_places, 3, 2, z, &err);
    case DW_OP_PLACE:
        return dw_graph_place(g, x[0], some_places, 2, 4, z, &err);
    default:
        return build_sampled(g, p, x, z);
    }
}

static bool build_plain(dw_graph *g, const problem *p, const dw_graph_id *x, dw_graph_id *z) {
    dw_err err = {0};
    switch ((dw_op)p->op) {
    case DW_OP_COPY:
        return dw_graph_copy(g, x[0], z, &err);
    case DW_OP_PRODUCT:
        return dw_graph_product(g, x[0], x[1], z, &err);
    case DW_OP_TRANSPOSE:
        return dw_graph_transpose(g, x[0], z, &err);
    case DW_OP_SUM:
        return dw_graph_sum(g, x[0], z, &err);
    case DW_OP_NORM:
        return dw_graph_norm(g, x[0], z, &err);
    case DW_OP_LARGEST:
        return dw_graph_largest(g, x[0], z, &err);
    case DW_OP_SMALLEST:
        return dw_graph_smallest(g, x[0], z, &err);
    case DW_OP_SOLVE:
        return dw_graph_solve(g, x[0], x[1], z, &err);
    default:
        return build_shaped(g, p, x, z);
    }
}

/* Curved inputs and results, so that second derivatives are not 0. */
static dw_graph_id build_op(dw_graph *g, const problem *p, const dw_graph_id *in) {
    dw_err err = {0};
    dw_graph_id x[INPUTS] = {0}, z = in[0], condition;
    for (unsigned k = 0; k < p->count; k++)
        x[k] = map(g, DW_ELEM_EXP, in[k]);
    if (p->op == DW_OP_CONSTANT)
        z = times(g, number(g, 3), in[0]);
    else if (p->op == DW_OP_MAP)
        z = map(g, DW_ELEM_SIN, x[0]);
    else if (p->op == DW_OP_PAIR)
        z = times(g, x[0], in[0]);
    else if (p->op == DW_OP_CHOOSE) {
        condition = pair(g, DW_ELEM_LESS, in[0], number(g, 0));
        assert_true(dw_graph_choose(g, condition, x[1], x[2], &z, &err));
    } else if (p->op != DW_OP_INPUT)
        assert_true(build_plain(g, p, x, &z));
    return times(g, z, z);
}

/* At least one trial for each row of op.def. */
static const problem op_problems[] = {
    {"INPUT", build_op, DW_OP_INPUT, -1, 1, 1, {2}, {3}},
    {"CONSTANT", build_op, DW_OP_CONSTANT, -1, 1, 1, {2}, {3}},
    {"COPY", build_op, DW_OP_COPY, -1, 1, 1, {2}, {3}},
    {"MAP", build_op, DW_OP_MAP, -1, 1, 1, {3}, {3}},
    {"PAIR", build_op, DW_OP_PAIR, -1, 1, 1, {1}, {5}},
    {"CHOOSE", build_op, DW_OP_CHOOSE, -1, 1, 3, {2, 2, 2}, {3, 3, 3}},
    {"CHOOSE, numbers", build_op, DW_OP_CHOOSE, -1, 1, 3, {1, 1, 1}, {1, 1, 1}},
    {"CHOOSE, one for many", build_op, DW_OP_CHOOSE, -1, 1, 3, {2, 1, 2}, {3, 1, 3}},
    {"CHOOSE, whole", build_op, DW_OP_CHOOSE, -1, 1, 3, {1, 2, 1}, {1, 3, 1}},
    {"CHOOSE, whole arrays", build_op, DW_OP_CHOOSE, -1, 1, 3, {1, 4, 4}, {1, 1, 1}},
    {"CHOOSE, row and column", build_op, DW_OP_CHOOSE, -1, 1, 3, {1, 4, 1}, {4, 1, 4}},
    {"PRODUCT", build_op, DW_OP_PRODUCT, -1, 1, 2, {2, 3}, {3, 4}},
    {"PRODUCT, column", build_op, DW_OP_PRODUCT, -1, 1, 2, {4, 3}, {3, 1}},
    {"PRODUCT, outer", build_op, DW_OP_PRODUCT, -1, 1, 2, {3, 1}, {1, 4}},
    {"PRODUCT, inner", build_op, DW_OP_PRODUCT, -1, 1, 2, {1, 4}, {4, 1}},
    {"TRANSPOSE", build_op, DW_OP_TRANSPOSE, -1, 1, 1, {2}, {3}},
    {"TRANSPOSE, row", build_op, DW_OP_TRANSPOSE, -1, 1, 1, {1}, {3}},
    {"RESHAPE", build_op, DW_OP_RESHAPE, -1, 1, 1, {2}, {6}},
    {"SUM", build_op, DW_OP_SUM, -1, 1, 1, {2}, {4}},
    {"SPREAD", build_op, DW_OP_SPREAD, -1, 1, 1, {1}, {2}},
    {"NORM", build_op, DW_OP_NORM, -1, 1, 1, {3}, {2}},
    {"NORM, number", build_op, DW_OP_NORM, -1, 1, 1, {1}, {1}},
    {"LARGEST", build_op, DW_OP_LARGEST, -1, 1, 1, {1}, {6}},
    {"SMALLEST", build_op, DW_OP_SMALLEST, -1, 1, 1, {3}, {2}},
    {"GATHER", build_op, DW_OP_GATHER, -1, 1, 1, {2}, {3}},
    {"PLACE", build_op, DW_OP_PLACE, -1, 1, 1, {6}, {1}},
    {"SOLVE, tall", build_op, DW_OP_SOLVE, -1, 1, 2, {4, 4}, {2, 2}},
    {"SOLVE", build_op, DW_OP_SOLVE, -2, 2, 2, {3, 3}, {3, 2}},
    {"BATCH_SUM", build_op, DW_OP_BATCH_SUM, -1, 1, 1, {2}, {3}},
    {"BATCH_SPREAD", build_op, DW_OP_BATCH_SPREAD, -1, 1, 1, {2}, {3}},
    {"DETACH", build_op, DW_OP_DETACH, -1, 1, 1, {1}, {4}},
    {"PICK", build_op, DW_OP_PICK, -1, 1, 1, {2}, {3}},
    {"PUT", build_op, DW_OP_PUT, -1, 1, 1, {2}, {4}},
    {"RANDOM", build_op, DW_OP_RANDOM, -1, 1, 1, {2}, {3}},
};
enum { OP_PROBLEMS = sizeof op_problems / sizeof *op_problems };

static void other_operations(void **state) {
    (void)state;
    bool tried[DW_OPS] = {false};
    dw_rng rng = dw_rng_seed(5);
    for (size_t i = 0; i < OP_PROBLEMS; i++) {
        for (int times_tried = 0; times_tried < 3; times_tried++)
            try_problem(&op_problems[i], &rng);
        tried[op_problems[i].op] = true;
    }
    for (int op = 0; op < DW_OPS; op++)
        assert_true(tried[op]);
}

/* ---- what differences do not see ---- */

static dw_graph *new_graph(void) {
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    assert_non_null(g);
    return g;
}

/* The value of a node of one input with n numbers. */
static void values_at(dw_graph *g, dw_graph_id id, const double *x, double *out) {
    const double *inputs[] = {x};
    assert_int_not_equal(id, DW_GRAPH_NONE);
    run_once(&mem, g, id, inputs, out);
}

static double value_at(dw_graph *g, dw_graph_id id, double x) {
    double out;
    values_at(g, id, &x, &out);
    return out;
}

static void powers_are_smooth_everywhere(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 1, 1);
    dw_graph_id square = gradient(g, pair(g, DW_ELEM_POWER, x, number(g, 2)), x);
    dw_graph_id cube = gradient(g, pair(g, DW_ELEM_POWER, x, number(g, 3)), x);
    dw_graph_id cube2 = gradient(g, cube, x), cube3 = gradient(g, cube2, x);
    assert_true(value_at(g, square, 0) == 0);
    assert_true(value_at(g, square, -1.5) == -3);
    assert_true(value_at(g, cube, -2) == 12);
    assert_true(value_at(g, cube, 0) == 0);
    assert_true(value_at(g, cube2, -2) == -12);
    assert_true(value_at(g, cube2, 0) == 0);
    assert_true(value_at(g, cube3, 0) == 6);
    assert_int_equal(gradient(g, pair(g, DW_ELEM_POWER, x, number(g, 0)), x), DW_GRAPH_NONE);
    dw_graph_id self = gradient(g, pair(g, DW_ELEM_POWER, x, x), x);
    assert_true(fabs(value_at(g, self, 2) - 4 * (log(2) + 1)) < 1e-12);
    dw_graph_free(&g);
}

static void a_norm_has_no_slope_at_zero(void **state) {
    (void)state;
    dw_err err = {0};
    double zeros[3] = {0, 0, 0}, out[3] = {1, 1, 1}, some[3] = {3, 0, 4};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 3, 1), y;
    assert_true(dw_graph_norm(g, x, &y, &err));
    dw_graph_id slope = gradient(g, y, x);
    values_at(g, slope, zeros, out);
    assert_true(out[0] == 0 && out[1] == 0 && out[2] == 0);
    values_at(g, slope, some, out);
    assert_true(fabs(out[0] - 0.6) < 1e-15 && out[1] == 0 && fabs(out[2] - 0.8) < 1e-15);
    dw_graph_id second = gradient(g, sum(g, slope), x);
    values_at(g, second, zeros, out);
    assert_true(out[0] == 0 && out[1] == 0 && out[2] == 0);
    dw_graph_free(&g);
}

static void equal_extremes_share(void **state) {
    (void)state;
    dw_err err = {0};
    double x[4] = {2, 5, 5, 1}, out[4];
    dw_graph *g = new_graph();
    dw_graph_id in = input(g, 0, 1, 4), y;
    assert_true(dw_graph_largest(g, in, &y, &err));
    values_at(g, gradient(g, y, in), x, out);
    assert_true(out[0] == 0 && out[1] == 0.5 && out[2] == 0.5 && out[3] == 0);
    assert_true(dw_graph_smallest(g, in, &y, &err));
    values_at(g, gradient(g, y, in), x, out);
    assert_true(out[0] == 0 && out[1] == 0 && out[2] == 0 && out[3] == 1);
    dw_graph_free(&g);
}

static void kinks_have_the_slope_of_one_side(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 1, 1), zero = number(g, 0);
    assert_true(value_at(g, gradient(g, map(g, DW_ELEM_RELU, x), x), 0) == 0);
    assert_true(value_at(g, gradient(g, map(g, DW_ELEM_ABS, x), x), 0) == 0);
    assert_true(value_at(g, gradient(g, pair(g, DW_ELEM_MAX, x, zero), x), 0) == 0);
    assert_true(value_at(g, gradient(g, pair(g, DW_ELEM_MAX, x, zero), x), 1) == 1);
    assert_true(value_at(g, gradient(g, pair(g, DW_ELEM_MIN, x, zero), x), -1) == 1);
    assert_true(value_at(g, gradient(g, pair(g, DW_ELEM_MAX, x, x), x), 3) == 1);
    dw_graph_free(&g);
}

/* log(x) when x > 0 otherwise 0, its square root likewise: at 0 and below the other branch is not a
 * number, but its gradient counts for nothing. */
static void the_branch_not_taken_counts_for_nothing(void **state) {
    (void)state;
    dw_err err = {0};
    double x[4] = {-1, 0, 4, 1}, out[4];
    for (size_t n = 1; n <= 4; n += 3) {
        dw_graph *g = new_graph();
        dw_graph_id in = input(g, 0, 1, n), y;
        dw_graph_id positive = pair(g, DW_ELEM_GREATER, in, number(g, 0));
        dw_graph_id root = map(g, DW_ELEM_SQRT, in);
        dw_graph_id both = times(g, map(g, DW_ELEM_LOG, root), root);
        assert_true(dw_graph_choose(g, positive, both, number(g, 0), &y, &err));
        dw_graph_id first = gradient(g, sum(g, y), in);
        values_at(g, first, n == 1 ? &x[1] : x, out);
        assert_true(out[0] == 0);
        if (n == 4) {
            assert_true(out[1] == 0 && fabs(out[2] - (log(2) + 1) / 4) < 1e-15 && out[3] == 0.5);
            values_at(g, gradient(g, sum(g, first), in), x, out);
            assert_true(out[0] == 0 && out[1] == 0 && isfinite(out[2]));
        }
        dw_graph_free(&g);
    }
}

/* One condition over a computation on arrays: products, sums and places stay out of the way too. */
static void a_whole_branch_not_taken_counts_for_nothing(void **state) {
    (void)state;
    dw_err err = {0};
    double x[2] = {-1, 0}, out[2];
    dw_graph *g = new_graph();
    dw_graph_id in = input(g, 0, 1, 2), turned, y;
    dw_graph_id total = sum(g, in), positive = pair(g, DW_ELEM_GREATER, total, number(g, 0));
    dw_graph_id logs = map(g, DW_ELEM_LOG, in);
    assert_true(dw_graph_transpose(g, logs, &turned, &err));
    assert_true(dw_graph_product(g, logs, turned, &y, &err));
    assert_true(dw_graph_choose(g, positive, y, total, &y, &err));
    values_at(g, gradient(g, y, in), x, out);
    assert_true(out[0] == 1 && out[1] == 1);
    dw_graph_free(&g);
}

static void what_does_not_depend_has_no_gradient(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 1, 1), y = input(g, 1, 2, 2), by[3] = {x, y, x}, out[3];
    dw_graph_id z = map(g, DW_ELEM_SIN, x);
    assert_true(dw_derive_gradient(g, z, by, 3, out, &err));
    assert_int_equal(out[1], DW_GRAPH_NONE);
    assert_int_equal(out[0], out[2]);
    assert_int_equal(gradient(g, map(g, DW_ELEM_FLOOR, x), x), DW_GRAPH_NONE);
    assert_int_equal(gradient(g, number(g, 4), x), DW_GRAPH_NONE);
    assert_int_equal(gradient(g, z, map(g, DW_ELEM_EXP, z)), DW_GRAPH_NONE);
    assert_true(value_at(g, gradient(g, z, z), 0) == 1);
    assert_false(dw_derive_gradient(g, y, &x, 1, out, &err));
    assert_int_equal(err.kind, DW_ERR_SHAPE);
    dw_graph_free(&g);
}

/* d/dx (x * d/dy (x + y)) at y = x is 1. Without a copy the inner derivative would see both. */
static void copies_keep_derivatives_apart(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 1, 1), y;
    assert_true(dw_graph_copy(g, x, &y, &err));
    dw_graph_id inner = gradient(g, pair(g, DW_ELEM_ADD, x, y), y);
    dw_graph_id outer = gradient(g, times(g, x, inner), x);
    assert_true(value_at(g, outer, 1) == 1);
    dw_graph_id confused = gradient(g, pair(g, DW_ELEM_ADD, x, x), x);
    assert_true(value_at(g, gradient(g, times(g, x, confused), x), 1) == 2);
    assert_true(dw_graph_copy(g, number(g, 3), &y, &err)); /* a slope at a known point */
    assert_true(value_at(g, gradient(g, times(g, y, y), y), 0) == 6);
    dw_graph_free(&g);
}

/* The n-th derivative of sin(x)*x in turns; nodes grow by a factor, not by their squares. */
static void gradients_have_gradients(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 1, 1), y = times(g, map(g, DW_ELEM_SIN, x), x);
    for (int n = 1; n <= 4; n++)
        y = gradient(g, y, x);
    double at = 0.7; /* x sin x - 4 cos x */
    assert_true(fabs(value_at(g, y, at) - (at * sin(at) - 4 * cos(at))) < 1e-14);
    assert_true(dw_graph_count(g) < 120);
    dw_graph_free(&g);
}

static void a_long_function_has_a_gradient_as_long(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 1, 1), y = x;
    for (int i = 0; i < 20000; i++)
        y = map(g, DW_ELEM_SIN, pair(g, DW_ELEM_ADD, y, x));
    size_t before = dw_graph_count(g);
    dw_graph_id slope = gradient(g, y, x);
    assert_true(dw_graph_count(g) - before < 3 * before);
    assert_true(isfinite(value_at(g, slope, 0.3)));
    dw_graph_free(&g);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_err err = {0};
        dw_graph *g = new_graph();
        dw_graph_id in[2] = {input(g, 0, 3, 3), input(g, 1, 3, 1)}, z, out[2];
        assert_true(dw_graph_solve(g, in[0], in[1], &z, &err));
        dw_graph_id y = sum(g, times(g, map(g, DW_ELEM_GELU, z), map(g, DW_ELEM_RELU, in[1])));
        mem.fail_at = n;
        done = dw_derive_gradient(g, y, in, 2, out, &err);
        mem.fail_at = 0;
        assert_true(done || err.kind == DW_ERR_MEMORY);
        assert_true(!done || n > 5);
        dw_graph_free(&g);
    }
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(unary_operations, nothing_is_left),
        cmocka_unit_test_teardown(operations_on_pairs, nothing_is_left),
        cmocka_unit_test_teardown(other_operations, nothing_is_left),
        cmocka_unit_test_teardown(powers_are_smooth_everywhere, nothing_is_left),
        cmocka_unit_test_teardown(a_norm_has_no_slope_at_zero, nothing_is_left),
        cmocka_unit_test_teardown(equal_extremes_share, nothing_is_left),
        cmocka_unit_test_teardown(kinks_have_the_slope_of_one_side, nothing_is_left),
        cmocka_unit_test_teardown(the_branch_not_taken_counts_for_nothing, nothing_is_left),
        cmocka_unit_test_teardown(a_whole_branch_not_taken_counts_for_nothing, nothing_is_left),
        cmocka_unit_test_teardown(what_does_not_depend_has_no_gradient, nothing_is_left),
        cmocka_unit_test_teardown(copies_keep_derivatives_apart, nothing_is_left),
        cmocka_unit_test_teardown(gradients_have_gradients, nothing_is_left),
        cmocka_unit_test_teardown(a_long_function_has_a_gradient_as_long, nothing_is_left),
        cmocka_unit_test_teardown(lack_of_memory_is_an_error, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
