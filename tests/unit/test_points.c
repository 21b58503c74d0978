/* SPDX-License-Identifier: BSD-3-Clause */
/* Code points and bytes. */
#include "points.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void there_and_back(void **state) {
    (void)state;
    jk_span text = jk_span_of("a\xC3\xA9\xF0\x9F\x98\x80z"); /* 4 code points in 8 bytes */
    const size_t bytes[] = {0, 1, 3, 7, 8};
    for (size_t point = 0; point < 5; point++) {
        assert_int_equal(jk_points_to_byte(text, point), bytes[point]);
        assert_int_equal(jk_points_at_byte(text, bytes[point]), point);
    }
    assert_int_equal(jk_points_to_byte(text, 5), 8);
    assert_int_equal(jk_points_to_byte(text, SIZE_MAX), 8);
    assert_int_equal(jk_points_at_byte(text, SIZE_MAX), 4);
    assert_int_equal(jk_points_to_byte(jk_span_of(NULL), 3), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(there_and_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
