/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays with names, as npz and safetensors files hold them. */
#ifndef DW_ARRAYS_H
#define DW_ARRAYS_H

#include "tensor/tensor.h"

enum { DW_ARRAYS_AXES = 8, DW_ARRAYS_MOST = 10000 /* arrays in a file */ };

/* A shape as files have it. */
typedef struct {
    size_t axes, dim[DW_ARRAYS_AXES];
} dw_arrays_shape;

typedef struct {
    char *name;            /* valid UTF-8 */
    dw_tensor *tensor;     /* two axes: see dw_arrays_flat */
    dw_arrays_shape shape; /* in the file; its numbers are those of the tensor, row by row */
} dw_arrays_item;

typedef struct {
    dw_mem *mem;
    size_t count, room;
    dw_arrays_item *items;
} dw_arrays;

/* An empty list; frees one. */
void dw_arrays_init(dw_arrays *list, dw_mem *mem);
void dw_arrays_free(dw_arrays *list);

/* How many numbers a shape has; false when that overflows, or there are none and an axis is
 * absurdly long. */
bool dw_arrays_size(const dw_arrays_shape *shape, size_t *size);

/* The rows and columns of a shape in the language: without axes 1×1; one axis is a row, or a column
 * when `column`; of more axes the first counts the rows, and the others lie one after the other in
 * a row. The size must not overflow. */
void dw_arrays_flat(const dw_arrays_shape *shape, bool column, size_t *rows, size_t *columns);

/* Adds an array at the end and takes over the reference to the tensor, also on failure: a name that
 * is no text or is there already (DATA), too many arrays (LIMIT), MEMORY. `file` is for errors. */
bool dw_arrays_add(dw_arrays *list, const char *name, size_t size, dw_tensor *tensor,
                   const dw_arrays_shape *shape, dw_err *err) DW_CHECK;

#endif
