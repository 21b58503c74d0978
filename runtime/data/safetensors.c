/* SPDX-License-Identifier: BSD-3-Clause */
/* The header is read by jansson. As the format demands, the arrays must follow each other without
 * holes and overlaps and fill the file, so nothing is in it that the header does not name. */
#include "data/safetensors.h"

#include "data/raw.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LENGTH = 8,            /* bytes of the length of the header */
    MOST_HEADER = 1 << 21, /* bytes; a net with 10000 arrays has 2^20 */
    HEADER_MEMORY = 80,    /* bytes jansson needs for a byte of it, at most: [{},{},{}] */
    ALIGN = 8
};

typedef struct {
    const char *name;
    dw_raw_type type;
} dtype;

static const dtype dtypes[] = {
    {"F64", {DW_RAW_FLOAT, 8, false}},    {"F32", {DW_RAW_FLOAT, 4, false}},
    {"F16", {DW_RAW_FLOAT, 2, false}},    {"BF16", {DW_RAW_BRAIN, 2, false}},
    {"I64", {DW_RAW_SIGNED, 8, false}},   {"I32", {DW_RAW_SIGNED, 4, false}},
    {"I16", {DW_RAW_SIGNED, 2, false}},   {"I8", {DW_RAW_SIGNED, 1, false}},
    {"U64", {DW_RAW_UNSIGNED, 8, false}}, {"U32", {DW_RAW_UNSIGNED, 4, false}},
    {"U16", {DW_RAW_UNSIGNED, 2, false}}, {"U8", {DW_RAW_UNSIGNED, 1, false}},
    {"BOOL", {DW_RAW_TRUTH, 1, false}},
};

/* What is being read. */
typedef struct {
    const char *file;
    const char *data; /* the numbers */
    size_t size;      /* bytes of them */
    dw_arrays *list;
    dw_err *err;
} reading;

/* One array of the header, checked. */
typedef struct {
    const char *name;
    size_t name_size;
    dw_raw_type type;
    dw_arrays_shape shape;
    size_t begin, end;
} entry;

static bool fail(const reading *r, const char *what) {
    return dw_err_set(r->err, DW_ERR_DATA, "%.100s is no safetensors file that can be read: %s",
                      r->file, what);
}

static bool fail_array(const reading *r, const entry *a, const char *what) {
    return dw_err_set(r->err, DW_ERR_DATA, "%.100s: the array %.60s %s", r->file, a->name, what);
}

static bool read_whole(const json_t *json, size_t *out) {
    if (!json_is_integer(json) || json_integer_value(json) < 0)
        return false;
    *out = (size_t)json_integer_value(json);
    return true;
}

static bool read_type(const reading *r, entry *a, const json_t *json) {
    const char *name = json_string_value(json);
    if (name == NULL)
        return fail_array(r, a, "has no dtype");
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++) {
        if (strcmp(dtypes[i].name, name) == 0) {
            a->type = dtypes[i].type;
            return true;
        }
    }
    return dw_err_set(r->err, DW_ERR_DATA,
                      "%.100s: the array %.60s holds numbers of type %.20s, which cannot be read; "
                      "save them as F32",
                      r->file, a->name, name);
}

static bool read_shape(const reading *r, entry *a, const json_t *json) {
    if (!json_is_array(json))
        return fail_array(r, a, "has no shape");
    a->shape.axes = json_array_size(json);
    if (a->shape.axes > DW_ARRAYS_AXES)
        return fail_array(r, a, "has more than eight axes");
    for (size_t i = 0; i < a->shape.axes; i++)
        if (!read_whole(json_array_get(json, i), &a->shape.dim[i]))
            return fail_array(r, a, "has a shape that makes no sense");
    return true;
}

/* Checks that the place in the file has the size of the shape. */
static bool read_place(const reading *r, entry *a, const json_t *json) {
    size_t size;
    if (json_array_size(json) != 2 || !read_whole(json_array_get(json, 0), &a->begin) ||
        !read_whole(json_array_get(json, 1), &a->end))
        return fail_array(r, a, "has no place in the file (data_offsets)");
    if (a->begin > a->end)
        return fail_array(r, a, "ends before it begins");
    if (a->end > r->size)
        return dw_err_set(
            r->err, DW_ERR_DATA,
            "%.100s: the array %.60s ends at byte %zu, but there are only %zu; is the "
            "download complete?",
            r->file, a->name, a->end, r->size);
    if (!dw_arrays_size(&a->shape, &size) ||
        __builtin_mul_overflow(size, (size_t)a->type.width, &size) || size != a->end - a->begin)
        return fail_array(r, a, "has a shape that does not fit its bytes");
    return true;
}

static bool read_entry(const reading *r, entry *a, const json_t *json) {
    if (!json_is_object(json))
        return fail(r, "an entry of its header describes no array");
    return read_type(r, a, json_object_get(json, "dtype")) &&
           read_shape(r, a, json_object_get(json, "shape")) &&
           read_place(r, a, json_object_get(json, "data_offsets"));
}

static bool add_array(const reading *r, const entry *a) {
    size_t rows, columns;
    dw_arrays_flat(&a->shape, true, &rows, &columns);
    dw_tensor *t = dw_tensor_raw(r->list->mem, rows, columns, r->err);
    if (t == NULL)
        return false;
    if (!dw_raw_read(a->type, r->data + a->begin, t->size, t->data, r->list->mem->cancel, r->err)) {
        dw_tensor_release(t);
        return false;
    }
    t->truth = a->type.kind == DW_RAW_TRUTH;
    return dw_arrays_add(r->list, a->name, a->name_size, t, &a->shape, r->err);
}

/* By place; empty arrays first among those that begin at the same byte. */
static int order(const void *a, const void *b) {
    const entry *x = a, *y = b;
    return x->begin != y->begin ? (x->begin > y->begin) - (x->begin < y->begin)
                                : (x->end > y->end) - (x->end < y->end);
}

/* Sorts the entries; whether they follow each other and fill the file. */
static bool check_places(const reading *r, entry *entries, size_t count) {
    size_t at = 0;
    if (count > 0)
        qsort(entries, count, sizeof *entries, order);
    for (size_t i = 0; i < count; i++) {
        if (entries[i].begin != at)
            return fail_array(r, &entries[i],
                              entries[i].begin < at ? "shares bytes with the one before"
                                                    : "does not follow the one before");
        at = entries[i].end;
    }
    return at == r->size ||
           dw_err_set(r->err, DW_ERR_DATA, "%.100s goes on for %zu bytes after its last array",
                      r->file, r->size - at);
}

static bool read_entries(const reading *r, json_t *header, entry *entries) {
    const char *name;
    json_t *json;
    size_t count = 0;
    json_object_foreach(header, name, json) {
        entry *a = &entries[count];
        if (strcmp(name, "__metadata__") == 0)
            continue;
        a->name = name;
        a->name_size = strlen(name);
        if (!read_entry(r, a, json))
            return false;
        count++;
    }
    if (!check_places(r, entries, count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!add_array(r, &entries[i]))
            return false;
    return true;
}

static bool read_header(const reading *r, json_t *header) {
    if (!json_is_object(header))
        return fail(r, "its header is no JSON object");
    if (json_object_size(header) > DW_ARRAYS_MOST)
        return dw_err_set(r->err, DW_ERR_LIMIT, "%.100s has more than %d arrays", r->file,
                          DW_ARRAYS_MOST);
    entry *entries = dw_mem_array(r->list->mem, json_object_size(header) + 1, sizeof *entries);
    if (entries == NULL)
        return dw_err_memory(r->err, "the header of a file");
    bool fine = read_entries(r, header, entries);
    dw_mem_free(entries);
    return fine;
}

/* jansson takes its memory from the system, so what it may need is booked while it works. */
static bool parse_header(const reading *r, const char *bytes, size_t size) {
    json_error_t why;
    void *booked = dw_mem_raw(r->list->mem, size * HEADER_MEMORY);
    if (booked == NULL)
        return dw_err_memory(r->err, "the header of a file");
    json_t *header = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &why);
    bool fine = header != NULL
                    ? read_header(r, header)
                    : dw_err_set(r->err, DW_ERR_DATA,
                                 "%.100s is no safetensors file that can be read: its header is no "
                                 "JSON: byte %d: %.120s",
                                 r->file, LENGTH + why.position, why.text);
    json_decref(header);
    dw_mem_free(booked);
    return fine;
}

bool dw_safetensors_read(dw_arrays *list, const char *bytes, size_t size, const char *name,
                         dw_err *err) {
    reading r = {.file = name, .list = list, .err = err};
    if (size < LENGTH)
        return fail(&r, "it ends in its first eight bytes");
    uint64_t length = dw_raw_whole(bytes, LENGTH, false);
    if (length > size - LENGTH)
        return dw_err_set(err, DW_ERR_DATA,
                          "%.100s is no safetensors file that can be read: it promises a header of "
                          "%llu bytes and has %zu",
                          name, (unsigned long long)length, size - LENGTH);
    if (length > MOST_HEADER)
        return dw_err_set(err, DW_ERR_LIMIT, "%.100s has a header of over %d bytes", name,
                          MOST_HEADER);
    r.data = bytes + LENGTH + length;
    r.size = size - LENGTH - (size_t)length;
    return parse_header(&r, bytes + LENGTH, (size_t)length);
}

/* ---- writing ---- */

static dw_raw_type type_of(const dw_tensor *t, bool single) {
    if (t->truth)
        return (dw_raw_type){DW_RAW_TRUTH, 1, false};
    return (dw_raw_type){DW_RAW_FLOAT, single ? 4 : 8, false};
}

/* A text in JSON: quotes, backslashes and control letters are escaped. */
static void add_text(dw_buf *out, const char *text) {
    dw_buf_byte(out, '"');
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20)
            dw_buf_print(out, "\\u%04x", (unsigned)*text);
        else if (*text == '"' || *text == '\\')
            dw_buf_print(out, "\\%c", *text);
        else
            dw_buf_byte(out, *text);
    }
    dw_buf_byte(out, '"');
}

static void add_entry(dw_buf *out, const dw_arrays_item *item, bool single, size_t *at) {
    dw_raw_type type = type_of(item->tensor, single);
    size_t size = item->tensor->size * type.width;
    add_text(out, item->name);
    dw_buf_print(out, ":{\"dtype\":\"%s\",\"shape\":[",
                 item->tensor->truth ? "BOOL"
                 : single            ? "F32"
                                     : "F64");
    for (size_t i = 0; i < item->shape.axes; i++)
        dw_buf_print(out, "%s%zu", i > 0 ? "," : "", item->shape.dim[i]);
    dw_buf_print(out, "],\"data_offsets\":[%zu,%zu]}", *at, *at + size);
    *at += size;
}

/* Whether every number of an array has a place among the floats of 4 bytes. */
static bool check_single(const dw_arrays_item *item, dw_err *err) {
    for (size_t i = 0; i < item->tensor->size; i++) {
        double x = item->tensor->data[i];
        if (isfinite(x) && isinf((float)x))
            return dw_err_set(err, DW_ERR_VALUE,
                              "%.60s holds %.6g, which is too large for single precision",
                              item->name, x);
    }
    return true;
}

bool dw_safetensors_write(dw_buf *out, const dw_arrays *list, bool single, const char *note,
                          dw_err *err) {
    size_t start = out->size, at = 0;
    for (size_t i = 0; single && i < list->count; i++)
        if (!check_single(&list->items[i], err))
            return false;
    dw_raw_add_whole(out, 0, LENGTH);
    dw_buf_text(out, "{\"__metadata__\":{\"format\":\"pt\"");
    if (note != NULL) {
        dw_buf_text(out, ",\"net\":");
        add_text(out, note);
    }
    dw_buf_byte(out, '}');
    /* numbers before truth values, so that they lie at multiples of their width */
    for (int truth = 0; truth <= 1; truth++) {
        for (size_t i = 0; i < list->count; i++) {
            if (list->items[i].tensor->truth == (truth == 1)) {
                dw_buf_byte(out, ',');
                add_entry(out, &list->items[i], single, &at);
            }
        }
    }
    dw_buf_byte(out, '}');
    while (!out->failed && (out->size - start) % ALIGN != 0)
        dw_buf_byte(out, ' ');
    if (out->failed)
        return dw_err_memory(err, "a file of arrays");
    size_t length = out->size - start - LENGTH;
    for (size_t i = 0; i < LENGTH; i++)
        out->data[start + i] = (char)((uint64_t)length >> (8 * i) & 0xFF);
    for (int truth = 0; truth <= 1; truth++)
        for (size_t i = 0; i < list->count; i++) {
            const dw_tensor *t = list->items[i].tensor;
            if (t->truth == (truth == 1))
                dw_raw_add(out, type_of(t, single), t->data, t->size);
        }
    return !out->failed || dw_err_memory(err, "a file of arrays");
}
