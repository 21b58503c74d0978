/* SPDX-License-Identifier: BSD-3-Clause */
/* The error function and the normal distribution. */
#include "base/math.h"
#include "ulp.h"

#define ROOT_2 1.41421356237309504880168872420969808L
#define ROOT_2_PI 2.50662827463100050241576528481104525L

static long double cdf(long double x) {
    return 0.5L * erfcl(-x / ROOT_2);
}

static void errors_are_small(void **state) {
    (void)state;
    ulp_check(dw_math_erf, erfl, -6.5, 6.5, 1.5);
    ulp_check(dw_math_erf, erfl, 1e-300, 1, 1.5);
    ulp_check(dw_math_erfc, erfcl, -6.5, 27.5, 2);
    ulp_check(dw_math_erfc, erfcl, 0.4, 3, 2);
    ulp_check(dw_math_normal_cdf, cdf, -3, 9, 2);
    ulp_check(dw_math_normal_cdf, cdf, -10, -3, 2); /* the reference itself loses digits beyond */
}

/* In the far tail the reference is Φ(-x) = φ(x)/x * (1 - 1/x² + 3/x⁴ - …). */
static long double far_tail(double x) {
    long double z = 1 / ((long double)x * x), sum = 1, term = 1;
    for (int k = 1; k < 40; k += 2) {
        term *= -k * z;
        sum += term;
    }
    long double hi = x, square = hi * hi; /* exact: 53 bits times 53 bits need 106, so split */
    long double a = (long double)(float)x, b = hi - a;
    long double rest = ((a * a - square) + 2 * a * b) + b * b;
    return expl(-square / 2) * (1 - rest / 2) / (hi * ROOT_2_PI) * sum;
}

static void the_far_tail_keeps_its_digits(void **state) {
    (void)state;
    for (double x = 15; x < 37.5; x += 0.0137)
        assert_true(ulp_error(dw_math_normal_cdf(-x), far_tail(x)) < 1.8);
    assert_true(dw_math_normal_cdf(-38.4) > 0);
}

/* One step of Newton's method in long double from the answer leads to the truth. */
static void quantiles_invert_the_distribution(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(6);
    for (int i = 0; i < 40000; i++) {
        double p = i % 2 == 0 ? dw_rng_uniform(&rng) : exp(-dw_rng_uniform(&rng) * 40);
        double x = dw_math_normal_quantile(p);
        long double excess = p < 0.5 ? cdf(x) - p : (1 - (long double)p) - cdf(-x);
        long double truth = x - excess * ROOT_2_PI * expl(0.5L * x * (long double)x);
        if (!(ulp_error(x, truth) <= 2))
            fail_msg("quantile of %.17g is %.17g, should be %.17Lg", p, x, truth);
    }
    for (double p = 0x1p-1074; p < 1e-20; p *= 17.3)
        assert_true(fabs(dw_math_normal_cdf(dw_math_normal_quantile(p)) / p - 1) < 1e-12 ||
                    p < 1e-305);
}

static void special_values(void **state) {
    (void)state;
    ulp_assert_same(dw_math_erf(-0.0), -0.0);
    ulp_assert_same(dw_math_erf(INFINITY), 1);
    ulp_assert_same(dw_math_erf(-INFINITY), -1);
    ulp_assert_same(dw_math_erf(NAN), NAN);
    ulp_assert_same(dw_math_erfc(0), 1);
    ulp_assert_same(dw_math_erfc(INFINITY), 0);
    ulp_assert_same(dw_math_erfc(-INFINITY), 2);
    ulp_assert_same(dw_math_erfc(NAN), NAN);
    ulp_assert_same(dw_math_normal_cdf(0), 0.5);
    ulp_assert_same(dw_math_normal_cdf(INFINITY), 1);
    ulp_assert_same(dw_math_normal_cdf(-INFINITY), 0);
    ulp_assert_same(dw_math_normal_cdf(NAN), NAN);
    ulp_assert_same(dw_math_normal_quantile(0.5), 0);
    ulp_assert_same(dw_math_normal_quantile(0), -INFINITY);
    ulp_assert_same(dw_math_normal_quantile(1), INFINITY);
    ulp_assert_same(dw_math_normal_quantile(-0.1), NAN);
    ulp_assert_same(dw_math_normal_quantile(1.1), NAN);
    ulp_assert_same(dw_math_normal_quantile(NAN), NAN);
    for (double p = 0x1p-53; p < 0.5; p *= 2) /* 1 - p is exact */
        ulp_assert_same(dw_math_normal_quantile(p), -dw_math_normal_quantile(1 - p));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_small),
        cmocka_unit_test(the_far_tail_keeps_its_digits),
        cmocka_unit_test(quantiles_invert_the_distribution),
        cmocka_unit_test(special_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
