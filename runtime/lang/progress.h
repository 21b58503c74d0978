/* SPDX-License-Identifier: BSD-3-Clause */
/* How far the trainings and descents of a statement are, in one display that changes in place: a
 * line of words, and of a training that runs by itself the losses so far. There is one from the
 * beginning where the operations of a task or of the statement may be many, and else only when it
 * has lasted very long. What stays of a display that depends on operations does not depend on time:
 * so a notebook run again, also on a slower computer, shows the same. Nothing is shown where nobody
 * watches (dw_host.wants_progress) and for states of sliders. */
#ifndef DW_PROGRESS_H
#define DW_PROGRESS_H

#include "lang/builtin.h"
#include "nets/train.h"

/* What begins. */
typedef struct {
    dw_call *call;
    const char *noun;    /* "training", "descent" */
    const char *measure; /* "loss", "value" */
    size_t steps;        /* at most */
    double work;         /* operations it may take; 0: unknown */
    bool validates;
} dw_progress_task;

/* A task under way, and what is known of its end. */
typedef struct {
    dw_progress_task task;
    struct dw_progress_log *log; /* NULL: nobody watches */
} dw_progress;

typedef struct {
    size_t steps; /* taken */
    double loss;
    double valid;             /* the best; NaN: none */
    size_t best;              /* the step of that */
    bool stopped;             /* by the user */
    const dw_losses *history; /* NULL: none */
} dw_progress_result;

/* Begins a task. Sets who watches in *watch: leaves it as it is where nobody does. */
void dw_progress_begin(dw_progress *progress, const dw_progress_task *task, dw_pace_watch *watch);

/* Its end, well or with an error. */
void dw_progress_end(dw_progress *progress, const dw_progress_result *result);
void dw_progress_fail(dw_progress *progress);

/* Whether there is a display, which then says how it ended. */
bool dw_progress_is_shown(const dw_progress *progress);

/* The line about an end. */
enum { DW_PROGRESS_WORDS = 256 };
void dw_progress_words(const dw_progress_task *task, const dw_progress_result *result,
                       char out[DW_PROGRESS_WORDS]);

/* Tasks that run side by side, told of in the session's thread: that one more begins, and how many
 * of all are done by now, one under way counted as a share. A task that finds its answer among them
 * is counted when it does. False where nobody watches. */
bool dw_progress_abreast(const dw_progress_task *task, double done, size_t all);
void dw_progress_done(const dw_progress_task *task, double done, size_t all);
void dw_progress_answer(const dw_progress_task *task, double loss);

/* Ends the display of a statement with what stays, if there is one. */
void dw_progress_close(struct dw_eval *eval);

#endif
