/* SPDX-License-Identifier: BSD-3-Clause */
/* Values in files: one row of a table for each ending, with what reads and what writes it. */
#include "lang/files.h"

#include "base/map.h"
#include "base/text.h"
#include "data/deflate.h"
#include "data/idx.h"
#include "data/npy.h"
#include "data/npz.h"
#include "data/path.h"
#include "data/safetensors.h"
#include "lang/named.h"

#include <string.h>

/* What is in a file, and how it is read or written. */
typedef struct {
    dw_mem *mem;
    const char *name; /* of the file, for errors */
    const char *bytes;
    size_t size;
    dw_files_options options;
    dw_err *err;
} job;

/* ---- from csv ---- */

static bool column_value(const job *f, const dw_csv *csv, const dw_csv_column *c, dw_value *out) {
    if (c->numbers) {
        dw_tensor *t = dw_tensor_raw(f->mem, 1, csv->rows, f->err);
        if (t == NULL)
            return false;
        if (csv->rows > 0)
            memcpy(t->data, c->values, csv->rows * sizeof *c->values);
        *out = dw_value_array(t);
        return true;
    }
    if (!dw_value_list(f->mem, 1, csv->rows, out, f->err))
        return false;
    for (size_t r = 0; r < csv->rows; r++) {
        const dw_csv_cell *cell = &c->cells[r * csv->columns];
        if (!dw_cancel_goes_on(f->mem->cancel, r, f->err) ||
            !dw_value_text(f->mem, cell->text, cell->size, &out->as.list->items[r], f->err))
            return dw_value_drop(out);
    }
    return true;
}

static bool different_names(const job *f, const dw_csv *csv) {
    dw_map seen;
    uint32_t number;
    bool fine = true;
    dw_map_init(&seen, f->mem);
    for (size_t i = 0; fine && i < csv->columns; i++) {
        fine = dw_map_add(&seen, csv->column[i].name, &number) || dw_err_memory(f->err, "a table");
        if (fine && number != i)
            fine =
                dw_err_set(f->err, DW_ERR_DATA, "%.100s: columns %zu and %zu are both called %.60s",
                           f->name, (size_t)number + 1, i + 1, csv->column[i].name);
    }
    dw_map_free(&seen);
    return fine;
}

static bool csv_table(const job *f, const dw_csv *csv, dw_value *out) {
    enum { MOST = 10000 };
    if (csv->columns > MOST)
        return dw_err_set(f->err, DW_ERR_LIMIT, "%.100s has %zu columns, a table has at most %d",
                          f->name, csv->columns, MOST);
    const char **names = dw_mem_array(f->mem, csv->columns, sizeof *names);
    if (names == NULL)
        return dw_err_memory(f->err, "a table");
    for (size_t i = 0; i < csv->columns; i++)
        names[i] = csv->column[i].name;
    bool fine = different_names(f, csv) &&
                dw_value_record(f->mem, DW_TABLE, names, csv->columns, csv->rows, out, f->err);
    dw_mem_free(names);
    if (!fine)
        return false;
    for (size_t i = 0; fine && i < csv->columns; i++)
        fine = column_value(f, csv, &csv->column[i], &out->as.record->fields[i].value);
    if (!fine)
        dw_value_drop(out);
    return fine;
}

static bool csv_matrix(dw_mem *mem, const dw_csv *csv, dw_value *out, dw_err *err) {
    dw_tensor *t = dw_tensor_raw(mem, csv->rows, csv->columns, err);
    if (t == NULL)
        return false;
    for (size_t i = 0; i < t->size; i++) {
        if (!dw_cancel_goes_on(mem->cancel, i, err)) {
            dw_tensor_release(t);
            return false;
        }
        t->data[i] = csv->column[i % csv->columns].values[i / csv->columns];
    }
    *out = dw_value_array(t);
    return true;
}

static bool load_csv(const job *f, dw_value *out) {
    dw_csv *csv = dw_csv_read(f->mem, f->bytes, f->size, f->options.first, f->name, f->err);
    if (csv == NULL)
        return false;
    bool numbers = !csv->header;
    for (size_t i = 0; i < csv->columns; i++)
        numbers = numbers && csv->column[i].numbers;
    bool fine = numbers ? csv_matrix(f->mem, csv, out, f->err) : csv_table(f, csv, out);
    dw_csv_free(csv);
    return fine;
}

/* ---- from other files ---- */

static bool array_value(dw_tensor *t, dw_value *out) {
    if (t == NULL)
        return false;
    *out = dw_value_array(t);
    return true;
}

static bool load_npy(const job *f, dw_value *out) {
    return array_value(dw_npy_read(f->mem, f->bytes, f->size, f->name, f->err), out);
}

static bool load_idx(const job *f, dw_value *out) {
    return array_value(dw_idx_read(f->mem, f->bytes, f->size, f->name, f->err), out);
}

static bool load_npz(const job *f, dw_value *out) {
    dw_arrays list;
    dw_arrays_init(&list, f->mem);
    bool fine = dw_npz_read(&list, f->bytes, f->size, f->name, f->err) &&
                dw_named_record(f->mem, &list, f->name, out, f->err);
    dw_arrays_free(&list);
    return fine;
}

static bool load_safetensors(const job *f, dw_value *out) {
    dw_arrays list;
    dw_arrays_init(&list, f->mem);
    bool fine = dw_safetensors_read(&list, f->bytes, f->size, f->name, f->err) &&
                dw_named_record(f->mem, &list, f->name, out, f->err);
    dw_arrays_free(&list);
    return fine;
}

static bool load_text(const job *f, dw_value *out) {
    size_t valid;
    dw_span line;
    if (!dw_text_check(f->mem, f->bytes, f->size, &valid, f->err))
        return false;
    if (valid < f->size)
        return dw_err_set(f->err, DW_ERR_DATA, "%.100s, line %zu: this is no UTF-8 text", f->name,
                          dw_text_line(f->bytes, f->size, valid, &line));
    size_t mark = f->size >= 3 && memcmp(f->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    return dw_value_text(f->mem, f->bytes + mark, f->size - mark, out, f->err);
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

static bool save_csv(const job *f, dw_value v, dw_buf *out) {
    char words[DW_VALUE_WORDS];
    dw_tensor *t;
    if (v.kind == DW_TABLE || v.kind == DW_RECORD) {
        size_t rows = v.kind == DW_TABLE ? v.as.record->rows : 1;
        add_names(out, v.as.record);
        bool fine = true;
        for (size_t r = 0; r < rows && (fine = dw_cancel_goes_on(f->mem->cancel, r, f->err)); r++)
            add_row(out, v.as.record, r);
        return fine;
    }
    if (!dw_value_as_tensor(f->mem, v, &t, NULL))
        return dw_err_set(f->err, DW_ERR_TYPE,
                          "cannot save %s as csv; make it a table first: table(x = …)",
                          dw_value_words(v, words));
    bool fine = true;
    for (size_t i = 0; i < t->size && (fine = dw_cancel_goes_on(f->mem->cancel, i, f->err)); i++) {
        dw_csv_add_number(out, t->data[i]);
        dw_buf_byte(out, (i + 1) % t->dim[1] == 0 ? '\n' : ',');
    }
    dw_tensor_release(t);
    return fine;
}

/* ---- to other files ---- */

static bool save_npy(const job *f, dw_value v, dw_buf *out) {
    char words[DW_VALUE_WORDS];
    dw_tensor *t;
    if (!dw_value_as_tensor(f->mem, v, &t, NULL))
        return dw_err_set(f->err, DW_ERR_TYPE, "only numbers can be saved as npy, this is %s",
                          dw_value_words(v, words));
    dw_npy_write(out, t);
    dw_tensor_release(t);
    return true;
}

/* The arrays of a record or table. */
static bool named_arrays(const job *f, dw_value v, const char *ending, dw_arrays *list) {
    char words[DW_VALUE_WORDS];
    if (v.kind == DW_RECORD || v.kind == DW_TABLE)
        return dw_named_arrays(list, v, f->err);
    return dw_err_set(f->err, DW_ERR_TYPE,
                      "%s files hold arrays with names, this is %s; give it a name: save((x = …), "
                      "…)",
                      ending, dw_value_words(v, words));
}

static bool save_npz(const job *f, dw_value v, dw_buf *out) {
    dw_arrays list;
    dw_arrays_init(&list, f->mem);
    bool fine = named_arrays(f, v, "npz", &list) && dw_npz_write(out, &list, f->err);
    dw_arrays_free(&list);
    return fine;
}

static bool save_safetensors(const job *f, dw_value v, dw_buf *out) {
    dw_arrays list;
    dw_arrays_init(&list, f->mem);
    bool fine = named_arrays(f, v, "safetensors", &list) &&
                dw_safetensors_write(out, &list, f->options.single, f->options.note, f->err);
    dw_arrays_free(&list);
    return fine;
}

static bool save_text(const job *f, dw_value v, dw_buf *out) {
    (void)f;
    if (v.kind == DW_TEXT) {
        dw_buf_add(out, v.as.text->bytes, v.as.text->size);
        return true;
    }
    dw_value_show(out, v);
    if (out->size > 0 && out->data[out->size - 1] != '\n')
        dw_buf_byte(out, '\n');
    return true;
}

/* ---- endings ---- */

typedef struct {
    const char *ending;
    bool (*load)(const job *f, dw_value *out);
    bool (*save)(const job *f, dw_value v, dw_buf *out);
} format;

static const format formats[] = {
    {"csv", load_csv, save_csv},   {"npy", load_npy, save_npy},
    {"npz", load_npz, save_npz},   {"safetensors", load_safetensors, save_safetensors},
    {"txt", load_text, save_text}, {"idx", load_idx, NULL},
};

/* Whether a text of that length begins with the small letters of an ending, in any case. */
static bool same_letters(const char *text, const char *ending) {
    for (; *ending != '\0'; text++, ending++)
        if (*text != *ending && !(*text >= 'A' && *text <= 'Z' && *text - 'A' + 'a' == *ending))
            return false;
    return true;
}

/* The format of the first `size` letters of a file name. The files of MNIST have no ending but a
 * word: train-images-idx3-ubyte. */
static const format *format_of(const char *name, size_t size) {
    size_t count = sizeof formats / sizeof *formats;
    size_t start = size;
    while (start > 0 && name[start - 1] != '/' && name[start - 1] != '.')
        start--;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(formats[i].ending);
        bool point = start > 0 && name[start - 1] == '.';
        if (point && length == size - start && same_letters(name + start, formats[i].ending))
            return &formats[i];
    }
    for (size_t at = start; at + 4 < size; at++)
        if ((at == start || name[at - 1] == '-') && memcmp(name + at, "idx", 3) == 0)
            return &formats[count - 1];
    return NULL;
}

/* Whether a file is packed once more: numbers.csv.gz. */
static bool is_packed(const char *name) {
    size_t size = strlen(name);
    return size > 3 && same_letters(name + size - 3, ".gz");
}

static const format *find_format(const char *name) {
    return format_of(name, strlen(name) - (is_packed(name) ? 3 : 0));
}

static bool unknown_ending(const char *verb, const char *name, dw_err *err) {
    return dw_err_set(err, DW_ERR_FILE,
                      "cannot %s %.200s: the ending of its name must be .csv, .npy, .npz, "
                      ".safetensors, .net%s or .txt",
                      verb, name, strcmp(verb, "load") == 0 ? ", idx-ubyte" : "");
}

bool dw_files_is(const char *name, const char *ending) {
    size_t size = strlen(name) - (is_packed(name) ? 3 : 0), length = strlen(ending);
    return size > length && name[size - length - 1] == '.' &&
           same_letters(name + size - length, ending);
}

bool dw_files_read(dw_mem *mem, const char *folder, const char *name, char **bytes, size_t *size,
                   dw_err *err) {
    char *packed;
    if (!dw_path_read(mem, folder, name, &packed, size, err))
        return false;
    if (!is_packed(name)) {
        *bytes = packed;
        return true;
    }
    dw_deflate_source source = {packed, *size, name};
    bool fine = dw_deflate_gunzip(mem, source, bytes, size, err);
    dw_mem_free(packed);
    return fine;
}

bool dw_files_write(const char *folder, const char *name, const dw_buf *contents, dw_err *err) {
    dw_buf packed;
    dw_buf_init(&packed, contents->mem);
    bool fine = !contents->failed || dw_err_memory(err, "the contents of the file");
    if (is_packed(name)) {
        fine = fine && dw_deflate_gzip(&packed, contents->data, contents->size, err);
        contents = &packed;
    }
    fine = fine && dw_path_write(folder, name, contents, err);
    dw_buf_free(&packed);
    return fine;
}

bool dw_files_load(dw_mem *mem, const char *folder, const char *name, dw_files_options options,
                   dw_value *out, dw_err *err) {
    char *bytes;
    job f = {.mem = mem, .name = name, .options = options, .err = err};
    const format *how = find_format(name);
    if (how == NULL)
        return unknown_ending("load", name, err);
    if (!dw_files_read(mem, folder, name, &bytes, &f.size, err))
        return false;
    f.bytes = bytes;
    bool fine = how->load(&f, out);
    dw_mem_free(bytes);
    return fine;
}

bool dw_files_save(dw_mem *mem, const char *folder, const char *name, dw_files_options options,
                   dw_value v, dw_err *err) {
    dw_buf out;
    job f = {.mem = mem, .name = name, .options = options, .err = err};
    const format *how = find_format(name);
    if (how == NULL || how->save == NULL)
        return unknown_ending("save", name, err);
    dw_buf_init(&out, mem);
    bool fine = how->save(&f, v, &out) && dw_files_write(folder, name, &out, err);
    dw_buf_free(&out);
    return fine;
}

bool dw_files_load_arrays(const char *folder, const char *name, dw_arrays *list, dw_err *err) {
    char *bytes;
    size_t size;
    bool npz = dw_files_is(name, "npz");
    if (!npz && !dw_files_is(name, "safetensors"))
        return dw_err_set(err, DW_ERR_FILE,
                          "parameters are loaded into a net from .safetensors and .npz files, not "
                          "from %.200s",
                          name);
    if (!dw_files_read(list->mem, folder, name, &bytes, &size, err))
        return false;
    bool fine = npz ? dw_npz_read(list, bytes, size, name, err)
                    : dw_safetensors_read(list, bytes, size, name, err);
    dw_mem_free(bytes);
    return fine;
}

bool dw_files_save_arrays(const char *folder, const char *name, dw_files_options options,
                          const dw_arrays *list, dw_err *err) {
    dw_buf out;
    dw_buf_init(&out, list->mem);
    bool fine = (dw_files_is(name, "npz")
                     ? dw_npz_write(&out, list, err)
                     : dw_safetensors_write(&out, list, options.single, options.note, err)) &&
                dw_files_write(folder, name, &out, err);
    dw_buf_free(&out);
    return fine;
}
