/* SPDX-License-Identifier: BSD-3-Clause */
/* Any frames into the message reader, and what it lets through on to the handlers.
 *
 * The first byte of an input chooses: 1 sign the frames rightly, 2 sign nothing (empty key), 4 read
 * the message twice. With 8 the second byte names the message type and the rest is the content of a
 * signed request; with 16 it chooses a widget of a panel of live sliders, and the rest is the data
 * of a message to it. Otherwise the rest is cut into frames at bytes 0x1E; D stands for the
 * delimiter. A request gets one busy, one idle and at most one reply, and never a cursor inside a
 * character; a slider never leaves its reach.
 */
#include "handler.h"
#include "live.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIGNED = 1, UNSIGNED = 2, TWICE = 4, REQUEST = 8, WIDGET = 16 };

static void must(bool holds) {
    if (!holds)
        abort();
}

/* ---- an engine that only looks at what it is asked --------------------------------------------
 */

static bool run(void *self, const jk_execution *execution, const jk_out *out) {
    jk_part part = {"text/plain", execution->code.bytes, execution->code.len};
    jk_display display = {&part, 1, NULL, NULL};
    (void)self;
    out->result(out->self, &display);
    out->stream(out->self, JK_STDOUT, execution->code.bytes, execution->code.len);
    return execution->code.len % 2 == 0;
}

static void check_place(jk_span code, size_t cursor) {
    must(cursor <= code.len);
    must(cursor == code.len || ((unsigned char)code.bytes[cursor] & 0xC0) != 0x80);
}

static bool complete(void *self, jk_span code, size_t cursor, jk_completion *to) {
    static const jk_match match = {"word", "function", NULL, NULL};
    (void)self;
    check_place(code, cursor);
    to->matches = &match;
    to->start = 0;
    to->end = cursor;
    to->count = cursor % 2;
    return true;
}

static bool inspect(void *self, jk_span code, size_t cursor, int level, jk_inspection *to) {
    (void)self;
    check_place(code, cursor);
    must(level == 0 || level == 1);
    to->found = false;
    return true;
}

static jk_completeness judge(void *self, jk_span code, const char **indent) {
    (void)self;
    *indent = "  ";
    return (jk_completeness)(code.len % 4);
}

static bool turn(void *self, const jk_turn *turned, const jk_out *out) {
    (void)self;
    for (size_t i = 0; i < turned->count; i++)
        must(turned->settings[i] >= 0 && turned->settings[i] <= 9);
    out->stream(out->self, JK_STDOUT, "moved", 5);
    return true;
}

static void nothing(void *self) {
    (void)self;
}

/* ---- the desk, set up once ------------------------------------------------------------------ */

typedef struct desk {
    void *context, *router, *published;
    jk_hmac *key, *no_key;
    jk_desk shared;
    jk_post post;
    jk_gate gate;
    jk_conn conn;
    jk_engine engine;
    jk_services services;
} desk;

static const jk_engine_info info = {"i",  "1", "b", "l",   "1", "text/x",
                                    ".x", "p", "c", "c/x", "h", "u"};

static const jk_comm_target *const targets[] = {&jk_live_models, &jk_live_control, NULL};
static const char *const words[] = {"x", "y"};
static const jk_knob knobs[] = {{"a", JK_KNOB_RANGE, 0, 9, 0.5, NULL, 0, false, 1},
                                {"b", JK_KNOB_STEPS, 1, 9, 2, NULL, 0, false, 5},
                                {"c", JK_KNOB_CHOICES, 0, 0, 0, words, 2, true, 1},
                                {"d", JK_KNOB_SWITCH, 0, 0, 0, NULL, 0, false, 0}};

static void abort_nothing(void *self) {
    (void)self;
}

static desk *set_up(void) {
    desk *d = calloc(1, sizeof *d);
    must(d != NULL);
    d->key = jk_hmac_new("hmac-sha256", jk_span_of("key"), NULL);
    d->no_key = jk_hmac_new("hmac-sha256", jk_span_of(""), NULL);
    d->shared = (jk_desk){.key = d->key, .session = "s"};
    d->context = zmq_ctx_new();
    d->router = jk_sock_open(d->context, ZMQ_ROUTER, NULL);
    d->published = jk_sock_open(d->context, ZMQ_PULL, NULL);
    d->engine = (jk_engine){d, run, turn, complete, inspect, judge, nothing, nothing};
    must(d->router && d->published && zmq_bind(d->published, JK_POST_PIPE) == 0 &&
         zmq_bind(d->router, "inproc://shell") == 0 && jk_gate_open(&d->gate) &&
         jk_post_open(&d->post, d->context, &d->shared, 'f', 0, NULL));
    d->services = (jk_services){.conn = &d->conn,
                                .info = &info,
                                .gate = &d->gate,
                                .post = &d->post,
                                .socket = d->router,
                                .channel = JK_SHELL,
                                .engine = &d->engine,
                                .history = jk_history_new(2000),
                                .abort_queue = abort_nothing};
    return d;
}

/* ---- one input ------------------------------------------------------------------------------- */

static void sign(const desk *d, jk_frames *frames, size_t at) {
    jk_span parts[4];
    char hex[JK_HMAC_HEX];
    for (size_t i = 0; i < 4; i++)
        parts[i] = jk_frames_at(frames, at + 2 + i);
    must(jk_hmac_sign(d->key, parts, 4, hex));
    zmq_msg_close(&frames->list[at + 1]);
    must(zmq_msg_init_size(&frames->list[at + 1], strlen(hex)) == 0);
    memcpy(zmq_msg_data(&frames->list[at + 1]), hex, strlen(hex));
}

/* Cuts the bytes into frames; signs what stands behind the first delimiter when told to. */
static void cut(const desk *d, jk_frames *frames, int mode, jk_span rest) {
    size_t delimiter = SIZE_MAX;
    for (size_t from = 0, at = 0; at <= rest.len; at++) {
        if (at < rest.len && rest.bytes[at] != 0x1E)
            continue;
        jk_span frame = jk_span_make(rest.bytes + from, at - from);
        if (jk_span_is(frame, "D")) {
            frame = jk_span_of(JK_WIRE_DELIMITER);
            delimiter = delimiter == SIZE_MAX ? frames->count : delimiter;
        }
        must(jk_frames_add(frames, frame));
        from = at + 1;
    }
    if (mode & SIGNED && delimiter != SIZE_MAX && frames->count - delimiter >= 6)
        sign(d, frames, delimiter);
}

static void make_request(const desk *d, jk_frames *frames, int type, jk_span content) {
    static const char *const headers[] = {
        "{\"msg_type\":\"execute_request\"}",
        "{\"msg_type\":\"complete_request\"}",
        "{\"msg_type\":\"inspect_request\"}",
        "{\"msg_type\":\"is_complete_request\"}",
        "{\"msg_type\":\"history_request\"}",
        "{\"msg_type\":\"kernel_info_request\"}",
        "{\"msg_type\":\"comm_info_request\"}",
        "{\"msg_type\":\"comm_open\"}",
        "{\"msg_type\":\"comm_msg\"}",
        "{\"msg_type\":\"comm_close\"}",
        "{\"msg_type\":\"connect_request\"}",
        "{\"msg_type\":\"interrupt_request\"}",
        "{\"msg_type\":\"shutdown_request\"}",
        "{\"msg_type\":\"nobody_request\"}",
        "{\"msg_type\":\"execute_request\",\"subshell_id\":\"x\"}"};
    const jk_span parts[4] = {jk_span_of(headers[type % (int)(sizeof headers / sizeof *headers)]),
                              jk_span_of("{}"), jk_span_of("{}"), content};
    must(jk_frames_add(frames, jk_span_of("client")) && jk_wire_encode(frames, d->key, parts));
}

/* Everything published for one request. */
static void check_published(desk *d) {
    jk_frames frames = {0};
    int busy = 0, idle = 0;
    while (jk_sock_recv(d->published, &frames, false) == JK_GOT) {
        jk_span content = jk_frames_at(&frames, frames.count - 1);
        must(idle == 0);
        busy += jk_span_is(content, "{\"execution_state\":\"busy\"}");
        idle += jk_span_is(content, "{\"execution_state\":\"idle\"}");
        must(busy == 1);
    }
    must(busy == 1 && idle == 1);
    jk_frames_free(&frames);
}

/* A new panel, whose first knob differs by `choice`; the message goes to one of its models. */
static void make_move(desk *d, jk_frames *frames, int choice, jk_span data) {
    const jk_panel panel = {1, true, knobs + choice / 64, (size_t)(4 - choice / 64)};
    jk_frames dropped = {0};
    must(jk_live_show(&d->services, &panel, jk_span_of("")));
    while (jk_sock_recv(d->published, &dropped, false) == JK_GOT)
        jk_frames_clear(&dropped);
    jk_frames_free(&dropped);
    const jk_live_panel *shown = d->services.live->panels[0];
    const char *id = shown->models[(size_t)choice % 64 % shown->model_count]->id;
    jk_bytes content = {0};
    jk_bytes_text(&content, "{\"comm_id\":\"");
    jk_bytes_text(&content, id);
    jk_bytes_text(&content, "\",\"data\":");
    jk_bytes_add(&content, data.bytes, data.len);
    must(jk_bytes_text(&content, "}"));
    make_request(d, frames, 8, jk_bytes_span(&content));
    jk_bytes_free(&content);
}

/* Comms and panels that no earlier input touched. */
static void renew(desk *d) {
    jk_comm_table_free(d->services.comms);
    jk_live_free(d->services.live);
    d->services.comms = jk_comm_table_new(targets);
    d->services.live = jk_live_new(JK_WIDGET_8);
    must(d->services.comms && d->services.live);
}

static void check_message(desk *d, jk_message *message) {
    jk_klog log = {0};
    must(message->type && json_is_object(message->head) && message->content && message->metadata);
    must(message->identities < message->frames.count &&
         jk_span_is(jk_frames_at(&message->frames, message->identities), JK_WIRE_DELIMITER));
    must(jk_wire_buffers(message) <= message->frames.count);
    d->services.is_stopping = false;
    message->is_aborted = jk_handler_is_execute(message) && message->header.len % 5 == 0;
    jk_handler_run(&d->services, message, &log);
    check_published(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static desk *d;
    const char *why = NULL;
    jk_frames frames = {0};
    if (size < 2)
        return 0;
    d = d ? d : set_up();
    int mode = data[0];
    renew(d);
    if (mode & WIDGET)
        make_move(d, &frames, data[1], jk_span_make((const char *)data + 2, size - 2));
    else if (mode & REQUEST)
        make_request(d, &frames, data[1], jk_span_make((const char *)data + 2, size - 2));
    else
        cut(d, &frames, mode, jk_span_make((const char *)data + 1, size - 1));
    jk_seen *seen = jk_seen_new();
    jk_frames copy = {0};
    for (size_t i = 0; i < frames.count; i++)
        must(jk_frames_share(&copy, &frames.list[i]));
    const jk_hmac *key = mode & UNSIGNED ? d->no_key : d->key;
    jk_message *message = jk_wire_decode(&frames, key, seen, &why);
    must((message == NULL) == (why != NULL) && frames.count == 0);
    if (mode & TWICE) {
        jk_message *second = jk_wire_decode(&copy, key, seen, &why);
        must(!second || (mode & UNSIGNED && message));
        jk_wire_free(second);
    }
    if (message)
        check_message(d, message);
    jk_frames_free(&copy);
    jk_frames_free(&frames);
    jk_seen_free(seen);
    return 0;
}
