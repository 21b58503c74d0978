/* SPDX-License-Identifier: BSD-3-Clause */
/* Values as text and as HTML. */
#include "notebook.h"

static void shows(void **state) {
    (void)state;
    notebook_says(
        "\"a\"\n[\"a\", 1]\n(n = 1/3, s = \"x\", r = (k = [1, 2]))\n1..2\nnormal(0, 1)^3\n"
        "uniform(-1..1)\nx ↦ x²\nf(x; w = 1) = w*x\nf\nsin",
        "\"a\"\n[\"a\", 1]\n(n = 0.333333, s = \"x\", r = (k = [1, 2]))\n1..2\n"
        "normal(0, 1)^3\nuniform(-1..1)\nx ↦ x²\nf(x; w = 1) = w*x\nsin(x)\n");
}

static void shows_estimates_tables_plots(void **state) {
    (void)state;
    notebook_says("fraction([1, 2, 3, 4] > 1)", "0.75  (95 %: 0.301 … 0.954, n = 4)\n");
    notebook_says("\"{[(a = 1), (a = 2)]}, {plot(sin, 0..1)}, {[true, false]}\"",
                  "\"a table of 2 rows, a plot, [true, false]\"\n");
    notebook_says("\"{[\"x\" for i in 1..40]}\" == \"\"", "false\n");
}

static void inserts_on_one_line(void **state) {
    (void)state;
    notebook_says("\"{[1, 2; 3, 4]} {[\"a\"]} {\"b\"} {2/3:2} {[1, 2]/3:1} {sin → cos}\"",
                  "\"[1, 2; 3, 4] [\"a\"] b 0.67 [0.3, 0.7] sin → cos\"\n");
    notebook_says(
        "\"{1..50 by 1}\"",
        "\"[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,"
        " 23, 24, 25, 26, 27, 28, 29, 30, … 20 more]\"\n");
}

static void shortens_tables_and_depth(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    assert_true(notebook_run(&nb, "[(i = i, w = \"w{i}\") for i in 1..30]", &err));
    assert_non_null(strstr(nb.out.data, "20  w20\n… 10 more rows\n"));
    nb.out.size = 0;
    assert_true(notebook_run(&nb, "r = (a = 1)\nrepeat 500\n  r = (a = r)\nend\nr", &err));
    assert_true(nb.out.size < 400);
    assert_non_null(strstr(nb.out.data, "(a = …)"));
    notebook_close(&nb);
}

static void escapes_html(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    dw_buf html;
    notebook_open(&nb);
    dw_buf_init(&html, &nb.own);
    assert_true(notebook_run(&nb, "t = [(s = \"<b>&\\\"\"), (s = \"x\")]", &err) ||
                notebook_run(&nb, "t = [(s = \"<b>&\"), (s = \"x\")]", (dw_err_clear(&err), &err)));
    assert_true(dw_value_show_html(&html, *dw_eval_name(&nb.eval, "t")));
    assert_non_null(strstr(html.data, "&lt;b&gt;&amp;"));
    assert_null(strstr(html.data, "<b>"));
    assert_false(dw_value_show_html(&html, dw_value_number(1)));
    dw_buf_free(&html);
    notebook_close(&nb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows),
        cmocka_unit_test(shows_estimates_tables_plots),
        cmocka_unit_test(inserts_on_one_line),
        cmocka_unit_test(shortens_tables_and_depth),
        cmocka_unit_test(escapes_html),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
