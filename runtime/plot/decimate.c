/* SPDX-License-Identifier: BSD-3-Clause */
/* Choosing the entries of long series that make the picture. */
#include "plot/decimate.h"

#include "base/math.h"

#include <math.h>
#include <string.h>

double dw_decimate_share(const dw_range *range, double value) {
    if (!dw_extent_usable(value, range->log))
        return NAN;
    if (!range->log) /* halves, because the span of a huge range is not a double */
        return (value / 2 - range->lo / 2) / (range->hi / 2 - range->lo / 2);
    double lo = dw_math_log10(range->lo), hi = dw_math_log10(range->hi);
    return (dw_math_log10(value) - lo) / (hi - lo);
}

/* What one series may keep of what all may, and of what one alone may; never fewer than 40. */
static size_t budget(const dw_canvas *c, size_t all, size_t alone) {
    size_t share = c->sharers > 1 ? all / c->sharers : all;
    share = share < alone ? share : alone;
    return share > 40 ? share : 40;
}

static size_t line_budget(const dw_canvas *c) {
    return budget(c, DW_DECIMATE_ALL_LINES, DW_DECIMATE_LINE);
}

static bool drawable(const dw_canvas *c, double x, double y) {
    return dw_extent_usable(x, c->x.log) && dw_extent_usable(y, c->y.log);
}

static bool goes_right(const dw_canvas *c, size_t count, const double *x) {
    double last = -HUGE_VAL;
    for (size_t i = 0; i < count && dw_cancel_goes_on(c->cancel, i, NULL); i++) {
        if (x[i] < last)
            return false;
        last = x[i] >= last ? x[i] : last;
    }
    return true;
}

/* Entries [begin, end) lie in one strip: keep what shows. */
static void keep_strip(const dw_canvas *c, size_t begin, size_t end, const double *x,
                       const double *y, bool *keep) {
    size_t low = end, high = end, first = end, last = end;
    for (size_t i = begin; i < end; i++) {
        if (!drawable(c, x[i], y[i])) {
            keep[i] = i == begin || drawable(c, x[i - 1], y[i - 1]);
            continue;
        }
        first = first == end ? i : first;
        last = i;
        low = low == end || y[i] < y[low] ? i : low;
        high = high == end || y[i] > y[high] ? i : high;
    }
    if (first < end)
        keep[first] = keep[last] = keep[low] = keep[high] = true;
}

/* Gaps inside a strip are too many to keep when they alternate with numbers. */
static void thin_gaps(const dw_canvas *c, size_t begin, size_t end, const double *x,
                      const double *y, bool *keep) {
    bool seen = false;
    for (size_t i = begin; i < end; i++)
        if (keep[i] && !drawable(c, x[i], y[i])) {
            keep[i] = !seen;
            seen = true;
        }
}

static void keep_rightward(const dw_canvas *c, size_t count, const double *x, const double *y,
                           bool *keep) {
    const double strips = (double)(line_budget(c) / 4);
    size_t begin = 0;
    while (begin < count && dw_cancel_goes_on(c->cancel, 0, NULL)) {
        double share = dw_decimate_share(&c->x, x[begin]);
        double strip = floor(share * strips);
        size_t end = begin + 1;
        while (end < count && dw_cancel_goes_on(c->cancel, end, NULL)) {
            double next = floor(dw_decimate_share(&c->x, x[end]) * strips);
            /* A number without a place belongs to the strip it follows. */
            if (next == next && next != strip && !(strip < 0 && next < 0) &&
                !(strip >= strips && next >= strips))
                break;
            end++;
        }
        keep_strip(c, begin, end, x, y, keep);
        thin_gaps(c, begin, end, x, y, keep);
        begin = end;
    }
}

/* Keeps entries at least `apart` pixels from the last one kept; returns how many. */
static size_t keep_apart(const dw_canvas *c, size_t count, const double *x, const double *y,
                         double apart, bool *keep) {
    size_t kept = 0;
    double px = NAN, py = NAN;
    bool gap = true;
    for (size_t i = 0; i < count && dw_cancel_goes_on(c->cancel, i, NULL); i++) {
        double h = dw_decimate_share(&c->x, x[i]) * c->width;
        double v = dw_decimate_share(&c->y, y[i]) * c->height;
        bool here = h == h && v == v;
        keep[i] = here ? gap || i + 1 == count || fabs(h - px) + fabs(v - py) >= apart : !gap;
        if (keep[i] && here) {
            px = h;
            py = v;
        }
        gap = !here;
        kept += keep[i];
    }
    return kept;
}

static void choose_entries(const dw_canvas *canvas, const dw_decimate_rows *rows, bool *keep) {
    size_t count = rows->count;
    const double *x = rows->x, *y = rows->y;
    const size_t most = line_budget(canvas);
    if (count <= most) {
        keep_apart(canvas, count, x, y, 0, keep);
        return;
    }
    if (goes_right(canvas, count, x)) {
        keep_rightward(canvas, count, x, y, keep);
        return;
    }
    size_t kept = count;
    for (double apart = 0.25; apart <= 4 && kept > most; apart *= 2)
        kept = keep_apart(canvas, count, x, y, apart, keep);
    if (kept <= 2 * most)
        return;
    /* A line that fills the plot: any even choice shows it as well. */
    size_t stride = (kept + most - 1) / most, number = 0;
    for (size_t i = 0; i < count; i++)
        if (keep[i])
            keep[i] = number++ % stride == 0;
}

bool dw_decimate_line(const dw_canvas *canvas, const dw_decimate_rows *rows, bool *keep,
                      dw_err *err) {
    memset(keep, 0, rows->count * sizeof *keep);
    choose_entries(canvas, rows, keep);
    return dw_cancel_goes_on(canvas->cancel, 0, err); /* the loops end early then */
}

/* Keeps one point of each square of `cell` pixels; returns how many. */
static size_t keep_squares(const dw_canvas *c, const dw_decimate_rows *rows, double cell,
                           uint8_t *taken, bool *keep) {
    size_t across = (size_t)(c->width / cell) + 1, down = (size_t)(c->height / cell) + 1;
    size_t kept = 0;
    memset(taken, 0, across * down);
    for (size_t i = 0; i < rows->count && dw_cancel_goes_on(c->cancel, i, NULL); i++) {
        double h = dw_decimate_share(&c->x, rows->x[i]);
        double v = dw_decimate_share(&c->y, rows->y[i]);
        keep[i] = h >= -1e-9 && h <= 1 + 1e-9 && v >= -1e-9 && v <= 1 + 1e-9;
        if (!keep[i])
            continue;
        size_t column = (size_t)(fmax(h, 0) * c->width / cell);
        size_t row = (size_t)(fmax(v, 0) * c->height / cell);
        column = column < across ? column : across - 1;
        row = row < down ? row : down - 1;
        keep[i] = taken[row * across + column] == 0;
        taken[row * across + column] = 1;
        kept += keep[i];
    }
    return kept;
}

bool dw_decimate_points(dw_mem *mem, const dw_canvas *canvas, const dw_decimate_rows *rows,
                        bool *keep, dw_err *err) {
    double cell = 0.5;
    size_t room = ((size_t)(canvas->width / cell) + 1) * ((size_t)(canvas->height / cell) + 1);
    uint8_t *taken = dw_mem_new(mem, room);
    if (taken == NULL)
        return dw_err_memory(err, "a plot of many points");
    size_t most = budget(canvas, DW_DECIMATE_ALL_POINTS, DW_DECIMATE_POINTS);
    while (keep_squares(canvas, rows, cell, taken, keep) > most)
        cell *= 1.4142135623730951;
    dw_mem_free(taken);
    return dw_cancel_goes_on(canvas->cancel, 0, err);
}
