/* SPDX-License-Identifier: BSD-3-Clause */
/* A thin layer over libzmq: whole messages in and out, calls that survive signals, sockets with the
 * options every Jupyter socket needs. A socket belongs to one thread. */
#ifndef JK_SOCK_H
#define JK_SOCK_H

#include "conn.h"
#include "fault.h"
#include "frames.h"

#include <zmq.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum jk_got {
    JK_GOT,     /* a message */
    JK_NOTHING, /* none now */
    JK_DROPPED, /* one that had too many frames or no memory; it is gone */
    JK_CLOSED   /* the context ends */
} jk_got;

/* A new socket of a zmq type with LINGER 1 s and no limit on its send queue; ROUTER sockets let a
 * reconnecting client take over its identity. NULL with fault set. */
void *jk_sock_open(void *context, int type, jk_fault *fault);

/* From now on a ROUTER refuses (EHOSTUNREACH) what it cannot deliver instead of dropping it. */
bool jk_sock_refuse(void *router);

/* Binds, encrypted if conn has keys for that, waiting up to 2 s for a port that a dying kernel
 * still holds. Writes the port chosen for a 0 into conn->ports. */
bool jk_sock_bind(void *socket, jk_conn *conn, jk_channel channel, jk_fault *fault);

/* Receives one message into `frames` (emptied first). `wait` false: only what is there. */
jk_got jk_sock_recv(void *socket, jk_frames *frames, bool wait);

/* Sends all frames and leaves `frames` empty. False when the first frame was refused (EAGAIN: the
 * frames are kept) or the context ends. flags: 0 or ZMQ_DONTWAIT. */
bool jk_sock_send(void *socket, jk_frames *frames, int flags);

/* Waits until one of the items is ready or `timeout_ms` passed (-1: no limit). False when the
 * context ends. Signals make it return early with nothing ready. */
bool jk_sock_poll(zmq_pollitem_t *items, int count, long timeout_ms);

/* libzmq is not built for the thread sanitizer, which therefore cannot see that what was written
 * before a send is seen after the receive. These two tell it; otherwise they are nothing. */
void jk_sock_handed_over(void);
void jk_sock_taken_over(void);

#endif
