/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors as a reader sees them. */
#include "lang/explain.h"

#include "notebook.h"

#include "base/text.h"

static void explains(const char *source, const char *text) {
    notebook nb;
    dw_err err = {0};
    dw_buf out;
    notebook_open(&nb);
    dw_buf_init(&out, &nb.own);
    assert_false(notebook_run(&nb, source, &err));
    dw_explain_error(&nb.eval, &err, false, &out);
    assert_string_equal(out.data, text);
    dw_buf_free(&out);
    notebook_close(&nb);
}

static void says_the_examples_of_the_language(void **state) {
    (void)state;
    explains("y = 2x + 1", "cell 1, line 1: a number cannot touch the next name: write 2*x\n"
                           "  y = 2x + 1\n"
                           "      ^^");
    explains("x = 1\nW2 = [1 -1]",
             "cell 1, line 2: this reads as a subtraction or a sum: write a comma for two "
             "elements, or put spaces on both sides of -\n"
             "  W2 = [1 -1]\n"
             "          ^^");
    explains("lambda = 1\n\n\n\nlamda", "cell 1, line 5: there is no lamda; did you mean lambda?\n"
                                        "  lamda\n"
                                        "  ^^^^^");
    explains("[1, 2, 3]*[1, 2, 3]",
             "cell 1, line 1: cannot multiply a row of 3 * a row of 3: 3 and 1 do not match; write "
             ".* for element by element, · for the dot product\n"
             "  [1, 2, 3]*[1, 2, 3]\n"
             "           ^");
    explains("plot(sin, 0..1, titel = \"a\")",
             "cell 1, line 1: plot has no option titel; did you mean title?\n"
             "  plot(sin, 0..1, titel = \"a\")\n"
             "                  ^^^^^");
}

static void counts_columns_of_characters(void **state) {
    (void)state;
    explains("if true\n\tλ₁ = \"αβγ\" + zork\nend",
             "cell 1, line 2: there is no zork: give it a value first, as in zork = 1\n"
             "  λ₁ = \"αβγ\" + zork\n"
             "               ^^^^");
}

/* A file need not be text at all. */
static void survives_bytes_that_are_no_text(void **state) {
    (void)state;
    char source[400];
    for (size_t junk = 0; junk < 300; junk += 7) {
        notebook nb;
        dw_err err = {0};
        dw_buf out;
        notebook_open(&nb);
        memset(source, 'x', sizeof source);
        memset(source + junk, 0x80, 90);
        source[sizeof source - 1] = '\0';
        assert_false(notebook_run(&nb, source, &err));
        dw_buf_init(&out, &nb.own);
        dw_explain_error(&nb.eval, &err, false, &out);
        assert_int_equal(dw_text_valid(out.data, out.size), out.size);
        assert_non_null(strstr(out.data, "\xEF\xBF\xBD"));
        dw_buf_free(&out);
        notebook_close(&nb);
    }
}

static void shortens_long_lines(void **state) {
    (void)state;
    char source[1200] = "x = 1";
    for (int i = 0; i < 100; i++)
        strcat(source, " + λ*0");
    notebook nb;
    dw_err err = {0};
    dw_buf out;
    notebook_open(&nb);
    dw_buf_init(&out, &nb.own);
    assert_true(notebook_run(&nb, "λ = 1", &err));
    char early[1200] = "x = zork";
    strcat(early, source + strlen("x = 1"));
    assert_false(notebook_run(&nb, early, &err));
    dw_explain_error(&nb.eval, &err, false, &out);
    assert_non_null(strstr(out.data, "…\n      ^^^^"));
    assert_true(out.size < 300);
    out.size = 0;
    dw_err_clear(&err);
    strcat(source, " + zork");
    assert_false(notebook_run(&nb, source, &err));
    dw_explain_error(&nb.eval, &err, false, &out);
    const char *line = strstr(out.data, "\n  …");
    assert_non_null(line);
    assert_true(strlen(line) < 400);
    assert_non_null(strstr(line, "zork\n"));
    dw_buf_free(&out);
    notebook_close(&nb);
}

static void colours_and_places_may_be_missing(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    dw_buf out;
    notebook_open(&nb);
    dw_buf_init(&out, &nb.own);
    dw_err_set(&err, DW_ERR_MEMORY, "no place at all");
    dw_explain_error(&nb.eval, &err, false, &out);
    assert_string_equal(out.data, "no place at all");
    dw_err_place(&err, 12345, (dw_span){1, 2});
    out.size = 0;
    dw_explain_error(&nb.eval, &err, false, &out);
    assert_string_equal(out.data, "no place at all");
    dw_err red = {0};
    out.size = 0;
    assert_false(notebook_run(&nb, "zork", &red));
    dw_explain_error(&nb.eval, &red, true, &out);
    assert_non_null(strstr(out.data, "\x1b[31m"));
    assert_string_equal(out.data + out.size - 4, "\x1b[0m");
    dw_buf_free(&out);
    notebook_close(&nb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_the_examples_of_the_language),
        cmocka_unit_test(counts_columns_of_characters),
        cmocka_unit_test(survives_bytes_that_are_no_text),
        cmocka_unit_test(shortens_long_lines),
        cmocka_unit_test(colours_and_places_may_be_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
