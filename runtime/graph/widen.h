/* SPDX-License-Identifier: BSD-3-Clause */
/* A computation for one argument as the same computation for many at once. */
#ifndef DW_WIDEN_H
#define DW_WIDEN_H

#include "graph/graph.h"

/* Which nodes of a graph are wanted, and for how many samples. */
typedef struct {
    const dw_graph *graph;
    const dw_graph_id *outputs;
    size_t count;
    size_t batch; /* at least 2 */
} dw_widen_wish;

/* Makes in `to`, an empty graph, what the wish says: every input becomes one with a value for each
 * sample, every operation the same one on those, and outputs[i] of `to` is output i, batched even
 * where it does not depend on an input. So each sample gets the numbers the old graph would give
 * it, to the last bit. *fine is false, and nothing else of use, when the old graph looks at samples
 * itself. Errors: MEMORY. */
bool dw_widen_graph(const dw_widen_wish *wish, dw_graph *to, dw_graph_id *outputs, bool *fine,
                    dw_err *err) DW_CHECK;

#endif
