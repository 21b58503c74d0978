/* SPDX-License-Identifier: BSD-3-Clause */
/* Training: descending on the loss of a net over samples, in batches, watched by a validation.
 * Several runs go side by side in lanes, each with its own samples, best weights and end, and the
 * same bits as alone. Nothing is allocated after the start. */
#ifndef DW_TRAIN_H
#define DW_TRAIN_H

#include "base/cancel.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/rng.h"
#include "nets/pace.h"
#include "nets/schedule.h"
#include "nets/update.h"

/* What a step looks at. */
typedef struct {
    size_t step;          /* from 0 */
    size_t count;         /* samples of each lane */
    const size_t *chosen; /* their numbers from 0, [lanes][count]; NULL: all samples */
} dw_train_batch;

/* The loss. Both functions work on the parameters at x, put the loss of each lane into loss[lanes]
 * and return false with err set when it cannot be worked out. */
typedef struct {
    void *context;
    size_t n;          /* parameters */
    size_t lanes;      /* 1, 2, 4 or DW_UPDATE_LANES */
    bool single;       /* x and g are floats */
    size_t samples;    /* to train with */
    size_t validation; /* to validate with; 0: no validation */
    void *x, *g;       /* the parameters and where the gradient appears, [n][lanes] */
    bool (*gradient)(void *context, const dw_train_batch *batch, double *loss, dw_err *err);
    /* over all samples to train or to validate with, as the finished net answers (no dropout) */
    bool (*measure)(void *context, bool validation, double *loss, dw_err *err);
} dw_train_objective;

typedef struct {
    dw_optimizer optimizer;
    dw_schedule schedule;
    double rate;                   /* 0: the optimiser's usual one */
    double decay;                  /* of the weights */
    size_t steps;                  /* at most */
    size_t batch;                  /* samples a step looks at; 0: all */
    size_t patience;               /* stop so many steps after the best validation; 0: never */
    size_t every;                  /* validate every so many steps; 0: so that it costs little */
    const dw_update_range *ranges; /* parameters that may move; NULL: all */
    size_t range_count;
    bool forgets;            /* nobody will look at the history: only its best and last rows stay */
    const dw_rng *streams;   /* one for each lane */
    const dw_cancel *cancel; /* NULL: never */
    dw_pool *pool;           /* threads for the steps of large nets; NULL: none */
    dw_pace_watch watch;     /* who is told while it runs */
} dw_train_options;

/* How a lane ended. */
typedef struct {
    double loss;  /* of all samples to train with, at the weights that are returned */
    double valid; /* the same of the validation; NaN without one */
    size_t steps; /* taken */
    size_t best;  /* the step of the best validation; without one the last step */
} dw_train_end;

typedef struct {
    dw_train_end ends[DW_UPDATE_LANES];
    bool interrupted; /* the user stopped it: x is the best so far, losses are the last ones seen */
    dw_losses history;
} dw_train_result;

/* Every how many-th step is validated unless options say otherwise: so seldom that it costs less
 * than a third of the training. */
size_t dw_train_every(const dw_train_objective *objective, const dw_train_options *options);

/* Trains from the parameters at objective->x, which become the trained ones: with a validation the
 * best, otherwise the last. A user's interrupt is no error. dw_train_forget frees the history.
 * Errors: MEMORY, those of the objective, and NUMERIC when a loss becomes infinite or NaN (the step
 * and a smaller rate are told); then x is of no use. lbfgs works on doubles, one lane, all samples.
 */
bool dw_train_run(dw_mem *mem, const dw_train_objective *objective, const dw_train_options *options,
                  dw_train_result *result, dw_err *err) DW_CHECK;
void dw_train_forget(dw_train_result *result);

#endif
