/* SPDX-License-Identifier: BSD-3-Clause */
/* Questions and how they end, numbers in texts, definitions proposed. */
#include "notebook.h"

static struct {
    dw_ask end;
    const char *answer;
    char heard[200]; /* the questions, "!" behind hidden ones */
    char proposed[200];
    bool lost; /* the answer did not fit into memory */
} person;

static dw_ask listen(void *context, const char *question, size_t size, bool hidden,
                     dw_buf *answer) {
    (void)context;
    strncat(person.heard, question, size);
    strcat(person.heard, hidden ? "!" : "|");
    if (person.end == DW_ASK_ANSWERED)
        dw_buf_text(answer, person.answer);
    answer->failed = answer->failed || person.lost;
    return person.end;
}

static void propose(void *context, const char *text, size_t size) {
    (void)context;
    assert_true(size < sizeof person.proposed);
    memcpy(person.proposed, text, size);
    person.proposed[size] = '\0';
}

static void open_with(notebook *nb, dw_ask end, const char *answer) {
    notebook_open(nb);
    nb->host.ask = listen;
    nb->host.propose = propose;
    memset(&person, 0, sizeof person);
    person.end = end;
    person.answer = answer;
}

static void asks(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    open_with(&nb, DW_ASK_ANSWERED, "4");
    assert_true(notebook_run(&nb, "x = ask(\"a?\") + ask(\"b?\", hidden = true)\nx", &err));
    assert_string_equal(nb.out.data, "\"44\"\n");
    assert_string_equal(person.heard, "a?|b?!");
    notebook_close(&nb);
}

static void fails_with(dw_ask end, bool lost, const char *source, dw_err_kind kind,
                       const char *words) {
    notebook nb;
    dw_err err = {0};
    open_with(&nb, end, "4");
    person.lost = lost;
    assert_false(notebook_run(&nb, source, &err));
    if (err.kind != kind || strstr(err.text, words) == NULL)
        fail_msg("%s: %s: %s", source, dw_err_ename(err.kind), err.text);
    assert_true(err.has_place);
    notebook_close(&nb);
}

static void says_why_there_is_no_answer(void **state) {
    (void)state;
    const char *source = "y = 1\nx = ask(\"a?\")";
    fails_with(DW_ASK_NOBODY, false, source, DW_ERR_INPUT, "nobody to answer");
    fails_with(DW_ASK_ENDED, false, source, DW_ERR_INPUT, "the input has ended");
    fails_with(DW_ASK_STOPPED, false, source, DW_ERR_INTERRUPT, "stopped here");
    fails_with(DW_ASK_ANSWERED, true, source, DW_ERR_MEMORY, "this answer");
    fails_with(DW_ASK_ANSWERED, false, "f(x) = x*number(ask(\"a?\"))\nf'(1)", DW_ERR_INPUT,
               "ask before");
    notebook_refuses("ask(\"a?\")", DW_ERR_INPUT, "nobody to answer", "ask(\"a?\")");
    notebook_refuses("ask(\"a?\", hidden = 3)", DW_ERR_TYPE, "true or false for hidden", "3");
}

static void is_quiet_where_nobody_looks(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    open_with(&nb, DW_ASK_ANSWERED, "4");
    nb.eval.quiet = true;
    assert_false(notebook_run(&nb, "ask(\"a?\")", &err));
    assert_int_equal(err.kind, DW_ERR_INPUT);
    assert_string_equal(person.heard, "");
    nb.eval.quiet = false;
    nb.eval.ahead = true;
    dw_err_clear(&err);
    assert_false(notebook_run(&nb, "ask(\"a?\")", &err));
    assert_non_null(strstr(err.text, "ask before the block"));
    notebook_close(&nb);
}

/* Elements whose descents run side by side are rehearsed, but nobody is asked twice. */
static void asks_once_for_each_element(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    open_with(&nb, DW_ASK_ANSWERED, "2");
    assert_true(notebook_run(&nb,
                             "g(k) = do\n  c = number(ask(\"{k}\"))\n"
                             "  minimize(x ↦ (x - k*c)^2, from = 0).x\nend\n[g(k) for k in 1..7]",
                             &err));
    assert_string_equal(nb.out.data, "[2, 4, 6, 8, 10, 12, 14]\n");
    assert_string_equal(person.heard, "1|2|3|4|5|6|7|");
    notebook_close(&nb);
}

static void reads_numbers(void **state) {
    (void)state;
    notebook_says("[number(\"3.5\"), number(\" −2\t\"), number(\"6e-3\"), number(7)]",
                  "[3.5, -2, 0.006, 7]\n");
    notebook_refuses("number(\"3,5\")", DW_ERR_VALUE, "write a point", "\"3,5\"");
    notebook_refuses("number(\"-\")", DW_ERR_VALUE, "digits are needed", "\"-\"");
    notebook_refuses("number(\"−\")", DW_ERR_VALUE, "digits are needed", "\"−\"");
    notebook_refuses("number([1, 2])", DW_ERR_TYPE, "text", "[1, 2]");
    char source[700] = "number(\"";
    for (size_t i = 0; i < 600; i++)
        source[8 + i] = '1';
    strcpy(source + 608, "\")");
    dw_err err = {0};
    notebook nb;
    notebook_open(&nb);
    assert_false(notebook_run(&nb, source, &err));
    assert_non_null(strstr(err.text, "111…\" is not a number"));
    notebook_close(&nb);
}

static void proposes_definitions(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    open_with(&nb, DW_ASK_ANSWERED, "");
    assert_true(notebook_run(&nb, "f(x) = x +\n  1\ng = x ↦ 2*x\nedit(f)", &err));
    assert_string_equal(person.proposed, "f(x) = x +\n  1");
    assert_true(notebook_run(&nb, "edit(g)", &err));
    assert_string_equal(person.proposed, "g = x ↦ 2*x");
    assert_true(notebook_run(&nb, "edit(y ↦ 3*y)", &err));
    assert_string_equal(person.proposed, "y ↦ 3*y");
    assert_null(nb.out.data);
    nb.host.propose = NULL; /* no cells: it is printed */
    assert_true(notebook_run(&nb, "edit(g)", &err));
    assert_string_equal(nb.out.data, "g = x ↦ 2*x\n");
    notebook_close(&nb);
    notebook_refuses("edit(sin)", DW_ERR_VALUE, "?sin", "sin");
    notebook_refuses("edit(1 → 2 → 1)", DW_ERR_VALUE, "a function of yours", "1 → 2 → 1");
    notebook_refuses("edit(3)", DW_ERR_TYPE, "function", "3");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("f(x) = x + 1234567890 + 1234567890 + 1234567890\nedit(f)\nnumber(\"3\")");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks),
        cmocka_unit_test(says_why_there_is_no_answer),
        cmocka_unit_test(is_quiet_where_nobody_looks),
        cmocka_unit_test(asks_once_for_each_element),
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(proposes_definitions),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
