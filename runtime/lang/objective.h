/* SPDX-License-Identifier: BSD-3-Clause */
/* The loss of a net over samples as something to descend on (nets/train.h): the net is traced once
 * for a whole batch, differentiated and planned; a step only gathers samples and runs the plan.
 *
 * The usual loss is the mean over samples of the mean over outputs of the squared error, or, where
 * answers are classes, the mean of -log p of the true class, with the logarithm of softmax in one
 * piece, so that it neither overflows nor becomes log 0.
 *
 * Losses that are the same computation on different numbers can be joined: they then run side by
 * side, each with the bits it would have alone. */
#ifndef DW_OBJECTIVE_H
#define DW_OBJECTIVE_H

#include "lang/dataset.h"
#include "nets/train.h"

typedef struct {
    dw_value net;            /* what is called; with classes the net without its last softmax */
    dw_value loss;           /* a function of answer and truth of one sample; NOTHING: the usual */
    bool classes;            /* truths are shares of classes */
    const dw_dataset *train; /* borrowed, as all here */
    const dw_dataset *valid; /* NULL: none */
    size_t batch;            /* samples a step looks at */
    bool single;             /* numbers of 32 bits */
    double key;              /* of the chance in dropout */
} dw_objective_terms;

typedef struct dw_objective_loss dw_objective_loss;

/* Traces. Where the net cannot be traced for many samples at once (it decides something by its
 * input), each sample is traced alone, if a step looks at all of them. Errors are those of the net
 * and the loss, and of what a loss must be. Values and datasets in the terms must outlive it. */
bool dw_objective_new(dw_call *call, const dw_objective_terms *terms,
                      dw_objective_loss **out) DW_CHECK;
void dw_objective_free(dw_objective_loss **loss);

/* Whether a loss can be joined at all: it was not traced sample by sample. */
bool dw_objective_joins(const dw_objective_loss *loss);

/* Whether two losses can be joined with each other; neither is of singles. */
bool dw_objective_match(const dw_objective_loss *a, const dw_objective_loss *b);

/* Joins up to DW_UPDATE_LANES losses that match the first one, in the lanes of a vector; a loss
 * alone keeps the lanes for its samples, but needs no other thread. They must outlive *out. */
bool dw_objective_join(dw_objective_loss *const *losses, size_t count, dw_objective_loss **out,
                       dw_err *err) DW_CHECK;

/* Derives and plans, so that it can be trained; in any thread. An error says so when the loss does
 * not depend on the parameters. */
bool dw_objective_plan(dw_objective_loss *loss, dw_err *err) DW_CHECK;

/* What dw_train_run takes; once there is a plan, its x holds the parameters of the net. Borrowed.
 */
const dw_train_objective *dw_objective_train(const dw_objective_loss *loss);

/* Floating-point operations of one step of it, as dw_plan_flops counts them. */
double dw_objective_flops(const dw_objective_loss *loss);

/* The parameters of a lane at x as a column of doubles; NULL with a MEMORY error. */
dw_tensor *dw_objective_column(const dw_objective_loss *loss, size_t lane, dw_err *err) DW_CHECK;

#endif
