/* SPDX-License-Identifier: BSD-3-Clause */
/* The values of sliders. */
#include "lang/knob_values.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static dw_mem mem;

static dw_value interval(double lo, double hi) {
    dw_value v;
    dw_err err = {0};
    assert_true(dw_value_interval(&mem, lo, hi, &v, &err));
    return v;
}

static dw_value row(size_t count, const double *numbers) {
    dw_err err = {0};
    dw_tensor *t = dw_tensor_raw(&mem, 1, count, &err);
    assert_non_null(t);
    for (size_t i = 0; i < count; i++)
        t->data[i] = numbers[i];
    return dw_value_array(t);
}

/* The values of a range as { } inserts them, the start in brackets; releases the range. */
static void values_are(dw_value range, dw_knob_manner manner, double start, const char *words) {
    dw_knob_values values;
    dw_err err = {0};
    dw_buf out;
    dw_buf_init(&out, &mem);
    assert_true(dw_knob_values_choose(&mem, range, manner, dw_value_number(start), &values, &err));
    for (size_t i = 0; i < values.count; i++) {
        dw_buf_text(&out, i == values.start ? "[" : "");
        dw_value_insert(&out, values.values[i], 0);
        dw_buf_text(&out, i == values.start ? "] " : " ");
    }
    dw_buf_print(&out, "of %zu", values.all);
    assert_string_equal(out.data, words);
    dw_buf_free(&out);
    dw_knob_values_free(&values);
    dw_value_release(range);
    assert_int_equal(mem.used, 0);
}

static const dw_knob_manner nine = {9, false}, five = {5, false}, played = {5, true};

static void spreads_an_interval(void **state) {
    (void)state;
    values_are(interval(-1, 1), nine, 0, "-1 -0.75 -0.5 -0.25 [0] 0.25 0.5 0.75 1 of 9");
    values_are(interval(1, 200), nine, 100, "1 26 51 76 [100] 125 150 175 200 of 9");
    values_are(interval(0, 1), five, 0.3, "0 [0.3] 0.5 0.75 1 of 5");
    values_are(interval(0, 1), five, 1, "0 0.25 0.5 0.75 [1] of 5");
    values_are(interval(0, 1e-6), five, 0, "[0] 2.5e-07 5e-07 7.5e-07 1e-06 of 5");
    values_are(interval(-4e7, 4e7), five, 0, "-40000000 -20000000 [0] 20000000 40000000 of 5");
}

static void puts_a_start_beside_the_others(void **state) {
    (void)state;
    values_are(interval(0, 1), five, 0.01, "0 [0.01] 0.25 0.5 0.75 1 of 6");
    values_are(interval(0, 1), five, 7, "0 0.25 0.5 0.75 1 [7] of 6");
    values_are(interval(0, 1), five, -7, "[-7] 0 0.25 0.5 0.75 1 of 6");
    const double tenths[] = {0.1, 0.2, 3 * 0.1};
    values_are(row(3, tenths), five, 0.3, "0.1 0.2 [0.3] of 3");
    const double down[] = {3, 2, 1};
    values_are(row(3, down), five, 1.5, "3 2 [1.5] 1 of 4");
}

static void takes_elements(void **state) {
    (void)state;
    const double few[] = {3, 1, 2};
    double many[101];
    for (size_t i = 0; i <= 100; i++)
        many[i] = (double)i;
    values_are(row(3, few), five, 1, "3 [1] 2 of 3");
    values_are(row(101, many), five, 50, "0 25 [50] 75 100 of 101");
    values_are(interval(0, 2), played, 0, "[0] 1 2 of 3");
    values_are(interval(0, 40), played, 0, "[0] 10 20 30 40 of 41");
}

static void has_only_a_start_where_there_are_no_ends(void **state) {
    (void)state;
    values_are(interval(0, INFINITY), nine, 3, "[3] of 1");
    values_are(interval(2, 2), nine, 2, "[2] of 1");
}

static void knows_where_to_start(void **state) {
    (void)state;
    dw_value range = interval(2, 6), start;
    dw_err err = {0};
    assert_true(dw_knob_values_start(&mem, range, five, &start, &err));
    assert_float_equal(start.as.number, 4, 0);
    assert_true(dw_knob_values_start(&mem, range, played, &start, &err));
    assert_float_equal(start.as.number, 2, 0);
    dw_value_release(range);
    range = row(0, NULL);
    assert_false(dw_knob_values_start(&mem, range, five, &start, &err));
    assert_int_equal(err.kind, DW_ERR_VALUE);
    dw_value_release(range);
    assert_int_equal(mem.used, 0);
}

static void refuses_what_has_no_elements(void **state) {
    (void)state;
    dw_knob_values values;
    dw_err err = {0};
    assert_false(
        dw_knob_values_choose(&mem, dw_value_nothing(), five, dw_value_number(1), &values, &err));
    assert_int_equal(err.kind, DW_ERR_TYPE);
    dw_value endless = interval(0, INFINITY);
    dw_err_clear(&err);
    assert_false(dw_knob_values_choose(&mem, endless, played, dw_value_number(0), &values, &err));
    assert_int_equal(err.kind, DW_ERR_VALUE);
    dw_value_release(endless);
    assert_int_equal(mem.used, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spreads_an_interval),
        cmocka_unit_test(puts_a_start_beside_the_others),
        cmocka_unit_test(takes_elements),
        cmocka_unit_test(has_only_a_start_where_there_are_no_ends),
        cmocka_unit_test(knows_where_to_start),
        cmocka_unit_test(refuses_what_has_no_elements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
