/* SPDX-License-Identifier: BSD-3-Clause */
/* Packing and unpacking: whole, cut off, damaged, and promising too much. */
#include "data/deflate.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

static dw_mem mem;
static dw_err err;

/* Bytes that pack well at the beginning and not at all at the end. */
static char *make_bytes(size_t size) {
    dw_rng rng = dw_rng_seed(1);
    char *bytes = malloc(size + 1);
    for (size_t i = 0; i < size; i++)
        bytes[i] = i < size / 2 ? (char)(i / 100) : (char)dw_rng_below(&rng, 256);
    return bytes;
}

static void gunzip_fails(const char *bytes, size_t size, dw_err_kind kind, const char *words) {
    dw_mem own = {0};
    char *out, *copy = malloc(size + 1);
    size_t length;
    memcpy(copy, bytes, size); /* with nothing behind it, so that sanitizers see reads beyond */
    dw_err_clear(&err);
    assert_false(
        dw_deflate_gunzip(&own, (dw_deflate_source){copy, size, "f.gz"}, &out, &length, &err));
    assert_int_equal(err.kind, kind);
    if (strstr(err.text, words) == NULL)
        fail_msg("%s\nbut the test wants: %s", err.text, words);
    assert_int_equal(own.used, 0);
    free(copy);
}

static void what_is_packed_unpacks(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 4096, 4097, 300000};
    for (size_t s = 0; s < 5; s++) {
        char *bytes = make_bytes(sizes[s]), *back;
        size_t size;
        dw_buf out;
        dw_buf_init(&out, &mem);
        dw_err_clear(&err);
        assert_true(dw_deflate_gzip(&out, bytes, sizes[s], &err));
        assert_true(dw_deflate_gunzip(&mem, (dw_deflate_source){out.data, out.size, "f"}, &back,
                                      &size, &err));
        assert_int_equal(size, sizes[s]);
        assert_memory_equal(back, bytes, size);
        assert_int_equal(back[size], 0);
        dw_mem_free(back);
        dw_buf_free(&out);
        assert_int_equal(mem.used, 0);
        free(bytes);
    }
}

static void two_files_in_one_are_joined(void **state) {
    (void)state;
    dw_buf out;
    char *back;
    size_t size;
    dw_buf_init(&out, &mem);
    dw_err_clear(&err);
    assert_true(dw_deflate_gzip(&out, "abc", 3, &err) && dw_deflate_gzip(&out, "de", 2, &err));
    assert_true(
        dw_deflate_gunzip(&mem, (dw_deflate_source){out.data, out.size, "f"}, &back, &size, &err));
    assert_string_equal(back, "abcde");
    dw_mem_free(back);
    dw_buf_text(&out, "rest");
    gunzip_fails(out.data, out.size, DW_ERR_DATA, "make no sense at byte");
    dw_buf_free(&out);
}

static void cut_and_damaged_files_are_refused(void **state) {
    (void)state;
    dw_buf out;
    char *bytes = make_bytes(5000);
    dw_buf_init(&out, &mem);
    dw_err_clear(&err);
    assert_true(dw_deflate_gzip(&out, bytes, 5000, &err));
    size_t size = out.size;
    char *file = malloc(size);
    memcpy(file, out.data, size);
    dw_buf_free(&out);
    for (size_t cut = 2; cut < size; cut++)
        gunzip_fails(file, cut, DW_ERR_DATA, "is cut off");
    gunzip_fails(file, 1, DW_ERR_DATA, "does not begin like a .gz file");
    gunzip_fails("hello", 5, DW_ERR_DATA, "does not begin like a .gz file");
    file[size - 6] ^= 1; /* the check sum */
    gunzip_fails(file, size, DW_ERR_DATA, "make no sense at byte");
    free(file);
    free(bytes);
}

/* `size` bytes packed as in a zip file. */
static size_t pack_raw(const char *bytes, size_t size, char *out, size_t room) {
    z_stream z;
    memset(&z, 0, sizeof z);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (unsigned)size;
    z.next_out = (Bytef *)out;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return room - z.avail_out;
}

static void unpack_fails(const char *bytes, size_t size, size_t expected, const char *words) {
    char *out;
    dw_err_clear(&err);
    assert_false(
        dw_deflate_unpack(&mem, (dw_deflate_source){bytes, size, "f.npz"}, expected, &out, &err));
    if (strstr(err.text, words) == NULL)
        fail_msg("%s\nbut the test wants: %s", err.text, words);
    assert_int_equal(mem.used, 0);
}

static void promises_are_kept_exactly(void **state) {
    (void)state;
    char *bytes = make_bytes(3000), *out, packed[5000];
    size_t size = pack_raw(bytes, 3000, packed, sizeof packed);
    dw_err_clear(&err);
    assert_true(dw_deflate_unpack(&mem, (dw_deflate_source){packed, size, "f"}, 3000, &out, &err));
    assert_memory_equal(out, bytes, 3000);
    dw_mem_free(out);
    unpack_fails(packed, size, 2999, "promises 2999 bytes and holds more");
    unpack_fails(packed, size, 3001, "promises 3001 bytes and holds fewer");
    unpack_fails(packed, size - 10, 3000, "is cut off");
    unpack_fails(packed, size, (size_t)1 << 40, "more than its");
    unpack_fails(packed, size, SIZE_MAX, "more than its");
    unpack_fails("\xFF\xFF\xFF\xFF", 4, 100, "make no sense");
    free(bytes);
}

/* A small file that unpacks to 100 MB must end at the memory that is allowed. */
static void bombs_end_at_the_limit_of_memory(void **state) {
    (void)state;
    dw_buf out;
    size_t size = 100000000;
    char *zeros = calloc(1, size);
    dw_buf_init(&out, &mem);
    dw_err_clear(&err);
    assert_true(dw_deflate_gzip(&out, zeros, size, &err));
    free(zeros);
    assert_true(out.size < 200000);
    dw_mem small = {.limit = 10000000};
    char *back;
    assert_false(dw_deflate_gunzip(&small, (dw_deflate_source){out.data, out.size, "f.gz"}, &back,
                                   &size, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    assert_non_null(strstr(err.text, "unpack f.gz"));
    assert_int_equal(small.used, 0);
    dw_buf_free(&out);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    for (long n = 1;; n++) {
        dw_buf out;
        char *back = NULL;
        size_t size;
        dw_buf_init(&out, &mem);
        dw_err_clear(&err);
        mem.fail_at = n;
        bool fine = dw_deflate_gzip(&out, "some bytes", 10, &err) &&
                    dw_deflate_gunzip(&mem, (dw_deflate_source){out.data, out.size, "f"}, &back,
                                      &size, &err);
        bool done = fine && mem.fail_at > 0;
        mem.fail_at = 0;
        if (fine)
            dw_mem_free(back);
        else
            assert_int_equal(err.kind, DW_ERR_MEMORY);
        dw_buf_free(&out);
        assert_int_equal(mem.used, 0);
        if (done)
            break;
    }
}

static void check_sums_are_the_usual_ones(void **state) {
    (void)state;
    uint32_t sum;
    dw_err_clear(&err);
    assert_true(dw_deflate_crc(&mem, "123456789", 9, &sum, &err));
    assert_int_equal(sum, 0xCBF43926u);
    assert_true(dw_deflate_crc(&mem, "", 0, &sum, &err));
    assert_int_equal(sum, 0);
}

static void an_interrupt_ends_packing_and_unpacking(void **state) {
    (void)state;
    dw_cancel cancel = {.running = 1, .cancelled = 1};
    dw_buf out, second;
    char *back;
    size_t size;
    uint32_t sum;
    dw_buf_init(&out, &mem);
    dw_buf_init(&second, &mem);
    dw_err_clear(&err);
    assert_true(dw_deflate_gzip(&out, "abc", 3, &err));
    const dw_deflate_source gz = {out.data, out.size, "f"}, raw = {"\3\0", 2, "f"};
    mem.cancel = &cancel;
    assert_false(dw_deflate_gunzip(&mem, gz, &back, &size, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_err_clear(&err);
    assert_false(dw_deflate_unpack(&mem, raw, 0, &back, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_err_clear(&err);
    assert_false(dw_deflate_gzip(&second, "abc", 3, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_err_clear(&err);
    assert_false(dw_deflate_crc(&mem, "abc", 3, &sum, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    mem.cancel = NULL;
    dw_buf_free(&out);
    dw_buf_free(&second);
    assert_int_equal(mem.used, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_unpacks),
        cmocka_unit_test(two_files_in_one_are_joined),
        cmocka_unit_test(cut_and_damaged_files_are_refused),
        cmocka_unit_test(promises_are_kept_exactly),
        cmocka_unit_test(bombs_end_at_the_limit_of_memory),
        cmocka_unit_test(lack_of_memory_is_an_error),
        cmocka_unit_test(check_sums_are_the_usual_ones),
        cmocka_unit_test(an_interrupt_ends_packing_and_unpacking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
