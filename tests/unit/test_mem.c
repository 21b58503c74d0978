/* SPDX-License-Identifier: BSD-3-Clause */
/* Counted memory: alignment, accounts, limits, failures on order. */
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void blocks_are_aligned_zeroed_and_counted(void **state) {
    (void)state;
    dw_mem mem = {0};
    size_t total = 0;
    void *blocks[300];
    for (size_t size = 0; size < 300; size++) {
        unsigned char *block = dw_mem_new(&mem, size);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % (size >= 64 ? 64 : 16), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(block[i], 0);
        memset(block, 0xA5, size);
        total += size;
        assert_int_equal(mem.used, total);
        blocks[size] = block;
    }
    for (size_t size = 0; size < 300; size++)
        dw_mem_free(blocks[size]);
    dw_mem_free(NULL);
    assert_int_equal(mem.used, 0);
}

static void growing_keeps_the_contents(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 40, 63, 64, 65, 5000, 100, 20};
    dw_mem mem = {0};
    unsigned char *block = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        block = dw_mem_grow(&mem, block, sizes[i]);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % (sizes[i] >= 64 ? 64 : 16), 0);
        for (size_t k = 0; k < kept && k < sizes[i]; k++)
            assert_int_equal(block[k], k % 251);
        for (size_t k = 0; k < sizes[i]; k++)
            block[k] = (unsigned char)(k % 251);
        kept = sizes[i];
        assert_int_equal(mem.used, sizes[i]);
    }
    dw_mem_free(block);
    assert_int_equal(mem.used, 0);
}

static void limits_and_overflows_are_refused(void **state) {
    (void)state;
    dw_mem mem = {.limit = 1000};
    void *a = dw_mem_raw(&mem, 900);
    assert_non_null(a);
    assert_null(dw_mem_raw(&mem, 101));
    assert_null(dw_mem_grow(&mem, a, 901)); /* both exist for a moment */
    assert_int_equal(mem.used, 900);
    void *b = dw_mem_raw(&mem, 100);
    assert_non_null(b);
    assert_null(dw_mem_array(&mem, SIZE_MAX / 2, 3));
    assert_null(dw_mem_raw(&mem, SIZE_MAX));
    assert_null(dw_mem_new(&mem, SIZE_MAX - 10));
    assert_null(dw_mem_text(&mem, "", SIZE_MAX));
    dw_mem_free(a);
    dw_mem_free(b);
    assert_int_equal(mem.used, 0);
}

static void and_those_that_follow(void **state) {
    (void)state;
    dw_mem mem = {.fail_at = 2, .fail_on = true};
    void *a = dw_mem_raw(&mem, 10);
    assert_non_null(a);
    for (int i = 0; i < 5; i++)
        assert_null(dw_mem_raw(&mem, 10));
    mem.fail_at = 0;
    void *b = dw_mem_raw(&mem, 10);
    assert_non_null(b);
    dw_mem_free(a);
    dw_mem_free(b);
    assert_int_equal(mem.used, 0);
}

static void the_nth_allocation_fails(void **state) {
    (void)state;
    dw_mem mem = {.fail_at = 3};
    void *a = dw_mem_raw(&mem, 10), *b = dw_mem_raw(&mem, 10);
    assert_non_null(a);
    assert_non_null(b);
    assert_null(dw_mem_raw(&mem, 10));
    assert_int_equal(mem.used, 20);
    void *c = dw_mem_raw(&mem, 10);
    assert_non_null(c);
    dw_mem_free(a);
    dw_mem_free(b);
    dw_mem_free(c);
}

static void texts_are_copied_with_an_end(void **state) {
    (void)state;
    dw_mem mem = {0};
    char *copy = dw_mem_text(&mem, "a\0bc", 3);
    assert_memory_equal(copy, "a\0b", 4);
    dw_mem_free(copy);
    copy = dw_mem_text(&mem, NULL, 0);
    assert_string_equal(copy, "");
    dw_mem_free(copy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_aligned_zeroed_and_counted),
        cmocka_unit_test(growing_keeps_the_contents),
        cmocka_unit_test(limits_and_overflows_are_refused),
        cmocka_unit_test(the_nth_allocation_fails),
        cmocka_unit_test(and_those_that_follow),
        cmocka_unit_test(texts_are_copied_with_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
