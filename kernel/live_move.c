/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages of a front end to the models of panels. */
#include "live.h"

#include "bundle.h"
#include "scene.h"

#include <math.h>
#include <stdint.h>

/* ---- the run -------------------------------------------------------------------------------- */

static const jk_live_model *model_of(const jk_services *services, const jk_message *message) {
    const json_t *id = json_object_get(message->content, "comm_id");
    if (strcmp(message->type, "comm_msg") != 0 || !json_is_string(id)) {
        return NULL;
    }
    const jk_comm *comm =
        jk_comm_find(services->comms, jk_span_make(json_string_value(id), json_string_length(id)));
    return comm && comm->target == &jk_live_models ? comm->owner : NULL;
}

/* Whether the next message is for the same panel: it will run it then, with the settings of both.
 */
static bool is_superseded(const jk_services *services, const jk_live_panel *panel) {
    const jk_message *next = services->peek ? services->peek(services->peek_self, 0) : NULL;
    const jk_live_model *model = next ? model_of(services, next) : NULL;
    return model && model->panel == panel && json_is_object(json_object_get(next->content, "data"));
}

static void show_again(jk_services *services, jk_live_panel *panel) {
    double settings[JK_LIVE_KNOBS];
    jk_scene scene;
    if (!panel->is_stale || is_superseded(services, panel)) {
        return;
    }
    for (size_t i = 0; i < panel->count; i++) {
        settings[i] = panel->knobs[i].setting;
    }
    const jk_turn turn = {panel->number, settings, panel->count};
    jk_scene_open(&scene, services->gate);
    const jk_out out = jk_scene_out(&scene);
    services->engine->turn(services->engine->self, &turn, &out);
    panel->is_stale = false;
    json_t *html = jk_bundle_string(jk_scene_html(&scene));
    if (html && !scene.html.failed &&
        !json_equal(html, json_object_get(panel->html->state, "value"))) {
        jk_live_change(services, panel->html, json_pack("{s:O}", "value", html));
    }
    json_decref(html);
    jk_scene_free(&scene);
}

/* ---- settings ------------------------------------------------------------------------------- */

/* Sliders count in steps from their lower end, and 10 comes back as 10.000000000000002. */
static double without_dust(const jk_live_knob *knob, double v) {
    double power = 1;
    while (power * knob->step < 1e4 && power < 1e15) {
        power *= 10;
    }
    double clean = round(v * power) / power;
    return fabs(v) < 1e15 / power && fabs(clean - v) < 1e-9 * knob->step ? clean : v;
}

/* The setting a value of the front end means, as near as the knob comes to it. */
static bool read_setting(const jk_live_knob *knob, const json_t *value, double *setting) {
    if (knob->kind == JK_KNOB_SWITCH) {
        *setting = json_is_true(value);
        return json_is_boolean(value);
    }
    if (!json_is_number(value)) {
        return false;
    }
    double v = json_number_value(value);
    double lo = knob->kind == JK_KNOB_CHOICES ? 0 : knob->lo;
    double hi = knob->kind == JK_KNOB_CHOICES ? (double)knob->count - 1 : knob->hi;
    v = v < lo ? lo : v > hi ? hi : v;
    if (knob->kind == JK_KNOB_STEPS) {
        v = fmin(knob->lo + round((v - knob->lo) / knob->step) * knob->step, hi);
    } else if (knob->kind == JK_KNOB_CHOICES) {
        v = floor(v);
    } else {
        v = without_dust(knob, v);
    }
    *setting = v;
    return true;
}

static const char *key_of(const jk_live_knob *knob) {
    return knob->kind == JK_KNOB_CHOICES ? "index" : "value";
}

bool jk_live_is_move(const jk_services *services, const jk_message *message) {
    const jk_live_model *model = model_of(services, message);
    const json_t *data = json_object_get(message->content, "data");
    const json_t *state = json_object_get(data, "state");
    const jk_live_panel *panel = model ? model->panel : NULL;
    double setting;
    if (panel && (model == panel->button || model == panel->play)) {
        return json_object_get(data, model == panel->play ? "state" : "content") != NULL;
    }
    for (size_t i = 0; panel && i < panel->count; i++) {
        const jk_live_knob *knob = &panel->knobs[i];
        if (knob->model == model &&
            read_setting(knob, json_object_get(state, key_of(knob)), &setting)) {
            return setting != knob->setting;
        }
    }
    return false;
}

static bool is_near(const jk_live_knob *knob, const json_t *value) {
    if (knob->kind == JK_KNOB_SWITCH || !json_is_number(value)) {
        return knob->kind == JK_KNOB_SWITCH && json_is_boolean(value);
    }
    double off = fabs(json_number_value(value) - knob->setting);
    return off <= 1e-9 * (knob->kind == JK_KNOB_CHOICES ? 1 : fabs(knob->step));
}

/* Where the player stands, after its knob was moved, and the other way round. */
static void follow(jk_services *services, jk_live_panel *panel, const jk_live_model *moved) {
    if (panel->play && moved == panel->knobs[0].model) {
        jk_live_change(services, panel->play, jk_live_played(&panel->knobs[0]));
    } else if (panel->play && moved == panel->play) {
        jk_live_change(services, panel->knobs[0].model, jk_live_position(&panel->knobs[0]));
    }
}

static void move_knob(jk_services *services, jk_live_knob *knob, const json_t *value) {
    jk_live_panel *panel = knob->model->panel;
    double setting;
    if (!read_setting(knob, value, &setting)) {
        setting = knob->setting;
    }
    bool is_moved = setting != knob->setting;
    knob->setting = setting;
    json_t *position = jk_live_position(knob);
    if (is_near(knob, value)) {
        json_object_update(knob->model->state, position);
        json_decref(position);
    } else {
        jk_live_change(services, knob->model, position);
    }
    if (is_moved) {
        panel->is_stale = true;
        follow(services, panel, knob->model);
    }
}

static void move_play(jk_services *services, jk_live_panel *panel, const json_t *state) {
    static const char *const switches[] = {"playing", "repeat", "_playing", "_repeat"};
    const json_t *value = json_object_get(state, "value");
    json_t *own = panel->play->state;
    for (size_t i = 0; i < 4; i++) {
        json_t *is_on = json_object_get(state, switches[i]);
        if (json_is_boolean(is_on) && json_object_get(own, switches[i])) {
            json_object_set(own, switches[i], is_on);
        }
    }
    if (!json_is_number(value)) {
        return;
    }
    jk_live_knob *knob = &panel->knobs[0];
    double last = (double)jk_live_places(knob) - 1, at = round(json_number_value(value));
    at = at < 0 ? 0 : at > last ? last : at;
    double setting = knob->kind == JK_KNOB_STEPS ? fmin(knob->lo + at * knob->step, knob->hi) : at;
    panel->is_stale = panel->is_stale || setting != knob->setting;
    knob->setting = setting;
    json_object_set_new(own, "value", json_integer((json_int_t)at));
    follow(services, panel, panel->play);
}

static void go_to_start(jk_services *services, jk_live_panel *panel) {
    for (size_t i = 0; i < panel->count; i++) {
        jk_live_knob *knob = &panel->knobs[i];
        if (knob->setting != knob->start) {
            knob->setting = knob->start;
            panel->is_stale = true;
            jk_live_change(services, knob->model, jk_live_position(knob));
            follow(services, panel, knob->model);
        }
    }
}

/* ---- messages ------------------------------------------------------------------------------- */

/* The keys of an update that the model has, sent back at once: a second page follows the first by
 * them, and the page that sent them waits for them. */
static void echo(jk_services *services, const jk_live_model *model, json_t *state) {
    json_t *known = json_object();
    const char *key;
    json_t *value;
    json_object_foreach(state, key, value) {
        if (json_object_get(model->state, key)) {
            json_object_set(known, key, value);
        }
    }
    jk_comm_tell(
        services, model->comm,
        json_pack("{s:s,s:o,s:[]}", "method", "echo_update", "state", known, "buffer_paths"), NULL,
        0);
}

static void apply(jk_services *services, jk_live_model *model, json_t *state) {
    jk_live_panel *panel = model->panel;
    if (!json_is_object(state)) {
        return;
    }
    echo(services, model, state);
    if (model == panel->play) {
        move_play(services, panel, state);
    }
    for (size_t i = 0; i < panel->count; i++) {
        jk_live_knob *knob = &panel->knobs[i];
        const json_t *value = json_object_get(state, key_of(knob));
        if (knob->model == model && value) {
            move_knob(services, knob, value);
        }
    }
}

static void tell_state(jk_services *services, const jk_live_model *model) {
    jk_comm_tell(
        services, model->comm,
        json_pack("{s:s,s:O,s:[]}", "method", "update", "state", model->state, "buffer_paths"),
        NULL, 0);
}

static void hear(jk_request *request, jk_comm *comm, const json_t *data) {
    jk_live_model *model = comm->owner;
    jk_live_panel *panel = model->panel;
    const char *method = json_string_value(json_object_get(data, "method"));
    if (method && strcmp(method, "update") == 0) {
        apply(request->services, model, json_object_get(data, "state"));
    } else if (method && strcmp(method, "request_state") == 0) {
        tell_state(request->services, model);
    } else if (method && strcmp(method, "custom") == 0 && model == panel->button) {
        const json_t *content = json_object_get(data, "content");
        const char *event = json_string_value(json_object_get(content, "event"));
        if (event && strcmp(event, "click") == 0) {
            go_to_start(request->services, panel);
        }
    }
    show_again(request->services, panel);
}

static void forget(jk_comm *comm) {
    jk_live_model *model = comm->owner;
    model->comm = NULL;
}

const jk_comm_target jk_live_models = {"jupyter.widget", NULL, hear, forget};
