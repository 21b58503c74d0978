/* SPDX-License-Identifier: BSD-3-Clause */
/* Steps of every optimiser against the formulas written out for one number, at every level. */
#include "nets/update.h"

#include "base/simd.h"

#include <fenv.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { N = 77, STEPS = 30 };

typedef struct {
    double x[N], g[N], a[N], b[N];
} doubles;
typedef struct {
    float x[N], g[N], a[N], b[N];
} singles;

static double gradient(double x, size_t i) {
    return (x - (double)i / N) * (1 + (double)(i % 5));
}

/* The formulas, from PyTorch's documentation. */
typedef struct {
    double x, v, m;
} number;

static void step_by_hand(dw_optimizer o, double rate, double decay, size_t t, number *p, double g) {
    if (o == DW_OPTIMIZER_ADAMW)
        p->x -= rate * decay * p->x;
    else
        g += decay * p->x;
    if (o == DW_OPTIMIZER_SGD) {
        p->x -= rate * g;
    } else if (o == DW_OPTIMIZER_MOMENTUM || o == DW_OPTIMIZER_NESTEROV) {
        p->m = 0.9 * p->m + g;
        p->x -= rate * (o == DW_OPTIMIZER_NESTEROV ? g + 0.9 * p->m : p->m);
    } else if (o == DW_OPTIMIZER_RMSPROP) {
        p->v = 0.99 * p->v + 0.01 * g * g;
        p->x -= rate * g / (sqrt(p->v) + 1e-8);
    } else {
        p->m = 0.9 * p->m + 0.1 * g;
        p->v = 0.999 * p->v + 0.001 * g * g;
        double m = p->m / (1 - pow(0.9, (double)t)), v = p->v / (1 - pow(0.999, (double)t));
        p->x -= rate * m / (sqrt(v) + 1e-8);
    }
}

static void set_start(double *x, size_t i) {
    *x = (double)(i % 7) - 3;
}

/* Both precisions some steps on, with a decay. */
static void walk(dw_optimizer o, doubles *d, singles *s) {
    dw_update_range all = {0, N};
    size_t arrays = dw_update_arrays(o);
    dw_update_room dr = {d->x, d->g, {arrays > 0 ? d->a : NULL, arrays > 1 ? d->b : NULL}};
    dw_update_room sr = {s->x, s->g, {arrays > 0 ? s->a : NULL, arrays > 1 ? s->b : NULL}};
    dw_update u = {
        .optimizer = o, .rate = 0.02, .decay = 0.1, .lanes = 1, .ranges = &all, .range_count = 1};
    memset(d, 0, sizeof *d);
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < N; i++) {
        set_start(&d->x[i], i);
        s->x[i] = (float)d->x[i];
    }
    for (u.step = 1; u.step <= STEPS; u.step++) {
        for (size_t i = 0; i < N; i++) {
            d->g[i] = gradient(d->x[i], i);
            s->g[i] = (float)gradient((double)s->x[i], i);
        }
        u.single = false;
        dw_update_step(&u, &dr);
        u.single = true;
        dw_update_step(&u, &sr);
    }
}

static void steps_follow_the_formulas(void **state) {
    (void)state;
    for (dw_optimizer o = 0; o < DW_OPTIMIZER_LBFGS; o++) {
        doubles d;
        singles s;
        walk(o, &d, &s);
        for (size_t i = 0; i < N; i++) {
            number p = {0};
            set_start(&p.x, i);
            for (size_t t = 1; t <= STEPS; t++)
                step_by_hand(o, 0.02, 0.1, t, &p, gradient(p.x, i));
            if (!(fabs(p.x - d.x[i]) < 1e-12 && fabs(p.x - (double)s.x[i]) < 1e-4))
                fail_msg("%s, number %zu: %.17g is %.17g by hand", dw_update_word(o), i, d.x[i],
                         p.x);
        }
    }
}

static void levels_agree_to_the_bit(void **state) {
    (void)state;
    dw_simd best = dw_simd_level();
    for (dw_optimizer o = 0; o < DW_OPTIMIZER_LBFGS; o++) {
        doubles d, other_d;
        singles s, other_s;
        assert_true(dw_simd_use(DW_SIMD_BASE));
        walk(o, &d, &s);
        for (dw_simd level = DW_SIMD_AVX2; level < DW_SIMD_LEVELS; level++) {
            if (!dw_simd_use(level))
                continue;
            walk(o, &other_d, &other_s);
            assert_memory_equal(&d, &other_d, sizeof d);
            assert_memory_equal(&s, &other_s, sizeof s);
        }
    }
    assert_true(dw_simd_use(best));
}

static void only_ranges_move(void **state) {
    (void)state;
    double x[N] = {0}, g[N];
    dw_update_range ranges[] = {{3, 1}, {10, 20}, {N - 1, 1}};
    dw_update u = {.rate = 1, .step = 1, .lanes = 1, .ranges = ranges, .range_count = 3};
    for (size_t i = 0; i < N; i++)
        g[i] = 1;
    dw_update_step(&u, &(dw_update_room){.x = x, .g = g});
    for (size_t i = 0; i < N; i++)
        assert_true(x[i] == (i == 3 || (i >= 10 && i < 30) || i == N - 1 ? -1 : 0));
}

/* Parts together are the whole, whatever the ranges. */
static void parts_make_the_step(void **state) {
    (void)state;
    enum { MANY = 1000 };
    static double whole[MANY], shared[MANY], g[MANY], v[2][MANY];
    dw_update_range ranges[] = {{2, 500}, {700, 1}, {710, 280}};
    dw_update u = {.optimizer = DW_OPTIMIZER_MOMENTUM,
                   .rate = 0.1,
                   .step = 1,
                   .lanes = 1,
                   .ranges = ranges,
                   .range_count = 3};
    for (size_t i = 0; i < MANY; i++)
        g[i] = (double)(i + 1);
    dw_update_step(&u, &(dw_update_room){whole, g, {v[0], NULL}});
    for (size_t parts = 1; parts <= 7; parts++) {
        memset(shared, 0, sizeof shared);
        memset(v[1], 0, sizeof v[1]);
        for (size_t part = 0; part < parts; part++)
            dw_update_part(&u, &(dw_update_room){shared, g, {v[1], NULL}}, part, parts);
        assert_memory_equal(whole, shared, sizeof whole);
    }
}

static void stopped_lanes_stay(void **state) {
    (void)state;
    for (size_t lanes = 1; lanes <= DW_UPDATE_LANES; lanes *= 2) {
        enum { EACH = 5 };
        const double start = 0x1p-1000; /* so small that a number which moves would lose it */
        const float single_start = 0x1p-120f;
        double x[EACH * DW_UPDATE_LANES], g[EACH * DW_UPDATE_LANES];
        float sx[EACH * DW_UPDATE_LANES], sg[EACH * DW_UPDATE_LANES];
        bool stopped[DW_UPDATE_LANES] = {true, false, true, true, false, true, false, false};
        dw_update_range range = {1, EACH - 1};
        dw_update u = {.rate = 1,
                       .step = 1,
                       .lanes = lanes,
                       .stopped = stopped,
                       .ranges = &range,
                       .range_count = 1};
        for (size_t i = 0; i < EACH * lanes; i++) {
            x[i] = start;
            sx[i] = single_start;
            g[i] = 1;
            sg[i] = 1;
        }
        g[0] = NAN; /* outside the range */
        dw_update_step(&u, &(dw_update_room){.x = x, .g = g});
        u.single = true;
        dw_update_step(&u, &(dw_update_room){.x = sx, .g = sg});
        for (size_t i = 0; i < EACH * lanes; i++) {
            bool stays = i < lanes || stopped[i % lanes];
            assert_true(x[i] == (stays ? start : -1) && sx[i] == (stays ? single_start : -1));
        }
    }
}

/* Late steps, where the means need no correction any more. */
static void late_steps_are_uncorrected(void **state) {
    (void)state;
    static const size_t steps[] = {399, 400, 401, 39999, 40000, 100000};
    for (size_t i = 0; i < 6; i++) {
        double x = 1, g = 0.5, m = 0.25, v = 0.0625, t = (double)steps[i];
        dw_update_range range = {0, 1};
        dw_update u = {.optimizer = DW_OPTIMIZER_ADAM,
                       .rate = 0.01,
                       .step = steps[i],
                       .lanes = 1,
                       .ranges = &range,
                       .range_count = 1};
        dw_update_step(&u, &(dw_update_room){&x, &g, {&m, &v}});
        double corrected =
            0.01 / (1 - pow(0.9, t)) * m / (sqrt(v) / sqrt(1 - pow(0.999, t)) + 1e-8);
        assert_true(fabs(1 - corrected - x) < 1e-15);
    }
}

/* Memories, and weights with a decay, end at 0 and not in numbers below the normal ones; a number
 * that is none is not taken for a small one. */
static void fade(dw_optimizer o, bool single, double begin) {
    bool squares = o == DW_OPTIMIZER_RMSPROP || o == DW_OPTIMIZER_ADAM;
    double d[3] = {begin, begin, begin}, g = 0, bad = NAN, zero = 0;
    float s[3] = {(float)begin, (float)begin, (float)begin}, sg = 0;
    dw_update_range range = {0, 1};
    dw_update u = {.optimizer = o,
                   .single = single,
                   .rate = 0.02,
                   .decay = squares ? 0 : 0.1,
                   .lanes = 1,
                   .ranges = &range,
                   .range_count = 1};
    feclearexcept(FE_UNDERFLOW);
    for (u.step = 1; u.step < 20000; u.step++) {
        if (single)
            dw_update_step(&u, &(dw_update_room){&s[0], &sg, {&s[1], &s[2]}});
        else
            dw_update_step(&u, &(dw_update_room){&d[0], &g, {&d[1], &d[2]}});
    }
    assert_false(fetestexcept(FE_UNDERFLOW));
    size_t used = 1 + dw_update_arrays(o);
    for (size_t i = squares; i < used; i++)
        assert_true(single ? s[i] == 0 : d[i] == 0);
    u.single = false;
    dw_update_step(&u, &(dw_update_room){&bad, &g, {&zero, &zero}});
    assert_true(isnan(bad));
}

static void what_fades_becomes_nothing(void **state) {
    (void)state;
    dw_simd best = dw_simd_level();
    for (dw_simd level = DW_SIMD_BASE; level < DW_SIMD_LEVELS; level++)
        for (dw_optimizer o = 0; o < DW_OPTIMIZER_LBFGS && dw_simd_use(level); o++) {
            fade(o, false, 0x1p-955);
            fade(o, true, 0x1p-95);
        }
    assert_true(dw_simd_use(best));
}

static void words_lead_to_optimisers(void **state) {
    (void)state;
    for (dw_optimizer o = 0; o < DW_OPTIMIZERS; o++) {
        assert_int_equal(dw_update_named(dw_update_word(o)), o);
        assert_true(dw_update_rate(o) > 0);
    }
    assert_int_equal(dw_update_named("adm"), DW_OPTIMIZERS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_follow_the_formulas), cmocka_unit_test(levels_agree_to_the_bit),
        cmocka_unit_test(only_ranges_move),          cmocka_unit_test(stopped_lanes_stay),
        cmocka_unit_test(parts_make_the_step),       cmocka_unit_test(late_steps_are_uncorrected),
        cmocka_unit_test(words_lead_to_optimisers),  cmocka_unit_test(what_fades_becomes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
