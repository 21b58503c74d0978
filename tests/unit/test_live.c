/* SPDX-License-Identifier: BSD-3-Clause */
/* Panels come, go, and are told. */
#include "live.h"

#include "live_desk.h"

static const jk_panel panel = {7, false, knobs, 4};

static const char *type_of(size_t i) {
    return json_string_value(json_array_get(json_array_get(published, i), 0));
}

static void models_are_opened_and_then_shown(void **state) {
    (void)state;
    const jk_live_panel *p = show(&panel);
    assert_int_equal(json_array_size(published), p->model_count + 1);
    for (size_t i = 0; i < p->model_count; i++) {
        assert_string_equal(type_of(i), "comm_open");
        assert_true(json_equal(json_object_get(data_of(i), "state"), p->models[i]->state));
    }
    assert_string_equal(type_of(p->model_count), "display_data");
    const json_t *view = json_object_get(data_of(p->model_count), JK_WIDGET_VIEW);
    assert_string_equal(json_string_value(json_object_get(view, "model_id")),
                        p->models[p->model_count - 1]->id);
}

static void the_oldest_is_taken_away(void **state) {
    (void)state;
    char oldest[JK_ID_UUID];
    strcpy(oldest, show(&panel)->models[0]->id);
    for (int i = 1; i < JK_LIVE_MOST; i++) {
        show(&panel);
    }
    assert_non_null(jk_comm_find(services.comms, jk_span_of(oldest)));
    const jk_live_panel *p = show(&panel);
    assert_null(jk_comm_find(services.comms, jk_span_of(oldest)));
    assert_int_equal(services.live->count, JK_LIVE_MOST);
    assert_string_equal(type_of(p->model_count), "comm_close");
    assert_string_equal(type_of(2 * p->model_count), "display_data");
}

static void a_change_is_one_update(void **state) {
    (void)state;
    jk_live_panel *p = show(&panel);
    jk_live_change(&services, p->html, json_pack("{s:s}", "value", "next"));
    jk_live_change(&services, p->html, NULL);
    take_published();
    assert_int_equal(json_array_size(published), 1);
    expect(json_incref((json_t *)(uintptr_t)data_of(0)),
           "{\"buffer_paths\":[],\"method\":\"update\",\"state\":{\"value\":\"next\"}}");
    assert_string_equal(text_of(p->html, "value"), "next");
    p->html->comm = NULL; /* closed by the front end */
    jk_live_change(&services, p->html, json_pack("{s:s}", "value", "last"));
    take_published();
    expect_published("[]");
    assert_string_equal(text_of(p->html, "value"), "last");
}

static void a_page_is_told_all_models(void **state) {
    (void)state;
    const jk_live_panel *p = show(&panel);
    ask("comm_open", "{\"comm_id\":\"c\",\"target_name\":\"jupyter.widget.control\",\"data\":{}}");
    expect_published("[]");
    ask("comm_msg", "{\"comm_id\":\"c\",\"data\":{\"method\":\"request_states\"}}");
    const json_t *states = json_object_get(data_of(0), "states");
    assert_int_equal(json_object_size(states), p->model_count);
    const json_t *box = json_object_get(states, p->models[p->model_count - 1]->id);
    assert_string_equal(json_string_value(json_object_get(box, "model_name")), "VBoxModel");
    assert_true(json_equal(json_object_get(box, "state"), p->models[p->model_count - 1]->state));
    ask("comm_msg", "{\"comm_id\":\"c\",\"data\":{\"method\":\"dance\"}}");
    expect_published("[]");
}

static void without_panels_nothing_is_controlled(void **state) {
    (void)state;
    jk_live *live = services.live;
    services.live = NULL;
    ask("comm_open", "{\"comm_id\":\"c\",\"target_name\":\"jupyter.widget.control\",\"data\":{}}");
    expect_published("[[\"comm_close\",{\"comm_id\":\"c\",\"data\":{}}]]");
    services.live = live;
    jk_live_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(models_are_opened_and_then_shown),
                                       TEST(the_oldest_is_taken_away), TEST(a_change_is_one_update),
                                       TEST(a_page_is_told_all_models),
                                       TEST(without_panels_nothing_is_controlled)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
