/* SPDX-License-Identifier: BSD-3-Clause */
/* Broken UTF-8 and half surrogate pairs. */
#include "repair.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BAD "\xEF\xBF\xBD"

static void expect(const char *given, size_t len, const char *text) {
    jk_bytes to = {0};
    assert_true(jk_repair_add(&to, given, len));
    assert_string_equal(to.data, text);
    assert_true(jk_repair_is_clean(to.data, to.len));
    assert_int_equal(jk_repair_is_clean(given, len), strcmp(given, text) == 0);
    jk_bytes_free(&to);
}

static void broken_bytes_are_replaced(void **state) {
    (void)state;
    expect("", 0, "");
    expect("plain \xC3\xA9 \xF0\x9F\x98\x80", 13, "plain \xC3\xA9 \xF0\x9F\x98\x80");
    expect("\x80", 1, BAD);
    expect("a\xC3", 2, "a" BAD);
    expect("\xC3z", 2, BAD "z");
    expect("\xC0\xAF", 2, BAD BAD);
    expect("\xED\xA0\x80", 3, BAD BAD BAD);
    expect("\xED\x9F\xBF", 3, "\xED\x9F\xBF");
    expect("\xF4\x90\x80\x80", 4, BAD BAD BAD BAD);
    expect("\xE0\x9F\xBF", 3, BAD BAD BAD);
    expect("\xFF\xFE", 2, BAD BAD);
}

/* Every four bytes that can start a character: accepted exactly when they encode one. */
static void every_lead_byte(void **state) {
    (void)state;
    for (int lead = 0; lead < 256; lead++) {
        char text[4] = {(char)lead, '\x80', '\x80', '\x80'};
        size_t len = jk_repair_char(text, 4);
        size_t want = lead < 0x80                    ? 1
                      : lead >= 0xC2 && lead <= 0xDF ? 2
                      : lead >= 0xE1 && lead <= 0xEF ? 3
                      : lead >= 0xF1 && lead <= 0xF4 ? 4
                                                     : 0;
        assert_int_equal(len, want);
        assert_int_equal(jk_repair_char(text, want ? want - 1 : 0), 0);
    }
}

static void open_tails(void **state) {
    (void)state;
    assert_int_equal(jk_repair_open_tail("", 0), 0);
    assert_int_equal(jk_repair_open_tail("abc", 3), 0);
    assert_int_equal(jk_repair_open_tail("ab\xC3", 3), 1);
    assert_int_equal(jk_repair_open_tail("\xC3\xA9", 2), 0);
    assert_int_equal(jk_repair_open_tail("x\xE2\x8C", 3), 2);
    assert_int_equal(jk_repair_open_tail("\xF0\x9F\x98", 3), 3);
    assert_int_equal(jk_repair_open_tail("\xF0\x9F\x98\x80", 4), 0);
    assert_int_equal(jk_repair_open_tail("\x80\x80\x80\x80", 4), 0);
    assert_int_equal(jk_repair_open_tail("\xFF", 1), 0);
}

static void expect_shown(const char *given, const char *text) {
    jk_bytes to = {0};
    assert_true(jk_repair_show(&to, given, strlen(given)));
    assert_string_equal(to.data, text);
    assert_true(jk_repair_is_clean(to.data, to.len) && jk_repair_is_tame(to.data, to.len));
    assert_true(jk_repair_is_tame(given, strlen(given)) || strcmp(given, text) != 0);
    jk_bytes_free(&to);
}

static void orders_to_terminals_are_shown(void **state) {
    (void)state;
    expect_shown("", "");
    expect_shown("a\tb\n\xC3\xA9\r\nc\r", "a\tb\n\xC3\xA9\r\nc\r");
    expect_shown("\x1b[31mred\x1b[0m", "␛[31mred␛[0m");
    expect_shown("\x1b]0;title\x07", "␛]0;title␇");
    expect_shown("over\rwritten\b\b\x7F", "over␍written␈␈␡");
    expect_shown("\xC2\x9B"
                 "2J\xC2\xA0\xC2",
                 BAD "2J\xC2\xA0" BAD);
    expect_shown("\x9B"
                 "2J",
                 BAD "2J");
}

static void expect_json(const char *given, const char *text) {
    jk_bytes to = {0};
    assert_true(jk_repair_escapes(&to, given, strlen(given)));
    assert_string_equal(to.data ? to.data : "", text);
    jk_bytes_free(&to);
}

static void lone_surrogates(void **state) {
    (void)state;
    expect_json("", "");
    expect_json("\"\\ud800\"", "\"\\ufffd\"");
    expect_json("\\uDC00\\uD83D", "\\ufffd\\ufffd");
    expect_json("\\ud83d\\ude00", "\\ud83d\\ude00");
    expect_json("\\ud83d\\ud83d\\ude00", "\\ufffd\\ud83d\\ude00");
    expect_json("\\\\ud800", "\\\\ud800");
    expect_json("\\\\\\ud800", "\\\\\\ufffd");
    expect_json("\\u00e9\\u12", "\\u00e9\\u12");
    expect_json("\\ud80", "\\ud80");
    expect_json("\\", "\\");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_bytes_are_replaced), cmocka_unit_test(every_lead_byte),
        cmocka_unit_test(open_tails), cmocka_unit_test(orders_to_terminals_are_shown),
        cmocka_unit_test(lone_surrogates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
