/* SPDX-License-Identifier: BSD-3-Clause */
/* Long histories are thinned out; the best and the last row stay. */
#include "nets/losses.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static dw_losses filled(dw_mem *mem, size_t steps, bool validated) {
    dw_losses h;
    dw_err err = {0};
    assert_true(dw_losses_new(mem, 2, steps, &h, &err));
    for (size_t i = 0; i < steps; i++) {
        double train[2] = {(double)i, -(double)i}, valid[2] = {(double)i + 0.5, 0.5};
        dw_losses_add(&h, i, train, validated ? valid : NULL);
    }
    return h;
}

static void short_ones_are_whole(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_losses_row rows[7];
    dw_losses h = filled(&mem, 5, true);
    h.best[1] = (dw_losses_row){2, -2, 0.5};
    h.last[1] = (dw_losses_row){4, -4, 0.5};
    assert_int_equal(dw_losses_rows(&h, 1, rows), 5);
    for (size_t i = 0; i < 5; i++)
        assert_true(rows[i].step == i && rows[i].train == -(double)i && rows[i].valid == 0.5);
    h.best[0] = h.last[0] = (dw_losses_row){3, 3, 3.5}; /* a lane that ended earlier */
    assert_int_equal(dw_losses_rows(&h, 0, rows), 4);
    dw_losses_forget(&h);
    h = filled(&mem, 2, false);
    h.best[0] = h.last[0] = (dw_losses_row){1, 1, NAN};
    assert_int_equal(dw_losses_rows(&h, 0, rows), 2);
    assert_true(isnan(rows[0].valid));
    dw_losses_forget(&h);
    assert_int_equal(mem.used, 0);
}

static void long_ones_are_thinned(void **state) {
    (void)state;
    static dw_losses_row rows[DW_LOSSES_ROWS + 2];
    enum { STEPS = 9001 };
    dw_mem mem = {0};
    dw_losses h = filled(&mem, STEPS, true);
    h.best[0] = (dw_losses_row){4321, 4321, 4321.5};
    h.last[0] = (dw_losses_row){STEPS - 1, STEPS - 1, STEPS - 0.5};
    size_t count = dw_losses_rows(&h, 0, rows);
    assert_in_range(count, DW_LOSSES_ROWS / 2, DW_LOSSES_ROWS + 2);
    bool best = false;
    for (size_t i = 0; i < count; i++) {
        assert_true(rows[i].train == (double)rows[i].step);
        assert_true(i == 0 || rows[i].step > rows[i - 1].step);
        best |= rows[i].step == 4321;
    }
    assert_true(best && rows[0].step == 0 && rows[count - 1].step == STEPS - 1);
    dw_losses_forget(&h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_ones_are_whole),
        cmocka_unit_test(long_ones_are_thinned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
