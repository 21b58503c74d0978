/* SPDX-License-Identifier: BSD-3-Clause */
/* Growable bytes. Failure to grow is sticky: after it every addition is refused and the owner
 * finds out once, at the end, from `failed`. */
#ifndef JK_BYTES_H
#define JK_BYTES_H

#include "span.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct jk_bytes {
    char *data; /* owned; NUL-terminated whenever not NULL */
    size_t len;
    size_t capacity;
    bool failed;
} jk_bytes;

/* Appends; false when there is no memory (or was none before). {0} is an empty jk_bytes. */
bool jk_bytes_add(jk_bytes *bytes, const void *data, size_t len);

/* Appends a C string. */
bool jk_bytes_text(jk_bytes *bytes, const char *text);

/* Makes room for `extra` more bytes without changing the length. */
bool jk_bytes_reserve(jk_bytes *bytes, size_t extra);

/* Forgets the first `count` bytes (count <= len). */
void jk_bytes_drop(jk_bytes *bytes, size_t count);

/* Empties, keeps the memory up to `keep` bytes and clears a failure. */
void jk_bytes_reset(jk_bytes *bytes, size_t keep);

/* Reads a whole file of at most `limit` bytes; false with errno set (EFBIG beyond the limit). */
bool jk_bytes_read_file(jk_bytes *bytes, const char *path, size_t limit);

/* What is in it now; valid until the next change. */
jk_span jk_bytes_span(const jk_bytes *bytes);

/* Gives the memory back and leaves an empty jk_bytes. */
void jk_bytes_free(jk_bytes *bytes);

#endif
