/* SPDX-License-Identifier: BSD-3-Clause */
/* What builtins do when an argument is traced. */
#include "lang/lib_traced.h"

#include "lang/trace.h"

static dw_operate operate_of(const dw_call *call) {
    return (dw_operate){call->mem, call->cancel, call->err};
}

typedef bool (*make_node)(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err);

/* A node of a traced value as a value. */
static bool node_of(dw_call *call, dw_value v, make_node make, dw_value *out) {
    dw_trace *trace = v.as.traced->trace;
    dw_graph_id y;
    return make(trace->graph, v.as.traced->id, &y, call->err) &&
           dw_trace_value(trace, y, out, call->err);
}

/* The value where it is traced, whatever parameter it is. */
static dw_trace *trace_of(const dw_call *call) {
    for (size_t i = 0; i < call->count; i++)
        if (call->args[i].kind == DW_TRACED)
            return call->args[i].as.traced->trace;
    return NULL;
}

bool dw_lib_traced_sum(dw_call *call, dw_value *out) {
    return node_of(call, call->args[0], dw_graph_sum, out);
}

bool dw_lib_traced_norm(dw_call *call, dw_value *out) {
    return node_of(call, call->args[0], dw_graph_norm, out);
}

static double size_of(dw_value v) {
    return (double)(v.as.traced->rows * v.as.traced->columns);
}

/* Replaces *v by the result of an operation with a plain number. */
static bool with_number(dw_call *call, dw_elem_binary op, dw_value *v, double number) {
    dw_operate o = operate_of(call);
    dw_value next;
    bool fine = dw_operate_pair(&o, op, *v, dw_value_number(number), &next);
    dw_value_release(*v);
    *v = fine ? next : dw_value_nothing();
    return fine;
}

bool dw_lib_traced_mean(dw_call *call, dw_value *out) {
    return dw_lib_traced_sum(call, out) &&
           with_number(call, DW_ELEM_DIVIDE, out, size_of(call->args[0]));
}

/* Σ(x - mean)²/(n-1); 0 for a single number, as for plain ones. */
bool dw_lib_traced_variance(dw_call *call, dw_value *out) {
    dw_operate o = operate_of(call);
    dw_value x = call->args[0], mean, gap, squares;
    double n = size_of(x);
    if (n < 2)
        return dw_call_fail(call, 0, DW_ERR_VALUE, "%s needs at least 2 numbers, but there is one",
                            call->builtin->name);
    if (!dw_lib_traced_mean(call, &mean))
        return false;
    bool fine = dw_operate_pair(&o, DW_ELEM_SUBTRACT, x, mean, &gap);
    dw_value_release(mean);
    if (!fine)
        return false;
    fine = dw_operate_pair(&o, DW_ELEM_MULTIPLY, gap, gap, &squares);
    dw_value_release(gap);
    if (!fine)
        return false;
    if (squares.kind == DW_TRACED)
        fine = node_of(call, squares, dw_graph_sum, out);
    else
        fine = dw_err_set(call->err, DW_ERR_INTERNAL, "the squares were not traced");
    dw_value_release(squares);
    return fine && with_number(call, DW_ELEM_DIVIDE, out, n - 1);
}

bool dw_lib_traced_std(dw_call *call, dw_value *out) {
    dw_operate o = operate_of(call);
    dw_value variance;
    if (!dw_lib_traced_variance(call, &variance))
        return false;
    bool fine = dw_operate_unary(&o, DW_ELEM_SQRT, "std", variance, out);
    dw_value_release(variance);
    return fine;
}

bool dw_lib_traced_product(dw_call *call, dw_value *out) {
    dw_operate o = operate_of(call);
    size_t n = (size_t)size_of(call->args[0]);
    dw_value so_far = dw_value_number(1);
    bool fine = true;
    for (size_t i = 0; fine && i < n; i++) {
        dw_value element, next;
        fine = dw_trace_gather(call->args[0], &i, 1, 1, &element, call->err);
        if (!fine)
            break;
        fine = dw_operate_pair(&o, DW_ELEM_MULTIPLY, so_far, element, &next);
        dw_value_release(element);
        dw_value_release(so_far);
        so_far = fine ? next : dw_value_nothing();
    }
    if (fine)
        *out = so_far;
    else
        dw_value_release(so_far);
    return fine;
}

bool dw_lib_traced_dot(dw_call *call, dw_value *out) {
    dw_operate o = operate_of(call);
    return dw_operate_binary(&o, DW_SIGN_DOT, call->args[0], call->args[1], out);
}

bool dw_lib_traced_solve(dw_call *call, dw_value *out) {
    dw_trace *trace = trace_of(call);
    dw_graph_id a, b, x;
    return dw_trace_node(trace, call->args[0], &a, call->err) &&
           dw_trace_node(trace, call->args[1], &b, call->err) &&
           dw_graph_solve(trace->graph, a, b, &x, call->err) &&
           dw_trace_value(trace, x, out, call->err);
}

bool dw_lib_traced_transpose(dw_call *call, dw_value *out) {
    dw_operate o = operate_of(call);
    return dw_trace_transpose(&o, call->args[0], out);
}

bool dw_lib_traced_reverse(dw_call *call, dw_value *out) {
    const dw_traced *t = call->args[0].as.traced;
    size_t n = t->rows * t->columns;
    if (t->rows != 1 && t->columns != 1)
        return dw_call_fail(call, 0, DW_ERR_SHAPE, "reverse needs a row or a column");
    size_t *places = dw_mem_array(call->mem, n, sizeof *places);
    if (places == NULL)
        return dw_err_memory(call->err, "an array");
    for (size_t i = 0; i < n; i++)
        places[i] = n - 1 - i;
    bool fine = dw_trace_gather(call->args[0], places, t->rows, t->columns, out, call->err);
    dw_mem_free(places);
    return fine;
}

bool dw_lib_traced_rows(dw_call *call, dw_value *out) {
    *out = dw_value_number((double)call->args[0].as.traced->rows);
    return true;
}

bool dw_lib_traced_columns(dw_call *call, dw_value *out) {
    *out = dw_value_number((double)call->args[0].as.traced->columns);
    return true;
}

bool dw_lib_traced_count(dw_call *call, dw_value *out) {
    *out = dw_value_number(size_of(call->args[0]));
    return true;
}

bool dw_lib_traced_extreme(dw_call *call, dw_value array, bool largest, dw_value *out) {
    return node_of(call, array, largest ? dw_graph_largest : dw_graph_smallest, out);
}
