/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors as a reader sees them. */
#include "lang/explain.h"

#include "base/text.h"

#include <string.h>

enum { LINE_COLUMNS = 110, BEFORE_CARET = 60 };

static const char red[] = "\x1b[31m", bold[] = "\x1b[1m", plain[] = "\x1b[0m";

/* The line of a span without the blanks it begins with, and the span within it. */
typedef struct {
    const char *text;
    size_t size;
    size_t number; /* as the reader counts */
    size_t start, end;
} source_line;

static bool find_line(const dw_unit *unit, dw_span span, source_line *out) {
    dw_span line;
    if (span.start > unit->size || span.end > unit->size)
        return false;
    size_t number = dw_text_line(unit->source, unit->size, span.start, &line);
    out->number = number + unit->first_line - 1;
    while (line.start < line.end && line.start < span.start &&
           (unit->source[line.start] == ' ' || unit->source[line.start] == '\t'))
        line.start++;
    out->text = unit->source + line.start;
    out->size = line.end - line.start;
    out->start = span.start - line.start;
    out->end = (span.end < line.end ? span.end : line.end);
    out->end = out->end > line.start + out->start ? out->end - line.start : out->start;
    return true;
}

/* Leaves out the far ends of a very long line, at whole characters. */
static void shorten(source_line *line, bool *cut_before, bool *cut_after) {
    *cut_before = *cut_after = false;
    if (line->start > BEFORE_CARET && line->size > LINE_COLUMNS) {
        size_t drop = line->start - BEFORE_CARET;
        while (drop < line->start && ((unsigned char)line->text[drop] & 0xC0) == 0x80)
            drop++;
        line->text += drop;
        line->size -= drop;
        line->start -= drop;
        line->end -= drop;
        *cut_before = true;
    }
    if (line->size > LINE_COLUMNS) {
        size_t keep = LINE_COLUMNS; /* a character has at most three more bytes; not all are text */
        for (int i = 0; i < 3 && ((unsigned char)line->text[keep] & 0xC0) == 0x80; i++)
            keep--;
        line->size = keep;
        line->end = line->end < keep ? line->end : keep;
        *cut_after = true;
    }
}

/* Appends text with tabs and other control characters as blanks, so that the caret stands right,
 * and with U+FFFD for bytes that are no characters. */
static void add_visible(dw_buf *out, const char *text, size_t size) {
    uint32_t code;
    for (size_t i = 0, step; i<size; i += step> 0 ? step : 1) {
        step = dw_text_decode(text + i, size - i, &code);
        if (step <= 1 && ((unsigned char)text[i] < ' ' || text[i] == 0x7F))
            dw_buf_byte(out, ' ');
        else
            dw_buf_add(out, step > 0 ? text + i : "\xEF\xBF\xBD", step > 0 ? step : 3);
    }
}

static void add_line(dw_buf *out, source_line line, const char *note, bool colour) {
    bool before, after;
    shorten(&line, &before, &after);
    dw_buf_text(out, before ? "\n  …" : "\n  ");
    add_visible(out, line.text, line.size);
    dw_buf_text(out, after ? "…\n  " : "\n  ");
    size_t blanks = dw_text_width(line.text, line.start) + before;
    size_t carets = dw_text_width(line.text + line.start, line.end - line.start);
    for (size_t i = 0; i < blanks; i++)
        dw_buf_byte(out, ' ');
    if (colour)
        dw_buf_text(out, red);
    for (size_t i = 0; i < (carets > 0 ? carets : 1); i++)
        dw_buf_byte(out, '^');
    if (note[0] != '\0')
        dw_buf_print(out, " %s", note);
    if (colour)
        dw_buf_text(out, plain);
}

/* "called from cell 5, line 1: f(3)" for each call that is not within the failing line itself. */
static void add_calls(const dw_eval *e, const dw_err *err, size_t error_line, dw_buf *out) {
    size_t last_line = error_line;
    uint32_t last_unit = err->unit;
    for (uint32_t i = 0; i < err->call_count; i++) {
        source_line line;
        const dw_unit *unit = dw_eval_unit_of(e, err->calls[i].unit);
        if (unit == NULL || !find_line(unit, err->calls[i].span, &line))
            continue;
        if (line.number == last_line && unit->number == last_unit)
            continue;
        last_line = line.number;
        last_unit = unit->number;
        bool before, after;
        shorten(&line, &before, &after);
        dw_buf_print(out, "\n  called from %s, line %zu: ", unit->name, line.number);
        add_visible(out, line.text + line.start, line.end - line.start);
    }
}

void dw_explain_error(const dw_eval *e, const dw_err *err, bool colour, dw_buf *out) {
    const dw_unit *unit = err->has_place ? dw_eval_unit_of(e, err->unit) : NULL;
    source_line line;
    bool known = unit != NULL && find_line(unit, err->span, &line);
    if (colour)
        dw_buf_text(out, bold);
    if (known)
        dw_buf_print(out, "%s, line %zu: ", unit->name, line.number);
    if (colour)
        dw_buf_print(out, "%s%s", plain, red);
    dw_buf_text(out, err->text);
    if (colour)
        dw_buf_text(out, plain);
    if (!known)
        return;
    add_line(out, line, err->note, colour);
    add_calls(e, err, line.number, out);
}
