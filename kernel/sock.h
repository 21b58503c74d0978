/* SPDX-License-Identifier: BSD-3-Clause */
/* A thin layer over libzmq: multipart messages as lists of frames, calls that survive signals,
 * sockets with the options every Jupyter socket needs. A socket belongs to one thread. */
#ifndef JK_SOCK_H
#define JK_SOCK_H

#include "conn.h"
#include "fault.h"
#include "span.h"

#include <zmq.h>
#include <stdbool.h>
#include <stddef.h>

/* The frames of one message. Owned; {0} is empty. */
typedef struct jk_frames {
    zmq_msg_t *list;
    size_t count, capacity;
} jk_frames;

typedef enum jk_got {
    JK_GOT,     /* a message */
    JK_NOTHING, /* none now */
    JK_DROPPED, /* one that had too many frames or no memory; it is gone */
    JK_CLOSED   /* the context ends */
} jk_got;

/* A new socket of a zmq type with LINGER 1 s and no limit on its send queue; ROUTER sockets let a
 * reconnecting client take over its identity. NULL with fault set. */
void *jk_sock_open(void *context, int type, jk_fault *fault);

/* Binds, waiting up to 2 s for a port that a dying kernel still holds. Writes the port chosen for
 * a 0 into conn->ports. */
bool jk_sock_bind(void *socket, jk_conn *conn, jk_channel channel, jk_fault *fault);

/* Receives one message into `frames` (emptied first). `wait` false: only what is there. */
jk_got jk_sock_recv(void *socket, jk_frames *frames, bool wait);

/* Sends all frames and leaves `frames` empty. False when the first frame was refused (EAGAIN: the
 * frames are kept) or the context ends. flags: 0 or ZMQ_DONTWAIT. */
bool jk_sock_send(void *socket, jk_frames *frames, int flags);

/* Waits until one of the items is ready or `timeout_ms` passed (-1: no limit). False when the
 * context ends. Signals make it return early with nothing ready. */
bool jk_sock_poll(zmq_pollitem_t *items, int count, long timeout_ms);

/* Appends a frame with a copy of the bytes. False: out of memory. */
bool jk_frames_add(jk_frames *frames, jk_span bytes);

/* Appends a frame that shares the content of `frame`. */
bool jk_frames_share(jk_frames *frames, zmq_msg_t *frame);

/* Bytes of frame `at`; valid while the frames are. */
jk_span jk_frames_at(const jk_frames *frames, size_t at);

/* Closes all frames; keeps the list for reuse. */
void jk_frames_clear(jk_frames *frames);

/* Closes all frames and frees the list. */
void jk_frames_free(jk_frames *frames);

/* libzmq is not built for the thread sanitizer, which therefore cannot see that what was written
 * before a send is seen after the receive. These two tell it; otherwise they are nothing. */
void jk_sock_handed_over(void);
void jk_sock_taken_over(void);

#endif
