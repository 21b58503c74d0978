/* SPDX-License-Identifier: BSD-3-Clause */
/* The tree as source text again. Brackets are written wherever the grammar would read the parts in
 * another way; one statement stands on a line, blocks are indented by two blanks. */
#include "syntax/ast.h"

#include "syntax/lex.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    POWER_MAPS = 1,
    POWER_WHEN = 2,
    POWER_LOOP = 3,
    POWER_NOT = 5,
    POWER_COMPARE = 6,
    POWER_KNOB = 7,
    POWER_SIGN = 13,
    POWER_RAISE = 14,
    POWER_POSTFIX = 16,
    POWER_ATOM = 17
};

static const uint32_t NOWHERE = UINT32_MAX; /* the place of a semicolon there is not */

static void write_node(const dw_node *node, dw_buf *out, int power, unsigned indent);

static void line(dw_buf *out, unsigned indent) {
    dw_buf_byte(out, '\n');
    for (unsigned i = 0; i < indent; i++)
        dw_buf_text(out, "  ");
}

static int sign_power(dw_sign sign) {
    switch (sign) {
    case DW_SIGN_ADD:
    case DW_SIGN_SUBTRACT:
        return dw_lex_power(DW_TOKEN_PLUS);
    case DW_SIGN_POWER:
        return POWER_RAISE;
    default:
        return dw_lex_power(DW_TOKEN_TIMES);
    }
}

/* How tightly a node holds together as it is written. */
static int power_of(const dw_node *node) {
    switch (node->kind) {
    case DW_NODE_FUNCTION:
        return POWER_MAPS;
    case DW_NODE_WHEN:
        return POWER_WHEN;
    case DW_NODE_OR:
        return dw_lex_power(DW_TOKEN_OR);
    case DW_NODE_AND:
        return dw_lex_power(DW_TOKEN_AND);
    case DW_NODE_NOT:
        return POWER_NOT;
    case DW_NODE_COMPARE:
        return POWER_COMPARE;
    case DW_NODE_ARROW:
        return dw_lex_power(DW_TOKEN_ARROW);
    case DW_NODE_PLUS_MINUS:
        return dw_lex_power(DW_TOKEN_PLUS_MINUS);
    case DW_NODE_BY:
        return dw_lex_power(DW_TOKEN_BY);
    case DW_NODE_RANGE:
        return dw_lex_power(DW_TOKEN_RANGE);
    case DW_NODE_BINARY:
        return sign_power(node->op);
    case DW_NODE_NEGATE:
        return POWER_SIGN;
    case DW_NODE_CALL:
    case DW_NODE_INDEX:
    case DW_NODE_FIELD:
    case DW_NODE_TRANSPOSE:
    case DW_NODE_GRADIENT:
    case DW_NODE_HESSIAN:
        return POWER_POSTFIX;
    default:
        return POWER_ATOM;
    }
}

static void write_number(double number, dw_buf *out) {
    char text[40];
    bool whole = number < 1e15 && number - (double)(long long)number <= 0;
    for (int digits = whole ? 15 : 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) >= number && strtod(text, NULL) <= number)
            break;
    }
    dw_buf_text(out, text);
}

static void write_text(const dw_node *node, dw_buf *out) {
    for (size_t i = 0; i < node->text_size; i++) {
        char byte = node->u.text[i];
        if (byte == '"' || byte == '{' || byte == '}')
            dw_buf_byte(out, byte);
        dw_buf_byte(out, byte);
    }
}

static void write_joined(const dw_node *node, dw_buf *out, unsigned indent) {
    dw_buf_byte(out, '"');
    for (uint32_t i = 0; i < node->count; i++) {
        const dw_node *piece = node->child[i];
        if (piece->kind == DW_NODE_TEXT) {
            write_text(piece, out);
            continue;
        }
        dw_buf_byte(out, '{');
        write_node(piece->child[0], out, 0, indent);
        if (piece->digits > 0)
            dw_buf_print(out, ":%d", piece->digits);
        dw_buf_byte(out, '}');
    }
    dw_buf_byte(out, '"');
}

static void write_list(const dw_node *node, dw_buf *out, uint32_t from, uint32_t semicolon,
                       unsigned indent) {
    for (uint32_t i = from; i < node->count; i++) {
        if (i == semicolon)
            dw_buf_text(out, "; ");
        else if (i > from)
            dw_buf_text(out, ", ");
        write_node(node->child[i], out, 0, indent);
    }
}

static void write_parameters(const dw_function_node *function, dw_buf *out, unsigned indent) {
    dw_buf_byte(out, '(');
    for (uint32_t i = 0; i < function->count; i++) {
        if (i == function->inputs)
            dw_buf_text(out, "; ");
        else if (i > 0)
            dw_buf_text(out, ", ");
        dw_buf_text(out, function->parameters[i].name);
        if (function->parameters[i].fallback != NULL) {
            dw_buf_text(out, " = ");
            write_node(function->parameters[i].fallback, out, 0, indent);
        }
    }
    dw_buf_byte(out, ')');
}

static void write_names(const dw_node *node, dw_buf *out) {
    for (uint32_t i = 0; i < node->first_extra; i++) {
        dw_buf_text(out, i > 0 ? ", " : "");
        dw_buf_text(out, node->u.loop->names[i]);
    }
    dw_buf_text(out, " in ");
}

static void write_between(const dw_node *node, dw_buf *out, const char *sign, int left, int right,
                          unsigned indent) {
    write_node(node->child[0], out, left, indent);
    dw_buf_text(out, sign);
    write_node(node->child[1], out, right, indent);
}

static void write_binary(const dw_node *node, dw_buf *out, unsigned indent) {
    char sign[16];
    int power = power_of(node);
    bool raise = node->op == DW_SIGN_POWER;
    snprintf(sign, sizeof sign, raise ? "%s" : " %s ", dw_ast_sign(node->op));
    write_between(node, out, sign, raise ? POWER_RAISE + 1 : power, raise ? POWER_SIGN : power + 1,
                  indent);
}

static void write_when(const dw_node *node, dw_buf *out, unsigned indent) {
    write_node(node->child[0], out, POWER_WHEN + 1, indent);
    dw_buf_text(out, " when ");
    write_node(node->child[1], out, POWER_WHEN + 1, indent);
    dw_buf_text(out, " otherwise ");
    write_node(node->child[2], out, POWER_MAPS, indent);
}

/* Comparisons and nets: flat chains. */
static void write_chain(const dw_node *node, dw_buf *out, unsigned indent) {
    int power = power_of(node) + 1;
    for (uint32_t i = 0; i < node->count; i++) {
        if (i > 0 && node->kind == DW_NODE_COMPARE)
            dw_buf_print(out, " %s ", dw_ast_sign(node->u.ops[i - 1]));
        else if (i > 0)
            dw_buf_text(out, " → ");
        write_node(node->child[i], out, power, indent);
    }
}

static void write_comprehension(const dw_node *node, dw_buf *out, unsigned indent) {
    write_node(node->child[0], out, 0, indent);
    dw_buf_text(out, " for ");
    write_names(node, out);
    write_node(node->child[1], out, POWER_LOOP, indent);
    if (node->child[2] != NULL) {
        dw_buf_text(out, " when ");
        write_node(node->child[2], out, POWER_LOOP, indent);
    }
}

static void write_statements(const dw_node *node, dw_buf *out, unsigned indent) {
    for (uint32_t i = 0; i < node->count; i++) {
        line(out, indent);
        write_node(node->child[i], out, 0, indent);
    }
}

static void write_gradient(const dw_node *node, dw_buf *out, unsigned indent) {
    dw_buf_text(out, node->kind == DW_NODE_GRADIENT ? "∇" : "∇²");
    bool number = node->child[0]->kind == DW_NODE_NUMBER; /* ∇1.x would begin a number */
    write_node(node->child[0], out, number ? POWER_ATOM + 1 : POWER_ATOM, indent);
}

/* What binds to the value left of it: calls, elements, fields, primes. */
static void write_postfix(const dw_node *node, dw_buf *out, unsigned indent) {
    if (node->kind == DW_NODE_GRADIENT || node->kind == DW_NODE_HESSIAN) {
        write_gradient(node, out, indent);
        return;
    }
    const dw_node *value = node->child[0];
    bool bare = value->kind == DW_NODE_NUMBER && node->kind != DW_NODE_INDEX;
    dw_buf_text(out, bare ? "(" : "");
    write_node(value, out, POWER_POSTFIX, indent);
    dw_buf_text(out, bare ? ")" : "");
    if (node->kind == DW_NODE_TRANSPOSE) {
        dw_buf_byte(out, '\'');
    } else if (node->kind == DW_NODE_FIELD) {
        dw_buf_byte(out, '.');
        dw_buf_text(out, node->u.text);
    } else if (node->kind == DW_NODE_INDEX) {
        dw_buf_byte(out, '[');
        write_list(node, out, 1, NOWHERE, indent);
        dw_buf_byte(out, ']');
    } else {
        dw_buf_byte(out, '(');
        write_list(node, out, 1, node->first_extra, indent);
        dw_buf_byte(out, ')');
    }
}

static void write_rows(const dw_node *node, dw_buf *out, unsigned indent) {
    dw_buf_byte(out, '[');
    for (uint32_t i = 0; i < node->count; i++) {
        dw_buf_text(out, i > 0 ? "; " : "");
        write_list(node->child[i], out, 0, NOWHERE, indent);
    }
    dw_buf_byte(out, ']');
}

static void write_atom(const dw_node *node, dw_buf *out, unsigned indent) {
    switch (node->kind) {
    case DW_NODE_NUMBER:
        write_number(node->u.number, out);
        break;
    case DW_NODE_TEXT:
        dw_buf_byte(out, '"');
        write_text(node, out);
        dw_buf_byte(out, '"');
        break;
    case DW_NODE_JOINED_TEXT:
        write_joined(node, out, indent);
        break;
    case DW_NODE_TRUTH:
        dw_buf_text(out, node->u.number > 0 ? "true" : "false");
        break;
    case DW_NODE_NAME:
        dw_buf_text(out, node->u.text);
        break;
    case DW_NODE_ALL:
        dw_buf_byte(out, ':');
        break;
    case DW_NODE_RECORD:
        dw_buf_byte(out, '(');
        write_list(node, out, 0, NOWHERE, indent);
        dw_buf_byte(out, ')');
        break;
    case DW_NODE_LIST:
        write_rows(node, out, indent);
        break;
    default: /* do … end */
        dw_buf_text(out, "do");
        write_statements(node, out, indent + 1);
        line(out, indent);
        dw_buf_text(out, "end");
    }
}

static void write_expression(const dw_node *node, dw_buf *out, unsigned indent) {
    int power = power_of(node);
    switch (node->kind) {
    case DW_NODE_FUNCTION:
        if (node->u.function->count == 1)
            dw_buf_text(out, node->u.function->parameters[0].name);
        else
            write_parameters(node->u.function, out, indent);
        dw_buf_text(out, " ↦ ");
        write_node(node->child[0], out, POWER_MAPS, indent);
        break;
    case DW_NODE_WHEN:
        write_when(node, out, indent);
        break;
    case DW_NODE_OR:
        write_between(node, out, " or ", power, power + 1, indent);
        break;
    case DW_NODE_AND:
        write_between(node, out, " and ", power, power + 1, indent);
        break;
    case DW_NODE_PLUS_MINUS:
        write_between(node, out, " ± ", power, power + 1, indent);
        break;
    case DW_NODE_BY:
        write_between(node, out, " by ", power, power + 1, indent);
        break;
    case DW_NODE_RANGE:
        write_between(node, out, "..", power, power + 1, indent);
        break;
    case DW_NODE_NOT:
        dw_buf_text(out, "not ");
        write_node(node->child[0], out, POWER_NOT, indent);
        break;
    case DW_NODE_NEGATE:
        dw_buf_byte(out, '-');
        write_node(node->child[0], out, POWER_SIGN, indent);
        break;
    case DW_NODE_COMPARE:
    case DW_NODE_ARROW:
        write_chain(node, out, indent);
        break;
    case DW_NODE_BINARY:
        write_binary(node, out, indent);
        break;
    default:
        if (power == POWER_POSTFIX)
            write_postfix(node, out, indent);
        else
            write_atom(node, out, indent);
    }
}

static void write_block_end(const dw_node *block, dw_buf *out, unsigned indent) {
    write_statements(block, out, indent + 1);
    line(out, indent);
    dw_buf_text(out, "end");
}

static void write_if(const dw_node *node, dw_buf *out, unsigned indent) {
    for (uint32_t i = 0; i + 1 < node->count; i += 2) {
        dw_buf_text(out, i == 0 ? "if " : "else if ");
        write_node(node->child[i], out, 0, indent);
        write_statements(node->child[i + 1], out, indent + 1);
        line(out, indent);
    }
    if (node->count % 2 == 1) {
        dw_buf_text(out, "else");
        write_statements(node->child[node->count - 1], out, indent + 1);
        line(out, indent);
    }
    dw_buf_text(out, "end");
}

static void write_knobs(const dw_node *node, dw_buf *out, unsigned indent) {
    dw_buf_text(out, node->kind == DW_NODE_INTERACT ? "interact " : "animate ");
    for (uint32_t i = 0; i + 1 < node->count; i++) {
        const dw_node *knob = node->child[i];
        dw_buf_text(out, i > 0 ? ", " : "");
        dw_buf_text(out, knob->u.text);
        if (knob->child[0] != NULL) {
            dw_buf_text(out, " = ");
            write_node(knob->child[0], out, POWER_KNOB, indent);
        }
        dw_buf_text(out, " in ");
        write_node(knob->child[1], out, 0, indent);
    }
    write_block_end(node->child[node->count - 1], out, indent);
}

static void write_loop(const dw_node *node, dw_buf *out, unsigned indent) {
    dw_buf_text(out, node->kind == DW_NODE_FOR     ? "for "
                     : node->kind == DW_NODE_WHILE ? "while "
                                                   : "repeat ");
    if (node->kind == DW_NODE_FOR)
        write_names(node, out);
    write_node(node->child[0], out, 0, indent);
    write_block_end(node->child[1], out, indent);
}

static void write_assign(const dw_node *node, dw_buf *out, unsigned indent) {
    for (uint32_t i = 1; i < node->count; i++) {
        dw_buf_text(out, i > 1 ? ", " : "");
        write_node(node->child[i], out, 0, indent);
    }
    dw_buf_text(out, " = ");
    write_node(node->child[0], out, 0, indent);
}

static void write_define(const dw_node *node, dw_buf *out, unsigned indent) {
    dw_buf_text(out, node->u.text);
    write_parameters(node->child[0]->u.function, out, indent);
    dw_buf_text(out, " = ");
    write_node(node->child[0]->child[0], out, 0, indent);
}

static void write_claim(const dw_node *node, dw_buf *out, unsigned indent) {
    dw_buf_text(out, "check ");
    write_node(node->child[0], out, 0, indent);
    if (node->child[1] != NULL) {
        dw_buf_text(out, ", ");
        write_node(node->child[1], out, 0, indent);
    }
}

static void write_named(const dw_node *node, dw_buf *out, unsigned indent) {
    dw_buf_text(out, node->u.text);
    dw_buf_text(out, " = ");
    write_node(node->child[0], out, 0, indent);
}

/* Statements and parts that are no expressions; false for expressions. */
static bool write_other(const dw_node *node, dw_buf *out, unsigned indent) {
    switch (node->kind) {
    case DW_NODE_BLOCK:
        for (uint32_t i = 0; i < node->count; i++) {
            write_node(node->child[i], out, 0, indent);
            line(out, indent);
        }
        return true;
    case DW_NODE_ASSIGN:
        write_assign(node, out, indent);
        return true;
    case DW_NODE_DEFINE:
        write_define(node, out, indent);
        return true;
    case DW_NODE_IF:
        write_if(node, out, indent);
        return true;
    case DW_NODE_WHILE:
    case DW_NODE_REPEAT:
    case DW_NODE_FOR:
        write_loop(node, out, indent);
        return true;
    case DW_NODE_INTERACT:
    case DW_NODE_ANIMATE:
        write_knobs(node, out, indent);
        return true;
    case DW_NODE_CHECK_CLAIM:
        write_claim(node, out, indent);
        return true;
    case DW_NODE_HELP:
        dw_buf_byte(out, '?');
        dw_buf_text(out, node->u.text != NULL ? node->u.text : "");
        return true;
    case DW_NODE_SHOW:
        write_node(node->child[0], out, 0, indent);
        return true;
    case DW_NODE_ARGUMENT:
        write_named(node, out, indent);
        return true;
    case DW_NODE_COMPREHENSION:
        write_comprehension(node, out, indent);
        return true;
    default:
        return false;
    }
}

static void write_node(const dw_node *node, dw_buf *out, int power, unsigned indent) {
    if (write_other(node, out, indent))
        return;
    bool brackets = power_of(node) < power;
    dw_buf_text(out, brackets ? "(" : "");
    write_expression(node, out, indent);
    dw_buf_text(out, brackets ? ")" : "");
}

void dw_ast_print(const dw_node *node, dw_buf *out) {
    write_node(node, out, 0, 0);
}
