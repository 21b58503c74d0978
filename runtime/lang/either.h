/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations on numbers and arrays that go for traced values alike: what layers are made of,
 * besides the operators of operate.h. All give a value with one reference, or false with an error
 * without a place. */
#ifndef DW_EITHER_H
#define DW_EITHER_H

#include "lang/operate.h"

/* Rows and columns; a number is 1×1. False when the value is not made of numbers. */
bool dw_either_shape(dw_value v, size_t *rows, size_t *columns);

/* The same elements, row by row, as rows×columns (as many of them). */
bool dw_either_reshape(const dw_operate *o, dw_value v, size_t rows, size_t columns,
                       dw_value *out) DW_CHECK;

/* The elements at `places` (from 0, row by row) as rows×columns; and a rows×columns array of zeros
 * to which element i is added at places[i]. */
bool dw_either_gather(const dw_operate *o, dw_value v, const size_t *places, size_t rows,
                      size_t columns, dw_value *out) DW_CHECK;
bool dw_either_place(const dw_operate *o, dw_value v, const size_t *places, size_t rows,
                     size_t columns, dw_value *out) DW_CHECK;

/* The sum of all elements, and the largest of them. */
bool dw_either_sum(const dw_operate *o, dw_value v, dw_value *out) DW_CHECK;
bool dw_either_largest(const dw_operate *o, dw_value v, dw_value *out) DW_CHECK;

#endif
