/* SPDX-License-Identifier: BSD-3-Clause */
/* Sockets: whole messages in and out, ports of 0, messages that are too long. */
#include "sock.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

static void *context;
static void *left, *right;

static int open_pair(void **state) {
    (void)state;
    context = zmq_ctx_new();
    left = jk_sock_open(context, ZMQ_PAIR, NULL);
    right = jk_sock_open(context, ZMQ_PAIR, NULL);
    return !left || !right || zmq_bind(left, "inproc://x") != 0 ||
           zmq_connect(right, "inproc://x") != 0;
}

static int close_pair(void **state) {
    (void)state;
    zmq_close(left);
    zmq_close(right);
    return zmq_ctx_term(context);
}

static void messages_arrive_whole(void **state) {
    (void)state;
    jk_frames frames = {0};
    assert_int_equal(jk_sock_recv(right, &frames, false), JK_NOTHING);
    jk_frames_add(&frames, jk_span_of("one"));
    jk_frames_add(&frames, jk_span_of(""));
    assert_true(jk_sock_send(left, &frames, 0));
    assert_int_equal(frames.count, 0);
    zmq_pollitem_t item = {right, 0, ZMQ_POLLIN, 0};
    assert_true(jk_sock_poll(&item, 1, 1000) && item.revents);
    assert_int_equal(jk_sock_recv(right, &frames, true), JK_GOT);
    assert_int_equal(frames.count, 2);
    assert_true(jk_span_is(jk_frames_at(&frames, 0), "one"));
    jk_frames_free(&frames);
}

static void what_cannot_be_delivered_is_refused_when_told(void **state) {
    (void)state;
    jk_frames frames = {0};
    void *router = jk_sock_open(context, ZMQ_ROUTER, NULL);
    jk_frames_add(&frames, jk_span_of("nobody"));
    jk_frames_add(&frames, jk_span_of("text"));
    assert_true(jk_sock_refuse(router));
    assert_false(jk_sock_send(router, &frames, ZMQ_DONTWAIT));
    assert_int_equal(frames.count, 2); /* kept, to be tried again */
    jk_frames_free(&frames);
    zmq_close(router);
}

static void too_many_frames_are_dropped_as_one_message(void **state) {
    (void)state;
    jk_frames frames = {0};
    for (int i = 0; i < 6000; i++) {
        assert_true(jk_frames_add(&frames, jk_span_of("x")));
    }
    assert_true(jk_sock_send(left, &frames, 0));
    jk_frames_add(&frames, jk_span_of("next"));
    assert_true(jk_sock_send(left, &frames, 0));
    assert_int_equal(jk_sock_recv(right, &frames, true), JK_DROPPED);
    assert_int_equal(jk_sock_recv(right, &frames, true), JK_GOT);
    assert_true(jk_span_is(jk_frames_at(&frames, 0), "next"));
    jk_frames_free(&frames);
}

static void free_ports_are_chosen(void **state) {
    (void)state;
    char tcp[] = "tcp", ip[] = "127.0.0.1";
    jk_conn conn = {.transport = tcp, .ip = ip};
    void *socket = jk_sock_open(context, ZMQ_ROUTER, NULL);
    assert_true(jk_sock_bind(socket, &conn, JK_SHELL, NULL));
    assert_true(conn.ports[JK_SHELL] > 0);
    zmq_close(socket);
}

static void bad_addresses_are_faults(void **state) {
    (void)state;
    jk_fault fault = {{0}};
    char tcp[] = "tcp", ip[] = "no address";
    jk_conn conn = {.transport = tcp, .ip = ip};
    void *socket = jk_sock_open(context, ZMQ_ROUTER, NULL);
    assert_false(jk_sock_bind(socket, &conn, JK_SHELL, &fault));
    assert_true(fault.text[0]);
    zmq_close(socket);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(messages_arrive_whole, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(what_cannot_be_delivered_is_refused_when_told, open_pair,
                                        close_pair),
        cmocka_unit_test_setup_teardown(too_many_frames_are_dropped_as_one_message, open_pair,
                                        close_pair),
        cmocka_unit_test_setup_teardown(free_ports_are_chosen, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(bad_addresses_are_faults, open_pair, close_pair)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
