/* SPDX-License-Identifier: BSD-3-Clause */
/* Completion, help, is_complete and history; positions go from code points to bytes and back. */
#include "introspect.h"

#include "bundle.h"
#include "points.h"

/* The code and the cursor in bytes; an absent cursor stands at the end. */
static bool read_cursor(const jk_request *request, jk_span *code, size_t *cursor) {
    if (!jk_request_text(request, "code", code)) {
        return false;
    }
    long long point = jk_request_number(request, "cursor_pos", (long long)code->len);
    *cursor = jk_points_to_byte(*code, point < 0 ? 0 : (size_t)point);
    return true;
}

/* The list Lab pairs with the matches by index: it shows the match and inserts the text. */
static json_t *typed_matches(const jk_completion *found, size_t start, size_t end) {
    json_t *list = json_array();
    for (size_t i = 0; list && i < found->count; i++) {
        const jk_match *match = &found->matches[i];
        json_t *item = json_pack(
            "{s:I,s:I,s:o,s:s,s:o}", "start", (json_int_t)start, "end", (json_int_t)end, "text",
            jk_bundle_string(jk_span_of(match->insert ? match->insert : match->text)), "type",
            match->type ? match->type : "<unknown>", "signature",
            jk_bundle_string(jk_span_of(match->signature)));
        json_array_append_new(list, item);
    }
    return list;
}

void jk_introspect_complete(jk_request *request) {
    jk_engine *engine = request->services->engine;
    jk_span code;
    size_t cursor;
    if (!read_cursor(request, &code, &cursor)) {
        jk_request_fail(request, "ValueError", "complete_request needs code, a text");
        return;
    }
    jk_completion found = {.start = cursor, .end = cursor};
    if (!engine->complete(engine->self, code, cursor, &found)) {
        jk_request_fail(request, "MemoryError", "out of memory");
        return;
    }
    if (found.count == 0) {
        found.start = found.end = cursor;
    }
    size_t start = jk_points_at_byte(code, found.start);
    size_t end = jk_points_at_byte(code, found.end);
    json_t *matches = json_array();
    for (size_t i = 0; matches && i < found.count; i++) {
        json_array_append_new(matches, jk_bundle_string(jk_span_of(found.matches[i].text)));
    }
    jk_request_reply(request,
                     json_pack("{s:s,s:o,s:I,s:I,s:{s:o}}", "status", "ok", "matches", matches,
                               "cursor_start", (json_int_t)start, "cursor_end", (json_int_t)end,
                               "metadata", "_jupyter_types_experimental",
                               typed_matches(&found, start, end)),
                     NULL);
}

void jk_introspect_inspect(jk_request *request) {
    jk_engine *engine = request->services->engine;
    jk_span code;
    size_t cursor;
    if (!read_cursor(request, &code, &cursor)) {
        jk_request_fail(request, "ValueError", "inspect_request needs code, a text");
        return;
    }
    jk_inspection found = {0};
    int level = jk_request_number(request, "detail_level", 0) > 0 ? 1 : 0;
    if (!engine->inspect(engine->self, code, cursor, level, &found)) {
        jk_request_fail(request, "MemoryError", "out of memory");
        return;
    }
    json_t *data = jk_bundle_data(found.parts, found.found ? found.count : 0);
    jk_request_reply(request,
                     json_pack("{s:s,s:b,s:o,s:{}}", "status", "ok", "found", found.found, "data",
                               data, "metadata"),
                     NULL);
}

void jk_introspect_is_complete(jk_request *request) {
    static const char *const words[] = {"complete", "incomplete", "invalid", "unknown"};
    jk_engine *engine = request->services->engine;
    const char *indent = "";
    jk_span code;
    if (!jk_request_text(request, "code", &code)) {
        jk_request_fail(request, "ValueError", "is_complete_request needs code, a text");
        return;
    }
    jk_completeness state = engine->is_complete(engine->self, code, &indent);
    json_t *content = json_pack("{s:s}", "status", words[state]);
    if (content && state == JK_INCOMPLETE) {
        json_object_set_new(content, "indent", jk_bundle_string(jk_span_of(indent)));
    }
    jk_request_reply(request, content, NULL);
}

void jk_introspect_history(jk_request *request) {
    json_t *rows = jk_history_answer(request->services->history, request->message->content);
    jk_request_reply(request, json_pack("{s:s,s:o}", "status", "ok", "history", rows), NULL);
}
