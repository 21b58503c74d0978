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

/* Puts the result of an operation with b in the place of a. */
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

/* Six digits: a millionth of the larger side, but at least a millionth (and never infinite: ∞ is
 * about nothing but itself). */
static bool usual_margin(const dw_operate *o, dw_value a, dw_value b, dw_value *out) {
    dw_value other;
    if (!magnitude(o, a, out))
        return false;
    if (!magnitude(o, b, &other)) {
        return dw_value_drop(out);
    }
    bool fine = step(o, DW_ELEM_MAX, out, other) && step(o, DW_ELEM_MAX, out, dw_value_number(1)) &&
                step(o, DW_ELEM_MULTIPLY, out, dw_value_number(1e-6)) &&
                step(o, DW_ELEM_MIN, out, dw_value_number(1e300));
    dw_value_release(other);
    return fine;
}

/* |a - b| ≤ limit; limit is released. */
static bool within(const dw_operate *o, dw_value a, dw_value b, dw_value limit, dw_value *out) {
    dw_value gap, size;
    bool fine = dw_operate_binary(o, DW_SIGN_SUBTRACT, a, b, &gap);
    if (fine) {
        fine = magnitude(o, gap, &size);
        dw_value_release(gap);
    }
    if (fine) {
        fine = dw_operate_compare(o, DW_SIGN_LESS_EQUAL, size, limit, out);
        dw_value_release(size);
    }
    dw_value_release(limit);
    return fine;
}

/* a ≈ b: equal (so ∞ ≈ ∞), or not further apart than the margin. NOTHING: the usual margin. */
static bool about(const dw_operate *o, dw_value a, dw_value b, dw_value margin, dw_value *out) {
    dw_value limit = dw_value_retain(margin), equal;
    if (margin.kind == DW_NOTHING && !usual_margin(o, a, b, &limit))
        return false;
    if (!within(o, a, b, limit, out))
        return false;
    bool fine = dw_operate_pair(o, DW_ELEM_EQUAL, a, b, &equal);
    if (fine) {
        fine = step(o, DW_ELEM_OR, out, equal);
        dw_value_release(equal);
    } else {
        dw_value_drop(out);
    }
    return fine;
}

/* The two sides of one sign of a chain; margin is NOTHING unless the right one is `b ± c`. */
typedef struct {
    dw_value left, right, margin;
} sides;

/* The right side of a sign: value and margin of `b ± c` after ≈. */
static bool right_side(dw_eval *e, dw_frame *frame, const dw_node *node, dw_sign sign, sides *s) {
    s->margin = dw_value_nothing();
    if (sign != DW_SIGN_ABOUT || node->kind != DW_NODE_PLUS_MINUS)
        return dw_express_node(e, frame, node, &s->right);
    if (!dw_express_node(e, frame, node->child[0], &s->right))
        return false;
    if (dw_express_node(e, frame, node->child[1], &s->margin))
        return true;
    dw_value_release(s->right);
    return false;
}

static DW_EVAL_APART bool compare_sides(dw_eval *e, dw_sign sign, const sides *s, dw_value *out) {
    dw_operate o = operate(e);
    if (sign == DW_SIGN_ABOUT)
        return about(&o, s->left, s->right, s->margin, out);
    return dw_operate_compare(&o, sign, s->left, s->right, out);
}

/* Two numbers and one sign: the usual condition of a loop or case. */
static bool compare_numbers(dw_sign sign, double a, double b, bool *out) {
    switch (sign) {
    case DW_SIGN_EQUAL:
        *out = a == b;
        return true;
    case DW_SIGN_UNEQUAL:
        *out = a != b;
        return true;
    case DW_SIGN_LESS:
        *out = a < b;
        return true;
    case DW_SIGN_LESS_EQUAL:
        *out = a <= b;
        return true;
    case DW_SIGN_GREATER:
        *out = a > b;
        return true;
    case DW_SIGN_GREATER_EQUAL:
        *out = a >= b;
        return true;
    default:
        return false;
    }
}

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

static bool all_hold(dw_value v) {
    size_t holds, of;
    return count_truths(v, &holds, &of) && holds == of;
}

/* One sign of a chain. *failed gets the sides of the first one that does not hold. */
static bool compare_link(dw_eval *e, dw_sign sign, const sides *s, sides *failed, dw_value *link) {
    bool holds;
    if (s->left.kind == DW_NUMBER && s->right.kind == DW_NUMBER &&
        compare_numbers(sign, s->left.as.number, s->right.as.number, &holds))
        *link = dw_value_truth(holds);
    else if (!compare_sides(e, sign, s, link))
        return false;
    if (failed != NULL && failed->right.kind == DW_NOTHING && !all_hold(*link)) {
        *failed = *s;
        dw_value_retain(s->left);
        dw_value_retain(s->right);
        dw_value_retain(s->margin);
    }
    return true;
}

/* The truth of a chain; failed may be NULL. */
static bool compare(dw_eval *e, dw_frame *frame, const dw_node *node, sides *failed,
                    dw_value *out) {
    sides s = {.left = {.kind = DW_NOTHING}};
    *out = dw_value_nothing();
    if (!dw_express_node(e, frame, node->child[0], &s.left))
        return false;
    bool fine = true;
    for (uint32_t i = 1; fine && i < node->count; i++) {
        dw_value link;
        dw_sign sign = (dw_sign)node->u.ops[i - 1];
        fine = right_side(e, frame, node->child[i], sign, &s);
        if (!fine)
            break;
        fine = (compare_link(e, sign, &s, failed, &link) && both(e, out, link)) ||
               dw_eval_place(e, frame, node->mark);
        dw_value_release(s.left);
        dw_value_release(s.margin);
        s.left = s.right;
    }
    dw_value_release(s.left);
    if (!fine)
        dw_value_drop(out);
    return fine;
}

bool dw_claim_compare(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    double x, y;
    bool holds;
    if (node->count == 2 && dw_express_number(e, frame, node->child[0], &x) &&
        dw_express_number(e, frame, node->child[1], &y) &&
        compare_numbers((dw_sign)node->u.ops[0], x, y, &holds)) {
        *out = dw_value_truth(holds);
        return true;
    }
    return compare(e, frame, node, NULL, out);
}

/* ---- check ---- */

static void release_sides(sides *s) {
    dw_value_release(s->left);
    dw_value_release(s->right);
    dw_value_release(s->margin);
}

/* On one line, texts in quotes. */
static void add_side(dw_buf *out, dw_value v) {
    if (v.kind == DW_TEXT)
        dw_value_show(out, v);
    else
        dw_value_insert(out, v, 0);
}

/* The values a failed claim compared: of a chain such as 0 ≤ x ≤ 1 those of the
 * first sign that does not hold. */
static void add_sides(const sides *s, dw_buf *out) {
    if (s->right.kind == DW_NOTHING)
        return;
    dw_buf_text(out, "   left side ");
    add_side(out, s->left);
    dw_buf_text(out, ", right side ");
    add_side(out, s->right);
    if (s->margin.kind != DW_NOTHING) {
        dw_buf_text(out, " ± ");
        dw_value_insert(out, s->margin, 0);
    }
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

static bool remember_failure(dw_eval *e, const dw_frame *frame, const dw_node *claim,
                             const dw_buf *line) {
    e->checks_failed++;
    if (e->failed_text != NULL)
        return true;
    e->failed_text = dw_mem_text(e->mem, line->data, line->size);
    e->failed_span = claim->span;
    e->failed_unit = frame->unit->number;
    return e->failed_text != NULL || dw_err_memory(e->err, "this check");
}

static bool report(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value held,
                   const sides *failed) {
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
        add_sides(failed, &line);
        if (of > 1)
            dw_buf_print(&line, "   (it holds for %zu of %zu elements)", holds, of);
    }
    bool fine = add_why(e, frame, node, &line);
    if (line.failed)
        fine = dw_err_memory(e->err, "this check");
    else if (!passed)
        fine = remember_failure(e, frame, claim, &line) && fine;
    if (!line.failed) {
        dw_eval_tell(e, passed ? "✓ " : "✗ ", strlen("✓ "));
        dw_eval_tell(e, line.data, line.size);
        dw_eval_tell(e, "\n", 1);
    }
    dw_buf_free(&line);
    return fine;
}

bool dw_claim_check(dw_eval *e, dw_frame *frame, const dw_node *node) {
    dw_value held;
    size_t holds, of;
    char words[DW_VALUE_WORDS];
    const dw_node *claim = node->child[0];
    sides failed = {.right = {.kind = DW_NOTHING}};
    if (e->ahead)
        return true;
    if (claim->kind == DW_NODE_COMPARE ? !compare(e, frame, claim, &failed, &held)
                                       : !dw_express_node(e, frame, claim, &held))
        return false;
    bool fine = count_truths(held, &holds, &of);
    if (!fine)
        dw_eval_fail(e, frame, claim->span, DW_ERR_TYPE,
                     "check needs something that is true or false, such as a ≈ b; this is %s",
                     dw_value_words(held, words));
    fine = fine && report(e, frame, node, held, &failed);
    release_sides(&failed);
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
