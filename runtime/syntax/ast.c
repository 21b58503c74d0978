/* SPDX-License-Identifier: BSD-3-Clause */
/* Nodes and units: making them, comparing them, letting go of them. */
#include "syntax/ast.h"

#include <string.h>

dw_node *dw_ast_node(dw_arena *arena, dw_node_kind kind, dw_span span, uint32_t count) {
    dw_node *node = dw_arena_new(arena, sizeof *node + count * sizeof node->child[0]);
    if (node == NULL)
        return NULL;
    node->kind = (uint16_t)kind;
    node->span = node->mark = span;
    node->count = count;
    node->height = 1;
    return node;
}

const char *dw_ast_kind(dw_node_kind kind) {
    static const char *const names[] = {
#define DW_NODE_KIND(name, children) #name,
#include "syntax/node.def"
#undef DW_NODE_KIND
    };
    return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "?";
}

const char *dw_ast_sign(dw_sign sign) {
    static const char *const signs[] = {"",   "+", "-", "*", ".*", "·", "/", "^",
                                        "==", "≠", "<", "≤", ">",  "≥", "≈", "in"};
    return (size_t)sign < sizeof signs / sizeof *signs ? signs[sign] : "?";
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_function(const dw_function_node *a, const dw_function_node *b) {
    if (!same_text(a->name, b->name) || a->inputs != b->inputs || a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!same_text(a->parameters[i].name, b->parameters[i].name) ||
            !dw_ast_equal(a->parameters[i].fallback, b->parameters[i].fallback))
            return false;
    return true;
}

static bool same_contents(const dw_node *a, const dw_node *b) {
    switch (a->kind) {
    case DW_NODE_NUMBER:
    case DW_NODE_TRUTH:
        return memcmp(&a->u.number, &b->u.number, sizeof a->u.number) == 0;
    case DW_NODE_TEXT:
        return a->text_size == b->text_size && memcmp(a->u.text, b->u.text, a->text_size) == 0;
    case DW_NODE_NAME:
    case DW_NODE_ARGUMENT:
    case DW_NODE_FIELD:
    case DW_NODE_DEFINE:
    case DW_NODE_KNOB:
    case DW_NODE_HELP:
        return same_text(a->u.text, b->u.text);
    case DW_NODE_FUNCTION:
        return same_function(a->u.function, b->u.function);
    case DW_NODE_COMPARE:
        return memcmp(a->u.ops, b->u.ops, a->count - 1) == 0;
    case DW_NODE_CALL:
        return a->first_extra == b->first_extra;
    case DW_NODE_FOR:
    case DW_NODE_COMPREHENSION:
        if (a->first_extra != b->first_extra)
            return false;
        for (uint32_t i = 0; i < a->first_extra; i++)
            if (!same_text(a->u.loop->names[i], b->u.loop->names[i]))
                return false;
        return true;
    default:
        return true;
    }
}

bool dw_ast_equal(const dw_node *a, const dw_node *b) {
    if (a == NULL || b == NULL)
        return a == b;
    if (a->kind != b->kind || a->op != b->op || a->digits != b->digits || a->count != b->count ||
        !same_contents(a, b))
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!dw_ast_equal(a->child[i], b->child[i]))
            return false;
    return true;
}

dw_unit *dw_unit_new(dw_mem *mem, uint32_t number, const char *name, uint32_t first_line,
                     const char *source, size_t size) {
    dw_unit *unit = dw_mem_new(mem, sizeof *unit);
    if (unit == NULL)
        return NULL;
    unit->refs = 1;
    unit->number = number;
    unit->first_line = first_line;
    unit->size = size;
    dw_arena_init(&unit->arena, mem);
    unit->name = dw_arena_text(&unit->arena, name, strlen(name));
    unit->source = dw_arena_text(&unit->arena, source, size);
    if (unit->name == NULL || unit->source == NULL) {
        dw_unit_release(unit);
        return NULL;
    }
    return unit;
}

dw_unit *dw_unit_retain(dw_unit *unit) {
    unit->refs++;
    return unit;
}

void dw_unit_release(dw_unit *unit) {
    if (unit == NULL || --unit->refs > 0)
        return;
    dw_arena_free(&unit->arena);
    dw_mem_free(unit);
}
