/* SPDX-License-Identifier: BSD-3-Clause */
/* What every method does: counted evaluations, stopping, telling of steps. */
#include "nets/search.h"

#include <math.h>

bool dw_search_value(dw_search *s, const double *x, double *y) {
    s->result->evals++;
    return s->f->value(s->f->context, x, y, s->err);
}

bool dw_search_gradient(dw_search *s, const double *x, double *y, double *g) {
    s->result->evals++;
    return s->f->gradient(s->f->context, x, y, g, s->err);
}

static void tell(dw_search *s, double y) {
    double seconds;
    if (!dw_pace_due(&s->pace, s->result->steps, &seconds))
        return;
    const dw_pace_report report = {.step = s->result->steps,
                                   .steps = s->options->steps,
                                   .loss = y,
                                   .valid = NAN,
                                   .seconds = seconds};
    s->pace.watch.tell(s->pace.watch.watcher, &report);
}

bool dw_search_go_on(dw_search *s, double y) {
    if (s->options->cancel != NULL && dw_cancel_pending(s->options->cancel))
        return dw_err_set(s->err, DW_ERR_INTERRUPT, "stopped after %zu steps", s->result->steps);
    tell(s, y);
    if (isfinite(y))
        return true;
    return dw_err_set(s->err, DW_ERR_NUMERIC,
                      "minimize, step %zu: the value became %s with rate = %g. Try rate = %g",
                      s->result->steps, isnan(y) ? "no number" : "infinite", s->rate, s->rate / 10);
}

bool dw_search_visit(dw_search *s, const double *x) {
    return s->f->visit == NULL || s->f->visit(s->f->context, x, s->err);
}

bool dw_search_step(dw_search *s, const double *x) {
    s->result->steps++;
    return dw_search_visit(s, x);
}

bool dw_search_done(const dw_search *s, double y) {
    return y <= s->options->until || s->result->steps >= s->options->steps;
}
