/* SPDX-License-Identifier: BSD-3-Clause */
/* Measuring: the net is traced as in training with all samples at once, and what its layers noted
 * on the way is computed and put into them. */
#include "lang/net_measure.h"

#include "graph/plan.h"
#include "lang/either.h"
#include "lang/layer.h"
#include "lang/net_call.h"
#include "lang/trace.h"

#include <string.h>

/* Replaces a layer inside *v, wherever it stands, by one with other measured values. */
typedef struct {
    dw_eval *e;
    const dw_function *layer;
    const dw_value *measured;
    unsigned depth;
} swap;

static bool holds(const dw_function *f, const dw_function *layer, unsigned depth) {
    if (f == layer)
        return true;
    for (uint32_t i = 0; depth < 32 && i < f->count; i++)
        if (f->values[i].kind == DW_FUNCTION && holds(f->values[i].as.function, layer, depth + 1))
            return true;
    return false;
}

static bool put(const swap *s, dw_value *v) {
    const dw_layer *layer = s->layer->net->layer;
    bool here = v->as.function == s->layer;
    if (!dw_net_own(s->e, v))
        return false;
    dw_function *f = v->as.function;
    for (uint32_t i = 0; here && i < layer->measured; i++) {
        dw_value_release(f->values[layer->parameters + i]);
        f->values[layer->parameters + i] = dw_value_retain(s->measured[i]);
    }
    for (uint32_t i = 0; !here && i < f->count; i++)
        if (f->values[i].kind == DW_FUNCTION && holds(f->values[i].as.function, s->layer, 0) &&
            !put(s, &f->values[i]))
            return false;
    return true;
}

/* Where the samples of a net lie and what is computed from them. */
typedef struct {
    dw_eval *e;
    dw_value net;
    dw_trace *trace;
    dw_layer_notes notes;
    dw_graph_id *ids;
    double **outputs;
    dw_value *arrays; /* of the outputs */
    size_t count;
} work;

/* Runs the net once on traced samples, noting. */
static bool trace_net(work *w, size_t rows, size_t columns, size_t batch) {
    dw_eval *e = w->e;
    dw_op_shape shape = {rows, columns, batch};
    dw_graph_id x;
    dw_value input, answer;
    struct dw_trace *outer = e->trace;
    bool training = e->training;
    if (!dw_graph_input(w->trace->graph, 0, shape, &x, e->err) ||
        !dw_trace_value(w->trace, x, &input, e->err))
        return false;
    e->trace = w->trace;
    e->training = true;
    e->notes = &w->notes;
    bool fine = dw_net_call(e, NULL, (dw_span){0, 0}, w->net, (dw_values){&input, 1}, &answer);
    e->trace = outer;
    e->training = training;
    e->notes = NULL;
    dw_value_release(input);
    if (fine)
        dw_value_release(answer);
    return fine;
}

/* Room for what was noted: an array for each. */
static bool make_room(work *w) {
    dw_eval *e = w->e;
    size_t most = w->notes.count * DW_LAYER_VALUES + 1;
    w->ids = dw_mem_array(e->mem, most, sizeof *w->ids);
    w->outputs = dw_mem_array(e->mem, most, sizeof *w->outputs);
    w->arrays = dw_mem_array(e->mem, most, sizeof *w->arrays);
    if (w->ids == NULL || w->outputs == NULL || w->arrays == NULL)
        return dw_err_memory(e->err, "what layers measure");
    for (size_t i = 0; i < w->notes.count; i++)
        for (uint32_t k = 0; k < w->notes.items[i].layer->net->layer->measured; k++) {
            dw_value noted = w->notes.items[i].values[k];
            size_t rows = 1, columns = 1;
            dw_tensor *array = NULL;
            if (!dw_either_shape(noted, &rows, &columns) ||
                !dw_trace_node(w->trace, noted, &w->ids[w->count], e->err))
                return false;
            array = dw_tensor_raw(e->mem, rows, columns, e->err);
            if (array == NULL)
                return false;
            w->outputs[w->count] = array->data;
            w->arrays[w->count++] = (dw_value){.kind = DW_ARRAY, .as.array = array};
        }
    return true;
}

/* Computes the arrays: the samples element by element, the samples of an element side by side. */
static bool compute(work *w, const dw_tensor *inputs, size_t batch) {
    dw_eval *e = w->e;
    const double *data = inputs->data;
    dw_tensor *first = NULL;
    if (batch < inputs->dim[1]) {
        first = dw_tensor_raw(e->mem, inputs->dim[0], batch, e->err);
        if (first == NULL)
            return false;
        for (size_t r = 0; r < inputs->dim[0]; r++)
            memcpy(first->data + r * batch, data + r * inputs->dim[1], batch * sizeof *data);
        data = first->data;
    }
    dw_plan *plan = dw_plan_new(e->mem, w->trace->graph, w->ids, w->count, e->err);
    bool fine = plan != NULL && dw_plan_run(plan, &data, w->outputs, &e->cancel, e->err);
    dw_plan_free(&plan);
    dw_tensor_release(first);
    return fine;
}

/* The net with the arrays in its layers. */
static bool settle(work *w, dw_value *out) {
    *out = dw_value_retain(w->net);
    size_t next = 0;
    for (size_t i = 0; i < w->notes.count; i++) {
        const dw_function *layer = w->notes.items[i].layer;
        dw_value measured[DW_LAYER_VALUES];
        for (uint32_t k = 0; k < layer->net->layer->measured; k++) {
            dw_value *array = &w->arrays[next++];
            *array = dw_value_array(array->as.array); /* 1×1: a number */
            measured[k] = *array;
        }
        swap s = {.e = w->e, .layer = layer, .measured = measured};
        if (holds(out->as.function, layer, 0) && !put(&s, out))
            return dw_value_drop(out);
    }
    return true;
}

bool dw_net_measure_inputs(dw_eval *e, dw_value f, const dw_tensor *inputs, dw_value *out) {
    size_t rows, columns, batch = inputs->dim[1];
    work w = {.e = e, .net = f};
    if (!dw_net_input(f, &rows, &columns)) {
        rows = inputs->dim[0];
        columns = 1;
    }
    if (rows * columns != inputs->dim[0])
        return dw_err_set(e->err, DW_ERR_INTERNAL, "the samples do not fit the net");
    batch = batch < DW_NET_MEASURE_MOST ? batch : DW_NET_MEASURE_MOST;
    w.trace = dw_trace_new(e->mem, e->err);
    if (w.trace == NULL)
        return false;
    bool fine = trace_net(&w, rows, columns, batch) && make_room(&w) &&
                (w.count == 0 || compute(&w, inputs, batch)) && settle(&w, out);
    for (size_t i = 0; i < w.count; i++)
        dw_value_release(w.arrays[i]);
    dw_mem_free(w.ids);
    dw_mem_free(w.outputs);
    dw_mem_free(w.arrays);
    dw_layer_free_notes(&w.notes);
    dw_trace_release(w.trace);
    return fine;
}

static bool measures(dw_value v, unsigned depth) {
    const dw_function *f = v.kind == DW_FUNCTION ? v.as.function : NULL;
    if (f == NULL || depth > 32)
        return false;
    if (f->net != NULL && f->net->layer != NULL && f->net->layer->measured > 0)
        return true;
    for (uint32_t i = 0; i < f->count; i++)
        if (measures(f->values[i], depth + 1))
            return true;
    return false;
}

bool dw_net_measure_is_needed(dw_value f) {
    return measures(f, 0);
}
