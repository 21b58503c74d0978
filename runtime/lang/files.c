/* SPDX-License-Identifier: BSD-3-Clause */
/* Values in files: csv, npy and txt. */
#include "lang/files.h"

#include "base/text.h"
#include "data/npy.h"
#include "data/path.h"

#include <string.h>

/* ---- from csv ---- */

static bool column_value(dw_mem *mem, const dw_csv *csv, const dw_csv_column *c, dw_value *out,
                         dw_err *err) {
    if (c->numbers) {
        dw_tensor *t = dw_tensor_raw(mem, 1, csv->rows, err);
        if (t == NULL)
            return false;
        if (csv->rows > 0)
            memcpy(t->data, c->values, csv->rows * sizeof *c->values);
        *out = dw_value_array(t);
        return true;
    }
    if (!dw_value_list(mem, 1, csv->rows, out, err))
        return false;
    for (size_t r = 0; r < csv->rows; r++) {
        const dw_csv_cell *cell = &c->cells[r * csv->columns];
        if (!dw_value_text(mem, cell->text, cell->size, &out->as.list->items[r], err)) {
            return dw_value_drop(out);
        }
    }
    return true;
}

static bool different_names(const dw_csv *csv, const char *file, dw_err *err) {
    for (size_t i = 0; i < csv->columns; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(csv->column[i].name, csv->column[k].name) == 0)
                return dw_err_set(err, DW_ERR_DATA,
                                  "%.100s: columns %zu and %zu are both called %.60s", file, k + 1,
                                  i + 1, csv->column[i].name);
    return true;
}

static bool csv_table(dw_mem *mem, const dw_csv *csv, const char *file, dw_value *out,
                      dw_err *err) {
    enum { MOST = 10000 };
    if (csv->columns > MOST)
        return dw_err_set(err, DW_ERR_LIMIT, "%.100s has %zu columns, a table has at most %d", file,
                          csv->columns, MOST);
    const char **names = dw_mem_array(mem, csv->columns, sizeof *names);
    if (names == NULL)
        return dw_err_memory(err, "a table");
    for (size_t i = 0; i < csv->columns; i++)
        names[i] = csv->column[i].name;
    bool fine = different_names(csv, file, err) &&
                dw_value_record(mem, DW_TABLE, names, csv->columns, csv->rows, out, err);
    dw_mem_free(names);
    if (!fine)
        return false;
    for (size_t i = 0; fine && i < csv->columns; i++)
        fine = column_value(mem, csv, &csv->column[i], &out->as.record->fields[i].value, err);
    if (!fine)
        dw_value_drop(out);
    return fine;
}

static bool csv_matrix(dw_mem *mem, const dw_csv *csv, dw_value *out, dw_err *err) {
    dw_tensor *t = dw_tensor_raw(mem, csv->rows, csv->columns, err);
    if (t == NULL)
        return false;
    for (size_t i = 0; i < t->size; i++)
        t->data[i] = csv->column[i % csv->columns].values[i / csv->columns];
    *out = dw_value_array(t);
    return true;
}

/* Takes the csv over. */
static bool load_csv(dw_mem *mem, dw_csv *csv, const char *file, dw_value *out, dw_err *err) {
    if (csv == NULL)
        return false;
    bool numbers = !csv->header;
    for (size_t i = 0; i < csv->columns; i++)
        numbers = numbers && csv->column[i].numbers;
    bool fine = numbers ? csv_matrix(mem, csv, out, err) : csv_table(mem, csv, file, out, err);
    dw_csv_free(csv);
    return fine;
}

static bool load_npy(dw_mem *mem, const char *bytes, size_t size, const char *file, dw_value *out,
                     dw_err *err) {
    dw_tensor *t = dw_npy_read(mem, bytes, size, file, err);
    if (t == NULL)
        return false;
    *out = dw_value_array(t);
    return true;
}

static bool load_text(dw_mem *mem, const char *bytes, size_t size, const char *file, dw_value *out,
                      dw_err *err) {
    size_t valid = dw_text_valid(bytes, size);
    dw_span line;
    if (valid < size)
        return dw_err_set(err, DW_ERR_DATA, "%.100s, line %zu: this is no UTF-8 text", file,
                          dw_text_line(bytes, size, valid, &line));
    size_t mark = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    return dw_value_text(mem, bytes + mark, size - mark, out, err);
}

static bool unknown_ending(const char *verb, const char *file, dw_err *err) {
    return dw_err_set(err, DW_ERR_FILE,
                      "cannot %s %.200s: the ending of its name must be .csv, .npy or .txt", verb,
                      file);
}

bool dw_files_load(dw_mem *mem, const char *folder, const char *name, dw_csv_first first,
                   dw_value *out, dw_err *err) {
    char ending[8], *bytes = NULL;
    size_t size = 0;
    dw_path_ending(name, ending);
    bool csv = strcmp(ending, "csv") == 0, npy = strcmp(ending, "npy") == 0;
    if (!csv && !npy && strcmp(ending, "txt") != 0)
        return unknown_ending("load", name, err);
    if (!dw_path_read(mem, folder, name, &bytes, &size, err))
        return false;
    bool fine = csv ? load_csv(mem, dw_csv_read(mem, bytes, size, first, name, err), name, out, err)
                : npy ? load_npy(mem, bytes, size, name, out, err)
                      : load_text(mem, bytes, size, name, out, err);
    dw_mem_free(bytes);
    return fine;
}

/* ---- to csv ---- */

static void add_item(dw_buf *out, dw_value v) {
    double x;
    if (v.kind == DW_TEXT) {
        dw_csv_add_text(out, v.as.text->bytes, v.as.text->size);
    } else if (dw_value_as_number(v, &x)) {
        dw_csv_add_number(out, x);
    } else {
        dw_buf words;
        dw_buf_init(&words, out->mem);
        dw_value_insert(&words, v, 17);
        dw_csv_add_text(out, words.data != NULL ? words.data : "", words.size);
        out->failed = out->failed || words.failed;
        dw_buf_free(&words);
    }
}

/* How many csv columns a field makes: a matrix one for each of its rows. */
static size_t width_of(dw_value v) {
    return v.kind == DW_ARRAY ? v.as.array->dim[0] : 1;
}

static void add_names(dw_buf *out, const dw_record *record) {
    for (size_t i = 0; i < record->count; i++) {
        const dw_text *name = record->fields[i].name;
        size_t width = width_of(record->fields[i].value);
        for (size_t k = 0; k < width; k++) {
            if (i + k > 0)
                dw_buf_byte(out, ',');
            dw_csv_add_text(out, name->bytes, name->size);
            if (width > 1)
                dw_buf_print(out, "%zu", k + 1);
        }
    }
    dw_buf_byte(out, '\n');
}

static void add_row(dw_buf *out, const dw_record *table, size_t row) {
    for (size_t i = 0; i < table->count; i++) {
        dw_value v = table->fields[i].value;
        if (i > 0)
            dw_buf_byte(out, ',');
        if (v.kind == DW_LIST)
            add_item(out, v.as.list->items[row]);
        else if (v.kind != DW_ARRAY)
            add_item(out, v);
        for (size_t k = 0; v.kind == DW_ARRAY && k < v.as.array->dim[0]; k++) {
            if (k > 0)
                dw_buf_byte(out, ',');
            dw_csv_add_number(out, v.as.array->data[k * v.as.array->dim[1] + row]);
        }
    }
    dw_buf_byte(out, '\n');
}

static bool write_csv(dw_mem *mem, dw_buf *out, dw_value v, dw_err *err) {
    char words[DW_VALUE_WORDS];
    dw_tensor *t;
    if (v.kind == DW_TABLE || v.kind == DW_RECORD) {
        size_t rows = v.kind == DW_TABLE ? v.as.record->rows : 1;
        add_names(out, v.as.record);
        for (size_t r = 0; r < rows; r++)
            add_row(out, v.as.record, r);
        return true;
    }
    if (!dw_value_as_tensor(mem, v, &t, NULL))
        return dw_err_set(err, DW_ERR_TYPE,
                          "cannot save %s as csv; make it a table first: table(x = …)",
                          dw_value_words(v, words));
    for (size_t i = 0; i < t->size; i++) {
        dw_csv_add_number(out, t->data[i]);
        dw_buf_byte(out, (i + 1) % t->dim[1] == 0 ? '\n' : ',');
    }
    dw_tensor_release(t);
    return true;
}

static bool write_npy(dw_mem *mem, dw_buf *out, dw_value v, dw_err *err) {
    char words[DW_VALUE_WORDS];
    dw_tensor *t;
    if (!dw_value_as_tensor(mem, v, &t, NULL))
        return dw_err_set(err, DW_ERR_TYPE, "only numbers can be saved as npy, this is %s",
                          dw_value_words(v, words));
    dw_npy_write(out, t);
    dw_tensor_release(t);
    return true;
}

static bool write_text(dw_buf *out, dw_value v) {
    if (v.kind == DW_TEXT) {
        dw_buf_add(out, v.as.text->bytes, v.as.text->size);
        return true;
    }
    dw_value_show(out, v);
    if (out->size > 0 && out->data[out->size - 1] != '\n')
        dw_buf_byte(out, '\n');
    return true;
}

bool dw_files_save(dw_mem *mem, const char *folder, const char *name, dw_value v, dw_err *err) {
    char ending[8];
    dw_buf out;
    dw_path_ending(name, ending);
    bool csv = strcmp(ending, "csv") == 0, npy = strcmp(ending, "npy") == 0;
    if (!csv && !npy && strcmp(ending, "txt") != 0)
        return unknown_ending("save", name, err);
    dw_buf_init(&out, mem);
    bool fine = csv   ? write_csv(mem, &out, v, err)
                : npy ? write_npy(mem, &out, v, err)
                      : write_text(&out, v);
    if (fine && out.failed)
        fine = dw_err_memory(err, "the contents of the file");
    fine = fine && dw_path_write(folder, name, out.data != NULL ? out.data : "", out.size, err);
    dw_buf_free(&out);
    return fine;
}
