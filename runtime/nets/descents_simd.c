/* SPDX-License-Identifier: BSD-3-Clause */
#include "nets/descents_simd.h"

#include "base/lanes.h"
#include "base/math_lanes.h"
#include "base/simd.h"
#include "nets/faint.h"

/* dw_faint_drop in vectors. */
DW_LANES_INLINE dw_lanes drop(dw_lanes v) {
    dw_lanes_int faint = dw_math_lanes_abs(v) < dw_lanes_all(DW_FAINT_DOUBLE);
    return (dw_lanes)((dw_lanes_int)v & ~faint);
}

static void gradient(const dw_descents_step *s) {
    dw_lanes rate = dw_lanes_all(s->rate);
    const double *g = s->g;
    double *x = s->x;
    for (size_t i = 0, count = s->count; i < count; i += DW_LANES)
        dw_lanes_store(x + i, dw_lanes_load(x + i) - rate * dw_lanes_load(g + i));
}

static void momentum(const dw_descents_step *s) {
    dw_lanes rate = dw_lanes_all(s->rate), keep = dw_lanes_all(0.9);
    const double *g = s->g;
    double *x = s->x, *memory = s->m;
    for (size_t i = 0, count = s->count; i < count; i += DW_LANES) {
        dw_lanes m = drop(keep * dw_lanes_load(memory + i) + dw_lanes_load(g + i));
        dw_lanes_store(memory + i, m);
        dw_lanes_store(x + i, dw_lanes_load(x + i) - rate * m);
    }
}

static void adam(const dw_descents_step *s) {
    dw_lanes rate = dw_lanes_all(s->rate), little = dw_lanes_all(1e-8);
    dw_lanes first = dw_lanes_all(s->first), second = dw_lanes_all(s->second);
    const double *gradients = s->g;
    double *x = s->x, *means = s->m, *squares = s->v;
    for (size_t i = 0, count = s->count; i < count; i += DW_LANES) {
        dw_lanes g = dw_lanes_load(gradients + i);
        dw_lanes m = drop(dw_lanes_all(0.9) * dw_lanes_load(means + i) + dw_lanes_all(0.1) * g);
        dw_lanes v =
            drop(dw_lanes_all(0.999) * dw_lanes_load(squares + i) + dw_lanes_all(0.001) * g * g);
        dw_lanes_store(means + i, m);
        dw_lanes_store(squares + i, v);
        dw_lanes_store(x + i, dw_lanes_load(x + i) -
                                  rate * (m / first) / (dw_lanes_sqrt(v / second) + little));
    }
}

static bool look(const double *value, const int64_t *mask, size_t count, double until) {
    dw_lanes_int seen = {0}, m;
    dw_lanes limit = dw_lanes_all(until), infinity = dw_lanes_all((double)INFINITY);
    for (size_t i = 0; i < count; i += DW_LANES) {
        dw_lanes y = dw_lanes_load(value + i);
        memcpy(&m, mask + i, sizeof m);
        seen |= m & ((y <= limit) | ~(dw_math_lanes_abs(y) < infinity));
    }
    int64_t any = 0;
    for (int l = 0; l < DW_LANES; l++)
        any |= seen[l];
    return any != 0;
}

const dw_descents_kernels DW_SIMD_NAME(dw_descents_simd) = {gradient, momentum, adam, look};
