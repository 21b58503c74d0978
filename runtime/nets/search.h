/* SPDX-License-Identifier: BSD-3-Clause */
/* What minimising is about: the function, the options, the result, and the state of one run with
 * what every method does. */
#ifndef DW_SEARCH_H
#define DW_SEARCH_H

#include "base/cancel.h"
#include "base/err.h"
#include "base/rng.h"
#include "nets/pace.h"

typedef enum {
#define DW_METHOD(name, word, rate, needs, what) DW_METHOD_##name,
#include "nets/method.def"
    DW_METHODS
} dw_method;

/* What a method asks of the function besides its value. */
typedef enum { DW_NEEDS_VALUES, DW_NEEDS_GRADIENTS, DW_NEEDS_STEPS } dw_method_needs;

/* The function. All return false with err set when they cannot be worked out. */
typedef struct {
    void *context;
    size_t n;
    bool (*value)(void *context, const double *x, double *y, dw_err *err);
    /* the value and the gradient g[n] */
    bool (*gradient)(void *context, const double *x, double *y, double *g, dw_err *err);
    /* the step[n] that solves ∇²f(x) * step = ∇f(x) */
    bool (*newton)(void *context, const double *x, double *step, dw_err *err);
    /* told of the start and of the place after every step; may be NULL */
    bool (*visit)(void *context, const double *x, dw_err *err);
} dw_objective;

typedef struct {
    dw_method method;
    double rate;             /* 0: the method's usual one */
    size_t steps;            /* at most */
    double until;            /* stop once the value is not above it; -infinity: never */
    dw_rng *rng;             /* anneal draws from it */
    const dw_cancel *cancel; /* NULL: never */
    dw_pace_watch watch;     /* who is told while it runs */
} dw_minimize_options;

typedef struct {
    double value; /* at the place found */
    size_t steps; /* taken */
    size_t evals; /* of the function; a value with its gradient counts as one */
} dw_minimize_result;

typedef struct {
    const dw_objective *f;
    const dw_minimize_options *options;
    dw_minimize_result *result;
    dw_err *err;
    dw_pace pace;
    double rate;
    double *room; /* as many rows of n numbers as the method asks for, zero at the start */
} dw_search;

/* Counted evaluations. */
bool dw_search_value(dw_search *s, const double *x, double *y) DW_CHECK;
bool dw_search_gradient(dw_search *s, const double *x, double *y, double *g) DW_CHECK;

/* False with an error when the user asked to stop or the value is infinite or NaN. Tells who
 * watches. */
bool dw_search_go_on(dw_search *s, double y) DW_CHECK;

/* Tells of a place; counts a step to it and tells of it. */
bool dw_search_visit(dw_search *s, const double *x) DW_CHECK;
bool dw_search_step(dw_search *s, const double *x) DW_CHECK;

/* Whether the value is low enough or the steps are used up. */
bool dw_search_done(const dw_search *s, double y);

#endif
