/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests of nets: values of the notebook by name, and nets traced as training does it. */
#ifndef NETS_H
#define NETS_H

#include "graph/plan.h"
#include "lang/net_call.h"
#include "lang/trace.h"
#include "notebook.h"

/* Runs a cell that must not fail, and the value of a name, borrowed. */
static inline void nets_run(notebook *nb, const char *source) {
    dw_err err = {0};
    if (!notebook_run(nb, source, &err))
        fail_msg("%s\nfails: %s", source, err.text);
}

static inline dw_value nets_value(notebook *nb, const char *name) {
    const dw_value *v = dw_eval_name(&nb->eval, name);
    assert_non_null(v);
    return *v;
}

static inline dw_value nets_get(notebook *nb, const char *source, const char *name) {
    nets_run(nb, source);
    return nets_value(nb, name);
}

/* A net traced for several samples in training: its answers, [row][sample], into out[]. `key` are
 * the two numbers chance depends on. */
typedef struct {
    size_t rows, batch;
    const double *x; /* [row][sample] */
    const double *key;
} nets_samples;
static inline void nets_train(notebook *nb, dw_value net, nets_samples samples, double *out) {
    dw_err err = {0};
    dw_eval *e = &nb->eval;
    dw_trace *trace = dw_trace_new(e->mem, &err);
    dw_graph_id input, noise, y;
    dw_value sample, answer;
    e->err = &err;
    assert_non_null(trace);
    assert_true(dw_graph_input(trace->graph, 0, (dw_op_shape){samples.rows, 1, samples.batch},
                               &input, &err));
    assert_true(dw_graph_input(trace->graph, 1, (dw_op_shape){2, 1, 1}, &noise, &err));
    assert_true(dw_trace_value(trace, input, &sample, &err));
    assert_true(dw_trace_value(trace, noise, &e->noise, &err));
    e->trace = trace;
    e->training = true;
    e->noises = 0;
    if (!dw_net_call(e, NULL, (dw_span){0, 0}, net, (dw_values){&sample, 1}, &answer))
        fail_msg("the net cannot be traced: %s", err.text);
    e->trace = NULL;
    e->training = false;
    dw_value_drop(&e->noise);
    assert_true(dw_trace_node(trace, answer, &y, &err));
    dw_plan *plan = dw_plan_new(e->mem, trace->graph, &y, 1, &err);
    assert_non_null(plan);
    const double *inputs[] = {samples.x, samples.key};
    assert_true(dw_plan_run(plan, inputs, &out, NULL, &err));
    dw_plan_free(&plan);
    dw_value_release(answer);
    dw_value_release(sample);
    dw_trace_release(trace);
}

#endif
