/* SPDX-License-Identifier: BSD-3-Clause */
/* The loss of a net over samples: planning, gathering, running. */
#include "lang/objective.h"

#include "graph/derive.h"
#include "graph/plan.h"
#include "lang/eval.h"
#include "lang/net.h"
#include "lang/objective_trace.h"

#include <string.h>

enum { X = DW_OBJECTIVE_X, NOISE = DW_OBJECTIVE_NOISE, FIRST = DW_OBJECTIVE_FIRST };

/* At most so many samples are measured at once, or traced one by one. */
enum { CHUNK = 1000, ALONE = 5000, LANES = DW_UPDATE_LANES };

/* What is computed: a step, and the loss of a set in pieces of CHUNK and of what is left over. */
typedef enum { STEP, TRAIN, TRAIN_REST, VALID, VALID_REST, MACHINES } task;

/* A plan and where its inputs and outputs lie. */
typedef struct {
    dw_plan *plan;
    size_t samples;
    dw_plan_port in[DW_OBJECTIVE_INPUTS];
    dw_plan_port out[2]; /* the loss; the gradient */
} machine;

struct dw_objective_loss {
    dw_mem *mem;
    const dw_cancel *cancel;
    dw_pool *pool;
    dw_objective_terms terms;
    bool alone;       /* each sample was traced for itself: plans hold the samples */
    bool whole;       /* measuring all samples is what a step computes */
    dw_tensor *start; /* the parameters as they were */
    dw_objective_trace traces[MACHINES];
    size_t lanes;                         /* 1, or LANES */
    const dw_objective_loss *lane[LANES]; /* whose samples are where; itself when it is alone */
    machine machines[MACHINES];
    dw_train_objective view; /* its x and g lie in the step's plan */
};

/* ---- tracing ---- */

static const dw_dataset *data_of(const dw_objective_loss *o, task k) {
    return k == VALID || k == VALID_REST ? o->terms.valid : o->terms.train;
}

/* How many samples a task looks at; 0: there is nothing to do. */
static size_t samples_of(const dw_objective_loss *o, task k) {
    const dw_dataset *data = data_of(o, k);
    size_t count = data != NULL ? data->count : 0;
    size_t piece = count < CHUNK || o->alone ? count : CHUNK;
    bool rest = k == TRAIN_REST || k == VALID_REST;
    return k == STEP ? o->terms.batch : !rest ? piece : piece > 0 ? count % piece : 0;
}

static bool trace_all(dw_call *call, dw_objective_loss *o) {
    dw_objective_source source = {
        .call = call, .terms = &o->terms, .n = o->view.n, .alone = o->alone};
    for (task k = STEP; k < MACHINES; k++) {
        size_t samples = samples_of(o, k);
        if (samples == 0 || (k == TRAIN && o->whole))
            continue;
        if (!dw_objective_trace_loss(&source, data_of(o, k), samples, k == STEP, &o->traces[k]))
            return false;
        if (k == STEP)
            o->whole = samples == samples_of(o, TRAIN) && samples == o->terms.train->count &&
                       !o->traces[STEP].chance;
    }
    return true;
}

static const dw_objective_trace *trace_of(const dw_objective_loss *o, task k) {
    return &o->traces[k == TRAIN && o->whole ? STEP : k];
}

/* Whether tracing the samples one by one may help where a trace for all of them failed. */
static bool try_alone(const dw_call *call, const dw_objective_loss *o) {
    dw_err_kind kind = call->err->kind;
    return (kind == DW_ERR_TYPE || kind == DW_ERR_VALUE) &&
           o->terms.batch == o->terms.train->count && o->terms.batch <= ALONE;
}

static void forget_traces(dw_objective_loss *o) {
    for (task k = STEP; k < MACHINES; k++)
        dw_objective_trace_forget(&o->traces[k]);
}

/* ---- plans ---- */

/* The gradients by the parameters one by one; zeros where the loss does not depend on one. */
static bool gradients(const dw_objective_trace *t, dw_graph_id *out, dw_err *err) {
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
static bool build(dw_objective_loss *o, task k, const dw_objective_trace *t, dw_err *err) {
    machine *m = &o->machines[k];
    bool gradient = k == STEP;
    size_t last = FIRST + o->terms.train->inputs, count = gradient ? 1 + t->part_count : 1;
    dw_graph_id *ids = dw_mem_array(o->mem, count, sizeof *ids);
    m->samples = t->samples;
    if (ids == NULL)
        return dw_err_memory(err, "training");
    ids[0] = t->loss;
    dw_plan_options options = {.type = o->lanes > 1      ? DW_VECTOR_PACK
                                       : o->terms.single ? DW_VECTOR_SINGLE
                                                         : DW_VECTOR_DOUBLE,
                               .join = true,
                               .pool = o->pool};
    if (!gradient || gradients(t, ids + 1, err))
        m->plan = dw_plan_prepare(o->mem, t->trace->graph, ids, count, &options, err);
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

/* ---- running ---- */

static double number_at(const dw_objective_loss *o, const void *at, size_t i, size_t lane) {
    return o->view.single ? (double)((const float *)at)[i]
                          : ((const double *)at)[i * o->lanes + lane];
}

static void put_number(const dw_objective_loss *o, void *at, size_t i, size_t lane, double x) {
    if (o->view.single)
        ((float *)at)[i] = (float)x;
    else
        ((double *)at)[i * o->lanes + lane] = x;
}

/* Some samples side by side, which fill a line of the cache. */
enum { TOGETHER = 8 };

/* Writes `count` samples of a lane into a port, as numbers `at` on there. */
static void put_samples(const dw_objective_loss *o, const dw_plan_port *port, size_t lane,
                        const double *const *from, size_t at, size_t count) {
    for (size_t k = 0; k < port->elements; k++) {
        size_t first = k * port->stride + at;
        if (o->view.single) {
            float *to = (float *)port->at + first;
            for (size_t s = 0; s < count; s++)
                to[s] = (float)from[s][k];
        } else {
            double *to = (double *)port->at + first * o->lanes + lane;
            for (size_t s = 0; s < count; s++)
                to[s * o->lanes] = from[s][k];
        }
    }
}

/* Writes samples of a lane into a plan: number `first` on, or the chosen ones. */
static void fill_lane(const dw_objective_loss *o, task k, size_t lane, size_t first,
                      const size_t *chosen) {
    const dw_dataset *data = data_of(o->lane[lane], k);
    const machine *m = &o->machines[k];
    for (size_t i = 0; i <= data->inputs; i++) {
        const dw_dataset_part *part = i < data->inputs ? &data->input[i] : &data->target;
        const dw_plan_port *port = &m->in[FIRST + i];
        const double *rows[TOGETHER];
        size_t each = part->rows * part->columns;
        for (size_t s = 0, count; port->at != NULL && s < m->samples; s += count) {
            count = m->samples - s < TOGETHER ? m->samples - s : TOGETHER;
            for (size_t r = 0; r < count; r++) {
                size_t sample = chosen != NULL ? chosen[s + r] : first + s + r;
                rows[r] = part->numbers + sample * each;
            }
            put_samples(o, port, lane, rows, s, count);
        }
    }
}

/* The same for all lanes: chosen[lane][sample]. */
static void fill(const dw_objective_loss *o, task k, size_t first, const size_t *chosen) {
    for (size_t l = 0; l < o->lanes && !o->alone; l++)
        fill_lane(o, k, l, first, chosen != NULL ? chosen + l * o->machines[k].samples : NULL);
}

static bool run(const dw_objective_loss *o, task k, double *loss, dw_err *err) {
    if (!dw_plan_step(o->machines[k].plan, o->cancel, err))
        return false;
    for (size_t l = 0; l < o->lanes; l++)
        loss[l] = number_at(o, o->machines[k].out[0].at, 0, l);
    return true;
}

/* The parameters for a plan that measures. It has no place for them where the loss of the samples
 * at hand does not depend on them: the net may decide by its input. */
static void give_parameters(const dw_objective_loss *o, task k) {
    size_t bytes = o->lanes * (o->view.single ? sizeof(float) : sizeof(double));
    if (o->machines[k].in[X].at == NULL)
        return;
    memcpy(o->machines[k].in[X].at, o->view.x, o->view.n * bytes);
}

static bool gradient(void *context, const dw_train_batch *batch, double *loss, dw_err *err) {
    dw_objective_loss *o = context;
    void *noise = o->machines[STEP].in[NOISE].at;
    if (batch->chosen != NULL)
        fill(o, STEP, 0, batch->chosen);
    for (size_t l = 0; noise != NULL && l < o->lanes; l++) {
        put_number(o, noise, 0, l, o->lane[l]->terms.key);
        put_number(o, noise, 1, l, (double)batch->step);
    }
    return run(o, STEP, loss, err);
}

/* The mean over all samples of a set, piece by piece. */
static bool measure(void *context, bool validation, double *loss, dw_err *err) {
    dw_objective_loss *o = context;
    task k = validation ? VALID : TRAIN;
    size_t count = data_of(o, k)->count;
    double sum[LANES] = {0}, mean[LANES];
    give_parameters(o, k);
    if (o->machines[k].samples == count)
        return run(o, k, loss, err);
    for (size_t first = 0; first < count; first += o->machines[k].samples) {
        if (count - first < o->machines[k].samples)
            give_parameters(o, ++k);
        fill(o, k, first, NULL);
        if (!run(o, k, mean, err))
            return false;
        for (size_t l = 0; l < o->lanes; l++)
            sum[l] += mean[l] * (double)o->machines[k].samples;
    }
    for (size_t l = 0; l < o->lanes; l++)
        loss[l] = sum[l] / (double)count;
    return true;
}

/* ---- beginning and end ---- */

static dw_train_objective view_of(dw_objective_loss *o, size_t n) {
    const dw_objective_terms *t = &o->terms;
    return (dw_train_objective){.context = o,
                                .n = n,
                                .lanes = o->lanes,
                                .single = t->single,
                                .samples = t->train->count,
                                .validation = t->valid != NULL ? t->valid->count : 0,
                                .gradient = gradient,
                                .measure = measure};
}

bool dw_objective_new(dw_call *call, const dw_objective_terms *terms, dw_objective_loss **out) {
    dw_objective_loss *o = dw_mem_new(call->mem, sizeof *o);
    if (o == NULL)
        return dw_err_memory(call->err, "training");
    o->mem = call->mem;
    o->cancel = call->cancel;
    o->pool = call->eval->pool;
    o->terms = *terms;
    o->lanes = 1;
    o->lane[0] = o;
    o->view = view_of(o, dw_net_size(terms->net));
    bool fine = trace_all(call, o);
    if (!fine && try_alone(call, o)) {
        dw_err_clear(call->err);
        forget_traces(o);
        o->alone = true;
        fine = trace_all(call, o);
    }
    fine = fine && dw_net_flat(call->eval, terms->net, &o->start);
    *out = o;
    if (!fine)
        dw_objective_free(out);
    return fine;
}

bool dw_objective_joins(const dw_objective_loss *loss) {
    return !loss->alone;
}

bool dw_objective_match(const dw_objective_loss *a, const dw_objective_loss *b) {
    const dw_dataset *u = a->terms.train, *v = b->terms.train;
    const dw_dataset *p = a->terms.valid, *q = b->terms.valid;
    if (!dw_objective_joins(a) || !dw_objective_joins(b) || a->view.single || b->view.single ||
        a->view.n != b->view.n || u->count != v->count || u->inputs != v->inputs ||
        a->whole != b->whole || (p != NULL ? p->count : 0) != (q != NULL ? q->count : 0))
        return false;
    for (task k = STEP; k < MACHINES; k++)
        if (samples_of(a, k) > 0 && !dw_objective_trace_same(trace_of(a, k), trace_of(b, k)))
            return false;
    return true;
}

bool dw_objective_join(dw_objective_loss *const *losses, size_t count, dw_objective_loss **out,
                       dw_err *err) {
    const dw_objective_loss *first = losses[0];
    dw_objective_loss *o = dw_mem_new(first->mem, sizeof *o);
    if (o == NULL)
        return dw_err_memory(err, "training");
    o->mem = first->mem;
    o->cancel = first->cancel;
    o->terms = first->terms;
    o->whole = first->whole;
    o->lanes = count == 1 ? 1 : LANES;
    for (size_t l = 0; l < o->lanes; l++)
        o->lane[l] = losses[l < count ? l : 0];
    o->view = view_of(o, first->view.n);
    *out = o;
    return true;
}

bool dw_objective_plan(dw_objective_loss *o, dw_err *err) {
    for (task k = STEP; k < MACHINES; k++) {
        size_t samples = samples_of(o, k);
        if (samples == 0)
            continue;
        if (!build(o, k, trace_of(o->lane[0], k), err))
            return false;
        if (samples == data_of(o, k)->count)
            fill(o, k, 0, NULL);
    }
    o->view.x = o->machines[STEP].in[X].at;
    o->view.g = o->machines[STEP].out[1].at;
    for (size_t l = 0; l < o->lanes; l++)
        for (size_t i = 0; i < o->view.n; i++)
            put_number(o, o->view.x, i, l, o->lane[l]->start->data[i]);
    return true;
}

void dw_objective_free(dw_objective_loss **loss) {
    dw_objective_loss *o = *loss;
    if (o == NULL)
        return;
    for (task k = STEP; k < MACHINES; k++)
        dw_plan_free(&o->machines[k].plan);
    forget_traces(o);
    dw_tensor_release(o->start);
    dw_mem_free(o);
    *loss = NULL;
}

const dw_train_objective *dw_objective_train(const dw_objective_loss *loss) {
    return &loss->view;
}

double dw_objective_flops(const dw_objective_loss *loss) {
    return dw_plan_flops(loss->machines[STEP].plan);
}

dw_tensor *dw_objective_column(const dw_objective_loss *o, size_t lane, dw_err *err) {
    dw_tensor *column = dw_tensor_raw(o->mem, o->view.n, 1, err);
    for (size_t i = 0; column != NULL && i < o->view.n; i++)
        column->data[i] = number_at(o, o->view.x, i, lane);
    return column;
}
