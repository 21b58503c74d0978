/* SPDX-License-Identifier: BSD-3-Clause */
/* One call of train: its net, its samples, and what comes out. */
#ifndef DW_TRAINING_H
#define DW_TRAINING_H

#include "lang/objective.h"
#include "lang/progress.h"
#include "lang/train_options.h"

enum { DW_TRAINING_RANGES = 256 };

typedef struct {
    dw_call call; /* a copy; its arguments are borrowed */
    dw_train_options options;
    dw_rng stream; /* of this training alone */
    bool single;
    dw_value net;   /* the net as it grows: sized, with words and labels */
    dw_value asked; /* what is called while training */
    bool classes;   /* the usual loss for classes */
    dw_dataset_form form;
    const char *names[DW_DATASET_INPUTS];
    dw_dataset train, valid;
    bool validates;
    dw_update_range ranges[DW_TRAINING_RANGES];
    dw_objective_loss *loss; /* what is descended on */
} dw_training;

/* The training of a call of train, with its options read and a key of its own; NULL with an error.
 * Freeing sets *training to NULL. */
dw_training *dw_training_new(const dw_call *call) DW_CHECK;
void dw_training_free(dw_training **training);

/* Reads the samples, lets the net fit them, traces the loss. False with an error that says what
 * does not fit. */
bool dw_training_prepare(dw_training *training) DW_CHECK;

/* What is told of its progress; it may take so many operations. */
dw_progress_task dw_training_task(dw_training *training, double work);

/* Whether two trainings can run side by side. */
bool dw_training_match(const dw_training *a, const dw_training *b);

/* How a training ended: a lane of the loss that was trained. */
typedef struct {
    const dw_objective_loss *loss;
    const dw_train_result *result;
    size_t lane;
} dw_training_end;

/* The net with the parameters found and what is known about them. */
bool dw_training_net(dw_training *training, const dw_training_end *end, dw_value *out) DW_CHECK;

#endif
