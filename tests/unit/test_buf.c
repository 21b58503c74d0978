/* SPDX-License-Identifier: BSD-3-Clause */
/* Growable bytes. */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void bytes_add_up(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_buf buf;
    dw_buf_init(&buf, &mem);
    for (int i = 0; i < 1000; i++) {
        dw_buf_byte(&buf, 'x');
        dw_buf_text(&buf, "yz");
        dw_buf_add(&buf, "\0!", 2);
        dw_buf_print(&buf, "%04d", i);
    }
    assert_false(buf.failed);
    assert_int_equal(buf.size, 9000);
    assert_memory_equal(buf.data + 8991, "xyz\0!0999", 10);
    size_t size;
    char *data = dw_buf_take(&buf, &size);
    assert_int_equal(size, 9000);
    assert_null(buf.data);
    assert_int_equal(buf.size, 0);
    dw_mem_free(data);
    assert_int_equal(mem.used, 0);
}

static void empty_buffers_give_empty_texts(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_buf buf;
    size_t size = 7;
    dw_buf_init(&buf, &mem);
    char *data = dw_buf_take(&buf, &size);
    assert_string_equal(data, "");
    assert_int_equal(size, 0);
    dw_mem_free(data);
    dw_buf_print(&buf, "%s", "");
    assert_string_equal(buf.data, "");
    dw_buf_text(&buf, "abc");
    dw_buf_clear(&buf);
    assert_string_equal(buf.data, "");
    dw_buf_free(&buf);
    assert_int_equal(mem.used, 0);
}

static void long_prints_fit(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_buf buf;
    dw_buf_init(&buf, &mem);
    dw_buf_text(&buf, "[");
    dw_buf_print(&buf, "%5000d", 7);
    assert_int_equal(buf.size, 5001);
    assert_int_equal(buf.data[5000], '7');
    dw_buf_free(&buf);
}

static void a_lost_append_is_remembered(void **state) {
    (void)state;
    dw_mem mem = {.limit = 1000};
    dw_buf buf;
    char big[2000] = {0};
    dw_buf_init(&buf, &mem);
    dw_buf_text(&buf, "kept");
    dw_buf_add(&buf, big, sizeof big);
    assert_true(buf.failed);
    assert_string_equal(buf.data, "kept");
    dw_buf_text(&buf, " no more");
    assert_string_equal(buf.data, "kept");
    size_t size;
    dw_err err = {0};
    assert_false(dw_buf_whole(&buf, "a text", &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    assert_null(dw_buf_take(&buf, &size));
    assert_int_equal(mem.used, 0);
    dw_buf_add(&buf, big, SIZE_MAX / 2 + 10);
    assert_true(buf.failed);
    dw_buf_clear(&buf);
    dw_buf_text(&buf, "again");
    assert_string_equal(buf.data, "again");
    dw_err_clear(&err);
    assert_true(dw_buf_whole(&buf, "a text", &err) && err.kind == DW_ERR_NONE);
    dw_buf_free(&buf);
    assert_int_equal(mem.used, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_add_up),
        cmocka_unit_test(empty_buffers_give_empty_texts),
        cmocka_unit_test(long_prints_fit),
        cmocka_unit_test(a_lost_append_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
