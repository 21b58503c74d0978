/* SPDX-License-Identifier: BSD-3-Clause */
/* Places in a block: none shared by two at a time, used again, joined when neighbours are free. */
#include "graph/rooms.h"

#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static dw_mem mem;

static size_t take(dw_rooms *rooms, size_t size) {
    dw_err err = {0};
    size_t start;
    assert_true(dw_rooms_take(rooms, size, &start, &err));
    return start;
}

static void give(dw_rooms *rooms, size_t size, size_t start) {
    dw_err err = {0};
    assert_true(dw_rooms_give(rooms, size, start, &err));
}

static size_t end_of(const dw_rooms *rooms) {
    dw_err err = {0};
    size_t doubles;
    assert_true(dw_rooms_end(rooms, &doubles, &err));
    return doubles;
}

static void places_are_used_again(void **state) {
    (void)state;
    dw_rooms rooms;
    dw_rooms_init(&rooms, &mem);
    size_t a = take(&rooms, 16), b = take(&rooms, 9), c = take(&rooms, 8);
    assert_int_equal(end_of(&rooms), 16 + 16 + 8);
    assert_true(a % 8 == 0 && b % 8 == 0 && c % 8 == 0);
    give(&rooms, 16, a);
    assert_int_equal(take(&rooms, 16), a);
    give(&rooms, 9, b);
    give(&rooms, 16, a); /* now 32 in one piece */
    assert_int_equal(take(&rooms, 32), a);
    give(&rooms, 8, c);
    assert_int_equal(take(&rooms, 24), c); /* the free end grows */
    assert_int_equal(end_of(&rooms), 32 + 24);
    assert_int_equal(take(&rooms, 0), 0);
    dw_rooms_free(&rooms);
}

static void the_smallest_that_fits_is_taken(void **state) {
    (void)state;
    dw_rooms rooms;
    dw_rooms_init(&rooms, &mem);
    size_t large = take(&rooms, 40), wall = take(&rooms, 8), small = take(&rooms, 16);
    size_t last = take(&rooms, 8);
    give(&rooms, 40, large);
    give(&rooms, 16, small);
    assert_int_equal(take(&rooms, 12), small);
    assert_int_equal(take(&rooms, 24), large);
    assert_int_equal(take(&rooms, 16), large + 24);
    give(&rooms, 8, wall);
    give(&rooms, 8, last);
    dw_rooms_free(&rooms);
}

static void numbers_lie_side_by_side_before_arrays(void **state) {
    (void)state;
    dw_rooms rooms;
    dw_rooms_init(&rooms, &mem);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(take(&rooms, 1), i);
    give(&rooms, 1, 4);
    assert_int_equal(take(&rooms, 1), 4);
    assert_int_equal(take(&rooms, 3), 0);
    assert_int_equal(dw_rooms_first_array(&rooms), 16);
    assert_int_equal(end_of(&rooms), 24);
    dw_rooms_free(&rooms);
}

static void no_two_share_a_place(void **state) {
    (void)state;
    enum { MOST = 40, SPACE = 4000 };
    static int owner[SPACE];
    size_t start[MOST], size[MOST] = {0};
    dw_rng rng = dw_rng_seed(4);
    dw_rooms rooms;
    dw_rooms_init(&rooms, &mem);
    for (int round = 0; round < 20000; round++) {
        size_t i = dw_rng_below(&rng, MOST);
        if (size[i] > 0) {
            for (size_t k = start[i]; k < start[i] + size[i]; k++) {
                assert_int_equal(owner[k], i + 1);
                owner[k] = 0;
            }
            give(&rooms, size[i], start[i]);
            size[i] = 0;
            continue;
        }
        size[i] = 2 + dw_rng_below(&rng, 60);
        start[i] = take(&rooms, size[i]);
        assert_true(start[i] + size[i] <= SPACE);
        for (size_t k = start[i]; k < start[i] + size[i]; k++) {
            assert_int_equal(owner[k], 0);
            owner[k] = (int)i + 1;
        }
    }
    for (size_t i = 0; i < MOST; i++)
        if (size[i] > 0)
            give(&rooms, size[i], start[i]);
    assert_int_equal(rooms.array_count, 1);
    assert_int_equal(rooms.arrays[0].size, end_of(&rooms));
    dw_rooms_free(&rooms);
}

static void what_does_not_fit_is_an_error(void **state) {
    (void)state;
    dw_err err = {0};
    dw_rooms rooms;
    dw_rooms_init(&rooms, &mem);
    size_t start;
    assert_false(dw_rooms_take(&rooms, SIZE_MAX - 2, &start, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    dw_err_clear(&err);
    start = take(&rooms, 8);
    take(&rooms, 8);
    mem.fail_at = 1;
    assert_false(dw_rooms_give(&rooms, 8, start, &err));
    mem.fail_at = 1;
    assert_false(dw_rooms_give(&rooms, 1, 0, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    dw_rooms_free(&rooms);
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(places_are_used_again, nothing_is_left),
        cmocka_unit_test_teardown(the_smallest_that_fits_is_taken, nothing_is_left),
        cmocka_unit_test_teardown(numbers_lie_side_by_side_before_arrays, nothing_is_left),
        cmocka_unit_test_teardown(no_two_share_a_place, nothing_is_left),
        cmocka_unit_test_teardown(what_does_not_fit_is_an_error, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
