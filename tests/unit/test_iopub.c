/* SPDX-License-Identifier: BSD-3-Clause */
/* The publisher thread: order, gathering of text, welcome, the end. */
#include "iopub.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <pthread.h>

#include <cmocka.h>

static void *context, *reader;
static jk_desk desk;
static jk_iopub iopub;
static jk_post post;
static pthread_t thread;
static jk_message *message;

static int start(void **state) {
    (void)state;
    desk = (jk_desk){.key = jk_hmac_new("hmac-sha256", jk_span_of("k"), NULL), .session = "s"};
    context = zmq_ctx_new();
    bool ok = jk_iopub_open(&iopub, context, &desk, NULL) &&
              zmq_bind(iopub.socket, "inproc://out") == 0 &&
              jk_post_open(&post, context, &desk, 't', 100, NULL) &&
              pthread_create(&thread, NULL, jk_iopub_run, &iopub) == 0;
    reader = jk_sock_open(context, ZMQ_SUB, NULL);
    return !ok || zmq_connect(reader, "inproc://out") != 0 ||
           zmq_setsockopt(reader, ZMQ_SUBSCRIBE, "", 0) != 0;
}

static int stop(void **state) {
    (void)state;
    jk_wire_free(message);
    message = NULL;
    jk_post_quit(&post);
    pthread_join(thread, NULL);
    jk_post_close(&post);
    jk_iopub_close(&iopub);
    zmq_close(reader);
    zmq_ctx_term(context);
    jk_hmac_free((jk_hmac *)(uintptr_t)desk.key);
    return 0;
}

/* The next message, which has to be of this type. */
static json_t *next(const char *type) {
    const char *why;
    jk_frames frames = {0};
    zmq_pollitem_t item = {reader, 0, ZMQ_POLLIN, 0};
    assert_true(jk_sock_poll(&item, 1, 5000) && item.revents);
    assert_int_equal(jk_sock_recv(reader, &frames, false), JK_GOT);
    jk_wire_free(message);
    message = jk_wire_decode(&frames, desk.key, NULL, &why);
    jk_frames_free(&frames);
    assert_non_null(message);
    assert_string_equal(message->type, type);
    return message->content;
}

static const char *text_of(json_t *content) {
    return json_string_value(json_object_get(content, "text"));
}

static void print(jk_stream stream, const char *text) {
    jk_post_stream(&post, stream, jk_span_of(text));
}

static void text_is_gathered_and_keeps_its_place(void **state) {
    (void)state;
    next("iopub_welcome");
    next("status");
    jk_post_set_parent(&post, jk_span_of("{\"msg_id\":\"1\"}"));
    print(JK_STDOUT, "a");
    print(JK_STDOUT, "b");
    print(JK_STDERR, "c");
    print(JK_STDOUT, "d");
    assert_true(jk_post_publish_text(&post, "other", "{}"));
    assert_string_equal(text_of(next("stream")), "ab");
    assert_string_equal(text_of(next("stream")), "c");
    assert_string_equal(text_of(next("stream")), "d");
    assert_true(
        jk_span_is(jk_frames_at(&message->frames, message->identities + 3), "{\"msg_id\":\"1\"}"));
    next("other");
}

static void text_leaves_without_anything_behind_it(void **state) {
    (void)state;
    next("iopub_welcome");
    next("status");
    long long began = jk_id_clock_ms();
    print(JK_STDOUT, "alone\xC3");
    assert_string_equal(text_of(next("stream")), "alone");
    assert_true(jk_id_clock_ms() - began >= 30);
    print(JK_STDOUT, "\xA9");
    assert_string_equal(text_of(next("stream")), "\xC3\xA9");
}

static void large_text_comes_in_pieces(void **state) {
    (void)state;
    static char text[200001];
    next("iopub_welcome");
    next("status");
    memset(text, 'x', sizeof text - 1);
    print(JK_STDOUT, text);
    size_t len = 0;
    while (len < sizeof text - 1) {
        size_t piece = strlen(text_of(next("stream")));
        assert_true(piece > 0 && piece <= 65536);
        len += piece;
    }
    assert_int_equal(len, sizeof text - 1);
}

static void what_was_sent_before_the_end_is_published(void **state) {
    (void)state;
    jk_post other;
    next("iopub_welcome");
    next("status");
    assert_true(jk_post_open(&other, context, &desk, 'o', 0, NULL));
    for (int i = 0; i < 50; i++) {
        assert_true(jk_post_publish_text(&post, "early", "{}"));
    }
    jk_post_quit(&other);
    pthread_join(thread, NULL);
    for (int i = 0; i < 50; i++) {
        next("early");
    }
    jk_post_close(&other);
    assert_int_equal(pthread_create(&thread, NULL, jk_iopub_run, &iopub), 0);
}

static void content_that_could_not_be_built_is_refused(void **state) {
    (void)state;
    assert_false(jk_post_publish(&post, "nothing", NULL));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(text_is_gathered_and_keeps_its_place), TEST(text_leaves_without_anything_behind_it),
        TEST(large_text_comes_in_pieces), TEST(what_was_sent_before_the_end_is_published),
        TEST(content_that_could_not_be_built_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
