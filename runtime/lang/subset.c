/* SPDX-License-Identifier: BSD-3-Clause */
/* Some entries of a value, in any order. */
#include "lang/subset.h"

#include <string.h>

static bool goes_on(dw_call *call, size_t i) {
    return dw_cancel_goes_on(call->cancel, i, call->err);
}

/* Columns of a tensor as they stand in it. */
static bool take_columns(dw_call *call, const dw_tensor *t, const size_t *places, size_t count,
                         dw_value *out) {
    dw_tensor *made = dw_tensor_raw(call->mem, t->dim[0], count, call->err);
    if (made == NULL)
        return false;
    bool fine = true;
    for (size_t r = 0; fine && r < t->dim[0]; r++)
        for (size_t i = 0; i < count && (fine = goes_on(call, r * count + i)); i++)
            made->data[r * count + i] = t->data[r * t->dim[1] + places[i]];
    made->truth = t->truth;
    *out = dw_value_array(made);
    return fine || dw_value_drop(out);
}

static bool take_array(dw_call *call, const dw_tensor *t, const size_t *places, size_t count,
                       dw_value *out) {
    if (!dw_tensor_is_column(t))
        return take_columns(call, t, places, count, out);
    dw_tensor *made = dw_tensor_gather(call->mem, t, places, count, 1, call->err);
    if (made == NULL)
        return false;
    *out = dw_value_array(made);
    return true;
}

static bool take_list(dw_call *call, const dw_list *list, const size_t *places, size_t count,
                      dw_value *out) {
    if (!dw_value_list(call->mem, 1, count, out, call->err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!goes_on(call, i))
            return dw_value_drop(out);
        out->as.list->items[i] = dw_value_retain(list->items[places[i]]);
    }
    return true;
}

static bool take_interval(dw_call *call, const dw_interval *interval, const size_t *places,
                          size_t count, dw_value *out) {
    dw_tensor *made = dw_tensor_raw(call->mem, 1, count, call->err);
    if (made == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        made->data[i] = interval->lo + (double)places[i];
    *out = dw_value_array(made);
    return true;
}

static bool take_table(dw_call *call, dw_value v, const size_t *places, size_t count,
                       dw_value *out) {
    const dw_record *table = v.as.record;
    const char **names = dw_mem_array(call->mem, table->count + 1, sizeof *names);
    if (names == NULL)
        return dw_err_memory(call->err, "a table");
    for (size_t i = 0; i < table->count; i++)
        names[i] = table->fields[i].name->bytes;
    bool fine = dw_value_record(call->mem, DW_TABLE, names, table->count, count, out, call->err);
    dw_mem_free(names);
    if (!fine)
        return false;
    for (size_t i = 0; fine && i < table->count; i++) {
        dw_value from = table->fields[i].value, *to = &out->as.record->fields[i].value;
        if (from.kind == DW_ARRAY) /* one of its columns for each row of the table */
            fine = take_columns(call, from.as.array, places, count, to);
        else
            fine = dw_subset_take(call, from, places, count, to);
    }
    if (!fine)
        dw_value_drop(out);
    return fine;
}

/* A number, or whatever else stands for a single entry, `count` times (0 or 1). */
static bool take_single(dw_call *call, dw_value v, size_t count, dw_value *out) {
    if (count == 1) {
        *out = dw_value_retain(v);
        return true;
    }
    dw_tensor *made = dw_tensor_raw(call->mem, 1, count, call->err);
    double x = 0;
    if (made == NULL)
        return false;
    dw_value_as_number(v, &x);
    for (size_t i = 0; i < count; i++)
        made->data[i] = x;
    *out = dw_value_array(made);
    return true;
}

bool dw_subset_take(dw_call *call, dw_value v, const size_t *places, size_t count, dw_value *out) {
    switch (v.kind) {
    case DW_ARRAY:
        return take_array(call, v.as.array, places, count, out);
    case DW_LIST:
        return take_list(call, v.as.list, places, count, out);
    case DW_INTERVAL:
        return take_interval(call, v.as.interval, places, count, out);
    case DW_TABLE:
        return take_table(call, v, places, count, out);
    default:
        return take_single(call, v, count, out);
    }
}

size_t *dw_subset_shuffle(dw_call *call, dw_rng *rng, size_t count) {
    size_t *places = dw_mem_array(call->mem, count > 0 ? count : 1, sizeof *places);
    if (places == NULL) {
        dw_err_memory(call->err, "a new order");
        return NULL;
    }
    for (size_t i = 0; i < count; i++) { /* each place swaps with an earlier one or itself */
        if (!goes_on(call, i)) {
            dw_mem_free(places);
            return NULL;
        }
        size_t j = (size_t)dw_rng_below(rng, i + 1);
        places[i] = places[j];
        places[j] = i;
    }
    return places;
}
