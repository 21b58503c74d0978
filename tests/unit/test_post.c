/* SPDX-License-Identifier: BSD-3-Clause */
/* Headers, parents, and what goes through the pipe to the iopub thread. */
#include "post.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

static void *context, *reader;
static jk_desk desk;
static jk_post post;

static int start(void **state) {
    int few = 4;
    (void)state;
    desk = (jk_desk){
        .key = jk_hmac_new("hmac-sha256", jk_span_of("k"), NULL), .session = "session", .pid = 42};
    context = zmq_ctx_new();
    reader = jk_sock_open(context, ZMQ_PULL, NULL);
    return !reader || zmq_setsockopt(reader, ZMQ_RCVHWM, &few, sizeof few) != 0 ||
           zmq_bind(reader, JK_POST_PIPE) != 0 ||
           !jk_post_open(&post, context, &desk, 't', 4, NULL);
}

static int stop(void **state) {
    (void)state;
    jk_post_close(&post);
    jk_post_close(&post); /* a second time does nothing */
    zmq_close(reader);
    zmq_ctx_term(context);
    jk_hmac_free((jk_hmac *)(uintptr_t)desk.key);
    return 0;
}

static jk_frames take(void) {
    jk_frames frames = {0};
    assert_int_equal(jk_sock_recv(reader, &frames, false), JK_GOT);
    return frames;
}

/* The next item is a message for publishing; its parts behind the letter and the topic. */
static jk_message *take_message(const char *topic) {
    const char *why;
    jk_frames frames = take();
    assert_true(jk_span_is(jk_frames_at(&frames, 0), "M"));
    assert_true(jk_span_is(jk_frames_at(&frames, 1), topic));
    jk_message *message = jk_wire_decode(&frames, desk.key, NULL, &why);
    assert_non_null(message);
    jk_frames_free(&frames);
    return message;
}

static jk_span part_of(const jk_message *message, size_t number) {
    return jk_frames_at(&message->frames, message->identities + 2 + number);
}

static const char *text_of(const jk_message *message, const char *name) {
    return json_string_value(json_object_get(message->head, name));
}

static void headers_are_whole_and_never_twice_the_same(void **state) {
    (void)state;
    assert_true(jk_post_publish_text(&post, "status", "{\"a\":1}"));
    jk_post_set_parent(&post, jk_span_of("{\"msg_id\": \"7\",  \"odd\":null}"));
    json_t *content = json_pack("{s:i}", "a", 1);
    assert_true(jk_post_publish(&post, "status", content));
    json_decref(content);
    jk_message *first = take_message("status"), *second = take_message("status");
    assert_string_equal(text_of(first, "msg_id"), "session_42_t1");
    assert_string_equal(text_of(second, "msg_id"), "session_42_t2");
    assert_string_equal(text_of(first, "session"), "session");
    assert_string_equal(text_of(first, "version"), "5.5");
    assert_string_equal(text_of(first, "username"), "kernel");
    assert_int_equal(strlen(text_of(first, "date")), 27);
    assert_true(jk_span_is(part_of(first, 1), "{}"));
    assert_true(jk_span_is(part_of(second, 1), "{\"msg_id\": \"7\",  \"odd\":null}"));
    assert_true(jk_span_is(part_of(first, 2), "{}"));
    assert_true(jk_span_is(part_of(second, 3), "{\"a\":1}"));
    jk_wire_free(first);
    jk_wire_free(second);
}

static void expect_frames(const char *first, const char *second) {
    jk_frames frames = take();
    assert_true(jk_span_is(jk_frames_at(&frames, 0), first));
    assert_int_equal(frames.count, second ? 2 : 1);
    assert_true(!second || jk_span_is(jk_frames_at(&frames, 1), second));
    jk_frames_free(&frames);
}

static void text_is_preceded_once_by_its_parent(void **state) {
    (void)state;
    jk_post_set_parent(&post, jk_span_of("{\"cell\":1}"));
    jk_post_stream(&post, JK_STDOUT, jk_span_of("a"));
    jk_post_stream(&post, JK_STDOUT, jk_span_of(""));
    jk_post_stream(&post, JK_STDERR, jk_span_of("b"));
    jk_post_set_parent(&post, jk_span_of(NULL));
    jk_post_stream(&post, JK_STDOUT, jk_span_make("\0c", 2));
    jk_post_quit(&post);
    expect_frames("P", "{\"cell\":1}");
    expect_frames("S1a", NULL);
    expect_frames("S2b", NULL);
    expect_frames("P", "");
    jk_frames frames = take();
    assert_int_equal(jk_frames_at(&frames, 0).len, 4);
    assert_memory_equal(jk_frames_at(&frames, 0).bytes, "S1\0c", 4);
    jk_frames_free(&frames);
    expect_frames("Q", NULL);
    assert_int_equal(jk_sock_recv(reader, &frames, false), JK_NOTHING);
}

static void text_can_be_hurried_and_messages_recognised(void **state) {
    (void)state;
    jk_post_set_parent(&post, jk_span_of("{}"));
    jk_post_stream(&post, JK_STDOUT, jk_span_of("a"));
    jk_post_flush(&post); /* a parent, told again, ends the text before it */
    jk_post_stream(&post, JK_STDOUT, jk_span_of("b"));
    expect_frames("P", "{}");
    expect_frames("S1a", NULL);
    expect_frames("P", "{}");
    expect_frames("S1b", NULL);
    assert_true(jk_post_publish_text(&post, "status", "{}"));
    jk_message *message = take_message("status");
    assert_true(jk_post_is_last(&post, text_of(message, "msg_id")));
    jk_wire_free(message);
    assert_false(jk_post_is_last(&post, "session_42_t0"));
    assert_false(jk_post_is_last(&post, ""));
}

static void buffers_stand_behind_the_content(void **state) {
    (void)state;
    const jk_span buffers[] = {jk_span_make("\0\1", 2), jk_span_of("")};
    json_t *content = json_pack("{s:i}", "a", 1);
    assert_true(jk_post_send(&post, "comm_msg", content, "{\"m\":2}", buffers, 2));
    json_decref(content);
    jk_message *message = take_message("comm_msg");
    assert_true(jk_span_is(part_of(message, 2), "{\"m\":2}"));
    assert_true(jk_span_is(part_of(message, 3), "{\"a\":1}"));
    size_t at = jk_wire_buffers(message);
    assert_int_equal(message->frames.count, at + 2);
    assert_memory_equal(jk_frames_at(&message->frames, at).bytes, "\0\1", 2);
    jk_wire_free(message);
    assert_false(jk_post_send(&post, "comm_msg", NULL, NULL, buffers, 2));
}

static bool count_down(void *self) {
    int *rest = self;
    return --*rest <= 0;
}

static void text_nobody_takes_is_given_up_when_told(void **state) {
    (void)state;
    int rest = 3;
    post.gives_up = count_down;
    post.gives_up_self = &rest;
    for (int i = 0; i < 1000 && rest > 0; i++) {
        jk_post_stream(&post, JK_STDOUT, jk_span_of("x"));
    }
    assert_int_equal(rest, 0); /* the queue was full long before the last */
    int kept = 0;
    jk_frames frames = {0};
    while (jk_sock_recv(reader, &frames, false) == JK_GOT) {
        kept++;
    }
    assert_in_range(kept, 4, 40);
    jk_frames_free(&frames);
}

static void what_cannot_be_written_is_refused(void **state) {
    (void)state;
    char type[600];
    jk_frames frames = {0};
    memset(type, 'x', sizeof type - 1);
    type[sizeof type - 1] = '\0';
    assert_false(jk_post_publish(&post, "status", NULL));
    assert_false(jk_post_publish_text(&post, type, "{}"));
    assert_int_equal(jk_sock_recv(reader, &frames, false), JK_NOTHING);
    jk_frames_free(&frames);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(headers_are_whole_and_never_twice_the_same),
                                       TEST(text_is_preceded_once_by_its_parent),
                                       TEST(text_can_be_hurried_and_messages_recognised),
                                       TEST(buffers_stand_behind_the_content),
                                       TEST(text_nobody_takes_is_given_up_when_told),
                                       TEST(what_cannot_be_written_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
