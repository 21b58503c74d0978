/* SPDX-License-Identifier: BSD-3-Clause */
/* Ranges of axes from what a figure holds. */
#include "figures.h"

#include "plot/extent.h"

#include <math.h>

static dw_extent extent_of(dw_figure *figure) {
    dw_err err = {0};
    dw_extent e;
    if (!dw_extent_find(figure, NULL, &e, &err))
        fail_msg("%s", err.text);
    assert_true(e.x.lo < e.x.hi && e.y.lo < e.y.hi && e.z.lo < e.z.hi);
    dw_figure_release(figure);
    return e;
}

static void refuse(dw_figure *figure, const char *words) {
    dw_err err = {0};
    dw_extent e;
    assert_false(dw_extent_find(figure, NULL, &e, &err));
    assert_int_equal(err.kind, DW_ERR_PLOT);
    if (strstr(err.text, words) == NULL)
        fail_msg("%s does not say %s", err.text, words);
    dw_figure_release(figure);
}

static dw_figure *two(dw_mem *mem, dw_mark mark, double x0, double y0, double x1, double y1) {
    dw_figure *figure = figures_new(mem);
    double x[] = {x0, x1}, y[] = {y0, y1};
    figures_add(figure, (dw_series){.mark = mark, .name = "f", .count = 2, .column = {x, y}});
    return figure;
}

static void lines_fill_the_width_and_points_have_room(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_extent e = extent_of(two(&mem, DW_MARK_LINE, 0, 1, 10, 3));
    assert_true(e.x.lo == 0 && e.x.hi == 10);
    assert_true(fabs(e.y.lo - 0.9) < 1e-12 && fabs(e.y.hi - 3.1) < 1e-12);
    e = extent_of(two(&mem, DW_MARK_POINTS, 0, 1, 10, 3));
    assert_true(fabs(e.x.lo + 0.4) < 1e-12);
    assert_int_equal(mem.used, 0);
}

static void given_ranges_win_and_only_what_shows_counts(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_figure *figure = figures_line(&mem, "f", NULL);
    figure->x.fixed = true;
    figure->x.lo = -1;
    figure->x.hi = 1;
    dw_extent e = extent_of(figure);
    assert_true(e.x.lo == -1 && e.x.hi == 1);
    assert_true(e.y.hi < 1.1);
}

static void odd_data_still_gives_a_range(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_extent e = extent_of(two(&mem, DW_MARK_POINTS, 3, 0, 3, 0));
    assert_true(e.x.lo < 3 && e.x.hi > 3);
    e = extent_of(two(&mem, DW_MARK_LINE, 0, NAN, 1, 5));
    assert_true(e.y.lo < 5 && e.y.hi > 5);
    e = extent_of(two(&mem, DW_MARK_LINE, 0, -1e308, 1, 7));
    assert_true(e.y.lo > 0);
    e = extent_of(two(&mem, DW_MARK_LINE, 0, -9e299, 1, 9e299));
    assert_true(isfinite(e.y.lo) && isfinite(e.y.hi));
    e = extent_of(two(&mem, DW_MARK_LINE, 1e15, 1, 1e15 + 0.125, 1));
    assert_true(e.x.hi - e.x.lo > 1);
}

static void log_axes_ignore_what_they_cannot_show(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_figure *figure = two(&mem, DW_MARK_LINE, 1, -1, 8, 100);
    figure->x.log = figure->y.log = true;
    dw_extent e = extent_of(figure);
    assert_true(e.x.lo == 1 && e.x.hi == 8);
    assert_true(e.y.lo > 0 && e.y.hi > 100);
    figure = two(&mem, DW_MARK_LINE, 1, -1, 8, 0);
    figure->y.log = true;
    refuse(figure, "a logarithmic y-axis shows numbers above 0, and there are none of f");
}

static void nothing_to_draw_is_an_error(void **state) {
    (void)state;
    dw_mem mem = {0};
    refuse(figures_new(&mem), "there is nothing in this plot");
    refuse(two(&mem, DW_MARK_LINE, 0, NAN, 1, HUGE_VAL), "no y-value of f is a finite number");
    refuse(two(&mem, DW_MARK_POINTS, NAN, 0, NAN, 0), "no x-value");
    assert_int_equal(mem.used, 0);
}

static void bars_stand_on_zero_and_grids_have_heights(void **state) {
    (void)state;
    dw_mem mem = {0};
    double x[] = {1, 2}, y[] = {3, 5}, w[] = {1, 1};
    dw_figure *figure = figures_new(&mem);
    figures_add(figure, (dw_series){.mark = DW_MARK_BARS, .count = 2, .column = {x, y, w}});
    dw_extent e = extent_of(figure);
    assert_true(e.y.lo == 0 && e.x.lo < 0.5 && e.x.hi > 2.5);
    e = extent_of(figures_map(&mem, DW_MARK_CONTOUR, "L"));
    assert_true(e.x.lo == 0 && e.x.hi == 4 && e.z.lo == 0 && e.z.hi == 12);
    e = extent_of(figures_map(&mem, DW_MARK_IMAGE, "L"));
    assert_true(e.x.lo == -0.5 && e.x.hi == 4.5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_fill_the_width_and_points_have_room),
        cmocka_unit_test(given_ranges_win_and_only_what_shows_counts),
        cmocka_unit_test(odd_data_still_gives_a_range),
        cmocka_unit_test(log_axes_ignore_what_they_cannot_show),
        cmocka_unit_test(nothing_to_draw_is_an_error),
        cmocka_unit_test(bars_stand_on_zero_and_grids_have_heights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
