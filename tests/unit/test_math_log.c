/* SPDX-License-Identifier: BSD-3-Clause */
/* Logarithms. */
#include "base/math.h"
#include "ulp.h"

static void errors_are_small(void **state) {
    (void)state;
    ulp_check(dw_math_log, logl, 1e-320, 1e308, 1);
    ulp_check(dw_math_log, logl, 0.5, 2, 1);
    ulp_check(dw_math_log, logl, 0.999, 1.001, 1);
    ulp_check(dw_math_log1p, log1pl, -1, 3, 1);
    ulp_check(dw_math_log1p, log1pl, 1e-300, 1e300, 1);
    ulp_check(dw_math_log1p, log1pl, -0.001, 0.001, 1);
    ulp_check(dw_math_log2, log2l, 1e-320, 1e308, 0.6);
    ulp_check(dw_math_log2, log2l, 0.5, 2, 0.6);
    ulp_check(dw_math_log10, log10l, 1e-320, 1e308, 0.6);
    ulp_check(dw_math_log10, log10l, 0.9, 1.1, 0.6);
}

static void powers_have_whole_logarithms(void **state) {
    (void)state;
    for (int k = -1074; k < 1024; k++)
        ulp_assert_same(dw_math_log2(ldexp(1, k)), k);
    double power = 1;
    for (int k = 0; k <= 22; k++, power *= 10)
        ulp_assert_same(dw_math_log10(power), k);
}

static void special_values(void **state) {
    (void)state;
    static double (*const logs[])(double) = {dw_math_log, dw_math_log2, dw_math_log10};
    for (size_t i = 0; i < 3; i++) {
        ulp_assert_same(logs[i](1), 0);
        ulp_assert_same(logs[i](0), -INFINITY);
        ulp_assert_same(logs[i](-0.0), -INFINITY);
        ulp_assert_same(logs[i](-1), NAN);
        ulp_assert_same(logs[i](-INFINITY), NAN);
        ulp_assert_same(logs[i](INFINITY), INFINITY);
        ulp_assert_same(logs[i](NAN), NAN);
    }
    ulp_assert_same(dw_math_log1p(-0.0), -0.0);
    ulp_assert_same(dw_math_log1p(-1), -INFINITY);
    ulp_assert_same(dw_math_log1p(-2), NAN);
    ulp_assert_same(dw_math_log1p(INFINITY), INFINITY);
    ulp_assert_same(dw_math_log1p(NAN), NAN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_small),
        cmocka_unit_test(powers_have_whole_logarithms),
        cmocka_unit_test(special_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
