/* SPDX-License-Identifier: BSD-3-Clause */
/* The losses of a training as a figure. */
#include "lang/loss_curve.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    dw_mem mem;
    dw_losses history;
    dw_figure *figure;
} curve;

/* A training of `steps` steps, the last of them `reached`, whose losses fall from 1 by `fall` a
 * step; every second one is validated. */
static bool draw(curve *c, size_t steps, size_t reached, double fall, bool validated, bool ended) {
    dw_err err = {0};
    *c = (curve){.mem = {0}};
    assert_true(dw_losses_new(&c->mem, 1, steps, &c->history, &err));
    for (size_t step = 0; step <= reached; step++) {
        double train = 1 - fall * (double)step, valid = train + 0.1;
        bool due = validated && step % 2 == 0;
        if (due || !validated)
            dw_losses_add(&c->history, step, &train, due ? &valid : NULL);
        c->history.last[0] = (dw_losses_row){step, train, due ? valid : NAN};
        if (due)
            c->history.best[0] = c->history.last[0];
    }
    const dw_loss_curve_form form = {"words", validated, ended ? 0 : steps};
    c->figure = dw_loss_curve_new(&c->mem, &c->history, &form, &err);
    assert_true(c->figure != NULL || err.kind == DW_ERR_PLOT);
    return c->figure != NULL;
}

static void drop(curve *c) {
    dw_figure_release(c->figure);
    dw_losses_forget(&c->history);
    assert_int_equal(c->mem.used, 0);
}

static void a_training_under_way(void **state) {
    (void)state;
    curve c;
    assert_true(draw(&c, 10000, 1100, 1e-4, false, false));
    const dw_figure *f = c.figure;
    assert_int_equal(f->count, 1);
    assert_string_equal(f->series[0].name, "train");
    assert_string_equal(f->title, "words");
    assert_string_equal(f->x.label, "step");
    assert_in_range(f->series[0].count, DW_LOSS_CURVE_ROWS / 2, DW_LOSS_CURVE_ROWS + 1);
    assert_true(f->series[0].column[0][0] == 0);
    assert_true(f->series[0].column[0][f->series[0].count - 1] == 1100);
    assert_true(f->x.fixed && f->x.lo == 0 && f->x.hi == 1250); /* an eighth of all */
    assert_false(f->y.log);
    drop(&c);
}

static void an_ended_one_has_all_rows(void **state) {
    (void)state;
    curve c;
    assert_true(draw(&c, 5000, 1999, 5e-4, true, true));
    const dw_figure *f = c.figure;
    assert_int_equal(f->count, 3);
    assert_string_equal(f->series[1].name, "valid");
    assert_string_equal(f->series[2].name, "best at 1998");
    assert_int_equal(f->series[0].count, 1000); /* the last row stands between two validations */
    assert_true(f->series[2].column[0][0] == 1998);
    assert_false(f->x.fixed);
    assert_true(f->y.log); /* from 1.1 to 0.0005 */
    drop(&c);
}

static void losses_below_zero_stay_linear(void **state) {
    (void)state;
    curve c;
    assert_true(draw(&c, 100, 100, 0.02, false, true)); /* from 1 to -1 */
    assert_false(c.figure->y.log);
    drop(&c);
}

static void one_number_is_no_curve(void **state) {
    (void)state;
    curve c;
    assert_false(draw(&c, 100, 0, 0, false, false));
    drop(&c);
    assert_false(draw(&c, 100, 1, 0, true, false));
    drop(&c);
    assert_true(draw(&c, 1, 1, 0, false, false));
    assert_true(c.figure->x.hi == 1);
    drop(&c);
}

static void memory_may_end(void **state) {
    (void)state;
    curve c;
    assert_true(draw(&c, 100, 50, 0.01, true, false));
    const dw_loss_curve_form form = {"words", true, 100};
    for (long n = 1;; n++) {
        dw_err err = {0};
        c.mem.fail_at = n;
        dw_figure *figure = dw_loss_curve_new(&c.mem, &c.history, &form, &err);
        bool reached = c.mem.fail_at == 0;
        c.mem.fail_at = 0;
        assert_true(figure != NULL || (reached && err.kind == DW_ERR_MEMORY));
        dw_figure_release(figure);
        if (!reached)
            break;
    }
    drop(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_training_under_way),
        cmocka_unit_test(an_ended_one_has_all_rows),
        cmocka_unit_test(losses_below_zero_stay_linear),
        cmocka_unit_test(one_number_is_no_curve),
        cmocka_unit_test(memory_may_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
