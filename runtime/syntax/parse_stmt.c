/* SPDX-License-Identifier: BSD-3-Clause */
/* Statements and blocks. A line that begins with a value is read as a value first; an = behind it
 * makes it an assignment or a definition. */
#include "syntax/parse_rules.h"

enum { POWER_START = 7 };

/* What follows the header of a block: its line ends here. */
static void header_end(dw_parser *p, const dw_node *left) {
    if (!dw_parse_at_line_end(p) && p->tok.kind != DW_TOKEN_SEMICOLON)
        dw_parse_slip_after(p, left, DW_SLIP_HEADER);
}

static dw_node *block(dw_parser *p) {
    uint32_t base = p->used, start = p->tok.span.start;
    dw_span mark = p->tok.span;
    dw_parse_stmt_block(p);
    return dw_parse_make(p, DW_NODE_BLOCK, base, start, mark);
}

/* A value on the line of the word that was just read. */
static dw_node *value_here(dw_parser *p) {
    if (dw_parse_at_line_end(p) && !p->lex.failed) {
        dw_parse_slip_operand(p);
        return NULL;
    }
    return dw_parse_expr_read(p, 0);
}

dw_node *dw_parse_stmt_do(dw_parser *p) {
    uint32_t base = p->used;
    dw_opener opener;
    dw_parse_open(p, &opener, true);
    header_end(p, NULL);
    dw_parse_stmt_block(p);
    dw_parse_close(p, &opener, DW_TOKEN_BLOCK_END);
    return dw_parse_make(p, DW_NODE_DO, base, opener.span.start, opener.span);
}

/* if … { else if … } [ else … ] end */
static dw_node *choice(dw_parser *p) {
    uint32_t base = p->used;
    dw_opener opener;
    dw_parse_open(p, &opener, true);
    bool more = true;
    while (more && !p->lex.failed) {
        dw_node *condition = value_here(p);
        dw_parse_push(p, condition);
        header_end(p, condition);
        dw_parse_push(p, block(p));
        more = false;
        if (p->tok.kind != DW_TOKEN_ELSE)
            break;
        opener.latest = p->tok.span.start;
        dw_parse_advance(p);
        if (p->tok.kind == DW_TOKEN_IF && !p->tok.line) {
            dw_parse_advance(p);
            more = true;
            continue;
        }
        header_end(p, NULL);
        dw_parse_push(p, block(p));
    }
    dw_parse_close(p, &opener, DW_TOKEN_BLOCK_END);
    return dw_parse_make(p, DW_NODE_IF, base, opener.span.start, opener.span);
}

/* while condition … end, repeat times … end */
static dw_node *loop(dw_parser *p, dw_node_kind kind) {
    uint32_t base = p->used;
    dw_opener opener;
    dw_parse_open(p, &opener, true);
    dw_node *value = value_here(p);
    dw_parse_push(p, value);
    header_end(p, value);
    dw_parse_push(p, block(p));
    dw_parse_close(p, &opener, DW_TOKEN_BLOCK_END);
    return dw_parse_make(p, kind, base, opener.span.start, opener.span);
}

/* for names in range … end */
static dw_node *for_loop(dw_parser *p) {
    uint32_t base = p->used;
    dw_opener opener;
    dw_buf spans;
    dw_parse_open(p, &opener, true);
    dw_parse_expr_names(p, &spans);
    dw_node *range = value_here(p);
    dw_parse_push(p, range);
    header_end(p, range);
    dw_parse_push(p, block(p));
    dw_parse_close(p, &opener, DW_TOKEN_BLOCK_END);
    dw_node *node = dw_parse_make(p, DW_NODE_FOR, base, opener.span.start, opener.span);
    if (node != NULL)
        dw_parse_expr_keep(p, node, &spans);
    dw_buf_free(&spans);
    return p->lex.failed ? NULL : node;
}

/* name [= start] in range */
static dw_node *knob(dw_parser *p) {
    uint32_t base = p->used;
    dw_span mark = p->tok.span;
    if (p->tok.kind != DW_TOKEN_NAME) {
        dw_parse_slip_names(p);
        return NULL;
    }
    const char *name = dw_parse_name(p, mark);
    dw_parse_advance(p);
    dw_node *start = NULL;
    if (p->tok.kind == DW_TOKEN_GIVES) {
        dw_parse_advance(p);
        start = dw_parse_expr_read(p, POWER_START);
    }
    dw_parse_push(p, start);
    if (p->tok.kind == DW_TOKEN_IN)
        dw_parse_advance(p);
    else
        dw_parse_slip_names(p);
    dw_parse_push(p, dw_parse_expr_read(p, 0));
    dw_node *node = dw_parse_make(p, DW_NODE_KNOB, base, mark.start, mark);
    if (node != NULL)
        node->u.text = name;
    return node;
}

/* interact or animate knobs … end */
static dw_node *knobs(dw_parser *p, dw_node_kind kind) {
    uint32_t base = p->used;
    dw_opener opener;
    dw_parse_open(p, &opener, true);
    dw_node *last = knob(p);
    dw_parse_push(p, last);
    while (p->tok.kind == DW_TOKEN_COMMA) {
        dw_parse_advance(p);
        last = knob(p);
        dw_parse_push(p, last);
    }
    header_end(p, last);
    dw_parse_push(p, block(p));
    dw_parse_close(p, &opener, DW_TOKEN_BLOCK_END);
    dw_node *node = dw_parse_make(p, kind, base, opener.span.start, opener.span);
    dw_parse_list_distinct(p, node, DW_NODE_KNOB);
    return p->lex.failed ? NULL : node;
}

/* check claim [, why] */
static dw_node *claim(dw_parser *p) {
    uint32_t base = p->used;
    dw_span mark = p->tok.span;
    dw_parse_advance(p);
    dw_node *value = value_here(p);
    dw_node *why = NULL;
    dw_parse_push(p, value);
    if (p->tok.kind == DW_TOKEN_COMMA) {
        dw_parse_advance(p);
        why = dw_parse_expr_read(p, 0);
    }
    dw_parse_push(p, why);
    if (!dw_parse_at_line_end(p) && p->tok.kind != DW_TOKEN_SEMICOLON &&
        p->tok.kind != DW_TOKEN_BLOCK_END && p->tok.kind != DW_TOKEN_ELSE)
        dw_parse_slip_after(p, why != NULL ? why : value, DW_SLIP_CLAIM);
    return dw_parse_make(p, DW_NODE_CHECK_CLAIM, base, mark.start, mark);
}

static dw_node *help(dw_parser *p, dw_span mark, const char *topic) {
    dw_node *node = dw_parse_make(p, DW_NODE_HELP, p->used, mark.start, mark);
    if (node != NULL)
        node->u.text = topic;
    return node;
}

/* ? alone, or with a name, a word or a sign of the language behind it */
static dw_node *help_before(dw_parser *p) {
    dw_span mark = p->tok.span;
    dw_parse_advance(p);
    if (dw_parse_at_line_end(p) || p->tok.kind == DW_TOKEN_SEMICOLON)
        return help(p, mark, NULL);
    bool named = p->tok.kind == DW_TOKEN_NAME;
    const char *topic = named ? dw_parse_name(p, p->tok.span) : dw_lex_spelling(p->tok.kind);
    if (p->tok.kind == DW_TOKEN_NUMBER || p->tok.kind == DW_TOKEN_TEXT ||
        p->tok.kind == DW_TOKEN_SUPERSCRIPT)
        dw_parse_fail(p, p->tok.span, "behind ? stands a name, as in ?plot");
    dw_parse_advance(p);
    return help(p, mark, topic);
}

/* The parameters of a definition, from the arguments of the call it was read as. */
static dw_function_node *parameters(dw_parser *p, const dw_node *call) {
    uint32_t count = call->count - 1;
    dw_function_node *function = dw_parse_room(p, 1, sizeof *function);
    dw_parameter *list = dw_parse_room(p, count + 1, sizeof *list);
    const char **names = dw_parse_room(p, count + 1, sizeof *names);
    dw_span *spans = dw_parse_room(p, count + 1, sizeof *spans);
    if (function == NULL || list == NULL || names == NULL || spans == NULL)
        return NULL;
    for (uint32_t i = 0; i < count; i++) {
        const dw_node *argument = call->child[i + 1];
        bool named = argument->kind == DW_NODE_ARGUMENT;
        if (!named && argument->kind != DW_NODE_NAME) {
            dw_parse_fail(p, argument->span,
                          "the left side of a definition holds names only, as in "
                          "f(x) = x^2; to compare write ==");
            return NULL;
        }
        names[i] = argument->u.text;
        spans[i] = named ? argument->mark : argument->span;
        list[i] = (dw_parameter){
            .name = names[i], .span = spans[i], .fallback = named ? argument->child[0] : NULL};
    }
    dw_parse_distinct(p, names, spans, count);
    *function = (dw_function_node){.name = call->child[0]->u.text,
                                   .parameters = list,
                                   .inputs = call->first_extra - 1,
                                   .count = count,
                                   .head = call->span};
    return function;
}

/* f(x; w) = …; the left side has been read as a call, = is the word to be read. */
static dw_node *definition(dw_parser *p, const dw_node *call) {
    uint32_t base = p->used;
    if (call->child[0]->kind != DW_NODE_NAME) {
        dw_parse_slip_target(p, call);
        return NULL;
    }
    dw_span mark = call->child[0]->span;
    dw_function_node *function = parameters(p, call);
    dw_parse_advance(p);
    dw_node *body = dw_parse_expr_read(p, 0);
    dw_parse_push(p, dw_parse_expr_function(p, function, body, call->span.start, mark));
    dw_node *node = dw_parse_make(p, DW_NODE_DEFINE, base, call->span.start, mark);
    if (node != NULL)
        node->u.text = function->name;
    return node;
}

static bool is_target(const dw_node *node) {
    while (node != NULL && (node->kind == DW_NODE_FIELD || node->kind == DW_NODE_INDEX))
        node = node->child[0];
    return node != NULL && node->kind == DW_NODE_NAME;
}

/* targets = value; the targets are pushed since `base`, = is the word to be read. */
static dw_node *assignment(dw_parser *p, uint32_t base, uint32_t start) {
    dw_span mark = p->tok.span;
    for (uint32_t i = base; i < p->used; i++)
        if (!is_target(p->stack[i])) {
            dw_parse_slip_target(p, p->stack[i]);
            return NULL;
        }
    dw_parse_advance(p);
    dw_parse_push(p, dw_parse_expr_read(p, 0));
    if (p->lex.failed)
        return NULL;
    dw_node *value = p->stack[p->used - 1];
    for (uint32_t i = p->used - 1; i > base; i--)
        p->stack[i] = p->stack[i - 1];
    p->stack[base] = value;
    return dw_parse_make(p, DW_NODE_ASSIGN, base, start, mark);
}

static bool statement_ends(const dw_parser *p) {
    return dw_parse_at_line_end(p) || p->tok.kind == DW_TOKEN_SEMICOLON ||
           p->tok.kind == DW_TOKEN_BLOCK_END || p->tok.kind == DW_TOKEN_ELSE;
}

/* A line that begins with a value. */
static dw_node *simple(dw_parser *p) {
    uint32_t base = p->used, start = p->tok.span.start;
    dw_node *left = dw_parse_expr_read(p, 0);
    dw_parse_push(p, left);
    if (p->tok.kind == DW_TOKEN_QUESTION && !dw_parse_at_line_end(p) && left != NULL &&
        left->kind == DW_NODE_NAME) {
        p->used = base;
        dw_span sign = p->tok.span;
        dw_parse_advance(p);
        if (!statement_ends(p))
            dw_parse_fail(p, sign,
                          "write a when condition otherwise b to choose a value; a ? behind "
                          "a name asks for help on it");
        return help(p, left->span, left->u.text);
    }
    while (p->tok.kind == DW_TOKEN_COMMA && is_target(left)) {
        dw_parse_advance(p);
        left = dw_parse_expr_read(p, 0);
        dw_parse_push(p, left);
    }
    dw_slip where = DW_SLIP_STATEMENT;
    dw_node *node = NULL;
    if (p->tok.kind == DW_TOKEN_GIVES && !dw_parse_at_line_end(p)) {
        bool call = left != NULL && left->kind == DW_NODE_CALL && p->used == base + 1;
        p->used -= call;
        node = call ? definition(p, left) : assignment(p, base, start);
        where = DW_SLIP_ASSIGN;
        left = node == NULL ? NULL : call ? node->child[0]->child[0] : node->child[0];
    } else if (p->used > base + 1 && statement_ends(p)) {
        if (left != NULL)
            dw_parse_fail(p, (dw_span){start, p->last.span.end},
                          "two values on one line: write "
                          "[a, b] for a list, a = 1; b = 2 for two statements");
    } else {
        node = dw_parse_make(p, DW_NODE_SHOW, base, start, left != NULL ? left->mark : p->tok.span);
    }
    if (!statement_ends(p))
        dw_parse_slip_after(p, left, where);
    return node;
}

static dw_node *statement(dw_parser *p) {
    switch (p->tok.kind) {
    case DW_TOKEN_IF:
        return choice(p);
    case DW_TOKEN_WHILE:
        return loop(p, DW_NODE_WHILE);
    case DW_TOKEN_REPEAT:
        return loop(p, DW_NODE_REPEAT);
    case DW_TOKEN_FOR:
        return for_loop(p);
    case DW_TOKEN_INTERACT:
        return knobs(p, DW_NODE_INTERACT);
    case DW_TOKEN_ANIMATE:
        return knobs(p, DW_NODE_ANIMATE);
    case DW_TOKEN_CHECK:
        return claim(p);
    case DW_TOKEN_QUESTION:
        return help_before(p);
    default:
        return simple(p);
    }
}

void dw_parse_stmt_block(dw_parser *p) {
    for (;;) {
        while (p->tok.kind == DW_TOKEN_SEMICOLON)
            dw_parse_advance(p);
        bool stops = p->tok.kind == DW_TOKEN_END || p->tok.kind == DW_TOKEN_BLOCK_END ||
                     p->tok.kind == DW_TOKEN_ELSE;
        if (dw_parse_slip_keyword(p) || stops)
            return;
        dw_parse_let_go(p);
        dw_node *node = statement(p);
        dw_parse_push(p, node);
        if (!statement_ends(p))
            dw_parse_slip_after(p, node, DW_SLIP_STATEMENT);
    }
}
