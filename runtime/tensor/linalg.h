/* SPDX-License-Identifier: BSD-3-Clause */
/* Linear equations and least squares by Householder reflections, in plain double arithmetic so that
 * the digits are the same on every machine (a tuned BLAS chooses its kernels by processor). */
#ifndef DW_LINALG_H
#define DW_LINALG_H

#include "tensor/tensor.h"

/* x with A*x = b (A square), or with the smallest |A*x - b| (A taller than wide). b may have
 * several columns. Errors: shapes, and a singular matrix (its smallest pivot is told). */
dw_tensor *dw_linalg_solve(dw_mem *mem, const dw_tensor *a, const dw_tensor *b,
                           const dw_cancel *cancel, dw_err *err) DW_CHECK;

/* The parts of it: whether the shapes fit (looks at nothing else), how many bytes of working memory
 * a rows×columns matrix needs (a multiple of 64; 0 when it is more than any machine has), and the
 * solution written into x, which has the right shape and shares no memory with a and b. */
bool dw_linalg_solve_fits(const dw_tensor *a, const dw_tensor *b, dw_err *err) DW_CHECK;
size_t dw_linalg_solve_room(size_t rows, size_t columns);
bool dw_linalg_solve_into(const dw_tensor *a, const dw_tensor *b, dw_tensor *x, void *room,
                          const dw_cancel *cancel, dw_err *err) DW_CHECK;

/* The inverse and the determinant of a square matrix. */
dw_tensor *dw_linalg_inverse(dw_mem *mem, const dw_tensor *a, const dw_cancel *cancel,
                             dw_err *err) DW_CHECK;
bool dw_linalg_determinant(dw_mem *mem, const dw_tensor *a, const dw_cancel *cancel, double *out,
                           dw_err *err) DW_CHECK;

#endif
