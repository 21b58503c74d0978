/* SPDX-License-Identifier: BSD-3-Clause */
/* What a panel shows, as HTML for one widget. An engine puts it out as it does the outputs of a
 * cell; here they become one text in the order they came. */
#ifndef JK_SCENE_H
#define JK_SCENE_H

#include "bytes.h"
#include "engine.h"
#include "gate.h"

#define JK_SCENE_LIMIT ((size_t)20 << 20) /* bytes; the rest is left out and a sentence says so */

typedef struct jk_scene {
    const jk_gate *gate;
    jk_bytes html;
    bool is_text;   /* printed text is being written */
    bool is_stale;  /* to be cleared before the next output */
    bool is_cut;    /* the limit was reached */
    bool is_failed; /* an error was put out */
} jk_scene;

/* An empty scene; free its html with jk_scene_free. */
void jk_scene_open(jk_scene *scene, const jk_gate *gate);

/* Where an engine puts things; valid as long as the scene. */
jk_out jk_scene_out(jk_scene *scene);

/* What was put out so far. Valid until the next output. */
jk_span jk_scene_html(jk_scene *scene);

void jk_scene_free(jk_scene *scene);

#endif
