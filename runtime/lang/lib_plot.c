/* SPDX-License-Identifier: BSD-3-Clause */
/* The builtins that draw, and how a picture is shown. Plots are values: nothing is drawn until one
 * is the value of a statement. */
#include "lang/plot_build.h"
#include "lang/plot_hist.h"
#include "lang/plot_marks.h"
#include "plot/plotter.h"

#include <string.h>

static bool run_plot(dw_call *call, dw_value *out) {
    dw_plot_options options;
    dw_thing_list list;
    if (!dw_plot_build_options(call, &options))
        return false;
    dw_thing_list_init(&list, call->mem);
    dw_figure *figure = NULL;
    if (dw_thing_read(call, DW_MARKS, &list))
        figure = dw_plot_build_flat(call, &list, &options);
    dw_thing_list_free(&list);
    return figure != NULL && dw_thing_figure_value(call, figure, out);
}

static bool run_map(dw_call *call, dw_mark mark, dw_value *out) {
    dw_plot_options options;
    dw_thing_list list;
    if (!dw_plot_build_options(call, &options))
        return false;
    if (options.xlog || options.ylog)
        return dw_call_fail(call, 4, DW_ERR_VALUE,
                            "%s has no logarithmic axes; draw log(x) instead", call->builtin->name);
    dw_thing_list_init(&list, call->mem);
    dw_figure *figure = NULL;
    if (dw_thing_read(call, DW_MARKS, &list))
        figure = dw_plot_build_map(call, mark, &list, &options);
    dw_thing_list_free(&list);
    return figure != NULL && dw_thing_figure_value(call, figure, out);
}

static bool run_surface(dw_call *call, dw_value *out) {
    return run_map(call, DW_MARK_SURFACE, out);
}

static bool run_contour(dw_call *call, dw_value *out) {
    return run_map(call, DW_MARK_CONTOUR, out);
}

/* ---- showing ---- */

bool dw_lib_plot_is_picture(dw_value v) {
    if (v.kind == DW_PLOT)
        return true;
    if (v.kind != DW_LIST || v.as.list->count == 0)
        return false;
    for (size_t i = 0; i < v.as.list->count; i++)
        if (v.as.list->items[i].kind != DW_PLOT)
            return false;
    return true;
}

/* The figure of a PLOT value: its own, or one made around its marks. */
static dw_figure *figure_of(dw_call *call, dw_value v) {
    const dw_thing_plot *plot = dw_thing_content(v);
    if (plot->figure != NULL)
        return dw_figure_retain(plot->figure);
    dw_plot_options options;
    dw_thing_list list;
    dw_call inner = *call;
    dw_span nowhere = {0, 0};
    memset(&options, 0, sizeof options);
    inner.rest = &v;
    inner.rest_count = 1;
    inner.rest_spans = &nowhere;
    dw_thing_list_init(&list, call->mem);
    dw_figure *figure = NULL;
    if (dw_thing_read(&inner, DW_MARKS, &list))
        figure = dw_plot_build_flat(&inner, &list, &options);
    dw_thing_list_free(&list);
    return figure;
}

/* How a row of plots is broken into lines of a page: a 1×n list is at most four wide. */
static void shape_page(const dw_list *list, size_t *rows, size_t *columns) {
    *rows = list->rows;
    *columns = list->columns;
    if (*rows > 1 || list->count <= 3)
        return;
    *columns = list->count == 4 ? 2 : 3;
    *rows = (list->count + *columns - 1) / *columns;
}

static dw_figure *page_of(dw_call *call, const dw_list *list) {
    dw_figure *cells[DW_FIGURE_CELLS] = {NULL};
    dw_figure *page = NULL;
    size_t rows, columns;
    shape_page(list, &rows, &columns);
    bool ok = list->count <= DW_FIGURE_CELLS;
    for (size_t i = 0; ok && i < list->count; i++) {
        cells[i] = figure_of(call, list->items[i]);
        ok = cells[i] != NULL;
    }
    if (ok || list->count > DW_FIGURE_CELLS)
        page = dw_figure_page(call->mem, cells, rows, columns, call->err);
    for (size_t i = 0; i < DW_FIGURE_CELLS; i++)
        dw_figure_release(cells[i]);
    return page;
}

dw_plotter *dw_lib_plot_plotter(dw_call *call) {
    void **plotter = dw_call_plotter(call);
    if (*plotter == NULL) {
        dw_gnuplot_options options = {dw_call_gnuplot(call), dw_call_path(call), 0};
        *plotter = dw_plotter_new(call->mem, &options, call->err);
    }
    return *plotter;
}

bool dw_lib_plot_display(dw_call *call, dw_value picture) {
    dw_plotter *plotter = dw_lib_plot_plotter(call);
    if (plotter == NULL)
        return false;
    dw_figure *figure =
        picture.kind == DW_PLOT ? figure_of(call, picture) : page_of(call, picture.as.list);
    if (figure == NULL)
        return false;
    dw_picture drawn;
    bool ok = dw_call_leaves_traces(call)
                  ? dw_plotter_draw(plotter, figure, true, call->cancel, &drawn, call->err)
                  : dw_plotter_frame(plotter, figure, dw_call_is_moved(call), call->cancel, &drawn,
                                     call->err);
    dw_figure_release(figure);
    if (!ok)
        return false;
    dw_call_display(call, &drawn.bundle);
    dw_plotter_drop(&drawn);
    return true;
}

void dw_lib_plot_free(void *plotter) {
    dw_plotter_free(plotter);
}

/* ---- the registry ---- */

#define OPTIONS                                                                   \
    "title = \"\", xlabel = \"\", ylabel = \"\", log = \"\", size = [480, 360], " \
    "legend = \"above\""
#define OPTIONS_HELP                                                                \
    "title, xlabel, ylabel: texts\nlog: logarithmic axes, \"x\", \"y\" or \"xy\"\n" \
    "size: width and height in pixels\n"                                            \
    "legend: \"above\", \"top left\", \"bottom right\" …, \"none\", or a list of names"
#define LOOKS_HELP                                                                                 \
    "color: blue, orange, green, red, purple, sky, black, grey, yellow, brown, pink or white; it " \
    "may "                                                                                         \
    "also stand unnamed at the end\nname: words for the legend"
#define ROW(word, parameters, text, sample, others, function)                       \
    {                                                                               \
        .name = word, .group = "Plots", .signature = word parameters, .help = text, \
        .example = sample, .see = others, .run = function                           \
    }

const dw_builtin dw_lib_plot[] = {
    ROW("plot", "(things…, " OPTIONS ")",
        "A plot of functions (curves), tables and pairs of rows (points), histories and marks; an "
        "interval is the range of x, a second one the range of y.\n" OPTIONS_HELP,
        "plot(sin, x ↦ x/2, -3..3, title = \"sine\")  # → a plot", "line points vline surface hist",
        run_plot),
    ROW("line", "(things…, color = \"\", name = \"\")",
        "A function, or two rows x and y, as a line in a plot.\n" LOOKS_HELP,
        "plot(line([1, 2, 3], [2, 4, 3], \"orange\"))  # → a plot", "plot points",
        dw_plot_marks_line),
    ROW("points", "(things…, color = \"\", name = \"\")",
        "A table with columns x and y, two rows x and y, or one column of two numbers, as points "
        "in "
        "a plot.\n" LOOKS_HELP,
        "plot(points([1, 2, 3], [2, 4, 3], \"blue\"))  # → a plot", "plot line",
        dw_plot_marks_points),
    ROW("vline", "(x, color = \"grey\", name = \"\")",
        "A vertical line in a plot, or several.\n" LOOKS_HELP,
        "plot(sin, vline(0, \"red\"), -3..3)  # → a plot", "hline plot", dw_plot_marks_vline),
    ROW("hline", "(y, color = \"grey\", name = \"\")",
        "A level line in a plot, or several.\n" LOOKS_HELP,
        "plot(sin, hline([-1, 1]), -3..3)  # → a plot", "vline plot", dw_plot_marks_hline),
    ROW("bars", "(things…, color = \"\", name = \"\")",
        "Numbers as bars; a list of texts beside them stands below the bars.\n" LOOKS_HELP,
        "bars([\"one\", \"two\", \"three\"], [3, 1, 2])  # → a plot", "plot hist",
        dw_plot_marks_bars),
    ROW("region", "(things…, color = \"red\", name = \"\")",
        "The dashed border of where a test of two numbers, or of a column of two, is "
        "true.\n" LOOKS_HELP,
        "contour((x, y) ↦ x² + y², region((x, y) ↦ x + y > 1, \"red\"), -2..2, -2..2)  # → a plot",
        "contour surface", dw_plot_marks_region),
    ROW("note", "(x, y, text, color = \"black\")", "A text at a place in a plot.",
        "plot(sin, note(0, 0, \"here\"), -3..3)  # → a plot", "plot vline", dw_plot_marks_note),
    ROW("hist", "(values, " OPTIONS ", bins = 0)",
        "A histogram: how many of the values fall into each of a row of equal bins.\n" OPTIONS_HELP
        "\nbins: how many; round ones are chosen otherwise",
        "hist([1, 2, 2, 3, 3, 3])  # → a plot", "bars plot", dw_plot_hist_run),
    ROW("surface", "(things…, " OPTIONS ", turn = 0)",
        "A function of two numbers, or of a column of two, as a surface over two intervals, with "
        "points, lines and regions on it.\n" OPTIONS_HELP
        "\nturn: degrees by which it is turned to be seen from another side",
        "surface((x, y) ↦ x² - y², -1..1, -1..1)  # → a plot", "contour region", run_surface),
    ROW("contour", "(things…, " OPTIONS ")",
        "A function of two numbers, or of a column of two, as a map with lines of equal height, "
        "with "
        "points, lines and regions on it.\n" OPTIONS_HELP,
        "contour((x, y) ↦ x² - y², -1..1, -1..1)  # → a plot", "surface region", run_contour),
    ROW("show", "(images, " OPTIONS ")",
        "Images in shades of grey: a matrix, a matrix whose columns are square images, or a list "
        "of "
        "them.\n" OPTIONS_HELP,
        "show([0, 1, 2; 1, 2, 3; 2, 3, 4])  # → a plot", "plot", dw_plot_hist_show),
    {.name = NULL},
};
