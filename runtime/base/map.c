/* SPDX-License-Identifier: BSD-3-Clause */
/* Open addressing with linear steps over a table whose size is a power of two, at most half full.
 * Nothing is ever removed, so a free slot ends every search. */
#include "base/map.h"

#include <string.h>

enum { FIRST_SLOTS = 16 };

void dw_map_init(dw_map *map, dw_mem *mem) {
    *map = (dw_map){.mem = mem};
}

/* FNV-1a with a final mix, because the low bits choose the slot. */
static uint32_t hash(const char *key) {
    uint32_t h = 2166136261u;
    for (const unsigned char *c = (const unsigned char *)key; *c != '\0'; c++)
        h = (h ^ *c) * 16777619u;
    return h ^ (h >> 15);
}

/* The slot that holds the key, or the free one where it belongs. */
static uint32_t slot_of(const dw_map *map, const char *key) {
    uint32_t mask = map->slot_room - 1;
    uint32_t slot = hash(key) & mask;
    while (map->slots[slot] != 0 && strcmp(map->keys[map->slots[slot] - 1], key) != 0)
        slot = (slot + 1) & mask;
    return slot;
}

bool dw_map_find(const dw_map *map, const char *key, uint32_t *index) {
    if (map->count == 0)
        return false;
    uint32_t held = map->slots[slot_of(map, key)];
    if (held == 0)
        return false;
    *index = held - 1;
    return true;
}

static bool grow_keys(dw_map *map) {
    if (map->count < map->key_room)
        return true;
    uint32_t room = map->key_room == 0 ? FIRST_SLOTS / 2 : 2 * map->key_room;
    char **keys = dw_mem_grow(map->mem, map->keys, room * sizeof *keys);
    if (keys == NULL)
        return false;
    map->keys = keys;
    map->key_room = room;
    return true;
}

static bool grow_slots(dw_map *map) {
    if (2 * (map->count + 1) <= map->slot_room)
        return true;
    uint32_t room = map->slot_room == 0 ? FIRST_SLOTS : 2 * map->slot_room;
    uint32_t *slots = dw_mem_array(map->mem, room, sizeof *slots);
    if (slots == NULL)
        return false;
    dw_mem_free(map->slots);
    map->slots = slots;
    map->slot_room = room;
    for (uint32_t i = 0; i < map->count; i++)
        slots[slot_of(map, map->keys[i])] = i + 1;
    return true;
}

bool dw_map_add(dw_map *map, const char *key, uint32_t *index) {
    if (dw_map_find(map, key, index))
        return true;
    if (map->count >= UINT32_MAX / 4 || !grow_keys(map) || !grow_slots(map))
        return false;
    char *copy = dw_mem_text(map->mem, key, strlen(key));
    if (copy == NULL)
        return false;
    uint32_t slot = slot_of(map, copy);
    map->keys[map->count] = copy;
    map->slots[slot] = ++map->count;
    *index = map->count - 1;
    return true;
}

void dw_map_free(dw_map *map) {
    for (uint32_t i = 0; i < map->count; i++)
        dw_mem_free(map->keys[i]);
    dw_mem_free(map->keys);
    dw_mem_free(map->slots);
    dw_map_init(map, map->mem);
}
