/* SPDX-License-Identifier: BSD-3-Clause */
/* The exponential family. */
#include "base/math.h"
#include "ulp.h"

static long double sigmoid(long double x) {
    return 1 / (1 + expl(-x));
}

static long double softplus(long double x) {
    return x > 0 ? x + log1pl(expl(-x)) : log1pl(expl(x));
}

static void errors_are_small(void **state) {
    (void)state;
    ulp_check(dw_math_exp, expl, -745.2, 709.8, 1.1);
    ulp_check(dw_math_exp, expl, 1e-20, 1, 1);
    ulp_check(dw_math_exp, expl, -1, 1, 1.1);
    ulp_check(dw_math_expm1, expm1l, -45, 710, 1.2);
    ulp_check(dw_math_expm1, expm1l, -2, 2, 1.2);
    ulp_check(dw_math_expm1, expm1l, 1e-300, 1, 1.2);
    ulp_check(dw_math_sinh, sinhl, -710.5, 710.5, 2);
    ulp_check(dw_math_sinh, sinhl, -3, 3, 2);
    ulp_check(dw_math_sinh, sinhl, 1e-300, 1, 1.5);
    ulp_check(dw_math_cosh, coshl, -710.5, 710.5, 2);
    ulp_check(dw_math_cosh, coshl, -3, 3, 2);
    ulp_check(dw_math_tanh, tanhl, -25, 25, 2);
    ulp_check(dw_math_tanh, tanhl, -1.5, 1.5, 2);
    ulp_check(dw_math_tanh, tanhl, 1e-300, 1, 2);
    ulp_check(dw_math_sigmoid, sigmoid, -740, 50, 1.8);
    ulp_check(dw_math_sigmoid, sigmoid, -5, 5, 1.8);
    ulp_check(dw_math_softplus, softplus, -740, 50, 2);
    ulp_check(dw_math_softplus, softplus, -5, 5, 2);
}

static void special_values(void **state) {
    (void)state;
    ulp_assert_same(dw_math_exp(0), 1);
    ulp_assert_same(dw_math_exp(-0.0), 1);
    ulp_assert_same(dw_math_exp(INFINITY), INFINITY);
    ulp_assert_same(dw_math_exp(-INFINITY), 0);
    ulp_assert_same(dw_math_exp(NAN), NAN);
    ulp_assert_same(dw_math_exp(709.79), INFINITY);
    ulp_assert_same(dw_math_exp(-745.14), 0);
    ulp_assert_same(dw_math_exp(-745.13), 0x1p-1074);
    ulp_assert_same(dw_math_expm1(-0.0), -0.0);
    ulp_assert_same(dw_math_expm1(-INFINITY), -1);
    ulp_assert_same(dw_math_expm1(INFINITY), INFINITY);
    ulp_assert_same(dw_math_expm1(NAN), NAN);
    ulp_assert_same(dw_math_sinh(-0.0), -0.0);
    ulp_assert_same(dw_math_sinh(-INFINITY), -INFINITY);
    ulp_assert_same(dw_math_sinh(NAN), NAN);
    ulp_assert_same(dw_math_cosh(-INFINITY), INFINITY);
    ulp_assert_same(dw_math_cosh(0), 1);
    ulp_assert_same(dw_math_cosh(NAN), NAN);
    ulp_assert_same(dw_math_tanh(-0.0), -0.0);
    ulp_assert_same(dw_math_tanh(INFINITY), 1);
    ulp_assert_same(dw_math_tanh(-INFINITY), -1);
    ulp_assert_same(dw_math_tanh(NAN), NAN);
    ulp_assert_same(dw_math_sigmoid(0), 0.5);
    ulp_assert_same(dw_math_sigmoid(INFINITY), 1);
    ulp_assert_same(dw_math_sigmoid(-INFINITY), 0);
    ulp_assert_same(dw_math_sigmoid(NAN), NAN);
    ulp_assert_same(dw_math_softplus(INFINITY), INFINITY);
    ulp_assert_same(dw_math_softplus(-INFINITY), 0);
    ulp_assert_same(dw_math_softplus(1e300), 1e300);
    ulp_assert_same(dw_math_softplus(NAN), NAN);
}

static void symmetries_are_exact(void **state) {
    (void)state;
    for (double x = 1e-9; x < 800; x *= 1.37) {
        ulp_assert_same(dw_math_sinh(-x), -dw_math_sinh(x));
        ulp_assert_same(dw_math_cosh(-x), dw_math_cosh(x));
        ulp_assert_same(dw_math_tanh(-x), -dw_math_tanh(x));
    }
}

/* Bits that every machine must give. */
static void bits_are_fixed(void **state) {
    (void)state;
    double sum = 0;
    for (int i = -2000; i < 2000; i++)
        sum += dw_math_exp(i * 0.0123) * dw_math_tanh(i * 0.001) + dw_math_sigmoid(i * 0.01);
    ulp_assert_same(sum, 0x1.b294eac371f9dp+41);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_small),
        cmocka_unit_test(special_values),
        cmocka_unit_test(symmetries_are_exact),
        cmocka_unit_test(bits_are_fixed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
