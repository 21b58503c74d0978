/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of libzmq messages. */
#include "frames.h"

#include "spare.h"

#include <stdlib.h>

zmq_msg_t *jk_frames_slot(jk_frames *frames) {
    if (frames->count == frames->capacity) {
        size_t capacity = frames->capacity ? frames->capacity * 2 : 12;
        zmq_msg_t *list = jk_spare_zero(capacity, sizeof *list);
        if (!list) {
            return NULL;
        }
        for (size_t i = 0; i < frames->count; i++) {
            zmq_msg_init(&list[i]);
            zmq_msg_move(&list[i], &frames->list[i]);
        }
        free(frames->list);
        frames->list = list;
        frames->capacity = capacity;
    }
    return &frames->list[frames->count];
}

bool jk_frames_add(jk_frames *frames, jk_span bytes) {
    zmq_msg_t *slot = jk_frames_slot(frames);
    if (!slot) {
        return false;
    }
    if (zmq_msg_init_size(slot, bytes.len) != 0) {
        jk_spare_give_up(bytes.len);
        if (zmq_msg_init_size(slot, bytes.len) != 0) {
            return false;
        }
    }
    if (bytes.len > 0) {
        memcpy(zmq_msg_data(slot), bytes.bytes, bytes.len);
    }
    frames->count++;
    return true;
}

bool jk_frames_share(jk_frames *frames, zmq_msg_t *frame) {
    zmq_msg_t *slot = jk_frames_slot(frames);
    if (!slot) {
        return false;
    }
    zmq_msg_init(slot);
    if (zmq_msg_copy(slot, frame) != 0) {
        zmq_msg_close(slot);
        return false;
    }
    frames->count++;
    return true;
}

jk_span jk_frames_at(const jk_frames *frames, size_t at) {
    zmq_msg_t *frame = &frames->list[at];
    return jk_span_make(zmq_msg_data(frame), zmq_msg_size(frame));
}

void jk_frames_clear(jk_frames *frames) {
    for (size_t i = 0; i < frames->count; i++) {
        zmq_msg_close(&frames->list[i]);
    }
    frames->count = 0;
}

void jk_frames_free(jk_frames *frames) {
    jk_frames_clear(frames);
    free(frames->list);
    *frames = (jk_frames){0};
}
