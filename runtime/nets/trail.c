/* SPDX-License-Identifier: BSD-3-Clause */
#include "nets/trail.h"

#include <string.h>

enum { POINTS = 10000, NUMBERS = 1 << 22 };

static size_t most_points(size_t n) {
    size_t room = n > 0 ? NUMBERS / n : POINTS;
    return room > POINTS ? POINTS : room < 2 ? 2 : room;
}

dw_trail dw_trail_start(dw_mem *mem, size_t n, size_t lanes) {
    return (dw_trail){.mem = mem, .n = n, .lanes = lanes, .stride = 1};
}

void dw_trail_free(dw_trail *t) {
    dw_mem_free(t->places);
    *t = dw_trail_start(t->mem, t->n, t->lanes);
}

static void thin_out(dw_trail *t) {
    size_t size = t->n * t->lanes;
    for (size_t i = 0; 2 * i < t->points; i++)
        memmove(t->places + i * size, t->places + 2 * i * size, size * sizeof *t->places);
    t->points = (t->points + 1) / 2;
    t->stride *= 2;
}

bool dw_trail_visit(dw_trail *t, const double *x, dw_err *err) {
    size_t size = t->n * t->lanes, bytes;
    if (t->visits++ % t->stride != 0)
        return true;
    if (t->points == most_points(t->n))
        thin_out(t);
    if ((t->points & (t->points - 1)) == 0) { /* a power of two: room for twice as many */
        size_t room = t->points == 0 ? 1 : 2 * t->points;
        double *places = NULL;
        if (!__builtin_mul_overflow(room * size, sizeof *places, &bytes))
            places = dw_mem_grow(t->mem, t->places, bytes + 1);
        if (places == NULL)
            return dw_err_memory(err, "the path of a descent");
        t->places = places;
    }
    memcpy(t->places + t->points++ * size, x, size * sizeof *x);
    return true;
}

dw_tensor *dw_trail_matrix(const dw_trail *t, const double *x, size_t lane, dw_err *err) {
    size_t n = t->n, size = n * t->lanes;
    bool last = (t->visits - 1) % t->stride == 0;
    size_t columns = t->points + !last;
    dw_tensor *path = dw_tensor_raw(t->mem, n, columns, err);
    if (path == NULL)
        return NULL;
    for (size_t c = 0; c < columns; c++) {
        const double *place = c < t->points ? t->places + c * size : x;
        for (size_t r = 0; r < n; r++)
            path->data[r * columns + c] = place[r * t->lanes + lane];
    }
    return path;
}

size_t dw_trail_numbers(size_t n, size_t steps) {
    size_t most = most_points(n);
    return n * (steps < most ? steps + 1 : most + 1);
}
