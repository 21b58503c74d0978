/* SPDX-License-Identifier: BSD-3-Clause */
/* How many floating-point operations a node costs. */
#ifndef DW_FLOPS_H
#define DW_FLOPS_H

#include "graph/graph.h"

/* Of one node for all its samples, as plan.h counts them. A contraction counts as its product. */
double dw_flops_of(const dw_graph *graph, dw_graph_id id);

#endif
