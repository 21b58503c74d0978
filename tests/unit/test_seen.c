/* SPDX-License-Identifier: BSD-3-Clause */
/* The set of seen signatures. */
#include "seen.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

static jk_span hex_of(unsigned long i, char text[65]) {
    unsigned long long mix = (i + 1) * 0x9E3779B97F4A7C15ull;
    snprintf(text, 65, "%016llx%016llx%032lx", mix, mix ^ 0xABCDEFull, i);
    return jk_span_of(text);
}

static void repeats_are_found(void **state) {
    (void)state;
    char text[65];
    jk_seen *seen = jk_seen_new();
    for (unsigned long i = 0; i < 30000; i++) {
        assert_true(jk_seen_add(seen, hex_of(i, text)));
        assert_false(jk_seen_add(seen, hex_of(i / 2, text)));
    }
    jk_seen_free(seen);
}

static void the_newest_are_kept(void **state) {
    (void)state;
    char text[65];
    jk_seen *seen = jk_seen_new();
    for (unsigned long i = 0; i < 200000; i++) {
        assert_true(jk_seen_add(seen, hex_of(i, text)));
    }
    for (unsigned long i = 200000 - 32768; i < 200000; i++) {
        assert_false(jk_seen_add(seen, hex_of(i, text)));
    }
    assert_true(jk_seen_add(seen, hex_of(0, text)));
    jk_seen_free(seen);
}

static void short_signatures_are_refused(void **state) {
    (void)state;
    jk_seen *seen = jk_seen_new();
    assert_false(jk_seen_add(seen, jk_span_of("")));
    assert_false(jk_seen_add(seen, jk_span_of("0123456789abcde")));
    assert_true(jk_seen_add(seen, jk_span_of("0000000000000000")));
    assert_false(jk_seen_add(seen, jk_span_of("0000000000000000")));
    jk_seen_free(seen);
    jk_seen_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(repeats_are_found),
                                       cmocka_unit_test(the_newest_are_kept),
                                       cmocka_unit_test(short_signatures_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
