/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations on plain memory: small cases by hand, writing over an input, stopping, working memory.
 * That they agree with the tensors is for test_plan. */
#include "graph/op.h"

#include "tensor/reduce.h"

#include <math.h>
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
    assert_int_equal(bytes % 64, 0);
    void *room = bytes > 0 ? aligned_alloc(64, bytes) : NULL;
    assert_true(bytes == 0 || room);
    assert_true(dw_op_run(call, out, in, room, NULL, &err));
    free(room);
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

/* ---- samples ---- */

static void sums_of_samples_are_trees(void **state) {
    (void)state;
    enum { MANY = 200 };
    double x[2 * MANY], out[2];
    for (size_t i = 0; i < 2 * MANY; i++)
        x[i] = 1.0 / (double)(i + 1);
    run(&(dw_op_call){DW_OP_BATCH_SUM, 0, {2, 1, 1}, {{2, 1, MANY}}, NULL, 0}, out, x, NULL, NULL);
    assert_true(out[0] == dw_reduce_sum(x, MANY, NULL) &&
                out[1] == dw_reduce_sum(x + MANY, MANY, NULL));
    run(&(dw_op_call){DW_OP_BATCH_SPREAD, 0, {1, 2, 3}, {{1, 2, 1}}, NULL, 0}, x, out, NULL, NULL);
    expect(x, 6, (double[]){out[0], out[0], out[0], out[1], out[1], out[1]});
}

/* Products, samples by themselves and contracted; the samples of b are twice as large each time. */
static void products_of_samples(void **state) {
    (void)state;
    const double a[2 * 2] = {1, 2, 3, 4};           /* 2×2 uniform */
    const double b[2 * 3] = {5, 10, 20, 6, 12, 24}; /* 2×1, 3 samples */
    const double c[2 * 3] = {1, 1, 1, 0, 1, 10};    /* 1×2, 3 samples */
    double out[12];
    run(&(dw_op_call){DW_OP_PRODUCT, 0, {2, 1, 3}, {{2, 2, 1}, {2, 1, 3}}, NULL, 0}, out, a, b,
        NULL);
    expect(out, 6, (double[]){17, 34, 68, 39, 78, 156});
    run(&(dw_op_call){DW_OP_PRODUCT, 0, {1, 1, 3}, {{1, 2, 3}, {2, 1, 3}}, NULL, 0}, out, c, b,
        NULL);
    expect(out, 3, (double[]){5, 22, 260});
    run(&(dw_op_call){DW_OP_PRODUCT, 0, {1, 1, 1}, {{1, 2, 3}, {2, 1, 3}}, NULL, 0}, out, c, b,
        NULL);
    expect(out, 1, (double[]){287});
    run(&(dw_op_call){DW_OP_PRODUCT, 0, {2, 2, 1}, {{2, 1, 3}, {1, 2, 3}}, NULL, 0}, out, b, c,
        NULL);
    expect(out, 4, (double[]){35, 210, 42, 252});
}

/* Chains of fma over blocks of 256; a contraction is the product of the joined axes. */
static void a_contraction_is_one_long_product(void **state) {
    (void)state;
    enum { INNER = 3, SAMPLES = 250, ALL = INNER * SAMPLES };
    double x[ALL], y[ALL], out, blocks[3] = {0}, alone;
    for (size_t i = 0; i < ALL; i++) {
        x[i] = 1.0 / (double)(i + 3);
        y[i] = 1.0 / (double)(i % 7 + 1);
        blocks[i / 256] = fma(x[i], y[i], blocks[i / 256]);
    }
    run(
        &(dw_op_call){
            DW_OP_PRODUCT, 0, {1, 1, 1}, {{1, INNER, SAMPLES}, {INNER, 1, SAMPLES}}, NULL, 0},
        &out, x, y, NULL);
    assert_true(out == (blocks[0] + blocks[1]) + blocks[2]);
    run(&(dw_op_call){DW_OP_PRODUCT, 0, {1, 1, 1}, {{1, ALL, 1}, {ALL, 1, 1}}, NULL, 0}, &alone, x,
        y, NULL);
    assert_true(out == alone);
}

static void columns_are_picked_and_put(void **state) {
    (void)state;
    const double table[6] = {1, 2, 3, 4, 5, 6}, x[4] = {1, 10, 2, 20};
    const double index[2] = {2, 1.9}, none[4] = {-1, 3, NAN, -0.5}, both[4] = {2, 0, 0, 0};
    double out[12];
    run(&(dw_op_call){DW_OP_PICK, 0, {2, 2, 1}, {{2, 3, 1}, {1, 2, 1}}, NULL, 0}, out, table, index,
        NULL);
    expect(out, 4, (double[]){3, 2, 6, 5});
    run(&(dw_op_call){DW_OP_PICK, 0, {1, 4, 1}, {{1, 3, 1}, {1, 4, 1}}, NULL, 0}, out, table, none,
        NULL);
    for (size_t i = 0; i < 4; i++)
        assert_true(isnan(out[i]));
    run(&(dw_op_call){DW_OP_PUT, 0, {1, 3, 1}, {{1, 4, 1}, {1, 4, 1}}, NULL, 0}, out, x, none,
        NULL);
    expect(out, 3, (double[]){0, 0, 0});
    /* Two columns of two samples: index 2 then 0 in the first, 0 and 0 in the second. */
    run(&(dw_op_call){DW_OP_PUT, 0, {1, 3, 2}, {{1, 2, 2}, {1, 2, 2}}, NULL, 0}, out, x, both,
        NULL);
    expect(out, 6, (double[]){2, 30, 0, 0, 1, 0});
    run(&(dw_op_call){DW_OP_PUT, 0, {1, 3, 1}, {{1, 2, 2}, {1, 2, 2}}, NULL, 0}, out, x, both,
        NULL);
    expect(out, 3, (double[]){32, 0, 1});
    run(&(dw_op_call){DW_OP_PUT, 0, {1, 3, 1}, {{1, 2, 1}, {1, 2, 2}}, NULL, 0}, out, x, both,
        NULL);
    expect(out, 3, (double[]){21, 0, 1});
    assert_true(dw_op_column(-0.5, 3) == SIZE_MAX && dw_op_column(2.99, 3) == 2);
    assert_true(dw_op_column(INFINITY, 3) == SIZE_MAX && dw_op_column(-0.0, 3) == 0);
}

static void random_numbers_come_from_their_key(void **state) {
    (void)state;
    const double key[2] = {7, 1}, next[2] = {7, 2};
    double x[6], y[6];
    dw_op_call call = {DW_OP_RANDOM, 0, {1, 2, 3}, {{2, 1, 1}}, NULL, 4};
    run(&call, x, key, NULL, NULL);
    double other[6], later[6];
    dw_op_random(key, 5, 0, other, 6);
    dw_op_random(next, 4, 0, later, 6);
    for (size_t i = 0; i < 6; i++) {
        dw_op_random(key, 4, i, y, 1);
        assert_true(x[i] >= 0 && x[i] < 1 && x[i] == y[0]);
        assert_true(x[i] != other[i] && x[i] != later[i]);
    }
    call.shape = (dw_op_shape){6, 1, 1};
    run(&call, y, key, NULL, NULL);
    expect(y, 6, x);
}

/* Everything else goes through the samples one by one, in place where it may. */
static void samples_do_not_see_each_other(void **state) {
    (void)state;
    const double n[2] = {10, 100}, zero[1] = {0};
    double x[6] = {1, -2, 3, 4, 5, 6}, out[6];
    dw_err err = {0};
    run(&(dw_op_call){DW_OP_SUM, 0, {1, 1, 2}, {{3, 1, 2}}, NULL, 0}, out, x, NULL, NULL);
    expect(out, 2, (double[]){9, 8});
    run(&(dw_op_call){DW_OP_TRANSPOSE, 0, {3, 1, 2}, {{1, 3, 2}}, NULL, 0}, out, x, NULL, NULL);
    expect(out, 6, x);
    run(&(dw_op_call){DW_OP_PAIR, DW_ELEM_ADD, {3, 1, 2}, {{3, 1, 2}, {1, 1, 2}}, NULL, 0}, x, x, n,
        NULL);
    expect(x, 6, (double[]){11, 98, 13, 104, 15, 106});
    run(&(dw_op_call){DW_OP_CHOOSE, 0, {1, 1, 2}, {{1, 1, 1}, {1, 1, 2}, {1, 1, 2}}, NULL, 0}, out,
        zero, x, n);
    expect(out, 2, n);
    dw_op_call call = {DW_OP_MAP, 0, {SIZE_MAX / 2, 3, 2}, {{SIZE_MAX / 2, 3, 2}}, NULL, 0};
    size_t bytes;
    assert_false(dw_op_room(&call, &bytes, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_right),
        cmocka_unit_test(results_may_replace_inputs),
        cmocka_unit_test(long_operations_stop),
        cmocka_unit_test(solving_takes_working_memory),
        cmocka_unit_test(sums_of_samples_are_trees),
        cmocka_unit_test(products_of_samples),
        cmocka_unit_test(a_contraction_is_one_long_product),
        cmocka_unit_test(columns_are_picked_and_put),
        cmocka_unit_test(random_numbers_come_from_their_key),
        cmocka_unit_test(samples_do_not_see_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
