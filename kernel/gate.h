/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts. Every request that uses the engine has a number that never repeats; to interrupt is
 * to copy the number of the running one into `cancel`. A late or idle interrupt matches nothing,
 * so there is no flag to clear. The engine is told by the control thread under a lock that the
 * shell thread takes to change the number: it can never be told about the wrong request. */
#ifndef JK_GATE_H
#define JK_GATE_H

#include "engine.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct jk_gate {
    _Atomic uint64_t running; /* 0: idle */
    _Atomic uint64_t cancel;
    pthread_mutex_t lock;
    const jk_engine *engine; /* NULL until it is open */
    uint64_t last;           /* shell thread: the newest number given out */
} jk_gate;

/* A gate without an engine; false when there is no lock to be had. */
bool jk_gate_open(jk_gate *gate);

/* From now on interrupts reach this engine (NULL: none). */
void jk_gate_set_engine(jk_gate *gate, const jk_engine *engine);

/* Shell thread: a request starts; it ends. Between the two it can be interrupted. */
void jk_gate_begin(jk_gate *gate);
void jk_gate_end(jk_gate *gate);

/* Asks the running request, if any, to stop. Async-signal-safe, from any thread. */
void jk_gate_cancel(jk_gate *gate);

/* Whether the running request was asked to stop. */
bool jk_gate_is_cancelled(const jk_gate *gate);

/* Tells the engine when the running request was asked to stop and has not ended. Returns whether
 * it did: then call again soon, the engine may only now be starting. Not in signal handlers. */
bool jk_gate_fire(jk_gate *gate);

void jk_gate_close(jk_gate *gate);

#endif
