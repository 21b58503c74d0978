/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of train: which parameter is which, and what they say. */
#ifndef DW_TRAIN_OPTIONS_H
#define DW_TRAIN_OPTIONS_H

#include "lang/builtin.h"
#include "nets/train.h"

/* Parameters of the signature. */
enum {
    DW_TRAIN_NET,
    DW_TRAIN_DATA,
    DW_TRAIN_RATE,
    DW_TRAIN_STEPS,
    DW_TRAIN_BATCH,
    DW_TRAIN_OPTIMIZER,
    DW_TRAIN_LOSS,
    DW_TRAIN_VALIDATE,
    DW_TRAIN_PATIENCE,
    DW_TRAIN_ONLY,
    DW_TRAIN_SEED,
    DW_TRAIN_SCHEDULE,
    DW_TRAIN_DECAY,
    DW_TRAIN_PRECISION,
    DW_TRAIN_TARGET,
    DW_TRAIN_EVERY
};

/* Reads rate, steps, batch, optimizer, patience, schedule, decay and every; whether numbers have 32
 * bits; and the stream of this training: of its seed, or the next key of the running stream. False
 * with an error at the option that says what may stand there. */
bool dw_train_options_read(dw_call *call, dw_train_options *options, dw_rng *stream,
                           bool *single) DW_CHECK;

#endif
