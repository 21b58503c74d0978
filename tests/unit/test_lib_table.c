/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables changed as a whole. */
#include "cells.h"

static void examples_show_what_they_promise(void **state) {
    (void)state;
    cells_walk(dw_lib_table);
}

static void columns_get_mean_0_and_spread_1(void **state) {
    (void)state;
    cells_expect("s = standardize(table(x = [1, 2, 3; 10, 10, 10], y = [5, 6, 7], w = [\"a\", "
                 "\"b\", \"c\"], ok = [true, false, true]))\ns",
                 "      x  y  w     ok\n[-1; 0]  5  a   true\n [0; 0]  6  b  false\n [1; 0]  7  c  "
                 " true");
    cells_expect("t = table(x = sample(normal(5, 3), 50), y = 1..50)\ns = standardize(t)\n"
                 "[abs(mean(s.x)) < 1e-14, abs(std(s.x) - 1) < 1e-14, all(s.y == t.y)]",
                 "[true, true, true]");
    cells_expect("t = table(x = 1..3, y = 4..6)\nstandardize(t, target = \"x\").y", "[-1, 0, 1]");
    cells_expect("standardize(table(x = 7, y = 1)).x", "7");
}

static void another_table_follows(void **state) {
    (void)state;
    cells_expect("t = table(x = [10, 20, 30], y = 1..3)\n"
                 "standardize(table(x = [40, 20], y = [8, 9]), like = t).x",
                 "[2, 0]");
    cell c;
    cell_open(&c);
    cell_refuse(&c, "standardize(table(x = 1..3), like = table(z = 1..3))", DW_ERR_SHAPE,
                "the column x is not there");
    cell_refuse(&c, "standardize(table(x = [1, 2; 3, 4]), like = table(x = 1..3))", DW_ERR_SHAPE,
                "the column x");
    cell_refuse(&c, "standardize([1, 2])", DW_ERR_TYPE, "needs a table");
    cell_refuse(&c, "standardize(table(x = 1..3), like = 3)", DW_ERR_TYPE, "needs a table");
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(columns_get_mean_0_and_spread_1),
        cmocka_unit_test(another_table_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
