/* SPDX-License-Identifier: BSD-3-Clause */
/* Every operation of elem.def: the loops agree with the single numbers, shapes go together as they
 * should, and values are what a table by hand says. */
#include "tensor/elem.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static dw_mem mem;

static const double samples[] = {-2.5, -1, -0.25, 0, 0.5, 1, 2, 3.75, INFINITY, -INFINITY, 0.1};
enum { SAMPLES = sizeof samples / sizeof *samples };

static dw_tensor *make(size_t rows, size_t columns, size_t start) {
    dw_err err = {0};
    dw_tensor *t = dw_tensor_raw(&mem, rows, columns, &err);
    assert_non_null(t);
    for (size_t i = 0; i < t->size; i++)
        t->data[i] = samples[(start + i * 3) % SAMPLES];
    return t;
}

static bool same(double a, double b) {
    return a == b || (isnan(a) && isnan(b));
}

static dw_elem_side array(const dw_tensor *t) {
    return (dw_elem_side){.tensor = t};
}

static dw_elem_side number(double x) {
    return (dw_elem_side){.number = x};
}

static void maps_agree_with_single_numbers(void **state) {
    (void)state;
    for (int op = 0; op < DW_ELEM_UNARIES; op++)
        for (size_t n = 0; n < 20; n++) {
            dw_err err = {0};
            dw_elem_room room = {.mem = &mem, .err = &err};
            dw_tensor *x = make(1, n, n);
            dw_tensor *y = dw_elem_map(&room, (dw_elem_unary)op, x);
            assert_non_null(y);
            assert_true(dw_tensor_same_shape(x, y));
            assert_int_equal(y->truth, op == DW_ELEM_NOT);
            for (size_t i = 0; i < n; i++)
                assert_true(same(y->data[i], dw_elem_number1((dw_elem_unary)op, x->data[i])));
            dw_tensor_release(x);
            dw_tensor_release(y);
        }
}

static void pairs_agree_with_single_numbers(void **state) {
    (void)state;
    for (int k = 0; k < DW_ELEM_BINARIES; k++)
        for (size_t n = 0; n < 20; n++) {
            dw_err err = {0};
            dw_elem_room room = {.mem = &mem, .err = &err};
            dw_elem_binary op = (dw_elem_binary)k;
            dw_tensor *x = make(n, 1, 0), *y = make(n, 1, 5);
            dw_tensor *both = dw_elem_pair(&room, op, array(x), array(y));
            dw_tensor *left = dw_elem_pair(&room, op, array(x), number(0.5));
            dw_tensor *right = dw_elem_pair(&room, op, number(-2), array(y));
            assert_true(both && left && right);
            assert_int_equal(both->truth, dw_elem_is_truth(op));
            assert_int_equal(left->dim[0], n);
            for (size_t i = 0; i < n; i++) {
                assert_true(same(both->data[i], dw_elem_number2(op, x->data[i], y->data[i])));
                assert_true(same(left->data[i], dw_elem_number2(op, x->data[i], 0.5)));
                assert_true(same(right->data[i], dw_elem_number2(op, -2, y->data[i])));
            }
            dw_tensor_release(x);
            dw_tensor_release(y);
            dw_tensor_release(both);
            dw_tensor_release(left);
            dw_tensor_release(right);
        }
}

static void unary_values_are_right(void **state) {
    (void)state;
    static const struct {
        dw_elem_unary op;
        double x, y;
    } cases[] = {
        {DW_ELEM_NEGATE, 2, -2},
        {DW_ELEM_EXP, 1, 2.718281828459045},
        {DW_ELEM_LOG, 1, 0},
        {DW_ELEM_LOG2, 8, 3},
        {DW_ELEM_LOG10, 1000, 3},
        {DW_ELEM_SQRT, 9, 3},
        {DW_ELEM_SIN, 1, 0.8414709848078965},
        {DW_ELEM_COS, 1, 0.5403023058681398},
        {DW_ELEM_TAN, 1, 1.557407724654902},
        {DW_ELEM_ASIN, 1, 1.5707963267948966},
        {DW_ELEM_ACOS, 1, 0},
        {DW_ELEM_ATAN, 1, 0.7853981633974483},
        {DW_ELEM_SINH, 1, 1.1752011936438014},
        {DW_ELEM_COSH, 1, 1.5430806348152437},
        {DW_ELEM_TANH, 1, 0.7615941559557649},
        {DW_ELEM_SIGMOID, 1, 0.7310585786300049},
        {DW_ELEM_RELU, -3, 0},
        {DW_ELEM_RELU, 3, 3},
        {DW_ELEM_LEAKY_RELU, -3, -0.03},
        {DW_ELEM_ELU, -1, -0.6321205588285577},
        {DW_ELEM_GELU, 1, 0.8413447460685429},
        {DW_ELEM_SILU, 1, 0.7310585786300049},
        {DW_ELEM_SOFTPLUS, 0, 0.6931471805599453},
        {DW_ELEM_ABS, -3, 3},
        {DW_ELEM_SIGN, -3, -1},
        {DW_ELEM_SIGN, 0, 0},
        {DW_ELEM_FLOOR, -1.5, -2},
        {DW_ELEM_CEIL, -1.5, -1},
        {DW_ELEM_ROUND, 2.5, 3},
        {DW_ELEM_ERF, 1, 0.8427007929497149},
        {DW_ELEM_NORMAL_CDF, 0, 0.5},
        {DW_ELEM_NOT, 0, 1},
        {DW_ELEM_NOT, 1, 0},
    };
    bool seen[DW_ELEM_UNARIES] = {false};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double y = dw_elem_number1(cases[i].op, cases[i].x);
        assert_true(fabs(y - cases[i].y) <= 1e-15 * fabs(cases[i].y));
        seen[cases[i].op] = true;
    }
    for (int op = 0; op < DW_ELEM_UNARIES; op++)
        assert_true(seen[op]);
    assert_true(isnan(dw_elem_number1(DW_ELEM_RELU, NAN)));
    assert_true(isnan(dw_elem_number1(DW_ELEM_SIGN, NAN)));
}

static void binary_values_are_right(void **state) {
    (void)state;
    static const struct {
        dw_elem_binary op;
        double x, y, z;
    } cases[] = {
        {DW_ELEM_ADD, 2, 3, 5},       {DW_ELEM_SUBTRACT, 2, 3, -1},
        {DW_ELEM_MULTIPLY, 2, 3, 6},  {DW_ELEM_DIVIDE, 3, 2, 1.5},
        {DW_ELEM_POWER, 2, 10, 1024}, {DW_ELEM_MOD, -1, 3, 2},
        {DW_ELEM_MIN, 2, 3, 2},       {DW_ELEM_MAX, 2, 3, 3},
        {DW_ELEM_EQUAL, 2, 2, 1},     {DW_ELEM_UNEQUAL, 2, 2, 0},
        {DW_ELEM_LESS, 2, 2, 0},      {DW_ELEM_LESS_EQUAL, 2, 2, 1},
        {DW_ELEM_GREATER, 3, 2, 1},   {DW_ELEM_GREATER_EQUAL, 2, 3, 0},
        {DW_ELEM_AND, 1, 0, 0},       {DW_ELEM_OR, 1, 0, 1},
    };
    assert_int_equal(sizeof cases / sizeof *cases, DW_ELEM_BINARIES);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(dw_elem_number2(cases[i].op, cases[i].x, cases[i].y) == cases[i].z);
    assert_true(isnan(dw_elem_number2(DW_ELEM_MIN, NAN, 1)));
    assert_true(isnan(dw_elem_number2(DW_ELEM_MAX, 1, NAN)));
}

static void every_operation_has_its_word(void **state) {
    (void)state;
    assert_string_equal(dw_elem_word1(DW_ELEM_EXP), "exp");
    assert_string_equal(dw_elem_word2(DW_ELEM_LESS_EQUAL), "≤");
    assert_true(dw_elem_is_truth(DW_ELEM_OR));
    assert_false(dw_elem_is_truth(DW_ELEM_MAX));
    for (int i = 0; i < DW_ELEM_UNARIES; i++)
        assert_true(strlen(dw_elem_word1((dw_elem_unary)i)) > 0);
    for (int i = 0; i < DW_ELEM_BINARIES; i++)
        assert_true(strlen(dw_elem_word2((dw_elem_binary)i)) > 0);
}

static void a_row_and_a_column_take_the_left_shape(void **state) {
    (void)state;
    dw_err err = {0};
    dw_elem_room room = {.mem = &mem, .err = &err};
    dw_tensor *row = make(1, 3, 0), *column = make(3, 1, 2);
    dw_tensor *a = dw_elem_pair(&room, DW_ELEM_ADD, array(row), array(column));
    dw_tensor *b = dw_elem_pair(&room, DW_ELEM_LESS, array(column), array(row));
    assert_true(a && b);
    assert_true(dw_tensor_same_shape(a, row));
    assert_true(dw_tensor_same_shape(b, column));
    assert_true(a->data[2] == row->data[2] + column->data[2]);
    dw_tensor_release(row);
    dw_tensor_release(column);
    dw_tensor_release(a);
    dw_tensor_release(b);
}

static void one_by_one_is_a_number(void **state) {
    (void)state;
    dw_err err = {0};
    dw_elem_room room = {.mem = &mem, .err = &err};
    dw_tensor *one = make(1, 1, 4), *matrix = make(2, 2, 0);
    dw_tensor *a = dw_elem_pair(&room, DW_ELEM_MULTIPLY, array(one), array(matrix));
    dw_tensor *b = dw_elem_pair(&room, DW_ELEM_ADD, array(one), number(2));
    assert_true(a && b);
    assert_true(dw_tensor_same_shape(a, matrix));
    assert_true(a->data[3] == 0.5 * matrix->data[3]);
    assert_int_equal(b->size, 1);
    assert_true(b->data[0] == 2.5);
    dw_tensor_release(one);
    dw_tensor_release(matrix);
    dw_tensor_release(a);
    dw_tensor_release(b);
}

static void expect_refused(dw_elem_binary op, const size_t dims[4], const char *text) {
    dw_err err = {0};
    dw_elem_room room = {.mem = &mem, .err = &err};
    dw_tensor *x = make(dims[0], dims[1], 0), *y = make(dims[2], dims[3], 0);
    assert_null(dw_elem_pair(&room, op, array(x), array(y)));
    assert_int_equal(err.kind, DW_ERR_SHAPE);
    assert_string_equal(err.text, text);
    dw_tensor_release(x);
    dw_tensor_release(y);
}

static void other_shapes_are_refused_in_words(void **state) {
    (void)state;
    expect_refused(DW_ELEM_ADD, (size_t[]){1, 3, 4, 1},
                   "cannot add a row of 3 and a column of 4: both need the same length");
    expect_refused(DW_ELEM_SUBTRACT, (size_t[]){1, 3, 1, 4},
                   "cannot subtract a row of 4 from a row of 3: both need the same length");
    expect_refused(DW_ELEM_DIVIDE, (size_t[]){2, 3, 3, 2},
                   "cannot divide a 2×3 matrix by a 3×2 matrix: both need the same shape; write ' "
                   "after one of them to turn its rows into columns");
    expect_refused(DW_ELEM_EQUAL, (size_t[]){3, 1, 3, 3},
                   "cannot compare a column of 3 and a 3×3 matrix: both need the same shape; for "
                   "something per column, go through the columns with for");
}

static void choosing_goes_element_by_element(void **state) {
    (void)state;
    dw_err err = {0};
    dw_elem_room room = {.mem = &mem, .err = &err};
    dw_tensor *condition = make(1, 3, 0), *x = make(3, 1, 0), *y = make(1, 4, 0);
    for (size_t i = 0; i < 3; i++)
        condition->data[i] = i == 1;
    condition->truth = true;
    dw_tensor *out = dw_elem_choose(&room, condition, array(x), number(7));
    assert_non_null(out);
    assert_true(dw_tensor_same_shape(out, condition));
    assert_false(out->truth);
    assert_true(out->data[0] == 7 && out->data[1] == x->data[1] && out->data[2] == 7);
    dw_tensor_release(out);
    assert_null(dw_elem_choose(&room, condition, number(1), array(y)));
    assert_string_equal(err.text,
                        "the condition after when is a row of 3, but a value to choose is "
                        "a row of 4: both need the same length");
    out = dw_elem_choose(&room, condition, array(condition), array(condition));
    assert_true(out->truth);
    dw_tensor_release(out);
    dw_tensor_release(condition);
    dw_tensor_release(x);
    dw_tensor_release(y);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    dw_err err = {0};
    dw_elem_room room = {.mem = &mem, .err = &err};
    dw_tensor *x = make(1, 3, 0);
    mem.fail_at = 1;
    assert_null(dw_elem_map(&room, DW_ELEM_EXP, x));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    mem.fail_at = 1;
    assert_null(dw_elem_pair(&room, DW_ELEM_ADD, array(x), array(x)));
    mem.fail_at = 1;
    assert_null(dw_elem_choose(&room, x, array(x), array(x)));
    dw_tensor_release(x);
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

/* A long array: every round of elements is done, and a request to stop ends it between two. */
static void long_arrays_go_in_rounds_and_stop(void **state) {
    (void)state;
    dw_err err = {0};
    dw_cancel cancel = {.running = 7, .cancelled = 6};
    dw_elem_room room = {.mem = &mem, .cancel = &cancel, .err = &err};
    size_t n = 100003;
    dw_tensor *x = dw_tensor_raw(&mem, 1, n, &err);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++)
        x->data[i] = (double)i;
    dw_tensor *negative = dw_elem_map(&room, DW_ELEM_NEGATE, x);
    dw_tensor *nothing = dw_elem_pair(&room, DW_ELEM_ADD, array(x), array(negative));
    dw_tensor *chosen = dw_elem_choose(&room, x, array(x), number(5));
    assert_true(negative && nothing && chosen);
    for (size_t i = 0; i < n; i++) {
        assert_true(negative->data[i] == -(double)i && nothing->data[i] == 0);
        assert_true(chosen->data[i] == (i == 0 ? 5 : (double)i));
    }
    dw_cancel_request(&cancel);
    assert_null(dw_elem_map(&room, DW_ELEM_EXP, x));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    assert_null(dw_elem_pair(&room, DW_ELEM_ADD, array(x), number(1)));
    assert_null(dw_elem_choose(&room, x, number(1), number(2)));
    dw_tensor_release(x);
    dw_tensor_release(negative);
    dw_tensor_release(nothing);
    dw_tensor_release(chosen);
    assert_int_equal(mem.used, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_arrays_go_in_rounds_and_stop),
        cmocka_unit_test_teardown(maps_agree_with_single_numbers, nothing_is_left),
        cmocka_unit_test_teardown(pairs_agree_with_single_numbers, nothing_is_left),
        cmocka_unit_test(unary_values_are_right),
        cmocka_unit_test(binary_values_are_right),
        cmocka_unit_test(every_operation_has_its_word),
        cmocka_unit_test_teardown(a_row_and_a_column_take_the_left_shape, nothing_is_left),
        cmocka_unit_test_teardown(one_by_one_is_a_number, nothing_is_left),
        cmocka_unit_test_teardown(other_shapes_are_refused_in_words, nothing_is_left),
        cmocka_unit_test_teardown(choosing_goes_element_by_element, nothing_is_left),
        cmocka_unit_test_teardown(lack_of_memory_is_an_error, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
