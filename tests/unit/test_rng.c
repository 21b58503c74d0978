/* SPDX-License-Identifier: BSD-3-Clause */
/* The random streams: the published known answers of Philox4x32-10, and what draws look like. */
#include "base/rng.h"
#include "base/math.h"
#include "base/simd.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Draws show the first half of a block, keys of split streams the second. */
static void known_answers(void **state) {
    (void)state;
    dw_rng zero = {0, 0};
    assert_true(dw_rng_bits(&zero) == 0xe169c58d6627e8d5u);
    assert_int_equal(zero.counter, 1);
    dw_rng parent = {0, 0};
    assert_true(dw_rng_split(&parent, 0, 0).key == 0x9b00dbd8bc57ac4cu);
    parent.key = UINT64_MAX;
    assert_true(dw_rng_split(&parent, UINT64_MAX, UINT64_MAX).key == 0x6d5451fda20bc7c6u);
    parent.key = 0x299f31d0a4093822u; /* digits of π */
    dw_rng child = dw_rng_split(&parent, 0x85a308d3243f6a88u, 0x0370734413198a2eu);
    assert_true(child.key == 0x24126ea15001e420u);
    assert_int_equal(child.counter, 0);
}

static void streams_repeat_and_differ(void **state) {
    (void)state;
    dw_rng a = dw_rng_seed(7), b = dw_rng_seed(7), c = dw_rng_seed(8);
    int equal = 0;
    for (int i = 0; i < 1000; i++) {
        uint64_t x = dw_rng_bits(&a);
        assert_true(x == dw_rng_bits(&b));
        equal += x == dw_rng_bits(&c);
    }
    assert_int_equal(equal, 0);
    dw_rng first = dw_rng_split(&a, 1, 0), second = dw_rng_split(&a, 1, 1);
    dw_rng third = dw_rng_split(&a, 0, 1);
    assert_true(first.key != second.key && second.key != third.key && first.key != third.key);
}

static void uniform_numbers_fill_the_unit(void **state) {
    (void)state;
    enum { N = 100000, BINS = 20 };
    dw_rng rng = dw_rng_seed(1);
    int bins[BINS] = {0};
    for (int i = 0; i < N; i++) {
        double x = dw_rng_uniform(&rng);
        assert_true(x >= 0 && x < 1);
        bins[(int)(x * BINS)]++;
    }
    double chi = 0;
    for (int i = 0; i < BINS; i++)
        chi += (bins[i] - N / BINS) * (bins[i] - N / BINS) / (double)(N / BINS);
    assert_true(chi > 5 && chi < 45); /* 19 degrees of freedom: outside once in 1000 or less */
    assert_int_equal(rng.counter, N);
}

static void normal_numbers_are_normal(void **state) {
    (void)state;
    enum { N = 200000 };
    dw_rng rng = dw_rng_seed(3);
    double sum = 0, squares = 0, fourth = 0;
    int beyond = 0;
    for (int i = 0; i < N; i++) {
        double x = dw_rng_normal(&rng);
        assert_true(isfinite(x));
        sum += x;
        squares += x * x;
        fourth += x * x * x * x;
        beyond += fabs(x) > 2;
    }
    assert_true(fabs(sum / N) < 0.01);
    assert_true(fabs(squares / N - 1) < 0.015);
    assert_true(fabs(fourth / N - 3) < 0.1);
    assert_true(fabs(beyond / (double)N - 0.0455) < 0.002);
}

static void whole_numbers_have_no_bias(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(5);
    int counts[7] = {0};
    for (int i = 0; i < 70000; i++)
        counts[dw_rng_below(&rng, 7)]++;
    for (int i = 0; i < 7; i++)
        assert_in_range(counts[i], 9600, 10400);
    for (int i = 0; i < 100; i++)
        assert_int_equal(dw_rng_below(&rng, 1), 0);
    /* two thirds of 2^64: without rejection the lower half would come twice as often */
    uint64_t n = UINT64_MAX / 3 * 2;
    int low = 0;
    for (int i = 0; i < 20000; i++)
        low += dw_rng_below(&rng, n) < n / 2;
    assert_in_range(low, 9600, 10400);
}

static void many_draws_are_those_of_one_by_one(void **state) {
    (void)state;
    enum { MOST = 70 };
    static const uint64_t starts[] = {0, 3, UINT32_MAX - 20, UINT64_MAX - 30};
    dw_simd best = dw_simd_level();
    for (dw_simd level = DW_SIMD_BASE; level <= best; level++)
        for (size_t s = 0; s < sizeof starts / sizeof *starts; s++)
            for (size_t n = 0; n < MOST; n++) {
                dw_rng many = {0x9E3779B97F4A7C15u * (s + 1), starts[s]}, one = many;
                double out[MOST] = {0};
                assert_true(dw_simd_use(level));
                dw_rng_uniforms(&many, out, n);
                for (size_t i = 0; i < n; i++)
                    assert_true(out[i] == dw_rng_uniform(&one));
                assert_true(out[n] == 0 && many.counter == one.counter);
            }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(streams_repeat_and_differ),
        cmocka_unit_test(uniform_numbers_fill_the_unit),
        cmocka_unit_test(many_draws_are_those_of_one_by_one),
        cmocka_unit_test(normal_numbers_are_normal),
        cmocka_unit_test(whole_numbers_have_no_bias),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
