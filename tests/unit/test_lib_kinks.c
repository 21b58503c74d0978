/* SPDX-License-Identifier: BSD-3-Clause */
/* Kinks and regions through the language. */
#include "cells.h"
#include "picture.h"

static void examples_show_what_they_promise(void **state) {
    (void)state;
    cells_walk(dw_lib_kinks);
}

static void kinks_of_formulas(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "kinks(abs, -1..1)", "0");
    cell_expect(&c, "kinks(x ↦ 2*x + 1, -1..1)", "[] (an empty row)");
    cell_expect(&c, "kinks(x ↦ 3, -1..1)", "[] (an empty row)");
    cell_expect(&c, "kinks(x ↦ max([x, -x, 1/2]), -1..1)", "[-0.5, 0.5]");
    cell_expect(&c, "kinks(x ↦ x when x > 0.5 otherwise 2 - 3*x, -1..1)", "0.5");
    cell_expect(&c, "kinks(x ↦ mod(x, 0.75), -1..1)", "[-0.75, 0, 0.75]");
    cell_expect(&c, "kinks(abs → (x ↦ x - 1/4) → abs, -1..1)", "[-0.25, 0, 0.25]");
    cell_expect(&c, "kinks(x ↦ [1, -1]*relu([1; 2]*x + [0; 1]), -1..1)", "[-0.5, 0]");
    cell_expect(&c, "kinks(relu', -1..1)", "0");
    cell_expect(&c, "kinks(x ↦ sum(abs(x - k/8) for k in 1..9), 0..1)",
                "[0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875]");
    cell_refuse(&c, "kinks(x ↦ relu(x)*tanh(x), -1..1)", DW_ERR_VALUE, "tanh of what depends");
    cell_refuse(&c, "kinks(x ↦ x^2, -1..1)", DW_ERR_VALUE, "is a curve");
    cell_refuse(&c, "kinks(x ↦ [x, x], -1..1)", DW_ERR_TYPE, "this one gives a row of 2");
    cell_refuse(&c, "kinks(x ↦ \"a\", -1..1)", DW_ERR_TYPE, "this one gives a text");
    cell_refuse(&c, "kinks(abs, 1..-1)", DW_ERR_VALUE, "from 1 to -1");
    cell_refuse(&c, "kinks(abs, 0..inf)", DW_ERR_VALUE, "from 0 to inf");
    cell_refuse(&c, "kinks(3, 0..1)", DW_ERR_TYPE, "a function");
    cell_refuse(&c, "kinks(abs, 3)", DW_ERR_TYPE, "an interval");
    cell_refuse(&c, "(t ↦ kinks(x ↦ abs(t*x), -1..1))'(2)", DW_ERR_TYPE,
                "cannot stand in a function that is differentiated");
    cell_close(&c);
}

static void regions_of_formulas(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "count(regions((x, y) ↦ mean(abs(x - k/8) + y for k in 1..9), 0..1, 0..1))",
                "8");
    cell_expect(&c, "regions((x, y) ↦ max(x, y), 0..2, 0..2).area", "[2, 2]");
    cell_expect(&c, "regions(v ↦ max(v[1], v[2]), 0..2, 0..2).slope", "[0, 1;\n 1, 0]");
    cell_expect(&c, "regions((x, y) ↦ x - y, 0..2, 0..1)",
                "area  slope    corners\n   2  [1; -1]  a 2×4 matrix");
    cell_expect(&c, "count(regions((x, y) ↦ 3, 0..2, 0..1))", "1");
    cell_refuse(&c, "regions((x, y) ↦ x*y, 0..2, 0..1)", DW_ERR_VALUE, "a product of two things");
    cell_refuse(&c, "regions((x, y) ↦ x, 0..2, 1..0)", DW_ERR_VALUE, "from 1 to 0");
    cell_refuse(&c, "regions(v ↦ v, 0..2, 0..1)", DW_ERR_TYPE, "this one gives a column of 2");
    cell_refuse(&c, "regions((x, y, z) ↦ x, 0..2, 0..1)", DW_ERR_TYPE, "needs a value for y");
    cell_close(&c);
}

static void regions_are_drawn(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, "r = regions((x, y) ↦ abs(x) + relu(-x) + relu(x), -1..1, 0..1)",
                               "plot(r, points([0], [0.5]))");
    const dw_series *s = picture_series(v, 0);
    assert_int_equal(s->mark, DW_MARK_AREAS);
    assert_int_equal(s->count, 10); /* twice four corners and a gap */
    assert_true(isnan(s->column[0][4]) && s->column[2][0] == 0 && s->column[2][5] == 1);
    assert_int_equal(picture_series(v, 1)->mark, DW_MARK_POINTS);
    dw_value_release(v);
    cell_refuse(&c, "contour((x, y) ↦ x, r)", DW_ERR_PLOT, "the map would hide these regions");
    cell_close(&c);
    cell_starve("plot(regions((x, y) ↦ max(x, y), 0..2, 0..2))");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(kinks_of_formulas),
        cmocka_unit_test(regions_of_formulas),
        cmocka_unit_test(regions_are_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
