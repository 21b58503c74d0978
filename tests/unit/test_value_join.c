/* SPDX-License-Identifier: BSD-3-Clause */
/* What [ ] makes of its pieces. */
#include "notebook.h"

static void joins_numbers(void **state) {
    (void)state;
    notebook_says(
        "[1, [2, 3], 4..5]\n[[1; 2]; 3]\n[[1; 2], [3; 4]]\n[1, true]\n[true, false]\n[[], 1]",
        "[1, 2, 3, 4, 5]\n[1;\n 2;\n 3]\n[1, 3;\n 2, 4]\n[1, 1]\n[true, false]\n1\n");
    notebook_refuses("[[1; 2], 3]", DW_ERR_SHAPE, "do not match", "[1; 2], 3");
}

static void joins_others_into_lists(void **state) {
    (void)state;
    notebook_says("[\"a\", [\"b\", 2], []]\n[sin, cos]\n[\"a\"; \"b\"]",
                  "[\"a\", \"b\", 2]\n[sin(x), cos(x)]\n[\"a\"; \"b\"]\n");
    notebook_says("[[\"a\", \"b\"]; [\"c\", \"d\"]]", "[\"a\", \"b\"; \"c\", \"d\"]\n");
    notebook_refuses("[\"a\", \"b\"; \"c\"]", DW_ERR_SHAPE, "the rows differ", "[");
}

static void joins_records_into_tables(void **state) {
    (void)state;
    notebook_says("t = [(n = 1, s = \"a\"), (n = 2, s = \"b\")]\nt\n[t, (n = 3, s = \"c\")].n\n"
                  "[(v = [1; 2]), (v = [3; 4])].v",
                  "n  s\n1  a\n2  b\n[1, 2, 3]\n[1, 3;\n 2, 4]\n");
    notebook_says("describe([(n = 1), (m = 1)])\ndescribe([(n = 1), 2])",
                  "\"a list of 2\"\n\"a list of 2\"\n");
    notebook_says("t = [(v = [1, 2]), (v = [3, 4; 5, 6])]\nt\n[t, (v = 7), t].v[3]",
                  "v\n[1, 2]\na 2×2 matrix\n7\n");
    notebook_refuses("[[(v = 1), (v = 2)], (v = [3, 4])]", DW_ERR_SHAPE, "4 entries for 3 rows",
                     "[(v = 1), (v = 2)], (v = [3, 4])");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("[1, [2, 3]; 4, 5, 6]\n[\"a\", [\"b\", 2]; 1, 2, 3]\n"
                    "[(n = 1, s = \"a\", v = [1; 2]), (n = 2, s = \"b\", v = [1; 2])]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_numbers),
        cmocka_unit_test(joins_others_into_lists),
        cmocka_unit_test(joins_records_into_tables),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
