/* SPDX-License-Identifier: BSD-3-Clause */
/* Completion: names, words, options, fields, symbols, and that odd bytes do no harm. */
#include "lang/assist.h"

#include "cell.h"
#include <stdio.h>
#include <stdlib.h>

/* Runs statements in the notebook. */
static void run(cell *c, const char *source) {
    dw_err err = {0};
    dw_unit *unit = dw_unit_new(&c->mem, ++c->eval.units, "cell 1", 1, source, strlen(source));
    assert_non_null(unit);
    dw_eval_remember(&c->eval, unit);
    bool good = dw_parse_unit(unit, &err) && dw_scope_resolve(&c->eval, unit, &err) &&
                dw_eval_unit(&c->eval, unit, &err);
    if (!good)
        fail_msg("%s: %s", source, err.text);
    dw_unit_release(unit);
}

/* Completes `source`, whose cursor is at the sign ‸ (taken out). */
static dw_matches complete(cell *c, const char *source, char bare[512]) {
    const char *cursor = strstr(source, "‸");
    assert_non_null(cursor);
    size_t at = (size_t)(cursor - source);
    snprintf(bare, 512, "%.*s%s", (int)at, source, cursor + strlen("‸"));
    dw_matches found;
    dw_err err = {0};
    assert_true(dw_assist_complete(&c->eval, bare, strlen(bare), at, &found, &err));
    assert_true(found.start <= found.end && found.end <= strlen(bare));
    return found;
}

static bool has(const dw_matches *found, const char *text, const char *kind) {
    for (size_t i = 0; i < found->count; i++)
        if (strcmp(found->matches[i].text, text) == 0)
            return strcmp(found->matches[i].kind, kind) == 0;
    return false;
}

/* Asserts the proposals, in order, separated by blanks ("-" for none), and what they replace. */
static void gives(cell *c, const char *source, const char *replaced, const char *expected) {
    char bare[512], all[2048] = "";
    dw_matches found = complete(c, source, bare);
    for (size_t i = 0; i < found.count; i++) {
        strcat(all, i > 0 ? " " : "");
        strcat(all, found.matches[i].text);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(found.matches[i].text, found.matches[j].text);
    }
    if (strcmp(all[0] == '\0' ? "-" : all, expected) != 0)
        fail_msg("%s: proposes '%s', not '%s'", source, all, expected);
    if (found.count > 0) {
        assert_int_equal(found.end - found.start, strlen(replaced));
        assert_memory_equal(bare + found.start, replaced, strlen(replaced));
    }
    dw_assist_free(&found);
    assert_null(found.matches);
}

static void names_and_words(void **state) {
    (void)state;
    cell c;
    char bare[512];
    cell_open(&c);
    run(&c, "λ_first = 3\nspeed = [1, 2]\nspin(x; w = 1) = x\nplok = \"a\"");
    gives(&c, "λ_‸", "λ_", "λ_first");
    gives(&c, "x = otherw‸", "otherw", "otherwise");
    gives(&c, "speed + spee‸", "spee", "speed");
    gives(&c, "zzz‸", "zzz", "-");
    gives(&c, "W₁‸", "W₁", "-");
    gives(&c, "interac‸", "interac", "interact");
    dw_matches found = complete(&c, "sp‸", bare);
    assert_true(has(&found, "speed", "value"));
    assert_true(has(&found, "spin", "function"));
    for (size_t i = 0; i < found.count; i++)
        if (strcmp(found.matches[i].text, "spin") == 0)
            assert_string_equal(found.matches[i].signature, "spin(x; w = 1)");
    dw_assist_free(&found);
    found = complete(&c, "y = pl‸ot", bare);
    assert_true(has(&found, "plot", "function"));
    assert_true(has(&found, "plok", "value"));
    assert_int_equal(found.end - found.start, 2);
    dw_assist_free(&found);
    found = complete(&c, "pi‸", bare);
    assert_true(has(&found, "pi", "constant"));
    dw_assist_free(&found);
    gives(&c, "qa = 1; qb(x) = 2\nqc = (qd = 3)\nf(qf = 1)\nq‸", "q", "qa qb qc quantile");
    gives(&c, "λ_first = 1\nλ‸", "λ", "λ_first");
    gives(&c, "W₁ = 1\nqa = 1\nqa = 2\nW‸", "W", "W1");
    gives(&c, "‸", "", "-");
    gives(&c, "x = 1e5‸", "", "-");
    cell_close(&c);
}

static void nothing_in_texts_and_comments(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    gives(&c, "x = 1 # otherw‸", "", "-");
    gives(&c, "print(\"otherw‸\")", "", "-");
    gives(&c, "print(\"a {x} otherw‸", "", "-");
    gives(&c, "“otherw‸", "", "-");
    gives(&c, "print(\"a # b\") + otherw‸", "otherw", "otherwise");
    gives(&c, "print(\"a {otherw‸", "otherw", "otherwise");
    gives(&c, "print(\"a {f(\"b\") + otherw‸}\")", "otherw", "otherwise");
    gives(&c, "# a \"text\nx = otherw‸", "otherw", "otherwise");
    gives(&c, "x = \"broken\nx = otherw‸", "otherw", "otherwise");
    gives(&c, "x = $ @ § 2x\nx = otherw‸", "otherw", "otherwise");
    cell_close(&c);
}

static void options_of_calls(void **state) {
    (void)state;
    cell c;
    char bare[512];
    cell_open(&c);
    run(&c, "step(x, height = 1, width = 2; w = 3) = x");
    gives(&c, "step(1, ‸", "", "height =  width =  w = ");
    gives(&c, "step(1, hei‸", "hei", "height = ");
    gives(&c, "step(1, height = 2, ‸)", "", "width =  w = ");
    gives(&c, "step(1, [2, 3], \"a, (b\", ‸", "", "height =  width =  w = ");
    gives(&c, "step(max(1, 2), ‸", "", "height =  width =  w = ");
    gives(&c, "step(1 + ‸", "", "-");
    gives(&c, "step(1)(‸", "", "-");
    gives(&c, "step (‸", "", "-");
    gives(&c, "x = (1\nstep(\n  1,\n  wid‸", "wid", "width = ");
    dw_matches found = complete(&c, "plot(sin, -1..2, ‸", bare);
    assert_true(has(&found, "title = ", "option"));
    assert_true(has(&found, "xlabel = ", "option"));
    dw_assist_free(&found);
    found = complete(&c, "plot(sin, title = \"a\", ti‸", bare);
    assert_false(has(&found, "title = ", "option"));
    dw_assist_free(&found);
    cell_close(&c);
}

static void fields_of_values(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    run(&c, "r = (loss = 0.1, steps = 3, inner = (a = 1, best = 2))\n"
            "t = [(n = 1, m = 2), (n = 3, m = 4)]\n"
            "net(x; W1 = 1, b1 = 0) = x\n"
            "arrow = 1 → 2 → net → 1\n"
            "p = fraction([true, false, true])\n");
    gives(&c, "r.‸", "", "loss steps inner");
    gives(&c, "r.st‸", "st", "steps");
    gives(&c, "1 + r.inner.‸", "", "a best");
    gives(&c, "t.‸", "", "n m");
    gives(&c, "t[2].‸", "", "n m");
    gives(&c, "f(t[x[1]].n‸)", "n", "n");
    gives(&c, "net.‸", "", "W1 b1");
    gives(&c, "net.W₁‸", "W₁", "W1");
    gives(&c, "arrow.‸", "", "W1 b1 W1_1 b1_1 W2 b2");
    gives(&c, "arrow.W‸", "W", "W1 W1_1 W2");
    gives(&c, "p.‸", "", "value low high n interval");
    gives(&c, "p.in‸", "in", "interval");
    gives(&c, "\"{p.hi‸}\"", "hi", "high");
    gives(&c, "nobody.‸", "", "-");
    gives(&c, "r.nobody.‸", "", "-");
    gives(&c, "r(1).‸", "", "-");
    gives(&c, "].‸", "", "-");
    gives(&c, "3.‸", "", "-");
    gives(&c, "1..otherw‸", "otherw", "otherwise");
    cell_close(&c);
}

static void symbols_by_name(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    gives(&c, "\\lam‸", "\\lam", "λ");
    gives(&c, "\\e‸", "\\e", "\\epsilon \\eta \\ell");
    gives(&c, "\\l‸", "\\l", "\\lambda \\le \\leq");
    gives(&c, "\\lambda‸", "\\lambda", "λ");
    gives(&c, "x + \\Th‸", "\\Th", "Θ");
    gives(&c, "x\\^2‸", "\\^2", "²");
    gives(&c, "W\\_1‸", "\\_1", "₁");
    gives(&c, "\"title \\sigma‸", "\\sigma", "σ");
    gives(&c, "\\le‸", "\\le", "≤");
    gives(&c, "\\inf‸", "\\inf", "∞");
    gives(&c, "\\nothing‸", "", "-");
    cell_close(&c);
}

static void any_cursor_in_any_bytes(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    run(&c, "r = (loss = 0.1, steps = 3)");
    static const char *const texts[] = {
        "plot(r.loss, \"{r.st} λ\", title = “😀”) # r.",
        "\xFF\xFE r.\x80 plot(\xC3",
        "\"{\"{\"{\"{\"{ ((((([[[[]]]]))))) }\"}\"",
        "a]]].]]]b[[[.c...d..e",
        "\\\\\\lambda\\",
        "x\0y.plot(\0",
        "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((r.",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t size = i == 5 ? 9 : strlen(texts[i]);
        for (size_t cursor = 0; cursor <= size + 3; cursor++) {
            dw_matches found;
            dw_err err = {0};
            dw_buf help;
            dw_buf_init(&help, &c.mem);
            assert_true(dw_assist_complete(&c.eval, texts[i], size, cursor, &found, &err));
            assert_true(found.start <= found.end && found.end <= size);
            dw_assist_free(&found);
            dw_assist_inspect(&c.eval, texts[i], size, cursor, 1, &help);
            dw_buf_free(&help);
        }
    }
    cell_close(&c);
}

static void memory_may_run_out(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    run(&c, "speed = 1\nspin(x) = x");
    for (long n = 1; n < 10000; n++) {
        size_t before = c.mem.used;
        dw_matches found;
        dw_err err = {0};
        c.mem.fail_at = n;
        bool good = dw_assist_complete(&c.eval, "sp", 2, 2, &found, &err);
        assert_int_equal(good, err.kind == DW_ERR_NONE);
        dw_assist_free(&found);
        assert_int_equal(c.mem.used, before);
        if (c.mem.fail_at > 0)
            break;
    }
    assert_true(c.mem.fail_at > 0);
    c.mem.fail_at = 0;
    cell_close(&c);
}

static void a_long_cell_stays_quick(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    size_t size = (size_t)1 << 20;
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t i = 0; i < size; i++)
        text[i] = "$ ( \"{"[i % 6];
    text[size - 1] = 'x';
    for (int i = 0; i < 20; i++) {
        dw_matches found;
        dw_err err = {0};
        assert_true(dw_assist_complete(&c.eval, text, size, size, &found, &err));
        dw_assist_free(&found);
    }
    free(text);
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_words),    cmocka_unit_test(nothing_in_texts_and_comments),
        cmocka_unit_test(options_of_calls),   cmocka_unit_test(fields_of_values),
        cmocka_unit_test(symbols_by_name),    cmocka_unit_test(any_cursor_in_any_bytes),
        cmocka_unit_test(memory_may_run_out), cmocka_unit_test(a_long_cell_stays_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
