/* SPDX-License-Identifier: BSD-3-Clause */
/* Expressions: the value of a node. */
#include "lang/express.h"

#include "lang/claim.h"
#include "lang/compose.h"
#include "lang/derivative.h"
#include "lang/index.h"
#include "lang/invoke.h"
#include "lang/loop.h"
#include "lang/operate.h"
#include "lang/statement.h"
#include "lang/trace.h"
#include "syntax/parse.h"

#include <string.h>

/* ---- names ---- */

static DW_EVAL_APART bool no_value(dw_eval *e, const dw_frame *frame, const dw_node *node) {
    const char *name = node->u.text;
    if (node->place == DW_PLACE_CAPTURE)
        return dw_eval_fail(
            e, frame, node->span, DW_ERR_NAME,
            "%s had no value yet where this function was written: give it one first", name);
    if (node->place == DW_PLACE_LOCAL && dw_eval_name(e, name) != NULL)
        return dw_eval_fail(e, frame, node->span, DW_ERR_NAME,
                            "%s belongs to the notebook; return the new value instead", name);
    if (node->place == DW_PLACE_LOCAL)
        return dw_eval_fail(e, frame, node->span, DW_ERR_NAME,
                            "%s has no value yet in this function, which can read names from "
                            "outside but not change them; return the new value instead",
                            name);
    const char *hint = dw_parse_hint(name);
    if (hint != NULL)
        return strncmp(hint, "there ", 6) == 0
                   ? dw_eval_fail(e, frame, node->span, DW_ERR_NAME, "%s", hint)
                   : dw_eval_fail(e, frame, node->span, DW_ERR_NAME, "there is no %s: %s", name,
                                  hint);
    const char *near = dw_eval_nearest(e, name);
    if (near != NULL)
        return dw_eval_fail(e, frame, node->span, DW_ERR_NAME, "there is no %s; did you mean %s?",
                            name, near);
    /* plot(x^2, 0..1): the letter of a formula that should be a function. */
    bool letter = name[0] >= 's' && name[0] <= 'z' && name[1] == '\0';
    return dw_eval_fail(e, frame, node->span, DW_ERR_NAME,
                        "there is no %s: give it a value first, as in %s = 1%s%s%s", name, name,
                        letter ? "; a function of " : "", letter ? name : "",
                        letter ? " is written with ↦ or =>, as in x ↦ x^2" : "");
}

static bool eval_name(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    switch (node->place) {
    case DW_PLACE_LOCAL:
        *out = frame->slots[node->slot];
        break;
    case DW_PLACE_GLOBAL:
        *out = e->globals[node->slot];
        if (e->trace != NULL && out->kind != DW_NOTHING &&
            !dw_trace_note(e->trace, node->slot, *out, e->err))
            return false;
        break;
    case DW_PLACE_CAPTURE:
        *out = frame->function->values[node->slot];
        break;
    default:
        *out = (dw_value){.kind = DW_FUNCTION, .as.function = frame->function};
        break;
    }
    if (out->kind == DW_NOTHING)
        return no_value(e, frame, node);
    dw_value_retain(*out);
    return true;
}

/* ---- operators ---- */

static dw_operate operate(dw_eval *e) {
    return (dw_operate){.mem = e->mem, .cancel = &e->cancel, .err = e->err};
}

/* A tree of two children: works out both. */
static bool eval_two(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *a, dw_value *b) {
    if (!dw_express_node(e, frame, node->child[0], a))
        return false;
    if (dw_express_node(e, frame, node->child[1], b))
        return true;
    dw_value_release(*a);
    return false;
}

/* Any two values; both references are taken over. */
static DW_EVAL_APART bool binary_values(dw_eval *e, dw_frame *frame, const dw_node *node,
                                        dw_value a, dw_value b, dw_value *out) {
    dw_operate o = operate(e);
    bool fine =
        dw_operate_binary(&o, (dw_sign)node->op, a, b, out) || dw_eval_place(e, frame, node->mark);
    dw_value_release(a);
    dw_value_release(b);
    return fine;
}

static double combine(dw_sign sign, double x, double y) {
    switch (sign) {
    case DW_SIGN_ADD:
        return x + y;
    case DW_SIGN_SUBTRACT:
        return x - y;
    case DW_SIGN_DIVIDE:
        return x / y;
    case DW_SIGN_POWER:
        return y == 2 ? x * x : dw_elem_number2(DW_ELEM_POWER, x, y);
    default:
        return x * y;
    }
}

/* Two operands, not both of them plain numbers or names of numbers. */
static bool binary_operands(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_value a, b;
    if (!dw_express_node(e, frame, node->child[0], &a))
        return false;
    if (dw_express_number(e, frame, node->child[1], &b.as.number)) {
        b.kind = DW_NUMBER;
    } else if (!dw_express_node(e, frame, node->child[1], &b)) {
        dw_value_release(a);
        return false;
    }
    if (a.kind != DW_NUMBER || b.kind != DW_NUMBER)
        return binary_values(e, frame, node, a, b, out);
    *out = dw_value_number(combine((dw_sign)node->op, a.as.number, b.as.number));
    return true;
}

static bool eval_binary(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    double x, y;
    if (!dw_express_number(e, frame, node->child[0], &x) ||
        !dw_express_number(e, frame, node->child[1], &y))
        return binary_operands(e, frame, node, out);
    *out = dw_value_number(combine((dw_sign)node->op, x, y));
    return true;
}

static bool eval_range(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_value a, b;
    if (!eval_two(e, frame, node, &a, &b))
        return false;
    dw_operate o = operate(e);
    bool fine = (node->kind == DW_NODE_RANGE ? dw_operate_range(&o, a, b, out)
                                             : dw_operate_by(&o, a, b, out)) ||
                dw_eval_place(e, frame, node->mark);
    dw_value_release(a);
    dw_value_release(b);
    return fine;
}

/* value ± margin away from ≈: the interval around the value. */
static bool eval_plus_minus(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_value a, b;
    double middle, margin;
    char words[DW_VALUE_WORDS];
    if (!eval_two(e, frame, node, &a, &b))
        return false;
    bool fine = dw_value_as_number(a, &middle) && dw_value_as_number(b, &margin);
    if (fine)
        fine = dw_value_interval(e->mem, middle - margin, middle + margin, out, e->err);
    else
        dw_eval_fail(e, frame, node->mark, DW_ERR_TYPE, "± stands between two numbers, this is %s",
                     dw_value_words(a.kind != DW_NUMBER ? a : b, words));
    dw_value_release(a);
    dw_value_release(b);
    return fine;
}

static bool eval_unary(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_value a;
    if (!dw_express_node(e, frame, node->child[0], &a))
        return false;
    if (a.kind == DW_NUMBER && node->kind == DW_NODE_NEGATE) {
        *out = dw_value_number(-a.as.number);
        return true;
    }
    dw_operate o = operate(e);
    bool fine;
    if (node->kind == DW_NODE_NEGATE)
        fine = dw_operate_unary(&o, DW_ELEM_NEGATE, "-", a, out);
    else if (a.kind == DW_FUNCTION)
        fine = dw_derivative_of(e, a, DW_PRIME, out);
    else
        fine = dw_operate_transpose(&o, a, out);
    dw_value_release(a);
    return fine || dw_eval_place(e, frame, node->mark);
}

static DW_EVAL_APART bool no_truth(dw_eval *e, dw_frame *frame, const dw_node *node,
                                   const char *word, dw_value v) {
    char words[DW_VALUE_WORDS];
    dw_eval_fail(e, frame, node->span, DW_ERR_TYPE,
                 "%s needs true or false, this is %s: write a comparison such as x > 0", word,
                 dw_value_words(v, words));
    dw_value_release(v);
    return false;
}

static bool needs_truth(dw_eval *e, dw_frame *frame, const dw_node *node, const char *word,
                        dw_value v) {
    return dw_value_is_truth(v) || no_truth(e, frame, node, word, v);
}

/* and, or: the right side is worked out only when it matters. */
static bool eval_logic(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    bool is_and = node->kind == DW_NODE_AND;
    const char *word = is_and ? "and" : "or";
    dw_value a, b;
    if (!dw_express_node(e, frame, node->child[0], &a) ||
        !needs_truth(e, frame, node->child[0], word, a))
        return false;
    if (a.kind == DW_TRUTH && a.as.truth != is_and) {
        *out = a;
        return true;
    }
    bool fine = dw_express_node(e, frame, node->child[1], &b) &&
                needs_truth(e, frame, node->child[1], word, b);
    if (fine) {
        dw_operate o = operate(e);
        fine = dw_operate_pair(&o, is_and ? DW_ELEM_AND : DW_ELEM_OR, a, b, out) ||
               dw_eval_place(e, frame, node->mark);
        dw_value_release(b);
    }
    dw_value_release(a);
    return fine;
}

static bool eval_not(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_value a;
    if (!dw_express_node(e, frame, node->child[0], &a) ||
        !needs_truth(e, frame, node->child[0], "not", a))
        return false;
    dw_operate o = operate(e);
    bool fine = a.kind == DW_TRUTH || dw_operate_unary(&o, DW_ELEM_NOT, "not", a, out);
    if (a.kind == DW_TRUTH)
        *out = dw_value_truth(!a.as.truth);
    else if (fine && out->kind == DW_ARRAY)
        out->as.array->truth = true;
    dw_value_release(a);
    return fine || dw_eval_place(e, frame, node->mark);
}

static DW_EVAL_APART bool choose_elements(dw_eval *e, dw_frame *frame, const dw_node *node,
                                          dw_value condition, dw_value *out) {
    dw_value a, b;
    if (!dw_express_node(e, frame, node->child[0], &a))
        return false;
    bool fine = dw_express_node(e, frame, node->child[2], &b);
    if (fine) {
        dw_operate o = operate(e);
        fine = dw_operate_choose(&o, condition, a, b, out) || dw_eval_place(e, frame, node->mark);
        dw_value_release(b);
    }
    dw_value_release(a);
    return fine;
}

static bool eval_when(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_value condition;
    if (!dw_express_node(e, frame, node->child[1], &condition))
        return false;
    if (condition.kind == DW_TRUTH)
        return dw_express_node(e, frame, node->child[condition.as.truth ? 0 : 2], out);
    if (!needs_truth(e, frame, node->child[1], "when", condition))
        return false;
    bool fine = choose_elements(e, frame, node, condition, out);
    dw_value_release(condition);
    return fine;
}

/* ---- any of them ---- */

/* f', ∇f and ∇²f: functions made from a function. */
static bool eval_derivative(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_value f;
    if (!dw_express_node(e, frame, node->child[0], &f))
        return false;
    dw_derived kind = node->kind == DW_NODE_GRADIENT ? DW_GRADIENT : DW_HESSIAN;
    bool fine = dw_derivative_of(e, f, kind, out) || dw_eval_place(e, frame, node->mark);
    dw_value_release(f);
    return fine;
}

/* The kinds of node a loop over numbers rarely meets; apart, so that the frequent ones need little
 * stack. */
static DW_EVAL_APART bool express_other(dw_eval *e, dw_frame *frame, const dw_node *node,
                                        dw_value *out) {
    switch (node->kind) {
    case DW_NODE_TRUTH:
        *out = dw_value_truth(node->u.number != 0);
        return true;
    case DW_NODE_NEGATE:
    case DW_NODE_TRANSPOSE:
        return eval_unary(e, frame, node, out);
    case DW_NODE_AND:
    case DW_NODE_OR:
        return eval_logic(e, frame, node, out);
    case DW_NODE_NOT:
        return eval_not(e, frame, node, out);
    case DW_NODE_FIELD:
        return dw_index_field(e, frame, node, out);
    case DW_NODE_LIST:
        return dw_compose_list(e, frame, node, out);
    case DW_NODE_COMPREHENSION:
        return dw_loop_comprehension(e, frame, node, out);
    case DW_NODE_RECORD:
        return dw_compose_record(e, frame, node, out);
    case DW_NODE_FUNCTION:
        return dw_invoke_closure(e, frame, node, out) || dw_eval_place(e, frame, node->mark);
    case DW_NODE_TEXT:
        return dw_value_text(e->mem, node->u.text, node->text_size, out, e->err);
    case DW_NODE_JOINED_TEXT:
        return dw_compose_text(e, frame, node, out);
    case DW_NODE_RANGE:
    case DW_NODE_BY:
        return eval_range(e, frame, node, out);
    case DW_NODE_PLUS_MINUS:
        return eval_plus_minus(e, frame, node, out);
    case DW_NODE_ARROW:
        return dw_compose_chain(e, frame, node, out);
    case DW_NODE_DO:
        return dw_statement_value(e, frame, node, out);
    case DW_NODE_GRADIENT:
    case DW_NODE_HESSIAN:
        return eval_derivative(e, frame, node, out);
    default:
        return dw_eval_fail(e, frame, node->span, DW_ERR_INTERNAL,
                            "%s stands where a value belongs",
                            dw_ast_kind((dw_node_kind)node->kind));
    }
}

bool dw_express_node(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    switch (node->kind) {
    case DW_NODE_NUMBER:
        *out = dw_value_number(node->u.number);
        return true;
    case DW_NODE_NAME:
        return eval_name(e, frame, node, out);
    case DW_NODE_BINARY:
        return eval_binary(e, frame, node, out);
    case DW_NODE_CALL:
        return dw_invoke_node(e, frame, node, out);
    case DW_NODE_COMPARE:
        return dw_claim_compare(e, frame, node, out);
    case DW_NODE_WHEN:
        return eval_when(e, frame, node, out);
    case DW_NODE_INDEX:
        return dw_index_get(e, frame, node, out);
    default:
        return express_other(e, frame, node, out);
    }
}
