/* SPDX-License-Identifier: BSD-3-Clause */
/* When a long loop looks at the clock, and when it tells somebody how far it is: at most ten times
 * a second, and so seldom that looking costs nothing. */
#ifndef DW_PACE_H
#define DW_PACE_H

#include "nets/losses.h"

/* What is told. Borrowed: valid during the call. */
typedef struct {
    size_t step, steps;       /* taken; at most */
    double loss, valid;       /* of the first lane; valid: NaN without a validation */
    double seconds;           /* since the start */
    const dw_losses *history; /* so far; NULL when there is none */
} dw_pace_report;

/* Who wants to be told; all zero: nobody. */
typedef struct {
    double (*clock)(void *watcher); /* seconds that never go back */
    void (*tell)(void *watcher, const dw_pace_report *report);
    void *watcher;
} dw_pace_watch;

typedef struct {
    dw_pace_watch watch;
    double started, told; /* by the clock; since then */
    size_t look;          /* the step at which the clock is looked at again */
} dw_pace;

/* A loop that starts now. */
dw_pace dw_pace_start(const dw_pace_watch *watch);

/* Whether it is time to tell of a step (from 0, growing); then *seconds is the time since the
 * start. */
bool dw_pace_look(dw_pace *pace, size_t step, double *seconds);
static inline bool dw_pace_due(dw_pace *pace, size_t step, double *seconds) {
    return step >= pace->look && dw_pace_look(pace, step, seconds);
}

#endif
