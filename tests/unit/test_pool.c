/* SPDX-License-Identifier: BSD-3-Clause */
/* Parts are all done once, by the thread their number says, whatever the number of threads. */
#include "base/pool.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PARTS = 37 };

typedef struct {
    int times[PARTS];
    pthread_t by[PARTS];
} board;

static void mark(void *context, unsigned part) {
    board *b = context;
    b->times[part]++;
    b->by[part] = pthread_self();
}

static void every_part_is_done_once_a_round(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    for (unsigned threads = 0; threads < 5; threads++) {
        dw_pool *pool = dw_pool_new(&mem, threads, &err);
        assert_non_null(pool);
        unsigned count = dw_pool_threads(pool);
        assert_int_equal(count, threads > 1 ? threads : 1);
        board b = {0};
        for (int round = 1; round <= 200; round++) {
            dw_pool_run(pool, mark, &b, PARTS);
            for (unsigned p = 0; p < PARTS; p++) {
                assert_int_equal(b.times[p], round);
                assert_true(pthread_equal(b.by[p], b.by[p % count]));
            }
            assert_true(pthread_equal(b.by[0], pthread_self()));
        }
        dw_pool_free(&pool);
        assert_null(pool);
    }
    assert_int_equal(mem.used, 0);
}

static void without_a_pool_the_caller_works(void **state) {
    (void)state;
    board b = {0};
    assert_int_equal(dw_pool_threads(NULL), 1);
    dw_pool_run(NULL, mark, &b, PARTS);
    for (unsigned p = 0; p < PARTS; p++)
        assert_true(b.times[p] == 1 && pthread_equal(b.by[p], pthread_self()));
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
        cmocka_unit_test(without_a_pool_the_caller_works),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
