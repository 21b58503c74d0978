/* SPDX-License-Identifier: BSD-3-Clause */
/* minimize in the language. */
#include "lang/builtin.h"

#include "notebook.h"

#include <stdio.h>

static void answers_with_a_record(void **state) {
    (void)state;
    notebook_says("minimize(x ↦ (x - 3)², 0, method = \"newton\").x", "3\n");
    notebook_says("r = minimize(x ↦ x², 4, rate = 0.25, steps = 3)\n[r.x, r.value, r.steps, "
                  "r.evals]\nr.path",
                  "[0.5, 0.25, 3, 4]\n[4, 2, 1, 0.5]\n");
    notebook_says("r = minimize(θ ↦ θ·θ, [1; 2], until = 0.01)\nsize(r.x)\nsize(r.path)[1]\n"
                  "r.value ≤ 0.01",
                  "[2, 1]\n2\ntrue\n");
}

static void thins_out_long_paths(void **state) {
    (void)state;
    notebook_says("r = minimize(x ↦ x², 1, rate = 1e-6, steps = 50000)\n"
                  "[columns(r.path) ≤ 10001, r.path[1] == 1, r.path[-1] == r.x]",
                  "[true, true, true]\n");
}

static void draws_starts(void **state) {
    (void)state;
    notebook_says("seed(1)\na = minimize(θ ↦ θ·θ, normal(0, 1)^3, steps = 0).x\nseed(1)\n"
                  "all(a == sample(normal(0, 1)^3))",
                  "true\n");
}

/* Functions that cannot be traced are fine where no derivative is needed. */
static void needs_no_derivative_for_some_methods(void **state) {
    (void)state;
    static const char *const methods[] = {"nelder-mead", "anneal"};
    for (size_t i = 0; i < 2; i++) {
        char cell[256];
        snprintf(cell, sizeof cell,
                 "f(x) = do\n  if x > 2\n    x - 2\n  else\n    2 - x\n  end\nend\n"
                 "minimize(f, 0, method = \"%s\", steps = 3000).x ≈ 2 ± 0.01",
                 methods[i]);
        notebook_says(cell, "true\n");
    }
}

static void refuses_in_words(void **state) {
    (void)state;
    notebook_refuses("minimize(x ↦ x², 1, method = \"newtn\")", DW_ERR_VALUE,
                     "there is no method newtn; there are gradient", "\"newtn\"");
    notebook_refuses("minimize(x ↦ x², 1, rate = -1)", DW_ERR_VALUE, "a number above 0", "-1");
    notebook_refuses("minimize(x ↦ x^4, 1, rate = 2)", DW_ERR_NUMERIC, "Try rate = 0.2",
                     "minimize(x ↦ x^4, 1, rate = 2)");
    notebook_refuses("minimize(θ ↦ θ[1], [1; 2], method = \"newton\")", DW_ERR_NUMERIC,
                     "flat in some direction", "minimize(θ ↦ θ[1], [1; 2], method = \"newton\")");
    notebook_refuses("minimize(x ↦ \"a\", 1, method = \"anneal\")", DW_ERR_TYPE, "this is a text",
                     "minimize(x ↦ \"a\", 1, method = \"anneal\")");
    notebook_refuses("minimize(x ↦ sum(x), [])", DW_ERR_VALUE, "nothing to change", "[]");
    notebook_refuses("f(x) = minimize(y ↦ (y - x)², 0).x\nf'(1)", DW_ERR_TYPE, "differentiated",
                     "minimize(y ↦ (y - x)², 0)");
}

static void survives_lack_of_memory(void **state) {
    (void)state;
    notebook_starve("minimize(θ ↦ norm(θ - [1, 2])², [0, 0], method = \"lbfgs\", steps = 3).x");
    notebook_starve("minimize(x ↦ (x - 1)², 0, method = \"newton\").x");
    notebook_starve("minimize(x ↦ (x - 1)², normal(0, 1), method = \"anneal\", steps = 9).evals");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_with_a_record),
        cmocka_unit_test(thins_out_long_paths),
        cmocka_unit_test(draws_starts),
        cmocka_unit_test(needs_no_derivative_for_some_methods),
        cmocka_unit_test(refuses_in_words),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
