/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations on plain memory: small cases by hand, writing over an input, stopping, working memory.
 * That they agree with the tensors is for test_plan. */
#include "graph/op.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void run(const dw_op_call *call, double *out, const double *x, const double *y,
                const double *z) {
    dw_err err = {0};
    const double *in[] = {x, y, z};
    size_t bytes;
    assert_true(dw_op_room(call, &bytes, &err));
    assert_int_equal(bytes, 0);
    assert_true(dw_op_run(call, out, in, NULL, NULL, &err));
}

static void expect(const double *found, size_t n, const double *numbers) {
    for (size_t i = 0; i < n; i++)
        assert_true(found[i] == numbers[i]);
}

static void results_are_right(void **state) {
    (void)state;
    const double x[6] = {1, -2, 3, 4, 5, 6}, n[1] = {10}, c[6] = {0, 1, 1, 0, 0, 1};
    const size_t places[6] = {3, 0, 3, 1, 1, 0};
    double out[9];
    run(&(dw_op_call){DW_OP_MAP, DW_ELEM_ABS, {2, 3, 1}, {{2, 3, 1}}, NULL, 0}, out, x, NULL, NULL);
    expect(out, 6, (double[]){1, 2, 3, 4, 5, 6});
    run(&(dw_op_call){DW_OP_PAIR, DW_ELEM_SUBTRACT, {2, 3, 1}, {{1, 1, 1}, {2, 3, 1}}, NULL, 0},
        out, n, x, NULL);
    expect(out, 6, (double[]){9, 12, 7, 6, 5, 4});
    run(&(dw_op_call){DW_OP_PAIR, DW_ELEM_SUBTRACT, {2, 3, 1}, {{2, 3, 1}, {1, 1, 1}}, NULL, 0},
        out, x, n, NULL);
    expect(out, 6, (double[]){-9, -12, -7, -6, -5, -4});
    run(&(dw_op_call){DW_OP_CHOOSE, 0, {2, 3, 1}, {{2, 3, 1}, {1, 1, 1}, {2, 3, 1}}, NULL, 0}, out,
        c, n, x);
    expect(out, 6, (double[]){1, 10, 10, 4, 5, 10});
    run(&(dw_op_call){DW_OP_CHOOSE, 0, {2, 3, 1}, {{1, 1, 1}, {2, 3, 1}, {1, 1, 1}}, NULL, 0}, out,
        n, x, c);
    expect(out, 6, x);
    run(&(dw_op_call){DW_OP_PRODUCT, 0, {2, 2, 1}, {{2, 3, 1}, {3, 2, 1}}, NULL, 0}, out, x, x,
        NULL);
    expect(out, 4, (double[]){1 - 6 + 15, -2 - 8 + 18, 4 + 15 + 30, -8 + 20 + 36});
    run(&(dw_op_call){DW_OP_TRANSPOSE, 0, {3, 2, 1}, {{2, 3, 1}}, NULL, 0}, out, x, NULL, NULL);
    expect(out, 6, (double[]){1, 4, -2, 5, 3, 6});
    run(&(dw_op_call){DW_OP_SUM, 0, {1, 1, 1}, {{2, 3, 1}}, NULL, 0}, out, x, NULL, NULL);
    expect(out, 1, (double[]){17});
    run(&(dw_op_call){DW_OP_SMALLEST, 0, {1, 1, 1}, {{2, 3, 1}}, NULL, 0}, out, x, NULL, NULL);
    expect(out, 1, (double[]){-2});
    run(&(dw_op_call){DW_OP_SPREAD, 0, {3, 3, 1}, {{1, 1, 1}}, NULL, 0}, out, n, NULL, NULL);
    expect(out, 9, (double[]){10, 10, 10, 10, 10, 10, 10, 10, 10});
    run(&(dw_op_call){DW_OP_GATHER, 0, {1, 6, 1}, {{2, 3, 1}}, places, 0}, out, x, NULL, NULL);
    expect(out, 6, (double[]){4, 1, 4, -2, -2, 1});
    run(&(dw_op_call){DW_OP_PLACE, 0, {1, 5, 1}, {{2, 3, 1}}, places, 0}, out, x, NULL, NULL);
    expect(out, 5, (double[]){4, 9, 0, 4, 0});
    run(&(dw_op_call){DW_OP_RESHAPE, 0, {3, 2, 1}, {{2, 3, 1}}, NULL, 0}, out, x, NULL, NULL);
    expect(out, 6, x);
    assert_int_equal(dw_op_arity(DW_OP_INPUT), 0);
    assert_int_equal(dw_op_arity(DW_OP_CHOOSE), 3);
}

/* Every length around the eight elements that are done at a time. */
static void results_may_replace_inputs(void **state) {
    (void)state;
    for (size_t n = 2; n < 40; n++) {
        double x[40], y[40], c[40], expected[40];
        dw_op_call pair = {DW_OP_PAIR, DW_ELEM_DIVIDE, {1, n, 1}, {{1, n, 1}, {1, n, 1}}, NULL, 0};
        dw_op_call map = {DW_OP_MAP, DW_ELEM_NEGATE, {1, n, 1}, {{1, n, 1}}, NULL, 0};
        dw_op_call choose = {DW_OP_CHOOSE, 0, {1, n, 1}, {{1, n, 1}, {1, n, 1}, {1, n, 1}},
                             NULL,         0};
        assert_true(dw_op_overlaps(DW_OP_PAIR) && dw_op_overlaps(DW_OP_MAP));
        assert_true(dw_op_overlaps(DW_OP_CHOOSE) && !dw_op_overlaps(DW_OP_PRODUCT));
        for (size_t i = 0; i < n; i++) {
            x[i] = (double)i + 1;
            y[i] = (double)(i % 5) + 2;
            c[i] = (double)(i % 3 == 0);
        }
        run(&pair, expected, x, y, NULL);
        run(&pair, y, x, y, NULL);
        expect(y, n, expected);
        run(&map, expected, x, NULL, NULL);
        run(&map, x, x, NULL, NULL);
        expect(x, n, expected);
        run(&choose, expected, c, x, y);
        run(&choose, c, c, x, y);
        expect(c, n, expected);
    }
}

static void long_operations_stop(void **state) {
    (void)state;
    enum { MANY = 100000 };
    dw_cancel cancel = {.running = 3, .cancelled = 3};
    double *x = calloc(MANY, sizeof *x);
    const double *in[] = {x, x, x};
    assert_non_null(x);
    const dw_op_call calls[] = {
        {DW_OP_MAP, DW_ELEM_EXP, {1, MANY, 1}, {{1, MANY, 1}}, NULL, 0},
        {DW_OP_PAIR, DW_ELEM_ADD, {1, MANY, 1}, {{1, MANY, 1}, {1, MANY, 1}}, NULL, 0},
        {DW_OP_CHOOSE, 0, {1, MANY, 1}, {{1, MANY, 1}, {1, MANY, 1}, {1, MANY, 1}}, NULL, 0},
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        dw_err err = {0};
        assert_false(dw_op_run(&calls[i], x, in, NULL, &cancel, &err));
        assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    }
    free(x);
}

static void solving_takes_working_memory(void **state) {
    (void)state;
    dw_err err = {0};
    const double a[4] = {2, 0, 0, 4}, b[2] = {6, 8}, zeros[4] = {0};
    const double *in[] = {a, b}, *singular[] = {zeros, b};
    double x[2];
    dw_op_call call = {DW_OP_SOLVE, 0, {2, 1, 1}, {{2, 2, 1}, {2, 1, 1}}, NULL, 0};
    size_t bytes;
    assert_true(dw_op_room(&call, &bytes, &err));
    assert_true(bytes > 0 && bytes % 64 == 0);
    void *room = aligned_alloc(64, bytes);
    assert_non_null(room);
    assert_true(dw_op_run(&call, x, in, room, NULL, &err));
    expect(x, 2, (double[]){3, 2});
    assert_false(dw_op_run(&call, x, singular, room, NULL, &err));
    assert_int_equal(err.kind, DW_ERR_NUMERIC);
    free(room);
    dw_err_clear(&err);
    call.input[0] = (dw_op_shape){SIZE_MAX / 2, SIZE_MAX / 2, 1};
    assert_false(dw_op_room(&call, &bytes, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_right),
        cmocka_unit_test(results_may_replace_inputs),
        cmocka_unit_test(long_operations_stop),
        cmocka_unit_test(solving_takes_working_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
