/* SPDX-License-Identifier: BSD-3-Clause */
/* Ranges of axes from the data of a figure. */
#include "plot/extent.h"

#include "base/math.h"

#include <math.h>

enum { LOG_MOST = 306 /* decimals that numbers around an axis may have */ };

/* Limits met so far; empty while lo > hi. */
typedef struct {
    double lo, hi;
    bool log;
    const dw_cancel *cancel; /* what meets the bounds ends early when it says so */
} bounds;

bool dw_extent_usable(double x, bool log) {
    return x >= -1e300 && x <= 1e300 && (!log || x > 1e-300);
}

static void meet(bounds *b, double x) {
    if (!dw_extent_usable(x, b->log))
        return;
    b->lo = x < b->lo ? x : b->lo;
    b->hi = x > b->hi ? x : b->hi;
}

static bool is_grid(const dw_series *s) {
    return s->mark == DW_MARK_SURFACE || s->mark == DW_MARK_CONTOUR || s->mark == DW_MARK_IMAGE;
}

const dw_series *dw_extent_grid(const dw_figure *figure) {
    for (size_t i = 0; i < figure->count; i++)
        if (is_grid(&figure->series[i]))
            return &figure->series[i];
    return NULL;
}

static void meet_x(bounds *b, const dw_series *s) {
    if (s->mark == DW_MARK_HLINE)
        return;
    size_t count = is_grid(s) ? s->columns : s->count;
    for (size_t i = 0; i < count && dw_cancel_goes_on(b->cancel, i, NULL); i++) {
        double half = s->mark == DW_MARK_BARS ? s->column[2][i] / 2 : 0;
        meet(b, s->column[0][i] - half);
        meet(b, s->column[0][i] + half);
    }
}

/* Heights of the entries that lie within the x-range. */
static void meet_y(bounds *b, const dw_series *s, const dw_range *x) {
    if (s->mark == DW_MARK_VLINE)
        return;
    if (s->mark == DW_MARK_HLINE || is_grid(s)) {
        const double *column = s->mark == DW_MARK_HLINE ? s->column[0] : s->column[1];
        for (size_t i = 0; i < (is_grid(s) ? s->rows : s->count); i++)
            meet(b, column[i]);
        return;
    }
    for (size_t i = 0; i < s->count && dw_cancel_goes_on(b->cancel, i, NULL); i++) {
        double half = s->mark == DW_MARK_BARS ? s->column[2][i] / 2 : 0;
        if (!(s->column[0][i] + half >= x->lo && s->column[0][i] - half <= x->hi))
            continue;
        meet(b, s->column[1][i]);
        if (s->mark == DW_MARK_ERRORS) {
            meet(b, s->column[2][i]);
            meet(b, s->column[3][i]);
        }
        if (s->mark == DW_MARK_BARS && !b->log && dw_extent_usable(s->column[1][i], false))
            meet(b, 0);
    }
}

static bool has_mark(const dw_figure *figure, dw_mark mark) {
    for (size_t i = 0; i < figure->count; i++)
        if (figure->series[i].mark == mark)
            return true;
    return false;
}

/* Widens by a share of the range at both ends; a single value gets room around it. */
static void widen(const bounds *b, double share, dw_range *out) {
    out->log = b->log;
    if (share == 0 && b->hi - b->lo > 1e-12 * fmax(fabs(b->lo), fabs(b->hi))) {
        out->lo = b->lo;
        out->hi = b->hi;
        return;
    }
    if (b->log) {
        double lo = dw_math_log10(b->lo), hi = dw_math_log10(b->hi);
        double room = hi > lo ? share * (hi - lo) : 0.3;
        out->lo = dw_math_pow(10, fmax(lo - room, -LOG_MOST)); /* room ends where numbers do */
        out->hi = dw_math_pow(10, fmin(hi + room, LOG_MOST));
        return;
    }
    double room = share * (b->hi - b->lo);
    /* A span at the edge of what a double resolves is drawn as a single value. */
    if (!(b->hi - b->lo > 1e-12 * fmax(fabs(b->lo), fabs(b->hi))))
        room = b->lo == 0 ? 1 : 0.1 * fabs(b->lo);
    out->lo = b->lo - room;
    out->hi = b->hi + room;
}

static bool nothing(const dw_figure *figure, const bounds *b, const char *axis, dw_err *err) {
    const char *name = "";
    for (size_t i = 0; i < figure->count && name[0] == '\0'; i++)
        if (figure->series[i].name != NULL)
            name = figure->series[i].name;
    const char *of = name[0] == '\0' ? "" : " of ";
    if (b->log)
        return dw_err_set(err, DW_ERR_PLOT,
                          "a logarithmic %s-axis shows numbers above 0, and there are none%s%s. "
                          "Leave out log = \"%s\"",
                          axis, of, name, axis);
    return dw_err_set(err, DW_ERR_PLOT,
                      "there is nothing to draw: no %s-value%s%s is a finite number below 1e300. "
                      "Print some of the values to see what they are",
                      axis, of, name);
}

static bool find_x(const dw_figure *figure, const dw_cancel *cancel, bool spacious, dw_range *out,
                   dw_err *err) {
    if (figure->x.fixed) {
        *out = (dw_range){figure->x.lo, figure->x.hi, figure->x.log};
        return true;
    }
    bounds b = {HUGE_VAL, -HUGE_VAL, figure->x.log, cancel};
    for (size_t i = 0; i < figure->count; i++)
        meet_x(&b, &figure->series[i]);
    if (!dw_cancel_goes_on(cancel, 0, err))
        return false;
    if (b.lo > b.hi) {
        if (!has_mark(figure, DW_MARK_HLINE))
            return nothing(figure, &b, "x", err);
        b.lo = b.log ? 1 : 0;
        b.hi = b.log ? 10 : 1;
    }
    const dw_series *grid = dw_extent_grid(figure);
    if (grid != NULL && grid->mark == DW_MARK_IMAGE) {
        /* Cells, not points: half a cell more at both ends. */
        double half = grid->columns > 1 ? (b.hi - b.lo) / (double)(grid->columns - 1) / 2 : 0.5;
        *out = (dw_range){b.lo - half, b.hi + half, false};
        return true;
    }
    bool room = has_mark(figure, DW_MARK_POINTS) || has_mark(figure, DW_MARK_ERRORS) ||
                has_mark(figure, DW_MARK_BARS) || has_mark(figure, DW_MARK_VLINE);
    widen(&b, grid == NULL && room && spacious ? 0.04 : 0, out);
    return true;
}

static bool find_y(const dw_figure *figure, const dw_cancel *cancel, bool spacious,
                   const dw_range *x, dw_range *out, dw_err *err) {
    if (figure->y.fixed) {
        *out = (dw_range){figure->y.lo, figure->y.hi, figure->y.log};
        return true;
    }
    bounds b = {HUGE_VAL, -HUGE_VAL, figure->y.log, cancel};
    for (size_t i = 0; i < figure->count; i++)
        meet_y(&b, &figure->series[i], x);
    if (!dw_cancel_goes_on(cancel, 0, err))
        return false;
    if (b.lo > b.hi) {
        if (!has_mark(figure, DW_MARK_VLINE))
            return nothing(figure, &b, "y", err);
        b.lo = b.log ? 1 : 0;
        b.hi = b.log ? 10 : 1;
    }
    widen(&b, dw_extent_grid(figure) == NULL && spacious ? 0.05 : 0, out);
    /* Bars stand on the axis. */
    if (has_mark(figure, DW_MARK_BARS) && !b.log) {
        out->lo = b.lo == 0 ? 0 : out->lo;
        out->hi = b.hi == 0 && b.lo < 0 ? 0 : out->hi;
    }
    return true;
}

static bool find_z(const dw_figure *figure, dw_range *out, dw_err *err) {
    const dw_series *grid = dw_extent_grid(figure);
    *out = (dw_range){0, 1, false};
    if (grid == NULL)
        return true;
    bounds b = {HUGE_VAL, -HUGE_VAL, false, NULL}; /* grids are small */
    for (size_t i = 0; i < grid->rows * grid->columns; i++)
        meet(&b, grid->column[2][i]);
    if (b.lo > b.hi)
        return nothing(figure, &b, "z", err);
    widen(&b, 0, out);
    return true;
}

static bool find_all(const dw_figure *figure, const dw_cancel *cancel, bool spacious,
                     dw_extent *out, dw_err *err) {
    if (figure->count == 0)
        return dw_err_set(err, DW_ERR_PLOT,
                          "there is nothing in this plot. Put a function, a table or numbers into "
                          "it: plot(sin, -3..3)");
    return find_x(figure, cancel, spacious, &out->x, err) &&
           find_y(figure, cancel, spacious, &out->x, &out->y, err) && find_z(figure, &out->z, err);
}

bool dw_extent_find(const dw_figure *figure, const dw_cancel *cancel, dw_extent *out, dw_err *err) {
    return find_all(figure, cancel, true, out, err);
}

bool dw_extent_data(const dw_figure *figure, const dw_cancel *cancel, dw_extent *out, dw_err *err) {
    return find_all(figure, cancel, false, out, err);
}
