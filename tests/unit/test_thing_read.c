/* SPDX-License-Identifier: BSD-3-Clause */
/* What the arguments of a plot become. */
#include "picture.h"

static dw_value plot_of(cell *c, const char *before, const char *source) {
    cell_open(c);
    return picture_value(c, before, source);
}

static void end(cell *c, dw_value v) {
    dw_value_release(v);
    cell_close(c);
}

static void two_rows_are_points_and_one_is_a_line(void **state) {
    (void)state;
    cell c;
    dw_value v = plot_of(&c, NULL, "plot([1, 2, 3], [4, 5, 6], [7, 8])");
    assert_int_equal(picture_series(v, 0)->mark, DW_MARK_POINTS);
    assert_true(picture_series(v, 0)->column[1][2] == 6);
    assert_int_equal(picture_series(v, 1)->mark, DW_MARK_LINE);
    assert_true(picture_series(v, 1)->column[0][1] == 2);
    assert_true(picture_series(v, 1)->column[1][1] == 8);
    end(&c, v);
}

static void columns_of_a_matrix_are_points(void **state) {
    (void)state;
    cell c;
    dw_value v = plot_of(&c, NULL, "plot(line([1, 2, 3; 4, 5, 6]), points([7; 8]))");
    assert_int_equal(picture_series(v, 0)->mark, DW_MARK_LINE);
    assert_true(picture_series(v, 0)->column[0][1] == 2 && picture_series(v, 0)->column[1][1] == 5);
    assert_int_equal(picture_series(v, 1)->count, 1);
    assert_true(picture_series(v, 1)->column[1][0] == 8);
    end(&c, v);
}

static void tables_are_points_or_lines(void **state) {
    (void)state;
    cell c;
    dw_value v = plot_of(&c, "t = table(x = [1, 2, 3], y = [4, 5, 6])", "plot(t)");
    assert_int_equal(picture_series(v, 0)->mark, DW_MARK_POINTS);
    assert_string_equal(picture_series(v, 0)->name, "t");
    end(&c, v);
    v = plot_of(&c, NULL,
                "plot([(n = k, loss = k^2, time = k^3) for k in [1, 2, 4]], log = \"xy\")");
    assert_int_equal(picture_figure(v)->count, 2);
    assert_string_equal(picture_series(v, 1)->name, "time");
    assert_true(picture_series(v, 1)->column[0][2] == 4 &&
                picture_series(v, 1)->column[1][2] == 64);
    assert_string_equal(picture_figure(v)->x.label, "n");
    assert_true(picture_figure(v)->x.log && picture_figure(v)->y.log);
    end(&c, v);
}

static void estimates_have_error_bars(void **state) {
    (void)state;
    cell c;
    dw_value v = plot_of(&c, "p = [fraction([true, false, true]), fraction([true, false])]",
                         "plot(line([1, 2], p))");
    const dw_series *s = picture_series(v, 0);
    assert_int_equal(s->mark, DW_MARK_ERRORS);
    assert_true(s->column[1][1] == 0.5 && s->column[2][1] < 0.5 && s->column[3][1] > 0.5);
    end(&c, v);
}

static void intervals_are_ranges(void **state) {
    (void)state;
    cell c;
    dw_value v = plot_of(&c, NULL, "plot(-1..2, sin, 0..5)");
    assert_true(picture_figure(v)->x.lo == -1 && picture_figure(v)->x.hi == 2);
    assert_true(picture_figure(v)->y.fixed && picture_figure(v)->y.hi == 5);
    end(&c, v);
}

static void intervals_of_marks_count_without_others(void **state) {
    (void)state;
    static const struct {
        const char *code;
        double lo, hi;
    } cases[] = {{"plot(line(sin, 0..1))", 0, 1},
                 {"plot(line(sin, 0..1), line(cos, 2..3))", 0, 3},
                 {"plot([line(sin, 0..1), line(cos, -2..0)])", -2, 1},
                 {"plot(line(sin, 0..1), -3..3)", -3, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cell c;
        dw_value v = plot_of(&c, NULL, cases[i].code);
        const dw_series *s = picture_series(v, 0);
        assert_true(s->column[0][0] == cases[i].lo);
        assert_true(s->column[0][s->count - 1] == cases[i].hi);
        end(&c, v);
    }
}

static void lists_are_taken_apart(void **state) {
    (void)state;
    cell c;
    dw_value v = plot_of(&c, "fs = [sin, cos]", "plot(fs, -1..1)");
    assert_int_equal(picture_figure(v)->count, 2);
    assert_string_equal(picture_series(v, 1)->name, "fs[2]");
    end(&c, v);
}

static void what_cannot_be_drawn_is_told(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_refuse(&c, "plot([1, 2], [1, 2, 3])", DW_ERR_SHAPE, "x has 2 numbers and y has 3");
    cell_refuse(&c, "plot([1, 2, 3; 4, 5, 6; 7, 8, 9])", DW_ERR_SHAPE, "this matrix is 3×3");
    cell_refuse(&c, "plot((a = 1))", DW_ERR_TYPE, "plot draws functions, tables");
    cell_refuse(&c, "plot(sin, 2..1)", DW_ERR_VALUE, "from a smaller to a larger number");
    cell_refuse(&c, "plot(sin, 0..1, 0..1, 0..1)", DW_ERR_VALUE, "this is the third interval");
    cell_refuse(&c, "plot(table(a = [\"x\", \"y\"]))", DW_ERR_DATA, "needs columns x and y");
    cell_refuse(&c, "plot([\"a\", \"b\"])", DW_ERR_TYPE, "item 1 is a text");
    cell_refuse(&c, "plot(5)", DW_ERR_TYPE, "this is one number. A level line is hline(5)");
    cell_refuse(&c, "plot(true)", DW_ERR_TYPE, "this is true or false");
    cell_refuse(&c, "plot(sin, 0, 1)", DW_ERR_TYPE, "one interval, as in 0..1");
    cell_refuse(&c, "plot(\"sin\")", DW_ERR_VALUE, "stands without quotes: sin");
    cell_refuse(&c, "plot(normal(0, 1))", DW_ERR_TYPE, "hist(sample(d, 1000))");
    cell_refuse(&c, "plot((x, y) ↦ x + y, -1..1)", DW_ERR_PLOT, "surface(…) or contour(…)");
    cell_refuse(&c, "plot()", DW_ERR_PLOT, "there is nothing in this plot");
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_rows_are_points_and_one_is_a_line),
        cmocka_unit_test(columns_of_a_matrix_are_points),
        cmocka_unit_test(tables_are_points_or_lines),
        cmocka_unit_test(estimates_have_error_bars),
        cmocka_unit_test(intervals_are_ranges),
        cmocka_unit_test(intervals_of_marks_count_without_others),
        cmocka_unit_test(lists_are_taken_apart),
        cmocka_unit_test(what_cannot_be_drawn_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
