/* SPDX-License-Identifier: BSD-3-Clause */
/* Every row of elem.def and op.def: first and second derivatives against central differences at
 * random points and shapes; and what differences cannot see: kinks, branches, 0, confusion. */
#include "problems.h"

static dw_mem mem;

/* A problem in a graph, and where it is tried. */
typedef struct {
    const problem *p;
    problem_batches batches;
    dw_graph *g;
    dw_graph_id in[PROBLEM_INPUTS];
    double values[PROBLEM_INPUTS][PROBLEM_MOST * PROBLEM_SAMPLES];
} trial;

static size_t batch_of(const trial *t, unsigned k) {
    return t->batches >> k & 1 ? PROBLEM_SAMPLES : 1;
}

static void values_of(const trial *t, dw_graph_id id, double *out) {
    const double *inputs[] = {t->values[0], t->values[1], t->values[2]};
    evaluate(&mem, t->g, id, inputs, out);
}

static double slope_of(trial *t, dw_graph_id y, unsigned k, size_t i) {
    double *x = &t->values[k][i], at = *x, h = 1e-5, above, below;
    *x = at + h;
    values_of(t, y, &above);
    *x = at - h;
    values_of(t, y, &below);
    *x = at;
    return (above - below) / (2 * h);
}

/* Compares the gradient of node y by one input with differences; `derived` is NONE for a zero. */
static void compare(trial *t, dw_graph_id y, dw_graph_id derived, unsigned k) {
    const problem *p = t->p;
    double found[PROBLEM_MOST * PROBLEM_SAMPLES] = {0};
    if (derived != DW_GRAPH_NONE) {
        const dw_graph_node *node = dw_graph_at(t->g, derived);
        assert_int_equal(node->rows, p->rows[k]);
        assert_int_equal(node->columns, p->columns[k]);
        assert_int_equal(node->batch, batch_of(t, k));
        values_of(t, derived, found);
    }
    for (size_t i = 0; i < problem_size(p, k) * batch_of(t, k); i++) {
        double slope = slope_of(t, y, k, i);
        if (!(fabs(found[i] - slope) <= 2e-6 * (1 + fabs(slope))))
            fail_msg("%s, batches %u, input %u, number %zu: %.12g, but differences give %.12g",
                     p->name, t->batches, k, i, found[i], slope);
    }
}

/* A random combination of all numbers of a node. */
static dw_graph_id combine(dw_graph *g, dw_rng *rng, dw_graph_id z) {
    dw_err err = {0};
    assert_true(dw_graph_batch_sum(g, sum(g, times(g, z, noise(g, &mem, rng, z))), &z, &err));
    return z;
}

/* First derivatives by every input, and of a random combination of each the second ones. */
static void try_batches(const problem *p, problem_batches batches, dw_rng *rng) {
    dw_err err = {0};
    dw_graph_id first[PROBLEM_INPUTS], second[PROBLEM_INPUTS];
    trial t = {.p = p, .batches = batches, .g = dw_graph_new(&mem, &err)};
    assert_non_null(t.g);
    for (unsigned k = 0; k < p->count; k++)
        for (size_t i = 0; i < problem_size(p, k) * batch_of(&t, k); i++)
            t.values[k][i] = between(rng, p->lo, p->hi);
    dw_graph_id z = problem_build(t.g, p, batches, PROBLEM_SAMPLES, t.in);
    dw_graph_id y = combine(t.g, rng, z), plain;
    /* The gradient of a plain sum is the same for all samples until something makes it differ. */
    assert_true(dw_graph_batch_sum(t.g, sum(t.g, z), &plain, &err));
    assert_true(dw_derive_gradient(t.g, plain, t.in, p->count, first, &err));
    for (unsigned k = 0; k < p->count; k++)
        compare(&t, plain, first[k], k);
    assert_true(dw_derive_gradient(t.g, y, t.in, p->count, first, &err));
    for (unsigned k = 0; k < p->count; k++) {
        compare(&t, y, first[k], k);
        if (first[k] == DW_GRAPH_NONE)
            continue;
        dw_graph_id along = combine(t.g, rng, first[k]);
        assert_true(dw_derive_gradient(t.g, along, t.in, p->count, second, &err));
        for (unsigned j = 0; j < p->count; j++)
            compare(&t, along, second[j], j);
    }
    dw_graph_free(&t.g);
}

static void try_problem(const problem *p, dw_rng *rng) {
    for (problem_batches batches = 0; batches < 1u << p->count; batches++)
        try_batches(p, batches, rng);
}

/* One sample of the inputs of a problem in a graph without batches: its value, and the gradient of
 * the sum of its elements by input 0. */
static void run_alone(const trial *t, size_t s, double *value, double *slope) {
    dw_err err = {0};
    double numbers[PROBLEM_INPUTS][PROBLEM_MOST];
    const double *inputs[] = {numbers[0], numbers[1], numbers[2]};
    dw_graph_id in[PROBLEM_INPUTS];
    dw_graph *g = dw_graph_new(&mem, &err);
    assert_non_null(g);
    for (unsigned k = 0; k < t->p->count; k++)
        for (size_t i = 0; i < problem_size(t->p, k); i++)
            numbers[k][i] = t->values[k][batch_of(t, k) == 1 ? i : i * PROBLEM_SAMPLES + s];
    dw_graph_id z = problem_build(g, t->p, 0, 1, in), first;
    evaluate(&mem, g, z, inputs, value);
    first = gradient(g, sum(g, z), in[0]);
    if (first != DW_GRAPH_NONE)
        evaluate(&mem, g, first, inputs, slope);
    dw_graph_free(&g);
}

static void expect_sample(const trial *t, dw_graph_id id, const double *alone, size_t s) {
    double all[PROBLEM_MOST * PROBLEM_MOST * PROBLEM_SAMPLES];
    const dw_graph_node *node = dw_graph_at(t->g, id);
    assert_int_equal(node->batch, PROBLEM_SAMPLES);
    values_of(t, id, all);
    for (size_t i = 0; i < node->rows * node->columns; i++)
        if (memcmp(&all[i * PROBLEM_SAMPLES + s], &alone[i], sizeof *alone) != 0)
            fail_msg("%s, batches %u, element %zu of sample %zu: %.17g, but alone %.17g",
                     t->p->name, t->batches, i, s, all[i * PROBLEM_SAMPLES + s], alone[i]);
}

/* Every sample has the bits it has alone, and so has its gradient by what is its own. */
static void try_samples(const problem *p, dw_rng *rng) {
    dw_err err = {0};
    for (problem_batches batches = 1; batches < 1u << p->count && !problem_mixes(p); batches++) {
        double value[PROBLEM_MOST * PROBLEM_MOST], slope[PROBLEM_MOST];
        trial t = {.p = p, .batches = batches, .g = dw_graph_new(&mem, &err)};
        assert_non_null(t.g);
        for (unsigned k = 0; k < p->count; k++)
            for (size_t i = 0; i < problem_size(p, k) * batch_of(&t, k); i++)
                t.values[k][i] = between(rng, p->lo, p->hi);
        dw_graph_id z = problem_build(t.g, p, batches, PROBLEM_SAMPLES, t.in);
        dw_graph_id first = gradient(t.g, sum(t.g, z), t.in[0]);
        for (size_t s = 0; s < PROBLEM_SAMPLES; s++) {
            run_alone(&t, s, value, slope);
            expect_sample(&t, z, value, s);
            if (first != DW_GRAPH_NONE && batch_of(&t, 0) > 1)
                expect_sample(&t, first, slope, s);
        }
        dw_graph_free(&t.g);
    }
}

static void samples_are_what_they_are_alone(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(8);
    each_unary(try_samples, &rng);
    each_pair(try_samples, &rng);
    each_operation(try_samples, &rng);
}

static void unary_operations(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(1);
    each_unary(try_problem, &rng);
}

static void operations_on_pairs(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(2);
    each_pair(try_problem, &rng);
}

static void other_operations(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(5);
    each_operation(try_problem, &rng);
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

/* The same when it is known beforehand where the condition holds. */
static void known_branches_count_for_nothing_too(void **state) {
    (void)state;
    dw_err err = {0};
    for (size_t batch = 1; batch <= 2; batch++) {
        double out, at = 3;
        dw_graph *g = new_graph();
        dw_graph_id w = input(g, 0, 1, 1), k, y;
        dw_tensor *t = dw_tensor_raw(&mem, 1, 2, &err);
        assert_non_null(t);
        t->data[0] = 0;
        t->data[1] = 4;
        dw_op_shape shape = {1, batch == 1 ? 2 : 1, batch};
        assert_true(dw_graph_samples(g, t, shape, &k, &err));
        dw_tensor_release(t);
        dw_graph_id large = pair(g, DW_ELEM_GREATER, k, number(g, 3));
        dw_graph_id logs = times(g, map(g, DW_ELEM_LOG, k), w);
        assert_true(dw_graph_choose(g, large, logs, w, &y, &err));
        assert_true(dw_graph_batch_sum(g, sum(g, y), &y, &err));
        values_at(g, gradient(g, y, w), &at, &out);
        assert_true(fabs(out - (1 + log(4))) < 1e-15);
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

static void nothing_passes_a_detached_value(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 1, 1), still;
    assert_true(dw_graph_detach(g, x, &still, &err));
    assert_int_equal(gradient(g, map(g, DW_ELEM_SIN, still), x), DW_GRAPH_NONE);
    assert_true(value_at(g, gradient(g, times(g, x, still), x), 5) == 5);
    assert_int_equal(gradient(g, gradient(g, times(g, x, still), x), x), DW_GRAPH_NONE);
    assert_true(value_at(g, gradient(g, times(g, still, still), still), 5) == 10);
    dw_graph_free(&g);
}

/* The gradients of W and V in V*f(W*x), x batched: products over all samples, also where f has a
 * single unit or a `when` for each sample. */
static void gradients_of_weights_are_contractions(void **state) {
    (void)state;
    for (size_t units = 1; units <= 4; units += 3) {
        dw_err err = {0};
        dw_graph *g = new_graph();
        dw_graph_id x, h, y, z, w[2] = {input(g, 1, units, 3), input(g, 2, 2, units)}, out[2];
        assert_true(dw_graph_input(g, 0, (dw_op_shape){3, 1, 50}, &x, &err));
        assert_true(dw_graph_product(g, w[0], x, &h, &err));
        assert_true(dw_graph_product(g, w[1], map(g, DW_ELEM_RELU, h), &y, &err));
        y = sum(g, times(g, y, y));
        dw_graph_id positive = pair(g, DW_ELEM_GREATER, y, number(g, 1));
        assert_true(dw_graph_choose(g, positive, y, number(g, 0), &y, &err));
        assert_true(dw_graph_batch_sum(g, y, &z, &err));
        assert_true(dw_derive_gradient(g, z, w, 2, out, &err));
        assert_true(dw_graph_is_contraction(g, out[0]) && dw_graph_is_contraction(g, out[1]));
        assert_int_equal(dw_graph_at(g, out[0])->batch, 1);
        assert_true(dw_derive_gradient(g, y, w, 2, w, &err)); /* y alone means all samples too */
        assert_int_equal(w[0], out[0]);
        assert_false(dw_graph_is_contraction(g, z) || dw_graph_is_contraction(g, x));
        dw_graph_free(&g);
    }
}

/* Gradients that are the same for every sample are made for each only where that is asked for. */
static void one_gradient_may_do_for_all_samples(void **state) {
    (void)state;
    dw_err err = {0};
    const double named[3] = {0, 2, 2}, times_named[3] = {1, 0, 2};
    double x[6 * PROBLEM_SAMPLES] = {0}, out[6 * PROBLEM_SAMPLES];
    const double *inputs[] = {x, named};
    dw_graph *g = new_graph();
    dw_graph_id table, index = input(g, 1, 1, 3), y, first;
    assert_true(dw_graph_input(g, 0, (dw_op_shape){2, 3, PROBLEM_SAMPLES}, &table, &err));
    assert_true(dw_graph_pick(g, table, index, &y, &err));
    first = gradient(g, sum(g, y), table);
    assert_int_equal(dw_graph_at(g, first)->op, DW_OP_BATCH_SPREAD);
    evaluate(&mem, g, first, inputs, out);
    for (size_t i = 0; i < 6 * PROBLEM_SAMPLES; i++)
        assert_true(out[i] == times_named[i / PROBLEM_SAMPLES % 3]);
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
        cmocka_unit_test_teardown(samples_are_what_they_are_alone, nothing_is_left),
        cmocka_unit_test_teardown(nothing_passes_a_detached_value, nothing_is_left),
        cmocka_unit_test_teardown(one_gradient_may_do_for_all_samples, nothing_is_left),
        cmocka_unit_test_teardown(gradients_of_weights_are_contractions, nothing_is_left),
        cmocka_unit_test_teardown(powers_are_smooth_everywhere, nothing_is_left),
        cmocka_unit_test_teardown(a_norm_has_no_slope_at_zero, nothing_is_left),
        cmocka_unit_test_teardown(equal_extremes_share, nothing_is_left),
        cmocka_unit_test_teardown(kinks_have_the_slope_of_one_side, nothing_is_left),
        cmocka_unit_test_teardown(the_branch_not_taken_counts_for_nothing, nothing_is_left),
        cmocka_unit_test_teardown(known_branches_count_for_nothing_too, nothing_is_left),
        cmocka_unit_test_teardown(a_whole_branch_not_taken_counts_for_nothing, nothing_is_left),
        cmocka_unit_test_teardown(what_does_not_depend_has_no_gradient, nothing_is_left),
        cmocka_unit_test_teardown(copies_keep_derivatives_apart, nothing_is_left),
        cmocka_unit_test_teardown(gradients_have_gradients, nothing_is_left),
        cmocka_unit_test_teardown(a_long_function_has_a_gradient_as_long, nothing_is_left),
        cmocka_unit_test_teardown(lack_of_memory_is_an_error, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
