/* SPDX-License-Identifier: BSD-3-Clause */
/* Operators on values of any kind. The evaluator handles two numbers itself and comes here for the
 * rest. All give a value with one reference, or false with an error without a place. */
#ifndef DW_OPERATE_H
#define DW_OPERATE_H

#include "lang/value.h"
#include "syntax/ast.h"
#include "tensor/elem.h"

/* What operators need around them. */
typedef dw_elem_room dw_operate;

/* + - * .* · / ^ */
bool dw_operate_binary(const dw_operate *o, dw_sign sign, dw_value a, dw_value b,
                       dw_value *out) DW_CHECK;

/* == ≠ < ≤ > ≥ in: a truth value, or one per element. ≈ is claim.c's. */
bool dw_operate_compare(const dw_operate *o, dw_sign sign, dw_value a, dw_value b,
                        dw_value *out) DW_CHECK;

/* One of the element-by-element operations on a number or array; `word` is how errors call it. */
bool dw_operate_unary(const dw_operate *o, dw_elem_unary op, const char *word, dw_value a,
                      dw_value *out) DW_CHECK;

/* An element-by-element operation of two values given by its number (mod, min, and …). */
bool dw_operate_pair(const dw_operate *o, dw_elem_binary op, dw_value a, dw_value b,
                     dw_value *out) DW_CHECK;

/* lo..hi, and every step-th number of it as a row. */
bool dw_operate_range(const dw_operate *o, dw_value lo, dw_value hi, dw_value *out) DW_CHECK;
bool dw_operate_by(const dw_operate *o, dw_value interval, dw_value step, dw_value *out) DW_CHECK;

/* x' and xᵀ of an array. */
bool dw_operate_transpose(const dw_operate *o, dw_value a, dw_value *out) DW_CHECK;

/* Per element of an array of truth values: a where it holds, else b. */
bool dw_operate_choose(const dw_operate *o, dw_value condition, dw_value a, dw_value b,
                       dw_value *out) DW_CHECK;

#endif
