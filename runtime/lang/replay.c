/* SPDX-License-Identifier: BSD-3-Clause */
#include "lang/replay.h"

#include "base/arena.h"

#include <string.h>

/* Elements rehearsed at once, calls of one that are put off, and elements that gain by it. */
enum { CHUNK = 4096, CALLS = 4, FEWEST = 4 };

/* Bytes that the calls of a stretch may hold. */
enum { MUCH = 1 << 26 };

/* Seconds an element may have taken before its first call, so that it is worth doing twice. */
static const double LONG = 0.05;

/* What is known of one element: its first calls. */
typedef struct {
    dw_replay_job *calls[CALLS];
    unsigned count;
} known;

/* The first elements are tried: an element is given up at its first call, and then it and the
 * others are rehearsed. One that has printed by then goes on; the others are rehearsed. */
typedef enum { TRIAL, REHEARSAL, EARNEST } stage;

struct dw_replay {
    stage stage;
    bool stopped;    /* the trial or rehearsal of this element came to its end */
    unsigned inside; /* comprehensions within the element; they take care of their own calls */
    known *elements; /* not in a trial */
    known *now;      /* the element that is evaluated */
    unsigned next;   /* its next call */
    dw_arena arena;  /* where the calls lie */
    uint64_t shown;  /* before a trial: what the host was told, and checks */
    uint32_t checks;
    double started; /* by the clock */
    bool late;      /* in a trial: a call came too late to do all again */
    bool seen_to;   /* in a trial: a comprehension within took care of calls */
    bool has_calls; /* in a trial: it is worth to rehearse others */
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

static dw_replay_way stop(dw_eval *e) {
    e->replay->stopped = true;
    if (e->err->kind == DW_ERR_NONE) { /* nobody reads its words or asks for its place */
        e->err->kind = DW_ERR_INTERNAL;
        e->err->has_place = true;
    }
    return DW_REPLAY_STOP;
}

static double clock_of(const dw_eval *e) {
    return e->host->clock != NULL ? e->host->clock(e->host->context) : 0;
}

/* Whether a trial ends at a call. */
static bool ends_trial(dw_eval *e, const dw_replay_job *job) {
    struct dw_replay *r = e->replay;
    if (!job->kind->can(job) || r->seen_to || r->has_calls)
        return false;
    r->late = clock_of(e) - r->started > LONG;
    r->has_calls = !r->late;
    return r->has_calls && e->shown == r->shown && e->checks == r->checks;
}

dw_replay_way dw_replay_call(dw_eval *e, dw_replay_job *job, const dw_replay_job **answer) {
    struct dw_replay *r = e->replay;
    if (r == NULL || e->trace != NULL) /* where it is an error */
        return DW_REPLAY_ALONE;
    if (r->stage == TRIAL)
        return ends_trial(e, job) ? stop(e) : DW_REPLAY_ALONE;
    if (r->inside > 0)
        return r->stage == REHEARSAL ? stop(e) : DW_REPLAY_ALONE;
    unsigned i = r->next++;
    if (!r->stopped && i < r->now->count && is_answered(r->now, i, job)) {
        *answer = r->now->calls[i];
        e->abreast += r->stage == EARNEST;
        return DW_REPLAY_ANSWER;
    }
    if (r->stage == EARNEST)
        return DW_REPLAY_ALONE;
    if (!r->stopped && i == r->now->count && i < CALLS)
        (void)note(e, r->now, job); /* without memory for it: later, alone */
    return stop(e);
}

bool dw_replay_rehearses(dw_eval *e) {
    bool rehearses = e->replay != NULL && e->replay->stage == REHEARSAL;
    if (rehearses)
        (void)stop(e);
    return rehearses;
}

/* ---- rehearsals ---- */

/* What an element that is given up halfway must not change. */
typedef struct {
    dw_rng rng;
    uint64_t draws, written_calls;
    uint32_t calls, checks, checks_failed, failed_unit;
    dw_span failed_span;
    bool had_failed, quiet;
} before;

static before keep(const dw_eval *e) {
    return (before){.rng = e->rng,
                    .draws = e->draws,
                    .written_calls = e->written_calls,
                    .calls = e->calls,
                    .checks = e->checks,
                    .checks_failed = e->checks_failed,
                    .failed_unit = e->failed_unit,
                    .failed_span = e->failed_span,
                    .had_failed = e->failed_text != NULL,
                    .quiet = e->quiet};
}

static void give_back(dw_eval *e, const before *b) {
    e->rng = b->rng;
    e->draws = b->draws;
    e->written_calls = b->written_calls;
    e->calls = b->calls;
    e->checks = b->checks;
    e->checks_failed = b->checks_failed;
    e->failed_unit = b->failed_unit;
    e->failed_span = b->failed_span;
    e->quiet = b->quiet;
    if (b->had_failed)
        return;
    dw_mem_free(e->failed_text);
    e->failed_text = NULL;
}

typedef struct {
    dw_eval *e;
    dw_replay_element *element;
    void *context;
    size_t first, count; /* of the elements at work */
    bool outermost;      /* no other loop is around it */
    struct dw_replay state;
} rehearsal;

/* Evaluates an element in earnest, or tries to. */
static bool do_element(const rehearsal *r, size_t i) {
    if (r->outermost)
        r->e->round = i;
    return r->element(r->context, i, false);
}

/* Evaluates every element that has `calls` answered calls up to the next one, and counts those. An
 * element that fails ends it: none behind it will be reached. So does the first that comes to its
 * end: then others hardly have more calls either. When the calls hold much memory, the stretch ends
 * there. False when interrupted. */
static bool rehearse(rehearsal *r, unsigned calls, size_t *found) {
    dw_eval *e = r->e;
    before b = keep(e);
    bool fine = true, ended = false;
    size_t used = atomic_load_explicit(&e->mem->used, memory_order_relaxed);
    *found = 0;
    e->quiet = true;
    r->state.stage = REHEARSAL;
    for (size_t i = 0; fine && !ended && i < r->count; i++) {
        known *element = &r->state.elements[i];
        if (element->count != calls)
            continue;
        r->state.now = element;
        r->state.next = 0;
        r->state.stopped = false;
        ended = !r->element(r->context, r->first + i, true) && !r->state.stopped;
        ended = ended || (calls > 0 && *found == 0 && !r->state.stopped);
        fine = e->err->kind != DW_ERR_INTERRUPT;
        *found += element->count - calls;
        if (fine)
            dw_err_clear(e->err);
        if (calls == 0 && atomic_load_explicit(&e->mem->used, memory_order_relaxed) > used + MUCH)
            r->count = i + 1;
    }
    r->state.stage = EARNEST;
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

/* A stretch of elements that have such calls. */
static bool run_stretch(rehearsal *r) {
    dw_eval *e = r->e;
    struct dw_replay *outer = e->replay;
    size_t found = 1;
    bool fine = true;
    before b = keep(e);
    dw_arena_init(&r->state.arena, e->mem);
    e->replay = &r->state;
    for (unsigned calls = 0; fine && calls < CALLS && found > 0; calls++)
        fine = rehearse(r, calls, &found) && (found == 0 || answer(r, found));
    give_back(e, &b); /* functions were traced */
    for (size_t i = 0; fine && i < r->count; i++) {
        r->state.now = &r->state.elements[i];
        r->state.next = 0;
        r->state.stopped = false;
        fine = do_element(r, r->first + i);
    }
    e->replay = outer;
    forget(r);
    return fine;
}

/* ---- all elements ---- */

static bool run_plainly(const rehearsal *r, size_t from, size_t count) {
    bool fine = true;
    for (size_t i = from; fine && i < count; i++)
        fine = do_element(r, i);
    return fine;
}

static bool run_rehearsed(rehearsal *r, size_t from, size_t count) {
    size_t room = count - from < CHUNK ? count - from : CHUNK;
    bool fine = true;
    r->state.elements = dw_mem_array(r->e->mem, room, sizeof *r->state.elements);
    if (r->state.elements == NULL)
        return run_plainly(r, from, count);
    for (size_t i = from; fine && i < count; i += r->count) {
        r->first = i;
        r->count = count - i < room ? count - i : room;
        fine = run_stretch(r);
    }
    dw_mem_free(r->state.elements);
    return fine;
}

/* Tries the elements in order. Returns how many need no more than that: all, or those before the
 * first that is to be rehearsed; *fine is false when one failed. Little is done for each, as most
 * comprehensions never call anything that could be put off. */
static size_t try_elements(const rehearsal *r, size_t count, bool *fine) {
    dw_eval *e = r->e;
    struct dw_replay *outer = e->replay, trial = {.stage = TRIAL, .started = clock_of(e)};
    uint32_t calls = e->calls;
    size_t i = 0;
    e->replay = &trial;
    for (*fine = true; *fine && i < count && !trial.has_calls; i += !trial.stopped) {
        dw_rng rng = e->rng;
        uint64_t draws = e->draws, written_calls = e->written_calls;
        trial.shown = e->shown;
        trial.checks = e->checks;
        *fine = do_element(r, i) || trial.stopped;
        if (trial.stopped) {
            e->rng = rng;
            e->draws = draws;
            e->written_calls = written_calls;
            e->calls = calls;
            dw_err_clear(e->err);
        }
        if (trial.late)
            trial.started = clock_of(e);
        if (outer != NULL && (trial.seen_to || trial.has_calls))
            outer->seen_to = true;
        trial.late = trial.seen_to = false;
    }
    e->replay = outer;
    return i;
}

static bool run_all(rehearsal *r, size_t count) {
    bool fine;
    size_t done = try_elements(r, count - FEWEST + 1, &fine);
    if (!fine)
        return false;
    return done <= count - FEWEST ? run_rehearsed(r, done, count) : run_plainly(r, done, count);
}

static bool run_some(rehearsal *r, size_t count) {
    dw_eval *e = r->e;
    struct dw_replay *outer = e->replay;
    if (count < FEWEST || e->trace != NULL || e->alone)
        return run_plainly(r, 0, count);
    if (outer != NULL)
        outer->inside++;
    bool rehearsed = outer != NULL && outer->stage == REHEARSAL;
    bool fine = rehearsed ? run_plainly(r, 0, count) : run_all(r, count);
    if (outer != NULL)
        outer->inside--;
    return fine;
}

bool dw_replay_run(dw_eval *e, size_t count, dw_replay_element *element, void *context) {
    rehearsal r = {.e = e, .element = element, .context = context, .outermost = e->rounds == 0};
    if (r.outermost)
        e->rounds = count;
    bool fine = run_some(&r, count);
    if (r.outermost)
        e->rounds = 0;
    return fine;
}
