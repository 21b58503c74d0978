/* SPDX-License-Identifier: BSD-3-Clause */
#include "nets/losses.h"

#include <math.h>
#include <string.h>

bool dw_losses_new(dw_mem *mem, size_t lanes, size_t offered, dw_losses *out, dw_err *err) {
    size_t room = offered < DW_LOSSES_ROWS ? offered : DW_LOSSES_ROWS;
    *out = (dw_losses){.lanes = lanes, .room = room, .stride = 1};
    out->steps = dw_mem_array(mem, room + 1, sizeof *out->steps);
    out->losses = dw_mem_array(mem, (room + 1) * 2 * lanes, sizeof *out->losses);
    if (out->steps != NULL && out->losses != NULL)
        return true;
    dw_losses_forget(out);
    return dw_err_memory(err, "the history of a training");
}

void dw_losses_forget(dw_losses *history) {
    dw_mem_free(history->steps);
    dw_mem_free(history->losses);
    *history = (dw_losses){0};
}

static void thin_out(dw_losses *h) {
    size_t width = 2 * h->lanes;
    for (size_t i = 0; 2 * i < h->count; i++) {
        h->steps[i] = h->steps[2 * i];
        memmove(h->losses + i * width, h->losses + 2 * i * width, width * sizeof *h->losses);
    }
    h->count = (h->count + 1) / 2;
    h->stride *= 2;
}

void dw_losses_add(dw_losses *h, size_t step, const double *train, const double *valid) {
    if (h->room == 0 || h->seen++ % h->stride != 0)
        return;
    if (h->count == h->room) {
        thin_out(h);
        if ((h->seen - 1) % h->stride != 0)
            return;
    }
    double *row = h->losses + h->count * 2 * h->lanes;
    h->steps[h->count++] = step;
    for (size_t l = 0; l < h->lanes; l++) {
        row[l] = train[l];
        row[h->lanes + l] = valid != NULL ? valid[l] : NAN;
    }
}

size_t dw_losses_rows(const dw_losses *h, size_t lane, dw_losses_row *out) {
    const dw_losses_row *best = &h->best[lane], *last = &h->last[lane];
    size_t rows = 0;
    bool best_due = best->step < last->step;
    for (size_t i = 0; i < h->count && h->steps[i] < last->step; i++) {
        const double *row = h->losses + i * 2 * h->lanes;
        if (best_due && h->steps[i] >= best->step) {
            out[rows++] = *best;
            best_due = false;
            if (h->steps[i] == best->step)
                continue;
        }
        out[rows++] = (dw_losses_row){h->steps[i], row[lane], row[h->lanes + lane]};
    }
    if (best_due)
        out[rows++] = *best;
    out[rows++] = *last;
    return rows;
}
