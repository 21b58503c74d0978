/* SPDX-License-Identifier: BSD-3-Clause */
/* Differentiation: from a graph to more of the same graph, so that derivatives of derivatives need
 * nothing new. Reverse mode: the whole gradient costs a small multiple of the function. */
#ifndef DW_DERIVE_H
#define DW_DERIVE_H

#include "graph/graph.h"

/* Adds the nodes of the gradient of a number y (1×1) with respect to each of `count` nodes. out[i]
 * has the shape of by[i], or is DW_GRAPH_NONE when y does not depend on it (the gradient is zero).
 * False with a MEMORY error, or a TYPE error naming the operation that has no derivative. */
bool dw_derive_gradient(dw_graph *g, dw_graph_id y, const dw_graph_id *by, size_t count,
                        dw_graph_id *out, dw_err *err) DW_CHECK;

#endif
