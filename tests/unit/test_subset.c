/* SPDX-License-Identifier: BSD-3-Clause */
/* Some entries of a value, in any order. */
#include "lang/subset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static dw_mem mem;
static dw_err err;
static dw_cancel cancel;
static dw_call call = {.mem = &mem, .err = &err, .cancel = &cancel};

static dw_value numbers(size_t rows, size_t columns, bool truth) {
    dw_tensor *t = dw_tensor_raw(&mem, rows, columns, &err);
    for (size_t i = 0; i < t->size; i++)
        t->data[i] = truth ? (double)(i % 2) : (double)i + 1;
    t->truth = truth;
    return dw_value_array(t);
}

static dw_value text(const char *bytes) {
    dw_value v;
    assert_true(dw_value_text(&mem, bytes, strlen(bytes), &v, &err));
    return v;
}

/* Takes the value's reference. */
static void expect(dw_value v, const size_t *places, size_t count, const char *shown) {
    dw_value out;
    dw_buf words;
    dw_buf_init(&words, &mem);
    if (!dw_subset_take(&call, v, places, count, &out))
        fail_msg("%s", err.text);
    dw_value_insert(&words, out, 0);
    assert_string_equal(words.data, shown);
    dw_buf_free(&words);
    dw_value_release(out);
    dw_value_release(v);
    assert_int_equal(mem.used, 0);
}

static void arrays_keep_their_direction(void **state) {
    (void)state;
    static const size_t places[] = {2, 0, 2};
    expect(numbers(1, 3, false), places, 3, "[3, 1, 3]");
    expect(numbers(3, 1, false), places, 3, "[3; 1; 3]");
    expect(numbers(2, 3, false), places, 3, "[3, 1, 3; 6, 4, 6]");
    expect(numbers(1, 3, true), places, 2, "[false, false]");
    expect(numbers(1, 3, false), places, 1, "3");
    expect(numbers(1, 3, false), places, 0, "[]");
    dw_value interval;
    assert_true(dw_value_interval(&mem, 5, 9, &interval, &err));
    expect(interval, places, 3, "[7, 5, 7]");
}

static dw_value make_table(size_t rows) {
    static const char *const names[] = {"x", "m", "t"};
    dw_value table;
    assert_true(dw_value_record(&mem, DW_TABLE, names, 3, rows, &table, &err));
    dw_field *fields = table.as.record->fields;
    fields[0].value = numbers(1, rows, false);
    fields[1].value = numbers(2, rows, false);
    assert_true(dw_value_list(&mem, 1, rows, &fields[2].value, &err));
    for (size_t i = 0; i < rows; i++)
        fields[2].value.as.list->items[i] = text(i == 0 ? "first" : "later");
    return table;
}

static void rows_of_tables_stay_together(void **state) {
    (void)state;
    static const size_t places[] = {2, 0};
    dw_value table = make_table(3), out, field;
    assert_true(dw_subset_take(&call, table, places, 2, &out));
    assert_int_equal(out.kind, DW_TABLE);
    assert_int_equal(out.as.record->rows, 2);
    field = *dw_value_field(out.as.record, "m");
    assert_int_equal(field.as.array->dim[0], 2);
    assert_true(field.as.array->data[0] == 3 && field.as.array->data[3] == 4);
    field = *dw_value_field(out.as.record, "t");
    assert_string_equal(field.as.list->items[1].as.text->bytes, "first");
    dw_value_release(out);
    /* a table of one row: its matrix has one column, which is the whole entry */
    assert_true(dw_subset_take(&call, table, places + 1, 1, &out));
    dw_value_release(table);
    table = out;
    assert_true(dw_subset_take(&call, table, places + 1, 1, &out));
    assert_true(dw_value_same(table, out));
    dw_value_release(out);
    assert_true(dw_subset_take(&call, table, places, 0, &out));
    assert_int_equal(out.as.record->rows, 0);
    assert_int_equal(dw_value_field(out.as.record, "x")->as.array->size, 0);
    dw_value_release(out);
    dw_value_release(table);
    assert_int_equal(mem.used, 0);
}

static void shuffles_are_fair_permutations(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(1);
    int counts[4][4] = {{0}};
    for (int run = 0; run < 4000; run++) {
        size_t *places = dw_subset_shuffle(&call, &rng, 4), seen = 0;
        for (size_t i = 0; i < 4; i++) {
            seen |= (size_t)1 << places[i];
            counts[i][places[i]]++;
        }
        assert_int_equal(seen, 15);
        dw_mem_free(places);
    }
    for (int i = 0; i < 16; i++)
        assert_in_range(counts[i / 4][i % 4], 870, 1130);
    size_t *none = dw_subset_shuffle(&call, &rng, 0);
    assert_non_null(none);
    dw_mem_free(none);
    assert_int_equal(mem.used, 0);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    static const size_t places[] = {2, 0};
    dw_value table = make_table(3), out;
    size_t before = mem.used;
    bool done = false;
    for (long n = 1; !done; n++) {
        mem.fail_at = n;
        dw_err_clear(&err);
        done = dw_subset_take(&call, table, places, 2, &out);
        mem.fail_at = 0;
        if (done)
            dw_value_release(out);
        else
            assert_int_equal(err.kind, DW_ERR_MEMORY);
        assert_int_equal(mem.used, before);
        assert_true(n < 50);
    }
    dw_value_release(table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_keep_their_direction),
        cmocka_unit_test(rows_of_tables_stay_together),
        cmocka_unit_test(shuffles_are_fair_permutations),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
