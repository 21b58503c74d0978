/* SPDX-License-Identifier: BSD-3-Clause */
/* Calling builtins: by order, by name, too many, too few. */
#include "lang/invoke_builtin.h"

#include "notebook.h"

static void binds_by_order_and_name(void **state) {
    (void)state;
    notebook_says("max(1, [0, 5], 3)", "[3, 5]\n");
    notebook_says("sqrt(x = 9)\nsqrt([4, 9])\nsqrt(i for i in [1, 4])", "3\n[2, 3]\n[1, 2]\n");
    notebook_says("f(g) = g(4)\nf(sqrt)", "2\n");
}

static void refuses(void **state) {
    (void)state;
    notebook_refuses("sqrt()", DW_ERR_TYPE, "sqrt takes 1 value: sqrt(x); here are 0", "sqrt()");
    notebook_refuses("sqrt(1, 2)", DW_ERR_TYPE, "here are 2", "2");
    notebook_refuses("sqrt(3, y = 1)", DW_ERR_NAME, "sqrt has no option y; it is called as sqrt(x)",
                     "y");
    notebook_refuses("linspace(n = 3, tol = 2)", DW_ERR_NAME, "linspace has no option tol", "tol");
    notebook_refuses("linspace(interval = 0..1, 3)", DW_ERR_TYPE, "interval is given twice", "3");
    notebook_refuses("linspace(n = 3)", DW_ERR_TYPE, "linspace", "linspace(n = 3)");
    notebook_refuses("sqrt(1, x = 2)", DW_ERR_TYPE, "x is given twice", "x");
    notebook_refuses("linspace(0..1, n = 3, interval = 1..2)", DW_ERR_TYPE, "is given twice",
                     "interval");
    notebook_refuses("plot(sin, -1..1, titel = \"a\")", DW_ERR_NAME,
                     "plot has no option titel; did you mean title?", "titel");
    notebook_refuses("sqrt(print())", DW_ERR_TYPE, "gives nothing back that sqrt could take",
                     "print()");
    notebook_refuses("max(1, print())", DW_ERR_TYPE, "gives nothing back that max could take",
                     "print()");
    notebook_refuses("sqrt(\"a\")", DW_ERR_TYPE, "this is a text", "\"a\"");
}

static void refuses_too_many_at_once(void **state) {
    (void)state;
    char source[400] = "max(1";
    for (int i = 0; i < 70; i++)
        strcat(source, ", 1");
    strcat(source, ")");
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    assert_false(notebook_run(&nb, source, &err));
    assert_int_equal(err.kind, DW_ERR_LIMIT);
    notebook_close(&nb);
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve(
        "max([1, 2], [3; 4]', 2)\nsqrt([1, 4])\nlinspace(0..1, n = 3)\nprint(\"a\", [1])");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binds_by_order_and_name),
        cmocka_unit_test(refuses),
        cmocka_unit_test(refuses_too_many_at_once),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
