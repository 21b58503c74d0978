/* SPDX-License-Identifier: BSD-3-Clause */
/* Parts are all done once, by whoever has time, whatever the number of threads. */
#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PARTS = 37, MOST = 4 };

typedef struct {
    int times[PARTS];
    unsigned by[PARTS]; /* the number of the thread, and the thread */
    pthread_t thread[PARTS];
    atomic_uint begun, done;
} board;

static void mark(void *context, unsigned part, unsigned thread) {
    board *b = context;
    b->times[part]++;
    b->by[part] = thread;
    b->thread[part] = pthread_self();
}

/* One number for each thread that took part, 0 for the caller, below the number of threads and
 * parts. */
static void assert_numbers(const board *b, unsigned parts, unsigned threads) {
    assert_int_equal(b->by[0], 0);
    for (unsigned p = 0; p < parts; p++) {
        assert_true(b->by[p] < threads && b->by[p] < parts);
        assert_int_equal(b->by[p] == 0, pthread_equal(b->thread[p], pthread_self()) != 0);
        for (unsigned q = 0; q < p; q++)
            assert_int_equal(b->by[p] == b->by[q], pthread_equal(b->thread[p], b->thread[q]) != 0);
    }
}

static void every_part_is_done_once_a_round(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    for (unsigned threads = 0; threads <= MOST; threads++) {
        dw_pool *pool = dw_pool_new(&mem, threads, &err);
        assert_non_null(pool);
        unsigned count = dw_pool_threads(pool);
        assert_int_equal(count, threads > 1 ? threads : 1);
        for (unsigned parts = 1; parts <= PARTS; parts += 12) {
            board b = {0};
            for (int round = 1; round <= 200; round++) {
                dw_pool_run(pool, mark, &b, parts);
                for (unsigned p = 0; p < PARTS; p++)
                    assert_int_equal(b.times[p], p < parts ? round : 0);
                assert_numbers(&b, parts, count);
            }
        }
        dw_pool_free(&pool);
        assert_null(pool);
    }
    assert_int_equal(mem.used, 0);
}

/* Part 0 waits until another thread has begun with part 1, which ends only when all others are
 * done. */
static void wait_for_the_others(void *context, unsigned part, unsigned thread) {
    board *b = context;
    atomic_fetch_add(&b->begun, 1);
    while (part == 0 && atomic_load(&b->begun) < 2)
        sched_yield();
    while (part == 1 && atomic_load(&b->done) < PARTS - 1)
        sched_yield();
    mark(context, part, thread);
    atomic_fetch_add(&b->done, 1);
}

static void a_thread_that_is_late_holds_up_its_part_only(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_pool *pool = dw_pool_new(&mem, 2, &err);
    for (int round = 0; round < 20; round++) {
        board b = {0};
        dw_pool_run(pool, wait_for_the_others, &b, PARTS);
        for (unsigned p = 0; p < PARTS; p++)
            assert_true(b.times[p] == 1 && b.by[p] == (p == 1));
    }
    dw_pool_free(&pool);
}

static void without_a_pool_the_caller_works(void **state) {
    (void)state;
    board b = {0};
    assert_int_equal(dw_pool_threads(NULL), 1);
    dw_pool_run(NULL, mark, &b, PARTS);
    for (unsigned p = 0; p < PARTS; p++)
        assert_true(b.times[p] == 1 && b.by[p] == 0);
    dw_pool *none = NULL;
    dw_pool_free(&none);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    dw_mem mem = {.fail_at = 1};
    dw_err err = {0};
    assert_null(dw_pool_new(&mem, 2, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_done_once_a_round),
        cmocka_unit_test(a_thread_that_is_late_holds_up_its_part_only),
        cmocka_unit_test(without_a_pool_the_caller_works),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
