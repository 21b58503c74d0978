/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests of the parser: reads a text and writes its tree as one line of brackets. */
#ifndef TREE_H
#define TREE_H

#include "syntax/ast.h"
#include "syntax/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A parsed text; unit->root is NULL when it is wrong, then err says why. */
typedef struct {
    dw_mem mem;
    dw_unit *unit;
    dw_err err;
} tree;

static inline bool tree_open_bytes(tree *t, const char *source, size_t size) {
    memset(t, 0, sizeof *t);
    t->unit = dw_unit_new(&t->mem, 7, "cell 1", 1, source, size);
    assert_non_null(t->unit);
    bool good = dw_parse_unit(t->unit, &t->err);
    assert_int_equal(good, t->unit->root != NULL);
    assert_int_equal(good, t->err.kind == DW_ERR_NONE);
    return good;
}

static inline bool tree_open(tree *t, const char *source) {
    return tree_open_bytes(t, source, strlen(source));
}

/* Frees all and asserts that nothing leaked. */
static inline void tree_close(tree *t) {
    dw_unit_release(t->unit);
    assert_int_equal(t->mem.used, 0);
}

static inline void tree_number(double number, dw_buf *out) {
    char text[40];
    snprintf(text, sizeof text, "%.17g", number);
    char shorter[40];
    snprintf(shorter, sizeof shorter, "%.6g", number);
    dw_buf_text(out,
                strtod(shorter, NULL) < number || strtod(shorter, NULL) > number ? text : shorter);
}

static inline void tree_write(const dw_node *node, dw_buf *out);

static inline void tree_function(const dw_function_node *f, dw_buf *out) {
    dw_buf_print(out, " %s[", f->name != NULL ? f->name : "");
    for (uint32_t i = 0; i < f->count; i++) {
        dw_buf_print(out, "%s%s", i == f->inputs ? "; " : i > 0 ? ", " : "", f->parameters[i].name);
        if (f->parameters[i].fallback != NULL) {
            dw_buf_text(out, "=");
            tree_write(f->parameters[i].fallback, out);
        }
    }
    dw_buf_text(out, "]");
}

static inline void tree_details(const dw_node *node, dw_buf *out) {
    switch (node->kind) {
    case DW_NODE_TEXT:
    case DW_NODE_ARGUMENT:
    case DW_NODE_FIELD:
    case DW_NODE_DEFINE:
    case DW_NODE_KNOB:
    case DW_NODE_HELP:
        dw_buf_print(out, " %s", node->u.text != NULL ? node->u.text : "-");
        break;
    case DW_NODE_BINARY:
        dw_buf_print(out, " %s", dw_ast_sign(node->op));
        break;
    case DW_NODE_COMPARE:
        for (uint32_t i = 0; i + 1 < node->count; i++)
            dw_buf_print(out, " %s", dw_ast_sign(node->u.ops[i]));
        break;
    case DW_NODE_INSERT:
        if (node->digits > 0)
            dw_buf_print(out, " :%d", node->digits);
        break;
    case DW_NODE_FOR:
    case DW_NODE_COMPREHENSION:
        for (uint32_t i = 0; i < node->first_extra; i++)
            dw_buf_print(out, " %s", node->u.loop->names[i]);
        break;
    case DW_NODE_FUNCTION:
        tree_function(node->u.function, out);
        break;
    default:
        break;
    }
}

/* (KIND details child …); names and numbers stand alone, a missing child is _. */
static inline void tree_write(const dw_node *node, dw_buf *out) {
    if (node == NULL) {
        dw_buf_text(out, "_");
    } else if (node->kind == DW_NODE_NAME) {
        dw_buf_text(out, node->u.text);
    } else if (node->kind == DW_NODE_NUMBER) {
        tree_number(node->u.number, out);
    } else {
        dw_buf_print(out, "(%s", dw_ast_kind(node->kind));
        tree_details(node, out);
        for (uint32_t i = 0; i < node->count; i++) {
            if (node->kind == DW_NODE_CALL && i == node->first_extra)
                dw_buf_text(out, " ;");
            dw_buf_byte(out, ' ');
            tree_write(node->child[i], out);
        }
        dw_buf_byte(out, ')');
    }
}

/* Asserts the tree of a text: its statements without the (BLOCK …) around them. */
static inline void tree_is(const char *source, const char *expected) {
    tree t;
    dw_buf out;
    if (!tree_open(&t, source))
        fail_msg("%s: %s", source, t.err.text);
    dw_buf_init(&out, &t.mem);
    for (uint32_t i = 0; i < t.unit->root->count; i++) {
        dw_buf_text(&out, i > 0 ? " " : "");
        const dw_node *statement = t.unit->root->child[i];
        tree_write(statement->kind == DW_NODE_SHOW ? statement->child[0] : statement, &out);
    }
    assert_false(out.failed);
    if (strcmp(out.data == NULL ? "" : out.data, expected) != 0)
        fail_msg("%s\n  is       %s\n  expected %s", source, out.data, expected);
    dw_buf_free(&out);
    tree_close(&t);
}

/* Asserts that a text is wrong: what the caret marks, and a part of the message. */
static inline void tree_fails(const char *source, const char *marked, const char *message) {
    tree t;
    if (tree_open(&t, source))
        fail_msg("%s: this should be wrong", source);
    assert_true(t.err.has_place);
    assert_int_equal(t.err.unit, 7);
    assert_true(t.err.span.start <= t.err.span.end && t.err.span.end <= strlen(source));
    size_t size = t.err.span.end - t.err.span.start;
    if (size != strlen(marked) || memcmp(source + t.err.span.start, marked, size) != 0)
        fail_msg("%s: marks '%.*s', not '%s' (%s)", source, (int)size, source + t.err.span.start,
                 marked, t.err.text);
    if (strstr(t.err.text, message) == NULL)
        fail_msg("%s: says '%s', not '%s'", source, t.err.text, message);
    static const char *const strange[] = {"token",      "identifier", "lvalue", "rank",
                                          "expression", "syntax",     "parse"};
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        if (strstr(t.err.text, strange[i]) != NULL)
            fail_msg("%s: a student does not know '%s'", t.err.text, strange[i]);
    tree_close(&t);
}

#endif
