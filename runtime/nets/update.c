/* SPDX-License-Identifier: BSD-3-Clause */
/* One step of an optimiser: constants, ranges, and which kernel. */
#include "nets/update.h"

#include "base/math.h"
#include "base/simd.h"

#include <math.h>
#include <string.h>

typedef struct {
    const char *word;
    double rate;
    size_t arrays;
} optimizer_row;

static const optimizer_row rows[DW_OPTIMIZERS] = {
#define DW_OPTIMIZER(name, word, rate, arrays, what) {word, rate, arrays},
#include "nets/optimizer.def"
};

dw_optimizer dw_update_named(const char *word) {
    size_t i = 0;
    while (i < DW_OPTIMIZERS && strcmp(rows[i].word, word) != 0)
        i++;
    return (dw_optimizer)i;
}

const char *dw_update_word(dw_optimizer optimizer) {
    return rows[optimizer].word;
}

double dw_update_rate(dw_optimizer optimizer) {
    return rows[optimizer].rate;
}

size_t dw_update_arrays(dw_optimizer optimizer) {
    return rows[optimizer].arrays;
}

static void prepare(const dw_update *u, dw_update_kernel *k) {
    bool adam = u->optimizer == DW_OPTIMIZER_ADAM || u->optimizer == DW_OPTIMIZER_ADAMW;
    double t = (double)u->step;
    size_t bytes = u->single ? sizeof(float) : sizeof(double);
    *k = (dw_update_kernel){.optimizer = u->optimizer,
                            .masked = u->stopped != NULL,
                            .rate = -u->rate,
                            .decay = u->decay,
                            .shrink = 1 - u->rate * u->decay};
    if (adam) { /* powers below 2⁻⁵⁴ are lost beside 1, and need not be worked out */
        k->rate = u->step < 400 ? -u->rate / (1 - dw_math_pow(0.9, t)) : -u->rate;
        k->unbias = u->step < 40000 ? 1 / sqrt(1 - dw_math_pow(0.999, t)) : 1;
    }
    for (size_t i = 0; k->masked && i < sizeof k->mask / bytes; i++)
        memset(k->mask + i * bytes, u->stopped[i % u->lanes] ? 0 : 0xff, bytes);
}

/* The place of number `at` of an array that may be missing. */
static void *from(void *array, size_t at, size_t bytes) {
    return array == NULL ? NULL : (char *)array + at * bytes;
}

/* Takes the step of some numbers from `at` on. */
static void take(const dw_update *u, const dw_update_kernel *k, const dw_update_room *room,
                 size_t at, size_t count) {
    static void (*const doubles[])(const dw_update_kernel *, const dw_update_doubles *) =
        DW_SIMD_ROW(dw_update_double);
    static void (*const singles[])(const dw_update_kernel *, const dw_update_singles *) =
        DW_SIMD_ROW(dw_update_single);
    size_t bytes = u->single ? sizeof(float) : sizeof(double);
    void *a = from(room->state[0], at, bytes), *b = from(room->state[1], at, bytes);
    if (u->single)
        singles[dw_simd_level()](k, &(dw_update_singles){.x = (float *)room->x + at,
                                                         .g = (const float *)room->g + at,
                                                         .a = a,
                                                         .b = b,
                                                         .count = count});
    else
        doubles[dw_simd_level()](k, &(dw_update_doubles){.x = (double *)room->x + at,
                                                         .g = (const double *)room->g + at,
                                                         .a = a,
                                                         .b = b,
                                                         .count = count});
}

/* Where part `part` begins among n parameters: at a multiple of a line of the cache. */
static size_t begin_of(size_t n, size_t part, size_t parts) {
    return part == parts ? n : n / parts * part / 16 * 16;
}

void dw_update_part(const dw_update *u, const dw_update_room *room, size_t part, size_t parts) {
    dw_update_kernel k;
    size_t end = 0;
    prepare(u, &k);
    for (size_t r = 0; r < u->range_count; r++)
        end = u->ranges[r].from + u->ranges[r].count > end ? u->ranges[r].from + u->ranges[r].count
                                                           : end;
    size_t low = begin_of(end, part, parts), high = begin_of(end, part + 1, parts);
    for (size_t r = 0; r < u->range_count; r++) {
        size_t first = u->ranges[r].from, last = first + u->ranges[r].count;
        first = first > low ? first : low;
        last = last < high ? last : high;
        if (first < last)
            take(u, &k, room, first * u->lanes, (last - first) * u->lanes);
    }
}

void dw_update_step(const dw_update *u, const dw_update_room *room) {
    dw_update_part(u, room, 0, 1);
}
