/* SPDX-License-Identifier: BSD-3-Clause */
/* One pass over the words before the cursor keeps a pile of open brackets and texts; what the
 * cursor itself touches is found by looking back over bytes. */
#include "lang/assist_scan.h"

#include "base/text.h"
#include <string.h>

enum { SYMBOL_BYTES = 24 };

/* An open bracket, text or pair of braces in a text. */
typedef struct {
    dw_token_kind kind; /* OPEN, OPEN_SQUARE, TEXT, or CLOSE_BRACE for the braces */
    bool curly;         /* TEXT opened by “ */
    dw_span function;   /* the name before an OPEN; empty when there is none */
    uint32_t given;     /* options given before it */
} frame;

typedef struct {
    dw_lex lex;
    frame frames[DW_ASSIST_SCAN_DEPTH];
    uint32_t depth;
    dw_span head;  /* the first name of the line, outside of brackets */
    dw_token last; /* the word read last; of a text, all of it so far */
    dw_assist_scan *out;
} scanner;

/* The begin of the character before `at` (at > 0). */
static size_t step_back(const char *source, size_t at) {
    size_t start = at - 1;
    while (start > 0 && at - start < 4 && ((unsigned char)source[start] & 0xC0) == 0x80)
        start--;
    return start;
}

static bool is_part(const char *source, size_t at, size_t size, size_t *length) {
    uint32_t code;
    *length = dw_text_decode(source + at, size - at, &code);
    return *length > 0 && dw_text_is_name_part(code);
}

/* Where the name that ends at `at` begins; `at` when there is none. */
static size_t name_start(const char *source, size_t at) {
    size_t start = at, length;
    while (start > 0) {
        size_t previous = step_back(source, start);
        if (!is_part(source, previous, start, &length) || previous + length != start)
            break;
        start = previous;
    }
    uint32_t code = 0;
    bool letter = dw_text_decode(source + start, at - start, &code) > 0 && dw_text_is_letter(code);
    return letter ? start : at;
}

static size_t name_stop(const char *source, size_t size, size_t at) {
    size_t length;
    while (at < size && is_part(source, at, size, &length))
        at += length;
    return at;
}

static size_t symbol_start(const char *source, size_t cursor) {
    for (size_t at = cursor; at > 0 && cursor - at < SYMBOL_BYTES; at--) {
        char byte = source[at - 1];
        if (byte == '\\')
            return at - 1;
        bool good = byte == '^' || byte == '_' || byte == '-' || (byte >= '0' && byte <= '9') ||
                    (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (!good)
            break;
    }
    return cursor;
}

/* The begin of name, name.name, name[…].name that ends at `at`; `at` when it begins otherwise. */
static size_t path_start(const char *source, size_t at) {
    size_t start = at;
    for (;;) {
        while (start > 0 && source[start - 1] == ']') {
            size_t open = start - 1, depth = 1;
            while (open > 0 && depth > 0) {
                open--;
                depth += source[open] == ']';
                depth -= source[open] == '[';
            }
            if (depth > 0)
                return at;
            start = open;
        }
        size_t name = name_start(source, start);
        if (name == start)
            return at;
        start = name;
        if (start < 2 || source[start - 1] != '.' || source[start - 2] == '.')
            return start;
        start--;
    }
}

static void push(scanner *s, dw_token_kind kind, bool curly, dw_span function) {
    if (s->depth < DW_ASSIST_SCAN_DEPTH)
        s->frames[s->depth++] = (frame){
            .kind = kind, .curly = curly, .function = function, .given = s->out->given_count};
}

/* Closes the nearest bracket of a kind and all inside it; nothing when none is open in this text.
 */
static void pop(scanner *s, dw_token_kind kind) {
    for (uint32_t i = s->depth; i > 0; i--) {
        if (s->frames[i - 1].kind == kind) {
            s->depth = i - 1;
            s->out->given_count = s->frames[i - 1].given;
            return;
        }
        if (s->frames[i - 1].kind == DW_TOKEN_CLOSE_BRACE)
            return;
    }
}

/* name = …, name(…) = …: the name has a value in the lines that follow. */
static void note_name(scanner *s) {
    if (s->depth == 0 && s->head.end > s->head.start)
        s->out->names[s->out->name_count++ % DW_ASSIST_SCAN_NAMES] = s->head;
    s->head = (dw_span){0, 0};
}

static void note_given(scanner *s) {
    bool in_call = s->depth > 0 && s->frames[s->depth - 1].kind == DW_TOKEN_OPEN;
    if (in_call && s->last.kind == DW_TOKEN_NAME && s->out->given_count < DW_ASSIST_SCAN_GIVEN)
        s->out->given[s->out->given_count++] = s->last.span;
}

static void take(scanner *s, const dw_token *token) {
    dw_span none = {0, 0};
    bool first = token->line || s->last.kind == DW_TOKEN_END || s->last.kind == DW_TOKEN_SEMICOLON;
    if (s->depth == 0 && first)
        s->head = token->kind == DW_TOKEN_NAME ? token->span : none;
    switch (token->kind) {
    case DW_TOKEN_OPEN:
        push(s, DW_TOKEN_OPEN, false,
             s->last.kind == DW_TOKEN_NAME && !token->space ? s->last.span : none);
        break;
    case DW_TOKEN_OPEN_SQUARE:
        push(s, DW_TOKEN_OPEN_SQUARE, false, none);
        break;
    case DW_TOKEN_TEXT:
        push(s, DW_TOKEN_TEXT, token->span.end - token->span.start > 1, none);
        break;
    case DW_TOKEN_CLOSE:
        pop(s, DW_TOKEN_OPEN);
        break;
    case DW_TOKEN_CLOSE_SQUARE:
        pop(s, DW_TOKEN_OPEN_SQUARE);
        break;
    case DW_TOKEN_CLOSE_BRACE:
        pop(s, DW_TOKEN_CLOSE_BRACE);
        break;
    case DW_TOKEN_GIVES:
        note_given(s);
        note_name(s);
        break;
    default:
        break;
    }
    s->last = *token;
}

/* The plain part of a text. False when the cursor is in it. */
static bool take_piece(scanner *s) {
    dw_span piece;
    bool doubled = false;
    char end = dw_lex_piece(&s->lex, s->frames[s->depth - 1].curly, &piece, &doubled);
    if (end == '{')
        push(s, DW_TOKEN_CLOSE_BRACE, false, (dw_span){0, 0});
    else if (end == 0 && s->lex.at >= s->lex.size)
        return false;
    else
        s->depth--;
    s->last.span.end = s->lex.at;
    return true;
}

static bool in_comment(const scanner *s) {
    const char *source = s->lex.source;
    for (uint32_t at = s->lex.size; at > s->last.span.end; at--) {
        if (source[at - 1] == '#')
            return true;
        if (source[at - 1] == '\n' || source[at - 1] == '\r')
            return false;
    }
    return false;
}

/* The errors of the lexer go to s->lex.err, where nobody reads them. */
static void run(scanner *s) {
    while (s->lex.at < s->lex.size) {
        if (s->depth > 0 && s->frames[s->depth - 1].kind == DW_TOKEN_TEXT) {
            if (!take_piece(s)) {
                s->out->quiet = true;
                return;
            }
            continue;
        }
        bool line = dw_lex_skip(&s->lex, true);
        uint32_t start = s->lex.at;
        dw_token token = dw_lex_next(&s->lex);
        if (s->lex.failed) { /* passed over: one byte is enough to go on */
            s->lex.failed = false;
            s->lex.at = start + 1;
            s->lex.err->kind = DW_ERR_NONE;
            s->last = (dw_token){.kind = DW_TOKEN_END, .span = {start, start + 1}};
        } else if (token.kind != DW_TOKEN_END) {
            token.space = s->last.span.end != start;
            token.line = line;
            take(s, &token);
        }
    }
    s->out->quiet =
        in_comment(s) || (s->depth > 0 && s->frames[s->depth - 1].kind == DW_TOKEN_TEXT);
}

static void find_call(const scanner *s) {
    for (uint32_t i = s->depth; i > 0 && !s->out->has_call; i--) {
        const frame *f = &s->frames[i - 1];
        if (f->kind == DW_TOKEN_TEXT)
            break;
        if (f->kind != DW_TOKEN_OPEN || f->function.end == f->function.start)
            continue;
        s->out->has_call = true;
        s->out->function = f->function;
        s->out->fresh =
            i == s->depth && (s->last.kind == DW_TOKEN_OPEN || s->last.kind == DW_TOKEN_COMMA ||
                              s->last.kind == DW_TOKEN_SEMICOLON);
        uint32_t from = f->given, count = s->out->given_count - from;
        memmove(s->out->given, s->out->given + from, count * sizeof s->out->given[0]);
        s->out->given_count = count;
    }
}

void dw_assist_scan_read(const char *source, size_t size, size_t cursor, dw_assist_scan *out) {
    *out = (dw_assist_scan){.quiet = false};
    size = size > UINT32_MAX / 2 ? UINT32_MAX / 2 : size;
    cursor = cursor > size ? size : cursor;
    while (cursor > 0 && cursor < size && ((unsigned char)source[cursor] & 0xC0) == 0x80)
        cursor--;
    size_t word = name_start(source, cursor), symbol = symbol_start(source, cursor);
    out->word = (dw_span){(uint32_t)word, (uint32_t)cursor};
    out->whole = (dw_span){(uint32_t)word, (uint32_t)name_stop(source, size, cursor)};
    out->symbol = (dw_span){(uint32_t)symbol, (uint32_t)cursor};
    if (word > 0 && source[word - 1] == '.' && !(word > 1 && source[word - 2] == '.')) {
        size_t path = path_start(source, word - 1);
        out->field = true;
        out->path = (dw_span){(uint32_t)path, (uint32_t)(word - 1)};
    }
    size_t end = symbol < cursor ? symbol : word;
    size_t begin = end > DW_ASSIST_SCAN_BYTES ? end - DW_ASSIST_SCAN_BYTES : 0;
    while (begin > 0 && begin < end && source[begin - 1] != '\n' && source[begin - 1] != '\r')
        begin++;
    dw_err ignored = {0};
    scanner s = {
        .lex = {.source = source, .size = (uint32_t)end, .at = (uint32_t)begin, .err = &ignored},
        .last = {.kind = DW_TOKEN_END, .span = {(uint32_t)begin, (uint32_t)begin}},
        .out = out};
    run(&s);
    if (!out->quiet)
        find_call(&s);
}
