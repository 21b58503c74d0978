/* SPDX-License-Identifier: BSD-3-Clause */
/* Every message type, known or not, good content or bad: one busy, one idle, at most one reply. */
#include "handler.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- an engine that does nothing, and badly when told to ------------------------------------ */

static bool run(void *self, const jk_execution *execution, const jk_out *out) {
    (void)self;
    (void)out;
    return !jk_span_is(execution->code, "fail");
}

static bool find(void *self, jk_span code, size_t cursor, jk_completion *to) {
    (void)self;
    (void)to;
    return cursor <= code.len && !jk_span_is(code, "fail");
}

static bool explain(void *self, jk_span code, size_t cursor, int level, jk_inspection *to) {
    (void)self;
    (void)to;
    return cursor <= code.len && level <= 1 && !jk_span_is(code, "fail");
}

static jk_completeness judge(void *self, jk_span code, const char **indent) {
    (void)self;
    (void)indent;
    return code.len ? JK_INCOMPLETE : JK_COMPLETE;
}

static void nothing(void *self) {
    (void)self;
}

/* ---- the desk ------------------------------------------------------------------------------ */

static void *context, *router, *dealer, *pipe_end;
static jk_desk desk;
static jk_post post;
static jk_gate gate;
static jk_engine engine = {NULL, run, NULL, find, explain, judge, nothing, nothing};
static jk_conn conn;
static const jk_engine_info info = {"i",  "1", "b", "l",   "1", "text/x",
                                    ".x", "p", "c", "c/x", "h", "u"};
static jk_services services;
static int aborts;

static void abort_queue(void *self) {
    (void)self;
    aborts++;
}

static int start(void **state) {
    (void)state;
    desk = (jk_desk){.key = jk_hmac_new("hmac-sha256", jk_span_of(NULL), NULL), .session = "s"};
    context = zmq_ctx_new();
    pipe_end = jk_sock_open(context, ZMQ_PULL, NULL);
    router = jk_sock_open(context, ZMQ_ROUTER, NULL);
    dealer = jk_sock_open(context, ZMQ_DEALER, NULL);
    bool ok = zmq_bind(pipe_end, JK_POST_PIPE) == 0 && zmq_bind(router, "inproc://r") == 0 &&
              zmq_connect(dealer, "inproc://r") == 0 && jk_gate_open(&gate) &&
              jk_post_open(&post, context, &desk, 't', 0, NULL);
    services = (jk_services){.conn = &conn,
                             .info = &info,
                             .gate = &gate,
                             .post = &post,
                             .socket = router,
                             .channel = JK_SHELL,
                             .engine = &engine,
                             .history = jk_history_new(1000),
                             .abort_queue = abort_queue};
    return !ok;
}

static int stop(void **state) {
    (void)state;
    jk_post_close(&post);
    zmq_close(pipe_end);
    zmq_close(router);
    zmq_close(dealer);
    zmq_ctx_term(context);
    jk_gate_close(&gate);
    jk_history_free(services.history);
    jk_hmac_free((jk_hmac *)(uintptr_t)desk.key);
    return 0;
}

/* Sends a request through the sockets and handles it. */
static void handle(const char *type, const char *content) {
    char header[200];
    const char *why;
    jk_klog log = {0};
    jk_frames frames = {0};
    snprintf(header, sizeof header, "{\"msg_type\":\"%s\"}", type);
    const jk_span parts[4] = {jk_span_of(header), jk_span_of("{}"), jk_span_of("{}"),
                              jk_span_of(content)};
    assert_true(jk_wire_encode(&frames, desk.key, parts));
    assert_true(jk_sock_send(dealer, &frames, 0));
    assert_int_equal(jk_sock_recv(router, &frames, true), JK_GOT);
    jk_message *message = jk_wire_decode(&frames, desk.key, NULL, &why);
    assert_non_null(message);
    jk_handler_run(&services, message, &log);
    jk_frames_free(&frames);
}

/* The next reply's status, or NULL when there is none; the caller frees. */
static char *reply_status(const char *type) {
    const char *why;
    jk_frames frames = {0};
    char *status = NULL;
    if (jk_sock_recv(dealer, &frames, false) == JK_GOT) {
        jk_message *message = jk_wire_decode(&frames, desk.key, NULL, &why);
        assert_non_null(message);
        assert_int_equal(strncmp(message->type, type, strlen(type) - strlen("_request")), 0);
        const char *text = json_string_value(json_object_get(message->content, "status"));
        status = strdup(text ? text : "none");
        jk_wire_free(message);
    }
    jk_frames_free(&frames);
    return status;
}

/* Number of published messages; the first has to be busy and the last idle. */
static int published(void) {
    jk_frames frames = {0};
    int count = 0;
    bool is_idle = false;
    while (jk_sock_recv(pipe_end, &frames, false) == JK_GOT) {
        jk_span content = jk_frames_at(&frames, frames.count - 1);
        assert_true(count > 0 || jk_span_is(content, "{\"execution_state\":\"busy\"}"));
        is_idle = jk_span_is(content, "{\"execution_state\":\"idle\"}");
        count++;
    }
    assert_true(is_idle);
    jk_frames_free(&frames);
    return count;
}

static void expect(const char *type, const char *content, const char *status, int messages) {
    handle(type, content);
    char *got = reply_status(type);
    assert_true((got == NULL) == (status == NULL));
    if (status) {
        assert_string_equal(got, status);
    }
    free(got);
    got = reply_status(type);
    assert_null(got);
    assert_int_equal(published(), messages);
}

/* ---- tests --------------------------------------------------------------------------------- */

static void good_requests(void **state) {
    (void)state;
    expect("kernel_info_request", "{}", "ok", 2);
    expect("connect_request", "{}", "ok", 2);
    expect("usage_request", "{}", "none", 2);
    expect("execute_request", "{\"code\":\"x\"}", "ok", 3);
    expect("complete_request", "{\"code\":\"x\"}", "ok", 2);
    expect("inspect_request", "{\"code\":\"x\",\"cursor_pos\":-7}", "ok", 2);
    expect("is_complete_request", "{\"code\":\"x\"}", "incomplete", 2);
    expect("history_request", "{}", "ok", 2);
    expect("comm_info_request", "{}", "ok", 2);
    expect("interrupt_request", "{}", "ok", 2);
    expect("comm_open", "{\"comm_id\":\"c\"}", NULL, 3);
    expect("comm_open", "{}", NULL, 2);
    expect("comm_msg", "{}", NULL, 2);
    expect("comm_close", "[]", NULL, 2);
    assert_false(services.is_stopping);
    expect("shutdown_request", "{\"restart\":true}", "ok", 3);
    assert_true(services.is_stopping);
}

static void bad_requests(void **state) {
    (void)state;
    static const char *const types[] = {"execute_request", "complete_request", "inspect_request",
                                        "is_complete_request"};
    static const char *const contents[] = {"{}", "[]", "3", "null", "{\"code\":[]}"};
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 5; j++) {
            expect(types[i], contents[j], "error", 2);
        }
    }
    expect("nonsense_request", "{}", NULL, 2);
    expect("", "{}", NULL, 2);
}

static void an_engine_that_fails(void **state) {
    (void)state;
    aborts = 0;
    expect("execute_request", "{\"code\":\"fail\"}", "error", 4);
    assert_int_equal(aborts, 1);
    expect("execute_request", "{\"code\":\"fail\",\"stop_on_error\":false}", "error", 4);
    expect("execute_request", "{\"code\":\"fail\",\"silent\":true}", "error", 3);
    assert_int_equal(aborts, 1);
    assert_int_equal(services.count, 2);
    expect("complete_request", "{\"code\":\"fail\"}", "error", 2);
    expect("inspect_request", "{\"code\":\"fail\"}", "error", 2);
}

static void control_knows_less(void **state) {
    (void)state;
    services.channel = JK_CONTROL;
    expect("kernel_info_request", "{}", "ok", 2);
    expect("interrupt_request", "{}", "ok", 2);
    expect("execute_request", "{\"code\":\"x\"}", NULL, 2);
    expect("comm_open", "{\"comm_id\":\"c\"}", NULL, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(good_requests), TEST(bad_requests),
                                       TEST(an_engine_that_fails), TEST(control_knows_less)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
