/* SPDX-License-Identifier: BSD-3-Clause */
/* Growable bytes. Appending never fails loudly: when memory runs out the buffer remembers it in
 * `failed`, keeps what it has, and the caller asks once at the end. */
#ifndef DW_BUF_H
#define DW_BUF_H

#include "base/mem.h"

typedef struct {
    dw_mem *mem;
    char *data;  /* NUL-terminated whenever not NULL */
    size_t size; /* bytes before that NUL */
    size_t room;
    bool failed; /* an append was lost */
} dw_buf;

/* An empty buffer on the account `mem`. Allocates nothing yet. */
void dw_buf_init(dw_buf *buf, dw_mem *mem);

/* Appends `size` bytes. */
void dw_buf_add(dw_buf *buf, const void *bytes, size_t size);

/* Appends a NUL-terminated text. */
void dw_buf_text(dw_buf *buf, const char *text);

/* Appends one byte. */
void dw_buf_byte(dw_buf *buf, char byte);

/* Appends printf style. */
void dw_buf_print(dw_buf *buf, const char *format, ...) DW_PRINTF(2, 3);

/* Whether nothing was lost; else there is not enough memory for `what` (as in dw_err_memory). */
bool dw_buf_whole(const dw_buf *buf, const char *what, dw_err *err);

/* Forgets the contents, keeps the room, and clears `failed`. */
void dw_buf_clear(dw_buf *buf);

/* Hands the bytes to the caller (dw_mem_free) and leaves the buffer empty. NULL when an append was
 * lost; an empty buffer gives "". */
char *dw_buf_take(dw_buf *buf, size_t *size) DW_CHECK;

/* Frees the bytes; the buffer is empty and usable again. */
void dw_buf_free(dw_buf *buf);

#endif
