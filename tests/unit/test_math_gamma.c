/* SPDX-License-Identifier: BSD-3-Clause */
/* log |Γ|. */
#include "base/math.h"
#include "ulp.h"

static void errors_are_small(void **state) {
    (void)state;
    ulp_check(dw_math_lgamma, lgammal, 1e-5, 20, 8);
    ulp_check(dw_math_lgamma, lgammal, 0.6, 3, 8); /* the zeros at 1 and 2 included */
    ulp_check(dw_math_lgamma, lgammal, 1e-300, 1e305, 8);
    ulp_check(dw_math_lgamma, lgammal, -0.9, -0.1, 8);
    ulp_check(dw_math_lgamma, lgammal, -1.9, -1.1, 8);
    ulp_check(dw_math_lgamma, lgammal, -10.9, -10.1, 8);
}

static void factorials(void **state) {
    (void)state;
    long double sum = 0;
    for (int n = 1; n < 200; n++) {
        assert_true(ulp_error(dw_math_lgamma(n), sum) <= 8);
        sum += logl((long double)n);
    }
}

static void special_values(void **state) {
    (void)state;
    ulp_assert_same(dw_math_lgamma(1), 0);
    ulp_assert_same(dw_math_lgamma(2), 0);
    ulp_assert_same(dw_math_lgamma(0), INFINITY);
    ulp_assert_same(dw_math_lgamma(-3), INFINITY);
    ulp_assert_same(dw_math_lgamma(INFINITY), INFINITY);
    ulp_assert_same(dw_math_lgamma(-INFINITY), INFINITY);
    ulp_assert_same(dw_math_lgamma(NAN), NAN);
    ulp_assert_same(dw_math_lgamma(1e308), INFINITY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_small),
        cmocka_unit_test(factorials),
        cmocka_unit_test(special_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
