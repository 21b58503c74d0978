/* SPDX-License-Identifier: BSD-3-Clause */
/* Series as data blocks and plot elements. */
#include "figures.h"

#include "plot/stroke.h"

#include <math.h>

/* What became of a figure drawn over 0…4 × 0…20. */
typedef struct {
    dw_mem mem;
    dw_buf data, elements, labels;
} written;

static void write_all(written *w, dw_figure *figure) {
    dw_err err = {0};
    memset(w, 0, sizeof *w);
    dw_buf_init(&w->data, &w->mem);
    dw_buf_init(&w->elements, &w->mem);
    dw_buf_init(&w->labels, &w->mem);
    dw_stroke stroke = {.mem = &w->mem,
                        .data = &w->data,
                        .elements = &w->elements,
                        .labels = &w->labels,
                        .canvas = {{0, 4, false}, {0, 20, false}, 400, 300, 1, NULL},
                        .z = {0, 12, false}};
    if (!dw_stroke_figure(&stroke, figure, &err))
        fail_msg("%s", err.text);
    dw_figure_release(figure);
}

static void end(written *w) {
    dw_buf_free(&w->data);
    dw_buf_free(&w->elements);
    dw_buf_free(&w->labels);
    assert_int_equal(w->mem.used, 0);
}

static void gaps_are_empty_lines_and_nothing_is_an_empty_block(void **state) {
    (void)state;
    dw_mem mem = {0};
    written w;
    const double x[] = {1, 2, 3, 4}, y[] = {1, NAN, NAN, 1e308}, z[] = {5, 6, 7, 8};
    dw_figure *figure = figures_new(&mem);
    figures_add(figure, (dw_series){.mark = DW_MARK_LINE, .count = 4, .column = {x, z}});
    figures_add(figure, (dw_series){.mark = DW_MARK_LINE, .count = 0, .column = {x, y}});
    write_all(&w, figure);
    assert_string_equal(w.data.data, "$d1 << DWEND\n1 5\n2 6\n3 7\n4 8\nDWEND\n"
                                     "$d2 << DWEND\nNaN NaN NaN\nDWEND\n");
    end(&w);
    figure = figures_new(&mem);
    const double gap[] = {1, NAN, 3, 4};
    figures_add(figure, (dw_series){.mark = DW_MARK_LINE, .count = 4, .column = {x, gap}});
    write_all(&w, figure);
    assert_string_equal(w.data.data, "$d1 << DWEND\n1 1\n\n3 3\n4 4\nDWEND\n");
    end(&w);
}

static void areas_are_polygons_behind_everything(void **state) {
    (void)state;
    dw_mem mem = {0};
    written w;
    const double x[] = {0, 2, 0, NAN, 2, 4, 4, NAN}, y[] = {0, 0, 5, NAN, 0, 0, 5, NAN};
    const double area[] = {0, 0, 0, 0, 1, 1, 1, 1};
    dw_figure *figure = figures_new(&mem);
    figures_add(figure, (dw_series){.mark = DW_MARK_AREAS, .count = 8, .column = {x, y, area}});
    write_all(&w, figure);
    assert_int_equal(w.data.size, 0);
    assert_non_null(strstr(w.labels.data, "set object 1 polygon from 0,0 to 2,0 to 0,5 to 0,0 "
                                          "behind fc rgb '#"));
    assert_non_null(strstr(w.labels.data, "\nset object 2 polygon from 2,0 to 4,0 to 4,5 to 2,0 "));
    /* two colours */
    const char *first = strstr(w.labels.data, "rgb '#"), *second = strstr(first + 1, "behind fc");
    assert_true(strncmp(first, strstr(second, "rgb '#"), 12) != 0);
    end(&w);
}

static void one_place_of_a_line_is_a_point(void **state) {
    (void)state;
    dw_mem mem = {0};
    written w;
    const double x[] = {1, 2}, y[] = {1, NAN};
    dw_figure *figure = figures_new(&mem);
    figures_add(figure, (dw_series){.mark = DW_MARK_LINE, .count = 2, .column = {x, y}});
    write_all(&w, figure);
    assert_non_null(strstr(w.elements.data, "with points"));
    end(&w);
}

static void series_differ_in_colour_dash_and_shape(void **state) {
    (void)state;
    dw_mem mem = {0};
    written w;
    const double x[] = {1, 2}, y[] = {1, 2};
    dw_figure *figure = figures_new(&mem);
    dw_series points = {.mark = DW_MARK_POINTS, .name = "p", .count = 2, .column = {x, y}};
    dw_series line = {.mark = DW_MARK_LINE, .name = "l", .count = 2, .column = {x, y}};
    figures_add(figure, points);
    figures_add(figure, line);
    figures_add(figure, line);
    points.color = DW_COLOR_RED;
    figures_add(figure, points);
    write_all(&w, figure);
    assert_string_equal(w.elements.data,
                        "$d1 using 1:2 with lines lw 2 lc rgb '#e69f00' dt solid title 'l', "
                        "$d2 using 1:2 with lines lw 2 lc rgb '#009e73' dt (9,4) title 'l', "
                        "$d3 using 1:2 with points pt 7 ps 0.7 lw 1 lc rgb '#0072b2' title 'p', "
                        "$d4 using 1:2 with points pt 5 ps 0.7 lw 1 lc rgb '#d62728' title 'p'");
    end(&w);
}

static void many_lines_across_are_thin(void **state) {
    (void)state;
    dw_mem mem = {0};
    written w;
    const double x[] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
    for (size_t count = 8; count <= 9; count++) {
        dw_figure *figure = figures_new(&mem);
        figures_add(figure, (dw_series){.mark = DW_MARK_VLINE, .count = count, .column = {x}});
        write_all(&w, figure);
        assert_non_null(strstr(w.elements.data, count == 8 ? " lw 1.5 " : " lw 0.6 "));
        end(&w);
    }
}

static void notes_outside_are_left_out(void **state) {
    (void)state;
    dw_mem mem = {0};
    written w;
    const double x[] = {2, 99}, y[] = {10, 10};
    dw_figure *figure = figures_new(&mem);
    figures_add(figure,
                (dw_series){.mark = DW_MARK_NOTE, .name = "it's", .count = 2, .column = {x, y}});
    write_all(&w, figure);
    assert_non_null(strstr(w.labels.data, "set label 'it''s' at first 2, first 10 left"));
    assert_null(strstr(w.labels.data, "99"));
    assert_int_equal(w.elements.size, 0);
    end(&w);
}

static void maps_have_levels(void **state) {
    (void)state;
    dw_mem mem = {0};
    written w;
    write_all(&w, figures_map(&mem, DW_MARK_CONTOUR, "L"));
    assert_non_null(strstr(w.elements.data, "$d1 nonuniform matrix using 1:2:3 with image"));
    assert_non_null(strstr(w.elements.data, "$d2 using 1:2 with lines"));
    end(&w);
    write_all(&w, figures_map(&mem, DW_MARK_SURFACE, "L"));
    assert_string_equal(w.elements.data, "$d1 using 1:2:3 with pm3d notitle");
    end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_are_polygons_behind_everything),
        cmocka_unit_test(gaps_are_empty_lines_and_nothing_is_an_empty_block),
        cmocka_unit_test(one_place_of_a_line_is_a_point),
        cmocka_unit_test(series_differ_in_colour_dash_and_shape),
        cmocka_unit_test(many_lines_across_are_thin),
        cmocka_unit_test(notes_outside_are_left_out),
        cmocka_unit_test(maps_have_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
