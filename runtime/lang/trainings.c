/* SPDX-License-Identifier: BSD-3-Clause */
#include "lang/trainings.h"

#include <math.h>
#include <string.h>

/* Trainings that are prepared at once, and how many make a group worth it. */
enum { WINDOW = 64, FEWEST = 2, LANES = DW_UPDATE_LANES };

/* From so many parameters times samples of a step on, eight nets abreast no longer fit into a
 * core's caches, and a net's samples fill its vectors as well; from so many parameters on, threads
 * may share the steps of one net. */
enum { FULL = 30000, SHARED = 1 << 17 };

/* ---- jobs ---- */

dw_trainings_job dw_trainings_new(dw_training *t) {
    for (size_t i = 0; i < t->call.count; i++)
        (void)dw_value_retain(t->call.args[i]);
    return (dw_trainings_job){.head = {.kind = &dw_trainings_kind}, .training = t};
}

dw_training *dw_trainings_take(dw_trainings_job *job) {
    dw_training *t = job->training;
    job->training = NULL;
    for (size_t i = 0; t != NULL && i < t->call.count; i++)
        dw_value_release(t->call.args[i]);
    return t;
}

static void release(dw_replay_job *head) {
    dw_trainings_job *job = (dw_trainings_job *)head;
    dw_training *t = dw_trainings_take(job);
    dw_training_free(&t);
    dw_value_release(job->net);
    job->net = dw_value_nothing();
}

static bool can(const dw_replay_job *head) {
    const dw_training *t = ((const dw_trainings_job *)head)->training;
    return t->options.optimizer != DW_OPTIMIZER_LBFGS;
}

/* Whether it is the same call: evaluated again it has the same key, and equal arguments. */
static bool same(const dw_replay_job *a, const dw_replay_job *b) {
    const dw_training *p = ((const dw_trainings_job *)a)->training;
    const dw_training *q = ((const dw_trainings_job *)b)->training;
    if (p->stream.key != q->stream.key || p->stream.counter != q->stream.counter ||
        p->call.count != q->call.count)
        return false;
    for (size_t i = 0; i < p->call.count; i++)
        if (!dw_value_same(p->call.args[i], q->call.args[i]))
            return false;
    return true;
}

/* How many trainings like this one go together: as many as there are lanes, one in a thread of its
 * own, or 0 when it runs by itself with all threads. */
static size_t most_of(const dw_training *t) {
    const dw_train_objective *f = dw_objective_train(t->loss);
    size_t batch = t->options.batch, samples = batch > 0 && batch < f->samples ? batch : f->samples;
    if (!dw_objective_joins(t->loss) || f->n >= SHARED)
        return 0;
    return t->single || (double)f->n * (double)samples >= FULL ? 1 : LANES;
}

/* ---- running ---- */

/* Some trainings that match, at most as many as there are lanes; or one. */
typedef struct {
    dw_trainings_job *jobs[LANES];
    size_t count;
    dw_rng streams[LANES];
    dw_objective_loss *loss;
    dw_train_result result;
    struct window *window;
    bool watched;
    dw_err err;
    bool fine;
} group;

/* Jobs that are worked on at once, and where they stand among all. */
typedef struct window {
    dw_eval *e;
    group *groups;
    size_t group_count;
    dw_progress_task task;
    double heard; /* the share of them that is said to be done */
    size_t first, count, all;
} window;

/* Plans a group; in any thread. */
static void plan_group(void *context, unsigned part, unsigned thread) {
    (void)thread;
    group *g = (group *)context + part;
    dw_objective_loss *losses[LANES];
    for (size_t l = 0; l < g->count; l++)
        losses[l] = g->jobs[l]->training->loss;
    g->fine = dw_objective_join(losses, g->count, &g->loss, &g->err) &&
              dw_objective_plan(g->loss, &g->err);
}

/* ---- how far it is ---- */

static double read_clock(void *watcher) {
    const dw_eval *e = ((const group *)watcher)->window->e;
    return e->host->clock(e->host->context);
}

/* The groups before this one have been begun; those under way are about as far as this one. */
static void hear(void *watcher, const dw_pace_report *now) {
    const group *g = watcher;
    window *w = g->window;
    double share = now->steps > 0 ? (double)now->step / (double)now->steps : 0;
    double begun = (double)(g - w->groups) + share * dw_pool_threads(w->e->pool);
    w->heard = fmax(w->heard, fmin(begun / (double)w->group_count, 1));
    dw_progress_done(&w->task, (double)w->first + w->heard * (double)w->count, w->all);
}

/* Trains a group; in any thread. The session's alone may tell how far it is. */
static void train_group(void *context, unsigned part, unsigned thread) {
    group *g = (group *)context + part;
    const dw_training *first = g->jobs[0]->training;
    dw_train_options options = first->options;
    for (size_t l = 0; l < LANES; l++)
        g->streams[l] = g->jobs[l < g->count ? l : 0]->training->stream;
    options.streams = g->streams;
    options.watch =
        thread == 0 && g->watched ? (dw_pace_watch){read_clock, hear, g} : (dw_pace_watch){0};
    g->fine = g->fine && dw_train_run(first->call.mem, dw_objective_train(g->loss), &options,
                                      &g->result, &g->err);
}

/* Tells that the jobs of a group begin, and learns whether anybody watches. */
static void begin_group(window *w, group *g) {
    double flops = g->fine ? dw_objective_flops(g->loss) : 0;
    g->window = w;
    for (size_t l = 0; l < g->count; l++) {
        dw_trainings_job *job = g->jobs[l];
        job->work = flops * (double)job->training->options.steps;
        w->task = dw_training_task(job->training, job->work);
        g->watched = dw_progress_abreast(&w->task, (double)w->first, w->all);
    }
}

static void begin_window(window *w) {
    for (size_t k = 0; k < w->group_count; k++)
        begin_group(w, &w->groups[k]);
    w->heard = 0;
}

/* ---- windows ---- */

/* The nets of a group. A training that failed is left for later, to fail in its place. */
static void finish_group(group *g) {
    for (size_t l = 0; l < g->count && g->fine && !g->result.interrupted; l++) {
        dw_trainings_job *job = g->jobs[l];
        dw_training *t = job->training;
        const dw_training_end end = {g->loss, &g->result, l};
        job->loss = g->result.ends[l].loss;
        if (dw_training_net(t, &end, &job->net))
            job->head.state = DW_REPLAY_DONE;
        else
            dw_err_clear(t->call.err);
    }
    if (g->fine)
        dw_train_forget(&g->result);
    dw_objective_free(&g->loss);
}

/* Sorts prepared jobs into groups of those that match, or of one that has a thread. */
static size_t make_groups(dw_trainings_job **jobs, size_t count, group *groups) {
    size_t made = 0;
    for (size_t i = 0; i < count; i++) {
        const dw_training *t = jobs[i]->training;
        size_t most = most_of(t), k = 0;
        while (k < made &&
               (groups[k].count >= most || !dw_training_match(groups[k].jobs[0]->training, t)))
            k++;
        if (most > 0 && k == made)
            groups[made++] = (group){.count = 0};
        if (most > 0)
            groups[k].jobs[groups[k].count++] = jobs[i];
    }
    size_t kept = 0;
    for (size_t k = 0; k < made; k++)
        if (groups[k].count >= FEWEST ||
            (made >= FEWEST && most_of(groups[k].jobs[0]->training) == 1))
            groups[kept++] = groups[k];
    return kept;
}

/* What only the work needs; the arguments stay, to know the call again. */
static void forget_work(dw_training *t) {
    dw_objective_free(&t->loss);
    dw_dataset_free(&t->train);
    dw_dataset_free(&t->valid);
}

/* Prepares some jobs, trains them, makes their nets. False when interrupted. */
static bool run_window(window *w, dw_replay_job *const *jobs) {
    dw_eval *e = w->e;
    size_t count = w->count;
    dw_trainings_job *ready[WINDOW];
    size_t made = 0;
    bool fine = true;
    for (size_t i = 0; fine && i < count; i++) {
        dw_trainings_job *job = (dw_trainings_job *)jobs[i];
        dw_training *t = job->training;
        t->call.err = e->err;
        if (job->head.state != DW_REPLAY_WAITING || !can(&job->head))
            continue;
        if (dw_training_prepare(t))
            ready[made++] = job;
        fine = e->err->kind != DW_ERR_INTERRUPT;
        if (fine)
            dw_err_clear(e->err);
    }
    w->group_count = fine ? make_groups(ready, made, w->groups) : 0;
    dw_pool_run(e->pool, plan_group, w->groups, (unsigned)w->group_count);
    begin_window(w);
    dw_pool_run(e->pool, train_group, w->groups, (unsigned)w->group_count);
    for (size_t k = 0; k < w->group_count; k++)
        finish_group(&w->groups[k]);
    for (size_t i = 0; i < count; i++)
        forget_work(((dw_trainings_job *)jobs[i])->training);
    return fine && dw_eval_poll(e, NULL, (dw_span){0, 0});
}

static bool run_jobs(dw_eval *e, dw_replay_job *const *jobs, size_t count) {
    window w = {.e = e, .groups = dw_mem_array(e->mem, WINDOW, sizeof *w.groups), .all = count};
    bool fine = true;
    for (; fine && w.groups != NULL && w.first < count; w.first += WINDOW) {
        w.count = count - w.first < WINDOW ? count - w.first : WINDOW;
        fine = run_window(&w, jobs + w.first);
    }
    dw_mem_free(w.groups);
    for (size_t i = 0; i < count; i++)
        if (jobs[i]->state == DW_REPLAY_WAITING)
            jobs[i]->state = DW_REPLAY_BY_ITSELF;
    return fine;
}

const dw_replay_kind dw_trainings_kind = {.size = sizeof(dw_trainings_job),
                                          .can = can,
                                          .same = same,
                                          .run = run_jobs,
                                          .release = release};
