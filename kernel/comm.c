/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry of comms, and the three messages both ways. */
#include "comm.h"

#include "bundle.h"
#include "spare.h"

#include <stdlib.h>

struct jk_comm_table {
    const jk_comm_target *const *targets;
    jk_comm **list; /* in the order they were opened */
    size_t count, capacity;
};

/* ---- the table ------------------------------------------------------------------------------ */

jk_comm_table *jk_comm_table_new(const jk_comm_target *const *targets) {
    jk_comm_table *table = jk_spare_zero(1, sizeof *table);
    if (table) {
        table->targets = targets;
    }
    return table;
}

static void free_comm(jk_comm *comm) {
    if (comm) {
        free(comm->id);
        free(comm);
    }
}

void jk_comm_table_free(jk_comm_table *table) {
    if (table) {
        for (size_t i = 0; i < table->count; i++) {
            free_comm(table->list[i]);
        }
        free(table->list);
        free(table);
    }
}

jk_comm *jk_comm_find(const jk_comm_table *table, jk_span id) {
    for (size_t i = 0; table && i < table->count; i++) {
        if (jk_span_is(id, table->list[i]->id)) {
            return table->list[i];
        }
    }
    return NULL;
}

static jk_comm *add(jk_comm_table *table, jk_span id, const jk_comm_target *target) {
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? table->capacity * 2 : 32;
        jk_comm **list = jk_spare_grow(table->list, capacity * sizeof *list);
        if (!list) {
            return NULL;
        }
        table->list = list;
        table->capacity = capacity;
    }
    jk_comm *comm = jk_spare_zero(1, sizeof *comm);
    if (!comm || !(comm->id = strndup(id.bytes, id.len))) {
        free_comm(comm);
        return NULL;
    }
    comm->target = target;
    table->list[table->count++] = comm;
    return comm;
}

static void drop(jk_comm_table *table, jk_comm *comm) {
    size_t at = 0;
    while (at < table->count && table->list[at] != comm) {
        at++;
    }
    if (at < table->count) {
        memmove(&table->list[at], &table->list[at + 1],
                (table->count - at - 1) * sizeof(jk_comm *));
        table->count--;
        free_comm(comm);
    }
}

/* ---- the kernel's side ---------------------------------------------------------------------- */

jk_comm *jk_comm_create(jk_services *services, const jk_comm_target *target, const char *id,
                        void *owner, json_t *data, const char *metadata) {
    jk_comm *comm = data ? add(services->comms, jk_span_of(id), target) : NULL;
    if (comm) {
        comm->owner = owner;
        json_t *content = json_pack("{s:s,s:s,s:n,s:O}", "comm_id", id, "target_name", target->name,
                                    "target_module", "data", data);
        jk_post_send(services->post, "comm_open", content, metadata, NULL, 0);
        json_decref(content);
    }
    json_decref(data);
    return comm;
}

bool jk_comm_tell(jk_services *services, const jk_comm *comm, json_t *data, const jk_span *buffers,
                  size_t count) {
    json_t *content = json_pack("{s:s,s:o}", "comm_id", comm->id, "data", data);
    bool ok = jk_post_send(services->post, "comm_msg", content, NULL, buffers, count);
    json_decref(content);
    return ok;
}

static void publish_close(jk_services *services, json_t *id) {
    json_t *content = json_pack("{s:o,s:{}}", "comm_id", id, "data");
    jk_post_publish(services->post, "comm_close", content);
    json_decref(content);
}

void jk_comm_end(jk_services *services, jk_comm *comm) {
    if (comm) {
        publish_close(services, json_string(comm->id));
        drop(services->comms, comm);
    }
}

/* ---- handlers ------------------------------------------------------------------------------- */

/* Tabs that were closed without a word leave their comms behind. */
static void make_room(jk_comm_table *table) {
    jk_comm *oldest = NULL;
    size_t count = 0;
    for (size_t i = table->count; i-- > 0;) {
        if (table->list[i]->is_foreign) {
            oldest = table->list[i];
            count++;
        }
    }
    if (count >= JK_COMM_FOREIGN) {
        drop(table, oldest);
    }
}

static bool open_foreign(jk_request *request, jk_span id) {
    jk_comm_table *table = request->services->comms;
    jk_span name;
    const jk_comm_target *const *target = table ? table->targets : NULL;
    if (!target || !jk_request_text(request, "target_name", &name) || id.len > JK_COMM_ID ||
        memchr(id.bytes, '\0', id.len)) {
        return false;
    }
    while (*target && !jk_span_is(name, (*target)->name)) {
        target++;
    }
    if (!*target || !(*target)->opened) {
        return false;
    }
    make_room(table);
    jk_comm *comm = add(table, id, *target);
    if (comm) {
        comm->is_foreign = true;
        if (!(*target)->opened(request, comm)) {
            drop(table, comm);
            comm = NULL;
        }
    }
    return comm != NULL;
}

/* An id that is taken stays with who has it: to close it would close theirs. */
void jk_comm_open(jk_request *request) {
    jk_span id;
    if (jk_request_text(request, "comm_id", &id) && !jk_comm_find(request->services->comms, id) &&
        !open_foreign(request, id)) {
        publish_close(request->services, jk_bundle_string(id));
    }
}

static jk_comm *comm_of(const jk_request *request) {
    jk_span id;
    return jk_request_text(request, "comm_id", &id) ? jk_comm_find(request->services->comms, id)
                                                    : NULL;
}

void jk_comm_hear(jk_request *request) {
    jk_comm *comm = comm_of(request);
    const json_t *data = json_object_get(request->message->content, "data");
    if (comm && json_is_object(data)) {
        comm->target->heard(request, comm, data);
    }
}

void jk_comm_close(jk_request *request) {
    jk_comm *comm = comm_of(request);
    if (comm) {
        if (comm->target->closed) {
            comm->target->closed(comm);
        }
        drop(request->services->comms, comm);
    }
}

void jk_comm_info(jk_request *request) {
    const jk_comm_table *table = request->services->comms;
    jk_span name;
    bool is_any = !jk_request_text(request, "target_name", &name);
    json_t *comms = json_object();
    for (size_t i = 0; table && i < table->count; i++) {
        const char *target = table->list[i]->target->name;
        if (is_any || jk_span_is(name, target)) {
            json_object_set_new(comms, table->list[i]->id,
                                json_pack("{s:s}", "target_name", target));
        }
    }
    jk_request_reply(request, json_pack("{s:s,s:o}", "status", "ok", "comms", comms), NULL);
}
