/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures in words. */
#include "figures.h"

#include "plot/alt.h"

#include <math.h>

static void expect(dw_figure *figure, const char *words) {
    dw_mem mem = {0};
    dw_buf out;
    dw_buf_init(&out, &mem);
    dw_alt_write(figure, NULL, &out);
    assert_string_equal(out.data, words);
    dw_buf_free(&out);
    dw_figure_release(figure);
}

static void a_curve_is_told_with_its_numbers(void **state) {
    (void)state;
    dw_mem mem = {0};
    expect(figures_line(&mem, "f", "a parabola"),
           "Plot “a parabola”: x from −2 to 2, y from 0 to 4; the line f goes from 4 at −2 to "
           "4 at 2, lowest 0 at 0.");
    assert_int_equal(mem.used, 0);
}

static void noise_near_zero_reads_as_zero(void **state) {
    (void)state;
    dw_mem mem = {0};
    const double x[] = {1e-17, 3.14159}, y[] = {-1.2e-16, 1};
    dw_figure *figure = figures_new(&mem);
    figures_add(figure, (dw_series){.mark = DW_MARK_LINE, .count = 2, .column = {x, y}});
    expect(figure, "Plot: x from 0 to 3.14, y from 0 to 1; the line goes from 0 at 0 to "
                   "1 at 3.14.");
}

static void every_mark_has_words(void **state) {
    (void)state;
    dw_mem mem = {0};
    expect(
        figures_all(&mem, "n"),
        "Plot: x from 0.75 to 3.25, y from 0 to 5; the line n goes from 1 at 1 to 2 at 3, "
        "highest 4 at 2; 3 points of n, heights from 0.5 to 3; the line n goes from 1 at 1 to 2 at "
        "3, highest 4 at 2, with error bars; vertical line at 1; level line at 1; 3 bars of n: n "
        "1, "
        "n 4, n 2; the outline n, x from 1 to 3 and y from 2 to 5; a note “n”.");
    expect(figures_map(&mem, DW_MARK_CONTOUR, "L"),
           "Contour map: x from 0 to 4, y from 0 to 3; L goes from 0 to 12, lowest near (0, 0).");
    expect(figures_map(&mem, DW_MARK_IMAGE, NULL),
           "Picture: 4×5 cells in shades of grey from 0 to 12.");
}

static void an_even_map_has_one_height(void **state) {
    (void)state;
    dw_mem mem = {0};
    const double x[] = {0, 1}, y[] = {0, 1}, z[] = {2, 2, 2, 2};
    dw_series map = {.mark = DW_MARK_CONTOUR, .name = "c", .rows = 2, .columns = 2};
    map.column[0] = x;
    map.column[1] = y;
    map.column[2] = z;
    dw_figure *figure = figures_new(&mem);
    figures_add(figure, map);
    expect(figure, "Contour map: x from 0 to 1, y from 0 to 1; c is 2 everywhere.");
    map.mark = DW_MARK_IMAGE;
    figure = figures_new(&mem);
    figures_add(figure, map);
    expect(figure, "Picture: 2×2 cells of the same grey, 2.");
}

static void bars_say_their_words(void **state) {
    (void)state;
    enum { MANY = 14 };
    dw_mem mem = {0};
    double x[MANY], y[MANY], wide[MANY];
    const char *labels[MANY];
    for (int i = 0; i < MANY; i++) {
        x[i] = i + 1;
        y[i] = (i * 5) % MANY - 3;
        wide[i] = 0.7;
        labels[i] = i % 2 == 0 ? "even" : "odd";
    }
    for (size_t count = 2; count <= MANY; count += MANY - 2) {
        dw_figure *figure = figures_new(&mem);
        figures_add(figure, (dw_series){.mark = DW_MARK_BARS,
                                        .count = count,
                                        .column = {x, y, wide},
                                        .labels = labels});
        expect(figure, count == 2 ? "Plot: y from −3 to 2; 2 bars: even −3, odd 2."
                                  : "Plot: y from −3 to 10; 14 bars, the lowest even −3, the "
                                    "highest odd 10.");
    }
    assert_int_equal(mem.used, 0);
}

static void pages_join_their_plots(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_figure *cells[] = {NULL, figures_line(&mem, "f", NULL)};
    dw_figure *page = dw_figure_page(&mem, cells, 1, 2, &err);
    assert_non_null(page);
    dw_figure_release(cells[1]);
    expect(page, "Page of 1×2 plots: (2) Plot: x from −2 to 2, y from 0 to 4; the line f goes "
                 "from 4 at −2 to 4 at 2, lowest 0 at 0.");
}

static void many_series_are_counted(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_mem other = {0};
    dw_buf out;
    dw_figure *figure = figures_line(&mem, "f", NULL);
    for (int i = 0; i < 11; i++)
        figures_add(figure, figure->series[0]);
    dw_buf_init(&out, &other);
    dw_alt_write(figure, NULL, &out);
    assert_non_null(strstr(out.data, "; and 4 more."));
    dw_buf_free(&out);
    dw_figure_release(figure);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_curve_is_told_with_its_numbers),
        cmocka_unit_test(noise_near_zero_reads_as_zero),
        cmocka_unit_test(every_mark_has_words),
        cmocka_unit_test(an_even_map_has_one_height),
        cmocka_unit_test(bars_say_their_words),
        cmocka_unit_test(pages_join_their_plots),
        cmocka_unit_test(many_series_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
