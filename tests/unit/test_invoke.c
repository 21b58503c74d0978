/* SPDX-License-Identifier: BSD-3-Clause */
/* Calling functions written in the language, and chains. */
#include "lang/invoke.h"

#include "notebook.h"

static void gives_parameters_values(void **state) {
    (void)state;
    notebook_says("f(a, b = 2*a; w = 10) = [a, b, w]\nf(1)\nf(1, 5)\nf(b = 1, a = 7)\nf(1; 3)\n"
                  "f(1; w = 4)\nf(1, w = 5)",
                  "[1, 2, 10]\n[1, 5, 10]\n[7, 1, 10]\n[1, 2, 3]\n[1, 2, 4]\n[1, 2, 5]\n");
    notebook_says("f(xs) = sum(xs)\nf(i for i in 1..3)", "6\n");
    notebook_says("f() = 3\nf()", "3\n");
}

static void refuses_bad_calls(void **state) {
    (void)state;
    notebook_refuses("f(a, b) = a\nf(1)", DW_ERR_TYPE, "f needs a value for b: it takes (a, b)",
                     "f(1)");
    notebook_refuses("f(a) = a\nf(1, 2)", DW_ERR_TYPE, "f takes 1 value (a), here are 2", "2");
    notebook_refuses("f(a) = a\nf(1; 2)", DW_ERR_TYPE, "f takes 1 value", "2");
    notebook_refuses("f(a) = a\nf(1, a = 2)", DW_ERR_TYPE, "a is given twice", "2");
    notebook_refuses("f(a) = a\nf(q = 2)", DW_ERR_NAME, "f has no parameter q", "q");
    notebook_refuses("f(a) = a\nf(print())", DW_ERR_TYPE, "gives no value", "print()");
    notebook_refuses("x = 3\nx(1)", DW_ERR_TYPE, "x is a number, not a function: write x*( … )",
                     "x");
    notebook_refuses("sum = 3\nsum([1, 2])", DW_ERR_TYPE, "give your value another name", "sum");
    notebook_refuses("[1, 2](1)", DW_ERR_TYPE, "this is a row of 2, not a function", "[1, 2]");
    notebook_refuses("h = sin → cos\nh(1, 2)", DW_ERR_TYPE, "takes one value", "h(1, 2)");
}

static void closures_keep_values(void **state) {
    (void)state;
    notebook_says("adder(k) = x ↦ x + k\nfs = [adder(k) for k in 1..3]\n[g(10) for g in fs]",
                  "[11, 12, 13]\n");
    notebook_says("compose(f, g) = x ↦ f(g(x))\ncompose(x ↦ x*2, x ↦ x + 1)(3)", "8\n");
}

static void stops_endless_recursion(void **state) {
    (void)state;
    notebook_refuses("f(x) = f(x + 1)\nf(1)", DW_ERR_LIMIT, "does this function call itself",
                     "f(x + 1)");
    notebook_refuses("f(x) = max(f(x - 1), 1)\nf(1)", DW_ERR_LIMIT, "call itself", "f(x - 1)");
    notebook_refuses("g = sin\nrepeat 10000\n  g = g → cos\nend\ng(1)", DW_ERR_LIMIT,
                     "inside each other", "g(1)");
    notebook_says("f(n) = 0 when n == 0 otherwise 1 + f(n - 1)\nf(1000)", "1000\n");
}

static void frees_what_nests_deeply(void **state) {
    (void)state;
    notebook_says("r = (a = 1)\nrepeat 200000\n  r = (a = r)\nend\nr = 1\nr", "1\n");
    notebook_says("g = x ↦ x\nwrap(h) = x ↦ h(x)\nrepeat 200000\n  g = wrap(g)\nend\ng = 1\ng",
                  "1\n");
    notebook_says("l = [\"a\", \"b\"]\nrepeat 200000\n  m = [\"c\", \"d\"]\n  m[1] = l\n  l = m\n"
                  "end\nl == l\nl = 1\nm = 1",
                  "false\n");
}

static void tells_who_called(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    dw_buf text;
    notebook_open(&nb);
    dw_buf_init(&text, &nb.own);
    assert_false(notebook_run(&nb, "f(x) = x + zork\ng(x) = f(x)\ng(1)", &err));
    dw_explain_error(&nb.eval, &err, false, &text);
    assert_string_equal(text.data,
                        "cell 1, line 1: there is no zork: give it a value first, as in zork = 1\n"
                        "  f(x) = x + zork\n"
                        "             ^^^^\n"
                        "  called from cell 1, line 2: f(x)\n"
                        "  called from cell 1, line 3: g(1)");
    dw_buf_free(&text);
    notebook_close(&nb);
}

static void gives_up_half_made_functions(void **state) {
    (void)state;
    notebook_refuses("res(x; g = sin → -16 → cos) = x + g(x)", DW_ERR_VALUE, "from 1 up", "-16");
    notebook_refuses("f(x; g = (y ↦ y), h = zork) = x", DW_ERR_NAME, "zork", "zork");
    notebook_refuses("f(a, b = [a, zork]) = a\nf([1, 2])", DW_ERR_NAME, "zork", "zork");
    notebook_refuses("f(a, b) = a\nf([1, 2], (n = [1, 2], m = zork))", DW_ERR_NAME, "zork", "zork");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("f(x, k = [1, 2]; w = [3, 4]) = do\n  g = y ↦ y + x + k\n  g(w)\nend\n"
                    "f([1, 2])\nf(1; [0, 0])\n(f → sum)(2)\n[f(i)[1] for i in 1..3]");
}

static void parameters_after_the_semicolon_have_values(void **state) {
    (void)state;
    notebook_refuses("f(x; a, b) = 1", DW_ERR_TYPE, "write a = 1", "a");
    notebook_refuses("f(x; a = 2, b) = 1", DW_ERR_TYPE, "write b = 1", "b");
    notebook_says("f(x; a = 2) = a*x\nf(3)", "6\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_parameters_values),
        cmocka_unit_test(refuses_bad_calls),
        cmocka_unit_test(closures_keep_values),
        cmocka_unit_test(stops_endless_recursion),
        cmocka_unit_test(frees_what_nests_deeply),
        cmocka_unit_test(tells_who_called),
        cmocka_unit_test(gives_up_half_made_functions),
        cmocka_unit_test(survives_starving),
        cmocka_unit_test(parameters_after_the_semicolon_have_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
