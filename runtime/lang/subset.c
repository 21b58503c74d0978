/* SPDX-License-Identifier: BSD-3-Clause */
/* Some entries of a value, in any order. */
#include "lang/subset.h"

#include <string.h>

/* Columns of a tensor as they stand in it. */
static bool take_columns(dw_mem *mem, const dw_tensor *t, const size_t *places, size_t count,
                         dw_value *out, dw_err *err) {
    dw_tensor *made = dw_tensor_raw(mem, t->dim[0], count, err);
    if (made == NULL)
        return false;
    for (size_t r = 0; r < t->dim[0]; r++)
        for (size_t i = 0; i < count; i++)
            made->data[r * count + i] = t->data[r * t->dim[1] + places[i]];
    made->truth = t->truth;
    *out = dw_value_array(made);
    return true;
}

static bool take_array(dw_mem *mem, const dw_tensor *t, const size_t *places, size_t count,
                       dw_value *out, dw_err *err) {
    if (!dw_tensor_is_column(t))
        return take_columns(mem, t, places, count, out, err);
    dw_tensor *made = dw_tensor_gather(mem, t, places, count, 1, err);
    if (made == NULL)
        return false;
    *out = dw_value_array(made);
    return true;
}

static bool take_list(dw_mem *mem, const dw_list *list, const size_t *places, size_t count,
                      dw_value *out, dw_err *err) {
    if (!dw_value_list(mem, 1, count, out, err))
        return false;
    for (size_t i = 0; i < count; i++)
        out->as.list->items[i] = dw_value_retain(list->items[places[i]]);
    return true;
}

static bool take_interval(dw_mem *mem, const dw_interval *interval, const size_t *places,
                          size_t count, dw_value *out, dw_err *err) {
    dw_tensor *made = dw_tensor_raw(mem, 1, count, err);
    if (made == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        made->data[i] = interval->lo + (double)places[i];
    *out = dw_value_array(made);
    return true;
}

static bool take_table(dw_mem *mem, dw_value v, const size_t *places, size_t count, dw_value *out,
                       dw_err *err) {
    const dw_record *table = v.as.record;
    const char **names = dw_mem_array(mem, table->count + 1, sizeof *names);
    if (names == NULL)
        return dw_err_memory(err, "a table");
    for (size_t i = 0; i < table->count; i++)
        names[i] = table->fields[i].name->bytes;
    bool fine = dw_value_record(mem, DW_TABLE, names, table->count, count, out, err);
    dw_mem_free(names);
    if (!fine)
        return false;
    for (size_t i = 0; fine && i < table->count; i++) {
        dw_value from = table->fields[i].value, *to = &out->as.record->fields[i].value;
        if (from.kind == DW_ARRAY) /* one of its columns for each row of the table */
            fine = take_columns(mem, from.as.array, places, count, to, err);
        else
            fine = dw_subset_take(mem, from, places, count, to, err);
    }
    if (!fine)
        dw_value_drop(out);
    return fine;
}

/* A number, or whatever else stands for a single entry, `count` times (0 or 1). */
static bool take_single(dw_mem *mem, dw_value v, size_t count, dw_value *out, dw_err *err) {
    if (count == 1) {
        *out = dw_value_retain(v);
        return true;
    }
    dw_tensor *made = dw_tensor_raw(mem, 1, count, err);
    double x = 0;
    if (made == NULL)
        return false;
    dw_value_as_number(v, &x);
    for (size_t i = 0; i < count; i++)
        made->data[i] = x;
    *out = dw_value_array(made);
    return true;
}

bool dw_subset_take(dw_mem *mem, dw_value v, const size_t *places, size_t count, dw_value *out,
                    dw_err *err) {
    switch (v.kind) {
    case DW_ARRAY:
        return take_array(mem, v.as.array, places, count, out, err);
    case DW_LIST:
        return take_list(mem, v.as.list, places, count, out, err);
    case DW_INTERVAL:
        return take_interval(mem, v.as.interval, places, count, out, err);
    case DW_TABLE:
        return take_table(mem, v, places, count, out, err);
    default:
        return take_single(mem, v, count, out, err);
    }
}

size_t *dw_subset_shuffle(dw_mem *mem, dw_rng *rng, size_t count, dw_err *err) {
    size_t *places = dw_mem_array(mem, count > 0 ? count : 1, sizeof *places);
    if (places == NULL) {
        dw_err_memory(err, "a new order");
        return NULL;
    }
    for (size_t i = 0; i < count; i++) { /* each place swaps with an earlier one or itself */
        size_t j = (size_t)dw_rng_below(rng, i + 1);
        places[i] = places[j];
        places[j] = i;
    }
    return places;
}
