/* SPDX-License-Identifier: BSD-3-Clause */
/* The simplex on a function with a corner, where there is no gradient, and in several dimensions.
 */
#include "nets/simplex.h"

#include "nets/minimize.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Σ |x[k] - k|, n numbers */
static bool corner(void *context, const double *x, double *y, dw_err *err) {
    size_t n = *(size_t *)context;
    (void)err;
    *y = 0;
    for (size_t k = 0; k < n; k++)
        *y += fabs(x[k] - (double)k);
    return true;
}

static void finds_a_corner(void **state) {
    (void)state;
    for (size_t n = 1; n <= 4; n++) {
        dw_mem mem = {0};
        dw_err err = {0};
        dw_minimize_result r;
        double x[4] = {3, -2, 1, 7};
        dw_objective f = {.context = &n, .n = n, .value = corner};
        dw_minimize_options o = {
            .method = DW_METHOD_NELDER_MEAD, .steps = 5000, .until = 1e-9, .rate = 2};
        assert_true(dw_minimize_run(&mem, &f, &o, x, &r, &err));
        for (size_t k = 0; k < n; k++)
            assert_true(fabs(x[k] - (double)k) < 1e-3);
    }
}

/* A flat function: the corners are equal at once and the walk ends. */
static bool flat(void *context, const double *x, double *y, dw_err *err) {
    (void)context;
    (void)x;
    (void)err;
    *y = 5;
    return true;
}

static void ends_where_nothing_is_lower(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_minimize_result r;
    double x[2] = {1, 2};
    dw_objective f = {.n = 2, .value = flat};
    dw_minimize_options o = {.method = DW_METHOD_NELDER_MEAD, .steps = 1000000, .until = -INFINITY};
    assert_true(dw_minimize_run(&mem, &f, &o, x, &r, &err));
    assert_true(r.steps == 0 && r.value == 5 && x[0] == 1 && x[1] == 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_corner),
        cmocka_unit_test(ends_where_nothing_is_lower),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
