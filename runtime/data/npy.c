/* SPDX-License-Identifier: BSD-3-Clause */
/* The header is a Python dictionary with exactly three entries; it is read by a small scanner that
 * knows nothing else, and every length is checked against the file before it is used. */
#include "data/npy.h"

#include "data/arrays.h"
#include "data/raw.h"

#include <string.h>

typedef struct {
    const char *at, *end;
    const char *name;
    const dw_cancel *cancel;
    dw_err *err;
    dw_raw_type type;
    bool columns_first; /* the first axis runs fastest */
    bool seen[3];       /* descr, fortran_order, shape */
    dw_arrays_shape shape;
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
    static const char letters[] = "fiub";
    static const dw_raw_kind kinds[] = {DW_RAW_FLOAT, DW_RAW_SIGNED, DW_RAW_UNSIGNED, DW_RAW_TRUTH};
    const char *type = text;
    bool big = *type == '>';
    type += big || *type == '<' || *type == '|' || *type == '=';
    const char *kind = type[0] != '\0' ? strchr(letters, type[0]) : NULL;
    if (strlen(type) != 2 || kind == NULL)
        return dw_err_set(h->err, DW_ERR_DATA,
                          "%.100s holds values of type %s; numbers are needed: convert it with "
                          "astype('<f8')",
                          h->name, text);
    h->type = (dw_raw_type){kinds[kind - letters], (uint8_t)(type[1] - '0'), big};
    return dw_raw_known(h->type) ||
           fail(h, "its numbers have an unusual width; convert it with astype('<f8')");
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
        if (h->shape.axes == DW_ARRAYS_AXES)
            return fail(h, "it has more than eight axes");
        h->shape.dim[h->shape.axes++] = n;
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
    size_t length = (size_t)dw_raw_whole(bytes + 8, start - 8, false);
    if (length > size - start)
        return fail(h, "it ends in its header");
    h->at = bytes + start;
    h->end = *data = h->at + length;
    return true;
}

/* Where the numbers lie whose first axis runs fastest: walks through the shape row by row. */
static bool read_by_columns(const header *h, const char *data, dw_tensor *t) {
    size_t place[DW_ARRAYS_AXES] = {0}, step[DW_ARRAYS_AXES] = {1}, at = 0, axes = h->shape.axes;
    for (size_t k = 1; k < axes; k++)
        step[k] = step[k - 1] * h->shape.dim[k - 1];
    for (size_t i = 0; i < t->size; i++) {
        if (!dw_cancel_goes_on(h->cancel, i, h->err))
            return false;
        t->data[i] = dw_raw_number(h->type, data + at * h->type.width);
        for (size_t k = axes; k-- > 0;) {
            at += step[k];
            if (++place[k] < h->shape.dim[k])
                break;
            at -= place[k] * step[k];
            place[k] = 0;
        }
    }
    return true;
}

/* Whether the numbers the header promises are there. */
static bool check_size(header *h, size_t left) {
    size_t size;
    left /= h->type.width;
    if (!dw_arrays_size(&h->shape, &size))
        return fail(h, "its shape is too large");
    return size <= left || dw_err_set(h->err, DW_ERR_DATA,
                                      "%.100s promises %zu numbers, but there are only %zu in it",
                                      h->name, size, left);
}

dw_tensor *dw_npy_read(dw_mem *mem, const char *bytes, size_t size, const char *name, dw_err *err) {
    header h = {.name = name, .cancel = mem->cancel, .err = err};
    const char *data = NULL;
    size_t rows, columns;
    if (!find_header(&h, bytes, size, &data) || !read_header(&h) ||
        !check_size(&h, (size_t)(bytes + size - data)))
        return NULL;
    dw_arrays_flat(&h.shape, false, &rows, &columns);
    dw_tensor *t = dw_tensor_raw(mem, rows, columns, err);
    if (t == NULL)
        return NULL;
    if (!(h.columns_first ? read_by_columns(&h, data, t)
                          : dw_raw_read(h.type, data, t->size, t->data, h.cancel, err))) {
        dw_tensor_release(t);
        return NULL;
    }
    t->truth = h.type.kind == DW_RAW_TRUTH;
    return t;
}

void dw_npy_write(dw_buf *out, const dw_tensor *t) {
    dw_raw_type type = {DW_RAW_FLOAT, 8, false};
    if (t->truth)
        type = (dw_raw_type){DW_RAW_TRUTH, 1, false};
    dw_buf_add(out, "\x93NUMPY\x01\x00", 8);
    size_t start = out->size;
    dw_buf_add(out, "\0\0", 2);
    dw_buf_print(out, "{'descr': '%s', 'fortran_order': False, 'shape': (",
                 t->truth ? "|b1" : "<f8");
    if (t->size == 1)
        dw_buf_text(out, "), }");
    else if (dw_tensor_is_row(t))
        dw_buf_print(out, "%zu,), }", t->dim[1]);
    else
        dw_buf_print(out, "%zu, %zu), }", t->dim[0], t->dim[1]);
    /* with its last newline a multiple of 64 */
    while (!out->failed && (out->size - start + 8) % 64 != 63)
        dw_buf_byte(out, ' ');
    dw_buf_byte(out, '\n');
    if (out->failed)
        return;
    size_t length = out->size - start - 2;
    out->data[start] = (char)(length & 0xFF);
    out->data[start + 1] = (char)(length >> 8);
    dw_raw_add(out, type, t->data, t->size);
}
