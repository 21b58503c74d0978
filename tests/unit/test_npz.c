/* SPDX-License-Identifier: BSD-3-Clause */
/* Files of several arrays: what is written reads back, and faults are told. What NumPy writes is in
 * tests/files. */
#include "data/npz.h"
#include "base/rng.h"
#include "data/zip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dw_mem mem;
static dw_err err;

static bool add(dw_arrays *list, const char *name, size_t rows, size_t columns) {
    dw_err ignored = {0};
    dw_arrays_shape shape = {2, {rows, columns}};
    dw_tensor *t = dw_tensor_raw(&mem, rows, columns, &ignored);
    for (size_t i = 0; t != NULL && i < t->size; i++)
        t->data[i] = 1 / (double)(i + 1);
    return t != NULL ? dw_arrays_add(list, name, strlen(name), t, &shape, &err)
                     : dw_err_memory(&err, "the test");
}

static bool make_file(dw_buf *out) {
    dw_arrays list;
    dw_arrays_init(&list, &mem);
    bool fine = add(&list, "x", 1, 3) && add(&list, "θ.w", 2, 2) && add(&list, "", 3, 1) &&
                dw_npz_write(out, &list, &err);
    dw_arrays_free(&list);
    return fine;
}

static void what_is_written_reads_back(void **state) {
    (void)state;
    dw_buf out;
    dw_arrays list;
    dw_buf_init(&out, &mem);
    dw_arrays_init(&list, &mem);
    dw_err_clear(&err);
    assert_true(make_file(&out));
    assert_true(dw_npz_read(&list, out.data, out.size, "f.npz", &err));
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0].name, "x");
    assert_string_equal(list.items[1].name, "θ.w");
    assert_string_equal(list.items[2].name, "");
    assert_int_equal(list.items[0].tensor->dim[1], 3);
    assert_int_equal(list.items[1].tensor->dim[1], 2);
    assert_int_equal(list.items[2].tensor->dim[0], 3);
    assert_true(list.items[2].tensor->data[2] == 1.0 / 3);
    dw_arrays_free(&list);
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
}

static void refuse(const char *name, const char *contents, const char *words) {
    dw_buf out;
    dw_zip_writer w;
    dw_arrays list;
    dw_buf_init(&out, &mem);
    dw_zip_begin(&w, &out);
    dw_arrays_init(&list, &mem);
    dw_err_clear(&err);
    assert_true(dw_zip_add(&w, name, contents, strlen(contents), &err) && dw_zip_finish(&w, &err));
    dw_zip_free(&w);
    assert_false(dw_npz_read(&list, out.data, out.size, "f.npz", &err));
    if (strstr(err.text, words) == NULL)
        fail_msg("%s\nbut the test wants: %s", err.text, words);
    dw_arrays_free(&list);
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
}

static void faults_are_told(void **state) {
    (void)state;
    refuse("a.txt", "hello", "member 1 is no array");
    refuse("npy", "hello", "member 1 is no array");
    refuse("a.npy", "hello", "member 1 of f.npz is no array file that can be read");
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    for (long n = 1;; n++) {
        dw_buf out;
        dw_arrays list;
        dw_buf_init(&out, &mem);
        dw_arrays_init(&list, &mem);
        dw_err_clear(&err);
        mem.fail_at = n;
        bool fine = make_file(&out) && dw_npz_read(&list, out.data, out.size, "f.npz", &err);
        bool done = fine && mem.fail_at > 0;
        mem.fail_at = 0;
        if (!fine)
            assert_int_equal(err.kind, DW_ERR_MEMORY);
        dw_arrays_free(&list);
        dw_buf_free(&out);
        assert_int_equal(mem.used, 0);
        if (done)
            break;
    }
}

static void every_changed_byte_is_survived(void **state) {
    (void)state;
    dw_buf out;
    dw_rng rng = dw_rng_seed(5);
    dw_mem own = {.limit = 1 << 20};
    dw_buf_init(&out, &mem);
    dw_err_clear(&err);
    assert_true(make_file(&out));
    char *bad = malloc(out.size);
    for (int run = 0; run < 5000; run++) {
        dw_arrays list;
        dw_arrays_init(&list, &own);
        memcpy(bad, out.data, out.size);
        for (int k = 0; k < 3; k++)
            bad[dw_rng_below(&rng, out.size)] = (char)dw_rng_below(&rng, 256);
        dw_err_clear(&err);
        bool fine = dw_npz_read(&list, bad, out.size, "f.npz", &err);
        assert_true(fine == (err.kind == DW_ERR_NONE));
        dw_arrays_free(&list);
        assert_int_equal(own.used, 0);
    }
    free(bad);
    dw_buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(lack_of_memory_is_an_error),
        cmocka_unit_test(every_changed_byte_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
