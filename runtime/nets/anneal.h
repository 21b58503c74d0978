/* SPDX-License-Identifier: BSD-3-Clause */
/* Simulated annealing. */
#ifndef DW_ANNEAL_H
#define DW_ANNEAL_H

#include "nets/search.h"

/* Proposals x + rate*normal; a worse one is taken with the chance e^(-rise/T). The temperature T
 * begins at 1 and falls by 1 % a step. x becomes the best place. */
enum { DW_ANNEAL_ROWS = 2 };
bool dw_anneal_run(dw_search *s, double *x) DW_CHECK;

#endif
