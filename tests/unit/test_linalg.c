/* SPDX-License-Identifier: BSD-3-Clause */
/* Linear equations, least squares, inverses, determinants, and what they refuse. */
#include "tensor/linalg.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static dw_mem mem;

static dw_tensor *make(size_t rows, size_t columns, const double *numbers) {
    dw_err err = {0};
    dw_tensor *t = dw_tensor_raw(&mem, rows, columns, &err);
    assert_non_null(t);
    for (size_t i = 0; i < t->size; i++)
        t->data[i] = numbers ? numbers[i] : sin(1 + (double)(i * i));
    return t;
}

static void expect_near(const dw_tensor *t, size_t rows, size_t columns, const double *numbers,
                        double off) {
    assert_non_null(t);
    assert_int_equal(t->dim[0], rows);
    assert_int_equal(t->dim[1], columns);
    for (size_t i = 0; i < t->size; i++)
        assert_true(fabs(t->data[i] - numbers[i]) <= off);
}

static void small_systems_are_solved(void **state) {
    (void)state;
    dw_err err = {0};
    dw_tensor *a = make(2, 2, (double[]){3, 1, 1, 2}), *b = make(2, 1, (double[]){9, 8});
    dw_tensor *x = dw_linalg_solve(&mem, a, b, NULL, &err);
    expect_near(x, 2, 1, (double[]){2, 3}, 1e-14);
    dw_tensor_release(x);
    dw_tensor_release(a);
    dw_tensor_release(b);
}

static void larger_systems_leave_no_rest(void **state) {
    (void)state;
    enum { N = 60, SIDES = 3 };
    dw_err err = {0};
    dw_tensor *a = make(N, N, NULL), *b = make(N, SIDES, NULL);
    dw_tensor *x = dw_linalg_solve(&mem, a, b, NULL, &err);
    assert_non_null(x);
    dw_tensor *back = dw_tensor_product(&mem, a, x, NULL, &err);
    expect_near(back, N, SIDES, b->data, 1e-11);
    dw_tensor_release(a);
    dw_tensor_release(b);
    dw_tensor_release(x);
    dw_tensor_release(back);
}

static void least_squares_finds_the_line(void **state) {
    (void)state;
    dw_err err = {0};
    /* through (0,1), (1,3), (2,4), (3,4): the best line is 1.5 + x */
    dw_tensor *a = make(4, 2, (double[]){1, 0, 1, 1, 1, 2, 1, 3});
    dw_tensor *b = make(4, 1, (double[]){1, 3, 4, 4});
    dw_tensor *x = dw_linalg_solve(&mem, a, b, NULL, &err);
    expect_near(x, 2, 1, (double[]){1.5, 1}, 1e-14);
    dw_tensor_release(a);
    dw_tensor_release(b);
    dw_tensor_release(x);
}

static void badly_scaled_columns_do_no_harm(void **state) {
    (void)state;
    dw_err err = {0};
    dw_tensor *a = make(2, 2, (double[]){1e-200, 0, 0, 1e200}), *b = make(2, 1, (double[]){2, 3});
    dw_tensor *x = dw_linalg_solve(&mem, a, b, NULL, &err);
    assert_non_null(x);
    assert_true(fabs(x->data[0] / 2e200 - 1) < 1e-15 && fabs(x->data[1] / 3e-200 - 1) < 1e-15);
    dw_tensor_release(a);
    dw_tensor_release(b);
    dw_tensor_release(x);
}

static void expect_refused(size_t rows, size_t columns, const double *numbers, size_t sides_rows,
                           dw_err_kind kind, const char *words) {
    dw_err err = {0};
    dw_tensor *a = make(rows, columns, numbers), *b = make(sides_rows, 1, NULL);
    assert_null(dw_linalg_solve(&mem, a, b, NULL, &err));
    assert_int_equal(err.kind, kind);
    assert_non_null(strstr(err.text, words));
    dw_tensor_release(a);
    dw_tensor_release(b);
}

static void what_cannot_be_solved_is_told(void **state) {
    (void)state;
    expect_refused(2, 2, (double[]){1, 2, 2, 4}, 2, DW_ERR_NUMERIC,
                   "a 2×2 matrix is singular (its smallest pivot is ");
    expect_refused(2, 2, (double[]){0, 0, 0, 0}, 2, DW_ERR_NUMERIC, "singular");
    expect_refused(2, 2, (double[]){1, NAN, 2, 4}, 2, DW_ERR_NUMERIC, "not a number");
    expect_refused(2, 2, (double[]){1, INFINITY, 2, 4}, 2, DW_ERR_NUMERIC, "∞");
    expect_refused(2, 3, NULL, 2, DW_ERR_SHAPE, "2 equations do not determine 3 unknowns");
    expect_refused(3, 3, NULL, 2, DW_ERR_SHAPE, "3 and 2 rows do not match");
    expect_refused(0, 3, NULL, 2, DW_ERR_SHAPE, "a 0×3 matrix");
    dw_err err = {0};
    dw_tensor *a = make(3, 3, NULL), *row = make(1, 3, NULL);
    assert_null(dw_linalg_solve(&mem, a, row, NULL, &err));
    assert_non_null(strstr(err.text, "write ' after the right side"));
    dw_tensor_release(a);
    dw_tensor_release(row);
}

static void solving_can_be_stopped(void **state) {
    (void)state;
    dw_err err = {0};
    dw_cancel cancel = {.running = 3, .cancelled = 3};
    dw_tensor *a = make(5, 5, NULL);
    assert_null(dw_linalg_inverse(&mem, a, &cancel, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_tensor_release(a);
}

static void lack_of_memory_at_any_point_leaves_nothing(void **state) {
    (void)state;
    dw_tensor *a = make(4, 4, NULL);
    long tries = 0;
    for (bool done = false; !done; tries++) {
        dw_err err = {0};
        mem.fail_at = tries + 1;
        dw_tensor *x = dw_linalg_inverse(&mem, a, NULL, &err);
        done = x != NULL;
        if (!done)
            assert_int_equal(err.kind, DW_ERR_MEMORY);
        dw_tensor_release(x);
    }
    mem.fail_at = 0;
    assert_true(tries > 1);
    dw_tensor_release(a);
}

static void inverses_undo(void **state) {
    (void)state;
    dw_err err = {0};
    dw_tensor *a = make(2, 2, (double[]){4, 7, 2, 6}), *wide = make(2, 3, NULL);
    dw_tensor *x = dw_linalg_inverse(&mem, a, NULL, &err);
    expect_near(x, 2, 2, (double[]){0.6, -0.7, -0.2, 0.4}, 1e-15);
    assert_null(dw_linalg_inverse(&mem, wide, NULL, &err));
    assert_string_equal(err.text,
                        "inverse needs a matrix with as many rows as columns, but here is "
                        "a 2×3 matrix");
    dw_tensor_release(a);
    dw_tensor_release(wide);
    dw_tensor_release(x);
}

static double determinant(size_t n, const double *numbers) {
    dw_err err = {0};
    double out = NAN;
    dw_tensor *a = make(n, n, numbers);
    assert_true(dw_linalg_determinant(&mem, a, NULL, &out, &err));
    dw_tensor_release(a);
    return out;
}

static void determinants_of_whole_numbers_are_exact(void **state) {
    (void)state;
    assert_true(determinant(2, (double[]){1, 2, 3, 4}) == -2);
    assert_true(determinant(3, (double[]){0, 1, 2, 1, 0, 3, 4, -3, 8}) == -2);
    assert_true(determinant(3, (double[]){1, 2, 3, 4, 5, 6, 7, 8, 9}) == 0);
    assert_true(determinant(1, (double[]){-7}) == -7);
    assert_true(determinant(0, NULL) == 1);
}

static void a_determinant_can_be_stopped(void **state) {
    (void)state;
    dw_cancel cancel = {.running = 3, .cancelled = 3};
    dw_err err = {0};
    double out;
    dw_tensor *a = dw_tensor_raw(&mem, 2, 2, &err);
    memset(a->data, 0, a->size * sizeof(double));
    assert_false(dw_linalg_determinant(&mem, a, &cancel, &out, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_tensor_release(a);
}

static void other_determinants_are_near(void **state) {
    (void)state;
    assert_true(fabs(determinant(2, (double[]){0.1, 0.2, 0.3, 0.4}) + 0.02) < 1e-17);
    assert_true(determinant(2, (double[]){1e9, 1, 1, 1e9}) == 1e18 - 1);
    assert_true(determinant(2, (double[]){0, 0.5, 0, 0.25}) == 0);
    assert_true(fabs(determinant(2, (double[]){0, 0.5, 0.25, 1}) + 0.125) < 1e-17);
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(small_systems_are_solved, nothing_is_left),
        cmocka_unit_test_teardown(larger_systems_leave_no_rest, nothing_is_left),
        cmocka_unit_test_teardown(least_squares_finds_the_line, nothing_is_left),
        cmocka_unit_test_teardown(badly_scaled_columns_do_no_harm, nothing_is_left),
        cmocka_unit_test_teardown(what_cannot_be_solved_is_told, nothing_is_left),
        cmocka_unit_test_teardown(solving_can_be_stopped, nothing_is_left),
        cmocka_unit_test_teardown(lack_of_memory_at_any_point_leaves_nothing, nothing_is_left),
        cmocka_unit_test_teardown(inverses_undo, nothing_is_left),
        cmocka_unit_test_teardown(determinants_of_whole_numbers_are_exact, nothing_is_left),
        cmocka_unit_test_teardown(a_determinant_can_be_stopped, nothing_is_left),
        cmocka_unit_test_teardown(other_determinants_are_near, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
