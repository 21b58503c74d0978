/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums, means, spreads, orders, through the language. */
#include "cell.h"

static void examples_show_what_they_promise(void **state) {
    (void)state;
    cell_walk(dw_lib_stats);
}

static void sums_take_everything_numeric(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "sum([])", "0");
    cell_expect(&c, "sum(5)", "5");
    cell_expect(&c, "sum([1, 2; 3, 4])", "10");
    cell_expect(&c, "sum([1, 2, 3] > 1)", "2");
    cell_expect(&c, "sum(1..100)", "5050");
    cell_expect(&c, "sum(0.1*k for k in 1..3) == 0.1 + 0.2 + 0.1*3", "true");
    cell_expect(&c, "product([])", "1");
    cell_refuse(&c, "sum(\"abc\")", DW_ERR_TYPE, "sum needs numbers for values, this is a text");
    cell_refuse(&c, "sum(sin)", DW_ERR_TYPE, "the function sin");
    cell_close(&c);
}

static void means_and_spreads(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "mean([true, false])", "0.5");
    cell_expect(&c, "median([4, 1, 3, 2])", "2.5");
    cell_expect(&c, "variance([1e9 + 1, 1e9 + 3, 1e9 + 5])", "4");
    cell_expect(&c, "quantile([10, 20], 0.5)", "15");
    cell_expect(&c, "norm([3, 4]) + norm(-5)", "10");
    cell_refuse(&c, "mean([])", DW_ERR_VALUE, "mean needs at least 1 number, but there is none");
    cell_refuse(&c, "std(3)", DW_ERR_VALUE, "std needs at least 2 numbers, but there is only one");
    cell_refuse(&c, "quantile([1, 2], 95)", DW_ERR_VALUE, "from 0 to 1");
    cell_close(&c);
}

static void places_count_from_one(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "argmin([3; 1; 1])", "2");
    cell_expect(&c, "argmax(7)", "1");
    cell_refuse(&c, "argmax([1, 2; 3, 4])", DW_ERR_SHAPE, "a 2×2 matrix");
    cell_refuse(&c, "argmax([])", DW_ERR_VALUE, "none in here");
    cell_close(&c);
}

static void count_counts_elements(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "count([1, 2; 3, 4])", "4");
    cell_expect(&c, "count([])", "0");
    cell_expect(&c, "count(7)", "1");
    cell_expect(&c, "count([\"a\", \"b\", \"c\"])", "3");
    cell_expect(&c, "count(\"ŷ ≈ y\")", "5");
    cell_expect(&c, "count(2..5)", "4");
    cell_expect(&c, "count((a = 1, b = 2))", "2");
    cell_refuse(&c, "count(sin)", DW_ERR_TYPE, "this is the function sin");
    cell_close(&c);
}

static void truths_of_all_and_any(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "all([])", "true");
    cell_expect(&c, "any([])", "false");
    cell_expect(&c, "all([true, false])", "false");
    cell_expect(&c, "any(x > 2 for x in 1..3)", "true");
    cell_expect(&c, "all(true)", "true");
    cell_refuse(&c, "all([1, 2])", DW_ERR_TYPE, "all needs truth values, these are numbers");
    cell_close(&c);
}

static void running_sums_and_differences_keep_direction(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "cumsum([1; 2; 3])'", "[1, 3, 6]");
    cell_expect(&c, "rows(diff([1; 4; 9]))", "2");
    cell_expect(&c, "count(diff([1]))", "0");
    cell_expect(&c, "cumsum([true, true])", "[1, 2]");
    cell_refuse(&c, "cumsum(eye(2))", DW_ERR_SHAPE, "cumsum needs a row or a column");
    cell_refuse(&c, "diff([])", DW_ERR_VALUE, "diff needs at least 1 number");
    cell_close(&c);
}

static void sorting_numbers_and_texts(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "sort([3; 1; 2])'", "[1, 2, 3]");
    cell_expect(&c, "sort([2, NaN, 3, 1], down = true)", "[3, 2, 1, NaN]");
    cell_expect(&c, "sort([\"b\", \"ab\", \"a\"])", "[\"a\", \"ab\", \"b\"]");
    cell_expect(&c, "sort([\"b\", \"ab\", \"a\"], down = true)", "[\"b\", \"ab\", \"a\"]");
    cell_expect(&c, "reverse([\"b\", \"ab\"])", "[\"ab\", \"b\"]");
    cell_expect(&c, "reverse([1, 2; 3, 4])[1, :]", "[2, 1]");
    cell_refuse(&c, "sort([\"a\", 1])", DW_ERR_TYPE, "only numbers or only texts");
    cell_refuse(&c, "sort(eye(2))", DW_ERR_SHAPE, "sort needs a row or a column");
    cell_close(&c);
}

/* What was given to a function stays as it was. */
static void arguments_are_not_changed(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "((x) ↦ [sort(x), reverse(x), cumsum(x), round(x), x])([3.5, 1])",
                "[1, 3.5, 1, 3.5, 3.5, 4.5, 4, 1, 3.5, 1]");
    cell_close(&c);
}

static const dw_builtin *row_of(const char *name) {
    const dw_builtin *const tables[] = {dw_lib_stats, dw_lib_math, dw_lib_net};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (const dw_builtin *row = tables[t]; row->name != NULL; row++)
            if (strcmp(row->name, name) == 0)
                return row;
    fail_msg("%s is no word", name);
    return NULL;
}

enum { MANY = 100000 };

static dw_value many_truths(cell *c) {
    dw_err err = {0};
    dw_tensor *column = dw_tensor_raw(&c->mem, MANY, 1, &err);
    assert_non_null(column);
    for (size_t i = 0; i < MANY; i++)
        column->data[i] = 1;
    column->truth = true;
    return dw_value_array(column);
}

static dw_value many_texts(cell *c) {
    dw_err err = {0};
    dw_value texts;
    assert_true(dw_value_list(&c->mem, 1, MANY, &texts, &err));
    for (size_t i = 0; i < MANY; i++)
        assert_true(dw_value_text(&c->mem, "a", 1, &texts.as.list->items[i], &err));
    return texts;
}

/* Runs a word on x, which it takes, with an interrupt pending. */
static void stop(cell *c, const char *word, dw_value x) {
    dw_err err = {0};
    dw_value answer = dw_value_nothing();
    dw_call call = {.eval = &c->eval, .mem = &c->mem, .cancel = &c->eval.cancel, .err = &err};
    call.builtin = row_of(word);
    call.args[0] = x;
    call.rest = &x;
    call.count = call.rest_count = 1;
    c->eval.err = &err;
    atomic_store(&c->eval.cancel.running, 1);
    dw_cancel_request(&c->eval.cancel);
    if (call.builtin->run(&call, &answer) || err.kind != DW_ERR_INTERRUPT)
        fail_msg("%s went on to the end", word);
    dw_value_release(x);
}

/* An interrupt that comes when the word is at work already, not while it is called. */
static void an_interrupt_ends_long_ways(void **state) {
    (void)state;
    static const char *const words[] = {
        "sum",  "product", "mean",    "median", "std",     "norm",     "argmin", "argmax", "cumsum",
        "diff", "sort",    "reverse", "round",  "softmax", "variance", "all",    "max",    "min"};
    cell c;
    cell_open(&c);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        stop(&c, words[i], many_truths(&c));
        if (strcmp(words[i], "sort") == 0)
            stop(&c, words[i], many_texts(&c));
    }
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(sums_take_everything_numeric),
        cmocka_unit_test(means_and_spreads),
        cmocka_unit_test(places_count_from_one),
        cmocka_unit_test(count_counts_elements),
        cmocka_unit_test(truths_of_all_and_any),
        cmocka_unit_test(running_sums_and_differences_keep_direction),
        cmocka_unit_test(sorting_numbers_and_texts),
        cmocka_unit_test(arguments_are_not_changed),
        cmocka_unit_test(an_interrupt_ends_long_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
