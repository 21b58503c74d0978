/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures from things: the range of x comes from an interval, else from the data, and functions are
 * sampled over it. */
#include "lang/plot_build.h"

#include "lang/curve.h"
#include "lang/field.h"
#include "plot/extent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TITLE = 1, XLABEL, YLABEL, LOG, SIZE, LEGEND, TURN /* of surface */ };
enum { CONTOUR_POINTS = 57, SURFACE_POINTS = 31, REGION_POINTS = 49, FUNCTION_POINTS = 41 };

static bool read_log(dw_call *call, dw_plot_options *out) {
    const dw_text *axes;
    if (!dw_call_given(call, LOG))
        return true;
    if (!dw_call_text(call, LOG, &axes))
        return false;
    for (size_t i = 0; i < axes->size; i++) {
        bool *axis = axes->bytes[i] == 'x' ? &out->xlog : axes->bytes[i] == 'y' ? &out->ylog : NULL;
        if (axis == NULL)
            return dw_call_fail(call, LOG, DW_ERR_VALUE,
                                "log says which axes are logarithmic: \"x\", \"y\" or \"xy\"");
        *axis = true;
    }
    return true;
}

static bool read_size(dw_call *call, dw_plot_options *out) {
    dw_tensor *size;
    if (!dw_call_given(call, SIZE))
        return true;
    if (!dw_call_tensor(call, SIZE, &size))
        return false;
    bool fine = size->size == 2;
    for (size_t i = 0; fine && i < 2; i++)
        fine = size->data[i] >= 100 && size->data[i] <= 2000;
    if (fine) {
        out->width = (unsigned)size->data[0];
        out->height = (unsigned)size->data[1];
    }
    dw_tensor_release(size);
    return fine || dw_call_fail(call, SIZE, DW_ERR_VALUE,
                                "size is a row of width and height in pixels, 100 to 2000 each: "
                                "size = [480, 360]");
}

static bool bad_legend(dw_call *call) {
    return dw_call_fail(call, LEGEND, DW_ERR_VALUE,
                        "legend is a place (\"above\", \"top left\", \"top right\", \"bottom "
                        "left\", \"bottom right\"), \"none\", or a list of names: "
                        "legend = [\"first\", \"second\"]");
}

static bool read_legend(dw_call *call, dw_plot_options *out) {
    dw_value v = call->args[LEGEND];
    switch (v.kind) {
    case DW_NOTHING:
        return true;
    case DW_TRUTH:
        out->legend = v.as.truth ? DW_LEGEND_ABOVE : DW_LEGEND_NONE;
        return true;
    case DW_TEXT:
        return dw_figure_legend(v.as.text->bytes, v.as.text->size, &out->legend) ||
               bad_legend(call);
    case DW_LIST:
        for (size_t i = 0; i < v.as.list->count; i++)
            if (v.as.list->items[i].kind != DW_TEXT)
                return bad_legend(call);
        out->names = v.as.list;
        return true;
    default:
        return bad_legend(call);
    }
}

bool dw_plot_build_options(dw_call *call, dw_plot_options *out) {
    memset(out, 0, sizeof *out);
    return (!dw_call_given(call, TITLE) || dw_call_text(call, TITLE, &out->title)) &&
           (!dw_call_given(call, XLABEL) || dw_call_text(call, XLABEL, &out->xlabel)) &&
           (!dw_call_given(call, YLABEL) || dw_call_text(call, YLABEL, &out->ylabel)) &&
           read_log(call, out) && read_size(call, out) && read_legend(call, out);
}

static bool set_text(dw_call *call, dw_figure *figure, char **place, const dw_text *text) {
    return text == NULL || dw_figure_text(figure, place, text->bytes, text->size, call->err);
}

/* Names from the option legend replace those of the things that have one, in order. */
static bool rename_things(dw_call *call, dw_thing_list *list, const dw_list *names) {
    size_t next = 0;
    for (size_t i = 0; names != NULL && i < list->count && next < names->count; i++) {
        dw_thing *t = &list->things[i];
        if (t->mark == DW_MARK_NOTE || t->mark == DW_MARK_VLINE || t->mark == DW_MARK_HLINE)
            continue;
        const dw_text *name = names->items[next++].as.text;
        if (!dw_thing_name(call, t, name->bytes, name->size))
            return false;
    }
    return true;
}

dw_figure *dw_plot_build_plain(dw_call *call, dw_thing_list *list, const dw_plot_options *options) {
    dw_figure *figure = dw_figure_new(call->mem, call->err);
    if (figure == NULL)
        return NULL;
    figure->legend = options->legend;
    figure->width = options->width;
    figure->height = options->height;
    figure->x.log = options->xlog;
    figure->y.log = options->ylog;
    bool ok = rename_things(call, list, options->names) &&
              set_text(call, figure, &figure->title, options->title) &&
              set_text(call, figure, &figure->x.label, options->xlabel) &&
              set_text(call, figure, &figure->y.label, options->ylabel);
    if (ok && options->xlabel == NULL && list->xlabel != NULL)
        ok =
            dw_figure_text(figure, &figure->x.label, list->xlabel, strlen(list->xlabel), call->err);
    for (size_t i = 0; ok && i < list->count; i++)
        ok = dw_thing_draw(call, &list->things[i], figure);
    if (ok)
        return figure;
    dw_figure_release(figure);
    return NULL;
}

/* The range of x that functions are drawn over when no interval says it. */
static bool range_of_data(dw_call *call, const dw_thing_list *list, bool log, double *lo,
                          double *hi) {
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (int lines = 0; lines < 2 && !(low < high); lines++)
        for (size_t i = 0; i < list->count; i++) {
            const dw_thing *t = &list->things[i];
            if ((t->mark == DW_MARK_VLINE) != (lines == 1) || t->mark == DW_MARK_HLINE ||
                t->column[0] == NULL)
                continue;
            for (size_t k = 0; k < (t->rows > 0 ? t->columns : t->count); k++) {
                if (!dw_cancel_goes_on(call->cancel, k, call->err))
                    return false;
                if (dw_extent_usable(t->column[0][k], log)) {
                    low = fmin(low, t->column[0][k]);
                    high = fmax(high, t->column[0][k]);
                }
            }
        }
    bool found = low < high;
    double room = found && !log ? 0.04 * (high - low) : 0;
    *lo = found ? low - room : log ? 0.1 : -5;
    *hi = found ? high + room : log ? 10 : 5;
    return true;
}

static bool find_range(dw_call *call, const dw_thing_list *list, const dw_plot_options *options,
                       dw_curve_range *range) {
    range->xlog = options->xlog;
    if (list->intervals > 0) {
        range->lo = list->lo[0];
        range->hi = list->hi[0];
    } else if (!range_of_data(call, list, options->xlog, &range->lo, &range->hi)) {
        return false;
    }
    range->y_fixed = list->intervals > 1;
    range->y_lo = range->y_fixed ? list->lo[1] : 0;
    range->y_hi = range->y_fixed ? list->hi[1] : 1;
    if (range->xlog && range->lo <= 0)
        return dw_err_set(call->err, DW_ERR_PLOT,
                          "a logarithmic x-axis needs a range above 0, this one begins at %g. Try "
                          "0.01..%g",
                          range->lo, range->hi > 0 ? range->hi : 1);
    if (options->ylog && range->y_fixed && range->y_lo <= 0)
        return dw_err_set(call->err, DW_ERR_PLOT,
                          "a logarithmic y-axis needs a range above 0, this one begins at %g",
                          range->y_lo);
    return true;
}

/* points(f): evenly spaced places. */
static bool sample_points(dw_call *call, dw_thing *t, const dw_curve_range *range) {
    if (!dw_thing_columns(call, t, 2, FUNCTION_POINTS))
        return false;
    for (size_t i = 0; i < t->count; i++) {
        double share = (double)i / (FUNCTION_POINTS - 1);
        t->column[0][i] = range->lo + share * (range->hi - range->lo);
        if (!dw_call_sample(call, t->function, t->column[0][i], &t->column[1][i]))
            return false;
    }
    return true;
}

static bool misplaced(dw_call *call, const dw_thing *t, const char *text) {
    dw_err_set(call->err, DW_ERR_PLOT, "%s", text);
    return t->unit != 0 && t->span.end > t->span.start ? dw_err_place(call->err, t->unit, t->span)
                                                       : false;
}

static bool sample_thing(dw_call *call, dw_thing *t, const dw_curve_range *range, bool *wild) {
    if (t->mark != DW_MARK_BORDER && dw_curve_needs(t->function) == 2)
        return misplaced(call, t,
                         "a curve needs a function of one number, and this one takes two: "
                         "draw it with surface(…) or contour(…)");
    if (t->mark == DW_MARK_LINE)
        return dw_curve_sample(call, t, range, wild);
    if (t->mark == DW_MARK_POINTS)
        return sample_points(call, t, range);
    if (t->mark == DW_MARK_BORDER && range->y_fixed) {
        dw_field_area area = {range->lo, range->hi, range->y_lo, range->y_hi};
        return dw_field_border(call, t, &area, REGION_POINTS);
    }
    return misplaced(call, t,
                     t->mark == DW_MARK_BORDER
                         ? "a region in a plot needs two intervals, for x and for y: "
                           "plot(region(test), -1..1, -1..1). Or draw it in contour(…)"
                         : "this mark needs numbers, not a function");
}

static int order(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Curves that run off to infinity: the range of y shows the middle nine tenths of all values, with
 * room, so that 1/x or tan is a picture and not a spike. */
static bool tame(dw_call *call, const dw_thing_list *list, dw_axis *axis) {
    size_t count = 0, n = 0;
    for (size_t i = 0; i < list->count; i++)
        count += list->things[i].column[1] != NULL ? list->things[i].count : 0;
    double *all = dw_mem_array(call->mem, count + 1, sizeof *all);
    if (all == NULL)
        return dw_err_memory(call->err, "a plot");
    for (size_t i = 0; i < list->count; i++) {
        const dw_thing *t = &list->things[i];
        double last = -HUGE_VAL;
        for (size_t k = 0; t->column[1] != NULL && t->rows == 0 && k < t->count; k++) {
            /* One of each small step of x: a pole is sampled far more often than the rest. */
            double x = t->column[0][k];
            double step = t->count > 1 ? fabs(t->column[0][t->count - 1] - t->column[0][0]) : 0;
            if (isfinite(t->column[1][k]) && fabs(x - last) >= step / 170) {
                all[n++] = t->column[1][k];
                last = x;
            }
        }
    }
    qsort(all, n, sizeof *all, order);
    if (n > 20) {
        double lo = all[n / 12], hi = all[n - 1 - n / 12], room = 0.6 * (hi - lo);
        axis->fixed = hi > lo;
        axis->lo = fmax(lo - room, all[0]);
        axis->hi = fmin(hi + room, all[n - 1]);
        axis->fixed = axis->lo < axis->hi;
    }
    dw_mem_free(all);
    return true;
}

dw_figure *dw_plot_build_flat(dw_call *call, dw_thing_list *list, const dw_plot_options *options) {
    dw_curve_range range;
    bool sampled = false, wild = false;
    if (!find_range(call, list, options, &range))
        return NULL;
    for (size_t i = 0; i < list->count; i++) {
        dw_thing *t = &list->things[i];
        if (t->function.kind != DW_FUNCTION)
            continue;
        if (!sample_thing(call, t, &range, &wild))
            return NULL;
        sampled = true;
    }
    dw_figure *figure = dw_plot_build_plain(call, list, options);
    if (figure == NULL)
        return NULL;
    if (list->intervals > 0 || sampled) {
        figure->x.fixed = true;
        figure->x.lo = range.lo;
        figure->x.hi = range.hi;
    }
    figure->y.fixed = range.y_fixed;
    figure->y.lo = range.y_lo;
    figure->y.hi = range.y_hi;
    dw_extent unused;
    bool ok = (!wild || range.y_fixed || options->ylog || tame(call, list, &figure->y)) &&
              dw_extent_find(figure, call->cancel, &unused, call->err);
    if (ok)
        return figure;
    dw_figure_release(figure);
    return NULL;
}

/* The map of a surface or contour: the first function among the things moves to the front. */
static bool find_map(dw_call *call, dw_mark mark, dw_thing_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        dw_thing t = list->things[i];
        if (t.function.kind != DW_FUNCTION || t.mark == DW_MARK_BORDER)
            continue;
        memmove(&list->things[1], &list->things[0], i * sizeof t);
        t.mark = mark;
        list->things[0] = t;
        return true;
    }
    return dw_err_set(call->err, DW_ERR_TYPE,
                      "%s needs a function of two numbers or of a column of two: "
                      "contour((x, y) ↦ x² + y², -1..1, -1..1)",
                      mark == DW_MARK_SURFACE ? "surface" : "contour");
}

static bool draw_on_map(dw_call *call, dw_thing_list *list, size_t i, const dw_field_area *area) {
    dw_thing *t = &list->things[i];
    bool deep = list->things[0].mark == DW_MARK_SURFACE;
    if (t->mark == DW_MARK_AREAS)
        return misplaced(call, t, "the map would hide these regions; draw them in plot(…)");
    if (t->function.kind == DW_FUNCTION) {
        if (t->mark != DW_MARK_BORDER)
            return misplaced(call, t,
                             "a map shows one function; on it stand points, lines of "
                             "numbers, regions and notes");
        if (!dw_field_border(call, t, area, REGION_POINTS))
            return false;
    }
    if (!deep)
        return true;
    if (t->mark != DW_MARK_LINE && t->mark != DW_MARK_POINTS && t->mark != DW_MARK_BORDER)
        return misplaced(call, t,
                         "on a surface stand points, lines and regions; draw this mark in "
                         "contour(…)");
    return dw_field_lift(call, t, list->things[0].function);
}

static bool read_turn(dw_call *call, double *out) {
    *out = 0;
    if (!dw_call_given(call, TURN))
        return true;
    if (!dw_call_number(call, TURN, out))
        return false;
    return fabs(*out) <= 360 ||
           dw_call_fail(call, TURN, DW_ERR_VALUE,
                        "turn is how far the surface is turned, in degrees from -360 to 360: "
                        "turn = 90");
}

dw_figure *dw_plot_build_map(dw_call *call, dw_mark mark, dw_thing_list *list,
                             const dw_plot_options *options) {
    double turn = 0;
    if (!find_map(call, mark, list) || (mark == DW_MARK_SURFACE && !read_turn(call, &turn)))
        return NULL;
    dw_field_area area = {-3, 3, -3, 3};
    if (list->intervals > 0) {
        area = (dw_field_area){list->lo[0], list->hi[0], list->lo[0], list->hi[0]};
        if (list->intervals > 1) {
            area.y_lo = list->lo[1];
            area.y_hi = list->hi[1];
        }
    }
    size_t points = mark == DW_MARK_SURFACE ? SURFACE_POINTS : CONTOUR_POINTS;
    if (!dw_field_sample(call, &list->things[0], &area, points))
        return NULL;
    for (size_t i = 1; i < list->count; i++)
        if (!draw_on_map(call, list, i, &area))
            return NULL;
    dw_figure *figure = dw_plot_build_plain(call, list, options);
    if (figure == NULL)
        return NULL;
    figure->turn = turn;
    figure->x.fixed = figure->y.fixed = true;
    figure->x.lo = area.x_lo;
    figure->x.hi = area.x_hi;
    figure->y.lo = area.y_lo;
    figure->y.hi = area.y_hi;
    dw_extent unused;
    if (dw_extent_find(figure, call->cancel, &unused, call->err))
        return figure;
    dw_figure_release(figure);
    return NULL;
}
