/* SPDX-License-Identifier: BSD-3-Clause */
/* 1,797 scans of handwritten digits, 8×8 pixels each, compiled into the program. Source and
 * licence: digits.inc and docs/data.md. */
#ifndef DW_DIGITS_H
#define DW_DIGITS_H

#include "tensor/tensor.h"

enum { DW_DIGITS_COUNT = 1797, DW_DIGITS_PIXELS = 64 };

/* Sets *pixels to a 64×1797 matrix, one column a scan, its pixels row by row from the top left,
 * from 0 (paper) to 1 (ink) in steps of 1/16; and *labels to the row of the digits they show. The
 * caller owns both. False with a MEMORY error. */
bool dw_digits_read(dw_mem *mem, dw_tensor **pixels, dw_tensor **labels, dw_err *err) DW_CHECK;

#endif
