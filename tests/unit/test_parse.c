/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole texts: the example programs, what a console asks, memory that runs out, odd bytes. */
#include "syntax/parse.h"

#include "tree.h"

static char *file_text(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s is missing (run the tests at the top of the project)", path);
    static char text[1 << 16];
    *size = fread(text, 1, sizeof text - 1, file);
    text[*size] = '\0';
    fclose(file);
    return text;
}

static const char *const programs[] = {"01-a-step-by-hand",
                                       "02-lambda-to-infinity",
                                       "03-two-steps",
                                       "04-any-function",
                                       "05-squares-and-gauss",
                                       "06-descent-in-one-dimension",
                                       "07-two-dimensions",
                                       "08-many-dimensions",
                                       "09-what-a-gradient-costs",
                                       "10-newton",
                                       "11-blind-search",
                                       "12-relu-and-its-hinges",
                                       "13-a-sine-from-ten-points",
                                       "14-continuity-and-trees",
                                       "15-the-recipe",
                                       "16-digits",
                                       "17-the-next-word",
                                       "18-half-of-it-may-fail",
                                       "19-your-own-layer",
                                       "20-net-and-function",
                                       "21-three-conditions"};

static void every_program_reads(void **state) {
    (void)state;
    assert_int_equal(sizeof programs / sizeof *programs, 21);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        char path[128];
        size_t size;
        tree t;
        snprintf(path, sizeof path, "tests/lang/programs/%s.dw", programs[i]);
        const char *text = file_text(path, &size);
        if (!tree_open_bytes(&t, text, size))
            fail_msg("%s: %s", path, t.err.text);
        assert_true(t.unit->root->count > 1);
        tree_close(&t);
    }
}

static void console(const char *source, dw_parse_state expected, uint32_t expected_indent) {
    dw_mem mem = {0};
    uint32_t indent = 99;
    dw_parse_state found = dw_parse_check(&mem, source, strlen(source), &indent);
    if (found != expected || indent != expected_indent)
        fail_msg("'%s': %d with %u blanks, not %d with %u", source, (int)found, (unsigned)indent,
                 (int)expected, (unsigned)expected_indent);
    assert_int_equal(mem.used, 0);
}

static void a_console_asks(void **state) {
    (void)state;
    console("", DW_PARSE_COMPLETE, 0);
    console("  \n# c\n", DW_PARSE_COMPLETE, 0);
    console("x = 1", DW_PARSE_COMPLETE, 0);
    console("for i in 1..3\n  i\nend", DW_PARSE_COMPLETE, 0);
    console("?plot", DW_PARSE_COMPLETE, 0);
    console("for i in 1..3", DW_PARSE_INCOMPLETE, 2);
    console("for i in 1..3\n  i", DW_PARSE_INCOMPLETE, 2);
    console("for i in 1..3\n  if i > 1", DW_PARSE_INCOMPLETE, 4);
    console("if a\n  b\nelse", DW_PARSE_INCOMPLETE, 2);
    console("f(x) = do", DW_PARSE_INCOMPLETE, 2);
    console("    f(x) = do # c", DW_PARSE_INCOMPLETE, 6);
    console("x = [1,", DW_PARSE_INCOMPLETE, 2);
    console("x = [1,\n  2,", DW_PARSE_INCOMPLETE, 2);
    console("plot(f", DW_PARSE_INCOMPLETE, 2);
    console("x = 1 +", DW_PARSE_INCOMPLETE, 2);
    console("x =", DW_PARSE_INCOMPLETE, 2);
    console("a when b", DW_PARSE_INCOMPLETE, 2);
    console("interact λ = 3 in 1..2", DW_PARSE_INCOMPLETE, 2);
    console("end", DW_PARSE_INVALID, 0);
    console("for i in 1..3\nend\nend", DW_PARSE_INVALID, 0);
    console("2x", DW_PARSE_INVALID, 0);
    console("x = \"abc", DW_PARSE_INVALID, 0);
    console("\"{f(\"", DW_PARSE_INVALID, 0);
    console("x = (1]", DW_PARSE_INVALID, 0);
    console("f(x, x", DW_PARSE_INCOMPLETE, 2);
    console("(1, 2)", DW_PARSE_INVALID, 0);
    console("x\n\xFF", DW_PARSE_INVALID, 0);
}

/* Every allocation fails in turn: each time one clear error, no leak. */
static void memory_may_run_out(void **state) {
    (void)state;
    size_t size;
    const char *text = file_text("tests/lang/programs/04-any-function.dw", &size);
    long failures = 0;
    for (long n = 1; n < 100000; n++) {
        dw_mem mem = {.fail_at = n};
        dw_err err = {0};
        dw_unit *unit = dw_unit_new(&mem, 1, "cell 1", 1, text, size);
        bool good = unit != NULL && dw_parse_unit(unit, &err);
        if (unit != NULL && !good) {
            assert_int_equal(err.kind, DW_ERR_MEMORY);
            assert_null(unit->root);
        }
        dw_unit_release(unit);
        assert_int_equal(mem.used, 0);
        failures += !good;
        if (mem.fail_at > 0) /* no allocation was the n-th */
            break;
    }
    assert_true(failures > 4); /* a buffer may get by with less than it asked for */
}

static void a_limit_on_memory_is_an_error(void **state) {
    (void)state;
    dw_mem mem = {.limit = 64 * 1024}, plenty = {0};
    dw_err err = {0};
    dw_buf text;
    dw_buf_init(&text, &plenty);
    dw_buf_text(&text, "x = [");
    for (int i = 0; i < 2000; i++)
        dw_buf_text(&text, "1, ");
    dw_buf_text(&text, "1]");
    dw_unit *unit = dw_unit_new(&mem, 1, "cell 1", 1, text.data, text.size);
    assert_non_null(unit);
    assert_false(dw_parse_unit(unit, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    dw_unit_release(unit);
    dw_buf_free(&text);
    assert_int_equal(mem.used, 0);
}

static void any_bytes_give_a_tree_or_an_error(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "(",         ")",     "[",    "]",       "{",     "}",     "\"",          "x", "2",
        ".",         "..",    "=",    "==",      ",",     ";",     "\n",          " ", "for ",
        " in ",      "end\n", "do\n", "if ",     "else ", "when ", " otherwise ", "↦", "→",
        "∇",         "²",     "'",    "+",       "-",     "?",     ":",           "#", "check ",
        "interact ", "\xFF",  "“",    "repeat ", "by",    "not "};
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        char text[256] = "";
        for (int i = 0; i < 12; i++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(text, pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)]);
        }
        tree t;
        if (!tree_open(&t, text)) {
            assert_true(t.err.has_place);
            assert_true(t.err.span.end <= strlen(text));
            assert_true(t.err.text[0] != '\0');
        }
        tree_close(&t);
        uint32_t indent;
        dw_mem mem = {0};
        dw_parse_check(&mem, text, strlen(text), &indent);
        assert_true(indent < sizeof text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_program_reads),
        cmocka_unit_test(a_console_asks),
        cmocka_unit_test(memory_may_run_out),
        cmocka_unit_test(a_limit_on_memory_is_an_error),
        cmocka_unit_test(any_bytes_give_a_tree_or_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
