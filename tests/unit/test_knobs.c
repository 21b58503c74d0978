/* SPDX-License-Identifier: BSD-3-Clause */
/* interact and animate. */
/* _GNU_SOURCE: strndup, mkdtemp. */
#define _GNU_SOURCE
#include "lang/knobs.h"

#include "lang/builtin.h"

#include "notebook.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A notebook whose host wants frames and keeps the forms of the last display. */
typedef struct {
    notebook nb;
    char *html, *plain, *id;
    bool has_svg, has_pdf;
    int displays, updates, asked, stop_at, panels, hurry_at;
    int asks, clears, proposals;
    double seconds;
} cinema;

static char *copy_of(const dw_bundle *bundle, const char *mime) {
    for (size_t i = 0; i < bundle->count; i++)
        if (strcmp(bundle->parts[i].mime, mime) == 0)
            return strndup(bundle->parts[i].data, bundle->parts[i].size);
    return NULL;
}

static void forget_display(cinema *c) {
    free(c->html);
    free(c->plain);
    free(c->id);
    c->html = c->plain = c->id = NULL;
}

static void take(cinema *c, const dw_bundle *bundle) {
    char *svg = copy_of(bundle, "image/svg+xml"), *pdf = copy_of(bundle, "application/pdf");
    forget_display(c);
    c->html = copy_of(bundle, "text/html");
    c->plain = copy_of(bundle, "text/plain");
    c->id = bundle->id == NULL ? NULL : strdup(bundle->id);
    c->has_svg = svg != NULL;
    c->has_pdf = pdf != NULL;
    free(svg);
    free(pdf);
}

static void cinema_write(void *context, const char *text, size_t size) {
    dw_buf_add(&((cinema *)context)->nb.out, text, size);
}

static void cinema_display(void *context, const dw_bundle *bundle) {
    cinema *c = context;
    c->displays++;
    take(c, bundle);
}

static void cinema_update(void *context, const dw_bundle *bundle) {
    cinema *c = context;
    c->updates++;
    assert_string_equal(bundle->id, c->id);
    take(c, bundle);
}

static bool cinema_wants_frames(void *context) {
    (void)context;
    return true;
}

static double cinema_clock(void *context) {
    return ((cinema *)context)->seconds += 1;
}

static void cinema_open(cinema *c) {
    memset(c, 0, sizeof *c);
    notebook_open(&c->nb);
    c->nb.host = (dw_host){.context = c,
                           .write = cinema_write,
                           .display = cinema_display,
                           .result = cinema_display,
                           .wants_frames = cinema_wants_frames};
}

static void cinema_close(cinema *c) {
    forget_display(c);
    notebook_close(&c->nb);
}

static void cinema_run(cinema *c, const char *source) {
    dw_err err = {0};
    if (!notebook_run(&c->nb, source, &err))
        fail_msg("%s\nfails: %s", source, err.text);
}

static void printed_is(cinema *c, const char *words) {
    assert_string_equal(c->nb.out.data == NULL ? "" : c->nb.out.data, words);
}

static void runs_the_start_alone_by_default(void **state) {
    (void)state;
    notebook_says("i = 7\ninteract i = 2 in 1..9\n  i\nend\nanimate i in 4..9\n  i\nend\ni",
                  "2\n4\n7\n");
    notebook_says("interact a in 0..4, b in [10, 20, 30], c = 1 in 0..9\n  [a, b, c]\nend",
                  "[2, 20, 1]\n");
    notebook_refuses("interact a in []\nend", DW_ERR_VALUE, "a slider needs values", "[]");
    notebook_refuses("interact a = 1 in print\nend", DW_ERR_TYPE, "no elements", "print");
}

static void shows_states_as_one_display(void **state) {
    (void)state;
    cinema c;
    cinema_open(&c);
    cinema_run(&c, "interact n in [1, 2, 3]\n  print(\"n is {n}\")\n  n²\nend");
    assert_int_equal(c.displays, 1);
    printed_is(&c, "");
    assert_string_equal(c.plain, "n is 2\n4\nSlider: n from 1 to 3, here 2.");
    assert_non_null(strstr(c.html, "<div class=\"dw-film-now\"><pre>n is 2\n4\n</pre></div>"));
    assert_non_null(strstr(c.html, "\"labels\":[\"1\",\"2\",\"3\"],\"start\":1,\"frames\":[[0,1,2"
                                   "],0,[3,4,2]]}"));
    assert_non_null(strstr(c.html, "\"<pre>n is 1\",\"1\",\"<\\/pre>\",\"<pre>n is 3\",\"9\""));
    assert_null(c.id);
    cinema_close(&c);
}

static void moves_one_knob_at_a_time(void **state) {
    (void)state;
    cinema c;
    cinema_open(&c);
    cinema_run(&c, "interact a = 2 in [1, 2], b = 5 in [5, 6]\n  print(\"{a}{b}\")\nend");
    assert_non_null(strstr(c.html, "<pre>15"));
    assert_non_null(strstr(c.html, "<pre>26"));
    assert_null(strstr(c.html, "<pre>16"));
    assert_string_equal(c.plain, "25\nSliders: a from 1 to 2, here 2; b from 5 to 6, here 5.");
    cinema_close(&c);
}

static void labels_are_short(void **state) {
    (void)state;
    char cell[400], label[400];
    cinema c;
    cinema_open(&c);
    snprintf(cell, sizeof cell, "interact w in [\"a\\nb\", \"%0200d\"]\n  1\nend", 7);
    snprintf(label, sizeof label, "\"labels\":[\"a\\\\nb\",\"%0160d…\"]", 0);
    cinema_run(&c, cell);
    assert_non_null(strstr(c.html, label));
    cinema_close(&c);
}

static void leaves_the_notebook_as_the_start_does(void **state) {
    (void)state;
    static const char *const after = "[\"{s}\", \"{f(1)}\", \"{sample(uniform(0..1))}\"]";
    static const char *const block = "seed(3); s = 10; k = 7\ninteract k = 2 in 1..5\n"
                                     "  s = s + k\n  f(x) = x + k\n  r = sample(uniform(0..1))\n"
                                     "  s\nend\nk";
    cinema c;
    notebook plain;
    dw_err err = {0};
    cinema_open(&c);
    notebook_open(&plain);
    cinema_run(&c, block);
    assert_non_null(strstr(c.plain, "7"));
    cinema_run(&c, after);
    assert_true(notebook_run(&plain, block, &err));
    plain.out.size = 0;
    assert_true(notebook_run(&plain, after, &err));
    plain.out.data[plain.out.size - 1] = '\0';
    assert_string_equal(c.plain, plain.out.data);
    notebook_close(&plain);
    cinema_close(&c);
}

static void starts_every_state_alike(void **state) {
    (void)state;
    cinema c;
    cinema_open(&c);
    cinema_run(&c, "s = 10\ninteract k = 2 in [1, 2, 3, 4]\n  s = s + k\n  s\nend");
    assert_non_null(strstr(c.html, "\"<pre>11\""));
    assert_non_null(strstr(c.html, "\"<pre>14\""));
    cinema_run(&c, "seed(1)\ninteract k = 1 in [1, 1 + 1e-9]\n  sample(uniform(0..1))\nend");
    const char *now = strstr(c.html, "<pre>"), *other = strstr(c.html, "\"<pre>");
    assert_memory_equal(now, other + 1, 12);
    cinema_close(&c);
}

static void checks_the_start_alone(void **state) {
    (void)state;
    cinema c;
    dw_err err = {0};
    cinema_open(&c);
    cinema_run(&c, "g(x) = do\n  check x < 3\n  x\nend\ninteract k = 2 in 1..5\n  check k ≈ 2\n  "
                   "g(k)\nend");
    printed_is(&c, "✓ k ≈ 2\n");
    assert_non_null(strstr(c.plain, "2\nSlider"));
    assert_false(notebook_run(&c.nb, "interact k = 2 in 1..5\n  check k ≈ 3\n  k\nend", &err));
    assert_int_equal(err.kind, DW_ERR_CHECK);
    assert_non_null(strstr(c.plain, "2\nSlider"));
    cinema_close(&c);
}

static void shows_errors_in_their_state(void **state) {
    (void)state;
    cinema c;
    dw_err err = {0};
    cinema_open(&c);
    cinema_run(&c, "interact i = 1 in [1, 2, 3]\n  \"about {i}\"\n  [10, 20][i]\nend");
    assert_non_null(strstr(c.html, "about 3"));
    assert_non_null(strstr(c.html, "IndexError: cell 1, line 3: there is no element 3"));
    c.displays = 0;
    assert_false(notebook_run(
        &c.nb, "interact i = 3 in [1, 2, 3]\n  print(\"a\")\n  [10, 20][i]\nend", &err));
    assert_int_equal(err.kind, DW_ERR_INDEX);
    assert_int_equal(c.displays, 0);
    printed_is(&c, "a\n");
    cinema_close(&c);
}

static void writes_files_for_the_start_alone(void **state) {
    (void)state;
    char folder[] = "/tmp/knobs-XXXXXX", path[40];
    assert_non_null(mkdtemp(folder));
    cinema c;
    cinema_open(&c);
    c.nb.eval.folder = folder;
    cinema_run(&c, "interact k = 2 in 1..5\n  save(\"{k}\", \"k.txt\")\n  k\nend\n"
                   "load(\"k.txt\")");
    assert_string_equal(c.plain, "\"2\"");
    snprintf(path, sizeof path, "%s/k.txt", folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    cinema_close(&c);
}

static void draws_pictures(void **state) {
    (void)state;
    cinema c;
    cinema_open(&c);
    cinema_run(&c, "interact k = 2 in [1, 2, 3]\n  plot(x ↦ k*x, 0..1)\nend");
    assert_int_equal(c.displays, 1);
    assert_true(c.has_svg && c.has_pdf);
    assert_non_null(strstr(c.plain, "to 2 at 1. Slider: k from 1 to 3, here 2."));
    assert_non_null(
        strstr(c.html, "to 3 at 1.\\\" width=\\\"480\\\" height=\\\"360\\\" src=\\\"\""));
    char *first = strdup(c.html);
    cinema_close(&c);
    cinema_open(&c);
    cinema_run(&c, "interact k = 2 in [1, 2, 3]\n  plot(x ↦ k*x, 0..1)\nend");
    assert_string_equal(c.html, first);
    cinema_run(&c, "interact k = 2 in [1, 2, 3]\n  plot(sin, 0..k)\n  plot(cos, 0..k)\nend");
    assert_false(c.has_svg || c.has_pdf);
    assert_non_null(strstr(c.plain, ".\nPlot"));
    free(first);
    cinema_close(&c);
}

static void plays_its_own_values(void **state) {
    (void)state;
    cinema c;
    cinema_open(&c);
    cinema_run(&c, "animate k in 0..200\n  k\nend");
    assert_string_equal(c.plain, "0\nAnimation: k from 0 to 200, here 0 (60 of 201 values).");
    assert_non_null(strstr(c.html, "\"plays\":true,\"pause\":125"));
    assert_non_null(strstr(c.html, "drawn ahead: 60 of 201 values of k"));
    cinema_run(&c, "animate k in 0..10 by 5\n  k\nend");
    assert_non_null(strstr(c.html, "\"labels\":[\"0\",\"5\",\"10\"],\"start\":0"));
    assert_non_null(strstr(c.html, "\"pause\":500"));
    cinema_close(&c);
}

/* The host interrupts when it is asked for the fourth time; see below. */
static double stopping_clock(void *context) {
    cinema *c = context;
    if (++c->asked == c->stop_at)
        dw_cancel_request(&c->nb.eval.cancel);
    return 0;
}

static bool ask_clock(dw_call *call, dw_value *out) {
    *out = dw_value_number(dw_call_clock(call));
    return true;
}

static void keeps_what_is_drawn_when_interrupted(void **state) {
    (void)state;
    static const dw_builtin tick = {.name = "tick", .signature = "tick()", .run = ask_clock};
    cinema c;
    dw_err err = {0};
    cinema_open(&c);
    c.nb.host.clock = stopping_clock;
    c.stop_at = 6; /* before and after the start, in it, and in three states */
    cinema_run(&c, "tick = clear");
    ((dw_function *)dw_eval_name(&c.nb.eval, "tick")->as.function)->builtin = &tick;
    assert_false(
        notebook_run(&c.nb, "k = 9\ninteract k = 1 in [1, 2, 3, 4, 5]\n  tick()\n  k\nend", &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    assert_string_equal(c.plain, "0\n1\nSlider: k from 1 to 5, here 1 (3 of 5 values).");
    assert_non_null(strstr(c.html, "\"labels\":[\"1\",\"2\",\"3\"]"));
    assert_float_equal(dw_eval_name(&c.nb.eval, "k")->as.number, 9, 0);
    cinema_close(&c);
}

static void shows_a_slow_start_before_the_rest(void **state) {
    (void)state;
    cinema c;
    cinema_open(&c);
    c.nb.host.clock = cinema_clock;
    c.nb.host.update = cinema_update;
    cinema_run(&c, "interact k = 2 in [1, 2, 3]\n  k\nend");
    assert_int_equal(c.displays, 1);
    assert_int_equal(c.updates, 1);
    assert_non_null(c.id);
    assert_string_equal(c.plain, "2\nSlider: k from 1 to 3, here 2.");
    cinema_close(&c);
}

static dw_ask answer(void *context, const char *question, size_t size, bool hidden, dw_buf *line) {
    ((cinema *)context)->asks++;
    assert_true(size == 9 && memcmp(question, "How many?", size) == 0 && !hidden);
    dw_buf_add(line, "seven", 5);
    return DW_ASK_ANSWERED;
}

static void count_clear(void *context, bool wait) {
    ((cinema *)context)->clears++;
    assert_false(wait);
}

static void count_proposal(void *context, const char *text, size_t size) {
    ((cinema *)context)->proposals++;
    assert_true(size >= 9 && memcmp(text, "f(x) = x²", 9) == 0);
}

/* Whoever is there is asked, and gets what is meant for a person, once: not for each state. */
static void the_start_alone_talks_to_people(void **state) {
    (void)state;
    static const char *const block =
        "f(x) = x²\ninteract k = 2 in [1, 2, 3]\n  clear()\n  edit(f)\n"
        "  \"{ask(\"How many?\")} of {k}\"\nend";
    cinema c;
    dw_err err = {0};
    cinema_open(&c);
    assert_false(notebook_run(&c.nb, block, &err));
    assert_int_equal(err.kind, DW_ERR_INPUT); /* nobody is there */
    c.nb.host.ask = answer;
    c.nb.host.clear = count_clear;
    c.nb.host.propose = count_proposal;
    cinema_run(&c, block);
    assert_int_equal(c.asks, 1);
    assert_int_equal(c.clears, 1);
    assert_int_equal(c.proposals, 1);
    assert_non_null(strstr(c.plain, "\"seven of 2\""));
    assert_non_null(strstr(c.html, "ask before the block"));
    cinema_close(&c);
}

static void count_progress(void *context, const dw_bundle *bundle) {
    ((cinema *)context)->updates += strncmp(bundle->id, "train-", 6) == 0;
}

/* How far the start's training is shows beside the film and not in it; nobody hears of trainings of
 * the other states. */
static void the_start_alone_tells_of_progress(void **state) {
    (void)state;
    static const char *const values[] = {"[2]", "[1, 2, 3]"};
    int updates[2], displays[2];
    for (int i = 0; i < 2; i++) {
        char cell[300];
        cinema c;
        cinema_open(&c);
        c.nb.host.clock = cinema_clock;
        c.nb.host.update = count_progress;
        c.nb.host.wants_progress = cinema_wants_frames;
        snprintf(cell, sizeof cell,
                 "data = table(x = 1..4, y = x ↦ 2*x)\ninteract k = 2 in %s\n  seed(k)\n"
                 "  fit = train(1 → 1, data, steps = 300)\n  k\nend",
                 values[i]);
        cinema_run(&c, cell);
        updates[i] = c.updates;
        displays[i] = c.displays;
        cinema_close(&c);
    }
    assert_int_equal(displays[0], 2);
    assert_true(updates[0] >= 2);
    assert_int_equal(displays[1], displays[0]);
    assert_int_equal(updates[1], updates[0]);
}

static void sliders_inside_sliders_stand_still(void **state) {
    (void)state;
    cinema c;
    cinema_open(&c);
    cinema_run(&c, "interact k = 2 in [1, 2]\n  interact j = 5 in [5, 6]\n    [k, j]\n  end\nend");
    assert_int_equal(c.displays, 1);
    assert_string_equal(c.plain, "[2, 5]\nSlider: k from 1 to 2, here 2.");
    assert_null(strstr(c.html, "6]"));
    cinema_run(&c, "interact k = 2 in [1, 2]\n  x = k\nend");
    assert_int_equal(c.displays, 1);
    cinema_close(&c);
}

/* ---- sliders that can be moved: panels.h ---- */

static void count_panel(void *context, const dw_panel *panel) {
    cinema *c = context;
    c->panels += panel != NULL;
    assert_int_equal(c->displays,
                     0); /* the film comes later, the start in between goes elsewhere */
    if (panel == NULL)
        forget_display(c);
}

static bool hurries(void *context) {
    cinema *c = context;
    return c->hurry_at != 0 && ++c->asked >= c->hurry_at;
}

static void live_open(cinema *c) {
    cinema_open(c);
    c->nb.host.wants_panels = cinema_wants_frames;
    c->nb.host.panel = count_panel;
    c->nb.host.hurries = hurries;
}

static void a_panel_comes_before_its_film(void **state) {
    (void)state;
    cinema c;
    live_open(&c);
    cinema_run(&c, "interact k = 2 in 1..5\n  print(\"{k}\")\nend");
    assert_int_equal(c.panels, 1);
    assert_int_equal(c.displays, 1);
    printed_is(&c, "2\n");
    assert_non_null(strstr(c.html, "<div class=\"dw-film dw-film-live\">"));
    assert_non_null(strstr(c.plain, "k from 1 to 5, here 2."));
    cinema_run(&c, "interact k = 2 in 1..5\n  x = k\nend"); /* shows nothing */
    assert_int_equal(c.panels, 1);
    cinema_close(&c);
}

static void who_waits_ends_the_drawing_ahead(void **state) {
    (void)state;
    cinema c;
    live_open(&c);
    c.hurry_at = 4; /* the ends are drawn by then */
    cinema_run(&c, "interact k = 2 in [1, 2, 3, 4, 5]\n  print(\"{k}\")\nend");
    assert_string_equal(c.plain, "2\nSlider: k from 1 to 5, here 2 (3 of 5 values).");
    assert_non_null(strstr(c.html, "<pre>1"));
    assert_non_null(strstr(c.html, "<pre>5"));
    cinema_close(&c);
}

static void slow_states_are_not_drawn_ahead(void **state) {
    (void)state;
    cinema c;
    live_open(&c);
    c.nb.host.clock = cinema_clock;
    c.nb.host.update = cinema_update;
    cinema_run(&c, "interact k = 2 in [1, 2, 3, 4, 5, 6, 7, 8]\n  print(\"{k}\")\nend");
    assert_non_null(strstr(c.plain, " of 8 values)"));
    cinema_close(&c);
}

static void survives_starving(void **state) {
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        cinema c;
        dw_err err = {0};
        cinema_open(&c);
        c.nb.mem.fail_at = n;
        bool fine =
            notebook_run(&c.nb, "interact a in [1, 2, 3], b in [4, 5]\n  [a, b]\nend", &err);
        done = c.nb.mem.fail_at > 0;
        c.nb.mem.fail_at = 0;
        assert_true(fine || err.kind == DW_ERR_MEMORY);
        assert_true(!fine || c.displays == 1);
        cinema_run(&c, "[20, 1] + 1");
        assert_string_equal(c.plain, "[21, 2]");
        cinema_close(&c);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_the_start_alone_by_default),
        cmocka_unit_test(shows_states_as_one_display),
        cmocka_unit_test(moves_one_knob_at_a_time),
        cmocka_unit_test(labels_are_short),
        cmocka_unit_test(leaves_the_notebook_as_the_start_does),
        cmocka_unit_test(starts_every_state_alike),
        cmocka_unit_test(checks_the_start_alone),
        cmocka_unit_test(shows_errors_in_their_state),
        cmocka_unit_test(writes_files_for_the_start_alone),
        cmocka_unit_test(draws_pictures),
        cmocka_unit_test(plays_its_own_values),
        cmocka_unit_test(keeps_what_is_drawn_when_interrupted),
        cmocka_unit_test(shows_a_slow_start_before_the_rest),
        cmocka_unit_test(the_start_alone_talks_to_people),
        cmocka_unit_test(the_start_alone_tells_of_progress),
        cmocka_unit_test(sliders_inside_sliders_stand_still),
        cmocka_unit_test(a_panel_comes_before_its_film),
        cmocka_unit_test(who_waits_ends_the_drawing_ahead),
        cmocka_unit_test(slow_states_are_not_drawn_ahead),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
