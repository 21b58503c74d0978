/* SPDX-License-Identifier: BSD-3-Clause */
/* Named arrays of files as records, and back. A point in a name opens a record inside: the array
 * layer.weight is r.layer.weight. */
#ifndef DW_NAMED_H
#define DW_NAMED_H

#include "data/arrays.h"
#include "lang/value.h"

enum { DW_NAMED_DEPTH = 16 /* records inside each other */ };

/* A record of the arrays, in their order; names that cannot be taken apart (two points in a row, a
 * part that is an array itself, too many parts) stay whole. `file` is for errors: DATA when a name
 * is there twice, MEMORY. */
bool dw_named_record(dw_mem *mem, const dw_arrays *list, const char *file, dw_value *out,
                     dw_err *err) DW_CHECK;

/* The field of a record or table by its name, or by the names of records inside with points
 * between; borrowed, NULL when there is none. */
const dw_value *dw_named_find(const dw_record *record, const char *name);

/* Adds the numbers of a value of kind RECORD or TABLE to an empty list, with the shapes numbers (no
 * axis), columns (one axis), rows and matrices (two). TYPE errors name what is no number. */
bool dw_named_arrays(dw_arrays *list, dw_value v, dw_err *err) DW_CHECK;

#endif
