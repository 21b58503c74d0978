/* SPDX-License-Identifier: BSD-3-Clause */
/* One message there, one back: delimiter, signature, content. Only the content is signed. */
#include "handshake.h"

#include "bytes.h"
#include "id.h"
#include "sock.h"
#include "wire.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define JK_HANDSHAKE_WAIT 5000 /* ms */

enum { SIGNATURE = 1, CONTENT, COUNT };

/* The ports as texts, as launchers that exist expect them. */
static char *write_content(const jk_conn *conn) {
    json_t *content = json_pack("{s:s}", "kernel_id", conn->registration.kernel_id);
    bool ok = content != NULL;
    for (int i = 0; ok && i < JK_CHANNELS; i++) {
        char port[24];
        snprintf(port, sizeof port, "%ld", conn->ports[i]);
        ok = json_object_set_new(content, jk_conn_port_name((jk_channel)i), json_string(port)) == 0;
    }
    char *text = ok ? json_dumps(content, JSON_COMPACT) : NULL;
    json_decref(content);
    return text;
}

static bool say_ports(void *socket, const jk_conn *conn, const jk_hmac *key) {
    char hex[JK_HMAC_HEX];
    jk_frames frames = {0};
    char *text = write_content(conn);
    jk_span content = jk_span_of(text);
    bool ok = text && jk_hmac_sign(key, &content, 1, hex) &&
              jk_frames_add(&frames, jk_span_of(JK_WIRE_DELIMITER)) &&
              jk_frames_add(&frames, jk_span_of(hex)) && jk_frames_add(&frames, content) &&
              jk_sock_send(socket, &frames, 0);
    jk_frames_free(&frames);
    free(text);
    return ok;
}

/* Frames before the delimiter are an envelope. What the content says does not matter. */
static bool is_receipt(const jk_frames *frames, const jk_hmac *key) {
    char hex[JK_HMAC_HEX];
    size_t at = 0;
    while (at < frames->count && !jk_span_is(jk_frames_at(frames, at), JK_WIRE_DELIMITER)) {
        at++;
    }
    if (frames->count < at + COUNT) {
        return false;
    }
    jk_span content = jk_frames_at(frames, at + CONTENT);
    jk_span given = jk_frames_at(frames, at + SIGNATURE);
    return !jk_hmac_is_on(key) ||
           (jk_hmac_sign(key, &content, 1, hex) && jk_hmac_equal(given, jk_span_of(hex)));
}

/* Whether a signal came that ends the process; others mean nothing yet. */
static bool is_ended(int wake) {
    char letters[16];
    ssize_t got = read(wake, letters, sizeof letters);
    return got > 0 && memchr(letters, 't', (size_t)got) != NULL;
}

static bool wait_for_receipt(void *socket, const jk_hmac *key, int wake) {
    zmq_pollitem_t items[2] = {{socket, 0, ZMQ_POLLIN, 0}, {NULL, wake, ZMQ_POLLIN, 0}};
    int count = wake >= 0 ? 2 : 1;
    long long end = jk_id_clock_ms() + JK_HANDSHAKE_WAIT, left;
    jk_frames frames = {0};
    bool is_known = false, is_open = true;
    while (!is_known && is_open && (left = end - jk_id_clock_ms()) > 0) {
        is_open = jk_sock_poll(items, count, (long)left);
        while (is_open && !is_known && jk_sock_recv(socket, &frames, false) == JK_GOT) {
            is_known = is_receipt(&frames, key);
        }
        if (!is_known && count == 2 && items[1].revents && is_ended(wake)) {
            is_open = false; /* once known, signals are read by the control loop */
        }
    }
    jk_frames_free(&frames);
    return is_known;
}

bool jk_handshake_run(void *context, const jk_conn *conn, const jk_hmac *key, int wake,
                      jk_fault *fault) {
    const jk_registration *to = &conn->registration;
    jk_bytes address = {0};
    if (to->port == 0) {
        return true;
    }
    void *socket = jk_sock_open(context, ZMQ_DEALER, fault);
    bool ok = socket && jk_conn_address(conn->transport, to->ip, to->port, &address);
    int nothing = 0, six = 1;
    if (ok && strchr(to->ip, ':')) {
        zmq_setsockopt(socket, ZMQ_IPV6, &six, sizeof six);
    }
    ok = ok && zmq_setsockopt(socket, ZMQ_LINGER, &nothing, sizeof nothing) == 0;
    if (ok && zmq_connect(socket, address.data) != 0) {
        ok = jk_fault_set(fault, "cannot register at %s: %s", address.data,
                          zmq_strerror(zmq_errno()));
    } else if (ok && !(say_ports(socket, conn, key) && wait_for_receipt(socket, key, wake))) {
        ok = jk_fault_set(fault, "nobody at %s took note of this kernel within %d s", address.data,
                          JK_HANDSHAKE_WAIT / 1000);
    }
    if (socket) {
        zmq_close(socket);
    }
    jk_bytes_free(&address);
    return ok || jk_fault_set(fault, "cannot register this kernel");
}
