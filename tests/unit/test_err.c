/* SPDX-License-Identifier: BSD-3-Clause */
/* The error record: first error wins, texts stay whole. */
#include "base/err.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void first_error_wins(void **state) {
    (void)state;
    dw_err err = {0};
    assert_false(dw_err_set(&err, DW_ERR_NAME, "there is no %s", "lamda"));
    assert_false(dw_err_set(&err, DW_ERR_TYPE, "later"));
    assert_int_equal(err.kind, DW_ERR_NAME);
    assert_string_equal(err.text, "there is no lamda");
    assert_false(dw_err_place(&err, 3, (dw_span){4, 9}));
    assert_false(dw_err_place(&err, 8, (dw_span){0, 1}));
    assert_int_equal(err.unit, 3);
    assert_int_equal(err.span.end, 9);
    assert_false(dw_err_note(&err, "needs %d", 64));
    assert_false(dw_err_note(&err, "needs 65"));
    assert_string_equal(err.note, "needs 64");
    dw_err_clear(&err);
    assert_int_equal(err.kind, DW_ERR_NONE);
    assert_false(err.has_place);
    assert_string_equal(err.text, "");
}

/* The same words on every machine: what printf calls a NaN depends on its sign. */
static void no_number_has_one_name(void **state) {
    (void)state;
    dw_err err = {0};
    dw_err_set(&err, DW_ERR_VALUE, "from %s to %s, nan; a banana, -nano: %s", "-nan", "nan",
               "-nan");
    assert_string_equal(err.text, "from NaN to NaN, NaN; a banana, -nano: NaN");
}

/* An error is one line and gives no orders to a terminal, whatever names it quotes. */
static void control_characters_are_blanks(void **state) {
    (void)state;
    dw_err err = {0};
    dw_err_set(&err, DW_ERR_DATA, "%s",
               "a\x1b[2J\r\n\xC2\x9B"
               "1m\x7F é\xC2\xA0");
    assert_string_equal(err.text, "a [2J    1m  é\xC2\xA0");
}

static void texts_are_cut_at_whole_characters(void **state) {
    (void)state;
    char text[3 * DW_ERR_TEXT];
    for (size_t lead = 0; lead < 4; lead++) {
        size_t size = 0;
        for (; size < lead; size++)
            text[size] = 'a';
        for (size_t i = 0; i < DW_ERR_TEXT / 2; i++, size += 4)
            memcpy(text + size, "𝜃", 4);
        text[size] = '\0';
        dw_err err = {0};
        dw_err_set(&err, DW_ERR_VALUE, "%s", text);
        size_t kept = strlen(err.text);
        assert_in_range(kept, DW_ERR_TEXT - 5, DW_ERR_TEXT - 1);
        assert_int_equal(dw_text_valid(err.text, kept), kept);
        assert_memory_equal(err.text, text, kept);
    }
}

static void names_are_cut_at_whole_characters(void **state) {
    (void)state;
    dw_err err = {0};
    dw_err_set(&err, DW_ERR_NAME, "%.4s, %.2s, %.4s, %.5s: no", "aθθ", "∇", "θθθ", "a∇∇");
    assert_string_equal(err.text, "aθ, , θθ, a∇: no");
}

static bool tell(dw_err *err, const char *format, ...) DW_PRINTF(2, 3);
static bool tell(dw_err *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    bool set = dw_err_vset(err, DW_ERR_VALUE, format, args);
    va_end(args);
    return set;
}

static void arguments_are_handed_on(void **state) {
    (void)state;
    dw_err err = {0};
    assert_false(tell(&err, "%d of %s", 3, "four"));
    assert_false(tell(&err, "later"));
    assert_int_equal(err.kind, DW_ERR_VALUE);
    assert_string_equal(err.text, "3 of four");
    assert_false(tell(NULL, "nobody asks"));
}

static void an_error_is_one_line(void **state) {
    (void)state;
    dw_err err = {0};
    dw_err_set(&err, DW_ERR_VALUE, "a\nb\r\nc");
    assert_string_equal(err.text, "a b  c");
}

static void callers_are_kept_up_to_a_limit(void **state) {
    (void)state;
    dw_err err = {0};
    for (uint32_t i = 0; i < 2 * DW_ERR_CALLS; i++)
        assert_false(dw_err_called(&err, i, (dw_span){i, i + 1}));
    assert_int_equal(err.call_count, DW_ERR_CALLS);
    assert_int_equal(err.calls[0].unit, 0);
    assert_int_equal(err.calls[DW_ERR_CALLS - 1].unit, DW_ERR_CALLS - 1);
}

static void kinds_have_names(void **state) {
    (void)state;
    for (int kind = DW_ERR_NONE + 1; kind < DW_ERR_KINDS; kind++)
        assert_string_not_equal(dw_err_ename((dw_err_kind)kind), dw_err_ename(DW_ERR_NONE));
    assert_string_equal(dw_err_ename(DW_ERR_INTERRUPT), "KeyboardInterrupt");
    dw_err err = {0};
    dw_err_memory(&err, "a matrix");
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    assert_non_null(strstr(err.text, "a matrix"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_error_wins),
        cmocka_unit_test(no_number_has_one_name),
        cmocka_unit_test(control_characters_are_blanks),
        cmocka_unit_test(texts_are_cut_at_whole_characters),
        cmocka_unit_test(names_are_cut_at_whole_characters),
        cmocka_unit_test(arguments_are_handed_on),
        cmocka_unit_test(an_error_is_one_line),
        cmocka_unit_test(callers_are_kept_up_to_a_limit),
        cmocka_unit_test(kinds_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
