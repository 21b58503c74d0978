/* SPDX-License-Identifier: BSD-3-Clause */
/* Names of arrays with points as records inside each other, and back. */
#include "lang/named.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dw_mem mem;
static dw_err err;

/* A list of arrays of these names (between blanks), each a number that counts from 1. */
static bool make_list(dw_arrays *list, const char *names) {
    double number = 0;
    dw_arrays_init(list, &mem);
    while (*names != '\0') {
        size_t size = strcspn(names, " ");
        dw_tensor *t = dw_tensor_raw(&mem, 1, 1, &err);
        dw_arrays_shape shape = {0, {0}};
        if (t == NULL)
            return false;
        t->data[0] = ++number;
        if (!dw_arrays_add(list, names, size, t, &shape, &err))
            return false;
        names += size + (names[size] == ' ');
    }
    return true;
}

static bool record_of(const char *names, dw_value *out) {
    dw_arrays list;
    dw_err_clear(&err);
    bool fine = make_list(&list, names) && dw_named_record(&mem, &list, "f.npz", out, &err);
    dw_arrays_free(&list);
    return fine;
}

static void expect(const char *names, const char *shown) {
    dw_value v;
    dw_buf out;
    if (!record_of(names, &v))
        fail_msg("%s: %s", names, err.text);
    dw_buf_init(&out, &mem);
    dw_value_insert(&out, v, 0);
    assert_string_equal(out.data, shown);
    dw_buf_free(&out);
    dw_value_release(v);
    assert_int_equal(mem.used, 0);
}

static void points_open_records(void **state) {
    (void)state;
    expect("", "()");
    expect("a", "(a = 1)");
    expect("a.b", "(a = (b = 1))");
    expect("0.weight 0.bias 2.weight x", "(0 = (weight = 1, bias = 2), 2 = (weight = 3), x = 4)");
    expect("a.b.c d a.b.e a.f", "(a = (b = (c = 1, e = 3), f = 4), d = 2)");
}

static void other_names_stay_whole(void **state) {
    (void)state;
    expect("a a.b c", "(a = 1, a.b = 2, c = 3)");
    expect("a.b a", "(a.b = 1, a = 2)");
    expect("a.b.c a.b", "(a = (b.c = 1, b = 2))");
    expect(".a b. c..d . ..", "(.a = 1, b. = 2, c..d = 3, . = 4, .. = 5)");
    expect("1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19",
           "(1 = (2 = (3 = (4 = (5 = (6 = (7 = (8 = (9 = (10 = (11 = (12 = (13 = (14 = (15 = (16 = "
           "(17.18.19 = 1)))))))))))))))))");
}

static void the_same_name_twice_is_an_error(void **state) {
    (void)state;
    dw_value v;
    assert_false(record_of("a b.c b.c", &v));
    assert_int_equal(err.kind, DW_ERR_DATA);
    assert_non_null(strstr(err.text, "f.npz: two arrays are called b.c"));
    assert_int_equal(mem.used, 0);
}

static void fields_are_found(void **state) {
    (void)state;
    dw_value v;
    double x;
    assert_true(record_of("a a.b c.d.e c.f", &v));
    static const char *const names[] = {"a", "a.b", "c.d.e", "c.f"};
    for (size_t i = 0; i < 4; i++) {
        const dw_value *found = dw_named_find(v.as.record, names[i]);
        assert_non_null(found);
        assert_true(dw_value_as_number(*found, &x) && x == (double)i + 1);
    }
    static const char *const wrong[] = {"", ".", "b", "c.", "c.d.e.f", "c.g", "a.c"};
    for (size_t i = 0; i < 7; i++)
        assert_null(dw_named_find(v.as.record, wrong[i]));
    dw_value_release(v);
}

static void records_become_arrays_again(void **state) {
    (void)state;
    static const char *const names[] = {"a.b.c", "a.b.e", "a.f", "d"};
    dw_value v;
    dw_arrays list;
    assert_true(record_of("a.b.c a.b.e d a.f", &v));
    dw_arrays_init(&list, &mem);
    assert_true(dw_named_arrays(&list, v, &err));
    assert_int_equal(list.count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(list.items[i].name, names[i]);
    dw_arrays_free(&list);
    dw_value_release(v.as.record->fields[1].value);
    assert_true(dw_value_text(&mem, "t", 1, &v.as.record->fields[1].value, &err));
    assert_false(dw_named_arrays(&list, v, &err));
    assert_int_equal(err.kind, DW_ERR_TYPE);
    assert_non_null(strstr(err.text, "but d is a text"));
    dw_arrays_free(&list);
    dw_value_release(v);
    assert_int_equal(mem.used, 0);
}

static void shapes_follow_the_values(void **state) {
    (void)state;
    static const char *const names[] = {"n", "column", "row", "matrix"};
    static const size_t shapes[][3] = {{1, 1, 0}, {3, 1, 1}, {1, 3, 2}, {2, 2, 2}};
    dw_value v;
    dw_arrays list;
    dw_err_clear(&err);
    assert_true(dw_value_record(&mem, DW_RECORD, names, 4, 0, &v, &err));
    for (size_t i = 0; i < 4; i++)
        v.as.record->fields[i].value =
            dw_value_array(dw_tensor_zeros(&mem, shapes[i][0], shapes[i][1], &err));
    dw_arrays_init(&list, &mem);
    assert_true(dw_named_arrays(&list, v, &err));
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(list.items[i].shape.axes, shapes[i][2]);
    assert_int_equal(list.items[1].shape.dim[0], 3);
    dw_arrays_free(&list);
    dw_value_release(v);
    assert_int_equal(mem.used, 0);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    for (long n = 1;; n++) {
        dw_value v = dw_value_nothing();
        dw_arrays list;
        dw_arrays_init(&list, &mem);
        mem.fail_at = n;
        bool fine = record_of("a.b.c d a.b.e a.f", &v) && dw_named_arrays(&list, v, &err);
        bool done = fine && mem.fail_at > 0;
        mem.fail_at = 0;
        if (!fine)
            assert_int_equal(err.kind, DW_ERR_MEMORY);
        dw_arrays_free(&list);
        dw_value_release(v);
        assert_int_equal(mem.used, 0);
        if (done)
            break;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_open_records),
        cmocka_unit_test(other_names_stay_whole),
        cmocka_unit_test(the_same_name_twice_is_an_error),
        cmocka_unit_test(fields_are_found),
        cmocka_unit_test(records_become_arrays_again),
        cmocka_unit_test(shapes_follow_the_values),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
