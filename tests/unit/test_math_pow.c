/* SPDX-License-Identifier: BSD-3-Clause */
/* Powers. */
#include "base/math.h"
#include "ulp.h"

static void check(double x, double y) {
    double error = ulp_error(dw_math_pow(x, y), powl((long double)x, (long double)y));
    if (!(error <= 1))
        fail_msg("%.17g^%.17g is %.17g, %.3f ulp", x, y, dw_math_pow(x, y), error);
}

static void errors_are_small(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(2);
    for (int i = 0; i < 40000; i++) {
        check((double)expl((dw_rng_uniform(&rng) - 0.5) * 40), (dw_rng_uniform(&rng) - 0.5) * 70);
        check((double)expl((dw_rng_uniform(&rng) - 0.5) * 1400), dw_rng_uniform(&rng) - 0.5);
        double near = 1 + (dw_rng_uniform(&rng) - 0.5) * 0.01 * dw_rng_uniform(&rng);
        if (near != 1) /* results from tiny to huge: the exponent must not lose digits */
            check(near, (dw_rng_uniform(&rng) - 0.5) * 20 / fabs(near - 1));
    }
}

static void whole_powers_are_exact(void **state) {
    (void)state;
    for (int base = 2; base < 40; base++) {
        double exact = 1;
        for (int k = 0; exact * base < 0x1p53; k++, exact *= base) {
            ulp_assert_same(dw_math_pow(base, k), exact);
            ulp_assert_same(dw_math_pow(-base, k), k % 2 == 0 ? exact : -exact);
        }
    }
    for (int k = -1074; k < 1024; k++)
        ulp_assert_same(dw_math_pow(2, k), ldexp(1, k));
    ulp_assert_same(dw_math_pow(10, -3), 1e-3);
    ulp_assert_same(dw_math_pow(2.25, 0.5), 1.5);
    ulp_assert_same(dw_math_pow(0.1, 2), 0.1 * 0.1);
}

static void special_values(void **state) {
    (void)state;
    static const struct {
        double x, y, answer;
    } rows[] = {
        {NAN, 0, 1},
        {0, 0, 1},
        {1, NAN, 1},
        {1, INFINITY, 1},
        {-1, INFINITY, 1},
        {-1, -INFINITY, 1},
        {NAN, 1, NAN},
        {2, NAN, NAN},
        {0, 3, 0},
        {-0.0, 3, -0.0},
        {-0.0, 2, 0},
        {-0.0, 0.5, 0},
        {0, -3, INFINITY},
        {-0.0, -3, -INFINITY},
        {-0.0, -2, INFINITY},
        {0, -0.5, INFINITY},
        {-0.0, -1, -INFINITY},
        {0.5, INFINITY, 0},
        {0.5, -INFINITY, INFINITY},
        {2, INFINITY, INFINITY},
        {2, -INFINITY, 0},
        {-2, INFINITY, INFINITY},
        {INFINITY, 2, INFINITY},
        {INFINITY, -2, 0},
        {-INFINITY, 3, -INFINITY},
        {-INFINITY, 2, INFINITY},
        {-INFINITY, -3, -0.0},
        {-INFINITY, -2, 0},
        {-INFINITY, 0.5, INFINITY},
        {-8, 1.0 / 3, NAN},
        {-1, 0.5, NAN},
        {-2, 3, -8},
        {-2, 1e300, INFINITY},
        {1e300, 1e300, INFINITY},
        {1e-300, 1e300, 0},
        {1e300, -1e300, 0},
        {-1, 1e300, 1},
        {-1, 3, -1},
        {2, 1024, INFINITY},
        {2, -1080, 0},
        {-2, -1081, -0.0},
        {0, 0x1p-1074, 0},
        {5, 0x1p-1074, 1},
        {0, INFINITY, 0},
        {-0.0, -INFINITY, INFINITY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!ulp_same(dw_math_pow(rows[i].x, rows[i].y), rows[i].answer))
            fail_msg("%g^%g is %g instead of %g", rows[i].x, rows[i].y,
                     dw_math_pow(rows[i].x, rows[i].y), rows[i].answer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_small),
        cmocka_unit_test(whole_powers_are_exact),
        cmocka_unit_test(special_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
