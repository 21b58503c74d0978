/* SPDX-License-Identifier: BSD-3-Clause */
/* Every builtin that can be traced: its gradient against small differences, and its traced value
 * against its plain one. */
#include "lang/lib_traced.h"

#include "lang/builtin.h"
#include "notebook.h"

#include <stdio.h>

/* Builtins with a traced counterpart that take one array. */
static const char *const reductions[] = {"sum",  "mean", "variance", "std",
                                         "norm", "max",  "min",      "product"};

static void agree_with_small_differences(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof reductions / sizeof *reductions; i++) {
        char cell[512];
        snprintf(cell, sizeof cell,
                 "f(x) = %s(x)^2\nx0 = [0.3, -1.2, 2.5]\nh = 1e-5\n"
                 "[(f(x0 + h*e') - f(x0 - h*e'))/(2*h) for e in eye(3)] ≈ ∇f(x0) ± 1e-7\n"
                 "g(x) = sum(x)*%s(x)\n∇(x ↦ ∇g(x)[1])(x0) ≈ ∇²g(x0)[1, :] ± 1e-12",
                 reductions[i], reductions[i]);
        notebook_says(cell, "[true, true, true]\n[true, true, true]\n");
    }
}

static void every_traced_row_was_meant(void **state) {
    (void)state;
    static const char *const known[] = {
        "sum",     "product", "mean",    "std",     "variance", "norm",      "count",
        "reverse", "rows",    "columns", "dot",     "solve",    "transpose", "min",
        "max",     "mod",     "clip",    "flatten", "softmax",  "params",    "randomize"};
    size_t found = 0;
    const dw_builtin *row;
    for (size_t i = 0; (row = dw_builtin_at(i)) != NULL; i++) {
        bool listed = false;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            listed = listed || strcmp(known[k], row->name) == 0;
        if (row->traced != NULL && !listed)
            fail_msg("%s can be traced: test it here", row->name);
        found += row->traced != NULL;
    }
    assert_int_equal(found, sizeof known / sizeof *known);
}

static void others_work_traced(void **state) {
    (void)state;
    notebook_says("∇(x ↦ dot(x, [2, 3]))([1, 1])\n∇(x ↦ reverse(x)[1])([1, 1, 1])",
                  "[2, 3]\n[0, 0, 1]\n");
    notebook_says("∇(x ↦ rows(x)*sum(x) + columns(x) + count(x))([1; 1; 1])'", "[3, 3, 3]\n");
    notebook_says("∇(x ↦ flatten(x)[2]^2 + flatten(x)[3])([1, 2; 3, 4])", "[0, 4;\n 1, 0]\n");
    notebook_says("∇(x ↦ softmax(x)[1])([0, log(3)])", "[0.1875, -0.1875]\n");
    notebook_says("f = 1 → 2\n(x ↦ x²*count(params(randomize(f))))'(1)", "8\n");
    notebook_says("∇(x ↦ transpose(x)[1, 2])([1, 2; 3, 4])", "[0, 0;\n 1, 0]\n");
    notebook_says("∇(A ↦ solve(A, [1; 2])[1])([2, 0; 0, 4])", "[-0.25, -0.25;\n     0,     0]\n");
    notebook_says("(x ↦ mod(x, 3) + clip(x, 0..1) + max(x, 4, 2) + min(x, 9))'(5)", "3\n");
    notebook_says("(x ↦ σ(x) + tanh(x))'(0)", "1.25\n");
}

static void refuse_what_has_none(void **state) {
    (void)state;
    notebook_refuses("(x ↦ quantile([x, 1], 0.5))'(1)", DW_ERR_TYPE, "quantile has no derivative",
                     "quantile([x, 1], 0.5)");
    notebook_refuses("∇(x ↦ sum(reverse(x)))([1, 2; 3, 4])", DW_ERR_SHAPE, "a row or a column",
                     "x");
    notebook_refuses("(x ↦ variance(x))'(1)", DW_ERR_VALUE, "at least 2 numbers", "x");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agree_with_small_differences),
        cmocka_unit_test(every_traced_row_was_meant),
        cmocka_unit_test(others_work_traced),
        cmocka_unit_test(refuse_what_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
