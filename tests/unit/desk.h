/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests of handlers: one request through real sockets to its handler, its reply and what was
 * published. A test sets the functions of `engine` that it needs. */
#ifndef DESK_H
#define DESK_H

#include "handler.h"
#include "live.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void *context, *router, *dealer, *pipe_end;
static jk_desk desk;
static jk_post post;
static jk_gate gate;
static jk_engine engine;
static jk_conn conn;
static const jk_engine_info info = {"i",  "1.2", "b", "l",   "3", "text/x",
                                    ".x", NULL,  "c", "c/x", "h", "u"};
static jk_services services;
static int aborts;
static json_t *published; /* of the last request: [type, content] each, busy and idle left out */

static void count_abort(void *self) {
    (void)self;
    aborts++;
}

static const jk_comm_target *const targets[] = {&jk_live_models, &jk_live_control, NULL};

static int start(void **state) {
    (void)state;
    aborts = 0;
    engine = (jk_engine){0};
    desk = (jk_desk){.key = jk_hmac_new("hmac-sha256", jk_span_of("k"), NULL), .session = "s"};
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
                             .abort_queue = count_abort,
                             .comms = jk_comm_table_new(targets),
                             .live = jk_live_new(JK_WIDGET_8)};
    return !ok;
}

static int stop(void **state) {
    (void)state;
    json_decref(published);
    published = NULL;
    jk_post_close(&post);
    zmq_close(pipe_end);
    zmq_close(router);
    zmq_close(dealer);
    zmq_ctx_term(context);
    jk_gate_close(&gate);
    jk_history_free(services.history);
    jk_comm_table_free(services.comms);
    jk_live_free(services.live);
    jk_hmac_free((jk_hmac *)(uintptr_t)desk.key);
    return 0;
}

/* A message with this content, as it comes out of the shell socket. */
static jk_message *request_of(const char *type, const char *content) {
    char header[200];
    const char *why;
    jk_frames frames = {0};
    snprintf(header, sizeof header, "{\"msg_type\":\"%s\"}", type);
    const jk_span parts[4] = {jk_span_of(header), jk_span_of("{}"), jk_span_of("{}"),
                              jk_span_of(content)};
    assert_true(jk_wire_encode(&frames, desk.key, parts));
    assert_true(jk_sock_send(dealer, &frames, 0));
    assert_int_equal(jk_sock_recv(router, &frames, true), JK_GOT);
    jk_message *message = jk_wire_decode(&frames, desk.key, NULL, &why);
    assert_non_null(message);
    jk_frames_free(&frames);
    return message;
}

/* Takes one message off a socket; NULL when there is none. */
static jk_message *next_of(void *socket) {
    const char *why;
    jk_frames frames = {0};
    jk_message *message = NULL;
    if (jk_sock_recv(socket, &frames, false) == JK_GOT) {
        message = jk_wire_decode(&frames, desk.key, NULL, &why);
        if (!message) { /* text or its parent: the bytes of the first frame */
            jk_frames_free(&frames);
            return next_of(socket);
        }
    }
    jk_frames_free(&frames);
    return message;
}

/* The content of the one reply (a new reference), or NULL when there is none. */
static json_t *take_reply(void) {
    jk_message *message = next_of(dealer);
    json_t *content = message ? json_incref(message->content) : NULL;
    jk_wire_free(message);
    assert_null(next_of(dealer));
    return content;
}

static inline void take_published(void) {
    jk_message *message;
    json_decref(published);
    published = json_array();
    while ((message = next_of(pipe_end)) != NULL) {
        if (strcmp(message->type, "status") != 0) {
            json_array_append_new(published, json_pack("[s,O]", message->type, message->content));
        }
        jk_wire_free(message);
    }
}

static inline json_t *handle(jk_message *message) {
    jk_klog log = {0};
    jk_handler_run(&services, message, &log);
    take_published();
    return take_reply();
}

/* Asks; the content of the reply, which the caller gives back. */
static inline json_t *ask(const char *type, const char *content) {
    return handle(request_of(type, content));
}

/* Compares JSON text, keys sorted, and gives `value` back. */
static void expect(json_t *value, const char *text) {
    char *got = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    assert_non_null(got);
    assert_string_equal(got, text);
    free(got);
    json_decref(value);
}

#define expect_published(text) expect(json_incref(published), text)

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

#endif
