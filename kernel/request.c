/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading requests and answering them. */
#include "request.h"

#include "bundle.h"

#include <stdio.h>

/* "x_request" to "x_reply"; false for types of another form or absurd length. */
static bool reply_type(const char *type, char *reply, size_t size) {
    const char *end = strstr(type, "_request");
    if (!end || end[8] != '\0') {
        return false;
    }
    int len = snprintf(reply, size, "%.*s_reply", (int)(end - type), type);
    return len > 0 && (size_t)len < size;
}

void jk_request_reply(jk_request *request, json_t *content, json_t *metadata) {
    jk_services *services = request->services;
    char type[64];
    if (!request->is_replied && reply_type(request->message->type, type, sizeof type)) {
        request->is_replied = jk_post_reply(services->post, services->socket, request->message,
                                            type, content, metadata);
        if (!request->is_replied) {
            json_t *short_of = json_pack("{s:s,s:s,s:s,s:[]}", "status", "error", "ename",
                                         "MemoryError", "evalue", "out of memory", "traceback");
            request->is_replied = jk_post_reply(services->post, services->socket, request->message,
                                                type, short_of, NULL);
            json_decref(short_of);
        }
    }
    json_decref(content);
    json_decref(metadata);
}

void jk_request_fail(jk_request *request, const char *ename, const char *evalue) {
    char line[256];
    int len = snprintf(line, sizeof line, "%s: %s", ename, evalue);
    jk_span block = jk_span_make(line, len < 0 ? 0 : strlen(line));
    jk_failure failure = {jk_span_of(ename), jk_span_of(evalue), &block, 1};
    json_t *content = jk_bundle_failure(&failure);
    if (content) {
        json_object_set_new(content, "status", json_string("error"));
    }
    jk_request_reply(request, content, NULL);
}

bool jk_request_text(const jk_request *request, const char *name, jk_span *text) {
    const json_t *value = json_object_get(request->message->content, name);
    if (!json_is_string(value)) {
        return false;
    }
    *text = jk_span_make(json_string_value(value), json_string_length(value));
    return true;
}

bool jk_request_flag(const jk_request *request, const char *name, bool fallback) {
    const json_t *value = json_object_get(request->message->content, name);
    if (json_is_boolean(value)) {
        return json_is_true(value);
    }
    return json_is_number(value) ? json_number_value(value) != 0 : fallback;
}

long long jk_request_number(const jk_request *request, const char *name, long long fallback) {
    const json_t *value = json_object_get(request->message->content, name);
    if (json_is_integer(value)) {
        return json_integer_value(value);
    }
    if (json_is_real(value)) {
        double real = json_real_value(value);
        return real > -9e15 && real < 9e15 ? (long long)real : fallback;
    }
    return fallback;
}
