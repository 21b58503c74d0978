/* SPDX-License-Identifier: BSD-3-Clause */
/* A round of work is announced by a number that grows; threads look at it for a moment before they
 * go to sleep, since the next round of a training step comes soon. */
#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

enum { LOOKS = 4000 }; /* at the number of the round, some 20 µs */

typedef struct {
    dw_pool *pool;
    pthread_t thread;
    unsigned number;
} worker;

struct dw_pool {
    unsigned threads, started; /* started: besides the caller */
    bool tried;
    dw_pool_work *work;
    void *context;
    unsigned parts;
    atomic_uint round;   /* of the work that lies here */
    atomic_uint running; /* workers that have not finished it */
    atomic_bool ends;
    pthread_mutex_t lock; /* held to sleep, to announce a round and to end */
    pthread_cond_t announced;
    worker workers[];
};

static inline void breathe(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/* The number of a round after `seen`. */
static unsigned wait_for_round(dw_pool *p, unsigned seen) {
    unsigned round = seen;
    for (int i = 0; i < LOOKS && round == seen; i++) {
        breathe();
        round = atomic_load_explicit(&p->round, memory_order_acquire);
    }
    if (round != seen)
        return round;
    pthread_mutex_lock(&p->lock);
    while ((round = atomic_load_explicit(&p->round, memory_order_acquire)) == seen)
        pthread_cond_wait(&p->announced, &p->lock);
    pthread_mutex_unlock(&p->lock);
    return round;
}

static void do_parts(const dw_pool *p, unsigned from, unsigned step) {
    for (unsigned part = from; part < p->parts; part += step)
        p->work(p->context, part);
}

static void *run_worker(void *context) {
    worker *w = context;
    dw_pool *p = w->pool;
    unsigned seen = 0;
    for (;;) {
        seen = wait_for_round(p, seen);
        if (atomic_load_explicit(&p->ends, memory_order_acquire))
            return NULL;
        do_parts(p, w->number, p->threads);
        atomic_fetch_sub_explicit(&p->running, 1, memory_order_release);
    }
}

dw_pool *dw_pool_new(dw_mem *mem, unsigned threads, dw_err *err) {
    unsigned others = threads > 1 ? threads - 1 : 0;
    dw_pool *p = dw_mem_new(mem, sizeof *p + others * sizeof(worker));
    if (!p) {
        dw_err_memory(err, "threads");
        return NULL;
    }
    p->threads = others + 1;
    if (pthread_mutex_init(&p->lock, NULL) == 0) {
        if (pthread_cond_init(&p->announced, NULL) == 0)
            return p;
        pthread_mutex_destroy(&p->lock);
    }
    dw_mem_free(p);
    dw_err_memory(err, "threads");
    return NULL;
}

/* Signals are for the program's own threads. */
static void start_workers(dw_pool *p) {
    sigset_t all, before;
    p->tried = true;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (unsigned i = 1; i < p->threads; i++) {
        worker *w = &p->workers[i - 1];
        *w = (worker){.pool = p, .number = i};
        if (pthread_create(&w->thread, NULL, run_worker, w) != 0)
            break;
        p->started++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void announce(dw_pool *p) {
    pthread_mutex_lock(&p->lock);
    atomic_fetch_add_explicit(&p->round, 1, memory_order_release);
    pthread_cond_broadcast(&p->announced);
    pthread_mutex_unlock(&p->lock);
}

void dw_pool_free(dw_pool **pool) {
    dw_pool *p = *pool;
    if (!p)
        return;
    atomic_store_explicit(&p->ends, true, memory_order_release);
    announce(p);
    for (unsigned i = 0; i < p->started; i++)
        pthread_join(p->workers[i].thread, NULL);
    pthread_cond_destroy(&p->announced);
    pthread_mutex_destroy(&p->lock);
    dw_mem_free(p);
    *pool = NULL;
}

unsigned dw_pool_threads(const dw_pool *pool) {
    return pool ? pool->threads : 1;
}

void dw_pool_run(dw_pool *p, dw_pool_work *work, void *context, unsigned parts) {
    if (p && parts > 1 && !p->tried)
        start_workers(p);
    if (!p || parts < 2 || p->started == 0) {
        for (unsigned part = 0; part < parts; part++)
            work(context, part);
        return;
    }
    p->work = work;
    p->context = context;
    p->parts = parts;
    atomic_store_explicit(&p->running, p->started, memory_order_relaxed);
    announce(p);
    do_parts(p, 0, p->threads);
    for (unsigned i = p->started + 1; i < p->threads; i++)
        do_parts(p, i, p->threads);
    for (int looks = 0; atomic_load_explicit(&p->running, memory_order_acquire) > 0; looks++)
        if (looks < LOOKS)
            breathe();
        else
            sched_yield();
}
