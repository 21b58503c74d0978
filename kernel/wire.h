/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames to messages and back: identities, delimiter, signature, four JSON parts, buffers.
 * Bytes are counted and verified before any of them is parsed. */
#ifndef JK_WIRE_H
#define JK_WIRE_H

#include "hmac.h"
#include "seen.h"
#include "sock.h"

#include <jansson.h>
#include <stdbool.h>

#define JK_WIRE_DELIMITER "<IDS|MSG>"

/* A message received and verified. All owned. */
typedef struct jk_message {
    jk_frames frames;  /* as received, identities first */
    size_t identities; /* how many frames stand before the delimiter */
    jk_span header;    /* raw bytes, echoed as parent_header */
    json_t *head;      /* the header, an object with a msg_type */
    json_t *parent;    /* parent_header, any JSON value */
    json_t *metadata;  /* an object */
    json_t *content;   /* any JSON value */
    const char *type;  /* msg_type, inside head */
    bool is_aborted;   /* an earlier failure in the queue took it along */
} jk_message;

/* Takes the frames (they are empty afterwards) and makes a message of them. NULL when they are to
 * be dropped; *why then says the reason in a few words. `seen` may be NULL: no check for repeats.
 * Free with jk_wire_free. */
jk_message *jk_wire_decode(jk_frames *frames, const jk_hmac *key, jk_seen *seen, const char **why);

/* Appends delimiter, signature and the four parts to frames that hold the leading ones already.
 * parts: header, parent_header, metadata, content as JSON text. */
bool jk_wire_encode(jk_frames *frames, const jk_hmac *key, const jk_span parts[4]);

/* First buffer of the message as a frame number; frames.count when there is none. */
size_t jk_wire_buffers(const jk_message *message);

/* NULL is allowed. */
void jk_wire_free(jk_message *message);

#endif
