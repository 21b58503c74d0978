/* SPDX-License-Identifier: BSD-3-Clause */
/* zlib counts bytes in unsigned int and does not stop, so long blocks are handed over in steps.
 * What comes out is bounded by what the file promises, or by the memory of the session: a small
 * file that unpacks to a huge one ends as an error. */
#define ZLIB_CONST /* what it reads it does not change */
#include "data/deflate.h"

#include <string.h>
#include <zlib.h>

enum {
    RAW_WINDOW = -15,
    GZIP_WINDOW = 15 + 16,
    MOST_RATIO = 1032, /* one byte never unpacks to more (RFC 1951: 258 bytes in 2 bits) */
    FIRST_ROOM = 1 << 12,
    STEP = 1 << 20 /* bytes that zlib gets in one go: between two looks at whether to stop */
};

static void *take(void *mem, unsigned count, unsigned size) {
    return dw_mem_array(mem, count, size);
}

static void give_back(void *mem, void *block) {
    (void)mem;
    dw_mem_free(block);
}

static z_stream stream_of(dw_mem *mem) {
    z_stream z;
    memset(&z, 0, sizeof z);
    z.zalloc = take;
    z.zfree = give_back;
    z.opaque = mem;
    return z;
}

static unsigned step_of(size_t left) {
    return left < STEP ? (unsigned)left : STEP;
}

static bool too_little_memory(dw_err *err, const char *name) {
    return dw_err_set(err, DW_ERR_MEMORY, "there is not enough memory to unpack %.200s", name);
}

static bool damaged(dw_err *err, const dw_deflate_source *source, size_t at) {
    return dw_err_set(err, DW_ERR_DATA,
                      "%.200s is damaged: its packed bytes make no sense at byte "
                      "%zu of %zu; get the file again",
                      source->name, at, source->size);
}

static bool cut_off(dw_err *err, const dw_deflate_source *source) {
    return dw_err_set(
        err, DW_ERR_DATA,
        "%.200s is cut off: its packed bytes go on after byte %zu, where it ends; get "
        "the file again",
        source->name, source->size);
}

/* What is being unpacked, and into what. */
typedef struct {
    z_stream z;
    const dw_cancel *cancel;
    const dw_deflate_source *source;
    size_t in; /* bytes taken */
    char *out;
    size_t room, size; /* of out, one byte more being there for the NUL */
    dw_err *err;
} unpacking;

/* One step of zlib's; its answer in *code. */
static void advance(unpacking *u, int *code) {
    unsigned in = step_of(u->source->size - u->in), out = step_of(u->room - u->size);
    u->z.next_in = (const Bytef *)u->source->bytes + u->in;
    u->z.avail_in = in;
    u->z.next_out = (Bytef *)u->out + u->size;
    u->z.avail_out = out;
    *code = inflate(&u->z, Z_NO_FLUSH);
    u->in += in - u->z.avail_in;
    u->size += out - u->z.avail_out;
}

/* Unpacks until the stream ends or the room is full; whether it ended, in *ended. */
static bool fill(unpacking *u, bool *ended) {
    int code = Z_OK;
    *ended = false;
    while (code == Z_OK) {
        size_t in = u->in, size = u->size;
        if (!dw_cancel_goes_on(u->cancel, 0, u->err))
            return false;
        advance(u, &code);
        if (code == Z_OK && u->in == in && u->size == size)
            code = Z_BUF_ERROR;
    }
    if (code == Z_STREAM_END) {
        *ended = true;
        return true;
    }
    if (code == Z_MEM_ERROR)
        return too_little_memory(u->err, u->source->name);
    if (code != Z_BUF_ERROR)
        return damaged(u->err, u->source, u->in);
    if (u->in == u->source->size && u->size < u->room)
        return cut_off(u->err, u->source);
    return true;
}

bool dw_deflate_unpack(dw_mem *mem, dw_deflate_source source, size_t expected, char **out,
                       dw_err *err) {
    unpacking u = {.z = stream_of(mem),
                   .cancel = mem->cancel,
                   .source = &source,
                   .room = expected,
                   .err = err};
    bool ended = false, fine = true;
    if (expected / MOST_RATIO > source.size)
        return dw_err_set(
            err, DW_ERR_DATA,
            "%.200s is damaged: it promises %zu bytes, more than its %zu packed bytes "
            "can give",
            source.name, expected, source.size);
    u.out = expected < SIZE_MAX ? dw_mem_raw(mem, expected + 1) : NULL;
    if (u.out == NULL)
        return too_little_memory(err, source.name);
    u.room++; /* one byte too many is seen */
    if (inflateInit2(&u.z, RAW_WINDOW) != Z_OK) {
        dw_mem_free(u.out);
        return too_little_memory(err, source.name);
    }
    fine = fill(&u, &ended);
    inflateEnd(&u.z);
    if (fine && (!ended || u.size != expected))
        fine = dw_err_set(err, DW_ERR_DATA, "%.200s is damaged: it promises %zu bytes and holds %s",
                          source.name, expected, u.size < expected ? "fewer" : "more");
    if (!fine) {
        dw_mem_free(u.out);
        return false;
    }
    u.out[expected] = '\0';
    *out = u.out;
    return true;
}

/* Twice the room. */
static bool grow(dw_mem *mem, unpacking *u) {
    size_t room = u->room * 2;
    char *more = u->room < SIZE_MAX / 4 ? dw_mem_grow(mem, u->out, room + 1) : NULL;
    if (more == NULL)
        return too_little_memory(u->err, u->source->name);
    u->out = more;
    u->room = room;
    return true;
}

/* One file after the other until the bytes end. */
static bool gunzip_all(dw_mem *mem, unpacking *u) {
    do {
        bool ended = false;
        while (!ended) {
            if (!fill(u, &ended))
                return false;
            if (!ended && !grow(mem, u))
                return false;
        }
        if (inflateReset(&u->z) != Z_OK)
            return damaged(u->err, u->source, u->in);
    } while (u->in < u->source->size);
    return true;
}

bool dw_deflate_gunzip(dw_mem *mem, dw_deflate_source source, char **out, size_t *size,
                       dw_err *err) {
    unpacking u = {.z = stream_of(mem),
                   .cancel = mem->cancel,
                   .source = &source,
                   .room = FIRST_ROOM,
                   .err = err};
    if (source.size < 2 || memcmp(source.bytes, "\x1F\x8B", 2) != 0)
        return dw_err_set(err, DW_ERR_DATA, "%.200s does not begin like a .gz file", source.name);
    u.out = dw_mem_raw(mem, u.room + 1);
    if (u.out == NULL || inflateInit2(&u.z, GZIP_WINDOW) != Z_OK) {
        dw_mem_free(u.out);
        return too_little_memory(err, source.name);
    }
    bool fine = gunzip_all(mem, &u);
    inflateEnd(&u.z);
    if (!fine) {
        dw_mem_free(u.out);
        return false;
    }
    u.out[u.size] = '\0';
    *out = u.out;
    *size = u.size;
    return true;
}

bool dw_deflate_gzip(dw_buf *out, const char *bytes, size_t size, dw_err *err) {
    char room[1 << 12];
    z_stream z = stream_of(out->mem);
    int code =
        deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY);
    if (code != Z_OK)
        return dw_err_memory(err, "the packed file");
    bool fine = true;
    do {
        if (z.avail_in == 0) {
            z.next_in = (const Bytef *)bytes;
            z.avail_in = step_of(size);
            bytes += z.avail_in;
            size -= z.avail_in;
            fine = dw_cancel_goes_on(out->mem->cancel, 0, err);
        }
        z.next_out = (Bytef *)room;
        z.avail_out = sizeof room;
        code = deflate(&z, size == 0 ? Z_FINISH : Z_NO_FLUSH);
        dw_buf_add(out, room, sizeof room - z.avail_out);
    } while (fine && code == Z_OK && !out->failed);
    deflateEnd(&z);
    return fine &&
           ((code == Z_STREAM_END && !out->failed) || dw_err_memory(err, "the packed file"));
}

bool dw_deflate_crc(dw_mem *mem, const char *bytes, size_t size, uint32_t *out, dw_err *err) {
    uLong crc = crc32(0, NULL, 0);
    while (size > 0) {
        unsigned step = step_of(size);
        if (!dw_cancel_goes_on(mem->cancel, 0, err))
            return false;
        crc = crc32(crc, (const Bytef *)bytes, step);
        bytes += step;
        size -= step;
    }
    *out = (uint32_t)crc;
    return true;
}
