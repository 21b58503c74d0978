/* SPDX-License-Identifier: BSD-3-Clause */
/* Names with points as records inside each other. */
#include "lang/named.h"

#include "base/map.h"

#include <string.h>

/* ---- to records ---- */

/* One array on its way into a record. */
typedef struct {
    const char *rest; /* of its name, behind the records it is in already */
    dw_tensor *tensor;
    uint32_t field; /* of the record under way */
} arrival;

/* What goes into one record. */
typedef struct {
    dw_mem *mem;
    const char *file;
    dw_err *err;
    unsigned depth;
    arrival *arrivals;
    size_t count;
} group;

/* The first part of a name, or all of it when it cannot be taken apart. */
static size_t part_size(const group *g, const char *rest) {
    size_t size = strcspn(rest, "."), whole = strlen(rest);
    bool plain = size > 0 && size + 1 < whole && rest[size + 1] != '.' && rest[whole - 1] != '.';
    return plain && g->depth < DW_NAMED_DEPTH ? size : whole;
}

/* The number of the first `size` letters of a name in a map that gets them if need be. */
static bool number_of(dw_map *map, const char *name, size_t size, uint32_t *number) {
    char *part = dw_mem_text(map->mem, name, size);
    bool fine = part != NULL && dw_map_add(map, part, number);
    dw_mem_free(part);
    return fine;
}

static bool is_in(dw_map *map, const char *name, size_t size, bool *found) {
    uint32_t number;
    char *part = dw_mem_text(map->mem, name, size);
    *found = part != NULL && dw_map_find(map, part, &number);
    dw_mem_free(part);
    return part != NULL;
}

/* Sets the field of every arrival; the names of the fields go to a map. */
static bool find_fields(group *g, dw_map *whole, dw_map *fields) {
    uint32_t number;
    bool taken;
    for (size_t i = 0; i < g->count; i++) {
        const char *rest = g->arrivals[i].rest;
        if (!number_of(whole, rest, strlen(rest), &number))
            return dw_err_memory(g->err, "the arrays of a file");
        if (number != i)
            return dw_err_set(g->err, DW_ERR_DATA, "%.100s: two arrays are called %.100s", g->file,
                              rest);
    }
    for (size_t i = 0; i < g->count; i++) {
        const char *rest = g->arrivals[i].rest;
        size_t size = part_size(g, rest);
        bool fine = is_in(whole, rest, size, &taken);
        if (taken) /* the part is an array itself, or the name is all there is */
            size = strlen(rest);
        if (!fine || !number_of(fields, rest, size, &g->arrivals[i].field))
            return dw_err_memory(g->err, "the arrays of a file");
    }
    return true;
}

static bool make_record(group *g, dw_value *out);

/* The value of a field: its only array, or a record of several. */
static bool make_field(const group *g, arrival *arrivals, size_t count, size_t skip,
                       dw_value *out) {
    if (count == 1 && arrivals->rest[skip] == '\0') {
        *out = dw_value_array(dw_tensor_retain(arrivals->tensor));
        return true;
    }
    group inner = *g;
    inner.depth++;
    inner.arrivals = arrivals;
    inner.count = count;
    for (size_t i = 0; i < count; i++)
        arrivals[i].rest += skip + 1;
    return make_record(&inner, out);
}

/* Fills a record whose names are set, one field after the other. */
static bool fill(const group *g, dw_record *record) {
    size_t *ends = dw_mem_array(g->mem, record->count + 1, sizeof *ends);
    arrival *sorted = dw_mem_array(g->mem, g->count + 1, sizeof *sorted);
    bool fine = (ends != NULL && sorted != NULL) || dw_err_memory(g->err, "the arrays of a file");
    for (size_t i = 0; fine && i < g->count; i++)
        ends[g->arrivals[i].field]++;
    for (size_t f = 1; fine && f < record->count; f++)
        ends[f] += ends[f - 1];
    for (size_t i = g->count; fine && i-- > 0;)
        sorted[--ends[g->arrivals[i].field]] = g->arrivals[i]; /* ends become beginnings */
    for (size_t f = 0; fine && f < record->count; f++) {
        size_t end = f + 1 < record->count ? ends[f + 1] : g->count;
        fine = make_field(g, sorted + ends[f], end - ends[f], record->fields[f].name->size,
                          &record->fields[f].value);
    }
    dw_mem_free(ends);
    dw_mem_free(sorted);
    return fine;
}

static bool make_record(group *g, dw_value *out) {
    dw_map whole, fields;
    dw_map_init(&whole, g->mem);
    dw_map_init(&fields, g->mem);
    bool fine = find_fields(g, &whole, &fields) &&
                dw_value_record(g->mem, DW_RECORD, (const char *const *)fields.keys, fields.count,
                                0, out, g->err);
    dw_map_free(&whole);
    dw_map_free(&fields);
    if (fine && !fill(g, out->as.record))
        fine = dw_value_drop(out);
    return fine;
}

bool dw_named_record(dw_mem *mem, const dw_arrays *list, const char *file, dw_value *out,
                     dw_err *err) {
    arrival *arrivals = dw_mem_array(mem, list->count + 1, sizeof *arrivals);
    if (arrivals == NULL)
        return dw_err_memory(err, "the arrays of a file");
    for (size_t i = 0; i < list->count; i++)
        arrivals[i] = (arrival){list->items[i].name, list->items[i].tensor, 0};
    group all = {mem, file, err, 0, arrivals, list->count};
    bool fine = make_record(&all, out);
    dw_mem_free(arrivals);
    return fine;
}

/* ---- in records ---- */

static const dw_value *find_part(const dw_record *record, const char *name, size_t size) {
    for (size_t i = 0; i < record->count; i++) {
        const dw_text *field = record->fields[i].name;
        if (field->size == size && memcmp(field->bytes, name, size) == 0)
            return &record->fields[i].value;
    }
    return NULL;
}

const dw_value *dw_named_find(const dw_record *record, const char *name) {
    const dw_value *found = find_part(record, name, strlen(name));
    while (found == NULL) {
        size_t size = strcspn(name, ".");
        const dw_value *inner = name[size] == '.' ? find_part(record, name, size) : NULL;
        if (inner == NULL || inner->kind != DW_RECORD)
            return NULL;
        record = inner->as.record;
        name += size + 1;
        found = find_part(record, name, strlen(name));
    }
    return found;
}

/* ---- from records ---- */

static const char *text_of(const dw_buf *name) {
    return name->data != NULL ? name->data : "";
}

/* Adds one value under the name in `name`. */
static bool add(dw_arrays *list, dw_value v, dw_buf *name, unsigned depth, dw_err *err);

static bool add_fields(dw_arrays *list, const dw_record *record, dw_buf *name, unsigned depth,
                       dw_err *err) {
    size_t before = name->size;
    for (size_t i = 0; i < record->count; i++) {
        if (before > 0)
            dw_buf_byte(name, '.');
        dw_buf_add(name, record->fields[i].name->bytes, record->fields[i].name->size);
        if (name->failed)
            return dw_err_memory(err, "the names of arrays");
        if (!add(list, record->fields[i].value, name, depth + 1, err))
            return false;
        name->size = before;
        if (name->data != NULL)
            name->data[before] = '\0';
    }
    return true;
}

static bool add(dw_arrays *list, dw_value v, dw_buf *name, unsigned depth, dw_err *err) {
    char words[DW_VALUE_WORDS];
    dw_tensor *t;
    dw_err why = {0};
    if (v.kind == DW_RECORD && depth <= DW_NAMED_DEPTH)
        return add_fields(list, v.as.record, name, depth, err);
    if (!dw_value_as_tensor(list->mem, v, &t, &why))
        return why.kind == DW_ERR_MEMORY
                   ? dw_err_memory(err, "the arrays of a file")
                   : dw_err_set(err, DW_ERR_TYPE,
                                "only numbers can be saved here, but %.100s is %s; leave it out",
                                text_of(name), dw_value_words(v, words));
    dw_arrays_shape shape = {2, {t->dim[0], t->dim[1]}};
    if (dw_tensor_is_column(t))
        shape.axes = t->size == 1 ? 0 : 1;
    return dw_arrays_add(list, text_of(name), name->size, t, &shape, err);
}

bool dw_named_arrays(dw_arrays *list, dw_value v, dw_err *err) {
    dw_buf name;
    dw_buf_init(&name, list->mem);
    bool fine = add_fields(list, v.as.record, &name, 0, err);
    dw_buf_free(&name);
    return fine;
}
