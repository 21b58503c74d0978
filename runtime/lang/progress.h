/* SPDX-License-Identifier: BSD-3-Clause */
/* How far a training is, shown in one display that changes in place. Whether there is one depends
 * on the operations that the training may take, and its last state does not depend on time either:
 * so a notebook run again, also on a slower computer, prints the same. */
#ifndef DW_PROGRESS_H
#define DW_PROGRESS_H

#include "lang/builtin.h"
#include "nets/train.h"

typedef struct {
    dw_call *call;
    char id[48];
    bool shown;
    bool heavy;   /* by its operations: then the last state is shown in any case */
    size_t steps; /* at most */
} dw_progress;

/* Sets clock and progress of the options; nothing where the host has no display that changes. A
 * step takes `flops` operations. A training of few operations that lasts nevertheless is shown when
 * it has lasted very long. */
void dw_progress_begin(dw_progress *progress, dw_call *call, dw_train_options *options,
                       double flops);

/* The last state, when others were shown or the training is a heavy one, and a note when the user
 * stopped it. */
void dw_progress_end(dw_progress *progress, const dw_train_result *result, bool validated);

/* The same for a training that ended with an error. */
void dw_progress_fail(dw_progress *progress);

#endif
