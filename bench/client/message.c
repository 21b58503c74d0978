/* SPDX-License-Identifier: BSD-3-Clause */
/* Signing with OpenSSL, JSON with jansson, frames with libzmq. */
#include "message.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define DELIMITER "<IDS|MSG>"

enum { HEX = 65, PARTS = 4, FRAMES = 16 };

typedef struct part {
    const void *bytes;
    size_t len;
} part;

static bool sign(const part parts[PARTS], char hex[HEX]) {
    unsigned char joined[4096], *text = joined, raw[EVP_MAX_MD_SIZE];
    size_t len = 0;
    unsigned int size = 0;
    for (int i = 0; i < PARTS; i++) {
        len += parts[i].len;
    }
    if (len > sizeof joined && !(text = malloc(len))) {
        return false;
    }
    len = 0;
    for (int i = 0; i < PARTS; i++) {
        memcpy(text + len, parts[i].bytes, parts[i].len);
        len += parts[i].len;
    }
    bool ok = HMAC(EVP_sha256(), CL_MESSAGE_KEY, (int)strlen(CL_MESSAGE_KEY), text, len, raw,
                   &size) != NULL;
    for (unsigned int i = 0; ok && i < size; i++) {
        snprintf(hex + 2 * i, 3, "%02x", raw[i]);
    }
    if (text != joined) {
        free(text);
    }
    return ok;
}

bool cl_message_send(void *socket, const char *type, const char *content, char id[CL_MESSAGE_ID]) {
    static unsigned long number; /* a kernel refuses a msg_id, or a signature, that it has seen */
    char header[400], hex[HEX];
    snprintf(id, CL_MESSAGE_ID, "bench-%ld-%lu", (long)getpid(), ++number);
    int len = snprintf(header, sizeof header,
                       "{\"msg_id\":\"%s\",\"session\":\"bench-%ld\",\"username\":\"bench\","
                       "\"date\":\"2026-01-01T00:00:00.000000Z\",\"msg_type\":\"%s\","
                       "\"version\":\"5.4\"}",
                       id, (long)getpid(), type);
    const part parts[PARTS] = {
        {header, (size_t)len}, {"{}", 2}, {"{}", 2}, {content, strlen(content)}};
    bool ok = sign(parts, hex) &&
              zmq_send(socket, DELIMITER, strlen(DELIMITER), ZMQ_SNDMORE) >= 0 &&
              zmq_send(socket, hex, HEX - 1, ZMQ_SNDMORE) >= 0;
    for (int i = 0; ok && i < PARTS; i++) {
        ok = zmq_send(socket, parts[i].bytes, parts[i].len, i < PARTS - 1 ? ZMQ_SNDMORE : 0) >= 0;
    }
    return ok;
}

/* Takes all frames of one message; how many there are. */
static int take_frames(void *socket, zmq_msg_t frames[FRAMES]) {
    int count = 0, more = 1;
    while (more) {
        zmq_msg_t spare;
        zmq_msg_t *frame = count < FRAMES ? &frames[count] : &spare;
        zmq_msg_init(frame);
        if (zmq_msg_recv(frame, socket, 0) < 0) {
            zmq_msg_close(frame);
            break;
        }
        more = zmq_msg_more(frame);
        count += frame != &spare;
        if (frame == &spare) {
            zmq_msg_close(&spare); /* buffers are of no interest here */
        }
    }
    return count;
}

static bool is_frame(zmq_msg_t *frame, const char *text) {
    return zmq_msg_size(frame) == strlen(text) &&
           memcmp(zmq_msg_data(frame), text, strlen(text)) == 0;
}

static bool decode(zmq_msg_t *frames, int count, cl_message *message) {
    int at = 0;
    while (at < count && !is_frame(&frames[at], DELIMITER)) {
        at++;
    }
    if (at + 2 + PARTS > count) {
        return false;
    }
    part parts[PARTS];
    char hex[HEX];
    json_t *read[PARTS];
    for (int i = 0; i < PARTS; i++) {
        zmq_msg_t *frame = &frames[at + 2 + i];
        parts[i] = (part){zmq_msg_data(frame), zmq_msg_size(frame)};
    }
    if (!sign(parts, hex) || !is_frame(&frames[at + 1], hex)) {
        return false;
    }
    for (int i = 0; i < PARTS; i++) {
        read[i] = json_loadb(parts[i].bytes, parts[i].len, JSON_ALLOW_NUL, NULL);
    }
    json_decref(read[2]);
    *message = (cl_message){read[0], read[1], read[3]};
    return read[0] && read[1] && read[3];
}

bool cl_message_read(void *socket, long ms, cl_message *message) {
    zmq_msg_t frames[FRAMES];
    zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};
    *message = (cl_message){0};
    if (zmq_poll(&item, 1, ms) <= 0) {
        return false;
    }
    int count = take_frames(socket, frames);
    bool ok = decode(frames, count, message);
    for (int i = 0; i < count; i++) {
        zmq_msg_close(&frames[i]);
    }
    if (!ok) {
        cl_message_free(message);
    }
    return ok;
}

static const char *text_of(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

const char *cl_message_type(const cl_message *message) {
    return text_of(message->header, "msg_type");
}

bool cl_message_answers(const cl_message *message, const char *id) {
    return strcmp(text_of(message->parent, "msg_id"), id) == 0;
}

const char *cl_message_text(const cl_message *message, const char *name) {
    return text_of(message->content, name);
}

bool cl_message_is_idle(const cl_message *message) {
    return strcmp(cl_message_type(message), "status") == 0 &&
           strcmp(cl_message_text(message, "execution_state"), "idle") == 0;
}

void cl_message_free(cl_message *message) {
    json_decref(message->header);
    json_decref(message->parent);
    json_decref(message->content);
    *message = (cl_message){0};
}

char *cl_message_cell(const char *code) {
    json_t *content =
        json_pack("{s:s,s:b,s:b,s:{},s:b,s:b}", "code", code, "silent", 0, "store_history", 1,
                  "user_expressions", "allow_stdin", 1, "stop_on_error", 1);
    char *text = json_dumps(content, JSON_COMPACT);
    json_decref(content);
    return text;
}

double cl_message_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
