/* SPDX-License-Identifier: BSD-3-Clause */
/* A thread's pen: it makes headers, signs, replies on the thread's own sockets and hands messages
 * and printed text to the iopub thread, all in the order of the calls.
 *
 * What goes through the pipe to the iopub thread is a message whose first frame is one letter:
 *   M  the frames that follow are a finished message: publish them
 *   P  the second frame is the parent_header of the text to come
 *   S  one frame: S, then 1 or 2 (stdout, stderr), then text
 *   Q  publish what came before, then end */
#ifndef JK_POST_H
#define JK_POST_H

#include "bytes.h"
#include "engine.h"
#include "hmac.h"
#include "id.h"
#include "wire.h"

#include <jansson.h>
#include <stdbool.h>

#define JK_POST_PIPE "inproc://iopub"
#define JK_POST_ID (JK_ID_UUID + 48) /* room for a msg_id */

/* What all pens of a process share; constant once the threads run. */
typedef struct jk_desk {
    const jk_hmac *key;
    char session[JK_ID_UUID];
    long pid;
} jk_desk;

typedef struct jk_post {
    const jk_desk *desk;
    void *pipe;  /* PUSH to the iopub thread; NULL for the iopub thread itself */
    char letter; /* makes this thread's message ids its own */
    unsigned long long counter;
    jk_span parent;      /* of what is sent now, borrowed; empty: {} */
    bool parent_is_told; /* whether the iopub thread knows it already */
    /* While printed text waits for a slow reader: true to give it up. May be NULL. */
    bool (*gives_up)(void *self);
    void *gives_up_self;
} jk_post;

/* Connects a pen to the iopub thread. `queue` bounds the messages waiting there (0: no bound); a
 * full queue makes the calls below wait, which is how a flood is slowed down to its readers. */
bool jk_post_open(jk_post *post, void *context, const jk_desk *desk, char letter, int queue,
                  jk_fault *fault);

/* From now on everything is caused by the request with this raw header (kept borrowed until the
 * next call); the empty span means no cause. */
void jk_post_set_parent(jk_post *post, jk_span header);

/* Publishes a message with this content, which is not consumed. A NULL content (out of memory
 * where it was built) is refused like any other failure to send: false. */
bool jk_post_publish(jk_post *post, const char *type, json_t *content);

/* The same with metadata (JSON text, NULL for {}) and `count` buffers behind the content. */
bool jk_post_send(jk_post *post, const char *type, json_t *content, const char *metadata,
                  const jk_span *buffers, size_t count);

/* The same with content and metadata as JSON text. */
bool jk_post_publish_text(jk_post *post, const char *type, const char *content);

/* Hands over printed text. */
void jk_post_stream(jk_post *post, jk_stream stream, jk_span text);

/* Has the text handed over so far published at once. */
void jk_post_flush(jk_post *post);

/* Sends a reply to `request` on its socket, with its parent. metadata may be NULL for {}. */
bool jk_post_reply(jk_post *post, void *socket, const jk_message *request, const char *type,
                   json_t *content, json_t *metadata);

/* Whether this is the msg_id of the message written last. */
bool jk_post_is_last(const jk_post *post, const char *id);

/* Lets the iopub thread finish and end. */
void jk_post_quit(jk_post *post);

/* Appends a whole message (topic or identities are there already) to frames; for the iopub thread
 * itself and the calls above. metadata NULL: {}. */
bool jk_post_write(jk_post *post, jk_frames *frames, const char *type, jk_span parent,
                   const char *metadata, jk_span content);

/* Closes the pipe. */
void jk_post_close(jk_post *post);

#endif
