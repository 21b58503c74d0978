/* SPDX-License-Identifier: BSD-3-Clause */
/* Sockets over libzmq. */
#include "sock.h"

#include "seal.h"
#include "id.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_THREAD__)
#define JK_SOCK_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define JK_SOCK_TSAN 1
#endif
#endif

#define JK_SOCK_LINGER 1000      /* ms to deliver what was sent before the socket closes */
#define JK_SOCK_BIND_WAIT 2000   /* ms */
#define JK_SOCK_MOST_FRAMES 4096 /* of one message */
#define JK_SOCK_ANY (-1)         /* as libzmq or jk_sock_open have it */

/* What is kept for peers that send without being read, or do not read what they are sent. Anybody
 * who reaches a port can do both, before a signature is looked at. A larger frame ends its
 * connection. Shell and control are read all the time, and cells may be large. */
typedef struct bounds {
    int64_t frame;    /* bytes of one frame */
    int unread, sent; /* messages of one peer that wait for us, and for it */
} bounds;

static const bounds bounds_of[JK_CHANNELS] = {
    [JK_SHELL] = {JK_SOCK_ANY, JK_SOCK_ANY, JK_SOCK_ANY},
    [JK_CONTROL] = {JK_SOCK_ANY, JK_SOCK_ANY, JK_SOCK_ANY},
    [JK_IOPUB] = {65536, JK_SOCK_ANY, JK_SOCK_ANY}, /* topics */
    [JK_STDIN] = {1 << 20, 16, JK_SOCK_ANY},        /* answers of people; read when one is asked */
    [JK_HEARTBEAT] = {1 << 17, 16, 16},             /* pings and their echo */
};

#ifdef JK_SOCK_TSAN
#include <sanitizer/tsan_interface.h>
static const char handover = 0;
void jk_sock_handed_over(void) {
    __tsan_release((void *)(uintptr_t)&handover);
}
void jk_sock_taken_over(void) {
    __tsan_acquire((void *)(uintptr_t)&handover);
}
#else
void jk_sock_handed_over(void) {
}
void jk_sock_taken_over(void) {
}
#endif

static bool set_int(void *socket, int option, int value) {
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

void *jk_sock_open(void *context, int type, jk_fault *fault) {
    void *socket = zmq_socket(context, type);
    bool ok = socket && set_int(socket, ZMQ_LINGER, JK_SOCK_LINGER) &&
              set_int(socket, ZMQ_SNDHWM, 0) &&
              (type != ZMQ_ROUTER || set_int(socket, ZMQ_ROUTER_HANDOVER, 1));
    if (!ok) {
        jk_fault_set(fault, "cannot open a socket: %s", zmq_strerror(zmq_errno()));
        if (socket) {
            zmq_close(socket);
        }
        return NULL;
    }
    return socket;
}

bool jk_sock_refuse(void *router) {
    return set_int(router, ZMQ_ROUTER_MANDATORY, 1);
}

static bool set_bounds(void *socket, bounds b) {
    return (b.frame < 0 || zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &b.frame, sizeof b.frame) == 0) &&
           (b.unread < 0 || set_int(socket, ZMQ_RCVHWM, b.unread)) &&
           (b.sent < 0 || set_int(socket, ZMQ_SNDHWM, b.sent));
}

static void sleep_ms(long ms) {
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

/* The number after the last colon of the endpoint a tcp socket got. */
static long chosen_port(void *socket) {
    char endpoint[256];
    size_t size = sizeof endpoint;
    if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &size) != 0) {
        return 0;
    }
    const char *colon = strrchr(endpoint, ':');
    return colon ? strtol(colon + 1, NULL, 10) : 0;
}

/* ipc "ports" are small numbers; takes the first that is neither in the file nor on disk. */
static bool choose_ipc(jk_conn *conn, jk_channel channel, jk_bytes *endpoint) {
    for (long port = 1; port < 65536; port++) {
        bool is_taken = false;
        for (int i = 0; i < JK_CHANNELS; i++) {
            is_taken = is_taken || (i != (int)channel && conn->ports[i] == port);
        }
        conn->ports[channel] = port;
        jk_bytes_reset(endpoint, 4096);
        if (!jk_conn_endpoint(conn, channel, endpoint)) {
            return false;
        }
        if (!is_taken && access(endpoint->data + strlen("ipc://"), F_OK) != 0) {
            return true;
        }
    }
    return false;
}

static bool bind_patiently(void *socket, const char *endpoint) {
    long long give_up = jk_id_clock_ms() + JK_SOCK_BIND_WAIT;
    while (zmq_bind(socket, endpoint) != 0) {
        int error = zmq_errno();
        if ((error != EADDRINUSE && error != EINTR) || jk_id_clock_ms() > give_up) {
            return false;
        }
        sleep_ms(20);
    }
    return true;
}

bool jk_sock_bind(void *socket, jk_conn *conn, jk_channel channel, jk_fault *fault) {
    jk_bytes endpoint = {0};
    bool is_free = conn->ports[channel] == 0;
    bool is_ipc = strcmp(conn->transport, "ipc") == 0;
    if (!set_bounds(socket, bounds_of[channel]) || !jk_seal_socket(socket, conn, fault)) {
        return false;
    }
    bool ok = is_free && is_ipc ? choose_ipc(conn, channel, &endpoint)
                                : jk_conn_endpoint(conn, channel, &endpoint);
    if (ok && !is_ipc && strchr(conn->ip, ':')) {
        set_int(socket, ZMQ_IPV6, 1);
    }
    if (ok) {
        ok = bind_patiently(socket, endpoint.data);
        int error = zmq_errno();
        if (!ok) {
            jk_fault_set(fault, "cannot bind %s to %s: %s%s", jk_conn_port_name(channel),
                         endpoint.data, zmq_strerror(error),
                         error == EADDRINUSE ? "; another program holds it" : "");
        }
    }
    if (ok && is_free && !is_ipc) {
        conn->ports[channel] = chosen_port(socket);
    }
    jk_bytes_free(&endpoint);
    return ok || jk_fault_set(fault, "cannot bind %s", jk_conn_port_name(channel));
}

/* Takes the rest of a message that cannot be kept off the socket. */
static void skip_rest(void *socket) {
    int more = 1;
    while (more) {
        zmq_msg_t part;
        zmq_msg_init(&part);
        if (zmq_msg_recv(&part, socket, 0) < 0 && zmq_errno() != EINTR) {
            more = 0;
        } else {
            size_t size = sizeof more;
            zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size);
        }
        zmq_msg_close(&part);
    }
}

/* Moves a part to the end of the frames; false, and the part is gone, when there is no room. */
static bool keep(jk_frames *frames, zmq_msg_t *part) {
    zmq_msg_t *slot = frames->count < JK_SOCK_MOST_FRAMES ? jk_frames_slot(frames) : NULL;
    if (!slot) {
        zmq_msg_close(part);
        return false;
    }
    zmq_msg_init(slot);
    zmq_msg_move(slot, part);
    frames->count++;
    return true;
}

jk_got jk_sock_recv(void *socket, jk_frames *frames, bool wait) {
    jk_frames_clear(frames);
    for (;;) {
        zmq_msg_t part;
        zmq_msg_init(&part);
        int flags = wait || frames->count > 0 ? 0 : ZMQ_DONTWAIT;
        if (zmq_msg_recv(&part, socket, flags) < 0) {
            int error = zmq_errno();
            if (error == EINTR && (frames->count > 0 || !wait)) {
                continue;
            }
            return error == EAGAIN || error == EINTR ? JK_NOTHING : JK_CLOSED;
        }
        bool has_more = zmq_msg_more(&part);
        if (!keep(frames, &part)) {
            if (has_more) {
                skip_rest(socket);
            }
            jk_frames_clear(frames);
            return JK_DROPPED;
        }
        if (!has_more) {
            jk_sock_taken_over();
            return JK_GOT;
        }
    }
}

bool jk_sock_send(void *socket, jk_frames *frames, int flags) {
    jk_sock_handed_over();
    for (size_t i = 0; i < frames->count; i++) {
        int more = i + 1 < frames->count ? ZMQ_SNDMORE : 0;
        int how = (i == 0 ? flags : 0) | more;
        while (zmq_msg_send(&frames->list[i], socket, how) < 0) {
            if (zmq_errno() != EINTR) {
                return false;
            }
        }
    }
    jk_frames_clear(frames);
    return true;
}

bool jk_sock_poll(zmq_pollitem_t *items, int count, long timeout_ms) {
    int ready = zmq_poll(items, count, timeout_ms);
    if (ready < 0) {
        for (int i = 0; i < count; i++) {
            items[i].revents = 0;
        }
        return zmq_errno() == EINTR || zmq_errno() == EAGAIN;
    }
    return true;
}
