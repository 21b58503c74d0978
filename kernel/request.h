/* SPDX-License-Identifier: BSD-3-Clause */
/* One request while it is handled: what a handler may read and use, and how it answers. */
#ifndef JK_REQUEST_H
#define JK_REQUEST_H

#include "conn.h"
#include "engine.h"
#include "gate.h"
#include "history.h"
#include "post.h"

#include <stdbool.h>

/* What the handlers of one thread have at hand. */
typedef struct jk_services {
    const jk_conn *conn;
    const jk_engine_info *info;
    jk_gate *gate;
    jk_post *post;
    void *socket;       /* replies go here */
    jk_channel channel; /* JK_SHELL or JK_CONTROL */
    bool is_stopping;   /* set by shutdown_request: the thread ends after this request */
    /* On the shell thread only. */
    jk_engine *engine;
    jk_history *history;
    void *input;   /* stdin ROUTER, for questions to the user */
    jk_seen *seen; /* signatures of this thread */
    long count;    /* the last finished, stored cell */
    char engine_id[JK_ID_UUID];
    /* Marks the executions waiting behind a failed one as aborted. */
    void (*abort_queue)(void *self);
    void *abort_self;
    struct jk_comm_table *comms; /* comm.h; NULL: there are none */
    struct jk_live *live;        /* live.h; NULL: sliders are never live */
    /* The message that comes next (0), the one after it …, if it has arrived: borrowed, or NULL.
     * Never waits. */
    const jk_message *(*peek)(void *self, size_t at);
    void *peek_self;
} jk_services;

typedef struct jk_request {
    jk_services *services;
    const jk_message *message;
    bool is_replied;
    char started[JK_ID_TIME];
} jk_request;

/* Replies with this content, which is consumed. The type is the request's with _reply for
 * _request. metadata (consumed) may be NULL for {}. Only the first reply is sent. When there is no
 * memory a short error goes out instead. */
void jk_request_reply(jk_request *request, json_t *content, json_t *metadata);

/* Replies {"status": "error"} with these words. */
void jk_request_fail(jk_request *request, const char *ename, const char *evalue);

/* A text field of the content; false when it is absent or no text. */
bool jk_request_text(const jk_request *request, const char *name, jk_span *text);

/* A truth value of the content; 0 and 1 of old clients count, null is absent. */
bool jk_request_flag(const jk_request *request, const char *name, bool fallback);

/* A number of the content, reals cut to whole; `fallback` when absent, null or no number. */
long long jk_request_number(const jk_request *request, const char *name, long long fallback);

#endif
