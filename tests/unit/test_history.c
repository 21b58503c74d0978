/* SPDX-License-Identifier: BSD-3-Clause */
/* History: the pattern, the bound in bytes. */
#include "history.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool fits(const char *pattern, const char *text) {
    return jk_history_matches(jk_span_of(pattern), jk_span_of(text));
}

static void patterns(void **state) {
    (void)state;
    assert_true(fits("", "") && fits("*", "") && fits("**", "abc") && fits("a*c", "abbbc"));
    assert_true(fits("*b*b*", "abcabc") && fits("?", "\xC3\xA9"));
    assert_true(fits("a?c", "abc") && fits("*.dw", "x.dw.dw") && fits("[a]", "[a]"));
    assert_false(fits("", "a") || fits("a", "") || fits("?", "") || fits("a*c", "abcd"));
    assert_false(fits("*\xA9", "\xC3\xA9") || fits("?", "ab") || fits("[a]", "a") ||
                 fits("abc", "ABC"));
}

static json_t *ask(const jk_history *history, const char *question) {
    json_t *content = json_loads(question, 0, NULL);
    json_t *rows = jk_history_answer(history, content);
    json_decref(content);
    assert_non_null(rows);
    return rows;
}

static void the_oldest_go_first(void **state) {
    (void)state;
    jk_history *history = jk_history_new(500);
    for (long i = 1; i <= 50; i++) {
        assert_true(jk_history_add(history, i, jk_span_of("0123456789"), jk_span_of(NULL)));
    }
    json_t *rows = ask(history, "{\"hist_access_type\":\"tail\"}");
    assert_int_equal(json_array_size(rows), 10);
    assert_int_equal(json_integer_value(json_array_get(json_array_get(rows, 0), 1)), 41);
    json_decref(rows);
    for (long i = 0; i < 1000; i++) {
        assert_true(jk_history_add(history, i, jk_span_of("x"), jk_span_of(NULL)));
    }
    rows = ask(history, "{\"hist_access_type\":\"tail\"}");
    assert_in_range(json_array_size(rows), 1, 20); /* short entries take room too */
    json_decref(rows);
    jk_history_free(history);
    jk_history_free(NULL);
}

static void no_output_is_null_and_an_empty_one_is_not(void **state) {
    (void)state;
    jk_history *history = jk_history_new(1000);
    jk_history_add(history, 1, jk_span_of(NULL), jk_span_of(NULL));
    jk_history_add(history, 2, jk_span_of("x"), jk_span_of(""));
    json_t *rows = ask(history, "{\"hist_access_type\":\"range\",\"output\":true}");
    char *text = json_dumps(rows, JSON_COMPACT);
    assert_string_equal(text, "[[1,1,[\"\",null]],[1,2,[\"x\",\"\"]]]");
    free(text);
    json_decref(rows);
    jk_history_free(history);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(patterns),
                                       cmocka_unit_test(the_oldest_go_first),
                                       cmocka_unit_test(no_output_is_null_and_an_empty_one_is_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
