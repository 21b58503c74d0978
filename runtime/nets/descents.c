/* SPDX-License-Identifier: BSD-3-Clause */
#include "nets/descents.h"

#include "base/simd.h"
#include "nets/descents_simd.h"
#include "nets/faint.h"
#include "nets/minimize.h"

#include <math.h>

typedef struct {
    const dw_descents_objective *f;
    const dw_minimize_options *options;
    dw_descents_lane *lanes;
    size_t count, open; /* lanes in use; those that still descend */
    int64_t *masks;     /* all bits while a lane descends */
    size_t steps;       /* taken by those that still descend */
    dw_pace pace;
} flight;

bool dw_descents_can(dw_method method) {
    return method == DW_METHOD_GRADIENT || method == DW_METHOD_MOMENTUM || method == DW_METHOD_ADAM;
}

static const dw_descents_kernels *kernels(void) {
#if defined(__x86_64__)
    static const dw_descents_kernels *const rows[DW_SIMD_LEVELS] = {
        &dw_descents_simd_base, &dw_descents_simd_avx2, &dw_descents_simd_avx512};
    return rows[dw_simd_level()];
#else
    return &dw_descents_simd_base;
#endif
}

/* Takes the result of a lane. */
static bool finish(flight *d, size_t l, bool fine, dw_err *err) {
    dw_descents_lane *lane = &d->lanes[l];
    lane->fine = fine;
    lane->result = (dw_minimize_result){d->f->value[l], d->steps, d->steps + 1};
    for (size_t i = 0; i < d->f->n; i++)
        lane->x[i] = d->f->x[i * d->f->lanes + l];
    d->masks[l] = 0;
    d->open--;
    return !fine || d->f->ended == NULL || d->f->ended(d->f->context, l, err);
}

/* Ends the lanes that are done. */
static bool look_closer(flight *d, dw_err *err) {
    bool last = d->steps >= d->options->steps;
    for (size_t l = 0; l < d->count; l++) {
        double y = d->f->value[l];
        if (d->masks[l] != 0 && (last || y <= d->options->until || !isfinite(y)) &&
            !finish(d, l, isfinite(y), err))
            return false;
    }
    return true;
}

static void tell(flight *d) {
    double seconds;
    if (!dw_pace_due(&d->pace, d->steps, &seconds))
        return;
    const dw_pace_report report = {.step = d->steps,
                                   .steps = d->options->steps,
                                   .loss = NAN,
                                   .valid = NAN,
                                   .seconds = seconds};
    d->pace.watch.tell(d->pace.watch.watcher, &report);
}

static bool run(flight *d, dw_descents_step *s, dw_err *err) {
    const dw_descents_kernels *k = kernels();
    const dw_minimize_options *o = d->options;
    double powers[2] = {1, 1};
    for (;; d->steps++) {
        if (o->cancel != NULL && dw_cancel_pending(o->cancel))
            return dw_err_set(err, DW_ERR_INTERRUPT, "stopped after %zu steps", d->steps);
        if ((d->f->visit != NULL && !d->f->visit(d->f->context, err)) ||
            !d->f->evaluate(d->f->context, o->cancel, err))
            return false;
        bool any = d->steps >= o->steps || k->look(d->f->value, d->masks, d->f->lanes, o->until);
        if (any && !look_closer(d, err))
            return false;
        if (d->open == 0)
            return true;
        tell(d);
        if (o->method == DW_METHOD_ADAM) {
            powers[0] = dw_faint_drop(0.9 * powers[0]);
            powers[1] = dw_faint_drop(0.999 * powers[1]);
            s->first = 1 - powers[0];
            s->second = 1 - powers[1];
            k->adam(s);
        } else if (o->method == DW_METHOD_MOMENTUM) {
            k->momentum(s);
        } else {
            k->gradient(s);
        }
    }
}

bool dw_descents_run(dw_mem *mem, const dw_descents_objective *f,
                     const dw_minimize_options *options, dw_descents_lane *lanes, size_t count,
                     dw_err *err) {
    flight d = {.f = f, .options = options, .lanes = lanes, .count = count, .open = count};
    dw_descents_step s = {.x = f->x, .g = f->gradient, .count = f->n * f->lanes};
    d.pace = dw_pace_start(&options->watch);
    s.rate = options->rate != 0 ? options->rate : dw_minimize_rate(options->method);
    d.masks = dw_mem_array(mem, f->lanes, sizeof *d.masks);
    s.m = dw_mem_array(mem, 2 * s.count, sizeof *s.m);
    bool fine = (d.masks != NULL && s.m != NULL) || dw_err_memory(err, "a descent");
    if (fine) {
        s.v = s.m + s.count;
        for (size_t l = 0; l < count; l++)
            d.masks[l] = -1;
        fine = count == 0 || run(&d, &s, err);
    }
    dw_mem_free(d.masks);
    dw_mem_free(s.m);
    return fine;
}
