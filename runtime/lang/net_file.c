/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers are written by printf's %a and read by a reader of our own, which knows no locale. */
#include "lang/net_file.h"

#include "base/text.h"
#include "data/csv.h"
#include "lang/named.h"
#include "lang/net_code.h"
#include "lang/net_make.h"
#include "lang/net_source.h"
#include "lang/net_weights.h"

#include <math.h>
#include <string.h>

/* The user's wish to stop is looked at after each of so many numbers. */
enum { OFTEN = 4096 };

enum { MOST_EXPONENT = 100000, MOST_DIGITS = 1000, MOST_INPUT = 10000000 };

/* ---- writing ---- */

static void add_number(dw_buf *out, double x) {
    if (isfinite(x))
        dw_buf_print(out, "%a", x);
    else
        dw_buf_text(out, x != x ? "nan" : x > 0 ? "inf" : "-inf");
}

/* name rows×columns = numbers; a number without its shape. Parameters are hexadecimal; what follows
 * a point is decimal, with as many digits as it takes. Broken off when the user stops it. */
static void add_array(dw_eval *e, dw_buf *out, const char *point, const char *name,
                      const dw_tensor *t) {
    dw_buf_print(out, "%s%s", point, name);
    if (t->size != 1)
        dw_buf_print(out, " %zu×%zu", t->dim[0], t->dim[1]);
    dw_buf_text(out, " =");
    for (size_t i = 0; i < t->size && (i % OFTEN != 0 || !dw_cancel_pending(&e->cancel)); i++) {
        dw_buf_byte(out, ' ');
        if (*point != '\0')
            dw_csv_add_number(out, t->data[i]);
        else
            add_number(out, t->data[i]);
    }
    dw_buf_byte(out, '\n');
}

static void add_quoted(dw_buf *out, const dw_text *text) {
    dw_buf_byte(out, '"');
    for (size_t i = 0; i < text->size; i++) {
        unsigned char c = (unsigned char)text->bytes[i];
        if (c < 0x20 || c == '"' || c == '\\')
            dw_buf_print(out, "\\u%04x", c);
        else
            dw_buf_byte(out, (char)c);
    }
    dw_buf_byte(out, '"');
}

/* A list of texts as quoted words, numbers as an array; other values are left out. */
static bool add_value(dw_eval *e, dw_buf *out, const char *name, dw_value v) {
    dw_tensor *t;
    dw_err why = {0};
    if (v.kind == DW_LIST) {
        const dw_list *list = v.as.list;
        bool texts = true;
        for (size_t i = 0; i < list->count; i++)
            texts = texts && list->items[i].kind == DW_TEXT;
        if (texts) {
            dw_buf_print(out, ".%s =", name);
            for (size_t i = 0; i < list->count; i++) {
                dw_buf_byte(out, ' ');
                add_quoted(out, list->items[i].as.text);
            }
            dw_buf_byte(out, '\n');
            return true;
        }
    }
    if (v.kind == DW_NOTHING || !dw_value_as_tensor(e->mem, v, &t, &why))
        return why.kind != DW_ERR_MEMORY || dw_err_memory(e->err, "the file of a net");
    add_array(e, out, ".", name, t);
    dw_tensor_release(t);
    return true;
}

/* What training left: numbers and tables of numbers. */
static bool add_facts(dw_eval *e, dw_buf *out, dw_value facts) {
    dw_buf name;
    bool fine = true;
    if (facts.kind != DW_RECORD)
        return true;
    dw_buf_init(&name, e->mem);
    for (size_t i = 0; fine && i < facts.as.record->count; i++) {
        const dw_field *field = &facts.as.record->fields[i];
        if (field->value.kind != DW_TABLE) {
            fine = add_value(e, out, field->name->bytes, field->value);
            continue;
        }
        const dw_record *table = field->value.as.record;
        for (size_t c = 0; fine && c < table->count; c++) {
            dw_buf_clear(&name);
            dw_buf_print(&name, "%s.%s", field->name->bytes, table->fields[c].name->bytes);
            fine = (!name.failed || dw_err_memory(e->err, "the file of a net")) &&
                   add_value(e, out, name.data, table->fields[c].value);
        }
    }
    dw_buf_free(&name);
    return fine;
}

static bool add_parameters(dw_eval *e, dw_value f, dw_buf *out) {
    dw_arrays list;
    dw_arrays_init(&list, e->mem);
    bool fine = dw_net_weights_gather(e, f, DW_NET_WEIGHTS_OWN, &list);
    for (size_t i = 0; fine && i < list.count; i++)
        add_array(e, out, "", list.items[i].name, list.items[i].tensor);
    dw_arrays_free(&list);
    return fine;
}

bool dw_net_file_write(dw_eval *e, dw_value f, dw_buf *out) {
    char words[DW_VALUE_WORDS];
    size_t rows, columns;
    if (!dw_net_is(f))
        return dw_err_set(e->err, DW_ERR_TYPE,
                          "only nets such as 1 → 8 → relu → 1 are saved as .net, this is %s",
                          dw_value_words(f, words));
    if (!dw_net_source_write(e, f, out))
        return false;
    dw_buf_byte(out, '\n');
    if (!add_parameters(e, f, out))
        return false;
    if (dw_net_input(f, &rows, &columns) && columns != 1)
        dw_buf_print(out, ".input 1×2 = %zu %zu\n", rows, columns);
    return add_value(e, out, "words", dw_net_words(f)) &&
           add_value(e, out, "labels", dw_net_labels(f)) && add_facts(e, out, dw_net_facts(f)) &&
           dw_eval_poll(e, NULL, (dw_span){0, 0}) &&
           (!out->failed || dw_err_memory(e->err, "the file of a net"));
}

/* ---- numbers ---- */

static int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Reads [digits].[digits]p±digits behind 0x. False when it is none, or has more than 60 bits. */
static bool hexadecimal(const char *at, const char *end, double *out) {
    uint64_t whole = 0;
    int exponent = 0, digits = 0, sign = 1, power = 0;
    bool point = false;
    for (; at < end && *at != 'p' && *at != 'P'; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        int digit = hex_digit(*at);
        if (digit < 0 || whole >> 56 != 0)
            return false;
        whole = whole << 4 | (unsigned)digit;
        exponent -= point ? 4 : 0;
        if (++digits > MOST_DIGITS)
            return false;
    }
    if (digits == 0 || at == end || ++at == end)
        return false;
    if (*at == '+' || *at == '-')
        sign = *at++ == '-' ? -1 : 1;
    if (at == end)
        return false;
    for (; at < end; at++) {
        if (*at < '0' || *at > '9' || power > MOST_EXPONENT)
            return false;
        power = 10 * power + (*at - '0');
    }
    *out = ldexp((double)whole, exponent + sign * power);
    return true;
}

static bool read_number(const char *at, size_t size, double *out) {
    const char *end = at + size, *digits = at + (size > 0 && (*at == '-' || *at == '+'));
    if (end - digits < 3 || digits[0] != '0' || (digits[1] != 'x' && digits[1] != 'X'))
        return dw_csv_number(at, size, out);
    if (!hexadecimal(digits + 2, end, out))
        return false;
    *out = *at == '-' ? -*out : *out;
    return true;
}

/* ---- lines ---- */

/* A file being read: the net so far, its parameters, and what comes besides. */
typedef struct {
    dw_eval *e;
    const char *file;
    size_t line;                         /* number of the one at hand */
    const char *at, *end;                /* what is left of it */
    dw_arrays parameters, facts, others; /* facts, others: their names without the point */
    dw_value words, labels;
} reading;

static bool fail(reading *r, const char *what) {
    return dw_err_set(r->e->err, DW_ERR_DATA, "%.100s, line %zu: %s", r->file, r->line, what);
}

static void skip_blanks(reading *r) {
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
}

/* The next word, up to a blank; false at the end of the line. */
static bool next_word(reading *r, const char **word, size_t *size) {
    skip_blanks(r);
    *word = r->at;
    while (r->at < r->end && *r->at != ' ' && *r->at != '\t' && *r->at != '\r')
        r->at++;
    *size = (size_t)(r->at - *word);
    return *size > 0;
}

static bool read_size(const char **at, const char *end, size_t *out) {
    const char *start = *at;
    *out = 0;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at)
        if (__builtin_mul_overflow(*out, (size_t)10, out) ||
            __builtin_add_overflow(*out, (size_t)(**at - '0'), out))
            return false;
    return *at > start;
}

/* 3×4, or 3x4. */
static bool read_shape(const char *at, size_t size, size_t *rows, size_t *columns) {
    const char *end = at + size;
    if (!read_size(&at, end, rows) || at == end)
        return false;
    if (*at == 'x')
        at++;
    else if (end - at > 2 && memcmp(at, "×", 2) == 0)
        at += 2;
    else
        return false;
    return read_size(&at, end, columns) && at == end;
}

/* Numbers up to the end of the line into an array of that shape. */
static bool read_numbers(reading *r, dw_arrays *list, const char *name, size_t name_size,
                         size_t rows, size_t columns) {
    const char *word;
    size_t size, count, read = 0;
    if (__builtin_mul_overflow(rows, columns, &count) || count > (size_t)(r->end - r->at))
        return fail(r, "there are fewer numbers than its shape says");
    dw_tensor *t = dw_tensor_raw(r->e->mem, rows, columns, r->e->err);
    bool fine = t != NULL;
    while (fine && next_word(r, &word, &size)) {
        if (read % OFTEN == OFTEN - 1 && !dw_eval_poll(r->e, NULL, (dw_span){0, 0}))
            fine = false;
        else if (read == count)
            fine = fail(r, "there are more numbers than its shape says");
        else if (!read_number(word, size, &t->data[read++]))
            fine = fail(r, "this is no number; numbers look like -0x1.8p+3 or -12");
    }
    if (fine && read < count)
        fine = fail(r, "there are fewer numbers than its shape says");
    if (!fine) {
        dw_tensor_release(t);
        return false;
    }
    dw_arrays_shape shape = {2, {rows, columns}};
    return dw_arrays_add(list, name, name_size, t, &shape, r->e->err);
}

/* A word in quotes. */
static bool read_quoted(reading *r, dw_value *out) {
    dw_buf text;
    dw_buf_init(&text, r->e->mem);
    bool fine = true;
    for (r->at++; fine && r->at < r->end && *r->at != '"'; r->at++) {
        if (*r->at != '\\') {
            dw_buf_byte(&text, *r->at);
            continue;
        }
        unsigned code = 0;
        fine = r->end - r->at > 5 && r->at[1] == 'u' && r->at[2] == '0' && r->at[3] == '0';
        for (int k = 4; fine && k < 6; k++) {
            int digit = hex_digit(r->at[k]);
            fine = digit >= 0 && !(k == 4 && digit > 7);
            code = code << 4 | (unsigned)(digit < 0 ? 0 : digit);
        }
        dw_buf_byte(&text, (char)code);
        r->at += fine ? 5 : 0;
    }
    fine = (fine && r->at < r->end) || fail(r, "a text in quotes is not closed, or has a wrong \\");
    r->at++;
    if (fine && text.failed)
        fine = dw_err_memory(r->e->err, "the words of a net");
    fine = fine &&
           dw_value_text(r->e->mem, text.data != NULL ? text.data : "", text.size, out, r->e->err);
    dw_buf_free(&text);
    return fine;
}

/* Words in quotes up to the end of the line. */
static bool read_texts(reading *r, dw_value *out) {
    size_t room = 0, count = 0;
    for (const char *c = r->at; c < r->end; c++)
        room += *c == '"';
    dw_value *texts = dw_mem_array(r->e->mem, room + 1, sizeof *texts);
    bool fine = texts != NULL || dw_err_memory(r->e->err, "the words of a net");
    for (skip_blanks(r); fine && r->at < r->end; skip_blanks(r)) {
        fine = *r->at == '"' ? read_quoted(r, &texts[count]) : fail(r, "words stand in quotes");
        count += fine;
    }
    dw_value_release(*out);
    *out = dw_value_nothing();
    fine = fine && dw_value_list(r->e->mem, 1, count, out, r->e->err);
    for (size_t i = 0; texts != NULL && i < count; i++)
        if (fine)
            out->as.list->items[i] = texts[i];
        else
            dw_value_release(texts[i]);
    dw_mem_free(texts);
    return fine;
}

static bool is(const char *name, size_t size, const char *word) {
    return size == strlen(word) && memcmp(name, word, size) == 0;
}

/* NAME [ROWS×COLUMNS] = VALUES */
static bool read_line(reading *r) {
    const char *name, *word;
    size_t name_size, size, rows = 1, columns = 1;
    if (!next_word(r, &name, &name_size))
        return true; /* an empty line */
    if (!next_word(r, &word, &size))
        return fail(r, "a line is a name, a shape, = and numbers, as in b1 2×1 = 0 0x1.8p+1");
    if (!(size == 1 && *word == '=') && !(read_shape(word, size, &rows, &columns) &&
                                          next_word(r, &word, &size) && size == 1 && *word == '='))
        return fail(r, "a line is a name, a shape, = and numbers, as in b1 2×1 = 0 0x1.8p+1");
    if (*name != '.')
        return read_numbers(r, &r->parameters, name, name_size, rows, columns);
    name++;
    name_size--;
    skip_blanks(r);
    bool texts = r->at < r->end && *r->at == '"';
    if (texts && is(name, name_size, "words"))
        return read_texts(r, &r->words);
    if (texts && is(name, name_size, "labels"))
        return read_texts(r, &r->labels);
    bool other = is(name, name_size, "input") || is(name, name_size, "labels");
    return read_numbers(r, other ? &r->others : &r->facts, name, name_size, rows, columns);
}

static bool read_lines(reading *r, const char *bytes, size_t size) {
    for (const char *end = bytes + size; bytes < end; r->line++) {
        const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
        r->at = bytes;
        r->end = stop != NULL ? stop : end;
        if (!read_line(r))
            return false;
        bytes = r->end + (stop != NULL);
    }
    return true;
}

/* ---- putting it together ---- */

static const dw_tensor *other_of(const reading *r, const char *name) {
    for (size_t i = 0; i < r->others.count; i++)
        if (strcmp(r->others.items[i].name, name) == 0)
            return r->others.items[i].tensor;
    return NULL;
}

/* Replaces *net by what a step made of it. */
static bool replace(dw_value *net, bool made, const dw_value *next) {
    if (!made)
        return false;
    dw_value_release(*net);
    *net = *next;
    return true;
}

/* Makes the parameters of a net whose chain does not say the size of its input. */
static bool make_sized(reading *r, dw_value *net) {
    const dw_tensor *input = other_of(r, "input");
    dw_value sized;
    if (input == NULL)
        return true;
    for (size_t i = 0; i < input->size; i++)
        if (!(input->data[i] >= 1 && input->data[i] <= MOST_INPUT))
            return dw_err_set(r->e->err, DW_ERR_DATA,
                              "%.100s: .input is the rows and columns of an input", r->file);
    if (input->size != 2)
        return dw_err_set(r->e->err, DW_ERR_DATA,
                          "%.100s: .input is the rows and columns of an input", r->file);
    return replace(net,
                   dw_net_make_sized(r->e, *net, r->file, (size_t)input->data[0],
                                     (size_t)input->data[1], &sized),
                   &sized);
}

/* Whether the net has an embed layer for so many words. */
static bool check_words(const reading *r, size_t count) {
    for (size_t i = 0; i < r->parameters.count; i++) {
        const char *name = r->parameters.items[i].name, *point = strrchr(name, '.');
        if ((point != NULL ? point[1] : name[0]) == 'E' &&
            r->parameters.items[i].tensor->dim[1] == count)
            return true;
    }
    return dw_err_set(r->e->err, DW_ERR_DATA,
                      "%.100s has %zu words, but its net has no embed layer for as many", r->file,
                      count);
}

/* A record of the table's columns becomes the table. */
static bool make_table(const reading *r, dw_value *v) {
    size_t rows = 0;
    for (size_t i = 0; i < v->as.record->count; i++) {
        dw_value column = v->as.record->fields[i].value;
        size_t count = column.kind == DW_ARRAY ? column.as.array->dim[1] : 1;
        bool fits = column.kind == DW_NUMBER ||
                    (column.kind == DW_ARRAY && dw_tensor_is_row(column.as.array));
        if (!fits || (i > 0 && count != rows))
            return dw_err_set(r->e->err, DW_ERR_DATA,
                              "%.100s: the columns of a table are rows of the same length",
                              r->file);
        rows = count;
    }
    v->kind = DW_TABLE;
    v->as.record->rows = rows;
    return true;
}

static bool add_record(reading *r, dw_value *net) {
    dw_value record, next;
    if (r->facts.count == 0)
        return true;
    if (!dw_named_record(r->e->mem, &r->facts, r->file, &record, r->e->err))
        return false;
    bool fine = true;
    for (size_t i = 0; fine && i < record.as.record->count; i++)
        if (record.as.record->fields[i].value.kind == DW_RECORD)
            fine = make_table(r, &record.as.record->fields[i].value);
    fine = fine && replace(net, dw_net_with_facts(r->e, *net, record, &next), &next);
    dw_value_release(record);
    return fine;
}

static bool add_labels(reading *r, dw_value *net) {
    const dw_tensor *numbers = other_of(r, "labels");
    dw_value next;
    if (r->words.kind == DW_LIST &&
        !(check_words(r, r->words.as.list->count) &&
          replace(net, dw_net_with_words(r->e, *net, r->words, &next), &next)))
        return false;
    if (numbers != NULL) {
        dw_value_release(r->labels);
        r->labels = dw_value_array(dw_tensor_retain((dw_tensor *)(uintptr_t)numbers));
    }
    return r->labels.kind == DW_NOTHING ||
           replace(net, dw_net_with_labels(r->e, *net, r->labels, &next), &next);
}

/* Where the text of the net ends: at the first line with nothing but blanks. Counts the lines. */
static size_t code_size(const char *bytes, size_t size, size_t *lines) {
    bool empty = false;
    size_t start = 0;
    *lines = 0;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n' && empty && *lines > 0)
            return start;
        if (bytes[i] == '\n') {
            ++*lines;
            start = i + 1;
            empty = true;
        } else if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
            empty = false;
        }
    }
    return size;
}

static bool read_parts(reading *r, const char *bytes, size_t size, dw_value *out) {
    size_t lines, code = code_size(bytes, size, &lines), valid = dw_text_valid(bytes, size);
    dw_span line;
    dw_value net, next;
    if (valid < size)
        return dw_err_set(r->e->err, DW_ERR_DATA, "%.100s, line %zu: this is no UTF-8 text",
                          r->file, dw_text_line(bytes, size, valid, &line));
    r->line = lines + 1;
    if (!read_lines(r, bytes + code, size - code) ||
        !dw_net_code_read(r->e, r->file, bytes, code, &net))
        return false;
    bool fine =
        make_sized(r, &net) &&
        replace(&net, dw_net_weights_put(r->e, net, &r->parameters, r->file, &next), &next) &&
        add_labels(r, &net) && add_record(r, &net);
    if (!fine)
        dw_value_release(net);
    else
        *out = net;
    return fine;
}

bool dw_net_file_read(dw_eval *e, const char *bytes, size_t size, const char *name, dw_value *out) {
    reading r = {.e = e, .file = name};
    dw_arrays_init(&r.parameters, e->mem);
    dw_arrays_init(&r.facts, e->mem);
    dw_arrays_init(&r.others, e->mem);
    bool fine = read_parts(&r, bytes, size, out);
    dw_arrays_free(&r.parameters);
    dw_arrays_free(&r.facts);
    dw_arrays_free(&r.others);
    dw_value_release(r.words);
    dw_value_release(r.labels);
    return fine;
}
