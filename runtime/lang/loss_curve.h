/* SPDX-License-Identifier: BSD-3-Clause */
/* The losses of a training as a figure: what plot(fit.history) shows, small, while it grows and at
 * its end. */
#ifndef DW_LOSS_CURVE_H
#define DW_LOSS_CURVE_H

#include "nets/losses.h"
#include "plot/figure.h"

typedef struct {
    const char *title;
    bool validated;
    size_t steps; /* of a training under way: at most; 0: it has ended */
} dw_loss_curve_form;

/* A figure of the first lane of a history. While a training goes on, it has no more than
 * DW_LOSS_CURVE_ROWS rows, and its axis ends at a half, a quarter … of all steps: it grows seldom,
 * and then by as much again. Losses over a tenfold range get a logarithmic axis. NULL with a MEMORY
 * error, or a PLOT error when there is nothing to draw: a line needs two numbers. */
enum { DW_LOSS_CURVE_ROWS = 300 };
dw_figure *dw_loss_curve_new(dw_mem *mem, const dw_losses *history, const dw_loss_curve_form *form,
                             dw_err *err) DW_CHECK;

#endif
