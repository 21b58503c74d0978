/* SPDX-License-Identifier: BSD-3-Clause */
/* What stands in a plot before it is a figure: numbers with a mark, or a function that waits for
 * the range it will be drawn over. line(f, "red") is a value of the language that holds such
 * things. */
#ifndef DW_THING_H
#define DW_THING_H

#include "lang/builtin.h"
#include "plot/figure.h"

typedef struct {
    dw_mark mark;
    dw_color color;
    char *name;        /* words in the legend; dw_mem; NULL for none */
    dw_value function; /* waits to be sampled: a curve, a BORDER's test or a map; else NOTHING */
    size_t count;      /* numbers in each column */
    double *column[DW_FIGURE_COLUMNS]; /* as dw_series; dw_mem */
    size_t rows, columns;              /* of a grid */
    char **labels;                     /* of BARS, `count` of them; dw_mem */
    dw_span span;                      /* where it was written, for errors */
    uint32_t unit;
} dw_thing;

/* A growing list of things, and the ranges and label that came with them. */
typedef struct {
    dw_mem *mem;
    dw_thing *things;
    size_t count, room;
    size_t intervals; /* how many of the next were given: x, then y */
    double lo[2], hi[2];
    char *xlabel; /* name of a table's first column; dw_mem; or NULL */
} dw_thing_list;

void dw_thing_list_init(dw_thing_list *list, dw_mem *mem);
void dw_thing_list_free(dw_thing_list *list);

/* A new thing at the end of the list, all zero except for function = NOTHING and the place of
 * argument i of the call; NULL with a MEMORY error. */
dw_thing *dw_thing_add(dw_thing_list *list, dw_call *call, size_t i);

/* Gives a thing `columns` uninitialised columns of `count` numbers (BARS and so on). */
bool dw_thing_columns(dw_call *call, dw_thing *thing, size_t columns, size_t count) DW_CHECK;

/* Sets a thing's name; an empty text means none. */
bool dw_thing_name(dw_call *call, dw_thing *thing, const char *text, size_t size) DW_CHECK;

/* The name for argument i: its source text on one line, shortened to DW_THING_NAME characters. */
enum { DW_THING_NAME = 32 };
bool dw_thing_source_name(dw_call *call, dw_thing *thing, size_t i) DW_CHECK;

/* Reads the unnamed arguments of plot and of the marks into things: functions, tables, pairs of
 * rows, single rows, lists, marks and plots, intervals. `mark`: what the caller draws, or DW_MARKS
 * when each kind of thing decides. A text is a colour for all of them (`color` then points to it).
 */
bool dw_thing_read(dw_call *call, dw_mark mark, dw_thing_list *out) DW_CHECK;

/* Adds a sampled thing to a figure. */
bool dw_thing_draw(dw_call *call, const dw_thing *thing, dw_figure *figure) DW_CHECK;

/* The content of a value of kind PLOT: a finished figure, or things that wait for one. */
typedef struct {
    dw_figure *figure;  /* or NULL */
    dw_thing_list list; /* empty when there is a figure */
} dw_thing_plot;

/* A value that takes over the figure, or the things of the list (which is empty afterwards). */
bool dw_thing_figure_value(dw_call *call, dw_figure *figure, dw_value *out) DW_CHECK;
bool dw_thing_list_value(dw_call *call, dw_thing_list *list, dw_value *out) DW_CHECK;

/* The content of a PLOT value, borrowed. */
const dw_thing_plot *dw_thing_content(dw_value plot);

/* The colour of a word that stands at `place`, or an error there that lists the colours. */
bool dw_thing_color(dw_call *call, dw_span place, const dw_text *word, dw_color *out) DW_CHECK;

#endif
