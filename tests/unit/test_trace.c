/* SPDX-License-Identifier: BSD-3-Clause */
/* Traced values stand for arrays: operators, parts, joins and choices on them. Each function is run
 * traced through its derivative. */
#include "lang/trace.h"

#include "notebook.h"

static void operators_join_the_graph(void **state) {
    (void)state;
    notebook_says("∇(x ↦ sum([1, 2; 3, 4]*x))([1; 1])'", "[4, 6]\n");
    notebook_says("∇(x ↦ x·[3, 4] - x[1]/x[2] + 2^x[1])([1, 2])", "[3.88629, 4.25]\n");
    notebook_says("∇(x ↦ sum((x' .* [1, 2; 3, 4]) - x))([1, 2; 3, 4])", "[0, 2;\n 1, 3]\n");
    notebook_says("(x ↦ (0 ≤ x ≤ 2) + x)'(1)", "1\n");
    notebook_says("(x ↦ x when not (x < 0 or x > 9) and true otherwise 5*x)'(1)", "1\n");
}

static void parts_and_joins_find_their_places(void **state) {
    (void)state;
    notebook_says("∇(x ↦ sum(x[2..3]) + 5*x[-1])([1, 2, 3])", "[0, 1, 6]\n");
    notebook_says("∇(M ↦ M[1, 2] + sum(M[2]) + sum(M[1, :]))([1, 2; 3, 4])", "[1, 3;\n 0, 1]\n");
    notebook_says("∇(x ↦ [x, 1; 2, x']*[1; 2]·[1; 1])(7)", "3\n");
    notebook_says("∇(x ↦ [k*x[1] for k in 1..5]·[1, 1, 1, 1, 2])([1, 0])", "[20, 0]\n");
    notebook_says("∇(x ↦ sum([[], x, 3] .* [1, 2, 3]))([1, 1])", "[1, 2]\n");
    notebook_says("∇(M ↦ sum(c·c for c in M))([1, 2; 3, 4])", "[2, 4;\n 6, 8]\n");
}

static void what_does_not_depend_is_an_ordinary_value(void **state) {
    (void)state;
    /* the count of a traced array is a number that can be looped over */
    notebook_says(
        "f(x) = do\n  s = 0\n  for i in 1..count(x)\n    s = s + i*x[i]\n  end\n  s\nend\n"
        "∇f([5, 5, 5])",
        "[1, 2, 3]\n");
    notebook_refuses("f(x) = x[x]\nf'(1)", DW_ERR_TYPE, "differentiated", "x");
}

static void shapes_must_fit(void **state) {
    (void)state;
    notebook_refuses("∇(x ↦ sum(x + [1, 2, 3]))([1, 2])", DW_ERR_SHAPE, "a row of 2", "+");
    notebook_refuses("∇(x ↦ sum(x*x))([1, 2])", DW_ERR_SHAPE, "cannot multiply", "*");
    notebook_refuses("∇(x ↦ sum([x; 1, 2, 3]))([1, 2])", DW_ERR_SHAPE, "do not fit", "[");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_join_the_graph),
        cmocka_unit_test(parts_and_joins_find_their_places),
        cmocka_unit_test(what_does_not_depend_is_an_ordinary_value),
        cmocka_unit_test(shapes_must_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
