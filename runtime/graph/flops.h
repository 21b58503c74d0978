/* SPDX-License-Identifier: BSD-3-Clause */
/* How many floating-point operations a node costs. */
#ifndef DW_FLOPS_H
#define DW_FLOPS_H

#include "graph/fates.h"

/* Counted from the shapes: one for each result of + - * / and comparisons, square root and choice,
 * DW_FLOPS_FUNCTION for exp, log, sin and the like, 2*m*n*k for a product; for every sample. */
enum { DW_FLOPS_FUNCTION = 10 };

/* Of one node. A contraction counts as its product. */
double dw_flops_of(const dw_graph *graph, dw_graph_id id);

/* Of the step that computes a node, with everything that disappeared into it. */
double dw_flops_of_fate(const dw_graph *graph, dw_graph_id id, const dw_fate *fate);

#endif
