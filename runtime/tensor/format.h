/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers and tensors as text, the same on every machine. */
#ifndef DW_FORMAT_H
#define DW_FORMAT_H

#include "base/buf.h"
#include "tensor/tensor.h"

/* Appends a number with at most `digits` significant digits (1 to 17), without trailing zeros:
 * 0.1, 3, -2.5e-07, ∞, -∞, not a number ("NaN"). 0 digits means the usual 6; whole numbers below
 * 1e15 are written out in full when digits is 0. */
void dw_format_number(dw_buf *out, double x, int digits);

/* Appends a tensor as the language shows it: rows and columns aligned, `[1, 2, 3]`, a column one
 * number per line; long ones are shortened with … in the middle (at most 20 lines, 100 columns),
 * followed by their shape in words. Truth values as true and false. */
void dw_format_tensor(dw_buf *out, const dw_tensor *tensor);

#endif
