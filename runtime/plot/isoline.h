/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines of equal height on a grid, and borders of regions. */
#ifndef DW_ISOLINE_H
#define DW_ISOLINE_H

#include "base/mem.h"

/* Heights z[row * columns + column] over x[column], y[row]. A NaN is a hole. */
typedef struct {
    size_t rows, columns;
    const double *x, *y, *z;
} dw_isoline_grid;

/* Polylines one after another; a NaN in both x and y stands between two of them. A closed one ends
 * where it begins. Start with zeros and `mem`; free with dw_isoline_free. */
typedef struct {
    dw_mem *mem;
    double *x, *y;
    size_t count, room;
} dw_isoline;

/* Finds where between two neighbouring grid points a line passes: the share 0 … 1 of the way from
 * (xa, ya) to (xb, yb). For regions whose height is only 0 or 1. False: stop, *err says why. */
typedef bool (*dw_isoline_locate)(void *context, const double a[2], const double b[2],
                                  double *share, dw_err *err);

/* Appends the lines on which the height is `level`. `locate` NULL: by proportion. False when there
 * is no memory or locate failed. */
bool dw_isoline_trace(const dw_isoline_grid *grid, double level, dw_isoline_locate locate,
                      void *context, dw_isoline *out, dw_err *err) DW_CHECK;

void dw_isoline_free(dw_isoline *lines);

#endif
