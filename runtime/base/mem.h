/* SPDX-License-Identifier: BSD-3-Clause */
/* Counted memory. A dw_mem is an account with a limit: every block knows its account, so a session
 * can say how much it holds, refuse what would exceed its limit, and a test can make the n-th
 * allocation fail. Nothing here ever ends the process.
 *
 * An account also knows how its session is interrupted, for those who fill much of its memory in
 * one go: the readers and writers of files. */
#ifndef DW_MEM_H
#define DW_MEM_H

#include "base/cancel.h"

typedef struct dw_mem {
    _Atomic size_t used;  /* bytes handed out and not yet freed */
    size_t limit;         /* bytes allowed; 0 means no limit */
    _Atomic long fail_at; /* > 0: counts down with each allocation, the one that reaches 0 fails */
    bool fail_on;         /* and so do all that follow, until fail_at is set to 0 */
    const dw_cancel *cancel; /* NULL: nobody can stop what goes on here */
} dw_mem;

/* A zeroed block of `size` bytes, aligned to 64 bytes when size >= 64, else to 16; NULL when the
 * account or the system has no more. Free with dw_mem_free. */
void *dw_mem_new(dw_mem *mem, size_t size) DW_CHECK;

/* The same without zeroing. */
void *dw_mem_raw(dw_mem *mem, size_t size) DW_CHECK;

/* A zeroed block for `count` items of `size` bytes; NULL also when the product overflows. */
void *dw_mem_array(dw_mem *mem, size_t count, size_t size) DW_CHECK;

/* Changes the size of a block (NULL: a new one), keeping its contents; new bytes are not zeroed.
 * On NULL the old block is still there. */
void *dw_mem_grow(dw_mem *mem, void *block, size_t size) DW_CHECK;

/* Gives a block back to its account. NULL is allowed. */
void dw_mem_free(void *block);

/* A NUL-terminated copy of `size` bytes. */
char *dw_mem_text(dw_mem *mem, const char *bytes, size_t size) DW_CHECK;

#endif
