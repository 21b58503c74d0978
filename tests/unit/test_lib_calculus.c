/* SPDX-License-Identifier: BSD-3-Clause */
/* Integrals, roots and slopes through the language. */
#include "cells.h"

#include <stdio.h>

static void examples_show_what_they_promise(void **state) {
    (void)state;
    cells_walk(dw_lib_calculus);
}

/* `difference` is an expression that should be about 0. */
static void near(const char *difference, const char *bound) {
    char source[300];
    cell c;
    cell_open(&c);
    snprintf(source, sizeof source, "abs(%s) < %s", difference, bound);
    cell_expect(&c, source, "true");
    cell_close(&c);
}

static void smooth_integrals_have_nine_digits(void **state) {
    (void)state;
    near("integral(exp, 0..1) - (exp(1) - 1)", "1e-14");
    near("integral(x ↦ 1/(1 + x²), -5..5) - 2*atan(5)", "1e-12");
    near("integral(x ↦ sin(50*x)², 0..2*π) - π", "1e-9");
    near("integral(x ↦ exp(-(100*x)²), -10..10) - sqrt(π)/100", "1e-11");
    near("integral(x ↦ x^7, -1..1)", "1e-15");
    near("integral(sin, 2..0) - (cos(2) - 1)", "1e-14");
    near("integral(x ↦ 3, 5..5)", "1e-300");
    near("integral(x ↦ 1e-200*x, 0..1)/1e-200 - 0.5", "1e-14");
}

static void infinite_ends(void **state) {
    (void)state;
    near("integral(x ↦ exp(-x²), -inf..inf) - sqrt(π)", "1e-9");
    near("integral(x ↦ exp(-x), 0..inf) - 1", "1e-9");
    near("integral(exp, -inf..-1) - exp(-1)", "1e-9");
    near("integral(x ↦ 1/x², 2..inf) - 0.5", "1e-9");
}

static void jumps_and_edges(void **state) {
    (void)state;
    near("integral(x ↦ 1 when 0 ≤ x ≤ 1 otherwise 0, -1..2) - 1", "1e-9");
    near("integral(floor, 0..10) - 45", "1e-7");
    near("integral(x ↦ abs(x - 1/3), 0..1) - 5/18", "1e-9");
    near("integral(x ↦ 1/sqrt(x), 0..1) - 2", "1e-8");
    near("integral(log, 0..1) + 1", "1e-9");
}

/* The L² distance of the net of two sigmoids to the step is √((4 log 2 - 2)/λ) but for e^(-λ/2). */
static void steep_nets(void **state) {
    (void)state;
    static const char *const steepness[] = {"100", "1000", "10000", "20000"};
    for (size_t i = 0; i < 4; i++) {
        char difference[250];
        snprintf(difference, sizeof difference,
                 "integral(x ↦ ((1 when 0 ≤ x ≤ 1 otherwise 0) - σ(%s*x) - σ(%s*(1 - x)) + 1)², "
                 "-1..2)*%s - (4*log(2) - 2)",
                 steepness[i], steepness[i], steepness[i]);
        near(difference, "1e-8");
    }
    cells_expect("t = linspace(-1..1, 129)\n"
                 "g(x) = sin(3*x) + x²/2\n"
                 "h = [g(m) for m in (t[1..128] + t[2..129])/2]\n"
                 "f(x) = h·(σ(5000*(x - t[1..128])) + σ(5000*(t[2..129] - x)) - 1)\n"
                 "d = sqrt(integral(x ↦ (f(x) - g(x))², -1..1))\n"
                 "abs(d - sqrt(integral(x ↦ (f(x) - g(x))², -1..1, tolerance = 1e-12))) < 1e-9*d",
                 "true");
}

/* What rounding leaves of numbers near 1 is 0; a smooth function may be as small as it likes. */
static void rounding_is_nothing(void **state) {
    (void)state;
    near("integral(x ↦ sin(x)² + cos(x)² - 1, 0..1)", "1e-15");
    near("integral(x ↦ exp(x)/exp(x) - sqrt(x²)/x, 1..9)", "1e-14");
    near("integral(x ↦ 1e-40*x², 0..1)*1e40 - 1/3", "1e-12");
    near("integral(x ↦ 1e-40*(1 when x > 0.3 otherwise 0), 0..1)*1e40 - 0.7", "1e-9");
}

static void what_does_not_converge_is_told(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_refuse(&c, "integral(x ↦ sample(normal(0, 1)), 0..1)", DW_ERR_NUMERIC,
                "try a shorter interval or tolerance = 1e-01");
    cell_refuse(&c, "integral(x ↦ 1/x, -1..1)", DW_ERR_NUMERIC, "infinite at");
    cell_refuse(&c, "integral(x ↦ sqrt(x), -1..1)", DW_ERR_NUMERIC, "not a number at");
    cell_refuse(&c, "integral(x ↦ [x, x], 0..1)", DW_ERR_TYPE, "at 0.015625 it is a row of 2");
    cell_refuse(&c, "integral(3, 0..1)", DW_ERR_TYPE, "a function");
    cell_refuse(&c, "integral(sin, 3)", DW_ERR_TYPE, "an interval such as 0..1");
    cell_refuse(&c, "integral(sin, [1, 3, 2])", DW_ERR_VALUE, "places in rising order");
    cell_refuse(&c, "integral(sin, [1, 1, 2])", DW_ERR_VALUE, "places in rising order");
    cell_refuse(&c, "integral(sin, [1, 2; 3, 4])", DW_ERR_VALUE, "places in rising order");
    cell_refuse(&c, "integral(sin, [0, inf - inf, 1])", DW_ERR_VALUE, "places in rising order");
    cell_refuse(&c, "integral(sin, 0..1, tolerance = 0)", DW_ERR_VALUE, "tolerance from 1e-13");
    cell_close(&c);
}

static void interrupts_are_obeyed(void **state) {
    (void)state;
    cell c;
    dw_err err = {0};
    dw_buf out;
    cell_open(&c);
    atomic_store(&c.eval.cancel.running, 1);
    atomic_store(&c.eval.cancel.cancelled, 1);
    assert_false(cell_value(&c, "integral(sin, 0..1)", &out, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_buf_free(&out);
    cell_close(&c);
}

static void roots_are_found(void **state) {
    (void)state;
    near("root(cos, 0..3) - π/2", "1e-15");
    near("root(x ↦ x^3 - 2, 0..10) - 2^(1/3)", "1e-15");
    near("root(x ↦ exp(x) - 1e10, 0..100) - log(1e10)", "1e-13");
    near("root(x ↦ (x - 0.3)^9, 0..1) - 0.3", "1e-15");
    near("root(x ↦ 1 when x > 0.7 otherwise -1e-300, 0..1) - 0.7", "1e-15");
    near("root(sin, 4..2) - π", "1e-15");
    near("root(x ↦ x, 0..1)", "1e-300");
    near("root(x ↦ x - 1, 0..1) - 1", "1e-300");
    cell c;
    cell_open(&c);
    cell_refuse(&c, "root(x ↦ x² + 1, 0..1)", DW_ERR_VALUE,
                "the function is 1 at 0 and 2 at 1; try another interval");
    cell_refuse(&c, "root(tan, 1..2)", DW_ERR_VALUE, "jumps over 0 at 1.5707963");
    cell_refuse(&c, "root(log, -1..1)", DW_ERR_NUMERIC, "not a number at -1");
    cell_refuse(&c, "root(sin, 0..inf)", DW_ERR_VALUE, "finite ends");
    cell_close(&c);
}

static void slopes_are_least_squares(void **state) {
    (void)state;
    near("slope([0, 1, 2, 3], [1, 2, 2, 4]) - 0.9", "1e-15");
    near("slope(1e8 + [1, 2, 3], [3; 5; 7]) - 2", "1e-12");
    cell c;
    cell_open(&c);
    cell_refuse(&c, "slope([1, 2], [1, 2, 3])", DW_ERR_SHAPE, "2 x and 3 y");
    cell_refuse(&c, "slope([1], [2])", DW_ERR_VALUE, "at least two points, here is one");
    cell_refuse(&c, "slope([1, 1], [2, 3])", DW_ERR_VALUE, "a vertical line has none");
    cell_refuse(&c, "slope(\"a\", [2, 3])", DW_ERR_TYPE, "needs numbers for x");
    cell_close(&c);
}

/* Edges far narrower than any grid of the search, at places that are named. */
static void places_of_sudden_change_are_seen(void **state) {
    (void)state;
    static const char *const steepness[] = {"1e4", "1e6", "1e7", "1e9"};
    for (size_t i = 0; i < sizeof steepness / sizeof steepness[0]; i++) {
        char code[300];
        snprintf(code, sizeof code,
                 "integral(x ↦ ((1 when 0 ≤ x ≤ 1 otherwise 0) - σ(%s*x) - σ(%s*(1 - x)) "
                 "+ 1)², [-1, 0, 1, 2])*%s/(4*log(2) - 2) - 1",
                 steepness[i], steepness[i], steepness[i]);
        near(code, "1e-8");
    }
    near("integral(exp, [0, 1]) - integral(exp, 0..1)", "1e-300");
    near("integral(sin, [3, 2, 0]) - cos(3) + 1", "1e-14");
    near("integral(x ↦ exp(-x²), [inf, 1, 0, -1, -inf]) + sqrt(π)", "1e-9");
    near("integral(x ↦ exp(-(1e8*x)²), [-inf, 0, inf])*1e8 - sqrt(π)", "1e-8");
    near("integral(x ↦ 1/sqrt(abs(x)), [-1, 0, 1]) - 4", "1e-8");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(places_of_sudden_change_are_seen),
        cmocka_unit_test(smooth_integrals_have_nine_digits),
        cmocka_unit_test(infinite_ends),
        cmocka_unit_test(jumps_and_edges),
        cmocka_unit_test(steep_nets),
        cmocka_unit_test(rounding_is_nothing),
        cmocka_unit_test(what_does_not_converge_is_told),
        cmocka_unit_test(interrupts_are_obeyed),
        cmocka_unit_test(roots_are_found),
        cmocka_unit_test(slopes_are_least_squares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
