/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays in NumPy's file format: a short header in ASCII, then plain numbers. */
#ifndef DW_NPY_H
#define DW_NPY_H

#include "base/buf.h"
#include "tensor/tensor.h"

/* Reads a whole file of numbers or truth values (floats of 2, 4 or 8 bytes, whole numbers of 1 to 8
 * bytes, either order of axes and of bytes, format versions 1 to 3). One axis gives a row; of more
 * than two the first counts the rows and the others lie along them. `name` is for errors (DATA). */
dw_tensor *dw_npy_read(dw_mem *mem, const char *bytes, size_t size, const char *name,
                       dw_err *err) DW_CHECK;

/* Appends the file of a tensor with two axes, as 8-byte floats (truth values as such); a row has
 * one axis, a number none. */
void dw_npy_write(dw_buf *out, const dw_tensor *tensor);

#endif
