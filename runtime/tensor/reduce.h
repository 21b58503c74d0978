/* SPDX-License-Identifier: BSD-3-Clause */
/* From many numbers to one. Sums use a fixed tree (pairs of halves down to blocks of 64, each block
 * with 8 running sums), so the result depends neither on threads nor on the instruction set and the
 * rounding error grows only with the logarithm of the length.
 *
 * When `cancel` (NULL: never) asks to stop, the answer comes early and means nothing: who gave it
 * looks afterwards. */
#ifndef DW_REDUCE_H
#define DW_REDUCE_H

#include "base/cancel.h"
#include "base/err.h"

double dw_reduce_sum(const double *x, size_t n, const dw_cancel *cancel);     /* 0 when n is 0 */
double dw_reduce_product(const double *x, size_t n, const dw_cancel *cancel); /* 1 when n is 0 */
/* √Σx², without overflow */
double dw_reduce_norm(const double *x, size_t n, const dw_cancel *cancel);
/* The first place; NaN wins; n ≥ 1. */
size_t dw_reduce_argmin(const double *x, size_t n, const dw_cancel *cancel);
size_t dw_reduce_argmax(const double *x, size_t n, const dw_cancel *cancel);
/* Σ(x-mean)²/(n-1); 0 if n < 2 */
double dw_reduce_variance(const double *x, size_t n, const dw_cancel *cancel);
double dw_reduce_dot(const double *x, const double *y, size_t n); /* Σ x[i]*y[i] */

/* The q-quantile (0 ≤ q ≤ 1, linear between neighbours, as NumPy's default) of sorted x, n ≥ 1. */
double dw_reduce_quantile(const double *sorted, size_t n, double q);

/* Sorts upwards in place, NaN last. False when `cancel` (NULL: never) asked to stop: then x holds
 * the same numbers in some order. */
bool dw_reduce_sort(double *x, size_t n, const dw_cancel *cancel) DW_CHECK;

#endif
