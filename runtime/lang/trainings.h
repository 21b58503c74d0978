/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls of train that were put off (replay.h), to run side by side: one lane of a vector for each
 * training, one thread for some of the lanes; larger ones, and those in single precision, by
 * themselves in a thread each. Each gets the same bits as alone. */
#ifndef DW_TRAININGS_H
#define DW_TRAININGS_H

#include "lang/replay.h"
#include "lang/training.h"

typedef struct {
    dw_replay_job head;
    dw_training *training; /* before it was prepared; its arguments are held here */
    dw_value net;          /* the answer */
    double loss, work;     /* its loss; the operations it might have taken */
} dw_trainings_job;

extern const dw_replay_kind dw_trainings_kind;

/* A job for a training, which takes it over and holds its arguments. */
dw_trainings_job dw_trainings_new(dw_training *training);

/* The training back, where it has to run now; its arguments are borrowed again. */
dw_training *dw_trainings_take(dw_trainings_job *job);

#endif
