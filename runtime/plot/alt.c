/* SPDX-License-Identifier: BSD-3-Clause */
/* Sentences about figures: the axes, then what each series does. */
#include "plot/alt.h"

#include "base/math.h"
#include "plot/extent.h"
#include "plot/ticks.h"

#include <math.h>

enum { DIGITS = 3, SERIES_MOST = 8, BARS_MOST = 12 };

static void put_number(dw_buf *out, double x) {
    char text[DW_TICKS_LABEL];
    dw_ticks_number(x, DIGITS, text);
    dw_buf_text(out, text);
}

/* A number of an axis, rounded to a thousandth of the range, so that noise near 0 reads as 0. */
static void put_on(dw_buf *out, const dw_range *range, double x) {
    if (!range->log && isfinite(x)) {
        double quantum = dw_math_pow(10, floor(dw_math_log10(range->hi / 2 - range->lo / 2)) - 3);
        double rounded = round(x / quantum) * quantum;
        x = isfinite(rounded) ? rounded : x;
    }
    put_number(out, x);
}

static void put_from_to(dw_buf *out, const char *words, const dw_range *range, double lo,
                        double hi) {
    dw_buf_text(out, words);
    dw_buf_text(out, " from ");
    put_on(out, range, lo);
    dw_buf_text(out, " to ");
    put_on(out, range, hi);
}

static const char *axis_name(const dw_axis *axis, const char *usual) {
    return axis->label != NULL && axis->label[0] != '\0' ? axis->label : usual;
}

/* What the words about one figure need. */
typedef struct {
    dw_extent e;
    const dw_cancel *cancel;
} about;

/* Places of the first, last, lowest and highest number that can be drawn; false without any. */
typedef struct {
    size_t first, last, low, high, count;
} course;

static bool follow(const dw_series *s, const about *a, course *c) {
    const dw_extent *e = &a->e;
    c->count = 0;
    for (size_t i = 0; i < s->count && dw_cancel_goes_on(a->cancel, i, NULL); i++) {
        double x = s->column[0][i], y = s->column[1][i];
        double half = s->mark == DW_MARK_BARS ? s->column[2][i] / 2 : 0;
        bool inside = x + half >= e->x.lo && x - half <= e->x.hi;
        if (!inside || !dw_extent_usable(y, e->y.log))
            continue;
        if (c->count++ == 0)
            c->first = c->low = c->high = i;
        c->last = i;
        c->low = y < s->column[1][c->low] ? i : c->low;
        c->high = y > s->column[1][c->high] ? i : c->high;
    }
    return c->count > 0;
}

static void put_at(dw_buf *out, const char *words, const dw_series *s, const dw_extent *e,
                   size_t i) {
    dw_buf_text(out, words);
    put_on(out, &e->y, s->column[1][i]);
    dw_buf_text(out, " at ");
    put_on(out, &e->x, s->column[0][i]);
}

/* The box around an outline. */
static void put_box(dw_buf *out, const dw_series *s, const dw_extent *e) {
    dw_range x = {INFINITY, -INFINITY, false}, y = x;
    for (size_t i = 0; i < s->count; i++) {
        x.lo = fmin(x.lo, s->column[0][i]); /* a gap is no number, which fmin passes over */
        x.hi = fmax(x.hi, s->column[0][i]);
        y.lo = fmin(y.lo, s->column[1][i]);
        y.hi = fmax(y.hi, s->column[1][i]);
    }
    put_from_to(out, ", x", &e->x, x.lo, x.hi);
    put_from_to(out, " and y", &e->y, y.lo, y.hi);
}

static void put_line(dw_buf *out, const dw_series *s, const about *a) {
    const dw_extent *e = &a->e;
    course c;
    dw_buf_print(out, "%s%s", s->mark == DW_MARK_BORDER ? "the outline" : "the line",
                 s->name == NULL ? "" : " ");
    dw_buf_text(out, s->name == NULL ? "" : s->name);
    if (!follow(s, a, &c)) {
        dw_buf_text(out, " has nothing to show here");
        return;
    }
    if (s->mark == DW_MARK_BORDER) {
        put_box(out, s, e);
        return;
    }
    put_at(out, " goes from ", s, e, c.first);
    put_at(out, " to ", s, e, c.last);
    double low = s->column[1][c.low], high = s->column[1][c.high];
    if (low < fmin(s->column[1][c.first], s->column[1][c.last]))
        put_at(out, ", lowest ", s, e, c.low);
    if (high > fmax(s->column[1][c.first], s->column[1][c.last]))
        put_at(out, ", highest ", s, e, c.high);
}

static void put_labelled(dw_buf *out, const dw_series *s, const dw_extent *e, size_t i) {
    dw_buf_text(out, s->labels[i]);
    dw_buf_byte(out, ' ');
    put_on(out, &e->y, s->column[1][i]);
}

/* Each bar while they are few, then the lowest and the highest. */
static void put_bars(dw_buf *out, const dw_series *s, const dw_extent *e, const course *c) {
    if (s->labels == NULL) {
        put_at(out, ", the highest ", s, e, c->high);
        return;
    }
    if (s->count > BARS_MOST) {
        dw_buf_text(out, ", the lowest ");
        put_labelled(out, s, e, c->low);
        dw_buf_text(out, ", the highest ");
        put_labelled(out, s, e, c->high);
        return;
    }
    for (size_t i = 0; i < s->count; i++) {
        dw_buf_text(out, i == 0 ? ": " : ", ");
        put_labelled(out, s, e, i);
    }
}

static void put_points(dw_buf *out, const dw_series *s, const about *a) {
    const dw_extent *e = &a->e;
    course c;
    bool any = follow(s, a, &c);
    const char *what = s->mark == DW_MARK_BARS ? "bar" : "point";
    dw_buf_print(out, "%zu %s%s", any ? c.count : 0, what, any && c.count == 1 ? "" : "s");
    if (s->name != NULL) {
        dw_buf_text(out, " of ");
        dw_buf_text(out, s->name);
    }
    if (any && s->mark == DW_MARK_BARS)
        put_bars(out, s, e, &c);
    else if (any)
        put_from_to(out, ", heights", &e->y, s->column[1][c.low], s->column[1][c.high]);
}

static void put_across(dw_buf *out, const dw_series *s) {
    bool upright = s->mark == DW_MARK_VLINE;
    dw_buf_print(out, "%s line%s at ", upright ? "vertical" : "level", s->count == 1 ? "" : "s");
    for (size_t i = 0; i < s->count && i < 12; i++) {
        dw_buf_text(out, i == 0 ? "" : ", ");
        put_number(out, s->column[0][i]);
    }
    dw_buf_text(out, s->count > 12 ? ", …" : "");
}

static void put_areas(dw_buf *out, const dw_series *s) {
    double most = -1;
    for (size_t i = 0; i < s->count; i++)
        most = fmax(most, s->column[2][i]);
    dw_buf_print(out, "%.0f coloured area%s", most + 1, most > 0 ? "s" : "");
}

/* Whether all heights of a grid that can be drawn are one, *height; its axis is wider. *gaps: some
 * cannot be drawn. */
static bool is_even(const dw_series *s, double *height, bool *gaps) {
    bool found = false;
    *gaps = false;
    for (size_t i = 0; i < s->rows * s->columns; i++) {
        double z = s->column[2][i];
        if (!dw_extent_usable(z, false)) {
            *gaps = true;
            continue;
        }
        if (found && z != *height)
            return false;
        *height = z;
        found = true;
    }
    return found;
}

static void put_grid(dw_buf *out, const dw_series *s, const dw_extent *e) {
    double height = 0;
    bool gaps, even = is_even(s, &height, &gaps);
    if (s->mark == DW_MARK_IMAGE) {
        dw_buf_print(out, "%zu×%zu cells %s", s->rows, s->columns,
                     even ? "of the same grey, " : "in shades of grey");
        if (even) {
            put_on(out, &e->z, height);
            return;
        }
        put_from_to(out, "", &e->z, e->z.lo, e->z.hi);
        return;
    }
    size_t low = 0;
    for (size_t i = 0; i < s->rows * s->columns; i++)
        if (!isnan(s->column[2][i]) && !(s->column[2][i] >= s->column[2][low]))
            low = i;
    dw_buf_text(out, s->name == NULL ? "the height" : s->name);
    if (even) {
        dw_buf_text(out, " is ");
        put_on(out, &e->z, height);
        dw_buf_text(out, gaps ? " where it can be drawn" : " everywhere");
        return;
    }
    put_from_to(out, " goes", &e->z, e->z.lo, e->z.hi);
    dw_buf_text(out, ", lowest near (");
    put_on(out, &e->x, s->column[0][low % s->columns]);
    dw_buf_text(out, ", ");
    put_on(out, &e->y, s->column[1][low / s->columns]);
    dw_buf_byte(out, ')');
}

static void put_series(dw_buf *out, const dw_series *s, const about *a) {
    switch (s->mark) {
    case DW_MARK_LINE:
    case DW_MARK_BORDER:
    case DW_MARK_ERRORS:
        put_line(out, s, a);
        break;
    case DW_MARK_POINTS:
    case DW_MARK_BARS:
        put_points(out, s, a);
        break;
    case DW_MARK_VLINE:
    case DW_MARK_HLINE:
        put_across(out, s);
        break;
    case DW_MARK_AREAS:
        put_areas(out, s);
        break;
    case DW_MARK_NOTE:
        dw_buf_text(out, "a note “");
        dw_buf_text(out, s->name == NULL ? "" : s->name);
        dw_buf_text(out, "”");
        break;
    default:
        put_grid(out, s, &a->e);
        break;
    }
    if (s->mark == DW_MARK_ERRORS)
        dw_buf_text(out, ", with error bars");
}

static const char *kind_of(const dw_figure *figure) {
    const dw_series *grid = dw_extent_grid(figure);
    if (grid == NULL)
        return "Plot";
    return grid->mark == DW_MARK_SURFACE   ? "Surface"
           : grid->mark == DW_MARK_CONTOUR ? "Contour map"
                                           : "Picture";
}

/* Bars alone, with words instead of numbers: their places on the axis are nobody's concern. */
static bool has_words_below(const dw_figure *figure) {
    for (size_t i = 0; i < figure->count; i++)
        if (figure->series[i].mark != DW_MARK_BARS || figure->series[i].labels == NULL)
            return false;
    return figure->count > 0;
}

/* Without the full stop, so that pages can join several. */
static void put_figure(dw_buf *out, const dw_figure *figure, const dw_cancel *cancel) {
    dw_err unused = {0};
    about a = {.cancel = cancel};
    const dw_extent *e = &a.e;
    dw_buf_text(out, kind_of(figure));
    if (figure->title != NULL && figure->title[0] != '\0') {
        dw_buf_text(out, " “");
        dw_buf_text(out, figure->title);
        dw_buf_text(out, "”");
    }
    if (!dw_extent_data(figure, cancel, &a.e, &unused))
        return;
    const dw_series *grid = dw_extent_grid(figure);
    if (grid == NULL || grid->mark != DW_MARK_IMAGE) {
        dw_buf_text(out, ": ");
        if (!has_words_below(figure)) {
            put_from_to(out, axis_name(&figure->x, "x"), &e->x, e->x.lo, e->x.hi);
            dw_buf_text(out, e->x.log ? " (logarithmic), " : ", ");
        }
        put_from_to(out, axis_name(&figure->y, "y"), &e->y, e->y.lo, e->y.hi);
        dw_buf_text(out, e->y.log ? " (logarithmic)" : "");
    }
    for (size_t i = 0; i < figure->count && i < SERIES_MOST; i++) {
        dw_buf_text(out, i == 0 && grid != NULL && grid->mark == DW_MARK_IMAGE ? ": " : "; ");
        put_series(out, &figure->series[i], &a);
    }
    if (figure->count > SERIES_MOST)
        dw_buf_print(out, "; and %zu more", figure->count - SERIES_MOST);
}

void dw_alt_write(const dw_figure *figure, const dw_cancel *cancel, dw_buf *out) {
    if (figure->rows == 0) {
        put_figure(out, figure, cancel);
        dw_buf_byte(out, '.');
        return;
    }
    dw_buf_print(out, "Page of %zu×%zu plots", figure->rows, figure->columns);
    const char *before = ":";
    for (size_t i = 0; i < figure->rows * figure->columns; i++) {
        if (figure->cells[i] == NULL)
            continue;
        dw_buf_print(out, "%s (%zu) ", before, i + 1);
        before = ";";
        put_figure(out, figure->cells[i], cancel);
    }
    dw_buf_byte(out, '.');
}
