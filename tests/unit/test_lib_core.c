/* SPDX-License-Identifier: BSD-3-Clause */
/* print, text, describe, clear. */
#include "notebook.h"

static void prints(void **state) {
    (void)state;
    notebook_says("print(\"a\", 1/3, [1, 2], true)\nprint()\nprint([1; 2])",
                  "a 0.333333 [1, 2] true\n\n[1;\n 2]\n");
    notebook_says("text([1, 2]) + \"!\"", "\"[1, 2]!\"\n");
}

static int cleared;

static void note_clear(void *context, bool wait) {
    (void)context;
    cleared += wait ? 10 : 1;
}

static void clears(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    nb.host.clear = note_clear;
    cleared = 0;
    assert_true(notebook_run(&nb, "clear()\nclear(wait = true)", &err));
    assert_int_equal(cleared, 11);
    notebook_close(&nb);
    notebook_refuses("clear(wait = 1)", DW_ERR_TYPE, "clear needs true or false for wait", "1");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("print(\"a long enough text to make the buffer of this line grow\", [1, 2])\n"
                    "text([1, 2, 3])\ndescribe(1..2)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints),
        cmocka_unit_test(clears),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
