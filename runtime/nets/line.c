/* SPDX-License-Identifier: BSD-3-Clause */
/* Methods that search along a line: newton and lbfgs. */
#include "nets/line.h"

#include "tensor/reduce.h"

#include <math.h>
#include <string.h>

enum { TRIALS = 60 };

/* A place with its value and gradient, and room for those of the next place. */
typedef struct {
    double *x, *g, *next, *next_g;
    double y;
    bool moved; /* whether the last search found a lower place */
} line;

static bool start_line(dw_search *s, line *l) {
    bool fine = dw_search_gradient(s, l->x, &l->y, l->g) && dw_search_go_on(s, l->y);
    s->result->value = l->y;
    return fine;
}

/* Goes to the place at `length` along the direction; *slope is the slope there. */
static bool look(dw_search *s, line *l, const double *direction, double length, double *y,
                 double *slope) {
    for (size_t k = 0; k < s->f->n; k++)
        l->next[k] = l->x[k] + length * direction[k];
    if (!dw_search_gradient(s, l->next, y, l->next_g))
        return false;
    *slope = dw_reduce_dot(l->next_g, direction, s->f->n);
    return true;
}

/* Takes the step to the next place; who stops before does not see it. */
static bool take(dw_search *s, line *l, double y) {
    size_t bytes = s->f->n * sizeof *l->x;
    if (!dw_search_go_on(s, y))
        return false;
    memcpy(l->x, l->next, bytes);
    memcpy(l->g, l->next_g, bytes);
    l->y = s->result->value = y;
    l->moved = true;
    return dw_search_step(s, l->x);
}

/* Whether the next place is lower: by a ten thousandth of what the slope promises. Near the bottom
 * values differ by rounding only, when places still lack half of their digits. There the slope
 * speaks: not steeper upwards than it was downwards (the approximate condition of Hager and Zhang
 * 2005), and a gradient that is shorter by a tenth, so that this comes to an end. */
static bool lower(const dw_search *s, const line *l, double y, double rise, double slope,
                  double begin) {
    size_t n = s->f->n;
    if (fabs(y - l->y) > 1e-14 * fabs(l->y))
        return y <= l->y + 1e-4 * rise && y < l->y;
    return slope <= (2e-4 - 1) * begin &&
           dw_reduce_dot(l->next_g, l->next_g, n) < 0.81 * dw_reduce_dot(l->g, l->g, n);
}

/* Goes along a direction until the value is lower and the slope has lost a tenth of its steepness
 * (the conditions of Wolfe), by doubling and halving. At the bottom, where the digits end, there
 * may be no lower place. */
static bool search_line(dw_search *s, line *l, const double *direction) {
    double begin = dw_reduce_dot(l->g, direction, s->f->n), length = s->rate, y, slope;
    double near = 0, far = INFINITY; /* long enough to fall, too long to */
    l->moved = false;
    for (int i = 0; i < TRIALS && begin < 0; i++) {
        if (!look(s, l, direction, length, &y, &slope))
            return false;
        bool low = lower(s, l, y, length * begin, slope, begin);
        if (low && (slope >= 0.9 * begin || i == TRIALS - 1))
            return take(s, l, y);
        if (low)
            near = length;
        else
            far = length;
        length = far < INFINITY ? near + (far - near) / 2 : 2 * length;
    }
    return near == 0 || (look(s, l, direction, near, &y, &slope) && take(s, l, y));
}

/* ---- newton ---- */

bool dw_line_newton(dw_search *s, double *x) {
    size_t n = s->f->n;
    line l = {.x = x, .g = s->room, .next = s->room + n, .next_g = s->room + 2 * n, .moved = true};
    double *direction = s->room + 3 * n;
    if (!start_line(s, &l))
        return false;
    while (l.moved && !dw_search_done(s, l.y)) {
        if (!s->f->newton(s->f->context, x, direction, s->err))
            return false;
        bool down = dw_reduce_dot(l.g, direction, n) > 0;
        for (size_t i = 0; i < n; i++) /* where the parabola opens downwards: the slope itself */
            direction[i] = down ? -direction[i] : -l.g[i];
        if (!search_line(s, &l, direction))
            return false;
    }
    return true;
}

/* ---- lbfgs ---- */

/* The newest moves and the changes of the gradient along them, in a ring. */
typedef struct {
    size_t n, count, newest;
    double *moves, *changes;   /* DW_LINE_PAIRS rows of n */
    double rho[DW_LINE_PAIRS]; /* 1 / (move · change) */
} pairs;

/* d = -H⁻¹g with the Hessian the pairs suggest. */
static void lbfgs_direction(const pairs *p, const double *g, double *d) {
    double alpha[DW_LINE_PAIRS];
    size_t n = p->n;
    for (size_t i = 0; i < n; i++)
        d[i] = -g[i];
    for (size_t k = 0; k < p->count; k++) {
        size_t at = (p->newest + DW_LINE_PAIRS - k) % DW_LINE_PAIRS;
        const double *move = p->moves + at * n, *change = p->changes + at * n;
        alpha[at] = p->rho[at] * dw_reduce_dot(move, d, n);
        for (size_t i = 0; i < n; i++)
            d[i] -= alpha[at] * change[i];
    }
    if (p->count > 0) {
        const double *change = p->changes + p->newest * n;
        double scale = 1 / (p->rho[p->newest] * dw_reduce_dot(change, change, n));
        for (size_t i = 0; i < n; i++)
            d[i] *= scale;
    }
    for (size_t k = p->count; k-- > 0;) {
        size_t at = (p->newest + DW_LINE_PAIRS - k) % DW_LINE_PAIRS;
        const double *move = p->moves + at * n, *change = p->changes + at * n;
        double beta = p->rho[at] * dw_reduce_dot(change, d, n);
        for (size_t i = 0; i < n; i++)
            d[i] += (alpha[at] - beta) * move[i];
    }
}

/* Remembers the move from x and g to the line's place; a pair along which the slope does not grow
 * would spoil the guess and is left out. */
static void remember(pairs *p, const line *l, const double *x, const double *g) {
    size_t at = p->count == 0 ? 0 : (p->newest + 1) % DW_LINE_PAIRS, n = p->n;
    double *move = p->moves + at * n, *change = p->changes + at * n;
    for (size_t i = 0; i < n; i++) {
        move[i] = l->x[i] - x[i];
        change[i] = l->g[i] - g[i];
    }
    double curve = dw_reduce_dot(move, change, n);
    if (!(curve > 1e-12 * dw_reduce_dot(change, change, n)))
        return;
    p->rho[at] = 1 / curve;
    p->newest = at;
    p->count += p->count < DW_LINE_PAIRS;
}

bool dw_line_lbfgs(dw_search *s, double *x) {
    size_t n = s->f->n;
    line l = {.x = x, .g = s->room, .next = s->room + n, .next_g = s->room + 2 * n};
    double *direction = s->room + 3 * n, *old_x = s->room + 4 * n, *old_g = s->room + 5 * n;
    pairs p = {.n = n, .moves = s->room + 6 * n, .changes = s->room + (6 + DW_LINE_PAIRS) * n};
    if (!start_line(s, &l))
        return false;
    while (!dw_search_done(s, l.y)) {
        memcpy(old_x, l.x, n * sizeof *old_x);
        memcpy(old_g, l.g, n * sizeof *old_g);
        lbfgs_direction(&p, l.g, direction);
        if (!search_line(s, &l, direction))
            return false;
        if (l.moved)
            remember(&p, &l, old_x, old_g);
        else if (p.count > 0)
            p.count = 0; /* the guess was stale: once more with the slope itself */
        else
            return true;
    }
    return true;
}
