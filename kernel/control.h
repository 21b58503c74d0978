/* SPDX-License-Identifier: BSD-3-Clause */
/* The control loop, run by the main thread: interrupts, shutdown and kernel_info get through
 * whatever the shell thread is computing. */
#ifndef JK_CONTROL_H
#define JK_CONTROL_H

#include "handler.h"

typedef struct jk_control {
    void *socket; /* control ROUTER, bound */
    void *pipe;   /* PAIR to the shell thread */
    int wake;     /* read end of a pipe: 'i' after SIGINT, 't' to end; -1: none */
    long parent;  /* end hard when the parent is no longer this process; 0: do not look */
    const jk_desk *desk;
    jk_services services; /* conn, info, gate and post set by the owner */
    jk_seen *seen;
    jk_klog log;
    bool is_terminated; /* a 't' came */
} jk_control;

/* Serves until a shutdown_request on either channel, a 't', or the end of the context. */
void jk_control_run(jk_control *control);

#endif
