/* SPDX-License-Identifier: BSD-3-Clause */
/* Blocks that stay alive. */
#include "lang/panels.h"

#include "notebook.h"

#include <stdio.h>

/* A notebook whose host keeps the number of each panel it is offered. */
typedef struct {
    notebook nb;
    dw_panel panel; /* of the newest: only number and count stay valid */
    int begun, ended;
} studio;

static void studio_write(void *context, const char *text, size_t size) {
    dw_buf_add(&((studio *)context)->nb.out, text, size);
}

static void studio_display(void *context, const dw_bundle *bundle) {
    studio *s = context;
    const dw_part *plain = &bundle->parts[bundle->count - 1];
    if (bundle->count > 1 && strstr(bundle->parts[0].data, "dw-film") != NULL)
        return;
    dw_buf_add(&s->nb.out, plain->data, plain->size);
    dw_buf_byte(&s->nb.out, '\n');
}

static bool yes(void *context) {
    (void)context;
    return true;
}

static void studio_panel(void *context, const dw_panel *panel) {
    studio *s = context;
    s->begun += panel != NULL;
    s->ended += panel == NULL;
    if (panel != NULL)
        s->panel = *panel;
}

static void studio_open(studio *s) {
    memset(s, 0, sizeof *s);
    notebook_open(&s->nb);
    s->nb.host = (dw_host){.context = s,
                           .write = studio_write,
                           .display = studio_display,
                           .result = studio_display,
                           .wants_frames = yes,
                           .wants_panels = yes,
                           .panel = studio_panel};
}

static void studio_run(studio *s, const char *source) {
    dw_err err = {0};
    s->nb.out.size = 0;
    if (!notebook_run(&s->nb, source, &err))
        fail_msg("%s\nfails: %s", source, err.text);
}

static void says(studio *s, const char *words) {
    assert_string_equal(s->nb.out.size == 0 ? "" : s->nb.out.data, words);
    s->nb.out.size = 0;
}

static bool turn(studio *s, uint64_t number, double a, double b, dw_err *err) {
    const double settings[] = {a, b};
    memset(err, 0, sizeof *err);
    s->nb.out.size = 0;
    return dw_panels_turn(&s->nb.eval, number, settings, s->panel.count, err);
}

static void shows_what_settings_mean(void **state) {
    (void)state;
    studio s;
    dw_err err;
    studio_open(&s);
    studio_run(&s,
               "interact a = 2 in 0..4, b = \"x\" in [\"x\", \"y\"]\n  print(\"{a} {b}\")\nend");
    says(&s, "2 x\n");
    assert_int_equal(s.begun, 1);
    assert_int_equal(s.ended, 1);
    assert_true(turn(&s, s.panel.number, 3.5, 1, &err));
    says(&s, "3.5 y\n");
    assert_true(turn(&s, s.panel.number, 99, -1, &err));
    says(&s, "4 x\n");
    notebook_close(&s.nb);
}

static void leaves_the_notebook_alone(void **state) {
    (void)state;
    studio s;
    dw_err err;
    studio_open(&s);
    studio_run(&s, "seed(3); n = 10; a = 7\ninteract a = 2 in 0..4\n  n = n + a\n  check a < 3\n"
                   "  [n, floor(100*sample(uniform(0..1)))]\nend");
    char start[100];
    snprintf(start, sizeof start, "%s", strchr(s.nb.out.data, '['));
    studio_run(&s, "n = 500; seed(1)");
    assert_true(turn(&s, s.panel.number, 2, 0, &err));
    assert_string_equal(strchr(s.nb.out.data, '['), start);
    assert_true(turn(&s, s.panel.number, 4, 0, &err));
    assert_memory_equal(s.nb.out.data, "✗ a < 3", strlen("✗ a < 3"));
    assert_non_null(strstr(s.nb.out.data, "[14, "));
    studio_run(&s, "check n ≈ 500\n[n, a]");
    says(&s, "✓ n ≈ 500\n[500, 7]\n");
    notebook_close(&s.nb);
}

static void explains_errors_after_other_cells(void **state) {
    (void)state;
    studio s;
    dw_err err;
    dw_buf words;
    studio_open(&s);
    studio_run(&s, "interact i = 1 in [1, 2, 5]\n  print(\"{i}\")\n  [10, 20][i]\nend");
    for (int i = 0; i < 100; i++)
        studio_run(&s, "x = 1");
    assert_false(turn(&s, s.panel.number, 2, 0, &err));
    assert_int_equal(err.kind, DW_ERR_INDEX);
    says(&s, "5\n");
    dw_buf_init(&words, &s.nb.own);
    dw_explain_error(&s.nb.eval, &err, false, &words);
    assert_non_null(strstr(words.data, "cell 1, line 3"));
    assert_non_null(strstr(words.data, "[10, 20][i]"));
    dw_buf_free(&words);
    notebook_close(&s.nb);
}

static void knows_the_newest_only(void **state) {
    (void)state;
    studio s;
    dw_err err;
    studio_open(&s);
    for (int i = 0; i <= DW_PANELS_MOST; i++)
        studio_run(&s, "interact k = 2 in 0..4\n  k\nend");
    assert_int_equal(s.panel.number, DW_PANELS_MOST + 1);
    assert_false(turn(&s, 1, 1, 0, &err));
    assert_int_equal(err.kind, DW_ERR_VALUE);
    assert_non_null(strstr(err.text, "run their cell again"));
    assert_true(turn(&s, 2, 1, 0, &err));
    assert_false(turn(&s, 0, 1, 0, &err));
    assert_false(turn(&s, 1000, 1, 0, &err));
    const double two[] = {1, 2};
    assert_false(dw_panels_turn(&s.nb.eval, 2, two, 2, &err));
    notebook_close(&s.nb);
}

static void gives_its_memory_to_those_who_need_it(void **state) {
    (void)state;
    studio s;
    dw_err err;
    studio_open(&s);
    studio_run(&s, "big = zeros(1000, 1000)\ninteract k = 2 in 0..4\n  k\nend\nbig = 0");
    studio_run(&s, "interact k = 2 in 0..4\n  k\nend");
    dw_panels_trim(&s.nb.eval);
    assert_true(turn(&s, 1, 1, 0, &err));
    s.nb.mem.limit = 10000000;
    dw_panels_trim(&s.nb.eval);
    assert_false(turn(&s, 1, 1, 0, &err));
    assert_true(turn(&s, 2, 1, 0, &err));
    assert_true(s.nb.mem.used < 5000000);
    notebook_close(&s.nb);
}

static void stops_when_told(void **state) {
    (void)state;
    studio s;
    dw_err err;
    studio_open(&s);
    studio_run(&s, "interact k = 2 in [2, 3, 5]\n  k\nend");
    assert_true(turn(&s, s.panel.number, 0, 0, &err));
    dw_cancel_request(&s.nb.eval.cancel);
    assert_true(turn(&s, s.panel.number, 0, 0, &err)); /* nothing ran: there was nothing to stop */
    notebook_close(&s.nb);
}

static void survives_starving(void **state) {
    (void)state;
    for (long n = 1;; n++) {
        studio s;
        dw_err err = {0};
        studio_open(&s);
        studio_run(&s, "interact a = 2 in 0..4, b in [\"x\", \"y\"]\n  [a, 1]\nend");
        s.nb.mem.fail_at = n;
        bool fine = turn(&s, s.panel.number, 1, 0, &err), reached = s.nb.mem.fail_at == 0;
        assert_true(fine || err.kind == DW_ERR_MEMORY);
        s.nb.mem.fail_at = 0;
        studio_run(&s, "[20, 1] + 1");
        says(&s, "[21, 2]\n");
        notebook_close(&s.nb);
        if (!reached)
            return;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_what_settings_mean),
        cmocka_unit_test(leaves_the_notebook_alone),
        cmocka_unit_test(explains_errors_after_other_cells),
        cmocka_unit_test(knows_the_newest_only),
        cmocka_unit_test(gives_its_memory_to_those_who_need_it),
        cmocka_unit_test(stops_when_told),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
