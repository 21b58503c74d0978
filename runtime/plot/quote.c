/* SPDX-License-Identifier: BSD-3-Clause */
/* Texts and numbers as gnuplot reads them, and nothing it could take for a command. */
#include "plot/quote.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* gnuplot takes two quotes for one only behind another character: at the begin of a string, or
 * behind such a pair, the first of them would end the string and the rest of the text would be read
 * as commands. There a typographic apostrophe stands instead. */
static void put_apostrophe(dw_buf *out, bool behind_character) {
    dw_buf_text(out, behind_character ? "''" : "’");
}

static void quote(dw_buf *out, const char *text, bool percent) {
    bool behind_character = false;
    dw_buf_byte(out, '\'');
    for (const char *c = text == NULL ? "" : text; *c != '\0'; c++) {
        if (*c == '\'') {
            put_apostrophe(out, behind_character);
            behind_character = !behind_character;
            continue;
        }
        if (percent && *c == '%')
            dw_buf_byte(out, '%');
        dw_buf_byte(out, (unsigned char)*c < 0x20 || *c == 0x7f ? ' ' : *c);
        behind_character = true;
    }
    dw_buf_byte(out, '\'');
}

void dw_quote_text(dw_buf *out, const char *text) {
    quote(out, text, false);
}

void dw_quote_tick(dw_buf *out, const char *text) {
    quote(out, text, true);
}

void dw_quote_number(dw_buf *out, double x) {
    char text[40];
    if (!isfinite(x)) {
        dw_buf_text(out, "NaN");
        return;
    }
    for (int digits = 9; digits <= 17; digits += 4) {
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (strtod(text, NULL) == x)
            break;
    }
    /* 17 digits always suffice. */
    dw_buf_text(out, text);
}

void dw_quote_place(dw_buf *out, double x) {
    char text[40];
    if (!isfinite(x)) {
        dw_buf_text(out, "NaN");
        return;
    }
    int size = snprintf(text, sizeof text, "%.9g", x);
    dw_buf_add(out, text, (size_t)size);
}
