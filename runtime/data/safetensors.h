/* SPDX-License-Identifier: BSD-3-Clause */
/* Named arrays in the safetensors format (https://huggingface.co/docs/safetensors), which PyTorch
 * and others exchange weights in: eight bytes of length, a header in JSON, then plain numbers. */
#ifndef DW_SAFETENSORS_H
#define DW_SAFETENSORS_H

#include "data/arrays.h"

#include "base/buf.h"

/* Adds the arrays of a file to an empty list, in the order of the file. Floats of 8, 4 and 2 bytes
 * (both kinds), whole numbers of 1 to 8 bytes and truth values; one axis gives a column, of more
 * than two the first counts the rows and the others lie along them. `name` is for errors (DATA,
 * LIMIT, MEMORY). On failure the list may hold some arrays; the caller frees it. */
bool dw_safetensors_read(dw_arrays *list, const char *bytes, size_t size, const char *name,
                         dw_err *err) DW_CHECK;

/* Appends a file of the arrays with the shapes they carry, as floats of 8 bytes, or 4 when
 * `single`; truth values as such. `note` (or NULL) is kept in the file under the name "net". Names
 * must be different. */
bool dw_safetensors_write(dw_buf *out, const dw_arrays *list, bool single, const char *note,
                          dw_err *err) DW_CHECK;

#endif
