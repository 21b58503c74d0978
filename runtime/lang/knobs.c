/* SPDX-License-Identifier: BSD-3-Clause */
/* The block runs once for the start and once for each other value of each knob. While it does, a
 * host of our own gathers what it shows. */
#include "lang/knobs.h"

#include "lang/assign.h"
#include "lang/explain.h"
#include "lang/express.h"
#include "lang/knob_values.h"
#include "lang/panels.h"
#include "lang/recall.h"
#include "lang/statement.h"
#include "plot/figure.h"
#include "plot/film_html.h"

#include <stdio.h>
#include <string.h>

enum {
    KNOBS = DW_PANELS_KNOBS,
    ALONE = 15,    /* values of the only knob */
    AMONG = 9,     /* values of each of several */
    PLAYED = 60,   /* values of an animation */
    MOST = 1500000 /* bytes of one output */
};

static const double PATIENCE = 0.3, /* seconds the start may take to be shown with the others */
    ENOUGH = 5; /* seconds all states may take where sliders can be moved anyway */

typedef struct {
    dw_eval *e;
    dw_frame *frame;
    const dw_node *node;
    uint32_t count; /* knobs that are set */
    bool live;      /* they can be moved once this cell has ended */
    double longest; /* seconds a state took so far, the start among them */
    dw_value saved[KNOBS], ranges[KNOBS], starts[KNOBS];
} knobs;

static const dw_node *block_of(const knobs *k) {
    return k->node->child[k->node->count - 1];
}

static dw_knob_manner manner_of(const knobs *k) {
    bool plays = k->node->kind == DW_NODE_ANIMATE;
    return (dw_knob_manner){plays ? PLAYED : k->node->count > 2 ? AMONG : ALONE, plays};
}

/* ---- the names ---- */

static bool set_knob(knobs *k) {
    const dw_node *knob = k->node->child[k->count];
    dw_value range, start = dw_value_nothing();
    dw_eval *e = k->e;
    size_t length;
    if (!dw_express_node(e, k->frame, knob->child[1], &range))
        return false;
    bool fine = (range.kind == DW_INTERVAL && !manner_of(k).plays) ||
                dw_value_length(range, &length, e->err);
    if (fine && knob->child[0] != NULL)
        fine = dw_express_node(e, k->frame, knob->child[0], &start);
    else if (fine)
        fine = dw_knob_values_start(e->mem, range, manner_of(k), &start, e->err);
    if (!fine) {
        dw_value_release(range);
        return dw_eval_place(e, k->frame, knob->child[1]->span);
    }
    k->ranges[k->count] = range;
    k->starts[k->count] = dw_value_retain(start);
    k->saved[k->count] = dw_value_retain(e->globals[knob->slot]);
    dw_assign_place(e, k->frame, DW_PLACE_GLOBAL, knob->slot, start);
    k->count++;
    return true;
}

static void give_back(knobs *k) {
    while (k->count-- > 0) {
        dw_value_release(k->ranges[k->count]);
        dw_value_release(k->starts[k->count]);
        dw_assign_place(k->e, k->frame, DW_PLACE_GLOBAL, k->node->child[k->count]->slot,
                        k->saved[k->count]);
    }
}

/* ---- gathering ---- */

typedef struct {
    dw_eval *e;
    const dw_host *outer;
    dw_film_state *state;
    bool full; /* something was lost for want of memory */
} gatherer;

static void gather_words(void *context, const char *text, size_t size) {
    gatherer *g = context;
    g->full = !dw_film_print(g->e->mem, g->state, text, size) || g->full;
}

/* What changes in place, such as how far a training is, is for those who watch. */
static void gather_bundle(void *context, const dw_bundle *bundle) {
    gatherer *g = context;
    if (bundle->id == NULL)
        g->full = !dw_film_show(g->e->mem, g->state, bundle) || g->full;
    else if (g->outer->display != NULL)
        g->outer->display(g->outer->context, bundle);
}

static void pass_update(void *context, const dw_bundle *bundle) {
    const gatherer *g = context;
    if (g->outer->update != NULL)
        g->outer->update(g->outer->context, bundle);
}

static void pass_clear(void *context, bool wait) {
    const gatherer *g = context;
    if (g->outer->clear != NULL)
        g->outer->clear(g->outer->context, wait);
}

static dw_ask pass_ask(void *context, const char *question, size_t size, bool hidden,
                       dw_buf *answer) {
    const gatherer *g = context;
    return g->outer->ask == NULL ? DW_ASK_NOBODY
                                 : g->outer->ask(g->outer->context, question, size, hidden, answer);
}

static void pass_propose(void *context, const char *text, size_t size) {
    const gatherer *g = context;
    if (g->outer->propose != NULL)
        g->outer->propose(g->outer->context, text, size);
}

static bool pass_wish(void *context) {
    const gatherer *g = context;
    return g->outer->wants_progress(g->outer->context);
}

static double pass_clock(void *context) {
    const gatherer *g = context;
    return g->outer->clock != NULL ? g->outer->clock(g->outer->context) : 0;
}

/* Runs the block while what it shows goes into `state`. For the start, who watches is told of
 * checks and of progress at once. */
static bool gather(knobs *k, dw_film_state *state, bool ahead) {
    dw_eval *e = k->e;
    const dw_host *outer = e->host, mute = {.write = NULL};
    gatherer g = {e, outer, state, false};
    dw_host host = {.context = &g,
                    .write = gather_words,
                    .display = gather_bundle,
                    .result = gather_bundle,
                    .update = ahead || outer->update == NULL ? NULL : pass_update,
                    .clear = ahead ? NULL : pass_clear,
                    .ask = pass_ask,
                    .propose = ahead || outer->propose == NULL ? NULL : pass_propose,
                    .clock = outer->clock == NULL ? NULL : pass_clock,
                    .wants_progress = ahead || outer->wants_progress == NULL ? NULL : pass_wish};
    uint32_t calls = e->calls;
    e->host = &host;
    e->aloud = ahead ? &mute : outer;
    e->ahead = ahead;
    bool fine = dw_statement_block(e, k->frame, block_of(k), true);
    e->host = outer;
    e->aloud = NULL;
    e->ahead = false;
    e->calls = calls;
    state->drawn = true;
    return fine && (!g.full || dw_err_memory(e->err, "the states of these sliders"));
}

/* ---- the states ---- */

static bool describe_knob(knobs *k, uint32_t i, const dw_knob_values *values, dw_film_knob *knob) {
    dw_eval *e = k->e;
    const char *name = k->node->child[i]->u.text;
    knob->name = dw_mem_text(e->mem, name, strlen(name));
    knob->states = dw_mem_array(e->mem, values->count, sizeof *knob->states);
    knob->count = knob->states == NULL ? 0 : values->count;
    knob->start = values->start;
    knob->all = values->all;
    bool fine = knob->name != NULL && knob->states != NULL;
    for (size_t s = 0; fine && s < knob->count; s++) {
        knob->states[s].label = dw_dial_label(e->mem, values->values[s]);
        fine = knob->states[s].label != NULL;
    }
    return fine || dw_err_memory(e->err, "the states of these sliders");
}

/* Runs the block with one value of one knob. An error becomes what the state shows; false only when
 * interrupted. */
static bool draw_state(knobs *k, uint32_t i, dw_value v, dw_film_state *state) {
    dw_eval *e = k->e;
    dw_err *outer = e->err, own = {0};
    dw_assign_place(e, k->frame, DW_PLACE_GLOBAL, k->node->child[i]->slot, dw_value_retain(v));
    e->err = &own;
    bool fine = gather(k, state, true);
    e->err = outer;
    if (fine)
        return true;
    if (own.kind == DW_ERR_INTERRUPT) {
        dw_film_clear(state);
        state->drawn = false;
        return false;
    }
    dw_buf words;
    dw_buf_init(&words, e->mem);
    dw_buf_print(&words, "%s: ", dw_err_ename(own.kind));
    dw_explain_error(e, &own, false, &words);
    state->drawn = !words.failed && dw_film_print(e->mem, state, words.data, words.size);
    dw_buf_free(&words);
    return true;
}

static double clock_of(const dw_eval *e) {
    return e->host->clock == NULL ? 0 : e->host->clock(e->host->context);
}

/* The states of one knob. */
typedef struct {
    uint32_t number;
    dw_film_knob *knob;
    dw_knob_values values;
    double began;
} strip;

/* Whether the states drawn of a knob will do, because another one would take too long. */
static bool is_enough(const knobs *k, double began) {
    const dw_host *host = k->e->host;
    return k->live && (clock_of(k->e) - began + k->longest > ENOUGH / k->count ||
                       (host->hurries != NULL && host->hurries(host->context)));
}

/* Draws every stride-th state of a knob that is not drawn yet. */
static bool draw_states(knobs *k, const strip *of, const dw_recall *before, size_t stride) {
    dw_eval *e = k->e;
    bool fine = true;
    for (size_t s = 0; fine && s < of->values.count && !is_enough(k, of->began); s += stride) {
        if (s == of->values.start || of->knob->states[s].drawn)
            continue;
        dw_recall_give(e, before);
        fine = draw_state(k, of->number, of->values.values[s], &of->knob->states[s]) ||
               dw_eval_stop(e, k->frame, k->node->mark);
    }
    return fine;
}

/* Draws the states of one knob, each from what the notebook knew before the block. Where not all
 * may get drawn they come in ever finer strides. */
static bool draw_knob(knobs *k, uint32_t i, const dw_recall *before, dw_film *film) {
    dw_eval *e = k->e;
    strip of = {.number = i, .knob = &film->knobs[i], .began = k->live ? clock_of(e) : 0};
    if (!dw_knob_values_choose(e->mem, k->ranges[i], manner_of(k), k->starts[i], &of.values,
                               e->err))
        return dw_eval_place(e, k->frame, k->node->child[i]->child[1]->span);
    bool fine = describe_knob(k, i, &of.values, of.knob);
    size_t stride = 1;
    film->count = i + 1;
    while (k->live && stride * 2 < of.values.count)
        stride *= 2;
    for (; fine && stride > 0; stride /= 2)
        fine = draw_states(k, &of, before, stride);
    dw_knob_values_free(&of.values);
    return fine;
}

/* ---- showing ---- */

/* How a film is shown: at first, or in the place of what was shown under `id`. */
typedef struct {
    char id[48];
    bool shown;
} place;

static void show_bundle(const dw_host *host, const dw_bundle *bundle, const place *where) {
    if (where->shown)
        host->update(host->context, bundle);
    else if (host->display != NULL)
        host->display(host->context, bundle);
}

/* One display with all of it, richest form first. */
static bool show_film(dw_eval *e, dw_film *film, const place *where, dw_err *err) {
    dw_part parts[DW_FILM_FORMS];
    dw_buf html, words;
    const dw_film_piece *picture = dw_film_picture(film);
    const dw_part *svg = picture == NULL ? NULL : dw_film_form(picture, "image/svg+xml");
    const dw_part *pdf = picture == NULL ? NULL : dw_film_form(picture, "application/pdf");
    size_t others = (svg == NULL ? 0 : svg->size) + (pdf == NULL ? 0 : pdf->size / 3 * 4);
    dw_bundle bundle = {.parts = parts,
                        .alt = picture == NULL ? NULL : picture->alt,
                        .id = where->id[0] == '\0' ? NULL : where->id};
    dw_buf_init(&html, e->mem);
    dw_buf_init(&words, e->mem);
    bool fine = dw_film_html_write(film, others < MOST ? MOST - others : 0, &html, err);
    dw_film_words(film, &words);
    if (fine && words.failed)
        fine = dw_err_memory(err, "the states of these sliders");
    if (fine) {
        parts[bundle.count++] = (dw_part){"text/html", html.data, html.size};
        if (svg != NULL)
            parts[bundle.count++] = *svg;
        if (pdf != NULL)
            parts[bundle.count++] = *pdf;
        parts[bundle.count++] = (dw_part){"text/plain", words.data, words.size};
        show_bundle(e->host, &bundle, where);
    }
    dw_buf_free(&html);
    dw_buf_free(&words);
    return fine;
}

/* Where a block takes its time, its start is shown before the other states are drawn; what a
 * notebook keeps in the end is the same. */
static bool show_early(knobs *k, dw_film *film, double began, place *where) {
    dw_eval *e = k->e;
    double now = clock_of(e);
    k->longest = now - began;
    if (now - began < PATIENCE || e->host->update == NULL || e->host->display == NULL)
        return true;
    snprintf(where->id, sizeof where->id, "film-%u-%.9f", k->frame->unit->number, now);
    where->shown = show_film(e, film, where, e->err);
    return where->shown;
}

/* What was gathered of a start that failed, piece by piece. */
static void show_pieces(dw_eval *e, const dw_film_state *state) {
    for (size_t i = 0; i < state->count; i++) {
        const dw_film_piece *piece = &state->pieces[i];
        const dw_bundle bundle = {.parts = piece->parts, .count = piece->count, .alt = piece->alt};
        if (piece->printed)
            dw_eval_write(e, piece->parts[0].data, piece->parts[0].size);
        else if (e->host->display != NULL)
            e->host->display(e->host->context, &bundle);
    }
}

/* ---- sliders that can be moved ---- */

/* Where somebody could move them, the sliders come before the film, showing the start. */
static bool offer_panel(knobs *k, const dw_recall *before, dw_film *film) {
    dw_eval *e = k->e;
    const dw_host *host = e->host;
    const dw_panels_block block = {k->frame->unit, k->node, k->ranges, k->starts};
    dw_panel panel;
    if (host->panel == NULL || host->wants_panels == NULL || !host->wants_panels(host->context))
        return true;
    if (!dw_panels_keep(e, &block, before, &panel))
        return dw_eval_place(e, k->frame, k->node->mark);
    host->panel(host->context, &panel);
    show_pieces(e, &film->start);
    host->panel(host->context, NULL);
    k->live = film->live = true;
    return true;
}

/* ---- the whole ---- */

static bool draw_others(knobs *k, const dw_recall *before, dw_film *film) {
    dw_eval *e = k->e;
    bool fine = true;
    film->knobs = dw_mem_array(e->mem, k->count, sizeof *film->knobs);
    if (film->knobs == NULL)
        return dw_err_memory(e->err, "the states of these sliders");
    for (uint32_t i = 0; fine && i < k->count; i++)
        fine = draw_knob(k, i, before, film);
    return fine;
}

/* The start was run: runs the rest, and shows all. An interrupt keeps the states drawn so far. */
static bool finish_film(knobs *k, const dw_recall *before, dw_film *film, double began) {
    dw_eval *e = k->e;
    dw_recall after;
    place where = {.shown = false};
    dw_err shown = {0};
    if (!dw_recall_take(e, &after))
        return false;
    bool fine = offer_panel(k, before, film) && show_early(k, film, began, &where) &&
                draw_others(k, before, film);
    dw_recall_give(e, &after);
    dw_recall_free(&after);
    if (!fine && e->err->kind != DW_ERR_INTERRUPT)
        return false;
    return show_film(e, film, &where, &shown) ? fine
                                              : dw_err_set(e->err, shown.kind, "%s", shown.text);
}

static bool run_film(knobs *k) {
    dw_eval *e = k->e;
    dw_recall before;
    dw_film film = {.mem = e->mem, .plays = k->node->kind == DW_NODE_ANIMATE};
    double began = clock_of(e);
    if (!dw_recall_take(e, &before))
        return false;
    bool fine = gather(k, &film.start, false);
    bool more = fine && film.start.count > 0;
    if (more)
        fine = finish_film(k, &before, &film, began);
    if (!more || (!fine && e->err->kind != DW_ERR_INTERRUPT))
        show_pieces(e, &film.start);
    dw_recall_free(&before);
    dw_film_free(&film);
    return fine;
}

bool dw_knobs_run(dw_eval *e, dw_frame *frame, const dw_node *node, bool shown) {
    knobs k = {.e = e, .frame = frame, .node = node};
    uint32_t count = node->count - 1;
    if (count > KNOBS)
        return dw_eval_fail(e, frame, node->mark, DW_ERR_LIMIT, "at most %d sliders at once",
                            KNOBS);
    bool fine = true, film = shown && !e->quiet && e->host->wants_frames != NULL &&
                             e->host->wants_frames(e->host->context);
    while (fine && k.count < count)
        fine = set_knob(&k);
    if (fine)
        fine = film ? run_film(&k) : dw_statement_block(e, frame, block_of(&k), shown);
    give_back(&k);
    return fine;
}
