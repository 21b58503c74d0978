/* SPDX-License-Identifier: BSD-3-Clause */
/* A figure as plain data: what is drawn, over which axes, with which words. Nothing here knows who
 * draws it. Figures are built through the functions below, then shared by reference and never
 * changed; other files of this folder read the fields directly.
 *
 * All texts are copied and made fit for drawing: invalid UTF-8 becomes U+FFFD, control characters
 * and line ends become spaces, and what is longer than DW_FIGURE_TEXT characters ends in "…". */
#ifndef DW_FIGURE_H
#define DW_FIGURE_H

#include "base/mem.h"

enum {
    DW_FIGURE_TEXT = 160,  /* characters of a text at most */
    DW_FIGURE_COLUMNS = 4, /* columns of numbers of a series at most */
    DW_FIGURE_CELLS = 64   /* figures on a page at most */
};

/* What a series looks like, and what its columns 0, 1, 2, 3 hold. A row with a NaN is a gap. */
typedef enum {
    DW_MARK_LINE,    /* x, y (and z on a surface): a line through the points in their order */
    DW_MARK_POINTS,  /* x, y (and z on a surface) */
    DW_MARK_ERRORS,  /* x, y, low, high: a line with error bars */
    DW_MARK_VLINE,   /* x: lines from bottom to top */
    DW_MARK_HLINE,   /* y: lines from left to right */
    DW_MARK_BARS,    /* x (middle), y (height), width */
    DW_MARK_BORDER,  /* x, y: a dashed outline */
    DW_MARK_NOTE,    /* x, y: the name written at a place */
    DW_MARK_AREAS,   /* x, y of corners around, number of the area (from 0); NaN between parts */
    DW_MARK_SURFACE, /* x of `columns`, y of `rows`, z of rows*columns numbers, row by row */
    DW_MARK_CONTOUR, /* the same, seen from above */
    DW_MARK_IMAGE,   /* the same in shades of grey, row 0 on top, without axes */
    DW_MARKS
} dw_mark;

typedef enum {
    DW_COLOR_AUTO, /* the next of the palette */
    DW_COLOR_BLUE,
    DW_COLOR_ORANGE,
    DW_COLOR_GREEN,
    DW_COLOR_RED,
    DW_COLOR_PURPLE,
    DW_COLOR_SKY,
    DW_COLOR_BLACK,
    DW_COLOR_GREY,
    DW_COLOR_YELLOW,
    DW_COLOR_BROWN,
    DW_COLOR_PINK,
    DW_COLOR_WHITE,
    DW_COLORS
} dw_color;

typedef struct {
    dw_mark mark;
    dw_color color;
    const char *name; /* words in the legend, text of a NOTE; NULL or "" for none */
    size_t count;     /* numbers in each column that is not NULL (grids: see rows, columns) */
    const double *column[DW_FIGURE_COLUMNS];
    size_t rows, columns;      /* of a grid */
    const char *const *labels; /* BARS: `count` words below the bars, or NULL for numbers */
} dw_series;

typedef struct {
    char *label;
    bool fixed; /* lo < hi were given; otherwise the data decides */
    double lo, hi;
    bool log;
} dw_axis;

typedef enum {
    DW_LEGEND_ABOVE, /* beside nothing, over the plot */
    DW_LEGEND_NONE,
    DW_LEGEND_TOP_LEFT,
    DW_LEGEND_TOP_RIGHT,
    DW_LEGEND_BOTTOM_LEFT,
    DW_LEGEND_BOTTOM_RIGHT,
    DW_LEGENDS
} dw_legend;

typedef struct dw_figure {
    uint32_t refs;
    dw_mem *mem;
    char *title; /* NULL when there is none; so the labels of the axes */
    dw_axis x, y;
    dw_legend legend;
    unsigned width, height; /* pixels; 0: the usual */
    double turn;            /* of a surface, in degrees, -360 … 360 */
    dw_series *series;      /* names, columns and labels belong to the figure */
    size_t count, room;
    size_t rows, columns;     /* of a page; 0 for a single figure */
    struct dw_figure **cells; /* rows*columns of a page, row by row; NULL leaves a place empty */
} dw_figure;

/* An empty figure with one reference; NULL with a MEMORY error. */
dw_figure *dw_figure_new(dw_mem *mem, dw_err *err) DW_CHECK;

/* A page of rows×columns figures, row by row (NULL: nothing there); takes a reference of each. A
 * page inside a page is a PLOT error, and so are more than DW_FIGURE_CELLS places. */
dw_figure *dw_figure_page(dw_mem *mem, dw_figure *const *cells, size_t rows, size_t columns,
                          dw_err *err) DW_CHECK;

/* One more, one less reference; the last one frees. NULL is allowed in release. */
dw_figure *dw_figure_retain(dw_figure *figure);
void dw_figure_release(dw_figure *figure);

/* Adds a copy of a series. Only while the figure has one reference. */
bool dw_figure_add(dw_figure *figure, const dw_series *series, dw_err *err) DW_CHECK;

/* Sets one of the figure's texts (&figure->title, &figure->x.label …); replaces an earlier one. */
bool dw_figure_text(dw_figure *figure, char **place, const char *bytes, size_t size,
                    dw_err *err) DW_CHECK;

/* A copy of a text made fit for drawing, on the account `mem`; NULL when there is no memory. */
char *dw_figure_clean(dw_mem *mem, const char *bytes, size_t size) DW_CHECK;

/* The color of a word ("blue", "grey" or "gray"); false when there is none of that name. The i-th
 * word, or NULL after the last. */
bool dw_figure_color(const char *word, size_t size, dw_color *out);
const char *dw_figure_color_word(size_t i);

/* The same for the places of a legend ("above", "none", "top left" …). */
bool dw_figure_legend(const char *word, size_t size, dw_legend *out);
const char *dw_figure_legend_word(size_t i);

#endif
