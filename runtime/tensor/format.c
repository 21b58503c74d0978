/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers as text by our own placing of digits (the C library's depends on the locale), tensors in
 * brackets as one would type them, aligned and shortened. */
#include "tensor/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USUAL_DIGITS = 6, WHOLE_DIGITS = 15, MOST_DIGITS = 17, CELL_ROOM = 40 };

/* A short text: the longest number is a sign, 0.000 and 17 digits. */
typedef struct {
    char text[CELL_ROOM];
    int size;
} cell;

static void put(cell *c, const char *text, int size) {
    memcpy(c->text + c->size, text, (size_t)size);
    c->size += size;
    c->text[c->size] = '\0';
}

static void put_zeros(cell *c, int count) {
    put(c, "00000000000000000", count);
}

/* The significant digits of |x|, without zeros at the end, and the power of ten of the first. */
typedef struct {
    char digit[MOST_DIGITS + 1];
    int count;
    int power;
} decimal;

static decimal take_digits(double x, int digits) {
    char text[64];
    decimal d = {.count = 0};
    snprintf(text, sizeof text, "%.*e", digits - 1, fabs(x));
    const char *at = text;
    for (; *at && *at != 'e'; at++)
        if (*at >= '0' && *at <= '9' && d.count < MOST_DIGITS)
            d.digit[d.count++] = *at;
    d.power = *at == 'e' ? (int)strtol(at + 1, NULL, 10) : 0;
    while (d.count > 1 && d.digit[d.count - 1] == '0')
        d.count--;
    return d;
}

static void put_plain(cell *c, const decimal *d) {
    int whole = d->power + 1; /* digits before the point */
    if (whole <= 0) {
        put(c, "0.", 2);
        put_zeros(c, -whole);
        put(c, d->digit, d->count);
    } else if (d->count <= whole) {
        put(c, d->digit, d->count);
        put_zeros(c, whole - d->count);
    } else {
        put(c, d->digit, whole);
        put(c, ".", 1);
        put(c, d->digit + whole, d->count - whole);
    }
}

static void put_scientific(cell *c, const decimal *d) {
    char power[8];
    put(c, d->digit, 1);
    if (d->count > 1) {
        put(c, ".", 1);
        put(c, d->digit + 1, d->count - 1);
    }
    int size = snprintf(power, sizeof power, "e%c%02d", d->power < 0 ? '-' : '+', abs(d->power));
    put(c, power, size);
}

static cell number_cell(double x, int digits) {
    cell c = {.size = 0};
    if (isnan(x)) {
        put(&c, "NaN", 3);
        return c;
    }
    if (x < 0)
        put(&c, "-", 1);
    if (isinf(x)) {
        put(&c, "∞", (int)strlen("∞"));
        return c;
    }
    if (digits <= 0)
        digits = floor(x) == x && fabs(x) < 1e15 ? WHOLE_DIGITS : USUAL_DIGITS;
    if (digits > MOST_DIGITS)
        digits = MOST_DIGITS;
    decimal d = take_digits(x, digits);
    if (d.power < -4 || d.power >= digits)
        put_scientific(&c, &d);
    else
        put_plain(&c, &d);
    return c;
}

void dw_format_number(dw_buf *out, double x, int digits) {
    cell c = number_cell(x, digits);
    dw_buf_add(out, c.text, (size_t)c.size);
}

enum {
    SHOWN_LINES = 18, /* of a tall tensor, half from each end; … and the shape are two more */
    SHOWN_WIDTH = 100,
    MOST_COLUMNS = SHOWN_WIDTH / 3 + 1
};

/* Which part of a tensor is shown: some columns from the left, some from the right. */
typedef struct {
    const dw_tensor *t;
    size_t rows, columns;
    size_t top, bottom; /* lines shown from each end */
    size_t left, right; /* columns shown from each end */
    size_t left_width[MOST_COLUMNS], right_width[MOST_COLUMNS];
} view;

static cell element_cell(const view *v, size_t row, size_t column) {
    double x = v->t->data[row * v->columns + column];
    cell c = {.size = 0};
    if (!v->t->truth)
        return number_cell(x, 0);
    put(&c, x != 0 ? "true" : "false", x != 0 ? 4 : 5);
    return c;
}

static size_t cell_width(const cell *c) {
    size_t width = 0;
    for (const char *s = c->text; *s; s++)
        width += ((unsigned char)*s & 0xC0) != 0x80; /* bytes that begin a character */
    return width;
}

static size_t column_width(const view *v, size_t column) {
    size_t width = 0;
    for (size_t i = 0; i < v->rows; i++) {
        if (i == v->top)
            i = v->rows - v->bottom;
        if (i == v->rows)
            break;
        cell c = element_cell(v, i, column);
        size_t w = cell_width(&c);
        width = w > width ? w : width;
    }
    return width;
}

static void choose_columns(view *v) {
    const size_t gap = 3; /* for "…, " */
    size_t used = 0;
    while (v->left + v->right < v->columns) {
        bool from_left = v->left <= v->right;
        bool last = v->left + v->right + 1 == v->columns;
        size_t width = column_width(v, from_left ? v->left : v->columns - 1 - v->right);
        used += width + 2;
        if (used + (last ? 0 : gap) > SHOWN_WIDTH)
            return;
        if (from_left)
            v->left_width[v->left++] = width;
        else
            v->right_width[v->right++] = width;
    }
}

static void add_cell(dw_buf *out, const view *v, size_t row, size_t column, size_t width) {
    cell c = element_cell(v, row, column);
    for (size_t w = cell_width(&c); w < width; w++)
        dw_buf_byte(out, ' ');
    dw_buf_add(out, c.text, (size_t)c.size);
}

static void add_line(dw_buf *out, const view *v, size_t row) {
    const char *between = row == 0 ? "[" : " ";
    for (size_t j = 0; j < v->left; j++, between = ", ") {
        dw_buf_text(out, between);
        add_cell(out, v, row, j, v->left_width[j]);
    }
    if (v->left + v->right < v->columns)
        dw_buf_text(out, ", …");
    for (size_t j = v->right; j-- > 0; between = ", ") {
        dw_buf_text(out, between);
        add_cell(out, v, row, v->columns - 1 - j, v->right_width[j]);
    }
    dw_buf_text(out, row + 1 == v->rows ? "]" : ";\n");
}

void dw_format_tensor(dw_buf *out, const dw_tensor *tensor) {
    char words[DW_TENSOR_WORDS];
    dw_tensor_words(tensor, words);
    if (tensor->size == 0) {
        dw_buf_print(out, "[] (%s)", words);
        return;
    }
    view v = {.t = tensor, .rows = tensor->dim[0], .columns = tensor->size / tensor->dim[0]};
    if (tensor->axes == 2 && tensor->size == 1) {
        cell c = element_cell(&v, 0, 0);
        dw_buf_add(out, c.text, (size_t)c.size);
        return;
    }
    bool tall = v.rows > SHOWN_LINES + 2;
    v.top = tall ? SHOWN_LINES / 2 : v.rows;
    v.bottom = tall ? SHOWN_LINES / 2 : 0;
    choose_columns(&v);
    for (size_t i = 0; i < v.top; i++)
        add_line(out, &v, i);
    if (tall)
        dw_buf_text(out, " …\n");
    for (size_t i = v.rows - v.bottom; i < v.rows; i++)
        add_line(out, &v, i);
    if (tall || v.left + v.right < v.columns || tensor->axes > 2)
        dw_buf_print(out, "\n(%s)", words);
}
