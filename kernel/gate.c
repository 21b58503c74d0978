/* SPDX-License-Identifier: BSD-3-Clause */
/* The two atomics behind an interrupt. */
#include "gate.h"

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "an interrupt must be safe in a signal handler");

bool jk_gate_open(jk_gate *gate) {
    atomic_init(&gate->running, 0);
    atomic_init(&gate->cancel, 0);
    gate->engine = NULL;
    gate->last = 0;
    return pthread_mutex_init(&gate->lock, NULL) == 0;
}

void jk_gate_set_engine(jk_gate *gate, const jk_engine *engine) {
    pthread_mutex_lock(&gate->lock);
    gate->engine = engine;
    pthread_mutex_unlock(&gate->lock);
}

static void set_running(jk_gate *gate, uint64_t number) {
    pthread_mutex_lock(&gate->lock);
    atomic_store(&gate->running, number);
    pthread_mutex_unlock(&gate->lock);
}

void jk_gate_begin(jk_gate *gate) {
    set_running(gate, ++gate->last);
}

void jk_gate_end(jk_gate *gate) {
    set_running(gate, 0);
}

void jk_gate_cancel(jk_gate *gate) {
    uint64_t running = atomic_load(&gate->running);
    if (running != 0) {
        atomic_store(&gate->cancel, running);
    }
}

bool jk_gate_is_cancelled(const jk_gate *gate) {
    uint64_t running = atomic_load_explicit(&gate->running, memory_order_relaxed);
    return running != 0 && atomic_load_explicit(&gate->cancel, memory_order_relaxed) == running;
}

bool jk_gate_fire(jk_gate *gate) {
    if (!jk_gate_is_cancelled(gate)) {
        return false;
    }
    pthread_mutex_lock(&gate->lock);
    bool is_pending = jk_gate_is_cancelled(gate);
    if (is_pending && gate->engine) {
        gate->engine->interrupt(gate->engine->self);
    }
    pthread_mutex_unlock(&gate->lock);
    return is_pending;
}

void jk_gate_close(jk_gate *gate) {
    pthread_mutex_destroy(&gate->lock);
}
