/* SPDX-License-Identifier: BSD-3-Clause */
/* The loss of a net over samples as a graph. */
#include "lang/objective_trace.h"

#include "graph/softmax.h"
#include "lang/either.h"
#include "lang/eval.h"
#include "lang/net.h"

#include <string.h>

static bool input_value(dw_trace *t, uint32_t number, dw_op_shape shape, dw_graph_id *id,
                        dw_value *out, dw_err *err) {
    return dw_graph_input(t->graph, number, shape, id, err) && dw_trace_value(t, *id, out, err);
}

/* One sample as plain values. */
static bool plain_value(dw_call *call, const dw_dataset_part *part, size_t sample, dw_value *out) {
    dw_tensor *t = dw_tensor_raw(call->mem, part->rows, part->columns, call->err);
    if (t == NULL)
        return false;
    memcpy(t->data, part->numbers + sample * t->size, t->size * sizeof *t->data);
    *out = dw_value_array(t);
    return true;
}

/* Argument or truth (number `at` = inputs): traced for all samples, or plainly of one. */
static bool data_value(const dw_objective_source *o, const dw_objective_trace *t, size_t at,
                       size_t sample, dw_value *out) {
    const dw_dataset_part *part = at < t->data->inputs ? &t->data->input[at] : &t->data->target;
    dw_graph_id id;
    if (o->alone)
        return plain_value(o->call, part, sample, out);
    return input_value(t->trace, (uint32_t)(DW_OBJECTIVE_FIRST + at),
                       (dw_op_shape){part->rows, part->columns, t->samples}, &id, out,
                       o->call->err);
}

/* What the net answers to a sample, or to all. */
static bool answer_of(const dw_objective_source *o, const dw_objective_trace *t, dw_value net,
                      size_t sample, dw_value *out) {
    dw_value args[DW_DATASET_INPUTS];
    size_t made = 0;
    bool fine = true;
    while (fine && made < t->data->inputs) {
        fine = data_value(o, t, made, sample, &args[made]);
        made += fine;
    }
    fine = fine && dw_call_invoke(o->call, net, args, made, out);
    for (size_t i = 0; i < made; i++)
        dw_value_release(args[i]);
    return fine;
}

/* ---- losses ---- */

/* The sum of squares over outputs, or of -share*log p. */
static bool usual_loss(const dw_objective_source *o, const dw_objective_trace *t, dw_value answer,
                       dw_value truth, dw_graph_id *out) {
    dw_err *err = o->call->err;
    dw_graph *g = t->trace->graph;
    dw_graph_id a, y, d;
    if (!dw_trace_node(t->trace, answer, &a, err) || !dw_trace_node(t->trace, truth, &y, err))
        return false;
    if (o->terms->classes)
        return dw_softmax_logs(g, a, &d, err) &&
               dw_graph_pair(g, DW_ELEM_MULTIPLY, y, d, &d, err) && dw_graph_sum(g, d, &d, err) &&
               dw_graph_map(g, DW_ELEM_NEGATE, d, out, err);
    return dw_graph_pair(g, DW_ELEM_SUBTRACT, a, y, &d, err) &&
           dw_graph_pair(g, DW_ELEM_MULTIPLY, d, d, &d, err) && dw_graph_sum(g, d, out, err);
}

/* A loss of the user's. */
static bool own_loss(const dw_objective_source *o, const dw_objective_trace *t, dw_value answer,
                     dw_value truth, dw_graph_id *out) {
    char words[DW_VALUE_WORDS];
    dw_value args[2] = {answer, truth}, loss;
    size_t rows = 1, columns = 1;
    double number;
    if (!dw_call_invoke(o->call, o->terms->loss, args, 2, &loss))
        return false;
    if (loss.kind == DW_ARRAY || loss.kind == DW_TRACED)
        dw_value_shape(loss, &rows, &columns);
    else if (!dw_value_as_number(loss, &number))
        rows = 0;
    bool fine = rows * columns == 1 ||
                dw_err_set(o->call->err, DW_ERR_SHAPE,
                           "a loss is one number for each sample, this one gives %s. Try the sum "
                           "or the mean of it",
                           dw_value_words(loss, words));
    fine = fine && dw_trace_node(t->trace, loss, out, o->call->err);
    dw_value_release(loss);
    return fine;
}

/* The loss of a sample, or of each of all, with no mean over outputs yet. */
static bool sample_loss(const dw_objective_source *o, const dw_objective_trace *t, dw_value net,
                        size_t sample, dw_graph_id *out) {
    dw_value answer, truth;
    if (!answer_of(o, t, net, sample, &answer))
        return false;
    bool fine = data_value(o, t, t->data->inputs, sample, &truth);
    if (fine) {
        fine = o->terms->loss.kind != DW_NOTHING ? own_loss(o, t, answer, truth, out)
                                                 : usual_loss(o, t, answer, truth, out);
        dw_value_release(truth);
    }
    dw_value_release(answer);
    return fine;
}

/* The mean over samples (and outputs) of what sample_loss gives. */
static bool mean_loss(const dw_objective_source *o, dw_objective_trace *t, dw_value net) {
    const dw_dataset_part *y = &t->data->target;
    bool squares = o->terms->loss.kind == DW_NOTHING && !o->terms->classes;
    double over = squares ? (double)(y->rows * y->columns) : 1;
    dw_err *err = o->call->err;
    dw_graph *g = t->trace->graph;
    dw_graph_id sum, one, count;
    if (!sample_loss(o, t, net, 0, &sum))
        return false;
    for (size_t s = 1; o->alone && s < t->samples; s++)
        if (!sample_loss(o, t, net, s, &one) ||
            !dw_graph_pair(g, DW_ELEM_ADD, sum, one, &sum, err) || !dw_call_poll(o->call))
            return false;
    if (o->alone || dw_graph_at(g, sum)->batch > 1)
        over *= (double)t->samples;
    return dw_graph_batch_sum(g, sum, &sum, err) && dw_graph_number(g, over, &count, err) &&
           dw_graph_pair(g, DW_ELEM_DIVIDE, sum, count, &t->loss, err);
}

/* Parameter i of the net as a stretch of x that begins at *from, which moves on. It is a copy, so
 * that the loss depends on x by way of it and there is a gradient with respect to it alone. */
static bool trace_part(const dw_objective_source *o, dw_objective_trace *t, size_t i, size_t *from,
                       dw_value *out) {
    dw_eval *e = o->call->eval;
    dw_graph *g = t->trace->graph;
    size_t rows = 0, columns = 0;
    dw_value old;
    if (!dw_net_array(e, o->terms->net, i, NULL, &old))
        return false;
    (void)dw_either_shape(old, &rows, &columns);
    dw_value_release(old);
    size_t *places = dw_mem_array(e->mem, rows * columns + 1, sizeof *places);
    if (places == NULL)
        return dw_err_memory(e->err, "training");
    for (size_t k = 0; k < rows * columns; k++)
        places[k] = (*from)++;
    bool fine = dw_graph_gather(g, t->x, places, rows, columns, &t->parts[i], e->err) &&
                dw_graph_copy(g, t->parts[i], &t->parts[i], e->err) &&
                dw_trace_value(t->trace, t->parts[i], out, e->err);
    dw_mem_free(places);
    return fine;
}

/* The net with parameters that are stretches of x. */
static bool trace_net(const dw_objective_source *o, dw_objective_trace *t, dw_value *out) {
    dw_eval *e = o->call->eval;
    size_t made = 0, from = 0, count = dw_net_arrays(o->terms->net);
    dw_value *values = dw_mem_array(e->mem, count + 1, sizeof *values);
    t->parts = dw_mem_array(e->mem, count + 1, sizeof *t->parts);
    t->part_count = count;
    bool fine = (values != NULL && t->parts != NULL) || dw_err_memory(e->err, "training");
    while (fine && made < count) {
        fine = trace_part(o, t, made, &from, &values[made]);
        made += fine;
    }
    fine = fine && dw_net_with(e, o->terms->net, values, out);
    for (size_t i = 0; i < made; i++)
        dw_value_release(values[i]);
    dw_mem_free(values);
    return fine;
}

/* Traces the mean loss into the running trace. */
static bool trace_into(const dw_objective_source *o, dw_objective_trace *t) {
    dw_eval *e = o->call->eval;
    dw_value net;
    dw_graph_id noise;
    if (!dw_graph_input(t->trace->graph, DW_OBJECTIVE_X, (dw_op_shape){o->n, 1, 1}, &t->x,
                        e->err) ||
        (t->chance && !input_value(t->trace, DW_OBJECTIVE_NOISE, (dw_op_shape){2, 1, 1}, &noise,
                                   &e->noise, e->err)))
        return false;
    bool fine = trace_net(o, t, &net);
    if (fine) {
        fine = mean_loss(o, t, net);
        dw_value_release(net);
    }
    (void)dw_value_drop(&e->noise);
    return fine;
}

void dw_objective_trace_forget(dw_objective_trace *t) {
    dw_trace_release(t->trace);
    dw_mem_free(t->parts);
    *t = (dw_objective_trace){.chance = t->chance};
}

bool dw_objective_trace_loss(const dw_objective_source *o, const dw_dataset *data, size_t samples,
                             bool chance, dw_objective_trace *out) {
    dw_eval *e = o->call->eval;
    *out = (dw_objective_trace){
        .trace = dw_trace_new(e->mem, e->err), .data = data, .samples = samples, .chance = chance};
    if (out->trace == NULL)
        return false;
    e->trace = out->trace;
    e->training = true;
    e->noises = 0;
    bool fine = trace_into(o, out);
    out->chance = e->noises > 0;
    e->trace = NULL;
    e->training = false;
    if (!fine)
        dw_objective_trace_forget(out);
    return fine;
}

bool dw_objective_trace_same(const dw_objective_trace *a, const dw_objective_trace *b) {
    return a->samples == b->samples && a->loss == b->loss && a->chance == b->chance &&
           a->part_count == b->part_count && a->trace != NULL && b->trace != NULL &&
           (a->part_count == 0 ||
            memcmp(a->parts, b->parts, a->part_count * sizeof *a->parts) == 0) &&
           dw_store_same(a->trace->graph, b->trace->graph);
}
