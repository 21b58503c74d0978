/* SPDX-License-Identifier: BSD-3-Clause */
/* What a function costs. */
#include "lang/cost.h"

#include "graph/plan.h"
#include "lang/invoke.h"
#include "lang/trace.h"

static double now(const dw_eval *e) {
    return e->host->clock != NULL ? e->host->clock(e->host->context) : 0;
}

/* The node of f at input 0 of the running trace. */
static bool trace_value(dw_eval *e, dw_value f, const dw_tensor *x, dw_graph_id *id) {
    dw_value argument, answer;
    char words[DW_VALUE_WORDS];
    if (!dw_graph_input(e->trace->graph, 0, (dw_op_shape){x->dim[0], x->dim[1], 1}, id, e->err) ||
        !dw_trace_value(e->trace, *id, &argument, e->err))
        return false;
    bool fine = dw_invoke_values(e, NULL, (dw_span){0, 0}, f, (dw_values){&argument, 1}, &answer);
    dw_value_release(argument);
    if (!fine)
        return false;
    double number;
    if (answer.kind == DW_TRACED || answer.kind == DW_ARRAY || dw_value_as_number(answer, &number))
        fine = dw_trace_node(e->trace, answer, id, e->err);
    else
        fine = dw_err_set(e->err, DW_ERR_TYPE,
                          "cost counts functions whose value is a number or an array, this one "
                          "gives %s",
                          dw_value_words(answer, words));
    dw_value_release(answer);
    return fine;
}

static bool run_once(dw_eval *e, dw_plan *plan, const dw_tensor *x, dw_graph_id id, dw_cost *out) {
    const dw_graph_node *node = dw_graph_at(e->trace->graph, id);
    dw_tensor *answer = dw_tensor_raw(e->mem, node->rows, node->columns, e->err);
    if (answer == NULL)
        return false;
    const double *input = x->data;
    double begin = now(e);
    bool fine = dw_plan_run(plan, &input, &answer->data, &e->cancel, e->err);
    out->seconds = now(e) - begin;
    out->flops = dw_plan_flops(plan);
    dw_tensor_release(answer);
    return fine;
}

static bool count(dw_eval *e, dw_value f, const dw_tensor *x, dw_cost *out) {
    dw_graph_id id;
    uint64_t calls = e->written_calls;
    if (!trace_value(e, f, x, &id))
        return false;
    out->calls = (double)(e->written_calls - calls);
    dw_plan *plan = dw_plan_new(e->mem, e->trace->graph, &id, 1, e->err);
    bool fine = plan != NULL && run_once(e, plan, x, id, out);
    dw_plan_free(&plan);
    return fine;
}

bool dw_cost_of(dw_eval *e, dw_value f, dw_value x, dw_cost *out) {
    dw_tensor *at;
    if (e->trace != NULL)
        return dw_err_set(e->err, DW_ERR_TYPE,
                          "cost cannot stand in a function that is differentiated");
    if (!dw_value_as_tensor(e->mem, x, &at, e->err))
        return false;
    e->trace = dw_trace_new(e->mem, e->err);
    bool fine = e->trace != NULL && count(e, f, at, out);
    dw_trace_release(e->trace);
    e->trace = NULL;
    dw_tensor_release(at);
    return fine;
}
