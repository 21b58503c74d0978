/* SPDX-License-Identifier: BSD-3-Clause */
/* Leaving out what nobody could see: of a million numbers the few that make the picture. */
#ifndef DW_DECIMATE_H
#define DW_DECIMATE_H

#include "plot/extent.h"

/* Where a series is drawn, and how large that place is in pixels. */
typedef struct {
    dw_range x, y;
    double width, height;
    size_t sharers; /* series that share the picture's size; 0 and 1: this one has it alone */
    const dw_cancel *cancel; /* NULL: nobody can stop the choosing */
} dw_canvas;

/* The rows to choose from. */
typedef struct {
    size_t count;
    const double *x, *y;
} dw_decimate_rows;

enum {
    DW_DECIMATE_LINE = 1000,       /* entries of a line at most (about) */
    DW_DECIMATE_POINTS = 2500,     /* points of a series at most */
    DW_DECIMATE_ALL_LINES = 14000, /* entries of all lines of a picture at most (about) */
    DW_DECIMATE_ALL_POINTS = 2500  /* points of all series of a picture at most (about) */
};

/* Sets keep[i] for the entries of a line that matter. Lines that go to the right keep first,
 * lowest, highest and last entry of each narrow strip; others keep entries that are apart. Entries
 * that cannot be drawn are gaps; of neighbouring gaps one is kept. False when it was stopped. */
bool dw_decimate_line(const dw_canvas *canvas, const dw_decimate_rows *rows, bool *keep,
                      dw_err *err) DW_CHECK;

/* Sets keep[i] for one point of each small square that holds any; points outside are left out.
 * False when there is no memory or it was stopped. */
bool dw_decimate_points(dw_mem *mem, const dw_canvas *canvas, const dw_decimate_rows *rows,
                        bool *keep, dw_err *err) DW_CHECK;

/* Where a number of an axis stands, from 0 (lo) to 1 (hi); NaN when it cannot. */
double dw_decimate_share(const dw_range *range, double value);

#endif
