/* SPDX-License-Identifier: BSD-3-Clause */
/* What stands between [ and ]. */
#include "lang/pick.h"

#include "notebook.h"

#include <math.h>

static dw_value picked(notebook *nb, const char *source) {
    dw_err err = {0};
    assert_true(notebook_run(nb, source, &err));
    return *dw_eval_name(&nb->eval, "p");
}

static void finds_places(void **state) {
    (void)state;
    notebook nb;
    dw_pick pick;
    dw_err err = {0};
    notebook_open(&nb);
    nb.eval.err = &err;
    dw_value p = picked(&nb, "x = [5, 6, 7]\np = -2..-1");
    dw_value x = *dw_eval_name(&nb.eval, "x");
    nb.eval.err = &err;
    assert_true(dw_pick_value(&nb.eval, p, x, DW_PICK_ONLY, &pick));
    assert_int_equal(pick.count, 2);
    assert_int_equal(pick.places[0], 1);
    assert_int_equal(pick.places[1], 2);
    assert_false(pick.single);
    dw_pick_free(&pick);
    p = picked(&nb, "p = 3");
    nb.eval.err = &err;
    assert_true(dw_pick_value(&nb.eval, p, x, DW_PICK_ONLY, &pick));
    assert_true(pick.single);
    assert_int_equal(pick.places[0], 2);
    dw_pick_free(&pick);
    p = picked(&nb, "p = \"a\"");
    nb.eval.err = &err;
    assert_false(dw_pick_value(&nb.eval, p, x, DW_PICK_ONLY, &pick));
    assert_int_equal(err.kind, DW_ERR_TYPE);
    notebook_close(&nb);
}

static void takes_the_short_way(void **state) {
    (void)state;
    size_t place = 9;
    assert_true(dw_pick_place(dw_value_number(1), 3, &place));
    assert_int_equal(place, 0);
    assert_true(dw_pick_place(dw_value_number(-1), 3, &place));
    assert_int_equal(place, 2);
    static const double none[] = {0, 4, -4, 1.5, -0.5, 1e300, -1e300, (double)NAN};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(dw_pick_place(dw_value_number(none[i]), 3, &place));
    assert_false(dw_pick_place(dw_value_truth(true), 3, &place));
}

static void refuses(void **state) {
    (void)state;
    notebook_refuses("[1, 2][1.5]", DW_ERR_INDEX, "1.5 is no whole number", "1.5");
    notebook_refuses("[1, 2][1..3]", DW_ERR_INDEX, "there is no element 3", "1..3");
    notebook_refuses("[1, 2][-3..1]", DW_ERR_INDEX, "there is no element -3", "-3..1");
    notebook_refuses("[1, 2][0.5..2]", DW_ERR_INDEX, "whole numbers for both ends", "0.5..2");
    notebook_refuses("[1, 2][[true, false, true]]", DW_ERR_SHAPE, "one is needed for each",
                     "[true, false, true]");
    notebook_refuses("[1, 2][[1, 5]]", DW_ERR_INDEX, "there is no element 5", "[1, 5]");
    notebook_refuses("[1, 2][true]", DW_ERR_TYPE, "picked by a number", "true");
    notebook_says("[1, 2, 3][3..2]\n[1, 2, 3][[false, false, false]]",
                  "[] (an empty row)\n[] (an empty row)\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_places),
        cmocka_unit_test(takes_the_short_way),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
