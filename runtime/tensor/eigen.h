/* SPDX-License-Identifier: BSD-3-Clause */
/* Eigenvalues and eigenvectors of symmetric matrices, in plain double arithmetic so that the digits
 * are the same on every machine. Reflections make the matrix tridiagonal (Householder 1958), then
 * QL steps with Wilkinson's shift make it diagonal (Golub, Van Loan, "Matrix computations", §8.3).
 */
#ifndef DW_EIGEN_H
#define DW_EIGEN_H

#include "tensor/tensor.h"

/* The eigenvalues of a symmetric n×n matrix as a column, rising; their errors are a few ε times the
 * largest of them. NULL with an error: MEMORY, INTERRUPT, SHAPE (not square), VALUE (not symmetric:
 * where and by how much; up to 1e-9 of the largest entry counts as rounding), NUMERIC (an entry
 * that is not finite). `cancel` may be NULL. */
dw_tensor *dw_eigen_values(dw_mem *mem, const dw_tensor *a, const dw_cancel *cancel,
                           dw_err *err) DW_CHECK;

/* The eigenvectors as columns of an n×n matrix in the order of the values: of length 1, at right
 * angles, the largest entry of each (of equals the first) positive. */
dw_tensor *dw_eigen_vectors(dw_mem *mem, const dw_tensor *a, const dw_cancel *cancel,
                            dw_err *err) DW_CHECK;

#endif
