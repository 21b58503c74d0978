/* SPDX-License-Identifier: BSD-3-Clause */
/* Characters to words: every kind, spans, line ends of all sorts, folding, numbers to the last bit,
 * and bytes that are no text. */
#include "base/text.h"
#include "syntax/lex.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dw_lex begin(const char *source, size_t size, dw_err *err) {
    dw_lex lex;
    memset(err, 0, sizeof *err);
    dw_lex_begin(&lex, source, size, 3, err);
    return lex;
}

static dw_token first(const char *source) {
    dw_err err;
    dw_lex lex = begin(source, strlen(source), &err);
    dw_token token = dw_lex_next(&lex);
    if (err.kind != DW_ERR_NONE)
        fail_msg("%s: %s", source, err.text);
    return token;
}

static void every_spelling_reads_as_itself(void **state) {
    (void)state;
    for (int kind = DW_TOKEN_OPEN; kind < DW_TOKEN_KINDS; kind++) {
        const char *spelling = dw_lex_spelling((dw_token_kind)kind);
        dw_token token = first(spelling);
        assert_int_equal(token.kind, kind);
        assert_int_equal(token.span.start, 0);
        assert_int_equal(token.span.end, strlen(spelling));
    }
}

static void keyboard_and_pasted_spellings(void **state) {
    (void)state;
    static const struct {
        const char *text;
        dw_token_kind kind;
    } rows[] = {{"<=", DW_TOKEN_LESS_EQUAL},  {">=", DW_TOKEN_GREATER_EQUAL},
                {"!=", DW_TOKEN_UNEQUAL},     {"~=", DW_TOKEN_ABOUT},
                {"->", DW_TOKEN_ARROW},       {"=>", DW_TOKEN_MAPS_TO},
                {"+/-", DW_TOKEN_PLUS_MINUS}, {"∈", DW_TOKEN_IN},
                {"×", DW_TOKEN_TIMES},        {"−", DW_TOKEN_MINUS},
                {"“", DW_TOKEN_TEXT},         {"”", DW_TOKEN_TEXT},
                {"∞", DW_TOKEN_NAME},         {"⋅", DW_TOKEN_DOT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(first(rows[i].text).kind, rows[i].kind);
}

static void there_are_nineteen_keywords(void **state) {
    (void)state;
    assert_int_equal(DW_TOKEN_KINDS - DW_TOKEN_IF, 19);
    assert_int_equal(dw_lex_keyword("otherwise", 9), DW_TOKEN_OTHERWISE);
    assert_int_equal(dw_lex_keyword("other", 5), DW_TOKEN_NAME);
    assert_int_equal(first("iff").kind, DW_TOKEN_NAME);
    assert_int_equal(first("do_it").kind, DW_TOKEN_NAME);
    assert_int_equal(first("by1").kind, DW_TOKEN_NAME);
}

static void numbers_are_exact(void **state) {
    (void)state;
    static const char *const texts[] = {
        "0",
        "3",
        "0.5",
        "1e-3",
        "1E3",
        "2.5e+2",
        "0.1",
        "123456789012345678",
        "1e308",
        "5e-324",
        "2.2250738585072011e-308",
        "9007199254740993",
        "0.30000000000000004",
        "1e-400",
        "000.250",
        "1.7976931348623157e308",
        "8.41e21",
        "6.02214076e23",
        "0.000000000000000000000000000000000000000000000000000000000000000000000000000000001"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        dw_token token = first(texts[i]);
        double expected = strtod(texts[i], NULL);
        assert_int_equal(token.kind, DW_TOKEN_NUMBER);
        assert_int_equal(token.span.end, strlen(texts[i]));
        assert_memory_equal(&token.number, &expected, sizeof expected);
    }
}

static void a_number_of_a_thousand_digits(void **state) {
    (void)state;
    char text[1101];
    memset(text, '7', 1100);
    text[1] = '.';
    text[1100] = '\0';
    double expected = strtod(text, NULL), number = first(text).number;
    assert_memory_equal(&number, &expected, sizeof expected);
    memset(text, '0', 1100);
    text[0] = '1';
    strcpy(text + 300, "e-300");
    assert_true(fabs(first(text).number - 0.1) < 1e-15);
}

static void a_range_needs_no_blanks(void **state) {
    (void)state;
    dw_err err;
    dw_lex lex = begin("1..5", 4, &err);
    assert_int_equal(dw_lex_next(&lex).kind, DW_TOKEN_NUMBER);
    assert_int_equal(dw_lex_next(&lex).kind, DW_TOKEN_RANGE);
    assert_int_equal(dw_lex_next(&lex).kind, DW_TOKEN_NUMBER);
    assert_int_equal(dw_lex_next(&lex).kind, DW_TOKEN_END);
    lex = begin("3.*x", 4, &err);
    dw_lex_next(&lex);
    assert_int_equal(dw_lex_next(&lex).kind, DW_TOKEN_ELEMENTWISE);
}

static void superscripts_are_powers_not_names(void **state) {
    (void)state;
    dw_err err;
    dw_lex lex = begin("x⁻¹²", strlen("x⁻¹²"), &err);
    dw_token name = dw_lex_next(&lex), power = dw_lex_next(&lex);
    assert_int_equal(name.span.end, 1);
    assert_int_equal(power.kind, DW_TOKEN_SUPERSCRIPT);
    assert_true(power.number < -11.5 && power.number > -12.5);
    assert_false(power.space);
    lex = begin("Aᵀ", strlen("Aᵀ"), &err);
    dw_lex_next(&lex);
    assert_int_equal(dw_lex_next(&lex).kind, DW_TOKEN_RAISED_T);
    assert_int_equal(first("∇²").kind, DW_TOKEN_NABLA_SQUARED);
}

static void folds(const char *text, const char *expected) {
    dw_mem mem = {0};
    dw_buf out;
    dw_buf_init(&out, &mem);
    dw_lex_name(text, strlen(text), &out);
    assert_string_equal(out.data, expected);
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
}

static void names_that_look_alike_are_one(void **state) {
    (void)state;
    folds("W1", "W1");
    folds("W₁", "W1");
    folds("x₀₉", "x09");
    folds("\xC2\xB5", "μ");
    folds("ϵ", "ε");
    folds("ϕ", "φ");
    folds("∞", "inf");
    folds("y\xCC\x82", "\xC5\xB7"); /* y and a circumflex: ŷ as one letter */
    folds("θ_hidden", "θ_hidden");
    char text[2001], expected[1001];
    memset(text, 'a', 1000);
    strcpy(text + 1000, "₁");
    memcpy(expected, text, 1000);
    expected[1000] = '\0';
    dw_mem mem = {0};
    dw_buf out;
    dw_buf_init(&out, &mem);
    dw_lex_name(text, strlen(text), &out);
    assert_true(out.size >= 1001);
    assert_memory_equal(out.data, expected, 1000);
    dw_buf_free(&out);
}

static void line_ends_of_all_sorts(void **state) {
    (void)state;
    static const char *const texts[] = {"a\nb",     "a\r\nb",          "a\rb",
                                        "a # c\nb", "a\n\n\n# x\n  b", "a\t\r\n\tb"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        dw_err err;
        dw_lex lex = begin(texts[i], strlen(texts[i]), &err);
        dw_token a = dw_lex_next(&lex), b = dw_lex_next(&lex);
        assert_false(a.line);
        assert_true(a.space); /* the begin counts as a blank */
        assert_int_equal(b.kind, DW_TOKEN_NAME);
        assert_true(b.line);
        assert_true(b.space);
        assert_int_equal(dw_lex_next(&lex).kind, DW_TOKEN_END);
    }
}

static void blanks_from_web_pages_are_blanks(void **state) {
    (void)state;
    dw_err err;
    const char *text = "a\xC2\xA0+\xE2\x80\x89"
                       "b\xE3\x80\x80";
    dw_lex lex = begin(text, strlen(text), &err);
    assert_int_equal(dw_lex_next(&lex).kind, DW_TOKEN_NAME);
    assert_int_equal(dw_lex_next(&lex).kind, DW_TOKEN_PLUS);
    assert_int_equal(dw_lex_next(&lex).kind, DW_TOKEN_NAME);
    assert_int_equal(dw_lex_next(&lex).kind, DW_TOKEN_END);
    assert_int_equal(err.kind, DW_ERR_NONE);
}

static void a_byte_order_mark_is_passed_over(void **state) {
    (void)state;
    dw_token token = first("\xEF\xBB\xBFx");
    assert_int_equal(token.kind, DW_TOKEN_NAME);
    assert_int_equal(token.span.start, 3);
}

static void refuses(const char *source, size_t size, uint32_t start, uint32_t end,
                    const char *text) {
    dw_err err;
    dw_lex lex = begin(source, size, &err);
    for (size_t i = 0; i <= size && !lex.failed; i++)
        dw_lex_next(&lex);
    assert_int_equal(err.kind, DW_ERR_SYNTAX);
    assert_int_equal(err.unit, 3);
    if (strstr(err.text, text) == NULL)
        fail_msg("'%s' does not hold '%s'", err.text, text);
    assert_int_equal(err.span.start, start);
    assert_int_equal(err.span.end, end);
    assert_int_equal(dw_lex_next(&lex).kind, DW_TOKEN_END);
}

static void bytes_that_are_no_text(void **state) {
    (void)state;
    refuses("x = \xFF", 5, 4, 5, "0xFF");
    refuses("x\n\xC3(", 4, 2, 3, "UTF-8");
    refuses("\xED\xA0\x80", 3, 0, 1, "UTF-8"); /* half of a surrogate pair */
    refuses("\xC0\x80", 2, 0, 1, "UTF-8");
    refuses("a\0b", 3, 1, 2, "NUL");
    refuses("a\0b\xFF", 4, 1, 2, "NUL");
    refuses("a \x07", 3, 2, 3, "control character");
}

static void looking_ahead_for_a_single_equals(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool sees;
    } rows[] = {{" = 3", true},         {"=", true}, {"== 3", false}, {"=> 3", false},
                {" # c\n\n = 3", true}, {"", false}, {" 3", false},   {"≠", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dw_err err;
        dw_lex lex = begin(rows[i].text, strlen(rows[i].text), &err);
        assert_int_equal(dw_lex_sees_gives(&lex), rows[i].sees);
        assert_int_equal(lex.at, 0);
    }
}

static void pieces_of_texts(void **state) {
    (void)state;
    dw_err err;
    dw_span piece;
    bool doubled = false;
    dw_lex lex = begin("a{b", 3, &err);
    assert_int_equal(dw_lex_piece(&lex, false, &piece, &doubled), '{');
    assert_int_equal(piece.end, 1);
    assert_int_equal(lex.at, 2);
    assert_int_equal(dw_lex_piece(&lex, false, &piece, &doubled), 0);
    assert_false(doubled);
    lex = begin("a\"\"b\" c", 7, &err);
    assert_int_equal(dw_lex_piece(&lex, false, &piece, &doubled), '"');
    assert_true(doubled);
    assert_int_equal(piece.end, 4);
    assert_int_equal(lex.at, 5);
    lex = begin("a”", 4, &err);
    assert_int_equal(dw_lex_piece(&lex, true, &piece, &doubled), '"');
    assert_int_equal(piece.end, 1);
    lex = begin("a\rb\"", 4, &err);
    assert_int_equal(dw_lex_piece(&lex, false, &piece, &doubled), 0);
    assert_int_equal(lex.at, 1);
}

static void every_pair_of_bytes_ends(void **state) {
    (void)state;
    for (int a = 0; a < 256; a++)
        for (int b = 0; b < 256; b++) {
            char text[2] = {(char)a, (char)b};
            dw_err err;
            dw_lex lex = begin(text, 2, &err);
            int words = 0;
            while (dw_lex_next(&lex).kind != DW_TOKEN_END)
                words++;
            assert_true(words <= 2);
            assert_int_equal(lex.failed, err.kind != DW_ERR_NONE);
        }
}

/* Names in errors are of any length, and their letters of several bytes. */
static void long_errors_end_with_a_whole_letter(void **state) {
    (void)state;
    char name[2 * DW_ERR_TEXT];
    for (size_t lead = 0; lead < 2; lead++) {
        dw_err err;
        dw_lex lex = begin("x", 1, &err);
        memcpy(name, "x", lead);
        for (size_t i = lead; i + 2 < sizeof name; i += 2)
            memcpy(name + i, "θ\0", 3);
        dw_lex_fail(&lex, (dw_span){0, 1}, "%s", name);
        assert_int_equal(err.kind, DW_ERR_SYNTAX);
        assert_in_range(strlen(err.text), DW_ERR_TEXT - 2, DW_ERR_TEXT - 1);
        assert_int_equal(dw_text_valid(err.text, strlen(err.text)), strlen(err.text));
        assert_int_equal(dw_lex_next(&lex).kind, DW_TOKEN_END);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_reads_as_itself),
        cmocka_unit_test(keyboard_and_pasted_spellings),
        cmocka_unit_test(there_are_nineteen_keywords),
        cmocka_unit_test(numbers_are_exact),
        cmocka_unit_test(a_number_of_a_thousand_digits),
        cmocka_unit_test(a_range_needs_no_blanks),
        cmocka_unit_test(superscripts_are_powers_not_names),
        cmocka_unit_test(names_that_look_alike_are_one),
        cmocka_unit_test(line_ends_of_all_sorts),
        cmocka_unit_test(blanks_from_web_pages_are_blanks),
        cmocka_unit_test(a_byte_order_mark_is_passed_over),
        cmocka_unit_test(bytes_that_are_no_text),
        cmocka_unit_test(looking_ahead_for_a_single_equals),
        cmocka_unit_test(pieces_of_texts),
        cmocka_unit_test(every_pair_of_bytes_ends),
        cmocka_unit_test(long_errors_end_with_a_whole_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
