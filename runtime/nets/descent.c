/* SPDX-License-Identifier: BSD-3-Clause */
/* Plain descents: gradient, momentum, adam, and gradient descent with a numerical gradient. */
#include "nets/descent.h"

#include "nets/faint.h"

#include <math.h>

/* The gradient by differences, each number of x moved a little up and down. */
static bool numeric_gradient(dw_search *s, double *x, double *g) {
    for (size_t i = 0; i < s->f->n; i++) {
        double keep = x[i], h = 1e-5 * fmax(1, fabs(keep)), up, down = 0;
        x[i] = keep + h;
        bool fine = dw_search_value(s, x, &up);
        x[i] = keep - h;
        fine = fine && dw_search_value(s, x, &down);
        x[i] = keep;
        if (!fine)
            return false;
        g[i] = (up - down) / (2 * h);
    }
    return true;
}

static bool evaluate(dw_search *s, double *x, double *g) {
    if (s->options->method == DW_METHOD_NUMERIC)
        return dw_search_value(s, x, &s->result->value) && numeric_gradient(s, x, g);
    return dw_search_gradient(s, x, &s->result->value, g);
}

/* One step of Adam; m and v are its running means, powers those of 0.9 and 0.999. */
static void move_adam(const dw_search *s, double *x, const double *g, double *powers) {
    double *m = s->room + s->f->n, *v = m + s->f->n;
    powers[0] = dw_faint_drop(0.9 * powers[0]);
    powers[1] = dw_faint_drop(0.999 * powers[1]);
    for (size_t i = 0; i < s->f->n; i++) {
        m[i] = dw_faint_drop(0.9 * m[i] + 0.1 * g[i]);
        v[i] = dw_faint_drop(0.999 * v[i] + 0.001 * g[i] * g[i]);
        x[i] -= s->rate * (m[i] / (1 - powers[0])) / (sqrt(v[i] / (1 - powers[1])) + 1e-8);
    }
}

static void move_gradient(const dw_search *s, double *x, const double *g) {
    for (size_t i = 0; i < s->f->n; i++)
        x[i] -= s->rate * g[i];
}

static void move_momentum(const dw_search *s, double *x, const double *g) {
    double *m = s->room + s->f->n;
    for (size_t i = 0; i < s->f->n; i++) {
        m[i] = dw_faint_drop(0.9 * m[i] + g[i]);
        x[i] -= s->rate * m[i];
    }
}

bool dw_descent_run(dw_search *s, double *x) {
    double *g = s->room, powers[2] = {1, 1};
    for (;;) {
        if (!evaluate(s, x, g) || !dw_search_go_on(s, s->result->value))
            return false;
        if (dw_search_done(s, s->result->value))
            return true;
        if (s->options->method == DW_METHOD_ADAM)
            move_adam(s, x, g, powers);
        else if (s->options->method == DW_METHOD_MOMENTUM)
            move_momentum(s, x, g);
        else
            move_gradient(s, x, g);
        if (!dw_search_step(s, x))
            return false;
    }
}
