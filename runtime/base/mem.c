/* SPDX-License-Identifier: BSD-3-Clause */
/* Counted blocks. In front of each block lies a header with its account and size; blocks of 64
 * bytes and more start at a multiple of 64 so that vector loads never cross a cache line. */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif
#ifdef WATCHED
#include <sanitizer/asan_interface.h>
#endif

typedef struct {
    dw_mem *mem;
    size_t size;
} header;

enum {
    SMALL_ALIGN = 16,
    LARGE_ALIGN = 64,
    LARGE_HEAD = 2 * SMALL_ALIGN, /* in front of a large block: how far it was moved, its header */
    LARGE_LEAD = LARGE_ALIGN + SMALL_ALIGN
};

_Static_assert(sizeof(header) <= SMALL_ALIGN, "the header must fit in front of a small block");

/* Aligning is slow in the system's allocator, and what it aligned it does not grow in place. So
 * large blocks are aligned here, and how far they lie behind the start of the system's block stands
 * in front of their header. */
static bool is_large(size_t size) {
    return size >= LARGE_ALIGN;
}

static size_t *large_lead(void *block) {
    return (size_t *)(void *)((char *)block - LARGE_HEAD);
}

/* Bytes between the start of the system's block and ours. */
static size_t lead_of(void *block, size_t size) {
    return is_large(size) ? *large_lead(block) : SMALL_ALIGN;
}

static size_t lead_from(const char *start) {
    size_t past = ((uintptr_t)start + LARGE_HEAD) % LARGE_ALIGN;
    return LARGE_HEAD + (past == 0 ? 0 : LARGE_ALIGN - past);
}

static header *header_of(void *block) {
    return (header *)(void *)((char *)block - sizeof(header));
}

static void *begin_block(char *start, size_t lead, dw_mem *mem, size_t size) {
    void *block = start + lead;
    *header_of(block) = (header){.mem = mem, .size = size};
    if (is_large(size))
        *large_lead(block) = lead;
#ifdef WATCHED
    /* What aligning leaves over behind a large block would hide an access past its end. */
    if (is_large(size))
        ASAN_POISON_MEMORY_REGION((char *)block + size, (size_t)(LARGE_LEAD - lead));
#endif
    return block;
}

/* Books `size` bytes on the account; false when it has no more or a test wants a failure. */
static bool book(dw_mem *mem, size_t size) {
    if (atomic_load_explicit(&mem->fail_at, memory_order_relaxed) > 0 &&
        atomic_fetch_sub_explicit(&mem->fail_at, 1, memory_order_relaxed) == 1) {
        if (mem->fail_on)
            atomic_store_explicit(&mem->fail_at, 1, memory_order_relaxed);
        return false;
    }
    size_t used = atomic_fetch_add_explicit(&mem->used, size, memory_order_relaxed);
    if (mem->limit == 0 || (size <= mem->limit && used <= mem->limit - size))
        return true;
    atomic_fetch_sub_explicit(&mem->used, size, memory_order_relaxed);
    return false;
}

static void unbook(dw_mem *mem, size_t size) {
    atomic_fetch_sub_explicit(&mem->used, size, memory_order_relaxed);
}

void *dw_mem_raw(dw_mem *mem, size_t size) {
    if (size > PTRDIFF_MAX - (size_t)LARGE_LEAD || !book(mem, size))
        return NULL;
    char *start = malloc(size + (is_large(size) ? LARGE_LEAD : SMALL_ALIGN));
    if (start != NULL)
        return begin_block(start, is_large(size) ? lead_from(start) : SMALL_ALIGN, mem, size);
    unbook(mem, size);
    return NULL;
}

void *dw_mem_new(dw_mem *mem, size_t size) {
    void *block = dw_mem_raw(mem, size);
    if (block != NULL)
        memset(block, 0, size);
    return block;
}

void *dw_mem_array(dw_mem *mem, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    return dw_mem_new(mem, count * size);
}

/* A large block that stays large: the system moves pages rather than bytes. */
static void *grow_large(void *block, size_t old, size_t size) {
    dw_mem *mem = header_of(block)->mem;
    size_t lead = lead_of(block, old);
    if (size > PTRDIFF_MAX - (size_t)LARGE_LEAD || !book(mem, size))
        return NULL;
    char *start = realloc((char *)block - lead, size + LARGE_LEAD);
    unbook(mem, start != NULL ? old : size);
    if (start == NULL)
        return NULL;
    size_t now = lead_from(start);
    if (now != lead)
        memmove(start + now, start + lead, old < size ? old : size);
    return begin_block(start, now, mem, size);
}

void *dw_mem_grow(dw_mem *mem, void *block, size_t size) {
    size_t old = block != NULL ? header_of(block)->size : 0;
    if (is_large(old) && is_large(size))
        return grow_large(block, old, size);
    void *next = dw_mem_raw(mem, size);
    if (next == NULL || block == NULL)
        return next;
    memcpy(next, block, old < size ? old : size);
    dw_mem_free(block);
    return next;
}

void dw_mem_free(void *block) {
    if (block == NULL)
        return;
    header head = *header_of(block);
    unbook(head.mem, head.size);
    free((char *)block - lead_of(block, head.size));
}

char *dw_mem_text(dw_mem *mem, const char *bytes, size_t size) {
    char *copy = size < SIZE_MAX ? dw_mem_raw(mem, size + 1) : NULL;
    if (copy == NULL)
        return NULL;
    if (size > 0)
        memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}
