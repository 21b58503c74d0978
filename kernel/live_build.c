/* SPDX-License-Identifier: BSD-3-Clause */
/* The models of a panel: layouts and styles, controls, the box around them. */
#include "live.h"

#include "bundle.h"
#include "spare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SECONDS = 4, FASTEST = 125, SLOWEST = 500 /* ms between the steps of an animation */ };

/* ---- settings as the widgets have them ------------------------------------------------------ */

static bool is_whole(double v) {
    return v == floor(v) && fabs(v) < 1e15;
}

static bool is_int(const jk_live_knob *knob) {
    return knob->kind == JK_KNOB_STEPS && is_whole(knob->lo) && is_whole(knob->step);
}

static json_t *number(const jk_live_knob *knob, double v) {
    return is_int(knob) ? json_integer((json_int_t)v) : json_real(v);
}

size_t jk_live_places(const jk_live_knob *knob) {
    switch (knob->kind) {
    case JK_KNOB_STEPS:
        return (size_t)((knob->hi - knob->lo) / knob->step + 1.5);
    case JK_KNOB_CHOICES:
        return knob->count;
    default:
        return 0;
    }
}

json_t *jk_live_position(const jk_live_knob *knob) {
    switch (knob->kind) {
    case JK_KNOB_CHOICES:
        return json_pack("{s:I}", "index", (json_int_t)knob->setting);
    case JK_KNOB_SWITCH:
        return json_pack("{s:b}", "value", knob->setting != 0);
    default:
        return json_pack("{s:o}", "value", number(knob, knob->setting));
    }
}

json_t *jk_live_played(const jk_live_knob *knob) {
    double at =
        knob->kind == JK_KNOB_STEPS ? (knob->setting - knob->lo) / knob->step + 0.5 : knob->setting;
    return json_pack("{s:I}", "value", (json_int_t)at);
}

/* ---- one model ------------------------------------------------------------------------------ */

static jk_live_model *add_model(jk_live_panel *p, jk_widget_kind kind) {
    jk_live_model *model = NULL;
    if (p->model_count < sizeof p->models / sizeof *p->models) {
        model = jk_spare_zero(1, sizeof *model);
    }
    char uuid[JK_ID_UUID];
    if (!model || !jk_id_uuid(uuid) ||
        !(model->state = jk_widget_state(kind, p->live->generation))) {
        free(model);
        return NULL;
    }
    for (size_t from = 0, to = 0; from < sizeof uuid; from++) {
        if (uuid[from] != '-') {
            model->id[to++] = uuid[from];
        }
    }
    model->panel = p;
    model->kind = kind;
    p->models[p->model_count++] = model;
    return model;
}

static bool set(jk_live_model *model, const char *key, json_t *value) {
    return value && json_object_set_new(model->state, key, value) == 0;
}

static json_t *reference(const jk_live_model *model) {
    return json_sprintf("IPY_MODEL_%s", model->id);
}

/* The model of this kind that all controls of the panel share. */
static jk_live_model *shared(jk_live_panel *p, jk_widget_kind kind) {
    for (size_t i = 0; i < p->model_count; i++) {
        if (p->models[i]->kind == kind) {
            return p->models[i];
        }
    }
    return add_model(p, kind);
}

/* A control with its style and a layout. */
static jk_live_model *add_control(jk_live_panel *p, jk_widget_kind kind, jk_live_model *layout) {
    jk_widget_kind style = jk_widget_style(kind, p->live->generation);
    jk_live_model *dressed = style == JK_WIDGET_KINDS ? NULL : shared(p, style);
    if (style != JK_WIDGET_KINDS && !dressed) {
        return NULL;
    }
    jk_live_model *model = add_model(p, kind);
    bool ok = model && set(model, "layout", reference(layout)) &&
              (!dressed || set(model, "style", reference(dressed)));
    return ok ? model : NULL;
}

/* ---- controls ------------------------------------------------------------------------------- */

/* As many digits behind the point as the numbers have, at most 8. */
static void format_of(const jk_live_knob *knob, char format[8]) {
    double power = 1;
    for (int digits = 0; digits <= 8; digits++, power *= 10) {
        double of[] = {knob->lo * power, knob->step * power, knob->start * power};
        bool is_enough = true;
        for (size_t i = 0; i < 3; i++) {
            is_enough = is_enough && fabs(of[i] - round(of[i])) <= 1e-9 * fmax(1, fabs(of[i]));
        }
        if (is_enough && fabs(of[1]) >= 0.5) {
            snprintf(format, 8, ".%cf", '0' + digits);
            return;
        }
    }
    snprintf(format, 8, ".4g");
}

static jk_widget_kind kind_of(const jk_live_knob *knob, const jk_knob *from) {
    switch (knob->kind) {
    case JK_KNOB_SWITCH:
        return JK_WIDGET_CHECKBOX;
    case JK_KNOB_CHOICES:
        return from->ordered ? JK_WIDGET_SELECTION_SLIDER : JK_WIDGET_DROPDOWN;
    default:
        return is_int(knob) ? JK_WIDGET_INT_SLIDER : JK_WIDGET_FLOAT_SLIDER;
    }
}

static bool set_reach(jk_live_model *model, const jk_live_knob *knob, const jk_knob *from) {
    char format[8];
    if (knob->kind == JK_KNOB_CHOICES) {
        json_t *labels = json_array();
        bool ok = labels != NULL;
        for (size_t i = 0; ok && i < from->count; i++) {
            ok = json_array_append_new(labels, jk_bundle_string(jk_span_of(from->labels[i]))) == 0;
        }
        return set(model, "_options_labels", labels) && ok;
    }
    if (knob->kind == JK_KNOB_SWITCH) {
        return true;
    }
    format_of(knob, format);
    return set(model, "min", number(knob, knob->lo)) && set(model, "max", number(knob, knob->hi)) &&
           set(model, "step", number(knob, knob->step)) &&
           (is_int(knob) || set(model, "readout_format", json_string(format)));
}

static bool add_knob(jk_live_panel *p, const jk_knob *from, jk_live_model *layout) {
    jk_live_knob *knob = &p->knobs[p->count];
    *knob = (jk_live_knob){from->kind,  from->lo,    from->hi,    from->step,
                           from->start, from->start, from->count, NULL};
    knob->model = add_control(p, kind_of(knob, from), layout);
    if (!knob->model || !set_reach(knob->model, knob, from)) {
        return false;
    }
    p->count++;
    json_t *position = jk_live_position(knob);
    bool ok = position && json_object_update(knob->model->state, position) == 0 &&
              set(knob->model, "description", jk_bundle_string(jk_span_of(from->name)));
    json_decref(position);
    return ok;
}

/* The player counts the places of the first knob. */
static bool add_play(jk_live_panel *p, jk_live_model *layout) {
    size_t places = jk_live_places(&p->knobs[0]);
    size_t pause = places ? (size_t)SECONDS * 1000 / places : 0;
    if (places < 2) {
        return true;
    }
    pause = pause < FASTEST ? FASTEST : pause > SLOWEST ? SLOWEST : pause;
    p->play = add_control(p, JK_WIDGET_PLAY, layout);
    json_t *position = p->play ? jk_live_played(&p->knobs[0]) : NULL;
    bool ok = position && json_object_update(p->play->state, position) == 0 &&
              set(p->play, "max", json_integer((json_int_t)places - 1)) &&
              set(p->play, "interval", json_integer((json_int_t)pause)) &&
              set(p->play, "show_repeat", json_false());
    json_decref(position);
    return ok;
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* Names side by side take as much room as the longest needs. */
static bool set_widths(jk_live_panel *p, const jk_panel *panel) {
    size_t longest = 3;
    for (size_t i = 0; i < panel->count; i++) {
        size_t letters = 0;
        for (const char *c = panel->knobs[i].name; *c; c++) {
            letters += ((unsigned char)*c & 0xC0) != 0x80;
        }
        longest = letters > longest ? letters : longest;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < p->model_count; i++) {
        if (json_object_get(p->models[i]->state, "description_width")) {
            ok = set(p->models[i], "description_width", json_sprintf("%zuch", longest + 1));
        }
    }
    return ok;
}

static bool append(json_t *children, const jk_live_model *model) {
    return model && json_array_append_new(children, reference(model)) == 0;
}

/* The first knob stands beside the player, if there is one. */
static bool add_box(jk_live_panel *p, jk_live_model *layout) {
    json_t *children = json_array(), *row = json_array();
    bool ok = children && row && append(children, p->html);
    if (ok && p->play) {
        jk_live_model *side = add_control(p, JK_WIDGET_HBOX, layout);
        ok = append(row, p->play) && append(row, p->knobs[0].model) && side &&
             set(side, "children", json_incref(row)) && append(children, side);
    }
    for (size_t i = p->play ? 1 : 0; ok && i < p->count; i++) {
        ok = append(children, p->knobs[i].model);
    }
    ok = ok && append(children, p->button);
    jk_live_model *box = ok ? add_control(p, JK_WIDGET_VBOX, layout) : NULL;
    ok = box && set(box, "children", json_incref(children)) &&
         set(box, "_dom_classes", json_pack("[s]", "dw-live"));
    json_decref(children);
    json_decref(row);
    return ok;
}

bool jk_live_build(jk_live_panel *p, const jk_panel *panel, jk_span html) {
    if (panel->count > JK_LIVE_KNOBS) {
        return false;
    }
    jk_live_model *plain = add_model(p, JK_WIDGET_LAYOUT);
    jk_live_model *wide = plain ? add_model(p, JK_WIDGET_LAYOUT) : NULL;
    if (!wide || !set(wide, "width", json_string("30em")) ||
        !set(wide, "max_width", json_string("100%"))) {
        return false;
    }
    p->number = panel->number;
    for (size_t i = 0; i < panel->count; i++) {
        if (!add_knob(p, &panel->knobs[i], wide)) {
            return false;
        }
    }
    if (panel->plays && panel->count > 0 && !add_play(p, plain)) {
        return false;
    }
    jk_live_model *small = add_model(p, JK_WIDGET_LAYOUT);
    p->button = small ? add_control(p, JK_WIDGET_BUTTON, small) : NULL;
    bool ok = p->button && set(small, "width", json_string("7em")) &&
              set(p->button, "description", json_string("reset")) &&
              set(p->button, "icon", json_string("undo")) &&
              set(p->button, "tooltip", json_string("put the sliders back to their start")) &&
              set_widths(p, panel);
    p->html = ok ? add_control(p, JK_WIDGET_HTML, plain) : NULL;
    return p->html && set(p->html, "value", jk_bundle_string(html)) && add_box(p, plain);
}
