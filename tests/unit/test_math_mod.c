/* SPDX-License-Identifier: BSD-3-Clause */
/* Remainders are exact, and those of vectors are those of single numbers. */
#include "base/math_part.h"
#include "ulp.h"

static void known_remainders(void **state) {
    (void)state;
    static const struct {
        double x, y, rest;
    } rows[] = {
        {7, 3, 1},
        {-7, 3, 2},
        {7, -3, -2},
        {-7, -3, -1},
        {6, 3, 0},
        {-6, 3, 0},
        {6, -3, 0},
        {-0.0, 3, 0},
        {1e17, 3, 1},
        {-1e17, 3, 2},
        {1e300, 7, 1},
        {5.3, 0.1, 0x1.9999999999978p-4}, /* 5.3/0.1 rounds up to 53 */
        {5, 1e-320, 0x0.0000000000788p-1022},
        {-1e-320, 1e300, 1e300},
        {5, INFINITY, 5},
        {-5, INFINITY, INFINITY},
        {5, -INFINITY, -INFINITY},
        {0, INFINITY, 0},
        {5, 0, NAN},
        {0, 0, NAN},
        {INFINITY, 3, NAN},
        {INFINITY, INFINITY, NAN},
        {NAN, 3, NAN},
        {3, NAN, NAN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!ulp_same(dw_math_mod(rows[i].x, rows[i].y), rows[i].rest))
            fail_msg("%g mod %g is %a instead of %a", rows[i].x, rows[i].y,
                     dw_math_mod(rows[i].x, rows[i].y), rows[i].rest);
}

static void check(double x, double y) {
    dw_math_part left = dw_math_part_all(x), right = dw_math_part_all(y);
    double rest = dw_math_part_mod(left, right)[DW_MATH_PART - 1], exact = dw_math_mod(x, y);
    if (!ulp_same(rest, exact))
        fail_msg("%a mod %a is %a in a vector and %a alone", x, y, rest, exact);
    if (isfinite(x) && isfinite(y) && y != 0 && !(fabs(exact) <= fabs(y)))
        fail_msg("%a mod %a is %a", x, y, exact);
}

/* Quotients beside whole numbers, where their floor may be one off, of every size. */
static void vectors_agree(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(41);
    for (int n = 0; n < 200000; n++) {
        double y =
            ldexp(dw_rng_uniform(&rng) + 0.5, (int)dw_rng_below(&rng, n % 2 ? 2000 : 60) - 999);
        double whole = floor(ldexp(dw_rng_uniform(&rng), (int)dw_rng_below(&rng, 58)));
        double x = whole * y, up = nextafter(x, INFINITY), down = nextafter(x, -INFINITY);
        if (n % 3 == 0)
            x = ldexp(x, -(int)dw_rng_below(&rng, 4));
        for (int sign = 0; sign < 4; sign++) {
            double a = sign & 1 ? -1 : 1, b = sign & 2 ? -y : y;
            check(a * x, b);
            check(a * up, b);
            check(a * down, b);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_remainders),
        cmocka_unit_test(vectors_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
