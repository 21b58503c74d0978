/* SPDX-License-Identifier: BSD-3-Clause */
/* How often a loop looks at the clock, and how often it tells. */
#include "nets/pace.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct {
    double now;
    size_t looks, told;
} loop;

static double read_clock(void *watcher) {
    loop *l = watcher;
    l->looks++;
    return l->now;
}

static void hear(void *watcher, const dw_pace_report *report) {
    (void)watcher;
    (void)report;
}

/* Takes so many steps of so many seconds; steps from `slower` on take ten times as long. */
static loop run(size_t steps, double seconds, size_t slower) {
    loop l = {.now = 5};
    const dw_pace_watch watch = {read_clock, hear, &l};
    dw_pace p = dw_pace_start(&watch);
    double since, last = 0;
    for (size_t step = 0; step < steps; step++) {
        l.now += step < slower ? seconds : 10 * seconds;
        if (!dw_pace_due(&p, step, &since))
            continue;
        assert_true(since >= last + 0.1 && fabs(since - (l.now - 5)) < 1e-9);
        last = since;
        l.told++;
    }
    return l;
}

static void slow_steps_are_all_told(void **state) {
    (void)state;
    assert_int_equal(run(50, 0.5, SIZE_MAX).told, 50);
}

static void quick_steps_look_seldom(void **state) {
    (void)state;
    loop l = run(10000000, 1e-6, SIZE_MAX); /* ten seconds */
    assert_in_range(l.told, 80, 100);
    assert_in_range(l.looks, 500, 1100);
}

/* A first stretch that is quick does not make it deaf for long. */
static void a_change_is_noticed(void **state) {
    (void)state;
    loop l = run(20000, 1e-5, 10000);
    assert_in_range(l.told, 8, 11);
}

static void nobody_is_told_nothing(void **state) {
    (void)state;
    double since;
    loop l = {.now = 0};
    const dw_pace_watch none = {.watcher = &l}, deaf = {.clock = read_clock, .watcher = &l};
    dw_pace p = dw_pace_start(&none), q = dw_pace_start(&deaf);
    for (size_t step = 0; step < 100; step++)
        assert_false(dw_pace_due(&p, step, &since) || dw_pace_due(&q, step, &since));
    assert_int_equal(l.looks, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_steps_are_all_told),
        cmocka_unit_test(quick_steps_look_seldom),
        cmocka_unit_test(a_change_is_noticed),
        cmocka_unit_test(nobody_is_told_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
