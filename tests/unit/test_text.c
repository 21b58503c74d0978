/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8, names, lines, widths, distances. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_code_point_goes_there_and_back(void **state) {
    (void)state;
    char bytes[4];
    uint32_t back = 0;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        size_t size = dw_text_encode(code, bytes);
        assert_int_equal(dw_text_decode(bytes, size, &back), size);
        assert_int_equal(back, code);
        assert_int_equal(dw_text_decode(bytes, size - 1, &back), 0);
    }
    assert_int_equal(dw_text_encode(0xD800, bytes), 3);
    assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
    assert_int_equal(dw_text_encode(0x110000, bytes), 3);
    assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
}

static void invalid_bytes_are_found_and_repaired(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "\x80",
        "\xC0\x80",
        "\xC1\xBF",
        "\xE0\x80\x80",
        "\xED\xA0\x80",
        "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xE2\x82",
        "\xCE",
    };
    uint32_t code;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(dw_text_decode(wrong[i], strlen(wrong[i]), &code), 0);
        assert_int_equal(dw_text_valid(wrong[i], strlen(wrong[i])), 0);
    }
    dw_mem mem = {0};
    dw_buf out;
    dw_buf_init(&out, &mem);
    dw_text_repair("a\xC0\xAF\xCE\xB8\xE2\x82", 7, &out);
    assert_string_equal(out.data, "a\xEF\xBF\xBD\xEF\xBF\xBDθ\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_int_equal(dw_text_valid(out.data, out.size), out.size);
    dw_buf_free(&out);
}

static void counts_and_offsets_agree(void **state) {
    (void)state;
    const char *text = "aθ→𝜃b";
    size_t size = strlen(text);
    static const size_t starts[] = {0, 1, 3, 6, 10, 11, 11};
    assert_int_equal(dw_text_count(text, size), 5);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(dw_text_offset(text, size, i), starts[i]);
    assert_int_equal(dw_text_width(text, size), 5);
    assert_int_equal(dw_text_width("漢字", 6), 4);
    assert_int_equal(dw_text_width("y\xCC\x82", 3), 1); /* y with a combining circumflex */
}

static void names_are_letters_of_any_script(void **state) {
    (void)state;
    static const uint32_t letters[] = {'a', 'Z', '_', 0x3BB, 0x3B8, 0x3C3, 0x416, 0x6F22, 0xE9};
    static const uint32_t signs[] = {'1',  '+',    ' ',    0x2192, 0x2207, 0xB2,    0x2070,  0x207F,
                                     0xB7, 0x1D40, 0x2080, 0x2248, 0x221E, 0x1F600, 0x10FFFF};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        assert_true(dw_text_is_letter(letters[i]));
        assert_true(dw_text_is_name_part(letters[i]));
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        assert_false(dw_text_is_letter(signs[i]));
    assert_true(dw_text_is_name_part('7'));
    assert_true(dw_text_is_name_part(0x2081)); /* subscript one */
    assert_true(dw_text_is_name_part(0x302));  /* combining circumflex */
    assert_false(dw_text_is_name_part(0xB2));
    assert_false(dw_text_is_name_part(0x1D40));
    assert_false(dw_text_is_name_part('-'));
}

static void lines_are_counted_from_one(void **state) {
    (void)state;
    const char *text = "ab\r\nc\n\nlast";
    size_t size = strlen(text);
    dw_span line;
    assert_int_equal(dw_text_line(text, size, 0, &line), 1);
    assert_int_equal(line.start, 0);
    assert_int_equal(line.end, 2);
    assert_int_equal(dw_text_line(text, size, 4, &line), 2);
    assert_int_equal(line.end, 5);
    assert_int_equal(dw_text_line(text, size, 6, &line), 3);
    assert_int_equal(line.start, line.end);
    assert_int_equal(dw_text_line(text, size, 999, &line), 4);
    assert_int_equal(line.start, 7);
    assert_int_equal(line.end, 11);
    assert_int_equal(dw_text_line("", 0, 0, &line), 1);
    assert_int_equal(line.end, 0);
}

static void distances_count_slips(void **state) {
    (void)state;
    assert_int_equal(dw_text_distance("", ""), 0);
    assert_int_equal(dw_text_distance("titel", "title"), 1);
    assert_int_equal(dw_text_distance("lamda", "lambda"), 1);
    assert_int_equal(dw_text_distance("", "abc"), 3);
    assert_int_equal(dw_text_distance("abc", ""), 3);
    assert_int_equal(dw_text_distance("kitten", "sitting"), 3);
    assert_int_equal(dw_text_distance("θ1", "φ1"), 1);
    assert_int_equal(dw_text_distance("a\xFF", "a"), 1);
    char lengthy[300], other[300];
    memset(lengthy, 'a', sizeof lengthy);
    memset(other, 'b', sizeof other);
    lengthy[299] = other[299] = '\0';
    assert_int_equal(dw_text_distance(lengthy, other), 64);
}

/* Long texts are looked at in pieces, whose ends may fall into a character. */
static void long_texts_are_checked_in_pieces(void **state) {
    (void)state;
    dw_cancel cancel = {0};
    dw_mem mem = {.cancel = &cancel};
    dw_err err = {0};
    enum { PIECE = 1 << 20, SIZE = 2 * PIECE + 9 };
    char *text = malloc(SIZE);
    size_t valid;
    for (size_t before = PIECE - 4; before <= PIECE; before++) {
        memset(text, 'a', SIZE);
        memcpy(text + before, "𝜃", 4);
        assert_true(dw_text_check(&mem, text, SIZE, &valid, &err));
        assert_int_equal(valid, SIZE);
        text[before + 2] = 'a';
        assert_true(dw_text_check(&mem, text, SIZE, &valid, &err));
        assert_int_equal(valid, before);
    }
    memset(text, 'a', SIZE);
    text[SIZE - 1] = '\xCE'; /* its second half is missing */
    assert_true(dw_text_check(&mem, text, SIZE, &valid, &err));
    assert_int_equal(valid, SIZE - 1);
    assert_true(dw_text_check(&mem, text, 0, &valid, &err));
    assert_int_equal(valid, 0);
    cancel.running = cancel.cancelled = 1;
    assert_false(dw_text_check(&mem, text, SIZE, &valid, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_goes_there_and_back),
        cmocka_unit_test(invalid_bytes_are_found_and_repaired),
        cmocka_unit_test(counts_and_offsets_agree),
        cmocka_unit_test(names_are_letters_of_any_script),
        cmocka_unit_test(lines_are_counted_from_one),
        cmocka_unit_test(distances_count_slips),
        cmocka_unit_test(long_texts_are_checked_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
