/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums over the fixed tree, extremes, quantiles, sorting. */
#include "tensor/reduce.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 1000 };

/* Numbers without a pattern, the same on every machine. */
static double scatter(size_t i) {
    uint64_t bits = (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
    bits ^= bits >> 29;
    bits *= UINT64_C(0xBF58476D1CE4E5B9);
    return (double)(bits >> 11) / 9007199254740992.0 - 0.5;
}

static bool same_bits(double a, double b) {
    return memcmp(&a, &b, sizeof a) == 0;
}

/* The tree as reduce.h describes it, written one number at a time. */
static double sum_by_description(const double *x, size_t n) {
    double s[8] = {0, 0, 0, 0, 0, 0, 0, 0};
    if (n < 8) {
        for (size_t i = 0; i < n; i++)
            s[0] += x[i];
        return s[0];
    }
    if (n <= 64) {
        for (size_t i = 0; i < n; i++)
            s[i % 8] += x[i];
        return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
    }
    size_t half = (n / 2 + 63) / 64 * 64;
    return sum_by_description(x, half) + sum_by_description(x + half, n - half);
}

static void sums_follow_the_tree_to_the_last_bit(void **state) {
    (void)state;
    double x[MANY], xx[MANY];
    for (size_t i = 0; i < MANY; i++) {
        x[i] = scatter(i) * exp(20 * scatter(i + MANY));
        xx[i] = x[i] * x[i];
    }
    for (size_t n = 0; n <= MANY; n++) {
        assert_true(same_bits(dw_reduce_sum(x, n, NULL), sum_by_description(x, n)));
        assert_true(same_bits(dw_reduce_dot(x, x, n), sum_by_description(xx, n)));
    }
}

static void short_sums_are_what_one_writes(void **state) {
    (void)state;
    double x[] = {0.1, 0.2, 0.3, 0.4};
    assert_true(dw_reduce_sum(x, 3, NULL) == 0.1 + 0.2 + 0.3);
    assert_true(dw_reduce_sum(x, 4, NULL) == 0.1 + 0.2 + 0.3 + 0.4);
    assert_true(dw_reduce_sum(x, 0, NULL) == 0);
}

static void long_sums_keep_their_digits(void **state) {
    (void)state;
    size_t n = 1000000;
    double *x = malloc(n * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++)
        x[i] = 0.1;
    assert_true(fabs(dw_reduce_sum(x, n, NULL) - 1e5) < 1e-9);
    free(x);
}

static void products_of_nothing_are_one(void **state) {
    (void)state;
    assert_true(dw_reduce_product(NULL, 0, NULL) == 1);
    assert_true(dw_reduce_product((double[]){2, 3, -4}, 3, NULL) == -24);
}

static void norms_do_not_overflow(void **state) {
    (void)state;
    assert_true(dw_reduce_norm(NULL, 0, NULL) == 0);
    assert_true(dw_reduce_norm((double[]){3, -4}, 2, NULL) == 5);
    assert_true(fabs(dw_reduce_norm((double[]){3e200, -4e200}, 2, NULL) / 5e200 - 1) < 1e-15);
    assert_true(fabs(dw_reduce_norm((double[]){3e-200, 4e-200}, 2, NULL) / 5e-200 - 1) < 1e-15);
    double least = 4.9406564584124654e-324;
    assert_true(dw_reduce_norm((double[]){3 * least, 4 * least}, 2, NULL) == 5 * least);
    assert_true(isinf(dw_reduce_norm((double[]){1, -INFINITY}, 2, NULL)));
    assert_true(isnan(dw_reduce_norm((double[]){1, NAN}, 2, NULL)));
}

static void places_are_the_first_ones(void **state) {
    (void)state;
    double x[] = {3, 1, 4, 1, 4};
    assert_int_equal(dw_reduce_argmin(x, 5, NULL), 1);
    assert_int_equal(dw_reduce_argmax(x, 5, NULL), 2);
    double y[] = {3, NAN, 4};
    assert_int_equal(dw_reduce_argmin(y, 3, NULL), 1);
    assert_int_equal(dw_reduce_argmax(y, 3, NULL), 1);
}

static void variances_survive_large_means(void **state) {
    (void)state;
    assert_true(dw_reduce_variance((double[]){1, 3, 5}, 3, NULL) == 4);
    assert_true(dw_reduce_variance((double[]){1e15 + 1, 1e15 + 3, 1e15 + 5}, 3, NULL) == 4);
    assert_true(dw_reduce_variance((double[]){0.1, 0.1, 0.1}, 3, NULL) == 0);
    assert_true(dw_reduce_variance((double[]){7}, 1, NULL) == 0);
}

static void quantiles_lie_between_neighbours(void **state) {
    (void)state;
    double x[] = {1, 2, 4, 8};
    assert_true(dw_reduce_quantile(x, 4, 0) == 1);
    assert_true(dw_reduce_quantile(x, 4, 1) == 8);
    assert_true(dw_reduce_quantile(x, 4, 0.5) == 3);
    assert_true(dw_reduce_quantile(x, 4, 0.25) == 1.75);
    assert_true(dw_reduce_quantile((double[]){5}, 1, 0.3) == 5);
    assert_true(isnan(dw_reduce_quantile((double[]){5, NAN}, 2, 0.3)));
    assert_true(isinf(dw_reduce_quantile((double[]){INFINITY, INFINITY}, 2, 0.5)));
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void expect_sorted_like_qsort(double *x, size_t n) {
    double *judge = malloc((n + 1) * sizeof *judge);
    assert_non_null(judge);
    if (n > 0)
        memcpy(judge, x, n * sizeof *x);
    qsort(judge, n, sizeof *judge, by_size);
    assert_true(dw_reduce_sort(x, n, NULL));
    for (size_t i = 0; i < n; i++)
        assert_true(x[i] == judge[i]);
    free(judge);
}

static void sorting_agrees_with_the_library(void **state) {
    (void)state;
    static double x[20000];
    for (size_t n = 0; n < 120; n++) {
        for (size_t i = 0; i < n; i++)
            x[i] = floor(10 * scatter(i + n * n));
        expect_sorted_like_qsort(x, n);
    }
    size_t n = sizeof x / sizeof *x;
    for (size_t i = 0; i < n; i++)
        x[i] = scatter(i);
    expect_sorted_like_qsort(x, n);
    expect_sorted_like_qsort(x, n); /* already in order */
    for (size_t i = 0; i < n; i++)
        x[i] = (double)(n - i);
    expect_sorted_like_qsort(x, n);
    for (size_t i = 0; i < n; i++)
        x[i] = (double)(i % 2 ? i : n - i); /* an organ pipe of two voices */
    expect_sorted_like_qsort(x, n);
}

/* Numbers for which each of the first hundred pivots is the second smallest of what is left: the
 * middle and the last place are always among those not yet taken. */
static void pivots_may_be_unlucky(void **state) {
    (void)state;
    enum { COUNT = 2000, TURNS = 110 };
    double x[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        x[i] = COUNT + scatter(i);
    for (size_t turn = 0; turn < TURNS; turn++) {
        x[2 * turn] = (double)(2 * turn);
        x[turn > 0 ? COUNT / 2 + turn : COUNT - 1] = (double)(2 * turn + 1);
    }
    expect_sorted_like_qsort(x, COUNT);
}

static void sorting_can_be_stopped(void **state) {
    (void)state;
    enum { COUNT = 100000 };
    dw_cancel cancel = {.running = 7};
    double *x = malloc(COUNT * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < COUNT; i++)
        x[i] = (double)(COUNT - i);
    dw_cancel_request(&cancel);
    assert_false(dw_reduce_sort(x, COUNT, &cancel));
    cancel.running = 8; /* the next run, which nobody stopped */
    assert_true(dw_reduce_sort(x, COUNT, &cancel));
    for (size_t i = 0; i < COUNT; i++)
        assert_true(x[i] == (double)(i + 1));
    free(x);
}

static void what_is_no_number_sorts_last(void **state) {
    (void)state;
    double x[] = {NAN, 2, NAN, -INFINITY, 1, INFINITY};
    assert_true(dw_reduce_sort(x, 6, NULL));
    assert_true(x[0] == -INFINITY && x[1] == 1 && x[2] == 2 && x[3] == INFINITY);
    assert_true(isnan(x[4]) && isnan(x[5]));
}

/* Whoever says stop gets an answer at once, whatever it is. */
static void long_ways_can_be_stopped(void **state) {
    (void)state;
    enum { COUNT = 1 << 17 };
    double *x = malloc(COUNT * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < COUNT; i++)
        x[i] = 2 + (double)i / COUNT;
    dw_cancel cancel = {.running = 1, .cancelled = 1};
    assert_true(dw_reduce_sum(x, COUNT, &cancel) == 0);
    assert_true(dw_reduce_product(x, COUNT, &cancel) == 1);
    assert_true(dw_reduce_norm(x, COUNT, &cancel) == 0);
    assert_int_equal(dw_reduce_argmax(x, COUNT, &cancel), 0);
    assert_true(dw_reduce_variance(x, COUNT, &cancel) == 0);
    cancel.cancelled = 0;
    assert_true(same_bits(dw_reduce_sum(x, COUNT, &cancel), sum_by_description(x, COUNT)));
    assert_int_equal(dw_reduce_argmax(x, COUNT, &cancel), COUNT - 1);
    free(x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_follow_the_tree_to_the_last_bit),
        cmocka_unit_test(short_sums_are_what_one_writes),
        cmocka_unit_test(long_sums_keep_their_digits),
        cmocka_unit_test(products_of_nothing_are_one),
        cmocka_unit_test(norms_do_not_overflow),
        cmocka_unit_test(places_are_the_first_ones),
        cmocka_unit_test(variances_survive_large_means),
        cmocka_unit_test(quantiles_lie_between_neighbours),
        cmocka_unit_test(sorting_agrees_with_the_library),
        cmocka_unit_test(pivots_may_be_unlucky),
        cmocka_unit_test(sorting_can_be_stopped),
        cmocka_unit_test(long_ways_can_be_stopped),
        cmocka_unit_test(what_is_no_number_sorts_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
