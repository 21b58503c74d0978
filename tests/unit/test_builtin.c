/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry: every row of every library says what it must, and its example runs. */
#include "lang/builtin.h"

#include "notebook.h"

#include <stdlib.h>
#include <unistd.h>

static const dw_builtin *parameter_row(const char *signature) {
    static dw_builtin row;
    row.signature = signature;
    return &row;
}

static void reads_signatures(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool optional, rest;
    } wanted[] = {{"things", false, true},
                  {"f", false, false},
                  {"title", true, false},
                  {"ends", true, false}};
    const dw_builtin *row = parameter_row("p(things…, f, title = \"a, (b\", ends = [0, (1)])");
    const char *start;
    size_t size;
    bool optional, rest;
    for (size_t i = 0; i < 4; i++) {
        assert_true(dw_builtin_parameter(row, i, &start, &size, &optional, &rest));
        assert_int_equal(size, strlen(wanted[i].name));
        assert_memory_equal(start, wanted[i].name, size);
        assert_int_equal(optional, wanted[i].optional);
        assert_int_equal(rest, wanted[i].rest);
    }
    assert_false(dw_builtin_parameter(row, 4, &start, &size, &optional, &rest));
    assert_false(dw_builtin_parameter(parameter_row("f()"), 0, &start, &size, &optional, &rest));
    assert_false(dw_builtin_parameter(parameter_row("pi"), 0, &start, &size, &optional, &rest));
}

/* A signature begins with the name, its parameters have different names, and one that takes any
 * number of values stands first. */
static void check_signature(const dw_builtin *row) {
    const char *start, *other;
    size_t size, length, count = 0;
    bool optional, rest, unused;
    size_t name = strlen(row->name);
    if (strncmp(row->signature, row->name, name) != 0 ||
        (row->run != NULL ? row->signature[name] != '(' : row->signature[name] != '\0'))
        fail_msg("%s: its signature is %s", row->name, row->signature);
    for (; dw_builtin_parameter(row, count, &start, &size, &optional, &rest); count++) {
        if (rest && count > 0)
            fail_msg("%s: … stands first", row->name);
        for (size_t k = 0; k < count; k++)
            if (dw_builtin_parameter(row, k, &other, &length, &unused, &unused) && length == size &&
                memcmp(other, start, size) == 0)
                fail_msg("%s: two parameters are called %.*s", row->name, (int)size, start);
    }
    if (count > DW_BUILTIN_PARAMETERS)
        fail_msg("%s has %zu parameters", row->name, count);
}

static void check_see(const dw_builtin *row) {
    char words[256], *rest = words;
    assert_true(strlen(row->see) < sizeof words);
    strcpy(words, row->see);
    for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;)
        if (dw_builtin_find(word) == NULL || strcmp(word, row->name) == 0)
            fail_msg("%s: see %s", row->name, word);
}

static void every_row_is_complete(void **state) {
    (void)state;
    const dw_builtin *row;
    for (size_t i = 0; (row = dw_builtin_at(i)) != NULL; i++) {
        if (row->group == NULL || row->help == NULL || row->example == NULL || row->see == NULL ||
            strlen(row->group) == 0 || strlen(row->help) < 10)
            fail_msg("%s: something is missing", row->name);
        const char *end = strchr(row->help, '\n');
        size_t size = end != NULL ? (size_t)(end - row->help) : strlen(row->help);
        if (strchr(".:", row->help[size - 1]) == NULL)
            fail_msg("%s: the first line of its help is no sentence: %s", row->name, row->help);
        if (strstr(row->example, row->name) == NULL &&
            (row->alias == NULL || strstr(row->example, row->alias) == NULL))
            fail_msg("%s: its example is about something else", row->name);
        check_signature(row);
        check_see(row);
    }
}

static void names_are_there_once(void **state) {
    (void)state;
    const dw_builtin *row;
    for (size_t i = 0; (row = dw_builtin_at(i)) != NULL; i++) {
        if (dw_builtin_find(row->name) != row)
            fail_msg("%s is there twice", row->name);
        if (row->alias != NULL && dw_builtin_find(row->alias) != row)
            fail_msg("%s is there twice", row->alias);
    }
    assert_null(dw_builtin_find("no_such_word"));
}

/* What an example promises behind "# → ", with the next "# " lines as further lines. */
static void check_example(const dw_builtin *row, const char *shown) {
    const char *promise = strstr(row->example, "# → ");
    if (promise == NULL)
        return;
    if (strcmp(promise, "# → a plot") == 0) { /* what it shows is told, not named */
        assert_true(strlen(shown) > 20);
        return;
    }
    promise += strlen("# → ");
    const char *end = strchr(promise, '\n');
    size_t size = end != NULL ? (size_t)(end - promise) : strlen(promise);
    size_t length = strlen(shown);
    if (length > 0 && shown[length - 1] == '\n')
        length--;
    if (length < size || memcmp(shown + length - size, promise, size) != 0)
        fail_msg("%s: the example shows\n%s\nbut promises %.*s", row->name, shown, (int)size,
                 promise);
}

/* Answers with what stands behind "# answer: " in the example. */
static dw_ask answer_example(void *context, const char *question, size_t size, bool hidden,
                             dw_buf *answer) {
    const dw_builtin *row = dw_builtin_find("ask");
    const char *from = strstr(row->example, "# answer: ");
    (void)context;
    assert_true(size > 0 && question[size - 1] == ' ' && !hidden && from != NULL);
    from += strlen("# answer: ");
    dw_buf_add(answer, from, strcspn(from, "\n"));
    return DW_ASK_ANSWERED;
}

static void every_example_runs(void **state) {
    (void)state;
    char folder[] = "/tmp/dw-test-XXXXXX";
    const dw_builtin *row;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    for (size_t i = 0; (row = dw_builtin_at(i)) != NULL; i++) {
        notebook nb;
        dw_err err = {0};
        notebook_open(&nb);
        nb.eval.folder = folder;
        nb.host.ask = answer_example;
        if (!notebook_run(&nb, row->example, &err))
            fail_msg("%s: its example fails: %s\n%s", row->name, err.text, row->example);
        check_example(row, nb.out.data == NULL ? "" : nb.out.data);
        notebook_close(&nb);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_signatures),
        cmocka_unit_test(every_row_is_complete),
        cmocka_unit_test(names_are_there_once),
        cmocka_unit_test(every_example_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
