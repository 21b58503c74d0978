/* SPDX-License-Identifier: BSD-3-Clause */
/* What [ ] makes of its pieces: one array, one table, or one list. */
#include "lang/value.h"

#include "lang/trace.h"

#include <string.h>

static bool is_numeric(dw_value v) {
    return v.kind == DW_NUMBER || v.kind == DW_TRUTH || v.kind == DW_ARRAY || v.kind == DW_INTERVAL;
}

static bool is_empty_array(dw_value v) {
    return v.kind == DW_ARRAY && v.as.array->size == 0;
}

/* All numbers: the common short way, without a tensor for each. */
static bool join_numbers(dw_mem *mem, const dw_value *pieces, size_t count, bool below,
                         dw_value *out, dw_err *err) {
    dw_tensor *t = below ? dw_tensor_raw(mem, count, 1, err) : dw_tensor_raw(mem, 1, count, err);
    if (t == NULL)
        return false;
    t->truth = count > 0 && pieces[0].kind == DW_TRUTH;
    for (size_t i = 0; i < count; i++) {
        bool truth = pieces[i].kind == DW_TRUTH;
        t->truth = t->truth && truth;
        t->data[i] = truth ? (double)pieces[i].as.truth : pieces[i].as.number;
    }
    *out = dw_value_array(t);
    return true;
}

static bool join_arrays(dw_mem *mem, const dw_value *pieces, size_t count, bool below,
                        dw_value *out, dw_err *err) {
    dw_tensor **parts = dw_mem_array(mem, count, sizeof *parts);
    if (parts == NULL)
        return dw_err_memory(err, "an array");
    bool fine = true;
    size_t made = 0;
    while (fine && made < count) {
        fine = dw_value_as_tensor(mem, pieces[made], &parts[made], err);
        made += fine;
    }
    dw_tensor *joined = NULL;
    if (fine)
        joined = below ? dw_tensor_below(mem, parts, count, err)
                       : dw_tensor_beside(mem, parts, count, err);
    for (size_t i = 0; i < made; i++)
        dw_tensor_release(parts[i]);
    dw_mem_free(parts);
    if (joined == NULL)
        return false;
    *out = dw_value_array(joined);
    return true;
}

static bool same_names(const dw_record *a, const dw_record *b) {
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->fields[i].name->bytes, b->fields[i].name->bytes) != 0)
            return false;
    return true;
}

/* Whether an entry of a record can be an entry of a table's column. */
static bool fits_column(dw_value v) {
    return v.kind != DW_TABLE && v.kind != DW_RECORD && v.kind != DW_LIST;
}

static bool is_table_piece(dw_value piece, const dw_record *like) {
    if (piece.kind != DW_RECORD && piece.kind != DW_TABLE)
        return false;
    for (size_t i = 0; piece.kind == DW_RECORD && i < piece.as.record->count; i++)
        if (!fits_column(piece.as.record->fields[i].value))
            return false;
    return same_names(piece.as.record, like);
}

/* Whether a record of the pieces has a row or a matrix for an entry, which then stands in a list,
 * as a minimum's path does. Tables among the pieces must have a list there already. */
static bool is_list_column(const dw_value *pieces, const dw_value *entries, size_t count) {
    bool wide = false;
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].kind == DW_TABLE && entries[i].kind != DW_LIST)
            return false;
        wide = wide || (pieces[i].kind == DW_RECORD && entries[i].kind == DW_ARRAY &&
                        entries[i].as.array->dim[1] > 1);
    }
    return wide;
}

/* A list of the entries of records and of those in the lists of tables. */
static bool list_entries(dw_mem *mem, const dw_value *entries, size_t count, dw_value *out,
                         dw_err *err) {
    size_t total = 0, next = 0;
    for (size_t i = 0; i < count; i++)
        total += entries[i].kind == DW_LIST ? entries[i].as.list->count : 1;
    if (!dw_value_list(mem, 1, total, out, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool many = entries[i].kind == DW_LIST;
        const dw_value *from = many ? entries[i].as.list->items : &entries[i];
        for (size_t k = 0; k < (many ? entries[i].as.list->count : 1); k++)
            out->as.list->items[next++] = dw_value_retain(from[k]);
    }
    return true;
}

/* One column from the same field of every piece. Entries that are neither numbers nor columns make
 * a list; the columns of numbers join side by side. */
static bool join_column(dw_mem *mem, const dw_value *pieces, size_t count, size_t field,
                        dw_value *out, dw_err *err) {
    dw_value *entries = dw_mem_array(mem, count, sizeof *entries);
    if (entries == NULL)
        return dw_err_memory(err, "a table");
    for (size_t i = 0; i < count; i++)
        entries[i] = pieces[i].as.record->fields[field].value;
    bool fine = is_list_column(pieces, entries, count)
                    ? list_entries(mem, entries, count, out, err)
                    : dw_value_join(mem, entries, count, false, out, err);
    dw_mem_free(entries);
    return fine;
}

static bool join_table(dw_mem *mem, const dw_value *pieces, size_t count, dw_value *out,
                       dw_err *err) {
    const dw_record *first = pieces[0].as.record;
    dw_value table;
    size_t rows = 0;
    for (size_t i = 0; i < count; i++)
        rows += pieces[i].kind == DW_TABLE ? pieces[i].as.record->rows : 1;
    const char **names = dw_mem_array(mem, first->count, sizeof *names);
    if (names == NULL)
        return dw_err_memory(err, "a table");
    for (size_t i = 0; i < first->count; i++)
        names[i] = first->fields[i].name->bytes;
    bool fine = dw_value_record(mem, DW_TABLE, names, first->count, rows, &table, err);
    dw_mem_free(names);
    if (!fine)
        return false;
    for (size_t i = 0; fine && i < first->count; i++) {
        fine = join_column(mem, pieces, count, i, &table.as.record->fields[i].value, err);
        size_t length;
        if (fine &&
            (!dw_value_length(table.as.record->fields[i].value, &length, err) || length != rows))
            fine = dw_err_set(err, DW_ERR_SHAPE,
                              "the column %.60s of the table would have %zu entries for %zu rows: "
                              "each record needs one number, one text or one column there",
                              first->fields[i].name->bytes, length, rows);
    }
    if (fine)
        *out = table;
    else
        dw_value_release(table);
    return fine;
}

/* Rows of lists one below the other keep their shape: a page of plots. */
static bool join_grid(dw_mem *mem, const dw_value *pieces, size_t count, dw_value *out,
                      dw_err *err) {
    size_t columns = pieces[0].as.list->columns, rows = 0;
    for (size_t i = 0; i < count; i++) {
        rows += pieces[i].as.list->rows;
        if (pieces[i].as.list->columns != columns)
            return dw_err_set(err, DW_ERR_SHAPE,
                              "the rows differ: the first has %zu things, row %zu has %zu", columns,
                              i + 1, pieces[i].as.list->columns);
    }
    if (!dw_value_list(mem, rows, columns, out, err))
        return false;
    size_t next = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < pieces[i].as.list->count; k++)
            out->as.list->items[next++] = dw_value_retain(pieces[i].as.list->items[k]);
    return true;
}

static bool join_list(dw_mem *mem, const dw_value *pieces, size_t count, bool below, dw_value *out,
                      dw_err *err) {
    bool all_lists = count > 0;
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        all_lists = all_lists && pieces[i].kind == DW_LIST;
        if (!is_empty_array(pieces[i]))
            total += pieces[i].kind == DW_LIST ? pieces[i].as.list->count : 1;
    }
    if (below && all_lists)
        return join_grid(mem, pieces, count, out, err);
    if (!dw_value_list(mem, below ? total : 1, below ? 1 : total, out, err))
        return false;
    dw_value *items = out->as.list->items;
    size_t next = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_empty_array(pieces[i]))
            continue;
        if (pieces[i].kind != DW_LIST) {
            items[next++] = dw_value_retain(pieces[i]);
            continue;
        }
        for (size_t k = 0; k < pieces[i].as.list->count; k++)
            items[next++] = dw_value_retain(pieces[i].as.list->items[k]);
    }
    return true;
}

bool dw_value_join(dw_mem *mem, const dw_value *pieces, size_t count, bool below, dw_value *out,
                   dw_err *err) {
    bool plain = true, numeric = true, traced = false, table = count > 0;
    for (size_t i = 0; i < count; i++) {
        plain = plain && (pieces[i].kind == DW_NUMBER || pieces[i].kind == DW_TRUTH);
        numeric = numeric && (is_numeric(pieces[i]) || pieces[i].kind == DW_TRACED);
        traced = traced || pieces[i].kind == DW_TRACED;
        table = table && (pieces[0].kind == DW_RECORD || pieces[0].kind == DW_TABLE) &&
                is_table_piece(pieces[i], pieces[0].as.record);
    }
    if (plain && (count > 0 || !below))
        return join_numbers(mem, pieces, count, below, out, err);
    if (numeric && traced)
        return dw_trace_join(pieces, count, below, out, err);
    if (numeric)
        return join_arrays(mem, pieces, count, below, out, err);
    if (table)
        return join_table(mem, pieces, count, out, err);
    return join_list(mem, pieces, count, below, out, err);
}
