/* SPDX-License-Identifier: BSD-3-Clause */
/* The panels there are: opening their models, taking them away, telling a front end all of them. */
#include "live.h"

#include "spare.h"

#include <stdlib.h>

jk_live *jk_live_new(jk_widget_generation generation) {
    jk_live *live = jk_spare_zero(1, sizeof *live);
    if (live) {
        live->generation = generation;
    }
    return live;
}

static void free_panel(jk_live_panel *panel) {
    for (size_t i = 0; panel && i < panel->model_count; i++) {
        json_decref(panel->models[i]->state);
        free(panel->models[i]);
    }
    free(panel);
}

void jk_live_free(jk_live *live) {
    for (size_t i = 0; live && i < live->count; i++) {
        free_panel(live->panels[i]);
    }
    free(live);
}

/* ---- opening -------------------------------------------------------------------------------- */

/* Parents first, so that no front end is left with a box of nothing. */
static void close_models(jk_services *services, jk_live_panel *panel) {
    for (size_t i = panel->model_count; i-- > 0;) {
        jk_comm_end(services, panel->models[i]->comm);
        panel->models[i]->comm = NULL;
    }
}

static bool open_models(jk_services *services, jk_live_panel *panel) {
    for (size_t i = 0; i < panel->model_count; i++) {
        jk_live_model *model = panel->models[i];
        json_t *data = json_pack("{s:O,s:[]}", "state", model->state, "buffer_paths");
        model->comm = jk_comm_create(services, &jk_live_models, model->id, model, data,
                                     "{\"version\":\"2.1.0\"}");
        if (!model->comm) {
            return false;
        }
    }
    return true;
}

static void drop_oldest(jk_services *services) {
    jk_live *live = services->live;
    close_models(services, live->panels[0]);
    free_panel(live->panels[0]);
    live->count--;
    memmove(&live->panels[0], &live->panels[1], live->count * sizeof(jk_live_panel *));
}

/* Where there are no widgets, nothing is shown in their place: what the panel shows follows as a
 * display of its own, for everybody who keeps or prints the notebook. Pages get an empty form; of
 * plain text there is none, because a console would print its empty line. */
static void publish_view(jk_services *services, const jk_live_model *box) {
    json_t *content = json_pack("{s:{s:{s:i,s:i,s:s},s:s,s:s},s:{},s:{}}", "data", JK_WIDGET_VIEW,
                                "version_major", 2, "version_minor", 0, "model_id", box->id,
                                "text/html", "", "text/latex", "", "metadata", "transient");
    jk_post_publish(services->post, "display_data", content);
    json_decref(content);
}

bool jk_live_show(jk_services *services, const jk_panel *from, jk_span html) {
    jk_live *live = services->live;
    jk_live_panel *panel = jk_spare_zero(1, sizeof *panel);
    if (!panel) {
        return false;
    }
    panel->live = live;
    if (!jk_live_build(panel, from, html) || !open_models(services, panel)) {
        close_models(services, panel);
        free_panel(panel);
        return false;
    }
    if (live->count == JK_LIVE_MOST) {
        drop_oldest(services);
    }
    live->panels[live->count++] = panel;
    publish_view(services, panel->models[panel->model_count - 1]);
    return true;
}

/* ---- telling -------------------------------------------------------------------------------- */

void jk_live_change(jk_services *services, jk_live_model *model, json_t *keys) {
    if (keys && json_object_update(model->state, keys) == 0 && model->comm) {
        json_t *data =
            json_pack("{s:s,s:O,s:[]}", "method", "update", "state", keys, "buffer_paths");
        jk_comm_tell(services, model->comm, data, NULL, 0);
    }
    json_decref(keys);
}

/* A model as update_states has it. */
static json_t *describe(const jk_live_model *model) {
    json_t *state = model->state;
    return json_pack("{s:O,s:O,s:O,s:O}", "model_name", json_object_get(state, "_model_name"),
                     "model_module", json_object_get(state, "_model_module"),
                     "model_module_version", json_object_get(state, "_model_module_version"),
                     "state", state);
}

static void hear_control(jk_request *request, jk_comm *comm, const json_t *data) {
    const jk_live *live = request->services->live;
    const char *method = json_string_value(json_object_get(data, "method"));
    if (!live || !method || strcmp(method, "request_states") != 0) {
        return;
    }
    json_t *states = json_object();
    for (size_t i = 0; i < live->count; i++) {
        const jk_live_panel *panel = live->panels[i];
        for (size_t m = 0; m < panel->model_count; m++) {
            if (panel->models[m]->comm) {
                json_object_set_new(states, panel->models[m]->id, describe(panel->models[m]));
            }
        }
    }
    jk_comm_tell(
        request->services, comm,
        json_pack("{s:s,s:o,s:[]}", "method", "update_states", "states", states, "buffer_paths"),
        NULL, 0);
}

static bool open_control(jk_request *request, jk_comm *comm) {
    (void)comm;
    return request->services->live != NULL;
}

const jk_comm_target jk_live_control = {"jupyter.widget.control", open_control, hear_control, NULL};
