/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables as numbers to train with. */
#include "lang/dataset.h"

#include "cells.h"

/* A session with a table t in it. */
typedef struct {
    cell c;
    dw_err err;
    dw_mem own;
    dw_buf out;
    dw_call call;
    dw_dataset data;
} bench;

static const dw_builtin row = {.name = "try", .signature = "try(t, target)"};

static void prepare(bench *b, const char *source) {
    *b = (bench){.err = {0}};
    cell_open(&b->c);
    dw_buf_init(&b->out, &b->own);
    if (!cells_run(&b->c, source, &b->out, &b->err))
        fail_msg("%s: %s", source, b->err.text);
    b->call = (dw_call){.eval = &b->c.eval,
                        .builtin = &row,
                        .mem = &b->c.mem,
                        .cancel = &b->c.eval.cancel,
                        .err = &b->err,
                        .count = 2};
    b->call.args[0] = *dw_eval_name(&b->c.eval, "t");
}

static void release(bench *b) {
    dw_dataset_free(&b->data);
    dw_buf_free(&b->out);
    cell_close(&b->c);
}

static void samples_stand_one_after_the_other(void **state) {
    (void)state;
    bench b;
    dw_dataset_form form = {.column = 1, .inputs = 1, .outputs = 1};
    prepare(&b, "t = table(x = [1, 2; 3, 4], y = [5, 6])");
    assert_true(dw_dataset_inputs(&b.call, &form, &b.data));
    assert_true(dw_dataset_targets(&b.call, &form, &b.data));
    assert_true(b.data.count == 2 && b.data.inputs == 1);
    assert_true(b.data.input[0].rows == 2 && b.data.input[0].columns == 1);
    assert_memory_equal(b.data.input[0].numbers, ((double[]){1, 3, 2, 4}), 4 * sizeof(double));
    assert_memory_equal(b.data.target.numbers, ((double[]){5, 6}), 2 * sizeof(double));
    dw_dataset part;
    assert_true(dw_dataset_take(&b.c.mem, &b.data, (size_t[]){1}, 1, &part, &b.err));
    assert_memory_equal(part.input[0].numbers, ((double[]){2, 4}), 2 * sizeof(double));
    assert_true(part.target.numbers[0] == 6 && part.count == 1);
    dw_dataset_free(&part);
    release(&b);
}

static void several_inputs_are_columns_of_their_names(void **state) {
    (void)state;
    bench b;
    const char *names[] = {"q", "p"};
    dw_dataset_form form = {.column = 1, .inputs = 2, .names = names, .outputs = 1};
    prepare(&b, "t = table(p = 1..2, q = [7, 8; 9, 10], y = 0..1)");
    assert_true(dw_dataset_inputs(&b.call, &form, &b.data));
    assert_memory_equal(b.data.input[0].numbers, ((double[]){7, 9, 8, 10}), 4 * sizeof(double));
    assert_memory_equal(b.data.input[1].numbers, ((double[]){1, 2}), 2 * sizeof(double));
    dw_dataset_free(&b.data);
    names[0] = "r";
    assert_false(dw_dataset_inputs(&b.call, &form, &b.data));
    assert_non_null(strstr(b.err.text, "there is no column r"));
    release(&b);
}

static void expect_labels(const char *source, size_t classes, const char *shown) {
    bench b;
    dw_value labels;
    dw_buf text;
    dw_dataset_form form = {.column = 1, .inputs = 1, .outputs = classes};
    prepare(&b, source);
    if (!dw_dataset_labels(&b.call, &form, &labels))
        fail_msg("%s: %s", source, b.err.text);
    dw_buf_init(&text, &b.own);
    if (labels.kind != DW_NOTHING)
        dw_value_insert(&text, labels, 0);
    if (strcmp(text.data == NULL ? "" : text.data, shown) != 0)
        fail_msg("%s: labels %s instead of %s", source, text.data, shown);
    dw_buf_free(&text);
    dw_value_release(labels);
    release(&b);
}

static void labels_are_sorted_or_counted(void **state) {
    (void)state;
    expect_labels("t = table(x = 1..3, y = [\"b\", \"a\", \"b\"])", 2, "[\"a\", \"b\"]");
    expect_labels("t = table(x = 1..3, y = [7, 3, 7])", 2, "[3, 7]");
    expect_labels("t = table(x = 1..3, y = [3, 1, 1])", 4, "[1, 2, 3, 4]");
    expect_labels("t = table(x = 1..3, y = [3, 0, 1])", 4, "[0, 1, 2, 3]");
    expect_labels("t = table(x = 1..2, y = [0.5, 1; 0.5, 0])", 2, "");
}

static void words_of_tables_add_up(void **state) {
    (void)state;
    bench b;
    dw_value words = dw_value_nothing();
    dw_dataset_form form = {.column = 1, .inputs = 1, .outputs = 1};
    prepare(&b, "t = windows(words(\"b a c b\"), 2)");
    assert_true(dw_dataset_words(&b.call, &form, &words));
    assert_int_equal(words.as.list->count, 3);
    assert_string_equal(words.as.list->items[2].as.text->bytes, "c");
    form.words = words;
    assert_true(dw_dataset_inputs(&b.call, &form, &b.data));
    assert_memory_equal(b.data.input[0].numbers, ((double[]){2, 1, 1, 3}), 4 * sizeof(double));
    dw_value_release(words);
    release(&b);
}

static void expect_error(const char *source, const char *words) {
    bench b;
    dw_dataset_form form = {.column = 1, .inputs = 1, .outputs = 1};
    prepare(&b, source);
    bool fine =
        dw_dataset_inputs(&b.call, &form, &b.data) && dw_dataset_targets(&b.call, &form, &b.data);
    if (fine || strstr(b.err.text, words) == NULL)
        fail_msg("%s: %s", source, fine ? "no error" : b.err.text);
    release(&b);
}

static void bad_entries_are_named(void **state) {
    (void)state;
    expect_error("t = table(x = [1, 0/0], y = 1..2)", "row 2, column x is no number (NaN)");
    expect_error("t = table(a = 1..2, b = [1, 1/0], y = 1..2)", "row 2, column b is infinite");
    expect_error("t = table(x = 1..2, y = [1, 0/0])", "row 2, column y is no number");
    expect_error("t = table(x = [\"a\", \"b\"], y = 1..2)", "column x is a text");
    expect_error("t = table(x = 1..2, y = [\"a\", \"b\"])", "column y is the text a");
    expect_error("t = table(x = 1..2, y = [sin, cos])", "column y is the function sin");
    expect_error("t = windows(words(\"b a c b\"), 2)", "begins with embed");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_stand_one_after_the_other),
        cmocka_unit_test(several_inputs_are_columns_of_their_names),
        cmocka_unit_test(labels_are_sorted_or_counted),
        cmocka_unit_test(words_of_tables_add_up),
        cmocka_unit_test(bad_entries_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
