/* SPDX-License-Identifier: BSD-3-Clause */
/* Statements and what a do block is worth. */
#include "lang/statement.h"

#include "notebook.h"

static void shows_values(void **state) {
    (void)state;
    notebook_says("1\nx = 2\nx\nif x > 1\n  \"big\"\nend", "1\n2\n\"big\"\n");
}

static void last_line_is_the_value(void **state) {
    (void)state;
    notebook_says("do\n  1\n  2\nend", "2\n");
    notebook_says("f(x) = do\n  if x > 0\n    \"p\"\n  else\n    \"n\"\n  end\nend\nf(1)\nf(-1)",
                  "\"p\"\n\"n\"\n");
    notebook_says("f(x) = do\n  y = x + 1\nend\nf(1)", "2\n");
    notebook_says("f(x) = do\n  g(z) = z*x\nend\nf(3)(5)", "15\n");
    notebook_refuses("f(x) = do\n  repeat 1\n    x\n  end\nend\ny = f(1)", DW_ERR_TYPE,
                     "gives no value", "f(1)");
}

static void if_needs_one_truth(void **state) {
    (void)state;
    notebook_refuses("if [true, false]\nend", DW_ERR_TYPE, "a when c otherwise b", "[true, false]");
    notebook_refuses("if 0\nend", DW_ERR_TYPE, "write a comparison such as x > 0", "0");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("f(x) = do\n  y = [x, 1]\n  if x > 0\n    y\n  else\n    [y, y]\n  end\nend\n"
                    "f(1)\nf(-1)\nif true\n  [1, 2]\nend");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_values),
        cmocka_unit_test(last_line_is_the_value),
        cmocka_unit_test(if_needs_one_truth),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
