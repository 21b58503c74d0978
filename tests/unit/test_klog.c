/* SPDX-License-Identifier: BSD-3-Clause */
/* Notes: silent unless asked for, and never a flood. */
#include "klog.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

/* Lines that 100 notes leave on stderr. */
static int lines_of(bool is_on) {
    jk_klog log = {.is_on = is_on};
    int ends[2], lines = 0;
    char text[8192];
    assert_int_equal(pipe(ends), 0);
    int kept = dup(2);
    dup2(ends[1], 2);
    for (int i = 0; i < 100; i++) {
        jk_klog_note(&log, "note %d", i);
    }
    fflush(stderr);
    dup2(kept, 2);
    close(kept);
    close(ends[1]);
    ssize_t got = read(ends[0], text, sizeof text);
    close(ends[0]);
    for (ssize_t i = 0; i < got; i++) {
        lines += text[i] == '\n';
    }
    return lines;
}

static void silent_unless_asked_for(void **state) {
    (void)state;
    assert_int_equal(lines_of(false), 0);
}

static void a_flood_is_cut(void **state) {
    (void)state;
    assert_int_equal(lines_of(true), 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(silent_unless_asked_for),
                                       cmocka_unit_test(a_flood_is_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
