/* SPDX-License-Identifier: BSD-3-Clause */
/* Eigenvalues of matrices that have known ones, and of random ones by what defines them. */
#include "tensor/eigen.h"

#include "base/math.h"
#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static dw_mem mem;

static dw_tensor *square(size_t n, const double *from) {
    dw_err err = {0};
    dw_tensor *a = dw_tensor_zeros(&mem, n, n, &err);
    assert_non_null(a);
    if (from != NULL)
        memcpy(a->data, from, n * n * sizeof *from);
    return a;
}

static dw_tensor *values_of(const dw_tensor *a) {
    dw_err err = {0};
    dw_tensor *v = dw_eigen_values(&mem, a, NULL, &err);
    if (v == NULL)
        fail_msg("%s", err.text);
    assert_int_equal(v->dim[0], a->dim[0]);
    assert_int_equal(v->dim[1], 1);
    return v;
}

static dw_tensor *vectors_of(const dw_tensor *a) {
    dw_err err = {0};
    dw_tensor *v = dw_eigen_vectors(&mem, a, NULL, &err);
    if (v == NULL)
        fail_msg("%s", err.text);
    return v;
}

static void expect_values(dw_tensor *a, const double *want, double within) {
    dw_tensor *v = values_of(a);
    for (size_t i = 0; i < a->dim[0]; i++)
        if (!(fabs(v->data[i] - want[i]) <= within))
            fail_msg("value %zu is %.17g instead of %.17g", i, v->data[i], want[i]);
    dw_tensor_release(v);
    dw_tensor_release(a);
}

static void small_ones_by_hand(void **state) {
    (void)state;
    expect_values(square(1, (double[]){-7}), (double[]){-7}, 0);
    expect_values(square(2, (double[]){2, 1, 1, 2}), (double[]){1, 3}, 1e-15);
    expect_values(square(2, (double[]){0, 1, 1, 0}), (double[]){-1, 1}, 1e-15);
    expect_values(square(3, (double[]){3, 0, 0, 0, -1, 0, 0, 0, 2}), (double[]){-1, 2, 3}, 0);
    expect_values(square(3, (double[]){1, 1, 1, 1, 1, 1, 1, 1, 1}), (double[]){0, 0, 3}, 1e-15);
    expect_values(square(4, NULL), (double[]){0, 0, 0, 0}, 0);
    expect_values(square(0, NULL), NULL, 0);
    /* far from 1, and rounding in the symmetry */
    expect_values(square(2, (double[]){2e300, 1e300, 1e300, 2e300}), (double[]){1e300, 3e300},
                  1e285);
    expect_values(square(2, (double[]){2e-300, 1e-300, 1e-300, 2e-300}), (double[]){1e-300, 3e-300},
                  1e-315);
    expect_values(square(2, (double[]){2, 1 + 1e-12, 1 - 1e-12, 2}), (double[]){1, 3}, 1e-15);
}

/* 2 on the diagonal, -1 beside it: the values are 2 - 2 cos(kπ/(n+1)). */
static void a_string_of_springs(void **state) {
    (void)state;
    const size_t n = 100;
    dw_tensor *a = square(n, NULL);
    double want[100];
    for (size_t i = 0; i < n; i++) {
        a->data[i * n + i] = 2;
        if (i + 1 < n)
            a->data[i * n + i + 1] = a->data[(i + 1) * n + i] = -1;
        want[i] = 2 - 2 * dw_math_cos(3.141592653589793 * (double)(i + 1) / (double)(n + 1));
    }
    expect_values(a, want, 1e-14);
}

/* A*v = λ*v, v'*v = 1, and nothing between different vectors. */
static void check_vectors(const dw_tensor *a, double within) {
    size_t n = a->dim[0];
    dw_tensor *v = values_of(a), *q = vectors_of(a);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            double image = 0, dot = 0;
            for (size_t j = 0; j < n; j++) {
                image += a->data[k * n + j] * q->data[j * n + i];
                dot += q->data[j * n + i] * q->data[j * n + k];
            }
            assert_true(fabs(image - v->data[i] * q->data[k * n + i]) <= within);
            assert_true(fabs(dot - (i == k ? 1 : 0)) < 1e-13);
            assert_true(i == 0 || v->data[i - 1] <= v->data[i]);
        }
    dw_tensor_release(v);
    dw_tensor_release(q);
}

static void vectors_are_only_stretched(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        size_t n = seed < 12 ? (size_t)seed : 70;
        dw_rng rng = dw_rng_seed(seed);
        dw_tensor *a = square(n, NULL);
        for (size_t i = 0; i < n; i++)
            for (size_t j = i; j < n; j++)
                a->data[i * n + j] = a->data[j * n + i] = dw_rng_normal(&rng);
        check_vectors(a, 1e-13 * (double)n);
        dw_tensor_release(a);
    }
    /* values that are all the same but one */
    dw_tensor *a = square(6, NULL);
    for (size_t i = 0; i < 36; i++)
        a->data[i] = 1 + (i % 7 == 0 ? 1 : 0);
    check_vectors(a, 1e-14);
    dw_tensor_release(a);
}

static void the_largest_entry_is_positive(void **state) {
    (void)state;
    dw_tensor *a = square(2, (double[]){2, 1, 1, 2}), *q = vectors_of(a);
    assert_true(q->data[0] > 0.7 && q->data[2] < -0.7 && q->data[1] > 0.7 && q->data[3] > 0.7);
    dw_tensor_release(a);
    dw_tensor_release(q);
}

static void expect_error(dw_tensor *a, dw_err_kind kind, const char *words) {
    dw_err err = {0};
    assert_null(dw_eigen_values(&mem, a, NULL, &err));
    assert_int_equal(err.kind, kind);
    assert_non_null(strstr(err.text, words));
    dw_tensor_release(a);
}

static void others_are_refused(void **state) {
    (void)state;
    dw_err err = {0};
    expect_error(square(2, (double[]){1, 2, 3, 4}), DW_ERR_VALUE,
                 "2 in row 1, column 2, but 3 in row 2, column 1");
    expect_error(dw_tensor_zeros(&mem, 2, 3, &err), DW_ERR_SHAPE, "a 2×3 matrix");
    expect_error(square(2, (double[]){1, NAN, NAN, 4}), DW_ERR_NUMERIC, "row 1, column 2");
    expect_error(square(2, (double[]){1, 0, 0, INFINITY}), DW_ERR_NUMERIC, "row 2, column 2");
    dw_tensor *a = square(2, (double[]){2, 1, 1, 2});
    dw_cancel cancel = {.running = 3, .cancelled = 3};
    assert_null(dw_eigen_values(&mem, a, &cancel, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_tensor_release(a);
    assert_int_equal(mem.used, 0);
}

static void no_memory(void **state) {
    (void)state;
    dw_tensor *a = square(3, (double[]){1, 2, 3, 2, 5, 6, 3, 6, 9}), *v = NULL;
    size_t before = mem.used;
    for (long n = 1; v == NULL; n++) {
        dw_err err = {0};
        mem.fail_at = n;
        v = dw_eigen_vectors(&mem, a, NULL, &err);
        if (v == NULL)
            assert_int_equal(err.kind, DW_ERR_MEMORY);
        if (v == NULL)
            assert_int_equal(mem.used, before);
    }
    mem.fail_at = 0;
    dw_tensor_release(v);
    dw_tensor_release(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_ones_by_hand),
        cmocka_unit_test(a_string_of_springs),
        cmocka_unit_test(vectors_are_only_stretched),
        cmocka_unit_test(the_largest_entry_is_positive),
        cmocka_unit_test(others_are_refused),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
