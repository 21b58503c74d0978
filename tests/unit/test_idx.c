/* SPDX-License-Identifier: BSD-3-Clause */
/* MNIST's file format, well-formed and hostile. */
#include "data/idx.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dw_mem mem;
static dw_err err;

static dw_tensor *read_copy(const char *bytes, size_t size) {
    char *copy = malloc(size + 1);
    memcpy(copy, bytes, size);
    dw_err_clear(&err);
    dw_tensor *t = dw_idx_read(&mem, copy, size, "f-idx", &err);
    free(copy);
    return t;
}

static void expect(const char *bytes, size_t size, const char *shape, const double *values) {
    char words[DW_TENSOR_WORDS];
    dw_tensor *t = read_copy(bytes, size);
    if (t == NULL)
        fail_msg("%s", err.text);
    assert_string_equal(dw_tensor_words(t, words), shape);
    for (size_t i = 0; i < t->size; i++)
        assert_true(t->data[i] == values[i]);
    dw_tensor_release(t);
    assert_int_equal(mem.used, 0);
}

static void refuse(const char *bytes, size_t size, const char *words) {
    assert_null(read_copy(bytes, size));
    if (strstr(err.text, words) == NULL)
        fail_msg("%s\nbut the test wants: %s", err.text, words);
    assert_int_equal(mem.used, 0);
}

#define FILE_OF(head, rest) head rest, sizeof head + sizeof rest - 2

static void samples_become_columns(void **state) {
    (void)state;
    expect(FILE_OF("\0\0\x08\1\0\0\0\3", "\5\0\xFF"), "a row of 3", (double[]){5, 0, 255});
    expect(FILE_OF("\0\0\x08\3\0\0\0\2\0\0\0\2\0\0\0\1", "\1\2\3\4"), "a 2×2 matrix",
           (double[]){1, 3, 2, 4});
    expect(FILE_OF("\0\0\x08\2\0\0\0\1\0\0\0\3", "\1\2\3"), "a column of 3", (double[]){1, 2, 3});
    expect(FILE_OF("\0\0\x08\2\0\0\0\0\0\0\0\3", ""), "a 3×0 matrix", NULL);
}

static void all_kinds_of_numbers(void **state) {
    (void)state;
    expect(FILE_OF("\0\0\x09\1\0\0\0\1", "\xFE"), "a number", (double[]){-2});
    expect(FILE_OF("\0\0\x0B\1\0\0\0\1", "\xFF\0"), "a number", (double[]){-256});
    expect(FILE_OF("\0\0\x0C\1\0\0\0\1", "\0\0\1\0"), "a number", (double[]){256});
    expect(FILE_OF("\0\0\x0D\1\0\0\0\1", "\x3F\x80\0\0"), "a number", (double[]){1});
    expect(FILE_OF("\0\0\x0E\1\0\0\0\1", "\xBF\xF0\0\0\0\0\0\0"), "a number", (double[]){-1});
}

static void faults_are_told(void **state) {
    (void)state;
    refuse("", 0, "is no idx file");
    refuse("\0\0\x08", 3, "is no idx file");
    refuse(FILE_OF("\0\1\x08\1\0\0\0\1", "\1"), "is no idx file");
    refuse(FILE_OF("\0\0\x0A\1\0\0\0\1", "\1"), "is no idx file");
    refuse(FILE_OF("\0\0\x0F\1\0\0\0\1", "\1"), "is no idx file");
    refuse(FILE_OF("\0\0\x07\1\0\0\0\1", "\1"), "is no idx file");
    refuse(FILE_OF("\0\0\x08\0", ""), "has 0 axes");
    refuse(FILE_OF("\0\0\x08\x09", "\0\0\0\1"), "has 9 axes");
    refuse(FILE_OF("\0\0\x08\2\0\0\0\1", "\0\0"), "ends after byte 10, in its header");
    refuse(FILE_OF("\0\0\x08\1\0\0\3\x10", "\1\2"), "ends after 2 of 784 bytes");
    refuse(FILE_OF("\0\0\x08\1\0\0\0\1", "\1\2"), "goes on after its 1 bytes");
    refuse(FILE_OF("\0\0\x08\3\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "\1"),
           "shape is too large");
    refuse(FILE_OF("\0\0\x0E\2\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "\1"), "shape is too large");
}

static void too_little_memory_is_an_error(void **state) {
    (void)state;
    mem.fail_at = 1;
    assert_null(read_copy(FILE_OF("\0\0\x08\1\0\0\0\3", "\5\0\xFF")));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    mem.fail_at = 0;
    assert_int_equal(mem.used, 0);
}

static void every_changed_byte_is_survived(void **state) {
    (void)state;
    static const char file[] = "\0\0\x08\3\0\0\0\2\0\0\0\2\0\0\0\1\1\2\3\4";
    dw_rng rng = dw_rng_seed(3);
    for (int run = 0; run < 20000; run++) {
        char bad[sizeof file - 1];
        memcpy(bad, file, sizeof bad);
        for (int k = 0; k < 3; k++)
            bad[dw_rng_below(&rng, 16)] = (char)dw_rng_below(&rng, run % 2 ? 256 : 5);
        dw_tensor *t = read_copy(bad, dw_rng_below(&rng, sizeof bad + 1));
        assert_true((t == NULL) == (err.kind != DW_ERR_NONE));
        dw_tensor_release(t);
        assert_int_equal(mem.used, 0);
    }
}

static void an_interrupt_ends_the_reading(void **state) {
    (void)state;
    dw_cancel cancel = {.running = 1, .cancelled = 1};
    mem.cancel = &cancel;
    assert_null(read_copy(FILE_OF("\0\0\x08\1\0\0\0\3", "\5\0\xFF")));
    mem.cancel = NULL;
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    assert_int_equal(mem.used, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_become_columns),
        cmocka_unit_test(all_kinds_of_numbers),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(too_little_memory_is_an_error),
        cmocka_unit_test(every_changed_byte_is_survived),
        cmocka_unit_test(an_interrupt_ends_the_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
