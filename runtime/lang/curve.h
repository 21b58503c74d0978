/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions as curves: called with one number at a time, more often where they bend or jump. */
#ifndef DW_CURVE_H
#define DW_CURVE_H

#include "lang/thing.h"

/* Where a curve is drawn. */
typedef struct {
    double lo, hi; /* range of x, lo < hi; above 0 when xlog */
    bool xlog;
    bool y_fixed; /* whether the range of y is known */
    double y_lo, y_hi;
} dw_curve_range;

/* Samples a thing's function and sets its columns x and y. A jump has its two ends a thousandth of
 * a pixel apart, so that its flank is upright; where the function has no value or runs off to both
 * infinities there is a gap (NaN). Sets *wild when it runs off to infinity somewhere. Fails with
 * the error of the function, or INTERRUPT. */
bool dw_curve_sample(dw_call *call, dw_thing *thing, const dw_curve_range *range,
                     bool *wild) DW_CHECK;

/* How many numbers a function has to be given: its inputs without those that have a usual value. */
unsigned dw_curve_needs(dw_value function);

/* Whether a function takes two numbers; otherwise it takes one (a number or a column). */
bool dw_curve_takes_two(dw_value function);

#endif
