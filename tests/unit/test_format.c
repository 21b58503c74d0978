/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers and tensors as text. */
#include "tensor/format.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dw_mem mem;

static void expect_number(double x, int digits, const char *text) {
    dw_buf out;
    dw_buf_init(&out, &mem);
    dw_format_number(&out, x, digits);
    assert_string_equal(out.data, text);
    dw_buf_free(&out);
}

static void numbers_with_the_usual_digits(void **state) {
    (void)state;
    expect_number(0.1, 0, "0.1");
    expect_number(3, 0, "3");
    expect_number(0, 0, "0");
    expect_number(-0.0, 0, "0");
    expect_number(-2.5e-7, 0, "-2.5e-07");
    expect_number(1.0 / 3, 0, "0.333333");
    expect_number(0.00012345678, 0, "0.000123457");
    expect_number(1e6, 0, "1000000");
    expect_number(123456789012345, 0, "123456789012345");
    expect_number(-999999999999999, 0, "-999999999999999");
    expect_number(1e15, 0, "1e+15");
    expect_number(1e100, 0, "1e+100");
    expect_number(123456.789, 0, "123457");
    expect_number(1234567.5, 0, "1.23457e+06");
    expect_number(0.9999999, 0, "1");
    expect_number(INFINITY, 0, "∞");
    expect_number(-INFINITY, 0, "-∞");
    expect_number(NAN, 0, "NaN");
    expect_number(4.9406564584124654e-324, 0, "4.94066e-324");
}

static void numbers_with_chosen_digits(void **state) {
    (void)state;
    expect_number(2.72, 3, "2.72");
    expect_number(3.14159, 1, "3");
    expect_number(925.2, 3, "925");
    expect_number(1234, 2, "1.2e+03");
    expect_number(99.99, 3, "100");
    expect_number(0.1, 17, "0.10000000000000001");
    expect_number(-1.2345678901234567e-5, 17, "-1.2345678901234568e-05");
    expect_number(-0.00012345678901234567, 99, "-0.00012345678901234567");
}

static void seventeen_digits_come_back_exactly(void **state) {
    (void)state;
    uint64_t bits = 1;
    for (int i = 0; i < 20000; i++) {
        double x;
        bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(&x, &bits, sizeof x);
        if (!isfinite(x))
            continue;
        dw_buf out;
        dw_buf_init(&out, &mem);
        dw_format_number(&out, x, 17);
        assert_true(strtod(out.data, NULL) == x);
        dw_buf_free(&out);
    }
}

static dw_tensor *make(size_t rows, size_t columns, const double *numbers) {
    dw_err err = {0};
    dw_tensor *t = dw_tensor_raw(&mem, rows, columns, &err);
    assert_non_null(t);
    for (size_t i = 0; i < t->size; i++)
        t->data[i] = numbers ? numbers[i] : (double)(i + 1);
    return t;
}

static void expect_tensor(dw_tensor *t, const char *text) {
    dw_buf out;
    dw_buf_init(&out, &mem);
    dw_format_tensor(&out, t);
    assert_string_equal(out.data, text);
    dw_buf_free(&out);
    dw_tensor_release(t);
}

static void small_tensors_can_be_typed_as_shown(void **state) {
    (void)state;
    expect_tensor(make(1, 3, NULL), "[1, 2, 3]");
    expect_tensor(make(3, 1, (double[]){1, 20, -0.5}), "[   1;\n   20;\n -0.5]");
    expect_tensor(make(2, 2, (double[]){1, 2, 30, INFINITY}), "[ 1, 2;\n 30, ∞]");
    expect_tensor(make(1, 1, (double[]){0.5}), "0.5");
    expect_tensor(make(1, 0, NULL), "[] (an empty row)");
    dw_tensor *truth = make(1, 2, (double[]){1, 0});
    truth->truth = true;
    expect_tensor(truth, "[true, false]");
}

static size_t lines_of(const char *text, size_t *widest) {
    size_t lines = 1, width = 0;
    *widest = 0;
    for (; *text; text++) {
        if (*text == '\n') {
            lines++;
            width = 0;
        } else if (((unsigned char)*text & 0xC0) != 0x80) {
            width++;
        }
        *widest = width > *widest ? width : *widest;
    }
    return lines;
}

static void large_tensors_are_shortened(void **state) {
    (void)state;
    static const size_t shapes[][2] = {{1, 1000}, {1000, 1}, {21, 2}, {2, 40}, {300, 300}, {1, 34}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        dw_buf out;
        char words[DW_TENSOR_WORDS];
        size_t widest;
        dw_buf_init(&out, &mem);
        dw_tensor *t = make(shapes[i][0], shapes[i][1], NULL);
        dw_format_tensor(&out, t);
        assert_non_null(strstr(out.data, "…"));
        assert_non_null(strstr(out.data, dw_tensor_words(t, words)));
        assert_true(lines_of(out.data, &widest) <= 20);
        assert_true(widest <= 100);
        assert_true(strncmp(out.data, "[", 1) == 0);
        dw_buf_free(&out);
        dw_tensor_release(t);
    }
    dw_tensor *t = make(1, 1000, NULL);
    expect_tensor(t, "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, …, 990, 991, 992, 993, 994, "
                     "995, 996, 997, 998, 999, 1000]\n(a row of 1000)");
}

static void what_just_fits_is_whole(void **state) {
    (void)state;
    dw_buf out;
    dw_buf_init(&out, &mem);
    dw_tensor *t = make(20, 2, NULL);
    dw_format_tensor(&out, t);
    assert_null(strstr(out.data, "…"));
    dw_buf_free(&out);
    dw_tensor_release(t);
    double ones[33];
    for (size_t i = 0; i < 33; i++)
        ones[i] = 1;
    t = make(1, 33, ones); /* 33*3 = 99 characters */
    dw_format_tensor(&out, t);
    assert_null(strstr(out.data, "…"));
    dw_buf_free(&out);
    dw_tensor_release(t);
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(numbers_with_the_usual_digits, nothing_is_left),
        cmocka_unit_test_teardown(numbers_with_chosen_digits, nothing_is_left),
        cmocka_unit_test_teardown(seventeen_digits_come_back_exactly, nothing_is_left),
        cmocka_unit_test_teardown(small_tensors_can_be_typed_as_shown, nothing_is_left),
        cmocka_unit_test_teardown(large_tensors_are_shortened, nothing_is_left),
        cmocka_unit_test_teardown(what_just_fits_is_whole, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
