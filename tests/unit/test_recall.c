/* SPDX-License-Identifier: BSD-3-Clause */
/* What a notebook knows, taken down and put back. */
#include "lang/recall.h"

#include "notebook.h"

#include <stdlib.h>

static void run(notebook *nb, const char *source) {
    dw_err err = {0};
    if (!notebook_run(nb, source, &err))
        fail_msg("%s\nfails: %s", source, err.text);
}

static void names_and_chance_are_as_they_were(void **state) {
    (void)state;
    notebook nb;
    dw_recall recall, copy;
    notebook_open(&nb);
    run(&nb, "a = [1, 2]; f(x) = x + a[1]; seed(4)");
    assert_true(dw_recall_take(&nb.eval, &recall));
    assert_true(dw_recall_copy(&nb.eval, &recall, &copy));
    dw_recall_free(&recall);
    run(&nb, "sample(uniform(0..1))");
    char *first = strdup(nb.out.data);
    run(&nb, "a = 7; f(x) = 0; later = 5; seed(9)");
    dw_recall_give(&nb.eval, &copy);
    nb.out.size = 0;
    run(&nb, "sample(uniform(0..1))");
    assert_string_equal(nb.out.data, first);
    nb.out.size = 0;
    run(&nb, "[f(1), later]");
    assert_string_equal(nb.out.data, "[2, 5]\n");
    free(first);
    dw_recall_free(&copy);
    dw_recall_free(&copy);
    notebook_close(&nb);
}

static void checks_are_counted_as_before(void **state) {
    (void)state;
    notebook nb;
    dw_recall recall;
    dw_err err = {0};
    notebook_open(&nb);
    run(&nb, "check 1 < 2");
    assert_true(dw_recall_take(&nb.eval, &recall));
    assert_false(notebook_run(&nb, "check 2 < 1\ncheck 3 < 1", &err));
    dw_recall_give(&nb.eval, &recall);
    assert_int_equal(nb.eval.checks, 1);
    assert_int_equal(nb.eval.checks_failed, 0);
    dw_recall_free(&recall);
    notebook_close(&nb);
}

static void no_memory_is_said(void **state) {
    (void)state;
    notebook nb;
    dw_recall recall;
    dw_err err = {0};
    notebook_open(&nb);
    nb.eval.err = &err;
    nb.mem.fail_at = 1;
    assert_false(dw_recall_take(&nb.eval, &recall));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    dw_recall_free(&recall);
    notebook_close(&nb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_chance_are_as_they_were),
        cmocka_unit_test(checks_are_counted_as_before),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
