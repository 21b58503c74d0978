/* SPDX-License-Identifier: BSD-3-Clause */
/* Notes for the person who looks after the kernel, on stderr and only when asked for
 * (DEEPWHY_LOG): whoever runs the server does not want a line per cell. */
#ifndef JK_KLOG_H
#define JK_KLOG_H

#include <stdbool.h>

/* One per thread. */
typedef struct jk_klog {
    bool is_on;
    long long since; /* start of the current ten seconds */
    int count;       /* notes in them */
} jk_klog;

/* Writes one line; at most twenty in ten seconds, so a flood of bad messages stays quiet. */
void jk_klog_note(jk_klog *log, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
