/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts: what they match, and that no builtin works on for long without looking. */
#define _GNU_SOURCE /* pthread_getcpuclockid, mkdtemp */
#include "base/cancel.h"

#include "dw.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void only_the_running_one_is_stopped(void **state) {
    (void)state;
    dw_cancel cancel = {0};
    dw_err err = {0};
    dw_cancel_request(&cancel); /* nothing runs */
    cancel.running = 7;
    assert_false(dw_cancel_pending(&cancel));
    assert_true(dw_cancel_goes_on(&cancel, 0, &err) && dw_cancel_goes_on(NULL, 0, &err));
    dw_cancel_request(&cancel);
    assert_true(dw_cancel_pending(&cancel));
    assert_true(dw_cancel_goes_on(&cancel, 1, &err)); /* it looks now and then */
    assert_int_equal(err.kind, DW_ERR_NONE);
    assert_false(dw_cancel_goes_on(&cancel, DW_CANCEL_OFTEN, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    cancel.running = 8; /* the next one */
    assert_false(dw_cancel_pending(&cancel));
}

/* ---- builtins ---- */

/* A cell that runs in a thread of its own. */
typedef struct {
    dw_session *session;
    const char *source;
    dw_err err;
    bool fine;
    _Atomic bool begun, ended;
    clockid_t clock; /* of its processor time, which a busy machine does not spend */
    double spent;    /* at its end */
} cell;

static double seconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *work(void *context) {
    cell *c = context;
    pthread_getcpuclockid(pthread_self(), &c->clock);
    c->begun = true;
    c->fine = dw_session_eval(c->session, "cell", 1, c->source, strlen(c->source), &c->err);
    c->spent = seconds(c->clock);
    c->ended = true;
    return NULL;
}

/* Runs a cell, interrupts it after so much of its time, and says how much it took from then on; 0
 * when it had ended by itself. */
static double run_on(dw_session *session, const char *source, double after) {
    pthread_t thread;
    cell c = {.session = session, .source = source};
    double asked = 0;
    assert_int_equal(pthread_create(&thread, NULL, work, &c), 0);
    while (!c.ended && asked == 0) {
        usleep(200);
        if (c.begun && !c.ended && seconds(c.clock) >= after) {
            asked = seconds(c.clock);
            dw_session_interrupt(session);
        }
    }
    pthread_join(thread, NULL);
    if (!c.fine && c.err.kind != DW_ERR_INTERRUPT)
        fail_msg("%s: %s", source, c.err.text);
    return asked > 0 && c.spent > asked ? c.spent - asked : 0;
}

/* A file that takes a while to read. */
static void write_rows(const char *folder) {
    char path[256];
    snprintf(path, sizeof path, "%s/rows.csv", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "a,b,word\n");
    for (int i = 0; i < 300000; i++)
        fprintf(file, "%d,%d.25,w%d\n", i, i % 1000, i % 700);
    fclose(file);
}

static void builtins_stop_within_a_tenth_of_a_second(void **state) {
    (void)state;
    static const char before[] = "x = sample(uniform(0..1), 3e6)\n"
                                 "ws = [\"w{floor(60*k)}\" for k in x[1..100000]]\n"
                                 "t = table(x = x, y = x)\n"
                                 "e = windows(ws, 3)\n";
    static const char *const sources[] = {
        "y = shuffle(1..4e6)",
        "y = shuffle(t)",
        "a, b = split(t, 0.5)",
        "h = hist(x)",
        "y = sort(x)",
        "r = load(\"rows.csv\")",
        "w = windows(ws, 60)",
        "f = train(embed(4) → 8 → tanh → 60 → softmax, e, steps = 0, validate = 0.2)",
    };
    const char *slow = getenv("DEEPWHY_SLOW");
    double most = 0.1 * (slow != NULL ? atof(slow) : 1);
    char folder[] = "/tmp/dw-cancel-XXXXXX", path[256];
    assert_non_null(mkdtemp(folder));
    write_rows(folder);
    const dw_limits limits = {.folder = folder};
    dw_session *session = dw_session_open(NULL, &limits);
    dw_err err = {0};
    assert_non_null(session);
    if (!dw_session_eval(session, "before", 1, before, sizeof before - 1, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        for (double after = 0.01; after < 0.5; after *= 4) {
            double took = run_on(session, sources[i], after);
            if (took > most)
                fail_msg("%s: %.3f s from the interrupt to the end", sources[i], took);
        }
    dw_session_free(&session);
    snprintf(path, sizeof path, "%s/rows.csv", folder);
    unlink(path);
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_running_one_is_stopped),
        cmocka_unit_test(builtins_stop_within_a_tenth_of_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
