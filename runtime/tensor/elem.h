/* SPDX-License-Identifier: BSD-3-Clause */
/* Element by element: the operations of elem.def on numbers and on tensors.
 *
 * Shapes of two tensors must be equal, except that a row and a column of the same length go
 * together and the left side decides the shape. Nothing else is stretched. */
#ifndef DW_ELEM_H
#define DW_ELEM_H

#include "tensor/tensor.h"

typedef enum {
#define DW_ELEM_UNARY(name, word, expression) DW_ELEM_##name,
#include "tensor/elem.def"
    DW_ELEM_UNARIES
} dw_elem_unary;

typedef enum {
#define DW_ELEM_BINARY(name, sign, verb, expression) DW_ELEM_##name,
#define DW_ELEM_COMPARE(name, sign, condition) DW_ELEM_##name,
#include "tensor/elem.def"
    DW_ELEM_BINARIES
} dw_elem_binary;

/* One number. A comparison gives 0 or 1. */
double dw_elem_number1(dw_elem_unary op, double x);
double dw_elem_number2(dw_elem_binary op, double x, double y);

/* The word or sign the language uses, such as "exp" or "≤"; whether the result is a truth value. */
const char *dw_elem_word1(dw_elem_unary op);
const char *dw_elem_word2(dw_elem_binary op);
bool dw_elem_is_truth(dw_elem_binary op);

/* What an operation on arrays needs around it: the account of the result, the token that tells it
 * to stop (NULL: never; an INTERRUPT error then), and the error to fill. */
typedef struct {
    dw_mem *mem;
    const dw_cancel *cancel;
    dw_err *err;
} dw_elem_room;

/* op on every element: a new tensor of the same shape. */
dw_tensor *dw_elem_map(const dw_elem_room *room, dw_elem_unary op, const dw_tensor *x) DW_CHECK;

/* One side of a pair. */
typedef struct {
    const dw_tensor *tensor; /* NULL: use number */
    double number;
} dw_elem_side;

/* op on pairs. Shapes that do not go together are an error in words: "cannot add a row of 3 and a
 * column of 4: …". */
dw_tensor *dw_elem_pair(const dw_elem_room *room, dw_elem_binary op, dw_elem_side x,
                        dw_elem_side y) DW_CHECK;

/* Per element: x where the condition holds, else y; the condition decides the shape. */
dw_tensor *dw_elem_choose(const dw_elem_room *room, const dw_tensor *condition, dw_elem_side x,
                          dw_elem_side y) DW_CHECK;

#endif
