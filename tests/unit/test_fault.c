/* SPDX-License-Identifier: BSD-3-Clause */
/* Faults: the first one counts. */
#include "fault.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void the_first_fault_counts(void **state) {
    (void)state;
    jk_fault fault = {{0}};
    assert_false(jk_fault_set(&fault, "port %d", 5));
    assert_false(jk_fault_set(&fault, "later"));
    assert_string_equal(fault.text, "port 5");
    assert_false(jk_fault_set(NULL, "nobody listens"));
}

static void long_faults_are_cut(void **state) {
    (void)state;
    jk_fault fault = {{0}};
    jk_fault_set(&fault, "%01000d", 7);
    assert_int_equal(strlen(fault.text), sizeof fault.text - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_fault_counts),
                                       cmocka_unit_test(long_faults_are_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
