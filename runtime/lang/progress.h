/* SPDX-License-Identifier: BSD-3-Clause */
/* How far a training is, shown in one display that changes in place. What took less than a second
 * shows nothing, and the last state does not depend on the time it took, so that a notebook run
 * again prints the same. */
#ifndef DW_PROGRESS_H
#define DW_PROGRESS_H

#include "lang/builtin.h"
#include "nets/train.h"

typedef struct {
    dw_call *call;
    char id[48];
    bool shown;
    size_t steps; /* at most */
} dw_progress;

/* Sets clock and progress of the options; nothing where the host has no display that changes. */
void dw_progress_begin(dw_progress *progress, dw_call *call, dw_train_options *options);

/* The last state, when others were shown, and a note when the user stopped it. */
void dw_progress_end(dw_progress *progress, const dw_train_result *result, bool validated);

/* The same for a training that ended with an error. */
void dw_progress_fail(dw_progress *progress);

#endif
