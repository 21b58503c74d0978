/* SPDX-License-Identifier: BSD-3-Clause */
/* Guesses, how often they are right, and what is taken for what. */
#include "cells.h"

static void examples_show_what_they_promise(void **state) {
    (void)state;
    cells_walk(dw_lib_class);
}

static void answers_are_read(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "guess([0.2, 0.9, 0.9])", "2");
    cell_expect(&c, "guess([0/0; 1; 3])", "3");
    cell_expect(&c, "guess(1.7)", "2");
    cell_expect(&c, "guess(\"fox\")", "\"fox\"");
    cell_expect(&c, "guess(3 > 2)", "true");
    cell_expect(&c, "guess(x ↦ [x; 1 - x], 0.3)", "2");
    cell_refuse(&c, "guess([])", DW_ERR_TYPE, "an empty row");
    cell_refuse(&c, "guess(sin)", DW_ERR_TYPE, "needs what f is asked");
    cell_refuse(&c, "guess(1, 2)", DW_ERR_TYPE, "the first is a function");
    cell_refuse(&c, "guess(x ↦ [1, 2; 3, 4], 1)", DW_ERR_TYPE, "a 2×2 matrix");
    cell_close(&c);
}

static void right_answers_are_counted(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "accuracy(x ↦ x, table(x = [0.4, 0.6, 2.2], y = [0, 1, 3]))",
                "0.667  (95 %: 0.208 … 0.939, n = 3)");
    /* -1 and 1: the sign decides; -1, 0 and 1: the nearest number */
    cell_expect(&c, "accuracy(x ↦ x, table(x = [-0.1, 5, 0.2], y = [-1, 1, -1])).value",
                "0.666667");
    cell_expect(&c, "accuracy(x ↦ x, table(x = [-0.1, 5, 0.2], y = [-1, 1, 0])).value", "0.333333");
    cell_expect(&c, "accuracy(x ↦ x, table(x = [0.1, 0.8], y = [false, true])).value", "1");
    cell_expect(&c, "accuracy(x ↦ [1 - x; x], table(x = [0.1, 0.8], y = [1, 1])).value", "0.5");
    cell_expect(&c, "accuracy(x ↦ [1 - x; x], table(x = [0.1, 0.8], y = [1, 0; 0, 1])).value", "1");
    cell_expect(&c, "accuracy(x ↦ \"a\", table(x = 1..4, y = [\"a\", \"b\", \"a\", \"a\"])).value",
                "0.75");
    cell_close(&c);
}

static void classes_that_do_not_fit_are_told(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_refuse(&c, "accuracy(sin, table(x = 1..2, y = [1, 0.5]))", DW_ERR_VALUE,
                "row 2 has the answer 0.5");
    cell_refuse(&c, "accuracy(x ↦ [1; 2], table(x = 1..2, y = [1, 0]))", DW_ERR_VALUE,
                "its classes are 1 to 2; row 2 has 0");
    cell_refuse(&c, "accuracy(x ↦ [1; 2], table(x = 1..2, y = [\"a\", \"b\"]))", DW_ERR_TYPE,
                "without labels, row 1 has the label a");
    cell_refuse(&c, "accuracy(x ↦ print(), table(x = 1..2, y = [1, 2]))", DW_ERR_TYPE, "no value");
    cell_refuse(&c, "accuracy(3, table(x = 1..2, y = [1, 2]))", DW_ERR_TYPE, "a function");
    cell_refuse(&c, "confusion(x ↦ x, table(x = 1..100, y = 1..100))", DW_ERR_LIMIT,
                "at most 64 classes, here are 100");
    cell_close(&c);
}

static void mistakes_stand_in_a_table(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "confusion(x ↦ x, table(x = [1, 2, 2, 3], y = [1, 1, 2, 1]))",
                "truth  1  2  3\n1      1  1  1\n2      0  1  0\n3      0  0  0");
    cell_expect(&c, "confusion(x ↦ \"a\", table(x = 1, y = \"a\"))", "truth  a\na      1");
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(answers_are_read),
        cmocka_unit_test(right_answers_are_counted),
        cmocka_unit_test(classes_that_do_not_fit_are_told),
        cmocka_unit_test(mistakes_stand_in_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
