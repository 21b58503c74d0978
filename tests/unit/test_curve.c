/* SPDX-License-Identifier: BSD-3-Clause */
/* Adaptive sampling: flanks upright, bends followed, poles open, errors in the function's place. */
#include "picture.h"

/* The curve of a one-curve plot lies within `slack` of the function at the middle of every piece.
 */
static void expect_close(const char *source, double (*f)(double), double slack) {
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, NULL, source);
    const dw_series *s = picture_series(v, 0);
    assert_in_range(s->count, 2, 3000);
    for (size_t i = 0; i + 1 < s->count; i++) {
        double x = (s->column[0][i] + s->column[0][i + 1]) / 2;
        assert_true(s->column[0][i] < s->column[0][i + 1]);
        if (fabs(f(x) - (s->column[1][i] + s->column[1][i + 1]) / 2) > slack)
            fail_msg("%s is off at %g", source, x);
    }
    dw_value_release(v);
    cell_close(&c);
}

static double steep(double x) {
    return 1 / (1 + exp(-100 * x));
}

static double square(double x) {
    return x * x;
}

static double waves(double x) {
    return sin(30 * x);
}

static void bends_are_followed(void **state) {
    (void)state;
    expect_close("plot(x ↦ σ(100*x), -1..1)", steep, 2e-3);
    expect_close("plot(x ↦ x², -1..2)", square, 5e-3);
    expect_close("plot(x ↦ sin(30*x), -3..3)", waves, 4e-3);
}

static void straight_lines_are_cheap(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, NULL, "plot(x ↦ 2*x + 1, 0..1)");
    const dw_series *s = picture_series(v, 0);
    assert_true(s->count < 40);
    assert_true(s->column[0][0] == 0 && s->column[0][s->count - 1] == 1);
    assert_true(s->column[1][s->count - 1] == 3);
    dw_value_release(v);
    cell_close(&c);
}

static void steps_have_upright_flanks(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, "s(x) = 1 when 0.1 ≤ x ≤ 0.7 otherwise 0", "plot(s, -1..2)");
    const dw_series *s = picture_series(v, 0);
    size_t jumps = 0;
    for (size_t i = 0; i + 1 < s->count; i++) {
        double y = s->column[1][i];
        assert_true(y == 0 || y == 1);
        if (y == s->column[1][i + 1])
            continue;
        jumps++;
        assert_true(s->column[0][i + 1] - s->column[0][i] < 3.0 / 400 / 500);
        assert_true(fabs(s->column[0][i] - (jumps == 1 ? 0.1 : 0.7)) < 1e-4);
    }
    assert_int_equal(jumps, 2);
    dw_value_release(v);
    cell_close(&c);
}

static size_t gaps_in(const dw_series *s) {
    size_t gaps = 0;
    for (size_t i = 0; i < s->count; i++)
        gaps += isnan(s->column[1][i]) && (i == 0 || !isnan(s->column[1][i - 1])) ? 1 : 0;
    return gaps;
}

static void poles_are_gaps_and_do_not_flatten_the_rest(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, NULL, "plot(x ↦ 1/x, -2.1..2)");
    assert_int_equal(gaps_in(picture_series(v, 0)), 1);
    assert_true(picture_figure(v)->y.fixed && picture_figure(v)->y.hi < 100);
    dw_value_release(v);
    v = picture_value(&c, NULL, "plot(tan, -5..5)");
    assert_int_equal(gaps_in(picture_series(v, 0)), 4);
    dw_value_release(v);
    v = picture_value(&c, NULL, "plot(x ↦ log(x), -1..1)");
    const dw_series *s = picture_series(v, 0);
    assert_true(isnan(s->column[1][0]) && !isnan(s->column[1][s->count - 1]));
    dw_value_release(v);
    cell_close(&c);
}

static void errors_have_the_place_in_the_function(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_refuse(&c, "plot(x ↦ [1, 2]*x, 0..1)", DW_ERR_TYPE, "whose value at a number is a number");
    cell_refuse(&c, "plot(x ↦ [1, 2]*[3, 4]*x, 0..1)", DW_ERR_SHAPE, "2 and 1");
    cell_close(&c);
}

static void an_interrupt_ends_sampling(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    atomic_store(&c.eval.cancel.running, 1);
    dw_cancel_request(&c.eval.cancel);
    cell_refuse(&c, "plot(x ↦ x, 0..1)", DW_ERR_INTERRUPT, "");
    cell_close(&c);
}

static void arity_is_known(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, NULL, "region((x, y) ↦ x < y)");
    assert_true(dw_thing_content(v)->list.things[0].function.kind == DW_FUNCTION);
    dw_value_release(v);
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bends_are_followed),
        cmocka_unit_test(straight_lines_are_cheap),
        cmocka_unit_test(steps_have_upright_flanks),
        cmocka_unit_test(poles_are_gaps_and_do_not_flatten_the_rest),
        cmocka_unit_test(errors_have_the_place_in_the_function),
        cmocka_unit_test(an_interrupt_ends_sampling),
        cmocka_unit_test(arity_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
