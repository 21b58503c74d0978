/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables and words through the language. */
#include "cells.h"

static void examples_show_what_they_promise(void **state) {
    (void)state;
    cells_walk(dw_lib_data);
}

static void tables_take_functions(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "table(x = 1..3, y = x ↦ 2*x).y", "[2, 4, 6]");
    cell_expect(&c, "table(x = [1; 2], y = x ↦ \"n{x}\").y", "[\"n1\", \"n2\"]");
    cell_expect(&c, "table(x = 1..2, y = x ↦ [x; 10*x]).y", "[ 1,  2;\n 10, 20]");
    cell_expect(&c, "table(x = [1, 2; 3, 4], y = c ↦ c[1] + c[2]).y", "[4, 6]");
    cell_expect(&c, "table(x = [\"a\", \"b\"], y = w ↦ w + w).y", "[\"aa\", \"bb\"]");
    cell_expect(&c, "table(x = 5, y = x ↦ x + 1).y", "6");
    cell_expect(&c, "table(x = 1..3, y = x ↦ x > 1).y", "[false, true, true]");
    /* one number at a time: a function that sums must not see the whole row */
    cell_expect(&c, "table(x = 1..3, y = x ↦ sum(x)).y", "[1, 2, 3]");
    cell_expect(&c, "count(table(x = []))", "0");
    cell_refuse(&c, "table()", DW_ERR_TYPE, "at least one column");
    cell_refuse(&c, "table(1..3)", DW_ERR_TYPE, "needs a name");
    cell_refuse(&c, "table(\"apples.csv\")", DW_ERR_TYPE, "load reads a table from a file");
    cell_refuse(&c, "table(x = sin)", DW_ERR_TYPE, "the first column must be values");
    cell_refuse(&c, "table(x = 1..3, y = [1, 2])", DW_ERR_SHAPE, "y has 2 entries, but x has 3");
    cell_refuse(&c, "table(x = 1..3, y = x ↦ [x, x])", DW_ERR_SHAPE, "y gives a row of 2");
    cell_refuse(&c, "table(x = normal(0, 1))", DW_ERR_TYPE, "x is");
    cell_refuse(&c, "table(x = 1..3, y = x ↦ nope(x))", DW_ERR_NAME, "nope");
    cell_close(&c);
}

static void data_is_split(void **state) {
    (void)state;
    cells_expect(
        "a, b = split(1..10, 0.7)\nall(sort([a, b]) == linspace(1..10, 10)) and count(a) == 7",
        "true");
    cells_expect("a, b = split(1..10, 0.3, shuffle = false)\na", "[1, 2, 3]");
    cells_expect("a, b = split(table(x = 1..4, y = x ↦ x²), 1)\ncount(a) + 10*count(b)", "4");
    cells_expect("a, b = split([1, 2; 3, 4; 5, 6]', 0.34)\nsize(b)", "[2, 2]");
    cells_expect("a, b = split([\"p\", \"q\"], 0.5, shuffle = false)\nb", "[\"q\"]");
    cell c;
    cell_open(&c);
    cell_refuse(&c, "split(1..10, 80)", DW_ERR_VALUE, "a share from 0 to 1");
    cell_refuse(&c, "split(3, 0.5)", DW_ERR_TYPE, "this is a number");
    cell_close(&c);
}

static void words_are_letters(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "words(\"It's the quick, brown fox — über 2 alles’ .\")",
                "[\"it's\", \"the\", \"quick\", \"brown\", \"fox\", \"über\", \"2\", \"alles\"]");
    cell_expect(&c, "words(\"ÄRGER Ωμέγα ПРИВЕТ\")", "[\"ärger\", \"ωμέγα\", \"привет\"]");
    cell_expect(&c, "count(words(\" ,;—\"))", "0");
    cell_expect(&c, "join(words(\"a b c\"))", "\"a b c\"");
    cell_expect(&c, "join([1, 2.5, 3], \" + \")", "\"1 + 2.5 + 3\"");
    cell_expect(&c, "join([])", "\"\"");
    cell_refuse(&c, "join(\"abc\")", DW_ERR_TYPE, "a list of texts");
    cell_refuse(&c, "words(3)", DW_ERR_TYPE, "a text");
    cell_close(&c);
}

static void repetitions_go(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "distinct([\"b\", \"a\", \"b\"])", "[\"b\", \"a\"]");
    cell_expect(&c, "distinct([2; 1; 2])'", "[2, 1]");
    cell_expect(&c, "distinct([0, -0, 0/0, 0/0])", "[0, NaN]");
    cell_refuse(&c, "distinct([1, 2; 3, 4])", DW_ERR_TYPE, "texts or numbers");
    cell_refuse(&c, "distinct(sin)", DW_ERR_TYPE, "has no elements");
    cell_close(&c);
}

static void windows_slide(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "windows([1; 2; 3; 4], 2).x", "[1, 2;\n 2, 3]");
    cell_expect(&c, "windows([1; 2; 3; 4], 2).y", "[3, 4]");
    cell_expect(&c, "windows(1..5, 4).y", "5");
    cell_expect(&c, "windows([\"a\", \"b\", \"c\"], 1).x[2]", "[\"b\"]");
    cell_expect(&c, "windows([\"a\", \"b\", \"c\"], 1).y", "[\"b\", \"c\"]");
    cell_refuse(&c, "windows([1, 2, 3], 3)", DW_ERR_VALUE, "n of at most 2");
    cell_refuse(&c, "windows([], 1)", DW_ERR_VALUE, "at least two");
    cell_refuse(&c, "windows(3, 1)", DW_ERR_TYPE, "a list, a row or a column");
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(tables_take_functions),
        cmocka_unit_test(data_is_split),
        cmocka_unit_test(words_are_letters),
        cmocka_unit_test(repetitions_go),
        cmocka_unit_test(windows_slide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
