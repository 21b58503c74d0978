/* SPDX-License-Identifier: BSD-3-Clause */
/* One run of the body of a comprehension for all of its elements. */
#include "lang/batched.h"

#include "lang/assign.h"
#include "lang/express.h"
#include "lang/invoke_builtin.h"
#include "lang/lib_traced.h"
#include "lang/loop.h"
#include "lang/trace.h"

enum { FEW = 8 }; /* elements that are not worth it */

const dw_node *dw_batched_comprehension(const dw_node *call, const dw_function *f) {
    bool reduces =
        f->builtin->traced == dw_lib_traced_sum || f->builtin->traced == dw_lib_traced_mean;
    if (!reduces || call->count != 2)
        return NULL;
    const dw_node *argument = call->child[1];
    if (argument->kind == DW_NODE_LIST && argument->count == 1 && argument->child[0]->count == 1)
        argument = argument->child[0]->child[0]; /* sum([… for …]) */
    bool plain = argument->kind == DW_NODE_COMPREHENSION &&
                 (argument->count < 3 || argument->child[2] == NULL);
    return plain ? argument : NULL;
}

/* ---- all elements as one ---- */

/* An array whose elements or columns are the samples. */
static bool array_samples(dw_eval *e, dw_tensor *t, dw_value *out) {
    dw_graph_id id;
    bool vector = dw_tensor_is_vector(t);
    dw_op_shape shape = {vector ? 1 : t->dim[0], 1, vector ? t->size : t->dim[1]};
    return dw_graph_samples(e->trace->graph, t, shape, &id, e->err) &&
           dw_trace_value(e->trace, id, out, e->err);
}

static bool is_column(dw_value v) {
    return v.kind == DW_ARRAY && v.as.array->axes == 2;
}

/* A row of a table with batched values in its fields. */
static bool table_samples(dw_eval *e, const dw_record *table, dw_value *out) {
    const char **names = dw_mem_array(e->mem, table->count + 1, sizeof *names);
    if (names == NULL)
        return dw_err_memory(e->err, "a record");
    for (size_t i = 0; i < table->count; i++)
        names[i] = table->fields[i].name->bytes;
    bool fine = dw_value_record(e->mem, DW_RECORD, names, table->count, 0, out, e->err);
    dw_mem_free(names);
    for (size_t i = 0; fine && i < table->count; i++)
        fine =
            array_samples(e, table->fields[i].value.as.array, &out->as.record->fields[i].value) ||
            dw_value_drop(out);
    return fine;
}

static bool all_elements(dw_eval *e, dw_value range, dw_value *out) {
    dw_tensor *t;
    if (range.kind == DW_TABLE)
        return table_samples(e, range.as.record, out);
    if (!dw_value_as_tensor(e->mem, range, &t, e->err))
        return false;
    bool fine = array_samples(e, t, out);
    dw_tensor_release(t);
    return fine;
}

/* Whether a range consists of numbers or columns that can stand side by side. */
static bool is_suitable(const dw_eval *e, const dw_node *comprehension, dw_value range) {
    size_t length;
    dw_err ignored = {0};
    if (e->trace->one_by_one || e->trace->batch != 1 ||
        !dw_value_length(range, &length, &ignored) || length < FEW)
        return false;
    for (size_t i = 0; i < sizeof e->trace->refused / sizeof *e->trace->refused; i++)
        if (e->trace->refused[i] == comprehension)
            return false;
    if (range.kind != DW_TABLE)
        return range.kind == DW_INTERVAL || is_column(range);
    for (size_t i = 0; i < range.as.record->count; i++)
        if (!is_column(range.as.record->fields[i].value))
            return false;
    return true;
}

/* ---- the body, and its sum ---- */

/* The sum of the body's value over samples and elements, or their mean. */
static bool reduce(dw_eval *e, dw_value body, size_t batch, bool mean, dw_value *out) {
    dw_graph *g = e->trace->graph;
    dw_graph_id id, number;
    if (body.kind != DW_TRACED && body.kind != DW_ARRAY && body.kind != DW_NUMBER &&
        body.kind != DW_TRUTH)
        return dw_err_set(e->err, DW_ERR_TYPE, "a sum needs numbers");
    if (!dw_trace_node(e->trace, body, &id, e->err))
        return false;
    const dw_graph_node *node = dw_graph_at(g, id);
    double count = (double)node->rows * (double)node->columns * (double)batch;
    bool same = node->batch == 1; /* the value does not depend on the element */
    if (count == 0)
        return dw_err_set(e->err, DW_ERR_SHAPE, "nothing to sum up");
    if (!dw_graph_sum(g, id, &id, e->err) || !dw_graph_batch_sum(g, id, &id, e->err))
        return false;
    if (same && (!dw_graph_number(g, (double)batch, &number, e->err) ||
                 !dw_graph_pair(g, DW_ELEM_MULTIPLY, id, number, &id, e->err)))
        return false;
    if (mean && (!dw_graph_number(g, count, &number, e->err) ||
                 !dw_graph_pair(g, DW_ELEM_DIVIDE, id, number, &id, e->err)))
        return false;
    return dw_trace_value(e->trace, id, out, e->err);
}

static bool run_body(dw_eval *e, dw_frame *frame, const dw_node *comprehension, dw_value range,
                     dw_value *body) {
    dw_value element;
    return all_elements(e, range, &element) && dw_assign_names(e, frame, comprehension, element) &&
           dw_express_node(e, frame, comprehension->child[0], body);
}

/* Tries it. *out stays NOTHING when it does not work: false only when nothing can be done then. */
static bool at_once(dw_eval *e, dw_frame *frame, const dw_node *comprehension, dw_value range,
                    bool mean, dw_value *out) {
    dw_trace *trace = e->trace;
    dw_rng stream = e->rng;
    uint64_t draws = e->draws;
    size_t batch;
    dw_value body = dw_value_nothing();
    if (!dw_value_length(range, &batch, e->err))
        return false;
    trace->batch = batch;
    bool fine = run_body(e, frame, comprehension, range, &body);
    trace->batch = 1;
    dw_loop_forget(frame, comprehension);
    e->rng = stream;
    if (fine) {
        fine = draws == e->draws && reduce(e, body, batch, mean, out);
        dw_value_release(body);
    }
    if (fine) {
        e->rng.counter++; /* as for one element after the other */
        return true;
    }
    *out = dw_value_nothing();
    if (e->err->kind == DW_ERR_INTERRUPT || e->err->kind == DW_ERR_MEMORY)
        return false;
    dw_err_clear(e->err);
    size_t room = sizeof trace->refused / sizeof *trace->refused;
    trace->refused[trace->refused_count++ % room] = comprehension;
    return true;
}

bool dw_batched_reduce(dw_eval *e, dw_frame *frame, const dw_node *call, const dw_function *f,
                       const dw_node *comprehension, dw_value *out) {
    dw_value range, values;
    bool mean = f->builtin->traced == dw_lib_traced_mean;
    *out = dw_value_nothing();
    if (!dw_express_node(e, frame, comprehension->child[1], &range))
        return false;
    bool fine =
        !is_suitable(e, comprehension, range) || at_once(e, frame, comprehension, range, mean, out);
    if (fine && out->kind == DW_NOTHING) {
        fine = dw_loop_over(e, frame, comprehension, range, &values);
        if (fine) {
            fine = dw_invoke_builtin_values(e, frame, call->child[1]->span, f,
                                            (dw_values){&values, 1}, out);
            dw_value_release(values);
        }
    }
    dw_value_release(range);
    return fine;
}
