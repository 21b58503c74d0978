/* SPDX-License-Identifier: BSD-3-Clause */
/* The loss of a net over samples as a graph: the net and the loss are called once, with values that
 * stand for all samples at once, or where that cannot be with one sample after the other. */
#ifndef DW_OBJECTIVE_TRACE_H
#define DW_OBJECTIVE_TRACE_H

#include "lang/objective.h"
#include "lang/trace.h"

/* The inputs of a graph: parameters, key and step of chance, then those of the net and the truth.
 */
enum {
    DW_OBJECTIVE_X,
    DW_OBJECTIVE_NOISE,
    DW_OBJECTIVE_FIRST,
    DW_OBJECTIVE_INPUTS = DW_OBJECTIVE_FIRST + DW_DATASET_INPUTS + 1
};

/* What is traced. */
typedef struct {
    dw_call *call;
    const dw_objective_terms *terms;
    size_t n;   /* parameters */
    bool alone; /* each sample by itself: the graph holds the samples */
} dw_objective_source;

typedef struct {
    dw_trace *trace; /* NULL: nothing was traced */
    const dw_dataset *data;
    size_t samples;
    dw_graph_id x, loss;
    dw_graph_id *parts; /* the parameters one by one, each a stretch of x */
    size_t part_count;
    bool chance; /* whether numbers may be drawn, as in a step; later: whether some were */
} dw_objective_trace;

/* Traces the mean loss of so many samples of a set: with chance, as a step sees it, or without, as
 * it is measured. Both are training to layers that look at the batch. */
bool dw_objective_trace_loss(const dw_objective_source *source, const dw_dataset *data,
                             size_t samples, bool chance, dw_objective_trace *out) DW_CHECK;
void dw_objective_trace_forget(dw_objective_trace *trace);

/* Whether two losses are the same computation, on whatever numbers. */
bool dw_objective_trace_same(const dw_objective_trace *a, const dw_objective_trace *b);

#endif
