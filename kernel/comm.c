/* SPDX-License-Identifier: BSD-3-Clause */
/* Polite answers about comms. */
#include "comm.h"

#include "bundle.h"

void jk_comm_open(jk_request *request) {
    jk_span id;
    if (jk_request_text(request, "comm_id", &id)) {
        json_t *content = json_pack("{s:o,s:{}}", "comm_id", jk_bundle_string(id), "data");
        jk_post_publish(request->services->post, "comm_close", content);
        json_decref(content);
    }
}

void jk_comm_ignore(jk_request *request) {
    (void)request;
}

void jk_comm_info(jk_request *request) {
    jk_request_reply(request, json_pack("{s:s,s:{}}", "status", "ok", "comms"), NULL);
}
