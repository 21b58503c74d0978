/* SPDX-License-Identifier: BSD-3-Clause */
/* Message type to handler. */
#include "handler.h"

#include "comm.h"
#include "execute.h"
#include "introspect.h"
#include "kinfo.h"
#include "spare.h"

static void interrupt(jk_request *request) {
    jk_gate_cancel(request->services->gate);
    jk_gate_fire(request->services->gate);
    jk_request_reply(request, json_pack("{s:s}", "status", "ok"), NULL);
}

static void shut_down(jk_request *request) {
    jk_services *services = request->services;
    bool restart = jk_request_flag(request, "restart", false);
    json_t *content = json_pack("{s:s,s:b}", "status", "ok", "restart", restart);
    services->is_stopping = true;
    json_incref(content);
    jk_request_reply(request, content, NULL);
    jk_post_publish(services->post, "shutdown_reply", content);
    json_decref(content);
}

enum { ON_SHELL = 1 << JK_SHELL, ON_CONTROL = 1 << JK_CONTROL, ON_BOTH = ON_SHELL | ON_CONTROL };

typedef struct handler {
    const char *type;
    int channels;
    bool has_reply;
    void (*handle)(jk_request *request);
} handler;

static const handler rows[] = {
    {"execute_request", ON_SHELL, true, jk_execute_run},
    {"complete_request", ON_SHELL, true, jk_introspect_complete},
    {"inspect_request", ON_SHELL, true, jk_introspect_inspect},
    {"is_complete_request", ON_SHELL, true, jk_introspect_is_complete},
    {"history_request", ON_SHELL, true, jk_introspect_history},
    {"kernel_info_request", ON_BOTH, true, jk_kinfo_kernel},
    {"connect_request", ON_BOTH, true, jk_kinfo_connect},
    {"usage_request", ON_BOTH, true, jk_kinfo_usage},
    {"comm_info_request", ON_SHELL, true, jk_comm_info},
    {"comm_open", ON_SHELL, false, jk_comm_open},
    {"comm_msg", ON_SHELL, false, jk_comm_hear},
    {"comm_close", ON_SHELL, false, jk_comm_close},
    {"interrupt_request", ON_BOTH, true, interrupt},
    {"shutdown_request", ON_BOTH, true, shut_down},
};

static const handler *find_row(const char *type, jk_channel channel) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].type, type) == 0) {
            return rows[i].channels & (1 << channel) ? &rows[i] : NULL;
        }
    }
    return NULL;
}

bool jk_handler_is_execute(const jk_message *message) {
    return strcmp(message->type, "execute_request") == 0;
}

static void dispatch(jk_request *request, const handler *row) {
    const jk_message *message = request->message;
    const json_t *subshell = json_object_get(message->head, "subshell_id");
    if (subshell && !json_is_null(subshell) && request->services->channel == JK_SHELL) {
        jk_request_fail(request, "ValueError", "there is no such subshell");
    } else if (row->has_reply && !json_is_object(message->content)) {
        jk_request_fail(request, "ValueError",
                        "the content of a request has to be an object, its numbers below 1.8e308");
    } else {
        row->handle(request);
        if (row->has_reply && !request->is_replied) {
            jk_request_fail(request, "InternalError", "the request got no answer");
        }
    }
}

void jk_handler_run(jk_services *services, jk_message *message, jk_klog *log) {
    jk_request request = {.services = services, .message = message};
    const handler *row = find_row(message->type, services->channel);
    bool uses_engine = services->channel == JK_SHELL;
    jk_spare_renew();
    jk_id_time(request.started);
    jk_post_set_parent(services->post, message->header);
    if (uses_engine) {
        jk_gate_begin(services->gate);
    }
    jk_post_publish_text(services->post, "status", "{\"execution_state\":\"busy\"}");
    if (row) {
        dispatch(&request, row);
    } else {
        jk_klog_note(log, "unknown message type %.60s", message->type);
    }
    if (uses_engine) {
        jk_gate_end(services->gate);
    }
    jk_post_publish_text(services->post, "status", "{\"execution_state\":\"idle\"}");
    jk_post_set_parent(services->post, jk_span_of(NULL));
    jk_wire_free(message);
}
