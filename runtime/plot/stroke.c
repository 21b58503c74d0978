/* SPDX-License-Identifier: BSD-3-Clause */
/* Series as gnuplot draws them. Colours are Wong's palette for every kind of colour vision; lines
 * also differ in dashes and points in shape, so that grey print keeps them apart. */
#include "plot/stroke.h"

#include "plot/isoline.h"
#include "plot/quote.h"
#include "plot/ticks.h"

#include <math.h>

static const char *const palette[DW_COLORS] = {
    [DW_COLOR_AUTO] = "#222222",   [DW_COLOR_BLUE] = "#0072b2",  [DW_COLOR_ORANGE] = "#e69f00",
    [DW_COLOR_GREEN] = "#009e73",  [DW_COLOR_RED] = "#d62728",   [DW_COLOR_PURPLE] = "#8e4a9e",
    [DW_COLOR_SKY] = "#56b4e9",    [DW_COLOR_BLACK] = "#222222", [DW_COLOR_GREY] = "#8a8a8a",
    [DW_COLOR_YELLOW] = "#e6d800", [DW_COLOR_BROWN] = "#8c5a2b", [DW_COLOR_PINK] = "#cc79a7",
    [DW_COLOR_WHITE] = "#ffffff",
};

/* What series without a colour of their own get, in this order. */
static const char *const automatic[] = {"#0072b2", "#e69f00", "#009e73", "#d55e00",
                                        "#cc79a7", "#56b4e9", "#222222"};
static const char *const dashes[] = {"solid",      "(9,4)",  "(2,3)",
                                     "(10,3,2,3)", "(16,4)", "(10,3,2,3,2,3)"};
static const int shapes[] = {7, 5, 9, 13, 11, 6};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* What a mark without a colour of its own gets; NULL: the next of the automatic ones. */
static const char *usual_color(dw_mark mark) {
    switch (mark) {
    case DW_MARK_VLINE:
    case DW_MARK_HLINE:
        return palette[DW_COLOR_GREY];
    case DW_MARK_BORDER:
        return palette[DW_COLOR_RED];
    case DW_MARK_NOTE:
        return palette[DW_COLOR_BLACK];
    case DW_MARK_AREAS:
    case DW_MARK_SURFACE:
    case DW_MARK_CONTOUR:
    case DW_MARK_IMAGE:
        return "";
    default:
        return NULL;
    }
}

/* Colours go by the order in the figure, whatever is drawn first. */
static const char *pick_color(const dw_figure *figure, size_t index) {
    const dw_series *series = &figure->series[index];
    if (series->color != DW_COLOR_AUTO)
        return palette[series->color];
    if (usual_color(series->mark) != NULL)
        return usual_color(series->mark);
    size_t before = 0;
    for (size_t i = 0; i < index; i++)
        before +=
            figure->series[i].color == DW_COLOR_AUTO && usual_color(figure->series[i].mark) == NULL;
    return automatic[before % LENGTH(automatic)];
}

/* Begins a data block and a plot element that uses it. */
static void begin(dw_stroke *s, const char *use) {
    s->blocks++;
    dw_buf_print(s->data, "$d%u << DWEND\n", s->blocks);
    dw_buf_print(s->elements, "%s$d%u %s", s->count++ == 0 ? "" : ", ", s->blocks, use);
}

static void end(dw_stroke *s, const dw_series *series) {
    dw_buf_text(s->data, "DWEND\n");
    if (series->name == NULL || series->name[0] == '\0' || series->mark >= DW_MARK_SURFACE) {
        dw_buf_text(s->elements, " notitle");
        return;
    }
    dw_buf_text(s->elements, " title ");
    dw_quote_text(s->elements, series->name);
}

/* Keeps far-away numbers within what gnuplot can clip. */
static double clamp(const dw_range *range, double x) {
    if (range->log)
        return x;
    double span = range->hi / 2 - range->lo / 2, middle = range->hi / 2 + range->lo / 2;
    double far = 2000 * span;
    return x > middle + far ? middle + far : x < middle - far ? middle - far : x;
}

/* Nine digits show any place unless the range is narrow beside its distance from 0. */
static void put_place(dw_stroke *s, const dw_range *range, double x) {
    double size = fmax(fabs(range->lo), fabs(range->hi));
    if (range->log || range->hi - range->lo > 1e-4 * size)
        dw_quote_place(s->data, clamp(range, x));
    else
        dw_quote_number(s->data, clamp(range, x));
}

static void put_row(dw_stroke *s, const dw_series *series, size_t i) {
    put_place(s, &s->canvas.x, series->column[0][i]);
    dw_buf_byte(s->data, ' ');
    put_place(s, &s->canvas.y, series->column[1][i]);
    if (s->deep) {
        dw_buf_byte(s->data, ' ');
        put_place(s, &s->z, series->column[2] == NULL ? s->z.lo : series->column[2][i]);
    }
    dw_buf_byte(s->data, '\n');
}

static bool is_place(const dw_stroke *s, const dw_series *series, size_t i) {
    return dw_extent_usable(series->column[0][i], s->canvas.x.log) &&
           dw_extent_usable(series->column[1][i], s->canvas.y.log) &&
           (series->column[2] == NULL || !isnan(series->column[2][i]));
}

/* The rows that matter; gaps as empty lines. */
static bool put_rows(dw_stroke *s, const dw_series *series, bool line, dw_err *err) {
    bool *keep = dw_mem_array(s->mem, series->count + 1, sizeof *keep);
    if (keep == NULL)
        return dw_err_memory(err, "a plot");
    dw_decimate_rows rows = {series->count, series->column[0], series->column[1]};
    bool ok = line ? dw_decimate_line(&s->canvas, &rows, keep, err)
                   : dw_decimate_points(s->mem, &s->canvas, &rows, keep, err);
    size_t written = 0;
    bool gap = true;
    for (size_t i = 0; ok && i < series->count; i++) {
        ok = dw_cancel_goes_on(s->canvas.cancel, i, err);
        bool here = is_place(s, series, i);
        if (keep[i] && here) {
            put_row(s, series, i);
            written++;
        } else if (keep[i] && !here && !gap) {
            dw_buf_byte(s->data, '\n');
        }
        gap = keep[i] ? !here : gap;
    }
    /* gnuplot calls an empty block an error; a place outside draws nothing. */
    if (written == 0)
        dw_buf_text(s->data, "NaN NaN NaN\n");
    dw_mem_free(keep);
    return ok;
}

/* Whether there is one place and no more. */
static bool is_lone(const dw_stroke *s, const dw_series *series) {
    size_t count = 0;
    for (size_t i = 0; i < series->count && count < 2; i++)
        count += is_place(s, series, i);
    return count == 1;
}

static bool put_points(dw_stroke *s, const dw_series *series, const char *color, dw_err *err) {
    begin(s, "using 1:2");
    int shape = shapes[s->shapes++ % LENGTH(shapes)];
    const char *size = series->count <= 60 ? "0.7" : series->count <= 300 ? "0.5" : "0.35";
    dw_buf_print(s->elements, "%s with points pt %d ps %s lw 1 lc rgb '%s'", s->deep ? ":3" : "",
                 shape, size, color);
    bool ok = put_rows(s, series, false, err);
    end(s, series);
    return ok;
}

static bool put_line(dw_stroke *s, const dw_series *series, const char *color, dw_err *err) {
    if (is_lone(s, series))
        return put_points(s, series, color, err);
    bool border = series->mark == DW_MARK_BORDER;
    const char *dash = border ? "(6,4)" : dashes[s->lines++ % LENGTH(dashes)];
    const char *height = s->deep ? ":3" : "";
    begin(s, "using 1:2");
    /* A light edge keeps a line visible on dark colours, and in grey print. */
    if (s->mapped)
        dw_buf_print(s->elements,
                     "%s with lines lw 4 lc rgb '#ffffff' dt solid notitle, $d%u using 1:2", height,
                     s->blocks);
    dw_buf_print(s->elements, "%s with lines lw 2 lc rgb '%s' dt %s", height, color, dash);
    bool ok = put_rows(s, series, true, err);
    end(s, series);
    return ok;
}

static void put_errors(dw_stroke *s, const dw_series *series, const char *color) {
    begin(s, "using 1:2:3:4");
    dw_buf_print(s->elements, " with yerrorlines lw 1.6 pt %d ps 0.6 lc rgb '%s' dt %s",
                 shapes[s->shapes++ % LENGTH(shapes)], color, dashes[s->lines++ % LENGTH(dashes)]);
    size_t stride = series->count / 500 + 1;
    size_t written = 0;
    for (size_t i = 0; i < series->count; i += stride) {
        if (!is_place(s, series, i))
            continue;
        put_place(s, &s->canvas.x, series->column[0][i]);
        for (size_t k = 1; k < 4; k++) {
            double value = series->column[k][i];
            bool fits = dw_extent_usable(value, s->canvas.y.log);
            dw_buf_byte(s->data, ' ');
            /* The foot of a bar that reaches 0 on a log axis stands on the axis. */
            put_place(s, &s->canvas.y, fits ? value : s->canvas.y.lo);
        }
        dw_buf_byte(s->data, '\n');
        written++;
    }
    if (written == 0)
        dw_buf_text(s->data, "NaN NaN NaN NaN\n");
    end(s, series);
}

enum { FEW_ACROSS = 8 };

/* Lines across the whole plot. Many of them are thin: in a print without colours they would hide
 * the curve. */
static void put_across(dw_stroke *s, const dw_series *series, const char *color) {
    bool upright = series->mark == DW_MARK_VLINE;
    const dw_range *along = upright ? &s->canvas.y : &s->canvas.x;
    const dw_range *at = upright ? &s->canvas.x : &s->canvas.y;
    begin(s, upright ? "using 1:2" : "using 2:1");
    dw_buf_print(s->elements, " with lines lw %s lc rgb '%s' dt solid",
                 series->count > FEW_ACROSS ? "0.6" : "1.5", color);
    size_t stride = series->count / 500 + 1, written = 0;
    for (size_t i = 0; i < series->count; i += stride) {
        double value = series->column[0][i];
        if (!dw_extent_usable(value, at->log) || value < at->lo || value > at->hi)
            continue;
        for (int k = 0; k < 2; k++) {
            put_place(s, at, value);
            dw_buf_byte(s->data, ' ');
            dw_quote_number(s->data, k == 0 ? along->lo : along->hi);
            dw_buf_byte(s->data, '\n');
        }
        dw_buf_byte(s->data, '\n');
        written++;
    }
    if (written == 0)
        dw_buf_text(s->data, "NaN NaN\n");
    end(s, series);
}

static void put_bars(dw_stroke *s, const dw_series *series, const char *color) {
    begin(s, "using 1:2:3");
    dw_buf_print(s->elements,
                 " with boxes fs solid 0.65 border lc rgb '#333333' lw 0.8 fc rgb '%s'", color);
    size_t written = 0;
    for (size_t i = 0; i < series->count; i++) {
        if (!is_place(s, series, i))
            continue;
        put_row(s, series, i);
        s->data->size -= s->data->size > 0; /* the width goes on this line */
        dw_buf_byte(s->data, ' ');
        dw_quote_number(s->data, series->column[2][i]);
        dw_buf_byte(s->data, '\n');
        written++;
    }
    if (written == 0)
        dw_buf_text(s->data, "NaN NaN NaN\n");
    end(s, series);
}

static void put_note(dw_stroke *s, const dw_series *series, const char *color) {
    for (size_t i = 0; i < series->count; i++) {
        double across = dw_decimate_share(&s->canvas.x, series->column[0][i]);
        double up = dw_decimate_share(&s->canvas.y, series->column[1][i]);
        if (!(across >= 0 && across <= 1 && up >= 0 && up <= 1))
            continue;
        dw_buf_text(s->labels, "set label ");
        dw_quote_text(s->labels, series->name);
        dw_buf_text(s->labels, " at first ");
        dw_quote_number(s->labels, series->column[0][i]);
        dw_buf_text(s->labels, ", first ");
        dw_quote_number(s->labels, series->column[1][i]);
        dw_buf_print(s->labels,
                     " %s noenhanced front point pt 7 ps 0.3 lc rgb '%s' textcolor rgb '%s' "
                     "offset %s,%s\n",
                     across > 0.6 ? "right" : "left", color, color, across > 0.6 ? "-0.6" : "0.6",
                     up > 0.9 ? "-0.6" : "0.5");
    }
}

/* A pale colour for area number i: hues a golden section of the circle apart, in three shades, so
 * that neighbours differ in any kind of sight and in grey print. */
static void put_area_color(dw_buf *out, double i) {
    static const double lightness[] = {0.70, 0.80, 0.88};
    double hue = 6 * (i * 0.6180339887498949 - floor(i * 0.6180339887498949));
    double light = lightness[(size_t)i % LENGTH(lightness)], chroma = 0.45 * 2 * (1 - light);
    dw_buf_byte(out, '#');
    for (int part = 0; part < 3; part++) {
        /* Each of red, green and blue is a trapezoid over the hue, two steps apart. */
        double at = hue + (part == 0 ? 0 : part == 1 ? 4 : 2);
        at = at >= 6 ? at - 6 : at;
        double share = fmin(1, fmax(0, fabs(at - 3) - 1));
        dw_buf_print(out, "%02x", (unsigned)(255 * (light - chroma / 2 + chroma * share) + 0.5));
    }
}

/* The corners from..to of a part of an area. */
static void put_polygon(dw_stroke *s, const dw_series *series, size_t from, size_t to) {
    dw_buf_print(s->labels, "set object %u polygon ", ++s->objects);
    for (size_t i = from; i <= to; i++) {
        size_t corner = i == to ? from : i;
        dw_buf_text(s->labels, i == from ? "from " : " to ");
        dw_quote_number(s->labels, clamp(&s->canvas.x, series->column[0][corner]));
        dw_buf_byte(s->labels, ',');
        dw_quote_number(s->labels, clamp(&s->canvas.y, series->column[1][corner]));
    }
    dw_buf_text(s->labels, " behind fc rgb '");
    put_area_color(s->labels, series->column[2][from]);
    dw_buf_text(s->labels, "' fs solid 1.0 border lc rgb '#ffffff' lw 0.6\n");
}

static void put_areas(dw_stroke *s, const dw_series *series) {
    size_t from = 0;
    for (size_t i = 0; i <= series->count; i++) {
        if (i < series->count && !isnan(series->column[0][i]))
            continue;
        if (i >= from + 3)
            put_polygon(s, series, from, i);
        from = i + 1;
    }
}

static void put_height(dw_stroke *s, double z) {
    if (dw_extent_usable(z, false))
        put_place(s, &s->z, z);
    else
        dw_buf_text(s->data, "NaN");
}

/* The i-th place of those where every `step`-th from 0 counts, and the last; `back`: from there. */
static size_t place_at(size_t i, size_t step, size_t last, bool back) {
    size_t count = (last + step - 1) / step, k = back ? count - i : i;
    return k == count ? last : k * step;
}

/* A grid as x, y, z rows with an empty line after each row of the grid: every `step`-th place and
 * the last. The far corner comes first, so that near pieces cover far ones as they are drawn, and
 * lines and points of the figure, which come later, lie on top. */
static void put_surface(dw_stroke *s, const dw_series *series) {
    size_t step = 1, rows = series->rows - 1, columns = series->columns - 1;
    while (s->pieces > 0 && ((rows + step - 1) / step) * ((columns + step - 1) / step) > s->pieces)
        step++;
    bool high_far = s->view < 90 || s->view > 270, right_far = s->view > 180;
    for (size_t i = 0; i <= (rows + step - 1) / step; i++) {
        size_t row = place_at(i, step, rows, high_far);
        for (size_t j = 0; j <= (columns + step - 1) / step; j++) {
            size_t column = place_at(j, step, columns, right_far);
            put_place(s, &s->canvas.x, series->column[0][column]);
            dw_buf_byte(s->data, ' ');
            put_place(s, &s->canvas.y, series->column[1][row]);
            dw_buf_byte(s->data, ' ');
            put_height(s, series->column[2][row * series->columns + column]);
            dw_buf_byte(s->data, '\n');
        }
        dw_buf_byte(s->data, '\n');
    }
}

/* A grid as rows of a matrix that begin with their y. */
static void put_matrix(dw_stroke *s, const dw_series *series) {
    for (size_t row = 0; row < series->rows; row++) {
        put_place(s, &s->canvas.y, series->column[1][row]);
        for (size_t column = 0; column < series->columns; column++) {
            dw_buf_byte(s->data, ' ');
            put_height(s, series->column[2][row * series->columns + column]);
        }
        dw_buf_byte(s->data, '\n');
    }
}

/* Dark lines of equal height at round levels over the coloured map. */
static bool put_levels(dw_stroke *s, const dw_series *series, dw_err *err) {
    dw_ticks ticks;
    dw_ticks_choose(&s->z, 9, &ticks);
    dw_isoline lines = {.mem = s->mem};
    dw_isoline_grid grid = {series->rows, series->columns, series->column[0], series->column[1],
                            series->column[2]};
    bool ok = true;
    for (size_t i = 0; ok && i < ticks.count; i++)
        ok = dw_isoline_trace(&grid, ticks.at[i], NULL, NULL, &lines, err);
    if (ok && lines.count > 0) {
        begin(s, "using 1:2 with lines lw 0.7 lc rgb '#33475b' dt solid notitle");
        dw_series all = {.count = lines.count, .column = {lines.x, lines.y}};
        bool gap = true;
        for (size_t i = 0; i < all.count; i++) {
            if (!isnan(lines.x[i]))
                put_row(s, &all, i);
            else if (!gap)
                dw_buf_byte(s->data, '\n');
            gap = isnan(lines.x[i]);
        }
        dw_buf_text(s->data, "DWEND\n");
    }
    dw_isoline_free(&lines);
    return ok;
}

static bool put_map(dw_stroke *s, const dw_series *series, dw_err *err) {
    if (series->mark == DW_MARK_SURFACE) {
        begin(s, "using 1:2:3 with pm3d");
        put_surface(s, series);
        end(s, series);
        return true;
    }
    begin(s, "nonuniform matrix using 1:2:3 with image");
    dw_buf_text(s->elements, series->mark == DW_MARK_IMAGE ? " pixels" : "");
    dw_buf_print(s->data, "%zu", series->columns);
    for (size_t i = 0; i < series->columns; i++) {
        dw_buf_byte(s->data, ' ');
        put_place(s, &s->canvas.x, series->column[0][i]);
    }
    dw_buf_byte(s->data, '\n');
    put_matrix(s, series);
    end(s, series);
    return series->mark == DW_MARK_IMAGE || put_levels(s, series, err);
}

static bool put_series(dw_stroke *s, const dw_figure *figure, size_t index, dw_err *err) {
    const dw_series *series = &figure->series[index];
    const char *color = pick_color(figure, index);
    switch (series->mark) {
    case DW_MARK_LINE:
    case DW_MARK_BORDER:
        return put_line(s, series, color, err);
    case DW_MARK_POINTS:
        return put_points(s, series, color, err);
    case DW_MARK_ERRORS:
        put_errors(s, series, color);
        return true;
    case DW_MARK_VLINE:
    case DW_MARK_HLINE:
        put_across(s, series, color);
        return true;
    case DW_MARK_BARS:
        put_bars(s, series, color);
        return true;
    case DW_MARK_NOTE:
        put_note(s, series, color);
        return true;
    case DW_MARK_AREAS:
        put_areas(s, series);
        return true;
    default:
        return put_map(s, series, err);
    }
}

/* What lies above what: points are not hidden by the lines they explain. */
static int layer_of(dw_mark mark) {
    switch (mark) {
    case DW_MARK_SURFACE:
    case DW_MARK_CONTOUR:
    case DW_MARK_IMAGE:
        return 0;
    case DW_MARK_BARS:
        return 1;
    case DW_MARK_VLINE:
    case DW_MARK_HLINE:
        return 2;
    case DW_MARK_POINTS:
        return 4;
    default:
        return 3;
    }
}

bool dw_stroke_figure(dw_stroke *stroke, const dw_figure *figure, dw_err *err) {
    for (int layer = 0; layer <= 4; layer++)
        for (size_t i = 0; i < figure->count; i++)
            if (layer_of(figure->series[i].mark) == layer && !put_series(stroke, figure, i, err))
                return false;
    return true;
}
