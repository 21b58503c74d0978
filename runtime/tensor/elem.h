/* SPDX-License-Identifier: BSD-3-Clause */
/* Element by element: the operations of elem.def on numbers and on tensors.
 *
 * Shapes of two tensors must be equal, except that a row and a column of the same length go
 * together and the left side decides the shape. Nothing else is stretched. */
#ifndef DW_ELEM_H
#define DW_ELEM_H

#include "tensor/elem_op.h"
#include "tensor/tensor.h"

/* One number. A comparison gives 0 or 1. */
double dw_elem_number1(dw_elem_unary op, double x);
double dw_elem_number2(dw_elem_binary op, double x, double y);

/* The word or sign the language uses, such as "exp" or "≤"; whether the result is a truth value. */
const char *dw_elem_word1(dw_elem_unary op);
const char *dw_elem_word2(dw_elem_binary op);
bool dw_elem_is_truth(dw_elem_binary op);

/* The loops alone, on n numbers. `out` may be where an array is read from, but must not overlap it
 * otherwise, nor a source that is a number (unless n is 1; both sides may be numbers then). */
void dw_elem_run1(dw_elem_unary op, double *out, const double *x, size_t n);
typedef struct {
    const double *at;
    bool number; /* at[0] goes with every element of the other side */
} dw_elem_source;
void dw_elem_run2(dw_elem_binary op, double *out, dw_elem_source x, dw_elem_source y, size_t n);

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

/* Whether the shapes of a pair go together, or of a condition and a value to choose: looks at
 * nothing else. False with the error in words. */
bool dw_elem_pair_fits(dw_elem_binary op, const dw_tensor *x, const dw_tensor *y,
                       dw_err *err) DW_CHECK;
bool dw_elem_choice_fits(const dw_tensor *condition, const dw_tensor *value, dw_err *err) DW_CHECK;

/* Per element: x where the condition holds, else y; the condition decides the shape. */
dw_tensor *dw_elem_choose(const dw_elem_room *room, const dw_tensor *condition, dw_elem_side x,
                          dw_elem_side y) DW_CHECK;

#endif
