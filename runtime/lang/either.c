/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations on numbers and arrays that go for traced values alike. */
#include "lang/either.h"

#include "lang/trace.h"
#include "tensor/reduce.h"

#include <string.h>

bool dw_either_shape(dw_value v, size_t *rows, size_t *columns) {
    double number;
    *rows = *columns = 1;
    if (v.kind == DW_ARRAY || v.kind == DW_TRACED) {
        dw_value_shape(v, rows, columns);
        return true;
    }
    return dw_value_as_number(v, &number);
}

/* A plain value as a tensor with a reference. */
static dw_tensor *tensor_of(const dw_operate *o, dw_value v) {
    dw_tensor *t;
    return dw_value_as_tensor(o->mem, v, &t, o->err) ? t : NULL;
}

bool dw_either_reshape(const dw_operate *o, dw_value v, size_t rows, size_t columns,
                       dw_value *out) {
    size_t old_rows, old_columns;
    if (dw_either_shape(v, &old_rows, &old_columns) && old_rows == rows && old_columns == columns) {
        *out = dw_value_retain(v);
        return true;
    }
    if (v.kind == DW_TRACED) {
        dw_trace *trace = v.as.traced->trace;
        dw_graph_id y;
        return dw_graph_reshape(trace->graph, v.as.traced->id, rows, columns, &y, o->err) &&
               dw_trace_value(trace, y, out, o->err);
    }
    dw_tensor *from = tensor_of(o, v);
    dw_tensor *to = from != NULL ? dw_tensor_raw(o->mem, rows, columns, o->err) : NULL;
    if (to != NULL) {
        memcpy(to->data, from->data, to->size * sizeof(double));
        to->truth = from->truth;
        *out = dw_value_array(to);
    }
    dw_tensor_release(from);
    return to != NULL;
}

bool dw_either_gather(const dw_operate *o, dw_value v, const size_t *places, size_t rows,
                      size_t columns, dw_value *out) {
    if (v.kind == DW_TRACED)
        return dw_trace_gather(v, places, rows, columns, out, o->err);
    dw_tensor *from = tensor_of(o, v);
    dw_tensor *to =
        from != NULL ? dw_tensor_gather(o->mem, from, places, rows, columns, o->err) : NULL;
    if (to != NULL)
        *out = dw_value_array(to);
    dw_tensor_release(from);
    return to != NULL;
}

bool dw_either_place(const dw_operate *o, dw_value v, const size_t *places, size_t rows,
                     size_t columns, dw_value *out) {
    if (v.kind == DW_TRACED) {
        dw_trace *trace = v.as.traced->trace;
        dw_graph_id y;
        return dw_graph_place(trace->graph, v.as.traced->id, places, rows, columns, &y, o->err) &&
               dw_trace_value(trace, y, out, o->err);
    }
    dw_tensor *from = tensor_of(o, v);
    dw_tensor *to = from != NULL ? dw_tensor_zeros(o->mem, rows, columns, o->err) : NULL;
    if (to != NULL) {
        for (size_t i = 0; i < from->size; i++)
            to->data[places[i]] += from->data[i];
        *out = dw_value_array(to);
    }
    dw_tensor_release(from);
    return to != NULL;
}

typedef bool (*make_node)(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err);

static bool traced_node(const dw_operate *o, make_node make, dw_value v, dw_value *out) {
    dw_trace *trace = v.as.traced->trace;
    dw_graph_id y;
    return make(trace->graph, v.as.traced->id, &y, o->err) && dw_trace_value(trace, y, out, o->err);
}

bool dw_either_sum(const dw_operate *o, dw_value v, dw_value *out) {
    if (v.kind == DW_TRACED)
        return traced_node(o, dw_graph_sum, v, out);
    dw_tensor *t = tensor_of(o, v);
    if (t == NULL)
        return false;
    *out = dw_value_number(dw_reduce_sum(t->data, t->size, NULL));
    dw_tensor_release(t);
    return true;
}

bool dw_either_largest(const dw_operate *o, dw_value v, dw_value *out) {
    if (v.kind == DW_TRACED)
        return traced_node(o, dw_graph_largest, v, out);
    dw_tensor *t = tensor_of(o, v);
    if (t == NULL)
        return false;
    if (t->size == 0) {
        dw_tensor_release(t);
        return dw_err_set(o->err, DW_ERR_VALUE, "there is no largest element of nothing");
    }
    *out = dw_value_number(t->data[dw_reduce_argmax(t->data, t->size, NULL)]);
    dw_tensor_release(t);
    return true;
}
