/* SPDX-License-Identifier: BSD-3-Clause */
/* What a training notes while it runs: the losses of its steps, thinned out by halves when they
 * become too many, and for each of the runs side by side its best and its last step. */
#ifndef DW_LOSSES_H
#define DW_LOSSES_H

#include "base/mem.h"

enum { DW_LOSSES_ROWS = 2000, DW_LOSSES_LANES = 8 };

typedef struct {
    size_t step;
    double train, valid; /* valid: NaN where it was not measured */
} dw_losses_row;

typedef struct {
    size_t lanes, room, count;
    size_t stride; /* every how many-th row is kept */
    size_t seen;   /* rows that were offered */
    size_t *steps;
    double *losses; /* [row][2*lanes]: train of each lane, then valid */
    dw_losses_row best[DW_LOSSES_LANES], last[DW_LOSSES_LANES];
} dw_losses;

/* Room for as many rows as will be kept when `offered` of them are added (0: none is kept); nothing
 * is allocated later. MEMORY error. Forget gives the room back. */
bool dw_losses_new(dw_mem *mem, size_t lanes, size_t offered, dw_losses *out, dw_err *err) DW_CHECK;
void dw_losses_forget(dw_losses *history);

/* Adds the losses of a step, valid[lanes] or NULL. */
void dw_losses_add(dw_losses *history, size_t step, const double *train, const double *valid);

/* The rows of a lane up to its last step, its best and last ones always among them, to out, which
 * has room for count + 2. Returns how many. */
size_t dw_losses_rows(const dw_losses *history, size_t lane, dw_losses_row *out);

#endif
