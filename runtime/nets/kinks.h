/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a function of one number that is straight piece by piece bends or jumps. */
#ifndef DW_KINKS_H
#define DW_KINKS_H

#include "graph/pieces.h"

typedef struct {
    double *places; /* rising; dw_mem_free */
    size_t count;
} dw_kinks;

/* All places inside ends[0] < x < ends[1], found from the operations themselves and not by
 * sampling: exact but for rounding. Hinges that cancel or that nothing depends on are none. Errors:
 * those of dw_pieces_look, LIMIT for more than a million pieces, INTERRUPT. */
bool dw_kinks_find(dw_mem *mem, dw_pieces *pieces, const double ends[2], const dw_cancel *cancel,
                   dw_kinks *out, dw_err *err) DW_CHECK;

#endif
