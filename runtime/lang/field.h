/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions of two numbers (or of one column of two) over a rectangle: heights on a grid, and the
 * border of the region where a test is true. */
#ifndef DW_FIELD_H
#define DW_FIELD_H

#include "lang/thing.h"

typedef struct {
    double x_lo, x_hi, y_lo, y_hi;
} dw_field_area;

/* Samples a thing's function on a grid of `points` × `points` places and sets its columns and grid
 * size (SURFACE, CONTOUR). Fails with the error of the function, or INTERRUPT. */
bool dw_field_sample(dw_call *call, dw_thing *thing, const dw_field_area *area,
                     size_t points) DW_CHECK;

/* Finds the border of the region in which a thing's test is true and sets its columns x and y
 * (BORDER); no numbers when the test is the same everywhere. */
bool dw_field_border(dw_call *call, dw_thing *thing, const dw_field_area *area,
                     size_t points) DW_CHECK;

/* Gives a series of points column z: the height of `surface` at each. */
bool dw_field_lift(dw_call *call, dw_thing *thing, dw_value surface) DW_CHECK;

#endif
