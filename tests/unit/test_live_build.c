/* SPDX-License-Identifier: BSD-3-Clause */
/* The models of a panel. */
#include "live.h"

#include "live_desk.h"

static json_t *at(const jk_live_model *model, const char *key) {
    return json_object_get(model->state, key);
}

static void knobs_become_controls(void **state) {
    (void)state;
    const jk_panel panel = {7, false, knobs, 4};
    const jk_live_panel *p = show(&panel);
    static const jk_widget_kind kinds[] = {JK_WIDGET_FLOAT_SLIDER, JK_WIDGET_INT_SLIDER,
                                           JK_WIDGET_DROPDOWN, JK_WIDGET_CHECKBOX};
    assert_int_equal(p->count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(p->knobs[i].model->kind, kinds[i]);
        assert_string_equal(text_of(p->knobs[i].model, "description"), knobs[i].name);
    }
    expect(json_incref(at(p->knobs[0].model, "value")), "0.5");
    expect(json_incref(at(p->knobs[1].model, "max")), "9");
    expect(json_incref(at(p->knobs[2].model, "_options_labels")), "[\"x\",\"y\",\"z\"]");
    expect(json_incref(at(p->knobs[2].model, "index")), "1");
    expect(json_incref(at(p->knobs[3].model, "value")), "true");
    assert_null(p->play);
    assert_string_equal(text_of(p->html, "value"), "first");
}

static void numbers_have_the_digits_they_need(void **state) {
    (void)state;
    static const struct {
        double lo, step, start;
        const char *format;
    } cases[] = {{0, 0.01, 0.5, ".2f"},  {1, 1, 100, ".0f"},   {0, 0.5, 0.25, ".2f"},
                 {0, 2e-9, 0, ".4g"},    {0.125, 1, 1, ".3f"}, {0, 500000, 7, ".0f"},
                 {0, 0.1, 1. / 3, ".4g"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const jk_knob knob = {"k", JK_KNOB_RANGE, cases[i].lo,   1000, cases[i].step, NULL,
                              0,   false,         cases[i].start};
        const jk_panel panel = {1, false, &knob, 1};
        assert_string_equal(text_of(show(&panel)->knobs[0].model, "readout_format"),
                            cases[i].format);
    }
}

static void children_come_before_parents(void **state) {
    (void)state;
    const jk_panel panel = {7, true, knobs + 1, 3};
    const jk_live_panel *p = show(&panel);
    for (size_t i = 0; i < p->model_count; i++) {
        char *whole = json_dumps(p->models[i]->state, 0);
        for (size_t later = i; later < p->model_count; later++) {
            assert_null(strstr(whole, p->models[later]->id));
        }
        free(whole);
    }
    const jk_live_model *box = p->models[p->model_count - 1];
    assert_int_equal(box->kind, JK_WIDGET_VBOX);
    assert_int_equal(json_array_size(at(box, "children")), 5); /* html, row, two knobs, button */
    expect(json_incref(at(p->play, "max")), "4");
    expect(json_incref(at(p->play, "value")), "2");
    expect(json_incref(at(p->play, "interval")), "500");
}

static void what_cannot_play_does_not(void **state) {
    (void)state;
    const jk_panel panel = {7, true, knobs, 1};
    assert_null(show(&panel)->play);
    const jk_panel none = {8, true, knobs, 0};
    assert_null(show(&none)->play);
}

static void too_many_knobs_are_refused(void **state) {
    (void)state;
    jk_knob many[JK_LIVE_KNOBS + 1];
    for (size_t i = 0; i <= JK_LIVE_KNOBS; i++) {
        many[i] = knobs[i % 4];
    }
    const jk_panel most = {1, false, many, JK_LIVE_KNOBS},
                   over = {2, false, many, JK_LIVE_KNOBS + 1};
    assert_int_equal(show(&most)->count, JK_LIVE_KNOBS);
    assert_false(jk_live_show(&services, &over, jk_span_of("")));
    take_published();
    expect_published("[]");
}

static void names_that_are_no_text_are_repaired(void **state) {
    (void)state;
    static const char *const labels[] = {"\xff", "ok"};
    const jk_knob knob = {"\xc3", JK_KNOB_CHOICES, 0, 0, 0, labels, 2, true, 0};
    const jk_panel panel = {1, false, &knob, 1};
    const jk_live_panel *p = show(&panel);
    assert_int_equal(p->knobs[0].model->kind, JK_WIDGET_SELECTION_SLIDER);
    assert_string_equal(text_of(p->knobs[0].model, "description"), "\xef\xbf\xbd");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(knobs_become_controls),        TEST(numbers_have_the_digits_they_need),
        TEST(children_come_before_parents), TEST(what_cannot_play_does_not),
        TEST(too_many_knobs_are_refused),   TEST(names_that_are_no_text_are_repaired)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
