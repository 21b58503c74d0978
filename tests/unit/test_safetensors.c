/* SPDX-License-Identifier: BSD-3-Clause */
/* Named arrays in the safetensors format, well-formed and hostile. What the safetensors package
 * writes is in tests/files. */
#include "data/safetensors.h"
#include "base/rng.h"

#include <stdio.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dw_mem mem;
static dw_err err;

/* Reads a file of a header and `size` bytes of data. */
static bool read_file(dw_arrays *list, const char *header, const char *data, size_t size) {
    size_t length = strlen(header);
    char *file = calloc(1, 8 + length + size + 1);
    for (size_t i = 0; i < 4; i++)
        file[i] = (char)(length >> (8 * i) & 0xFF);
    memcpy(file + 8, header, length);
    if (size > 0)
        memcpy(file + 8 + length, data, size);
    dw_arrays_init(list, &mem);
    dw_err_clear(&err);
    bool fine = dw_safetensors_read(list, file, 8 + length + size, "f.safetensors", &err);
    free(file);
    return fine;
}

static void refuse(const char *header, size_t size, const char *words) {
    static const char data[64];
    dw_arrays list;
    assert_false(read_file(&list, header, data, size));
    if (strstr(err.text, words) == NULL)
        fail_msg("%s\nsays: %s\nbut the test wants: %s", header, err.text, words);
    dw_arrays_free(&list);
    assert_int_equal(mem.used, 0);
}

static void expect(const char *type, const char *data, size_t size, double value) {
    char header[128];
    dw_arrays list;
    snprintf(header, sizeof header,
             "{\"a\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[0,%zu]}}", type, size);
    if (!read_file(&list, header, data, size))
        fail_msg("%s: %s", type, err.text);
    assert_int_equal(list.count, 1);
    assert_true(list.items[0].tensor->data[0] == value);
    assert_int_equal(list.items[0].tensor->truth, strcmp(type, "BOOL") == 0);
    dw_arrays_free(&list);
    assert_int_equal(mem.used, 0);
}

static void all_kinds_of_numbers(void **state) {
    (void)state;
    expect("F64", "\0\0\0\0\0\0\xF0\x3F", 8, 1);
    expect("F32", "\0\0\x20\xC0", 4, -2.5);
    expect("F16", "\0\x38", 2, 0.5);
    expect("BF16", "\x80\x3F", 2, 1);
    expect("I64", "\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8, -2);
    expect("I32", "\0\1\0\0", 4, 256);
    expect("I16", "\0\x80", 2, -32768);
    expect("I8", "\xFF", 1, -1);
    expect("U64", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8, 0x1p64);
    expect("U32", "\xFF\xFF\xFF\xFF", 4, 4294967295.0);
    expect("U16", "\xFF\xFF", 2, 65535);
    expect("U8", "\xFF", 1, 255);
    expect("BOOL", "\1", 1, 1);
}

#define ONE(type, shape, from, to) \
    "{\"a\":{\"dtype\":\"" type "\",\"shape\":" shape ",\"data_offsets\":[" from "," to "]}}"

static void shapes_and_order(void **state) {
    (void)state;
    dw_arrays list;
    static const char data[] = "\1\2\3\4\5\6\7\x08\x09\x0A\x0B\x0C\x0D\x0E";
    assert_true(read_file(&list,
                          "{\"__metadata__\":{\"format\":\"pt\"},"
                          "\"c\":{\"dtype\":\"U8\",\"shape\":[2,1,2,1],\"data_offsets\":[9,13]},"
                          "\"b\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[13,14]},"
                          "\"w\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[6,9]},"
                          "\"e\":{\"dtype\":\"F64\",\"shape\":[0,7],\"data_offsets\":[6,6]},"
                          "\"W\":{\"dtype\":\"U8\",\"shape\":[2,3],\"data_offsets\":[0,6]}}   ",
                          data, 14));
    static const struct {
        const char *name;
        size_t rows, columns;
        double first;
    } known[] = {{"W", 2, 3, 1}, {"e", 0, 7, 0}, {"w", 3, 1, 7}, {"c", 2, 2, 10}, {"b", 1, 1, 14}};
    assert_int_equal(list.count, 5);
    for (size_t i = 0; i < 5; i++) {
        const dw_tensor *t = list.items[i].tensor;
        assert_string_equal(list.items[i].name, known[i].name);
        assert_int_equal(t->dim[0], known[i].rows);
        assert_int_equal(t->dim[1], known[i].columns);
        assert_true(t->size == 0 || t->data[0] == known[i].first);
    }
    dw_arrays_free(&list);
    assert_true(read_file(&list, "{}", NULL, 0));
    assert_int_equal(list.count, 0);
    dw_arrays_free(&list);
    assert_int_equal(mem.used, 0);
}

static void hostile_headers_are_refused(void **state) {
    (void)state;
    refuse("", 0, "no JSON");
    refuse("{", 0, "no JSON");
    refuse("[]", 0, "no JSON object");
    refuse("{\"a\":1}", 0, "describes no array");
    refuse("{\"a\":{}}", 0, "has no dtype");
    refuse(ONE("F64", "[1]", "0", "8") "x", 8, "no JSON");
    refuse(ONE("F99", "[1]", "0", "8"), 8, "type F99");
    refuse(ONE("F64", "[2]", "0", "8"), 8, "does not fit its bytes");
    refuse(ONE("F64", "1", "0", "8"), 8, "has no shape");
    refuse(ONE("F64", "[-1]", "0", "8"), 8, "shape that makes no sense");
    refuse(ONE("F64", "[1.0]", "0", "8"), 8, "shape that makes no sense");
    refuse(ONE("F64", "[1,1,1,1,1,1,1,1,1]", "0", "8"), 8, "more than eight axes");
    refuse(ONE("F64", "[4294967296,4294967296]", "0", "8"), 8, "does not fit its bytes");
    refuse(ONE("F64", "[2305843009213693953]", "0", "8"), 8, "does not fit its bytes");
    refuse(ONE("F64", "[99999999999999999999]", "0", "8"), 8, "no JSON");
    refuse(ONE("F64", "[1]", "-8", "0"), 8, "no place in the file");
    refuse(ONE("F64", "[1]", "0", "1,8"), 8, "no place in the file");
    refuse(ONE("F64", "[1]", "8", "0"), 8, "ends before it begins");
    refuse(ONE("F64", "[1]", "0", "8"), 7, "ends at byte 8, but there are only 7");
    refuse(ONE("F64", "[1]", "0", "8"), 9, "goes on for 1 bytes after its last array");
    refuse(ONE("F64", "[1]", "1", "9"), 9, "does not follow the one before");
    refuse("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
           "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
           3, "array b shares bytes with the one before");
    refuse("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
           "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
           2, "no JSON");
}

static void lengths_are_checked_first(void **state) {
    (void)state;
    static const char *const lies[] = {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "\x03\0\0\0\0\0\0\0{}",
                                       "\0\0\0\0\1\0\0\0{}"};
    static const size_t sizes[] = {8, 10, 10};
    dw_arrays list;
    for (size_t i = 0; i < 3; i++) {
        dw_arrays_init(&list, &mem);
        dw_err_clear(&err);
        assert_false(dw_safetensors_read(&list, lies[i], sizes[i], "f", &err));
        assert_non_null(strstr(err.text, "promises a header of"));
    }
    dw_err_clear(&err);
    assert_false(dw_safetensors_read(&list, "\0\0", 2, "f", &err));
    assert_non_null(strstr(err.text, "ends in its first eight bytes"));
    size_t size = ((size_t)1 << 22) + 8;
    char *large = malloc(size);
    memset(large, ' ', size);
    memcpy(large, "\0\0\x40\0\0\0\0\0", 8);
    dw_err_clear(&err);
    assert_false(dw_safetensors_read(&list, large, size, "f", &err));
    assert_int_equal(err.kind, DW_ERR_LIMIT);
    free(large);
    /* what the parser of the header may need counts as memory, too */
    size = 100008;
    large = malloc(size);
    memset(large, '[', size);
    memcpy(large, "\xA0\x86\1\0\0\0\0\0", 8);
    dw_mem small = {.limit = 1 << 20};
    dw_arrays_init(&list, &small);
    dw_err_clear(&err);
    assert_false(dw_safetensors_read(&list, large, size, "f", &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    free(large);
}

static bool add(dw_arrays *list, const char *name, dw_arrays_shape shape, bool truth) {
    dw_err ignored = {0};
    size_t rows, columns;
    dw_arrays_flat(&shape, true, &rows, &columns);
    dw_tensor *t = dw_tensor_raw(&mem, rows, columns, &ignored);
    for (size_t i = 0; t != NULL && i < t->size; i++)
        t->data[i] = truth ? 1 : 1 / (double)(i + 3);
    if (t == NULL)
        return dw_err_memory(&err, "the test");
    t->truth = truth;
    return dw_arrays_add(list, name, strlen(name), t, &shape, &err);
}

static bool make_file(dw_buf *out, bool single, const char *note) {
    dw_arrays list;
    dw_arrays_init(&list, &mem);
    bool fine = add(&list, "yes", (dw_arrays_shape){1, {3}}, true) &&
                add(&list, "W1", (dw_arrays_shape){2, {2, 1}}, false) &&
                add(&list, "tab\t\"\\", (dw_arrays_shape){0, {0}}, false) &&
                dw_safetensors_write(out, &list, single, note, &err);
    dw_arrays_free(&list);
    return fine;
}

static void what_is_written_reads_back(void **state) {
    (void)state;
    for (int single = 0; single <= 1; single++) {
        dw_buf out;
        dw_arrays list;
        dw_buf_init(&out, &mem);
        dw_arrays_init(&list, &mem);
        dw_err_clear(&err);
        assert_true(make_file(&out, single == 1, single ? "1 → 2 \"σ\"" : NULL));
        assert_int_equal(dw_safetensors_read(&list, out.data, out.size, "f", &err), true);
        assert_int_equal((out.size - (single ? 15 : 27)) % 8, 0);
        assert_int_equal(list.count, 3);
        assert_string_equal(list.items[0].name, "W1");
        assert_string_equal(list.items[1].name, "tab\t\"\\");
        assert_string_equal(list.items[2].name, "yes");
        assert_int_equal(list.items[0].shape.axes, 2);
        assert_int_equal(list.items[1].shape.axes, 0);
        assert_true(list.items[2].tensor->truth);
        assert_true(list.items[0].tensor->data[0] == (single ? (double)(1.0f / 3) : 1.0 / 3));
        dw_arrays_free(&list);
        dw_buf_free(&out);
        assert_int_equal(mem.used, 0);
    }
}

static void a_full_account_ends_the_writing(void **state) {
    (void)state;
    for (size_t room = 0; room < 600; room += 8) {
        dw_mem own = {.limit = room + 1};
        dw_buf out;
        dw_buf_init(&out, &own);
        dw_err_clear(&err);
        bool fine = make_file(&out, false, NULL);
        assert_int_equal(fine, err.kind == DW_ERR_NONE);
        assert_true(fine || err.kind == DW_ERR_MEMORY);
        dw_buf_free(&out);
    }
}

static void numbers_too_large_for_four_bytes_are_told(void **state) {
    (void)state;
    dw_buf out;
    dw_arrays list;
    dw_buf_init(&out, &mem);
    dw_arrays_init(&list, &mem);
    dw_err_clear(&err);
    assert_true(add(&list, "W1", (dw_arrays_shape){1, {2}}, false));
    list.items[0].tensor->data[1] = 1e39;
    assert_false(dw_safetensors_write(&out, &list, true, NULL, &err));
    assert_non_null(strstr(err.text, "W1 holds 1e+39, which is too large"));
    dw_err_clear(&err);
    list.items[0].tensor->data[1] = INFINITY;
    assert_true(dw_safetensors_write(&out, &list, true, NULL, &err));
    dw_arrays_free(&list);
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
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
        bool fine = make_file(&out, false, "1 → 2") &&
                    dw_safetensors_read(&list, out.data, out.size, "f", &err);
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

static void every_cut_and_every_changed_byte_is_survived(void **state) {
    (void)state;
    dw_buf out;
    dw_rng rng = dw_rng_seed(6);
    dw_mem own = {.limit = 1 << 20};
    dw_arrays list;
    dw_buf_init(&out, &mem);
    dw_err_clear(&err);
    assert_true(make_file(&out, false, NULL));
    char *bad = malloc(out.size);
    for (int run = 0; run < 20000; run++) {
        size_t size = run % 4 ? out.size : dw_rng_below(&rng, out.size);
        dw_arrays_init(&list, &own);
        memcpy(bad, out.data, out.size);
        for (int k = 0; run % 4 && k < 2; k++)
            bad[dw_rng_below(&rng, out.size)] = (char)dw_rng_below(&rng, 128);
        dw_err_clear(&err);
        bool fine = dw_safetensors_read(&list, bad, size, "f", &err);
        assert_true(fine == (err.kind == DW_ERR_NONE));
        assert_false(fine && size < out.size);
        dw_arrays_free(&list);
        assert_int_equal(own.used, 0);
    }
    free(bad);
    dw_buf_free(&out);
}

static void an_interrupt_ends_the_reading(void **state) {
    (void)state;
    dw_cancel cancel = {.running = 1, .cancelled = 1};
    dw_arrays list;
    mem.cancel = &cancel;
    assert_false(read_file(&list, "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
                           "1", 1));
    mem.cancel = NULL;
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_arrays_free(&list);
    assert_int_equal(mem.used, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kinds_of_numbers),
        cmocka_unit_test(shapes_and_order),
        cmocka_unit_test(hostile_headers_are_refused),
        cmocka_unit_test(lengths_are_checked_first),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(a_full_account_ends_the_writing),
        cmocka_unit_test(numbers_too_large_for_four_bytes_are_told),
        cmocka_unit_test(lack_of_memory_is_an_error),
        cmocka_unit_test(every_cut_and_every_changed_byte_is_survived),
        cmocka_unit_test(an_interrupt_ends_the_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
