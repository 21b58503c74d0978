/* SPDX-License-Identifier: BSD-3-Clause */
/* How far trainings and descents are. */
#include "lang/progress.h"

#include "lang/eval.h"
#include "lang/invoke_builtin.h"
#include "lang/loss_curve.h"
#include "plot/embed.h"
#include "plot/plotter.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WORDS = DW_PROGRESS_WORDS, BAR = 20 };
/* Operations of one task: some seconds. Of a whole statement, whose parts are quick. */
static const double HEAVY = 2e10, HEAVY_ALL = 1e11;
/* Seconds until others are shown all the same: nobody should wait in the dark. */
static const double AFTER = 20, AFTER_ALL = 60;
static const double PAUSE = 0.2;  /* seconds from one state to the next, at least */
static const double SHARE = 0.02; /* of the time that drawing may take */

/* What is known of a statement. */
typedef struct dw_progress_log {
    char id[48];
    bool shown; /* there is a display */
    bool heavy; /* by its operations: there is one in any case */
    bool blind; /* pictures cannot be drawn */
    bool drawn; /* one was: the first one waits for gnuplot to start */
    bool failed, stopped;
    double started;       /* by the clock */
    double since;         /* when tasks side by side began */
    double next;          /* no state is shown before */
    double work, abreast; /* operations that were begun; side by side, answers not yet asked for */
    size_t begun, ended;
    double least, most; /* losses of those that ended */
    const char *noun, *measure;
    char words[WORDS]; /* about the last end */
    dw_figure *curve;  /* of the only task; NULL when there is none */
} log_of;

/* ---- the log ---- */

static double clock_of(const dw_eval *e) {
    return e->host->clock(e->host->context);
}

static bool is_watched(const dw_eval *e) {
    const dw_host *host = e->host;
    return !e->quiet && !e->ahead && !e->moved && host->display != NULL && host->update != NULL &&
           host->clock != NULL && host->wants_progress != NULL &&
           host->wants_progress(host->context);
}

/* NULL where nobody watches, and without memory. */
static log_of *open_log(const dw_progress_task *task) {
    dw_eval *e = task->call->eval;
    if (!is_watched(e))
        return NULL;
    if (e->progress == NULL) {
        log_of *log = e->progress = dw_mem_new(e->mem, sizeof *log);
        if (log == NULL)
            return NULL;
        log->started = clock_of(e);
        log->least = INFINITY;
        log->most = -INFINITY;
        snprintf(log->id, sizeof log->id, "train-%u-%.9f", task->call->unit, log->started);
    }
    e->progress->noun = task->noun;
    e->progress->measure = task->measure;
    return e->progress;
}

/* ---- words ---- */

/* Appends as printf does, as far as there is room. */
static void put(char *out, const char *format, ...) DW_PRINTF(2, 3);
static void put(char *out, const char *format, ...) {
    size_t used = strlen(out);
    va_list list;
    va_start(list, format);
    vsnprintf(out + used, WORDS - used, format, list);
    va_end(list);
}

static void put_bar(char *out, double share) {
    put(out, " ");
    for (int i = 0; i < BAR; i++)
        put(out, "%s", i < (int)(share * BAR) ? "█" : "░");
}

static void put_left(char *out, const char *before, double spent, double share) {
    double seconds = share > 0 ? spent * (1 - share) / share : 0;
    if (!(share > 0))
        return;
    put(out, "%s", before);
    if (seconds < 90)
        put(out, "%.0f s left", ceil(seconds));
    else if (seconds < 5400)
        put(out, "%.0f min left", ceil(seconds / 60));
    else
        put(out, "%.1f h left", seconds / 3600);
}

/* Which of several it is. */
static void put_place(char *out, const dw_eval *e) {
    if (e->rounds > 1)
        put(out, "%zu of %zu: ", e->round + 1, e->rounds);
    else if (e->progress->begun > 1)
        put(out, "%s %zu: ", e->progress->noun, e->progress->begun);
}

/* How long it will take: of all rounds where they are known. */
static void put_rest(char *out, const dw_eval *e, const dw_pace_report *now) {
    double share = now->steps > 0 ? (double)now->step / (double)now->steps : 0;
    const char *before = isnan(now->loss) ? " " : ", ";
    if (e->rounds > 1)
        put_left(out, before, clock_of(e) - e->progress->started,
                 ((double)e->round + share) / (double)e->rounds);
    else
        put_left(out, before, now->seconds, share);
}

/* A line with a bar, and one for the title of a figure. */
static void write_state(const dw_progress_task *task, const dw_pace_report *now, char words[WORDS],
                        char title[WORDS]) {
    const dw_eval *e = task->call->eval;
    double share = now->steps > 0 ? (double)now->step / (double)now->steps : 0;
    words[0] = title[0] = '\0';
    put_place(words, e);
    put_place(title, e);
    put(words, "step %zu of %zu", now->step, now->steps);
    put(title, "step %zu of %zu", now->step, now->steps);
    put_bar(words, share);
    if (!isnan(now->loss)) {
        put(words, " %s %.3g", task->measure, now->loss);
        put(title, ", %s %.3g", task->measure, now->loss);
    }
    if (!isnan(now->valid))
        put(words, ", validation %.3g", now->valid);
    put_rest(words, e, now);
    put_rest(title, e, now);
}

void dw_progress_words(const dw_progress_task *task, const dw_progress_result *r,
                       char out[DW_PROGRESS_WORDS]) {
    out[0] = '\0';
    put(out, "%s%zu of %zu steps, %s %.3g", r->stopped ? "stopped after " : "", r->steps,
        task->steps, task->measure, r->loss);
    if (!isnan(r->valid))
        put(out, ", best validation %.3g at step %zu", r->valid, r->best);
}

/* What stays. */
static void write_end(const log_of *log, char out[WORDS]) {
    bool one = log->begun == 1;
    out[0] = '\0';
    if (log->failed && one)
        put(out, "the %s %s", log->noun, log->stopped ? "was stopped" : "ended with an error");
    else if (log->failed)
        put(out, "%s %zu %s", log->noun, log->begun,
            log->stopped ? "was stopped" : "ended with an error");
    else if (one && log->ended == 1)
        put(out, "%s", log->words);
    else {
        put(out, "%s%zu %s%s", log->stopped ? "stopped after " : "", log->ended, log->noun,
            log->ended == 1 ? "" : "s");
        if (log->ended > 0)
            put(out, ", %s %.3g to %.3g", log->measure, log->least, log->most);
    }
}

/* ---- showing ---- */

static void show(dw_call *call, log_of *log, const dw_part *parts, size_t count, const char *alt) {
    const dw_bundle bundle = {.parts = parts, .count = count, .alt = alt, .id = log->id};
    if (log->shown)
        dw_call_update(call, &bundle);
    else
        dw_call_display(call, &bundle);
    log->shown = true;
}

static void show_words(dw_call *call, log_of *log, const char *words) {
    const dw_part part = {"text/plain", words, strlen(words)};
    show(call, log, &part, 1, NULL);
}

/* A state that will not stay: an image that takes no number from the figures of the notebook. */
static bool show_passing(dw_call *call, log_of *log, const dw_picture *drawn, const char *words) {
    const dw_part *svg = &drawn->parts[0];
    const dw_embed embed = {svg->data, svg->size, drawn->alt, drawn->width, drawn->height};
    dw_buf html;
    dw_buf_init(&html, call->mem);
    dw_embed_image(&html, &embed);
    bool fine = !html.failed;
    const dw_part parts[] = {{"text/html", html.data, html.size},
                             {"text/plain", words, strlen(words)}};
    if (fine)
        show(call, log, parts, 2, drawn->alt);
    dw_buf_free(&html);
    return fine;
}

/* The last state, a figure like others: the words instead of its sentence. */
static void show_lasting(dw_call *call, log_of *log, dw_picture *drawn, const char *words) {
    drawn->parts[drawn->bundle.count - 1] = (dw_part){"text/plain", words, strlen(words)};
    show(call, log, drawn->parts, drawn->bundle.count, drawn->alt);
}

/* Draws a curve and shows it. False when it cannot be drawn; then it is not tried again. */
static bool show_curve(dw_call *call, log_of *log, const dw_figure *curve, const char *words,
                       bool lasting) {
    dw_err err = {0};
    dw_call quiet = *call;
    dw_picture drawn;
    quiet.err = &err;
    dw_plotter *plotter = dw_lib_plot_plotter(&quiet);
    const dw_cancel *cancel = log->ended > 0 ? NULL : call->cancel;
    bool fine = plotter != NULL &&
                (lasting ? dw_plotter_draw(plotter, curve, true, cancel, &drawn, &err)
                         : dw_plotter_frame(plotter, curve, false, cancel, &drawn, &err));
    log->blind = !fine && err.kind != DW_ERR_INTERRUPT;
    if (!fine)
        return false;
    if (lasting)
        show_lasting(call, log, &drawn, words);
    else
        fine = show_passing(call, log, &drawn, words);
    dw_plotter_drop(&drawn);
    return fine;
}

/* The curve of a training; NULL when there is none. */
static dw_figure *curve_of(const dw_progress_task *task, const dw_losses *history,
                           const char *title, size_t steps) {
    dw_err err = {0};
    const dw_loss_curve_form form = {title, task->validates, steps};
    return history == NULL ? NULL : dw_loss_curve_new(task->call->mem, history, &form, &err);
}

/* ---- while it runs ---- */

/* Shows how far it is; then pauses so long that drawing takes a small share of the time. */
static void show_state(const dw_progress_task *task, const dw_pace_report *now) {
    dw_eval *e = task->call->eval;
    log_of *log = e->progress;
    char words[WORDS], title[WORDS];
    double began = clock_of(e);
    write_state(task, now, words, title);
    dw_figure *curve = log->blind ? NULL : curve_of(task, now->history, title, now->steps);
    if (curve == NULL || !show_curve(task->call, log, curve, words, false))
        show_words(task->call, log, words);
    dw_figure_release(curve);
    double ended = clock_of(e);
    log->next = ended + (log->drawn ? fmax(PAUSE, (ended - began) / SHARE) : PAUSE);
    log->drawn = log->drawn || curve != NULL;
}

/* Whether something is to be shown now, so many seconds after a task began. */
static bool is_due(const dw_eval *e, double seconds) {
    const log_of *log = e->progress;
    double now = clock_of(e);
    return now >= log->next && (log->heavy || seconds >= AFTER || now - log->started >= AFTER_ALL);
}

static void hear(void *watcher, const dw_pace_report *now) {
    const dw_progress *p = watcher;
    if (is_due(p->task.call->eval, now->seconds))
        show_state(&p->task, now);
}

static double read_clock(void *watcher) {
    const dw_progress *p = watcher;
    return clock_of(p->task.call->eval);
}

/* Looks at the operations when those of a task were counted; true when they became many. */
static bool grows_heavy(log_of *log, const dw_progress_task *task) {
    bool before = log->heavy;
    log->heavy = before || task->work >= HEAVY || log->work + log->abreast >= HEAVY_ALL;
    return log->heavy && !before;
}

void dw_progress_begin(dw_progress *p, const dw_progress_task *task, dw_pace_watch *watch) {
    log_of *log = open_log(task);
    *p = (dw_progress){*task, log};
    if (log == NULL)
        return;
    const dw_pace_report start = {.steps = task->steps, .loss = NAN, .valid = NAN};
    log->begun++;
    log->work += task->work;
    if ((grows_heavy(log, task) && !log->shown) || is_due(task->call->eval, 0))
        show_state(&p->task, &start);
    *watch = (dw_pace_watch){read_clock, hear, p};
}

/* ---- side by side ---- */

static void show_done(const dw_progress_task *task, double done, size_t all) {
    dw_eval *e = task->call->eval;
    log_of *log = e->progress;
    double share = done / (double)all;
    char words[WORDS] = "";
    put(words, "%.0f of %zu %ss", floor(done), all, task->noun);
    put_bar(words, share);
    put_left(words, " ", clock_of(e) - log->since, share);
    show_words(task->call, log, words);
    log->next = clock_of(e) + PAUSE;
}

bool dw_progress_abreast(const dw_progress_task *task, double done, size_t all) {
    log_of *log = open_log(task);
    if (log == NULL)
        return false;
    if (done == 0)
        log->since = clock_of(task->call->eval);
    log->abreast += task->work;
    if (grows_heavy(log, task) && !log->shown)
        show_done(task, done, all);
    return true;
}

void dw_progress_done(const dw_progress_task *task, double done, size_t all) {
    if (task->call->eval->progress != NULL && is_due(task->call->eval, 0))
        show_done(task, done, all);
}

/* ---- ends ---- */

static void count_end(log_of *log, double loss) {
    log->ended++;
    log->least = fmin(log->least, loss);
    log->most = fmax(log->most, loss);
}

void dw_progress_answer(const dw_progress_task *task, double loss) {
    log_of *log = open_log(task);
    if (log == NULL)
        return;
    log->abreast = 0;
    log->work += task->work;
    log->begun++;
    count_end(log, loss);
    (void)grows_heavy(log, task);
}

void dw_progress_end(dw_progress *p, const dw_progress_result *r) {
    log_of *log = p->log;
    if (log == NULL)
        return;
    count_end(log, r->loss);
    log->stopped = log->stopped || r->stopped;
    dw_progress_words(&p->task, r, log->words);
    dw_figure_release(log->curve);
    log->curve = NULL;
    if (!log->shown)
        return;
    char title[WORDS] = "";
    put(title, "%s%zu of %zu steps, %s %.3g", r->stopped ? "stopped after " : "", r->steps,
        p->task.steps, p->task.measure, r->loss);
    if (log->begun == 1 && !log->blind)
        log->curve = curve_of(&p->task, r->history, title, 0);
    if (log->begun == 1 && !r->stopped && /* else the statement ends now, and shows what stays */
        (log->curve == NULL || !show_curve(p->task.call, log, log->curve, log->words, false)))
        show_words(p->task.call, log, log->words);
}

void dw_progress_fail(dw_progress *p) {
    if (p->log == NULL)
        return;
    p->log->failed = true;
    p->log->stopped = p->task.call->err->kind == DW_ERR_INTERRUPT;
}

bool dw_progress_is_shown(const dw_progress *p) {
    return p->log != NULL && p->log->shown;
}

void dw_progress_close(dw_eval *e) {
    log_of *log = e->progress;
    if (log == NULL)
        return;
    char words[WORDS];
    dw_call call = dw_invoke_builtin_blank(e, NULL);
    bool curve = log->curve != NULL && log->begun == 1 && !log->failed;
    log->stopped = log->stopped || e->err->kind == DW_ERR_INTERRUPT;
    write_end(log, words);
    if (log->shown && (!curve || !show_curve(&call, log, log->curve, words, log->heavy)))
        show_words(&call, log, words);
    dw_figure_release(log->curve);
    dw_mem_free(log);
    e->progress = NULL;
}
