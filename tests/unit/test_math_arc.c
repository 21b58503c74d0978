/* SPDX-License-Identifier: BSD-3-Clause */
/* Inverse trigonometric functions. */
#include "base/math.h"
#include "ulp.h"

static void errors_are_small(void **state) {
    (void)state;
    ulp_check(dw_math_asin, asinl, -1, 1, 1);
    ulp_check(dw_math_asin, asinl, 1e-300, 1, 1);
    ulp_check(dw_math_acos, acosl, -1, 1, 1);
    ulp_check(dw_math_acos, acosl, 0.999999, 1, 1);
    ulp_check(dw_math_acos, acosl, -1, -0.999999, 1);
    ulp_check(dw_math_atan, atanl, -2, 2, 1.3);
    ulp_check(dw_math_atan, atanl, 1e-300, 1e300, 1.3);
}

static void angles_of_points(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(4);
    for (int i = 0; i < 40000; i++) {
        double y = (dw_rng_uniform(&rng) - 0.5) * (double)expl(dw_rng_normal(&rng) * 8);
        double x = (dw_rng_uniform(&rng) - 0.5) * (double)expl(dw_rng_normal(&rng) * 8);
        assert_true(ulp_error(dw_math_atan2(y, x), atan2l((long double)y, (long double)x)) <= 2);
    }
    static const double edges[] = {0, -0.0, 1, -1, INFINITY, -INFINITY, 1e-320, 1e308, -1e308, NAN};
    for (size_t i = 0; i < 10; i++)
        for (size_t k = 0; k < 10; k++) {
            long double truth = atan2l((long double)edges[i], (long double)edges[k]);
            double angle = dw_math_atan2(edges[i], edges[k]);
            assert_true(ulp_error(angle, truth) <= 1);
            assert_true(isnan(angle) || !signbit(angle) == !signbit(truth));
        }
}

static void special_values(void **state) {
    (void)state;
    const double half_pi = 1.57079632679489661923;
    ulp_assert_same(dw_math_asin(-0.0), -0.0);
    ulp_assert_same(dw_math_asin(1), half_pi);
    ulp_assert_same(dw_math_asin(-1), -half_pi);
    ulp_assert_same(dw_math_asin(1.0000000000000002), NAN);
    ulp_assert_same(dw_math_asin(NAN), NAN);
    ulp_assert_same(dw_math_acos(1), 0);
    ulp_assert_same(dw_math_acos(-1), 2 * half_pi);
    ulp_assert_same(dw_math_acos(0), half_pi);
    ulp_assert_same(dw_math_acos(-2), NAN);
    ulp_assert_same(dw_math_acos(NAN), NAN);
    ulp_assert_same(dw_math_atan(-0.0), -0.0);
    ulp_assert_same(dw_math_atan(INFINITY), half_pi);
    ulp_assert_same(dw_math_atan(-INFINITY), -half_pi);
    ulp_assert_same(dw_math_atan(1), half_pi / 2);
    ulp_assert_same(dw_math_atan(NAN), NAN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_small),
        cmocka_unit_test(angles_of_points),
        cmocka_unit_test(special_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
