/* SPDX-License-Identifier: BSD-3-Clause */
/* Some entries of a value, in any order: what shuffling, splitting and drawing have in common. */
#ifndef DW_SUBSET_H
#define DW_SUBSET_H

#include "lang/builtin.h"

/* The entries at `places` (from 0, all below dw_value_length): elements of a row, column, list or
 * interval, columns of a matrix, rows of a table. The result is of the same kind, an interval's a
 * row. *out gets one reference. Of the call only its memory, error and interrupts are used. */
bool dw_subset_take(dw_call *call, dw_value v, const size_t *places, size_t count,
                    dw_value *out) DW_CHECK;

/* 0 … count-1 in random order (dw_mem_free), or NULL with an error. */
size_t *dw_subset_shuffle(dw_call *call, dw_rng *rng, size_t count) DW_CHECK;

#endif
