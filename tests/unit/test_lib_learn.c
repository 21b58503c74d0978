/* SPDX-License-Identifier: BSD-3-Clause */
/* Trees, neighbours and polynomials as functions of the language. */
#include "cells.h"

#define TABLE "t = table(x = [1, 2, 3, 4], y = [5, 5, 7, 8])\n"

static void examples_show_what_they_promise(void **state) {
    (void)state;
    cells_walk(dw_lib_learn);
}

static void trees_are_functions(void **state) {
    (void)state;
    cells_expect(TABLE "f = decision_tree(t)\n[f(x) for x in [0, 2.4, 2.5, 3.4, 9]]",
                 "[5, 5, 7, 7, 8]");
    cells_expect(TABLE "f = decision_tree(t, 1)\n[f(0), f(9)]", "[5, 7.5]");
    cells_expect(TABLE "decision_tree(t, 0)", "a decision tree of depth 0 with 1 leaf");
    cells_expect(TABLE "decision_tree(t, classes = true)",
                 "a decision tree of depth 2 with 3 leaves for 3 classes");
    cells_expect("t = table(x = [1, 2; 1, 1], y = [\"a\", \"b\"])\ndecision_tree(t)([5; 0])",
                 "\"b\"");
    cells_expect("t = table(a = [0, 9], b = [0, 0], kind = [false, true])\n"
                 "decision_tree(t, target = \"kind\")([8, 0])",
                 "true");
    cell c;
    cell_open(&c);
    cell_refuse(&c, "decision_tree(table(x = 1..2, y = 1..2))([1, 2])", DW_ERR_SHAPE,
                "tree learned from inputs of 1 number, this is 2");
    cell_refuse(&c, "decision_tree(table(x = 1..2, y = 1..2), -1)", DW_ERR_VALUE, "depth");
    cell_refuse(&c, "decision_tree(table(x = [\"a\", \"b\"], y = 1..2))", DW_ERR_TYPE,
                "inputs that are numbers; row 1 has a text");
    cell_refuse(&c, "decision_tree(table(x = 1..2, y = [sin, cos]))", DW_ERR_TYPE, "row 1 has");
    cell_refuse(&c, "decision_tree(table(x = 1..2, y = [1, 0/0]))", DW_ERR_DATA, "row 2");
    cell_refuse(&c, "decision_tree(table(x = 1..2, y = 1..2))'(1)", DW_ERR_TYPE,
                "tree has no derivative");
    cell_close(&c);
}

static void neighbours_answer(void **state) {
    (void)state;
    cells_expect(TABLE "f = nearest(t)\n[f(x) for x in [-9, 2.4, 2.5, 2.6, 9]]", "[5, 5, 5, 7, 8]");
    cells_expect(TABLE "nearest(t, 2)(3.6)", "7.5");
    cells_expect(TABLE "nearest(t, 3)", "the mean answer of the 3 nearest of 4 samples");
    cells_expect(TABLE "nearest(t)", "the answer of the nearest of 4 samples");
    /* one vote each, the nearest decides; then two against one */
    cells_expect("t = table(x = [1, 2, 4], y = [\"a\", \"b\", \"a\"])\n"
                 "[nearest(t, 2)(1.9), nearest(t, 3)(1.9)]",
                 "[\"b\", \"a\"]");
    cells_expect("t = table(x = [1, 2, 3], y = [7, 7, 9])\nnearest(t, 3, classes = true)(3)", "7");
    cells_expect("t = table(x = [1, 2, 3], y = [\"p\", \"q\", \"q\"])\nnearest(t, 3)",
                 "the most frequent label of the 3 nearest of 3 samples");
    cell c;
    cell_open(&c);
    cell_refuse(&c, "nearest(table(x = 1..2, y = 1..2), 3)", DW_ERR_VALUE, "at most 2");
    cell_refuse(&c, "nearest(table(x = 1..2, y = 1..2))(\"a\")", DW_ERR_TYPE, "numbers");
    cell_close(&c);
}

static void polynomials_go_through_points(void **state) {
    (void)state;
    cells_expect("t = table(x = [3, 5, 6, 8, 9], y = x ↦ 2*x^4 - x + 1)\n"
                 "f = polynomial_fit(t, 4)\nabs(f(7) - 4796) < 1e-9",
                 "true");
    cells_expect("t = table(x = 1..4, y = x ↦ x²)\nf = polynomial_fit(t, 2)\n"
                 "g(x) = f(x) - x²\n[abs(g(2.5)) < 1e-12, abs(f'(3) - 6) < 1e-12, "
                 "all(abs(f([1, 2]) - [1, 4]) < 1e-12)]",
                 "[true, true, true]");
    cells_expect("t = table(x = [2, 2], y = [1, 3])\npolynomial_fit(t, 0)(5)", "2");
    cells_expect("t = table(x = 0..4, y = x ↦ x)\npolynomial_fit(t, 1)",
                 "a polynomial of degree 1, fitted on 0..4");
    /* far from 0 powers of x would be one and the same to a double */
    cells_expect("t = table(x = linspace(1000..1001, 30), y = x ↦ sin(8*x))\n"
                 "f = polynomial_fit(t, 20)\nmax(abs(f(x) - sin(8*x)) for x in "
                 "linspace(1000..1001, 99)) < 1e-9",
                 "true");
    cell c;
    cell_open(&c);
    cell_refuse(&c, "polynomial_fit(table(x = [1, 1, 2], y = 1..3), 2)", DW_ERR_VALUE,
                "at least 3 different places x, here are 2");
    cell_refuse(&c, "polynomial_fit(table(x = [1, 2; 3, 4], y = 1..2), 1)", DW_ERR_SHAPE,
                "one number a row, here are 2");
    cell_refuse(&c, "polynomial_fit(table(x = 1..2, y = [\"a\", \"b\"]), 1)", DW_ERR_TYPE,
                "decision_tree or nearest");
    cell_refuse(&c, "polynomial_fit(table(x = 1..2, y = 1..2), 1)(\"a\")", DW_ERR_TYPE,
                "a number for x");
    cell_close(&c);
    cells_starve("t = table(x = 1..4, y = x ↦ x²)\nf = polynomial_fit(t, 2)\nf'(3) > 5");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(trees_are_functions),
        cmocka_unit_test(neighbours_answer),
        cmocka_unit_test(polynomials_go_through_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
