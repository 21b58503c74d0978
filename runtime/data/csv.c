/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading and writing csv: one pass cuts the bytes into cells, a second decides for every column
 * whether it holds numbers. */
#include "data/csv.h"

#include "base/arena.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The result and all it points to. */
typedef struct {
    dw_csv csv; /* first, so that the result is the whole */
    dw_mem *mem;
    dw_arena arena;
    dw_csv_cell *cells;
    size_t count, room;
} sheet;

typedef struct {
    const char *at, *end;
    const char *name;
    char separator;
    size_t line, column; /* of the cell being read, from 1 */
    const dw_cancel *cancel;
    dw_err *err;
} reader;

static bool fail_here(reader *r, const char *what) {
    return dw_err_set(r->err, DW_ERR_DATA, "%.100s, line %zu, column %zu: %s", r->name, r->line,
                      r->column, what);
}

bool dw_csv_number(const char *text, size_t size, double *out) {
    static const struct {
        const char *word;
        double value;
    } words[] = {
        {"NaN", NAN},       {"nan", NAN},        {"NA", NAN},     {"inf", INFINITY},
        {"+inf", INFINITY}, {"-inf", -INFINITY}, {"∞", INFINITY}, {"-∞", -INFINITY},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == size && memcmp(words[i].word, text, size) == 0) {
            *out = words[i].value;
            return true;
        }
    bool digit = false;
    for (size_t i = 0; i < size; i++) {
        digit = digit || (text[i] >= '0' && text[i] <= '9');
        if (strchr("0123456789+-.eE", text[i]) == NULL || text[i] == '\0')
            return false;
    }
    char *end;
    if (!digit)
        return false;
    *out = strtod(text, &end); /* nobody sets a locale, so the point is a point */
    return end == text + size;
}

static bool add_cell(sheet *s, reader *r, const char *text, size_t size) {
    if (s->count == s->room) {
        size_t room = s->room == 0 ? 256 : 2 * s->room;
        dw_csv_cell *cells = room < SIZE_MAX / sizeof *cells
                                 ? dw_mem_grow(s->mem, s->cells, room * sizeof *cells)
                                 : NULL;
        if (cells == NULL)
            return dw_err_memory(r->err, "the table");
        s->cells = cells;
        s->room = room;
    }
    s->cells[s->count++] = (dw_csv_cell){text, size};
    return dw_cancel_goes_on(r->cancel, s->count, r->err);
}

/* Lines end with \n, \r\n or, as on old Macintoshes, \r. */
static bool is_line_end(const reader *r, const char *at) {
    return at == r->end || *at == '\n' || *at == '\r';
}

/* "…" with "" for a quote inside; may hold line ends. */
static bool read_quoted(sheet *s, reader *r) {
    const char *start = ++r->at;
    char *copy = dw_arena_new(&s->arena, (size_t)(r->end - start < 64 ? r->end - start : 64) + 1);
    size_t size = 0, room = (size_t)(r->end - start < 64 ? r->end - start : 64) + 1, lines = 0;
    if (copy == NULL)
        return dw_err_memory(r->err, "the table");
    for (;; r->at++) {
        if (r->at == r->end)
            return fail_here(r, "the quote \" is never closed");
        if (*r->at == '"' && (r->at + 1 == r->end || r->at[1] != '"'))
            break;
        r->at += *r->at == '"';
        lines += *r->at == '\n' || (*r->at == '\r' && r->at + 1 < r->end && r->at[1] != '\n');
        if (size + 1 == room) {
            char *more = dw_arena_new(&s->arena, 2 * room);
            if (more == NULL)
                return dw_err_memory(r->err, "the table");
            memcpy(more, copy, size);
            copy = more;
            room *= 2;
        }
        copy[size++] = *r->at;
    }
    copy[size] = '\0';
    r->at++;
    if (!is_line_end(r, r->at) && *r->at != r->separator)
        return fail_here(r,
                         "a cell goes on after its closing quote; write \"\" for a quote inside");
    r->line += lines;
    return add_cell(s, r, copy, size);
}

static bool read_plain(sheet *s, reader *r) {
    const char *start = r->at;
    while (!is_line_end(r, r->at) && *r->at != r->separator)
        r->at++;
    size_t size = (size_t)(r->at - start);
    while (size > 0 && (start[0] == ' ' || start[0] == '\t')) {
        start++;
        size--;
    }
    while (size > 0 && (start[size - 1] == ' ' || start[size - 1] == '\t'))
        size--;
    char *copy = dw_arena_text(&s->arena, start, size);
    if (copy == NULL)
        return dw_err_memory(r->err, "the table");
    return add_cell(s, r, copy, size);
}

static void skip_line_end(reader *r) {
    r->at += r->at < r->end && *r->at == '\r';
    r->at += r->at < r->end && *r->at == '\n';
    r->line++;
}

static bool read_line(sheet *s, reader *r) {
    size_t before = s->count;
    for (r->column = 1;; r->column++) {
        bool quoted = r->at < r->end && *r->at == '"';
        if (!(quoted ? read_quoted(s, r) : read_plain(s, r)))
            return false;
        if (is_line_end(r, r->at))
            break;
        r->at++;
    }
    size_t found = s->count - before;
    if (s->csv.columns == 0)
        s->csv.columns = found;
    if (found != s->csv.columns)
        return dw_err_set(r->err, DW_ERR_DATA,
                          "%.100s, line %zu: %zu column%s here, but the first line has %zu",
                          r->name, r->line, found, found == 1 ? "" : "s", s->csv.columns);
    skip_line_end(r);
    return true;
}

/* The separator of the first line: a comma if there is one outside quotes. */
static char find_separator(const char *at, const char *end) {
    size_t semicolons = 0, tabs = 0;
    bool quoted = false;
    for (; at < end && (quoted || (*at != '\n' && *at != '\r')); at++) {
        quoted ^= *at == '"';
        if (!quoted && *at == ',')
            return ',';
        semicolons += !quoted && *at == ';';
        tabs += !quoted && *at == '\t';
    }
    return semicolons > 0 ? ';' : tabs > 0 ? '\t' : ',';
}

static bool read_cells(sheet *s, reader *r) {
    size_t size = (size_t)(r->end - r->at), valid;
    dw_span line;
    if (!dw_text_check(s->mem, r->at, size, &valid, r->err))
        return false;
    const char *nul = memchr(r->at, 0, size);
    if (nul != NULL && (size_t)(nul - r->at) < valid)
        valid = (size_t)(nul - r->at);
    if (valid < size)
        return dw_err_set(r->err, DW_ERR_DATA,
                          "%.100s, line %zu: this is no UTF-8 text; save it as "
                          "csv in UTF-8",
                          r->name, dw_text_line(r->at, size, valid, &line));
    if (size >= 3 && memcmp(r->at, "\xEF\xBB\xBF", 3) == 0)
        r->at += 3;
    r->separator = find_separator(r->at, r->end);
    while (r->at < r->end) {
        if (is_line_end(r, r->at)) /* empty lines say nothing */
            skip_line_end(r);
        else if (!read_line(s, r))
            return false;
    }
    return s->count > 0 || dw_err_set(r->err, DW_ERR_DATA, "%.100s is empty", r->name);
}

/* Whether a line holds nothing but numbers and empty cells, and at least one number. */
static bool all_numbers(const dw_csv_cell *cells, size_t count) {
    double x;
    size_t numbers = 0;
    for (size_t i = 0; i < count; i++) {
        if (cells[i].size > 0 && !dw_csv_number(cells[i].text, cells[i].size, &x))
            return false;
        numbers += cells[i].size > 0;
    }
    return numbers > 0;
}

static bool fill_column(sheet *s, size_t i, const dw_csv_cell *first, const reader *from) {
    dw_csv_column *c = &s->csv.column[i];
    size_t columns = s->csv.columns, given = 0;
    char name[32];
    snprintf(name, sizeof name, "c%zu", i + 1);
    if (!s->csv.header || s->cells[i].size == 0)
        c->name = dw_arena_text(&s->arena, name, strlen(name));
    else
        c->name = s->cells[i].text;
    c->cells = first + i;
    double *values = dw_arena_new(&s->arena, (s->csv.rows + 1) * sizeof *values);
    if (c->name == NULL || values == NULL)
        return dw_err_memory(from->err, "the table");
    c->numbers = true;
    for (size_t r = 0; c->numbers && r < s->csv.rows; r++) {
        if (!dw_cancel_goes_on(from->cancel, r, from->err))
            return false;
        const dw_csv_cell *cell = &c->cells[r * columns];
        given += cell->size > 0;
        values[r] = NAN;
        c->numbers = cell->size == 0 || dw_csv_number(cell->text, cell->size, &values[r]);
    }
    c->numbers = c->numbers && given > 0;
    c->values = c->numbers ? values : NULL;
    return true;
}

static bool fill_columns(sheet *s, dw_csv_first first, const reader *from) {
    dw_csv *csv = &s->csv;
    csv->header =
        first == DW_CSV_HEADER || (first == DW_CSV_GUESS && !all_numbers(s->cells, csv->columns));
    csv->rows = s->count / csv->columns - csv->header;
    csv->column = dw_arena_new(&s->arena, csv->columns * sizeof *csv->column);
    if (csv->column == NULL)
        return dw_err_memory(from->err, "the table");
    for (size_t i = 0; i < csv->columns; i++)
        if (!fill_column(s, i, s->cells + (csv->header ? csv->columns : 0), from))
            return false;
    return true;
}

dw_csv *dw_csv_read(dw_mem *mem, const char *bytes, size_t size, dw_csv_first first,
                    const char *name, dw_err *err) {
    sheet *s = dw_mem_new(mem, sizeof *s);
    if (s == NULL) {
        dw_err_memory(err, "the table");
        return NULL;
    }
    s->mem = mem;
    dw_arena_init(&s->arena, mem);
    reader r = {.at = bytes,
                .end = bytes + size,
                .name = name,
                .line = 1,
                .column = 1,
                .cancel = mem->cancel,
                .err = err};
    if (read_cells(s, &r) && fill_columns(s, first, &r))
        return &s->csv;
    dw_csv_free(&s->csv);
    return NULL;
}

void dw_csv_free(dw_csv *csv) {
    if (csv == NULL)
        return;
    sheet *s = (sheet *)csv;
    dw_mem_free(s->cells);
    dw_arena_free(&s->arena);
    dw_mem_free(s);
}

void dw_csv_add_number(dw_buf *out, double x) {
    char text[40];
    if (x != x) {
        dw_buf_text(out, "NaN");
        return;
    }
    if (isinf(x)) {
        dw_buf_text(out, x < 0 ? "-inf" : "inf");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (digits < 17 && strtod(text, NULL) == x) /* 17 are always enough */
            break;
    }
    dw_buf_text(out, text);
}

/* Whether a text would not come back as it is. */
static bool needs_quotes(const char *text, size_t size) {
    if (size == 0) /* a line with nothing on it would be skipped */
        return true;
    if (strchr(" \t", text[0]) != NULL || strchr(" \t", text[size - 1]) != NULL)
        return true;
    for (size_t i = 0; i < size; i++)
        if (strchr(",;\"\n\r", text[i]) != NULL)
            return true;
    return false;
}

void dw_csv_add_text(dw_buf *out, const char *text, size_t size) {
    if (!needs_quotes(text, size)) {
        dw_buf_add(out, text, size);
        return;
    }
    dw_buf_byte(out, '"');
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"')
            dw_buf_byte(out, '"');
        dw_buf_byte(out, text[i]);
    }
    dw_buf_byte(out, '"');
}
