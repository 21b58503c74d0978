/* SPDX-License-Identifier: BSD-3-Clause */
/* The simplex of Nelder and Mead. */
#ifndef DW_SIMPLEX_H
#define DW_SIMPLEX_H

#include "nets/search.h"

/* n+1 corners that walk downhill; x becomes the best corner. The rows of room it needs. */
size_t dw_simplex_rows(size_t n);
bool dw_simplex_run(dw_search *s, double *x) DW_CHECK;

#endif
