/* SPDX-License-Identifier: BSD-3-Clause */
/* The loss of a net over samples: tracing, planning, gathering. */
#include "lang/objective.h"

#include "graph/derive.h"
#include "graph/plan.h"
#include "graph/softmax.h"
#include "lang/either.h"
#include "lang/net.h"
#include "lang/trace.h"

#include <string.h>

/* The inputs of a plan: parameters, key and step of chance, then those of the net and the truth. */
enum { X, NOISE, FIRST, INPUTS = FIRST + DW_DATASET_INPUTS + 1 };

/* At most so many samples are measured at once, or traced one by one. */
enum { CHUNK = 1000, ALONE = 5000 };

/* A plan and where its inputs and outputs lie. */
typedef struct {
    dw_plan *plan;
    size_t samples;
    dw_plan_port in[INPUTS];
    dw_plan_port out[2]; /* the loss; the gradient */
} machine;

/* A loss that is traced for so many samples. */
typedef struct {
    dw_trace *trace;
    const dw_dataset *data;
    size_t samples;
    dw_graph_id x, loss;
    dw_graph_id *parts; /* the parameters one by one, each a stretch of x */
    size_t part_count;
    bool chance; /* whether numbers may be drawn, as in a step; later: whether some were */
} traced;

struct dw_objective_loss {
    dw_call *call;
    dw_objective_terms terms;
    bool alone; /* each sample was traced for itself: plans hold the samples */
    machine step, train, train_rest, valid, valid_rest;
    dw_train_objective view; /* its x and g lie in the step's plan */
};

/* ---- tracing ---- */

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
static bool data_value(const dw_objective_loss *o, const traced *t, size_t at, size_t sample,
                       dw_value *out) {
    const dw_dataset_part *part = at < t->data->inputs ? &t->data->input[at] : &t->data->target;
    dw_graph_id id;
    if (o->alone)
        return plain_value(o->call, part, sample, out);
    return input_value(t->trace, (uint32_t)(FIRST + at),
                       (dw_op_shape){part->rows, part->columns, t->samples}, &id, out,
                       o->call->err);
}

/* What the net answers to a sample, or to all. */
static bool answer_of(const dw_objective_loss *o, const traced *t, dw_value net, size_t sample,
                      dw_value *out) {
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
static bool usual_loss(const dw_objective_loss *o, const traced *t, dw_value answer, dw_value truth,
                       dw_graph_id *out) {
    dw_err *err = o->call->err;
    dw_graph *g = t->trace->graph;
    dw_graph_id a, y, d;
    if (!dw_trace_node(t->trace, answer, &a, err) || !dw_trace_node(t->trace, truth, &y, err))
        return false;
    if (o->terms.classes)
        return dw_softmax_logs(g, a, &d, err) &&
               dw_graph_pair(g, DW_ELEM_MULTIPLY, y, d, &d, err) && dw_graph_sum(g, d, &d, err) &&
               dw_graph_map(g, DW_ELEM_NEGATE, d, out, err);
    return dw_graph_pair(g, DW_ELEM_SUBTRACT, a, y, &d, err) &&
           dw_graph_pair(g, DW_ELEM_MULTIPLY, d, d, &d, err) && dw_graph_sum(g, d, out, err);
}

/* A loss of the user's. */
static bool own_loss(const dw_objective_loss *o, const traced *t, dw_value answer, dw_value truth,
                     dw_graph_id *out) {
    char words[DW_VALUE_WORDS];
    dw_value args[2] = {answer, truth}, loss;
    size_t rows = 1, columns = 1;
    double number;
    if (!dw_call_invoke(o->call, o->terms.loss, args, 2, &loss))
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
static bool sample_loss(const dw_objective_loss *o, const traced *t, dw_value net, size_t sample,
                        dw_graph_id *out) {
    dw_value answer, truth;
    if (!answer_of(o, t, net, sample, &answer))
        return false;
    bool fine = data_value(o, t, t->data->inputs, sample, &truth);
    if (fine) {
        fine = o->terms.loss.kind != DW_NOTHING ? own_loss(o, t, answer, truth, out)
                                                : usual_loss(o, t, answer, truth, out);
        dw_value_release(truth);
    }
    dw_value_release(answer);
    return fine;
}

/* The mean over samples (and outputs) of what sample_loss gives. */
static bool mean_loss(const dw_objective_loss *o, traced *t, dw_value net) {
    const dw_dataset_part *y = &t->data->target;
    bool squares = o->terms.loss.kind == DW_NOTHING && !o->terms.classes;
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
static bool trace_part(const dw_objective_loss *o, traced *t, size_t i, size_t *from,
                       dw_value *out) {
    dw_eval *e = o->call->eval;
    dw_graph *g = t->trace->graph;
    size_t rows = 0, columns = 0;
    dw_value old;
    if (!dw_net_array(e, o->terms.net, i, NULL, &old))
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
static bool trace_net(const dw_objective_loss *o, traced *t, dw_value *out) {
    dw_eval *e = o->call->eval;
    size_t made = 0, from = 0, count = dw_net_arrays(o->terms.net);
    dw_value *values = dw_mem_array(e->mem, count + 1, sizeof *values);
    t->parts = dw_mem_array(e->mem, count + 1, sizeof *t->parts);
    t->part_count = count;
    bool fine = (values != NULL && t->parts != NULL) || dw_err_memory(e->err, "training");
    while (fine && made < count) {
        fine = trace_part(o, t, made, &from, &values[made]);
        made += fine;
    }
    fine = fine && dw_net_with(e, o->terms.net, values, out);
    for (size_t i = 0; i < made; i++)
        dw_value_release(values[i]);
    dw_mem_free(values);
    return fine;
}

/* Traces the mean loss into the running trace. */
static bool trace_into(const dw_objective_loss *o, traced *t) {
    dw_eval *e = o->call->eval;
    dw_value net;
    dw_graph_id noise;
    if (!dw_graph_input(t->trace->graph, X, (dw_op_shape){o->view.n, 1, 1}, &t->x, e->err) ||
        (t->chance &&
         !input_value(t->trace, NOISE, (dw_op_shape){2, 1, 1}, &noise, &e->noise, e->err)))
        return false;
    bool fine = trace_net(o, t, &net);
    if (fine) {
        fine = mean_loss(o, t, net);
        dw_value_release(net);
    }
    (void)dw_value_drop(&e->noise);
    return fine;
}

static void forget(traced *t) {
    dw_trace_release(t->trace);
    dw_mem_free(t->parts);
    *t = (traced){.chance = t->chance};
}

/* With chance, as a step sees it, or without, as it is measured. Both are training to layers that
 * look at the batch. */
static bool trace_loss(const dw_objective_loss *o, const dw_dataset *data, size_t samples,
                       bool chance, traced *out) {
    dw_eval *e = o->call->eval;
    *out = (traced){
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
        forget(out);
    return fine;
}

/* ---- plans ---- */

static void stop_machine(machine *m) {
    dw_plan_free(&m->plan);
    *m = (machine){0};
}

/* The gradients by the parameters one by one; zeros where the loss does not depend on one. */
static bool gradients(const traced *t, dw_graph_id *out, dw_err *err) {
    dw_graph *g = t->trace->graph;
    bool any = false;
    if (!dw_derive_gradient(g, t->loss, t->parts, t->part_count, out, err))
        return false;
    for (size_t i = 0; i < t->part_count; i++) {
        const dw_graph_node *part = dw_graph_at(g, t->parts[i]);
        dw_graph_id zero;
        any = any || out[i] != DW_GRAPH_NONE;
        if (out[i] == DW_GRAPH_NONE &&
            (!dw_graph_number(g, 0, &zero, err) ||
             !dw_graph_spread(g, zero, part->rows, part->columns, &out[i], err)))
            return false;
    }
    return any || dw_err_set(err, DW_ERR_VALUE,
                             "there is nothing to train: the loss does not depend on the "
                             "parameters of the net");
}

/* Plans the loss, with its gradient or without. The gradients lie one behind the other, as the
 * parameters do in x. */
static bool build(const dw_objective_loss *o, const traced *t, bool gradient, machine *m) {
    dw_err *err = o->call->err;
    size_t last = FIRST + o->terms.train->inputs, count = gradient ? 1 + t->part_count : 1;
    dw_graph_id *ids = dw_mem_array(o->call->mem, count, sizeof *ids);
    m->samples = t->samples;
    if (ids == NULL)
        return dw_err_memory(err, "training");
    ids[0] = t->loss;
    dw_plan_options options = {.type = o->terms.single ? DW_VECTOR_SINGLE : DW_VECTOR_DOUBLE,
                               .join = true,
                               .pool = o->call->eval->pool};
    if (!gradient || gradients(t, ids + 1, err))
        m->plan = dw_plan_prepare(o->call->mem, t->trace->graph, ids, count, &options, err);
    dw_mem_free(ids);
    if (m->plan == NULL)
        return false;
    for (uint32_t i = 0; i <= last; i++)
        m->in[i] = dw_plan_input(m->plan, i);
    m->out[0] = dw_plan_output(m->plan, 0);
    if (gradient)
        m->out[1] = dw_plan_output(m->plan, 1);
    return true;
}

/* Plans that measure all samples: in pieces of CHUNK, and what is left over. */
static bool build_measures(const dw_objective_loss *o, const dw_dataset *data, machine *m,
                           machine *rest) {
    size_t count = data->count, sizes[2] = {count < CHUNK || o->alone ? count : CHUNK, 0};
    machine *machines[2] = {m, rest};
    sizes[1] = count % sizes[0];
    for (size_t i = 0; i < 2; i++) {
        traced t;
        if (sizes[i] == 0)
            continue;
        if (!trace_loss(o, data, sizes[i], false, &t))
            return false;
        bool fine = build(o, &t, false, machines[i]);
        forget(&t);
        if (!fine)
            return false;
    }
    return true;
}

/* The plan of a step and, where it is the same computation, that of measuring all samples. */
static bool build_step(dw_objective_loss *o) {
    traced t;
    size_t count = o->terms.train->count;
    if (!trace_loss(o, o->terms.train, o->terms.batch, true, &t))
        return false;
    bool whole = o->terms.batch == count && (count <= CHUNK || o->alone) && !t.chance;
    bool fine = build(o, &t, true, &o->step) && (!whole || build(o, &t, false, &o->train));
    forget(&t);
    return fine && (whole || build_measures(o, o->terms.train, &o->train, &o->train_rest));
}

/* ---- running ---- */

/* Writes a sample into a port, as number `at` there. */
static void put_sample(const dw_plan_port *port, bool single, const double *from, size_t at) {
    double *wide = port->at;
    float *narrow = port->at;
    for (size_t k = 0; single && k < port->elements; k++)
        narrow[k * port->stride + at] = (float)from[k];
    for (size_t k = 0; !single && k < port->elements; k++)
        wide[k * port->stride + at] = from[k];
}

/* Writes samples into a plan: number `first` on, or those of `chosen`. */
static void fill(const dw_objective_loss *o, const dw_dataset *data, machine *m, size_t first,
                 const size_t *chosen) {
    for (size_t i = 0; !o->alone && i <= data->inputs; i++) {
        const dw_dataset_part *part = i < data->inputs ? &data->input[i] : &data->target;
        const dw_plan_port *port = &m->in[FIRST + i];
        size_t each = part->rows * part->columns;
        for (size_t s = 0; port->at != NULL && s < m->samples; s++)
            put_sample(port, o->view.single,
                       part->numbers + (chosen != NULL ? chosen[s] : first + s) * each, s);
    }
}

static double number_at(const dw_objective_loss *o, const void *at, size_t i) {
    return o->view.single ? (double)((const float *)at)[i] : ((const double *)at)[i];
}

static void put_number(const dw_objective_loss *o, void *at, size_t i, double x) {
    if (o->view.single)
        ((float *)at)[i] = (float)x;
    else
        ((double *)at)[i] = x;
}

static bool run(const dw_objective_loss *o, machine *m, double *loss, dw_err *err) {
    if (!dw_plan_step(m->plan, o->call->cancel, err))
        return false;
    *loss = number_at(o, m->out[0].at, 0);
    return true;
}

/* The parameters for a plan that measures. */
static void give_parameters(const dw_objective_loss *o, machine *m) {
    memcpy(m->in[X].at, o->view.x, o->view.n * (o->view.single ? sizeof(float) : sizeof(double)));
}

static bool gradient(void *context, const dw_train_batch *batch, double *loss, dw_err *err) {
    dw_objective_loss *o = context;
    void *noise = o->step.in[NOISE].at;
    if (batch->chosen != NULL)
        fill(o, o->terms.train, &o->step, 0, batch->chosen);
    if (noise != NULL) {
        put_number(o, noise, 0, o->terms.key);
        put_number(o, noise, 1, (double)batch->step);
    }
    return run(o, &o->step, loss, err);
}

/* The mean over all samples of a set, piece by piece. */
static bool measure(void *context, bool validation, double *loss, dw_err *err) {
    dw_objective_loss *o = context;
    const dw_dataset *data = validation ? o->terms.valid : o->terms.train;
    machine *m = validation ? &o->valid : &o->train;
    double sum = 0, mean = 0;
    give_parameters(o, m);
    for (size_t first = 0; first < data->count; first += m->samples) {
        if (data->count - first < m->samples) {
            m = validation ? &o->valid_rest : &o->train_rest;
            give_parameters(o, m);
        }
        if (m->samples < data->count)
            fill(o, data, m, first, NULL);
        if (!run(o, m, &mean, err))
            return false;
        sum += mean * (double)m->samples;
    }
    *loss = m->samples == data->count ? mean : sum / (double)data->count;
    return true;
}

/* ---- beginning and end ---- */

/* The parameters of the net into the step's plan. */
static bool place_numbers(dw_objective_loss *o) {
    dw_tensor *column;
    if (!dw_net_flat(o->call->eval, o->terms.net, &column))
        return false;
    o->view.x = o->step.in[X].at;
    o->view.g = o->step.out[1].at;
    for (size_t i = 0; i < o->view.n; i++)
        put_number(o, o->view.x, i, column->data[i]);
    dw_tensor_release(column);
    return true;
}

static bool prepare(dw_objective_loss *o) {
    const dw_dataset *train = o->terms.train, *valid = o->terms.valid;
    if (!build_step(o) || (valid != NULL && !build_measures(o, valid, &o->valid, &o->valid_rest)))
        return false;
    if (o->terms.batch == train->count)
        fill(o, train, &o->step, 0, NULL);
    if (o->train.samples == train->count)
        fill(o, train, &o->train, 0, NULL);
    if (valid != NULL && o->valid.samples == valid->count)
        fill(o, valid, &o->valid, 0, NULL);
    return place_numbers(o);
}

static void stop_all(dw_objective_loss *o) {
    machine *machines[] = {&o->step, &o->train, &o->train_rest, &o->valid, &o->valid_rest};
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
        stop_machine(machines[i]);
}

/* Whether tracing the samples one by one may help where a trace for all of them failed. */
static bool try_alone(const dw_objective_loss *o) {
    dw_err_kind kind = o->call->err->kind;
    const dw_objective_terms *t = &o->terms;
    return (kind == DW_ERR_TYPE || kind == DW_ERR_VALUE) && t->batch == t->train->count &&
           t->batch <= ALONE;
}

bool dw_objective_new(dw_call *call, const dw_objective_terms *terms, dw_objective_loss **out) {
    dw_objective_loss *o = dw_mem_new(call->mem, sizeof *o);
    if (o == NULL)
        return dw_err_memory(call->err, "training");
    o->call = call;
    o->terms = *terms;
    o->view = (dw_train_objective){.context = o,
                                   .n = dw_net_size(terms->net),
                                   .lanes = 1,
                                   .single = terms->single,
                                   .samples = terms->train->count,
                                   .validation = terms->valid != NULL ? terms->valid->count : 0,
                                   .gradient = gradient,
                                   .measure = measure};
    bool fine = prepare(o);
    if (!fine && try_alone(o)) {
        dw_err_clear(call->err);
        stop_all(o);
        o->alone = true;
        fine = prepare(o);
    }
    *out = o;
    if (!fine)
        dw_objective_free(out);
    return fine;
}

void dw_objective_free(dw_objective_loss **loss) {
    if (*loss == NULL)
        return;
    stop_all(*loss);
    dw_mem_free(*loss);
    *loss = NULL;
}

const dw_train_objective *dw_objective_train(const dw_objective_loss *loss) {
    return &loss->view;
}

dw_tensor *dw_objective_column(const dw_objective_loss *o, dw_err *err) {
    dw_tensor *column = dw_tensor_raw(o->call->mem, o->view.n, 1, err);
    for (size_t i = 0; column != NULL && i < o->view.n; i++)
        column->data[i] = number_at(o, o->view.x, i);
    return column;
}
