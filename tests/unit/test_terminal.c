/* SPDX-License-Identifier: BSD-3-Clause */
/* Answers from a pipe and from a terminal: lines, ends, echo, interrupts. */
#define _XOPEN_SOURCE 700 /* posix_openpt */
#include "terminal.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

static jk_gate gate;

static int start(void **state) {
    (void)state;
    return !jk_gate_open(&gate);
}

static int stop(void **state) {
    (void)state;
    jk_gate_close(&gate);
    return 0;
}

/* Asks and compares how it ended and what was answered. */
static void expect(jk_terminal *terminal, jk_ask end, const char *text) {
    jk_bytes answer = {0};
    assert_int_equal(jk_terminal_ask(terminal, jk_span_of("? "), false, &answer), end);
    assert_string_equal(answer.data ? answer.data : "", text);
    jk_bytes_free(&answer);
}

static void lines_of_a_pipe(void **state) {
    (void)state;
    static const char text[] = "one\n\ntwo\r\n \xff\xc3\xa9 \nlast";
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, sizeof text - 1), sizeof text - 1);
    close(ends[1]);
    jk_terminal terminal = {.input = ends[0], .gate = &gate};
    expect(&terminal, JK_ASK_ANSWERED, "one");
    expect(&terminal, JK_ASK_ANSWERED, "");
    expect(&terminal, JK_ASK_ANSWERED, "two");
    expect(&terminal, JK_ASK_ANSWERED, " \xef\xbf\xbd\xc3\xa9 ");
    expect(&terminal, JK_ASK_ANSWERED, "last");
    expect(&terminal, JK_ASK_ENDED, "");
    expect(&terminal, JK_ASK_ENDED, "");
    jk_terminal_free(&terminal);
    close(ends[0]);
}

static void an_input_that_cannot_be_read_has_ended(void **state) {
    (void)state;
    jk_terminal terminal = {.input = open("/", O_RDONLY), .gate = &gate};
    expect(&terminal, JK_ASK_ENDED, "");
    close(terminal.input);
    terminal = (jk_terminal){.input = -1, .gate = &gate, .has_ended = true};
    expect(&terminal, JK_ASK_ENDED, "");
}

static void an_interrupt_ends_the_wait(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    jk_terminal terminal = {.input = ends[0], .gate = &gate};
    jk_gate_begin(&gate);
    jk_gate_cancel(&gate);
    expect(&terminal, JK_ASK_STOPPED, "");
    jk_gate_end(&gate);
    assert_int_equal(write(ends[1], "later\n", 6), 6);
    expect(&terminal, JK_ASK_ANSWERED, "later");
    jk_terminal_free(&terminal);
    close(ends[0]);
    close(ends[1]);
}

/* What a terminal shows of an answer typed while it is asked. */
static void a_hidden_answer_is_not_echoed(void **state) {
    (void)state;
    int keyboard = posix_openpt(O_RDWR | O_NOCTTY);
    if (keyboard < 0)
        skip();
    assert_int_equal(grantpt(keyboard) + unlockpt(keyboard), 0);
    int screen = open(ptsname(keyboard), O_RDWR | O_NOCTTY);
    assert_true(screen >= 0);
    jk_terminal terminal = {.input = screen, .gate = &gate};
    jk_bytes answer = {0};
    struct termios after;
    jk_gate_begin(&gate);
    jk_gate_cancel(&gate); /* asked to stop: the echo comes back all the same */
    assert_int_equal(jk_terminal_ask(&terminal, jk_span_of("? "), true, &answer), JK_ASK_STOPPED);
    jk_gate_end(&gate);
    assert_int_equal(tcgetattr(screen, &after), 0);
    assert_true((after.c_lflag & ECHO) != 0);
    assert_int_equal(write(keyboard, "shown\n", 6), 6);
    expect(&terminal, JK_ASK_ANSWERED, "shown");
    char echoed[64];
    ssize_t size = read(keyboard, echoed, sizeof echoed - 1);
    assert_true(size > 0);
    echoed[size] = '\0';
    assert_non_null(strstr(echoed, "shown"));
    jk_bytes_free(&answer);
    jk_terminal_free(&terminal);
    close(screen);
    close(keyboard);
    puts(""); /* the report goes on, on a line of its own */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_of_a_pipe, start, stop),
        cmocka_unit_test_setup_teardown(an_input_that_cannot_be_read_has_ended, start, stop),
        cmocka_unit_test_setup_teardown(an_interrupt_ends_the_wait, start, stop),
        cmocka_unit_test_setup_teardown(a_hidden_answer_is_not_echoed, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
