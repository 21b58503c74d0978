/* SPDX-License-Identifier: BSD-3-Clause */
/* Several arrays in one file, as numpy.savez and savez_compressed write them: a zip file of npy
 * files. */
#ifndef DW_NPZ_H
#define DW_NPZ_H

#include "data/arrays.h"

#include "base/buf.h"

/* Adds the arrays of a file to an empty list, each as dw_npy_read reads it. `name` is for errors
 * (DATA, LIMIT, MEMORY). On failure the list may hold some; the caller frees it. */
bool dw_npz_read(dw_arrays *list, const char *bytes, size_t size, const char *name,
                 dw_err *err) DW_CHECK;

/* Appends a file of the arrays, not packed, as savez does. */
bool dw_npz_write(dw_buf *out, const dw_arrays *list, dw_err *err) DW_CHECK;

#endif
