/* SPDX-License-Identifier: BSD-3-Clause */
/* History: the pattern, the pages, the bound in bytes. */
#include "history.h"

#include "bytes.h"

#include <malloc.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
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
    size_t count = json_array_size(rows);
    assert_in_range(count, 10, 20);
    for (size_t i = 0; i < count; i++) {
        long line = (long)json_integer_value(json_array_get(json_array_get(rows, i), 1));
        assert_int_equal(line, 50 - (long)count + 1 + (long)i);
    }
    json_decref(rows);
    for (long i = 0; i < 1000; i++) {
        assert_true(jk_history_add(history, i, jk_span_of("x"), jk_span_of(NULL)));
    }
    rows = ask(history, "{\"hist_access_type\":\"tail\"}");
    assert_in_range(json_array_size(rows), 10, 30); /* short entries take room too */
    json_decref(rows);
    jk_history_free(history);
    jk_history_free(NULL);
}

enum { CELLS = 10000 };

/* A cell like those of a lesson; one in a thousand is longer than a page. */
static jk_span cell(long line, jk_bytes *text) {
    char words[100];
    jk_bytes_reset(text, SIZE_MAX);
    do {
        int len =
            snprintf(words, sizeof words, "x%ld = %ld + 1; x%ld\n", line % 100, line, line % 100);
        jk_bytes_add(text, words, (size_t)len);
    } while (line % 1000 == 500 && text->len < 100000);
    return jk_bytes_span(text);
}

static void fill(jk_history *history, jk_bytes *text) {
    char answer[30];
    for (long line = 1; line <= CELLS; line++) {
        snprintf(answer, sizeof answer, "%ld", line + 1);
        jk_span output = jk_span_of(line % 3 ? answer : NULL);
        assert_true(jk_history_add(history, line, cell(line, text), output));
    }
}

static void pages_give_back_what_was_written(void **state) {
    (void)state;
    jk_history *history = jk_history_new((size_t)32 << 20);
    jk_bytes text = {0};
    fill(history, &text);
    json_t *rows = ask(history, "{\"hist_access_type\":\"range\",\"output\":true}");
    assert_int_equal(json_array_size(rows), CELLS);
    for (long line = 1; line <= CELLS; line++) {
        json_t *row = json_array_get(rows, (size_t)line - 1);
        json_t *texts = json_array_get(row, 2);
        jk_span wanted = cell(line, &text);
        const json_t *input = json_array_get(texts, 0), *output = json_array_get(texts, 1);
        assert_int_equal(json_integer_value(json_array_get(row, 1)), line);
        assert_int_equal(json_string_length(input), wanted.len);
        assert_memory_equal(json_string_value(input), wanted.bytes, wanted.len);
        assert_int_equal(json_is_string(output), line % 3 != 0);
        assert_true(json_is_null(output) || atol(json_string_value(output)) == line + 1);
    }
    json_decref(rows);
    rows = ask(history, "{\"hist_access_type\":\"search\",\"pattern\":\"x7 = 7007 *\"}");
    assert_int_equal(json_array_size(rows), 1);
    json_decref(rows);
    jk_bytes_free(&text);
    jk_history_free(history);
}

static size_t in_use(void) {
    struct mallinfo2 now = mallinfo2();
    return now.uordblks + now.hblkhd;
}

/* The texts alone are 1.2 MB. (A sanitizer's allocator says 0.) */
static void pages_are_packed(void **state) {
    (void)state;
    jk_bytes text = {0};
    size_t before = in_use();
    jk_history *history = jk_history_new((size_t)32 << 20);
    fill(history, &text);
    jk_bytes_free(&text);
    assert_in_range(in_use() - before, 0, 300000);
    jk_history_free(history);
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns), cmocka_unit_test(the_oldest_go_first),
        cmocka_unit_test(pages_give_back_what_was_written), cmocka_unit_test(pages_are_packed),
        cmocka_unit_test(no_output_is_null_and_an_empty_one_is_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
