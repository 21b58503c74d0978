/* SPDX-License-Identifier: BSD-3-Clause */
/* The operations of elem.def by number. */
#ifndef DW_ELEM_OP_H
#define DW_ELEM_OP_H

typedef enum {
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) DW_ELEM_##name,
#include "tensor/elem.def"
    DW_ELEM_UNARIES
} dw_elem_unary;

typedef enum {
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    DW_ELEM_##name,
#define DW_ELEM_COMPARE(name, sign, condition) DW_ELEM_##name,
#include "tensor/elem.def"
    DW_ELEM_BINARIES
} dw_elem_binary;

#endif
