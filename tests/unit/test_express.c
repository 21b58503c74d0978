/* SPDX-License-Identifier: BSD-3-Clause */
/* Expressions: names without a value, cases, logic, signs. */
#include "lang/express.h"

#include "notebook.h"

static void says_why_a_name_has_no_value(void **state) {
    (void)state;
    notebook_refuses("y = zz", DW_ERR_NAME, "there is no zz: give it a value first, as in zz = 1",
                     "zz");
    notebook_refuses("n = 1\nf(x) = do\n  n = n + 1\n  n\nend\nf(1)", DW_ERR_NAME,
                     "n belongs to the notebook; return the new value instead", "n");
    notebook_refuses("f(x) = do\n  g(y) = do\n    x = x + y\n    x\n  end\n  g(1)\nend\nf(1)",
                     DW_ERR_NAME, "can read names from outside but not change them", "x");
    notebook_refuses("lenght = 2\nx = length", DW_ERR_NAME, "there is no length: write count(x)",
                     "length");
}

static void chooses(void **state) {
    (void)state;
    notebook_says("1 when true otherwise zork", "1\n");
    notebook_says("zork when false otherwise 2", "2\n");
    notebook_says("[1, 2, 3] when [true, false, true] otherwise [7, 8, 9]", "[1, 8, 3]\n");
    notebook_refuses("1 when 2 otherwise 3", DW_ERR_TYPE, "when needs true or false", "2");
}

static void works_out_logic_only_as_far_as_needed(void **state) {
    (void)state;
    notebook_says("false and zork", "false\n");
    notebook_says("true or zork", "true\n");
    notebook_says("[true, false] and true", "[true, false]\n");
    notebook_says("not [true, false]", "[false, true]\n");
    notebook_refuses("true and 1", DW_ERR_TYPE, "and needs true or false, this is a number", "1");
    notebook_refuses("not \"a\"", DW_ERR_TYPE, "not needs true or false", "\"a\"");
}

static void signs_and_powers(void **state) {
    (void)state;
    notebook_says("[-2², (-2)², 2^-1, 2^3^2, -[1, 2]²]", "[-4, 4, 0.5, 512, -1, -4]\n");
    notebook_says("3 ± 0.5", "2.5..3.5\n");
    notebook_refuses("sin ± 1", DW_ERR_TYPE, "± stands between two numbers", "±");
    notebook_says("f(x) = x²\nf'(3)\n∇f(3)\n∇²f(3)\n[1, 2]'", "6\n6\n2\n[1;\n 2]\n");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("x = 1 + 2 when true otherwise 3\n[1, 2] when [true, false] otherwise 0\n"
                    "[true] and [false]\nnot [true, false]\n(1 ± 2)\n\"{x} and {[1, 2]:2}\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_why_a_name_has_no_value),
        cmocka_unit_test(chooses),
        cmocka_unit_test(works_out_logic_only_as_far_as_needed),
        cmocka_unit_test(signs_and_powers),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
