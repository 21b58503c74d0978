/* SPDX-License-Identifier: BSD-3-Clause */
/* print, text, describe, clear, again. */
#include "notebook.h"

#include "lang/outputs.h"

#include <stdio.h>

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

/* A notebook whose outputs are kept. */
static void again(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_says("again()", ""); /* where nothing is ever kept */
    notebook_open(&nb);
    dw_outputs *kept = dw_outputs_new(&nb.mem, &nb.host, 1 << 20);
    assert_non_null(kept);
    nb.eval.host = dw_outputs_host(kept);
    nb.eval.outputs = kept;
    static const char *const cells[][3] = {
        {"again()", "no cell before this one has put out anything\n", NULL},
        {"print(\"a\")\n[1, 2]", "a\n[1, 2]\n", NULL},
        {"again()", "a\n[1, 2]\n", NULL},
        {"again(2); again(cell = 2)", "a\n[1, 2]\na\n[1, 2]\n", NULL},
        {"3", "3\n", NULL},
        {"again(4)", "",
         "nothing is kept of cell 4: it has put out nothing, or too long ago. Kept "
         "are cells 2 and 5"},
        {"again(0.5)", "", "whole"},
        {"[again(k) for k in 1..2]", "", "nothing is kept of cell 1"},
        {"x = [again(k) for k in [2, 2]]", "a\n[1, 2]\na\n[1, 2]\n", NULL},
    };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        char name[24];
        snprintf(name, sizeof name, "cell %zu", i + 1);
        dw_buf_clear(&nb.out);
        dw_err_clear(&err);
        dw_outputs_begin(kept, name);
        bool fine = notebook_run(&nb, cells[i][0], &err);
        dw_outputs_end(kept, NULL);
        assert_int_equal(fine, cells[i][2] == NULL);
        if (!fine)
            if (strstr(err.text, cells[i][2]) == NULL)
                fail_msg("%s: %s", cells[i][0], err.text);
        assert_string_equal(nb.out.data == NULL ? "" : nb.out.data, cells[i][1]);
    }
    dw_outputs_free(&kept);
    notebook_close(&nb);
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
        cmocka_unit_test(again),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
