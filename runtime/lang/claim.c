/* SPDX-License-Identifier: BSD-3-Clause */
/* Comparing, and claims. */
#include "lang/claim.h"

#include "lang/express.h"

#include "lang/operate.h"

#include <stdio.h>
#include <string.h>

static dw_operate operate(dw_eval *e) {
    return (dw_operate){.mem = e->mem, .cancel = &e->cancel, .err = e->err};
}

/* Releases a and returns b, for chains of operations where each step owns its operand. */
static bool step(const dw_operate *o, dw_elem_binary op, dw_value *a, dw_value b) {
    dw_value next;
    bool fine = dw_operate_pair(o, op, *a, b, &next);
    dw_value_release(*a);
    *a = fine ? next : dw_value_nothing();
    return fine;
}

static bool magnitude(const dw_operate *o, dw_value v, dw_value *out) {
    return dw_operate_unary(o, DW_ELEM_ABS, "≈", v, out);
}

/* Six digits: a millionth of the larger side, but at least a millionth. */
static bool usual_margin(const dw_operate *o, dw_value a, dw_value b, dw_value *out) {
    dw_value other;
    if (!magnitude(o, a, out))
        return false;
    if (!magnitude(o, b, &other)) {
        dw_value_release(*out);
        return false;
    }
    bool fine = step(o, DW_ELEM_MAX, out, other) && step(o, DW_ELEM_MAX, out, dw_value_number(1)) &&
                step(o, DW_ELEM_MULTIPLY, out, dw_value_number(1e-6));
    dw_value_release(other);
    return fine;
}

/* a ≈ b: |a - b| ≤ margin. Margin NOTHING: the usual one. */
static bool about(dw_eval *e, dw_value a, dw_value b, dw_value margin, dw_value *out) {
    dw_operate o = operate(e);
    dw_value gap, limit;
    bool fine = dw_operate_binary(&o, DW_SIGN_SUBTRACT, a, b, &gap);
    if (!fine)
        return false;
    fine = magnitude(&o, gap, &limit);
    dw_value_release(gap);
    if (!fine)
        return false;
    gap = limit;
    if (margin.kind != DW_NOTHING)
        limit = dw_value_retain(margin);
    else
        fine = usual_margin(&o, a, b, &limit);
    if (fine) {
        fine = dw_operate_compare(&o, DW_SIGN_LESS_EQUAL, gap, limit, out);
        dw_value_release(limit);
    }
    dw_value_release(gap);
    return fine;
}

/* The right side of ≈: value and margin of `b ± c`. */
static bool right_side(dw_eval *e, dw_frame *frame, const dw_node *node, dw_sign sign,
                       dw_value *value, dw_value *margin) {
    *margin = dw_value_nothing();
    if (sign != DW_SIGN_ABOUT || node->kind != DW_NODE_PLUS_MINUS)
        return dw_express_node(e, frame, node, value);
    if (!dw_express_node(e, frame, node->child[0], value))
        return false;
    if (dw_express_node(e, frame, node->child[1], margin))
        return true;
    dw_value_release(*value);
    return false;
}

static bool compare_two(dw_eval *e, dw_sign sign, dw_value a, dw_value b, dw_value margin,
                        dw_value *out) {
    dw_operate o = operate(e);
    if (sign == DW_SIGN_ABOUT)
        return about(e, a, b, margin, out);
    return dw_operate_compare(&o, sign, a, b, out);
}

/* Adds the truth of one link of the chain to that of the links before. */
static bool both(dw_eval *e, dw_value *so_far, dw_value link) {
    dw_operate o = operate(e);
    if (so_far->kind == DW_NOTHING) {
        *so_far = link;
        return true;
    }
    bool fine = step(&o, DW_ELEM_AND, so_far, link);
    dw_value_release(link);
    return fine;
}

bool dw_claim_compare(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_value left, right, margin, link, all = dw_value_nothing();
    if (!dw_express_node(e, frame, node->child[0], &left))
        return false;
    bool fine = true;
    for (uint32_t i = 1; fine && i < node->count; i++) {
        dw_sign sign = (dw_sign)node->u.ops[i - 1];
        fine = right_side(e, frame, node->child[i], sign, &right, &margin);
        if (!fine)
            break;
        fine =
            compare_two(e, sign, left, right, margin, &link) || dw_eval_place(e, frame, node->mark);
        dw_value_release(left);
        dw_value_release(margin);
        left = right;
        fine = fine && both(e, &all, link);
    }
    dw_value_release(left);
    if (fine)
        *out = all;
    else
        dw_value_release(all);
    return fine;
}

/* ---- check ---- */

/* How many elements of a claim hold, of how many. */
static bool count_truths(dw_value v, size_t *holds, size_t *of) {
    *of = 1;
    *holds = v.kind == DW_TRUTH && v.as.truth;
    if (v.kind != DW_ARRAY || !v.as.array->truth)
        return v.kind == DW_TRUTH;
    *of = v.as.array->size;
    for (size_t i = 0; i < *of; i++)
        *holds += v.as.array->data[i] != 0;
    return true;
}

/* Works out both sides of a failed claim once more to show them; the functions of the language are
 * pure, and random draws are taken from where the claim took them. */
static void add_sides(dw_eval *e, dw_frame *frame, const dw_node *claim, dw_buf *out) {
    dw_value left, right, margin;
    if (claim->kind != DW_NODE_COMPARE || claim->count != 2)
        return;
    if (!dw_express_node(e, frame, claim->child[0], &left))
        return;
    if (right_side(e, frame, claim->child[1], (dw_sign)claim->u.ops[0], &right, &margin)) {
        dw_buf_text(out, "   left side ");
        dw_value_insert(out, left, 0);
        dw_buf_text(out, ", right side ");
        dw_value_insert(out, right, 0);
        if (margin.kind != DW_NOTHING) {
            dw_buf_text(out, " ± ");
            dw_value_insert(out, margin, 0);
        }
        dw_value_release(right);
        dw_value_release(margin);
    }
    dw_value_release(left);
}

/* The claim as it was written, on one line. */
static void add_source(const dw_frame *frame, dw_span span, dw_buf *out) {
    bool blank = false;
    for (uint32_t i = span.start; i < span.end && i < frame->unit->size; i++) {
        char c = frame->unit->source[i];
        bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!space || !blank)
            dw_buf_byte(out, space ? ' ' : c);
        blank = space;
    }
}

static bool add_why(dw_eval *e, dw_frame *frame, const dw_node *node, dw_buf *out) {
    dw_value why;
    if (node->count < 2 || node->child[1] == NULL)
        return true;
    if (!dw_express_node(e, frame, node->child[1], &why))
        return false;
    dw_buf_text(out, "   (");
    dw_value_insert(out, why, 0);
    dw_buf_text(out, ")");
    dw_value_release(why);
    return true;
}

static void remember_failure(dw_eval *e, const dw_frame *frame, const dw_node *claim,
                             const dw_buf *line) {
    e->checks_failed++;
    if (e->failed_text != NULL || line->data == NULL)
        return;
    e->failed_text = dw_mem_text(e->mem, line->data, line->size);
    e->failed_span = claim->span;
    e->failed_unit = frame->unit->number;
}

static bool report(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value held, dw_rng before) {
    size_t holds, of;
    const dw_node *claim = node->child[0];
    (void)count_truths(held, &holds, &of);
    bool passed = holds == of;
    e->checks++;
    if (passed && frame->function != NULL)
        return true;
    dw_buf line;
    dw_buf_init(&line, e->mem);
    add_source(frame, claim->span, &line);
    if (!passed) {
        dw_rng after = e->rng;
        e->rng = before;
        add_sides(e, frame, claim, &line);
        e->rng = after;
        if (of > 1)
            dw_buf_print(&line, "   (%zu of %zu elements do not hold)", of - holds, of);
    }
    bool fine = add_why(e, frame, node, &line);
    if (!passed)
        remember_failure(e, frame, claim, &line);
    dw_eval_write(e, passed ? "✓ " : "✗ ", strlen("✓ "));
    dw_eval_write(e, line.data == NULL ? "" : line.data, line.size);
    dw_eval_write(e, "\n", 1);
    dw_buf_free(&line);
    return fine;
}

bool dw_claim_check(dw_eval *e, dw_frame *frame, const dw_node *node) {
    dw_value held;
    size_t holds, of;
    char words[DW_VALUE_WORDS];
    dw_rng before = e->rng;
    if (!dw_express_node(e, frame, node->child[0], &held))
        return false;
    bool fine = count_truths(held, &holds, &of);
    if (!fine)
        dw_eval_fail(e, frame, node->child[0]->span, DW_ERR_TYPE,
                     "check needs something that is true or false, such as a ≈ b; this is %s",
                     dw_value_words(held, words));
    fine = fine && report(e, frame, node, held, before);
    dw_value_release(held);
    return fine;
}

bool dw_claim_settle(dw_eval *e) {
    if (e->checks_failed == 0)
        return true;
    const char *said = e->failed_text != NULL ? e->failed_text : "";
    if (e->checks == 1)
        dw_err_set(e->err, DW_ERR_CHECK, "the check does not hold: %s", said);
    else
        dw_err_set(e->err, DW_ERR_CHECK, "%u of %u checks do not hold, the first is %s",
                   e->checks_failed, e->checks, said);
    return dw_err_place(e->err, e->failed_unit, e->failed_span);
}
