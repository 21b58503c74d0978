/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests of live sliders: a panel on a desk, and an engine that prints its settings. */
#ifndef LIVE_DESK_H
#define LIVE_DESK_H

#include "desk.h"

static int turns;

static bool print_settings(void *self, const jk_turn *turn, const jk_out *out) {
    char line[200];
    size_t len = (size_t)snprintf(line, sizeof line, "%llu", turn->panel);
    (void)self;
    turns++;
    for (size_t i = 0; i < turn->count; i++) {
        len += (size_t)snprintf(line + len, sizeof line - len, " %g", turn->settings[i]);
    }
    out->stream(out->self, JK_STDOUT, line, len);
    return true;
}

static const char *const choices[] = {"x", "y", "z"};

/* A knob of each kind: 0.5 in 0 … 1, 5 in 1, 3 … 9, "y", on. */
static const jk_knob knobs[] = {
    {"range", JK_KNOB_RANGE, 0, 1, 0.01, NULL, 0, false, 0.5},
    {"steps", JK_KNOB_STEPS, 1, 9, 2, NULL, 0, false, 5},
    {"choice", JK_KNOB_CHOICES, 0, 0, 0, choices, 3, false, 1},
    {"switch", JK_KNOB_SWITCH, 0, 0, 0, NULL, 0, false, 1},
};

/* Shows a panel and forgets what was published for it. */
static inline jk_live_panel *show(const jk_panel *panel) {
    engine.turn = print_settings;
    turns = 0;
    assert_true(jk_live_show(&services, panel, jk_span_of("first")));
    take_published();
    return services.live->panels[services.live->count - 1];
}

static inline const char *text_of(const jk_live_model *model, const char *key) {
    const char *text = json_string_value(json_object_get(model->state, key));
    return text ? text : "";
}

/* The i-th of what was published last: of a comm_msg its data. */
static inline const json_t *data_of(size_t i) {
    return json_object_get(json_array_get(json_array_get(published, i), 1), "data");
}

/* Sends data to a model; how many messages came back. */
static inline size_t tell(const jk_live_model *model, const char *data) {
    char content[1000];
    snprintf(content, sizeof content, "{\"comm_id\":\"%s\",\"data\":%s}", model->id, data);
    assert_null(ask("comm_msg", content));
    return json_array_size(published);
}

static inline size_t move(const jk_live_model *model, const char *key, const char *value) {
    char data[500];
    snprintf(data, sizeof data, "{\"method\":\"update\",\"state\":{\"%s\":%s}}", key, value);
    return tell(model, data);
}

#endif
