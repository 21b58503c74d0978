/* SPDX-License-Identifier: BSD-3-Clause */
/* Two generations of an open-addressing hash set. A signature is already random, so its first
 * 64 bits are the hash and its first 128 the key. */
#include "seen.h"

#include "spare.h"

#include <stdint.h>
#include <stdlib.h>

#define JK_SEEN_LIMIT 32768 /* entries per generation */

typedef struct digest {
    uint64_t high, low; /* both 0: free slot */
} digest;

typedef struct generation {
    digest *slots;
    size_t capacity; /* power of two, or 0 */
    size_t count;
} generation;

struct jk_seen {
    generation now, before;
};

jk_seen *jk_seen_new(void) {
    return jk_spare_zero(1, sizeof(jk_seen));
}

static uint64_t parse_hex(const char *hex) {
    uint64_t value = 0;
    for (int i = 0; i < 16; i++) {
        unsigned char c = (unsigned char)hex[i];
        value = value << 4 | (uint64_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    }
    return value;
}

static digest *find_slot(const generation *g, digest key) {
    size_t at = (size_t)key.high & (g->capacity - 1);
    while ((g->slots[at].high | g->slots[at].low) != 0 &&
           (g->slots[at].high != key.high || g->slots[at].low != key.low)) {
        at = (at + 1) & (g->capacity - 1);
    }
    return &g->slots[at];
}

static bool holds(const generation *g, digest key) {
    if (g->capacity == 0) {
        return false;
    }
    const digest *slot = find_slot(g, key);
    return (slot->high | slot->low) != 0;
}

static bool grow(generation *g) {
    generation bigger = {NULL, g->capacity ? g->capacity * 2 : 64, g->count};
    bigger.slots = jk_spare_zero(bigger.capacity, sizeof *bigger.slots);
    if (!bigger.slots) {
        return false;
    }
    for (size_t i = 0; i < g->capacity; i++) {
        if ((g->slots[i].high | g->slots[i].low) != 0) {
            *find_slot(&bigger, g->slots[i]) = g->slots[i];
        }
    }
    free(g->slots);
    *g = bigger;
    return true;
}

bool jk_seen_add(jk_seen *seen, jk_span hex) {
    if (hex.len < 32) {
        return false;
    }
    digest key = {parse_hex(hex.bytes), parse_hex(hex.bytes + 16) | 1u};
    if (holds(&seen->now, key) || holds(&seen->before, key)) {
        return false;
    }
    if (seen->now.count == JK_SEEN_LIMIT) {
        free(seen->before.slots);
        seen->before = seen->now;
        seen->now = (generation){0};
    }
    if (seen->now.count * 2 >= seen->now.capacity && !grow(&seen->now)) {
        return false;
    }
    *find_slot(&seen->now, key) = key;
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
