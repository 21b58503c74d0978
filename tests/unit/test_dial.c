/* SPDX-License-Identifier: BSD-3-Clause */
/* Knobs of panels: what they can be set to. */
#include "lang/dial.h"

#include "notebook.h"

#include <math.h>
#include <stdio.h>

/* A dial over what a line of the language gives, which starts at what another gives; the notebook
 * keeps both alive. */
static void make(notebook *nb, const char *range, const char *start, bool plays, dw_dial *dial) {
    dw_err err = {0};
    char cell[400];
    snprintf(cell, sizeof cell, "range = %s; start = %s", range, start);
    assert_true(notebook_run(nb, cell, &err));
    const dw_dial_source source = {*dw_eval_name(&nb->eval, "range"),
                                   *dw_eval_name(&nb->eval, "start"), plays};
    if (!dw_dial_make(&nb->mem, "λ", source, dial, &err))
        fail_msg("%s: %s", range, err.text);
    assert_string_equal(dial->knob.name, "λ");
}

/* The value of a setting as { } inserts it. */
static void setting_is(notebook *nb, const dw_dial *dial, double setting, const char *words) {
    dw_value v = dw_dial_value(dial, setting);
    char *label = dw_dial_label(&nb->mem, v);
    assert_string_equal(label, words);
    dw_mem_free(label);
    dw_value_release(v);
}

static void an_interval_takes_any_number(void **state) {
    (void)state;
    static const struct {
        const char *range, *start;
        double lo, hi, step;
    } cases[] = {{"1..200", "100", 1, 200, 1},    {"0..1", "0.3", 0, 1, 0.01},
                 {"-1..1", "0", -1, 1, 0.02},     {"0..1e-6", "0", 0, 1e-6, 1e-8},
                 {"0..7e7", "1", 0, 7e7, 500000}, {"0..1", "7", 0, 7, 0.05},
                 {"0..1", "-1", -1, 1, 0.02}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        notebook nb;
        dw_dial dial;
        notebook_open(&nb);
        make(&nb, cases[i].range, cases[i].start, false, &dial);
        assert_int_equal(dial.knob.kind, DW_KNOB_RANGE);
        assert_float_equal(dial.knob.lo, cases[i].lo, 0);
        assert_float_equal(dial.knob.hi, cases[i].hi, 0);
        assert_true(fabs(dial.knob.step - cases[i].step) < 1e-9 * cases[i].step);
        dw_dial_free(&dial);
        notebook_close(&nb);
    }
}

static void settings_out_of_reach_are_the_nearest(void **state) {
    (void)state;
    notebook nb;
    dw_dial dial;
    notebook_open(&nb);
    make(&nb, "0..4", "1.5", false, &dial);
    setting_is(&nb, &dial, 3.25, "3.25");
    setting_is(&nb, &dial, -INFINITY, "0");
    setting_is(&nb, &dial, 1e300, "4");
    setting_is(&nb, &dial, NAN, "1.5");
    dw_dial_free(&dial);
    make(&nb, "1..9 by 2", "5", false, &dial);
    setting_is(&nb, &dial, 6.1, "7");
    setting_is(&nb, &dial, -3, "1");
    setting_is(&nb, &dial, INFINITY, "9");
    setting_is(&nb, &dial, NAN, "5");
    dw_dial_free(&dial);
    notebook_close(&nb);
}

static void an_even_row_has_steps(void **state) {
    (void)state;
    notebook nb;
    dw_dial dial;
    notebook_open(&nb);
    make(&nb, "0..1 by 0.1", "0.3", false, &dial);
    assert_int_equal(dial.knob.kind, DW_KNOB_STEPS);
    assert_true(fabs(dial.knob.step - 0.1) < 1e-12);
    assert_true(fabs(dial.knob.start - 0.3) < 1e-12);
    setting_is(&nb, &dial, 0.71, "0.7");
    dw_dial_free(&dial);
    make(&nb, "0..30", "0", true, &dial); /* an animation counts */
    assert_int_equal(dial.knob.kind, DW_KNOB_STEPS);
    assert_float_equal(dial.knob.hi, 30, 0);
    dw_dial_free(&dial);
    notebook_close(&nb);
}

static void everything_else_is_chosen(void **state) {
    (void)state;
    static const struct {
        const char *range, *start;
        bool ordered;
        size_t count;
        double at;
        const char *second;
    } cases[] = {{"[1, 10, 100]", "10", true, 3, 1, "10"},
                 {"[3, 2, 1]", "3", true, 3, 0, "2"},
                 {"[1, 2, 3]", "1.5", true, 4, 1, "1.5"},
                 {"[\"a\", \"b\\nc\"]", "\"a\"", false, 2, 0, "b\\nc"},
                 {"[\"a\", \"b\"]", "\"c\"", false, 3, 0, "a"},
                 {"0..1", "\"text\"", false, 1001, 0, "0"},
                 {"1..5000 by 1", "1", true, 1000, 0, "6"},
                 {"[5, 6]", "6", true, 2, 1, "6"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        notebook nb;
        dw_dial dial;
        notebook_open(&nb);
        make(&nb, cases[i].range, cases[i].start, false, &dial);
        assert_int_equal(dial.knob.kind, DW_KNOB_CHOICES);
        assert_int_equal(dial.knob.ordered, cases[i].ordered);
        assert_int_equal(dial.knob.count, cases[i].count);
        assert_float_equal(dial.knob.start, cases[i].at, 0);
        assert_string_equal(dial.knob.labels[1], cases[i].second);
        dw_dial_free(&dial);
        notebook_close(&nb);
    }
}

static void truth_is_a_switch(void **state) {
    (void)state;
    notebook nb;
    dw_dial dial;
    notebook_open(&nb);
    make(&nb, "[true, false]", "true", false, &dial);
    assert_int_equal(dial.knob.kind, DW_KNOB_SWITCH);
    assert_float_equal(dial.knob.start, 1, 0);
    setting_is(&nb, &dial, 0, "false");
    setting_is(&nb, &dial, 1, "true");
    setting_is(&nb, &dial, NAN, "true");
    dw_dial_free(&dial);
    make(&nb, "[false, true]", "false", false, &dial);
    assert_int_equal(dial.knob.kind, DW_KNOB_SWITCH);
    setting_is(&nb, &dial, 0, "false");
    setting_is(&nb, &dial, 7, "true");
    dw_dial_free(&dial);
    notebook_close(&nb);
}

static void survives_starving(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    assert_true(notebook_run(&nb, "range = [\"a\", \"b\", \"c\"]; start = \"d\"", &err));
    const dw_dial_source source = {*dw_eval_name(&nb.eval, "range"),
                                   *dw_eval_name(&nb.eval, "start"), false};
    bool fine = false;
    for (long n = 1; !fine; n++) {
        dw_dial dial;
        dw_err_clear(&err);
        nb.mem.fail_at = n;
        fine = dw_dial_make(&nb.mem, "k", source, &dial, &err);
        assert_true(fine || err.kind == DW_ERR_MEMORY);
        dw_dial_free(&dial);
    }
    nb.mem.fail_at = 0;
    notebook_close(&nb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interval_takes_any_number),
        cmocka_unit_test(settings_out_of_reach_are_the_nearest),
        cmocka_unit_test(an_even_row_has_steps),
        cmocka_unit_test(everything_else_is_chosen),
        cmocka_unit_test(truth_is_a_switch),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
