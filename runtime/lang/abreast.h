/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls of minimize that were put off, to be worked on side by side: one lane of a vector for each
 * descent, one thread for some of the lanes. Each gets the same bits as alone. */
#ifndef DW_ABREAST_H
#define DW_ABREAST_H

#include "lang/progress.h"
#include "lang/replay.h"
#include "nets/search.h"

/* One call: what is minimised, from where, and where it ended. */
typedef struct {
    dw_replay_job head;
    dw_value f;      /* holds a reference, like the others */
    dw_tensor *from; /* nobody changes it */
    dw_minimize_options options;
    bool shows_path; /* the path is wanted too */
    dw_tensor *x, *path;
    dw_minimize_result result;
} dw_abreast_job;

/* Whether two calls ask for the same thing but for where they start. */
bool dw_abreast_is_like(const dw_abreast_job *a, const dw_abreast_job *b);

/* What is told of the progress of a descent. */
dw_progress_task dw_abreast_task(dw_call *call, size_t steps);

extern const dw_replay_kind dw_abreast_kind;

/* Gives up what a job holds. */
void dw_abreast_release(dw_abreast_job *job);

#endif
