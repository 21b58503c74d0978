/* SPDX-License-Identifier: BSD-3-Clause */
/* What went wrong, and what to write instead. The grammar only finds out that a value is missing,
 * or that something follows a value that cannot; here the reason is found from the words around it.
 */
#include "syntax/parse.h"

#include "base/text.h"
#include "syntax/parse_rules.h"
#include <string.h>

enum { SHOWN = 60 };

/* A piece of the source for a message: its bytes, or "" when it is long or has a line end. */
static const char *shown(const dw_parser *p, dw_span span, char out[SHOWN]) {
    size_t size = span.end - span.start;
    out[0] = '\0';
    if (span.end < span.start || size >= SHOWN || span.end > p->lex.size)
        return out;
    const char *bytes = p->lex.source + span.start;
    if (memchr(bytes, '\n', size) != NULL || memchr(bytes, '\r', size) != NULL)
        return out;
    memcpy(out, bytes, size);
    out[size] = '\0';
    return out;
}

static uint32_t line_of(const dw_parser *p, uint32_t at) {
    dw_span line;
    return p->unit->first_line + (uint32_t)dw_text_line(p->lex.source, p->lex.size, at, &line) - 1;
}

static bool is_word(dw_token_kind kind) {
    return kind >= DW_TOKEN_IF;
}

static bool begins_statement(dw_token_kind kind) {
    switch (kind) {
    case DW_TOKEN_IF:
    case DW_TOKEN_ELSE:
    case DW_TOKEN_BLOCK_END:
    case DW_TOKEN_FOR:
    case DW_TOKEN_WHILE:
    case DW_TOKEN_REPEAT:
    case DW_TOKEN_INTERACT:
    case DW_TOKEN_ANIMATE:
    case DW_TOKEN_CHECK:
        return true;
    default:
        return false;
    }
}

static bool begins_value(dw_token_kind kind) {
    switch (kind) {
    case DW_TOKEN_NUMBER:
    case DW_TOKEN_NAME:
    case DW_TOKEN_TEXT:
    case DW_TOKEN_OPEN:
    case DW_TOKEN_OPEN_SQUARE:
    case DW_TOKEN_TRUE:
    case DW_TOKEN_FALSE:
    case DW_TOKEN_DO:
    case DW_TOKEN_NABLA:
    case DW_TOKEN_NABLA_SQUARED:
        return true;
    default:
        return false;
    }
}

static bool is_bracket(const dw_opener *opener) {
    return opener != NULL &&
           (opener->kind == DW_TOKEN_OPEN || opener->kind == DW_TOKEN_OPEN_SQUARE);
}

static bool is_closing(dw_token_kind kind) {
    return kind == DW_TOKEN_CLOSE || kind == DW_TOKEN_CLOSE_SQUARE || kind == DW_TOKEN_CLOSE_BRACE;
}

static const char *closing_of(const dw_opener *opener) {
    return opener->kind == DW_TOKEN_OPEN          ? ")"
           : opener->kind == DW_TOKEN_OPEN_SQUARE ? "]"
           : opener->kind == DW_TOKEN_TEXT        ? "}"
                                                  : "end";
}

/* How a word is written, for "…": names and numbers as they stand. */
static const char *written(const dw_parser *p, const dw_token *token, char out[SHOWN]) {
    bool own = token->kind == DW_TOKEN_NAME || token->kind == DW_TOKEN_NUMBER ||
               token->kind == DW_TOKEN_SUPERSCRIPT || token->kind == DW_TOKEN_TEXT;
    const char *text = own ? shown(p, token->span, out) : "";
    return *text != '\0' ? text : dw_lex_spelling(token->kind);
}

bool dw_parse_slip_keyword(dw_parser *p) {
    if (!is_word(p->tok.kind) || !dw_lex_sees_gives(&p->lex))
        return false;
    dw_parse_fail(p, p->tok.span, "%s is a word of the language: choose another name",
                  dw_lex_spelling(p->tok.kind));
    return true;
}

static void missing_end(dw_parser *p, const dw_opener *opener) {
    const dw_opener *o =
        p->has_suspect && p->suspect.span.start > opener->span.start ? &p->suspect : opener;
    dw_parse_fail(p, o->span,
                  "the %s of line %u has no end: write end on a line of its own below "
                  "its block",
                  dw_lex_spelling(o->kind), (unsigned)line_of(p, o->span.start));
}

void dw_parse_slip_unclosed(dw_parser *p, const dw_opener *opener) {
    const char *closing = closing_of(opener), *sign = dw_lex_spelling(opener->kind);
    bool bracket = is_bracket(opener);
    dw_parse_ends_early(p);
    if (opener->kind == DW_TOKEN_TEXT)
        dw_parse_fail(p, opener->span,
                      "this { has no }: write } behind the value, or {{ for the "
                      "brace itself");
    else if (!bracket && p->tok.kind == DW_TOKEN_ELSE)
        dw_parse_fail(p, p->tok.span, "this else belongs to no if: %s of line %u ends with end",
                      sign, (unsigned)line_of(p, opener->span.start));
    else if (!bracket)
        missing_end(p, opener);
    else if (is_closing(p->tok.kind))
        dw_parse_fail(p, p->tok.span, "the %s of line %u ends with %s, not with %s", sign,
                      (unsigned)line_of(p, opener->span.start), closing,
                      dw_lex_spelling(p->tok.kind));
    else
        dw_parse_fail(p, opener->span, "this %s has no %s: write %s where its contents end", sign,
                      closing, closing);
}

/* A bracket that closes nothing, or the wrong one. */
static void wrong_closing(dw_parser *p) {
    static const char *const openings[] = {"(", "[", "{"};
    int which = p->tok.kind == DW_TOKEN_CLOSE ? 0 : p->tok.kind == DW_TOKEN_CLOSE_SQUARE ? 1 : 2;
    if (is_bracket(p->opener))
        dw_parse_slip_unclosed(p, p->opener);
    else if (which == 2)
        dw_parse_fail(p, p->tok.span,
                      "there are no braces: [ ] makes lists, ( ) groups, and blocks "
                      "end with end");
    else
        dw_parse_fail(p, p->tok.span, "this %s has no %s before it: delete it",
                      dw_lex_spelling(p->tok.kind), openings[which]);
}

void dw_parse_slip_names(dw_parser *p) {
    char a[SHOWN];
    const char *last = shown(p, p->last.span, a);
    const char *head =
        p->opener != NULL && !is_bracket(p->opener) ? dw_lex_spelling(p->opener->kind) : "for";
    bool knob = p->opener != NULL &&
                (p->opener->kind == DW_TOKEN_INTERACT || p->opener->kind == DW_TOKEN_ANIMATE);
    dw_parse_ends_early(p);
    if (knob)
        dw_parse_fail(p, p->tok.kind == DW_TOKEN_END ? p->last.span : p->tok.span,
                      "behind %s stand a name and its range, as in %s λ = 10 in 1..100", head,
                      head);
    else if (is_word(p->tok.kind) && p->tok.kind != DW_TOKEN_IN && !p->tok.line)
        dw_parse_fail(p, p->tok.span, "%s is a word of the language: choose another name",
                      dw_lex_spelling(p->tok.kind));
    else if (p->tok.kind == DW_TOKEN_GIVES)
        dw_parse_fail(p, p->tok.span, "write for %s in 1..3: a loop takes its values in order",
                      last);
    else if (p->tok.kind == DW_TOKEN_OPEN)
        dw_parse_fail(p, p->tok.span, "write for x in 1..3, without brackets");
    else if (p->tok.kind == DW_TOKEN_NAME && p->last.kind == DW_TOKEN_NAME)
        dw_parse_fail(p, p->tok.span, "write for %s in …: a name, in, and what it goes through",
                      written(p, &p->tok, a));
    else
        dw_parse_fail(p, dw_parse_at_line_end(p) ? p->last.span : p->tok.span,
                      "behind for stand a name, in, and what it goes through, as in for x in 1..3");
}

void dw_parse_slip_target(dw_parser *p, const dw_node *target) {
    dw_span gives = p->tok.span;
    if (target == NULL)
        dw_parse_fail(p, gives, "left of = stands a name");
    else if (target->kind == DW_NODE_LIST)
        dw_parse_fail(p, target->span,
                      "to take a list apart write the names without brackets, as in "
                      "a, b = split(t, 0.8)");
    else if (target->kind == DW_NODE_COMPARE)
        dw_parse_fail(p, gives, "= gives a name a value: write == to compare");
    else if (target->kind == DW_NODE_CALL)
        dw_parse_fail(p, target->span,
                      "left of = stands one name, or a name and its parameters, as "
                      "in f(x) = x^2");
    else
        dw_parse_fail(p, target->span,
                      "left of = stands a name, as in y = 2*x; to compare write ==");
}

/* The value in question is missing at the end of a line or of the source. */
static void missing_at_end(dw_parser *p) {
    const char *s = p->lex.source;
    uint32_t at = p->last.span.start;
    char a[SHOWN];
    bool sign = p->last.kind == DW_TOKEN_PLUS || p->last.kind == DW_TOKEN_MINUS;
    if (sign && at > 0 && s[at - 1] == s[at] && p->tok.kind == DW_TOKEN_END) {
        dw_parse_fail(p, (dw_span){at - 1, at + 1}, "there is no %c%c: write x = x %c 1", s[at],
                      s[at], s[at]);
    } else if (is_bracket(p->opener) && p->tok.kind == DW_TOKEN_END) {
        dw_parse_slip_unclosed(p, p->opener);
    } else if (p->last.kind == DW_TOKEN_RANGE) {
        dw_parse_ends_early(p);
        dw_parse_fail(p, p->last.span,
                      "a range needs both ends, as in 1..5; -1 counts from the end, "
                      "as in x[2..-1]");
    } else {
        dw_parse_ends_early(p);
        dw_parse_fail(p, p->last.span, "a value is missing behind %s", written(p, &p->last, a));
    }
}

/* Words that cannot begin a value. */
static void word_as_operand(dw_parser *p) {
    const char *word = dw_lex_spelling(p->tok.kind);
    dw_span span = p->tok.span;
    switch (p->tok.kind) {
    case DW_TOKEN_BLOCK_END:
        if (is_bracket(p->opener) && p->opener->index)
            dw_parse_fail(p, span, "write -1 for the last: x[-1], x[2..-1]");
        else if (is_bracket(p->opener))
            dw_parse_slip_unclosed(p, p->opener);
        else
            missing_at_end(p);
        break;
    case DW_TOKEN_IF:
        dw_parse_fail(p, span,
                      "if begins a line; to choose a value write a when condition "
                      "otherwise b");
        break;
    case DW_TOKEN_FOR:
        dw_parse_fail(p, span,
                      "for begins a line; in a list it stands behind the element, as in "
                      "[x^2 for x in 1..3]");
        break;
    case DW_TOKEN_WHEN:
    case DW_TOKEN_OTHERWISE:
        dw_parse_fail(p, span, "a value is missing before %s: write a when condition otherwise b",
                      word);
        break;
    default:
        if (begins_statement(p->tok.kind))
            dw_parse_fail(p, span, "%s begins a line of its own and cannot stand here", word);
        else
            dw_parse_fail(p, span, "a value is missing before %s", word);
    }
}

static void sign_as_operand(dw_parser *p) {
    char a[SHOWN], b[SHOWN];
    dw_span span = p->tok.span;
    switch (p->tok.kind) {
    case DW_TOKEN_PRIME:
        dw_parse_fail(p, span, "texts stand in double quotes, as in \"text\"");
        break;
    case DW_TOKEN_POINT:
        if (p->lex.at < p->lex.size && p->lex.source[p->lex.at] >= '0' &&
            p->lex.source[p->lex.at] <= '9')
            dw_parse_fail(p, (dw_span){span.start, span.end + 1},
                          "a point needs a digit on both sides: write 0.%c",
                          p->lex.source[p->lex.at]);
        else
            dw_parse_fail(p, span, "a value is missing before the point");
        break;
    case DW_TOKEN_RANGE:
        dw_parse_fail(p, span, "a range needs both ends, as in 1..5");
        break;
    case DW_TOKEN_GIVES:
        dw_parse_fail(p, span,
                      p->last.kind == DW_TOKEN_END || p->tok.line
                          ? "left of = stands a name, as in y = 2*x"
                          : "= gives a name a value: write == to compare");
        break;
    case DW_TOKEN_MAPS_TO:
        dw_parse_fail(p, span, "left of ↦ stand names: write x ↦ … or (x, y) ↦ …");
        break;
    case DW_TOKEN_QUESTION:
        dw_parse_fail(p, span, "? stands at the begin of a line or behind a name, as in ?plot");
        break;
    default: {
        bool first = p->last.kind == DW_TOKEN_END || (p->lines && p->tok.line);
        if (first)
            dw_parse_fail(p, span, "a value is missing before %s", written(p, &p->tok, a));
        else
            dw_parse_fail(p, span, "a value is missing between %s and %s", written(p, &p->last, a),
                          written(p, &p->tok, b));
    }
    }
}

void dw_parse_slip_operand(dw_parser *p) {
    if (p->lex.failed || dw_parse_slip_keyword(p))
        return;
    bool orphan = is_closing(p->tok.kind) && (p->opener == NULL || !is_bracket(p->opener)) &&
                  p->tok.kind != DW_TOKEN_CLOSE_BRACE;
    bool mismatch = is_closing(p->tok.kind) && is_bracket(p->opener) &&
                    strcmp(dw_lex_spelling(p->tok.kind), closing_of(p->opener)) != 0;
    if (p->tok.kind == DW_TOKEN_END)
        missing_at_end(p);
    else if (orphan || mismatch)
        wrong_closing(p);
    else if (p->last.kind == DW_TOKEN_RANGE && is_closing(p->tok.kind))
        missing_at_end(p);
    else if (p->tok.line && p->lines &&
             (begins_statement(p->tok.kind) || begins_value(p->tok.kind)))
        missing_at_end(p);
    else if (is_word(p->tok.kind))
        word_as_operand(p);
    else
        sign_as_operand(p);
}

/* ---- something follows a value ------------------------------------------------------------ */

/* f (x), x [1]: what stands in the bracket, when it is short. */
static void apart(dw_parser *p, const dw_node *left, dw_slip where) {
    char a[SHOWN], b[SHOWN];
    const char *s = p->lex.source;
    bool call = p->tok.kind == DW_TOKEN_OPEN;
    uint32_t end = p->tok.span.end;
    while (end < p->lex.size && strchr(")]([\n\r#\"", s[end]) == NULL)
        end++;
    const char *f = left != NULL ? shown(p, left->span, a) : "";
    bool closed = end < p->lex.size && s[end] == (call ? ')' : ']');
    const char *x = closed ? shown(p, (dw_span){p->tok.span.end, end}, b) : "…";
    if (*f == '\0' || *x == '\0') {
        f = call ? "f" : "x";
        x = call ? "x" : "1";
    }
    dw_span span = {p->tok.span.start, p->tok.span.end};
    if (left != NULL && left->kind == DW_NODE_NUMBER && where != DW_SLIP_LIST)
        dw_parse_fail(p, span, "a number is not called: write %s*%s%s%s for a product", f,
                      call ? "(" : "[", x, call ? ")" : "]");
    else if (where == DW_SLIP_LIST)
        dw_parse_fail(p, span,
                      "two elements side by side: write a comma between them, or %s%s%s%s "
                      "without the blank",
                      f, call ? "(" : "[", x, call ? ")" : "]");
    else if (call)
        dw_parse_fail(p, span,
                      "a bracket must touch its function: write %s(%s) for a call, %s*(%s) "
                      "for a product",
                      f, x, f, x);
    else
        dw_parse_fail(p, span,
                      "a bracket must touch its value: write %s[%s] for an element, %s*[%s] "
                      "for a product",
                      f, x, f, x);
}

/* A value where a block should begin. */
static void header_and_value(dw_parser *p) {
    bool knobs = p->opener != NULL &&
                 (p->opener->kind == DW_TOKEN_INTERACT || p->opener->kind == DW_TOKEN_ANIMATE);
    if (p->tok.kind == DW_TOKEN_DO)
        dw_parse_fail(p, p->tok.span, "this line needs no do: its block begins on the next line");
    else if (knobs && p->tok.kind == DW_TOKEN_NAME)
        dw_parse_fail(p, p->tok.span,
                      "write a comma before the next slider, or begin the block "
                      "on the next line");
    else
        dw_parse_fail(p, p->tok.span, "the block begins on the next line, and ends with end");
}

/* Two values on a line of their own: what is left and right of the gap, if both are short. */
static void product_or_call(dw_parser *p, const dw_node *left) {
    char a[SHOWN], b[SHOWN];
    const char *before = left != NULL ? shown(p, left->span, a) : "";
    const char *after = written(p, &p->tok, b);
    dw_span both = {*before != '\0' ? left->span.start : p->tok.span.start, p->tok.span.end};
    bool name = p->tok.kind == DW_TOKEN_NAME || p->tok.kind == DW_TOKEN_NUMBER;
    if (left != NULL && (left->kind == DW_NODE_TEXT || left->kind == DW_NODE_JOINED_TEXT))
        dw_parse_fail(p, p->tok.span,
                      "two values side by side: write + between texts to join them");
    else if (*before == '\0' || !(name || p->tok.kind == DW_TOKEN_TEXT))
        dw_parse_fail(p, p->tok.span,
                      "two values side by side: write * between them for their "
                      "product, or begin a new line");
    else if (p->tok.kind == DW_TOKEN_TEXT)
        dw_parse_fail(p, p->tok.span, "two values side by side: write %s(\"…\") for a call",
                      before);
    else if (left->kind == DW_NODE_NAME)
        dw_parse_fail(p, both,
                      "two values side by side: write %s*%s for their product, %s(%s) for a call",
                      before, after, before, after);
    else
        dw_parse_fail(p, both, "two values side by side: write %s*%s for their product", before,
                      after);
}

/* 1 → 20 → tanh 1: whether two values are stages of a net that lack their arrow; then says so. */
static bool arrow_missing(dw_parser *p, const dw_node *left, dw_slip where) {
    char a[SHOWN], b[SHOWN];
    dw_lex ahead = p->lex;
    dw_err unread = {0};
    ahead.err = &unread;
    bool stage = p->tok.kind == DW_TOKEN_NAME || p->tok.kind == DW_TOKEN_NUMBER;
    bool chain = left != NULL && left->kind == DW_NODE_ARROW;
    if (left == NULL || !stage || (!chain && dw_lex_next(&ahead).kind != DW_TOKEN_ARROW))
        return false;
    const char *before = shown(p, left->span, a);
    if (*before == '\0' && chain)
        before = shown(p, left->child[left->count - 1]->span, a);
    const char *after = written(p, &p->tok, b);
    if (*before == '\0')
        before = "1", after = "32";
    dw_parse_fail(p, p->tok.span,
                  "two values side by side: write %s → %s with an arrow for a net%s", before, after,
                  where == DW_SLIP_CALL ? ", or a comma between them" : "");
    return true;
}

/* The hint for a word of another language. A single letter is more likely a name of the user. */
static const char *foreign(const char *word) {
    return word[0] != '\0' && word[1] == '\0' ? NULL : dw_parse_hint(word);
}

/* Two values on one line, a word of another language perhaps. */
static void side_by_side(dw_parser *p, const dw_node *left, dw_slip where) {
    char a[SHOWN], b[SHOWN];
    const char *before = left != NULL ? shown(p, left->span, a) : "";
    const char *after = written(p, &p->tok, b);
    const char *hint = left != NULL && left->kind == DW_NODE_NAME ? foreign(left->u.text) : NULL;
    const char *next = p->tok.kind == DW_TOKEN_NAME ? foreign(after) : NULL;
    bool open = p->tok.kind == DW_TOKEN_OPEN || p->tok.kind == DW_TOKEN_OPEN_SQUARE;
    bool new_statement =
        where <= DW_SLIP_ASSIGN && p->tok.kind == DW_TOKEN_NAME && dw_lex_sees_gives(&p->lex);
    bool prefix = p->tok.kind == DW_TOKEN_TEXT && left != NULL && left->kind == DW_NODE_NAME &&
                  left->span.end == p->tok.span.start;
    if (prefix)
        dw_parse_fail(p, left->span,
                      "a text needs no %s before it: values stand in braces in any text", before);
    else if (hint != NULL)
        dw_parse_fail(p, left->span, "%s means nothing here: %s", before, hint);
    else if (next != NULL)
        dw_parse_fail(p, p->tok.span, "%s means nothing here: %s", after, next);
    else if (new_statement)
        dw_parse_fail(p, p->tok.span, "a new statement begins on a new line, or behind ;");
    else if (open)
        apart(p, left, where);
    else if (where == DW_SLIP_HEADER)
        header_and_value(p);
    else if (where == DW_SLIP_LIST)
        dw_parse_fail(p, p->tok.span,
                      "two elements side by side: write a comma between them, or ; "
                      "to begin the next row");
    else if (arrow_missing(p, left, where))
        return;
    else if (where == DW_SLIP_CALL)
        dw_parse_fail(p, p->tok.span, "two values side by side: write a comma between them");
    else if (p->last.kind == DW_TOKEN_BLOCK_END)
        dw_parse_fail(p, p->tok.span, "behind end a new line begins");
    else
        product_or_call(p, left);
}

static void gives_after(dw_parser *p, dw_slip where) {
    if (where == DW_SLIP_ASSIGN)
        dw_parse_fail(p, p->tok.span,
                      "one line gives one value: write b = c first, then a = b; to "
                      "compare write ==");
    else if (where == DW_SLIP_INSERT)
        dw_parse_fail(p, p->tok.span, "between { and } stands a value: write == to compare");
    else if (where == DW_SLIP_CLAIM)
        dw_parse_fail(p, p->tok.span,
                      "= gives a name a value: write == to compare, or ≈ as in "
                      "check a ≈ b ± 0.1");
    else
        dw_parse_fail(p, p->tok.span, "= gives a name a value: write == to compare");
}

static void comma_after(dw_parser *p, dw_slip where) {
    bool digits = p->last.kind == DW_TOKEN_NUMBER && p->lex.at < p->lex.size &&
                  p->lex.source[p->lex.at] >= '0' && p->lex.source[p->lex.at] <= '9';
    if (digits)
        dw_parse_fail(p, p->tok.span,
                      "numbers have a point, as in 0.5; several values stand in "
                      "[ ], as in [0, 5]");
    else if (where == DW_SLIP_INSERT)
        dw_parse_fail(p, p->tok.span, "one value stands between { and }");
    else
        dw_parse_fail(p, p->tok.span, "several values stand in [ ], as in [a, b]");
}

static void colon_after(dw_parser *p, dw_slip where) {
    dw_lex ahead = p->lex;
    bool ends = dw_lex_skip(&ahead, true) || ahead.at >= ahead.size;
    if (ends && (where == DW_SLIP_HEADER || where == DW_SLIP_STATEMENT || where == DW_SLIP_ASSIGN))
        dw_parse_fail(p, p->tok.span, "a line needs no : at its end; a block ends with end");
    else if (where == DW_SLIP_CALL && p->last.kind == DW_TOKEN_NAME)
        dw_parse_fail(p, p->tok.span, "write = between an option and its value; a range is 1..3");
    else
        dw_parse_fail(p, p->tok.span, "write .. for a range, as in 1..3");
}

static void word_after(dw_parser *p, dw_slip where) {
    const char *word = dw_lex_spelling(p->tok.kind);
    switch (p->tok.kind) {
    case DW_TOKEN_IF:
        dw_parse_fail(p, p->tok.span, "to choose a value write a when condition otherwise b");
        break;
    case DW_TOKEN_ELSE:
    case DW_TOKEN_OTHERWISE:
        dw_parse_fail(p, p->tok.span,
                      "%s has no %s before it: write a when condition otherwise b "
                      "for a value, if … else … end for lines",
                      word, p->tok.kind == DW_TOKEN_ELSE ? "if" : "when");
        break;
    case DW_TOKEN_FOR:
        dw_parse_fail(p, p->tok.span,
                      "a for behind a value stands in a list or call, as in "
                      "[x^2 for x in 1..3]");
        break;
    case DW_TOKEN_NOT:
        dw_parse_fail(p, p->tok.span, "write not before the whole condition, as in not (x in p)");
        break;
    default:
        if (is_bracket(p->opener))
            dw_parse_slip_unclosed(p, p->opener);
        else if (begins_value(p->tok.kind))
            side_by_side(p, NULL, where);
        else
            dw_parse_fail(p, p->tok.span, "%s begins a line of its own and cannot stand here",
                          word);
    }
}

static void sign_after(dw_parser *p, dw_slip where) {
    switch (p->tok.kind) {
    case DW_TOKEN_PRIME:
        dw_parse_fail(p, p->tok.span,
                      "' must touch its value, as in x'; texts stand in double "
                      "quotes, as in \"text\"");
        break;
    case DW_TOKEN_SUPERSCRIPT:
    case DW_TOKEN_RAISED_T:
        dw_parse_fail(p, p->tok.span, "a raised sign must touch its value, as in x²");
        break;
    case DW_TOKEN_GIVES:
        gives_after(p, where);
        break;
    case DW_TOKEN_COMMA:
        comma_after(p, where);
        break;
    case DW_TOKEN_COLON:
        colon_after(p, where);
        break;
    case DW_TOKEN_SEMICOLON:
        dw_parse_fail(p, p->tok.span,
                      "; stands in [ ] between rows, in a call before parameters, "
                      "and between statements");
        break;
    case DW_TOKEN_QUESTION:
        dw_parse_fail(p, p->tok.span, "write a when condition otherwise b to choose a value");
        break;
    case DW_TOKEN_MAPS_TO:
        dw_parse_fail(p, p->tok.span,
                      "put brackets around a function inside a formula, as in "
                      "(x ↦ x^2)");
        break;
    default:
        dw_parse_fail(p, p->tok.span, "%s cannot stand here", dw_lex_spelling(p->tok.kind));
    }
}

void dw_parse_slip_after(dw_parser *p, const dw_node *left, dw_slip where) {
    if (p->lex.failed)
        return;
    bool new_line = p->tok.line && is_bracket(p->opener) &&
                    (begins_statement(p->tok.kind) ||
                     (p->tok.kind == DW_TOKEN_NAME && dw_lex_sees_gives(&p->lex)));
    if (p->tok.kind == DW_TOKEN_END && p->opener != NULL)
        dw_parse_slip_unclosed(p, p->opener);
    else if (new_line)
        dw_parse_fail(p, p->opener->span, "this %s has no %s: write %s where its contents end",
                      dw_lex_spelling(p->opener->kind), closing_of(p->opener),
                      closing_of(p->opener));
    else if (is_closing(p->tok.kind))
        wrong_closing(p);
    else if (begins_value(p->tok.kind))
        side_by_side(p, left, where);
    else if (is_word(p->tok.kind))
        word_after(p, where);
    else
        sign_after(p, where);
}
