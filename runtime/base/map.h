/* SPDX-License-Identifier: BSD-3-Clause */
/* A map from texts to small numbers, in order of insertion: names to their places. */
#ifndef DW_MAP_H
#define DW_MAP_H

#include "base/mem.h"

typedef struct {
    dw_mem *mem;
    char **keys;     /* keys[i] has the number i */
    uint32_t *slots; /* open addressing: number + 1, or 0 */
    uint32_t count, key_room, slot_room;
} dw_map;

/* An empty map on the account `mem`. Allocates nothing yet. */
void dw_map_init(dw_map *map, dw_mem *mem);

/* Sets *index to the number of a key and returns true, or returns false when it is not there. */
bool dw_map_find(const dw_map *map, const char *key, uint32_t *index);

/* Sets *index to the number of a key, adding the key if need be (the text is copied); false when
 * there is no memory. Numbers count from 0 and never change. */
bool dw_map_add(dw_map *map, const char *key, uint32_t *index) DW_CHECK;

/* Frees all keys; the map is empty and usable again. */
void dw_map_free(dw_map *map);

#endif
