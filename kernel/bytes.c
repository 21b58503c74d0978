/* SPDX-License-Identifier: BSD-3-Clause */
/* Growable bytes with sticky failure. */
#include "bytes.h"

#include "spare.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

bool jk_bytes_reserve(jk_bytes *bytes, size_t extra) {
    if (bytes->failed || extra > SIZE_MAX / 2 - bytes->len - 1) {
        bytes->failed = true;
        return false;
    }
    size_t need = bytes->len + extra + 1;
    if (need <= bytes->capacity) {
        return true;
    }
    size_t capacity = bytes->capacity ? bytes->capacity : 64;
    while (capacity < need) {
        capacity *= 2;
    }
    char *data = jk_spare_grow(bytes->data, capacity);
    if (!data) {
        bytes->failed = true;
        return false;
    }
    data[bytes->len] = '\0';
    bytes->data = data;
    bytes->capacity = capacity;
    return true;
}

bool jk_bytes_add(jk_bytes *bytes, const void *data, size_t len) {
    if (!jk_bytes_reserve(bytes, len)) {
        return false;
    }
    if (len > 0) {
        memcpy(bytes->data + bytes->len, data, len);
    }
    bytes->len += len;
    bytes->data[bytes->len] = '\0';
    return true;
}

bool jk_bytes_text(jk_bytes *bytes, const char *text) {
    return jk_bytes_add(bytes, text, strlen(text));
}

void jk_bytes_drop(jk_bytes *bytes, size_t count) {
    if (count == 0) {
        return;
    }
    bytes->len -= count;
    memmove(bytes->data, bytes->data + count, bytes->len);
    bytes->data[bytes->len] = '\0';
}

void jk_bytes_reset(jk_bytes *bytes, size_t keep) {
    if (bytes->capacity > keep) {
        jk_bytes_free(bytes);
        return;
    }
    bytes->len = 0;
    bytes->failed = false;
    if (bytes->data) {
        bytes->data[0] = '\0';
    }
}

bool jk_bytes_read_file(jk_bytes *bytes, const char *path, size_t limit) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        return false;
    }
    char chunk[4096];
    size_t got;
    bool ok = true;
    while (ok && (got = fread(chunk, 1, sizeof chunk, file)) > 0) {
        if (got > limit - bytes->len) {
            errno = EFBIG;
            ok = false;
        } else if (!jk_bytes_add(bytes, chunk, got)) {
            errno = ENOMEM;
            ok = false;
        }
    }
    int kept = ok && ferror(file) ? EIO : errno;
    ok = ok && !ferror(file);
    fclose(file);
    errno = kept;
    return ok && jk_bytes_reserve(bytes, 0);
}

jk_span jk_bytes_span(const jk_bytes *bytes) {
    return jk_span_make(bytes->data, bytes->len);
}

void jk_bytes_free(jk_bytes *bytes) {
    free(bytes->data);
    *bytes = (jk_bytes){0};
}
