/* SPDX-License-Identifier: BSD-3-Clause */
/* The one long-lived gnuplot of a session: started on first use, fed with scripts, watched, killed
 * when it does not answer, and started again.
 *
 * It runs in a process group of its own, in the root folder, with an environment that holds nothing
 * but a search path and a character set, and inherits no file of the host except the script. It
 * ends by itself when the host is gone, because its standard input ends. */
#ifndef DW_GNUPLOT_H
#define DW_GNUPLOT_H

#include "base/buf.h"
#include "base/cancel.h"

typedef struct dw_gnuplot dw_gnuplot;

typedef struct {
    const char *program; /* "gnuplot", looked up in `path`, or a path of its own. Copied. */
    const char *path;    /* folders separated by colons. Copied. */
    unsigned patience;   /* milliseconds to wait for a picture; 0: 20 seconds */
} dw_gnuplot_options;

/* Prepares, but does not start. NULL with a MEMORY error. */
dw_gnuplot *dw_gnuplot_new(dw_mem *mem, const dw_gnuplot_options *options, dw_err *err) DW_CHECK;

/* Ends the process, if there is one, and frees everything. NULL is allowed. */
void dw_gnuplot_free(dw_gnuplot *gnuplot);

/* Files a script may name in `set output`: unnamed ones that only gnuplot and its host can see,
 * emptied before each run. gnuplot writes to files in large pieces, and to a pipe line by line. */
#define DW_GNUPLOT_FIRST "/dev/fd/4"
#define DW_GNUPLOT_SECOND "/dev/fd/5"

/* What a run leaves: its standard output and the two files. */
typedef struct {
    dw_buf said, first, second;
} dw_gnuplot_answer;

/* Runs a script and appends what it leaves to the buffers of `out`. A PLOT error when
 * gnuplot is missing (it names the line that installs it), reports an error, does not answer in
 * time, answers without end, or ends; an INTERRUPT error when `cancel` (may be NULL) is requested
 * and it is not done some 60 ms later. After any error the next call starts a new process. */
bool dw_gnuplot_run(dw_gnuplot *gnuplot, const char *script, size_t size, const dw_cancel *cancel,
                    dw_gnuplot_answer *out, dw_err *err) DW_CHECK;

/* The number of the process, 0 while there is none; for tests. */
long dw_gnuplot_pid(const dw_gnuplot *gnuplot);

#endif
