/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures: texts made fit, series copied, pages bounded, lack of memory told. */
#include "figures.h"

static void expect_clean(const char *raw, size_t size, const char *clean) {
    dw_mem mem = {0};
    char *text = dw_figure_clean(&mem, raw, size);
    assert_string_equal(text, clean);
    dw_mem_free(text);
    assert_int_equal(mem.used, 0);
}

static void texts_become_fit_for_drawing(void **state) {
    (void)state;
    expect_clean("λ = 3", 6, "λ = 3");
    expect_clean("a\nb\tc\0d\x7f", 8, "a b c d ");
    expect_clean("caf\xe9!", 5, "caf\xEF\xBF\xBD!");
    expect_clean("\xc2\x85\xe2\x80\xa8\xef\xbf\xbe", 8, "   ");
    expect_clean("", 0, "");
    char longer[400];
    memset(longer, 'x', sizeof longer);
    char expected[DW_FIGURE_TEXT + 4];
    memset(expected, 'x', DW_FIGURE_TEXT);
    memcpy(expected + DW_FIGURE_TEXT, "…", 4);
    expect_clean(longer, sizeof longer, expected);
}

static void series_are_copies(void **state) {
    (void)state;
    dw_mem mem = {0};
    double x[] = {1, 2}, y[] = {3, 4};
    char name[] = "it";
    dw_figure *figure = figures_new(&mem);
    figures_add(figure,
                (dw_series){.mark = DW_MARK_LINE, .name = name, .count = 2, .column = {x, y}});
    x[0] = 9;
    name[0] = 'X';
    assert_true(figure->series[0].column[0][0] == 1);
    assert_string_equal(figure->series[0].name, "it");
    assert_null(figure->series[0].column[2]);
    dw_figure_release(dw_figure_retain(figure));
    dw_figure_release(figure);
    assert_int_equal(mem.used, 0);
}

static void pages_have_bounds(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_figure *cells[DW_FIGURE_CELLS + 1] = {figures_line(&mem, "f", NULL), NULL};
    dw_figure *page = dw_figure_page(&mem, cells, 1, 2, &err);
    assert_non_null(page);
    assert_int_equal(cells[0]->refs, 2);
    dw_figure *nested[] = {page};
    assert_null(dw_figure_page(&mem, nested, 1, 1, &err));
    assert_int_equal(err.kind, DW_ERR_PLOT);
    dw_err_clear(&err);
    assert_null(dw_figure_page(&mem, cells, 1, DW_FIGURE_CELLS + 1, &err));
    assert_non_null(strstr(err.text, "1 to 64 plots"));
    dw_err_clear(&err);
    assert_null(dw_figure_page(&mem, cells, 0, 3, &err));
    dw_figure_release(page);
    dw_figure_release(cells[0]);
    assert_int_equal(mem.used, 0);
}

static void words_for_colours_and_places(void **state) {
    (void)state;
    dw_color color = DW_COLOR_AUTO, other = DW_COLOR_AUTO;
    dw_legend legend = DW_LEGEND_ABOVE;
    assert_true(dw_figure_color("grey", 4, &color) && dw_figure_color("gray", 4, &other));
    assert_int_equal(color, other);
    assert_false(dw_figure_color("#ff0000", 7, &color));
    assert_false(dw_figure_color("red'", 4, &color));
    for (size_t i = 0; dw_figure_color_word(i) != NULL; i++)
        assert_true(
            dw_figure_color(dw_figure_color_word(i), strlen(dw_figure_color_word(i)), &color));
    assert_true(dw_figure_legend("bottom right", 12, &legend));
    assert_int_equal(legend, DW_LEGEND_BOTTOM_RIGHT);
    assert_false(dw_figure_legend("middle", 6, &legend));
    assert_null(dw_figure_legend_word(DW_LEGENDS));
}

static void lack_of_memory_is_told(void **state) {
    (void)state;
    static const double x[] = {1, 2}, y[] = {3, 4}, w[] = {1, 1};
    static const char *const labels[] = {"a", "b"};
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_mem mem = {0};
        dw_err err = {0};
        mem.fail_at = n;
        dw_series bars = {.mark = DW_MARK_BARS,
                          .name = "bars",
                          .count = 2,
                          .column = {x, y, w},
                          .labels = labels};
        dw_figure *figure = dw_figure_new(&mem, &err);
        done = figure != NULL && dw_figure_add(figure, &bars, &err) &&
               dw_figure_text(figure, &figure->title, "t", 1, &err);
        assert_true(done || err.kind == DW_ERR_MEMORY);
        dw_figure_release(figure);
        assert_int_equal(mem.used, 0);
        assert_true(n < 100);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_become_fit_for_drawing),
        cmocka_unit_test(series_are_copies),
        cmocka_unit_test(pages_have_bounds),
        cmocka_unit_test(words_for_colours_and_places),
        cmocka_unit_test(lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
