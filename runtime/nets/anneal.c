/* SPDX-License-Identifier: BSD-3-Clause */
/* Simulated annealing. */
#include "nets/anneal.h"

#include "base/math.h"

#include <string.h>

bool dw_anneal_run(dw_search *s, double *x) {
    size_t n = s->f->n;
    double *here = s->room, *next = s->room + n, y, rise, temperature = 1;
    memcpy(here, x, n * sizeof *here);
    if (!dw_search_value(s, x, &y))
        return false;
    s->result->value = y;
    for (;;) {
        if (!dw_search_go_on(s, s->result->value))
            return false;
        if (dw_search_done(s, s->result->value))
            return true;
        for (size_t i = 0; i < n; i++)
            next[i] = here[i] + s->rate * dw_rng_normal(s->options->rng);
        double proposed;
        if (!dw_search_value(s, next, &proposed))
            return false;
        rise = proposed - y;
        if (rise <= 0 || dw_rng_uniform(s->options->rng) < dw_math_exp(-rise / temperature)) {
            memcpy(here, next, n * sizeof *here);
            y = proposed;
        }
        if (y < s->result->value) {
            memcpy(x, here, n * sizeof *x);
            s->result->value = y;
        }
        temperature *= 0.99;
        if (!dw_search_step(s, here))
            return false;
    }
}
