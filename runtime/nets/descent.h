/* SPDX-License-Identifier: BSD-3-Clause */
/* Plain descents: gradient, momentum, adam, numeric. */
#ifndef DW_DESCENT_H
#define DW_DESCENT_H

#include "nets/search.h"

/* Descends by the method of the options; x becomes the last place. Needs DW_DESCENT_ROWS rows of
 * room. */
enum { DW_DESCENT_ROWS = 3 };
bool dw_descent_run(dw_search *s, double *x) DW_CHECK;

#endif
