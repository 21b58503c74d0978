/* SPDX-License-Identifier: BSD-3-Clause */
/* The nearest samples against a look at all distances. */
#include "nets/neighbour.h"

#include "base/rng.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

static double square(const double *a, const double *b) {
    return (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]);
}

static void finds_the_nearest_in_order(void **state) {
    (void)state;
    enum { N = 60, K = 7 };
    dw_rng rng = dw_rng_seed(5);
    for (int round = 0; round < 20; round++) {
        double x[2 * N], at[2];
        dw_neighbour found[K];
        for (size_t i = 0; i < 2 * N; i++)
            x[i] = (double)dw_rng_below(&rng, 10); /* many at the same distance */
        at[0] = (double)dw_rng_below(&rng, 10);
        at[1] = (double)dw_rng_below(&rng, 10);
        dw_neighbour_find(x, N, 2, at, K, found);
        for (size_t i = 0; i < K; i++) {
            size_t before = 0; /* samples that are nearer, or as near and earlier */
            double here = square(x + 2 * found[i].sample, at);
            assert_true(found[i].square == here);
            for (size_t s = 0; s < N; s++) {
                double there = square(x + 2 * s, at);
                before += there < here || (there == here && s < found[i].sample);
            }
            assert_int_equal(before, i);
        }
    }
}

static void finds_all_of_them(void **state) {
    (void)state;
    const double x[] = {3, 1, 2};
    dw_neighbour found[3];
    dw_neighbour_find(x, 3, 1, &(double){0}, 3, found);
    assert_int_equal(found[0].sample, 1);
    assert_int_equal(found[1].sample, 2);
    assert_int_equal(found[2].sample, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_nearest_in_order),
        cmocka_unit_test(finds_all_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
