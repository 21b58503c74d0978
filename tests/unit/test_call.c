/* SPDX-License-Identifier: BSD-3-Clause */
/* What a builtin may ask of its call: readers of arguments and their errors. */
#include "notebook.h"

static void names_the_parameter(void **state) {
    (void)state;
    notebook_refuses("linspace(0..1, \"a\")", DW_ERR_TYPE, "linspace needs", "\"a\"");
    notebook_refuses("linspace(0..1, 2.5)", DW_ERR_VALUE, "needs a whole number for", "2.5");
    notebook_refuses("linspace(0..1, -3)", DW_ERR_VALUE,
                     "linspace needs n of at least 2, this is -3", "-3");
    notebook_refuses("linspace(3, 5)", DW_ERR_TYPE, "an interval such as 0..1", "3");
    notebook_refuses("integral(3, 0..1)", DW_ERR_TYPE, "integral needs a function for f", "3");
    notebook_refuses("normal(0, \"b\")", DW_ERR_TYPE, "needs a number for", "\"b\"");
    notebook_refuses("integral(x ↦ \"a\", 0..1)", DW_ERR_TYPE,
                     "whose value at a number is a number", "integral(x ↦ \"a\", 0..1)");
    notebook_refuses("load(3)", DW_ERR_TYPE, "load needs a text", "3");
    notebook_refuses("sort(sin)", DW_ERR_TYPE, "sort needs numbers", "sin");
}

static void errors_of_functions_passed_in_keep_their_place(void **state) {
    (void)state;
    notebook_refuses("f(x) = x + zork\nintegral(f, 0..1)", DW_ERR_NAME, "there is no zork", "zork");
    notebook_refuses("f(x, y) = x\nintegral(f, 0..1)", DW_ERR_TYPE,
                     "f needs a value for y: it takes (x, y)", "integral(f, 0..1)");
}

static void reads_the_source_of_arguments(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    nb.eval.gnuplot = "there-is-no-such-program";
    assert_true(notebook_run(&nb, "p = plot(x ↦ x², 0..1)", &err));
    notebook_close(&nb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_parameter),
        cmocka_unit_test(errors_of_functions_passed_in_keep_their_place),
        cmocka_unit_test(reads_the_source_of_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
