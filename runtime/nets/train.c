/* SPDX-License-Identifier: BSD-3-Clause */
/* Training: the loop over steps, its validation, and how it ends. */
#include "nets/train.h"

#include "nets/batches.h"
#include "nets/line.h"
#include "nets/minimize.h"
#include "tensor/reduce.h"

#include <math.h>
#include <string.h>

/* One training. */
typedef struct {
    dw_mem *mem;
    const dw_train_objective *f;
    const dw_train_options *o;
    dw_train_result *r;
    dw_err *err;
    dw_update update;
    dw_update_room room;
    dw_update_range whole;
    dw_batches batches;
    void *best;    /* the weights of the best validation, [n][lanes] */
    double *place; /* lbfgs: the parameters that move, joined */
    size_t moving; /* how many those are */
    double rate;   /* at the start */
    size_t every;  /* steps from one validation to the next */
    size_t going;  /* lanes that have not stopped */
    size_t taken;  /* steps; one more than were noted when the user stops while the loss is found */
    bool stopped[DW_UPDATE_LANES];
    double loss[DW_UPDATE_LANES], valid[DW_UPDATE_LANES];
    dw_pace pace;
} training;

static size_t batch_size(const dw_train_objective *f, const dw_train_options *o) {
    return o->batch == 0 || o->batch > f->samples ? f->samples : o->batch;
}

size_t dw_train_every(const dw_train_objective *f, const dw_train_options *o) {
    size_t batch = batch_size(f, o), often = batch > 0 ? (f->validation + batch - 1) / batch : 1;
    return o->every > 0 ? o->every : often > 0 ? often : 1;
}

void dw_train_forget(dw_train_result *result) {
    dw_losses_forget(&result->history);
}

/* ---- what every optimiser does ---- */

/* Copies the weights of one lane. */
static void copy_lane(const dw_train_objective *f, void *to, const void *from, size_t lane) {
    size_t bytes = f->single ? sizeof(float) : sizeof(double);
    if (f->lanes == 1) {
        memcpy(to, from, f->n * bytes);
        return;
    }
    for (size_t i = 0; i < f->n; i++) {
        size_t at = (i * f->lanes + lane) * bytes;
        memcpy((char *)to + at, (const char *)from + at, bytes);
    }
}

/* Whether the user asked to stop, which is no error here. */
static bool stopped_by_user(training *t) {
    bool pending = t->o->cancel != NULL && dw_cancel_pending(t->o->cancel);
    if (t->err->kind == DW_ERR_INTERRUPT)
        dw_err_clear(t->err);
    else if (!pending || t->err->kind != DW_ERR_NONE)
        return false;
    t->r->interrupted = true;
    return true;
}

/* The losses of this step are numbers, or an error that says what to try. */
static bool finite(training *t, size_t step) {
    double rate = t->rate;
    for (size_t l = 0; l < t->f->lanes; l++) {
        if (t->stopped[l] || isfinite(t->loss[l]))
            continue;
        const char *what = isnan(t->loss[l]) ? "no number" : "infinite";
        if (step == 0)
            return dw_err_set(t->err, DW_ERR_NUMERIC,
                              "train: the loss is %s before the first step. Look at what the net "
                              "gives for the first sample",
                              what);
        return dw_err_set(t->err, DW_ERR_NUMERIC,
                          "train, step %zu: the loss became %s with rate = %g. Try rate = %g", step,
                          what, rate, rate / 10);
    }
    return true;
}

static void tell(training *t, size_t step) {
    double seconds;
    if (!dw_pace_due(&t->pace, step, &seconds))
        return;
    const dw_pace_report report = {.step = step,
                                   .steps = t->o->steps,
                                   .loss = t->loss[0],
                                   .valid = t->f->validation > 0 ? t->valid[0] : NAN,
                                   .seconds = seconds,
                                   .history = &t->r->history};
    t->pace.watch.tell(t->pace.watch.watcher, &report);
}

/* Notes the losses of a step, keeps the best weights and stops the lanes whose patience ends. */
static void note(training *t, size_t step, bool due) {
    dw_losses *h = &t->r->history;
    bool validates = t->f->validation > 0;
    if (due || !validates)
        dw_losses_add(h, step, t->loss, due ? t->valid : NULL);
    for (size_t l = 0; l < t->f->lanes; l++) {
        if (t->stopped[l])
            continue;
        h->last[l] = (dw_losses_row){step, t->loss[l], due ? t->valid[l] : NAN};
        if (!validates || (due && (step == 0 || t->valid[l] < h->best[l].valid))) {
            h->best[l] = h->last[l];
            if (validates)
                copy_lane(t->f, t->best, t->f->x, l);
        }
        if (validates && t->o->patience > 0 && step - h->best[l].step >= t->o->patience) {
            t->stopped[l] = true;
            t->update.stopped = t->stopped;
            t->going--;
        }
    }
    tell(t, step);
}

/* Validates where it is due and notes. */
static bool look_around(training *t, size_t step, bool last) {
    bool due = t->f->validation > 0 && (step % t->every == 0 || last);
    if (due && !t->f->measure(t->f->context, true, t->valid, t->err))
        return false;
    note(t, step, due);
    return true;
}

/* ---- optimisers that are one pass over the numbers ---- */

static bool evaluate(training *t, size_t step, bool last) {
    const dw_train_objective *f = t->f;
    dw_train_batch batch = {.step = step, .count = f->samples};
    if (t->batches.size > 0 && !last) {
        batch.count = t->batches.size;
        batch.chosen = dw_batches_next(&t->batches);
    }
    return (last ? f->measure(f->context, false, t->loss, t->err)
                 : f->gradient(f->context, &batch, t->loss, t->err)) &&
           finite(t, step);
}

/* Fewer parameters than these are not worth waking a thread. */
enum { SHARED = 1 << 17 };

static void take_part(void *context, unsigned part, unsigned thread) {
    (void)thread;
    const training *t = context;
    dw_update_part(&t->update, &t->room, part, dw_pool_threads(t->o->pool));
}

static void take_step(training *t, size_t step) {
    t->taken = step + 1;
    t->update.rate = dw_schedule_rate(t->o->schedule, t->rate, step, t->o->steps);
    t->update.step = step + 1;
    if (t->f->n < SHARED || t->o->pool == NULL)
        dw_update_step(&t->update, &t->room);
    else
        dw_pool_run(t->o->pool, take_part, t, dw_pool_threads(t->o->pool));
}

static bool descend(training *t) {
    for (size_t step = 0;; step++) {
        bool last = step == t->o->steps;
        if (!evaluate(t, step, last) || !look_around(t, step, last))
            return stopped_by_user(t);
        /* here the weights are those whose loss was noted last */
        if (last || t->going == 0 || stopped_by_user(t))
            return true;
        take_step(t, step);
    }
    return true;
}

/* ---- lbfgs ---- */

/* The parameters that move between the net's array and one of their own; `out`: to the net. */
static void carry(const training *t, double *net, double *own, bool out) {
    for (size_t r = 0; r < t->update.range_count; r++) {
        dw_update_range range = t->update.ranges[r];
        if (out)
            memcpy(net + range.from, own, range.count * sizeof *own);
        else
            memcpy(own, net + range.from, range.count * sizeof *own);
        own += range.count;
    }
}

static bool lbfgs_gradient(void *context, const double *x, double *y, double *g, dw_err *err) {
    training *t = context;
    dw_train_batch batch = {.count = t->f->samples};
    double decay = t->o->decay;
    memcpy(t->place, x, t->moving * sizeof *x);
    carry(t, t->f->x, t->place, true);
    if (!t->f->gradient(t->f->context, &batch, t->loss, err))
        return false;
    carry(t, t->f->g, g, false);
    for (size_t i = 0; i < t->moving; i++)
        g[i] += decay * x[i];
    *y = t->loss[0] + decay / 2 * dw_reduce_dot(x, x, t->moving);
    return true;
}

/* Told of a step, whose loss was the last one worked out. Stops the search by an interrupt when the
 * patience has ended. */
static bool lbfgs_visit(void *context, const double *x, dw_err *err) {
    training *t = context;
    size_t step = t->r->ends[0].steps++;
    (void)x;
    return step == 0 || (look_around(t, step, step == t->o->steps) &&
                         (t->going > 0 || dw_err_set(err, DW_ERR_INTERRUPT, "patience has ended")));
}

static bool lbfgs(training *t) {
    dw_objective f = {
        .context = t, .n = t->moving, .gradient = lbfgs_gradient, .visit = lbfgs_visit};
    dw_minimize_options options = {.method = DW_METHOD_LBFGS,
                                   .rate = t->update.rate,
                                   .steps = t->o->steps,
                                   .until = -INFINITY,
                                   .cancel = t->o->cancel};
    dw_minimize_result result;
    double *x = t->place + t->moving;
    carry(t, t->f->x, x, false);
    if (!evaluate(t, 0, false) || !look_around(t, 0, t->o->steps == 0))
        return stopped_by_user(t);
    bool fine = dw_minimize_run(t->mem, &f, &options, x, &result, t->err);
    if (!fine && t->going == 0)
        dw_err_clear(t->err);
    else if (!fine && !stopped_by_user(t))
        return false;
    memcpy(t->place, x, t->moving * sizeof *x);
    carry(t, t->f->x, t->place, true);
    return t->r->interrupted || t->f->measure(t->f->context, false, t->loss, t->err) ||
           stopped_by_user(t);
}

/* ---- beginning and end ---- */

static bool allocate(training *t) {
    const dw_train_objective *f = t->f;
    size_t bytes = (f->single ? sizeof(float) : sizeof(double)) * f->lanes,
           batch = batch_size(f, t->o);
    size_t rows = f->validation > 0 ? t->o->steps / t->every : t->o->steps;
    bool line = t->o->optimizer == DW_OPTIMIZER_LBFGS;
    t->room = (dw_update_room){.x = f->x, .g = f->g};
    for (size_t i = 0; i < dw_update_arrays(t->o->optimizer); i++) {
        t->room.state[i] = dw_mem_array(t->mem, f->n + 1, bytes);
        if (t->room.state[i] == NULL)
            return dw_err_memory(t->err, "what an optimiser remembers");
    }
    if (f->validation > 0)
        t->best = dw_mem_array(t->mem, f->n + 1, bytes);
    if (line)
        t->place = dw_mem_array(t->mem, t->moving + 1, 2 * sizeof *t->place);
    if ((f->validation > 0 && t->best == NULL) || (line && t->place == NULL))
        return dw_err_memory(t->err, "the best weights");
    if (!line && batch < f->samples) {
        t->batches = (dw_batches){.samples = f->samples, .size = batch, .lanes = f->lanes};
        memcpy(t->batches.streams, t->o->streams, f->lanes * sizeof *t->o->streams);
        if (!dw_batches_begin(t->mem, &t->batches, t->err))
            return false;
    }
    rows = t->o->forgets ? 0 : rows < DW_LOSSES_ROWS ? rows + 2 : rows;
    if (!dw_losses_new(t->mem, f->lanes, rows, &t->r->history, t->err))
        return false;
    for (size_t l = 0; l < f->lanes; l++)
        t->r->history.last[l] = t->r->history.best[l] = (dw_losses_row){0, NAN, NAN};
    return true;
}

static void release(training *t) {
    for (size_t i = 0; i < DW_UPDATE_STATES; i++)
        dw_mem_free(t->room.state[i]);
    dw_mem_free(t->best);
    dw_mem_free(t->place);
    dw_batches_forget(&t->batches);
}

static dw_train_end end_of(const training *t, size_t lane, bool is_measured) {
    const dw_losses_row *last = &t->r->history.last[lane], *best = &t->r->history.best[lane];
    bool validates = t->f->validation > 0;
    size_t steps = !t->stopped[lane] && t->taken > last->step ? t->taken : last->step;
    return (dw_train_end){.loss = is_measured ? t->loss[lane]
                                  : validates ? best->train
                                              : last->train,
                          .valid = validates ? best->valid : NAN,
                          .steps = steps,
                          .best = validates ? best->step : steps};
}

/* The best weights back, and the loss there. */
static bool finish(training *t) {
    const dw_train_objective *f = t->f;
    bool is_measured = f->validation == 0 && !t->r->interrupted;
    if (isnan(t->r->history.last[0].train))
        return dw_err_set(t->err, DW_ERR_INTERRUPT, "stopped before the first step");
    for (size_t l = 0; l < f->lanes && f->validation > 0; l++)
        copy_lane(f, f->x, t->best, l);
    if (f->validation > 0 && !t->r->interrupted) {
        is_measured = f->measure(f->context, false, t->loss, t->err);
        if (!is_measured && !stopped_by_user(t))
            return false;
    }
    for (size_t l = 0; l < f->lanes; l++)
        t->r->ends[l] = end_of(t, l, is_measured);
    return true;
}

bool dw_train_run(dw_mem *mem, const dw_train_objective *f, const dw_train_options *o,
                  dw_train_result *result, dw_err *err) {
    training t = {.mem = mem, .f = f, .o = o, .r = result, .err = err, .going = f->lanes};
    *result = (dw_train_result){0};
    t.rate = o->rate > 0 ? o->rate : dw_update_rate(o->optimizer);
    t.whole = (dw_update_range){0, f->n};
    t.update = (dw_update){.optimizer = o->optimizer,
                           .single = f->single,
                           .rate = t.rate,
                           .decay = o->decay,
                           .lanes = f->lanes,
                           .ranges = o->ranges != NULL ? o->ranges : &t.whole,
                           .range_count = o->ranges != NULL ? o->range_count : 1};
    for (size_t r = 0; r < t.update.range_count; r++)
        t.moving += t.update.ranges[r].count;
    t.every = dw_train_every(f, o);
    t.pace = dw_pace_start(&o->watch);
    bool fine = allocate(&t) && (o->optimizer == DW_OPTIMIZER_LBFGS ? lbfgs(&t) : descend(&t)) &&
                finish(&t);
    release(&t);
    if (!fine)
        dw_train_forget(result);
    return fine;
}
