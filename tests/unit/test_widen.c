/* SPDX-License-Identifier: BSD-3-Clause */
/* A graph with samples gives each what the graph without them gives it, to the last bit. */
#include "graph/widen.h"

#include "graph/derive.h"
#include "graph/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { SAMPLES = 11, ROWS = 3 };

/* A value of x (3×1) in which most operations take part. */
static bool compute(dw_graph *g, dw_graph_id x, dw_graph_id *y, dw_err *err) {
    static const size_t places[] = {2, 0};
    dw_graph_id row, square, part, far, norm, largest, smallest, a, ax, step, test, sum, zero;
    dw_tensor *m = dw_tensor_zeros(g->mem, ROWS, ROWS, err);
    if (m == NULL)
        return false;
    for (size_t i = 0; i < ROWS * ROWS; i++)
        m->data[i] = (double)(i * i) - 3.5 + 4 * (double)(i % 4 == 0);
    bool fine = dw_graph_constant(g, m, &a, err);
    dw_tensor_release(m);
    return fine && dw_graph_transpose(g, x, &row, err) &&
           dw_graph_product(g, x, row, &square, err) && dw_graph_sum(g, square, &sum, err) &&
           dw_graph_gather(g, x, places, 2, 1, &part, err) &&
           dw_graph_place(g, part, places, 4, 1, &far, err) && dw_graph_norm(g, far, &norm, err) &&
           dw_graph_largest(g, x, &largest, err) && dw_graph_smallest(g, x, &smallest, err) &&
           dw_graph_product(g, a, x, &ax, err) && dw_graph_solve(g, a, ax, &step, err) &&
           dw_graph_map(g, DW_ELEM_EXP, step, &step, err) && dw_graph_sum(g, step, &step, err) &&
           dw_graph_number(g, 0, &zero, err) &&
           dw_graph_pair(g, DW_ELEM_GREATER, sum, zero, &test, err) &&
           dw_graph_choose(g, test, norm, largest, y, err) &&
           dw_graph_pair(g, DW_ELEM_MULTIPLY, *y, smallest, y, err) &&
           dw_graph_pair(g, DW_ELEM_ADD, *y, step, y, err);
}

/* Another value, of those that put elements elsewhere or only keep a derivative away. */
static bool rearrange(dw_graph *g, dw_graph_id x, dw_graph_id *y, dw_err *err) {
    dw_graph_id twin, table, index, picked, top, all;
    dw_tensor *places = dw_tensor_zeros(g->mem, 1, 4, err);
    if (places == NULL)
        return false;
    places->data[0] = 2;
    places->data[3] = 1;
    bool fine = dw_graph_constant(g, places, &index, err);
    dw_tensor_release(places);
    return fine && dw_graph_copy(g, x, &twin, err) &&
           dw_graph_reshape(g, twin, 1, ROWS, &table, err) &&
           dw_graph_pick(g, table, index, &picked, err) && dw_graph_largest(g, twin, &top, err) &&
           dw_graph_detach(g, top, &top, err) && dw_graph_spread(g, top, 1, 4, &all, err) &&
           dw_graph_pair(g, DW_ELEM_MULTIPLY, picked, all, &picked, err) &&
           dw_graph_norm(g, picked, y, err);
}

typedef bool builder(dw_graph *g, dw_graph_id x, dw_graph_id *y, dw_err *err);

/* The value and its gradient are the same for each sample as for a number alone. */
static void expect_alike(builder *build) {
    dw_mem mem = {0};
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err), *wide = dw_graph_new(&mem, &err);
    dw_graph_id x, outputs[3], widened[3];
    assert_true(dw_graph_input(g, 0, (dw_op_shape){ROWS, 1, 1}, &x, &err));
    assert_true(build(g, x, &outputs[0], &err));
    assert_true(dw_derive_gradient(g, outputs[0], &x, 1, &outputs[1], &err));
    assert_true(dw_graph_number(g, 7, &outputs[2], &err));
    bool fits;
    dw_widen_wish wish = {g, outputs, 3, SAMPLES};
    assert_true(dw_widen_graph(&wish, wide, widened, &fits, &err));
    assert_true(fits);
    dw_plan *one = dw_plan_new(&mem, g, outputs, 3, &err);
    dw_plan *all = dw_plan_new(&mem, wide, widened, 3, &err);
    assert_non_null(one);
    assert_non_null(all);
    double in[ROWS * SAMPLES], values[SAMPLES], gradients[ROWS * SAMPLES], sevens[SAMPLES];
    for (size_t i = 0; i < ROWS * SAMPLES; i++)
        in[i] = (double)((i * 37) % 23) / 7 - 1.6;
    const double *inputs = in;
    double *const results[] = {values, gradients, sevens};
    assert_true(dw_plan_run(all, &inputs, results, NULL, &err));
    for (size_t s = 0; s < SAMPLES; s++) {
        double alone[ROWS], y, dy[ROWS], seven;
        for (size_t i = 0; i < ROWS; i++)
            alone[i] = in[i * SAMPLES + s];
        const double *from = alone;
        assert_true(dw_plan_run(one, &from, (double *const[]){&y, dy, &seven}, NULL, &err));
        assert_memory_equal(&y, &values[s], sizeof y);
        assert_memory_equal(&seven, &sevens[s], sizeof y);
        for (size_t i = 0; i < ROWS; i++)
            assert_memory_equal(&dy[i], &gradients[i * SAMPLES + s], sizeof y);
    }
    dw_plan_free(&one);
    dw_plan_free(&all);
    dw_graph_free(&g);
    dw_graph_free(&wide);
    assert_int_equal(mem.used, 0);
}

static void samples_get_what_they_get_alone(void **state) {
    (void)state;
    expect_alike(compute);
    expect_alike(rearrange);
}

static void survives_starving(void **state) {
    (void)state;
    for (long n = 1, reached = 1; reached; n++) {
        dw_mem mem = {0};
        dw_err err = {0};
        dw_graph *g = dw_graph_new(&mem, &err), *wide = dw_graph_new(&mem, &err);
        dw_graph_id x, y, widened;
        bool fits;
        assert_true(dw_graph_input(g, 0, (dw_op_shape){ROWS, 1, 1}, &x, &err));
        assert_true(compute(g, x, &y, &err));
        dw_widen_wish wish = {g, &y, 1, SAMPLES};
        mem.fail_at = n;
        bool fine = dw_widen_graph(&wish, wide, &widened, &fits, &err);
        reached = mem.fail_at == 0;
        assert_true(fine ? fits : err.kind == DW_ERR_MEMORY);
        assert_true(!reached || !fine);
        mem.fail_at = 0;
        dw_graph_free(&g);
        dw_graph_free(&wide);
        assert_int_equal(mem.used, 0);
    }
}

static void graphs_with_samples_do_not_fit(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err), *wide = dw_graph_new(&mem, &err);
    dw_graph_id x, y, widened;
    assert_true(dw_graph_input(g, 0, (dw_op_shape){2, 1, 5}, &x, &err));
    assert_true(dw_graph_batch_sum(g, x, &y, &err));
    bool fits = true;
    dw_widen_wish wish = {g, &y, 1, SAMPLES};
    assert_true(dw_widen_graph(&wish, wide, &widened, &fits, &err));
    assert_false(fits);
    dw_graph_free(&g);
    dw_graph_free(&wide);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(samples_get_what_they_get_alone),
                                       cmocka_unit_test(survives_starving),
                                       cmocka_unit_test(graphs_with_samples_do_not_fit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
