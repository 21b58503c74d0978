/* SPDX-License-Identifier: BSD-3-Clause */
/* One question: input_request out, input_reply in.
 *
 * DESIGN. A client has one identity on its shell and its stdin socket, so the frames in front of
 * the execute_request are the way back to it. The stdin socket refuses what it cannot deliver
 * (ROUTER_MANDATORY): a client without a stdin socket is nobody who could answer, and the cell says
 * so instead of waiting for ever. One that has only just connected gets a moment to arrive.
 *
 * Answers that lie there already belong to questions of the past (a cell interrupted while it
 * waited) and are thrown away. A reply that names its question has to name this one; one that names
 * none, as older clients send it, has to come from whom we asked. */
#include "ask.h"

#include "bundle.h"

#include <errno.h>
#include <stdlib.h>

#define JK_ASK_LOOK 20     /* ms between looks at whether to stop */
#define JK_ASK_ARRIVE 1000 /* ms a client gets to have its stdin socket connected */
#define JK_ASK_END "\004"  /* a reply of this alone (control-D) ends the input */

void jk_ask_forget(void *socket) {
    jk_frames frames = {0};
    jk_got got;
    do {
        got = jk_sock_recv(socket, &frames, false);
    } while (got == JK_GOT || got == JK_DROPPED);
    jk_frames_free(&frames);
}

static bool write_question(const jk_request *request, jk_span question, bool is_hidden,
                           jk_frames *frames) {
    const jk_message *message = request->message;
    json_t *content =
        json_pack("{s:o,s:b}", "prompt", jk_bundle_string(question), "password", is_hidden);
    char *text = content ? json_dumps(content, JSON_COMPACT) : NULL;
    bool ok = text != NULL;
    for (size_t i = 0; ok && i < message->identities; i++) {
        ok = jk_frames_share(frames, &message->frames.list[i]);
    }
    ok = ok && jk_post_write(request->services->post, frames, "input_request", message->header,
                             NULL, jk_span_of(text));
    json_decref(content);
    free(text);
    return ok;
}

/* Delivers the question; false when there is no way to the client. */
static bool deliver(const jk_request *request, jk_frames *frames) {
    const jk_services *services = request->services;
    long long end = jk_id_clock_ms() + JK_ASK_ARRIVE;
    while (!jk_sock_send(services->input, frames, ZMQ_DONTWAIT)) {
        bool is_away = zmq_errno() == EHOSTUNREACH || zmq_errno() == EAGAIN;
        if (!is_away || jk_id_clock_ms() > end || jk_gate_is_cancelled(services->gate)) {
            return false;
        }
        zmq_pollitem_t none = {services->input, 0, ZMQ_POLLERR, 0};
        jk_sock_poll(&none, 1, 10);
    }
    return true;
}

static bool is_from_asked(const jk_request *request, const jk_message *reply) {
    const jk_message *asked = request->message;
    bool is_same = reply->identities == asked->identities;
    for (size_t i = 0; is_same && i < asked->identities; i++) {
        jk_span a = jk_frames_at(&asked->frames, i), b = jk_frames_at(&reply->frames, i);
        is_same = a.len == b.len && memcmp(a.bytes, b.bytes, a.len) == 0;
    }
    return is_same;
}

static bool is_answer(const jk_request *request, const jk_message *reply) {
    const char *about = json_string_value(json_object_get(reply->parent, "msg_id"));
    return strcmp(reply->type, "input_reply") == 0 &&
           (about ? jk_post_is_last(request->services->post, about)
                  : is_from_asked(request, reply));
}

/* The next message on the channel when it is the answer; NULL: there is none yet. */
static jk_message *next_answer(const jk_request *request, jk_frames *frames) {
    const jk_services *services = request->services;
    const char *why;
    jk_message *reply = NULL;
    while (jk_sock_recv(services->input, frames, false) == JK_GOT) {
        reply = jk_wire_decode(frames, services->post->desk->key, services->seen, &why);
        if (reply && is_answer(request, reply)) {
            return reply;
        }
        jk_wire_free(reply);
    }
    return NULL;
}

static jk_ask take(const jk_message *reply, jk_bytes *answer) {
    const json_t *value = json_object_get(reply->content, "value");
    jk_span text = jk_span_of("");
    if (json_is_string(value)) {
        text = jk_span_make(json_string_value(value), json_string_length(value));
    }
    if (jk_span_is(text, JK_ASK_END)) {
        return JK_ASK_ENDED;
    }
    jk_bytes_add(answer, text.bytes, text.len);
    return JK_ASK_ANSWERED;
}

static jk_ask wait_for_answer(const jk_request *request, jk_bytes *answer) {
    const jk_services *services = request->services;
    zmq_pollitem_t item = {services->input, 0, ZMQ_POLLIN, 0};
    jk_frames frames = {0};
    jk_message *reply = NULL;
    bool is_open = true;
    while (!reply && is_open && !jk_gate_is_cancelled(services->gate)) {
        is_open = jk_sock_poll(&item, 1, JK_ASK_LOOK);
        reply = is_open ? next_answer(request, &frames) : NULL;
    }
    jk_ask end = reply ? take(reply, answer) : JK_ASK_STOPPED;
    jk_wire_free(reply);
    jk_frames_free(&frames);
    return end;
}

jk_ask jk_ask_user(const jk_request *request, jk_span question, bool is_hidden, jk_bytes *answer) {
    const jk_services *services = request->services;
    jk_frames frames = {0};
    bool ok = services->input && write_question(request, question, is_hidden, &frames);
    if (ok) {
        jk_post_flush(services->post);
        jk_ask_forget(services->input);
        ok = deliver(request, &frames);
    }
    jk_frames_free(&frames);
    if (!ok) {
        return jk_gate_is_cancelled(services->gate) ? JK_ASK_STOPPED : JK_ASK_NOBODY;
    }
    return wait_for_answer(request, answer);
}
