/* SPDX-License-Identifier: BSD-3-Clause */
/* Keys on a socket: pairs let in who knows the public one, everything else is refused in words. */
#include "seal.h"

#include "sock.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static char pub[41], secret[41], stranger[41];
static void *context;

static int start(void **state) {
    char unused[41];
    (void)state;
    context = zmq_ctx_new();
    return zmq_curve_keypair(pub, secret) != 0 || zmq_curve_keypair(stranger, unused) != 0;
}

static int stop(void **state) {
    (void)state;
    return zmq_ctx_term(context);
}

static void refused(char *public_key, char *secret_key, const char *words) {
    jk_conn conn = {.curve_public = public_key, .curve_secret = secret_key};
    jk_fault fault = {{0}};
    void *socket = jk_sock_open(context, ZMQ_ROUTER, NULL);
    assert_false(jk_seal_socket(socket, &conn, &fault));
    assert_non_null(strstr(fault.text, words));
    zmq_close(socket);
}

static void keys_that_are_no_pair(void **state) {
    (void)state;
    char odd[] = "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~";
    refused(pub + 1, secret, "40 characters");
    refused(pub, secret + 1, "40 characters");
    refused(odd, secret, "40 characters");
    refused(pub, odd, "40 characters");
    refused(stranger, secret, "does not belong");
}

/* Sends from a client with this key of the server; whether it arrives. */
static bool arrives(void *server, const char *endpoint, const char *server_key) {
    char own_pub[41], own_secret[41];
    void *client = jk_sock_open(context, ZMQ_DEALER, NULL);
    jk_frames frames = {0};
    int none = 0;
    zmq_setsockopt(client, ZMQ_LINGER, &none, sizeof none);
    assert_int_equal(zmq_curve_keypair(own_pub, own_secret), 0);
    if (server_key) {
        zmq_setsockopt(client, ZMQ_CURVE_SERVERKEY, server_key, 41);
        zmq_setsockopt(client, ZMQ_CURVE_PUBLICKEY, own_pub, 41);
        zmq_setsockopt(client, ZMQ_CURVE_SECRETKEY, own_secret, 41);
    }
    assert_int_equal(zmq_connect(client, endpoint), 0);
    jk_frames_add(&frames, jk_span_of("hello"));
    assert_true(jk_sock_send(client, &frames, 0));
    zmq_pollitem_t item = {server, 0, ZMQ_POLLIN, 0};
    bool came = jk_sock_poll(&item, 1, server_key == pub ? 5000 : 200) && item.revents &&
                jk_sock_recv(server, &frames, false) == JK_GOT;
    jk_frames_free(&frames);
    zmq_close(client);
    return came;
}

static void who_knows_the_key_gets_in(void **state) {
    (void)state;
    char ip[] = "127.0.0.1", transport[] = "tcp";
    jk_conn conn = {.ip = ip, .transport = transport, .curve_public = pub, .curve_secret = secret};
    jk_bytes endpoint = {0};
    void *server = jk_sock_open(context, ZMQ_ROUTER, NULL);
    assert_true(jk_sock_bind(server, &conn, JK_SHELL, NULL));
    assert_true(jk_conn_endpoint(&conn, JK_SHELL, &endpoint));
    assert_false(arrives(server, endpoint.data, NULL));
    assert_false(arrives(server, endpoint.data, stranger));
    assert_true(arrives(server, endpoint.data, pub));
    jk_bytes_free(&endpoint);
    zmq_close(server);
}

static void without_keys_nothing_changes(void **state) {
    (void)state;
    jk_conn conn = {0};
    void *socket = jk_sock_open(context, ZMQ_ROUTER, NULL);
    int is_server = 1;
    size_t size = sizeof is_server;
    assert_true(jk_seal_socket(socket, &conn, NULL));
    assert_int_equal(zmq_getsockopt(socket, ZMQ_CURVE_SERVER, &is_server, &size), 0);
    assert_int_equal(is_server, 0);
    zmq_close(socket);
    assert_string_equal(jk_seal_schemes(), "[\"curve\"]"); /* or the tests before had failed */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_that_are_no_pair, start, stop),
        cmocka_unit_test_setup_teardown(who_knows_the_key_gets_in, start, stop),
        cmocka_unit_test_setup_teardown(without_keys_nothing_changes, start, stop)};
    if (zmq_has("curve") != 1) {
        return strcmp(jk_seal_schemes(), "[]") != 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
