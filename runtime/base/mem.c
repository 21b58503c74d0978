/* SPDX-License-Identifier: BSD-3-Clause */
/* Counted blocks. In front of each block lies a header with its account and size; blocks of 64
 * bytes and more start at a multiple of 64 so that vector loads never cross a cache line. */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    dw_mem *mem;
    size_t size;
} header;

enum { SMALL_ALIGN = 16, LARGE_ALIGN = 64, MEDIUM = 4096 };

_Static_assert(sizeof(header) <= SMALL_ALIGN, "the header must fit in front of a small block");

/* Aligning is slow in the system's allocator. So blocks of up to MEDIUM bytes are aligned here, and
 * how far theirs lie behind the start of the system's stands in front of the header. */
static bool is_medium(size_t size) {
    return size >= LARGE_ALIGN && size <= MEDIUM;
}

static size_t *medium_lead(void *block) {
    return (size_t *)(void *)((char *)block - 2 * SMALL_ALIGN);
}

/* Bytes between the start of the system's block and ours. */
static size_t lead_of(void *block, size_t size) {
    return is_medium(size) ? *medium_lead(block) : size >= LARGE_ALIGN ? LARGE_ALIGN : SMALL_ALIGN;
}

static header *header_of(void *block) {
    return (header *)(void *)((char *)block - sizeof(header));
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

void *dw_mem_raw(dw_mem *mem, size_t size) {
    if (size > PTRDIFF_MAX - 2 * (size_t)LARGE_ALIGN || !book(mem, size))
        return NULL;
    size_t lead = size >= LARGE_ALIGN ? LARGE_ALIGN : SMALL_ALIGN;
    char *start = NULL;
    if (is_medium(size)) {
        start = malloc(size + LARGE_ALIGN + SMALL_ALIGN);
        size_t past = ((uintptr_t)start + 2 * SMALL_ALIGN) % LARGE_ALIGN;
        lead = 2 * SMALL_ALIGN + (past == 0 ? 0 : LARGE_ALIGN - past);
    } else if (lead == LARGE_ALIGN) {
        size_t whole = (lead + size + LARGE_ALIGN - 1) / LARGE_ALIGN * LARGE_ALIGN;
        start = aligned_alloc(LARGE_ALIGN, whole);
    } else {
        start = malloc(lead + size);
    }
    if (start == NULL) {
        atomic_fetch_sub_explicit(&mem->used, size, memory_order_relaxed);
        return NULL;
    }
    void *block = start + lead;
    *header_of(block) = (header){.mem = mem, .size = size};
    if (is_medium(size))
        *medium_lead(block) = lead;
    return block;
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

void *dw_mem_grow(dw_mem *mem, void *block, size_t size) {
    void *next = dw_mem_raw(mem, size);
    if (next == NULL || block == NULL)
        return next;
    size_t old = header_of(block)->size;
    memcpy(next, block, old < size ? old : size);
    dw_mem_free(block);
    return next;
}

void dw_mem_free(void *block) {
    if (block == NULL)
        return;
    header head = *header_of(block);
    atomic_fetch_sub_explicit(&head.mem->used, head.size, memory_order_relaxed);
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
