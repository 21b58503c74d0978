/* SPDX-License-Identifier: BSD-3-Clause */
/* Every method of method.def on functions whose minimum is known. */
#include "nets/minimize.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Σ a[k]*(x[k] - k)² with a[k] = 1, 2, 3 …; its minimum is 0 at 0, 1, 2 … */
typedef struct {
    size_t n, values, gradients, steps, visits;
    size_t fail_after; /* evaluations until one fails; 0: never */
} bowl;

static bool bowl_value(void *context, const double *x, double *y, dw_err *err) {
    bowl *b = context;
    if (b->fail_after > 0 && b->values + b->gradients + 1 == b->fail_after)
        return dw_err_set(err, DW_ERR_VALUE, "no value here");
    b->values++;
    *y = 0;
    for (size_t k = 0; k < b->n; k++)
        *y += (double)(k + 1) * (x[k] - (double)k) * (x[k] - (double)k);
    return true;
}

static bool bowl_gradient(void *context, const double *x, double *y, double *g, dw_err *err) {
    bowl *b = context;
    if (!bowl_value(context, x, y, err))
        return false;
    b->values--;
    b->gradients++;
    for (size_t k = 0; k < b->n; k++)
        g[k] = 2 * (double)(k + 1) * (x[k] - (double)k);
    return true;
}

static bool bowl_newton(void *context, const double *x, double *step, dw_err *err) {
    bowl *b = context;
    (void)err;
    b->steps++;
    for (size_t k = 0; k < b->n; k++)
        step[k] = x[k] - (double)k;
    return true;
}

static bool bowl_visit(void *context, const double *x, dw_err *err) {
    bowl *b = context;
    (void)x;
    (void)err;
    b->visits++;
    return true;
}

enum { N = 3 };

typedef struct {
    dw_mem mem;
    dw_err err;
    dw_rng rng;
    bowl b;
    dw_objective f;
    dw_minimize_options o;
    dw_minimize_result r;
    double x[N];
} run;

static void prepare(run *t, dw_method method) {
    *t = (run){.rng = dw_rng_seed(3), .b = {.n = N}, .x = {5, -4, 3}};
    t->f = (dw_objective){.context = &t->b,
                          .n = N,
                          .value = bowl_value,
                          .gradient = bowl_gradient,
                          .newton = bowl_newton,
                          .visit = bowl_visit};
    t->o =
        (dw_minimize_options){.method = method, .steps = 20000, .until = -INFINITY, .rng = &t->rng};
}

static bool go(run *t) {
    return dw_minimize_run(&t->mem, &t->f, &t->o, t->x, &t->r, &t->err);
}

static void every_method_finds_the_bottom(void **state) {
    (void)state;
    for (int m = 0; m < DW_METHODS; m++) {
        run t;
        prepare(&t, (dw_method)m);
        double near = m == DW_METHOD_ANNEAL ? 0.2 : 1e-6;
        if (!go(&t))
            fail_msg("%s: %s", dw_minimize_word((dw_method)m), t.err.text);
        for (size_t k = 0; k < N; k++)
            if (!(fabs(t.x[k] - (double)k) < near))
                fail_msg("%s ends at %g %g %g", dw_minimize_word((dw_method)m), t.x[0], t.x[1],
                         t.x[2]);
        assert_true(t.r.value < 3 * near);
        assert_int_equal(t.r.evals, t.b.values + t.b.gradients);
        assert_int_equal(t.b.visits, t.r.steps + 1);
        assert_int_equal(t.mem.used, 0);
    }
}

static void words_lead_to_methods(void **state) {
    (void)state;
    for (int m = 0; m < DW_METHODS; m++) {
        assert_int_equal(dw_minimize_method(dw_minimize_word((dw_method)m)), m);
        assert_true(dw_minimize_rate((dw_method)m) > 0);
    }
    assert_int_equal(dw_minimize_method("newtn"), DW_METHODS);
}

static void asks_only_for_what_it_needs(void **state) {
    (void)state;
    for (int m = 0; m < DW_METHODS; m++) {
        run t;
        prepare(&t, (dw_method)m);
        t.o.steps = 5;
        assert_true(go(&t));
        dw_method_needs needs = dw_minimize_needs((dw_method)m);
        assert_true((t.b.gradients > 0) == (needs != DW_NEEDS_VALUES));
        assert_true((t.b.steps > 0) == (needs == DW_NEEDS_STEPS));
        assert_true(t.r.steps <= 5);
    }
}

static void stops_when_low_enough(void **state) {
    (void)state;
    for (int m = 0; m < DW_METHODS; m++) {
        run t;
        prepare(&t, (dw_method)m);
        t.o.until = 1;
        assert_true(go(&t));
        assert_true(t.r.value <= 1 && t.r.steps < 20000);
    }
    run t;
    prepare(&t, DW_METHOD_GRADIENT);
    t.o.steps = 0;
    assert_true(go(&t));
    assert_true(t.x[0] == 5 && t.r.evals == 1 && t.r.steps == 0);
}

/* One step of each descent, worked out by hand. */
static void steps_are_those_of_the_books(void **state) {
    (void)state;
    run t;
    prepare(&t, DW_METHOD_GRADIENT);
    t.o.steps = 1;
    t.o.rate = 0.1;
    assert_true(go(&t));
    assert_true(fabs(t.x[0] - (5 - 0.1 * 10)) < 1e-15);
    prepare(&t, DW_METHOD_MOMENTUM);
    t.o.steps = 2;
    t.o.rate = 0.1;
    assert_true(go(&t)); /* 5 -> 4, then 0.9*10 + 8 = 17 times the rate */
    assert_true(fabs(t.x[0] - (4 - 1.7)) < 1e-14);
    prepare(&t, DW_METHOD_ADAM);
    t.o.steps = 1;
    t.o.rate = 0.1;
    assert_true(go(&t)); /* the first step has the length of the rate */
    assert_true(fabs(t.x[0] - (4.9)) < 1e-9);
    assert_true(fabs(t.x[1] - (-3.9)) < 1e-9);
    prepare(&t, DW_METHOD_NEWTON);
    t.o.steps = 1;
    assert_true(go(&t));
    assert_true(t.x[0] == 0 && t.x[1] == 1 && t.x[2] == 2);
}

static void tells_of_divergence(void **state) {
    (void)state;
    run t;
    prepare(&t, DW_METHOD_GRADIENT);
    t.o.rate = 2;
    assert_false(go(&t));
    assert_int_equal(t.err.kind, DW_ERR_NUMERIC);
    assert_non_null(strstr(t.err.text, "became infinite with rate = 2. Try rate = 0.2"));
    assert_int_equal(t.mem.used, 0);
}

static void passes_errors_on(void **state) {
    (void)state;
    for (int m = 0; m < DW_METHODS; m++)
        for (size_t after = 1; after < 12; after++) {
            run t;
            prepare(&t, (dw_method)m);
            t.b.fail_after = after;
            if (go(&t)) /* newton is at the bottom before */
                assert_true(t.b.values + t.b.gradients < after);
            else
                assert_string_equal(t.err.text, "no value here");
            assert_int_equal(t.mem.used, 0);
        }
}

static void can_be_stopped(void **state) {
    (void)state;
    for (int m = 0; m < DW_METHODS; m++) {
        run t;
        dw_cancel cancel = {.running = 4, .cancelled = 4};
        prepare(&t, (dw_method)m);
        t.o.cancel = &cancel;
        assert_false(go(&t));
        assert_int_equal(t.err.kind, DW_ERR_INTERRUPT);
    }
}

static void survives_lack_of_memory(void **state) {
    (void)state;
    run t;
    prepare(&t, DW_METHOD_LBFGS);
    t.mem.fail_at = 1;
    assert_false(go(&t));
    assert_int_equal(t.err.kind, DW_ERR_MEMORY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_finds_the_bottom),
        cmocka_unit_test(words_lead_to_methods),
        cmocka_unit_test(asks_only_for_what_it_needs),
        cmocka_unit_test(stops_when_low_enough),
        cmocka_unit_test(steps_are_those_of_the_books),
        cmocka_unit_test(tells_of_divergence),
        cmocka_unit_test(passes_errors_on),
        cmocka_unit_test(can_be_stopped),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
