/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of named arrays, and what shapes of files are in the language. */
#include "data/arrays.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dw_mem mem;
static dw_err err;

static void expect_flat(dw_arrays_shape shape, bool column, size_t rows, size_t columns) {
    size_t r, c;
    dw_arrays_flat(&shape, column, &r, &c);
    assert_int_equal(r, rows);
    assert_int_equal(c, columns);
}

static void shapes_become_matrices(void **state) {
    (void)state;
    expect_flat((dw_arrays_shape){0, {0}}, true, 1, 1);
    expect_flat((dw_arrays_shape){1, {3}}, true, 3, 1);
    expect_flat((dw_arrays_shape){1, {3}}, false, 1, 3);
    expect_flat((dw_arrays_shape){2, {3, 2}}, true, 3, 2);
    expect_flat((dw_arrays_shape){4, {8, 3, 5, 5}}, true, 8, 75);
    expect_flat((dw_arrays_shape){2, {0, 4}}, true, 0, 4);
    expect_flat((dw_arrays_shape){2, {4, 0}}, true, 4, 0);
    expect_flat((dw_arrays_shape){3, {4, 0, 7}}, true, 4, 0);
    expect_flat((dw_arrays_shape){3, {0, 2, 7}}, true, 0, 0);
}

static void sizes_do_not_overflow(void **state) {
    (void)state;
    size_t size;
    assert_true(dw_arrays_size(&(dw_arrays_shape){3, {2, 3, 4}}, &size) && size == 24);
    assert_true(dw_arrays_size(&(dw_arrays_shape){0, {0}}, &size) && size == 1);
    assert_false(dw_arrays_size(&(dw_arrays_shape){2, {SIZE_MAX, 2}}, &size));
    assert_false(dw_arrays_size(&(dw_arrays_shape){2, {(size_t)1 << 32, (size_t)1 << 32}}, &size));
    assert_true(dw_arrays_size(&(dw_arrays_shape){3, {1000, 2, 0}}, &size) && size == 0);
    assert_false(dw_arrays_size(&(dw_arrays_shape){3, {SIZE_MAX, 2, 0}}, &size));
}

static bool add(dw_arrays *list, const char *name, size_t size) {
    dw_err ignored = {0};
    dw_arrays_shape shape = {2, {1, 1}};
    dw_tensor *t = dw_tensor_raw(&mem, 1, 1, &ignored);
    return t != NULL && dw_arrays_add(list, name, size, t, &shape, &err);
}

static void arrays_are_added(void **state) {
    (void)state;
    dw_arrays list;
    char name[16];
    dw_arrays_init(&list, &mem);
    dw_err_clear(&err);
    for (int i = 0; i < DW_ARRAYS_MOST; i++) {
        snprintf(name, sizeof name, "a%d", i);
        assert_true(add(&list, name, strlen(name)));
    }
    assert_string_equal(list.items[77].name, "a77");
    assert_false(add(&list, "b", 1));
    assert_int_equal(err.kind, DW_ERR_LIMIT);
    dw_arrays_free(&list);
    assert_int_equal(mem.used, 0);
}

static void names_must_be_texts(void **state) {
    (void)state;
    dw_arrays list;
    dw_arrays_init(&list, &mem);
    dw_err_clear(&err);
    assert_false(add(&list, "a\xFF", 2));
    assert_int_equal(err.kind, DW_ERR_DATA);
    dw_err_clear(&err);
    assert_false(add(&list, "a\0b", 3));
    assert_non_null(strstr(err.text, "array 1 in the file is no text"));
    for (long n = 2; n <= 3; n++) {
        dw_err_clear(&err);
        mem.fail_at = n;
        assert_false(add(&list, "a", 1));
        assert_int_equal(err.kind, DW_ERR_MEMORY);
        mem.fail_at = 0;
    }
    dw_arrays_free(&list);
    assert_int_equal(mem.used, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_become_matrices),
        cmocka_unit_test(sizes_do_not_overflow),
        cmocka_unit_test(arrays_are_added),
        cmocka_unit_test(names_must_be_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
