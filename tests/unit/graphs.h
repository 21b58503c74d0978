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

/* A fresh constant of random numbers with the shape of a node. */
static inline dw_graph_id noise(dw_graph *g, dw_mem *mem, dw_rng *rng, dw_graph_id like) {
    dw_err err = {0};
    dw_graph_id id;
    dw_tensor *t =
        random_tensor(mem, rng, dw_graph_at(g, like)->rows, dw_graph_at(g, like)->columns);
    assert_true(dw_graph_constant(g, t, &id, &err));
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

#endif
