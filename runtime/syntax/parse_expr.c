/* SPDX-License-Identifier: BSD-3-Clause */
/* Values: one function that reads signs by their binding power, one that begins a value, and the
 * two that need names (functions without a name, loops inside lists). */
#include "syntax/parse_rules.h"

#include <string.h>

enum {
    RECURSION = 800,
    FEW_SIGNS = 8,
    POWER_MAPS = 1,
    POWER_WHEN = 2,
    POWER_NOT = 5,
    POWER_COMPARE = 6,
    POWER_SIGN = 13,
    POWER_RAISE = 14
};

static dw_node *one(dw_parser *p, dw_node_kind kind, dw_node *child, uint32_t start, dw_span mark) {
    uint32_t base = p->used;
    dw_parse_push(p, child);
    return dw_parse_make(p, kind, base, start, mark);
}

static dw_node *two(dw_parser *p, dw_node_kind kind, dw_node *left, dw_node *right, uint32_t start,
                    dw_span mark) {
    uint32_t base = p->used;
    dw_parse_push(p, left);
    dw_parse_push(p, right);
    return dw_parse_make(p, kind, base, start, mark);
}

static dw_node *leaf(dw_parser *p, dw_node_kind kind, double number) {
    dw_span span = p->tok.span;
    dw_parse_advance(p);
    dw_node *node = dw_parse_make(p, kind, p->used, span.start, span);
    if (node != NULL)
        node->u.number = number;
    return node;
}

static dw_node *name(dw_parser *p) {
    dw_span span = p->tok.span;
    const char *text = dw_parse_name(p, span);
    dw_parse_advance(p);
    dw_node *node = dw_parse_make(p, DW_NODE_NAME, p->used, span.start, span);
    if (node != NULL)
        node->u.text = text;
    return node;
}

/* ∇ and ∇² take the next atom, tighter than a call. */
static dw_node *atom(dw_parser *p, int power);

static dw_node *gradient(dw_parser *p, dw_node_kind kind) {
    dw_span mark = p->tok.span;
    dw_parse_advance(p);
    if (p->tok.kind == DW_TOKEN_NABLA || p->tok.kind == DW_TOKEN_NABLA_SQUARED)
        dw_parse_fail(p, (dw_span){mark.start, p->tok.span.end},
                      "∇ takes a name or brackets: write ∇²f, or ∇(∇f)");
    dw_node *value = dw_parse_at_line_end(p) ? NULL : atom(p, POWER_RAISE);
    if (value == NULL && !p->lex.failed)
        dw_parse_slip_operand(p);
    return one(p, kind, value, mark.start, mark);
}

static dw_node *atom(dw_parser *p, int power) {
    switch (p->tok.kind) {
    case DW_TOKEN_NUMBER:
        return leaf(p, DW_NODE_NUMBER, p->tok.number);
    case DW_TOKEN_TRUE:
        return leaf(p, DW_NODE_TRUTH, 1);
    case DW_TOKEN_FALSE:
        return leaf(p, DW_NODE_TRUTH, 0);
    case DW_TOKEN_NAME:
        return name(p);
    case DW_TOKEN_TEXT:
        return dw_parse_text_read(p);
    case DW_TOKEN_OPEN:
        return dw_parse_list_group(p, power);
    case DW_TOKEN_OPEN_SQUARE:
        return dw_parse_list_read(p);
    case DW_TOKEN_DO:
        return dw_parse_stmt_do(p);
    default:
        dw_parse_slip_operand(p);
        return NULL;
    }
}

/* The begin of a value: a sign or not before it, a gradient, or an atom. */
static dw_node *begin(dw_parser *p, int power) {
    dw_span mark = p->tok.span;
    switch (p->tok.kind) {
    case DW_TOKEN_MINUS:
        dw_parse_advance(p);
        return one(p, DW_NODE_NEGATE, dw_parse_expr_read(p, POWER_SIGN), mark.start, mark);
    case DW_TOKEN_PLUS:
        dw_parse_advance(p);
        return dw_parse_expr_read(p, POWER_SIGN);
    case DW_TOKEN_NOT:
        dw_parse_advance(p);
        return one(p, DW_NODE_NOT, dw_parse_expr_read(p, POWER_NOT), mark.start, mark);
    case DW_TOKEN_NABLA:
        return gradient(p, DW_NODE_GRADIENT);
    case DW_TOKEN_NABLA_SQUARED:
        return gradient(p, DW_NODE_HESSIAN);
    default:
        return atom(p, power);
    }
}

dw_node *dw_parse_expr_function(dw_parser *p, dw_function_node *function, dw_node *body,
                                uint32_t start, dw_span mark) {
    dw_node *node = one(p, DW_NODE_FUNCTION, body, start, mark);
    if (node == NULL)
        return NULL;
    node->u.function = function;
    for (uint32_t i = 0; i < function->count; i++) {
        const dw_node *fallback = function->parameters[i].fallback;
        if (fallback != NULL && fallback->height >= node->height)
            node->height = (uint16_t)(fallback->height + 1);
    }
    return node;
}

/* name ↦ …; the form with brackets is read by dw_parse_list_group. */
static dw_node *maps_to(dw_parser *p, const dw_node *left, uint32_t start) {
    dw_span mark = p->tok.span;
    if (left == NULL || left->kind != DW_NODE_NAME) {
        dw_parse_fail(p, left == NULL ? mark : left->span,
                      "left of ↦ stand names: write x ↦ … or (x, y) ↦ …, and brackets around a "
                      "function inside a formula");
        return NULL;
    }
    dw_function_node *function = dw_parse_room(p, 1, sizeof *function);
    dw_parameter *parameter = dw_parse_room(p, 1, sizeof *parameter);
    if (function == NULL || parameter == NULL)
        return NULL;
    *parameter = (dw_parameter){.name = left->u.text, .span = left->span};
    *function = (dw_function_node){
        .parameters = parameter, .inputs = 1, .count = 1, .head = {start, p->last.span.end}};
    dw_parse_advance(p);
    return dw_parse_expr_function(p, function, dw_parse_expr_read(p, POWER_MAPS), start, mark);
}

/* value when condition otherwise value */
static dw_node *when(dw_parser *p, dw_node *value, uint32_t start) {
    uint32_t base = p->used;
    dw_span mark = p->tok.span;
    dw_parse_push(p, value);
    dw_parse_advance(p);
    dw_node *condition = dw_parse_expr_read(p, POWER_WHEN + 1);
    dw_parse_push(p, condition);
    if (p->tok.kind == DW_TOKEN_OTHERWISE && !dw_parse_at_line_end(p))
        dw_parse_advance(p);
    else if (p->tok.kind == DW_TOKEN_ELSE && !dw_parse_at_line_end(p))
        dw_parse_fail(p, p->tok.span,
                      "behind when stands otherwise: write a when condition "
                      "otherwise b");
    else if (p->tok.kind == DW_TOKEN_GIVES ||
             (p->tok.kind == DW_TOKEN_NAME && !dw_parse_at_line_end(p)))
        dw_parse_slip_after(p, condition, DW_SLIP_GROUP);
    else {
        dw_parse_ends_early(p);
        dw_parse_fail(p, mark, "when needs its otherwise: write a when condition otherwise b");
    }
    dw_parse_push(p, dw_parse_expr_read(p, POWER_MAPS));
    return dw_parse_make(p, DW_NODE_WHEN, base, start, mark);
}

static dw_sign sign_of(dw_token_kind kind) {
    switch (kind) {
    case DW_TOKEN_PLUS:
        return DW_SIGN_ADD;
    case DW_TOKEN_MINUS:
        return DW_SIGN_SUBTRACT;
    case DW_TOKEN_TIMES:
        return DW_SIGN_TIMES;
    case DW_TOKEN_ELEMENTWISE:
        return DW_SIGN_ELEMENTWISE;
    case DW_TOKEN_DOT:
        return DW_SIGN_DOT;
    case DW_TOKEN_DIVIDE:
        return DW_SIGN_DIVIDE;
    case DW_TOKEN_POWER:
        return DW_SIGN_POWER;
    case DW_TOKEN_EQUAL:
        return DW_SIGN_EQUAL;
    case DW_TOKEN_UNEQUAL:
        return DW_SIGN_UNEQUAL;
    case DW_TOKEN_LESS:
        return DW_SIGN_LESS;
    case DW_TOKEN_LESS_EQUAL:
        return DW_SIGN_LESS_EQUAL;
    case DW_TOKEN_GREATER:
        return DW_SIGN_GREATER;
    case DW_TOKEN_GREATER_EQUAL:
        return DW_SIGN_GREATER_EQUAL;
    case DW_TOKEN_ABOUT:
        return DW_SIGN_ABOUT;
    case DW_TOKEN_IN:
        return DW_SIGN_IN;
    default:
        return DW_SIGN_NONE;
    }
}

/* How tightly the word to be read binds to the value before it; 0: not at all. */
static int power_here(const dw_parser *p) {
    if (p->lines && p->tok.line && p->tok.kind != DW_TOKEN_ARROW)
        return 0;
    switch (p->tok.kind) {
    case DW_TOKEN_OPEN:
    case DW_TOKEN_OPEN_SQUARE:
    case DW_TOKEN_PRIME:
    case DW_TOKEN_RAISED_T:
    case DW_TOKEN_SUPERSCRIPT: /* these must touch */
        return p->tok.space ? 0 : dw_lex_power(p->tok.kind);
    default:
        return dw_lex_power(p->tok.kind);
    }
}

/* a < b ≤ c … and a → b → c …: one flat node each. The signs go to the unit in the end. */
static dw_node *chain(dw_parser *p, dw_node *left, uint32_t start, int power) {
    uint32_t base = p->used;
    dw_span mark = p->tok.span;
    uint8_t few[FEW_SIGNS];
    dw_buf many;
    size_t count = 0;
    dw_buf_init(&many, p->arena->mem);
    dw_parse_push(p, left);
    while (power_here(p) == power) {
        uint8_t sign = (uint8_t)sign_of(p->tok.kind);
        if (count == FEW_SIGNS)
            dw_buf_add(&many, few, FEW_SIGNS);
        if (count < FEW_SIGNS)
            few[count] = sign;
        else
            dw_buf_add(&many, &sign, 1);
        count++;
        dw_parse_advance(p);
        dw_parse_push(p, dw_parse_expr_read(p, power + 1));
    }
    bool compare = power == POWER_COMPARE;
    dw_node *node = dw_parse_make(p, compare ? DW_NODE_COMPARE : DW_NODE_ARROW, base, start, mark);
    if (node != NULL && compare) {
        node->u.ops = many.failed ? NULL : dw_parse_room(p, count, 1);
        if (node->u.ops != NULL)
            memcpy(node->u.ops, count > FEW_SIGNS ? (uint8_t *)many.data : few, count);
        else
            dw_parse_memory(p);
    }
    dw_buf_free(&many);
    return p->lex.failed ? NULL : node;
}

/* A sign with a blank before and none behind it, inside [ ]: [1 -1] has two readings. */
static void refuse_ambiguous(dw_parser *p, const dw_token *sign) {
    bool square = p->opener != NULL && p->opener->kind == DW_TOKEN_OPEN_SQUARE;
    if (!square || !sign->space || p->tok.space || p->tok.kind == DW_TOKEN_END)
        return;
    dw_parse_fail(p, (dw_span){sign->span.start, p->tok.span.end},
                  "this reads as a subtraction or a sum: write a comma for two elements, or put "
                  "spaces on both sides of %s",
                  sign->kind == DW_TOKEN_PLUS ? "+" : "-");
}

static dw_node *binary(dw_parser *p, dw_node *left, uint32_t start) {
    dw_token sign = p->tok;
    int power = dw_lex_power(sign.kind);
    dw_parse_advance(p);
    if (sign.kind == DW_TOKEN_PLUS || sign.kind == DW_TOKEN_MINUS)
        refuse_ambiguous(p, &sign);
    dw_node *right = dw_parse_expr_read(p, sign.kind == DW_TOKEN_POWER ? power : power + 1);
    dw_node_kind kind = sign.kind == DW_TOKEN_OR           ? DW_NODE_OR
                        : sign.kind == DW_TOKEN_AND        ? DW_NODE_AND
                        : sign.kind == DW_TOKEN_PLUS_MINUS ? DW_NODE_PLUS_MINUS
                        : sign.kind == DW_TOKEN_BY         ? DW_NODE_BY
                        : sign.kind == DW_TOKEN_RANGE      ? DW_NODE_RANGE
                                                           : DW_NODE_BINARY;
    dw_node *node = two(p, kind, left, right, start, sign.span);
    if (node != NULL && kind == DW_NODE_BINARY)
        node->op = (uint8_t)sign_of(sign.kind);
    return node;
}

/* x², x⁻¹: a power whose exponent is the raised number. */
static dw_node *raised(dw_parser *p, dw_node *left, uint32_t start) {
    dw_span mark = p->tok.span;
    double value = p->tok.number;
    bool negative = value < 0;
    dw_node *exponent = leaf(p, DW_NODE_NUMBER, negative ? -value : value);
    if (negative)
        exponent = one(p, DW_NODE_NEGATE, exponent, mark.start, mark);
    dw_node *node = two(p, DW_NODE_BINARY, left, exponent, start, mark);
    if (node != NULL)
        node->op = DW_SIGN_POWER;
    return node;
}

/* value.name; words of the language may be names of fields. */
static dw_node *field(dw_parser *p, dw_node *left, uint32_t start) {
    dw_span point = p->tok.span;
    dw_parse_advance(p);
    dw_span span = p->tok.span;
    bool word =
        span.end > span.start && (p->tok.kind == DW_TOKEN_NAME || p->tok.kind >= DW_TOKEN_IF);
    if (!word || dw_parse_at_line_end(p)) {
        if (p->tok.kind == DW_TOKEN_NUMBER && !p->tok.space)
            dw_parse_fail(p, (dw_span){point.start, span.end},
                          "a point needs a digit on both sides: write 0%.*s",
                          (int)(span.end - point.start < 40 ? span.end - point.start : 40),
                          p->lex.source + point.start);
        else {
            dw_parse_ends_early(p);
            dw_parse_fail(p, point, "behind the point stands the name of a field, as in fit.loss");
        }
        return NULL;
    }
    const char *text = dw_parse_name(p, span);
    dw_parse_advance(p);
    dw_node *node = one(p, DW_NODE_FIELD, left, start, span);
    if (node != NULL)
        node->u.text = text;
    if (node != NULL && left->kind == DW_NODE_CALL)
        left->u.text = text;
    return node;
}

/* One step to the right: the value read so far with the sign to be read. */
static dw_node *extend(dw_parser *p, dw_node *left, uint32_t start) {
    dw_span mark = p->tok.span;
    switch (p->tok.kind) {
    case DW_TOKEN_MAPS_TO:
        return maps_to(p, left, start);
    case DW_TOKEN_WHEN:
        return when(p, left, start);
    case DW_TOKEN_ARROW:
        return chain(p, left, start, dw_lex_power(DW_TOKEN_ARROW));
    case DW_TOKEN_OPEN:
        return dw_parse_list_call(p, left, start);
    case DW_TOKEN_OPEN_SQUARE:
        return dw_parse_list_index(p, left, start);
    case DW_TOKEN_POINT:
        return field(p, left, start);
    case DW_TOKEN_SUPERSCRIPT:
        return raised(p, left, start);
    case DW_TOKEN_PRIME:
    case DW_TOKEN_RAISED_T:
        dw_parse_advance(p);
        return one(p, DW_NODE_TRANSPOSE, left, start, mark);
    default:
        return dw_lex_power(p->tok.kind) == POWER_COMPARE ? chain(p, left, start, POWER_COMPARE)
                                                          : binary(p, left, start);
    }
}

dw_node *dw_parse_expr_read(dw_parser *p, int power) {
    uint32_t start = p->tok.span.start;
    if (++p->depth > RECURSION)
        dw_parse_limit(p, p->tok.span, "signs and brackets stand", RECURSION);
    dw_node *left = begin(p, power);
    for (int here = power_here(p); here > 0 && here >= power; here = power_here(p))
        left = extend(p, left, start);
    p->depth--;
    return p->lex.failed ? NULL : left;
}

void dw_parse_expr_names(dw_parser *p, dw_buf *spans) {
    dw_buf_init(spans, p->arena->mem);
    while (p->tok.kind == DW_TOKEN_NAME && !dw_parse_at_line_end(p)) {
        dw_buf_add(spans, &p->tok.span, sizeof p->tok.span);
        dw_parse_advance(p);
        if (p->tok.kind != DW_TOKEN_COMMA)
            break;
        dw_parse_advance(p);
    }
    if (spans->failed)
        dw_parse_memory(p);
    else if (spans->size == 0 || p->tok.kind != DW_TOKEN_IN || p->last.kind == DW_TOKEN_COMMA)
        dw_parse_slip_names(p);
    else
        dw_parse_advance(p);
}

void dw_parse_expr_keep(dw_parser *p, dw_node *into, const dw_buf *spans) {
    uint32_t count = (uint32_t)(spans->size / sizeof(dw_span));
    const char **names = dw_parse_room(p, count, sizeof *names);
    dw_span *kept = dw_parse_room(p, count, sizeof *kept);
    uint32_t *slots = dw_parse_room(p, count, sizeof *slots);
    uint8_t *places = dw_parse_room(p, count, sizeof *places);
    dw_loop_names *loop = dw_parse_room(p, 1, sizeof *loop);
    if (into == NULL || names == NULL || kept == NULL || slots == NULL || places == NULL ||
        loop == NULL)
        return;
    memcpy(kept, spans->data, spans->size);
    for (uint32_t i = 0; i < count; i++)
        names[i] = dw_parse_name(p, kept[i]);
    into->first_extra = count;
    *loop = (dw_loop_names){names, kept, slots, places};
    into->u.loop = loop;
    dw_parse_distinct(p, names, kept, count);
}
