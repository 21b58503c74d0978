/* SPDX-License-Identifier: BSD-3-Clause */
/* Differentiation: from a graph to more of the same graph, so that derivatives of derivatives need
 * nothing new. Reverse mode: the whole gradient costs a small multiple of the function. */
#ifndef DW_DERIVE_H
#define DW_DERIVE_H

#include "graph/graph.h"

/* Adds the nodes of the gradient of a number y (1×1) with respect to each of `count` nodes, which
 * should be inputs or copies: others may have been simplified away on the way to y. out[i] has the
 * shape of by[i], or is DW_GRAPH_NONE when y does not depend on it (the gradient is zero).
 *
 * When y is batched, what is meant is each sample's own number: the gradient by a batched node is
 * batched, that by a uniform node is the sum over the samples.
 *
 * The branch of a choice that is not taken counts for nothing, even where its slope is infinite. At
 * their kinks relu and |x| have the slope 0, min and max that of the right side.
 *
 * False with a MEMORY error, or a SHAPE error when y is not a number. */
bool dw_derive_gradient(dw_graph *g, dw_graph_id y, const dw_graph_id *by, size_t count,
                        dw_graph_id *out, dw_err *err) DW_CHECK;

#endif
