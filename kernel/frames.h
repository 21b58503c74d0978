/* SPDX-License-Identifier: BSD-3-Clause */
/* The frames of one multipart message. */
#ifndef JK_FRAMES_H
#define JK_FRAMES_H

#include "span.h"

#include <zmq.h>
#include <stdbool.h>
#include <stddef.h>

/* The frames of one message. Owned; {0} is empty. */
typedef struct jk_frames {
    zmq_msg_t *list;
    size_t count, capacity;
} jk_frames;

/* A new frame slot at the end, to be initialised and then counted by the caller; NULL without
 * memory. */
zmq_msg_t *jk_frames_slot(jk_frames *frames);

/* Appends a frame with a copy of the bytes. False: out of memory. */
bool jk_frames_add(jk_frames *frames, jk_span bytes);

/* Appends a frame that shares the content of `frame`. */
bool jk_frames_share(jk_frames *frames, zmq_msg_t *frame);

/* Bytes of frame `at`; valid while the frames are. */
jk_span jk_frames_at(const jk_frames *frames, size_t at);

/* Closes all frames; keeps the list for reuse. */
void jk_frames_clear(jk_frames *frames);

/* Closes all frames and frees the list. */
void jk_frames_free(jk_frames *frames);

#endif
