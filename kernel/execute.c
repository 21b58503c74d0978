/* SPDX-License-Identifier: BSD-3-Clause */
/* The way of a cell: execute_input, the engine with its outputs, error or result, the user
 * expressions, the reply, history. */
#include "execute.h"

#include "ask.h"
#include "bundle.h"
#include "live.h"
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>

/* One run of the engine: what came out that is not published at once. */
typedef struct run {
    jk_request *request;
    long number;        /* execution_count of this cell */
    bool is_silent;     /* results are not shown */
    bool is_expression; /* nothing is shown, the result is kept */
    bool has_result;
    json_t *result;  /* of an expression: content of a display */
    json_t *failure; /* {ename, evalue, traceback} */
    bool may_ask;    /* the front end answers questions */
    json_t *page;    /* payloads */
    json_t *next_input;
    jk_bytes plain; /* text/plain of the result, for the history */
    bool has_plain;
    const jk_panel *panel; /* whose first state is being put out, or NULL */
    jk_scene scene;        /* that state */
} run;

/* The fields of the content. */
typedef struct fields {
    jk_span code;
    bool silent, store, stop_on_error, allow_stdin;
} fields;

static jk_post *post_of(const run *r) {
    return r->request->services->post;
}

static void publish(const run *r, const char *type, json_t *content) {
    if (!r->is_expression) {
        jk_post_publish(post_of(r), type, content);
    }
    json_decref(content);
}

/* ---- jk_out -------------------------------------------------------------------------------- */

static void out_stream(void *self, jk_stream stream, const char *text, size_t len) {
    run *r = self;
    if (r->panel) {
        const jk_out out = jk_scene_out(&r->scene);
        out.stream(out.self, stream, text, len);
    } else if (!r->is_expression) {
        jk_post_stream(post_of(r), stream, jk_span_make(text, len));
    }
}

static void out_display(void *self, const jk_display *display) {
    run *r = self;
    if (r->panel) {
        const jk_out out = jk_scene_out(&r->scene);
        out.display(out.self, display);
        return;
    }
    publish(self, "display_data", jk_bundle_content(display));
}

static void out_update(void *self, const jk_display *display) {
    if (display->display_id) {
        publish(self, "update_display_data", jk_bundle_content(display));
    }
}

static void out_result(void *self, const jk_display *display) {
    run *r = self;
    if (r->has_result) {
        out_display(self, display);
        return;
    }
    r->has_result = true;
    json_t *content = jk_bundle_content(display);
    jk_span plain = jk_bundle_plain(display);
    if (r->is_expression) {
        r->result = content;
        return;
    }
    if (plain.bytes && jk_bytes_add(&r->plain, plain.bytes, plain.len)) {
        r->has_plain = true;
    }
    if (content) {
        json_object_set_new(content, "execution_count", json_integer(r->number));
    }
    if (r->is_silent) {
        json_decref(content);
    } else {
        publish(r, "execute_result", content);
    }
}

static void out_error(void *self, const jk_failure *failure) {
    run *r = self;
    if (!r->failure) {
        r->failure = jk_bundle_failure(failure);
    }
}

static void out_clear(void *self, bool wait) {
    publish(self, "clear_output", json_pack("{s:b}", "wait", wait));
}

static void out_page(void *self, const char *text, size_t len) {
    run *r = self;
    json_decref(r->page);
    r->page = json_pack("{s:s,s:{s:o},s:i}", "source", "page", "data", "text/plain",
                        jk_bundle_string(jk_span_make(text, len)), "start", 0);
}

static void out_next_input(void *self, const char *text, size_t len) {
    run *r = self;
    json_decref(r->next_input);
    r->next_input = json_pack("{s:s,s:o,s:b}", "source", "set_next_input", "text",
                              jk_bundle_string(jk_span_make(text, len)), "replace", 0);
}

static jk_ask out_ask(void *self, jk_span question, bool is_hidden, jk_bytes *answer) {
    const run *r = self;
    return r->may_ask ? jk_ask_user(r->request, question, is_hidden, answer) : JK_ASK_NOBODY;
}

static bool out_cancelled(void *self) {
    const run *r = self;
    return jk_gate_is_cancelled(r->request->services->gate);
}

/* Sliders that nobody could open for want of memory are missing; the rest of the cell is not. */
static void out_panel(void *self, const jk_panel *panel) {
    run *r = self;
    if (panel) {
        jk_scene_open(&r->scene, r->request->services->gate);
    } else if (r->panel) {
        jk_live_show(r->request->services, r->panel, jk_scene_html(&r->scene));
        jk_scene_free(&r->scene);
    }
    r->panel = panel;
}

/* A slider that was moved while its cell still draws other states. */
static bool out_hurries(void *self) {
    const run *r = self;
    const jk_services *services = r->request->services;
    const jk_message *next;
    for (size_t at = 0; services->peek; at++) {
        next = services->peek(services->peek_self, at);
        if (!next || strcmp(next->type, "comm_msg") != 0) {
            return false;
        }
        if (jk_live_is_move(services, next)) {
            return true;
        }
    }
    return false;
}

/* ---- running ------------------------------------------------------------------------------- */

/* The words for an engine that failed without saying why. */
static void word_failure(run *r) {
    bool is_interrupt = out_cancelled(r);
    jk_span ename = jk_span_of(is_interrupt ? "KeyboardInterrupt" : "InternalError");
    jk_span block = jk_span_of(is_interrupt ? "KeyboardInterrupt"
                                            : "InternalError: the cell failed without a reason");
    jk_failure failure = {ename, is_interrupt ? jk_span_of("") : block, &block, 1};
    out_error(r, &failure);
}

/* Runs code. False when it failed; r->failure then says why (NULL only without memory). */
static bool run_code(run *r, jk_span code) {
    jk_services *services = r->request->services;
    char name[40];
    snprintf(name, sizeof name, "cell %ld", r->number);
    const jk_out out = {.self = r,
                        .stream = out_stream,
                        .display = out_display,
                        .update = out_update,
                        .result = out_result,
                        .error = out_error,
                        .clear_output = out_clear,
                        .page = out_page,
                        .next_input = out_next_input,
                        .ask = out_ask,
                        .cancelled = out_cancelled,
                        .panel = out_panel,
                        .hurries = out_hurries};
    bool is_seen = !r->is_silent && !r->is_expression;
    const jk_execution execution = {.code = code,
                                    .name = name,
                                    .first_line = 1,
                                    .colour = true,
                                    .silent = r->is_silent,
                                    .expression = r->is_expression,
                                    .frames = is_seen,
                                    .live = is_seen && r->may_ask && services->live};
    bool ok = services->engine->execute(services->engine->self, &execution, &out);
    if (!ok && !r->failure) {
        word_failure(r);
    }
    return ok && !r->failure;
}

static void free_run(run *r) {
    json_decref(r->result);
    json_decref(r->failure);
    json_decref(r->page);
    json_decref(r->next_input);
    jk_bytes_free(&r->plain);
}

/* One user expression: its value or its error, which touches nothing else. An interrupt is for all
 * of them. */
static json_t *evaluate(const run *cell, const json_t *code) {
    run r = {.request = cell->request, .number = cell->number, .is_expression = true};
    json_t *answer;
    if (out_cancelled(&r)) {
        answer = json_pack("{s:s,s:s,s:s,s:[s]}", "status", "error", "ename", "KeyboardInterrupt",
                           "evalue", "", "traceback", "KeyboardInterrupt");
    } else if (!json_is_string(code)) {
        answer = json_pack("{s:s,s:s,s:s,s:[s]}", "status", "error", "ename", "TypeError", "evalue",
                           "a user expression has to be a text", "traceback",
                           "TypeError: a user expression has to be a text");
    } else if (run_code(&r, jk_span_make(json_string_value(code), json_string_length(code)))) {
        answer = json_pack("{s:s,s:{},s:{}}", "status", "ok", "data", "metadata");
        if (answer && r.result) {
            json_object_set(answer, "data", json_object_get(r.result, "data"));
            json_object_set(answer, "metadata", json_object_get(r.result, "metadata"));
        }
    } else {
        answer = json_pack("{s:s}", "status", "error");
        if (answer && r.failure) {
            json_object_update(answer, r.failure);
        }
    }
    free_run(&r);
    return answer;
}

static json_t *evaluate_all(const run *r, bool is_ok) {
    json_t *wanted = json_object_get(r->request->message->content, "user_expressions");
    json_t *answers = json_object();
    const char *key;
    json_t *code;
    if (is_ok && answers && json_is_object(wanted)) {
        json_object_foreach(wanted, key, code) {
            json_object_set_new_nocheck(answers, key, evaluate(r, code));
        }
    }
    return answers;
}

static json_t *reply_metadata(const jk_request *request, const char *status) {
    return json_pack("{s:s,s:b,s:s,s:s}", "started", request->started, "dependencies_met", 1,
                     "engine", request->services->engine_id, "status", status);
}

static void reply(run *r, bool is_ok, long count, json_t *expressions) {
    const char *status = is_ok ? "ok" : "error";
    json_t *payload = json_array();
    if (r->page && payload) {
        json_array_append(payload, r->page);
    }
    if (r->next_input && payload) {
        json_array_append(payload, r->next_input);
    }
    json_t *content =
        json_pack("{s:s,s:I,s:o,s:o}", "status", status, "execution_count", (json_int_t)count,
                  "user_expressions", expressions, "payload", payload);
    if (content && r->failure) {
        json_object_update(content, r->failure);
    }
    jk_request_reply(r->request, content, reply_metadata(r->request, status));
}

/* The queue is aborted before the failure becomes known; shell.c says why. */
static void fail(run *r, const fields *f) {
    jk_services *services = r->request->services;
    if (f->stop_on_error && !f->silent) {
        services->abort_queue(services->abort_self);
    }
    json_incref(r->failure);
    publish(r, "error", r->failure);
}

static bool is_blank(jk_span code) {
    for (size_t i = 0; i < code.len; i++) {
        if (!strchr(" \t\r\n\f\v", code.bytes[i]) || code.bytes[i] == '\0') {
            return false;
        }
    }
    return true;
}

static bool read_fields(const jk_request *request, fields *f) {
    if (!jk_request_text(request, "code", &f->code)) {
        return false;
    }
    f->silent = jk_request_flag(request, "silent", false);
    f->store = !f->silent && jk_request_flag(request, "store_history", true);
    f->stop_on_error = jk_request_flag(request, "stop_on_error", true);
    f->allow_stdin = jk_request_flag(request, "allow_stdin", false);
    return true;
}

static void announce(const run *r, jk_span code) {
    publish(r, "execute_input",
            json_pack("{s:o,s:I}", "code", jk_bundle_string(code), "execution_count",
                      (json_int_t)r->number));
}

static void run_cell(run *r, const fields *f) {
    jk_services *services = r->request->services;
    bool is_empty = is_blank(f->code);
    if (!f->silent) {
        announce(r, f->code);
    }
    bool is_ok = is_empty || run_code(r, f->code);
    if (!is_ok) {
        fail(r, f);
    }
    json_t *expressions = evaluate_all(r, is_ok);
    bool is_stored = f->store && !is_empty;
    if (is_stored) {
        services->count = r->number;
    }
    reply(r, is_ok, is_empty || f->silent ? services->count : r->number, expressions);
    if (is_stored) { /* may take a moment */
        jk_span output = r->has_plain ? jk_bytes_span(&r->plain) : jk_span_of(NULL);
        jk_history_add(services->history, r->number, f->code, output);
    }
}

void jk_execute_run(jk_request *request) {
    jk_services *services = request->services;
    fields f;
    if (request->message->is_aborted) {
        jk_request_reply(request,
                         json_pack("{s:s,s:I}", "status", "aborted", "execution_count",
                                   (json_int_t)services->count),
                         reply_metadata(request, "aborted"));
        return;
    }
    if (!read_fields(request, &f)) {
        jk_request_fail(request, "ValueError", "execute_request needs code, a text");
        return;
    }
    run r = {.request = request,
             .number = services->count + 1,
             .is_silent = f.silent,
             .may_ask = f.allow_stdin && !f.silent};
    run_cell(&r, &f);
    free_run(&r);
}
