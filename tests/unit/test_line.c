/* SPDX-License-Identifier: BSD-3-Clause */
/* newton and lbfgs on the curved valley of Rosenbrock (1960), where plain descent crawls. */
#include "nets/line.h"

#include "nets/minimize.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool value(void *context, const double *x, double *y, dw_err *err) {
    (void)context;
    (void)err;
    double a = 1 - x[0], b = x[1] - x[0] * x[0];
    *y = a * a + 100 * b * b;
    return true;
}

static bool gradient(void *context, const double *x, double *y, double *g, dw_err *err) {
    double b = x[1] - x[0] * x[0];
    g[0] = -2 * (1 - x[0]) - 400 * x[0] * b;
    g[1] = 200 * b;
    return value(context, x, y, err);
}

static bool newton(void *context, const double *x, double *step, dw_err *err) {
    double y, g[2], a = 2 - 400 * (x[1] - 3 * x[0] * x[0]), b = -400 * x[0], d = 200;
    if (!gradient(context, x, &y, g, err))
        return false;
    step[0] = (d * g[0] - b * g[1]) / (a * d - b * b);
    step[1] = (a * g[1] - b * g[0]) / (a * d - b * b);
    return true;
}

static void searches(dw_method method, size_t most_evals) {
    dw_mem mem = {0};
    dw_err err = {0};
    dw_minimize_result r;
    double x[2] = {-1.2, 1};
    dw_objective f = {.n = 2, .value = value, .gradient = gradient, .newton = newton};
    dw_minimize_options o = {.method = method, .steps = 1000, .until = 1e-20};
    assert_true(dw_minimize_run(&mem, &f, &o, x, &r, &err));
    assert_true(fabs(x[0] - 1) < 1e-9 && fabs(x[1] - 1) < 1e-9);
    if (r.evals > most_evals)
        fail_msg("%s took %zu evaluations", dw_minimize_word(method), r.evals);
}

static void the_valley_is_followed_in_few_steps(void **state) {
    (void)state;
    searches(DW_METHOD_NEWTON, 40);
    searches(DW_METHOD_LBFGS, 80);
}

/* At the bottom, where no place is lower, a search ends instead of going on for ever. */
static void ends_at_the_bottom(void **state) {
    (void)state;
    static const dw_method methods[] = {DW_METHOD_NEWTON, DW_METHOD_LBFGS};
    for (size_t i = 0; i < 2; i++) {
        dw_mem mem = {0};
        dw_err err = {0};
        dw_minimize_result r;
        double x[2] = {1, 1};
        dw_objective f = {.n = 2, .value = value, .gradient = gradient, .newton = newton};
        dw_minimize_options o = {.method = methods[i], .steps = 1000000, .until = -INFINITY};
        assert_true(dw_minimize_run(&mem, &f, &o, x, &r, &err));
        assert_true(r.value == 0 && r.steps < 1000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_valley_is_followed_in_few_steps),
        cmocka_unit_test(ends_at_the_bottom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
