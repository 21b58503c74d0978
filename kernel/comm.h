/* SPDX-License-Identifier: BSD-3-Clause */
/* Comms, the channels of widgets: each has an id, a target and a state of its own at both ends. Who
 * opens one says so by comm_open; comm_msg goes either way. Messages of an unknown comm are passed
 * over, and an attempt to open one that nobody here wants is answered with comm_close at once, so
 * that front ends do not wait. */
#ifndef JK_COMM_H
#define JK_COMM_H

#include "request.h"

#define JK_COMM_ID 200     /* bytes of an id at most */
#define JK_COMM_FOREIGN 64 /* comms opened by front ends at once; the oldest make room */

typedef struct jk_comm_target jk_comm_target;

typedef struct jk_comm {
    char *id;
    const jk_comm_target *target;
    void *owner;     /* of the target */
    bool is_foreign; /* opened by a front end */
} jk_comm;

/* Those who use comms of one name. */
struct jk_comm_target {
    const char *name;
    /* A front end opens one; false refuses it. NULL: front ends may not. */
    bool (*opened)(jk_request *request, jk_comm *comm);
    /* comm_msg: `data` of the content, an object. Buffers are in request->message. */
    void (*heard)(jk_request *request, jk_comm *comm, const json_t *data);
    /* The front end closed it; the comm is freed afterwards. May be NULL. */
    void (*closed)(jk_comm *comm);
};

/* The open comms of a kernel that knows these targets (NULL at the end; borrowed). NULL: out of
 * memory. */
typedef struct jk_comm_table jk_comm_table;
jk_comm_table *jk_comm_table_new(const jk_comm_target *const *targets);
void jk_comm_table_free(jk_comm_table *table);

/* The comm with this id, or NULL. */
jk_comm *jk_comm_find(const jk_comm_table *table, jk_span id);

/* ---- the kernel's side ---------------------------------------------------------------------- */

/* Opens a comm: publishes comm_open with `data` (consumed) and `metadata` (JSON text). NULL: out of
 * memory. */
jk_comm *jk_comm_create(jk_services *services, const jk_comm_target *target, const char *id,
                        void *owner, json_t *data, const char *metadata);

/* Publishes comm_msg with `data` (consumed) and `count` buffers. False: out of memory. */
bool jk_comm_tell(jk_services *services, const jk_comm *comm, json_t *data, const jk_span *buffers,
                  size_t count);

/* Publishes comm_close and frees the comm. NULL is allowed. */
void jk_comm_end(jk_services *services, jk_comm *comm);

/* ---- handlers ------------------------------------------------------------------------------- */

/* comm_open: to the target, or refused. */
void jk_comm_open(jk_request *request);

/* comm_msg, comm_close: to the target of an open comm. */
void jk_comm_hear(jk_request *request);
void jk_comm_close(jk_request *request);

/* comm_info_request: the open comms, of one target when a name is given. */
void jk_comm_info(jk_request *request);

#endif
