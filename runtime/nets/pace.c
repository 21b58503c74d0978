/* SPDX-License-Identifier: BSD-3-Clause */
#include "nets/pace.h"

#include <stdint.h>

static const double TELL = 0.1;  /* seconds from one report to the next, at least */
static const double LOOK = 0.01; /* seconds from one look at the clock to the next, about */

dw_pace dw_pace_start(const dw_pace_watch *watch) {
    dw_pace p = {.watch = *watch};
    if (watch->tell == NULL || watch->clock == NULL)
        p.look = SIZE_MAX;
    else
        p.started = watch->clock(watch->watcher);
    return p;
}

/* The first steps may be quicker than the others: never more steps ahead than were taken. */
bool dw_pace_look(dw_pace *p, size_t step, double *seconds) {
    if (p->look == SIZE_MAX)
        return false;
    double now = p->watch.clock(p->watch.watcher) - p->started;
    double ahead = LOOK * (double)(step + 1) / now;
    p->look = step + 1 + (ahead < (double)step ? (size_t)ahead : step);
    if (now - p->told < TELL)
        return false;
    p->told = *seconds = now;
    return true;
}
