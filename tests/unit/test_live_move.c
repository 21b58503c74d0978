/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages to the models of panels. */
#include "live.h"

#include "live_desk.h"

static const jk_panel panel = {7, false, knobs, 4};

static void html_is(const jk_live_panel *p, const char *words) {
    assert_non_null(strstr(text_of(p->html, "value"), words));
}

static void a_move_is_echoed_and_shown(void **state) {
    (void)state;
    const jk_live_panel *p = show(&panel);
    assert_int_equal(move(p->knobs[0].model, "value", "0.25"), 2);
    expect(json_incref((json_t *)(uintptr_t)data_of(0)),
           "{\"buffer_paths\":[],\"method\":\"echo_update\",\"state\":{\"value\":0.25}}");
    html_is(p, ">7 0.25 5 1 1<");
    assert_int_equal(move(p->knobs[1].model, "value", "9"), 2);
    assert_int_equal(move(p->knobs[2].model, "index", "2"), 2);
    assert_int_equal(move(p->knobs[3].model, "value", "false"), 2);
    html_is(p, ">7 0.25 9 2 0<");
    assert_int_equal(turns, 4);
}

static void what_does_not_move_does_not_run(void **state) {
    (void)state;
    const jk_live_panel *p = show(&panel);
    assert_int_equal(move(p->knobs[0].model, "value", "0.5"), 1);
    assert_int_equal(move(p->knobs[0].model, "value", "0.50000000000000011"), 1);
    assert_int_equal(move(p->knobs[0].model, "max", "3"), 1);
    assert_int_equal(move(p->html, "value", "\"evil\""), 1);
    assert_int_equal(tell(p->knobs[0].model, "{\"method\":\"update\",\"state\":[]}"), 0);
    assert_int_equal(tell(p->knobs[0].model, "{\"state\":{\"value\":1}}"), 0);
    assert_int_equal(tell(p->button, "{\"method\":\"custom\",\"content\":{\"event\":\"bow\"}}"), 0);
    assert_int_equal(turns, 0);
    assert_string_equal(text_of(p->html, "value"), "first");
}

static void wrong_values_come_back(void **state) {
    (void)state;
    const jk_live_panel *p = show(&panel);
    static const struct {
        size_t knob;
        const char *key, *sent, *stays;
    } cases[] = {
        {0, "value", "17", "1.0"}, {0, "value", "-1e308", "0.0"}, {0, "value", "true", "0.0"},
        {1, "value", "6.2", "7"},  {1, "value", "\"9\"", "7"},    {2, "index", "null", "1"},
        {2, "index", "1.5", "1"},  {2, "index", "1e300", "2"},    {3, "value", "0", "true"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const jk_live_model *model = p->knobs[cases[i].knob].model;
        move(model, cases[i].key, cases[i].sent);
        json_t *state_now = json_object_get(data_of(1), "state");
        expect(json_incref(json_object_get(state_now, cases[i].key)), cases[i].stays);
    }
}

static void dust_is_wiped_off(void **state) {
    (void)state;
    const jk_live_panel *p = show(&panel);
    move(p->knobs[0].model, "value", "0.30000000000000004");
    assert_true(p->knobs[0].setting == 0.3);
    move(p->knobs[0].model, "value", "0.123456789");
    assert_true(p->knobs[0].setting == 0.123456789);
}

static void the_button_goes_back(void **state) {
    (void)state;
    const jk_live_panel *p = show(&panel);
    move(p->knobs[0].model, "value", "0.25");
    move(p->knobs[3].model, "value", "false");
    assert_int_equal(tell(p->button, "{\"method\":\"custom\",\"content\":{\"event\":\"click\"}}"),
                     3);
    html_is(p, ">7 0.5 5 1 1<");
    expect(json_incref(json_object_get(p->knobs[3].model->state, "value")), "true");
}

static void player_and_knob_follow_each_other(void **state) {
    (void)state;
    const jk_panel played = {9, true, knobs + 1, 1};
    const jk_live_panel *p = show(&played);
    assert_int_equal(move(p->play, "value", "4"), 3);
    html_is(p, ">9 9<");
    expect(json_incref(json_object_get(p->knobs[0].model->state, "value")), "9");
    assert_int_equal(move(p->knobs[0].model, "value", "3"), 3);
    expect(json_incref(json_object_get(p->play->state, "value")), "1");
    assert_int_equal(move(p->play, "playing", "true"), 1);
    expect(json_incref(json_object_get(p->play->state, "playing")), "true");
    move(p->play, "value", "1e99");
    html_is(p, ">9 9<");
    move(p->play, "value", "\"x\"");
    html_is(p, ">9 9<");
}

/* ---- what comes next ------------------------------------------------------------------------ */

static jk_message *next;

static const jk_message *peek(void *self, size_t at) {
    (void)self;
    return at == 0 ? next : NULL;
}

static jk_message *update_of(const jk_live_model *model, const char *value) {
    char content[300];
    snprintf(content, sizeof content,
             "{\"comm_id\":\"%s\",\"data\":{\"method\":\"update\",\"state\":{\"value\":%s}}}",
             model->id, value);
    return request_of("comm_msg", content);
}

static void a_move_gives_way_to_the_next_of_its_panel(void **state) {
    (void)state;
    const jk_live_panel *other = show(&panel), *p = show(&panel);
    services.peek = peek;
    next = update_of(p->knobs[1].model, "9");
    assert_int_equal(move(p->knobs[0].model, "value", "0.25"), 1); /* the echo alone */
    assert_int_equal(turns, 0);
    jk_message *second = next;
    next = NULL;
    handle(second);
    html_is(p, ">7 0.25 9 1 1<");
    assert_int_equal(turns, 1);
    next = update_of(other->knobs[0].model, "0.1");
    assert_int_equal(move(p->knobs[0].model, "value", "0.75"), 2);
    jk_wire_free(next);
    next = request_of("execute_request", "{\"code\":\"\"}");
    assert_int_equal(move(p->knobs[0].model, "value", "0.5"), 2);
    jk_wire_free(next);
    next = NULL;
}

static void a_message_that_moves_is_known(void **state) {
    (void)state;
    const jk_live_panel *p = show(&panel);
    static const char *const values[] = {"0.25", "0.5", "\"x\"", "null"};
    for (size_t i = 0; i < 4; i++) {
        jk_message *message = update_of(p->knobs[0].model, values[i]);
        assert_int_equal(jk_live_is_move(&services, message), i == 0);
        jk_wire_free(message);
    }
    jk_message *cell = request_of("execute_request", "{\"code\":\"\"}");
    assert_false(jk_live_is_move(&services, cell));
    jk_wire_free(cell);
    jk_message *stranger = request_of("comm_msg", "{\"comm_id\":5}");
    assert_false(jk_live_is_move(&services, stranger));
    jk_wire_free(stranger);
}

static void a_closed_model_is_forgotten(void **state) {
    (void)state;
    char content[100];
    const jk_live_panel *p = show(&panel);
    snprintf(content, sizeof content, "{\"comm_id\":\"%s\",\"data\":{}}", p->html->id);
    ask("comm_close", content);
    expect_published("[]");
    assert_int_equal(move(p->knobs[0].model, "value", "0.25"), 1);
    assert_int_equal(move(p->html, "value", "1"), 0);
}

static void a_state_is_told_when_asked_for(void **state) {
    (void)state;
    const jk_live_panel *p = show(&panel);
    assert_int_equal(tell(p->html, "{\"method\":\"request_state\"}"), 1);
    assert_true(json_equal(json_object_get(data_of(0), "state"), p->html->state));
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(a_move_is_echoed_and_shown),
                                       TEST(what_does_not_move_does_not_run),
                                       TEST(wrong_values_come_back),
                                       TEST(dust_is_wiped_off),
                                       TEST(the_button_goes_back),
                                       TEST(player_and_knob_follow_each_other),
                                       TEST(a_move_gives_way_to_the_next_of_its_panel),
                                       TEST(a_message_that_moves_is_known),
                                       TEST(a_closed_model_is_forgotten),
                                       TEST(a_state_is_told_when_asked_for)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
