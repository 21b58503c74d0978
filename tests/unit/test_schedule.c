/* SPDX-License-Identifier: BSD-3-Clause */
/* Rates at steps where they are known. */
#include "nets/schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static double rate(const char *word, size_t step) {
    dw_schedule schedule = dw_schedule_named(word);
    assert_string_equal(dw_schedule_word(schedule), word);
    return dw_schedule_rate(schedule, 2, step, 30);
}

static bool near(double x, double y) {
    return fabs(x - y) < 1e-14;
}

static void rates_are_those_of_the_formulas(void **state) {
    (void)state;
    assert_true(rate("constant", 0) == 2 && rate("constant", 29) == 2);
    assert_true(rate("cosine", 0) == 2 && near(rate("cosine", 10), 1.5) &&
                near(rate("cosine", 15), 1));
    assert_true(rate("linear", 0) == 2 && near(rate("linear", 15), 1));
    assert_true(rate("step", 9) == 2 && rate("step", 10) == 0.2 && rate("step", 19) == 0.2 &&
                rate("step", 20) == 0.02);
    assert_true(rate("exponential", 0) == 2 && near(rate("exponential", 15), 0.2));
    assert_true(rate("warm-up", 0) == 0.5 && rate("warm-up", 2) == 1.5 && rate("warm-up", 3) == 2);
    assert_true(rate("warm-up", 29) < 0.02 && rate("warm-up", 29) > 0);
}

static void few_steps_have_rates_too(void **state) {
    (void)state;
    for (dw_schedule s = 0; s < DW_SCHEDULES; s++)
        for (size_t steps = 0; steps < 12; steps++)
            for (size_t step = 0; step < steps; step++) {
                double r = dw_schedule_rate(s, 1, step, steps);
                assert_true(r > 0 && r <= 1);
            }
    assert_int_equal(dw_schedule_named("warmup"), DW_SCHEDULES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_are_those_of_the_formulas),
        cmocka_unit_test(few_steps_have_rates_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
