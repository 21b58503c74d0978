/* SPDX-License-Identifier: BSD-3-Clause */
/* Leaving out what nobody could see, and nothing else. */
#include "plot/decimate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MANY = 200000 };

typedef struct {
    double *x, *y;
    bool *keep;
} rows;

static rows rows_new(void) {
    rows r = {malloc(MANY * sizeof(double)), malloc(MANY * sizeof(double)), malloc(MANY)};
    assert_true(r.x != NULL && r.y != NULL && r.keep != NULL);
    return r;
}

static void rows_free(rows r) {
    free(r.x);
    free(r.y);
    free(r.keep);
}

static size_t kept(const rows *r, size_t count) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += r->keep[i];
    return n;
}

static const dw_canvas canvas = {{0, MANY, false}, {-2, 2, false}, 400, 300, 1, NULL};

static void short_lines_stay_whole(void **state) {
    (void)state;
    const double x[] = {0, 1, 2}, y[] = {0, NAN, 1};
    bool keep[3];
    assert_true(dw_decimate_line(&canvas, &(dw_decimate_rows){3, x, y}, keep, NULL));
    assert_true(keep[0] && keep[1] && keep[2]);
}

static void a_spike_survives(void **state) {
    (void)state;
    rows r = rows_new();
    for (size_t i = 0; i < MANY; i++) {
        r.x[i] = (double)i;
        r.y[i] = sin((double)i / 5000);
    }
    r.y[123457] = 1.9;
    r.y[50001] = -1.9;
    assert_true(dw_decimate_line(&canvas, &(dw_decimate_rows){MANY, r.x, r.y}, r.keep, NULL));
    assert_true(r.keep[0] && r.keep[MANY - 1] && r.keep[123457] && r.keep[50001]);
    assert_in_range(kept(&r, MANY), 200, DW_DECIMATE_LINE + 8);
    rows_free(r);
}

static void gaps_stay_gaps_and_are_few(void **state) {
    (void)state;
    rows r = rows_new();
    for (size_t i = 0; i < MANY; i++) {
        r.x[i] = (double)i;
        r.y[i] = i % 2 == 0 || (i > 80000 && i < 120000) ? NAN : 1;
    }
    assert_true(dw_decimate_line(&canvas, &(dw_decimate_rows){MANY, r.x, r.y}, r.keep, NULL));
    size_t gaps = 0;
    for (size_t i = 0; i < MANY; i++)
        gaps += r.keep[i] && isnan(r.y[i]);
    assert_in_range(gaps, 1, 500);
    assert_in_range(kept(&r, MANY), 100, 2000);
    rows_free(r);
}

static void lines_that_turn_back_are_thinned_too(void **state) {
    (void)state;
    rows r = rows_new();
    for (size_t i = 0; i < MANY; i++) {
        r.x[i] = MANY * (0.5 + 0.4 * cos((double)i / 1000));
        r.y[i] = sin((double)i / 1000);
    }
    assert_true(dw_decimate_line(&canvas, &(dw_decimate_rows){MANY, r.x, r.y}, r.keep, NULL));
    assert_in_range(kept(&r, MANY), 200, 2 * DW_DECIMATE_LINE);
    rows_free(r);
}

static void points_are_bounded_and_inside(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    rows r = rows_new();
    uint32_t seed = 1;
    for (size_t i = 0; i < MANY; i++) {
        seed = seed * 1664525u + 1013904223u;
        r.x[i] = (double)(seed >> 8) / 16777216 * 2 * MANY;
        seed = seed * 1664525u + 1013904223u;
        r.y[i] = (double)(seed >> 8) / 16777216 * 4 - 2;
    }
    assert_true(
        dw_decimate_points(&mem, &canvas, &(dw_decimate_rows){MANY, r.x, r.y}, r.keep, &err));
    assert_in_range(kept(&r, MANY), DW_DECIMATE_POINTS / 3, DW_DECIMATE_POINTS);
    for (size_t i = 0; i < MANY; i++)
        assert_true(!r.keep[i] || r.x[i] <= MANY);
    mem.fail_at = 1;
    assert_false(
        dw_decimate_points(&mem, &canvas, &(dw_decimate_rows){MANY, r.x, r.y}, r.keep, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    assert_int_equal(mem.used, 0);
    rows_free(r);
}

static void an_interrupt_ends_the_choice(void **state) {
    (void)state;
    dw_cancel cancel = {.running = 1, .cancelled = 1};
    dw_mem mem = {0};
    dw_canvas watched = canvas;
    watched.cancel = &cancel;
    rows r = rows_new();
    for (size_t i = 0; i < MANY; i++)
        r.x[i] = r.y[i] = (double)(i % 7);
    for (int points = 0; points < 2; points++) {
        dw_err err = {0};
        dw_decimate_rows all = {MANY, r.x, r.y};
        assert_false(points ? dw_decimate_points(&mem, &watched, &all, r.keep, &err)
                            : dw_decimate_line(&watched, &all, r.keep, &err));
        assert_int_equal(err.kind, DW_ERR_INTERRUPT);
        assert_int_equal(mem.used, 0);
    }
    rows_free(r);
}

static void places_on_axes(void **state) {
    (void)state;
    assert_true(dw_decimate_share(&(dw_range){0, 4, false}, 1) == 0.25);
    assert_true(fabs(dw_decimate_share(&(dw_range){1, 100, true}, 10) - 0.5) < 1e-12);
    assert_true(isnan(dw_decimate_share(&(dw_range){1, 100, true}, -10)));
    assert_true(dw_decimate_share(&(dw_range){-1e300, 1e300, false}, 0) == 0.5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_lines_stay_whole),
        cmocka_unit_test(a_spike_survives),
        cmocka_unit_test(gaps_stay_gaps_and_are_few),
        cmocka_unit_test(lines_that_turn_back_are_thinned_too),
        cmocka_unit_test(points_are_bounded_and_inside),
        cmocka_unit_test(places_on_axes),
        cmocka_unit_test(an_interrupt_ends_the_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
