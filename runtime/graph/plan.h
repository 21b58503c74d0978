/* SPDX-License-Identifier: BSD-3-Clause */
/* A graph made ready to run many times: the nodes that matter in order, with a place in one block
 * of memory for each. Running allocates nothing. */
#ifndef DW_PLAN_H
#define DW_PLAN_H

#include "graph/graph.h"

typedef struct dw_plan dw_plan;

/* Prepares the computation of some nodes of a graph. The plan keeps what it needs of the graph,
 * which may be freed or go on growing. NULL with an error when there is no memory. */
dw_plan *dw_plan_new(dw_mem *mem, const dw_graph *graph, const dw_graph_id *outputs, size_t count,
                     dw_err *err) DW_CHECK;
void dw_plan_free(dw_plan **plan);

/* Runs it. inputs[n] holds the elements of input n (of a batched one [element][sample]), outputs[i]
 * receives those of output i; both as many as the nodes' shapes say. Outputs are written at the
 * end, so they may lie where inputs do (unless an output is an input unchanged). Polls `cancel`
 * (NULL: never) between instructions. False with an INTERRUPT or NUMERIC error (a singular matrix).
 */
bool dw_plan_run(dw_plan *plan, const double *const *inputs, double *const *outputs,
                 const dw_cancel *cancel, dw_err *err) DW_CHECK;

/* Floating-point operations of one run, counted from the shapes: one for each result of + - * / and
 * comparisons, square root and choice, DW_PLAN_FLOPS_FUNCTION for exp, log, sin and the like,
 * 2*m*n*k for a product. The same on every machine. */
enum { DW_PLAN_FLOPS_FUNCTION = 10 };
double dw_plan_flops(const dw_plan *plan);

#endif
