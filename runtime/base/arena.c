/* SPDX-License-Identifier: BSD-3-Clause */
/* Bump allocation from a list of blocks. Blocks double in size, so a long cell costs few of them;
 * a big request gets a block of its own behind the newest one, whose free room stays in use. */
#include "base/arena.h"

#include <stdint.h>
#include <string.h>

struct dw_arena_block {
    dw_arena_block *older;
    size_t size; /* bytes after this head */
};

enum { ALIGN = 16, FIRST_BLOCK = 4096 - 64, LAST_BLOCK = 256 * 1024 };

_Static_assert(sizeof(dw_arena_block) % ALIGN == 0, "memory after the head must be aligned");

void dw_arena_init(dw_arena *arena, dw_mem *mem) {
    *arena = (dw_arena){.mem = mem};
}

static dw_arena_block *new_block(dw_arena *arena, size_t size) {
    if (size > PTRDIFF_MAX - sizeof(dw_arena_block))
        return NULL;
    dw_arena_block *block = dw_mem_raw(arena->mem, sizeof *block + size);
    if (block != NULL)
        *block = (dw_arena_block){.size = size};
    return block;
}

/* A block for one big request, linked behind the newest so that bumping goes on there. */
static void *new_alone(dw_arena *arena, size_t size) {
    dw_arena_block *block = new_block(arena, size);
    if (block == NULL)
        return NULL;
    if (arena->blocks == NULL) {
        arena->blocks = block;
    } else {
        block->older = arena->blocks->older;
        arena->blocks->older = block;
    }
    memset(block + 1, 0, size);
    return block + 1;
}

static bool add_block(dw_arena *arena) {
    size_t size = FIRST_BLOCK;
    if (arena->blocks != NULL && arena->blocks->size >= FIRST_BLOCK)
        size = arena->blocks->size >= LAST_BLOCK / 2 ? LAST_BLOCK : 2 * arena->blocks->size;
    dw_arena_block *block = new_block(arena, size);
    if (block == NULL)
        return false;
    block->older = arena->blocks;
    arena->blocks = block;
    arena->next = (char *)(block + 1);
    arena->end = arena->next + size;
    return true;
}

void *dw_arena_new(dw_arena *arena, size_t size) {
    if (size > PTRDIFF_MAX - ALIGN)
        return NULL;
    size_t whole = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (whole == 0)
        whole = ALIGN;
    if (arena->next == NULL || (size_t)(arena->end - arena->next) < whole) {
        if (whole > FIRST_BLOCK / 4)
            return new_alone(arena, whole);
        if (!add_block(arena))
            return NULL;
    }
    void *memory = arena->next;
    arena->next += whole;
    memset(memory, 0, whole); /* here and not for whole blocks: the bytes are about to be used */
    return memory;
}

char *dw_arena_text(dw_arena *arena, const char *bytes, size_t size) {
    char *copy = size < SIZE_MAX ? dw_arena_new(arena, size + 1) : NULL;
    if (copy != NULL && size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

void dw_arena_free(dw_arena *arena) {
    for (dw_arena_block *block = arena->blocks; block != NULL;) {
        dw_arena_block *older = block->older;
        dw_mem_free(block);
        block = older;
    }
    dw_arena_init(arena, arena->mem);
}
