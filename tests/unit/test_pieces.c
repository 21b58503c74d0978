/* SPDX-License-Identifier: BSD-3-Clause */
/* Straight pieces of computations: every operation on one cell, cuts, curves, no memory. */
#include "graph/pieces.h"

#include "graphs.h"

/* A cell of one number, or of two: lo…hi along both axes. */
typedef struct {
    double corners[8], place[2];
} box;

static dw_pieces_cell cell_of(box *b, double lo, double hi, size_t axes) {
    const double square[] = {lo, lo, hi, lo, hi, hi, lo, hi}, line[] = {lo, hi};
    memcpy(b->corners, axes == 1 ? line : square, axes == 1 ? sizeof line : sizeof square);
    b->place[0] = b->place[1] = (lo + hi) / 2;
    return (dw_pieces_cell){b->corners, b->place, axes == 1 ? 2 : 4, 1e-13, 0};
}

/* Looks at lo…hi; how many cuts, and the plane when there are none. */
static size_t look(dw_mem *mem, dw_graph *g, dw_graph_id y, size_t axes, const double ends[2],
                   dw_pieces_plane *plane) {
    dw_err err = {0};
    box b;
    dw_pieces_cell cell = cell_of(&b, ends[0], ends[1], axes);
    const dw_pieces_plane *cuts;
    dw_pieces *pieces = dw_pieces_new(mem, g, y, axes, &err);
    assert_non_null(pieces);
    if (!dw_pieces_look(pieces, &cell, plane, &err))
        fail_msg("%s", err.text);
    size_t count = dw_pieces_cuts(pieces, &cuts);
    if (count > 0)
        *plane = cuts[0];
    dw_pieces_free(&pieces);
    return count;
}

static void expect_refusal(dw_mem *mem, dw_graph *g, dw_graph_id y, dw_err_kind kind,
                           const char *words) {
    dw_err err = {0};
    box b;
    dw_pieces_plane plane;
    dw_pieces_cell cell = cell_of(&b, 0.5, 1, 1);
    dw_pieces *pieces = dw_pieces_new(mem, g, y, 1, &err);
    assert_false(dw_pieces_look(pieces, &cell, &plane, &err));
    assert_int_equal(err.kind, kind);
    if (strstr(err.text, words) == NULL)
        fail_msg("%s, not %s", err.text, words);
    dw_pieces_free(&pieces);
}

/* A number made of x that is a + b*x on 1/2 … 1. */
static void expect_line(dw_mem *mem, dw_graph *g, dw_graph_id y, double a, double b) {
    dw_pieces_plane plane;
    assert_int_equal(look(mem, g, y, 1, (double[]){0.5, 1}, &plane), 0);
    if (fabs(plane.value - (a + 0.75 * b)) > 1e-14 || fabs(plane.slope[0] - b) > 1e-14)
        fail_msg("%g with slope %g instead of %g with slope %g", plane.value, plane.slope[0],
                 a + 0.75 * b, b);
}

static void expect_cut(dw_mem *mem, dw_graph *g, dw_graph_id y, double where) {
    dw_pieces_plane plane;
    assert_int_equal(look(mem, g, y, 1, (double[]){0.5, 1}, &plane), 1);
    assert_true(fabs(0.75 - plane.value / plane.slope[0] - where) < 1e-14);
}

static void elementwise_operations(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    dw_graph_id x = input(g, 0, 1, 1), minus = map(g, DW_ELEM_NEGATE, x);
    dw_graph_id less = pair(g, DW_ELEM_SUBTRACT, x, number(g, 0.6)), y;
    expect_line(&mem, g, x, 0, 1);
    expect_line(&mem, g, minus, 0, -1);
    expect_line(&mem, g, map(g, DW_ELEM_RELU, x), 0, 1);
    expect_line(&mem, g, map(g, DW_ELEM_RELU, minus), 0, 0);
    expect_line(&mem, g, map(g, DW_ELEM_LEAKY_RELU, minus), 0, -0.01);
    expect_line(&mem, g, map(g, DW_ELEM_ABS, minus), 0, 1);
    expect_line(&mem, g, map(g, DW_ELEM_SIGN, minus), -1, 0);
    expect_line(&mem, g, map(g, DW_ELEM_FLOOR, minus), -1, 0);
    expect_line(&mem, g, map(g, DW_ELEM_EXP, map(g, DW_ELEM_SIGN, x)),
                dw_elem_number1(DW_ELEM_EXP, 1), 0);
    expect_line(&mem, g, times(g, x, number(g, 3)), 0, 3);
    expect_line(&mem, g, pair(g, DW_ELEM_DIVIDE, x, number(g, 4)), 0, 0.25);
    expect_line(&mem, g, pair(g, DW_ELEM_MOD, x, number(g, 2)), 0, 1);
    expect_line(&mem, g, pair(g, DW_ELEM_MIN, x, number(g, 2)), 0, 1);
    expect_line(&mem, g, pair(g, DW_ELEM_MAX, x, number(g, 2)), 2, 0);
    expect_line(&mem, g, pair(g, DW_ELEM_LESS, x, number(g, 2)), 1, 0);
    expect_line(&mem, g, times(g, map(g, DW_ELEM_RELU, x), map(g, DW_ELEM_RELU, minus)), 0, 0);
    assert_true(dw_graph_choose(g, pair(g, DW_ELEM_GREATER, x, number(g, 2)), x, minus, &y, &err));
    expect_line(&mem, g, y, 0, -1);
    const dw_elem_unary hinges[] = {DW_ELEM_RELU, DW_ELEM_LEAKY_RELU, DW_ELEM_ABS, DW_ELEM_SIGN};
    for (size_t i = 0; i < 4; i++)
        expect_cut(&mem, g, map(g, hinges[i], less), 0.6);
    expect_cut(&mem, g, map(g, DW_ELEM_CEIL, less), 0.6);
    expect_cut(&mem, g, map(g, DW_ELEM_ROUND, pair(g, DW_ELEM_SUBTRACT, x, number(g, 0.1))), 0.6);
    expect_cut(&mem, g, pair(g, DW_ELEM_MAX, x, number(g, 0.6)), 0.6);
    expect_cut(&mem, g, pair(g, DW_ELEM_GREATER_EQUAL, number(g, 0.6), x), 0.6);
    expect_cut(&mem, g, pair(g, DW_ELEM_MOD, x, number(g, 0.6)), 0.6);
    dw_graph_free(&g);
    assert_int_equal(mem.used, 0);
}

static void operations_on_arrays(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_rng rng = dw_rng_seed(1);
    dw_graph *g = dw_graph_new(&mem, &err);
    dw_graph_id x = input(g, 0, 1, 1), many, turned, at, back, y, w, solved;
    assert_true(dw_graph_spread(g, x, 2, 3, &many, &err));
    many = times(g, many, noise(g, &mem, &rng, many));
    assert_true(dw_graph_transpose(g, many, &turned, &err));
    assert_true(dw_graph_gather(g, turned, (const size_t[]){0, 3, 5, 4}, 2, 2, &at, &err));
    assert_true(dw_graph_place(g, at, (const size_t[]){1, 0, 2, 2}, 1, 3, &back, &err));
    const double *r = dw_graph_at(g, dw_graph_at(g, many)->input[1])->value->data;
    expect_line(&mem, g, sum(g, back), 0, r[0] + r[4] + r[5] + r[2]);
    /* the largest of the products, and their norm, which is a curve */
    dw_pieces_plane plane;
    assert_true(dw_graph_largest(g, many, &y, &err));
    assert_int_equal(look(&mem, g, y, 1, (double[]){0.5, 1}, &plane), 0);
    assert_true(plane.slope[0] >= r[0] && plane.slope[0] >= r[5]);
    assert_true(dw_graph_norm(g, many, &y, &err));
    expect_refusal(&mem, g, y, DW_ERR_VALUE, "the norm of what depends on the input");
    assert_true(dw_graph_norm(g, pair(g, DW_ELEM_SUBTRACT, x, number(g, 0.6)), &y, &err));
    expect_cut(&mem, g, y, 0.6);
    /* a product with fixed numbers, one with itself, and equations */
    w = noise(g, &mem, &rng, turned);
    assert_true(dw_graph_product(g, many, w, &y, &err));
    const double *v = dw_graph_at(g, w)->value->data;
    double want = r[0] * v[0] + r[1] * v[2] + r[2] * v[4];
    assert_true(dw_graph_gather(g, y, (const size_t[]){0}, 1, 1, &y, &err));
    expect_line(&mem, g, y, 0, want);
    assert_true(dw_graph_product(g, many, turned, &y, &err));
    assert_true(dw_graph_gather(g, y, (const size_t[]){0}, 1, 1, &y, &err));
    expect_refusal(&mem, g, y, DW_ERR_VALUE, "a product of two things");
    assert_true(dw_graph_solve(g, number(g, 4), x, &solved, &err));
    expect_line(&mem, g, solved, 0, 0.25);
    dw_graph_free(&g);
    assert_int_equal(mem.used, 0);
}

static void two_numbers(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    dw_graph_id x = input(g, 0, 1, 1), y = input(g, 1, 1, 1), column = input(g, 0, 2, 1), second;
    dw_pieces_plane plane;
    dw_graph_id z = pair(g, DW_ELEM_SUBTRACT, times(g, x, number(g, 2)), y);
    assert_int_equal(look(&mem, g, z, 2, (double[]){0, 2}, &plane), 0);
    assert_true(plane.value == 1 && plane.slope[0] == 2 && plane.slope[1] == -1);
    assert_true(dw_graph_gather(g, column, (const size_t[]){1}, 1, 1, &second, &err));
    assert_int_equal(look(&mem, g, second, 2, (double[]){0, 2}, &plane), 0);
    assert_true(plane.value == 1 && plane.slope[0] == 0 && plane.slope[1] == 1);
    /* cut where 2x = y; a line through a corner alone does not cut */
    assert_int_equal(look(&mem, g, map(g, DW_ELEM_RELU, z), 2, (double[]){0, 2}, &plane), 1);
    z = pair(g, DW_ELEM_ADD, x, y);
    assert_int_equal(look(&mem, g, map(g, DW_ELEM_RELU, z), 2, (double[]){0, 2}, &plane), 0);
    expect_refusal(&mem, g, times(g, x, x), DW_ERR_VALUE, "is a curve");
    dw_graph_free(&g);
}

static void curves_are_named(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    dw_graph_id x = input(g, 0, 1, 1), solved, y;
    expect_refusal(&mem, g, map(g, DW_ELEM_TANH, x), DW_ERR_VALUE, "linear: tanh of what");
    expect_refusal(&mem, g, pair(g, DW_ELEM_DIVIDE, number(g, 1), x), DW_ERR_VALUE, "a quotient");
    expect_refusal(&mem, g, pair(g, DW_ELEM_POWER, x, number(g, 2.5)), DW_ERR_VALUE, "a power");
    expect_refusal(&mem, g, pair(g, DW_ELEM_MOD, number(g, 1), x), DW_ERR_VALUE, "a remainder");
    assert_true(dw_graph_solve(g, x, number(g, 1), &solved, &err));
    expect_refusal(&mem, g, solved, DW_ERR_VALUE, "the solution of equations");
    expect_refusal(&mem, g, map(g, DW_ELEM_FLOOR, times(g, x, number(g, 1e9))), DW_ERR_LIMIT,
                   "steps");
    y = pair(g, DW_ELEM_ADD, times(g, x, number(g, 100)), number(g, 1e17));
    expect_refusal(&mem, g, map(g, DW_ELEM_FLOOR, y), DW_ERR_LIMIT, "every number is whole");
    expect_refusal(&mem, g, times(g, x, number(g, INFINITY)), DW_ERR_NUMERIC, "not finite");
    dw_graph_free(&g);
}

static void no_memory(void **state) {
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_mem mem = {0};
        dw_err err = {0};
        dw_graph *g = dw_graph_new(&mem, &err);
        dw_graph_id y = map(g, DW_ELEM_FLOOR, times(g, input(g, 0, 1, 1), number(g, 500)));
        box b;
        dw_pieces_plane plane;
        dw_pieces_cell cell = cell_of(&b, 0, 1, 1);
        size_t before = mem.used;
        mem.fail_at = n;
        dw_pieces *pieces = dw_pieces_new(&mem, g, y, 1, &err);
        done = pieces != NULL && dw_pieces_look(pieces, &cell, &plane, &err);
        if (!done)
            assert_int_equal(err.kind, DW_ERR_MEMORY);
        dw_pieces_free(&pieces);
        assert_int_equal(mem.used, before);
        mem.fail_at = 0;
        dw_graph_free(&g);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elementwise_operations),
        cmocka_unit_test(operations_on_arrays),
        cmocka_unit_test(two_numbers),
        cmocka_unit_test(curves_are_named),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
