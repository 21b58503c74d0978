/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts reach the running request and no other. */
#include "gate.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int told;

static void interrupt(void *self) {
    (void)self;
    told++;
}

static const jk_engine engine = {.interrupt = interrupt};

static void idle_and_late_interrupts_match_nothing(void **state) {
    (void)state;
    jk_gate gate;
    assert_true(jk_gate_open(&gate));
    jk_gate_set_engine(&gate, &engine);
    jk_gate_cancel(&gate);
    assert_false(jk_gate_is_cancelled(&gate));
    jk_gate_begin(&gate);
    assert_false(jk_gate_is_cancelled(&gate));
    assert_false(jk_gate_fire(&gate));
    jk_gate_cancel(&gate);
    assert_true(jk_gate_is_cancelled(&gate));
    jk_gate_end(&gate);
    assert_false(jk_gate_is_cancelled(&gate));
    assert_false(jk_gate_fire(&gate));
    jk_gate_begin(&gate);
    assert_false(jk_gate_is_cancelled(&gate));
    assert_int_equal(told, 0);
    jk_gate_close(&gate);
}

static void the_engine_is_told_until_the_request_ends(void **state) {
    (void)state;
    jk_gate gate;
    assert_true(jk_gate_open(&gate));
    jk_gate_begin(&gate);
    jk_gate_cancel(&gate);
    assert_true(jk_gate_fire(&gate)); /* no engine yet */
    assert_int_equal(told, 0);
    jk_gate_set_engine(&gate, &engine);
    assert_true(jk_gate_fire(&gate) && jk_gate_fire(&gate));
    assert_int_equal(told, 2);
    jk_gate_end(&gate);
    assert_false(jk_gate_fire(&gate));
    assert_int_equal(told, 2);
    jk_gate_close(&gate);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(idle_and_late_interrupts_match_nothing),
                                       cmocka_unit_test(the_engine_is_told_until_the_request_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
