/* SPDX-License-Identifier: BSD-3-Clause */
/* The samples nearest to a place. */
#ifndef DW_NEIGHBOUR_H
#define DW_NEIGHBOUR_H

#include <stddef.h>

/* One sample found: which, and the square of its distance. */
typedef struct {
    size_t sample;
    double square;
} dw_neighbour;

/* The k (1 … count) of count samples of `width` numbers each, sample after sample in x, that are
 * nearest to `at`, the nearest first into out[]; of equals the earlier sample. Looks at all. */
void dw_neighbour_find(const double *x, size_t count, size_t width, const double *at, size_t k,
                       dw_neighbour *out);

#endif
