/* SPDX-License-Identifier: BSD-3-Clause */
/* The shell thread: owns the shell and stdin sockets, the engine and all values of the language.
 * One request at a time, in the order they came. */
#ifndef JK_SHELL_H
#define JK_SHELL_H

#include "handler.h"

#define JK_SHELL_PIPE "inproc://stop" /* PAIR between the control thread and this one */
#define JK_SHELL_STACK ((size_t)64 << 20)

typedef struct jk_shell {
    void *context;
    void *socket; /* shell ROUTER, bound */
    void *input;  /* stdin ROUTER, bound */
    const jk_desk *desk;
    const jk_engine_maker *maker;
    jk_services services; /* conn, info and gate set by the owner; the thread fills the rest */
    jk_klog log;
    /* the thread's own */
    void *pipe; /* PAIR. Out: 'r' ready or 'f' failed; 'q' asked to shut down; 'd' done. In: stop */
    jk_engine engine;
    jk_post post;
    jk_seen *seen;
    jk_frames frames;
    jk_message **queue; /* received and not yet handled; a ring would save little */
    size_t first, count, capacity;
    long long began; /* when the request that is handled was, jk_id_clock_ms */
    char why[256];   /* why the engine did not open, when the ready byte is 'f' */
} jk_shell;

/* The thread: opens the engine, tells the pipe, serves until told to stop. */
void *jk_shell_run(void *self);

#endif
