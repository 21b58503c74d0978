/* SPDX-License-Identifier: BSD-3-Clause */
/* Shares of 1 from any numbers, and their logarithms, made of the operations of graph.h.
 *
 * They go down the columns of a matrix, each column by itself; a row is taken as one vector. The
 * largest number is taken off first, so that nothing overflows, and detached: it changes no result
 * and so needs no derivative. */
#ifndef DW_SOFTMAX_H
#define DW_SOFTMAX_H

#include "graph/graph.h"

/* exp(x)/Σexp(x), in the shape of x. All return false with the errors of graph.h. */
bool dw_softmax_shares(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) DW_CHECK;

/* The logarithms of the shares, x - log Σexp(x): exact where the shares would be 0 or 1. */
bool dw_softmax_logs(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) DW_CHECK;

/* log Σexp(x), one number for each column. */
bool dw_softmax_log_sum(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err) DW_CHECK;

#endif
