/* SPDX-License-Identifier: BSD-3-Clause */
/* Statements, one after another. */
#include "lang/statement.h"

#include "lang/answer.h"
#include "lang/assign.h"
#include "lang/claim.h"
#include "lang/express.h"
#include "lang/knobs.h"
#include "lang/loop.h"

static DW_EVAL_APART bool no_truth(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value v) {
    char words[DW_VALUE_WORDS];
    dw_eval_fail(e, frame, node->span, DW_ERR_TYPE, "if needs true or false, this is %s%s",
                 dw_value_words(v, words),
                 dw_value_is_truth(v) ? ": choose per element with a when c otherwise b"
                                      : ": write a comparison such as x > 0");
    dw_value_release(v);
    return false;
}

static bool run_if(dw_eval *e, dw_frame *frame, const dw_node *node, const dw_node **taken) {
    *taken = NULL;
    for (uint32_t i = 0; i + 1 < node->count; i += 2) {
        dw_value condition;
        if (!dw_express_node(e, frame, node->child[i], &condition))
            return false;
        if (condition.kind != DW_TRUTH)
            return no_truth(e, frame, node->child[i], condition);
        if (condition.as.truth) {
            *taken = node->child[i + 1];
            return true;
        }
    }
    if (node->count % 2 == 1)
        *taken = node->child[node->count - 1];
    return true;
}

static bool run_show(dw_eval *e, dw_frame *frame, const dw_node *node, bool shown, bool last) {
    dw_value v;
    if (!dw_express_node(e, frame, node->child[0], &v))
        return false;
    bool fine = !shown || dw_answer_value(e, frame, node->child[0]->span, v, last);
    dw_value_release(v);
    return fine;
}

bool dw_statement_run(dw_eval *e, dw_frame *frame, const dw_node *node, bool shown, bool last) {
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
               (taken == NULL || dw_statement_block(e, frame, taken, shown));
    case DW_NODE_WHILE:
        return dw_loop_while(e, frame, node, shown);
    case DW_NODE_REPEAT:
        return dw_loop_repeat(e, frame, node, shown);
    case DW_NODE_FOR:
        return dw_loop_for(e, frame, node, shown);
    case DW_NODE_INTERACT:
    case DW_NODE_ANIMATE:
        return dw_knobs_run(e, frame, node, shown);
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

bool dw_statement_block(dw_eval *e, dw_frame *frame, const dw_node *block, bool shown) {
    for (uint32_t i = 0; i < block->count; i++)
        if (!dw_eval_poll(e, frame, block->child[i]->span) ||
            !dw_statement_run(e, frame, block->child[i], shown, false))
            return false;
    return true;
}

static bool last_value(dw_eval *e, dw_frame *frame, const dw_node *last, dw_value *out) {
    const dw_node *taken;
    if (last->kind == DW_NODE_SHOW)
        return dw_express_node(e, frame, last->child[0], out);
    if (last->kind == DW_NODE_IF) {
        *out = dw_value_nothing();
        return run_if(e, frame, last, &taken) &&
               (taken == NULL || dw_statement_value(e, frame, taken, out));
    }
    if (!dw_statement_run(e, frame, last, false, false))
        return false;
    if (last->kind == DW_NODE_ASSIGN && last->count == 2)
        return dw_express_node(e, frame, last->child[1], out);
    if (last->kind == DW_NODE_DEFINE) {
        *out = dw_value_retain(last->place == DW_PLACE_LOCAL ? frame->slots[last->slot]
                                                             : e->globals[last->slot]);
        return true;
    }
    *out = dw_value_nothing();
    return true;
}

bool dw_statement_value(dw_eval *e, dw_frame *frame, const dw_node *block, dw_value *out) {
    *out = dw_value_nothing();
    for (uint32_t i = 0; i + 1 < block->count; i++)
        if (!dw_eval_poll(e, frame, block->child[i]->span) ||
            !dw_statement_run(e, frame, block->child[i], false, false))
            return false;
    return block->count == 0 || last_value(e, frame, block->child[block->count - 1], out);
}
