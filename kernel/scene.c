/* SPDX-License-Identifier: BSD-3-Clause */
/* Outputs as one piece of HTML. */
#include "scene.h"

/* The lines of a widget are as high as a slider; text has its own height. */
#define TEXT "<pre style=\"margin:0;line-height:1.4;white-space:pre-wrap\">"
#define TROUBLE                                                                     \
    "<pre style=\"margin:0;line-height:1.4;white-space:pre-wrap;padding-left:.7em;" \
    "border-left:3px solid #d62728\">"

void jk_scene_open(jk_scene *scene, const jk_gate *gate) {
    *scene = (jk_scene){.gate = gate};
}

void jk_scene_free(jk_scene *scene) {
    jk_bytes_free(&scene->html);
}

/* ---- writing -------------------------------------------------------------------------------- */

static void end_text(jk_scene *s) {
    if (s->is_text) {
        jk_bytes_text(&s->html, "</pre>");
        s->is_text = false;
    }
}

static void clear(jk_scene *s) {
    jk_bytes_reset(&s->html, JK_SCENE_LIMIT);
    s->is_text = s->is_stale = s->is_cut = false;
}

/* Whether there is room for `len` more bytes. */
static bool begin(jk_scene *s, size_t len) {
    if (s->is_stale) {
        clear(s);
    }
    if (s->is_cut || (len <= JK_SCENE_LIMIT && s->html.len <= JK_SCENE_LIMIT - len)) {
        return !s->is_cut;
    }
    end_text(s);
    jk_bytes_text(&s->html, TROUBLE "more than a page can hold: show less of it</pre>");
    s->is_cut = true;
    return false;
}

static void escape(jk_bytes *to, const char *text, size_t len) {
    size_t from = 0;
    for (size_t i = 0; i < len; i++) {
        const char *word = text[i] == '<'   ? "&lt;"
                           : text[i] == '>' ? "&gt;"
                           : text[i] == '&' ? "&amp;"
                                            : NULL;
        if (word) {
            jk_bytes_add(to, text + from, i - from);
            jk_bytes_text(to, word);
            from = i + 1;
        }
    }
    jk_bytes_add(to, text + from, len - from);
}

static void put_text(jk_scene *s, const char *text, size_t len) {
    if (begin(s, len)) {
        if (!s->is_text) {
            jk_bytes_text(&s->html, TEXT);
            s->is_text = true;
        }
        escape(&s->html, text, len);
    }
}

static const jk_part *form_of(const jk_display *display, const char *mime) {
    for (size_t i = 0; i < display->count; i++) {
        if (strcmp(display->parts[i].mime, mime) == 0) {
            return &display->parts[i];
        }
    }
    return NULL;
}

/* ---- jk_out --------------------------------------------------------------------------------- */

static void out_stream(void *self, jk_stream stream, const char *text, size_t len) {
    (void)stream;
    put_text(self, text, len);
}

/* What changes in place, such as how far a training is, would be over before it was seen. */
static void out_display(void *self, const jk_display *display) {
    jk_scene *s = self;
    const jk_part *html = form_of(display, "text/html");
    const jk_part *plain = form_of(display, "text/plain");
    if (display->display_id) {
        return;
    }
    if (html && begin(s, html->len)) {
        end_text(s);
        jk_bytes_add(&s->html, html->bytes, html->len);
    } else if (!html && plain) {
        put_text(s, plain->bytes, plain->len);
        put_text(s, "\n", 1);
    }
}

static void out_update(void *self, const jk_display *display) {
    (void)self;
    (void)display;
}

static void out_error(void *self, const jk_failure *failure) {
    jk_scene *s = self;
    if (s->is_failed || !begin(s, failure->evalue.len)) {
        return;
    }
    end_text(s);
    s->is_failed = true;
    jk_bytes_text(&s->html, TROUBLE);
    escape(&s->html, failure->ename.bytes, failure->ename.len);
    jk_bytes_text(&s->html, ": ");
    for (size_t i = 0; i < failure->traceback_count; i++) {
        escape(&s->html, failure->traceback[i].bytes, failure->traceback[i].len);
        jk_bytes_text(&s->html, "\n");
    }
    jk_bytes_text(&s->html, "</pre>");
}

static void out_clear(void *self, bool wait) {
    jk_scene *s = self;
    if (wait) {
        s->is_stale = true;
    } else {
        clear(s);
    }
}

static void out_page(void *self, const char *text, size_t len) {
    put_text(self, text, len);
}

/* A slider has no cell to put text behind, and nobody wants to be asked while moving it. */
static void out_next_input(void *self, const char *text, size_t len) {
    (void)self;
    (void)text;
    (void)len;
}

static jk_ask out_ask(void *self, jk_span question, bool is_hidden, jk_bytes *answer) {
    (void)self;
    (void)question;
    (void)is_hidden;
    (void)answer;
    return JK_ASK_NOBODY;
}

static bool out_cancelled(void *self) {
    const jk_scene *s = self;
    return jk_gate_is_cancelled(s->gate);
}

static void out_panel(void *self, const jk_panel *panel) {
    (void)self;
    (void)panel;
}

static bool out_hurries(void *self) {
    (void)self;
    return false;
}

jk_out jk_scene_out(jk_scene *scene) {
    return (jk_out){.self = scene,
                    .stream = out_stream,
                    .display = out_display,
                    .update = out_update,
                    .result = out_display,
                    .error = out_error,
                    .clear_output = out_clear,
                    .page = out_page,
                    .next_input = out_next_input,
                    .ask = out_ask,
                    .cancelled = out_cancelled,
                    .panel = out_panel,
                    .hurries = out_hurries};
}

jk_span jk_scene_html(jk_scene *scene) {
    end_text(scene);
    return jk_bytes_span(&scene->html);
}
