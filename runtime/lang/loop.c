/* SPDX-License-Identifier: BSD-3-Clause */
/* The constructs of the shape `name in range`, and the other loops. */
#include "lang/loop.h"

#include "lang/assign.h"
#include "lang/express.h"
#include "lang/replay.h"
#include "lang/statement.h"

#include <math.h>

/* ---- comprehensions ---- */

void dw_loop_free(dw_loop_pieces *pieces) {
    for (size_t i = 0; i < pieces->count; i++)
        dw_value_release(pieces->items[i]);
    dw_mem_free(pieces->items);
    *pieces = (dw_loop_pieces){0};
}

bool dw_loop_add(dw_eval *e, dw_loop_pieces *pieces, dw_value taken) {
    if (pieces->count == pieces->room) {
        size_t room = pieces->room == 0 ? 16 : 2 * pieces->room;
        dw_value *items = dw_mem_grow(e->mem, pieces->items, room * sizeof *items);
        if (items == NULL) {
            dw_value_release(taken);
            return dw_err_memory(e->err, "so many values");
        }
        pieces->items = items;
        pieces->room = room;
    }
    pieces->items[pieces->count++] = taken;
    return true;
}

/* Whether the element is wanted: what stands after `when`, if anything. */
static bool wanted(dw_eval *e, dw_frame *frame, const dw_node *node, bool *out) {
    dw_value condition;
    char words[DW_VALUE_WORDS];
    *out = true;
    if (node->count < 3 || node->child[2] == NULL)
        return true;
    if (!dw_express_node(e, frame, node->child[2], &condition))
        return false;
    if (condition.kind == DW_TRUTH) {
        *out = condition.as.truth;
        return true;
    }
    dw_eval_fail(e, frame, node->child[2]->span, DW_ERR_TYPE,
                 "when needs true or false for each element, this is %s",
                 dw_value_words(condition, words));
    dw_value_release(condition);
    return false;
}

/* Empties the slots of a comprehension from number `from` on: what one element gave a name is gone
 * for the next, so that their order does not matter. */
static void forget(dw_frame *frame, const dw_node *node, uint32_t from) {
    dw_value *own = &frame->slots[node->u.loop->slots[0]];
    for (uint32_t i = from; i < node->slot; i++)
        (void)dw_value_drop(&own[i]);
}

/* A comprehension at work. */
typedef struct {
    dw_eval *e;
    dw_frame *frame;
    const dw_node *node;
    dw_value range;
    dw_rng stream;
    dw_loop_pieces *pieces;
} comprehension;

static bool element(const comprehension *c, size_t i, bool rehearsal) {
    dw_eval *e = c->e;
    dw_value v;
    bool keep;
    if (!dw_eval_poll(e, c->frame, c->node->span) ||
        !dw_value_element(e->mem, c->range, i, &v, e->err) ||
        !dw_assign_names(e, c->frame, c->node, v) || !wanted(e, c->frame, c->node, &keep))
        return false;
    if (!keep)
        return true;
    if (!dw_express_node(e, c->frame, c->node->child[0], &v))
        return false;
    if (v.kind == DW_NOTHING)
        return true; /* print and the like: nothing to collect */
    if (rehearsal)
        dw_value_release(v);
    return rehearsal || dw_loop_add(e, c->pieces, v);
}

static bool run_element(void *context, size_t i, bool rehearsal) {
    const comprehension *c = context;
    c->e->rng = dw_rng_split(&c->stream, c->stream.counter, i);
    forget(c->frame, c->node, c->node->first_extra);
    return element(c, i, rehearsal) || dw_eval_place(c->e, c->frame, c->node->span);
}

void dw_loop_forget(dw_frame *frame, const dw_node *node) {
    forget(frame, node, 0);
}

static bool collect(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value range,
                    dw_loop_pieces *pieces) {
    size_t length;
    bool fine =
        dw_value_length(range, &length, e->err) || dw_eval_place(e, frame, node->child[1]->span);
    comprehension c = {e, frame, node, range, e->rng, pieces};
    fine = fine && dw_replay_run(e, length, run_element, &c);
    e->rng = c.stream;
    e->rng.counter++;
    forget(frame, node, 0);
    return fine;
}

bool dw_loop_collect(dw_eval *e, dw_frame *frame, const dw_node *node, dw_loop_pieces *pieces) {
    dw_value range;
    if (!dw_express_node(e, frame, node->child[1], &range))
        return false;
    bool fine = collect(e, frame, node, range, pieces);
    dw_value_release(range);
    return fine;
}

bool dw_loop_over(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value range, dw_value *out) {
    dw_loop_pieces pieces = {0};
    bool fine = collect(e, frame, node, range, &pieces) &&
                (dw_value_join(e->mem, pieces.items, pieces.count, false, out, e->err) ||
                 dw_eval_place(e, frame, node->span));
    dw_loop_free(&pieces);
    return fine;
}

bool dw_loop_comprehension(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_value range;
    if (!dw_express_node(e, frame, node->child[1], &range))
        return false;
    bool fine = dw_loop_over(e, frame, node, range, out);
    dw_value_release(range);
    return fine;
}

/* ---- for ---- */

/* One round of a loop; every statement of its block looks whether the user asked to stop. */
static bool round_of(dw_eval *e, dw_frame *frame, const dw_node *loop, const dw_node *block,
                     bool shown) {
    return block->count > 0 ? dw_statement_block(e, frame, block, shown)
                            : dw_eval_poll(e, frame, loop->mark);
}

enum { LOOP_NAMES = 8 };

/* At top level the names of a for get their earlier values back afterwards. */
static void save_names(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *saved) {
    for (uint32_t i = 0; i < node->first_extra; i++) {
        dw_value *place = node->u.loop->places[i] == DW_PLACE_LOCAL
                              ? &frame->slots[node->u.loop->slots[i]]
                              : &e->globals[node->u.loop->slots[i]];
        saved[i] = dw_value_retain(*place);
    }
}

static void restore_names(dw_eval *e, dw_frame *frame, const dw_node *node, const dw_value *saved) {
    for (uint32_t i = 0; i < node->first_extra; i++)
        dw_assign_place(e, frame, node->u.loop->places[i], node->u.loop->slots[i], saved[i]);
}

bool dw_loop_for(dw_eval *e, dw_frame *frame, const dw_node *node, bool shown) {
    dw_value range, saved[LOOP_NAMES];
    size_t length;
    if (node->first_extra > LOOP_NAMES)
        return dw_eval_fail(e, frame, node->mark, DW_ERR_LIMIT, "a for takes at most %d names",
                            LOOP_NAMES);
    if (!dw_express_node(e, frame, node->child[0], &range))
        return false;
    bool fine =
        dw_value_length(range, &length, e->err) || dw_eval_place(e, frame, node->child[0]->span);
    if (fine) {
        bool outermost = e->rounds == 0;
        e->rounds = outermost ? length : e->rounds;
        save_names(e, frame, node, saved);
        for (size_t i = 0; fine && i < length; i++) {
            dw_value v;
            e->round = outermost ? i : e->round;
            fine = dw_value_element(e->mem, range, i, &v, e->err) &&
                   dw_assign_names(e, frame, node, v) &&
                   round_of(e, frame, node, node->child[1], shown);
        }
        restore_names(e, frame, node, saved);
        e->rounds = outermost ? 0 : e->rounds;
    }
    dw_value_release(range);
    return fine;
}

/* ---- while, repeat ---- */

bool dw_loop_while(dw_eval *e, dw_frame *frame, const dw_node *node, bool shown) {
    char words[DW_VALUE_WORDS];
    for (;;) {
        dw_value condition;
        if (!dw_express_node(e, frame, node->child[0], &condition))
            return false;
        if (condition.kind != DW_TRUTH) {
            dw_eval_fail(e, frame, node->child[0]->span, DW_ERR_TYPE,
                         "while needs true or false, this is %s", dw_value_words(condition, words));
            dw_value_release(condition);
            return false;
        }
        if (!condition.as.truth)
            return true;
        if (!round_of(e, frame, node, node->child[1], shown))
            return false;
    }
}

bool dw_loop_repeat(dw_eval *e, dw_frame *frame, const dw_node *node, bool shown) {
    dw_value times;
    double n;
    char words[DW_VALUE_WORDS];
    if (!dw_express_node(e, frame, node->child[0], &times))
        return false;
    bool number = dw_value_as_number(times, &n);
    bool fine = number && n >= 0 && n == floor(n) && n <= 9e15;
    if (!number)
        dw_eval_fail(e, frame, node->child[0]->span, DW_ERR_TYPE,
                     "repeat needs a number of times, this is %s", dw_value_words(times, words));
    else if (!fine)
        dw_eval_fail(e, frame, node->child[0]->span, DW_ERR_VALUE,
                     "repeat needs a whole number of times from 0 on, this is %.6g", n);
    dw_value_release(times);
    bool outermost = e->rounds == 0;
    uint64_t end = fine ? (uint64_t)n : 0;
    e->rounds = outermost ? end : e->rounds;
    for (uint64_t i = 0; fine && i < end; i++) {
        e->round = outermost ? i : e->round;
        fine = round_of(e, frame, node, node->child[1], shown);
    }
    e->rounds = outermost ? 0 : e->rounds;
    return fine;
}
