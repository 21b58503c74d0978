/* SPDX-License-Identifier: BSD-3-Clause */
/* What is shown while a training runs, with a clock that the test winds. */
#include "cells.h"

typedef struct {
    cell c;
    dw_mem own;
    dw_buf out;
    double now, tick; /* seconds; how much later it is at each look */
    size_t looks, stop_at, displays, updates;
    char id[64], text[256];
} watch;

static double read_clock(void *context) {
    watch *w = context;
    w->now += w->tick;
    if (++w->looks == w->stop_at)
        dw_cancel_request(&w->c.eval.cancel);
    return w->now;
}

static void keep(watch *w, const dw_bundle *bundle) {
    assert_int_equal(bundle->count, 1);
    assert_string_equal(bundle->parts[0].mime, "text/plain");
    assert_true(bundle->parts[0].size < sizeof w->text);
    memcpy(w->text, bundle->parts[0].data, bundle->parts[0].size);
    w->text[bundle->parts[0].size] = '\0';
}

static void display(void *context, const dw_bundle *bundle) {
    watch *w = context;
    keep(w, bundle);
    strncpy(w->id, bundle->id, sizeof w->id - 1);
    w->displays++;
}

static void update(void *context, const dw_bundle *bundle) {
    watch *w = context;
    keep(w, bundle);
    assert_string_equal(w->id, bundle->id);
    w->updates++;
}

static void write_text(void *context, const char *text, size_t size) {
    dw_buf_add(&((watch *)context)->out, text, size);
}

/* Trains for so many steps with a clock that goes `tick` seconds a look. */
static bool train(watch *w, double tick, const char *options, dw_err *err) {
    char source[200];
    double keep_tick = tick;
    size_t stop_at = w->stop_at;
    *w = (watch){.tick = keep_tick, .stop_at = stop_at};
    cell_open(&w->c);
    dw_buf_init(&w->out, &w->own);
    w->c.host = (dw_host){.context = w,
                          .write = write_text,
                          .display = display,
                          .update = update,
                          .clock = read_clock};
    w->c.eval.cancel.running = 1;
    strcpy(source, "f = train(1 → 1, table(x = 1..3, y = 1..3), steps = 40");
    strcat(source, options);
    strcat(source, ")");
    dw_unit *unit = dw_unit_new(&w->c.mem, ++w->c.eval.units, "cell", 1, source, strlen(source));
    assert_non_null(unit);
    bool fine = dw_parse_unit(unit, err) && dw_scope_resolve(&w->c.eval, unit, err) &&
                dw_eval_unit(&w->c.eval, unit, err);
    dw_unit_release(unit);
    return fine;
}

static void finish(watch *w) {
    dw_buf_free(&w->out);
    cell_close(&w->c);
}

static void short_ones_show_nothing(void **state) {
    (void)state;
    watch w = {0};
    dw_err err = {0};
    assert_true(train(&w, 0.01, "", &err));
    assert_int_equal(w.displays + w.updates, 0);
    assert_int_equal(w.out.size, 0);
    finish(&w);
}

static void long_ones_change_one_display(void **state) {
    (void)state;
    watch w = {0};
    dw_err err = {0};
    assert_true(train(&w, 6, "", &err));
    assert_int_equal(w.displays, 1);
    assert_true(w.updates > 30);
    assert_memory_equal(w.text, "40 of 40 steps, loss ", 21); /* and nothing about time */
    assert_null(strstr(w.text, "left"));
    finish(&w);
    assert_true(train(&w, 6, ", validate = 0.3", &err));
    assert_non_null(strstr(w.text, ", best validation "));
    finish(&w);
}

/* Of many operations, and over at once: what stays does not depend on the clock. */
static void heavy_ones_show_their_end(void **state) {
    (void)state;
    for (int slow = 0; slow < 2; slow++) {
        watch w = {0};
        dw_err err = {0};
        assert_true(
            train(&w, slow ? 2 : 1e-9, "*1e9, validate = 0.3, patience = 1, rate = 1", &err));
        assert_int_equal(w.displays, 1);
        assert_non_null(strstr(w.text, " of 40000000000 steps, loss "));
        finish(&w);
    }
}

static void an_interrupt_keeps_the_net(void **state) {
    (void)state;
    for (int slow = 0; slow < 2; slow++) {
        watch w = {.stop_at = slow ? 12 : 3};
        dw_err err = {0};
        assert_true(train(&w, slow ? 6 : 0.001, "", &err));
        assert_non_null(dw_eval_name(&w.c.eval, "f"));
        assert_int_equal(dw_eval_name(&w.c.eval, "f")->kind, DW_FUNCTION);
        assert_non_null(strstr(w.out.data, "this is the best net so far"));
        assert_non_null(strstr(slow ? w.text : w.out.data, "stopped after "));
        finish(&w);
    }
}

static void errors_end_the_display(void **state) {
    (void)state;
    watch w = {0};
    dw_err err = {0};
    assert_false(train(&w, 6, "*100, optimizer = \"sgd\", rate = 9", &err));
    assert_int_equal(err.kind, DW_ERR_NUMERIC);
    assert_string_equal(w.text, "the training ended with an error");
    finish(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_ones_show_nothing),   cmocka_unit_test(long_ones_change_one_display),
        cmocka_unit_test(heavy_ones_show_their_end), cmocka_unit_test(an_interrupt_keeps_the_net),
        cmocka_unit_test(errors_end_the_display),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
