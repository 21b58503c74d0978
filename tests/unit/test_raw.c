/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers of every kind and width, in both orders of bytes. */
#include "data/raw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static double read_one(dw_raw_kind kind, uint8_t width, uint64_t raw) {
    char little[8], big[8];
    double a, b;
    for (size_t i = 0; i < width; i++)
        little[i] = big[(size_t)width - 1 - i] = (char)(raw >> (8 * i) & 0xFF);
    dw_raw_type type = {kind, width, false};
    assert_true(dw_raw_known(type));
    a = dw_raw_number(type, little);
    type.big = true;
    b = dw_raw_number(type, big);
    assert_memory_equal(&a, &b, sizeof a);
    assert_true(dw_raw_whole(little, width, false) == raw);
    assert_true(dw_raw_whole(big, width, true) == raw);
    return a;
}

static void floats(void **state) {
    (void)state;
    assert_true(read_one(DW_RAW_FLOAT, 8, 0xC000000000000000u) == -2);
    assert_true(read_one(DW_RAW_FLOAT, 4, 0x3F000000u) == 0.5);
    assert_true(isnan(read_one(DW_RAW_FLOAT, 4, 0x7FC00000u)));
    assert_true(read_one(DW_RAW_FLOAT, 4, 1) == 0x1p-149);
    assert_true(read_one(DW_RAW_BRAIN, 2, 0xC040u) == -3);
    assert_true(isinf(read_one(DW_RAW_BRAIN, 2, 0x7F80u)));
}

/* The value of a float of 2 bytes by its definition. */
static double half(unsigned raw) {
    double sign = raw >> 15 ? -1 : 1, fraction = raw & 0x3FF;
    int exponent = raw >> 10 & 31;
    return sign * (exponent == 0 ? ldexp(fraction, -24) : ldexp(1024 + fraction, exponent - 25));
}

static void every_float_of_two_bytes(void **state) {
    (void)state;
    for (unsigned raw = 0; raw < 1u << 16; raw++) {
        double x = read_one(DW_RAW_FLOAT, 2, raw);
        if ((raw >> 10 & 31) == 31 && (raw & 0x3FF) != 0) {
            assert_true(isnan(x));
        } else if ((raw >> 10 & 31) == 31) {
            assert_true(isinf(x) && (x < 0) == (raw >> 15 == 1));
        } else {
            assert_true(x == half(raw));
            assert_true(!signbit(x) == (raw >> 15 == 0));
        }
    }
}

static void whole_numbers(void **state) {
    (void)state;
    assert_true(read_one(DW_RAW_SIGNED, 1, 0x80) == -128);
    assert_true(read_one(DW_RAW_SIGNED, 1, 0x7F) == 127);
    assert_true(read_one(DW_RAW_SIGNED, 2, 0xFFFF) == -1);
    assert_true(read_one(DW_RAW_SIGNED, 4, 0x80000000u) == -2147483648.0);
    assert_true(read_one(DW_RAW_SIGNED, 8, 0x8000000000000000u) == -0x1p63);
    assert_true(read_one(DW_RAW_UNSIGNED, 1, 0xFF) == 255);
    assert_true(read_one(DW_RAW_UNSIGNED, 2, 0xFFFE) == 65534);
    assert_true(read_one(DW_RAW_UNSIGNED, 4, 0xFFFFFFFFu) == 4294967295.0);
    assert_true(read_one(DW_RAW_UNSIGNED, 8, UINT64_MAX) == 0x1p64);
    assert_true(read_one(DW_RAW_TRUTH, 1, 0) == 0);
    assert_true(read_one(DW_RAW_TRUTH, 1, 7) == 1);
}

static void other_widths_are_unknown(void **state) {
    (void)state;
    static const uint8_t widths[][9] = {[DW_RAW_FLOAT] = {0, 0, 1, 0, 1, 0, 0, 0, 1},
                                        [DW_RAW_BRAIN] = {0, 0, 1},
                                        [DW_RAW_SIGNED] = {0, 1, 1, 0, 1, 0, 0, 0, 1},
                                        [DW_RAW_UNSIGNED] = {0, 1, 1, 0, 1, 0, 0, 0, 1},
                                        [DW_RAW_TRUTH] = {0, 1}};
    for (int kind = DW_RAW_FLOAT; kind <= DW_RAW_TRUTH; kind++)
        for (uint8_t width = 0; width <= 8; width++)
            assert_int_equal(dw_raw_known((dw_raw_type){(dw_raw_kind)kind, width, false}),
                             widths[kind][width]);
}

static void what_is_written_reads_back(void **state) {
    (void)state;
    static const double numbers[] = {0, -0.0, 1.0 / 3, -1e300, INFINITY, 5e-324};
    dw_mem mem = {0};
    dw_buf out;
    double back[6];
    dw_buf_init(&out, &mem);
    dw_raw_add(&out, (dw_raw_type){DW_RAW_FLOAT, 8, false}, numbers, 6);
    assert_int_equal(out.size, 48);
    assert_true(dw_raw_read((dw_raw_type){DW_RAW_FLOAT, 8, false}, out.data, 6, back, NULL, NULL));
    assert_memory_equal(back, numbers, sizeof numbers);
    dw_buf_clear(&out);
    dw_raw_add(&out, (dw_raw_type){DW_RAW_FLOAT, 4, false}, numbers, 6);
    assert_int_equal(out.size, 24);
    assert_true(dw_raw_read((dw_raw_type){DW_RAW_FLOAT, 4, false}, out.data, 6, back, NULL, NULL));
    assert_true(back[2] == (double)(1.0f / 3) && isinf(back[3]) && isinf(back[4]) && back[5] == 0);
    dw_buf_clear(&out);
    dw_raw_add(&out, (dw_raw_type){DW_RAW_TRUTH, 1, false}, numbers, 6);
    assert_memory_equal(out.data, "\0\0\1\1\1\1", 6);
    dw_buf_clear(&out);
    dw_raw_add_whole(&out, 0x010203u, 4);
    assert_memory_equal(out.data, "\3\2\1\0", 4);
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floats),
        cmocka_unit_test(every_float_of_two_bytes),
        cmocka_unit_test(whole_numbers),
        cmocka_unit_test(other_widths_are_unknown),
        cmocka_unit_test(what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
