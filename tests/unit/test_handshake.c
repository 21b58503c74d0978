/* SPDX-License-Identifier: BSD-3-Clause */
/* One registration against a launcher in a thread: what is sent, which receipts count. */
#include "handshake.h"

#include "sock.h"
#include "wire.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void *context, *launcher;
static jk_hmac *key;
static jk_conn conn;
static char transport[] = "tcp", ip[] = "127.0.0.1", id[] = "the id";

static int start(void **state) {
    char endpoint[100];
    size_t size = sizeof endpoint;
    (void)state;
    context = zmq_ctx_new();
    key = jk_hmac_new("hmac-sha256", jk_span_of("k"), NULL);
    launcher = jk_sock_open(context, ZMQ_ROUTER, NULL);
    if (zmq_bind(launcher, "tcp://127.0.0.1:*") != 0 ||
        zmq_getsockopt(launcher, ZMQ_LAST_ENDPOINT, endpoint, &size) != 0) {
        return 1;
    }
    conn = (jk_conn){.transport = transport,
                     .ip = ip,
                     .ports = {1, 2, 3, 4, 5},
                     .registration = {ip, strtol(strrchr(endpoint, ':') + 1, NULL, 10), id}};
    return 0;
}

static int stop(void **state) {
    (void)state;
    zmq_close(launcher);
    jk_hmac_free(key);
    return zmq_ctx_term(context);
}

/* Adds delimiter, signature of `signed_text`, and content to what was received as envelope. */
static void send_receipt(jk_frames *envelope, const char *signed_text, const char *content) {
    char hex[JK_HMAC_HEX];
    jk_frames frames = {0};
    jk_span text = jk_span_of(signed_text);
    assert_true(jk_frames_share(&frames, &envelope->list[0]) && jk_hmac_sign(key, &text, 1, hex) &&
                jk_frames_add(&frames, jk_span_of(JK_WIRE_DELIMITER)) &&
                jk_frames_add(&frames, jk_span_of(hex)) &&
                jk_frames_add(&frames, jk_span_of(content)) && jk_sock_send(launcher, &frames, 0));
    jk_frames_free(&frames);
}

/* Takes the registration, sends receipts that are none, and at last a good one. */
static void *answer(void *self) {
    char hex[JK_HMAC_HEX];
    jk_frames frames = {0}, odd = {0};
    (void)self;
    assert_int_equal(jk_sock_recv(launcher, &frames, true), JK_GOT);
    assert_int_equal(frames.count, 4);
    assert_true(jk_span_is(jk_frames_at(&frames, 1), JK_WIRE_DELIMITER));
    jk_span content = jk_frames_at(&frames, 3);
    assert_true(jk_hmac_sign(key, &content, 1, hex) && jk_span_is(jk_frames_at(&frames, 2), hex));
    assert_true(jk_span_is(content, "{\"kernel_id\":\"the id\",\"shell_port\":\"1\","
                                    "\"iopub_port\":\"2\",\"stdin_port\":\"3\","
                                    "\"control_port\":\"4\",\"hb_port\":\"5\"}"));
    send_receipt(&frames, "other", "ACK");
    assert_true(jk_frames_share(&odd, &frames.list[0]) && jk_frames_add(&odd, jk_span_of("ACK")) &&
                jk_sock_send(launcher, &odd, 0));
    send_receipt(&frames, "ACK", "ACK");
    jk_frames_free(&odd);
    jk_frames_free(&frames);
    return NULL;
}

static void a_receipt_has_to_be_signed(void **state) {
    (void)state;
    pthread_t thread;
    jk_fault fault = {{0}};
    assert_int_equal(pthread_create(&thread, NULL, answer, NULL), 0);
    assert_true(jk_handshake_run(context, &conn, key, -1, &fault));
    pthread_join(thread, NULL);
    assert_string_equal(fault.text, "");
}

static void who_asks_for_nothing_gets_nothing(void **state) {
    (void)state;
    conn.registration.port = 0;
    assert_true(jk_handshake_run(context, &conn, key, -1, NULL));
    jk_frames frames = {0};
    assert_int_equal(jk_sock_recv(launcher, &frames, false), JK_NOTHING);
}

static void a_signal_ends_the_wait(void **state) {
    (void)state;
    jk_fault fault = {{0}};
    int wake[2];
    assert_int_equal(pipe(wake), 0);
    fcntl(wake[0], F_SETFL, O_NONBLOCK);
    assert_int_equal(write(wake[1], "iit", 3), 3);
    assert_false(jk_handshake_run(context, &conn, key, wake[0], &fault));
    assert_non_null(strstr(fault.text, "nobody at tcp://127.0.0.1:"));
    close(wake[0]);
    close(wake[1]);
}

static void an_address_that_is_none(void **state) {
    (void)state;
    jk_fault fault = {{0}};
    char nowhere[] = "no such place";
    conn.registration.ip = nowhere;
    assert_false(jk_handshake_run(context, &conn, key, -1, &fault));
    assert_non_null(strstr(fault.text, "cannot register at tcp://no such place:"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_receipt_has_to_be_signed, start, stop),
        cmocka_unit_test_setup_teardown(who_asks_for_nothing_gets_nothing, start, stop),
        cmocka_unit_test_setup_teardown(a_signal_ends_the_wait, start, stop),
        cmocka_unit_test_setup_teardown(an_address_that_is_none, start, stop)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
