/* SPDX-License-Identifier: BSD-3-Clause */
/* The series of one figure as gnuplot's data blocks and plot elements: colours, dashes, shapes. */
#ifndef DW_STROKE_H
#define DW_STROKE_H

#include "base/buf.h"
#include "plot/decimate.h"

/* What is being written. */
typedef struct {
    dw_mem *mem;
    dw_buf *data;           /* data blocks, named $d1, $d2 … */
    dw_buf *elements;       /* plot elements, each after the first with a comma before it */
    dw_buf *labels;         /* set label and set object commands of notes and areas */
    unsigned blocks;        /* how many data blocks there are already */
    unsigned count;         /* how many elements there are already */
    unsigned lines, shapes; /* how many dashes and point shapes were given out */
    unsigned objects;       /* how many areas have a number already */
    dw_canvas canvas;
    dw_range z;
    bool mapped; /* a map or a surface lies below */
    bool deep;   /* a surface: three columns */
    double view; /* its angle, 0 … 360: the place (x, y) is as far away as y cos - x sin of it */
    size_t pieces; /* of one surface at most, or 0: as many as its grid has */
} dw_stroke;

/* Writes all series of a figure, what lies below first. */
bool dw_stroke_figure(dw_stroke *stroke, const dw_figure *figure, dw_err *err) DW_CHECK;

#endif
