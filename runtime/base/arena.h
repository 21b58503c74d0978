/* SPDX-License-Identifier: BSD-3-Clause */
/* Bump allocation: many small things that live and die together, such as the tree of a cell. */
#ifndef DW_ARENA_H
#define DW_ARENA_H

#include "base/mem.h"

typedef struct dw_arena_block dw_arena_block;

typedef struct {
    dw_mem *mem;
    dw_arena_block *blocks; /* newest first */
    char *next, *end;       /* free room in the newest block */
} dw_arena;

/* An empty arena on the account `mem`. Allocates nothing yet. */
void dw_arena_init(dw_arena *arena, dw_mem *mem);

/* `size` zeroed bytes aligned to 16; NULL when there is no memory. Lives until dw_arena_free. */
void *dw_arena_new(dw_arena *arena, size_t size) DW_CHECK;

/* A NUL-terminated copy of `size` bytes; NULL when there is no memory. */
char *dw_arena_text(dw_arena *arena, const char *bytes, size_t size) DW_CHECK;

/* Frees everything; the arena is empty and usable again. */
void dw_arena_free(dw_arena *arena);

#endif
