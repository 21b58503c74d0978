/* SPDX-License-Identifier: BSD-3-Clause */
/* UUIDs and times. */
#include "id.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void uuids_have_the_form_and_differ(void **state) {
    (void)state;
    char a[JK_ID_UUID], b[JK_ID_UUID];
    assert_true(jk_id_uuid(a) && jk_id_uuid(b));
    assert_string_not_equal(a, b);
    assert_int_equal(strlen(a), 36);
    assert_int_equal(strspn(a, "0123456789abcdef-"), 36);
    assert_int_equal(a[14], '4');
    assert_non_null(strchr("89ab", a[19]));
    assert_true(a[8] == '-' && a[13] == '-' && a[18] == '-' && a[23] == '-');
}

static void times_are_padded(void **state) {
    (void)state;
    char text[JK_ID_TIME];
    for (int i = 0; i < 1000; i++) {
        jk_id_time(text);
        assert_int_equal(strlen(text), 27);
        assert_true(text[10] == 'T' && text[19] == '.' && text[26] == 'Z');
        assert_int_equal(strspn(text + 20, "0123456789"), 6);
    }
    long long before = jk_id_clock_ms();
    assert_true(jk_id_clock_ms() >= before);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(uuids_have_the_form_and_differ),
                                       cmocka_unit_test(times_are_padded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
