/* SPDX-License-Identifier: BSD-3-Clause */
/* From where to where the axes of a figure go. */
#ifndef DW_EXTENT_H
#define DW_EXTENT_H

#include "base/cancel.h"
#include "plot/figure.h"

typedef struct {
    double lo, hi; /* lo < hi, both finite; above 0 when log */
    bool log;
} dw_range;

typedef struct {
    dw_range x, y, z; /* z: heights of a grid, {0, 1} without one */
} dw_extent;

/* Finds the ranges of a single figure: what was given, else what its data needs, with a little room
 * around points. A PLOT error that says what is missing when there is nothing that can be drawn;
 * INTERRUPT through `cancel`, which may be NULL. */
bool dw_extent_find(const dw_figure *figure, const dw_cancel *cancel, dw_extent *out,
                    dw_err *err) DW_CHECK;

/* The same without room around the data: what a sentence about the figure says. */
bool dw_extent_data(const dw_figure *figure, const dw_cancel *cancel, dw_extent *out,
                    dw_err *err) DW_CHECK;

/* Whether a number can stand on an axis: finite, not beyond 1e300, and above 0 on a log axis. */
bool dw_extent_usable(double x, bool log);

/* The first grid (SURFACE, CONTOUR or IMAGE) of a figure, or NULL. */
const dw_series *dw_extent_grid(const dw_figure *figure);

#endif
