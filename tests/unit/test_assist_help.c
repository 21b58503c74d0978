/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages of help: every builtin, word and topic has one; names of the notebook show what they are.
 */
#include "lang/assist.h"

#include "cell.h"
#include "syntax/lex.h"
#include <stdio.h>
#include <stdlib.h>

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

static void page_has(cell *c, const char *topic, const char *text) {
    dw_buf out;
    dw_buf_init(&out, &c->mem);
    if (!dw_assist_help(&c->eval, topic, &out))
        fail_msg("no page on %s", topic);
    if (strstr(out.data, text) == NULL)
        fail_msg("the page on %s lacks '%s':\n%s", topic == NULL ? "nothing" : topic, text,
                 out.data);
    dw_buf_free(&out);
}

/* Inspects at the sign ‸; text NULL: nothing to say. */
static void inspects(cell *c, const char *source, int detail, const char *text) {
    char bare[512];
    const char *cursor = strstr(source, "‸");
    assert_non_null(cursor);
    size_t at = (size_t)(cursor - source);
    snprintf(bare, sizeof bare, "%.*s%s", (int)at, source, cursor + strlen("‸"));
    dw_buf out;
    dw_buf_init(&out, &c->mem);
    bool found = dw_assist_inspect(&c->eval, bare, strlen(bare), at, detail, &out);
    assert_int_equal(found, text != NULL);
    if (text != NULL && strstr(out.data, text) == NULL)
        fail_msg("%s lacks '%s':\n%s", source, text, out.data);
    dw_buf_free(&out);
}

static void every_builtin_has_a_whole_page(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    const dw_builtin *row;
    size_t i;
    for (i = 0; (row = dw_builtin_at(i)) != NULL; i++) {
        assert_true(row->help != NULL && row->help[0] != '\0');
        page_has(&c, row->name, row->help);
        if (row->example != NULL && row->example[0] != '\0')
            page_has(&c, row->name, "Example\n  ");
        if (row->alias != NULL)
            page_has(&c, row->alias, row->help);
        const char *see = row->see == NULL ? "" : row->see;
        while (*see != '\0') {
            char word[64];
            size_t size = strcspn(see, " ");
            assert_true(size < sizeof word);
            memcpy(word, see, size);
            word[size] = '\0';
            if (size > 0)
                page_has(&c, word, "\n");
            see += size + (see[size] == ' ');
        }
    }
    assert_true(i > 40);
    cell_close(&c);
}

static void every_word_has_a_page(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    for (int kind = DW_TOKEN_IF; kind < DW_TOKEN_KINDS; kind++) {
        const char *word = dw_lex_spelling((dw_token_kind)kind);
        page_has(&c, word, word);
    }
    page_has(&c, "→", "net");
    page_has(&c, "±", "margin");
    cell_close(&c);
}

static void topics(void **state) {
    (void)state;
    cell c;
    dw_buf out;
    cell_open(&c);
    page_has(&c, NULL, "on one page");
    page_has(&c, "shapes", "m×n * n×k");
    page_has(&c, "plots", "title");
    page_has(&c, "symbols", "\\lambda");
    page_has(&c, "functions", "otherwise");
    page_has(&c, "functions", "sqrt");
    dw_buf_init(&out, &c.mem);
    assert_false(dw_assist_help(&c.eval, "nobody", &out));
    assert_false(dw_assist_help(&c.eval, "", &out));
    assert_int_equal(out.size, 0);
    static const char *const names[] = {"shapes", "plots", "symbols", "functions"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_null(dw_builtin_find(names[i])); /* a builtin would hide the page */
    cell_close(&c);
}

/* Lines of the pages people read in a narrow place. */
static void pages_are_narrow(void **state) {
    (void)state;
    static const char *const names[] = {NULL, "shapes", "plots", "symbols", "functions"};
    cell c;
    cell_open(&c);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        dw_buf out;
        dw_buf_init(&out, &c.mem);
        assert_true(dw_assist_help(&c.eval, names[i], &out));
        size_t lines = 0;
        for (char *line = out.data; *line != '\0'; lines++) {
            size_t size = strcspn(line, "\n");
            if (size > 130) /* bytes; at most 100 columns with some symbols in it */
                fail_msg("too wide: %.*s", (int)size, line);
            line += size + (line[size] == '\n');
        }
        assert_true(lines < 60);
        if (names[i] == NULL)
            assert_true(lines <= 32);
        dw_buf_free(&out);
    }
    cell_close(&c);
}

static void names_of_the_notebook(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    run(&c, "λ = 100\nf(x, s = 2) = do\n  x + s\nend\ng = f\nv = [1, 2, 3]\nsin = 3");
    inspects(&c, "λ‸", 0, "λ is a number");
    inspects(&c, "1 + ‸λ", 0, "100");
    inspects(&c, "f(‸", 0, "f(x, s = 2)");
    inspects(&c, "f‸", 1, "x + s");
    inspects(&c, "g‸", 1, "x + s");
    inspects(&c, "v‸[1]", 0, "a row of 3");
    inspects(&c, "sin‸", 0, "sin is a number");
    cell_close(&c);
}

static void inspection_of_builtins(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    inspects(&c, "plo‸t", 0, "plot(");
    inspects(&c, "plot‸", 0, "plot(");
    inspects(&c, "plot(f, -1..2, ‸", 0, "plot(");
    inspects(&c, "plot(nobody‸", 0, "plot(");
    inspects(&c, "σ‸(x)", 0, "sigmoid");
    inspects(&c, "for‸ x in xs", 0, "loop");
    inspects(&c, "sqrt‸ # c", 0, "sqrt(");
    inspects(&c, "# sqrt‸", 0, NULL);
    inspects(&c, "\"sqrt‸\"", 0, NULL);
    inspects(&c, "nobody‸", 0, NULL);
    inspects(&c, "‸", 0, NULL);
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_builtin_has_a_whole_page),
        cmocka_unit_test(every_word_has_a_page),
        cmocka_unit_test(topics),
        cmocka_unit_test(pages_are_narrow),
        cmocka_unit_test(names_of_the_notebook),
        cmocka_unit_test(inspection_of_builtins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
