/* SPDX-License-Identifier: BSD-3-Clause */
/* Growable bytes. */
#include "bytes.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

static void adding_dropping_and_emptying(void **state) {
    (void)state;
    jk_bytes b = {0};
    assert_true(jk_bytes_add(&b, "a\0b", 3));
    assert_true(jk_bytes_text(&b, "cdef"));
    assert_int_equal(b.len, 7);
    assert_memory_equal(b.data, "a\0bcdef", 8);
    jk_bytes_drop(&b, 3);
    assert_string_equal(b.data, "cdef");
    jk_bytes_drop(&b, 0);
    assert_true(jk_span_is(jk_bytes_span(&b), "cdef"));
    jk_bytes_reset(&b, 1 << 20);
    assert_int_equal(b.len, 0);
    assert_string_equal(b.data, "");
    assert_true(jk_bytes_add(&b, NULL, 0));
    jk_bytes_reset(&b, 0);
    assert_null(b.data);
    jk_bytes_free(&b);
}

static void growth_that_is_impossible_sticks(void **state) {
    (void)state;
    jk_bytes b = {0};
    jk_bytes_text(&b, "kept");
    assert_false(jk_bytes_reserve(&b, SIZE_MAX - 10));
    assert_true(b.failed);
    assert_false(jk_bytes_text(&b, "more"));
    assert_string_equal(b.data, "kept");
    jk_bytes_reset(&b, 1 << 20);
    assert_true(jk_bytes_text(&b, "again"));
    jk_bytes_free(&b);
}

static void files_have_a_limit(void **state) {
    (void)state;
    jk_bytes b = {0};
    assert_false(jk_bytes_read_file(&b, "/nowhere/at/all", 10));
    assert_int_equal(errno, ENOENT);
    assert_false(jk_bytes_read_file(&b, "/dev/zero", 100000));
    assert_int_equal(errno, EFBIG);
    jk_bytes_free(&b);
    assert_true(jk_bytes_read_file(&b, "/dev/null", 10));
    assert_string_equal(b.data, "");
    jk_bytes_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(adding_dropping_and_emptying),
                                       cmocka_unit_test(growth_that_is_impossible_sticks),
                                       cmocka_unit_test(files_have_a_limit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
