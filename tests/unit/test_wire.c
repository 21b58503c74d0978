/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames to messages. */
#include "wire.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static jk_frames frames_of(const char *const *texts, size_t count) {
    jk_frames frames = {0};
    for (size_t i = 0; i < count; i++) {
        assert_true(jk_frames_add(&frames, jk_span_of(texts[i])));
    }
    return frames;
}

static jk_hmac *key_of(const char *key) {
    jk_hmac *hmac = jk_hmac_new("hmac-sha256", jk_span_of(key), NULL);
    assert_non_null(hmac);
    return hmac;
}

/* A message signed with "key", behind two identities, with two buffers. */
static jk_frames signed_frames(const jk_hmac *key) {
    const char *const before[] = {"id one", ""};
    jk_frames frames = frames_of(before, 2);
    const jk_span parts[4] = {jk_span_of("{\"msg_type\":\"x_request\"}"), jk_span_of("{}"),
                              jk_span_of("{}"), jk_span_of("{\"a\":1}")};
    assert_true(jk_wire_encode(&frames, key, parts));
    assert_true(jk_frames_add(&frames, jk_span_make("\0\1", 2)));
    assert_true(jk_frames_add(&frames, jk_span_of("")));
    return frames;
}

static void what_is_encoded_is_decoded(void **state) {
    (void)state;
    const char *why;
    jk_hmac *key = key_of("key");
    jk_frames frames = signed_frames(key);
    jk_message *message = jk_wire_decode(&frames, key, NULL, &why);
    assert_non_null(message);
    assert_int_equal(frames.count, 0);
    assert_int_equal(message->identities, 2);
    assert_string_equal(message->type, "x_request");
    assert_true(jk_span_is(message->header, "{\"msg_type\":\"x_request\"}"));
    assert_int_equal(json_integer_value(json_object_get(message->content, "a")), 1);
    assert_int_equal(message->frames.count - jk_wire_buffers(message), 2);
    jk_wire_free(message);
    jk_wire_free(NULL);
    jk_frames_free(&frames);
    jk_hmac_free(key);
}

static void expect_drop(jk_frames *frames, const jk_hmac *key, jk_seen *seen, const char *reason) {
    const char *why = NULL;
    assert_null(jk_wire_decode(frames, key, seen, &why));
    assert_non_null(strstr(why, reason));
    assert_int_equal(frames->count, 0);
    jk_frames_free(frames);
}

static void repeats_are_dropped(void **state) {
    (void)state;
    const char *why;
    jk_hmac *key = key_of("key"), *other = key_of("other");
    jk_seen *seen = jk_seen_new();
    jk_frames frames = signed_frames(other);
    expect_drop(&frames, key, seen, "wrong signature");
    frames = signed_frames(key);
    jk_wire_free(jk_wire_decode(&frames, key, seen, &why));
    assert_null(why);
    frames = signed_frames(key);
    expect_drop(&frames, key, seen, "repeated");
    jk_seen_free(seen);
    jk_hmac_free(key);
    jk_hmac_free(other);
}

static void bad_shapes_are_dropped(void **state) {
    (void)state;
    jk_hmac *off = key_of("");
    const char *const none[] = {"a", "<IDS|MSG>x"};
    jk_frames frames = frames_of(none, 2);
    expect_drop(&frames, off, NULL, "delimiter");
    const char *const few[] = {"<IDS|MSG>", "", "{}", "{}", "{}"};
    frames = frames_of(few, 5);
    expect_drop(&frames, off, NULL, "too few");
    const char *const untyped[] = {"<IDS|MSG>", "", "{}", "{}", "{}", "{}"};
    frames = frames_of(untyped, 6);
    expect_drop(&frames, off, NULL, "msg_type");
    const char *const list[] = {"<IDS|MSG>", "", "[]", "{}", "{}", "{}"};
    frames = frames_of(list, 6);
    expect_drop(&frames, off, NULL, "object");
    const char *const torn[] = {"<IDS|MSG>", "", "{\"msg_type\":\"x\"}", "{}", "{}", "{"};
    frames = frames_of(torn, 6);
    expect_drop(&frames, off, NULL, "JSON");
    jk_hmac_free(off);
}

static void odd_numbers_and_surrogates_pass(void **state) {
    (void)state;
    const char *why;
    jk_hmac *off = key_of("");
    const char *const texts[] = {
        "<IDS|MSG>", "",   "{\"msg_type\":\"x\"}",
        "{}",        "{}", "{\"n\":123456789012345678901234567890,\"s\":\"\\ud800\"}"};
    jk_frames frames = frames_of(texts, 6);
    jk_message *message = jk_wire_decode(&frames, off, NULL, &why);
    assert_non_null(message);
    assert_true(json_is_real(json_object_get(message->content, "n")));
    assert_string_equal(json_string_value(json_object_get(message->content, "s")), "\xEF\xBF\xBD");
    jk_wire_free(message);
    jk_hmac_free(off);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_encoded_is_decoded),
                                       cmocka_unit_test(repeats_are_dropped),
                                       cmocka_unit_test(bad_shapes_are_dropped),
                                       cmocka_unit_test(odd_numbers_and_surrogates_pass)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
