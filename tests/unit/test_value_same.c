/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether two values are the same. */
#include "lang/value.h"

#include "notebook.h"

static void compares_by_what_is_in_them(void **state) {
    (void)state;
    notebook_says(
        "[1, 2] == [1, 2]\n[\"a\", [1, 2]] == [\"a\", [1, 2]]\n(n = 1) == (n = 2)\n\"a\" == \"b\"\n"
        "0..1 == 0..1\nnormal(0, 1) == normal(0, 2)\n(n = [1, 2]) == (n = [1, 2])",
        "[true, true]\ntrue\nfalse\nfalse\ntrue\nfalse\ntrue\n");
}

static void functions_by_how_they_came_about(void **state) {
    (void)state;
    notebook_says(
        "f(k) = x ↦ k*x\nf(2) == f(2)\nf(2) == f(3)\nsin == sin\nsin == cos\nsin' == sin'\n"
        "sin' == ∇sin\n(sin → abs) == (sin → abs)\n(sin → abs) == (sin → cos)",
        "true\nfalse\ntrue\nfalse\ntrue\nfalse\ntrue\nfalse\n");
}

static void nets_by_their_parameters(void **state) {
    (void)state;
    notebook_says("f = 1 → 2 → tanh → 1\ng = f\ng.b2 = 0\nf == g\ng.b2 = 1\nf == g\n"
                  "dense(2) == dense(2)\na = dense(2)\nb = a\na == b\npool(2) == pool(2)\npool(2) "
                  "== pool(3)\n"
                  "h(x; w = 1) = w*x\nk = h\nk.w = 2\nk == h\nk.w = 1\nk == h",
                  "true\nfalse\nfalse\ntrue\ntrue\nfalse\nfalse\ntrue\n");
}

/* What holds itself twice over is compared for ever, unless somebody says stop. */
static void stops_when_asked(void **state) {
    (void)state;
    dw_cancel cancel = {0};
    dw_err err = {0};
    bool same = false;
    dw_value one = dw_value_number(1);
    assert_true(dw_value_compare(one, one, &cancel, &same, &err));
    assert_true(same);
    atomic_store(&cancel.running, 7);
    dw_cancel_request(&cancel);
    assert_false(dw_value_compare(one, one, &cancel, &same, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_by_what_is_in_them),
        cmocka_unit_test(functions_by_how_they_came_about),
        cmocka_unit_test(nets_by_their_parameters),
        cmocka_unit_test(stops_when_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
