/* SPDX-License-Identifier: BSD-3-Clause */
/* One function at least for each row of elem.def and op.def, with the domain to try it on: a new
 * operation without a row here fails the tests of derivatives. */
#ifndef PROBLEMS_H
#define PROBLEMS_H

#include "graphs.h"

enum { PROBLEM_INPUTS = 3, PROBLEM_MOST = 12, PROBLEM_SAMPLES = 3 };

/* A function of up to three arrays. */
typedef struct problem {
    const char *name;
    dw_graph_id (*build)(dw_graph *g, const struct problem *p, const dw_graph_id *in);
    int op;
    double lo, hi;
    unsigned count;
    size_t rows[PROBLEM_INPUTS], columns[PROBLEM_INPUTS];
} problem;

/* Which inputs of a problem are batched: bit k says it of input k. */
typedef unsigned problem_batches;

static inline size_t problem_size(const problem *p, unsigned k) {
    return p->rows[k] * p->columns[k];
}

/* The problem in a graph: its inputs, `batch` samples of those with a bit, and its result. */
static inline dw_graph_id problem_build(dw_graph *g, const problem *p, problem_batches which,
                                        size_t batch, dw_graph_id in[PROBLEM_INPUTS]) {
    dw_err err = {0};
    for (unsigned k = 0; k < p->count; k++) {
        dw_op_shape shape = {p->rows[k], p->columns[k], which >> k & 1 ? batch : 1};
        assert_true(dw_graph_input(g, k, shape, &in[k], &err));
    }
    return p->build(g, p, in);
}

static const size_t problem_shapes[][2] = {{1, 1}, {1, 3}, {4, 1}, {2, 3}, {1, 9}};

static inline dw_graph_id build_map(dw_graph *g, const problem *p, const dw_graph_id *in) {
    return map(g, (dw_elem_unary)p->op, in[0]);
}

static inline size_t random_size(dw_rng *rng) {
    return 1 + (size_t)dw_rng_below(rng, 3);
}

/* Calls `visit` for every unary operation on several shapes, the last one a random one. */
static inline void each_unary(void (*visit)(const problem *p, dw_rng *rng), dw_rng *rng) {
    static const problem rows[] = {
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) \
    {#name, build_map, DW_ELEM_##name, lo, hi, 1, {0}, {0}},
#include "tensor/elem.def"
    };
    size_t shapes = sizeof problem_shapes / sizeof *problem_shapes;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t s = 0; s <= shapes; s++) {
            problem p = rows[i];
            p.rows[0] = s < shapes ? problem_shapes[s][0] : random_size(rng);
            p.columns[0] = s < shapes ? problem_shapes[s][1] : random_size(rng);
            visit(&p, rng);
        }
}

static inline dw_graph_id build_pair(dw_graph *g, const problem *p, const dw_graph_id *in) {
    return pair(g, (dw_elem_binary)p->op, in[0], in[1]);
}

/* Calls `visit` for every operation on pairs, of several shapes. */
static inline void each_pair(void (*visit)(const problem *p, dw_rng *rng), dw_rng *rng) {
    static const problem rows[] = {
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    {#name, build_pair, DW_ELEM_##name, lo, hi, 2, {0}, {0}},
#define DW_ELEM_COMPARE(name, sign, condition) \
    {#name, build_pair, DW_ELEM_##name, -1, 1, 2, {0}, {0}},
#include "tensor/elem.def"
    };
    static const size_t pairs[][4] = {{1, 1, 1, 1}, {1, 3, 1, 3}, {2, 3, 2, 3}, {1, 1, 2, 3},
                                      {4, 1, 1, 1}, {1, 4, 4, 1}, {4, 1, 1, 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t s = 0; s < sizeof pairs / sizeof *pairs; s++) {
            problem p = rows[i];
            for (unsigned k = 0; k < 2; k++) {
                p.rows[k] = pairs[s][2 * k];
                p.columns[k] = pairs[s][2 * k + 1];
            }
            visit(&p, rng);
        }
}

/* ---- the rows of op.def ---- */

static const size_t some_places[] = {3, 0, 3, 5, 1, 2};

static inline dw_graph_id known(dw_graph *g, size_t n, const double *numbers) {
    dw_err err = {0};
    dw_graph_id id;
    dw_tensor *t = dw_tensor_raw(g->mem, 1, n, &err);
    assert_non_null(t);
    memcpy(t->data, numbers, n * sizeof *numbers);
    assert_true(dw_graph_constant(g, t, &id, &err));
    dw_tensor_release(t);
    return id;
}

/* x over the sum of x, the largest taken out first: that this is no derivative changes nothing. */
static inline bool build_share(dw_graph *g, dw_graph_id x, dw_graph_id *z) {
    dw_err err = {0};
    if (!dw_graph_largest(g, x, z, &err) || !dw_graph_detach(g, *z, z, &err))
        return false;
    x = pair(g, DW_ELEM_DIVIDE, x, *z);
    *z = pair(g, DW_ELEM_DIVIDE, x, sum(g, x));
    return true;
}

/* Four indices: the same for all samples, or each sample its own. */
static inline dw_graph_id indices(dw_graph *g, const problem *p, dw_graph_id x) {
    static const double some[4 * PROBLEM_SAMPLES] = {2, 0, 1, 0, 0, 2, 2, 1, 1, 1, 1, 0};
    dw_err err = {0};
    dw_graph_id id;
    size_t batch = dw_graph_at(g, x)->batch;
    if (batch == 1 || !strstr(p->name, "own"))
        return known(g, 4, (double[]){2, 0, 2, 1});
    dw_tensor *t = dw_tensor_raw(g->mem, 4, batch, &err);
    assert_non_null(t);
    for (size_t i = 0; i < t->size; i++)
        t->data[i] = some[i % (4 * PROBLEM_SAMPLES)];
    assert_true(dw_graph_samples(g, t, (dw_op_shape){1, 4, batch}, &id, &err));
    dw_tensor_release(t);
    return id;
}

/* The operations that work across samples, or on indices. */
static inline bool build_sampled(dw_graph *g, const problem *p, const dw_graph_id *x,
                                 dw_graph_id *z) {
    dw_err err = {0};
    size_t batch = dw_graph_at(g, x[0])->batch;
    size_t samples = strstr(p->name, "summed") ? 1 : batch;
    switch ((dw_op)p->op) {
    case DW_OP_BATCH_SUM:
        return dw_graph_batch_sum(g, x[0], z, &err);
    case DW_OP_BATCH_SPREAD:
        return dw_graph_batch_spread(g, x[0], batch > 1 ? batch : PROBLEM_SAMPLES, z, &err) &&
               dw_graph_batch_sum(g, *z, z, &err);
    case DW_OP_DETACH:
        return build_share(g, x[0], z);
    case DW_OP_PICK:
        return dw_graph_pick(g, x[0], indices(g, p, x[0]), z, &err);
    case DW_OP_PUT:
        return dw_graph_put(g, x[0], indices(g, p, x[0]), (dw_op_shape){p->rows[0], 3, samples}, z,
                            &err);
    case DW_OP_RANDOM:
        if (!dw_graph_random(g, known(g, 2, (double[]){7, 1}), 3,
                             (dw_op_shape){p->rows[0], p->columns[0], batch}, z, &err))
            return false;
        *z = times(g, *z, x[0]);
        return true;
    default:
        return false;
    }
}

/* The operations that need more than their inputs. */
static inline bool build_shaped(dw_graph *g, const problem *p, const dw_graph_id *x,
                                dw_graph_id *z) {
    dw_err err = {0};
    switch ((dw_op)p->op) {
    case DW_OP_RESHAPE:
        return dw_graph_reshape(g, x[0], p->columns[0], p->rows[0], z, &err);
    case DW_OP_SPREAD:
        return dw_graph_spread(g, sum(g, x[0]), 2, 3, z, &err);
    case DW_OP_GATHER:
        return dw_graph_gather(g, x[0], some_places, 3, 2, z, &err);
    case DW_OP_PLACE:
        return dw_graph_place(g, x[0], some_places, 2, 4, z, &err);
    default:
        return build_sampled(g, p, x, z);
    }
}

static inline bool build_plain(dw_graph *g, const problem *p, const dw_graph_id *x,
                               dw_graph_id *z) {
    dw_err err = {0};
    switch ((dw_op)p->op) {
    case DW_OP_COPY:
        return dw_graph_copy(g, x[0], z, &err);
    case DW_OP_PRODUCT:
        return dw_graph_product(g, x[0], x[1], z, &err);
    case DW_OP_TRANSPOSE:
        return dw_graph_transpose(g, x[0], z, &err);
    case DW_OP_SUM:
        return dw_graph_sum(g, x[0], z, &err);
    case DW_OP_NORM:
        return dw_graph_norm(g, x[0], z, &err);
    case DW_OP_LARGEST:
        return dw_graph_largest(g, x[0], z, &err);
    case DW_OP_SMALLEST:
        return dw_graph_smallest(g, x[0], z, &err);
    case DW_OP_SOLVE:
        return dw_graph_solve(g, x[0], x[1], z, &err);
    default:
        return build_shaped(g, p, x, z);
    }
}

/* Curved inputs and results, so that second derivatives are not 0. */
static inline dw_graph_id build_op(dw_graph *g, const problem *p, const dw_graph_id *in) {
    dw_err err = {0};
    dw_graph_id x[PROBLEM_INPUTS] = {0}, z = in[0], condition;
    for (unsigned k = 0; k < p->count; k++)
        x[k] = map(g, DW_ELEM_EXP, in[k]);
    if (p->op == DW_OP_CONSTANT)
        z = times(g, number(g, 3), in[0]);
    else if (p->op == DW_OP_MAP)
        z = map(g, DW_ELEM_SIN, x[0]);
    else if (p->op == DW_OP_PAIR)
        z = times(g, x[0], in[0]);
    else if (p->op == DW_OP_CHOOSE) {
        condition = pair(g, DW_ELEM_LESS, in[0], number(g, 0));
        assert_true(dw_graph_choose(g, condition, x[1], x[2], &z, &err));
    } else if (p->op != DW_OP_INPUT)
        assert_true(build_plain(g, p, x, &z));
    return times(g, z, z);
}

/* At least one trial for each row of op.def. */
static const problem op_problems[] = {
    {"INPUT", build_op, DW_OP_INPUT, -1, 1, 1, {2}, {3}},
    {"CONSTANT", build_op, DW_OP_CONSTANT, -1, 1, 1, {2}, {3}},
    {"COPY", build_op, DW_OP_COPY, -1, 1, 1, {2}, {3}},
    {"MAP", build_op, DW_OP_MAP, -1, 1, 1, {3}, {3}},
    {"PAIR", build_op, DW_OP_PAIR, -1, 1, 1, {1}, {5}},
    {"CHOOSE", build_op, DW_OP_CHOOSE, -1, 1, 3, {2, 2, 2}, {3, 3, 3}},
    {"CHOOSE, numbers", build_op, DW_OP_CHOOSE, -1, 1, 3, {1, 1, 1}, {1, 1, 1}},
    {"CHOOSE, one for many", build_op, DW_OP_CHOOSE, -1, 1, 3, {2, 1, 2}, {3, 1, 3}},
    {"CHOOSE, whole", build_op, DW_OP_CHOOSE, -1, 1, 3, {1, 2, 1}, {1, 3, 1}},
    {"CHOOSE, whole arrays", build_op, DW_OP_CHOOSE, -1, 1, 3, {1, 4, 4}, {1, 1, 1}},
    {"CHOOSE, row and column", build_op, DW_OP_CHOOSE, -1, 1, 3, {1, 4, 1}, {4, 1, 4}},
    {"PRODUCT", build_op, DW_OP_PRODUCT, -1, 1, 2, {2, 3}, {3, 4}},
    {"PRODUCT, column", build_op, DW_OP_PRODUCT, -1, 1, 2, {4, 3}, {3, 1}},
    {"PRODUCT, outer", build_op, DW_OP_PRODUCT, -1, 1, 2, {3, 1}, {1, 4}},
    {"PRODUCT, inner", build_op, DW_OP_PRODUCT, -1, 1, 2, {1, 4}, {4, 1}},
    {"TRANSPOSE", build_op, DW_OP_TRANSPOSE, -1, 1, 1, {2}, {3}},
    {"TRANSPOSE, row", build_op, DW_OP_TRANSPOSE, -1, 1, 1, {1}, {3}},
    {"RESHAPE", build_op, DW_OP_RESHAPE, -1, 1, 1, {2}, {6}},
    {"SUM", build_op, DW_OP_SUM, -1, 1, 1, {2}, {4}},
    {"SPREAD", build_op, DW_OP_SPREAD, -1, 1, 1, {1}, {2}},
    {"NORM", build_op, DW_OP_NORM, -1, 1, 1, {3}, {2}},
    {"NORM, number", build_op, DW_OP_NORM, -1, 1, 1, {1}, {1}},
    {"LARGEST", build_op, DW_OP_LARGEST, -1, 1, 1, {1}, {6}},
    {"SMALLEST", build_op, DW_OP_SMALLEST, -1, 1, 1, {3}, {2}},
    {"GATHER", build_op, DW_OP_GATHER, -1, 1, 1, {2}, {3}},
    {"PLACE", build_op, DW_OP_PLACE, -1, 1, 1, {6}, {1}},
    {"SOLVE, tall", build_op, DW_OP_SOLVE, -1, 1, 2, {4, 4}, {2, 2}},
    {"SOLVE", build_op, DW_OP_SOLVE, -2, 2, 2, {3, 3}, {3, 2}},
    {"BATCH_SUM", build_op, DW_OP_BATCH_SUM, -1, 1, 1, {2}, {3}},
    {"BATCH_SPREAD", build_op, DW_OP_BATCH_SPREAD, -1, 1, 1, {2}, {3}},
    {"DETACH", build_op, DW_OP_DETACH, -1, 1, 1, {1}, {4}},
    {"PICK, own indices", build_op, DW_OP_PICK, -1, 1, 1, {2}, {3}},
    {"PICK", build_op, DW_OP_PICK, -1, 1, 1, {2}, {3}},
    {"PUT, own indices", build_op, DW_OP_PUT, -1, 1, 1, {2}, {4}},
    {"PUT", build_op, DW_OP_PUT, -1, 1, 1, {2}, {4}},
    {"PUT, own indices, summed", build_op, DW_OP_PUT, -1, 1, 1, {2}, {4}},
    {"PUT, summed", build_op, DW_OP_PUT, -1, 1, 1, {2}, {4}},
    {"RANDOM", build_op, DW_OP_RANDOM, -1, 1, 1, {2}, {3}},
};

/* Whether its result for one sample depends on the others, or on which sample it is. */
static inline bool problem_mixes(const problem *p) {
    return p->op == DW_OP_BATCH_SUM || p->op == DW_OP_BATCH_SPREAD || p->op == DW_OP_RANDOM ||
           strstr(p->name, "summed") || strstr(p->name, "own");
}

/* Calls `visit` for every row of op.def. */
static inline void each_operation(void (*visit)(const problem *p, dw_rng *rng), dw_rng *rng) {
    bool tried[DW_OPS] = {false};
    for (size_t i = 0; i < sizeof op_problems / sizeof *op_problems; i++) {
        for (int times_tried = 0; times_tried < 2; times_tried++)
            visit(&op_problems[i], rng);
        tried[op_problems[i].op] = true;
    }
    for (int op = 0; op < DW_OPS; op++)
        assert_true(tried[op]);
    for (int i = 0; i < 10; i++) {
        size_t rows = random_size(rng), inner = random_size(rng), columns = random_size(rng);
        visit(&(problem){"PRODUCT, random",
                         build_op,
                         DW_OP_PRODUCT,
                         -1,
                         1,
                         2,
                         {rows, inner},
                         {inner, columns}},
              rng);
    }
}

#endif
