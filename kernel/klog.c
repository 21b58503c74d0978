/* SPDX-License-Identifier: BSD-3-Clause */
/* Rate-limited notes on stderr. */
#include "klog.h"

#include "id.h"

#include <stdarg.h>
#include <stdio.h>

#define JK_KLOG_WINDOW 10000 /* ms */
#define JK_KLOG_MOST 20

void jk_klog_note(jk_klog *log, const char *format, ...) {
    if (!log->is_on) {
        return;
    }
    long long now = jk_id_clock_ms();
    if (log->count == 0 || now - log->since > JK_KLOG_WINDOW) {
        log->since = now;
        log->count = 0;
    }
    if (++log->count > JK_KLOG_MOST) {
        return;
    }
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    fprintf(stderr, "deepwhy: %s%s\n", line,
            log->count == JK_KLOG_MOST ? " (more of these are not shown)" : "");
}
