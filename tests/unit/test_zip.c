/* SPDX-License-Identifier: BSD-3-Clause */
/* Zip files: ours, one of another program's, and hostile ones. */
#include "data/zip.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dw_mem mem;
static dw_err err;

/* Two members, as Python's zipfile writes them: "a.txt", stored, "hello"; "b.txt", deflated, 40
 * times "ab". */
static const unsigned char python[] = {
    0x50, 0x4B, 0x03, 0x04, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x21, 0x00, 0x86, 0xA6,
    0x10, 0x36, 0x05, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x61, 0x2E,
    0x74, 0x78, 0x74, 0x68, 0x65, 0x6C, 0x6C, 0x6F, 0x50, 0x4B, 0x03, 0x04, 0x2D, 0x00, 0x00, 0x00,
    0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0x60, 0x0C, 0x01, 0x50, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0x05, 0x00, 0x14, 0x00, 0x62, 0x2E, 0x74, 0x78, 0x74, 0x01, 0x00, 0x10, 0x00, 0x50,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x07, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x4B,
    0x4C, 0x4A, 0xA4, 0x2A, 0x04, 0x00, 0x50, 0x4B, 0x01, 0x02, 0x14, 0x03, 0x14, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x21, 0x00, 0x86, 0xA6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00, 0x05, 0x00,
    0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x01,
    0x00, 0x00, 0x00, 0x00, 0x61, 0x2E, 0x74, 0x78, 0x74, 0x50, 0x4B, 0x01, 0x02, 0x2D, 0x03, 0x2D,
    0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0x60, 0x0C, 0x01, 0x50, 0x07, 0x00, 0x00,
    0x00, 0x50, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x80, 0x01, 0x28, 0x00, 0x00, 0x00, 0x62, 0x2E, 0x74, 0x78, 0x74, 0x50, 0x4B, 0x05, 0x06,
    0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x02, 0x00, 0x66, 0x00, 0x00, 0x00, 0x66, 0x00, 0x00, 0x00,
    0x00, 0x00};

static void read_member(const dw_zip *zip, size_t i, const char *name, const char *contents) {
    const char *bytes;
    char *owned;
    assert_int_equal(zip->member[i].name_size, strlen(name));
    assert_memory_equal(zip->member[i].name, name, strlen(name));
    assert_true(dw_zip_read(&mem, zip, i, &bytes, &owned, &err));
    assert_int_equal(zip->member[i].size, strlen(contents));
    assert_memory_equal(bytes, contents, strlen(contents));
    dw_mem_free(owned);
}

static void files_of_other_programs_are_read(void **state) {
    (void)state;
    dw_err_clear(&err);
    dw_zip *zip = dw_zip_open(&mem, (const char *)python, sizeof python, "p.zip", &err);
    assert_non_null(zip);
    assert_int_equal(zip->count, 2);
    read_member(zip, 0, "a.txt", "hello");
    read_member(zip, 1, "b.txt",
                "abababababababababababababababababababababababababababababababababababababababab");
    dw_mem_free(zip);
    assert_int_equal(mem.used, 0);
}

static void what_is_written_reads_back(void **state) {
    (void)state;
    dw_buf out;
    dw_zip_writer w;
    dw_buf_init(&out, &mem);
    dw_zip_begin(&w, &out);
    dw_err_clear(&err);
    assert_true(dw_zip_add(&w, "θ.npy", "12345", 5, &err) && dw_zip_add(&w, "e", "", 0, &err) &&
                dw_zip_finish(&w, &err));
    dw_zip_free(&w);
    dw_zip *zip = dw_zip_open(&mem, out.data, out.size, "w.zip", &err);
    assert_non_null(zip);
    assert_int_equal(zip->count, 2);
    read_member(zip, 0, "θ.npy", "12345");
    read_member(zip, 1, "e", "");
    dw_mem_free(zip);
    dw_buf_clear(&out);
    dw_zip_begin(&w, &out); /* one without members */
    assert_true(dw_zip_finish(&w, &err));
    dw_zip_free(&w);
    zip = dw_zip_open(&mem, out.data, out.size, "w.zip", &err);
    assert_non_null(zip);
    assert_int_equal(zip->count, 0);
    dw_mem_free(zip);
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
}

/* Opens a copy and reads all members. */
static bool read_all(const char *bytes, size_t size) {
    char *copy = malloc(size + 1);
    memcpy(copy, bytes, size);
    dw_err_clear(&err);
    dw_zip *zip = dw_zip_open(&mem, copy, size, "f.zip", &err);
    bool fine = zip != NULL;
    for (size_t i = 0; fine && i < zip->count; i++) {
        const char *contents;
        char *owned;
        fine = dw_zip_read(&mem, zip, i, &contents, &owned, &err);
        if (fine)
            dw_mem_free(owned);
    }
    dw_mem_free(zip);
    free(copy);
    assert_int_equal(mem.used, 0);
    assert_true(fine == (err.kind == DW_ERR_NONE));
    return fine;
}

enum { FIRST = 102, SECOND = 153, END = sizeof python - 22 };

/* Changes some bytes of the file at `at` and expects an error. */
static void change(size_t at, const char *bytes, size_t count, const char *words) {
    char file[sizeof python];
    memcpy(file, python, sizeof file);
    memcpy(file + at, bytes, count);
    assert_false(read_all(file, sizeof file));
    if (strstr(err.text, words) == NULL)
        fail_msg("%s\nbut the test wants: %s", err.text, words);
}

static void lies_are_found(void **state) {
    (void)state;
    change(0, "x", 1, "does not begin like one");
    change(END, "x", 1, "ends before its list");
    change(END + 4, "\1", 1, "one part of several");
    change(END + 8, "\3", 1, "one part of several");
    change(END + 8, "\3\0\3", 3, "its list of members is damaged");
    change(END + 8, "\1\0\1", 3, "its list of members is damaged");
    change(END + 8, "\xFF\xFF\xFF\xFF", 4, "65535 members");
    change(END + 12, "\1", 1, "its end is damaged");
    change(END + 16, "\xFF\xFF\xFF\xFF", 4, "larger than 4 GB");
    change(END + 16, "\xFF\xFF\xFF\x7F", 4, "its end is damaged");
    change(FIRST, "x", 1, "its list of members is damaged");
    change(FIRST + 8, "\1", 1, "encrypted");
    change(FIRST + 10, "\x0C", 1, "packed in a way not known");
    change(FIRST + 16, "x", 1, "check sum is wrong");
    change(FIRST + 20, "\xFF\xFF\xFF\xFF", 4, "larger than 4 GB");
    change(FIRST + 20, "\xFF\xFF\0\0", 4, "does not fit into the file");
    change(FIRST + 24, "\x06", 1, "does not fit into the file"); /* stored, of another size */
    change(FIRST + 28, "\xFF", 1, "its list of members is damaged");
    change(FIRST + 42, "\xFF\xFF", 2, "does not fit into the file");
    change(FIRST + 42, "\1", 1, "does not begin like one");
    change(SECOND + 16, "x", 1, "check sum is wrong");
    change(SECOND + 24, "\x51", 1, "holds fewer");
    change(SECOND + 24, "\xFE\xFF\xFF\xFF", 4, "more than its");
    change(26, "\xFF\xFF", 2, "does not fit into the file");
}

static void members_may_not_overlap(void **state) {
    (void)state;
    /* one member of 100 bytes, listed three times: the list promises more than there is */
    char zeros[100] = {0};
    dw_buf out;
    dw_zip_writer w;
    dw_buf_init(&out, &mem);
    dw_zip_begin(&w, &out);
    dw_err_clear(&err);
    assert_true(dw_zip_add(&w, "a", zeros, 100, &err));
    char entry[64];
    size_t size = w.list.size;
    memcpy(entry, w.list.data, size);
    dw_buf_add(&w.list, entry, size);
    dw_buf_add(&w.list, entry, size);
    w.count = 3;
    assert_true(dw_zip_finish(&w, &err));
    dw_zip_free(&w);
    assert_null(dw_zip_open(&mem, out.data, out.size, "w.zip", &err));
    assert_non_null(strstr(err.text, "members overlap"));
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
}

static void every_cut_and_every_changed_byte_is_survived(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(4);
    for (size_t size = 0; size < sizeof python; size++)
        assert_false(read_all((const char *)python, size));
    for (int run = 0; run < 20000; run++) {
        char bad[sizeof python];
        memcpy(bad, python, sizeof bad);
        for (int k = 0; k < 3; k++)
            bad[dw_rng_below(&rng, sizeof bad)] = (char)dw_rng_below(&rng, run % 2 ? 256 : 4);
        (void)read_all(bad, sizeof bad);
    }
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    for (long n = 1;; n++) {
        mem.fail_at = n;
        bool fine = read_all((const char *)python, sizeof python);
        bool done = mem.fail_at > 0;
        mem.fail_at = 0;
        if (done && fine)
            break;
        assert_int_equal(err.kind, DW_ERR_MEMORY);
    }
}

/* Of a stored member only the check sum takes time. */
static void an_interrupt_ends_reading_and_writing(void **state) {
    (void)state;
    dw_cancel cancel = {.running = 1, .cancelled = 1};
    dw_buf out;
    dw_zip_writer w;
    dw_buf_init(&out, &mem);
    for (size_t i = 0; i < 2; i++) {
        const char *contents;
        char *owned;
        dw_err_clear(&err);
        dw_zip *zip = dw_zip_open(&mem, (const char *)python, sizeof python, "p.zip", &err);
        assert_non_null(zip);
        mem.cancel = &cancel;
        assert_false(dw_zip_read(&mem, zip, i, &contents, &owned, &err));
        mem.cancel = NULL;
        assert_int_equal(err.kind, DW_ERR_INTERRUPT);
        dw_mem_free(zip);
        assert_int_equal(mem.used, 0);
    }
    dw_err_clear(&err);
    mem.cancel = &cancel;
    dw_zip_begin(&w, &out);
    assert_false(dw_zip_add(&w, "a", "abc", 3, &err));
    mem.cancel = NULL;
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    dw_zip_free(&w);
    dw_buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_other_programs_are_read),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(lies_are_found),
        cmocka_unit_test(members_may_not_overlap),
        cmocka_unit_test(every_cut_and_every_changed_byte_is_survived),
        cmocka_unit_test(lack_of_memory_is_an_error),
        cmocka_unit_test(an_interrupt_ends_reading_and_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
