/* SPDX-License-Identifier: BSD-3-Clause */
/* Which samples each step of a training looks at: every epoch goes through all of them in a fresh
 * order, in batches of one size, so that a batch may begin in one epoch and end in the next. */
#ifndef DW_BATCHES_H
#define DW_BATCHES_H

#include "base/mem.h"
#include "base/rng.h"

enum { DW_BATCHES_LANES = 8 };

typedef struct {
    size_t samples, size, lanes;
    size_t epoch, at; /* at: how many of the epoch are taken */
    dw_rng streams[DW_BATCHES_LANES];
    size_t *order;  /* [lanes][samples] */
    size_t *chosen; /* [lanes][size] */
} dw_batches;

/* Begins: samples, size (1 … samples), lanes and a stream for each are set by the caller. MEMORY
 * error. Forget gives the room back. */
bool dw_batches_begin(dw_mem *mem, dw_batches *batches, dw_err *err) DW_CHECK;
void dw_batches_forget(dw_batches *batches);

/* The numbers, from 0, of the samples of the next batch, [lanes][size]; valid until the next call.
 */
const size_t *dw_batches_next(dw_batches *batches);

#endif
