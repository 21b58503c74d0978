/* SPDX-License-Identifier: BSD-3-Clause */
/* One function per kind of operation, chosen by a table that op.def fills. */
#include "graph/op.h"

#include "tensor/linalg.h"
#include "tensor/reduce.h"

#include <string.h>

/* What a run gets besides the call. */
typedef struct {
    const dw_op_call *call;
    double *out;
    const double *const *in;
    void *room;
    const dw_cancel *cancel;
    dw_err *err;
} run;

static size_t size_of(dw_op_shape shape) {
    return shape.rows * shape.columns;
}

static dw_tensor tensor_of(dw_op_shape shape, const double *numbers) {
    return (dw_tensor){.refs = 1,
                       .axes = 2,
                       .dim = {shape.rows, shape.columns, 1, 1},
                       .size = size_of(shape),
                       .data = (double *)numbers};
}

/* How many of n elements from i on to do before looking at `cancel` again; 0 at the end. *stopped
 * is set when it was time to stop. */
static size_t next_round(const run *r, size_t n, size_t i, bool *stopped) {
    enum { ROUND = 1 << 14 };
    if (i >= n)
        return 0;
    if (i > 0 && r->cancel && dw_cancel_pending(r->cancel)) {
        dw_err_set(r->err, DW_ERR_INTERRUPT, "stopped while going through %zu elements", n);
        *stopped = true;
        return 0;
    }
    return n - i < ROUND ? n - i : ROUND;
}

static bool run_nothing(const run *r) {
    (void)r;
    return true;
}

static bool run_elements_as_they_are(const run *r) {
    size_t n = size_of(r->call->shape);
    if (n > 0 && r->out != r->in[0])
        memcpy(r->out, r->in[0], n * sizeof *r->out);
    return true;
}

#define run_INPUT run_nothing
#define run_CONSTANT run_nothing
#define run_COPY run_elements_as_they_are
#define run_RESHAPE run_elements_as_they_are

static bool run_MAP(const run *r) {
    bool stopped = false;
    for (size_t i = 0, n; (n = next_round(r, size_of(r->call->shape), i, &stopped)) > 0; i += n)
        dw_elem_run1((dw_elem_unary)r->call->elem, r->out + i, r->in[0] + i, n);
    return !stopped;
}

static bool run_PAIR(const run *r) {
    const dw_op_call *call = r->call;
    bool x_number = size_of(call->input[0]) == 1, y_number = size_of(call->input[1]) == 1;
    bool stopped = false;
    for (size_t i = 0, n; (n = next_round(r, size_of(call->shape), i, &stopped)) > 0; i += n)
        dw_elem_run2((dw_elem_binary)call->elem, r->out + i,
                     (dw_elem_source){r->in[0] + (x_number ? 0 : i), x_number},
                     (dw_elem_source){r->in[1] + (y_number ? 0 : i), y_number}, n);
    return !stopped;
}

static bool run_CHOOSE(const run *r) {
    const dw_op_call *call = r->call;
    size_t step[DW_OP_INPUTS];
    for (unsigned k = 0; k < DW_OP_INPUTS; k++)
        step[k] = size_of(call->input[k]) == 1 ? 0 : 1;
    const double *c = r->in[0], *x = r->in[1], *y = r->in[2];
    bool stopped = false;
    for (size_t i = 0, n; (n = next_round(r, size_of(call->shape), i, &stopped)) > 0; i += n)
        for (size_t k = i; k < i + n; k++)
            r->out[k] = c[k * step[0]] != 0 ? x[k * step[1]] : y[k * step[2]];
    return !stopped;
}

static bool run_PRODUCT(const run *r) {
    dw_tensor a = tensor_of(r->call->input[0], r->in[0]);
    dw_tensor b = tensor_of(r->call->input[1], r->in[1]);
    dw_tensor out = tensor_of(r->call->shape, r->out);
    return dw_tensor_product_into(&a, &b, &out, r->cancel, r->err);
}

static bool run_TRANSPOSE(const run *r) {
    dw_tensor_transpose_into(r->in[0], r->call->input[0].rows, r->call->input[0].columns, r->out);
    return true;
}

static bool run_SUM(const run *r) {
    r->out[0] = dw_reduce_sum(r->in[0], size_of(r->call->input[0]));
    return true;
}

static bool run_SPREAD(const run *r) {
    double number = r->in[0][0];
    size_t n = size_of(r->call->shape);
    for (size_t i = 0; i < n; i++)
        r->out[i] = number;
    return true;
}

static bool run_NORM(const run *r) {
    r->out[0] = dw_reduce_norm(r->in[0], size_of(r->call->input[0]));
    return true;
}

static bool run_LARGEST(const run *r) {
    r->out[0] = r->in[0][dw_reduce_argmax(r->in[0], size_of(r->call->input[0]))];
    return true;
}

static bool run_SMALLEST(const run *r) {
    r->out[0] = r->in[0][dw_reduce_argmin(r->in[0], size_of(r->call->input[0]))];
    return true;
}

static bool run_GATHER(const run *r) {
    size_t n = size_of(r->call->shape);
    for (size_t i = 0; i < n; i++)
        r->out[i] = r->in[0][r->call->places[i]];
    return true;
}

static bool run_PLACE(const run *r) {
    size_t n = size_of(r->call->input[0]), all = size_of(r->call->shape);
    for (size_t i = 0; i < all; i++)
        r->out[i] = 0;
    for (size_t i = 0; i < n; i++)
        r->out[r->call->places[i]] += r->in[0][i];
    return true;
}

static bool run_SOLVE(const run *r) {
    dw_tensor a = tensor_of(r->call->input[0], r->in[0]);
    dw_tensor b = tensor_of(r->call->input[1], r->in[1]);
    dw_tensor out = tensor_of(r->call->shape, r->out);
    return dw_linalg_solve_into(&a, &b, &out, r->room, r->cancel, r->err);
}

typedef struct {
    unsigned arity;
    bool (*run)(const run *r);
} row;

static const row rows[] = {
#define DW_OP(name, arity, what) {arity, run_##name},
#include "graph/op.def"
};

unsigned dw_op_arity(dw_op op) {
    return rows[op].arity;
}

bool dw_op_overlaps(dw_op op) {
    return op == DW_OP_MAP || op == DW_OP_PAIR || op == DW_OP_CHOOSE;
}

bool dw_op_run(const dw_op_call *call, double *out, const double *const *in, void *room,
               const dw_cancel *cancel, dw_err *err) {
    return rows[call->op].run(&(run){call, out, in, room, cancel, err});
}

bool dw_op_room(const dw_op_call *call, size_t *bytes, dw_err *err) {
    *bytes = 0;
    if (call->op != DW_OP_SOLVE)
        return true;
    *bytes = dw_linalg_solve_room(call->input[0].rows, call->input[0].columns);
    return *bytes > 0 || dw_err_memory(err, "the steps of solve");
}
