/* SPDX-License-Identifier: BSD-3-Clause */
/* Two generations of an open-addressing hash set. A signature is already random, and nobody without
 * the key can make one, so its first 64 bits are both hash and entry: that an honest message begins
 * like one of the 65,536 remembered ones is a matter of 1 in 10^14. */
#include "seen.h"

#include "spare.h"

#include <stdint.h>
#include <stdlib.h>

#define JK_SEEN_LIMIT 32768 /* entries per generation */
#define JK_SEEN_DIGITS 16   /* of 4 bits */

typedef struct generation {
    uint64_t *slots; /* 0: free */
    size_t capacity; /* power of two, or 0 */
    size_t count;
} generation;

struct jk_seen {
    generation now, before;
};

jk_seen *jk_seen_new(void) {
    return jk_spare_zero(1, sizeof(jk_seen));
}

/* The first 64 bits of a signature as a number, whose last bit only says that it is there. */
static uint64_t mark_of(jk_span hex) {
    uint64_t value = 0;
    for (size_t i = 0; i < JK_SEEN_DIGITS; i++) {
        unsigned char c = (unsigned char)hex.bytes[i];
        value = value << 4 | (uint64_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    }
    return value | 1u;
}

/* Where the mark is, or the free slot where it would be. */
static uint64_t *find_slot(const generation *g, uint64_t mark) {
    size_t at = (size_t)(mark >> 1) & (g->capacity - 1);
    while (g->slots[at] != 0 && g->slots[at] != mark) {
        at = (at + 1) & (g->capacity - 1);
    }
    return &g->slots[at];
}

static bool holds(const generation *g, uint64_t mark) {
    return g->capacity > 0 && *find_slot(g, mark) != 0;
}

static bool grow(generation *g) {
    generation bigger = {NULL, g->capacity ? g->capacity * 2 : 64, g->count};
    bigger.slots = jk_spare_zero(bigger.capacity, sizeof *bigger.slots);
    if (!bigger.slots) {
        return false;
    }
    for (size_t i = 0; i < g->capacity; i++) {
        if (g->slots[i] != 0) {
            *find_slot(&bigger, g->slots[i]) = g->slots[i];
        }
    }
    free(g->slots);
    *g = bigger;
    return true;
}

bool jk_seen_add(jk_seen *seen, jk_span hex) {
    if (hex.len < JK_SEEN_DIGITS) {
        return false;
    }
    uint64_t mark = mark_of(hex);
    if (holds(&seen->now, mark) || holds(&seen->before, mark)) {
        return false;
    }
    if (seen->now.count == JK_SEEN_LIMIT) {
        free(seen->before.slots);
        seen->before = seen->now;
        seen->now = (generation){0};
    }
    if (seen->now.count * 4 >= seen->now.capacity * 3 && !grow(&seen->now)) {
        return false;
    }
    *find_slot(&seen->now, mark) = mark;
    seen->now.count++;
    return true;
}

void jk_seen_free(jk_seen *seen) {
    if (seen) {
        free(seen->now.slots);
        free(seen->before.slots);
        free(seen);
    }
}
