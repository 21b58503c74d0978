/* SPDX-License-Identifier: BSD-3-Clause */
/* Growable bytes: room doubles, a NUL always follows the last byte, a lost append is remembered. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

void dw_buf_init(dw_buf *buf, dw_mem *mem) {
    *buf = (dw_buf){.mem = mem};
}

/* Makes room for `more` bytes and a NUL; on failure marks the buffer. */
static bool reserve(dw_buf *buf, size_t more) {
    if (buf->room > buf->size && more < buf->room - buf->size)
        return true;
    if (more >= PTRDIFF_MAX - buf->size) {
        buf->failed = true;
        return false;
    }
    size_t need = buf->size + more + 1;
    size_t room = buf->room < FIRST_ROOM ? FIRST_ROOM : buf->room;
    while (room < need)
        room *= 2;
    char *data = dw_mem_grow(buf->mem, buf->data, room);
    if (data == NULL && room > need) { /* doubling may be what was too much */
        room = need;
        data = dw_mem_grow(buf->mem, buf->data, room);
    }
    if (data == NULL) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->room = room;
    return true;
}

void dw_buf_add(dw_buf *buf, const void *bytes, size_t size) {
    if (buf->failed || !reserve(buf, size))
        return;
    if (size > 0)
        memcpy(buf->data + buf->size, bytes, size);
    buf->size += size;
    buf->data[buf->size] = '\0';
}

void dw_buf_text(dw_buf *buf, const char *text) {
    dw_buf_add(buf, text, strlen(text));
}

void dw_buf_byte(dw_buf *buf, char byte) {
    dw_buf_add(buf, &byte, 1);
}

void dw_buf_print(dw_buf *buf, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    if (size < 0) {
        buf->failed = true;
    } else if (!buf->failed && reserve(buf, (size_t)size)) {
        vsnprintf(buf->data + buf->size, (size_t)size + 1, format, again);
        buf->size += (size_t)size;
    }
    va_end(again);
    va_end(args);
}

bool dw_buf_whole(const dw_buf *buf, const char *what, dw_err *err) {
    return !buf->failed || dw_err_memory(err, what);
}

void dw_buf_clear(dw_buf *buf) {
    buf->size = 0;
    buf->failed = false;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

char *dw_buf_take(dw_buf *buf, size_t *size) {
    char *data = NULL;
    size_t count = 0;
    if (!buf->failed && (buf->data != NULL || reserve(buf, 0))) {
        data = buf->data;
        count = buf->size;
        data[count] = '\0';
        buf->data = NULL;
    }
    dw_buf_free(buf);
    if (size != NULL)
        *size = count;
    return data;
}

void dw_buf_free(dw_buf *buf) {
    dw_mem_free(buf->data);
    dw_buf_init(buf, buf->mem);
}
