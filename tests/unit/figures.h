/* SPDX-License-Identifier: BSD-3-Clause */
/* Small figures for the tests of the plotting layer. */
#ifndef FIGURES_H
#define FIGURES_H

#include "plot/figure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static inline dw_figure *figures_new(dw_mem *mem) {
    dw_err err = {0};
    dw_figure *figure = dw_figure_new(mem, &err);
    assert_non_null(figure);
    return figure;
}

static inline void figures_add(dw_figure *figure, dw_series series) {
    dw_err err = {0};
    assert_true(dw_figure_add(figure, &series, &err));
}

/* A parabola of five points called `name`, with the title `title` unless it is NULL. */
static inline dw_figure *figures_line(dw_mem *mem, const char *name, const char *title) {
    static const double x[] = {-2, -1, 0, 1, 2}, y[] = {4, 1, 0, 1, 4};
    dw_err err = {0};
    dw_figure *figure = figures_new(mem);
    figures_add(figure,
                (dw_series){.mark = DW_MARK_LINE, .name = name, .count = 5, .column = {x, y}});
    if (title != NULL)
        assert_true(dw_figure_text(figure, &figure->title, title, strlen(title), &err));
    return figure;
}

/* One series of every mark that stands in a flat figure. */
static inline dw_figure *figures_all(dw_mem *mem, const char *name) {
    static const double x[] = {1, 2, 3}, y[] = {1, 4, 2}, low[] = {0.5, 3, 1}, high[] = {2, 5, 3};
    static const double wide[] = {0.5, 0.5, 0.5};
    const char *const labels[] = {name, name, name};
    dw_figure *figure = figures_new(mem);
    figures_add(figure,
                (dw_series){.mark = DW_MARK_LINE, .name = name, .count = 3, .column = {x, y}});
    figures_add(figure,
                (dw_series){.mark = DW_MARK_POINTS, .name = name, .count = 3, .column = {x, low}});
    figures_add(
        figure,
        (dw_series){.mark = DW_MARK_ERRORS, .name = name, .count = 3, .column = {x, y, low, high}});
    figures_add(figure,
                (dw_series){.mark = DW_MARK_VLINE, .name = name, .count = 1, .column = {x}});
    figures_add(figure,
                (dw_series){.mark = DW_MARK_HLINE, .name = name, .count = 1, .column = {x}});
    figures_add(figure, (dw_series){.mark = DW_MARK_BARS,
                                    .name = name,
                                    .count = 3,
                                    .column = {x, y, wide},
                                    .labels = labels});
    figures_add(figure,
                (dw_series){.mark = DW_MARK_BORDER, .name = name, .count = 3, .column = {x, high}});
    figures_add(figure,
                (dw_series){.mark = DW_MARK_NOTE, .name = name, .count = 1, .column = {x, y}});
    return figure;
}

/* A map of x*y over 5×4 places. */
static inline dw_figure *figures_map(dw_mem *mem, dw_mark mark, const char *name) {
    static const double x[] = {0, 1, 2, 3, 4}, y[] = {0, 1, 2, 3};
    double z[20];
    for (int i = 0; i < 20; i++)
        z[i] = x[i % 5] * y[i / 5];
    dw_figure *figure = figures_new(mem);
    figures_add(
        figure,
        (dw_series){.mark = mark, .name = name, .rows = 4, .columns = 5, .column = {x, y, z}});
    return figure;
}

#endif
