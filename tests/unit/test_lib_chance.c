/* SPDX-License-Identifier: BSD-3-Clause */
/* Chance through the language. */
#include "cells.h"

static void examples_show_what_they_promise(void **state) {
    (void)state;
    cells_walk(dw_lib_chance);
}

static void draws_have_shapes(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "size(sample(normal(0, 1), 7))", "[1, 7]");
    cell_expect(&c, "size(sample(normal(0, 1)^3))", "[3, 1]");
    cell_expect(&c, "size(sample(uniform(0..1)^3, 4))", "[3, 4]");
    cell_expect(&c, "size(sample(normal(0, 1), 0))", "[1, 0]");
    cell_expect(&c, "sample(normal(3, 0))", "3");
    cell_expect(&c, "sample([7, 7])", "7");
    cell_expect(&c, "count(sample([\"a\", \"b\"], 5))", "5");
    cell_refuse(&c, "sample([])", DW_ERR_VALUE, "nothing to choose from");
    cell_refuse(&c, "sample(0..1)", DW_ERR_TYPE,
                "a list or array to draw from; this is an interval");
    cell_expect(&c, "normal(0, 1)^3", "normal(0, 1)^3");
    cell_close(&c);
}

static void seeds_repeat(void **state) {
    (void)state;
    cells_expect("a = sample(normal(0, 1), 5)\nseed(0)\na == sample(normal(0, 1), 5)",
                 "[true, true, true, true, true]");
    cells_expect("seed(1)\na = sample(normal(0, 1), 5)\nseed(2)\nany(a == sample(normal(0, 1), 5))",
                 "false");
    /* one draw after the other, so that the first do not depend on how many follow */
    cells_expect("seed(3)\na = sample(normal(0, 1)^2, 3)\nseed(3)\n"
                 "all([sample(normal(0, 1)^2), sample(normal(0, 1)^2)] == a[:, 1..2])",
                 "true");
    cells_expect("seed(4)\nsample(normal(0, 1)) == sample(normal(0, 1))", "false");
}

static void distributions_are_right(void **state) {
    (void)state;
    cells_expect(
        "seed(5)\nx = sample(normal(2, 3), 20000)\nabs(mean(x) - 2) < 0.1 and abs(std(x) - "
        "3) < 0.1",
        "true");
    cells_expect("seed(6)\nx = sample(uniform(-1..3), 20000)\nabs(mean(x) - 1) < 0.05 and "
                 "abs(variance(x) - 16/12) < 0.05 and min(x) ≥ -1 and max(x) < 3",
                 "true");
}

static void fractions_carry_wilsons_interval(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "fraction(linspace(1..1000, 1000) > 492)",
                "0.508  (95 %: 0.477 … 0.539, n = 1000)");
    cell_expect(&c, "fraction([true, false]).n", "2");
    cell_expect(&c, "fraction(true).low", "0.206549");
    cell_expect(&c, "fraction([false, false]).low", "0");
    cell_expect(&c, "fraction([true, true]).high", "1");
    cell_expect(&c, "2*fraction([true, false, false, false])", "0.5");
    cell_expect(&c, "0.3 in fraction([true, false, false]).interval", "true");
    cell_expect(&c, "fraction([x > 1 for x in 1..4]).value", "0.75");
    cell_refuse(&c, "fraction([1, 2])", DW_ERR_TYPE, "needs truth values such as x > 0");
    cell_refuse(&c, "fraction([])", DW_ERR_VALUE, "at least one truth value");
    cell_refuse(&c, "fraction(\"a\")", DW_ERR_TYPE, "this is a text");
    cell_close(&c);
}

static void orders_are_permutations(void **state) {
    (void)state;
    cells_expect("all(sort(shuffle(1..50)) == linspace(1..50, 50)) and any(shuffle(1..50) ≠ "
                 "linspace(1..50, 50))",
                 "true");
    cells_expect("size(shuffle([1; 2; 3]))", "[3, 1]");
    cells_expect("A = shuffle([1, 2, 3; 10, 20, 30])\nall(A[2, :] == 10*A[1, :])", "true");
    cells_expect("t = shuffle(table(x = 1..20, y = x ↦ x², w = x ↦ \"w{x}\"))\n"
                 "all(t.y == t.x .* t.x) and all([t.w[i] == \"w{t.x[i]}\" for i in 1..20])",
                 "true");
    cells_expect("count(distinct([shuffle([1, 2, 3])*[100; 10; 1] for i in 1..200]))", "6");
}

static void choices_come_from_what_is_there(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "sort(distinct(choose(3..5, 100)))", "[3, 4, 5]");
    cell_expect(&c, "size(choose([1; 2], 5))", "[5, 1]");
    cell_expect(&c, "choose(table(x = [7, 7])).x", "7");
    cell_expect(&c, "count(choose([\"a\", \"b\"], 4))", "4");
    cell_refuse(&c, "choose([])", DW_ERR_VALUE, "nothing to choose from");
    cell_refuse(&c, "shuffle(\"abc\")", DW_ERR_TYPE, "needs an array, a list or a table");
    cell_close(&c);
}

static void wrong_arguments_are_explained(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_refuse(&c, "normal(0, -1)", DW_ERR_VALUE, "spread that is not negative");
    cell_refuse(&c, "normal(inf, 1)", DW_ERR_VALUE, "finite mean");
    cell_refuse(&c, "uniform(1..0)", DW_ERR_VALUE, "from a smaller to a larger");
    cell_refuse(&c, "uniform(0..inf)", DW_ERR_VALUE, "from a smaller to a larger");
    cell_refuse(&c, "normal(0, 1)^0", DW_ERR_VALUE, "whole number n from 1");
    cell_refuse(&c, "normal(0, 1)^1.5", DW_ERR_VALUE, "whole number n from 1");
    cell_refuse(&c, "(normal(0, 1)^2)^2", DW_ERR_VALUE, "already has 2 copies");
    cell_refuse(&c, "sample(3)", DW_ERR_TYPE, "needs a distribution such as");
    cell_refuse(&c, "sample(normal(0, 1), -1)", DW_ERR_VALUE, "n of at least 0");
    cell_refuse(&c, "seed(0.5)", DW_ERR_VALUE, "whole number");
    cell_refuse(&c, "seed(-1)", DW_ERR_VALUE, "n of at least 0");
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(draws_have_shapes),
        cmocka_unit_test(seeds_repeat),
        cmocka_unit_test(distributions_are_right),
        cmocka_unit_test(fractions_carry_wilsons_interval),
        cmocka_unit_test(orders_are_permutations),
        cmocka_unit_test(choices_come_from_what_is_there),
        cmocka_unit_test(wrong_arguments_are_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
