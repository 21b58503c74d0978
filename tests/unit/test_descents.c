/* SPDX-License-Identifier: BSD-3-Clause */
/* Descents side by side against the same descents alone, at every level of instructions. */
#include "nets/descents.h"

#include "base/simd.h"
#include "nets/minimize.h"

#include <fenv.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N = 3, LANES = 16, COUNT = 13 };

/* Σ x⁴/4 - x², worked out in one way for one lane and for many. */
static double value_of(const double *x, size_t step, double *g) {
    double y = 0;
    for (size_t i = 0; i < N; i++) {
        double a = x[i * step], square = a * a;
        y += square * square / 4 - square;
        g[i * step] = square * a - 2 * a;
    }
    return y;
}

static bool one(void *context, const double *x, double *y, double *g, dw_err *err) {
    (void)context, (void)err;
    *y = value_of(x, 1, g);
    return true;
}

typedef struct {
    _Alignas(64) double x[N * LANES], g[N * LANES], y[LANES];
    size_t visits, ends, limit;
} many;

static bool evaluate(void *context, const dw_cancel *cancel, dw_err *err) {
    many *m = context;
    (void)cancel;
    for (size_t l = 0; l < LANES; l++)
        m->y[l] = value_of(m->x + l, LANES, m->g + l);
    return m->visits <= m->limit || dw_err_set(err, DW_ERR_VALUE, "enough");
}

static bool visit(void *context, dw_err *err) {
    (void)err;
    ((many *)context)->visits++;
    return true;
}

static bool ended(void *context, size_t lane, dw_err *err) {
    (void)err;
    assert_true(lane < COUNT);
    ((many *)context)->ends++;
    return true;
}

static double start_of(size_t i, size_t l) {
    return l == 5 ? 1e80 : (double)((i * 17 + l * 5) % 29) / 8 - 1.7;
}

static void compare(const dw_minimize_options *o) {
    dw_mem mem = {0};
    dw_err err = {0};
    static many m;
    double found[COUNT][N];
    dw_descents_lane lanes[COUNT] = {0};
    dw_descents_objective f = {&m, evaluate, visit, ended, N, LANES, m.x, m.y, m.g};
    m.visits = m.ends = 0;
    m.limit = SIZE_MAX;
    for (size_t l = 0; l < LANES; l++)
        for (size_t i = 0; i < N; i++)
            m.x[i * LANES + l] = start_of(i, l < COUNT ? l : 0);
    for (size_t l = 0; l < COUNT; l++)
        lanes[l].x = found[l];
    assert_true(dw_descents_run(&mem, &f, o, lanes, COUNT, &err));
    size_t fine = 0, most = 0;
    for (size_t l = 0; l < COUNT; l++) {
        double x[N];
        dw_minimize_result result;
        dw_objective alone = {.n = N, .gradient = one};
        for (size_t i = 0; i < N; i++)
            x[i] = start_of(i, l);
        bool well = dw_minimize_run(&mem, &alone, o, x, &result, &err);
        assert_int_equal(well, lanes[l].fine);
        assert_int_equal(well, l != 5);
        dw_err_clear(&err);
        fine += well;
        most = result.evals > most ? result.evals : most;
        if (!well)
            continue;
        assert_memory_equal(x, found[l], sizeof x);
        assert_memory_equal(&result.value, &lanes[l].result.value, sizeof result.value);
        assert_int_equal(result.steps, lanes[l].result.steps);
        assert_int_equal(result.evals, lanes[l].result.evals);
    }
    assert_int_equal(m.ends, fine);
    assert_int_equal(m.visits, most);
    assert_int_equal(mem.used, 0);
}

static void lanes_go_as_they_go_alone(void **state) {
    (void)state;
    static const dw_method methods[] = {DW_METHOD_GRADIENT, DW_METHOD_MOMENTUM, DW_METHOD_ADAM};
    dw_simd best = dw_simd_level();
    for (size_t level = 0; level <= (size_t)best; level++)
        for (size_t k = 0; k < 3 && dw_simd_use((dw_simd)level); k++)
            for (size_t steps = 0; steps < 30; steps += 7) {
                dw_minimize_options o = {.method = methods[k], .rate = 0.02, .steps = steps};
                o.until = -(double)INFINITY;
                assert_true(dw_descents_can(o.method));
                compare(&o);
                o.until = -1.5;
                compare(&o);
            }
    assert_true(dw_simd_use(best));
    assert_false(dw_descents_can(DW_METHOD_NEWTON));
}

/* A hill of height 1 on a plain: downhill once, and then nowhere. */
static double plain_of(double x, double *g) {
    *g = x > 0 ? 1 : 0;
    return x > 0 ? x : 0;
}

static bool plain_one(void *context, const double *x, double *y, double *g, dw_err *err) {
    (void)context, (void)err;
    *y = plain_of(*x, g);
    return true;
}

static bool plain_many(void *context, const dw_cancel *cancel, dw_err *err) {
    many *m = context;
    (void)cancel, (void)err;
    for (size_t l = 0; l < LANES; l++)
        m->y[l] = plain_of(m->x[l], &m->g[l]);
    return true;
}

/* On the plain what a method remembers fades to nothing, and never to a number below the normal
 * ones, which would make each step many times as slow. */
static void memories_fade_to_nothing(void **state) {
    (void)state;
    static const dw_method methods[] = {DW_METHOD_MOMENTUM, DW_METHOD_ADAM};
    dw_mem mem = {0};
    dw_err err = {0};
    static many m;
    dw_simd best = dw_simd_level();
    for (size_t level = 0; level <= (size_t)best; level++)
        for (size_t k = 0; k < 2 && dw_simd_use((dw_simd)level); k++) {
            /* Adam's mean of squares needs most steps: 2^-960 is 0.999^665000 */
            dw_minimize_options o = {.method = methods[k], .rate = 0.02, .steps = 720000};
            double x = 0.01, found;
            dw_minimize_result result;
            dw_descents_lane lane = {.x = &found};
            dw_descents_objective f = {&m, plain_many, NULL, NULL, 1, LANES, m.x, m.y, m.g};
            dw_objective alone = {.n = 1, .gradient = plain_one};
            o.until = -(double)INFINITY;
            for (size_t l = 0; l < LANES; l++)
                m.x[l] = x;
            feclearexcept(FE_UNDERFLOW);
            assert_true(dw_descents_run(&mem, &f, &o, &lane, 1, &err));
            assert_true(dw_minimize_run(&mem, &alone, &o, &x, &result, &err));
            assert_false(fetestexcept(FE_UNDERFLOW));
            assert_true(found < 0 && memcmp(&found, &x, sizeof x) == 0);
        }
    assert_true(dw_simd_use(best));
}

static void stops_when_asked(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    static many m;
    double found[N];
    dw_descents_lane lane = {.x = found};
    dw_cancel cancel = {0};
    dw_descents_objective f = {&m, evaluate, visit, NULL, N, LANES, m.x, m.y, m.g};
    dw_minimize_options o = {.steps = 100, .until = -(double)INFINITY, .cancel = &cancel};
    m.limit = 4;
    assert_false(dw_descents_run(&mem, &f, &o, &lane, 1, &err));
    assert_string_equal(err.text, "enough");
    dw_err_clear(&err);
    atomic_store(&cancel.running, 3);
    dw_cancel_request(&cancel);
    assert_false(dw_descents_run(&mem, &f, &o, &lane, 1, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_err_clear(&err);
    mem.fail_at = 1;
    assert_false(dw_descents_run(&mem, &f, &o, &lane, 1, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    assert_int_equal(mem.used, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(lanes_go_as_they_go_alone),
                                       cmocka_unit_test(memories_fade_to_nothing),
                                       cmocka_unit_test(stops_when_asked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
