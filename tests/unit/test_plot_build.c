/* SPDX-License-Identifier: BSD-3-Clause */
/* Options, ranges found in data, and figures that cannot be. */
#include "picture.h"

static void options_reach_the_figure(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, NULL,
                               "plot(exp, 1..2, title = \"t\", xlabel = \"a\", ylabel = \"b\", "
                               "log = \"y\", size = [300, 200], legend = \"top left\")");
    const dw_figure *f = picture_figure(v);
    assert_string_equal(f->title, "t");
    assert_string_equal(f->x.label, "a");
    assert_string_equal(f->y.label, "b");
    assert_true(!f->x.log && f->y.log && f->width == 300 && f->height == 200);
    assert_int_equal(f->legend, DW_LEGEND_TOP_LEFT);
    dw_value_release(v);
    v = picture_value(&c, NULL, "plot(exp, vline(1), sin, 1..2, legend = [\"first\", \"second\"])");
    assert_string_equal(picture_series(v, 0)->name, "first");
    assert_string_equal(picture_series(v, 2)->name, "second");
    dw_value_release(v);
    cell_close(&c);
}

static void wrong_options_are_told(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_refuse(&c, "plot(sin, titel = \"x\")", DW_ERR_NAME,
                "plot has no option titel; did you mean title?");
    cell_refuse(&c, "plot(sin, log = \"z\")", DW_ERR_VALUE, "\"x\", \"y\" or \"xy\"");
    cell_refuse(&c, "plot(sin, size = [1, 1])", DW_ERR_VALUE, "100 to 2000");
    cell_refuse(&c, "plot(sin, size = [480, 360, 3])", DW_ERR_VALUE, "size = [480, 360]");
    cell_refuse(&c, "plot(sin, legend = \"middle\")", DW_ERR_VALUE, "legend is a place");
    cell_refuse(&c, "surface((x, y) ↦ x, 0..1, turn = 361)", DW_ERR_VALUE, "turn = 90");
    cell_refuse(&c, "plot(sin, turn = 90)", DW_ERR_NAME, "turn");
    cell_refuse(&c, "plot(sin, legend = 3)", DW_ERR_VALUE, "legend is a place");
    cell_refuse(&c, "plot(sin, title = 3)", DW_ERR_TYPE, "a text");
    cell_refuse(&c, "plot(sin, -1..1, log = \"x\")", DW_ERR_PLOT, "needs a range above 0");
    cell_refuse(&c, "plot(sin, 1..2, -1..1, log = \"y\")", DW_ERR_PLOT, "needs a range above 0");
    cell_refuse(&c, "plot(x ↦ -1, 1..2, log = \"y\")", DW_ERR_PLOT, "numbers above 0");
    cell_refuse(&c, "contour((x, y) ↦ x, log = \"x\")", DW_ERR_VALUE, "no logarithmic axes");
    cell_close(&c);
}

static void functions_follow_the_data(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, NULL, "plot(points([10, 20], [1, 2]), sin)");
    assert_true(fabs(picture_figure(v)->x.lo - 9.6) < 1e-12);
    assert_true(fabs(picture_figure(v)->x.hi - 20.4) < 1e-12);
    dw_value_release(v);
    v = picture_value(&c, NULL, "plot(sin)");
    assert_true(picture_figure(v)->x.lo == -5 && picture_figure(v)->x.hi == 5);
    dw_value_release(v);
    v = picture_value(&c, NULL, "plot(sin, log = \"x\")");
    assert_true(picture_figure(v)->x.lo > 0);
    dw_value_release(v);
    cell_close(&c);
}

static void nothing_to_see_is_told(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_refuse(&c, "plot(x ↦ log(-1 - x²), 0..1)", DW_ERR_PLOT, "there is nothing to draw");
    cell_refuse(&c, "plot(region((x, y) ↦ x < y), -1..1)", DW_ERR_PLOT, "needs two intervals");
    cell_refuse(&c, "surface((x, y) ↦ log(-1 - x²))", DW_ERR_PLOT, "no z-value");
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_reach_the_figure),
        cmocka_unit_test(wrong_options_are_told),
        cmocka_unit_test(functions_follow_the_data),
        cmocka_unit_test(nothing_to_see_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
