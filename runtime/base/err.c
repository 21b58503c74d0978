/* SPDX-License-Identifier: BSD-3-Clause */
/* Filling the error record: the first error wins, and its text is one line of whole characters
 * whatever it was made from. */
#include "base/err.h"

#include <stdio.h>
#include <string.h>

/* The bytes of the character at the start of a text; 0 when some of them are missing. */
static size_t whole(const char *text) {
    unsigned char first = (unsigned char)*text;
    size_t need = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    for (size_t i = 1; i < need; i++)
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            return 0;
    return need;
}

/* Takes out what is no whole character: the end of a line that was full, and of a name of which
 * "%.60s" shows a part. */
static void keep_whole(char *text) {
    size_t size = strlen(text), kept = 0, at = 0;
    while (at < size) {
        size_t step = whole(text + at);
        memmove(text + kept, text + at, step);
        kept += step;
        at += step > 0 ? step : 1;
    }
    text[kept] = '\0';
}

/* A number that is none has a sign for printf, and not the same one on every machine: "-nan" and
 * "nan" as words become the language's NaN. */
static void name_nan(char *text) {
    for (char *at = text; (at = strstr(at, "nan")) != NULL; at += 3) {
        bool sign = at > text && at[-1] == '-';
        char *start = sign ? at - 1 : at, before = start > text ? start[-1] : ' ';
        if (before != ' ' || (at[3] != '\0' && strchr(" ,.:;)", at[3]) == NULL))
            continue;
        memcpy(start, "NaN", 3);
        if (sign)
            memmove(at + 2, at + 3, strlen(at + 3) + 1);
    }
}

/* The bytes of a control character, 0 for others: errors are one line, and the names they quote
 * from files give no orders to a terminal. U+0080 to U+009F have two bytes. */
static size_t control_size(const char *c) {
    unsigned char here = (unsigned char)c[0], next = (unsigned char)c[1];
    if (here == 0xC2 && next >= 0x80 && next < 0xA0)
        return 2;
    return here < ' ' || here == 0x7F ? 1 : 0;
}

DW_PRINTF(3, 0)
static void write_line(char *out, size_t room, const char *format, va_list args) {
    int size = vsnprintf(out, room, format, args);
    if (size < 0)
        out[0] = '\0';
    keep_whole(out);
    for (char *c = out; *c != '\0'; c++)
        memset(c, ' ', control_size(c));
    name_nan(out);
}

bool dw_err_vset(dw_err *err, dw_err_kind kind, const char *format, va_list args) {
    if (err == NULL || err->kind != DW_ERR_NONE)
        return false;
    err->kind = kind;
    write_line(err->text, sizeof err->text, format, args);
    return false;
}

bool dw_err_set(dw_err *err, dw_err_kind kind, const char *format, ...) {
    va_list args;
    va_start(args, format);
    dw_err_vset(err, kind, format, args);
    va_end(args);
    return false;
}

bool dw_err_memory(dw_err *err, const char *what) {
    return dw_err_set(
        err, DW_ERR_MEMORY,
        "there is not enough memory for %s; try a smaller one, or free names that are "
        "no longer needed",
        what);
}

bool dw_err_place(dw_err *err, uint32_t unit, dw_span span) {
    if (err == NULL || err->has_place)
        return false;
    err->has_place = true;
    err->unit = unit;
    err->span = span;
    return false;
}

bool dw_err_note(dw_err *err, const char *format, ...) {
    if (err == NULL || err->note[0] != '\0')
        return false;
    va_list args;
    va_start(args, format);
    write_line(err->note, sizeof err->note, format, args);
    va_end(args);
    return false;
}

bool dw_err_called(dw_err *err, uint32_t unit, dw_span span) {
    if (err == NULL || err->call_count >= DW_ERR_CALLS)
        return false;
    err->calls[err->call_count++] = (dw_err_call){.unit = unit, .span = span};
    return false;
}

void dw_err_clear(dw_err *err) {
    if (err != NULL)
        memset(err, 0, sizeof *err);
}

const char *dw_err_ename(dw_err_kind kind) {
    switch (kind) {
#define DW_ERR_KIND(name, ename) \
    case DW_ERR_##name:          \
        return ename;
#include "base/err.def"
#undef DW_ERR_KIND
    case DW_ERR_NONE:
    case DW_ERR_KINDS:
        break;
    }
    return "NoError";
}
