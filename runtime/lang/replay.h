/* SPDX-License-Identifier: BSD-3-Clause */
/* Many evaluations whose descents run side by side.
 *
 * Functions are pure, so an element of a comprehension may be evaluated twice. At first each is
 * only rehearsed: where it calls minimize, the call is noted and the evaluation given up. When all
 * calls are known they are worked on together (abreast.h). Then each element is evaluated from its
 * start, and its calls find their answers. What does not fit simply finds none and is worked out
 * when its turn comes; so results, errors and what is printed are those of one element after the
 * other. */
#ifndef DW_REPLAY_H
#define DW_REPLAY_H

#include "lang/abreast.h"

/* Evaluates element i. In a rehearsal its value is not wanted and nothing may be kept of it; then
 * it must be the same evaluation as later in earnest. False with an error. */
typedef bool dw_replay_element(void *context, size_t i, bool rehearsal);

/* Evaluates elements 0 … count-1, rehearsing them once the first few turn out to call minimize.
 * Stops with the error of the first that fails. */
bool dw_replay_run(dw_eval *eval, size_t count, dw_replay_element *element, void *context) DW_CHECK;

/* What minimize does before it starts: notes the call, which takes over what the job holds. */
typedef enum {
    DW_REPLAY_ALONE,  /* work on it now; the job holds what it held */
    DW_REPLAY_ANSWER, /* the answer is known: job->x and job->result, borrowed */
    DW_REPLAY_STOP    /* this is a rehearsal and ends here: eval->err is set */
} dw_replay_way;
dw_replay_way dw_replay_call(dw_eval *eval, dw_abreast_job *job, const dw_abreast_job **answer);

#endif
