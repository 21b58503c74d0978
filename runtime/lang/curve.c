/* SPDX-License-Identifier: BSD-3-Clause */
/* Adaptive sampling. A first pass takes evenly spaced places; then every piece whose middle does
 * not lie on the straight line between its ends is halved, until it does or is too narrow to see.
 */
#include "lang/curve.h"

#include "base/math.h"
#include "lang/replay.h"
#include "syntax/ast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PIECES = 160, /* of the first pass */
    DEPTH = 11,   /* halvings of a piece; 480 pixels / 160 / 2^11 is a thousandth of a pixel */
    MOST = 6000   /* calls of a function that bends everywhere */
};

/* A picture is about so many pixels high, and so much of a pixel is no difference. */
static const double HEIGHT = 280, SLACK = 0.4;

typedef struct {
    dw_call *call;
    dw_value function;
    const dw_curve_range *range;
    double *x, *y;
    size_t count, room;
    size_t calls;
    double scale; /* pixels for a difference of 1 in y */
    bool bent;    /* the curve bends at an end of the piece, so a straight middle proves little */
    double from, to; /* of the variable that runs evenly: x, or its logarithm */
    bool wild;
} sampler;

static bool put(sampler *s, double x, double y) {
    if (s->count == s->room) {
        size_t room = s->room == 0 ? 512 : 2 * s->room;
        double *grown = dw_mem_grow(s->call->mem, s->x, room * sizeof *grown);
        if (grown == NULL)
            return dw_err_memory(s->call->err, "a curve");
        s->x = grown;
        grown = dw_mem_grow(s->call->mem, s->y, room * sizeof *grown);
        if (grown == NULL)
            return dw_err_memory(s->call->err, "a curve");
        s->y = grown;
        s->room = room;
    }
    s->x[s->count] = x;
    s->y[s->count++] = y;
    return true;
}

/* The place of a share t of the way; the ends are exact. */
static double place(const sampler *s, double t) {
    if (t <= 0)
        return s->range->lo;
    if (t >= 1)
        return s->range->hi;
    double u = s->from + t * (s->to - s->from);
    return s->range->xlog ? dw_math_pow(10, u) : u;
}

static bool value_at(sampler *s, double t, double *y) {
    s->calls++;
    if (!dw_call_sample(s->call, s->function, place(s, t), y))
        return false;
    if (!isfinite(*y) || fabs(*y) > 1e300) {
        s->wild = s->wild || !isnan(*y);
        *y = NAN;
    }
    return true;
}

/* Both ends far outside on different sides, and nothing in between: the curve runs off to infinity
 * and comes back from the other side. */
static bool is_pole(const sampler *s, double a, double b) {
    double far = 8 * HEIGHT / s->scale;
    return ((a > 0 && b < 0) || (a < 0 && b > 0)) && fabs(a) > far && fabs(b) > far;
}

/* Samples inside a piece whose ends are known and puts everything after its left end. */
static bool refine(sampler *s, double ta, double a, double tb, double b, int depth) {
    double tm = ta + (tb - ta) / 2, m;
    if (depth > 0 && s->calls < MOST) {
        if (!value_at(s, tm, &m))
            return false;
        double bend = fabs(m - (a / 2 + b / 2)) * s->scale;
        bool same = isnan(a) && isnan(b) && isnan(m);
        bool look_closer = depth == DEPTH && s->bent;
        if (same || (bend <= SLACK && !look_closer))
            return put(s, place(s, tm), m) && put(s, place(s, tb), b);
        return refine(s, ta, a, tm, m, depth - 1) && refine(s, tm, m, tb, b, depth - 1);
    }
    if (is_pole(s, a, b)) {
        s->wild = true;
        return put(s, place(s, tm), NAN) && put(s, place(s, tb), b);
    }
    return put(s, place(s, tb), b);
}

static int order(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How high the curve is where it is tame: without the outer twentieth at both ends when that would
 * make it much higher. */
static double tame_height(const double *y, size_t count) {
    double sorted[PIECES + 1];
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(y[i]))
            sorted[n++] = y[i];
    if (n < 2)
        return 1;
    qsort(sorted, n, sizeof sorted[0], order);
    double whole = sorted[n - 1] / 2 - sorted[0] / 2;
    double most = sorted[n - 1 - n / 20] / 2 - sorted[n / 20] / 2;
    return 2 * (most > 0 && whole > 20 * most ? most : whole);
}

typedef struct {
    sampler *s;
    double *y;
} first_values;

static bool first_value(void *context, size_t i, bool rehearsal) {
    const first_values *f = context;
    (void)rehearsal; /* y is written over, and calls are counted afterwards */
    return dw_call_poll(f->s->call) && value_at(f->s, (double)i / PIECES, &f->y[i]);
}

static bool first_pass(sampler *s, double y[PIECES + 1]) {
    if (!dw_replay_run(s->call->eval, PIECES + 1, first_value, &(first_values){s, y}))
        return false;
    s->calls = PIECES + 1;
    double height =
        s->range->y_fixed ? s->range->y_hi - s->range->y_lo : tame_height(y, PIECES + 1);
    s->scale = height > 1e-300 && isfinite(height) ? HEIGHT / height : 1;
    return true;
}

/* Whether the first pass bends visibly at place i. */
static bool bends_at(const sampler *s, const double *y, int i) {
    if (i <= 0 || i >= PIECES)
        return false;
    return fabs(y[i - 1] / 2 - y[i] + y[i + 1] / 2) * s->scale > 2 * SLACK;
}

static bool sample_all(sampler *s) {
    double y[PIECES + 1];
    if (!first_pass(s, y) || !put(s, place(s, 0), y[0]))
        return false;
    for (int i = 0; i < PIECES; i++) {
        if (!dw_call_poll(s->call))
            return false;
        double ta = (double)i / PIECES, tb = (double)(i + 1) / PIECES;
        s->bent = bends_at(s, y, i) || bends_at(s, y, i + 1);
        if (!refine(s, ta, y[i], tb, y[i + 1], DEPTH))
            return false;
    }
    return true;
}

/* Takes out inner places of straight runs; what stays shows the same curve. */
static void straighten(sampler *s) {
    size_t kept = s->count > 0 ? 1 : 0, anchor = 0;
    for (size_t i = 1; i < s->count; i++) {
        bool last = i + 1 == s->count;
        size_t left = anchor;
        double share = last ? 0 : (s->x[i] - s->x[left]) / (s->x[i + 1] - s->x[left]);
        double on = last ? 0 : s->y[left] + share * (s->y[i + 1] - s->y[left]);
        bool straight = !last && !s->range->xlog && fabs(s->y[i] - on) * s->scale < 0.004 &&
                        i - anchor < PIECES / 8;
        if (straight)
            continue;
        s->x[kept] = s->x[i];
        s->y[kept] = s->y[i];
        anchor = i;
        kept++;
    }
    s->count = kept;
}

bool dw_curve_sample(dw_call *call, dw_thing *thing, const dw_curve_range *range, bool *wild) {
    sampler s = {.call = call, .function = thing->function, .range = range};
    s.from = range->xlog ? dw_math_log10(range->lo) : range->lo;
    s.to = range->xlog ? dw_math_log10(range->hi) : range->hi;
    if (!sample_all(&s)) {
        dw_mem_free(s.x);
        dw_mem_free(s.y);
        return false;
    }
    straighten(&s);
    thing->column[0] = s.x;
    thing->column[1] = s.y;
    thing->count = s.count;
    *wild = *wild || s.wild;
    return true;
}

unsigned dw_curve_needs(dw_value function) {
    const dw_function *f = function.as.function;
    unsigned needed = 0;
    if (f->node != NULL && f->node->u.function != NULL) {
        const dw_function_node *head = f->node->u.function;
        for (uint32_t i = 0; i < head->inputs; i++)
            needed += head->parameters[i].fallback == NULL;
        return needed;
    }
    const char *start;
    size_t size;
    bool optional, rest;
    for (size_t i = 0;
         f->builtin != NULL && dw_builtin_parameter(f->builtin, i, &start, &size, &optional, &rest);
         i++)
        needed += !optional && !rest;
    return needed;
}

bool dw_curve_takes_two(dw_value function) {
    const dw_function *f = function.as.function;
    return dw_curve_needs(function) == 2 ||
           (f->node != NULL && f->node->u.function != NULL && f->node->u.function->inputs == 2);
}
