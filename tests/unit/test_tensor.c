/* SPDX-License-Identifier: BSD-3-Clause */
/* Shapes in words, sharing, transposing, products, joins. */
#include "tensor/tensor.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static dw_mem mem;

static dw_tensor *filled(size_t rows, size_t columns, const double *numbers) {
    dw_err err = {0};
    dw_tensor *t = dw_tensor_raw(&mem, rows, columns, &err);
    assert_non_null(t);
    for (size_t i = 0; i < t->size; i++)
        t->data[i] = numbers ? numbers[i] : (double)(i + 1);
    return t;
}

static void expect_numbers(const dw_tensor *t, size_t rows, size_t columns, const double *numbers) {
    assert_non_null(t);
    assert_int_equal(t->dim[0], rows);
    assert_int_equal(t->dim[1], columns);
    for (size_t i = 0; i < rows * columns; i++)
        assert_true(t->data[i] == numbers[i]);
}

static void words_name_every_shape(void **state) {
    (void)state;
    static const struct {
        size_t rows, columns;
        const char *words;
    } cases[] = {
        {1, 1, "a number"},        {1, 3, "a row of 3"},       {2, 1, "a column of 2"},
        {3, 2, "a 3×2 matrix"},    {8, 8, "an 8×8 matrix"},    {11, 2, "an 11×2 matrix"},
        {18, 2, "an 18×2 matrix"}, {110, 2, "a 110×2 matrix"}, {1, 0, "an empty row"},
        {0, 1, "an empty column"}, {0, 3, "a 0×3 matrix"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char words[DW_TENSOR_WORDS];
        dw_tensor *t = filled(cases[i].rows, cases[i].columns, NULL);
        assert_string_equal(dw_tensor_words(t, words), cases[i].words);
        dw_tensor_release(t);
    }
    dw_tensor *block = filled(2, 12, NULL);
    block->axes = 3;
    block->dim[1] = 3;
    block->dim[2] = 4;
    char words[DW_TENSOR_WORDS];
    assert_string_equal(dw_tensor_words(block, words), "a 2×3×4 block");
    dw_tensor_release(block);
}

static void zeros_are_zero_and_aligned(void **state) {
    (void)state;
    dw_err err = {0};
    dw_tensor *t = dw_tensor_zeros(&mem, 3, 5, &err);
    assert_non_null(t);
    assert_int_equal((uintptr_t)t->data % 64, 0);
    assert_int_equal(t->size, 15);
    assert_false(t->truth);
    for (size_t i = 0; i < t->size; i++)
        assert_true(t->data[i] == 0);
    dw_tensor_release(t);
    dw_tensor_release(NULL);
}

static void sizes_beyond_memory_are_told(void **state) {
    (void)state;
    dw_err err = {0};
    assert_null(dw_tensor_zeros(&mem, SIZE_MAX / 4, 16, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    dw_err_clear(&err);
    dw_mem small = {.limit = 1 << 20};
    assert_null(dw_tensor_raw(&small, 1000000, 1000000, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    assert_non_null(strstr(err.text, "a 1000000×1000000 matrix (8000 GB)"));
}

static void owning_copies_only_what_is_shared(void **state) {
    (void)state;
    dw_err err = {0};
    dw_tensor *t = filled(2, 2, NULL);
    assert_ptr_equal(dw_tensor_own(&mem, t, &err), t);
    t->truth = true;
    dw_tensor *copy = dw_tensor_own(&mem, dw_tensor_retain(t), &err);
    assert_non_null(copy);
    assert_ptr_not_equal(copy, t);
    assert_int_equal(t->refs, 1);
    assert_true(copy->truth);
    assert_true(dw_tensor_same_shape(copy, t));
    copy->data[0] = 9;
    assert_true(t->data[0] == 1);
    dw_tensor_release(copy);
    dw_tensor_retain(t);
    mem.fail_at = 1;
    assert_null(dw_tensor_own(&mem, t, &err));
    assert_int_equal(t->refs, 1);
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    dw_tensor_release(t);
}

static void transposing_moves_every_element(void **state) {
    (void)state;
    dw_err err = {0};
    dw_tensor *t = filled(37, 21, NULL);
    dw_tensor *back = dw_tensor_transpose(&mem, t, &err);
    assert_non_null(back);
    assert_int_equal(back->dim[0], 21);
    for (size_t i = 0; i < 37; i++)
        for (size_t j = 0; j < 21; j++)
            assert_true(back->data[j * 37 + i] == t->data[i * 21 + j]);
    dw_tensor_release(back);
    dw_tensor_release(t);
    t = filled(1, 3, NULL);
    back = dw_tensor_transpose(&mem, t, &err);
    expect_numbers(back, 3, 1, (double[]){1, 2, 3});
    dw_tensor_release(back);
    dw_tensor_release(t);
}

/* Small whole numbers make every order of summation exact, so a plain triple loop is the judge. */
static void product_matches_triple_loop(size_t rows, size_t inner, size_t columns) {
    dw_err err = {0};
    dw_tensor *a = filled(rows, inner, NULL), *b = filled(inner, columns, NULL);
    for (size_t i = 0; i < a->size; i++)
        a->data[i] = (double)(i * 7 % 11) - 5;
    for (size_t i = 0; i < b->size; i++)
        b->data[i] = (double)(i * 5 % 13) - 6;
    dw_tensor *c = dw_tensor_product(&mem, a, b, NULL, &err);
    assert_non_null(c);
    assert_int_equal(c->dim[0], rows);
    assert_int_equal(c->dim[1], columns);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double sum = 0;
            for (size_t k = 0; k < inner; k++)
                sum += a->data[i * inner + k] * b->data[k * columns + j];
            assert_true(c->data[i * columns + j] == sum);
        }
    dw_tensor_release(a);
    dw_tensor_release(b);
    dw_tensor_release(c);
}

static void products_are_right_for_all_sizes(void **state) {
    (void)state;
    for (size_t rows = 0; rows < 7; rows++)
        for (size_t inner = 0; inner < 10; inner++)
            for (size_t columns = 0; columns < 20; columns++)
                product_matches_triple_loop(rows, inner, columns);
}

/* Each element is a chain of fma over blocks of 256, the blocks added up from the first. */
static void products_are_chains_over_blocks(void **state) {
    (void)state;
    enum { COLUMNS = 9 };
    for (size_t inner = 250; inner < 800; inner += 90) {
        dw_err err = {0};
        dw_tensor *a = filled(2, inner, NULL), *b = filled(inner, COLUMNS, NULL);
        for (size_t i = 0; i < a->size; i++)
            a->data[i] = 1 / (3 + (double)i);
        for (size_t i = 0; i < b->size; i++)
            b->data[i] = 1 / (7 - 5 * (double)(i % 100));
        dw_tensor *c = dw_tensor_product(&mem, a, b, NULL, &err);
        assert_non_null(c);
        for (size_t i = 0; i < 2 * COLUMNS; i++) {
            double block[4] = {0};
            for (size_t k = 0; k < inner; k++)
                block[k / 256] = fma(a->data[i / COLUMNS * inner + k],
                                     b->data[k * COLUMNS + i % COLUMNS], block[k / 256]);
            assert_true(c->data[i] == ((block[0] + block[1]) + block[2]) + block[3]);
        }
        dw_tensor_release(a);
        dw_tensor_release(b);
        dw_tensor_release(c);
    }
}

/* A net answers one sample or many: the digits must not depend on how many columns there are. */
static void product_of_a_column_does_not_depend_on_its_neighbours(void **state) {
    (void)state;
    enum { N = 19, COLUMNS = 13 };
    dw_err err = {0};
    dw_tensor *a = filled(N, N, NULL), *b = filled(N, COLUMNS, NULL);
    for (size_t i = 0; i < a->size; i++)
        a->data[i] = 1 / (3 + (double)i);
    for (size_t i = 0; i < b->size; i++)
        b->data[i] = 1 / (7 - 5 * (double)i);
    dw_tensor *all = dw_tensor_product(&mem, a, b, NULL, &err);
    assert_non_null(all);
    for (size_t j = 0; j < COLUMNS; j++) {
        dw_tensor *column = filled(N, 1, NULL);
        for (size_t i = 0; i < N; i++)
            column->data[i] = b->data[i * COLUMNS + j];
        dw_tensor *one = dw_tensor_product(&mem, a, column, NULL, &err);
        assert_non_null(one);
        for (size_t i = 0; i < N; i++)
            assert_true(one->data[i] == all->data[i * COLUMNS + j]);
        dw_tensor_release(column);
        dw_tensor_release(one);
    }
    dw_tensor_release(a);
    dw_tensor_release(b);
    dw_tensor_release(all);
}

static void expect_product_error(size_t r1, size_t c1, size_t r2, size_t c2, const char *text) {
    dw_err err = {0};
    dw_tensor *a = filled(r1, c1, NULL), *b = filled(r2, c2, NULL);
    assert_null(dw_tensor_product(&mem, a, b, NULL, &err));
    assert_int_equal(err.kind, DW_ERR_SHAPE);
    assert_string_equal(err.text, text);
    dw_tensor_release(a);
    dw_tensor_release(b);
}

static void product_errors_propose_a_repair(void **state) {
    (void)state;
    expect_product_error(1, 3, 1, 3,
                         "cannot multiply a row of 3 * a row of 3: 3 and 1 do not match; write .* "
                         "for element by element, · for the dot product");
    expect_product_error(
        3, 2, 3, 1,
        "cannot multiply a 3×2 matrix * a column of 3: 2 and 3 do not match; write "
        "' after the left side to turn its rows into columns");
    expect_product_error(2, 3, 4, 3,
                         "cannot multiply a 2×3 matrix * a 4×3 matrix: 3 and 4 do not match; write "
                         "' after the right side to turn its rows into columns");
    expect_product_error(2, 3, 5, 7,
                         "cannot multiply a 2×3 matrix * a 5×7 matrix: 3 and 5 do not match; the "
                         "left side needs as many columns as the right side has rows");
}

static void products_can_be_stopped(void **state) {
    (void)state;
    dw_err err = {0};
    dw_cancel cancel = {.running = 7, .cancelled = 7};
    dw_tensor *a = filled(100, 100, NULL);
    assert_null(dw_tensor_product(&mem, a, a, &cancel, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_tensor_release(a);
}

static void dot_takes_rows_and_columns(void **state) {
    (void)state;
    dw_err err = {0};
    double out = 0;
    dw_tensor *row = filled(1, 3, NULL), *column = filled(3, 1, NULL), *matrix = filled(3, 2, NULL);
    dw_tensor *longer = filled(1, 4, NULL);
    assert_true(dw_tensor_dot(row, column, &out, &err));
    assert_true(out == 14);
    assert_false(dw_tensor_dot(row, longer, &out, &err));
    assert_string_equal(err.text,
                        "the dot product needs two of the same length, but here are a row "
                        "of 3 and a row of 4");
    dw_err_clear(&err);
    assert_false(dw_tensor_dot(matrix, column, &out, &err));
    assert_non_null(strstr(err.text, "a 3×2 matrix and a column of 3; write *"));
    dw_tensor_release(row);
    dw_tensor_release(column);
    dw_tensor_release(matrix);
    dw_tensor_release(longer);
}

static void joins_go_right_and_down(void **state) {
    (void)state;
    dw_err err = {0};
    dw_tensor *a = filled(2, 2, (double[]){1, 2, 3, 4}), *b = filled(2, 1, (double[]){5, 6});
    dw_tensor *empty = filled(1, 0, NULL), *row = filled(1, 2, (double[]){7, 8});
    dw_tensor *out = dw_tensor_beside(&mem, (dw_tensor *[]){a, empty, b}, 3, &err);
    expect_numbers(out, 2, 3, (double[]){1, 2, 5, 3, 4, 6});
    dw_tensor_release(out);
    out = dw_tensor_below(&mem, (dw_tensor *[]){row, empty, a}, 3, &err);
    expect_numbers(out, 3, 2, (double[]){7, 8, 1, 2, 3, 4});
    dw_tensor_release(out);
    assert_null(dw_tensor_beside(&mem, (dw_tensor *[]){a, row}, 2, &err));
    assert_string_equal(err.text, "cannot put a row of 2 beside a 2×2 matrix: 1 and 2 rows do not "
                                  "match; write ; between them to go down");
    dw_err_clear(&err);
    assert_null(dw_tensor_below(&mem, (dw_tensor *[]){a, b}, 2, &err));
    assert_string_equal(err.text, "cannot put a column of 2 below a 2×2 matrix: 1 and 2 columns do "
                                  "not match; write , between them to go right");
    dw_tensor_release(a);
    dw_tensor_release(b);
    dw_tensor_release(empty);
    dw_tensor_release(row);
}

static void joins_of_nothing_are_empty(void **state) {
    (void)state;
    dw_err err = {0};
    dw_tensor *empty = filled(0, 1, NULL);
    dw_tensor *out = dw_tensor_beside(&mem, NULL, 0, &err);
    expect_numbers(out, 1, 0, NULL);
    dw_tensor_release(out);
    out = dw_tensor_below(&mem, &empty, 1, &err);
    expect_numbers(out, 0, 1, NULL);
    dw_tensor_release(out);
    dw_tensor_release(empty);
}

static void joins_of_truth_values_are_truth_values(void **state) {
    (void)state;
    dw_err err = {0};
    dw_tensor *a = filled(1, 1, (double[]){1}), *b = filled(1, 1, (double[]){0});
    a->truth = b->truth = true;
    dw_tensor *out = dw_tensor_beside(&mem, (dw_tensor *[]){a, b}, 2, &err);
    assert_true(out->truth);
    dw_tensor_release(out);
    b->truth = false;
    out = dw_tensor_below(&mem, (dw_tensor *[]){a, b}, 2, &err);
    assert_false(out->truth);
    dw_tensor_release(out);
    out = dw_tensor_below(&mem, (dw_tensor *[]){b, a}, 2, &err);
    assert_false(out->truth);
    dw_tensor_release(out);
    dw_tensor_release(a);
    dw_tensor_release(b);
}

static void gathering_picks_places(void **state) {
    (void)state;
    dw_err err = {0};
    dw_tensor *t = filled(2, 3, NULL);
    dw_tensor *out = dw_tensor_gather(&mem, t, (size_t[]){5, 0, 5}, 3, 1, &err);
    expect_numbers(out, 3, 1, (double[]){6, 1, 6});
    dw_tensor_release(out);
    dw_tensor_release(t);
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(words_name_every_shape, nothing_is_left),
        cmocka_unit_test_teardown(zeros_are_zero_and_aligned, nothing_is_left),
        cmocka_unit_test_teardown(sizes_beyond_memory_are_told, nothing_is_left),
        cmocka_unit_test_teardown(owning_copies_only_what_is_shared, nothing_is_left),
        cmocka_unit_test_teardown(transposing_moves_every_element, nothing_is_left),
        cmocka_unit_test_teardown(products_are_right_for_all_sizes, nothing_is_left),
        cmocka_unit_test_teardown(products_are_chains_over_blocks, nothing_is_left),
        cmocka_unit_test_teardown(product_of_a_column_does_not_depend_on_its_neighbours,
                                  nothing_is_left),
        cmocka_unit_test_teardown(product_errors_propose_a_repair, nothing_is_left),
        cmocka_unit_test_teardown(products_can_be_stopped, nothing_is_left),
        cmocka_unit_test_teardown(dot_takes_rows_and_columns, nothing_is_left),
        cmocka_unit_test_teardown(joins_go_right_and_down, nothing_is_left),
        cmocka_unit_test_teardown(joins_of_nothing_are_empty, nothing_is_left),
        cmocka_unit_test_teardown(joins_of_truth_values_are_truth_values, nothing_is_left),
        cmocka_unit_test_teardown(gathering_picks_places, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
