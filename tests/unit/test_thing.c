/* SPDX-License-Identifier: BSD-3-Clause */
/* Things in lists: names from the source, colours by words, plots as values. */
#include "picture.h"

static void expect_name(const char *source, const char *name) {
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, "f(x) = x\ng(a, b, c) = x ↦ a\ndata = [1, 2, 3]", source);
    const dw_thing *t = &picture_things(v)->things[0];
    if (name == NULL)
        assert_null(t->name);
    else
        assert_string_equal(t->name, name);
    dw_value_release(v);
    cell_close(&c);
}

static void names_are_the_source(void **state) {
    (void)state;
    expect_name("line(sin)", "sin");
    expect_name("line(data, [4, 5, 6])", NULL);
    expect_name("line([4, 5, 6], data)", "data");
    expect_name("line(x ↦ f( x ))", "x ↦ f( x )");
    expect_name("line(g(1,\n   2, 3))", "g(1, 2, 3)");
    expect_name("line(g(11111111, 22222222, 33333333333))", "g(11111111, 22222222, 333333333…");
    expect_name("line(f, name = \"mine\")", "mine");
    expect_name("line(f, name = \"\")", NULL);
}

static void colours_are_words(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, NULL, "line(sin, \"orange\")");
    assert_int_equal(picture_things(v)->things[0].color, DW_COLOR_ORANGE);
    dw_value_release(v);
    v = picture_value(&c, NULL, "vline([1, 2], \"red\")");
    assert_int_equal(picture_things(v)->things[0].color, DW_COLOR_RED);
    dw_value_release(v);
    cell_refuse(&c, "line(sin, \"ornage\")", DW_ERR_VALUE,
                "there is no colour ornage; did you mean orange?");
    cell_refuse(&c, "line(sin, color = \"#ff0000\")", DW_ERR_VALUE, "The colours are blue, orange");
    cell_close(&c);
}

static void plots_inside_plots_keep_their_looks(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, "p = plot(line(sin, \"red\"), -1..1)\nq = points([1], [2])",
                               "plot(p, q, bars([\"a\", \"b\"], [1, 2]))");
    assert_int_equal(picture_figure(v)->count, 3);
    assert_int_equal(picture_series(v, 0)->color, DW_COLOR_RED);
    assert_string_equal(picture_series(v, 0)->name, "sin");
    assert_int_equal(picture_series(v, 1)->mark, DW_MARK_POINTS);
    assert_string_equal(picture_series(v, 2)->labels[1], "b");
    dw_value_release(v);
    cell_close(&c);
}

static void lack_of_memory_is_told(void **state) {
    (void)state;
    cell_starve("plot(line([1, 2], [3, 4], \"red\"), bars([\"a\"], [1]), note(1, 2, \"x\"))");
    cell_starve("plot(plot(points([1, 2], [3, 4])), hist([1, 2, 3]))");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_the_source),
        cmocka_unit_test(colours_are_words),
        cmocka_unit_test(plots_inside_plots_keep_their_looks),
        cmocka_unit_test(lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
