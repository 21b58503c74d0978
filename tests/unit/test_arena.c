/* SPDX-License-Identifier: BSD-3-Clause */
/* Bump allocation: alignment, zeroes, big requests, lack of memory. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void pieces_do_not_overlap(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_arena arena;
    unsigned char *pieces[2000];
    dw_arena_init(&arena, &mem);
    assert_int_equal(mem.used, 0);
    for (size_t i = 0; i < 2000; i++) {
        size_t size = i % 100 == 7 ? 3000 + i : i % 97;
        pieces[i] = dw_arena_new(&arena, size);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % 16, 0);
        for (size_t k = 0; k < size; k++)
            assert_int_equal(pieces[i][k], 0);
        memset(pieces[i], (int)(i % 255) + 1, size);
    }
    for (size_t i = 0; i < 2000; i++)
        for (size_t k = 0; k < i % 97 && i % 100 != 7; k++)
            assert_int_equal(pieces[i][k], i % 255 + 1);
    dw_arena_free(&arena);
    assert_int_equal(mem.used, 0);
}

static void big_pieces_leave_the_room_of_others(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_arena arena;
    dw_arena_init(&arena, &mem);
    char *a = dw_arena_new(&arena, 16);
    assert_non_null(dw_arena_new(&arena, 100000));
    char *b = dw_arena_new(&arena, 16);
    assert_ptr_equal(b, a + 16);
    dw_arena_free(&arena);
    char *text = dw_arena_text(&arena, "again", 5);
    assert_string_equal(text, "again");
    dw_arena_free(&arena);
    assert_int_equal(mem.used, 0);
}

static void lack_of_memory_is_told(void **state) {
    (void)state;
    dw_mem mem = {.limit = 6000};
    dw_arena arena;
    dw_arena_init(&arena, &mem);
    assert_non_null(dw_arena_new(&arena, 100));
    assert_null(dw_arena_new(&arena, 5000));
    assert_null(dw_arena_new(&arena, SIZE_MAX));
    assert_null(dw_arena_text(&arena, "", SIZE_MAX));
    size_t count = 0;
    while (dw_arena_new(&arena, 100) != NULL)
        count++;
    assert_in_range(count, 20, 60);
    dw_arena_free(&arena);
    assert_int_equal(mem.used, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(big_pieces_leave_the_room_of_others),
        cmocka_unit_test(lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
