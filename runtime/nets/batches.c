/* SPDX-License-Identifier: BSD-3-Clause */
#include "nets/batches.h"

#include <string.h>

/* A fresh order for each lane (Fisher and Yates), which depends on the lane's stream and the number
 * of the epoch alone. */
static void shuffle(dw_batches *b) {
    for (size_t l = 0; l < b->lanes; l++) {
        size_t *order = b->order + l * b->samples;
        dw_rng stream = dw_rng_split(&b->streams[l], b->epoch, 0);
        for (size_t i = 0; i < b->samples; i++) {
            size_t j = (size_t)dw_rng_below(&stream, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
    }
    b->epoch++;
    b->at = 0;
}

bool dw_batches_begin(dw_mem *mem, dw_batches *b, dw_err *err) {
    b->order = dw_mem_array(mem, b->samples, b->lanes * sizeof *b->order);
    b->chosen = dw_mem_array(mem, b->size, b->lanes * sizeof *b->chosen);
    if (b->order == NULL || b->chosen == NULL) {
        dw_batches_forget(b);
        return dw_err_memory(err, "the order of so many samples");
    }
    b->epoch = 0;
    shuffle(b);
    return true;
}

void dw_batches_forget(dw_batches *b) {
    dw_mem_free(b->order);
    dw_mem_free(b->chosen);
    *b = (dw_batches){0};
}

const size_t *dw_batches_next(dw_batches *b) {
    for (size_t got = 0; got < b->size;) {
        if (b->at == b->samples)
            shuffle(b);
        size_t left = b->samples - b->at, take = b->size - got < left ? b->size - got : left;
        for (size_t l = 0; l < b->lanes; l++)
            memcpy(b->chosen + l * b->size + got, b->order + l * b->samples + b->at,
                   take * sizeof *b->chosen);
        got += take;
        b->at += take;
    }
    return b->chosen;
}
