/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines of equal height: closed circles, lines from rim to rim, saddles, holes. */
#include "plot/isoline.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SIDE = 41 };

typedef struct {
    double x[SIDE], y[SIDE], z[SIDE * SIDE];
} field;

static field field_of(double (*height)(double, double)) {
    field f;
    for (int i = 0; i < SIDE; i++)
        f.x[i] = f.y[i] = -2 + 4.0 * i / (SIDE - 1);
    for (int i = 0; i < SIDE * SIDE; i++)
        f.z[i] = height(f.x[i % SIDE], f.y[i / SIDE]);
    return f;
}

static dw_isoline_grid grid_of(const field *f) {
    return (dw_isoline_grid){SIDE, SIDE, f->x, f->y, f->z};
}

static size_t lines_in(const dw_isoline *l) {
    size_t gaps = 0;
    for (size_t i = 0; i < l->count; i++)
        gaps += isnan(l->x[i]) ? 1 : 0;
    return l->count == 0 ? 0 : gaps + 1;
}

static double bowl(double x, double y) {
    return x * x + y * y;
}

static double saddle(double x, double y) {
    return x * y;
}

static double disc(double x, double y) {
    return x * x + y * y < 1;
}

static void a_bowl_has_one_closed_circle(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    field f = field_of(bowl);
    dw_isoline_grid grid = grid_of(&f);
    dw_isoline l = {.mem = &mem};
    assert_true(dw_isoline_trace(&grid, 1, NULL, NULL, &l, &err));
    assert_int_equal(lines_in(&l), 1);
    assert_true(l.x[0] == l.x[l.count - 1] && l.y[0] == l.y[l.count - 1]);
    for (size_t i = 0; i < l.count; i++)
        assert_true(fabs(hypot(l.x[i], l.y[i]) - 1) < 0.01);
    dw_isoline_free(&l);
    assert_int_equal(mem.used, 0);
}

static void a_saddle_has_two_open_lines(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    field f = field_of(saddle);
    dw_isoline_grid grid = grid_of(&f);
    for (double level = -0.5; level <= 0.6; level += 0.5) {
        dw_isoline l = {.mem = &mem};
        assert_true(dw_isoline_trace(&grid, level, NULL, NULL, &l, &err));
        assert_int_equal(lines_in(&l), 2);
        dw_isoline_free(&l);
    }
}

static void holes_end_lines(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    field f = field_of(bowl);
    f.z[SIDE * (SIDE / 2) + 30] = NAN; /* at (1, 0), on the circle */
    dw_isoline_grid grid = grid_of(&f);
    dw_isoline l = {.mem = &mem};
    assert_true(dw_isoline_trace(&grid, 1, NULL, NULL, &l, &err));
    assert_int_equal(lines_in(&l), 1);
    assert_true(l.x[0] != l.x[l.count - 1] || l.y[0] != l.y[l.count - 1]);
    dw_isoline_free(&l);
}

static bool exact(void *context, const double a[2], const double b[2], double *share, dw_err *err) {
    double lo = 0, hi = 1, inside = disc(a[0], a[1]);
    if (*(int *)context == 0)
        return dw_err_set(err, DW_ERR_INTERRUPT, "enough");
    for (int i = 0; i < 30; i++) {
        double t = (lo + hi) / 2;
        if (disc(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])) == inside)
            lo = t;
        else
            hi = t;
    }
    *share = lo;
    return true;
}

static void borders_are_found_by_asking(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    field f = field_of(disc);
    dw_isoline_grid grid = grid_of(&f);
    dw_isoline l = {.mem = &mem};
    int asks = 1;
    assert_true(dw_isoline_trace(&grid, 0.5, exact, &asks, &l, &err));
    for (size_t i = 0; i < l.count; i++)
        assert_true(fabs(hypot(l.x[i], l.y[i]) - 1) < 1e-6);
    dw_isoline_free(&l);
    asks = 0;
    assert_false(dw_isoline_trace(&grid, 0.5, exact, &asks, &l, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_isoline_free(&l);
    assert_int_equal(mem.used, 0);
}

static void lack_of_memory_is_told(void **state) {
    (void)state;
    field f = field_of(bowl);
    dw_isoline_grid grid = grid_of(&f);
    for (long n = 1; n <= 3; n++) {
        dw_mem mem = {0};
        dw_err err = {0};
        mem.fail_at = n;
        dw_isoline l = {.mem = &mem};
        assert_false(dw_isoline_trace(&grid, 1, NULL, NULL, &l, &err));
        assert_int_equal(err.kind, DW_ERR_MEMORY);
        dw_isoline_free(&l);
        assert_int_equal(mem.used, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bowl_has_one_closed_circle),
        cmocka_unit_test(a_saddle_has_two_open_lines),
        cmocka_unit_test(holes_end_lines),
        cmocka_unit_test(borders_are_found_by_asking),
        cmocka_unit_test(lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
