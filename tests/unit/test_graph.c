/* SPDX-License-Identifier: BSD-3-Clause */
/* What a graph makes of what it is told: one node for equal things, none for what is known or
 * changes nothing, errors in the words of the tensors. */
#include "graphs.h"

static dw_mem mem;

static dw_graph *new_graph(void) {
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    assert_non_null(g);
    return g;
}

static dw_graph_id column(dw_graph *g, size_t n, const double *numbers) {
    dw_err err = {0};
    dw_graph_id id;
    dw_tensor *t = dw_tensor_raw(&mem, n, 1, &err);
    assert_non_null(t);
    memcpy(t->data, numbers, n * sizeof *numbers);
    assert_true(dw_graph_constant(g, t, &id, &err));
    dw_tensor_release(t);
    return id;
}

static dw_graph_id spread(dw_graph *g, dw_graph_id x, size_t rows, size_t columns) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_spread(g, x, rows, columns, &id, &err));
    return id;
}

static dw_graph_id choose(dw_graph *g, dw_graph_id c, dw_graph_id x, dw_graph_id y) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_choose(g, c, x, y, &id, &err));
    return id;
}

static dw_op op_of(const dw_graph *g, dw_graph_id id) {
    return dw_graph_at(g, id)->op;
}

static void expect_known(const dw_graph *g, dw_graph_id id, double value) {
    assert_int_equal(op_of(g, id), DW_OP_CONSTANT);
    assert_true(dw_graph_at(g, id)->value->data[0] == value);
}

static void expect_shape(const dw_graph *g, dw_graph_id id, size_t rows, size_t columns) {
    assert_int_equal(dw_graph_at(g, id)->rows, rows);
    assert_int_equal(dw_graph_at(g, id)->columns, columns);
}

static void equal_things_share_a_node(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 2, 2), y = input(g, 1, 2, 2), a, b;
    assert_int_equal(input(g, 0, 2, 2), x);
    assert_int_not_equal(x, y);
    assert_int_not_equal(input(g, 0, 4, 1), x);
    assert_int_equal(map(g, DW_ELEM_SIN, x), map(g, DW_ELEM_SIN, x));
    assert_int_not_equal(map(g, DW_ELEM_SIN, x), map(g, DW_ELEM_COS, x));
    assert_int_not_equal(map(g, DW_ELEM_SIN, x), map(g, DW_ELEM_SIN, y));
    assert_int_equal(times(g, x, y), times(g, y, x));
    assert_int_not_equal(pair(g, DW_ELEM_SUBTRACT, x, y), pair(g, DW_ELEM_SUBTRACT, y, x));
    assert_int_equal(number(g, 2.5), number(g, 2.5));
    assert_int_not_equal(number(g, 0.0), number(g, -0.0));
    assert_int_equal(number(g, NAN), number(g, NAN));
    size_t places[2] = {1, 3}, others[2] = {1, 2};
    assert_true(dw_graph_gather(g, x, places, 1, 2, &a, &err));
    assert_true(dw_graph_gather(g, x, places, 1, 2, &b, &err));
    assert_int_equal(a, b);
    assert_true(dw_graph_gather(g, x, others, 1, 2, &b, &err));
    assert_int_not_equal(a, b);
    dw_graph_free(&g);
    assert_null(g);
}

static void many_nodes_are_found_again(void **state) {
    (void)state;
    enum { MANY = 3000 };
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 1, 1), first[MANY];
    for (int i = 0; i < MANY; i++)
        first[i] = pair(g, DW_ELEM_ADD, x, number(g, i + 1));
    size_t count = dw_graph_count(g);
    assert_int_equal(count, 1 + 2 * MANY);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(pair(g, DW_ELEM_ADD, x, number(g, i + 1)), first[i]);
    assert_int_equal(dw_graph_count(g), count);
    dw_graph_free(&g);
}

static void copies_share_nothing(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = number(g, 2), a, b;
    assert_true(dw_graph_copy(g, x, &a, &err));
    assert_true(dw_graph_copy(g, x, &b, &err));
    assert_true(a != b && a != x);
    assert_int_not_equal(map(g, DW_ELEM_SIN, a), map(g, DW_ELEM_SIN, b));
    assert_int_equal(op_of(g, map(g, DW_ELEM_SIN, a)), DW_OP_MAP);
    dw_graph_free(&g);
}

static void what_is_known_is_computed(void **state) {
    (void)state;
    dw_err err = {0};
    double numbers[4] = {3, 1, 2, 5};
    size_t places[2] = {3, 0};
    dw_graph *g = new_graph();
    dw_graph_id x = column(g, 4, numbers), y;
    expect_known(g, pair(g, DW_ELEM_POWER, number(g, 2), number(g, 10)), 1024);
    expect_known(g, map(g, DW_ELEM_SQRT, number(g, 9)), 3);
    expect_known(g, sum(g, x), 11);
    assert_true(dw_graph_largest(g, x, &y, &err));
    expect_known(g, y, 5);
    assert_true(dw_graph_smallest(g, x, &y, &err));
    expect_known(g, y, 1);
    assert_true(dw_graph_gather(g, x, places, 1, 2, &y, &err));
    expect_known(g, y, 5);
    assert_true(dw_graph_place(g, y, places, 2, 2, &y, &err));
    expect_known(g, y, 3);
    assert_true(dw_graph_solve(g, y, column(g, 2, numbers), &x, &err));
    expect_known(g, x, 1);
    dw_graph_id less = pair(g, DW_ELEM_LESS, number(g, 1), number(g, 2));
    expect_known(g, less, 1);
    assert_true(dw_graph_at(g, less)->truth && dw_graph_at(g, less)->value->truth);
    dw_graph_free(&g);
}

/* A singular matrix is an error when the plan runs, if it runs, and not before. */
static void what_has_no_result_is_left_for_later(void **state) {
    (void)state;
    dw_err err = {0};
    double zero = 0, out, *outputs[] = {&out};
    dw_graph *g = new_graph();
    dw_graph_id a = column(g, 1, &zero), y;
    assert_true(dw_graph_solve(g, a, a, &y, &err));
    assert_int_equal(op_of(g, y), DW_OP_SOLVE);
    dw_plan *plan = dw_plan_new(&mem, g, &y, 1, &err);
    assert_non_null(plan);
    assert_false(dw_plan_run(plan, NULL, outputs, NULL, &err));
    assert_int_equal(err.kind, DW_ERR_NUMERIC);
    dw_plan_free(&plan);
    dw_graph_free(&g);
}

static void what_changes_nothing_disappears(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 2, 3), zero = number(g, 0), one = number(g, 1);
    dw_graph_id minus = map(g, DW_ELEM_NEGATE, x), y = input(g, 1, 2, 3);
    assert_int_equal(pair(g, DW_ELEM_ADD, x, zero), x);
    assert_int_equal(pair(g, DW_ELEM_ADD, zero, x), x);
    assert_int_equal(pair(g, DW_ELEM_SUBTRACT, x, zero), x);
    assert_int_equal(times(g, x, one), x);
    assert_int_equal(times(g, one, x), x);
    assert_int_equal(times(g, spread(g, one, 2, 3), x), x);
    assert_int_equal(pair(g, DW_ELEM_DIVIDE, x, one), x);
    assert_int_equal(pair(g, DW_ELEM_POWER, x, one), x);
    assert_int_equal(times(g, x, number(g, -1)), minus);
    assert_int_equal(times(g, number(g, -1), x), minus);
    assert_int_equal(map(g, DW_ELEM_NEGATE, minus), x);
    assert_int_equal(pair(g, DW_ELEM_ADD, y, minus), pair(g, DW_ELEM_SUBTRACT, y, x));
    assert_int_equal(pair(g, DW_ELEM_ADD, minus, y), pair(g, DW_ELEM_SUBTRACT, y, x));
    assert_int_equal(pair(g, DW_ELEM_SUBTRACT, y, minus), pair(g, DW_ELEM_ADD, y, x));
    assert_int_equal(pair(g, DW_ELEM_POWER, x, number(g, 2)), times(g, x, x));
    assert_int_equal(pair(g, DW_ELEM_POWER, x, number(g, 0.5)), map(g, DW_ELEM_SQRT, x));
    expect_shape(g, pair(g, DW_ELEM_POWER, x, zero), 2, 3);
    assert_int_equal(op_of(g, times(g, x, zero)), DW_OP_PAIR); /* x may be infinite */
    assert_int_equal(op_of(g, pair(g, DW_ELEM_SUBTRACT, zero, x)), DW_OP_PAIR);
    dw_graph_id truth = pair(g, DW_ELEM_LESS, x, y);
    dw_graph_id counted = pair(g, DW_ELEM_ADD, truth, zero);
    assert_true(counted != truth && !dw_graph_at(g, counted)->truth);
    assert_int_equal(map(g, DW_ELEM_NOT, map(g, DW_ELEM_NOT, truth)), truth);
    assert_int_not_equal(map(g, DW_ELEM_NOT, map(g, DW_ELEM_NOT, x)), x);
    dw_graph_free(&g);
}

static void shapes_are_changed_once(void **state) {
    (void)state;
    dw_err err = {0};
    size_t all[6] = {0, 1, 2, 3, 4, 5}, two[2] = {4, 5};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 2, 3), row = input(g, 1, 1, 4), y, z, n = input(g, 2, 1, 1);
    assert_true(dw_graph_transpose(g, x, &y, &err));
    expect_shape(g, y, 3, 2);
    assert_true(dw_graph_transpose(g, y, &z, &err));
    assert_int_equal(z, x);
    assert_true(dw_graph_transpose(g, row, &y, &err));
    assert_int_equal(op_of(g, y), DW_OP_RESHAPE);
    expect_shape(g, y, 4, 1);
    assert_true(dw_graph_reshape(g, y, 2, 2, &y, &err));
    assert_int_equal(dw_graph_at(g, y)->input[0], row);
    assert_true(dw_graph_reshape(g, y, 1, 4, &y, &err));
    assert_int_equal(y, row);
    assert_true(dw_graph_gather(g, x, all, 2, 3, &y, &err));
    assert_int_equal(y, x);
    assert_true(dw_graph_place(g, x, all, 3, 2, &y, &err));
    assert_int_equal(op_of(g, y), DW_OP_RESHAPE);
    assert_true(dw_graph_gather(g, spread(g, n, 2, 3), two, 2, 1, &y, &err));
    assert_int_equal(y, spread(g, n, 2, 1));
    assert_int_equal(spread(g, n, 1, 1), n);
    assert_int_equal(sum(g, n), n);
    expect_known(g, sum(g, spread(g, number(g, 2), 5, 5)), 50);
    assert_true(dw_graph_norm(g, n, &y, &err));
    assert_int_equal(y, map(g, DW_ELEM_ABS, n));
    assert_true(dw_graph_largest(g, spread(g, n, 3, 1), &y, &err));
    assert_int_equal(y, n);
    dw_graph_free(&g);
}

static void spread_numbers_stay_numbers(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 1, 3), n = input(g, 1, 1, 1), many = spread(g, n, 1, 3);
    dw_graph_id upright = spread(g, n, 3, 1);
    assert_int_equal(times(g, many, x), times(g, n, x));
    assert_int_equal(map(g, DW_ELEM_SIN, many), spread(g, map(g, DW_ELEM_SIN, n), 1, 3));
    assert_int_equal(pair(g, DW_ELEM_ADD, many, upright),
                     spread(g, pair(g, DW_ELEM_ADD, n, n), 1, 3));
    expect_shape(g, pair(g, DW_ELEM_SUBTRACT, upright, x), 3, 1); /* the left side decides */
    expect_shape(g, pair(g, DW_ELEM_SUBTRACT, x, upright), 1, 3);
    expect_shape(g, pair(g, DW_ELEM_SUBTRACT, n, many), 1, 3);
    dw_graph_free(&g);
}

static void choices_with_known_conditions_are_made(void **state) {
    (void)state;
    double ones[2] = {1, 0};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 2, 1), y = input(g, 1, 2, 1), n = input(g, 2, 1, 1);
    dw_graph_id yes = number(g, 1), no = number(g, 0), mixed = column(g, 2, ones);
    assert_int_equal(choose(g, yes, x, y), x);
    assert_int_equal(choose(g, no, x, y), y);
    assert_int_equal(choose(g, no, x, n), spread(g, n, 2, 1));
    assert_int_equal(choose(g, spread(g, yes, 2, 1), x, y), x);
    assert_int_equal(choose(g, n, x, x), x);
    assert_int_equal(op_of(g, choose(g, mixed, x, y)), DW_OP_CHOOSE);
    expect_shape(g, choose(g, n, n, x), 2, 1);
    expect_shape(g, choose(g, n, spread(g, n, 2, 1), yes), 2, 1);
    expect_shape(g, choose(g, spread(g, n, 1, 2), x, yes), 1, 2);
    expect_known(g, choose(g, mixed, number(g, 7), no), 7);
    dw_graph_free(&g);
}

static void wrong_shapes_are_told(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id row = input(g, 0, 1, 3), col = input(g, 1, 4, 1), id, empty = input(g, 2, 1, 0);
    dw_err err = {0};
    size_t far = 3;
    assert_false(dw_graph_pair(g, DW_ELEM_ADD, row, col, &id, &err));
    assert_string_equal(err.text,
                        "cannot add a row of 3 and a column of 4: both need the same length");
    dw_err_clear(&err);
    assert_false(dw_graph_product(g, row, row, &id, &err));
    assert_string_equal(err.text, "cannot multiply a row of 3 * a row of 3: 3 and 1 do not match; "
                                  "write .* for element by element, · for the dot product");
    dw_err_clear(&err);
    assert_false(dw_graph_solve(g, row, col, &id, &err));
    assert_int_equal(err.kind, DW_ERR_SHAPE);
    dw_err_clear(&err);
    assert_false(dw_graph_choose(g, row, col, row, &id, &err));
    assert_int_equal(err.kind, DW_ERR_SHAPE);
    dw_err_clear(&err);
    assert_false(dw_graph_choose(g, number(g, 1), col, row, &id, &err));
    assert_int_equal(err.kind, DW_ERR_SHAPE);
    dw_err_clear(&err);
    assert_false(dw_graph_reshape(g, row, 2, 2, &id, &err));
    assert_string_equal(err.text, "a row of 3 cannot become a 2×2 matrix");
    dw_err_clear(&err);
    assert_false(dw_graph_spread(g, row, 2, 2, &id, &err));
    assert_int_equal(err.kind, DW_ERR_SHAPE);
    dw_err_clear(&err);
    assert_false(dw_graph_gather(g, row, &far, 1, 1, &id, &err));
    assert_string_equal(err.text, "there is no element 4 among 3");
    dw_err_clear(&err);
    assert_false(dw_graph_largest(g, empty, &id, &err));
    assert_int_equal(err.kind, DW_ERR_SHAPE);
    dw_err_clear(&err);
    assert_false(dw_graph_spread(g, number(g, 1), SIZE_MAX / 2, 3, &id, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    dw_graph_free(&g);
}

static dw_graph_id samples(dw_graph *g, uint32_t n, size_t rows, size_t columns, size_t batch) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_input(g, n, (dw_op_shape){rows, columns, batch}, &id, &err));
    return id;
}

static void expect_batch(const dw_graph *g, dw_graph_id id, size_t batch) {
    assert_int_equal(dw_graph_at(g, id)->batch, batch);
}

static void results_are_batched_if_an_operand_is(void **state) {
    (void)state;
    dw_err err = {0};
    size_t places[2] = {1, 0};
    dw_graph *g = new_graph();
    dw_graph_id x = samples(g, 0, 2, 1, 5), u = input(g, 1, 2, 1), w = input(g, 2, 3, 2), y;
    dw_graph_id n = samples(g, 3, 1, 1, 5), zero = number(g, 0);
    assert_int_not_equal(x, samples(g, 0, 2, 1, 6));
    expect_batch(g, map(g, DW_ELEM_SIN, x), 5);
    expect_batch(g, times(g, x, u), 5);
    expect_batch(g, times(g, u, n), 5);
    expect_shape(g, times(g, u, n), 2, 1);
    expect_batch(g, choose(g, n, u, zero), 5);
    expect_batch(g, choose(g, u, x, zero), 5);
    expect_batch(g, choose(g, n, u, u), 5);
    expect_batch(g, choose(g, number(g, 1), u, x), 5);
    expect_batch(g, sum(g, x), 5);
    expect_batch(g, spread(g, n, 2, 3), 5);
    assert_true(dw_graph_product(g, w, x, &y, &err));
    expect_batch(g, y, 5);
    assert_true(dw_graph_transpose(g, y, &y, &err));
    expect_batch(g, y, 5);
    assert_true(dw_graph_gather(g, x, places, 1, 2, &y, &err));
    expect_batch(g, y, 5);
    assert_true(dw_graph_place(g, x, places, 3, 1, &y, &err));
    expect_batch(g, y, 5);
    assert_true(dw_graph_copy(g, x, &y, &err));
    expect_batch(g, y, 5);
    expect_batch(g, pair(g, DW_ELEM_POWER, x, zero), 5);
    assert_int_equal(pair(g, DW_ELEM_ADD, x, zero), x);
    assert_false(dw_graph_pair(g, DW_ELEM_ADD, x, samples(g, 5, 2, 1, 6), &y, &err));
    assert_int_equal(err.kind, DW_ERR_INTERNAL);
    dw_graph_free(&g);
}

/* What is neutral stays neutral only where the result needs no other shape. */
static void values_for_all_samples_are_made_late(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id u = input(g, 0, 2, 1), n = input(g, 2, 1, 1), all, many, x, y;
    assert_true(dw_graph_batch_spread(g, u, 5, &all, &err));
    expect_batch(g, all, 5);
    assert_true(dw_graph_batch_spread(g, all, 5, &y, &err));
    assert_int_equal(y, all);
    assert_true(dw_graph_batch_spread(g, u, 1, &y, &err));
    assert_int_equal(y, u);
    x = samples(g, 1, 2, 1, 5);
    assert_int_equal(times(g, all, x), times(g, u, x));
    assert_true(dw_graph_batch_spread(g, times(g, u, u), 5, &y, &err));
    assert_int_equal(times(g, all, all), y);
    assert_int_equal(times(g, all, u), y);
    assert_int_equal(op_of(g, map(g, DW_ELEM_SIN, all)), DW_OP_BATCH_SPREAD);
    assert_true(dw_graph_batch_spread(g, number(g, 1), 5, &many, &err));
    assert_int_equal(times(g, x, many), x);
    assert_int_equal(times(g, n, many), spread(g, times(g, many, n), 1, 1));
    expect_batch(g, times(g, n, many), 5);
    assert_true(dw_graph_batch_sum(g, u, &y, &err));
    assert_int_equal(y, u);
    assert_true(dw_graph_batch_sum(g, x, &y, &err));
    expect_batch(g, y, 1);
    expect_shape(g, y, 2, 1);
    dw_graph_free(&g);
}

static void known_samples_are_computed_with(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x, y;
    dw_tensor *t = dw_tensor_raw(&mem, 1, 6, &err);
    assert_non_null(t);
    for (size_t i = 0; i < 6; i++)
        t->data[i] = (double)i;
    assert_true(dw_graph_samples(g, t, (dw_op_shape){2, 1, 3}, &x, &err));
    y = sum(g, times(g, x, number(g, 2)));
    expect_known(g, y, 6);
    expect_batch(g, y, 3);
    assert_true(dw_graph_batch_sum(g, y, &y, &err));
    expect_known(g, y, 30);
    assert_true(dw_graph_samples(g, t, (dw_op_shape){1, 1, 6}, &y, &err));
    assert_int_not_equal(x, y);
    assert_int_equal(op_of(g, times(g, y, samples(g, 0, 1, 1, 6))), DW_OP_PAIR); /* not all 0 */
    assert_false(dw_graph_samples(g, t, (dw_op_shape){2, 1, 2}, &x, &err));
    assert_int_equal(err.kind, DW_ERR_INTERNAL);
    dw_tensor_release(t);
    dw_graph_free(&g);
}

static void indices_and_keys_have_shapes(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id table = input(g, 0, 2, 9), index = samples(g, 1, 1, 4, 5), x, y, key, other;
    assert_true(dw_graph_pick(g, table, index, &x, &err));
    expect_shape(g, x, 2, 4);
    expect_batch(g, x, 5);
    assert_true(dw_graph_put(g, x, index, (dw_op_shape){2, 9, 1}, &y, &err));
    expect_shape(g, y, 2, 9);
    expect_batch(g, y, 1);
    assert_false(dw_graph_pick(g, table, table, &y, &err));
    assert_string_equal(err.text,
                        "an index names columns by a row of numbers, not by a 2×9 matrix");
    dw_err_clear(&err);
    assert_false(dw_graph_put(g, x, index, (dw_op_shape){3, 9, 1}, &y, &err));
    assert_int_equal(err.kind, DW_ERR_INTERNAL);
    dw_err_clear(&err);
    assert_false(dw_graph_put(g, x, index, (dw_op_shape){2, 9, 4}, &y, &err));
    assert_int_equal(err.kind, DW_ERR_INTERNAL);
    dw_err_clear(&err);
    key = input(g, 2, 2, 1);
    assert_true(dw_graph_random(g, key, 1, (dw_op_shape){3, 3, 5}, &x, &err));
    assert_true(dw_graph_random(g, key, 2, (dw_op_shape){3, 3, 5}, &other, &err));
    assert_int_not_equal(x, other);
    expect_batch(g, x, 5);
    assert_false(dw_graph_random(g, table, 1, (dw_op_shape){3, 3, 5}, &x, &err));
    assert_int_equal(err.kind, DW_ERR_INTERNAL);
    dw_err_clear(&err);
    assert_true(dw_graph_detach(g, table, &x, &err));
    assert_true(dw_graph_detach(g, x, &y, &err));
    assert_int_equal(x, y);
    dw_graph_free(&g);
}

/* The n-th allocation fails, for every n: an error, and what was there stays usable. */
static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_err err = {0};
        size_t places[2] = {1, 0};
        dw_graph_id x, y, z;
        mem.fail_at = n;
        dw_graph *g = dw_graph_new(&mem, &err);
        done = g && dw_graph_input(g, 0, (dw_op_shape){2, 1, 1}, &x, &err) &&
               dw_graph_number(g, 3, &y, &err) && dw_graph_pair(g, DW_ELEM_ADD, x, y, &z, &err) &&
               dw_graph_gather(g, z, places, 1, 2, &z, &err) && dw_graph_number(g, 4, &x, &err) &&
               dw_graph_pair(g, DW_ELEM_MIN, x, y, &x, &err);
        for (int i = 0; done && i < 40; i++)
            done = dw_graph_copy(g, x, &x, &err);
        mem.fail_at = 0;
        assert_true(done || err.kind == DW_ERR_MEMORY);
        assert_true(!done || n > 10);
        if (g)
            assert_int_equal(op_of(g, map(g, DW_ELEM_SIN, input(g, 9, 1, 1))), DW_OP_MAP);
        dw_graph_free(&g);
        assert_int_equal(mem.used, 0);
    }
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(equal_things_share_a_node, nothing_is_left),
        cmocka_unit_test_teardown(many_nodes_are_found_again, nothing_is_left),
        cmocka_unit_test_teardown(copies_share_nothing, nothing_is_left),
        cmocka_unit_test_teardown(what_is_known_is_computed, nothing_is_left),
        cmocka_unit_test_teardown(what_has_no_result_is_left_for_later, nothing_is_left),
        cmocka_unit_test_teardown(what_changes_nothing_disappears, nothing_is_left),
        cmocka_unit_test_teardown(shapes_are_changed_once, nothing_is_left),
        cmocka_unit_test_teardown(spread_numbers_stay_numbers, nothing_is_left),
        cmocka_unit_test_teardown(choices_with_known_conditions_are_made, nothing_is_left),
        cmocka_unit_test_teardown(wrong_shapes_are_told, nothing_is_left),
        cmocka_unit_test_teardown(results_are_batched_if_an_operand_is, nothing_is_left),
        cmocka_unit_test_teardown(values_for_all_samples_are_made_late, nothing_is_left),
        cmocka_unit_test_teardown(known_samples_are_computed_with, nothing_is_left),
        cmocka_unit_test_teardown(indices_and_keys_have_shapes, nothing_is_left),
        cmocka_unit_test_teardown(lack_of_memory_is_an_error, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
