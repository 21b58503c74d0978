/* SPDX-License-Identifier: BSD-3-Clause */
/* Headers, signatures, and the sending end of the pipe to the iopub thread. */
#include "post.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define JK_POST_WAIT 20 /* ms between looks at whether to give text up */

bool jk_post_open(jk_post *post, void *context, const jk_desk *desk, char letter, int queue,
                  jk_fault *fault) {
    int wait = JK_POST_WAIT;
    *post = (jk_post){.desk = desk, .letter = letter};
    post->pipe = jk_sock_open(context, ZMQ_PUSH, fault);
    return (post->pipe && zmq_setsockopt(post->pipe, ZMQ_SNDHWM, &queue, sizeof queue) == 0 &&
            zmq_setsockopt(post->pipe, ZMQ_SNDTIMEO, &wait, sizeof wait) == 0 &&
            zmq_connect(post->pipe, JK_POST_PIPE) == 0) ||
           jk_fault_set(fault, "cannot set up the pipes: %s", zmq_strerror(zmq_errno()));
}

void jk_post_set_parent(jk_post *post, jk_span header) {
    post->parent = header;
    post->parent_is_told = false;
}

static void name_message(const jk_post *post, char id[JK_POST_ID]) {
    snprintf(id, JK_POST_ID, "%s_%ld_%c%llu", post->desk->session, post->desk->pid, post->letter,
             post->counter);
}

bool jk_post_is_last(const jk_post *post, const char *id) {
    char last[JK_POST_ID];
    name_message(post, last);
    return strcmp(id, last) == 0;
}

bool jk_post_write(jk_post *post, jk_frames *frames, const char *type, jk_span parent,
                   const char *metadata, jk_span content) {
    char header[512];
    char time[JK_ID_TIME], id[JK_POST_ID];
    jk_id_time(time);
    post->counter++;
    name_message(post, id);
    int len = snprintf(header, sizeof header,
                       "{\"msg_id\":\"%s\",\"session\":\"%s\",\"username\":\"kernel\","
                       "\"date\":\"%s\",\"msg_type\":\"%s\",\"version\":\"5.5\"}",
                       id, post->desk->session, time, type);
    if (len < 0 || (size_t)len >= sizeof header) {
        return false;
    }
    const jk_span parts[4] = {jk_span_make(header, (size_t)len),
                              parent.len ? parent : jk_span_of("{}"),
                              jk_span_of(metadata ? metadata : "{}"), content};
    return jk_wire_encode(frames, post->desk->key, parts);
}

/* Waits as long as it takes: statuses, results and errors are never lost. */
static bool push(jk_post *post, jk_frames *frames) {
    bool sent;
    do {
        sent = jk_sock_send(post->pipe, frames, 0);
    } while (!sent && zmq_errno() == EAGAIN);
    jk_frames_free(frames);
    return sent;
}

static bool publish(jk_post *post, const char *type, const char *content, const char *metadata,
                    const jk_span *buffers, size_t count) {
    jk_frames frames = {0};
    bool ok = jk_frames_add(&frames, jk_span_of("M")) && jk_frames_add(&frames, jk_span_of(type)) &&
              jk_post_write(post, &frames, type, post->parent, metadata, jk_span_of(content));
    for (size_t i = 0; ok && i < count; i++) {
        ok = jk_frames_add(&frames, buffers[i]);
    }
    if (!ok) {
        jk_frames_free(&frames);
        return false;
    }
    return push(post, &frames);
}

bool jk_post_publish_text(jk_post *post, const char *type, const char *content) {
    return publish(post, type, content, NULL, NULL, 0);
}

bool jk_post_send(jk_post *post, const char *type, json_t *content, const char *metadata,
                  const jk_span *buffers, size_t count) {
    char *text = content ? json_dumps(content, JSON_COMPACT) : NULL;
    bool ok = text && publish(post, type, text, metadata, buffers, count);
    free(text);
    return ok;
}

bool jk_post_publish(jk_post *post, const char *type, json_t *content) {
    return jk_post_send(post, type, content, NULL, NULL, 0);
}

static void tell_parent(jk_post *post) {
    jk_frames frames = {0};
    post->parent_is_told = jk_frames_add(&frames, jk_span_of("P")) &&
                           jk_frames_add(&frames, post->parent) && push(post, &frames);
    jk_frames_free(&frames);
}

void jk_post_flush(jk_post *post) {
    tell_parent(post);
}

void jk_post_stream(jk_post *post, jk_stream stream, jk_span text) {
    if (text.len == 0) {
        return;
    }
    if (!post->parent_is_told) {
        tell_parent(post);
    }
    zmq_msg_t frame;
    if (zmq_msg_init_size(&frame, text.len + 2) != 0) {
        return;
    }
    char *to = zmq_msg_data(&frame);
    to[0] = 'S';
    to[1] = stream == JK_STDERR ? '2' : '1';
    memcpy(to + 2, text.bytes, text.len);
    jk_sock_handed_over();
    while (zmq_msg_send(&frame, post->pipe, 0) < 0) {
        bool is_slow = zmq_errno() == EAGAIN;
        bool is_given_up = is_slow && post->gives_up && post->gives_up(post->gives_up_self);
        if (is_given_up || (!is_slow && zmq_errno() != EINTR)) {
            zmq_msg_close(&frame);
            return;
        }
    }
}

bool jk_post_reply(jk_post *post, void *socket, const jk_message *request, const char *type,
                   json_t *content, json_t *metadata) {
    jk_frames frames = {0};
    char *text = content ? json_dumps(content, JSON_COMPACT) : NULL;
    char *meta = metadata ? json_dumps(metadata, JSON_COMPACT) : NULL;
    bool ok = text != NULL && (meta || !metadata);
    for (size_t i = 0; ok && i < request->identities; i++) {
        ok = jk_frames_share(&frames, &request->frames.list[i]);
    }
    ok = ok && jk_post_write(post, &frames, type, request->header, meta, jk_span_of(text)) &&
         jk_sock_send(socket, &frames, ZMQ_DONTWAIT);
    jk_frames_free(&frames);
    free(text);
    free(meta);
    return ok;
}

void jk_post_quit(jk_post *post) {
    jk_frames frames = {0};
    if (jk_frames_add(&frames, jk_span_of("Q"))) {
        push(post, &frames);
    }
    jk_frames_free(&frames);
}

void jk_post_close(jk_post *post) {
    if (post->pipe) {
        zmq_close(post->pipe);
        post->pipe = NULL;
    }
}
