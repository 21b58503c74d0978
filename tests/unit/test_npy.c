/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading and writing npy, well-formed and hostile. */
#include "data/npy.h"
#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A file of version `version` with this header text and these data. */
static char *make_file(int version, const char *head, const void *data, size_t size,
                       size_t *total) {
    size_t length = strlen(head), start = version == 1 ? 10 : 12;
    *total = start + length + size;
    char *file = calloc(1, *total + 1);
    memcpy(file, "\x93NUMPY", 6);
    file[6] = (char)version;
    file[8] = (char)(length & 0xFF);
    file[9] = (char)(length >> 8);
    memcpy(file + start, head, length);
    if (size > 0)
        memcpy(file + start + length, data, size);
    return file;
}

static dw_tensor *read_file(dw_mem *mem, int version, const char *head, const void *data,
                            size_t size, dw_err *err) {
    size_t total;
    char *file = make_file(version, head, data, size, &total);
    dw_tensor *t = dw_npy_read(mem, file, total, "f.npy", err);
    free(file);
    return t;
}

static void expect(const char *head, const void *data, size_t size, const char *shape,
                   const double *values) {
    dw_mem mem = {0};
    dw_err err = {0};
    char words[DW_TENSOR_WORDS];
    for (int version = 1; version <= 3; version++) {
        dw_tensor *t = read_file(&mem, version, head, data, size, &err);
        if (t == NULL)
            fail_msg("%s: %s", head, err.text);
        assert_string_equal(dw_tensor_words(t, words), shape);
        for (size_t i = 0; i < t->size; i++)
            assert_true(t->data[i] == values[i]);
        dw_tensor_release(t);
    }
    assert_int_equal(mem.used, 0);
}

static void refuse(const char *head, size_t size, const char *words) {
    dw_mem mem = {.limit = 1 << 20};
    dw_err err = {0};
    char data[64] = {0};
    assert_null(read_file(&mem, 1, head, data, size, &err));
    assert_int_equal(err.kind, DW_ERR_DATA);
    if (strstr(err.text, words) == NULL)
        fail_msg("%s: %s\nbut the test wants: %s", head, err.text, words);
    assert_int_equal(mem.used, 0);
}

static void all_kinds_of_numbers(void **state) {
    (void)state;
    static const double f8[] = {0.5, -INFINITY, 1e300};
    static const float f4[] = {0.5f, -3};
    static const int8_t i1[] = {-128, 127};
    static const int16_t i2[] = {-32768, 5};
    static const int32_t i4[] = {INT32_MIN, 7};
    static const int64_t i8[] = {INT64_MIN, -1};
    static const uint8_t u1[] = {255, 0};
    static const uint64_t u8[] = {UINT64_MAX, 1};
    expect("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }\n", f8, sizeof f8,
           "a row of 3", f8);
    expect("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", f4, sizeof f4,
           "a column of 2", (double[]){0.5, -3});
    expect("{'descr': '|i1', 'fortran_order': False, 'shape': (2,)}", i1, sizeof i1, "a row of 2",
           (double[]){-128, 127});
    expect("{\"descr\":\"<i2\",\"fortran_order\":True,\"shape\":(2,)}", i2, sizeof i2, "a row of 2",
           (double[]){-32768, 5});
    expect("{'shape': (2,), 'descr': '<i4', 'fortran_order': False}", i4, sizeof i4, "a row of 2",
           (double[]){-2147483648.0, 7});
    expect("{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }", i8, sizeof i8, "a row of 2",
           (double[]){-0x1p63, -1});
    expect("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", u1, sizeof u1, "a row of 2",
           (double[]){255, 0});
    expect("{'descr': '<u8', 'fortran_order': False, 'shape': (2,), }", u8, sizeof u8, "a row of 2",
           (double[]){0x1p64, 1});
}

static void shapes_and_orders(void **state) {
    (void)state;
    static const double six[] = {1, 2, 3, 4, 5, 6};
    expect("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", six, sizeof six,
           "a 2×3 matrix", six);
    expect("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }", six, sizeof six,
           "a 2×3 matrix", (double[]){1, 3, 5, 2, 4, 6});
    /* three axes: the first counts the rows */
    expect("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 1, 2), }", six, sizeof six,
           "a 3×2 matrix", six);
    expect("{'descr': '<f8', 'fortran_order': True, 'shape': (1, 3, 2), }", six, sizeof six,
           "a row of 6", (double[]){1, 4, 2, 5, 3, 6});
    expect("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }", "\xC0\x14\0\0\0\0\0\0", 8,
           "a number", (double[]){-5});
    expect("{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }", "\0\x3C\0\xC2", 4,
           "a row of 2", (double[]){1, -3});
    dw_mem mem = {0};
    dw_err err = {0};
    dw_tensor *t =
        read_file(&mem, 2, "{'descr': '<f8', 'fortran_order': False, 'shape': ()}", six, 8, &err);
    assert_int_equal(t->size, 1);
    dw_tensor_release(t);
    t = read_file(&mem, 1, "{'descr': '|b1', 'fortran_order': False, 'shape': (0,)}", six, 0, &err);
    assert_int_equal(t->size, 0);
    assert_true(t->truth);
    dw_tensor_release(t);
    assert_int_equal(mem.used, 0);
}

static void hostile_headers_are_refused(void **state) {
    (void)state;
#define HEAD(type, shape) "{'descr': '" type "', 'fortran_order': False, 'shape': " shape ", }"
    refuse(HEAD("<f8", "(9,)"), 64, "promises 9 numbers, but there are only 8");
    refuse(HEAD("<f8", "(4294967296, 4294967296)"), 64, "too large");
    refuse(HEAD("<f8", "(1844674407370955161,)"), 64, "promises");
    refuse(HEAD("<f8", "(99999999999999999999999,)"), 64, "too large");
    refuse(HEAD("<f8", "(1, 1, 1, 1, 1, 1, 1, 1, 1)"), 64, "more than eight axes");
    refuse(HEAD("<f8", "(-1,)"), 64, "shape");
    refuse(HEAD("<f8", "(1 2)"), 64, "shape");
    refuse(HEAD("<f8", "(1,"), 64, "shape");
    refuse(HEAD("<f8", "7"), 64, "shape");
    refuse(HEAD("<f1", "(1,)"), 64, "unusual width");
    refuse(HEAD("<i3", "(1,)"), 64, "unusual width");
    refuse(HEAD("|b2", "(1,)"), 64, "unusual width");
    refuse(HEAD("<", "(1,)"), 64, "type <");
    refuse(HEAD("<c16", "(1,)"), 64, "type <c16");
    refuse(HEAD("|O", "(1,)"), 64, "type |O");
    refuse(HEAD("<U5", "(1,)"), 64, "type <U5");
    refuse("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", 8, "records");
    refuse("{'descr': '<f8', 'shape': (1,)}", 8, "incomplete");
    refuse("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", 8, "damaged");
    refuse("{'descr': '<f8', 'fortran_order': Maybe, 'shape': (1,)}", 8, "damaged");
    refuse("{'other': 1}", 8, "damaged");
    refuse("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)", 0, "damaged");
    refuse("", 8, "damaged");
}

static void every_cut_and_every_changed_byte_is_survived(void **state) {
    (void)state;
    static const double six[] = {1, 2, 3, 4, 5, 6};
    size_t total;
    char *file = make_file(1, HEAD("<f8", "(2, 3)"), six, sizeof six, &total);
    dw_rng rng = dw_rng_seed(2);
    for (size_t size = 0; size < total; size++) {
        dw_mem mem = {0};
        dw_err err = {0};
        char *cut = malloc(size + 1);
        memcpy(cut, file, size);
        assert_null(dw_npy_read(&mem, cut, size, "f", &err));
        assert_int_equal(err.kind, DW_ERR_DATA);
        free(cut);
    }
    for (int run = 0; run < 20000; run++) {
        dw_mem mem = {.limit = 1 << 20};
        dw_err err = {0};
        char *bad = malloc(total);
        memcpy(bad, file, total);
        for (int k = 0; k < 3; k++)
            bad[dw_rng_below(&rng, total - sizeof six)] = (char)dw_rng_below(&rng, 256);
        dw_tensor *t = dw_npy_read(&mem, bad, total, "f", &err);
        assert_true((t == NULL) == (err.kind != DW_ERR_NONE));
        dw_tensor_release(t);
        assert_int_equal(mem.used, 0);
        free(bad);
    }
    free(file);
}

static void what_is_written_reads_back(void **state) {
    (void)state;
    static const size_t shapes[][2] = {{1, 1}, {1, 7}, {7, 1}, {3, 4}, {0, 0}, {100, 1000}};
    for (size_t s = 0; s < 6; s++) {
        for (int truth = 0; truth < 2; truth++) {
            dw_mem mem = {0};
            dw_err err = {0};
            dw_buf out;
            dw_buf_init(&out, &mem);
            dw_tensor *t = dw_tensor_raw(&mem, shapes[s][0], shapes[s][1], &err);
            for (size_t i = 0; i < t->size; i++)
                t->data[i] = truth ? i % 3 == 0 : 1 / (double)(i + 1);
            t->truth = truth;
            dw_npy_write(&out, t);
            assert_false(out.failed);
            assert_int_equal((out.size - t->size * (truth ? 1 : 8)) % 64, 0);
            dw_tensor *back = dw_npy_read(&mem, out.data, out.size, "f", &err);
            assert_non_null(back);
            assert_int_equal(back->truth, truth);
            assert_int_equal(back->size, t->size);
            assert_true(t->size == 0 || dw_tensor_same_shape(t, back));
            if (t->size > 0)
                assert_memory_equal(back->data, t->data, t->size * sizeof *t->data);
            dw_tensor_release(back);
            dw_tensor_release(t);
            dw_buf_free(&out);
            assert_int_equal(mem.used, 0);
        }
    }
}

/* Padding to a multiple must not wait for a buffer that no longer grows. */
static void a_full_buffer_ends_the_writing(void **state) {
    (void)state;
    for (size_t room = 0; room < 400; room += 8) {
        dw_mem mem = {0}, own = {.limit = room + 1};
        dw_err err = {0};
        dw_buf out;
        dw_tensor *t = dw_tensor_raw(&mem, 2, 2, &err);
        assert_non_null(t);
        memset(t->data, 0, 4 * sizeof *t->data);
        dw_buf_init(&out, &own);
        dw_npy_write(&out, t);
        assert_true(out.failed || room >= 160);
        dw_buf_free(&out);
        dw_tensor_release(t);
    }
}

static void an_interrupt_ends_the_reading(void **state) {
    (void)state;
    dw_cancel cancel = {.running = 1, .cancelled = 1};
    dw_mem mem = {.cancel = &cancel};
    static const char *const heads[] = {
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 1), }"};
    const double data[] = {1, 2};
    for (size_t i = 0; i < 2; i++) {
        dw_err err = {0};
        assert_null(read_file(&mem, 1, heads[i], data, sizeof data, &err));
        assert_int_equal(err.kind, DW_ERR_INTERRUPT);
        assert_int_equal(mem.used, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kinds_of_numbers),
        cmocka_unit_test(shapes_and_orders),
        cmocka_unit_test(hostile_headers_are_refused),
        cmocka_unit_test(every_cut_and_every_changed_byte_is_survived),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(a_full_buffer_ends_the_writing),
        cmocka_unit_test(an_interrupt_ends_the_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
