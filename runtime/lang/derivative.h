/* SPDX-License-Identifier: BSD-3-Clause */
/* f', ∇f and ∇²f: functions made from functions. Calling one runs the function once on a traced
 * argument, differentiates the graph that comes out, and keeps the plan: the next call with an
 * argument of that shape only runs the plan, as long as the names the function reads keep their
 * values. */
#ifndef DW_DERIVATIVE_H
#define DW_DERIVATIVE_H

#include "graph/graph.h"
#include "lang/invoke.h"

/* The derivative of a function as a function. False with a TYPE error when f is none. */
bool dw_derivative_of(dw_eval *eval, dw_value f, dw_derived kind, dw_value *out) DW_CHECK;

/* Calls a derivative. While another function is being traced its nodes join that graph, so that
 * derivatives of derivatives work. */
bool dw_derivative_call(dw_eval *eval, const dw_frame *frame, dw_span place,
                        const dw_function *derivative, dw_values args, dw_value *out) DW_CHECK;

/* The same for plain numbers: x in its shape, the elements of the value into out[] (DW_VALUE 1,
 * DW_DESCENT n+1, DW_NEWTON n). Not while a function is traced. Errors may have no place. */
bool dw_derivative_run(dw_eval *eval, const dw_function *derivative, const dw_tensor *x,
                       double *out) DW_CHECK;

/* What dw_derivative_run runs, as a graph: its input 0 is x, its outputs are the nodes of the value
 * and, for DW_DESCENT, of the gradient. */
typedef struct {
    const dw_graph *graph; /* lives until another derivative of the function is made */
    dw_graph_id outputs[2];
} dw_derivative_traced;

/* The graph for arguments of a shape. Sets out->graph to NULL when it is good for one run only,
 * because the function draws random numbers. Errors as dw_derivative_run. */
bool dw_derivative_nodes(dw_eval *eval, const dw_function *derivative, size_t rows, size_t columns,
                         dw_derivative_traced *out) DW_CHECK;

/* Frees what was kept for a function. NULL is allowed. */
void dw_derivative_forget(struct dw_derivative_cache *cache);

#endif
