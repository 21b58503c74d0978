/* SPDX-License-Identifier: BSD-3-Clause */
/* What names mean: places, captures, names that are there twice. */
#include "lang/scope.h"

#include "notebook.h"

static void finds_places(void **state) {
    (void)state;
    notebook_says("k = 2\nf(x) = do\n  y = x*k\n  g = z ↦ z + y + x\n  g(1)\nend\nf(3)", "10\n");
    notebook_says("f(x) = do\n  deep = a ↦ (b ↦ (c ↦ a + b + c + x))\n  deep(1)(2)(3)\nend\nf(4)",
                  "10\n");
    notebook_says("f(x) = do\n  g = y ↦ x + y*x\n  x = 100\n  [g(1), x]\nend\nf(4)", "[8, 100]\n");
    notebook_says("f(x) = do\n  r = (a = 1)\n  r.a = x\n  for i in 1..2\n    x = x + i\n  end\n"
                  "  [r.a, x]\nend\nf(4)",
                  "[4, 7]\n");
    notebook_says("f(n) = do\n  g(k) = 1 when k ≤ 1 otherwise k*g(k - 1)\n  g(n)\nend\nf(5)",
                  "120\n");
}

static void keeps_loop_names_apart(void **state) {
    (void)state;
    notebook_says("i = 9\n[i for i in 1..2]\ni", "[1, 2]\n9\n");
    notebook_says("i = 9\n[sum([i for i in 1..i]) for i in 1..3]\ni", "[1, 3, 6]\n9\n");
    notebook_says("f(x) = [do\n  y = x + i\n  y\nend for i in 1..2]\nf(10)", "[11, 12]\n");
}

static void refuses_knobs_in_functions(void **state) {
    (void)state;
    notebook_refuses("f(x) = do\n  interact k in 1..2\n    k\n  end\nend", DW_ERR_SYNTAX,
                     "interact belongs to the notebook", "interact");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("f(x, k = 2; W = [1, 2]) = do\n  g = y ↦ y + x + k\n  [g(i) + W[1] for i in "
                    "1..3 when i > 1]\nend\nfor a, b in [1, 2; 3, 4]\n  a\nend\nf(1)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_places),
        cmocka_unit_test(keeps_loop_names_apart),
        cmocka_unit_test(refuses_knobs_in_functions),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
