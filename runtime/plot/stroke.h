/* SPDX-License-Identifier: BSD-3-Clause */
/* The series of one figure as gnuplot's data blocks and plot elements: colours, dashes, shapes. */
#ifndef DW_STROKE_H
#define DW_STROKE_H

#include "base/buf.h"
#include "plot/decimate.h"

/* What is being written. */
typedef struct {
    dw_mem *mem;
    dw_buf *data;     /* data blocks, named $d1, $d2 … */
    dw_buf *elements; /* plot elements, each after the first with a comma before it */
    dw_buf *labels;   /* set label commands of the notes */
    unsigned blocks;  /* how many data blocks there are already */
    unsigned count;   /* how many elements there are already */
    unsigned colors, lines, shapes; /* how many of each were given out automatically */
    dw_canvas canvas;
    dw_range z;
    bool deep; /* a surface: three columns */
    unsigned width, height; /* pixels */
} dw_stroke;

/* Writes one series. Grids come first in a figure. */
bool dw_stroke_series(dw_stroke *stroke, const dw_series *series, dw_err *err) DW_CHECK;

/* The colour of a word as gnuplot writes it, "#rrggbb". */
const char *dw_stroke_color(dw_color color);

#endif
