/* SPDX-License-Identifier: BSD-3-Clause */
/* The evaluator: walks the tree of a resolved unit. */
#include "lang/eval.h"

#include "base/text.h"
#include "lang/answer.h"
#include "lang/assign.h"
#include "lang/builtin.h"
#include "lang/claim.h"
#include "lang/index.h"
#include "lang/invoke.h"
#include "lang/lex.h"
#include "lang/loop.h"
#include "lang/operate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- errors and the outside ---- */

void dw_eval_remember(dw_eval *e, dw_unit *unit)
{
    dw_unit **place = &e->recent[unit->number % DW_EVAL_RECENT];
    if (*place == unit)
        return;
    if (*place != NULL)
        dw_unit_release(*place);
    *place = dw_unit_retain(unit);
}

const dw_unit *dw_eval_unit_of(const dw_eval *e, uint32_t number)
{
    const dw_unit *unit = e->recent[number % DW_EVAL_RECENT];
    return unit != NULL && unit->number == number ? unit : NULL;
}

bool dw_eval_place(dw_eval *e, const dw_frame *frame, dw_span span)
{
    if (frame != NULL && frame->unit != NULL) {
        dw_eval_remember(e, frame->unit);
        dw_err_place(e->err, frame->unit->number, span);
    }
    return false;
}

bool dw_eval_fail(dw_eval *e, const dw_frame *frame, dw_span span, dw_err_kind kind,
                  const char *format, ...)
{
    char text[DW_ERR_TEXT];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    dw_err_set(e->err, kind, "%s", text);
    return dw_eval_place(e, frame, span);
}

bool dw_eval_poll(dw_eval *e, const dw_frame *frame, dw_span span)
{
    if (!dw_cancel_pending(&e->cancel))
        return true;
    return dw_eval_fail(e, frame, span, DW_ERR_INTERRUPT,
                        "stopped here; everything computed before is kept");
}

void dw_eval_write(dw_eval *e, const char *text, size_t size)
{
    if (!e->quiet && size > 0 && e->host->write != NULL)
        e->host->write(e->host->context, text, size);
}

/* ---- names ---- */

bool dw_eval_slot(dw_eval *e, const char *name, uint32_t *slot, dw_err *err)
{
    if (!dw_map_add(&e->names, name, slot))
        return dw_err_memory(err, "another name");
    if (*slot < e->global_room)
        return true;
    uint32_t room = e->global_room == 0 ? 256 : 2 * e->global_room;
    dw_value *globals = dw_mem_grow(e->mem, e->globals, room * sizeof *globals);
    if (globals == NULL)
        return dw_err_memory(err, "another name");
    for (uint32_t i = e->global_room; i < room; i++)
        globals[i] = dw_value_nothing();
    e->globals = globals;
    e->global_room = room;
    return true;
}

const dw_value *dw_eval_name(const dw_eval *e, const char *name)
{
    uint32_t slot;
    if (!dw_map_find(&e->names, name, &slot) || slot >= e->global_room ||
        e->globals[slot].kind == DW_NOTHING)
        return NULL;
    return &e->globals[slot];
}

const char *dw_eval_nearest(const dw_eval *e, const char *name)
{
    const char *best = NULL;
    size_t least = strlen(name) <= 3 ? 2 : 3;
    for (uint32_t i = 0; i < e->names.count; i++) {
        if (i >= e->global_room || e->globals[i].kind == DW_NOTHING)
            continue;
        size_t distance = dw_text_distance(e->names.keys[i], name);
        if (distance > 0 && distance < least) {
            least = distance;
            best = e->names.keys[i];
        }
    }
    for (int kind = DW_TOKEN_IF; kind < DW_TOKEN_KINDS; kind++) {
        const char *word = dw_lex_spelling((dw_token_kind)kind);
        if (dw_text_distance(word, name) < least) {
            least = dw_text_distance(word, name);
            best = word;
        }
    }
    return best;
}

static bool no_value(dw_eval *e, const dw_frame *frame, const dw_node *node)
{
    const char *name = node->u.text;
    if (node->place == DW_PLACE_LOCAL) {
        if (dw_eval_name(e, name) != NULL)
            return dw_eval_fail(e, frame, node->span, DW_ERR_NAME,
                                "%s belongs to the notebook; return the new value instead", name);
        return dw_eval_fail(e, frame, node->span, DW_ERR_NAME, "%s has no value yet", name);
    }
    const char *near = dw_eval_nearest(e, name);
    if (near != NULL)
        return dw_eval_fail(e, frame, node->span, DW_ERR_NAME, "there is no %s; did you mean %s?",
                            name, near);
    return dw_eval_fail(e, frame, node->span, DW_ERR_NAME,
                        "there is no %s: give it a value first, as in %s = 1", name, name);
}

static bool eval_name(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out)
{
    switch (node->place) {
    case DW_PLACE_LOCAL:
        *out = frame->slots[node->slot];
        break;
    case DW_PLACE_GLOBAL:
        *out = e->globals[node->slot];
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

static dw_operate operate(dw_eval *e)
{
    return (dw_operate){.mem = e->mem, .cancel = &e->cancel, .err = e->err};
}

/* A tree of two children: works out both. */
static bool eval_two(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *a, dw_value *b)
{
    if (!dw_eval_node(e, frame, node->child[0], a))
        return false;
    if (dw_eval_node(e, frame, node->child[1], b))
        return true;
    dw_value_release(*a);
    return false;
}

static bool eval_binary(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out)
{
    dw_value a, b;
    if (!eval_two(e, frame, node, &a, &b))
        return false;
    if (a.kind == DW_NUMBER && b.kind == DW_NUMBER) {
        double x = a.as.number, y = b.as.number;
        switch (node->op) {
        case DW_SIGN_ADD:
            *out = dw_value_number(x + y);
            return true;
        case DW_SIGN_SUBTRACT:
            *out = dw_value_number(x - y);
            return true;
        case DW_SIGN_DIVIDE:
            *out = dw_value_number(x / y);
            return true;
        case DW_SIGN_POWER:
            *out = dw_value_number(y == 2 ? x * x : dw_elem_number2(DW_ELEM_POWER, x, y));
            return true;
        default:
            *out = dw_value_number(x * y);
            return true;
        }
    }
    dw_operate o = operate(e);
    bool fine = dw_operate_binary(&o, (dw_sign)node->op, a, b, out) ||
                dw_eval_place(e, frame, node->mark);
    dw_value_release(a);
    dw_value_release(b);
    return fine;
}

static bool eval_range(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out)
{
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
static bool eval_plus_minus(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out)
{
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

static bool eval_unary(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out)
{
    dw_value a;
    if (!dw_eval_node(e, frame, node->child[0], &a))
        return false;
    if (a.kind == DW_NUMBER && node->kind == DW_NODE_NEGATE) {
        *out = dw_value_number(-a.as.number);
        return true;
    }
    dw_operate o = operate(e);
    bool fine = node->kind == DW_NODE_TRANSPOSE
                    ? dw_operate_transpose(&o, a, out)
                    : dw_operate_unary(&o, DW_ELEM_NEGATE, "-", a, out);
    dw_value_release(a);
    return fine || dw_eval_place(e, frame, node->mark);
}

static bool is_truth(dw_value v)
{
    return v.kind == DW_TRUTH || (v.kind == DW_ARRAY && v.as.array->truth);
}

static bool needs_truth(dw_eval *e, dw_frame *frame, const dw_node *node, const char *word,
                        dw_value v)
{
    char words[DW_VALUE_WORDS];
    if (is_truth(v))
        return true;
    dw_eval_fail(e, frame, node->span, DW_ERR_TYPE,
                 "%s needs true or false, this is %s: write a comparison such as x > 0", word,
                 dw_value_words(v, words));
    dw_value_release(v);
    return false;
}

/* and, or: the right side is worked out only when it matters. */
static bool eval_logic(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out)
{
    bool is_and = node->kind == DW_NODE_AND;
    const char *word = is_and ? "and" : "or";
    dw_value a, b;
    if (!dw_eval_node(e, frame, node->child[0], &a) ||
        !needs_truth(e, frame, node->child[0], word, a))
        return false;
    if (a.kind == DW_TRUTH && a.as.truth != is_and) {
        *out = a;
        return true;
    }
    bool fine = dw_eval_node(e, frame, node->child[1], &b) &&
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

static bool eval_not(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out)
{
    dw_value a;
    if (!dw_eval_node(e, frame, node->child[0], &a) ||
        !needs_truth(e, frame, node->child[0], "not", a))
        return false;
    dw_operate o = operate(e);
    bool fine = a.kind == DW_TRUTH ? true : dw_operate_unary(&o, DW_ELEM_NOT, "not", a, out);
    if (a.kind == DW_TRUTH)
        *out = dw_value_truth(!a.as.truth);
    else if (fine && out->kind == DW_ARRAY)
        out->as.array->truth = true;
    dw_value_release(a);
    return fine || dw_eval_place(e, frame, node->mark);
}

static bool choose_elements(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value condition,
                            dw_value *out)
{
    dw_value a, b;
    if (!dw_eval_node(e, frame, node->child[0], &a))
        return false;
    bool fine = dw_eval_node(e, frame, node->child[2], &b);
    if (fine) {
        dw_operate o = operate(e);
        fine = dw_operate_choose(&o, condition, a, b, out) || dw_eval_place(e, frame, node->mark);
        dw_value_release(b);
    }
    dw_value_release(a);
    return fine;
}

static bool eval_when(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out)
{
    dw_value condition;
    if (!dw_eval_node(e, frame, node->child[1], &condition))
        return false;
    if (condition.kind == DW_TRUTH)
        return dw_eval_node(e, frame, node->child[condition.as.truth ? 0 : 2], out);
    if (!needs_truth(e, frame, node->child[1], "when", condition))
        return false;
    bool fine = choose_elements(e, frame, node, condition, out);
    dw_value_release(condition);
    return fine;
}

/* ---- texts, lists, records, chains ---- */

static bool eval_joined_text(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out)
{
    dw_buf text;
    dw_buf_init(&text, e->mem);
    bool fine = true;
    for (uint32_t i = 0; fine && i < node->count; i++) {
        const dw_node *piece = node->child[i];
        dw_value v;
        if (piece->kind == DW_NODE_TEXT) {
            dw_buf_add(&text, piece->u.text, piece->text_size);
            continue;
        }
        fine = dw_eval_node(e, frame, piece->child[0], &v);
        if (fine) {
            dw_value_insert(&text, v, piece->digits);
            dw_value_release(v);
        }
    }
    fine = fine && (!text.failed || dw_err_memory(e->err, "this text")) &&
           dw_value_text(e->mem, text.data == NULL ? "" : text.data, text.size, out, e->err);
    dw_buf_free(&text);
    return fine;
}

static bool eval_row(dw_eval *e, dw_frame *frame, const dw_node *row, dw_value *out)
{
    dw_loop_pieces pieces = {0};
    bool fine = true;
    for (uint32_t i = 0; fine && i < row->count; i++) {
        dw_value v;
        if (row->child[i]->kind == DW_NODE_COMPREHENSION) {
            fine = dw_loop_collect(e, frame, row->child[i], &pieces);
            continue;
        }
        fine = dw_eval_node(e, frame, row->child[i], &v) &&
               (v.kind != DW_NOTHING || dw_eval_fail(e, frame, row->child[i]->span, DW_ERR_TYPE,
                                                     "this gives no value to put into [ ]")) &&
               dw_loop_add(e, &pieces, v);
    }
    fine = fine && (dw_value_join(e->mem, pieces.items, pieces.count, false, out, e->err) ||
                    dw_eval_place(e, frame, row->span));
    dw_loop_free(&pieces);
    return fine;
}

static bool eval_list(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out)
{
    if (node->count == 0)
        return dw_value_join(e->mem, NULL, 0, false, out, e->err);
    if (node->count == 1)
        return eval_row(e, frame, node->child[0], out);
    dw_loop_pieces rows = {0};
    bool fine = true;
    for (uint32_t i = 0; fine && i < node->count; i++) {
        dw_value row;
        fine = eval_row(e, frame, node->child[i], &row) && dw_loop_add(e, &rows, row);
    }
    fine = fine && (dw_value_join(e->mem, rows.items, rows.count, true, out, e->err) ||
                    dw_eval_place(e, frame, node->mark));
    dw_loop_free(&rows);
    return fine;
}

static bool eval_record(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out)
{
    enum { FIELDS = 64 };
    const char *names[FIELDS];
    if (node->count > FIELDS)
        return dw_eval_fail(e, frame, node->mark, DW_ERR_LIMIT,
                            "a record has at most %d fields", FIELDS);
    for (uint32_t i = 0; i < node->count; i++) {
        names[i] = node->child[i]->u.text;
        for (uint32_t k = 0; k < i; k++)
            if (strcmp(names[i], names[k]) == 0)
                return dw_eval_fail(e, frame, node->child[i]->mark, DW_ERR_NAME,
                                    "%s is there twice: a record has each name once", names[i]);
    }
    if (!dw_value_record(e->mem, DW_RECORD, names, node->count, 0, out, e->err))
        return false;
    for (uint32_t i = 0; i < node->count; i++) {
        dw_value *field = &out->as.record->fields[i].value;
        if (!dw_eval_node(e, frame, node->child[i]->child[0], field)) {
            *field = dw_value_nothing();
            dw_value_release(*out);
            return false;
        }
    }
    return true;
}

/* f → g: a function that applies one after the other. Numbers in it would make it a net. */
static bool eval_arrow(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out)
{
    char words[DW_VALUE_WORDS];
    dw_function *chain =
        dw_mem_new(e->mem, sizeof *chain + node->count * sizeof(dw_value));
    if (chain == NULL)
        return dw_err_memory(e->err, "a chain of functions");
    *chain = (dw_function){.refs = 1};
    *out = (dw_value){.kind = DW_FUNCTION, .as.function = chain};
    for (uint32_t i = 0; i < node->count; i++) {
        dw_value *stage = &chain->values[i];
        bool fine = dw_eval_node(e, frame, node->child[i], stage);
        if (!fine)
            *stage = dw_value_nothing();
        chain->count = i + 1;
        if (fine && stage->kind == DW_NUMBER)
            fine = dw_eval_fail(e, frame, node->child[i]->span, DW_ERR_TYPE,
                                "a number between arrows is a layer of a net, and nets are not "
                                "part of this version; a chain of functions such as sin → abs is");
        else if (fine && stage->kind != DW_FUNCTION)
            fine = dw_eval_fail(e, frame, node->child[i]->span, DW_ERR_TYPE,
                                "the stages of → are functions, this is %s",
                                dw_value_words(*stage, words));
        if (!fine) {
            dw_value_release(*out);
            return false;
        }
    }
    return true;
}

static bool no_derivatives(dw_eval *e, dw_frame *frame, const dw_node *node)
{
    return dw_eval_fail(e, frame, node->mark, DW_ERR_TYPE,
                        "derivatives are not part of this version: ∇ needs the engine that comes "
                        "next");
}

bool dw_eval_node(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out)
{
    switch (node->kind) {
    case DW_NODE_NUMBER:
        *out = dw_value_number(node->u.number);
        return true;
    case DW_NODE_TRUTH:
        *out = dw_value_truth(node->u.number != 0);
        return true;
    case DW_NODE_NAME:
        return eval_name(e, frame, node, out);
    case DW_NODE_BINARY:
        return eval_binary(e, frame, node, out);
    case DW_NODE_CALL:
        return dw_invoke_node(e, frame, node, out);
    case DW_NODE_NEGATE:
    case DW_NODE_TRANSPOSE:
        return eval_unary(e, frame, node, out);
    case DW_NODE_COMPARE:
        return dw_claim_compare(e, frame, node, out);
    case DW_NODE_WHEN:
        return eval_when(e, frame, node, out);
    case DW_NODE_AND:
    case DW_NODE_OR:
        return eval_logic(e, frame, node, out);
    case DW_NODE_NOT:
        return eval_not(e, frame, node, out);
    case DW_NODE_INDEX:
        return dw_index_get(e, frame, node, out);
    case DW_NODE_FIELD:
        return dw_index_field(e, frame, node, out);
    case DW_NODE_LIST:
        return eval_list(e, frame, node, out);
    case DW_NODE_COMPREHENSION:
        return dw_loop_comprehension(e, frame, node, out);
    case DW_NODE_RECORD:
        return eval_record(e, frame, node, out);
    case DW_NODE_FUNCTION:
        return dw_invoke_closure(e, frame, node, out) || dw_eval_place(e, frame, node->mark);
    case DW_NODE_TEXT:
        return dw_value_text(e->mem, node->u.text, node->text_size, out, e->err);
    case DW_NODE_JOINED_TEXT:
        return eval_joined_text(e, frame, node, out);
    case DW_NODE_RANGE:
    case DW_NODE_BY:
        return eval_range(e, frame, node, out);
    case DW_NODE_PLUS_MINUS:
        return eval_plus_minus(e, frame, node, out);
    case DW_NODE_ARROW:
        return eval_arrow(e, frame, node, out);
    case DW_NODE_DO:
        return dw_eval_block_value(e, frame, node, out);
    case DW_NODE_GRADIENT:
    case DW_NODE_HESSIAN:
        return no_derivatives(e, frame, node);
    default:
        return dw_eval_fail(e, frame, node->span, DW_ERR_INTERNAL, "%s stands where a value belongs",
                            dw_ast_kind((dw_node_kind)node->kind));
    }
}

/* ---- statements ---- */

static bool run_if(dw_eval *e, dw_frame *frame, const dw_node *node, const dw_node **taken)
{
    char words[DW_VALUE_WORDS];
    *taken = NULL;
    for (uint32_t i = 0; i + 1 < node->count; i += 2) {
        dw_value condition;
        if (!dw_eval_node(e, frame, node->child[i], &condition))
            return false;
        if (condition.kind != DW_TRUTH) {
            dw_eval_fail(e, frame, node->child[i]->span, DW_ERR_TYPE,
                         "if needs true or false, this is %s%s", dw_value_words(condition, words),
                         is_truth(condition) ? ": choose per element with a when c otherwise b"
                                             : ": write a comparison such as x > 0");
            dw_value_release(condition);
            return false;
        }
        if (condition.as.truth) {
            *taken = node->child[i + 1];
            return true;
        }
    }
    if (node->count % 2 == 1)
        *taken = node->child[node->count - 1];
    return true;
}

static bool run_show(dw_eval *e, dw_frame *frame, const dw_node *node, bool shown, bool last)
{
    dw_value v;
    if (!dw_eval_node(e, frame, node->child[0], &v))
        return false;
    bool fine = !shown || dw_answer_value(e, frame, node->child[0]->span, v, last);
    dw_value_release(v);
    return fine;
}

static bool run(dw_eval *e, dw_frame *frame, const dw_node *node, bool shown, bool last)
{
    const dw_node *taken;
    switch (node->kind) {
    case DW_NODE_ASSIGN:
        return dw_assign_statement(e, frame, node);
    case DW_NODE_DEFINE:
        return dw_assign_define(e, frame, node);
    case DW_NODE_SHOW:
        return run_show(e, frame, node, shown, last);
    case DW_NODE_IF:
        return run_if(e, frame, node, &taken) &&
               (taken == NULL || dw_eval_block(e, frame, taken, shown));
    case DW_NODE_WHILE:
        return dw_loop_while(e, frame, node, shown);
    case DW_NODE_REPEAT:
        return dw_loop_repeat(e, frame, node, shown);
    case DW_NODE_FOR:
        return dw_loop_for(e, frame, node, shown);
    case DW_NODE_INTERACT:
    case DW_NODE_ANIMATE:
        return dw_loop_knobs(e, frame, node, shown);
    case DW_NODE_CHECK_CLAIM:
        return dw_claim_check(e, frame, node);
    case DW_NODE_HELP:
        return dw_answer_help(e, frame, node);
    default:
        return dw_eval_fail(e, frame, node->span, DW_ERR_INTERNAL,
                            "%s stands where a statement belongs",
                            dw_ast_kind((dw_node_kind)node->kind));
    }
}

bool dw_eval_block(dw_eval *e, dw_frame *frame, const dw_node *block, bool shown)
{
    for (uint32_t i = 0; i < block->count; i++)
        if (!dw_eval_poll(e, frame, block->child[i]->span) ||
            !run(e, frame, block->child[i], shown, false))
            return false;
    return true;
}

static bool last_value(dw_eval *e, dw_frame *frame, const dw_node *last, dw_value *out)
{
    const dw_node *taken;
    if (last->kind == DW_NODE_SHOW)
        return dw_eval_node(e, frame, last->child[0], out);
    if (last->kind == DW_NODE_IF) {
        *out = dw_value_nothing();
        return run_if(e, frame, last, &taken) &&
               (taken == NULL || dw_eval_block_value(e, frame, taken, out));
    }
    if (!run(e, frame, last, false, false))
        return false;
    if (last->kind == DW_NODE_ASSIGN && last->count == 2)
        return dw_eval_node(e, frame, last->child[1], out);
    if (last->kind == DW_NODE_DEFINE) {
        *out = dw_value_retain(last->place == DW_PLACE_LOCAL ? frame->slots[last->slot]
                                                             : e->globals[last->slot]);
        return true;
    }
    *out = dw_value_nothing();
    return true;
}

bool dw_eval_block_value(dw_eval *e, dw_frame *frame, const dw_node *block, dw_value *out)
{
    *out = dw_value_nothing();
    for (uint32_t i = 0; i + 1 < block->count; i++)
        if (!dw_eval_poll(e, frame, block->child[i]->span) ||
            !run(e, frame, block->child[i], false, false))
            return false;
    return block->count == 0 || last_value(e, frame, block->child[block->count - 1], out);
}

/* ---- units ---- */

/* Clears what belongs to one cell and gives the run a number of its own. */
static void start_unit(dw_eval *e, dw_unit *unit, dw_err *err)
{
    dw_eval_remember(e, unit);
    e->err = err;
    e->checks = e->checks_failed = 0;
    dw_mem_free(e->failed_text);
    e->failed_text = NULL;
    e->calls = 0;
    e->slots_used = 0;
    e->stack_base = __builtin_frame_address(0);
    atomic_store(&e->cancel.running, unit->number);
}

static bool open_frame(dw_eval *e, dw_unit *unit, dw_frame *frame)
{
    *frame = (dw_frame){.slots = e->slots, .unit = unit};
    if (unit->slots > DW_EVAL_SLOTS / 2)
        return dw_eval_fail(e, frame, unit->root->span, DW_ERR_LIMIT,
                            "this cell has more than %d loop names: split it", DW_EVAL_SLOTS / 2);
    for (uint32_t i = 0; i < unit->slots; i++)
        e->slots[i] = dw_value_nothing();
    e->slots_used = unit->slots;
    return true;
}

static void close_frame(dw_eval *e, const dw_unit *unit)
{
    atomic_store(&e->cancel.running, 0);
    for (uint32_t i = 0; i < unit->slots && i < e->slots_used; i++)
        dw_value_release(e->slots[i]);
    e->slots_used = 0;
}

bool dw_eval_unit(dw_eval *e, dw_unit *unit, dw_err *err)
{
    dw_frame frame;
    const dw_node *root = unit->root;
    start_unit(e, unit, err);
    bool fine = open_frame(e, unit, &frame);
    for (uint32_t i = 0; fine && i < root->count; i++)
        fine = dw_eval_poll(e, &frame, root->child[i]->span) &&
               run(e, &frame, root->child[i], true, i + 1 == root->count);
    close_frame(e, unit);
    if (!fine)
        dw_eval_place(e, &frame, root->span);
    return fine && dw_claim_settle(e);
}

bool dw_eval_expression(dw_eval *e, dw_unit *unit, dw_value *out, dw_err *err)
{
    dw_frame frame;
    const dw_node *root = unit->root;
    start_unit(e, unit, err);
    e->quiet = true;
    bool fine = root->count == 1 && root->child[0]->kind == DW_NODE_SHOW;
    if (!fine)
        dw_err_set(err, DW_ERR_SYNTAX, "one expression is needed here");
    fine = fine && open_frame(e, unit, &frame) &&
           dw_eval_node(e, &frame, root->child[0]->child[0], out);
    close_frame(e, unit);
    e->quiet = false;
    return fine;
}

bool dw_eval_call(dw_eval *e, dw_value function, const dw_value *args, size_t count, dw_value *out)
{
    return dw_invoke_values(e, NULL, (dw_span){0, 0}, function, args, count, out);
}

/* ---- life ---- */

static bool add_builtin(dw_eval *e, const dw_builtin *builtin, const char *name)
{
    uint32_t slot;
    dw_err ignored = {0};
    if (!dw_eval_slot(e, name, &slot, &ignored))
        return false;
    if (builtin->run == NULL) {
        e->globals[slot] = dw_value_number(builtin->constant);
        return true;
    }
    dw_function *f = dw_mem_new(e->mem, sizeof *f);
    if (f == NULL)
        return false;
    f->refs = 1;
    f->builtin = builtin;
    const char *start;
    size_t size;
    bool optional, rest;
    for (size_t i = 0; dw_builtin_parameter(builtin, i, &start, &size, &optional, &rest); i++) {
        f->parameters++;
        f->rest = f->rest || rest;
        if (!optional)
            f->required = f->parameters;
    }
    dw_value_release(e->globals[slot]);
    e->globals[slot] = (dw_value){.kind = DW_FUNCTION, .as.function = f};
    return true;
}

bool dw_eval_init(dw_eval *e, dw_mem *mem, const dw_host *host)
{
    *e = (dw_eval){.mem = mem, .host = host, .rng = dw_rng_seed(0)};
    dw_map_init(&e->names, mem);
    e->slots = dw_mem_raw(mem, DW_EVAL_SLOTS * sizeof *e->slots);
    if (e->slots == NULL)
        return false;
    const dw_builtin *builtin;
    for (size_t i = 0; (builtin = dw_builtin_at(i)) != NULL; i++)
        if (!add_builtin(e, builtin, builtin->name) ||
            (builtin->alias != NULL && !add_builtin(e, builtin, builtin->alias)))
            return false;
    return true;
}

void dw_eval_free(dw_eval *e)
{
    for (size_t i = 0; i < DW_EVAL_RECENT; i++)
        if (e->recent[i] != NULL)
            dw_unit_release(e->recent[i]);
    if (e->plotter != NULL)
        dw_lib_plot_free(e->plotter);
    for (uint32_t i = 0; i < e->global_room; i++)
        dw_value_release(e->globals[i]);
    dw_mem_free(e->globals);
    dw_mem_free(e->slots);
    dw_mem_free(e->failed_text);
    dw_map_free(&e->names);
    *e = (dw_eval){0};
}
