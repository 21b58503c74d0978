/* SPDX-License-Identifier: BSD-3-Clause */
/* What stands in brackets: lists and their loops, arguments, indices, records, groups, and the
 * names of a function without a name. */
#include "syntax/parse_rules.h"

enum { POWER_MAPS = 1, POWER_RANGE_OF_LOOP = 3 };

/* Behind a body in a list or call: for names in range [when test]. */
static dw_node *clause(dw_parser *p, dw_node *body, uint32_t start, dw_slip where) {
    uint32_t base = p->used;
    dw_span mark = p->tok.span;
    dw_buf spans;
    dw_parse_push(p, body);
    dw_parse_advance(p);
    dw_parse_expr_names(p, &spans);
    dw_node *range = dw_parse_expr_read(p, POWER_RANGE_OF_LOOP);
    dw_parse_push(p, range);
    dw_node *test = NULL;
    if (p->tok.kind == DW_TOKEN_WHEN) {
        dw_parse_advance(p);
        test = dw_parse_expr_read(p, POWER_RANGE_OF_LOOP);
    }
    dw_parse_push(p, test);
    if (p->tok.kind == DW_TOKEN_OTHERWISE)
        dw_parse_fail(p, p->tok.span,
                      "the when behind for chooses elements and has no otherwise: "
                      "write a when condition otherwise b before for");
    else if (p->tok.kind == DW_TOKEN_IF)
        dw_parse_fail(p, p->tok.span,
                      "behind a for elements are chosen with when, as in "
                      "[x for x in 1..9 when x > 3]");
    else if (p->tok.kind == DW_TOKEN_FOR)
        dw_parse_fail(p, p->tok.span,
                      "one for in one list: put one list into another, as in "
                      "[[x*y for x in 1..3] for y in 1..3]");
    else if (p->tok.kind == DW_TOKEN_GIVES)
        dw_parse_slip_after(p, test != NULL ? test : range, where);
    dw_node *node = dw_parse_make(p, DW_NODE_COMPREHENSION, base, start, mark);
    if (node != NULL)
        dw_parse_expr_keep(p, node, &spans);
    dw_buf_free(&spans);
    return p->lex.failed ? NULL : node;
}

/* One element or argument: a value, perhaps with a loop behind it. */
static dw_node *item(dw_parser *p, dw_slip where) {
    uint32_t start = p->tok.span.start;
    dw_node *value = dw_parse_expr_read(p, 0);
    return p->tok.kind == DW_TOKEN_FOR ? clause(p, value, start, where) : value;
}

/* name = value in a call, record or list of parameters. */
static dw_node *named(dw_parser *p) {
    uint32_t base = p->used;
    dw_span mark = p->tok.span;
    const char *text = dw_parse_name(p, mark);
    dw_parse_advance(p);
    dw_parse_advance(p);
    dw_parse_push(p, dw_parse_expr_read(p, 0));
    dw_node *node = dw_parse_make(p, DW_NODE_ARGUMENT, base, mark.start, mark);
    if (node != NULL)
        node->u.text = text;
    return node;
}

static bool sees_named(dw_parser *p) {
    if (p->tok.kind == DW_TOKEN_NAME)
        return dw_lex_sees_gives(&p->lex);
    return dw_parse_slip_keyword(p);
}

/* The elements of one row, pushed; a comma may stand behind the last. */
static dw_node *row(dw_parser *p) {
    uint32_t base = p->used, start = p->tok.span.start;
    dw_span mark = p->tok.span;
    do {
        dw_node *value = item(p, DW_SLIP_LIST);
        dw_parse_push(p, value);
        if (p->tok.kind != DW_TOKEN_COMMA) {
            if (p->tok.kind != DW_TOKEN_SEMICOLON && p->tok.kind != DW_TOKEN_CLOSE_SQUARE)
                dw_parse_slip_after(p, value, DW_SLIP_LIST);
            break;
        }
        dw_parse_advance(p);
    } while (p->tok.kind != DW_TOKEN_CLOSE_SQUARE && !p->lex.failed);
    return dw_parse_make(p, DW_NODE_ROW, base, start, mark);
}

dw_node *dw_parse_list_read(dw_parser *p) {
    uint32_t base = p->used;
    dw_opener opener;
    dw_parse_open(p, &opener, false);
    while (p->tok.kind != DW_TOKEN_CLOSE_SQUARE && !p->lex.failed) {
        dw_parse_push(p, row(p));
        if (p->tok.kind == DW_TOKEN_SEMICOLON)
            dw_parse_advance(p);
    }
    dw_parse_close(p, &opener, DW_TOKEN_CLOSE_SQUARE);
    return dw_parse_make(p, DW_NODE_LIST, base, opener.span.start, opener.span);
}

void dw_parse_list_distinct(dw_parser *p, const dw_node *node, dw_node_kind kind) {
    dw_buf names, spans;
    uint32_t count = 0;
    if (node == NULL)
        return;
    dw_buf_init(&names, p->arena->mem);
    dw_buf_init(&spans, p->arena->mem);
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->child[i]->kind != kind)
            continue;
        dw_buf_add(&names, &node->child[i]->u.text, sizeof node->child[i]->u.text);
        dw_buf_add(&spans, &node->child[i]->mark, sizeof node->child[i]->mark);
        count++;
    }
    if (names.failed || spans.failed)
        dw_parse_memory(p);
    else if (count > 1)
        dw_parse_distinct(p, (const char *const *)(void *)names.data,
                          (const dw_span *)(void *)spans.data, count);
    dw_buf_free(&names);
    dw_buf_free(&spans);
}

dw_node *dw_parse_list_call(dw_parser *p, dw_node *function, uint32_t start) {
    uint32_t base = p->used, extra = 0;
    dw_opener opener;
    dw_parse_push(p, function);
    dw_parse_open(p, &opener, false);
    while (p->tok.kind != DW_TOKEN_CLOSE && !p->lex.failed) {
        if (p->tok.kind == DW_TOKEN_SEMICOLON && extra == 0) {
            dw_parse_advance(p);
            extra = p->used - base;
            if (p->tok.kind == DW_TOKEN_CLOSE)
                dw_parse_slip_operand(p);
            continue;
        }
        dw_node *value = sees_named(p) ? named(p) : item(p, DW_SLIP_CALL);
        dw_parse_push(p, value);
        if (p->tok.kind == DW_TOKEN_COMMA)
            dw_parse_advance(p);
        else if (p->tok.kind != DW_TOKEN_CLOSE &&
                 !(p->tok.kind == DW_TOKEN_SEMICOLON && extra == 0))
            dw_parse_slip_after(p, value, DW_SLIP_CALL);
    }
    dw_parse_close(p, &opener, DW_TOKEN_CLOSE);
    dw_node *node = dw_parse_make(p, DW_NODE_CALL, base, start, opener.span);
    if (node != NULL)
        node->first_extra = extra == 0 ? node->count : extra;
    dw_parse_list_distinct(p, node, DW_NODE_ARGUMENT);
    return p->lex.failed ? NULL : node;
}

/* The colon in A[2, :]. */
static dw_node *all(dw_parser *p) {
    dw_span span = p->tok.span;
    dw_parse_advance(p);
    if (p->tok.kind != DW_TOKEN_COMMA && p->tok.kind != DW_TOKEN_CLOSE_SQUARE)
        dw_parse_fail(p, span,
                      "a : stands alone for all of a row or column, as in A[2, :]; write .. "
                      "for a range, as in x[1..3]");
    return dw_parse_make(p, DW_NODE_ALL, p->used, span.start, span);
}

dw_node *dw_parse_list_index(dw_parser *p, dw_node *value, uint32_t start) {
    uint32_t base = p->used;
    dw_opener opener;
    dw_parse_push(p, value);
    dw_parse_open(p, &opener, false);
    opener.index = true;
    if (p->tok.kind == DW_TOKEN_CLOSE_SQUARE)
        dw_parse_fail(p, (dw_span){opener.span.start, p->tok.span.end},
                      "write which element, as in x[1], or x[:] for all");
    while (!p->lex.failed) {
        dw_node *at = p->tok.kind == DW_TOKEN_COLON ? all(p) : dw_parse_expr_read(p, 0);
        dw_parse_push(p, at);
        if (p->tok.kind == DW_TOKEN_CLOSE_SQUARE)
            break;
        if (p->tok.kind == DW_TOKEN_COMMA)
            dw_parse_advance(p);
        else
            dw_parse_slip_after(p, at, DW_SLIP_INDEX);
    }
    dw_parse_close(p, &opener, DW_TOKEN_CLOSE_SQUARE);
    return dw_parse_make(p, DW_NODE_INDEX, base, start, opener.span);
}

/* (name = value, …) */
static dw_node *record(dw_parser *p, dw_opener *opener) {
    uint32_t base = p->used;
    while (p->tok.kind != DW_TOKEN_CLOSE && !p->lex.failed) {
        if (!sees_named(p)) {
            if (!p->lex.failed)
                dw_parse_fail(p, p->tok.span,
                              "every value of a record has a name, as in (n = 8, "
                              "loss = 0.1)");
            break;
        }
        dw_node *value = named(p);
        dw_parse_push(p, value);
        if (p->tok.kind == DW_TOKEN_COMMA)
            dw_parse_advance(p);
        else if (p->tok.kind != DW_TOKEN_CLOSE)
            dw_parse_slip_after(p, value, DW_SLIP_GROUP);
    }
    dw_parse_close(p, opener, DW_TOKEN_CLOSE);
    dw_node *node = dw_parse_make(p, DW_NODE_RECORD, base, opener->span.start, opener->span);
    dw_parse_list_distinct(p, node, DW_NODE_ARGUMENT);
    return p->lex.failed ? NULL : node;
}

static void several(dw_parser *p, const dw_opener *opener) {
    dw_span span = {opener->span.start, p->last.span.end};
    if (p->tok.kind == DW_TOKEN_GIVES)
        dw_parse_fail(p, span,
                      "to take a list apart write the names without brackets, as in "
                      "a, b = split(t, 0.8)");
    else if (p->last.kind == DW_TOKEN_CLOSE && p->last.span.start == opener->span.end)
        dw_parse_fail(p, span,
                      "nothing stands between ( and ): write a value, or () ↦ … for a "
                      "function of nothing");
    else
        dw_parse_fail(p, span, "several values stand in [ ], as in [a, b]");
}

/* (x, y) ↦ … and () ↦ …: the names have been read, their spans are kept in `spans`. */
static dw_node *unnamed(dw_parser *p, const dw_opener *opener, const dw_buf *spans) {
    uint32_t count = (uint32_t)(spans->size / sizeof(dw_span));
    const dw_span *span = (const dw_span *)(void *)spans->data;
    dw_span mark = p->tok.span;
    dw_function_node *function = dw_parse_room(p, 1, sizeof *function);
    dw_parameter *parameters = dw_parse_room(p, count + 1, sizeof *parameters);
    const char **names = dw_parse_room(p, count + 1, sizeof *names);
    if (function == NULL || parameters == NULL || names == NULL)
        return NULL;
    for (uint32_t i = 0; i < count; i++) {
        names[i] = dw_parse_name(p, span[i]);
        parameters[i] = (dw_parameter){.name = names[i], .span = span[i]};
    }
    dw_parse_distinct(p, names, span, count);
    *function = (dw_function_node){.parameters = parameters,
                                   .inputs = count,
                                   .count = count,
                                   .head = {opener->span.start, p->last.span.end}};
    dw_parse_advance(p);
    return dw_parse_expr_function(p, function, dw_parse_expr_read(p, POWER_MAPS),
                                  opener->span.start, mark);
}

/* Behind the first name and a comma, or behind an empty (: only a function may follow. */
static dw_node *names(dw_parser *p, dw_opener *opener, const dw_node *first, int power) {
    dw_buf spans;
    dw_buf_init(&spans, p->arena->mem);
    bool good = first == NULL || (first->kind == DW_NODE_NAME && !first->parenthesised);
    if (good && first != NULL)
        dw_buf_add(&spans, &first->span, sizeof first->span);
    while (p->tok.kind == DW_TOKEN_COMMA) {
        dw_parse_advance(p);
        const dw_node *next = dw_parse_expr_read(p, 0);
        good = good && next != NULL && next->kind == DW_NODE_NAME && !next->parenthesised;
        if (good)
            dw_buf_add(&spans, &next->span, sizeof next->span);
    }
    dw_node *node = NULL;
    if (p->tok.kind != DW_TOKEN_CLOSE)
        dw_parse_slip_after(p, NULL, DW_SLIP_GROUP);
    dw_parse_close(p, opener, DW_TOKEN_CLOSE);
    if (spans.failed)
        dw_parse_memory(p);
    else if (!good || p->tok.kind != DW_TOKEN_MAPS_TO || (p->lines && p->tok.line))
        several(p, opener);
    else if (power > POWER_MAPS)
        dw_parse_fail(p, p->tok.span,
                      "put brackets around a function inside a formula, as in "
                      "((x, y) ↦ x + y)");
    else
        node = unnamed(p, opener, &spans);
    dw_buf_free(&spans);
    return node;
}

dw_node *dw_parse_list_group(dw_parser *p, int power) {
    dw_opener opener;
    dw_parse_open(p, &opener, false);
    if (p->tok.kind == DW_TOKEN_CLOSE)
        return names(p, &opener, NULL, power);
    if (sees_named(p))
        return record(p, &opener);
    dw_node *value = dw_parse_expr_read(p, 0);
    if (p->tok.kind == DW_TOKEN_COMMA)
        return names(p, &opener, value, power);
    if (p->tok.kind != DW_TOKEN_CLOSE)
        dw_parse_slip_after(p, value, DW_SLIP_GROUP);
    dw_parse_close(p, &opener, DW_TOKEN_CLOSE);
    if (value != NULL)
        value->parenthesised = true;
    return p->lex.failed ? NULL : value;
}
