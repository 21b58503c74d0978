/* SPDX-License-Identifier: BSD-3-Clause */
/* The public face of the runtime. */
#include "dw.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static bool run(dw_session *s, const char *source, dw_err *err) {
    memset(err, 0, sizeof *err);
    return dw_session_eval(s, "cell 1", 1, source, strlen(source), err);
}

static void value_is(dw_session *s, const char *source, const char *text) {
    dw_err err = {0};
    dw_buf out;
    dw_buf_init(&out, dw_session_mem(s));
    if (!dw_session_value(s, source, strlen(source), &out, &err))
        fail_msg("%s: %s", source, err.text);
    assert_string_equal(out.data, text);
    dw_buf_free(&out);
}

static void works_without_a_host(void **state) {
    (void)state;
    dw_err err;
    dw_session *s = dw_session_open(NULL, NULL);
    assert_non_null(s);
    assert_true(run(s, "x = [1, 2]\nprint(x)\nx\n?sin", &err));
    value_is(s, "sum(x)", "3");
    dw_session_free(&s);
    assert_null(s);
    dw_session_free(&s);
}

static void values_change_nothing(void **state) {
    (void)state;
    dw_err err;
    dw_session *s = dw_session_open(NULL, NULL), *t = dw_session_open(NULL, NULL);
    dw_buf a, b;
    dw_buf_init(&a, dw_session_mem(s));
    dw_buf_init(&b, dw_session_mem(t));
    assert_true(run(s, "seed(1)", &err) && run(t, "seed(1)", &err));
    value_is(s, "count(sample(normal(0, 1), 5))", "5");
    const char *draw = "sample(normal(0, 1))";
    assert_true(dw_session_value(s, draw, strlen(draw), &a, &err));
    assert_true(dw_session_value(t, draw, strlen(draw), &b, &err));
    assert_string_equal(a.data, b.data);
    assert_false(dw_session_value(s, "x = 3", 5, &a, &err));
    assert_int_equal(err.kind, DW_ERR_SYNTAX);
    dw_buf_free(&a);
    dw_buf_free(&b);
    dw_session_free(&s);
    dw_session_free(&t);
}

static void sessions_are_independent(void **state) {
    (void)state;
    dw_err err;
    dw_session *s = dw_session_open(NULL, NULL), *t = dw_session_open(NULL, NULL);
    assert_true(run(s, "x = 1", &err));
    assert_false(run(t, "x", &err));
    assert_int_equal(err.kind, DW_ERR_NAME);
    dw_session_free(&s);
    assert_true(run(t, "x = 2", &err));
    dw_session_free(&t);
}

static void *interrupt(void *session) {
    for (int i = 0; i < 1000; i++)
        for (volatile int k = 0; k < 20000; k++)
            if (k == 0)
                dw_session_interrupt(session);
    return NULL;
}

static void stops_from_another_thread(void **state) {
    (void)state;
    dw_err err;
    pthread_t thread;
    dw_session *s = dw_session_open(NULL, NULL);
    assert_int_equal(pthread_create(&thread, NULL, interrupt, s), 0);
    assert_false(run(s, "x = 0\nwhile true\n  x = x + 1\nend", &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    assert_int_equal(pthread_join(thread, NULL), 0);
    dw_session_interrupt(s); /* nothing runs: no effect */
    assert_true(run(s, "y = 1", &err));
    dw_session_free(&s);
}

static void holds_its_limits(void **state) {
    (void)state;
    dw_err err;
    dw_limits limits = {.memory = (size_t)8 << 20, .stack = (size_t)1 << 20};
    dw_session *s = dw_session_open(NULL, &limits);
    assert_false(run(s, "x = zeros(2000, 2000)", &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    assert_false(run(s, "zeros(1e6, 1e6)", &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    assert_false(run(s, "[i for i in 1..1e9]", &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    assert_true(err.has_place);
    assert_false(run(s, "f(x) = max(f(x), 1)\nf(1)", &err));
    assert_int_equal(err.kind, DW_ERR_LIMIT);
    assert_true(run(s, "x = zeros(100, 100)", &err));
    dw_session_free(&s);
}

static void explains_with_the_name_of_the_cell(void **state) {
    (void)state;
    dw_err err = {0};
    dw_buf out;
    dw_session *s = dw_session_open(NULL, NULL);
    dw_buf_init(&out, dw_session_mem(s));
    assert_false(dw_session_eval(s, "steps.dw", 40, "\n zork", 6, &err));
    dw_session_explain(s, &err, false, &out);
    assert_string_equal(out.data, "steps.dw, line 41: there is no zork: give it a value first, as "
                                  "in zork = 1\n  zork\n  ^^^^");
    dw_buf_free(&out);
    dw_session_free(&s);
}

static void completes_inspects_and_checks(void **state) {
    (void)state;
    dw_err err = {0};
    dw_buf out;
    dw_matches matches;
    uint32_t indent;
    dw_session *s = dw_session_open(NULL, NULL);
    dw_buf_init(&out, dw_session_mem(s));
    assert_int_equal(dw_session_check(s, "x = 1", 5, &indent), DW_COMPLETE);
    assert_int_equal(dw_session_check(s, "for i in 1..3", 13, &indent), DW_INCOMPLETE);
    assert_int_equal(dw_session_check(s, "x = )", 5, &indent), DW_INVALID);
    assert_true(dw_session_complete(s, "sigm", 4, 4, &matches, &err));
    assert_true(matches.count > 0);
    dw_session_matches_free(&matches);
    assert_true(dw_session_inspect(s, "sin", 3, 2, 0, &out));
    assert_non_null(strstr(out.data, "sin(x)"));
    dw_buf_free(&out);
    dw_session_free(&s);
    assert_true(strlen(dw_version()) >= 5);
}

/* Bytes a person or a program could send: always a value or a clear error. */
static void takes_any_bytes(void **state) {
    (void)state;
    uint32_t seed = 1;
    dw_session *s = dw_session_open(NULL, NULL);
    static const char *const pieces[] = {"x",    "=", "(",   ")",  "[",   "]",      "1..3",  "sin",
                                         "\n",   ";", ",",   "do", "end", "if ",    "\"a\"", "{",
                                         "∇",    "'", "→",   "↦",  "for", " in ",   "f(x)",  "when",
                                         "\xff", ".", "1e9", "-",  "^",   "check ", "t.n",   "\0"};
    for (int n = 0; n < 3000; n++) {
        char source[128] = "";
        for (int k = 0; k < 12; k++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(source, pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)]);
        }
        dw_err err = {0};
        if (!dw_session_eval(s, "cell", 1, source, strlen(source), &err)) {
            assert_true(err.kind != DW_ERR_NONE && err.kind != DW_ERR_INTERNAL);
            assert_true(strlen(err.text) > 5);
        }
    }
    dw_session_free(&s);
}

static void write_to(void *context, const char *text, size_t size) {
    dw_buf_add(context, text, size);
}

static bool wants(void *context) {
    (void)context;
    return true;
}

static void begin_panel(void *context, const dw_panel *panel) {
    dw_buf_print(context, panel == NULL ? ">" : "<%u knobs:", panel == NULL ? 0u : 1u);
}

static void turns_panels(void **state) {
    (void)state;
    dw_mem account = {0};
    dw_buf out;
    dw_buf_init(&out, &account);
    const dw_host host = {.context = &out,
                          .write = write_to,
                          .wants_frames = wants,
                          .wants_panels = wants,
                          .panel = begin_panel};
    dw_err err;
    dw_session *s = dw_session_open(&host, NULL);
    assert_true(run(s, "interact k = 2 in 0..4\n  print(k)\nend", &err));
    assert_string_equal(out.data, "<1 knobs:2\n>");
    const double setting = 3;
    assert_true(dw_session_turn(s, 1, &setting, 1, &err));
    assert_string_equal(out.data, "<1 knobs:2\n>3\n");
    assert_false(dw_session_turn(s, 2, &setting, 1, &err));
    assert_int_equal(err.kind, DW_ERR_VALUE);
    dw_session_free(&s);
    dw_buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(works_without_a_host),
        cmocka_unit_test(values_change_nothing),
        cmocka_unit_test(sessions_are_independent),
        cmocka_unit_test(stops_from_another_thread),
        cmocka_unit_test(holds_its_limits),
        cmocka_unit_test(explains_with_the_name_of_the_cell),
        cmocka_unit_test(completes_inspects_and_checks),
        cmocka_unit_test(takes_any_bytes),
        cmocka_unit_test(turns_panels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
