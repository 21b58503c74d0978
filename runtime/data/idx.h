/* SPDX-License-Identifier: BSD-3-Clause */
/* The file format of the MNIST digits (http://yann.lecun.com/exdb/mnist/): a short header, then
 * plain numbers. The first axis counts the samples. */
#ifndef DW_IDX_H
#define DW_IDX_H

#include "tensor/tensor.h"

/* Reads a whole file. One axis (labels) gives a row; with more axes each sample, an image say,
 * becomes a column, its numbers row by row. `name` is for errors (DATA, MEMORY). */
dw_tensor *dw_idx_read(dw_mem *mem, const char *bytes, size_t size, const char *name,
                       dw_err *err) DW_CHECK;

#endif
