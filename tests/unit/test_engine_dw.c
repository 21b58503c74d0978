/* SPDX-License-Identifier: BSD-3-Clause */
/* The language behind the seam: what a cell puts out, errors, expressions, help, limits. */
#include "engine_dw.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static jk_engine_info info;
static jk_engine_maker maker;
static jk_engine engine;
static char said[4096]; /* what came out, in order: name(text) */

static void note(const char *name, const char *bytes, size_t len) {
    size_t used = strlen(said);
    snprintf(said + used, sizeof said - used, "%s(%.*s)", name, (int)len, bytes);
}

static void take_stream(void *self, jk_stream stream, const char *text, size_t len) {
    (void)self;
    note(stream == JK_STDOUT ? "print" : "stderr", text, len);
}

static void take(const char *name, const jk_display *display) {
    for (size_t i = 0; i < display->count; i++) {
        if (strcmp(display->parts[i].mime, "text/plain") == 0) {
            note(name, display->parts[i].bytes, display->parts[i].len);
        }
    }
}

static void take_display(void *self, const jk_display *display) {
    (void)self;
    take("display", display);
}

static void take_result(void *self, const jk_display *display) {
    (void)self;
    take("result", display);
}

static void take_error(void *self, const jk_failure *failure) {
    (void)self;
    note("error", failure->ename.bytes, failure->ename.len);
    assert_true(failure->traceback_count == 1 && failure->traceback[0].len > 0);
}

static void take_clear(void *self, bool wait) {
    (void)self;
    note("clear", wait ? "wait" : "now", 3);
}

static void take_page(void *self, const char *text, size_t len) {
    (void)self;
    note("page", text, len);
}

static void take_next_input(void *self, const char *text, size_t len) {
    (void)self;
    note("next", text, len);
}

static jk_ask how_it_ends;

static jk_ask take_ask(void *self, jk_span question, bool is_hidden, jk_bytes *answer) {
    (void)self;
    note(is_hidden ? "hidden" : "ask", question.bytes, question.len);
    jk_bytes_text(answer, how_it_ends == JK_ASK_ANSWERED ? "7" : "");
    return how_it_ends;
}

static unsigned long long panel_number;

static void take_panel(void *self, const jk_panel *panel) {
    (void)self;
    char line[100] = "end";
    if (panel) {
        panel_number = panel->number;
        snprintf(line, sizeof line, "%zu %s %g %s", panel->count, panel->knobs[0].name,
                 panel->knobs[0].start, panel->knobs[1].labels[1]);
    }
    note("panel", line, strlen(line));
}

static bool never(void *self) {
    (void)self;
    return false;
}

static int start(void **state) {
    char why[100];
    (void)state;
    said[0] = '\0';
    maker = jk_engine_dw_maker(&info);
    return !maker.open(&engine, ".", why, sizeof why);
}

static int stop(void **state) {
    (void)state;
    engine.free(engine.self);
    return 0;
}

static const jk_out everything = {.stream = take_stream,
                                  .display = take_display,
                                  .update = take_display,
                                  .result = take_result,
                                  .error = take_error,
                                  .clear_output = take_clear,
                                  .page = take_page,
                                  .next_input = take_next_input,
                                  .ask = take_ask,
                                  .cancelled = never,
                                  .panel = take_panel,
                                  .hurries = never};

static bool run(const char *code, bool is_expression) {
    const jk_execution execution = {
        .code = jk_span_of(code), .name = "cell", .first_line = 1, .expression = is_expression};
    said[0] = '\0';
    return engine.execute(engine.self, &execution, &everything);
}

static void cells_print_and_give_results_in_order(void **state) {
    (void)state;
    assert_true(run("x = 2\nprint(\"a\")\nx + 1", false));
    assert_string_equal(said, "print(a\n)result(3)");
    assert_false(run("y = 5\nnobody", false));
    assert_string_equal(said, "error(NameError)");
    assert_true(run("x*y", false));
    assert_string_equal(said, "result(10)");
}

static void questions_and_definitions_go_to_the_user(void **state) {
    (void)state;
    static const char *const names[] = {[JK_ASK_NOBODY] = "ask(q)error(InputError)",
                                        [JK_ASK_ENDED] = "ask(q)error(InputError)",
                                        [JK_ASK_STOPPED] = "ask(q)error(KeyboardInterrupt)"};
    how_it_ends = JK_ASK_ANSWERED;
    assert_true(run("ask(\"q\", hidden = true) + \"!\"", false));
    assert_string_equal(said, "hidden(q)result(\"7!\")");
    for (how_it_ends = JK_ASK_NOBODY; how_it_ends <= JK_ASK_STOPPED; how_it_ends++) {
        assert_false(run("ask(\"q\")", false));
        assert_string_equal(said, names[how_it_ends]);
    }
    how_it_ends = JK_ASK_ANSWERED;
    assert_false(run("ask(\"q\")", true)); /* an expression does not even try */
    assert_string_equal(said, "error(InputError)");
    assert_true(run("f(x) = x\nedit(f)", false));
    assert_string_equal(said, "next(f(x) = x)");
}

static void expressions_are_values_and_leave_no_trace(void **state) {
    (void)state;
    assert_true(run("x = 2", false));
    assert_true(run("x + 1", true));
    assert_string_equal(said, "result(3)");
    assert_false(run("nobody + 1", true));
    assert_string_equal(said, "error(NameError)");
    assert_true(run("x", false));
    assert_string_equal(said, "result(2)");
}

static void nothing_that_is_shown_orders_a_terminal_about(void **state) {
    (void)state;
    jk_inspection help = {0};
    how_it_ends = JK_ASK_ANSWERED;
    assert_true(run("x = \"a\x1b[2J\"\nprint(x)\nask(x)\nx", false));
    assert_string_equal(said, "print(a␛[2J\n)ask(a␛[2J)print(\"7\"\n)result(\"a␛[2J\")");
    assert_true(run("[x]", true));
    assert_string_equal(said, "result([\"a␛[2J\"])");
    assert_true(engine.inspect(engine.self, jk_span_of("x"), 1, 0, &help) && help.found);
    assert_null(memchr(help.parts[0].bytes, 0x1b, help.parts[0].len));
}

static void an_interrupt_before_a_cell_does_not_reach_it(void **state) {
    (void)state;
    engine.interrupt(engine.self);
    assert_true(run("1 + 1", false));
    assert_string_equal(said, "result(2)");
}

static void help_knows_names_of_the_session(void **state) {
    (void)state;
    jk_completion found = {0};
    jk_inspection help = {0};
    const char *indent = "";
    assert_true(run("speed = 2", false));
    assert_true(engine.complete(engine.self, jk_span_of("2*spe"), 5, &found));
    assert_int_equal(found.count, 1);
    assert_string_equal(found.matches[0].text, "speed");
    assert_string_equal(found.matches[0].type, "instance");
    assert_true(found.start == 2 && found.end == 5 && found.matches[0].insert == NULL);
    assert_true(engine.complete(engine.self, jk_span_of("\\e"), 2, &found));
    assert_int_equal(found.count, 3);
    assert_string_equal(found.matches[1].text, "\\eta");
    assert_string_equal(found.matches[1].type, "η");
    assert_string_equal(found.matches[1].insert, "η");
    assert_true(engine.inspect(engine.self, jk_span_of("sin"), 3, 0, &help));
    assert_true(help.found && help.count == 1 && help.parts[0].len > 0);
    help = (jk_inspection){0};
    assert_true(engine.inspect(engine.self, jk_span_of("nobody"), 3, 0, &help));
    assert_false(help.found);
    assert_int_equal(engine.is_complete(engine.self, jk_span_of("if 1 == 1"), &indent),
                     JK_INCOMPLETE);
    assert_true(indent[0] == ' ');
    assert_int_equal(engine.is_complete(engine.self, jk_span_of("1 + 1"), &indent), JK_COMPLETE);
    assert_int_equal(engine.is_complete(engine.self, jk_span_of(")"), &indent), JK_INVALID);
}

static void panels_go_out_and_turns_come_in(void **state) {
    (void)state;
    const char *code = "interact k = 2 in 0..4, w in [\"x\", \"y\"]\n  print(\"{k} {w}\")\nend";
    assert_true(run(code, false));
    assert_string_equal(said, "print(2 x\n)");
    const jk_execution live = {
        .code = jk_span_of(code), .name = "cell", .first_line = 1, .frames = true, .live = true};
    said[0] = '\0';
    assert_true(engine.execute(engine.self, &live, &everything));
    const char *begin = "panel(2 k 2 y)print(2 x\n)panel(end)";
    assert_memory_equal(said, begin, strlen(begin));
    const double settings[] = {3.5, 1};
    const jk_turn turn = {panel_number, settings, 2}, stranger = {panel_number + 1, settings, 2};
    said[0] = '\0';
    assert_true(engine.turn(engine.self, &turn, &everything));
    assert_string_equal(said, "print(3.5 y\n)");
    said[0] = '\0';
    assert_false(engine.turn(engine.self, &stranger, &everything));
    assert_string_equal(said, "error(ValueError)");
}

/* Whether a vector of 8 MB fits when DEEPWHY_MEMORY says so. */
static bool fits(const char *memory) {
    char why[100];
    assert_int_equal(setenv("DEEPWHY_MEMORY", memory, 1), 0);
    assert_true(maker.open(&engine, ".", why, sizeof why));
    bool ok = run("v = zeros(1000000)", false);
    assert_true(ok || strcmp(said, "error(MemoryError)") == 0);
    engine.free(engine.self);
    return ok;
}

static void memory_is_bounded_by_a_size_that_makes_sense(void **state) {
    (void)state;
    maker = jk_engine_dw_maker(&info);
    assert_false(fits("4M") || fits("4096k") || fits("4000000"));
    assert_true(fits("64M") && fits("1G") && fits("100000000"));
    assert_true(fits("1.5G") && fits("4 M") && fits("4Mb") && fits("-1") && fits("") &&
                fits("99999999999999999999") && fits("99999999999G"));
    unsetenv("DEEPWHY_MEMORY");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(cells_print_and_give_results_in_order),
        TEST(questions_and_definitions_go_to_the_user),
        TEST(expressions_are_values_and_leave_no_trace),
        TEST(nothing_that_is_shown_orders_a_terminal_about),
        TEST(an_interrupt_before_a_cell_does_not_reach_it),
        TEST(help_knows_names_of_the_session),
        TEST(panels_go_out_and_turns_come_in),
        cmocka_unit_test(memory_is_bounded_by_a_size_that_makes_sense)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
