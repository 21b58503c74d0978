/* SPDX-License-Identifier: BSD-3-Clause */
/* The places of a descent, or of several side by side, thinned out by halves when they become too
 * many. */
#ifndef DW_TRAIL_H
#define DW_TRAIL_H

#include "tensor/tensor.h"

/* Places have n numbers; number i of lane l is at x[i*lanes + l]. */
typedef struct {
    dw_mem *mem;
    size_t n, lanes;
    double *places;
    size_t points, stride, visits; /* kept; every how many-th place is kept; seen */
} dw_trail;

/* An empty trail. */
dw_trail dw_trail_start(dw_mem *mem, size_t n, size_t lanes);
void dw_trail_free(dw_trail *trail);

/* Takes the next place of every lane. False with a MEMORY error. */
bool dw_trail_visit(dw_trail *trail, const double *x, dw_err *err) DW_CHECK;

/* The places of a lane as columns of a matrix, the last one, which x holds, always among them; NULL
 * with a MEMORY error. */
dw_tensor *dw_trail_matrix(const dw_trail *trail, const double *x, size_t lane,
                           dw_err *err) DW_CHECK;

/* How many numbers are kept of a descent of so many steps, at most. */
size_t dw_trail_numbers(size_t n, size_t steps);

#endif
