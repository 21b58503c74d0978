/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads a program from its standard input and writes a letter for each byte: what the language
 * takes it for. k a keyword, t true or false, v a name, n a number, s a text, o any other sign, c a
 * remark,
 * - a blank or line end, x what is no part of the language. */
#include "syntax/lex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    dw_lex lex;
    char *kinds;
} reading;

static void mark(reading *r, uint32_t start, uint32_t end, char kind) {
    memset(r->kinds + start, kind, end - start);
}

/* Remarks between two words: from # to the end of the line. */
static void mark_remarks(reading *r, uint32_t start, uint32_t end) {
    bool remark = false;
    for (uint32_t i = start; i < end; i++) {
        char byte = r->lex.source[i];
        remark = (remark || byte == '#') && byte != '\n' && byte != '\r';
        r->kinds[i] = remark ? 'c' : '-';
    }
}

static char kind_of(const reading *r, const dw_token *token) {
    switch (token->kind) {
    case DW_TOKEN_NUMBER:
        return 'n';
    case DW_TOKEN_NAME:
        return 'v';
    case DW_TOKEN_TEXT:
        return 's';
    case DW_TOKEN_TRUE:
    case DW_TOKEN_FALSE:
        return 't';
    default:
        break;
    }
    bool word =
        token->kind >= DW_TOKEN_IF && (unsigned char)r->lex.source[token->span.start] < 0x80;
    return word ? 'k' : 'o'; /* ∈ is a sign */
}

static void read_text(reading *r, bool curly);

/* Words up to the end, or to the } of a value in a text. */
static void read_words(reading *r, bool in_text) {
    for (;;) {
        uint32_t before = r->lex.at;
        dw_token token = dw_lex_next(&r->lex);
        if (r->lex.failed)
            return;
        mark_remarks(r, before, token.span.start);
        if (token.kind == DW_TOKEN_END)
            return;
        mark(r, token.span.start, token.span.end, kind_of(r, &token));
        if (token.kind == DW_TOKEN_CLOSE_BRACE && in_text)
            return;
        if (token.kind == DW_TOKEN_TEXT)
            read_text(r, token.span.end - token.span.start > 1);
    }
}

static void read_text(reading *r, bool curly) {
    char end = '{';
    while (end == '{' && !r->lex.failed) {
        bool doubled = false;
        dw_span piece;
        end = dw_lex_piece(&r->lex, curly, &piece, &doubled);
        mark(r, piece.start, piece.end, 's');
        mark(r, piece.end, r->lex.at, end == '{' ? 'o' : 's');
        if (end == '{')
            read_words(r, true);
    }
}

int main(void) {
    enum { MOST = 1 << 20 };
    char *source = malloc(MOST);
    char *kinds = malloc(MOST);
    if (source == NULL || kinds == NULL)
        return 1;
    size_t size = fread(source, 1, MOST, stdin);
    memset(kinds, 'x', size);
    dw_err err = {0};
    reading r = {.kinds = kinds};
    dw_lex_begin(&r.lex, source, size, 0, &err);
    read_words(&r, false);
    fwrite(kinds, 1, size, stdout);
    free(source);
    free(kinds);
    return 0;
}
