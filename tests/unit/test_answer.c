/* SPDX-License-Identifier: BSD-3-Clause */
/* Showing values, and help. */
#include "lang/answer.h"

#include "notebook.h"

static int results, displays;
static size_t parts;

static void count_result(void *context, const dw_bundle *bundle) {
    (void)context;
    results++;
    parts = bundle->count;
}

static void count_display(void *context, const dw_bundle *bundle) {
    (void)context;
    displays++;
    parts = bundle->count;
    assert_string_equal(bundle->parts[bundle->count - 1].mime, "text/plain");
}

static void knows_result_from_display(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    nb.host.result = count_result;
    nb.host.display = count_display;
    results = displays = 0;
    assert_true(notebook_run(&nb, "1\nt = [(n = 1), (n = 2)]\nt\n2", &err));
    assert_string_equal(nb.out.data, "1\n");
    assert_int_equal(displays, 1);
    assert_int_equal(results, 1);
    assert_int_equal(parts, 1);
    assert_true(notebook_run(&nb, "t", &err));
    assert_int_equal(results, 2);
    assert_int_equal(parts, 2);
    notebook_close(&nb);
}

static void is_silent_without_a_host(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    nb.host = (dw_host){0};
    assert_true(notebook_run(&nb, "print(1)\n[1, 2]\nclear()\n[(n = 1), (n = 2)]", &err));
    notebook_close(&nb);
}

static void helps(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    assert_true(notebook_run(&nb, "?sin", &err));
    assert_non_null(strstr(nb.out.data, "sin(x)"));
    nb.out.size = 0;
    assert_true(notebook_run(&nb, "?", &err));
    assert_true(nb.out.size > 200);
    notebook_close(&nb);
    notebook_refuses("?sine_wave_of_mine", DW_ERR_NAME, "there is no help on sine_wave_of_mine",
                     "?sine_wave_of_mine");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("[1, 2; 3, 4]\n[(n = 1, s = \"<a>\"), (n = 2, s = \"b\")]\n?sin\nx ↦ x");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_result_from_display),
        cmocka_unit_test(is_silent_without_a_host),
        cmocka_unit_test(helps),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
