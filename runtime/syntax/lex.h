/* SPDX-License-Identifier: BSD-3-Clause */
/* Characters → words and signs, one at a time and without allocating. A line end is no word of its
 * own: each word says whether one stands before it, and the parser decides whether that matters. */
#ifndef DW_LEX_H
#define DW_LEX_H

#include "base/buf.h"

typedef enum {
#define DW_TOKEN_SIGN(name, spelling, power, help) DW_TOKEN_##name,
#define DW_TOKEN_WORD(name, spelling, power, help) DW_TOKEN_##name,
#include "syntax/token.def"
#undef DW_TOKEN_SIGN
#undef DW_TOKEN_WORD
    DW_TOKEN_KINDS
} dw_token_kind;

typedef struct {
    dw_token_kind kind;
    dw_span span;
    bool space;    /* blanks, a line end or the begin of the source stand before it */
    bool line;     /* a line end stands before it */
    bool folded;   /* NAME: the bytes are not the name, see dw_lex_name */
    double number; /* NUMBER, SUPERSCRIPT */
} dw_token;

/* A place in a source. Copying the struct and reading on from the copy looks ahead. */
typedef struct {
    const char *source;
    uint32_t size, at;
    uint32_t unit; /* for the places of errors */
    bool failed;   /* an error was set; from then on every word is END */
    dw_err *err;
} dw_lex;

/* Begins at the first byte (a byte order mark is passed over). Fails at once when the source is no
 * valid UTF-8, has a NUL, or is larger than 1 GiB; then dw_lex_next gives END. */
void dw_lex_begin(dw_lex *lex, const char *source, size_t size, uint32_t unit, dw_err *err);

/* The next word or sign. After an error: END. */
dw_token dw_lex_next(dw_lex *lex);

/* Sets a SYNTAX error at a span, and the rest of the source reads as its end. */
void dw_lex_fail(dw_lex *lex, dw_span span, const char *format, ...) DW_PRINTF(3, 4);
void dw_lex_vfail(dw_lex *lex, dw_span span, const char *format, va_list args) DW_PRINTF(3, 0);

/* Whether the next sign, after blanks, line ends and comments, is a single =. */
bool dw_lex_sees_gives(const dw_lex *lex);

/* Passes over blanks, comments and, with `lines`, line ends; returns whether there were line ends.
 */
bool dw_lex_skip(dw_lex *lex, bool lines);

/* Reads the next stretch of a text up to its closing quote, a { or the end of the line, from the
 * place reached so far, which moves behind that quote or brace. The span leaves the end sign out.
 * `curly`: the text was opened by “ and may be closed by ” too. `doubled` is set when the stretch
 * holds "" or {{ or }} (to be halved). Returns what ended it: '"', '{', or 0 for the line's end. */
char dw_lex_piece(dw_lex *lex, bool curly, dw_span *piece, bool *doubled);

/* Appends a name as the language sees it: subscript digits as digits, µ ϵ ϕ as μ ε φ, ∞ as inf, and
 * letters with their marks in the composed form. */
void dw_lex_name(const char *bytes, size_t size, dw_buf *out);

/* The keyword of these bytes, or DW_TOKEN_NAME. */
dw_token_kind dw_lex_keyword(const char *bytes, size_t size);

/* How a kind is written ("↦", "otherwise"), and its binding power. */
const char *dw_lex_spelling(dw_token_kind kind);
int dw_lex_power(dw_token_kind kind);

/* Explains a character that is no part of the language: sets the error of lex->err at it. Defined
 * in lex_sign.c. */
void dw_lex_sign_refuse(dw_lex *lex, uint32_t code, size_t length);

/* Explains a sign of another language (+=, &&, **, // …) at lex->at; false when there is none. */
bool dw_lex_sign_foreign(dw_lex *lex);

#endif
