/* SPDX-License-Identifier: BSD-3-Clause */
/* The scans that are compiled in: counts of each digit, sums and single scans as in the source. */
#include "data/digits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_digit_is_there_as_often_as_in_the_source(void **state) {
    (void)state;
    static const int known[10] = {178, 182, 177, 183, 181, 182, 181, 179, 174, 180};
    dw_mem mem = {0};
    dw_err err = {0};
    dw_tensor *x, *y;
    int counts[10] = {0};
    double sum = 0, weighted = 0;
    assert_true(dw_digits_read(&mem, &x, &y, &err));
    assert_int_equal(x->dim[0], 64);
    assert_int_equal(x->dim[1], 1797);
    assert_int_equal(y->dim[0], 1);
    assert_int_equal(y->dim[1], 1797);
    for (size_t i = 0; i < y->size; i++) {
        assert_true(y->data[i] >= 0 && y->data[i] <= 9);
        counts[(int)y->data[i]]++;
    }
    for (int d = 0; d < 10; d++)
        assert_int_equal(counts[d], known[d]);
    for (size_t i = 0; i < x->size; i++) {
        assert_true(x->data[i] >= 0 && x->data[i] <= 1);
        sum += 16 * x->data[i];
        weighted += 16 * x->data[i] * (double)(i / 1797 + 1) * (double)(i % 1797 + 1);
    }
    assert_true(sum == 561718);
    assert_true(weighted == 16337198609);
    dw_tensor_release(x);
    dw_tensor_release(y);
    assert_int_equal(mem.used, 0);
}

static void the_first_scan_is_a_zero(void **state) {
    (void)state;
    static const int first[64] = {0, 0, 5,  13, 9,  1,  0, 0, 0, 0, 13, 15, 10, 15, 5, 0,
                                  0, 3, 15, 2,  0,  11, 8, 0, 0, 4, 12, 0,  0,  8,  8, 0,
                                  0, 5, 8,  0,  0,  9,  8, 0, 0, 4, 11, 0,  1,  12, 7, 0,
                                  0, 2, 14, 5,  10, 12, 0, 0, 0, 0, 6,  13, 10, 0,  0, 0};
    dw_mem mem = {0};
    dw_err err = {0};
    dw_tensor *x, *y;
    assert_true(dw_digits_read(&mem, &x, &y, &err));
    for (size_t k = 0; k < 64; k++)
        assert_true(x->data[k * 1797] == first[k] / 16.0);
    assert_true(y->data[0] == 0 && y->data[1] == 1 && y->data[1796] == 8);
    dw_tensor_release(x);
    dw_tensor_release(y);
}

static void too_little_memory_is_an_error(void **state) {
    (void)state;
    for (long at = 1; at <= 2; at++) {
        dw_mem mem = {.fail_at = at};
        dw_err err = {0};
        dw_tensor *x, *y;
        assert_false(dw_digits_read(&mem, &x, &y, &err));
        assert_int_equal(err.kind, DW_ERR_MEMORY);
        assert_int_equal(mem.used, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_digit_is_there_as_often_as_in_the_source),
        cmocka_unit_test(the_first_scan_is_a_zero),
        cmocka_unit_test(too_little_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
