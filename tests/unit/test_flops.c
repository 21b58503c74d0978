/* SPDX-License-Identifier: BSD-3-Clause */
/* What nodes cost, counted from their shapes. */
#include "graph/flops.h"

#include "graphs.h"

static dw_mem mem;

enum { BATCH = 5 };

static dw_graph *new_graph(void) {
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    assert_non_null(g);
    return g;
}

static dw_graph_id samples(dw_graph *g, uint32_t n, size_t rows, size_t columns) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_input(g, n, (dw_op_shape){rows, columns, BATCH}, &id, &err));
    return id;
}

static void elements_cost_one_each(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 3, 4), y = samples(g, 1, 3, 4), z;
    assert_true(dw_flops_of(g, x) == 0 && dw_flops_of(g, number(g, 2)) == 0);
    assert_true(dw_flops_of(g, map(g, DW_ELEM_RELU, x)) == 12);
    assert_true(dw_flops_of(g, map(g, DW_ELEM_EXP, x)) == 12 * DW_FLOPS_FUNCTION);
    assert_true(dw_flops_of(g, pair(g, DW_ELEM_LESS, x, x)) == 12);
    assert_true(dw_flops_of(g, pair(g, DW_ELEM_POWER, x, x)) == 12 * DW_FLOPS_FUNCTION);
    assert_true(dw_flops_of(g, map(g, DW_ELEM_EXP, y)) == 12 * BATCH * DW_FLOPS_FUNCTION);
    assert_true(dw_flops_of(g, pair(g, DW_ELEM_ADD, x, y)) == 12 * BATCH);
    assert_true(dw_graph_choose(g, y, x, number(g, 1), &z, &err));
    assert_true(dw_flops_of(g, z) == 12 * BATCH);
    assert_true(dw_graph_random(g, input(g, 2, 2, 1), 1, (dw_op_shape){3, 1, BATCH}, &z, &err));
    assert_true(dw_flops_of(g, z) == 3 * BATCH * DW_FLOPS_FUNCTION);
    dw_graph_free(&g);
}

static void moving_is_free(void **state) {
    (void)state;
    static const size_t places[] = {3, 0};
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = samples(g, 0, 3, 4), z;
    assert_true(dw_graph_transpose(g, x, &z, &err) && dw_flops_of(g, z) == 0);
    assert_true(dw_graph_reshape(g, x, 4, 3, &z, &err) && dw_flops_of(g, z) == 0);
    assert_true(dw_graph_gather(g, x, places, 1, 2, &z, &err) && dw_flops_of(g, z) == 0);
    assert_true(dw_graph_copy(g, x, &z, &err) && dw_flops_of(g, z) == 0);
    assert_true(dw_graph_pick(g, x, input(g, 1, 1, 2), &z, &err) && dw_flops_of(g, z) == 0);
    dw_graph_free(&g);
}

static void sums_cost_what_they_read(void **state) {
    (void)state;
    static const size_t places[] = {0, 7, 2, 5, 3, 1};
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = samples(g, 0, 2, 3), y = input(g, 1, 2, 3), z;
    assert_true(dw_flops_of(g, sum(g, y)) == 6 && dw_flops_of(g, sum(g, x)) == 6 * BATCH);
    assert_true(dw_graph_batch_sum(g, x, &z, &err) && dw_flops_of(g, z) == 6 * BATCH);
    assert_true(dw_graph_norm(g, x, &z, &err) && dw_flops_of(g, z) == 12 * BATCH);
    assert_true(dw_graph_largest(g, y, &z, &err) && dw_flops_of(g, z) == 6);
    assert_true(dw_graph_smallest(g, x, &z, &err) && dw_flops_of(g, z) == 6 * BATCH);
    assert_true(dw_graph_place(g, x, places, 8, 1, &z, &err) && dw_flops_of(g, z) == 6 * BATCH);
    assert_true(dw_graph_put(g, x, input(g, 2, 1, 3), (dw_op_shape){2, 9, 1}, &z, &err));
    assert_true(dw_flops_of(g, z) == 6 * BATCH);
    dw_graph_free(&g);
}

static void products_cost_two_for_each_pair(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id w = input(g, 0, 3, 2), x = samples(g, 1, 2, 4), y = samples(g, 2, 4, 6), z;
    assert_true(dw_graph_product(g, w, input(g, 3, 2, 4), &z, &err));
    assert_true(dw_flops_of(g, z) == 2 * 3 * 2 * 4);
    assert_true(dw_graph_product(g, w, x, &z, &err) && dw_flops_of(g, z) == 2 * 3 * 2 * 4 * BATCH);
    assert_true(dw_graph_product(g, x, y, &z, &err) && dw_flops_of(g, z) == 2 * 2 * 4 * 6 * BATCH);
    assert_true(dw_graph_batch_sum(g, z, &z, &err) && dw_graph_is_contraction(g, z));
    assert_true(dw_flops_of(g, z) == 2 * 2 * 4 * 6 * BATCH);
    assert_true(dw_graph_solve(g, input(g, 4, 6, 6), input(g, 5, 6, 2), &z, &err));
    assert_true(dw_flops_of(g, z) == 2 * 216 - 2 * 216 / 3.0 + 4 * 36 * 2);
    dw_graph_free(&g);
}

/* A plan costs what its nodes do, even those that disappeared into others. */
static void expect_plan(const dw_graph *g, dw_graph_id id, double flops) {
    dw_err err = {0};
    dw_plan *plan = dw_plan_new(&mem, g, &id, 1, &err);
    assert_non_null(plan);
    assert_true(dw_plan_flops(plan) == flops);
    dw_plan_free(&plan);
}

static void plans_cost_what_their_nodes_do(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id w = input(g, 0, 3, 2), x = samples(g, 1, 2, 1), b = input(g, 2, 3, 1);
    dw_graph_id y = samples(g, 3, 3, 1), one = number(g, 1), zero = number(g, 0), z;
    double each = 3 * BATCH, product = 2 * 3 * 2 * BATCH;
    assert_true(dw_graph_product(g, w, x, &z, &err));
    z = map(g, DW_ELEM_RELU, pair(g, DW_ELEM_ADD, z, b));
    expect_plan(g, z, product + 2 * each);
    assert_true(dw_graph_choose(g, pair(g, DW_ELEM_GREATER, y, zero), y, zero, &z, &err));
    expect_plan(g, z, 2 * each);
    z = times(g, map(g, DW_ELEM_NEGATE, y), times(g, y, pair(g, DW_ELEM_SUBTRACT, one, y)));
    expect_plan(g, z, 4 * each);
    expect_plan(g, pair(g, DW_ELEM_ADD, times(g, y, b), y), 2 * each);
    expect_plan(g, sum(g, times(g, y, y)), 2 * each);
    dw_graph_free(&g);
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(elements_cost_one_each, nothing_is_left),
        cmocka_unit_test_teardown(moving_is_free, nothing_is_left),
        cmocka_unit_test_teardown(sums_cost_what_they_read, nothing_is_left),
        cmocka_unit_test_teardown(products_cost_two_for_each_pair, nothing_is_left),
        cmocka_unit_test_teardown(plans_cost_what_their_nodes_do, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
