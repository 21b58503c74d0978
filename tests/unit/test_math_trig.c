/* SPDX-License-Identifier: BSD-3-Clause */
/* Sine, cosine, tangent, also of huge arguments and close to multiples of π/2. */
#include "base/math.h"
#include "ulp.h"

static void errors_are_small(void **state) {
    (void)state;
    static const struct {
        ulp_function f;
        ulp_reference g;
    } rows[] = {{dw_math_sin, sinl}, {dw_math_cos, cosl}, {dw_math_tan, tanl}};
    for (size_t i = 0; i < 3; i++) {
        ulp_check(rows[i].f, rows[i].g, -10, 10, 1);
        ulp_check(rows[i].f, rows[i].g, -1048576, 1048576, 1);
        ulp_check(rows[i].f, rows[i].g, 1e5, 1e7, 1);
        ulp_check(rows[i].f, rows[i].g, 1e-300, 1e308, 1);
    }
}

static void near_multiples_of_half_pi(void **state) {
    (void)state;
    for (int n = 1; n < 200000; n += n < 1000 ? 1 : 997) {
        double x = (double)(n * 1.57079632679489661923132169163975144L);
        for (int step = 0; step < 3; step++, x = nextafter(x, INFINITY)) {
            assert_true(ulp_error(dw_math_sin(x), sinl((long double)x)) <= 1);
            assert_true(ulp_error(dw_math_cos(x), cosl((long double)x)) <= 1);
            assert_true(ulp_error(dw_math_tan(x), tanl((long double)x)) <= 1);
        }
    }
    /* the double that comes closest of all to a multiple of π/2 */
    double x = 6381956970095103.0 * 0x1p797;
    assert_true(ulp_error(dw_math_cos(x), -4.68716592425462761112e-19L) < 1);
    ulp_assert_same(fabs(dw_math_sin(x)), 1);
}

static void known_values(void **state) {
    (void)state;
    assert_true(ulp_error(dw_math_sin(1e22), -0.8522008497671888017727L) < 1);
    assert_true(ulp_error(dw_math_cos(1e22), 0.5232147853951389454975L) < 1);
    assert_true(ulp_error(dw_math_sin(0x1.921fb54442d18p+1), 1.2246467991473531772e-16L) < 1);
    ulp_assert_same(dw_math_cos(0), 1);
}

static void special_values(void **state) {
    (void)state;
    ulp_assert_same(dw_math_sin(-0.0), -0.0);
    ulp_assert_same(dw_math_tan(-0.0), -0.0);
    ulp_assert_same(dw_math_cos(-0.0), 1);
    static double (*const functions[])(double) = {dw_math_sin, dw_math_cos, dw_math_tan};
    for (size_t i = 0; i < 3; i++) {
        ulp_assert_same(functions[i](INFINITY), NAN);
        ulp_assert_same(functions[i](-INFINITY), NAN);
        ulp_assert_same(functions[i](NAN), NAN);
    }
    for (double x = 1e-9; x < 1e300; x *= 3.7) {
        ulp_assert_same(dw_math_sin(-x), -dw_math_sin(x));
        ulp_assert_same(dw_math_cos(-x), dw_math_cos(x));
        ulp_assert_same(dw_math_tan(-x), -dw_math_tan(x));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_small),
        cmocka_unit_test(near_multiples_of_half_pi),
        cmocka_unit_test(known_values),
        cmocka_unit_test(special_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
