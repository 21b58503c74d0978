/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures and pages as scripts: axes, legend, looks, and the two forms of output. */
#include "plot/script.h"

#include "base/text.h"
#include "plot/extent.h"
#include "plot/gnuplot.h"
#include "plot/quote.h"
#include "plot/stroke.h"
#include "plot/ticks.h"

#include <stdio.h>
#include <string.h>

/* Pieces of all surfaces of a page: one takes about 85 bytes of an SVG. */
enum { PAGE_PIECES = 3000 };

/* The parts of a script while it grows. */
typedef struct {
    dw_buf *data;
    dw_buf *commands;
    unsigned blocks;
    size_t series, surfaces; /* on the whole page */
    const dw_cancel *cancel;
} parts;

/* The room of a figure in pixels. */
typedef struct {
    unsigned width, height;
} place;

static const char *const legends[DW_LEGENDS] = {
    [DW_LEGEND_TOP_LEFT] = "top left",
    [DW_LEGEND_TOP_RIGHT] = "top right",
    [DW_LEGEND_BOTTOM_LEFT] = "bottom left",
    [DW_LEGEND_BOTTOM_RIGHT] = "bottom right",
};

static void put_text(dw_buf *out, const char *command, const char *text) {
    if (text == NULL || text[0] == '\0')
        return;
    dw_buf_text(out, command);
    dw_quote_text(out, text);
    dw_buf_text(out, " noenhanced\n");
}

static size_t characters(const char *text) {
    return text == NULL ? 0 : dw_text_count(text, strlen(text));
}

/* Rows a legend over the plot needs and, in *columns, how many entries stand side by side. Widths
 * are guesses, as gnuplot's are: the font of the reader decides. */
static unsigned legend_rows(const dw_figure *figure, const place *p, unsigned *columns) {
    unsigned named = 0;
    size_t longest = 0;
    for (size_t i = 0; i < figure->count; i++) {
        const dw_series *s = &figure->series[i];
        if (characters(s->name) == 0 || s->mark == DW_MARK_NOTE || s->mark >= DW_MARK_SURFACE)
            continue;
        named++;
        longest = characters(s->name) > longest ? characters(s->name) : longest;
    }
    unsigned each = 55 + 7 * (unsigned)longest, room = p->width > 80 ? p->width - 80 : 1;
    *columns = room / each == 0 ? 1 : room / each;
    return figure->legend == DW_LEGEND_ABOVE ? (named + *columns - 1) / *columns : 0;
}

/* Title on top, the legend under it, both over the plot and beside nothing. */
static void put_head(dw_buf *out, const dw_figure *figure, const place *p) {
    unsigned columns, rows = legend_rows(figure, p, &columns);
    bool titled = characters(figure->title) > 0;
    const dw_series *grid = dw_extent_grid(figure);
    /* In three dimensions a place above the graph would be inside its box. */
    bool deep = grid != NULL && grid->mark == DW_MARK_SURFACE;
    if (titled && deep) {
        put_text(out, "set title ", figure->title);
        titled = false;
    }
    dw_buf_print(out, "set tmargin %s\n",
                 rows == 0 && characters(figure->title) == 0 ? "1" : "2.4");
    if (rows > 0)
        dw_buf_print(out, "set tmargin %.1f\n", rows * 1.1 + 0.6 + (titled ? 1.7 : 0));
    if (titled) {
        dw_buf_text(out, "set label ");
        dw_quote_text(out, figure->title);
        dw_buf_print(out,
                     " at graph 0.5, graph 1 center noenhanced textcolor rgb '#222222' "
                     "offset character 0, character %.1f\n",
                     rows * 1.1 + 1.2);
    }
    if (figure->legend == DW_LEGEND_ABOVE && rows > 0)
        dw_buf_print(out,
                     "set key %s horizontal Left reverse "
                     "noenhanced samplen 2.6 width 1 nobox maxcols %u\n",
                     deep ? "tmargin left" : "at graph 0, graph 1.015 left bottom", columns);
    else if (figure->legend == DW_LEGEND_NONE || figure->legend == DW_LEGEND_ABOVE)
        dw_buf_text(out, "set key off\n");
    else
        dw_buf_print(out, "set key inside %s Left reverse noenhanced samplen 2.6\n",
                     legends[figure->legend]);
}

static void put_range(dw_buf *out, char axis, const dw_range *range) {
    if (range->log)
        dw_buf_print(out, "set logscale %c 10\n", axis);
    dw_buf_print(out, "set %crange [", axis);
    /* A hair of room keeps rounded logarithms from hiding a tick at the very end. */
    dw_quote_number(out, range->log ? range->lo * (1 - 1e-9) : range->lo);
    dw_buf_byte(out, ':');
    dw_quote_number(out, range->log ? range->hi * (1 + 1e-9) : range->hi);
    dw_buf_text(out, "]\n");
}

static void put_ticks(dw_buf *out, const char *axis, const char *style, const dw_range *range,
                      int want) {
    dw_ticks ticks;
    dw_ticks_choose(range, want, &ticks);
    dw_buf_print(out, "set %stics %s (", axis, style);
    for (size_t i = 0; i < ticks.count; i++) {
        dw_buf_text(out, i == 0 ? "" : ", ");
        dw_quote_tick(out, ticks.label[i]);
        dw_buf_byte(out, ' ');
        dw_quote_number(out, ticks.at[i]);
    }
    dw_buf_text(out, ")\n");
}

/* Words below bars instead of numbers. Returns false when there are none. */
static bool put_labels(dw_buf *out, const dw_figure *figure) {
    const dw_series *bars = NULL;
    for (size_t i = 0; i < figure->count && bars == NULL; i++)
        if (figure->series[i].labels != NULL)
            bars = &figure->series[i];
    if (bars == NULL)
        return false;
    size_t stride = bars->count / 40 + 1;
    dw_buf_print(out, "set xtics scale 0%s (", bars->count > 6 ? " rotate by -35" : "");
    for (size_t i = 0; i < bars->count; i += stride) {
        dw_buf_text(out, i == 0 ? "" : ", ");
        dw_quote_tick(out, bars->labels[i]);
        dw_buf_byte(out, ' ');
        dw_quote_number(out, bars->column[0][i]);
    }
    dw_buf_text(out, ")\n");
    return true;
}

static int ticks_for(unsigned pixels, int each, int most) {
    int want = (int)pixels / each;
    return want < 2 ? 2 : want > most ? most : want;
}

static void put_flat_axes(dw_buf *out, const dw_figure *figure, const dw_extent *e,
                          const place *p) {
    put_range(out, 'x', &e->x);
    put_range(out, 'y', &e->y);
    if (!put_labels(out, figure))
        put_ticks(out, "x", "offset 0,0.3", &e->x, ticks_for(p->width, 70, 9));
    put_ticks(out, "y", "", &e->y, ticks_for(p->height, 50, 9));
    put_text(out, "set xlabel ", figure->x.label);
    put_text(out, "set ylabel ", figure->y.label);
    dw_buf_text(out, "set border 3 lw 1 lc rgb '#5a5a5a'\n"
                     "set tics nomirror out scale 0.5 textcolor rgb '#333333'\n");
    if (dw_extent_grid(figure) == NULL)
        dw_buf_text(out, "set grid xtics ytics back lt 1 lw 0.8 lc rgb '#e4e4e4' dt solid\n");
}

static const char map_colors[] =
    "set palette defined (0 '#253a7d', 1 '#2a78b5', 2 '#45b3c2', 3 '#9fd8bb', 4 '#fdfbd0')\n";

static void put_color_range(dw_buf *out, const dw_range *z) {
    dw_buf_text(out, "set cbrange [");
    dw_quote_number(out, z->lo);
    dw_buf_byte(out, ':');
    dw_quote_number(out, z->hi);
    dw_buf_text(out, "]\n");
}

static void put_map_axes(dw_buf *out, const dw_extent *e, const place *p) {
    dw_buf_text(out, map_colors);
    put_color_range(out, &e->z);
    put_ticks(out, "cb", "", &e->z, ticks_for(p->height, 60, 8));
    dw_buf_text(out, "set colorbox noborder\nset border 15\n");
}

/* gnuplot's angle of a surface, 0 … 360; the usual one has the corner of small x and y in front. */
static double view_of(const dw_figure *figure) {
    double angle = 325 + figure->turn;
    return angle < 0 ? angle + 360 : angle >= 360 ? angle - 360 : angle;
}

static void put_deep_axes(dw_buf *out, const dw_figure *figure, const dw_extent *e,
                          const place *p) {
    dw_buf_text(out, map_colors);
    put_color_range(out, &e->z);
    /* A little more than the heights, so that rounding clips no piece of the floor. */
    double hair = 1e-6 * (e->z.hi - e->z.lo);
    put_range(out, 'z', &(dw_range){e->z.lo - hair, e->z.hi + hair, false});
    put_ticks(out, "x", "offset 0,-0.3", &e->x, ticks_for(p->width, 90, 6));
    put_ticks(out, "y", "offset 0.5,-0.2", &e->y, ticks_for(p->width, 90, 6));
    put_ticks(out, "z", "", &e->z, ticks_for(p->height, 70, 5));
    dw_buf_text(out, "unset colorbox\nset view 52,");
    dw_quote_number(out, view_of(figure));
    dw_buf_text(out, ",1.0,1.0\nset xyplane relative 0\n"
                     "set border 4095 lw 0.8 lc rgb '#8a8a8a'\nunset grid\n"
                     "set pm3d scansforward border lc rgb '#40566b' lw 0.4\n"
                     "set lmargin 2\nset rmargin 2\nset bmargin 2\n");
}

static void put_image_axes(dw_buf *out, const dw_extent *e) {
    dw_buf_text(out, "set palette defined (0 '#ffffff', 1 '#16202b')\nunset colorbox\n"
                     "unset xtics\nunset ytics\nunset border\nset size ratio -1\n"
                     "set yrange [*:*] reverse\nset lmargin 1\nset rmargin 1\nset bmargin 1\n");
    put_range(out, 'x', &e->x);
    put_color_range(out, &e->z);
}

/* Everything of a figure before its plot command. */
static void put_settings(dw_buf *out, const dw_figure *figure, const dw_extent *e, const place *p) {
    const dw_series *grid = dw_extent_grid(figure);
    put_flat_axes(out, figure, e, p);
    if (grid != NULL && grid->mark == DW_MARK_CONTOUR)
        put_map_axes(out, e, p);
    else if (grid != NULL && grid->mark == DW_MARK_SURFACE)
        put_deep_axes(out, figure, e, p);
    else if (grid != NULL)
        put_image_axes(out, e);
    put_head(out, figure, p);
    dw_buf_text(out, "set clip two\n");
}

static bool put_figure(parts *to, const dw_figure *figure, const place *p, dw_err *err) {
    dw_extent extent;
    if (!dw_extent_find(figure, to->cancel, &extent, err))
        return false;
    const dw_series *grid = dw_extent_grid(figure);
    dw_buf elements, labels;
    dw_buf_init(&elements, figure->mem);
    dw_buf_init(&labels, figure->mem);
    dw_stroke stroke = {
        .mem = figure->mem,
        .data = to->data,
        .elements = &elements,
        .labels = &labels,
        .blocks = to->blocks,
        .canvas = {extent.x, extent.y, 0.85 * p->width, 0.8 * p->height, to->series, to->cancel},
        .z = extent.z,
        .mapped = grid != NULL && grid->mark != DW_MARK_IMAGE,
        .deep = grid != NULL && grid->mark == DW_MARK_SURFACE,
        .view = view_of(figure),
        .pieces = to->surfaces == 0 ? 0 : PAGE_PIECES / to->surfaces};
    bool ok = dw_stroke_figure(&stroke, figure, err);
    to->blocks = stroke.blocks;
    put_settings(to->commands, figure, &extent, p);
    if (labels.size > 0)
        dw_buf_add(to->commands, labels.data, labels.size);
    dw_buf_text(to->commands, stroke.deep ? "splot " : "plot ");
    /* Notes alone still want their axes. */
    if (stroke.count == 0)
        dw_buf_text(to->commands, "NaN notitle");
    if (elements.size > 0)
        dw_buf_add(to->commands, elements.data, elements.size);
    dw_buf_byte(to->commands, '\n');
    ok = ok && ((!elements.failed && !labels.failed) || dw_err_memory(err, "a plot"));
    dw_buf_free(&elements);
    dw_buf_free(&labels);
    return ok;
}

/* The usual size of a figure on a page with so many columns: pages that are wider would have
 * letters too small to read where they are shrunk to the width of paper. */
static unsigned cell_width(size_t columns) {
    return columns == 1 ? 480 : columns == 2 ? 400 : columns == 3 ? 280 : columns == 4 ? 220 : 190;
}

static unsigned cell_height(size_t columns) {
    return columns < 3 ? cell_width(columns) * 4 / 5 : columns == 3 ? 240 : 200;
}

static bool put_page(parts *to, const dw_figure *page, unsigned width, unsigned height,
                     dw_err *err) {
    dw_buf_text(to->commands, "set multiplot\n");
    for (size_t row = 0; row < page->rows; row++)
        for (size_t column = 0; column < page->columns; column++) {
            const dw_figure *figure = page->cells[row * page->columns + column];
            if (figure == NULL)
                continue;
            place p = {.width = width / (unsigned)page->columns,
                       .height = height / (unsigned)page->rows};
            double wide = 1 / (double)page->columns, high = 1 / (double)page->rows;
            dw_buf_text(to->commands, "reset\nset size ");
            dw_quote_number(to->commands, wide);
            dw_buf_byte(to->commands, ',');
            dw_quote_number(to->commands, high);
            dw_buf_text(to->commands, "\nset origin ");
            dw_quote_number(to->commands, wide * (double)column);
            dw_buf_byte(to->commands, ',');
            dw_quote_number(to->commands, high * (double)(page->rows - 1 - row));
            dw_buf_byte(to->commands, '\n');
            if (!put_figure(to, figure, &p, err))
                return false;
        }
    dw_buf_text(to->commands, "unset multiplot\n");
    return true;
}

/* Size of the picture: what was asked for, else the usual. */
static void find_size(const dw_figure *figure, unsigned *width, unsigned *height) {
    *width = 480;
    *height = 360;
    if (figure->rows > 0) {
        unsigned tall = 0;
        *width = cell_width(figure->columns) * (unsigned)figure->columns;
        for (size_t i = 0; i < figure->rows * figure->columns; i++)
            if (figure->cells[i] != NULL && figure->cells[i]->height > tall)
                tall = figure->cells[i]->height;
        *height = (tall > 0 && figure->columns == 1 ? tall : cell_height(figure->columns)) *
                  (unsigned)figure->rows;
    }
    if (figure->width > 0 && figure->height > 0) {
        *width = figure->width;
        *height = figure->height;
    }
}

static void put_output(dw_buf *out, const parts *from, const char *terminal, const char *file) {
    dw_buf_print(out, "set terminal %s\nset output '%s'\n", terminal, file);
    if (from->commands->size > 0)
        dw_buf_add(out, from->commands->data, from->commands->size);
    dw_buf_text(out, "unset output\n");
}

static void assemble(const parts *from, bool pdf, unsigned width, unsigned height, unsigned font,
                     dw_buf *out) {
    char terminal[256];
    dw_buf_text(out, "reset session\nset encoding utf8\n");
    if (from->data->size > 0)
        dw_buf_add(out, from->data->data, from->data->size);
    snprintf(terminal, sizeof terminal,
             "svg size %u,%u fixed noenhanced rounded font 'Helvetica,%u' background rgb 'white'",
             width, height, font);
    put_output(out, from, terminal, DW_GNUPLOT_FIRST);
    if (!pdf)
        return;
    snprintf(terminal, sizeof terminal,
             "pdfcairo size %.4fin,%.4fin noenhanced color rounded font 'Helvetica,%.1f' "
             "fontscale 1 linewidth 1.6 dashlength 1.6 background rgb 'white'",
             width / 96.0, height / 96.0, font * 0.63);
    put_output(out, from, terminal, DW_GNUPLOT_SECOND);
}

static void count_series(parts *to, const dw_figure *figure) {
    const dw_series *grid = figure->rows > 0 ? NULL : dw_extent_grid(figure);
    to->series += figure->count;
    to->surfaces += grid != NULL && grid->mark == DW_MARK_SURFACE;
    for (size_t i = 0; i < figure->rows * figure->columns; i++)
        if (figure->cells[i] != NULL)
            count_series(to, figure->cells[i]);
}

bool dw_script_write(const dw_figure *figure, dw_script_way way, dw_buf *out, unsigned *width,
                     unsigned *height, dw_err *err) {
    dw_buf data, commands;
    dw_buf_init(&data, figure->mem);
    dw_buf_init(&commands, figure->mem);
    parts to = {.data = &data, .commands = &commands, .cancel = way.cancel};
    count_series(&to, figure);
    find_size(figure, width, height);
    place whole = {.width = *width, .height = *height};
    bool ok = figure->rows > 0 ? put_page(&to, figure, *width, *height, err)
                               : put_figure(&to, figure, &whole, err);
    if (ok)
        assemble(&to, way.pdf, *width, *height, figure->columns > 2 ? 11 : 12, out);
    ok = ok && ((!data.failed && !commands.failed && !out->failed) || dw_err_memory(err, "a plot"));
    dw_buf_free(&data);
    dw_buf_free(&commands);
    return ok;
}
