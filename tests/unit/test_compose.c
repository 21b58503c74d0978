/* SPDX-License-Identifier: BSD-3-Clause */
/* Texts with insertions, [ ], records, chains of functions. */
#include "lang/compose.h"

#include "notebook.h"

static void inserts_into_texts(void **state) {
    (void)state;
    notebook_says("x = 2/3\n\"x = {x:2}, {x}, {\"in\"}, {1 > 0}\"",
                  "\"x = 0.67, 0.666667, in, true\"\n");
}

static void keeps_rows_and_pages(void **state) {
    (void)state;
    notebook_says("[1, 2; 3, 4]", "[1, 2;\n 3, 4]\n");
    notebook_says("[\"a\", \"b\"; \"c\", \"d\"]", "[\"a\", \"b\"; \"c\", \"d\"]\n");
    notebook_says("[i for i in 1..2, 9; 4, 5, 6]", "[1, 2, 9;\n 4, 5, 6]\n");
    notebook_refuses("[1, print()]", DW_ERR_TYPE, "no value to put into [ ]", "print()");
    notebook_refuses("x = [1, 2; 3]", DW_ERR_SHAPE, "do not match", "[");
}

static void makes_records_and_chains(void **state) {
    (void)state;
    notebook_says("(n = 1, s = \"a\")", "(n = 1, s = \"a\")\n");
    notebook_says("h = sin → abs\nh\nh(-2) == sin(2)", "sin → abs\ntrue\n");
    notebook_refuses("1 → 0.5", DW_ERR_VALUE, "a whole number from 1 up", "0.5");
    notebook_refuses("f = x -> x + 1", DW_ERR_NAME, "for a function write x ↦ …", "x");
    notebook_refuses("sin → \"a\"", DW_ERR_TYPE, "stand numbers, layers and functions", "\"a\"");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("x = \"{1} {[1, 2]} text that is longer than the first room of a buffer {2}\"\n"
                    "r = (a = [1, 2; 3, 4], b = \"s\", c = (d = 1))\n"
                    "[\"a\", r; \"b\", 2]\nsin → cos → (x ↦ x)\n[[1; 2], [3; 4]]\n[r, r]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inserts_into_texts),
        cmocka_unit_test(keeps_rows_and_pages),
        cmocka_unit_test(makes_records_and_chains),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
