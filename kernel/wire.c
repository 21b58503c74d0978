/* SPDX-License-Identifier: BSD-3-Clause */
/* The wire format of Jupyter messages. */
#include "wire.h"

#include "bytes.h"
#include "repair.h"
#include "spare.h"

#include <stdlib.h>

/* Frames behind the delimiter: signature, header, parent_header, metadata, content. */
enum { SIGNATURE = 1, HEADER, PARENT, METADATA, CONTENT, BUFFERS };

/* Parses a part. Second and third try: numbers beyond 64 bits become reals, half surrogate pairs
 * become U+FFFD. NULL: no JSON. */
static json_t *parse(jk_span text, size_t flags, json_error_t *error) {
    json_t *value = json_loadb(text.bytes, text.len, flags, error);
    if (!value && jk_repair_is_clean(text.bytes, text.len)) {
        jk_bytes repaired = {0};
        if (jk_repair_escapes(&repaired, text.bytes, text.len)) {
            value = json_loadb(repaired.data, repaired.len, flags, error);
        }
        jk_bytes_free(&repaired);
    }
    return value;
}

/* A part with a number beyond all reals, which is JSON but none that anybody could hold, counts as
 * null: so that a request with it is answered. */
static json_t *parse_body(jk_span text) {
    size_t flags = JSON_ALLOW_NUL | JSON_DECODE_ANY;
    json_error_t error;
    json_t *value = parse(text, flags, &error);
    if (!value) {
        value = parse(text, flags | JSON_DECODE_INT_AS_REAL, &error);
    }
    return !value && json_error_code(&error) == json_error_numeric_overflow ? json_null() : value;
}

/* Checks the signature of parts that are still bytes. */
static const char *verify(const jk_frames *frames, size_t at, const jk_hmac *key, jk_seen *seen) {
    if (!jk_hmac_is_on(key)) {
        return NULL;
    }
    jk_span parts[4];
    for (size_t i = 0; i < 4; i++) {
        parts[i] = jk_frames_at(frames, at + HEADER + i);
    }
    char expected[JK_HMAC_HEX];
    jk_span given = jk_frames_at(frames, at + SIGNATURE);
    if (!jk_hmac_sign(key, parts, 4, expected) || !jk_hmac_equal(given, jk_span_of(expected))) {
        return "wrong signature";
    }
    if (seen && !jk_seen_add(seen, given)) {
        return "repeated signature";
    }
    return NULL;
}

static const char *parse_parts(jk_message *message, size_t at) {
    const jk_frames *frames = &message->frames;
    message->header = jk_frames_at(frames, at + HEADER);
    json_error_t error;
    message->head = parse(message->header, JSON_ALLOW_NUL, &error);
    if (!json_is_object(message->head)) {
        return "header is no JSON object";
    }
    message->type = json_string_value(json_object_get(message->head, "msg_type"));
    if (!message->type) {
        return "header has no msg_type";
    }
    message->parent = parse_body(jk_frames_at(frames, at + PARENT));
    message->metadata = parse_body(jk_frames_at(frames, at + METADATA));
    message->content = parse_body(jk_frames_at(frames, at + CONTENT));
    if (!message->parent || !message->metadata || !message->content) {
        return "a part is no JSON";
    }
    return NULL;
}

static size_t find_delimiter(const jk_frames *frames) {
    size_t at = 0;
    while (at < frames->count && !jk_span_is(jk_frames_at(frames, at), JK_WIRE_DELIMITER)) {
        at++;
    }
    return at;
}

jk_message *jk_wire_decode(jk_frames *frames, const jk_hmac *key, jk_seen *seen, const char **why) {
    size_t at = find_delimiter(frames);
    jk_message *message = NULL;
    *why = at == frames->count             ? "no delimiter"
           : frames->count - at <= CONTENT ? "too few frames"
                                           : verify(frames, at, key, seen);
    if (!*why) {
        message = jk_spare_zero(1, sizeof *message);
        *why = message ? NULL : "out of memory";
    }
    if (message) {
        message->frames = *frames;
        *frames = (jk_frames){0};
        message->identities = at;
        *why = parse_parts(message, at);
    }
    if (*why) {
        jk_frames_clear(frames);
        jk_wire_free(message);
        return NULL;
    }
    return message;
}

bool jk_wire_encode(jk_frames *frames, const jk_hmac *key, const jk_span parts[4]) {
    char hex[JK_HMAC_HEX];
    bool ok = jk_hmac_sign(key, parts, 4, hex) &&
              jk_frames_add(frames, jk_span_of(JK_WIRE_DELIMITER)) &&
              jk_frames_add(frames, jk_span_of(hex));
    for (int i = 0; ok && i < 4; i++) {
        ok = jk_frames_add(frames, parts[i]);
    }
    return ok;
}

size_t jk_wire_buffers(const jk_message *message) {
    return message->identities + BUFFERS;
}

void jk_wire_free(jk_message *message) {
    if (message) {
        jk_frames_free(&message->frames);
        json_decref(message->head);
        json_decref(message->parent);
        json_decref(message->metadata);
        json_decref(message->content);
        free(message);
    }
}
