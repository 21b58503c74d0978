/* SPDX-License-Identifier: BSD-3-Clause */
/* Many descents of one function side by side: descent.h with a lane of a vector for each, and for
 * each the same bits as alone. */
#ifndef DW_DESCENTS_H
#define DW_DESCENTS_H

#include "base/mem.h"
#include "nets/search.h"

/* The function for all lanes at once. Number i of lane l is at x[i*lanes + l], the gradients lie
 * likewise, values are one for each lane. All are aligned to 64 bytes and `lanes` is a multiple of
 * 8. Evaluating reads x and sets value and gradient. */
typedef struct {
    void *context;
    bool (*evaluate)(void *context, const dw_cancel *cancel, dw_err *err);
    /* told of the starts and of the places after every step, and of a lane that has arrived, whose
     * place is still in x; NULL when nobody wants to know */
    bool (*visit)(void *context, dw_err *err);
    bool (*ended)(void *context, size_t lane, dw_err *err);
    size_t n, lanes;
    double *x;
    const double *value, *gradient;
} dw_descents_objective;

/* One descent: where it ended (n numbers of the caller's) and what dw_minimize_run would say; not
 * `fine` when the value became infinite or NaN, which is an error when it descends alone. */
typedef struct {
    double *x;
    dw_minimize_result result;
    bool fine;
} dw_descents_lane;

/* Whether the method of the options can go side by side: gradient, momentum and adam. */
bool dw_descents_can(dw_method method);

/* Descends from what lies in x in the first `count` lanes; who watches hears of steps, not of
 * values. Errors: MEMORY, INTERRUPT, and those of
 * the function. */
bool dw_descents_run(dw_mem *mem, const dw_descents_objective *f,
                     const dw_minimize_options *options, dw_descents_lane *lanes, size_t count,
                     dw_err *err) DW_CHECK;

#endif
