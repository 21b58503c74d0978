/* SPDX-License-Identifier: BSD-3-Clause */
/* Making, comparing and freeing values; what they are in words. */
#include "lang/value.h"

#include "notebook.h"

static void is_called(dw_value v, const char *words) {
    char out[DW_VALUE_WORDS];
    assert_string_equal(dw_value_words(v, out), words);
}

static void has_words_for_all(void **state) {
    (void)state;
    notebook_says("describe(1)\ndescribe(true)\ndescribe([1, 2])\ndescribe([1; 2] > 1)\n"
                  "describe(\"a\")\ndescribe([\"a\"])\ndescribe(1..2)\ndescribe((a = 1))\n"
                  "describe([(a = 1), (a = 2)])\ndescribe(sin)\ndescribe(x ↦ x)\n"
                  "describe(normal(0, 1))\ndescribe(fraction([1, 0] > 0))",
                  "\"a number\"\n\"true\"\n\"a row of 2\"\n\"a column of 2 truth values\"\n"
                  "\"a text\"\n\"a list of 1\"\n\"an interval\"\n\"a record\"\n"
                  "\"a table of 2 rows\"\n\"the function sin\"\n\"a function\"\n"
                  "\"a distribution\"\n\"an estimate\"\n");
    is_called(dw_value_nothing(), "no value");
}

static void counts_and_elements(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_value v, element;
    size_t length;
    assert_true(dw_value_interval(&mem, 2, 4.5, &v, &err));
    assert_true(dw_value_length(v, &length, &err));
    assert_int_equal(length, 3);
    assert_true(dw_value_element(&mem, v, 2, &element, &err));
    assert_float_equal(element.as.number, 4, 0);
    dw_value_release(v);
    assert_true(dw_value_interval(&mem, 2, 1, &v, &err));
    assert_true(dw_value_length(v, &length, &err));
    assert_int_equal(length, 0);
    dw_value_release(v);
    assert_true(dw_value_text(&mem, "abc", 3, &v, &err));
    assert_false(dw_value_length(v, &length, &err));
    assert_int_equal(err.kind, DW_ERR_TYPE);
    dw_value_release(v);
    assert_int_equal(mem.used, 0);
}

static void lists_of_numbers_are_rows(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_value list, text;
    dw_tensor *row;
    assert_true(dw_value_list(&mem, 1, 2, &list, &err));
    list.as.list->items[0] = dw_value_number(3);
    assert_true(dw_value_estimate(&mem, 0.5, 0.4, 0.6, 9, &list.as.list->items[1], &err));
    assert_true(dw_value_as_tensor(&mem, list, &row, &err));
    assert_float_equal(row->data[1], 0.5, 0);
    dw_tensor_release(row);
    mem.fail_at = 1;
    assert_false(dw_value_as_tensor(&mem, list, &row, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    dw_err_clear(&err);
    assert_true(dw_value_text(&mem, "a", 1, &text, &err));
    dw_value_release(list.as.list->items[1]);
    list.as.list->items[1] = text;
    assert_false(dw_value_as_tensor(&mem, list, &row, &err));
    assert_int_equal(err.kind, DW_ERR_TYPE);
    dw_value_release(list);
    assert_int_equal(mem.used, 0);
}

static int freed;

static void free_content(void *content) {
    assert_ptr_equal(content, &freed);
    freed++;
}

static void plots_free_their_content(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_value plot;
    freed = 0;
    assert_true(dw_value_plot(&mem, &freed, free_content, &plot, &err));
    dw_value again = dw_value_retain(plot);
    dw_value_release(plot);
    assert_int_equal(freed, 0);
    dw_value_release(again);
    assert_int_equal(freed, 1);
    mem.fail_at = 1;
    assert_false(dw_value_plot(&mem, &freed, free_content, &plot, &err));
    assert_int_equal(freed, 2);
    assert_int_equal(mem.used, 0);
}

static void refuses_sizes_beyond_memory(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_value v;
    const char *name = "a";
    assert_false(dw_value_list(&mem, SIZE_MAX / 2, 3, &v, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    dw_err_clear(&err);
    assert_false(dw_value_text(&mem, "", SIZE_MAX, &v, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    dw_err_clear(&err);
    for (long n = 1; n <= 2; n++) {
        mem.fail_at = n;
        assert_false(dw_value_record(&mem, DW_RECORD, &name, 1, 0, &v, &err));
    }
    assert_int_equal(mem.used, 0);
}

static void same_goes_by_content(void **state) {
    (void)state;
    notebook_says("r = (a = [1, 2], b = \"x\", c = [\"y\", 1..2])\n"
                  "s = (a = [1, 2], b = \"x\", c = [\"y\", 1..2])\nr == s\ns.c[1] = \"z\"\nr == s\n"
                  "r == (a = 1)",
                  "true\nfalse\nfalse\n");
    notebook_says("[(a = 1), (a = 2)] == [(a = 1), (a = 2)]\nsin == sin", "true\ntrue\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_words_for_all),           cmocka_unit_test(counts_and_elements),
        cmocka_unit_test(lists_of_numbers_are_rows),   cmocka_unit_test(plots_free_their_content),
        cmocka_unit_test(refuses_sizes_beyond_memory), cmocka_unit_test(same_goes_by_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
