/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupting a computation. Each run has a number that never repeats; to interrupt means to copy
 * the number of the running one. A late or idle interrupt matches nothing, so there is no flag to
 * clear and no race. Both operations are safe in a signal handler. */
#ifndef DW_CANCEL_H
#define DW_CANCEL_H

#include "base/err.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct dw_cancel {
    _Atomic uint64_t running;   /* number of the current run, 0 when idle */
    _Atomic uint64_t cancelled; /* number of the run that was told to stop */
} dw_cancel;

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "an interrupt must be safe in a signal handler");

/* Asks the current run, if any, to stop. */
static inline void dw_cancel_request(dw_cancel *cancel) {
    uint64_t running = atomic_load_explicit(&cancel->running, memory_order_relaxed);
    if (running != 0)
        atomic_store_explicit(&cancel->cancelled, running, memory_order_relaxed);
}

/* Whether the current run was asked to stop. Cheap enough for every loop. */
static inline bool dw_cancel_pending(const dw_cancel *cancel) {
    uint64_t running = atomic_load_explicit(&cancel->running, memory_order_relaxed);
    return running != 0 &&
           atomic_load_explicit(&cancel->cancelled, memory_order_relaxed) == running;
}

/* For turn i (from 0) of a loop whose turns are short: whether the run was asked to stop. Looks at
 * one of DW_CANCEL_OFTEN turns. NULL: nobody can ask. */
enum { DW_CANCEL_OFTEN = 1 << 12 };
static inline bool dw_cancel_stops(const dw_cancel *cancel, size_t i) {
    return i % DW_CANCEL_OFTEN == 0 && cancel != NULL && dw_cancel_pending(cancel);
}

/* The same the other way round, with an INTERRUPT error. */
DW_CHECK static inline bool dw_cancel_goes_on(const dw_cancel *cancel, size_t i, dw_err *err) {
    return !dw_cancel_stops(cancel, i) ||
           dw_err_set(err, DW_ERR_INTERRUPT, "stopped here; everything computed before is kept");
}

#endif
