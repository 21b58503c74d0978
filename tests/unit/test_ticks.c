/* SPDX-License-Identifier: BSD-3-Clause */
/* Round numbers along axes. */
#include "plot/ticks.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* All labels joined by blanks; small ticks are dots. */
static void expect(double lo, double hi, bool log, int want, const char *labels) {
    dw_ticks ticks;
    char all[DW_TICKS_MOST * (DW_TICKS_LABEL + 1) + 1] = "";
    dw_ticks_choose(&(dw_range){lo, hi, log}, want, &ticks);
    for (size_t i = 0; i < ticks.count; i++) {
        strcat(all, i == 0 ? "" : " ");
        strcat(all, ticks.label[i][0] == '\0' ? "." : ticks.label[i]);
        assert_true(ticks.at[i] >= lo - 1e-9 * fabs(lo) - 1e-12 * (hi - lo));
        assert_true(ticks.at[i] <= hi + 1e-9 * fabs(hi) + 1e-12 * (hi - lo));
    }
    assert_string_equal(all, labels);
}

static void linear_axes_have_round_steps(void **state) {
    (void)state;
    expect(-1, 2, false, 6, "−1.0 −0.5 0 0.5 1.0 1.5 2.0");
    expect(0, 100, false, 5, "0 20 40 60 80 100");
    expect(0, 1, false, 4, "0 0.25 0.50 0.75 1.00");
    expect(0, 4e6, false, 4, "0 10⁶ 2·10⁶ 3·10⁶ 4·10⁶");
    expect(-2e-7, 2e-7, false, 4, "−2·10⁻⁷ −10⁻⁷ 0 10⁻⁷ 2·10⁻⁷");
    expect(1.0000, 1.0004, false, 4, "1.0000 1.0001 1.0002 1.0003 1.0004");
    expect(-4.5, 4.5, false, 3, "−2.5 0 2.5"); /* a step of 5 would leave only the 0 */
}

static void log_axes_have_powers_of_ten(void **state) {
    (void)state;
    expect(1, 1000, true, 6, "1 10 100 1000");
    expect(1, 10, true, 6, "1 2 5 10");
    expect(1e-8, 1e8, true, 8, "10⁻⁸ 10⁻⁶ 10⁻⁴ 10⁻² 1 10² 10⁴ 10⁶ 10⁸");
    expect(2, 5, true, 6, "2.0 2.5 3.0 3.5 4.0 4.5 5.0");
}

static void extreme_ranges_do_no_harm(void **state) {
    (void)state;
    const double ranges[][2] = {
        {-1e300, 1e300}, {0, 1e-300}, {1e15, 1e15 + 1}, {1e17, 1e17 + 16}, {-1, 1e300}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        dw_ticks ticks;
        dw_ticks_choose(&(dw_range){ranges[i][0], ranges[i][1], false}, 5, &ticks);
        assert_true(ticks.count <= DW_TICKS_MOST);
    }
    dw_ticks ticks;
    dw_ticks_choose(&(dw_range){1e-299, 1e300, true}, 8, &ticks);
    assert_in_range(ticks.count, 2, DW_TICKS_MOST);
}

static void numbers_read_well(void **state) {
    (void)state;
    char text[DW_TICKS_LABEL];
    const struct {
        double x;
        const char *text;
    } cases[] = {{0, "0"},         {-0.0, "0"},       {0.5, "0.5"},           {-1.25, "−1.25"},
                 {1234.4, "1234"}, {1e6, "10⁶"},      {-2.5e-7, "−2.5·10⁻⁷"}, {NAN, "NaN"},
                 {HUGE_VAL, "∞"},  {-HUGE_VAL, "−∞"}, {1e300, "10³⁰⁰"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dw_ticks_number(cases[i].x, 3, text);
        assert_string_equal(text, cases[i].text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_axes_have_round_steps),
        cmocka_unit_test(log_axes_have_powers_of_ten),
        cmocka_unit_test(extreme_ranges_do_no_harm),
        cmocka_unit_test(numbers_read_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
