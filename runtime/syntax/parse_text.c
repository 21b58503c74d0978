/* SPDX-License-Identifier: BSD-3-Clause */
/* Texts: "loss {fit.loss:3}". The values inside are read where they stand, so that an error in one
 * has its true place. "" is a quote, {{ and }} are braces. */
#include "syntax/parse_rules.h"

#include <string.h>

enum { MOST_DIGITS = 17 };

/* A stretch of plain text; doubled signs are halved. */
static dw_node *plain(dw_parser *p, dw_span span, bool doubled) {
    const char *bytes = p->lex.source + span.start;
    size_t size = span.end - span.start;
    dw_buf halved;
    dw_buf_init(&halved, p->arena->mem);
    for (size_t i = 0; doubled && i < size; i++) {
        dw_buf_byte(&halved, bytes[i]);
        bool sign = bytes[i] == '"' || bytes[i] == '{' || bytes[i] == '}';
        if (sign && i + 1 < size && bytes[i + 1] == bytes[i])
            i++;
    }
    size = doubled ? halved.size : size;
    char *text =
        halved.failed ? NULL : dw_arena_text(p->arena, doubled ? halved.data : bytes, size);
    dw_buf_free(&halved);
    if (text == NULL) {
        dw_parse_memory(p);
        return NULL;
    }
    dw_node *node = dw_parse_make(p, DW_NODE_TEXT, p->used, span.start, span);
    if (node != NULL) {
        node->span = span;
        node->u.text = text;
        node->text_size = (uint32_t)size; /* a source has at most 1 GiB */
    }
    return node;
}

/* How many digits to show, behind the colon. */
static uint8_t digits(dw_parser *p) {
    dw_span colon = p->tok.span;
    const char *next = p->lex.source + p->lex.at;
    bool digit = p->lex.at < p->lex.size && *next >= '0' && *next <= '9';
    uint32_t end = p->lex.at;
    while (end < p->lex.size && p->lex.source[end] >= '0' && p->lex.source[end] <= '9')
        end++;
    digit = digit && end < p->lex.size && strchr("} \t\r\n", p->lex.source[end]) != NULL;
    if (digit)
        dw_parse_advance(p);
    double number = p->tok.number;
    bool whole = digit && number >= 1 && number <= MOST_DIGITS && number - (int)number <= 0;
    if (!whole) {
        dw_parse_fail(p, colon, "behind : stands how many digits to show, 1 to %d, as in {x:3}",
                      (int)MOST_DIGITS);
        return 0;
    }
    dw_parse_advance(p);
    return (uint8_t)number;
}

/* {value} or {value:digits}; the { was the last byte read, the } will be. */
static dw_node *insertion(dw_parser *p) {
    uint32_t base = p->used;
    dw_span mark = {p->lex.at - 1, p->lex.at};
    dw_opener opener;
    p->tok = (dw_token){.kind = DW_TOKEN_TEXT, .span = mark};
    dw_parse_open(p, &opener, true);
    if (p->tok.kind == DW_TOKEN_CLOSE_BRACE)
        dw_parse_fail(p, (dw_span){mark.start, p->tok.span.end},
                      "nothing stands between { and }: "
                      "write a value, or {{ and }} for the braces themselves");
    dw_node *value = dw_parse_at_line_end(p) ? NULL : dw_parse_expr_read(p, 0);
    uint8_t shown = 0;
    if (p->tok.kind == DW_TOKEN_COLON)
        shown = digits(p);
    bool closed = p->tok.kind == DW_TOKEN_CLOSE_BRACE && !dw_parse_at_line_end(p);
    if (!closed && (dw_parse_at_line_end(p) || p->tok.kind == DW_TOKEN_TEXT))
        dw_parse_slip_unclosed(p, &opener);
    else if (!closed)
        dw_parse_slip_after(p, value, DW_SLIP_INSERT);
    dw_parse_push(p, value);
    p->last = p->tok;
    p->lines = opener.outer_lines;
    p->opener = opener.outer;
    p->nesting--;
    dw_node *node = dw_parse_make(p, DW_NODE_INSERT, base, mark.start, mark);
    if (node != NULL)
        node->digits = shown;
    return node;
}

dw_node *dw_parse_text_read(dw_parser *p) {
    uint32_t base = p->used;
    dw_span quote = p->tok.span;
    bool curly = quote.end - quote.start > 1;
    char end = '{';
    while (end == '{' && !p->lex.failed) {
        bool doubled = false;
        dw_span piece;
        end = dw_lex_piece(&p->lex, curly, &piece, &doubled);
        if (piece.end > piece.start)
            dw_parse_push(p, plain(p, piece, doubled));
        if (end == '{')
            dw_parse_push(p, insertion(p));
    }
    if (end == 0)
        dw_parse_fail(p, quote, "this text does not end on its line: write \" at its end");
    if (p->lex.failed)
        return dw_parse_make(p, DW_NODE_TEXT, base, quote.start, quote);
    p->last = (dw_token){.kind = DW_TOKEN_TEXT, .span = {quote.start, p->lex.at}};
    p->tok = dw_lex_next(&p->lex);
    if (p->used == base)
        dw_parse_push(p, plain(p, (dw_span){quote.end, quote.end}, false));
    bool single =
        p->used == base + 1 && p->stack[base] != NULL && p->stack[base]->kind == DW_NODE_TEXT;
    if (!single)
        return dw_parse_make(p, DW_NODE_JOINED_TEXT, base, quote.start, quote);
    dw_node *text = p->stack[--p->used];
    text->span = text->mark = p->last.span;
    return text;
}
