/* SPDX-License-Identifier: BSD-3-Clause */
/* Many evaluations whose descents and trainings run side by side.
 *
 * Functions are pure, so an element of a comprehension may be evaluated twice. At first each is
 * only rehearsed: where it calls minimize or train, the call is noted and the evaluation given up.
 * When all calls are known they are worked on together (abreast.h, trainings.h). Then each element
 * is evaluated from its start, and its calls find their answers. What does not fit simply finds
 * none and is worked out when its turn comes; so results, errors and what is printed are those of
 * one element after the other. */
#ifndef DW_REPLAY_H
#define DW_REPLAY_H

#include "lang/eval.h"

/* A call that may be put off; the first member of the struct of its kind. */
typedef struct dw_replay_job dw_replay_job;
typedef struct {
    size_t size; /* of the whole struct */
    /* whether such a call gains by company; whether two are the very same call */
    bool (*can)(const dw_replay_job *job);
    bool (*same)(const dw_replay_job *a, const dw_replay_job *b);
    /* Works on jobs of this kind that wait; none waits afterwards. False only with an INTERRUPT
     * error: whatever else goes wrong goes wrong again for the job alone, in its place. */
    bool (*run)(dw_eval *eval, dw_replay_job *const *jobs, size_t count);
    void (*release)(dw_replay_job *job); /* gives up what it holds */
} dw_replay_kind;
typedef enum {
    DW_REPLAY_WAITING,
    DW_REPLAY_DONE,
    DW_REPLAY_BY_ITSELF /* it does not fit among others, or fails */
} dw_replay_state;
struct dw_replay_job {
    const dw_replay_kind *kind;
    dw_replay_state state;
};

/* Evaluates element i. In a rehearsal its value is not wanted and nothing may be kept of it; then
 * it must be the same evaluation as later in earnest. False with an error. */
typedef bool dw_replay_element(void *context, size_t i, bool rehearsal);

/* Evaluates elements 0 … count-1, rehearsing them once one turns out to have such calls.
 * Stops with the error of the first that fails. */
bool dw_replay_run(dw_eval *eval, size_t count, dw_replay_element *element, void *context) DW_CHECK;

/* What minimize and train do before they start: notes the call, which takes over what the job
 * holds. */
typedef enum {
    DW_REPLAY_ALONE,  /* work on it now; the job holds what it held */
    DW_REPLAY_ANSWER, /* the answer is known: that of *answer, borrowed */
    DW_REPLAY_STOP    /* this is a rehearsal and ends here: eval->err is set */
} dw_replay_way;
dw_replay_way dw_replay_call(dw_eval *eval, dw_replay_job *job, const dw_replay_job **answer);

/* What cannot be done twice asks first: whether this is a rehearsal, which then ends here:
 * eval->err is set. In earnest it will be reached again. */
bool dw_replay_rehearses(dw_eval *eval) DW_CHECK;

#endif
