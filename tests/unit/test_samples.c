/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables as samples: which columns are inputs, and answers as numbers or labels. */
#include "lang/samples.h"

#include "cells.h"

static void the_other_columns_of_numbers_are_inputs(void **state) {
    (void)state;
    cells_expect("t = table(a = [1, 2], b = [3, 4; 5, 6], word = [\"p\", \"q\"], y = [9, 14])\n"
                 "accuracy(v ↦ v[1] + v[2] + v[3], t).value",
                 "0.5"); /* 1 + 3 + 5 and 2 + 4 + 6 */
    cells_expect("t = table(x = [1, 2], b = [3, 4], y = [1, 2])\naccuracy(v ↦ v, t).value", "1");
    cells_expect("t = table(x = [1, 2], z = [7, 7])\naccuracy(v ↦ v, t, target = \"x\").value",
                 "0");
    cell c;
    cell_open(&c);
    cell_refuse(&c, "accuracy(sin, table(a = 1..2))", DW_ERR_NAME,
                "needs a column y; this table has a");
    cell_refuse(&c, "accuracy(sin, table(y = 1..2))", DW_ERR_NAME, "needs a column x");
    cell_refuse(&c, "accuracy(sin, table(x = 1..2, y = 1..2), target = \"no\")", DW_ERR_NAME,
                "needs a column no");
    cell_refuse(&c, "accuracy(sin, table(x = [], y = []))", DW_ERR_VALUE, "at least one row");
    cell_refuse(&c, "accuracy(sin, 3)", DW_ERR_TYPE, "needs a table");
    cell_close(&c);
}

/* A call with one argument, for the functions that read tables. */
static dw_call call_of(cell *c, dw_err *err) {
    static const dw_builtin row = {.name = "try", .signature = "try(t, target)"};
    return (dw_call){.eval = &c->eval, .builtin = &row, .mem = &c->mem, .err = err, .count = 2};
}

/* A table of numbers with columns x (two numbers a row) and y. */
static dw_value table_of(cell *c, const double *x, const double *y, size_t rows) {
    static const char *const names[] = {"x", "y"};
    dw_err err = {0};
    dw_value table;
    assert_true(dw_value_record(&c->mem, DW_TABLE, names, 2, rows, &table, &err));
    dw_tensor *inputs = dw_tensor_raw(&c->mem, 2, rows, &err);
    dw_tensor *answers = dw_tensor_raw(&c->mem, 1, rows, &err);
    memcpy(inputs->data, x, 2 * rows * sizeof *x);
    memcpy(answers->data, y, rows * sizeof *y);
    table.as.record->fields[0].value = dw_value_array(inputs);
    table.as.record->fields[1].value = dw_value_array(answers);
    return table;
}

static void numbers_stand_sample_after_sample(void **state) {
    (void)state;
    cell c;
    dw_err err = {0};
    dw_samples s;
    dw_value labels;
    double *x, *y;
    size_t width;
    cell_open(&c);
    dw_call call = call_of(&c, &err);
    call.args[0] = table_of(&c, (double[]){1, 2, 3, 10, 20, 30}, (double[]){5, 3, 5}, 3);
    assert_true(dw_samples_open(&call, 0, 1, &s));
    assert_int_equal(s.count, 3);
    assert_true(dw_samples_inputs(&call, &s, &x, &width));
    assert_int_equal(width, 2);
    assert_memory_equal(x, ((double[]){1, 10, 2, 20, 3, 30}), 6 * sizeof *x);
    assert_true(dw_samples_answers(&call, &s, false, &y, &labels));
    assert_memory_equal(y, ((double[]){5, 3, 5}), 3 * sizeof *y);
    assert_int_equal(labels.kind, DW_NOTHING);
    dw_mem_free(y);
    assert_true(dw_samples_answers(&call, &s, true, &y, &labels));
    assert_memory_equal(y, ((double[]){1, 0, 1}), 3 * sizeof *y);
    assert_int_equal(labels.as.list->count, 2);
    assert_true(labels.as.list->items[1].as.number == 5);
    dw_mem_free(x);
    dw_mem_free(y);
    dw_value_release(labels);
    dw_samples_close(&s);
    dw_value_release(call.args[0]);
    cell_close(&c);
}

static void numbers_must_be_finite(void **state) {
    (void)state;
    cell c;
    dw_err err = {0};
    dw_samples s;
    dw_value labels;
    double *x;
    size_t width;
    cell_open(&c);
    dw_call call = call_of(&c, &err);
    call.args[0] = table_of(&c, (double[]){1, 0.0 / 0.0, 3, 4}, (double[]){1, 1.0 / 0.0}, 2);
    assert_true(dw_samples_open(&call, 0, 1, &s));
    assert_false(dw_samples_inputs(&call, &s, &x, &width));
    assert_int_equal(err.kind, DW_ERR_DATA);
    assert_non_null(strstr(err.text, "row 2"));
    err = (dw_err){0};
    assert_false(dw_samples_answers(&call, &s, false, &x, &labels));
    assert_non_null(strstr(err.text, "row 2"));
    dw_samples_close(&s);
    dw_value_release(call.args[0]);
    cell_close(&c);
}

static void labels_are_in_order(void **state) {
    (void)state;
    cells_expect(
        "t = table(x = 1..5, y = [\"b\", \"a\", 10, \"ab\", 9])\nconfusion(v ↦ 9, t).truth",
        "[9, 10, \"a\", \"ab\", \"b\"]");
    cell c;
    cell_open(&c);
    cell_refuse(&c, "confusion(v ↦ \"a\", table(x = 1..2, y = [sin, cos]))", DW_ERR_TYPE,
                "labels are texts, numbers or truth values");
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_other_columns_of_numbers_are_inputs),
        cmocka_unit_test(numbers_stand_sample_after_sample),
        cmocka_unit_test(numbers_must_be_finite),
        cmocka_unit_test(labels_are_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
