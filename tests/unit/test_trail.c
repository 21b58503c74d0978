/* SPDX-License-Identifier: BSD-3-Clause */
/* Paths of descents: complete while short, thinned out when long, the last place always there. */
#include "nets/trail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Visits places (i, -i), (i + 0.5, -i - 0.5) of two lanes and looks at the second lane's path. */
static void walk(size_t visits, size_t columns, double step) {
    dw_mem mem = {0};
    dw_err err = {0};
    dw_trail t = dw_trail_start(&mem, 2, 2);
    double x[4] = {0};
    for (size_t i = 0; i < visits; i++) {
        x[0] = (double)i, x[1] = (double)i + 0.5, x[2] = -x[0], x[3] = -x[1];
        assert_true(dw_trail_visit(&t, x, &err));
    }
    dw_tensor *path = dw_trail_matrix(&t, x, 1, &err);
    assert_non_null(path);
    assert_int_equal(path->dim[0], 2);
    assert_int_equal(path->dim[1], columns);
    assert_true(2 * columns <= dw_trail_numbers(2, visits - 1));
    for (size_t c = 0; c < columns; c++) {
        double at = c + 1 == columns ? (double)visits - 0.5 : (double)c * step + 0.5;
        assert_float_equal(path->data[c], at, 0);
        assert_float_equal(path->data[columns + c], -at, 0);
    }
    dw_tensor_release(path);
    dw_trail_free(&t);
    assert_int_equal(mem.used, 0);
}

static void keeps_the_last_place(void **state) {
    (void)state;
    walk(1, 1, 1);
    walk(7, 7, 1);
    walk(10000, 10000, 1);
    walk(10001, 5001, 2);
    walk(10002, 5002, 2);
    walk(30000, 7501, 4);
}

static void says_when_memory_ends(void **state) {
    (void)state;
    dw_mem mem = {.limit = 4000};
    dw_err err = {0};
    dw_trail t = dw_trail_start(&mem, 8, 8);
    double x[64] = {0};
    bool fine = true;
    for (size_t i = 0; fine && i < 100; i++)
        fine = dw_trail_visit(&t, x, &err);
    assert_false(fine);
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    dw_trail_free(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_the_last_place),
                                       cmocka_unit_test(says_when_memory_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
