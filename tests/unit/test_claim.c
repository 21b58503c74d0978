/* SPDX-License-Identifier: BSD-3-Clause */
/* Comparing, and check. */
#include "lang/claim.h"

#include "notebook.h"

static void compares_chains(void **state) {
    (void)state;
    notebook_says("[0 ≤ 1 < 2, 0 ≤ 3 < 2, 1 == 1 == 1, 1 ≠ 1]", "[true, false, true, false]\n");
    notebook_says("0 < [1, 5, -1] < 3", "[true, false, false]\n");
}

static void about_means_six_digits(void **state) {
    (void)state;
    notebook_says("[1 ≈ 1.0000005, 1 ≈ 1.00001, 1e9 ≈ 1e9 + 100, 0 ≈ 1e-7, 0 ≈ 1e-5]",
                  "[true, false, true, true, false]\n");
    notebook_says("[inf ≈ inf, -inf ≈ inf, NaN ≈ NaN, 1 ≈ inf]", "[true, false, false, false]\n");
    notebook_says("[1, 2] ≈ [1.05, 2.2] ± 0.1", "[true, false]\n");
}

static void prints_both_sides(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    assert_false(notebook_run(&nb,
                              "p = 0.61\ncheck p ≈ 0.5 ± 0.05\ncheck p > 0.6\n"
                              "check 0 < p < 0.5, \"far {p}\"\ncheck \"a\" == \"b\"\n"
                              "check [p, 1] < 1",
                              &err));
    assert_string_equal(nb.out.data, "✗ p ≈ 0.5 ± 0.05   left side 0.61, right side 0.5 ± 0.05\n"
                                     "✓ p > 0.6\n"
                                     "✗ 0 < p < 0.5   left side 0.61, right side 0.5   (far 0.61)\n"
                                     "✗ \"a\" == \"b\"   left side \"a\", right side \"b\"\n"
                                     "✗ [p, 1] < 1   left side [0.61, 1], right side 1   "
                                     "(it holds for 1 of 2 elements)\n");
    assert_int_equal(err.kind, DW_ERR_CHECK);
    assert_non_null(strstr(err.text, "4 of 5 checks do not hold, the first is p ≈ 0.5 ± 0.05"));
    notebook_close(&nb);
}

static void says_only_failures_in_functions(void **state) {
    (void)state;
    notebook_says("f(x) = do\n  check x > 0\n  x\nend\nf(1)", "1\n");
    notebook_refuses("f(x) = do\n  check x > 0\n  x\nend\nf(-1)", DW_ERR_CHECK,
                     "the check does not hold: x > 0", "x > 0");
}

static void works_a_claim_out_once(void **state) {
    (void)state;
    notebook_refuses("seed(1)\ncheck sample(uniform(0..1)) > 2", DW_ERR_CHECK, "left side 0.",
                     "sample(uniform(0..1)) > 2");
    notebook_refuses("f(x) = do\n  print(\"once\")\n  x\nend\ncheck f(1) == 2", DW_ERR_CHECK,
                     "left side 1, right side 2", "f(1) == 2");
}

static void refuses_what_is_no_claim(void **state) {
    (void)state;
    notebook_refuses("check 3", DW_ERR_TYPE, "true or false, such as a ≈ b; this is a number", "3");
    notebook_refuses("check zork > 1", DW_ERR_NAME, "there is no zork", "zork");
    notebook_refuses("check [1, 2] ≈ [1, 2, 3]", DW_ERR_SHAPE, "same length", "≈");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("check [1, 2] ≈ [1, 2]\ncheck 1 ≤ [2, 3] ≤ 4, \"a reason {[1, 2]}\"\n"
                    "check [1, 2] ≈ [1, 2.05] ± 0.1\n\"a\" == \"b\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_chains),        cmocka_unit_test(about_means_six_digits),
        cmocka_unit_test(prints_both_sides),      cmocka_unit_test(says_only_failures_in_functions),
        cmocka_unit_test(works_a_claim_out_once), cmocka_unit_test(refuses_what_is_no_claim),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
