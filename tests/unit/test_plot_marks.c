/* SPDX-License-Identifier: BSD-3-Clause */
/* line, points, region, vline, hline, note, bars as values. */
#include "picture.h"

static const dw_thing *mark_of(cell *c, const char *source, dw_value *v) {
    cell_open(c);
    *v = picture_value(c, NULL, source);
    return &picture_things(*v)->things[0];
}

static void end(cell *c, dw_value v) {
    dw_value_release(v);
    cell_close(c);
}

static void lines_across(void **state) {
    (void)state;
    cell c;
    dw_value v;
    const dw_thing *t = mark_of(&c, "vline([1, 2, 3], \"grey\")", &v);
    assert_true(t->mark == DW_MARK_VLINE && t->count == 3 && t->column[0][2] == 3);
    end(&c, v);
    t = mark_of(&c, "hline(0.5)", &v);
    assert_true(t->mark == DW_MARK_HLINE && t->count == 1 && t->column[0][0] == 0.5);
    end(&c, v);
}

static void notes_and_regions(void **state) {
    (void)state;
    cell c;
    dw_value v;
    const dw_thing *t = mark_of(&c, "note(1, 2, \"it's\", \"red\")", &v);
    assert_true(t->mark == DW_MARK_NOTE && t->column[1][0] == 2 && t->color == DW_COLOR_RED);
    assert_string_equal(t->name, "it's");
    end(&c, v);
    t = mark_of(&c, "region((x, y) ↦ x < y, \"blue\")", &v);
    assert_true(t->mark == DW_MARK_BORDER && t->color == DW_COLOR_BLUE);
    end(&c, v);
}

static void bars_have_words(void **state) {
    (void)state;
    cell c;
    dw_value v;
    const dw_thing *t = mark_of(&c, "bars([\"a\", \"b\"], [3, 4], \"green\")", &v);
    assert_true(t->mark == DW_MARK_BARS && t->count == 2 && t->column[1][1] == 4);
    assert_string_equal(t->labels[1], "b");
    assert_int_equal(t->color, DW_COLOR_GREEN);
    end(&c, v);
    t = mark_of(&c, "bars((apples = 3, pears = 5))", &v);
    assert_string_equal(t->labels[1], "pears");
    assert_true(t->column[1][1] == 5);
    end(&c, v);
    t = mark_of(&c, "bars(table(who = [\"x\", \"y\"], n = [1, 2]))", &v);
    assert_string_equal(t->labels[0], "x");
    end(&c, v);
    t = mark_of(&c, "bars([5, 6, 7])", &v);
    assert_null(t->labels);
    assert_true(t->column[0][2] == 3);
    end(&c, v);
}

static void wrong_marks_are_told(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_refuse(&c, "line()", DW_ERR_VALUE, "line needs something to draw");
    cell_refuse(&c, "vline(sin)", DW_ERR_TYPE, "vline needs numbers for x");
    cell_refuse(&c, "note(1, 2, 3)", DW_ERR_TYPE, "note needs a text for text");
    cell_refuse(&c, "region([1, 2])", DW_ERR_TYPE, "region draws the border");
    cell_refuse(&c, "bars([\"a\"], [1, 2])", DW_ERR_SHAPE, "1 words for 2 bars");
    cell_refuse(&c, "bars([\"a\"])", DW_ERR_VALUE, "bars needs something to draw");
    cell_refuse(&c, "bars(sin)", DW_ERR_TYPE, "bars draws numbers");
    cell_refuse(&c, "bars((a = \"x\"))", DW_ERR_TYPE, "bar 1 has no number");
    cell_refuse(&c, "bars([])", DW_ERR_VALUE, "bars needs something to draw");
    cell_close(&c);
    cell_starve("bars([\"a\", \"b\"], [3, 4], \"green\")");
    cell_starve("note(1, 2, \"x\", \"red\")");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_across),
        cmocka_unit_test(notes_and_regions),
        cmocka_unit_test(bars_have_words),
        cmocka_unit_test(wrong_marks_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
