/* SPDX-License-Identifier: BSD-3-Clause */
/* The iopub thread. */
#include "iopub.h"

#include "repair.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#define JK_IOPUB_FULL 32768    /* bytes of text that leave at once */
#define JK_IOPUB_PIECE 65536   /* bytes of text in one message at most */
#define JK_IOPUB_DELAY 50      /* ms that text waits for more */
#define JK_IOPUB_BEHIND 2000   /* messages a reader may be behind: 64 MB of text */
#define JK_IOPUB_PATIENCE 5000 /* ms to wait for a reader that makes no progress */
#define JK_IOPUB_QUEUE 1000    /* messages waiting in the pipe on this end */
#define JK_IOPUB_BATCH 256     /* messages between two looks at the subscriptions */
#define JK_IOPUB_LAST 4096     /* messages still published after the letter Q */

static bool set_int(void *socket, int option, int value) {
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

bool jk_iopub_open(jk_iopub *iopub, void *context, const jk_desk *desk, jk_fault *fault) {
    *iopub = (jk_iopub){.pen = {.desk = desk, .letter = 'i'}};
    iopub->socket = jk_sock_open(context, ZMQ_XPUB, fault);
    iopub->pull = iopub->socket ? jk_sock_open(context, ZMQ_PULL, fault) : NULL;
    if (!iopub->pull || !set_int(iopub->socket, ZMQ_XPUB_MANUAL, 1) ||
        !set_int(iopub->socket, ZMQ_XPUB_NODROP, 1) ||
        !set_int(iopub->socket, ZMQ_SNDHWM, JK_IOPUB_BEHIND) ||
        !set_int(iopub->pull, ZMQ_RCVHWM, JK_IOPUB_QUEUE) ||
        zmq_bind(iopub->pull, JK_POST_PIPE) != 0) {
        return jk_fault_set(fault, "cannot set up iopub: %s", zmq_strerror(zmq_errno()));
    }
    return true;
}

/* Tries until every reader has room or patience ends. False: still no room. */
static bool send_patiently(jk_iopub *iopub, jk_frames *frames) {
    long long give_up = jk_id_clock_ms() + JK_IOPUB_PATIENCE;
    while (!jk_sock_send(iopub->socket, frames, ZMQ_DONTWAIT)) {
        bool is_waiting = zmq_errno() == EAGAIN && !iopub->is_stalled &&
                          !atomic_load(&iopub->hurry) && jk_id_clock_ms() < give_up;
        if (!is_waiting) {
            return false;
        }
        struct timespec pause = {0, 500000};
        nanosleep(&pause, NULL);
    }
    iopub->is_stalled = false;
    return true;
}

/* Publishes frames; readers that keep up get everything, and one that stopped has its full queue.
 * The size of the queues stays as it is: libzmq (4.3.5) would tell a reader who is just leaving of
 * a change after that reader is gone. */
static void publish(jk_iopub *iopub, jk_frames *frames) {
    if (!send_patiently(iopub, frames)) {
        iopub->is_stalled = true;
        set_int(iopub->socket, ZMQ_XPUB_NODROP, 0);
        jk_sock_send(iopub->socket, frames, ZMQ_DONTWAIT);
        set_int(iopub->socket, ZMQ_XPUB_NODROP, 1);
    }
    jk_frames_clear(frames);
}

static void publish_content(jk_iopub *iopub, const char *type, jk_span topic, jk_span parent,
                            json_t *content) {
    jk_frames frames = {0};
    char *text = content ? json_dumps(content, JSON_COMPACT) : NULL;
    if (text && jk_frames_add(&frames, topic) &&
        jk_post_write(&iopub->pen, &frames, type, parent, NULL, jk_span_of(text))) {
        publish(iopub, &frames);
    }
    jk_frames_free(&frames);
    free(text);
}

/* One stream message. */
static void publish_text(jk_iopub *iopub, jk_span text) {
    const char *name = iopub->stream == JK_STDERR ? "stderr" : "stdout";
    jk_bytes clean = {0};
    if (jk_repair_add(&clean, text.bytes, text.len)) {
        json_t *content = json_pack("{s:s,s:o}", "name", name, "text",
                                    json_stringn_nocheck(clean.data, clean.len));
        publish_content(iopub, "stream", jk_span_of(name), jk_bytes_span(&iopub->parent), content);
        json_decref(content);
    }
    jk_bytes_free(&clean);
}

/* Publishes the text gathered so far. A character whose end has not come yet stays behind, unless
 * `all`: something else follows. */
static void flush(jk_iopub *iopub, bool all) {
    size_t done = 0;
    size_t len = iopub->text.len;
    size_t tail = all || len == 0 ? 0 : jk_repair_open_tail(iopub->text.data, len);
    while (done < len - tail) {
        const char *from = iopub->text.data + done;
        size_t piece = len - tail - done;
        if (piece > JK_IOPUB_PIECE) {
            piece = JK_IOPUB_PIECE - jk_repair_open_tail(from, JK_IOPUB_PIECE);
        }
        publish_text(iopub, jk_span_make(from, piece));
        done += piece;
    }
    if (tail == 0) {
        jk_bytes_reset(&iopub->text, 4 * (size_t)JK_IOPUB_FULL);
    } else {
        jk_bytes_drop(&iopub->text, done);
    }
    iopub->since = jk_id_clock_ms();
}

static void take_text(jk_iopub *iopub, jk_span text) {
    jk_stream stream = text.bytes[1] == '2' ? JK_STDERR : JK_STDOUT;
    if (iopub->text.len > 0 && stream != iopub->stream) {
        flush(iopub, true);
    }
    if (iopub->text.len == 0) {
        iopub->since = jk_id_clock_ms();
    }
    iopub->stream = stream;
    jk_bytes_add(&iopub->text, text.bytes + 2, text.len - 2);
    if (iopub->text.len >= JK_IOPUB_FULL) {
        flush(iopub, false);
    }
}

static void send_starting(jk_iopub *iopub) {
    if (!iopub->is_starting_sent) {
        iopub->is_starting_sent = true;
        json_t *content = json_pack("{s:s}", "execution_state", "starting");
        publish_content(iopub, "status", jk_span_of("status"), jk_span_of(NULL), content);
        json_decref(content);
    }
}

/* The frames after the letter M are the message. */
static void take_message(jk_iopub *iopub, jk_frames *frames) {
    jk_frames message = {0};
    bool ok = true;
    flush(iopub, true);
    send_starting(iopub);
    for (size_t i = 1; ok && i < frames->count; i++) {
        ok = jk_frames_share(&message, &frames->list[i]);
    }
    if (ok) {
        publish(iopub, &message);
    }
    jk_frames_free(&message);
}

/* One item from the pipe; false on the letter Q. */
static bool take_item(jk_iopub *iopub, jk_frames *frames) {
    jk_span first = jk_frames_at(frames, 0);
    char letter = first.len ? first.bytes[0] : '\0';
    if (letter == 'S' && first.len > 2) {
        take_text(iopub, first);
    } else if (letter == 'P' && frames->count == 2) {
        jk_span parent = jk_frames_at(frames, 1);
        flush(iopub, true);
        jk_bytes_reset(&iopub->parent, 65536);
        jk_bytes_add(&iopub->parent, parent.bytes, parent.len);
    } else if (letter == 'M') {
        take_message(iopub, frames);
    }
    return letter != 'Q';
}

/* A subscription came (first byte 1) or went (0). In manual mode it takes effect here. */
static void take_subscription(jk_iopub *iopub, jk_span event) {
    if (event.len == 0 || (event.bytes[0] != 0 && event.bytes[0] != 1)) {
        return;
    }
    jk_span topic = jk_span_make(event.bytes + 1, event.len - 1);
    int option = event.bytes[0] == 1 ? ZMQ_SUBSCRIBE : ZMQ_UNSUBSCRIBE;
    zmq_setsockopt(iopub->socket, option, topic.bytes, topic.len);
    if (event.bytes[0] == 0) {
        return;
    }
    jk_bytes name = {0};
    if (jk_repair_add(&name, topic.bytes, topic.len)) {
        json_t *content =
            json_pack("{s:o}", "subscription", json_stringn_nocheck(name.data, name.len));
        publish_content(iopub, "iopub_welcome", topic, jk_span_of(NULL), content);
        json_decref(content);
    }
    jk_bytes_free(&name);
    send_starting(iopub);
}

static long next_timeout(const jk_iopub *iopub) {
    if (iopub->text.len == 0) {
        return -1;
    }
    long long rest = iopub->since + JK_IOPUB_DELAY - jk_id_clock_ms();
    return rest > 0 ? (long)rest : 0;
}

/* Takes all that is in the pipe, at most a batch. False: end. The letter Q may overtake what other
 * threads sent before it, so the rest of the pipe is taken after it. */
static bool take_batch(jk_iopub *iopub, jk_frames *frames) {
    bool is_ending = false;
    for (int i = 0; i < (is_ending ? JK_IOPUB_LAST : JK_IOPUB_BATCH); i++) {
        jk_got got = jk_sock_recv(iopub->pull, frames, false);
        if (got == JK_NOTHING || got == JK_CLOSED) {
            return got == JK_NOTHING && !is_ending;
        }
        if (got == JK_GOT && !take_item(iopub, frames)) {
            is_ending = true;
        }
    }
    return !is_ending;
}

void *jk_iopub_run(void *self) {
    jk_iopub *iopub = self;
    jk_frames frames = {0};
    zmq_pollitem_t items[2] = {{iopub->socket, 0, ZMQ_POLLIN, 0}, {iopub->pull, 0, ZMQ_POLLIN, 0}};
    bool is_running = true;
    while (is_running && jk_sock_poll(items, 2, next_timeout(iopub))) {
        while (items[0].revents && jk_sock_recv(iopub->socket, &frames, false) == JK_GOT) {
            take_subscription(iopub, jk_frames_at(&frames, 0));
        }
        if (items[1].revents) {
            is_running = take_batch(iopub, &frames);
        }
        if (iopub->text.len > 0 && next_timeout(iopub) == 0) {
            flush(iopub, false);
        }
    }
    flush(iopub, true);
    jk_frames_free(&frames);
    return NULL;
}

void jk_iopub_close(jk_iopub *iopub) {
    if (iopub->socket) {
        zmq_close(iopub->socket);
    }
    if (iopub->pull) {
        zmq_close(iopub->pull);
    }
    jk_bytes_free(&iopub->text);
    jk_bytes_free(&iopub->parent);
}
