/* SPDX-License-Identifier: BSD-3-Clause */
/* The map from texts to numbers. */
#include "base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void keys_keep_their_numbers(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_map map;
    char key[32];
    uint32_t index;
    dw_map_init(&map, &mem);
    assert_false(dw_map_find(&map, "x", &index));
    for (uint32_t i = 0; i < 5000; i++) {
        snprintf(key, sizeof key, "θ%u", i * 7919u);
        assert_true(dw_map_add(&map, key, &index));
        assert_int_equal(index, i);
        assert_true(dw_map_add(&map, key, &index));
        assert_int_equal(index, i);
    }
    assert_int_equal(map.count, 5000);
    for (uint32_t i = 0; i < 5000; i++) {
        snprintf(key, sizeof key, "θ%u", i * 7919u);
        assert_string_equal(map.keys[i], key);
        assert_true(dw_map_find(&map, key, &index));
        assert_int_equal(index, i);
    }
    assert_false(dw_map_find(&map, "θ", &index));
    assert_true(dw_map_add(&map, "", &index));
    assert_int_equal(index, 5000);
    dw_map_free(&map);
    assert_int_equal(mem.used, 0);
    assert_false(dw_map_find(&map, "", &index));
}

static void lack_of_memory_changes_nothing(void **state) {
    (void)state;
    for (long fail_at = 1; fail_at < 60; fail_at++) {
        dw_mem mem = {.fail_at = fail_at};
        dw_map map;
        char key[16];
        uint32_t index, held = 0;
        dw_map_init(&map, &mem);
        for (uint32_t i = 0; i < 40; i++) {
            snprintf(key, sizeof key, "k%u", i);
            if (dw_map_add(&map, key, &index))
                assert_int_equal(index, held++);
        }
        assert_int_equal(map.count, held);
        assert_true(held >= 39);
        for (uint32_t i = 0; i < held; i++) {
            assert_true(dw_map_find(&map, map.keys[i], &index));
            assert_int_equal(index, i);
        }
        dw_map_free(&map);
        assert_int_equal(mem.used, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_keep_their_numbers),
        cmocka_unit_test(lack_of_memory_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
