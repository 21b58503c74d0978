/* SPDX-License-Identifier: BSD-3-Clause */
/* The header is a Python dictionary with exactly three entries; it is read by a small scanner that
 * knows nothing else, and every length is checked against the file before it is used. */
#include "data/npy.h"

#include <stdint.h>
#include <string.h>

typedef struct {
    const char *at, *end;
    const char *name;
    dw_err *err;
    char kind;    /* f, i, u or b */
    size_t width; /* bytes of a number */
    bool columns_first;
    bool seen[3]; /* descr, fortran_order, shape */
    size_t axes, dim[2];
} header;

static bool fail(header *h, const char *what) {
    return dw_err_set(h->err, DW_ERR_DATA, "%.100s is no array file that can be read: %s", h->name,
                      what);
}

static void skip_blanks(header *h) {
    while (h->at < h->end && (*h->at == ' ' || *h->at == '\n'))
        h->at++;
}

static bool take(header *h, const char *text) {
    size_t size = strlen(text);
    skip_blanks(h);
    if ((size_t)(h->end - h->at) < size || memcmp(h->at, text, size) != 0)
        return false;
    h->at += size;
    return true;
}

/* 'text' of at most 31 letters. */
static bool take_text(header *h, char out[32]) {
    skip_blanks(h);
    if (h->at == h->end || (*h->at != '\'' && *h->at != '"'))
        return false;
    char quote = *h->at++;
    size_t size = 0;
    for (; h->at < h->end && *h->at != quote; h->at++) {
        if (size == 31)
            return false;
        out[size++] = *h->at;
    }
    out[size] = '\0';
    return h->at++ < h->end;
}

static bool read_type(header *h) {
    char text[32];
    if (!take_text(h, text))
        return fail(h, "it holds records, not plain numbers");
    const char *type = text;
    if (*type == '>')
        return fail(h, "its bytes are in big-endian order; convert it with astype('<f8')");
    type += *type == '<' || *type == '|' || *type == '=';
    if (strlen(type) != 2 || strchr("fiub", type[0]) == NULL)
        return dw_err_set(h->err, DW_ERR_DATA,
                          "%.100s holds values of type %s; numbers are needed: convert it with "
                          "astype('<f8')",
                          h->name, text);
    h->kind = type[0];
    h->width = (size_t)(type[1] - '0');
    bool known = h->kind == 'f' ? h->width == 4 || h->width == 8
                 : h->kind == 'b'
                     ? h->width == 1
                     : h->width == 1 || h->width == 2 || h->width == 4 || h->width == 8;
    return known || fail(h, "its numbers have an unusual width; convert it with astype('<f8')");
}

static bool read_shape(header *h) {
    if (!take(h, "("))
        return fail(h, "its shape cannot be read");
    while (!take(h, ")")) {
        size_t n = 0;
        skip_blanks(h);
        const char *start = h->at;
        for (; h->at < h->end && *h->at >= '0' && *h->at <= '9'; h->at++) {
            if (n > (SIZE_MAX - 9) / 10)
                return fail(h, "its shape is too large");
            n = 10 * n + (size_t)(*h->at - '0');
        }
        if (h->at == start)
            return fail(h, "its shape cannot be read");
        if (h->axes == 2)
            return fail(h, "it has more than two axes; save it as a matrix, one column a sample");
        h->dim[h->axes++] = n;
        if (!take(h, ",") && (h->at == h->end || *h->at != ')'))
            return fail(h, "its shape cannot be read");
    }
    return true;
}

static bool read_entry(header *h) {
    static const char *const names[3] = {"descr", "fortran_order", "shape"};
    char key[32];
    if (!take_text(h, key) || !take(h, ":"))
        return fail(h, "its header is damaged");
    size_t i = 0;
    while (i < 3 && strcmp(key, names[i]) != 0)
        i++;
    if (i == 3 || h->seen[i])
        return fail(h, "its header is damaged");
    h->seen[i] = true;
    if (i == 0)
        return read_type(h);
    if (i == 2)
        return read_shape(h);
    h->columns_first = take(h, "True");
    return h->columns_first || take(h, "False") || fail(h, "its header is damaged");
}

static bool read_header(header *h) {
    if (!take(h, "{"))
        return fail(h, "its header is damaged");
    while (!take(h, "}")) {
        if (!read_entry(h))
            return false;
        take(h, ",");
    }
    if (!h->seen[0] || !h->seen[1] || !h->seen[2])
        return fail(h, "its header is incomplete");
    return true;
}

static uint64_t little_endian(const unsigned char *bytes, size_t width) {
    uint64_t value = 0;
    for (size_t i = width; i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

static double read_number(const header *h, const unsigned char *bytes) {
    uint64_t raw = little_endian(bytes, h->width);
    if (h->kind == 'f' && h->width == 8) {
        double x;
        memcpy(&x, &raw, sizeof x);
        return x;
    }
    if (h->kind == 'f') {
        uint32_t half = (uint32_t)raw;
        float x;
        memcpy(&x, &half, sizeof x);
        return (double)x;
    }
    if (h->kind == 'b')
        return raw != 0;
    uint64_t sign = 1ull << (8 * h->width - 1);
    if (h->kind == 'i' && (raw & sign) != 0) /* two's complement without leaving unsigned */
        return -(double)((~raw & (sign - 1)) + 1);
    return (double)raw;
}

/* Cuts the header off the file; *data is what follows. */
static bool find_header(header *h, const char *bytes, size_t size, const char **data) {
    if (size < 10 || memcmp(bytes, "\x93NUMPY", 6) != 0)
        return fail(h, "it does not begin like one");
    int version = (unsigned char)bytes[6];
    size_t start = version == 1 ? 10 : 12;
    if (version < 1 || version > 3)
        return fail(h, "its format is newer than version 3");
    if (size < start)
        return fail(h, "it ends in its header");
    size_t length = (size_t)little_endian((const unsigned char *)bytes + 8, start - 8);
    if (length > size - start)
        return fail(h, "it ends in its header");
    h->at = bytes + start;
    h->end = *data = h->at + length;
    return true;
}

dw_tensor *dw_npy_read(dw_mem *mem, const char *bytes, size_t size, const char *name, dw_err *err) {
    header h = {.name = name, .err = err};
    const char *data = NULL;
    if (!find_header(&h, bytes, size, &data) || !read_header(&h))
        return NULL;
    size_t rows = h.axes == 2 ? h.dim[0] : 1;
    size_t columns = h.axes == 2 ? h.dim[1] : h.axes == 1 ? h.dim[0] : 1;
    size_t left = (size_t)(bytes + size - data) / h.width;
    if (rows != 0 && columns > left / rows) {
        dw_err_set(err, DW_ERR_DATA,
                   "%.100s promises %zu×%zu numbers, but there are only %zu in it", name, rows,
                   columns, left);
        return NULL;
    }
    dw_tensor *t = dw_tensor_raw(mem, rows, columns, err);
    if (t == NULL)
        return NULL;
    for (size_t i = 0; i < t->size; i++) {
        size_t at = h.columns_first ? (i % columns) * rows + i / columns : i;
        t->data[i] = read_number(&h, (const unsigned char *)data + at * h.width);
    }
    t->truth = h.kind == 'b';
    return t;
}

void dw_npy_write(dw_buf *out, const dw_tensor *t) {
    char bytes[8];
    dw_buf_add(out, "\x93NUMPY\x01\x00", 8);
    size_t start = out->size;
    dw_buf_add(out, "\0\0", 2);
    dw_buf_print(out, "{'descr': '%s', 'fortran_order': False, 'shape': (",
                 t->truth ? "|b1" : "<f8");
    if (dw_tensor_is_row(t))
        dw_buf_print(out, "%zu,), }", t->dim[1]);
    else
        dw_buf_print(out, "%zu, %zu), }", t->dim[0], t->dim[1]);
    while ((out->size - start + 8) % 64 != 63) /* with its last newline a multiple of 64 */
        dw_buf_byte(out, ' ');
    dw_buf_byte(out, '\n');
    if (out->failed)
        return;
    size_t length = out->size - start - 2;
    out->data[start] = (char)(length & 0xFF);
    out->data[start + 1] = (char)(length >> 8);
    for (size_t i = 0; i < t->size; i++) {
        if (t->truth) {
            dw_buf_byte(out, t->data[i] != 0);
            continue;
        }
        uint64_t raw;
        memcpy(&raw, &t->data[i], sizeof raw);
        for (size_t b = 0; b < 8; b++)
            bytes[b] = (char)(raw >> (8 * b) & 0xFF);
        dw_buf_add(out, bytes, 8);
    }
}
