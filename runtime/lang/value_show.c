/* SPDX-License-Identifier: BSD-3-Clause */
/* Values as text: as a notebook shows them, as { } inserts them into a text, tables also as HTML.
 */
#include "lang/value.h"

#include "base/text.h"
#include "lang/builtin.h"
#include "lang/net.h"
#include "lang/net_show.h"
#include "syntax/ast.h"
#include "tensor/format.h"

#include <string.h>

enum { ROWS_SHOWN = 20, ITEMS_SHOWN = 30, SPREAD = 2, DEPTH_SHOWN = 30, LABELS_SHOWN = 6 };

/* Things inside each other: two records in a record, thirty times over, would be 2^30. */
enum { THINGS_SHOWN = 100000 };

/* A row as [1, 2, 3], a matrix as [1, 2; 3, 4], shortened when long. */
static void insert_array(dw_buf *out, const dw_tensor *t, int digits) {
    dw_buf_byte(out, '[');
    for (size_t i = 0; i < t->size; i++) {
        if (i == ITEMS_SHOWN && t->size > ITEMS_SHOWN + 2) {
            dw_buf_print(out, ", … %zu more", t->size - i);
            break;
        }
        if (i > 0)
            dw_buf_text(out, i % t->dim[1] == 0 ? "; " : ", ");
        if (t->truth)
            dw_buf_text(out, t->data[i] != 0 ? "true" : "false");
        else
            dw_format_number(out, t->data[i], digits);
    }
    dw_buf_byte(out, ']');
}

static void insert_list(dw_buf *out, const dw_list *list, dw_value_style how) {
    dw_buf_byte(out, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i == ITEMS_SHOWN && list->count > ITEMS_SHOWN + 2) {
            dw_buf_print(out, ", … %zu more", list->count - i);
            break;
        }
        if (i > 0)
            dw_buf_text(out, i % list->columns == 0 ? "; " : ", ");
        dw_value_insert_inside(out, list->items[i], how);
    }
    dw_buf_byte(out, ']');
}

static void insert_record(dw_buf *out, const dw_record *record, dw_value_style how) {
    dw_buf_byte(out, '(');
    for (size_t i = 0; i < record->count; i++) {
        dw_buf_print(out, "%s%s = ", i > 0 ? ", " : "", record->fields[i].name->bytes);
        dw_value_insert_inside(out, record->fields[i].value, how);
    }
    dw_buf_byte(out, ')');
}

static void insert_distribution(dw_buf *out, const dw_distribution *d, int digits) {
    dw_buf_text(out, d->family == DW_NORMAL ? "normal(" : "uniform(");
    dw_format_number(out, d->a, digits);
    dw_buf_text(out, d->family == DW_NORMAL ? ", " : "..");
    dw_format_number(out, d->b, digits);
    dw_buf_byte(out, ')');
    if (d->copies > 0)
        dw_buf_print(out, "^%zu", d->copies);
}

/* The function a derivative was made from: its name, or as it was written. */
static void insert_original(dw_buf *out, dw_value v, dw_value_style how) {
    const dw_function *f = v.kind == DW_FUNCTION ? v.as.function : NULL;
    const char *name = f == NULL            ? NULL
                       : f->builtin != NULL ? f->builtin->name
                       : f->node != NULL    ? f->node->u.function->name
                                            : NULL;
    if (name != NULL)
        dw_buf_text(out, name);
    else
        dw_value_insert_inside(out, v, how);
}

/* A function as it was written, or what the registry says of a builtin. */
static void insert_function(dw_buf *out, dw_value v, dw_value_style how) {
    const dw_function *f = v.as.function;
    if (f->builtin != NULL && f->builtin->show != NULL) {
        f->builtin->show(out, f->values);
    } else if (f->builtin != NULL) {
        dw_buf_text(out, f->builtin->signature);
    } else if (f->node != NULL && f->unit != NULL) {
        uint32_t start = f->node->u.function->head.start, end = f->node->span.end;
        if (start < end && end <= f->unit->size)
            dw_buf_add(out, f->unit->source + start, end - start);
    } else if (f->derived == DW_UNDERIVED) {
        dw_net_show_inside(out, v, how);
    } else {
        static const char *const before[DW_DERIVED] = {[DW_GRADIENT] = "∇", [DW_HESSIAN] = "∇²"};
        if (before[f->derived] != NULL)
            dw_buf_text(out, before[f->derived]);
        insert_original(out, f->values[0], how);
        dw_buf_text(out, f->derived == DW_PRIME ? "'" : "");
    }
}

/* The places of the largest numbers of an answer, the largest first; returns how many. */
static size_t likeliest(const dw_record *record, size_t order[LABELS_SHOWN]) {
    size_t shown = 0;
    for (size_t i = 0; i < record->count; i++) {
        size_t at = shown < LABELS_SHOWN ? shown++ : LABELS_SHOWN;
        double x = record->fields[i].value.as.number;
        while (at > 0 && !(record->fields[order[at - 1]].value.as.number >= x)) {
            if (at < LABELS_SHOWN)
                order[at] = order[at - 1];
            at--;
        }
        if (at < LABELS_SHOWN)
            order[at] = i;
    }
    return shown;
}

static void pad(dw_buf *out, size_t columns) {
    for (size_t i = 0; i < columns; i++)
        dw_buf_byte(out, ' ');
}

/* The classes of an answer: "fox 0.999, dog 0.001, … 21 more", or each on a line of its own. */
static void insert_labelled(dw_buf *out, const dw_record *record, bool lines, int digits) {
    size_t order[LABELS_SHOWN], shown = likeliest(record, order), widest = 0;
    const char *between = lines ? "\n" : ", ";
    for (size_t i = 0; lines && i < shown; i++) {
        const dw_text *name = record->fields[order[i]].name;
        size_t width = dw_text_width(name->bytes, name->size);
        widest = width > widest ? width : widest;
    }
    for (size_t i = 0; i < shown; i++) {
        const dw_field *field = &record->fields[order[i]];
        dw_buf_print(out, "%s%s", i > 0 ? between : "", field->name->bytes);
        size_t width = dw_text_width(field->name->bytes, field->name->size);
        pad(out, lines ? widest - width + SPREAD : 1);
        dw_format_number(out, field->value.as.number, digits > 0 ? digits : 3);
    }
    if (shown < record->count)
        dw_buf_print(out, "%s… %zu more", between, record->count - shown);
}

void dw_value_insert_inside(dw_buf *out, dw_value v, dw_value_style how) {
    double number;
    const char *quote = how.depth > 0 ? "\"" : "";
    if (how.depth > DEPTH_SHOWN || *how.left == 0 || out->failed) {
        dw_buf_text(out, "…");
        return;
    }
    how.depth++;
    --*how.left;
    switch (v.kind) {
    case DW_TRUTH:
        dw_buf_text(out, v.as.truth ? "true" : "false");
        return;
    case DW_ARRAY:
        insert_array(out, v.as.array, how.digits);
        return;
    case DW_TEXT:
        dw_buf_text(out, quote);
        dw_buf_add(out, v.as.text->bytes, v.as.text->size);
        dw_buf_text(out, quote);
        return;
    case DW_LIST:
        insert_list(out, v.as.list, how);
        return;
    case DW_INTERVAL:
        dw_format_number(out, v.as.interval->lo, how.digits);
        dw_buf_text(out, "..");
        dw_format_number(out, v.as.interval->hi, how.digits);
        return;
    case DW_RECORD:
        if (dw_value_is_labelled(v))
            insert_labelled(out, v.as.record, false, how.digits);
        else
            insert_record(out, v.as.record, how);
        return;
    case DW_TABLE:
        dw_buf_print(out, "a table of %zu row%s", v.as.record->rows,
                     v.as.record->rows == 1 ? "" : "s");
        return;
    case DW_FUNCTION:
        insert_function(out, v, how);
        return;
    case DW_DISTRIBUTION:
        insert_distribution(out, v.as.distribution, how.digits);
        return;
    case DW_PLOT:
        dw_buf_text(out, "a plot");
        return;
    default:
        if (dw_value_as_number(v, &number))
            dw_format_number(out, number, how.digits);
        return;
    }
}

void dw_value_insert(dw_buf *out, dw_value v, int digits) {
    size_t left = THINGS_SHOWN;
    dw_value_insert_inside(out, v, (dw_value_style){.digits = digits, .left = &left});
}

/* A share in a table is never bare: 0.35 (0.335 … 0.369). */
static void show_interval(dw_buf *out, const dw_estimate *e) {
    dw_format_number(out, e->value, 3);
    dw_buf_text(out, " (");
    dw_format_number(out, e->low, 3);
    dw_buf_text(out, " … ");
    dw_format_number(out, e->high, 3);
    dw_buf_byte(out, ')');
}

enum { ENTRY_SHOWN = 8 }; /* numbers of a row or column in a table; else only the shape */

/* Entry (row, column) of a table as text, appended to `out`. */
static void table_entry(dw_buf *out, const dw_record *table, size_t row, size_t column) {
    dw_value value;
    dw_err ignored = {0};
    if (!dw_value_element(out->mem, table->fields[column].value, row, &value, &ignored)) {
        out->failed = true;
        return;
    }
    char words[DW_VALUE_WORDS];
    bool long_one =
        value.kind == DW_ARRAY && (value.as.array->size > ENTRY_SHOWN ||
                                   (value.as.array->dim[0] > 1 && value.as.array->dim[1] > 1));
    if (long_one)
        dw_buf_text(out, dw_value_words(value, words));
    else if (value.kind == DW_ESTIMATE)
        show_interval(out, value.as.estimate);
    else
        dw_value_insert(out, value, 0);
    dw_value_release(value);
}

static bool is_number_column(const dw_record *table, size_t column) {
    dw_kind kind = table->fields[column].value.kind;
    return kind == DW_ARRAY || kind == DW_NUMBER;
}

/* One line of a table; row == SIZE_MAX: the names. Widths are of the columns. */
static void table_line(dw_buf *out, const dw_record *table, size_t row, const size_t *widths) {
    for (size_t c = 0; c < table->count; c++) {
        dw_buf cell;
        dw_buf_init(&cell, out->mem);
        if (row == SIZE_MAX)
            dw_buf_text(&cell, table->fields[c].name->bytes);
        else
            table_entry(&cell, table, row, c);
        size_t width = cell.data == NULL ? 0 : dw_text_width(cell.data, cell.size);
        size_t room = widths[c] > width ? widths[c] - width : 0;
        bool right = is_number_column(table, c);
        if (c > 0)
            pad(out, SPREAD);
        if (right)
            pad(out, room);
        if (cell.data != NULL)
            dw_buf_add(out, cell.data, cell.size);
        if (!right && c + 1 < table->count)
            pad(out, room);
        out->failed = out->failed || cell.failed;
        dw_buf_free(&cell);
    }
}

static size_t column_width(dw_mem *mem, const dw_record *table, size_t column, size_t shown) {
    const char *name = table->fields[column].name->bytes;
    size_t widest = dw_text_width(name, strlen(name));
    for (size_t r = 0; r < shown; r++) {
        dw_buf cell;
        dw_buf_init(&cell, mem);
        table_entry(&cell, table, r, column);
        size_t width = cell.data == NULL ? 0 : dw_text_width(cell.data, cell.size);
        widest = width > widest ? width : widest;
        dw_buf_free(&cell);
    }
    return widest;
}

static size_t rows_shown(const dw_record *table) {
    return table->rows <= ROWS_SHOWN + 1 ? table->rows : ROWS_SHOWN;
}

static void show_table(dw_buf *out, const dw_record *table) {
    size_t shown = rows_shown(table);
    size_t *widths = dw_mem_array(out->mem, table->count + 1, sizeof *widths);
    if (widths == NULL) {
        out->failed = true;
        return;
    }
    for (size_t c = 0; c < table->count; c++)
        widths[c] = column_width(out->mem, table, c, shown);
    table_line(out, table, SIZE_MAX, widths);
    for (size_t r = 0; r < shown; r++) {
        dw_buf_byte(out, '\n');
        table_line(out, table, r, widths);
    }
    if (shown < table->rows)
        dw_buf_print(out, "\n… %zu more rows", table->rows - shown);
    dw_mem_free(widths);
}

static void show_estimate(dw_buf *out, const dw_estimate *e) {
    dw_format_number(out, e->value, 3);
    dw_buf_text(out, "  (95 %: ");
    dw_format_number(out, e->low, 3);
    dw_buf_text(out, " … ");
    dw_format_number(out, e->high, 3);
    dw_buf_text(out, ", n = ");
    dw_format_number(out, e->n, 0);
    dw_buf_text(out, ")");
}

void dw_value_show(dw_buf *out, dw_value v) {
    size_t left = THINGS_SHOWN;
    if (v.kind == DW_ARRAY)
        dw_format_tensor(out, v.as.array);
    else if (v.kind == DW_TABLE)
        show_table(out, v.as.record);
    else if (v.kind == DW_ESTIMATE)
        show_estimate(out, v.as.estimate);
    else if (dw_value_is_labelled(v))
        insert_labelled(out, v.as.record, true, 0);
    else if (dw_net_is(v))
        dw_net_show_summary(out, v);
    else
        dw_value_insert_inside(out, v, (dw_value_style){.depth = 1, .left = &left});
}

/* Appends text with the signs HTML gives a meaning replaced. */
static void escape(dw_buf *out, const char *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '<')
            dw_buf_text(out, "&lt;");
        else if (bytes[i] == '>')
            dw_buf_text(out, "&gt;");
        else if (bytes[i] == '&')
            dw_buf_text(out, "&amp;");
        else if (bytes[i] == '"')
            dw_buf_text(out, "&quot;");
        else
            dw_buf_byte(out, bytes[i]);
    }
}

static void html_row(dw_buf *out, const dw_record *table, size_t row) {
    dw_buf_text(out, "<tr>");
    for (size_t c = 0; c < table->count; c++) {
        dw_buf cell;
        dw_buf_init(&cell, out->mem);
        table_entry(&cell, table, row, c);
        dw_buf_text(out, is_number_column(table, c) ? "<td>" : "<td style=\"text-align:left\">");
        if (cell.data != NULL)
            escape(out, cell.data, cell.size);
        dw_buf_text(out, "</td>");
        dw_buf_free(&cell);
    }
    dw_buf_text(out, "</tr>");
}

bool dw_value_show_html(dw_buf *out, dw_value v) {
    if (v.kind != DW_TABLE)
        return false;
    const dw_record *table = v.as.record;
    size_t shown = rows_shown(table);
    dw_buf_text(out, "<table><thead><tr>");
    for (size_t c = 0; c < table->count; c++) {
        dw_buf_text(out, is_number_column(table, c) ? "<th>" : "<th style=\"text-align:left\">");
        escape(out, table->fields[c].name->bytes, table->fields[c].name->size);
        dw_buf_text(out, "</th>");
    }
    dw_buf_text(out, "</tr></thead><tbody>");
    for (size_t r = 0; r < shown; r++)
        html_row(out, table, r);
    dw_buf_text(out, "</tbody></table>");
    if (shown < table->rows)
        dw_buf_print(out, "<p>… %zu more rows</p>", table->rows - shown);
    return true;
}
