/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of graphs share: random numbers, short ways to make nodes, running a plan once. */
#ifndef GRAPHS_H
#define GRAPHS_H

#include "base/rng.h"
#include "graph/derive.h"
#include "graph/plan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static inline double between(dw_rng *rng, double lo, double hi) {
    return lo + (hi - lo) * dw_rng_uniform(rng);
}

static inline dw_tensor *random_tensor(dw_mem *mem, dw_rng *rng, size_t rows, size_t columns) {
    dw_err err = {0};
    dw_tensor *t = dw_tensor_raw(mem, rows, columns, &err);
    assert_non_null(t);
    for (size_t i = 0; i < t->size; i++)
        t->data[i] = between(rng, -2, 2);
    return t;
}

/* Nodes of a graph that has memory: failure is a failure of the test. */
static inline dw_graph_id input(dw_graph *g, uint32_t n, size_t rows, size_t columns) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_input(g, n, (dw_op_shape){rows, columns, 1}, &id, &err));
    return id;
}

static inline dw_graph_id number(dw_graph *g, double x) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_number(g, x, &id, &err));
    return id;
}

static inline dw_graph_id map(dw_graph *g, dw_elem_unary op, dw_graph_id x) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_map(g, op, x, &id, &err));
    return id;
}

static inline dw_graph_id pair(dw_graph *g, dw_elem_binary op, dw_graph_id x, dw_graph_id y) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_pair(g, op, x, y, &id, &err));
    return id;
}

static inline dw_graph_id times(dw_graph *g, dw_graph_id x, dw_graph_id y) {
    return pair(g, DW_ELEM_MULTIPLY, x, y);
}

static inline dw_graph_id sum(dw_graph *g, dw_graph_id x) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_sum(g, x, &id, &err));
    return id;
}

/* A fresh constant of random numbers with the shape of a node, for each sample if it is batched. */
static inline dw_graph_id noise(dw_graph *g, dw_mem *mem, dw_rng *rng, dw_graph_id like) {
    dw_err err = {0};
    dw_graph_id id;
    const dw_graph_node *node = dw_graph_at(g, like);
    dw_op_shape shape = {node->rows, node->columns, node->batch};
    dw_tensor *t = random_tensor(mem, rng, shape.rows, shape.columns * shape.batch);
    assert_true(dw_graph_samples(g, t, shape, &id, &err));
    dw_tensor_release(t);
    return id;
}

static inline dw_graph_id gradient(dw_graph *g, dw_graph_id y, dw_graph_id by) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_derive_gradient(g, y, &by, 1, &id, &err));
    return id;
}

/* Plans one node, runs it and forgets the plan. */
static inline void run_once(dw_mem *mem, const dw_graph *g, dw_graph_id id,
                            const double *const *inputs, double *out) {
    dw_err err = {0};
    dw_plan *plan = dw_plan_new(mem, g, &id, 1, &err);
    assert_non_null(plan);
    assert_true(dw_plan_run(plan, inputs, &out, NULL, &err));
    dw_plan_free(&plan);
}

/* ---- node after node, as op.h says ---- */

static inline size_t numbers_of(const dw_graph *g, dw_graph_id id) {
    const dw_graph_node *node = dw_graph_at(g, id);
    return node->rows * node->columns * node->batch;
}

/* The operation that computes a node, and the nodes it reads: a contraction is one product. */
static inline const dw_graph_node *call_of(const dw_graph *g, dw_graph_id id, dw_op_call *call) {
    const dw_graph_node *node = dw_graph_at(g, id);
    if (dw_graph_is_contraction(g, id))
        node = dw_graph_at(g, node->input[0]);
    dw_store_call(g, node, call);
    call->shape.batch = dw_graph_at(g, id)->batch;
    return node;
}

static inline void compute_node(dw_mem *mem, const dw_graph *g, dw_graph_id id, double **values) {
    dw_err err = {0};
    dw_op_call call;
    size_t bytes;
    const double *in[DW_OP_INPUTS] = {NULL, NULL, NULL};
    const dw_graph_node *node = call_of(g, id, &call);
    for (unsigned k = 0; k < dw_op_arity(call.op); k++)
        in[k] = values[node->input[k]];
    assert_true(dw_op_room(&call, &bytes, &err));
    void *room = dw_mem_raw(mem, bytes + 1);
    values[id] = dw_mem_raw(mem, numbers_of(g, id) * sizeof(double) + 1);
    assert_true(room && values[id]);
    assert_true(dw_op_run(&call, values[id], in, room, NULL, &err));
    dw_mem_free(room);
}

/* The numbers of a node, slowly and without a plan. */
static inline void evaluate(dw_mem *mem, const dw_graph *g, dw_graph_id id,
                            const double *const *inputs, double *out) {
    double **values = dw_mem_array(mem, (size_t)id + 1, sizeof *values);
    bool *needed = dw_mem_array(mem, (size_t)id + 1, sizeof *needed);
    dw_op_call call;
    assert_true(values && needed);
    needed[id] = true;
    for (size_t i = (size_t)id + 1; i-- > 0;) {
        const dw_graph_node *node = call_of(g, (dw_graph_id)i, &call);
        for (unsigned k = 0; needed[i] && k < dw_op_arity(node->op); k++)
            needed[node->input[k]] = true;
    }
    for (dw_graph_id i = 0; i <= id; i++) {
        const dw_graph_node *node = dw_graph_at(g, i);
        if (node->op == DW_OP_INPUT)
            values[i] = (double *)(uintptr_t)inputs[node->argument];
        else if (node->op == DW_OP_CONSTANT)
            values[i] = node->value->data;
        else if (needed[i])
            compute_node(mem, g, i, values);
    }
    memcpy(out, values[id], numbers_of(g, id) * sizeof *out);
    for (dw_graph_id i = 0; i <= id; i++)
        if (dw_op_arity(dw_graph_at(g, i)->op) > 0)
            dw_mem_free(values[i]);
    dw_mem_free(values);
    dw_mem_free(needed);
}

#endif
