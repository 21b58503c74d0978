/* SPDX-License-Identifier: BSD-3-Clause */
/* A running kernel: context, sockets, threads, and the order in which they start and end. */
#ifndef JK_KERNEL_H
#define JK_KERNEL_H

#include "conn.h"
#include "engine.h"
#include "fault.h"
#include "gate.h"

#include <stdbool.h>

typedef struct jk_kernel_options {
    const jk_engine_maker *maker;
    jk_gate *gate; /* open; a signal handler may cancel through it */
    int wake;      /* read end of a pipe for signals ('i', 't'), or -1 */
    bool is_log_on;
} jk_kernel_options;

typedef enum jk_kernel_end {
    JK_KERNEL_FAILED,    /* never started; the fault says why */
    JK_KERNEL_SHUT_DOWN, /* by a shutdown_request */
    JK_KERNEL_TERMINATED /* by a signal */
} jk_kernel_end;

/* Binds, starts the threads, serves on this thread until the end, stops everything. Ports that
 * were 0 are written into conn and its file. */
jk_kernel_end jk_kernel_run(jk_conn *conn, const jk_kernel_options *options, jk_fault *fault);

#endif
