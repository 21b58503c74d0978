/* SPDX-License-Identifier: BSD-3-Clause */
#include "lang/abreast.h"

#include "base/lanes.h"
#include "graph/plan.h"
#include "graph/widen.h"
#include "lang/derivative.h"
#include "lang/invoke_builtin.h"
#include "nets/descents.h"
#include "nets/trail.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

/* ---- jobs that are alike ---- */

enum { NESTED = 4 }; /* functions within functions that are compared */

static bool same_value(dw_value a, dw_value b, int deep);

/* The same function, or one written at the same place that brings equal values along. */
static bool same_function(const dw_function *a, const dw_function *b, int deep) {
    if (a == b)
        return true;
    if (a->net != NULL || b->net != NULL || a->builtin != b->builtin || a->derived != b->derived ||
        a->node != b->node || a->unit != b->unit || a->count != b->count || deep == NESTED)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!same_value(a->values[i], b->values[i], deep + 1))
            return false;
    return true;
}

static bool same_array(const dw_tensor *a, const dw_tensor *b) {
    return a == b ||
           (a->dim[0] == b->dim[0] && a->dim[1] == b->dim[1] && a->axes == b->axes &&
            a->truth == b->truth && memcmp(a->data, b->data, a->size * sizeof(double)) == 0);
}

static bool same_value(dw_value a, dw_value b, int deep) {
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case DW_NOTHING:
        return true;
    case DW_NUMBER:
        return memcmp(&a.as.number, &b.as.number, sizeof a.as.number) == 0;
    case DW_TRUTH:
        return a.as.truth == b.as.truth;
    case DW_ARRAY:
        return same_array(a.as.array, b.as.array);
    case DW_FUNCTION:
        return same_function(a.as.function, b.as.function, deep);
    default:
        return a.as.refs == b.as.refs;
    }
}

bool dw_abreast_is_like(const dw_abreast_job *a, const dw_abreast_job *b) {
    const dw_minimize_options *o = &a->options, *p = &b->options;
    return a->shows_path == b->shows_path && o->method == p->method && o->steps == p->steps &&
           memcmp(&o->rate, &p->rate, sizeof o->rate) == 0 &&
           memcmp(&o->until, &p->until, sizeof o->until) == 0 &&
           a->from->dim[0] == b->from->dim[0] && a->from->dim[1] == b->from->dim[1] &&
           same_value(a->f, b->f, 0);
}

void dw_abreast_release(dw_abreast_job *job) {
    dw_value_release(job->f);
    dw_tensor_release(job->from);
    dw_tensor_release(job->x);
    dw_tensor_release(job->path);
    *job = (dw_abreast_job){0};
}

dw_progress_task dw_abreast_task(dw_call *call, size_t steps) {
    return (dw_progress_task){.call = call, .noun = "descent", .measure = "value", .steps = steps};
}

/* ---- plans for many lanes ---- */

/* Lanes that share a plan: its values should stay near the processor, and its rows be long enough
 * that starting an operation costs little. */
enum { NUMBERS_ABREAST = 1024, MOST_LANES = 512, FEWEST_LANES = 32, FEW_NUMBERS = 200 };

static size_t choose_lanes(size_t n, size_t count) {
    size_t lanes = NUMBERS_ABREAST / n / DW_LANES * DW_LANES;
    size_t all = (count + DW_LANES - 1) / DW_LANES * DW_LANES;
    size_t fewest = n <= FEW_NUMBERS ? FEWEST_LANES : DW_LANES;
    lanes = lanes > MOST_LANES ? MOST_LANES : lanes < fewest ? fewest : lanes;
    return lanes < all ? lanes : all;
}

typedef struct {
    dw_plan *plan;
    size_t lanes;
} wide_plan;

/* The plan of a computation with `lanes` samples; for one that has samples of its own, packs. */
static bool widen(dw_eval *e, const dw_derivative_traced *traced, wide_plan *out) {
    dw_plan_options options = {.type = DW_VECTOR_DOUBLE};
    dw_graph_id outputs[2];
    dw_graph *g = dw_graph_new(e->mem, e->err);
    dw_widen_wish wish = {traced->graph, traced->outputs, 2, out->lanes};
    bool fits = false;
    bool fine = g != NULL && dw_widen_graph(&wish, g, outputs, &fits, e->err);
    if (fine && fits) {
        out->plan = dw_plan_prepare(e->mem, g, outputs, 2, &options, e->err);
    } else if (fine) {
        out->lanes = DW_LANES;
        options.type = DW_VECTOR_PACK;
        out->plan = dw_plan_prepare(e->mem, traced->graph, traced->outputs, 2, &options, e->err);
    }
    dw_graph_free(&g);
    return out->plan != NULL;
}

/* ---- descending ---- */

/* How far all jobs are, as the session's thread sees it. */
typedef struct {
    dw_progress_task task;
    size_t first, count, all; /* jobs before the group; in it; in all groups */
    size_t before, running;   /* of the group: before the block of that thread; in those at work */
    double heard;             /* of the group: said to be done */
} listener;

/* Jobs that are alike, and the threads that share their blocks. */
typedef struct {
    dw_eval *e;
    listener *told; /* NULL: nobody watches */
    dw_abreast_job **jobs;
    size_t count, lanes;
    unsigned blocks, threads;
    dw_plan **plans; /* one for each thread */
    dw_err *errors;  /* likewise */
    atomic_bool failed;
} group;

/* A block of jobs on their way. */
typedef struct {
    dw_plan *plan;
    dw_descents_objective f;
    dw_abreast_job *const *jobs;
    dw_trail trail;
} block;

static bool evaluate(void *context, const dw_cancel *cancel, dw_err *err) {
    const block *b = context;
    return dw_plan_step(b->plan, cancel, err);
}

static bool visit(void *context, dw_err *err) {
    block *b = context;
    return dw_trail_visit(&b->trail, b->f.x, err);
}

static bool ended(void *context, size_t lane, dw_err *err) {
    const block *b = context;
    b->jobs[lane]->path = dw_trail_matrix(&b->trail, b->f.x, lane, err);
    return b->jobs[lane]->path != NULL;
}

/* Where a plan reads and writes. A function that does not depend on x has no input in its plan:
 * then x lies in a place of its own. */
static void open_block(const group *g, block *b, dw_plan *plan, double *room) {
    const dw_abreast_job *first = b->jobs[0];
    dw_plan_port x = dw_plan_input(plan, 0);
    b->plan = plan;
    b->f = (dw_descents_objective){.context = b,
                                   .evaluate = evaluate,
                                   .visit = first->shows_path ? visit : NULL,
                                   .ended = first->shows_path ? ended : NULL,
                                   .n = first->from->size,
                                   .lanes = g->lanes,
                                   .x = x.at != NULL ? x.at : room,
                                   .value = dw_plan_output(plan, 0).at,
                                   .gradient = dw_plan_output(plan, 1).at};
    b->trail = dw_trail_start(g->e->mem, b->f.n, g->lanes);
}

/* Lays the starts side by side; lanes without a job get that of the first. */
static void load_starts(const group *g, size_t first, size_t count, double *x) {
    size_t n = g->jobs[first]->from->size;
    for (size_t l = 0; l < g->lanes; l++) {
        const double *from = g->jobs[first + (l < count ? l : 0)]->from->data;
        for (size_t i = 0; i < n; i++)
            x[i * g->lanes + l] = from[i];
    }
}

static double read_clock(void *watcher) {
    const dw_eval *e = ((const listener *)watcher)->task.call->eval;
    return e->host->clock(e->host->context);
}

/* The blocks before this one have been begun; those under way are about as far as this one. */
static void hear(void *watcher, const dw_pace_report *now) {
    listener *t = watcher;
    double share = now->steps > 0 ? (double)now->step / (double)now->steps : 0;
    double begun = (double)t->before + share * (double)t->running;
    t->heard = fmax(t->heard, fmin(begun, (double)t->count));
    dw_progress_done(&t->task, (double)t->first + t->heard, t->all);
}

/* Descends from one block of starts. */
static bool run_block(const group *g, size_t first, unsigned thread, double *room) {
    size_t count = g->count - first < g->lanes ? g->count - first : g->lanes;
    dw_err *err = &g->errors[thread];
    block b = {.jobs = g->jobs + first};
    dw_descents_lane *lanes = dw_mem_array(g->e->mem, count, sizeof *lanes);
    if (lanes == NULL)
        return dw_err_memory(err, "a descent");
    open_block(g, &b, g->plans[thread], room);
    load_starts(g, first, count, b.f.x);
    for (size_t l = 0; l < count; l++)
        lanes[l].x = b.jobs[l]->x->data;
    dw_minimize_options options = b.jobs[0]->options;
    if (thread == 0 && g->told != NULL) {
        options.watch = (dw_pace_watch){read_clock, hear, g->told};
        g->told->before = first;
        g->told->running = g->lanes * g->threads;
    }
    bool fine = dw_descents_run(g->e->mem, &b.f, &options, lanes, count, err);
    for (size_t l = 0; fine && l < count; l++) {
        b.jobs[l]->result = lanes[l].result;
        b.jobs[l]->head.state = lanes[l].fine ? DW_REPLAY_DONE : DW_REPLAY_BY_ITSELF;
    }
    dw_trail_free(&b.trail);
    dw_mem_free(lanes);
    return fine;
}

/* A block; none is begun any more when one has failed or was interrupted. */
static void run_part(void *context, unsigned part, unsigned thread) {
    group *g = context;
    if (atomic_load_explicit(&g->failed, memory_order_relaxed))
        return;
    double *room = dw_mem_array(g->e->mem, g->jobs[0]->from->size * g->lanes, sizeof *room);
    bool fine = room != NULL || dw_err_memory(&g->errors[thread], "a descent");
    if (!fine || !run_block(g, part * g->lanes, thread, room))
        atomic_store_explicit(&g->failed, true, memory_order_relaxed);
    dw_mem_free(room);
}

/* All blocks; false with an error of one that failed. */
static bool run_blocks(group *g, dw_plan *first) {
    dw_eval *e = g->e;
    bool fine = true;
    g->plans[0] = first;
    for (unsigned t = 1; fine && t < g->threads; t++)
        fine = (g->plans[t] = dw_plan_copy(e->mem, first, e->err)) != NULL;
    if (fine)
        dw_pool_run(e->pool, run_part, g, g->blocks);
    for (unsigned t = 0; t < g->threads; t++) {
        if (t > 0)
            dw_plan_free(&g->plans[t]);
        if (fine && g->errors[t].kind != DW_ERR_NONE) {
            *e->err = g->errors[t];
            fine = false;
        }
    }
    return fine;
}

static bool run_wide(group *g, const wide_plan *wide) {
    unsigned threads = dw_pool_threads(g->e->pool);
    g->lanes = wide->lanes;
    g->blocks = (unsigned)((g->count + wide->lanes - 1) / wide->lanes);
    g->threads = g->blocks < threads ? g->blocks : threads;
    g->plans = dw_mem_array(g->e->mem, g->threads, sizeof(dw_plan *));
    g->errors = dw_mem_array(g->e->mem, g->threads, sizeof *g->errors);
    bool fine = (g->plans != NULL && g->errors != NULL) || dw_err_memory(g->e->err, "descents");
    fine = fine && run_blocks(g, wide->plan);
    dw_mem_free(g->plans);
    dw_mem_free(g->errors);
    return fine;
}

/* Descends from the starts of jobs that are alike. */
static bool run_group(group *g) {
    dw_eval *e = g->e;
    const dw_abreast_job *first = g->jobs[0];
    dw_derivative_traced traced;
    dw_value descent;
    wide_plan wide = {.lanes = choose_lanes(first->from->size, g->count)};
    for (size_t i = 0; i < g->count; i++) {
        dw_abreast_job *job = g->jobs[i];
        job->x = dw_tensor_raw(e->mem, job->from->dim[0], job->from->dim[1], e->err);
        if (job->x == NULL)
            return false;
    }
    if (!dw_derivative_of(e, first->f, DW_DESCENT, &descent))
        return false;
    bool fine = dw_derivative_nodes(e, descent.as.function, first->from->dim[0],
                                    first->from->dim[1], &traced);
    if (fine && traced.graph != NULL) {
        fine = widen(e, &traced, &wide) && run_wide(g, &wide);
        dw_plan_free(&wide.plan);
    }
    dw_value_release(descent);
    return fine;
}

/* ---- groups ---- */

enum { FEWEST_ABREAST = 4, GROUPS = 64, PATH_NUMBERS = 1 << 23, MANY_NUMBERS = 4000 };

/* Whether a group is worth it (a descent in many numbers fills vectors and caches by itself), and
 * its paths, which are all there at once, not too much. */
static bool is_suitable(const group *g) {
    const dw_abreast_job *first = g->jobs[0];
    return g->count >= FEWEST_ABREAST && first->from->size <= MANY_NUMBERS &&
           (!first->shows_path ||
            dw_trail_numbers(first->from->size, first->options.steps) < PATH_NUMBERS / g->count);
}

/* Moves the waiting jobs that are like jobs[from] behind it; says how many are alike, it among
 * them. */
static size_t gather_alike(dw_abreast_job **jobs, size_t from, size_t count) {
    size_t end = from + 1;
    for (size_t i = from + 1; i < count; i++)
        if (dw_abreast_is_like(jobs[from], jobs[i])) {
            dw_abreast_job *moved = jobs[i];
            jobs[i] = jobs[end];
            jobs[end++] = moved;
        }
    return end - from;
}

static size_t take_waiting(dw_replay_job *const *jobs, size_t count, dw_abreast_job **out) {
    size_t taken = 0;
    for (size_t i = 0; i < count; i++) {
        if (jobs[i]->state != DW_REPLAY_WAITING)
            continue;
        if (jobs[i]->kind->can(jobs[i]))
            out[taken++] = (dw_abreast_job *)jobs[i];
        else
            jobs[i]->state = DW_REPLAY_BY_ITSELF;
    }
    return taken;
}

static bool run_jobs(dw_eval *e, dw_replay_job *const *jobs, size_t count) {
    dw_abreast_job **waiting = dw_mem_array(e->mem, count + 1, sizeof(dw_abreast_job *));
    size_t taken = waiting != NULL ? take_waiting(jobs, count, waiting) : 0, alike;
    bool fine = true;
    unsigned groups = 0;
    dw_call call = dw_invoke_builtin_blank(e, NULL);
    listener told = {.task = dw_abreast_task(&call, 0), .all = taken};
    bool watched = dw_progress_abreast(&told.task, 0, taken);
    for (size_t i = 0; fine && i < taken && groups < GROUPS; i += alike, groups++) {
        alike = gather_alike(waiting, i, taken);
        told.first = i;
        told.count = alike;
        told.heard = 0;
        group g = {.e = e, .told = watched ? &told : NULL, .jobs = waiting + i, .count = alike};
        fine = !is_suitable(&g) || run_group(&g);
        if (!fine && e->err->kind != DW_ERR_INTERRUPT) {
            dw_err_clear(e->err);
            fine = true;
        }
    }
    dw_mem_free(waiting);
    for (size_t i = 0; i < count; i++)
        if (jobs[i]->state == DW_REPLAY_WAITING)
            jobs[i]->state = DW_REPLAY_BY_ITSELF;
    return fine;
}

/* ---- the kind ---- */

static bool can(const dw_replay_job *job) {
    return dw_descents_can(((const dw_abreast_job *)job)->options.method);
}

static bool same(const dw_replay_job *a, const dw_replay_job *b) {
    const dw_abreast_job *p = (const dw_abreast_job *)a, *q = (const dw_abreast_job *)b;
    return dw_abreast_is_like(p, q) &&
           memcmp(p->from->data, q->from->data, q->from->size * sizeof(double)) == 0;
}

static void release(dw_replay_job *job) {
    dw_abreast_release((dw_abreast_job *)job);
}

const dw_replay_kind dw_abreast_kind = {
    .size = sizeof(dw_abreast_job), .can = can, .same = same, .run = run_jobs, .release = release};
