/* SPDX-License-Identifier: BSD-3-Clause */
/* Methods that search along a line: newton and lbfgs. */
#ifndef DW_LINE_H
#define DW_LINE_H

#include "nets/search.h"

/* x becomes the best place. Rows of room each needs. */
enum { DW_LINE_PAIRS = 10, DW_LINE_NEWTON_ROWS = 4, DW_LINE_LBFGS_ROWS = 6 + 2 * DW_LINE_PAIRS };
bool dw_line_newton(dw_search *s, double *x) DW_CHECK;
bool dw_line_lbfgs(dw_search *s, double *x) DW_CHECK;

#endif
