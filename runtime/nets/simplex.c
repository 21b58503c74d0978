/* SPDX-License-Identifier: BSD-3-Clause */
/* The simplex of Nelder and Mead. */
#include "nets/simplex.h"

#include <math.h>
#include <string.h>

typedef struct {
    dw_search *s;
    size_t n;
    double *corners; /* n+1 rows of n */
    double *values;  /* of the corners */
    double *middle, *trial;
    size_t best, worst, second; /* second worst */
} simplex;

static void rank(simplex *m) {
    m->best = m->worst = 0;
    for (size_t i = 1; i <= m->n; i++) {
        m->best = m->values[i] < m->values[m->best] ? i : m->best;
        m->worst = m->values[i] > m->values[m->worst] ? i : m->worst;
    }
    m->second = m->best;
    for (size_t i = 0; i <= m->n; i++)
        if (i != m->worst && m->values[i] > m->values[m->second])
            m->second = i;
    for (size_t k = 0; k < m->n; k++) {
        double sum = 0;
        for (size_t i = 0; i <= m->n; i++)
            sum += i == m->worst ? 0 : m->corners[i * m->n + k];
        m->middle[k] = sum / (double)m->n;
    }
}

/* The value at middle + t*(worst - middle); the place is left in `trial`. */
static bool try_place(simplex *m, double t, double *y) {
    const double *worst = m->corners + m->worst * m->n;
    for (size_t k = 0; k < m->n; k++)
        m->trial[k] = m->middle[k] + t * (worst[k] - m->middle[k]);
    return dw_search_value(m->s, m->trial, y);
}

static void replace_worst(simplex *m, double y) {
    memcpy(m->corners + m->worst * m->n, m->trial, m->n * sizeof *m->trial);
    m->values[m->worst] = y;
}

static bool shrink(simplex *m) {
    const double *best = m->corners + m->best * m->n;
    for (size_t i = 0; i <= m->n; i++) {
        double *corner = m->corners + i * m->n;
        for (size_t k = 0; k < m->n; k++)
            corner[k] = best[k] + (corner[k] - best[k]) / 2;
        if (i != m->best && !dw_search_value(m->s, corner, &m->values[i]))
            return false;
    }
    return true;
}

/* One move: reflect the worst corner, go on twice as far, come half way back, or shrink. */
static bool move(simplex *m) {
    double reflected, further, back;
    if (!try_place(m, -1, &reflected))
        return false;
    if (reflected < m->values[m->best]) {
        if (!try_place(m, -2, &further))
            return false;
        if (further >= reflected && !try_place(m, -1, &further))
            return false;
        replace_worst(m, further);
        return true;
    }
    if (reflected < m->values[m->second]) {
        replace_worst(m, reflected);
        return true;
    }
    bool outside = reflected < m->values[m->worst];
    if (!try_place(m, outside ? -0.5 : 0.5, &back))
        return false;
    if (back < (outside ? reflected : m->values[m->worst])) {
        replace_worst(m, back);
        return true;
    }
    return shrink(m);
}

static bool start_simplex(simplex *m, const double *x) {
    for (size_t i = 0; i <= m->n; i++) {
        double *corner = m->corners + i * m->n;
        memcpy(corner, x, m->n * sizeof *corner);
        if (i > 0)
            corner[i - 1] += m->s->rate;
        if (!dw_search_value(m->s, corner, &m->values[i]) || !dw_search_go_on(m->s, m->values[i]))
            return false;
    }
    return true;
}

bool dw_simplex_run(dw_search *s, double *x) {
    size_t n = s->f->n;
    simplex m = {.s = s, .n = n, .corners = s->room, .middle = s->room + (n + 1) * n};
    m.trial = m.middle + n;
    m.values = m.trial + n;
    bool fine = start_simplex(&m, x);
    while (fine) {
        rank(&m);
        memcpy(x, m.corners + m.best * n, n * sizeof *x);
        s->result->value = m.values[m.best];
        bool flat = m.values[m.worst] - m.values[m.best] <= 1e-15 * fabs(m.values[m.best]);
        if (dw_search_done(s, s->result->value) || flat)
            return true;
        fine = move(&m) && dw_search_go_on(s, s->result->value) &&
               dw_search_step(s, m.corners + m.best * n);
    }
    return false;
}

size_t dw_simplex_rows(size_t n) {
    return n + 5; /* corners, middle, trial, and the values of the corners in two */
}
