/* SPDX-License-Identifier: BSD-3-Clause */
/* The evaluator: walks the tree of a resolved unit. */
#include "lang/eval.h"

#include "base/text.h"
#include "lang/builtin.h"
#include "lang/claim.h"
#include "lang/express.h"
#include "lang/invoke.h"
#include "lang/panels.h"
#include "lang/progress.h"
#include "lang/statement.h"
#include "syntax/lex.h"

#include <stdarg.h>
#include <string.h>

/* ---- errors and the outside ---- */

void dw_eval_remember(dw_eval *e, dw_unit *unit) {
    size_t at = 0;
    while (at < DW_EVAL_RECENT - 1 && e->recent[at] != NULL && e->recent[at] != unit)
        at++;
    if (e->recent[at] != unit) {
        dw_unit_retain(unit);
        dw_unit_release(e->recent[at]);
    }
    memmove(e->recent + 1, e->recent, at * sizeof *e->recent);
    e->recent[0] = unit;
}

const dw_unit *dw_eval_unit_of(const dw_eval *e, uint32_t number) {
    for (size_t i = 0; i < DW_EVAL_RECENT && e->recent[i] != NULL; i++)
        if (e->recent[i]->number == number)
            return e->recent[i];
    return NULL;
}

bool dw_eval_place(dw_eval *e, const dw_frame *frame, dw_span span) {
    if (frame != NULL && frame->unit != NULL) {
        dw_eval_remember(e, frame->unit);
        dw_err_place(e->err, frame->unit->number, span);
    }
    return false;
}

bool dw_eval_fail(dw_eval *e, const dw_frame *frame, dw_span span, dw_err_kind kind,
                  const char *format, ...) {
    va_list list;
    va_start(list, format);
    dw_err_vset(e->err, kind, format, list);
    va_end(list);
    return dw_eval_place(e, frame, span);
}

void dw_eval_called(dw_eval *e, const dw_frame *caller, dw_span place) {
    if (caller == NULL || caller->unit == NULL || e->err == NULL ||
        e->err->call_count >= DW_ERR_CALLS)
        return;
    dw_eval_remember(e, caller->unit);
    dw_err_called(e->err, caller->unit->number, place);
}

bool dw_eval_stop(dw_eval *e, const dw_frame *frame, dw_span span) {
    return dw_eval_fail(e, frame, span, DW_ERR_INTERRUPT,
                        "stopped here; everything computed before is kept");
}

void dw_eval_write(dw_eval *e, const char *text, size_t size) {
    e->shown++;
    if (!e->quiet && size > 0 && e->host->write != NULL)
        e->host->write(e->host->context, text, size);
}

void dw_eval_tell(dw_eval *e, const char *text, size_t size) {
    const dw_host *host = e->host;
    if (e->aloud != NULL)
        e->host = e->aloud;
    dw_eval_write(e, text, size);
    e->host = host;
}

/* ---- names ---- */

bool dw_eval_slot(dw_eval *e, const char *name, uint32_t *slot, dw_err *err) {
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

const dw_value *dw_eval_name(const dw_eval *e, const char *name) {
    uint32_t slot;
    if (!dw_map_find(&e->names, name, &slot) || slot >= e->global_room ||
        e->globals[slot].kind == DW_NOTHING)
        return NULL;
    return &e->globals[slot];
}

/* How many slips of the pen a name of this length may hold; a single letter none at all. */
static size_t slips_of(const char *name) {
    size_t letters = dw_text_width(name, strlen(name));
    return letters <= 1 ? 0 : letters <= 5 ? 1 : 2;
}

const char *dw_eval_nearest(const dw_eval *e, const char *name) {
    const char *best = NULL;
    size_t least = slips_of(name) + 1;
    for (uint32_t i = 0; i < e->names.count; i++) {
        if (i >= e->global_room || e->globals[i].kind == DW_NOTHING)
            continue;
        size_t distance = dw_text_distance(e->names.keys[i], name);
        if (distance > 0 && distance < least && slips_of(e->names.keys[i]) > 0) {
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

/* ---- units ---- */

/* Clears what belongs to one cell and gives the run a number of its own. */
static void start_unit(dw_eval *e, dw_unit *unit, uint64_t run, dw_err *err) {
    dw_eval_remember(e, unit);
    e->err = err;
    e->checks = e->checks_failed = 0;
    dw_mem_free(e->failed_text);
    e->failed_text = NULL;
    e->calls = 0;
    e->slots_used = 0;
    e->rounds = 0;
    e->stack_base = __builtin_frame_address(0);
    atomic_store(&e->cancel.running, run);
}

static bool open_frame(dw_eval *e, dw_unit *unit, dw_frame *frame) {
    *frame = (dw_frame){.slots = e->slots, .unit = unit};
    if (unit->slots > DW_EVAL_SLOTS / 2)
        return dw_eval_fail(e, frame, unit->root->span, DW_ERR_LIMIT,
                            "this cell has more than %d loop names: split it", DW_EVAL_SLOTS / 2);
    for (uint32_t i = 0; i < unit->slots; i++)
        e->slots[i] = dw_value_nothing();
    e->slots_used = unit->slots;
    return true;
}

static void close_frame(dw_eval *e, const dw_unit *unit) {
    atomic_store(&e->cancel.running, 0);
    for (uint32_t i = 0; i < unit->slots && i < e->slots_used; i++)
        dw_value_release(e->slots[i]);
    e->slots_used = 0;
}

bool dw_eval_open(dw_eval *e, dw_unit *unit, dw_frame *frame) {
    start_unit(e, unit, ((uint64_t)1 << 32) + ++e->turns, e->err); /* units have smaller ones */
    if (open_frame(e, unit, frame))
        return true;
    atomic_store(&e->cancel.running, 0);
    return false;
}

void dw_eval_close(dw_eval *e, const dw_unit *unit) {
    close_frame(e, unit);
}

bool dw_eval_unit(dw_eval *e, dw_unit *unit, dw_err *err) {
    dw_frame frame;
    const dw_node *root = unit->root;
    start_unit(e, unit, unit->number, err);
    bool fine = open_frame(e, unit, &frame);
    for (uint32_t i = 0; fine && i < root->count; i++) {
        fine = dw_eval_poll(e, &frame, root->child[i]->span) &&
               dw_statement_run(e, &frame, root->child[i], true, i + 1 == root->count);
        dw_progress_close(e);
    }
    close_frame(e, unit);
    if (!fine)
        dw_eval_place(e, &frame, root->span);
    return fine && dw_claim_settle(e);
}

bool dw_eval_expression(dw_eval *e, dw_unit *unit, dw_value *out, dw_err *err) {
    dw_frame frame;
    const dw_node *root = unit->root;
    dw_rng before = e->rng;
    start_unit(e, unit, unit->number, err);
    e->quiet = true;
    bool fine = root->count == 1 && root->child[0]->kind == DW_NODE_SHOW;
    if (!fine)
        dw_err_set(err, DW_ERR_SYNTAX, "one expression is needed here");
    fine = fine && open_frame(e, unit, &frame) &&
           dw_express_node(e, &frame, root->child[0]->child[0], out);
    close_frame(e, unit);
    e->quiet = false;
    e->rng = before;
    return fine;
}

bool dw_eval_call(dw_eval *e, dw_value function, const dw_value *args, size_t count,
                  dw_value *out) {
    return dw_invoke_values(e, NULL, (dw_span){0, 0}, function, (dw_values){args, count}, out);
}

/* ---- life ---- */

static bool add_builtin(dw_eval *e, const dw_builtin *builtin, const char *name) {
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
    dw_builtin_count(f);
    dw_value_release(e->globals[slot]);
    e->globals[slot] = (dw_value){.kind = DW_FUNCTION, .as.function = f};
    return true;
}

bool dw_eval_init(dw_eval *e, dw_mem *mem, const dw_host *host) {
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

void dw_eval_free(dw_eval *e) {
    for (size_t i = 0; i < DW_EVAL_RECENT; i++)
        dw_unit_release(e->recent[i]);
    dw_panels_free(e);
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
