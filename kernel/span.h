/* SPDX-License-Identifier: BSD-3-Clause */
/* A run of bytes that belongs to somebody else. Text in the kernel is UTF-8 bytes with a length,
 * because cells and outputs may hold NUL. */
#ifndef JK_SPAN_H
#define JK_SPAN_H

#include <stddef.h>
#include <string.h>

typedef struct jk_span {
    const char *bytes; /* borrowed; may be NULL only when len is 0 */
    size_t len;        /* in bytes */
} jk_span;

/* A span over `bytes`, which may be NULL for none. */
static inline jk_span jk_span_make(const char *bytes, size_t len) {
    jk_span span = {bytes, len};
    return span;
}

/* A span over the C string `text` without its NUL; NULL gives the empty span. */
static inline jk_span jk_span_of(const char *text) {
    return jk_span_make(text, text ? strlen(text) : 0);
}

/* Whether the span holds exactly the C string `text`. */
static inline int jk_span_is(jk_span span, const char *text) {
    size_t len = strlen(text);
    return span.len == len && (len == 0 || memcmp(span.bytes, text, len) == 0);
}

#endif
