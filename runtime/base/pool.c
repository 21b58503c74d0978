/* SPDX-License-Identifier: BSD-3-Clause */
/* A round of work and the next part of it that nobody has taken are one word. Whoever has time
 * takes a part by moving the word on, the caller too: so it waits for parts that are under way,
 * never for a thread that the system does not run just now. Threads look at the word for a moment
 * before they go to sleep, since the next round of a training step comes soon. */
#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>

/* How often a thread looks at the word, some 30 µs, and after how many looks it offers its
 * processor to another thread: if the two have only one, the awaited one cannot get on without it.
 */
enum { LOOKS = 2000, POLITE = 64 };

struct dw_pool {
    unsigned threads, started; /* started: besides the caller */
    bool tried;
    dw_pool_work *work; /* of the round; read by those that have taken a part of it */
    void *context;
    atomic_uint parts;     /* of the round; read by all */
    atomic_uint left;      /* parts that are not done */
    atomic_uint joined;    /* threads that have taken one */
    _Atomic uint64_t next; /* the number of the round, and in the lower half the next part */
    atomic_bool ends;
    pthread_mutex_t lock; /* held to sleep, to announce a round and to end */
    pthread_cond_t announced;
    pthread_t workers[];
};

static void breathe(unsigned looks) {
    if (looks % POLITE == POLITE - 1)
        sched_yield();
#if defined(__x86_64__)
    else
        __builtin_ia32_pause();
#endif
}

static unsigned round_of(uint64_t word) {
    return (unsigned)(word >> 32);
}

/* The number of a round after `seen`. */
static unsigned wait_for_round(dw_pool *p, unsigned seen) {
    unsigned round = seen;
    for (unsigned i = 0; i < LOOKS && round == seen; i++) {
        breathe(i);
        round = round_of(atomic_load_explicit(&p->next, memory_order_acquire));
    }
    if (round != seen)
        return round;
    pthread_mutex_lock(&p->lock);
    while ((round = round_of(atomic_load_explicit(&p->next, memory_order_acquire))) == seen)
        pthread_cond_wait(&p->announced, &p->lock);
    pthread_mutex_unlock(&p->lock);
    return round;
}

/* Takes a part of a round if there is one left. `parts` may already be those of a later round; then
 * the word has changed, too, and is looked at again. */
static bool take_part(dw_pool *p, unsigned round, unsigned *part) {
    uint64_t word = atomic_load_explicit(&p->next, memory_order_acquire);
    do {
        *part = (unsigned)word;
        if (round_of(word) != round ||
            *part >= atomic_load_explicit(&p->parts, memory_order_relaxed))
            return false;
    } while (!atomic_compare_exchange_weak_explicit(&p->next, &word, word + 1, memory_order_acquire,
                                                    memory_order_acquire));
    return true;
}

/* Does a part that was taken, and others as long as there are some. Behind the last one the round
 * may be over: nothing of the pool but atomic numbers is read then. */
static void do_parts(dw_pool *p, unsigned round, unsigned part, unsigned thread) {
    do {
        p->work(p->context, part, thread);
        atomic_fetch_sub_explicit(&p->left, 1, memory_order_release);
    } while (take_part(p, round, &part));
}

static void *run_worker(void *context) {
    dw_pool *p = context;
    unsigned seen = 0, part;
    for (;;) {
        seen = wait_for_round(p, seen);
        if (atomic_load_explicit(&p->ends, memory_order_acquire))
            return NULL;
        if (take_part(p, seen, &part))
            do_parts(p, seen, part, atomic_fetch_add_explicit(&p->joined, 1, memory_order_relaxed));
    }
}

dw_pool *dw_pool_new(dw_mem *mem, unsigned threads, dw_err *err) {
    unsigned others = threads > 1 ? threads - 1 : 0;
    dw_pool *p = dw_mem_new(mem, sizeof *p + others * sizeof(pthread_t));
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
    while (p->started + 1 < p->threads &&
           pthread_create(&p->workers[p->started], NULL, run_worker, p) == 0)
        p->started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Begins a round of which the caller has taken part 0; answers with its number. */
static unsigned announce(dw_pool *p) {
    pthread_mutex_lock(&p->lock);
    unsigned round = round_of(atomic_load_explicit(&p->next, memory_order_relaxed)) + 1;
    atomic_store_explicit(&p->next, (uint64_t)round << 32 | 1, memory_order_release);
    pthread_cond_broadcast(&p->announced);
    pthread_mutex_unlock(&p->lock);
    return round;
}

void dw_pool_free(dw_pool **pool) {
    dw_pool *p = *pool;
    if (!p)
        return;
    atomic_store_explicit(&p->ends, true, memory_order_release);
    announce(p);
    for (unsigned i = 0; i < p->started; i++)
        pthread_join(p->workers[i], NULL);
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
            work(context, part, 0);
        return;
    }
    p->work = work;
    p->context = context;
    atomic_store_explicit(&p->parts, parts, memory_order_relaxed);
    atomic_store_explicit(&p->left, parts, memory_order_relaxed);
    atomic_store_explicit(&p->joined, 1, memory_order_relaxed);
    do_parts(p, announce(p), 0, 0);
    for (unsigned looks = 0; atomic_load_explicit(&p->left, memory_order_acquire) > 0; looks++)
        breathe(looks);
}
