/* SPDX-License-Identifier: BSD-3-Clause */
/* One function per kind of operation, chosen by a table that op.def fills. The functions work on
 * one sample; batched values are taken apart sample by sample, which is slow and leaves no doubt.
 */
#include "graph/op.h"

#include "base/rng.h"
#include "tensor/linalg.h"
#include "tensor/product.h"
#include "tensor/reduce.h"

#include <math.h>
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
                       .data = (double *)(uintptr_t)numbers};
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
#define run_DETACH run_elements_as_they_are
#define run_BATCH_SUM run_elements_as_they_are
#define run_BATCH_SPREAD run_elements_as_they_are

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

/* One element of a product, or of the sum of the samples' products: one long row times a long
 * column. */
static double contract(const run *r, size_t i, size_t j) {
    const dw_op_shape *a = &r->call->input[0], *b = &r->call->input[1];
    size_t batch = a->batch, n = a->columns * batch;
    double total = 0;
    for (size_t from = 0; from < n; from += DW_PRODUCT_BLOCK) {
        size_t to = n - from < DW_PRODUCT_BLOCK ? n : from + DW_PRODUCT_BLOCK;
        double sum = 0;
        for (size_t q = from; q < to; q++)
            sum = fma(r->in[0][i * n + q],
                      r->in[1][(q / batch * b->columns + j) * batch + q % batch], sum);
        total = from == 0 ? sum : total + sum;
    }
    return total;
}

static bool sum_products(const run *r) {
    dw_op_shape shape = r->call->shape;
    for (size_t i = 0; i < shape.rows; i++) {
        for (size_t j = 0; j < shape.columns; j++)
            r->out[i * shape.columns + j] = contract(r, i, j);
        if (r->cancel && dw_cancel_pending(r->cancel))
            return dw_err_set(r->err, DW_ERR_INTERRUPT, "stopped in a product of matrices");
    }
    return true;
}

#define run_PRODUCT sum_products

static bool run_TRANSPOSE(const run *r) {
    dw_tensor_transpose_into(r->in[0], r->call->input[0].rows, r->call->input[0].columns, r->out);
    return true;
}

static bool run_SUM(const run *r) {
    r->out[0] = dw_reduce_sum(r->in[0], size_of(r->call->input[0]), NULL);
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
    r->out[0] = dw_reduce_norm(r->in[0], size_of(r->call->input[0]), NULL);
    return true;
}

static bool run_LARGEST(const run *r) {
    r->out[0] = r->in[0][dw_reduce_argmax(r->in[0], size_of(r->call->input[0]), NULL)];
    return true;
}

static bool run_SMALLEST(const run *r) {
    r->out[0] = r->in[0][dw_reduce_argmin(r->in[0], size_of(r->call->input[0]), NULL)];
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

size_t dw_op_column(double index, size_t columns) {
    return index >= 0 && index < (double)columns ? (size_t)index : SIZE_MAX;
}

static bool run_PICK(const run *r) {
    size_t rows = r->call->shape.rows, n = r->call->shape.columns;
    size_t columns = r->call->input[0].columns;
    for (size_t k = 0; k < n; k++) {
        size_t column = dw_op_column(r->in[1][k], columns);
        for (size_t i = 0; i < rows; i++)
            r->out[i * n + k] = column == SIZE_MAX ? NAN : r->in[0][i * columns + column];
    }
    return true;
}

static void fill_with_zeros(const run *r) {
    for (size_t i = 0, n = size_of(r->call->shape); i < n; i++)
        r->out[i] = 0;
}

/* Adds column k of sample s of the first input. */
static void put_column(const run *r, size_t k, size_t s) {
    const dw_op_shape *x = &r->call->input[0], *index = &r->call->input[1];
    size_t columns = r->call->shape.columns;
    size_t column = dw_op_column(r->in[1][k * index->batch + s % index->batch], columns);
    for (size_t i = 0; column != SIZE_MAX && i < x->rows; i++)
        r->out[i * columns + column] += r->in[0][(i * x->columns + k) * x->batch + s % x->batch];
}

static bool run_PUT(const run *r) {
    fill_with_zeros(r);
    for (size_t k = 0; k < r->call->input[0].columns; k++)
        put_column(r, k, 0);
    return true;
}

static uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

void dw_op_random(const double key[2], uint32_t stream, uint64_t first, double *out, size_t n) {
    dw_rng parent = dw_rng_seed(bits_of(key[0]));
    dw_rng rng = dw_rng_split(&parent, bits_of(key[1]), stream);
    rng.counter = first;
    dw_rng_uniforms(&rng, out, n);
}

static bool run_RANDOM(const run *r) {
    size_t n = size_of(r->call->shape) * r->call->shape.batch;
    dw_op_random(r->in[0], r->call->stream, 0, r->out, n);
    return true;
}

/* ---- the table ---- */

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

/* ---- samples ---- */

static size_t batch_of(const dw_op_call *call) {
    size_t batch = call->shape.batch;
    for (unsigned k = 0; k < dw_op_arity(call->op); k++)
        if (call->input[k].batch > batch)
            batch = call->input[k].batch;
    return batch;
}

/* Sums of samples: each element's, one after the other in memory. */
static bool sum_samples(const run *r) {
    size_t batch = r->call->input[0].batch;
    for (size_t i = 0, n = size_of(r->call->shape); i < n; i++)
        r->out[i] = dw_reduce_sum(r->in[0] + i * batch, batch, NULL);
    return true;
}

static bool put_samples(const run *r) {
    size_t batch = batch_of(r->call);
    fill_with_zeros(r);
    for (size_t k = 0; k < r->call->input[0].columns; k++)
        for (size_t s = 0; s < batch; s++)
            put_column(r, k, s);
    return true;
}

/* Working memory of one sample: the inputs, the result, what the operation itself needs. */
static bool sample_room(const dw_op_call *call, size_t *doubles) {
    size_t size;
    *doubles = 0;
    for (unsigned k = 0; k <= dw_op_arity(call->op); k++) {
        dw_op_shape shape = k == dw_op_arity(call->op) ? call->shape : call->input[k];
        if (__builtin_mul_overflow(shape.rows, shape.columns, &size) ||
            __builtin_add_overflow(*doubles, size, doubles))
            return false;
    }
    return true;
}

/* The operation on every sample by itself. */
static bool each_sample(const run *r) {
    dw_op_call one = *r->call;
    unsigned arity = dw_op_arity(one.op);
    size_t doubles, batch = one.shape.batch, own = 0;
    const double *in[DW_OP_INPUTS] = {NULL, NULL, NULL};
    bool fine = sample_room(&one, &doubles);
    one.shape.batch = 1;
    for (unsigned k = 0; k < arity; k++)
        one.input[k].batch = 1;
    fine = fine && dw_op_room(&one, &own, r->err);
    for (size_t s = 0; fine && s < batch; s++) {
        double *at = (double *)r->room + own / sizeof *at;
        for (unsigned k = 0; k < arity; k++) {
            size_t n = size_of(one.input[k]), step = r->call->input[k].batch;
            in[k] = at;
            for (size_t i = 0; i < n; i++)
                *at++ = r->in[k][i * step + s % step];
        }
        fine = rows[one.op].run(&(run){&one, at, in, r->room, r->cancel, r->err});
        for (size_t i = 0, n = size_of(one.shape); fine && i < n; i++)
            r->out[i * batch + s] = at[i];
    }
    return fine;
}

static bool spread_samples(const run *r) {
    size_t batch = r->call->shape.batch;
    for (size_t i = 0, n = size_of(r->call->shape) * batch; i < n; i++)
        r->out[i] = r->in[0][i / batch];
    return true;
}

/* Whether a batched operation goes through its operands element by element in memory: then it is
 * one on longer arrays. */
static bool is_flat(const dw_op_call *call) {
    bool copies = call->op == DW_OP_COPY || call->op == DW_OP_RESHAPE || call->op == DW_OP_DETACH;
    for (unsigned k = 0; k < dw_op_arity(call->op); k++) {
        const dw_op_shape *in = &call->input[k];
        bool number = in->batch == 1 && size_of(*in) == 1;
        if (!number && (in->batch != call->shape.batch || size_of(*in) != size_of(call->shape)))
            return false;
    }
    return copies || dw_op_overlaps(call->op);
}

static bool run_flat(const run *r) {
    dw_op_call one = *r->call;
    one.shape = (dw_op_shape){size_of(one.shape), one.shape.batch, 1};
    for (unsigned k = 0; k < dw_op_arity(one.op); k++)
        one.input[k] = (dw_op_shape){size_of(one.input[k]), one.input[k].batch, 1};
    return rows[one.op].run(&(run){&one, r->out, r->in, r->room, r->cancel, r->err});
}

static bool run_batched(const run *r) {
    if (is_flat(r->call))
        return run_flat(r);
    switch (r->call->op) {
    case DW_OP_RANDOM:
        return run_RANDOM(r);
    case DW_OP_BATCH_SUM:
        return sum_samples(r);
    case DW_OP_BATCH_SPREAD:
        return spread_samples(r);
    case DW_OP_PRODUCT:
        return r->call->shape.batch == 1 ? sum_products(r) : each_sample(r);
    case DW_OP_PUT:
        return r->call->shape.batch == 1 ? put_samples(r) : each_sample(r);
    default:
        return each_sample(r);
    }
}

bool dw_op_run(const dw_op_call *call, double *out, const double *const *in, void *room,
               const dw_cancel *cancel, dw_err *err) {
    run r = {call, out, in, room, cancel, err};
    return batch_of(call) > 1 ? run_batched(&r) : rows[call->op].run(&r);
}

bool dw_op_room(const dw_op_call *call, size_t *bytes, dw_err *err) {
    size_t doubles;
    *bytes = 0;
    if (call->op == DW_OP_SOLVE) {
        *bytes = dw_linalg_solve_room(call->input[0].rows, call->input[0].columns);
        if (*bytes == 0)
            return dw_err_memory(err, "the steps of solve");
    }
    if (batch_of(call) > 1 && (!sample_room(call, &doubles) ||
                               __builtin_mul_overflow(doubles, sizeof(double), &doubles) ||
                               __builtin_add_overflow(*bytes, doubles, bytes) ||
                               __builtin_add_overflow(*bytes, 63, bytes)))
        return dw_err_memory(err, "one sample");
    *bytes &= ~(size_t)63;
    return true;
}
