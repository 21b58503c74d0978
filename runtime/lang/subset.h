/* SPDX-License-Identifier: BSD-3-Clause */
/* Some entries of a value, in any order: what shuffling, splitting and drawing have in common. */
#ifndef DW_SUBSET_H
#define DW_SUBSET_H

#include "base/rng.h"
#include "lang/value.h"

/* The entries at `places` (from 0, all below dw_value_length): elements of a row, column, list or
 * interval, columns of a matrix, rows of a table. The result is of the same kind, an interval's a
 * row. *out gets one reference. */
bool dw_subset_take(dw_mem *mem, dw_value v, const size_t *places, size_t count, dw_value *out,
                    dw_err *err) DW_CHECK;

/* 0 … count-1 in random order (dw_mem_free), or NULL with an error. */
size_t *dw_subset_shuffle(dw_mem *mem, dw_rng *rng, size_t count, dw_err *err) DW_CHECK;

#endif
