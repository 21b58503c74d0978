/* SPDX-License-Identifier: BSD-3-Clause */
/* f', ∇f and ∇²f: functions made from functions. */
#include "lang/derivative.h"

#include "graph/derive.h"
#include "graph/plan.h"
#include "lang/invoke.h"
#include "lang/trace.h"

#include <string.h>

enum { PLANS_KEPT = 8, HESSIAN_SIZE = 1000 };

/* The plan of one kind of derivative for arguments of one shape. */
typedef struct {
    dw_derived kind;
    size_t rows, columns;
    dw_trace *trace; /* what it read of the notebook; holds a reference */
    dw_graph_id outputs[2];
    dw_plan *plan;
    size_t out_rows, out_columns;
} kept_plan;

struct dw_derivative_cache {
    kept_plan plans[PLANS_KEPT];
    uint32_t next; /* the place the next plan takes */
};

static void drop_plan(kept_plan *kept) {
    dw_plan_free(&kept->plan);
    dw_trace_release(kept->trace);
    *kept = (kept_plan){0};
}

void dw_derivative_forget(struct dw_derivative_cache *cache) {
    for (size_t i = 0; cache != NULL && i < PLANS_KEPT; i++)
        drop_plan(&cache->plans[i]);
    dw_mem_free(cache);
}

bool dw_derivative_of(dw_eval *e, dw_value f, dw_derived kind, dw_value *out) {
    char words[DW_VALUE_WORDS];
    if (f.kind != DW_FUNCTION)
        return dw_err_set(
            e->err, DW_ERR_TYPE,
            "only functions have derivatives, this is %s: write ∇f(x) for the gradient "
            "of f at x",
            dw_value_words(f, words));
    dw_function *made = dw_mem_new(e->mem, sizeof *made + sizeof(dw_value));
    if (made == NULL)
        return dw_err_memory(e->err, "a function");
    made->refs = 1;
    made->derived = kind;
    made->count = 1;
    made->values[0] = dw_value_retain(f);
    *out = (dw_value){.kind = DW_FUNCTION, .as.function = made};
    return true;
}

/* ---- building ---- */

static const char *sign_of(dw_derived kind) {
    return kind == DW_PRIME ? "'" : kind == DW_GRADIENT ? "∇" : "∇²";
}

/* The value of f at node x: *y is its node, a number. */
static bool trace_at(dw_eval *e, const dw_frame *frame, dw_span place, dw_value f, dw_graph_id x,
                     dw_graph_id *y) {
    dw_value argument, answer;
    char words[DW_VALUE_WORDS];
    if (!dw_trace_value(e->trace, x, &argument, e->err))
        return false;
    bool fine = dw_invoke_values(e, frame, place, f, (dw_values){&argument, 1}, &answer);
    dw_value_release(argument);
    if (!fine)
        return false;
    double number;
    bool numeric =
        answer.kind == DW_TRACED || answer.kind == DW_ARRAY || dw_value_as_number(answer, &number);
    fine = numeric && dw_trace_node(e->trace, answer, y, e->err);
    const dw_graph_node *node = fine ? dw_graph_at(e->trace->graph, *y) : NULL;
    if (!numeric || (fine && node->rows * node->columns != 1))
        fine =
            dw_eval_fail(e, frame, place, DW_ERR_TYPE,
                         "derivatives need a function whose value is a number, this one gives %s",
                         dw_value_words(answer, words));
    dw_value_release(answer);
    return fine;
}

/* The value of f at a copy of node x: *copy and *y are their nodes. When f is different for each
 * sample, so is its derivative: then the copy is one for each. */
static bool trace_call(dw_eval *e, const dw_frame *frame, dw_span place, dw_value f,
                       dw_graph_id *copy, dw_graph_id *y) {
    dw_graph *g = e->trace->graph;
    dw_graph_id x = *copy;
    if (!dw_graph_copy(g, x, copy, e->err) || !trace_at(e, frame, place, f, *copy, y))
        return false;
    size_t batch = dw_graph_at(g, *y)->batch;
    if (batch <= dw_graph_at(g, x)->batch)
        return true;
    return dw_graph_batch_spread(g, x, batch, &x, e->err) && dw_graph_copy(g, x, copy, e->err) &&
           trace_at(e, frame, place, f, *copy, y);
}

/* A gradient that does not depend on anything is zeros. */
static bool or_zeros(dw_eval *e, dw_graph_id like, dw_graph_id *id) {
    if (*id != DW_GRAPH_NONE)
        return true;
    const dw_graph_node *node = dw_graph_at(e->trace->graph, like);
    dw_tensor *zeros = dw_tensor_zeros(e->mem, node->rows, node->columns, e->err);
    if (zeros == NULL)
        return false;
    bool fine = dw_graph_constant(e->trace->graph, zeros, id, e->err);
    dw_tensor_release(zeros);
    return fine;
}

/* Row i of the Hessian: the gradient of element i of the gradient. */
static bool hessian_row(dw_eval *e, dw_graph_id gradient, dw_graph_id x, size_t i, dw_value *out) {
    dw_graph *g = e->trace->graph;
    const dw_graph_node *node = dw_graph_at(g, x);
    size_t size = node->rows * node->columns;
    dw_graph_id element, row;
    return dw_graph_gather(g, gradient, &i, 1, 1, &element, e->err) &&
           dw_derive_gradient(g, element, &x, 1, &row, e->err) && or_zeros(e, x, &row) &&
           dw_graph_reshape(g, row, 1, size, &row, e->err) &&
           dw_trace_value(e->trace, row, out, e->err);
}

static bool hessian(dw_eval *e, dw_graph_id gradient, dw_graph_id x, dw_value *out) {
    const dw_graph_node *node = dw_graph_at(e->trace->graph, x);
    size_t size = node->rows * node->columns, made = 0;
    if (size > HESSIAN_SIZE)
        return dw_err_set(e->err, DW_ERR_LIMIT,
                          "the Hessian of %zu numbers has %zu entries, more than %d×%d: gradients "
                          "alone may be enough",
                          size, size * size, HESSIAN_SIZE, HESSIAN_SIZE);
    dw_value *rows = dw_mem_array(e->mem, size + 1, sizeof *rows);
    if (rows == NULL)
        return dw_err_memory(e->err, "a Hessian");
    bool fine = true;
    while (fine && made < size) {
        fine = dw_eval_poll(e, NULL, (dw_span){0, 0}) &&
               hessian_row(e, gradient, x, made, &rows[made]);
        made += fine;
    }
    fine = fine && dw_value_join(e->mem, rows, size, true, out, e->err);
    for (size_t i = 0; i < made; i++)
        dw_value_release(rows[i]);
    dw_mem_free(rows);
    return fine;
}

/* The step that solves ∇²f * step = ∇f. */
static bool newton_step(dw_eval *e, dw_graph_id gradient, dw_graph_id x, dw_value *out) {
    dw_value second;
    dw_graph_id h, step;
    if (!hessian(e, gradient, x, &second))
        return false;
    bool fine = dw_trace_node(e->trace, second, &h, e->err) &&
                dw_graph_solve(e->trace->graph, h, gradient, &step, e->err) &&
                dw_trace_value(e->trace, step, out, e->err);
    dw_value_release(second);
    return fine;
}

/* What is wanted of f, whose value at node x is node y. */
static bool derive(dw_eval *e, dw_derived kind, dw_graph_id x, dw_graph_id y, dw_value *out) {
    dw_graph_id gradient, column;
    if (kind == DW_VALUE)
        return dw_trace_value(e->trace, y, out, e->err);
    if (!dw_derive_gradient(e->trace->graph, y, &x, 1, &gradient, e->err) ||
        !or_zeros(e, x, &gradient))
        return false;
    if (kind == DW_HESSIAN)
        return hessian(e, gradient, x, out);
    if (kind != DW_NEWTON)
        return dw_trace_value(e->trace, gradient, out, e->err);
    const dw_graph_node *node = dw_graph_at(e->trace->graph, x);
    return dw_graph_reshape(e->trace->graph, gradient, node->rows * node->columns, 1, &column,
                            e->err) &&
           newton_step(e, column, x, out);
}

/* The derivative of f at node x as a value of the running trace. */
static bool build(dw_eval *e, const dw_frame *frame, dw_span place, const dw_function *derivative,
                  dw_graph_id x, dw_value *out) {
    dw_graph_id y;
    const dw_graph_node *node = dw_graph_at(e->trace->graph, x);
    if (derivative->derived == DW_PRIME && node->rows * node->columns != 1)
        return dw_eval_fail(e, frame, place, DW_ERR_TYPE,
                            "f' is the slope at one number, this is %zu numbers: write ∇f for the "
                            "gradient",
                            node->rows * node->columns);
    return trace_call(e, frame, place, derivative->values[0], &x, &y) &&
           derive(e, derivative->derived, x, y, out);
}

/* ---- plans ---- */

static bool same_bits(dw_value a, dw_value b) {
    if (a.kind != b.kind)
        return false;
    if (a.kind == DW_NUMBER)
        return memcmp(&a.as.number, &b.as.number, sizeof a.as.number) == 0;
    return a.kind == DW_TRUTH ? a.as.truth == b.as.truth : a.as.refs == b.as.refs;
}

/* Whether every name the trace read still has the value it had. */
static bool still_right(const dw_eval *e, const dw_trace *trace) {
    for (uint32_t i = 0; i < trace->read_count; i++)
        if (!same_bits(e->globals[trace->reads[i].slot], trace->reads[i].value))
            return false;
    return true;
}

static kept_plan *find_plan(dw_eval *e, const dw_function *derivative, size_t rows,
                            size_t columns) {
    struct dw_derivative_cache *cache = derivative->values[0].as.function->traces;
    for (size_t i = 0; cache != NULL && i < PLANS_KEPT; i++) {
        kept_plan *kept = &cache->plans[i];
        if (kept->plan == NULL || kept->kind != derivative->derived || kept->rows != rows ||
            kept->columns != columns)
            continue;
        if (still_right(e, kept->trace))
            return kept;
        drop_plan(kept);
    }
    return NULL;
}

/* The nodes of the value of a derivative at node x: one, of a descent the value of the function and
 * its gradient. */
static bool find_outputs(dw_eval *e, const dw_frame *frame, dw_span place,
                         const dw_function *derivative, dw_graph_id x, dw_graph_id outputs[2]) {
    dw_value answer;
    if (derivative->derived == DW_DESCENT)
        return trace_call(e, frame, place, derivative->values[0], &x, &outputs[0]) &&
               dw_derive_gradient(e->trace->graph, outputs[0], &x, 1, &outputs[1], e->err) &&
               or_zeros(e, x, &outputs[1]);
    if (!build(e, frame, place, derivative, x, &answer))
        return false;
    bool fine = dw_trace_node(e->trace, answer, &outputs[0], e->err);
    dw_value_release(answer);
    return fine;
}

/* Traces and plans; the result is in *made, whose parts the caller owns. */
static bool make_plan(dw_eval *e, const dw_frame *frame, dw_span place,
                      const dw_function *derivative, kept_plan *made) {
    dw_graph_id x;
    made->trace = dw_trace_new(e->mem, e->err);
    if (made->trace == NULL)
        return false;
    dw_graph *g = made->trace->graph;
    e->trace = made->trace;
    bool fine = dw_graph_input(g, 0, (dw_op_shape){made->rows, made->columns, 1}, &x, e->err) &&
                find_outputs(e, frame, place, derivative, x, made->outputs);
    e->trace = NULL;
    if (!fine)
        return false;
    const dw_graph_node *node = dw_graph_at(g, made->outputs[0]);
    made->out_rows = node->rows;
    made->out_columns = node->columns;
    made->plan =
        dw_plan_new(e->mem, g, made->outputs, derivative->derived == DW_DESCENT ? 2 : 1, e->err);
    return made->plan != NULL;
}

/* Keeps a plan with the function it belongs to and returns where; `made` itself when there is no
 * memory to keep it. */
static kept_plan *keep_plan(dw_eval *e, const dw_function *derivative, kept_plan *made) {
    dw_function *f = derivative->values[0].as.function;
    if (f->traces == NULL)
        f->traces = dw_mem_new(e->mem, sizeof *f->traces);
    if (f->traces == NULL)
        return made;
    kept_plan *place = &f->traces->plans[f->traces->next++ % PLANS_KEPT];
    drop_plan(place);
    *place = *made;
    *made = (kept_plan){0};
    return place;
}

/* The kept plan for arguments of a shape, or a new one in *made. */
static kept_plan *plan_for(dw_eval *e, const dw_frame *frame, dw_span place,
                           const dw_function *derivative, kept_plan *made) {
    kept_plan *kept = find_plan(e, derivative, made->rows, made->columns);
    if (kept != NULL)
        return kept;
    dw_rng stream = e->rng;
    uint64_t draws = e->draws;
    if (!make_plan(e, frame, place, derivative, made)) {
        drop_plan(made);
        return NULL;
    }
    if (draws != e->draws)
        return made;
    e->rng = stream; /* as if only the plan had run */
    return keep_plan(e, derivative, made);
}

static bool run_plan(dw_eval *e, const kept_plan *kept, const double *x, dw_value *out) {
    if (kept->out_rows * kept->out_columns == 1) {
        double y, *answer = &y;
        if (!dw_plan_run(kept->plan, &x, &answer, &e->cancel, e->err))
            return false;
        *out = dw_value_number(y);
        return true;
    }
    dw_tensor *answer = dw_tensor_raw(e->mem, kept->out_rows, kept->out_columns, e->err);
    if (answer == NULL)
        return false;
    if (!dw_plan_run(kept->plan, &x, &answer->data, &e->cancel, e->err)) {
        dw_tensor_release(answer);
        return false;
    }
    *out = dw_value_array(answer);
    return true;
}

static bool call_planned(dw_eval *e, const dw_frame *frame, dw_span place,
                         const dw_function *derivative, dw_value x, dw_value *out) {
    kept_plan made = {.kind = derivative->derived, .rows = 1, .columns = 1};
    const double *data = &x.as.number;
    if (x.kind == DW_ARRAY) {
        dw_value_shape(x, &made.rows, &made.columns);
        data = x.as.array->data;
    }
    kept_plan *plan = plan_for(e, frame, place, derivative, &made);
    bool fine = plan != NULL && run_plan(e, plan, data, out);
    if (plan == &made)
        drop_plan(&made); /* a plan with random numbers in it is good for one run */
    return fine;
}

bool dw_derivative_run(dw_eval *e, const dw_function *derivative, const dw_tensor *x, double *out) {
    kept_plan made = {.kind = derivative->derived, .rows = x->dim[0], .columns = x->dim[1]};
    const double *data = x->data;
    if (e->trace != NULL)
        return dw_err_set(e->err, DW_ERR_TYPE,
                          "minimising cannot stand in a function that is differentiated");
    double *outputs[2] = {out, out + 1};
    kept_plan *plan = plan_for(e, NULL, (dw_span){0, 0}, derivative, &made);
    bool fine = plan != NULL && dw_plan_run(plan->plan, &data, outputs, &e->cancel, e->err);
    if (plan == &made)
        drop_plan(&made);
    return fine;
}

bool dw_derivative_nodes(dw_eval *e, const dw_function *derivative, size_t rows, size_t columns,
                         dw_derivative_traced *out) {
    kept_plan made = {.kind = derivative->derived, .rows = rows, .columns = columns};
    kept_plan *plan = plan_for(e, NULL, (dw_span){0, 0}, derivative, &made);
    out->graph = NULL;
    if (plan == NULL)
        return false;
    if (plan == &made) {
        drop_plan(&made);
        return true;
    }
    out->graph = plan->trace->graph;
    memcpy(out->outputs, plan->outputs, sizeof out->outputs);
    return true;
}

bool dw_derivative_call(dw_eval *e, const dw_frame *frame, dw_span place,
                        const dw_function *derivative, dw_values args, dw_value *out) {
    char words[DW_VALUE_WORDS];
    double number;
    if (args.count != 1)
        return dw_eval_fail(e, frame, place, DW_ERR_TYPE,
                            "a derivative takes one value, here are %zu: join them to a column, as "
                            "in ∇(θ ↦ f(θ[1], θ[2]))",
                            args.count);
    dw_value x = args.items[0];
    if (x.kind != DW_ARRAY && x.kind != DW_TRACED) {
        if (!dw_value_as_number(x, &number))
            return dw_eval_fail(e, frame, place, DW_ERR_TYPE,
                                "%s is taken at a number or an array, this is %s",
                                sign_of(derivative->derived), dw_value_words(x, words));
        x = dw_value_number(number);
    }
    if (!dw_invoke_enter(e, frame, place))
        return false;
    dw_graph_id id;
    bool fine = e->trace == NULL ? call_planned(e, frame, place, derivative, x, out)
                                 : dw_trace_node(e->trace, x, &id, e->err) &&
                                       build(e, frame, place, derivative, id, out);
    e->calls--;
    return fine || dw_eval_place(e, frame, place);
}
