/* SPDX-License-Identifier: BSD-3-Clause */
/* Live sliders: the panels of the engine as widgets of the front end. A panel is a box with one
 * HTML widget, which holds all that its code shows, a control for each knob and a button that puts
 * the controls back. When a control is moved, the engine runs the panel's code and the HTML
 * changes, by one message; when the next message moves the same panel, its run is the one that
 * counts.
 *
 * The front end is told what the models are when it asks through jupyter.widget.control, which it
 * does when a page is loaded again. */
#ifndef JK_LIVE_H
#define JK_LIVE_H

#include "comm.h"
#include "widget.h"

#define JK_LIVE_MOST 64 /* panels at once; the widgets of the oldest are taken away */

typedef struct jk_live jk_live;

/* No panels yet, and models of this generation. NULL: out of memory. */
jk_live *jk_live_new(jk_widget_generation generation);

/* The comms stay with their table. NULL is allowed. */
void jk_live_free(jk_live *live);

/* Opens the models of a panel that shows `html` at first, children before parents, then publishes
 * the view. False: out of memory, and no view. */
bool jk_live_show(jk_services *services, const jk_panel *panel, jk_span html);

/* Whether a message moves a panel: not where a front end only says where a control stands. */
bool jk_live_is_move(const jk_services *services, const jk_message *message);

/* The targets jupyter.widget and jupyter.widget.control. */
extern const jk_comm_target jk_live_models, jk_live_control;

/* ---- between the files of live -------------------------------------------------------------- */

#define JK_LIVE_KNOBS 16

/* One widget. The comm is NULL once the front end closed it. */
typedef struct jk_live_model {
    struct jk_live_panel *panel;
    char id[JK_ID_UUID]; /* without its dashes */
    jk_comm *comm;
    jk_widget_kind kind;
    json_t *state;
} jk_live_model;

/* What a control stands for. */
typedef struct jk_live_knob {
    jk_knob_kind kind;
    double lo, hi, step, start, setting;
    size_t count;
    jk_live_model *model;
} jk_live_knob;

typedef struct jk_live_panel {
    jk_live *live;
    unsigned long long number;
    jk_live_model *models[3 * JK_LIVE_KNOBS];
    size_t model_count;
    jk_live_knob knobs[JK_LIVE_KNOBS];
    size_t count;
    jk_live_model *html, *button, *play; /* play: NULL unless the panel moves by itself */
    bool is_stale;                       /* what it shows is not what its settings are */
} jk_live_panel;

struct jk_live {
    jk_widget_generation generation;
    jk_live_panel *panels[JK_LIVE_MOST]; /* the oldest first */
    size_t count;
};

/* Makes the models of a panel without opening them; all null in *to before. False without memory,
 * or where there are more knobs than JK_LIVE_KNOBS. */
bool jk_live_build(jk_live_panel *to, const jk_panel *panel, jk_span html);

/* Publishes the changes of a model: an update of these keys. `keys` is consumed and also set. */
void jk_live_change(jk_services *services, jk_live_model *model, json_t *keys);

/* The state of a control that stands at a setting: {key: value}; the same for the player. */
json_t *jk_live_position(const jk_live_knob *knob);
json_t *jk_live_played(const jk_live_knob *knob);

/* How many places a knob has to stand at; 0: any number of them. */
size_t jk_live_places(const jk_live_knob *knob);

#endif
