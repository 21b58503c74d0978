/* SPDX-License-Identifier: BSD-3-Clause */
#include "lang/replay.h"

#include "base/arena.h"

#include <string.h>

/* Elements rehearsed at once, calls of one that are put off, and elements that are tried one after
 * the other before. */
enum { CHUNK = 4096, CALLS = 4, FEWEST = 4 };

/* What is known of one element: its first calls. */
typedef struct {
    dw_replay_job *calls[CALLS];
    unsigned count;
} known;

struct dw_replay {
    dw_arena arena; /* the calls lie here */
    known *elements;
    known *now;    /* the element that is evaluated */
    unsigned next; /* its next call */
    bool rehearsal;
    bool stopped; /* the rehearsal of this element came to its end */
};

/* ---- calls ---- */

static bool is_answered(const known *element, unsigned i, const dw_replay_job *job) {
    const dw_replay_job *call = element->calls[i];
    return call->state == DW_REPLAY_DONE && call->kind == job->kind && job->kind->same(call, job);
}

static bool note(dw_eval *e, known *element, dw_replay_job *job) {
    const dw_replay_kind *kind = job->kind;
    dw_replay_job *kept = dw_arena_new(&e->replay->arena, kind->size);
    if (kept == NULL)
        return false;
    memcpy(kept, job, kind->size);
    memset(job, 0, kind->size);
    job->kind = kind;
    element->calls[element->count++] = kept;
    return true;
}

dw_replay_way dw_replay_call(dw_eval *e, dw_replay_job *job, const dw_replay_job **answer) {
    struct dw_replay *r = e->replay;
    if (e->trace != NULL)
        return DW_REPLAY_ALONE; /* which is an error there */
    if (r == NULL) {
        e->descents += job->kind->can(job);
        return DW_REPLAY_ALONE;
    }
    unsigned i = r->next++;
    if (!r->stopped && i < r->now->count && is_answered(r->now, i, job)) {
        *answer = r->now->calls[i];
        e->abreast += !r->rehearsal;
        return DW_REPLAY_ANSWER;
    }
    if (!r->rehearsal)
        return DW_REPLAY_ALONE;
    if (!r->stopped && i == r->now->count && i < CALLS)
        (void)note(e, r->now, job); /* without memory for it: later, alone */
    r->stopped = true;
    if (e->err->kind == DW_ERR_NONE) { /* nobody reads its words or asks for its place */
        e->err->kind = DW_ERR_INTERNAL;
        e->err->has_place = true;
    }
    return DW_REPLAY_STOP;
}

/* ---- rehearsals ---- */

/* What an element that is given up halfway must not change. */
typedef struct {
    dw_rng rng;
    uint64_t draws, written_calls;
    uint32_t calls, checks, checks_failed;
    bool quiet;
} before;

static before keep(const dw_eval *e) {
    return (before){e->rng,    e->draws,         e->written_calls, e->calls,
                    e->checks, e->checks_failed, e->quiet};
}

static void give_back(dw_eval *e, const before *b) {
    e->rng = b->rng;
    e->draws = b->draws;
    e->written_calls = b->written_calls;
    e->calls = b->calls;
    e->checks = b->checks;
    e->checks_failed = b->checks_failed;
    e->quiet = b->quiet;
}

typedef struct {
    dw_eval *e;
    dw_replay_element *element;
    void *context;
    size_t first, count; /* of the elements at work */
    struct dw_replay state;
} rehearsal;

/* Evaluates every element up to the first call that has no answer yet, and counts those. An element
 * that fails ends it: none behind it will be reached. False when interrupted. */
static bool rehearse(rehearsal *r, size_t *found) {
    dw_eval *e = r->e;
    before b = keep(e);
    bool fine = true, failed = false;
    *found = 0;
    e->quiet = true;
    r->state.rehearsal = true;
    for (size_t i = 0; fine && !failed && i < r->count; i++) {
        known *element = &r->state.elements[i];
        unsigned calls = element->count;
        r->state.now = element;
        r->state.next = 0;
        r->state.stopped = false;
        failed = !r->element(r->context, r->first + i, true) && !r->state.stopped;
        fine = e->err->kind != DW_ERR_INTERRUPT;
        *found += element->count - calls;
        if (fine)
            dw_err_clear(e->err);
    }
    r->state.rehearsal = false;
    give_back(e, &b);
    return fine;
}

/* Moves the jobs of the kind of the first to the front; says how many there are. */
static size_t gather_kind(dw_replay_job **jobs, size_t count) {
    size_t end = 1;
    for (size_t i = 1; i < count; i++)
        if (jobs[i]->kind == jobs[0]->kind) {
            dw_replay_job *moved = jobs[i];
            jobs[i] = jobs[end];
            jobs[end++] = moved;
        }
    return end;
}

/* Works on the calls that were found last. */
static bool answer(rehearsal *r, size_t found) {
    dw_replay_job **jobs = dw_mem_array(r->e->mem, found, sizeof(dw_replay_job *));
    size_t count = 0;
    if (jobs == NULL)
        return true; /* they are worked out alone */
    for (size_t i = 0; i < r->count; i++) {
        known *element = &r->state.elements[i];
        if (element->count > 0 && element->calls[element->count - 1]->state == DW_REPLAY_WAITING)
            jobs[count++] = element->calls[element->count - 1];
    }
    bool fine = true;
    for (size_t i = 0, kind; fine && i < count; i += kind) {
        kind = gather_kind(jobs + i, count - i);
        fine = jobs[i]->kind->run(r->e, jobs + i, kind);
    }
    dw_mem_free(jobs);
    return fine;
}

static void forget(rehearsal *r) {
    for (size_t i = 0; i < r->count; i++)
        for (unsigned k = 0; k < r->state.elements[i].count; k++) {
            dw_replay_job *job = r->state.elements[i].calls[k];
            job->kind->release(job);
        }
    dw_arena_free(&r->state.arena);
    memset(r->state.elements, 0, r->count * sizeof *r->state.elements);
}

/* A stretch of elements that have `calls` such calls or so. */
static bool run_stretch(rehearsal *r, uint64_t calls) {
    dw_eval *e = r->e;
    size_t found = 1;
    bool fine = true;
    dw_arena_init(&r->state.arena, e->mem);
    e->replay = &r->state;
    for (uint64_t pass = 0; fine && pass < calls && found > 0; pass++)
        fine = rehearse(r, &found) && (found == 0 || answer(r, found));
    for (size_t i = 0; fine && i < r->count; i++) {
        r->state.now = &r->state.elements[i];
        r->state.next = 0;
        r->state.stopped = false;
        fine = r->element(r->context, r->first + i, false);
    }
    e->replay = NULL;
    forget(r);
    return fine;
}

/* ---- all elements ---- */

static bool run_all(rehearsal *r, size_t from, size_t count, uint64_t calls) {
    size_t room = count - from < CHUNK ? count - from : CHUNK;
    r->state.elements = dw_mem_array(r->e->mem, room, sizeof *r->state.elements);
    bool fine = true, rehearsed = r->state.elements != NULL;
    for (size_t i = from; fine && i < count; i += r->count) {
        r->first = i;
        r->count = count - i < room ? count - i : room;
        if (rehearsed)
            fine = run_stretch(r, calls);
        for (size_t k = 0; !rehearsed && fine && k < r->count; k++)
            fine = r->element(r->context, i + k, false);
    }
    dw_mem_free(r->state.elements);
    return fine;
}

bool dw_replay_run(dw_eval *e, size_t count, dw_replay_element *element, void *context) {
    bool may = e->replay == NULL && e->trace == NULL && !e->alone;
    uint64_t start = e->descents;
    for (size_t i = 0; i < count; i++) {
        uint64_t before_this = e->descents;
        if (!element(context, i, false))
            return false;
        uint64_t calls = e->descents - before_this;
        if (may && calls > 0 && calls <= CALLS && count - i > FEWEST) {
            rehearsal r = {.e = e, .element = element, .context = context};
            bool fine = run_all(&r, i + 1, count, calls);
            e->descents = start; /* seen to: whoever calls this need not do it again */
            return fine;
        }
    }
    return true;
}
