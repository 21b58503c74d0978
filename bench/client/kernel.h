/* SPDX-License-Identifier: BSD-3-Clause */
/* A kernel as a process of its own with the sockets to it, over tcp on this machine. */
#ifndef CL_KERNEL_H
#define CL_KERNEL_H

#include "message.h"

#include <sys/types.h>

#define CL_KERNEL_PATIENCE 60000 /* ms until a kernel that says nothing counts as lost */

typedef struct cl_kernel {
    void *context; /* of the program */
    void *shell, *control, *iopub;
    pid_t pid;
    double started;   /* when the process was */
    int ports[5];     /* shell, iopub, stdin, control, heartbeat */
    char folder[300]; /* its working directory, with the connection file */
} cl_kernel;

/* Starts the program `argv` (a JSON list; "{connection_file}" is replaced) in a new folder within
 * the working directory. Whatever comes of it, cl_kernel_close cleans up. */
bool cl_kernel_spawn(cl_kernel *kernel, void *context, const json_t *argv);

/* Connects when the kernel listens already; false: not yet. */
bool cl_kernel_connect(cl_kernel *kernel);

/* Whether the process is no more. */
bool cl_kernel_has_ended(cl_kernel *kernel);

/* Spawns and connects; waits until it listens. False: it ended instead. */
bool cl_kernel_start(cl_kernel *kernel, void *context, const json_t *argv);

/* Waits until published messages arrive and nothing more is on its way. */
bool cl_kernel_listen(cl_kernel *kernel);

/* Sends a request and waits for its reply, which the caller frees. */
bool cl_kernel_ask(cl_kernel *kernel, const char *type, const char *content, cl_message *reply);

/* Runs a cell until its reply; false: no reply, or one that is not "ok". */
bool cl_kernel_run(cl_kernel *kernel, const char *code);

/* A row of /proc/PID/status, or of smaps_rollup for "Pss", in kB. 0: it is not there. */
long cl_kernel_memory(const cl_kernel *kernel, const char *row);

/* Asks it to end. */
void cl_kernel_quit(cl_kernel *kernel);

/* Waits for the end, by force after 3 s, and cleans up. */
void cl_kernel_close(cl_kernel *kernel);

#endif
