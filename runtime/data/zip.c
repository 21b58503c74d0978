/* SPDX-License-Identifier: BSD-3-Clause */
/* Layout and numbers: PKWARE's APPNOTE.TXT 6.3, sections 4.3.7 (local header), 4.3.12 (an entry of
 * the list) and 4.3.16 (the end). Sizes are believed only from the list, and only after they fit
 * into the file, each of them and all together. */
#include "data/zip.h"

#include "data/deflate.h"
#include "data/raw.h"

#include <string.h>

enum {
    LOCAL = 30, /* bytes of the fixed part of each structure */
    ENTRY = 46,
    END = 22,
    COMMENT = 0xFFFF, /* that may follow the end */
    STORED = 0,
    DEFLATED = 8,
    ENCRYPTED = 1,    /* a flag */
    UTF8 = 1 << 11,   /* a flag: the name is UTF-8 */
    VERSION = 20,     /* of the format that is needed to read: 2.0 */
    FIRST_DAY = 0x21, /* 1 January 1980 */
};

static const uint32_t local_mark = 0x04034B50, entry_mark = 0x02014B50, end_mark = 0x06054B50;
static const uint32_t beyond = 0xFFFFFFFF; /* in place of a size: it stands elsewhere */

static size_t two(const char *at) {
    return (size_t)dw_raw_whole(at, 2, false);
}

static uint32_t four(const char *at) {
    return (uint32_t)dw_raw_whole(at, 4, false);
}

static bool fail(const char *name, size_t at, const char *what, dw_err *err) {
    return dw_err_set(err, DW_ERR_DATA, "%.200s is no zip file that can be read: byte %zu: %s",
                      name, at, what);
}

/* The place of the end, searched backwards over a possible comment. */
static bool find_end(const char *bytes, size_t size, const char *name, size_t *at, dw_err *err) {
    if (size < 4 || four(bytes) != (size == END ? end_mark : local_mark))
        return fail(name, 0, "it does not begin like one", err);
    for (size_t back = END; back <= size && back <= END + COMMENT; back++) {
        if (four(bytes + size - back) == end_mark && two(bytes + size - back + 20) == back - END) {
            *at = size - back;
            return true;
        }
    }
    return fail(name, size, "it ends before its list of members; is the download complete?", err);
}

/* Reads one entry of the list. *at moves behind it. */
static bool read_entry(const dw_zip *zip, dw_zip_member *m, size_t *at, size_t end, dw_err *err) {
    const char *e = zip->bytes + *at;
    if (end - *at < ENTRY || four(e) != entry_mark)
        return fail(zip->name, *at, "its list of members is damaged", err);
    size_t name = two(e + 28), method = two(e + 10), rest = name + two(e + 30) + two(e + 32);
    *m = (dw_zip_member){.name = e + ENTRY,
                         .name_size = name,
                         .at = four(e + 42),
                         .packed = four(e + 20),
                         .size = four(e + 24),
                         .crc = four(e + 16),
                         .deflated = method == DEFLATED};
    if (rest > end - *at - ENTRY)
        return fail(zip->name, *at, "its list of members is damaged", err);
    if (two(e + 8) & ENCRYPTED)
        return fail(zip->name, *at, "it is encrypted", err);
    if (method != STORED && method != DEFLATED)
        return fail(zip->name, *at, "it is packed in a way not known here; use savez_compressed",
                    err);
    if (m->at == beyond || m->packed == beyond || m->size == beyond)
        return fail(zip->name, *at, "it is larger than 4 GB", err);
    if (m->at > end || m->packed > end - m->at || (!m->deflated && m->packed != m->size))
        return fail(zip->name, *at, "a member does not fit into the file", err);
    *at += ENTRY + rest;
    return true;
}

static bool read_list(dw_zip *zip, size_t at, size_t end, dw_err *err) {
    size_t whole = 0, first = at;
    for (size_t i = 0; i < zip->count; i++) {
        if (!read_entry(zip, &zip->member[i], &at, end, err))
            return false;
        whole += zip->member[i].packed; /* each fits into the file, so this cannot overflow */
    }
    if (whole > first)
        return fail(zip->name, first, "its members overlap", err);
    return at == end || fail(zip->name, at, "its list of members is damaged", err);
}

dw_zip *dw_zip_open(dw_mem *mem, const char *bytes, size_t size, const char *name, dw_err *err) {
    size_t end = 0, list, length;
    if (!find_end(bytes, size, name, &end, err))
        return NULL;
    const char *e = bytes + end;
    size_t count = two(e + 10);
    list = four(e + 16);
    length = four(e + 12);
    if (two(e + 4) != 0 || two(e + 6) != 0 || two(e + 8) != count) {
        fail(name, end, "it is one part of several", err);
        return NULL;
    }
    if (list == beyond || list > end || length != end - list) {
        fail(name, end, list == beyond ? "it is larger than 4 GB" : "its end is damaged", err);
        return NULL;
    }
    if (count > DW_ZIP_MOST) {
        dw_err_set(err, DW_ERR_LIMIT, "%.200s has %zu members, %d are the most", name, count,
                   DW_ZIP_MOST);
        return NULL;
    }
    dw_zip *zip = dw_mem_new(mem, sizeof *zip + count * sizeof *zip->member);
    if (zip == NULL) {
        dw_err_memory(err, "the list of a zip file");
        return NULL;
    }
    zip->bytes = bytes;
    zip->size = size;
    zip->name = name;
    zip->count = count;
    if (read_list(zip, list, end, err))
        return zip;
    dw_mem_free(zip);
    return NULL;
}

bool dw_zip_read(dw_mem *mem, const dw_zip *zip, size_t i, const char **contents, char **owned,
                 dw_err *err) {
    const dw_zip_member *m = &zip->member[i];
    const char *head = zip->bytes + m->at;
    size_t left = zip->size - m->at;
    *owned = NULL;
    if (left < LOCAL || four(head) != local_mark)
        return fail(zip->name, m->at, "a member does not begin like one", err);
    size_t skip = LOCAL + two(head + 26) + two(head + 28);
    if (skip > left || m->packed > left - skip)
        return fail(zip->name, m->at, "a member does not fit into the file", err);
    *contents = head + skip;
    if (m->deflated) {
        dw_deflate_source source = {*contents, m->packed, zip->name};
        if (!dw_deflate_unpack(mem, source, m->size, owned, err))
            return false;
        *contents = *owned;
    }
    uint32_t crc;
    bool fine = dw_deflate_crc(mem, *contents, m->size, &crc, err);
    if (fine && crc == m->crc)
        return true;
    dw_mem_free(*owned);
    *owned = NULL;
    return fine && fail(zip->name, m->at,
                        "a member is damaged (its check sum is wrong); get the file again", err);
}

/* ---- writing ---- */

void dw_zip_begin(dw_zip_writer *w, dw_buf *out) {
    w->out = out;
    w->count = 0;
    dw_buf_init(&w->list, out->mem);
}

void dw_zip_free(dw_zip_writer *w) {
    dw_buf_free(&w->list);
}

/* What a local header and an entry of the list have in common. */
static void add_facts(dw_buf *out, size_t name, uint32_t crc, size_t size) {
    dw_raw_add_whole(out, VERSION, 2);
    dw_raw_add_whole(out, UTF8, 2);
    dw_raw_add_whole(out, STORED, 2);
    dw_raw_add_whole(out, 0, 2); /* midnight */
    dw_raw_add_whole(out, FIRST_DAY, 2);
    dw_raw_add_whole(out, crc, 4);
    dw_raw_add_whole(out, size, 4);
    dw_raw_add_whole(out, size, 4);
    dw_raw_add_whole(out, name, 2);
    dw_raw_add_whole(out, 0, 2); /* nothing extra */
}

bool dw_zip_add(dw_zip_writer *w, const char *name, const char *bytes, size_t size, dw_err *err) {
    size_t length = strlen(name), at = w->out->size;
    if (w->count == DW_ZIP_MOST || length > 0xFFFF)
        return dw_err_set(err, DW_ERR_LIMIT, "a zip file has at most %d members", DW_ZIP_MOST);
    if (size >= beyond || at >= beyond - size)
        return dw_err_set(err, DW_ERR_LIMIT, "a zip file has at most 4 GB");
    uint32_t crc;
    if (!dw_deflate_crc(w->out->mem, bytes, size, &crc, err))
        return false;
    dw_raw_add_whole(w->out, local_mark, 4);
    add_facts(w->out, length, crc, size);
    dw_buf_text(w->out, name);
    dw_buf_add(w->out, bytes, size);
    dw_raw_add_whole(&w->list, entry_mark, 4);
    dw_raw_add_whole(&w->list, VERSION, 2);
    add_facts(&w->list, length, crc, size);
    dw_raw_add_whole(&w->list, 0, 2); /* no comment */
    dw_raw_add_whole(&w->list, 0, 2); /* first disk */
    dw_raw_add_whole(&w->list, 0, 2); /* no attributes */
    dw_raw_add_whole(&w->list, 0, 4);
    dw_raw_add_whole(&w->list, at, 4);
    dw_buf_text(&w->list, name);
    w->count++;
    return !(w->out->failed || w->list.failed) || dw_err_memory(err, "a zip file");
}

bool dw_zip_finish(dw_zip_writer *w, dw_err *err) {
    size_t at = w->out->size;
    if (at > beyond - 1 || w->list.size > beyond - 1)
        return dw_err_set(err, DW_ERR_LIMIT, "a zip file has at most 4 GB");
    dw_buf_add(w->out, w->list.data, w->list.size);
    dw_raw_add_whole(w->out, end_mark, 4);
    dw_raw_add_whole(w->out, 0, 4); /* one disk */
    dw_raw_add_whole(w->out, w->count, 2);
    dw_raw_add_whole(w->out, w->count, 2);
    dw_raw_add_whole(w->out, w->list.size, 4);
    dw_raw_add_whole(w->out, at, 4);
    dw_raw_add_whole(w->out, 0, 2); /* no comment */
    return !(w->out->failed || w->list.failed) || dw_err_memory(err, "a zip file");
}
