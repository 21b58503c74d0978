/* SPDX-License-Identifier: BSD-3-Clause */
/* Operators on values of every kind. */
#include "lang/operate.h"

#include "notebook.h"

static void joins_and_compares_texts(void **state) {
    (void)state;
    notebook_says("\"a\" + \"b\"", "\"ab\"\n");
    notebook_says("[\"a\" < \"b\", \"a\" ≥ \"ab\", \"x\" == \"x\", \"\" < \"a\"]",
                  "[true, false, true, true]\n");
}

static void compares_anything_for_equality(void **state) {
    (void)state;
    notebook_says("[sin == sin, sin == cos, (a = 1) == (a = 2), 1..2 == 1..2, \"a\" == 1]",
                  "[true, false, false, true, false]\n");
    notebook_says("[[\"a\", 1] == [\"a\", 1], normal(0, 1) ≠ normal(0, 2)]", "[true, true]\n");
}

static void makes_ranges(void **state) {
    (void)state;
    notebook_says("0..1 by 0.25", "[0, 0.25, 0.5, 0.75, 1]\n");
    notebook_says("5..1 by -2", "[5, 3, 1]\n");
    notebook_says("1..0 by 1", "[] (an empty row)\n");
    notebook_says("count(0..1 by 0.1)", "11\n");
    notebook_refuses("0..1 by 0", DW_ERR_VALUE, "never gets from one end to the other", "by");
    notebook_refuses("0..inf by 1", DW_ERR_VALUE, "two finite ends", "by");
    notebook_refuses("0..1e15 by 1e-3", DW_ERR_LIMIT, "larger step", "by");
    notebook_refuses("\"a\"..2", DW_ERR_TYPE, "an interval goes from a number to a number", "..");
    notebook_refuses("3 by 1", DW_ERR_TYPE, "by stands between an interval and a step", "by");
}

static void knows_membership(void **state) {
    (void)state;
    notebook_says("[2 in 1..3, 4 in 1..3, 2 in [1, 2], \"a\" in [\"b\"], 3 in [1, 2; 3, 4]']",
                  "[true, false, true, false, false]\n");
    notebook_says("[0.5, 5] in 0..1", "[true, false]\n");
    notebook_refuses("1 in sin", DW_ERR_TYPE, "has no elements to go through", "in");
}

static void refuses_with_advice(void **state) {
    (void)state;
    notebook_refuses("sin + 1", DW_ERR_TYPE, "write x ↦ f(x) + g(x)", "+");
    notebook_refuses("(1..2)*3", DW_ERR_TYPE, "0..1 by 0.1 is", "*");
    notebook_refuses("\"a\" + 1", DW_ERR_TYPE, "write it in braces", "+");
    notebook_refuses("normal(0, 1)*2", DW_ERR_TYPE, "sample(d)", "*");
    notebook_refuses("(n = 1) - 1", DW_ERR_TYPE, "name the column or field", "-");
    notebook_refuses("1 + print()", DW_ERR_TYPE, "give nothing back", "+");
    notebook_refuses("sin/2", DW_ERR_TYPE, "cannot divide the function sin and a number", "/");
    notebook_refuses("sin^2", DW_ERR_TYPE, "cannot raise to a power: the function sin", "^");
    notebook_refuses("sqrt(sin)", DW_ERR_TYPE, "give it a value first, as in f(2)", "sin");
    notebook_refuses("\"a\"'", DW_ERR_TYPE, "turns rows into columns", "'");
    notebook_refuses("-\"a\"", DW_ERR_TYPE, "needs a number or an array", "-");
    notebook_refuses("[1, 2] when [true, false] otherwise \"a\"", DW_ERR_TYPE,
                     "between numbers or arrays", "when");
    notebook_refuses("\"a\" < 1", DW_ERR_TYPE, "cannot compare a text and a number", "<");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("([1, 2] + [1; 2])'*[1, 2] .* 2 - [\"a\", 1][2] + (1 when [true] otherwise 2)\n"
                    "\"a\" + \"b\" == \"c\"\n2 in [fraction([1, 0] > 0), 2]\n"
                    "[fraction([1, 0] > 0), 2] + 1\n0..1 by 0.5\nnormal(0, 1)^2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_and_compares_texts),
        cmocka_unit_test(compares_anything_for_equality),
        cmocka_unit_test(makes_ranges),
        cmocka_unit_test(knows_membership),
        cmocka_unit_test(refuses_with_advice),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
