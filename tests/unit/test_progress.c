/* SPDX-License-Identifier: BSD-3-Clause */
/* What is shown while trainings and descents run, with a clock that the test winds. */
#include "cells.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct {
    cell c;
    dw_mem own;
    dw_buf out;
    double now, tick; /* seconds; how much later it is at each look */
    size_t calm;      /* looks at the beginning that take no time */
    size_t looks, stop_at, displays, updates, pictures;
    bool deaf; /* nobody watches */
    const char *plotter;
    char id[64], text[256], first[256];
    char *svg;  /* of the last state, when it is a figure like others */
    bool image; /* the last state has a picture */
} watch;

static double read_clock(void *context) {
    watch *w = context;
    w->now += w->looks < w->calm ? 0 : w->tick;
    if (++w->looks == w->stop_at)
        dw_cancel_request(&w->c.eval.cancel);
    return w->now;
}

static bool wish(void *context) {
    return !((watch *)context)->deaf;
}

/* Either words, or an image and words, or all forms of a figure. */
static void keep(watch *w, const dw_bundle *bundle) {
    const dw_part *words = &bundle->parts[bundle->count - 1];
    assert_true(bundle->count == 1 || bundle->count == 2 || bundle->count == 4);
    assert_string_equal(words->mime, "text/plain");
    assert_true(words->size < sizeof w->text);
    memcpy(w->text, words->data, words->size);
    w->text[words->size] = '\0';
    w->image = bundle->count > 1;
    w->pictures += w->image;
    free(w->svg);
    w->svg = NULL;
    if (bundle->count > 1) {
        assert_string_equal(bundle->parts[0].mime, "text/html");
        assert_non_null(strstr(bundle->parts[0].data, "<img "));
        assert_non_null(bundle->alt);
    }
    if (bundle->count == 4)
        w->svg = strdup(bundle->parts[1].data);
}

static void display(void *context, const dw_bundle *bundle) {
    watch *w = context;
    keep(w, bundle);
    strncpy(w->id, bundle->id, sizeof w->id - 1);
    strcpy(w->first, w->text);
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

/* Runs a cell with a clock that goes `tick` seconds a look. */
static bool run(watch *w, double tick, const char *source, dw_err *err) {
    w->tick = tick;
    cell_open(&w->c);
    dw_buf_init(&w->out, &w->own);
    w->c.eval.gnuplot = w->plotter != NULL ? w->plotter : "gnuplot";
    w->c.eval.path = "/usr/local/bin:/usr/bin:/bin";
    w->c.host = (dw_host){.context = w,
                          .write = write_text,
                          .display = display,
                          .update = update,
                          .clock = read_clock,
                          .wants_progress = wish};
    w->c.eval.cancel.running = 1;
    dw_unit *unit = dw_unit_new(&w->c.mem, ++w->c.eval.units, "cell", 1, source, strlen(source));
    assert_non_null(unit);
    bool fine = dw_parse_unit(unit, err) && dw_scope_resolve(&w->c.eval, unit, err) &&
                dw_eval_unit(&w->c.eval, unit, err);
    dw_unit_release(unit);
    assert_null(w->c.eval.progress);
    return fine;
}

/* Trains a line for 40 steps. */
static bool train(watch *w, double tick, const char *options, dw_err *err) {
    char source[200];
    snprintf(source, sizeof source, "f = train(1 → 1, table(x = 1..3, y = 1..3), steps = 40%s)",
             options);
    return run(w, tick, source, err);
}

static void finish(watch *w) {
    dw_buf_free(&w->out);
    cell_close(&w->c);
    free(w->svg);
    *w = (watch){.tick = 0};
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
    assert_in_range(w.updates, 3, 45);
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
    static const double ticks[] = {1e-9, 0.3, 2};
    char *figure = NULL, text[256];
    for (size_t i = 0; i < 3; i++) {
        watch w = {.tick = 0};
        dw_err err = {0};
        assert_true(train(&w, ticks[i], "*1e9, validate = 0.3, patience = 1, rate = 1", &err));
        assert_int_equal(w.displays, 1);
        assert_memory_equal(w.first, "step 0 of 40000000000 ░", 25);
        assert_non_null(strstr(w.text, " of 40000000000 steps, loss "));
        assert_non_null(w.svg);
        if (figure != NULL) {
            assert_string_equal(figure, w.svg);
            assert_string_equal(text, w.text);
        }
        free(figure);
        figure = strdup(w.svg);
        strcpy(text, w.text);
        finish(&w);
    }
    free(figure);
}

/* The last state of one that is shown for its time takes no number from the figures. */
static void only_heavy_ones_end_as_figures(void **state) {
    (void)state;
    watch w = {.tick = 0};
    dw_err err = {0};
    assert_true(train(&w, 6, "", &err));
    assert_true(w.image && w.svg == NULL);
    finish(&w);
}

/* Drawing takes 5 seconds of this clock: 250 seconds pass before the next state. */
static void drawing_takes_a_small_share(void **state) {
    (void)state;
    watch w = {.tick = 0};
    dw_err err = {0};
    assert_true(train(&w, 2.5, "*100, validate = 0.3", &err));
    size_t most = (size_t)(w.now / 2.5 * 0.02) + 4;
    assert_in_range(w.pictures, 1, most);
    finish(&w);
}

static void words_are_enough_without_gnuplot(void **state) {
    (void)state;
    watch w = {.plotter = "/nowhere/gnuplot"};
    dw_err err = {0};
    assert_true(train(&w, 6, "", &err));
    assert_int_equal(w.pictures, 0);
    assert_memory_equal(w.text, "40 of 40 steps, loss ", 21);
    finish(&w);
}

static void nothing_is_shown_to_nobody(void **state) {
    (void)state;
    watch w = {.deaf = true};
    dw_err err = {0};
    assert_true(train(&w, 6, "*1e9, patience = 1, validate = 0.3, rate = 1", &err));
    assert_int_equal(w.displays + w.updates, 0);
    finish(&w);
}

static void an_interrupt_keeps_the_net(void **state) {
    (void)state;
    for (int slow = 0; slow < 2; slow++) {
        watch w = {.stop_at = slow ? 18 : 4};
        dw_err err = {0};
        (void)train(&w, slow ? 6 : 0.001, slow ? "*100" : "*1000", &err);
        assert_non_null(dw_eval_name(&w.c.eval, "f"));
        assert_int_equal(dw_eval_name(&w.c.eval, "f")->kind, DW_FUNCTION);
        assert_non_null(strstr(w.out.data, "this is the best net so far"));
        assert_non_null(strstr(slow ? w.text : w.out.data, "stopped after "));
        finish(&w);
    }
}

#define DATA "t = table(x = 1..3, y = 1..3)\n"

/* One display for all of a statement; it ends with how the losses came out. */
static void several_share_one_display(void **state) {
    (void)state;
    static const char *const ways[] = {
        DATA "f = [train(1 → 1, t, steps = 20, seed = i) for i in 1..30]",
        DATA "f = [train(1 → 1, t, steps = 20, seed = i, optimizer = \"lbfgs\") for i in 1..30]",
        DATA "for i in 1..30\n  f = train(1 → 1, t, steps = 20, seed = i)\nend",
        DATA "g(i) = train(1 → 1, t, steps = 20, seed = i).loss\np = [g(i) for i in 1..30]",
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        watch w = {.tick = 0};
        dw_err err = {0};
        assert_true(run(&w, 1, ways[i], &err));
        assert_int_equal(w.displays, 1);
        assert_memory_equal(w.text, "30 trainings, loss ", 19);
        assert_false(w.image);
        finish(&w);
    }
}

static void descents_share_one_too(void **state) {
    (void)state;
    watch w = {.calm = 8}; /* so that the first is quick enough to be put off */
    dw_err err = {0};
    assert_true(run(&w, 1,
                    "f(x) = (x - 3)²\n"
                    "p = [minimize(f, k, steps = 9000, rate = 1e-9).x for k in 1..600]",
                    &err));
    assert_int_equal(w.displays, 1);
    assert_non_null(strstr(w.first, " of 600 descents "));
    assert_memory_equal(w.text, "600 descents, value ", 20);
    finish(&w);
}

/* Side by side or one after the other, in time or not: the same stays. */
static void several_heavy_ones_end_alike(void **state) {
    (void)state;
    static const char source[] =
        DATA "f = [train(1 → 1, t, steps = 1e9, validate = t, patience = 1, rate = 1, seed = i) "
             "for i in 1..9]";
    char text[256] = "";
    for (int way = 0; way < 4; way++) {
        watch w = {.tick = 0};
        dw_err err = {0};
        assert_true(run(&w, way % 2 == 0 ? 1e-9 : 0.4, source, &err));
        assert_int_equal(w.displays, 1);
        assert_memory_equal(w.text, "9 trainings, loss ", 18);
        if (way > 0)
            assert_string_equal(text, w.text);
        strcpy(text, w.text);
        finish(&w);
    }
}

/* 28 operations a step: together many, each few. */
static void many_small_ones_are_heavy_together(void **state) {
    (void)state;
    static const char *const ways[][2] = {
        {DATA "f = [train(1 → 1, t, steps = 1e8, validate = t, patience = 1, rate = 1, seed = i) "
              "for i in 1..",
         "]"},
        {DATA "for i in 1..",
         "\n  f = train(1 → 1, t, steps = 1e8, validate = t, patience = 1, rate = 1, seed = i)\n"
         "end"},
    };
    for (int way = 0; way < 4; way++) {
        char source[300];
        watch w = {.tick = 0};
        dw_err err = {0};
        snprintf(source, sizeof source, "%s%d%s", ways[way / 2][0], way % 2 == 0 ? 35 : 36,
                 ways[way / 2][1]);
        assert_true(run(&w, 1e-9, source, &err));
        assert_int_equal(w.displays, way % 2);
        if (way % 2 == 1)
            assert_memory_equal(w.text, "36 trainings, loss ", 19);
        finish(&w);
    }
}

static void a_stop_among_several_is_told(void **state) {
    (void)state;
    watch w = {.stop_at = 60};
    dw_err err = {0};
    assert_false(run(&w, 1, DATA "for i in 1..1e6\n  f = train(1 → 1, t, steps = 2e9)\nend", &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    assert_int_equal(w.displays, 1);
    assert_memory_equal(w.text, "stopped after ", 14);
    finish(&w);
    w = (watch){.calm = 8, .stop_at = 80};
    err = (dw_err){0};
    assert_false(run(&w, 3,
                     "f(x) = (x - 3)²\n"
                     "p = [minimize(f, k, steps = 1e9, rate = 1e-12).x for k in 1..600]",
                     &err));
    assert_string_equal(w.text, "stopped after 0 descents");
    finish(&w);
}

static void two_statements_have_two_displays(void **state) {
    (void)state;
    watch w = {.tick = 0};
    dw_err err = {0};
    /* the ids are those of the times they begin at, so update() would see a wrong one */
    assert_true(
        run(&w, 6, DATA "f = train(1 → 1, t, steps = 40)\ng = train(1 → 1, t, steps = 30)", &err));
    assert_int_equal(w.displays, 2);
    assert_memory_equal(w.text, "30 of 30 steps, loss ", 21);
    finish(&w);
}

static void long_descents_are_told(void **state) {
    (void)state;
    watch w = {.tick = 0};
    dw_err err = {0};
    assert_true(run(&w, 6, "r = minimize(x ↦ (x - 3)², 0, steps = 400)", &err));
    assert_int_equal(w.displays, 1);
    assert_memory_equal(w.text, "400 of 400 steps, value ", 24);
    finish(&w);
    assert_false(run(&w, 6, "r = minimize(x ↦ -x², 1, rate = 9, steps = 4000)", &err));
    assert_string_equal(w.text, "the descent ended with an error");
    finish(&w);
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
        cmocka_unit_test(short_ones_show_nothing),
        cmocka_unit_test(long_ones_change_one_display),
        cmocka_unit_test(heavy_ones_show_their_end),
        cmocka_unit_test(only_heavy_ones_end_as_figures),
        cmocka_unit_test(drawing_takes_a_small_share),
        cmocka_unit_test(words_are_enough_without_gnuplot),
        cmocka_unit_test(nothing_is_shown_to_nobody),
        cmocka_unit_test(an_interrupt_keeps_the_net),
        cmocka_unit_test(several_share_one_display),
        cmocka_unit_test(descents_share_one_too),
        cmocka_unit_test(several_heavy_ones_end_alike),
        cmocka_unit_test(many_small_ones_are_heavy_together),
        cmocka_unit_test(a_stop_among_several_is_told),
        cmocka_unit_test(two_statements_have_two_displays),
        cmocka_unit_test(long_descents_are_told),
        cmocka_unit_test(errors_end_the_display),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
