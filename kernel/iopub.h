/* SPDX-License-Identifier: BSD-3-Clause */
/* The publisher: the one thread that writes to the iopub socket.
 *
 * DESIGN. Messages come through one PULL socket and leave in that order. Printed text is gathered
 * here, not at its source, so that it reaches the reader within 50 ms even when the cell that
 * printed it computes on in silence: it leaves when 32 KiB are there, when 50 ms have passed, and
 * before any other message. New subscribers are greeted with iopub_welcome; the socket is in
 * manual mode, so none of them sees a message before its welcome.
 *
 * Memory is bounded without losing anything: the socket refuses (NODROP) instead of dropping when
 * a reader is 2,000 messages behind; then this thread waits, its pipe fills, and the printing
 * cell waits too. A reader that makes no progress for 5 s (a stopped process) no longer holds the
 * others up: it keeps what is queued for it, which is 64 MB of printed text, and then misses
 * messages; once libzmq has dropped one it passes over the reader until it reads again, statuses
 * included, so this is the last resort. */
#ifndef JK_IOPUB_H
#define JK_IOPUB_H

#include "post.h"

#include <stdatomic.h>
#include <stdbool.h>

typedef struct jk_iopub {
    void *socket; /* XPUB, bound; owned by the thread once it runs */
    void *pull;   /* bound to JK_POST_PIPE */
    jk_post pen;
    atomic_bool hurry; /* set when the process ends: wait for no reader */
    /* the thread's own */
    jk_bytes text; /* printed and not yet published */
    jk_stream stream;
    jk_bytes parent;       /* raw header of the request that prints */
    long long since;       /* clock when the oldest byte of text came */
    bool is_starting_sent; /* status "starting", once */
    bool is_stalled;       /* a reader exhausted our patience */
} jk_iopub;

/* Opens both sockets (the caller binds `socket`). Call before any jk_post_open. */
bool jk_iopub_open(jk_iopub *iopub, void *context, const jk_desk *desk, jk_fault *fault);

/* The thread: a function for pthread_create; `self` is the jk_iopub. Ends on the letter Q or with
 * the context. */
void *jk_iopub_run(void *self);

/* Closes the sockets and frees what is left, after the thread ended. */
void jk_iopub_close(jk_iopub *iopub);

#endif
