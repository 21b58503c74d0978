/* SPDX-License-Identifier: BSD-3-Clause */
/* Choosing the instruction set, and the vectors that all of them share. */
#include "base/simd.h"
#include "base/lanes.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void levels_have_words(void **state) {
    (void)state;
    for (dw_simd l = DW_SIMD_BASE; l < DW_SIMD_LEVELS; l++)
        assert_int_equal(dw_simd_named(dw_simd_word(l)), l);
    assert_int_equal(dw_simd_named("abacus"), DW_SIMD_LEVELS);
}

static void a_level_is_used_until_another_is(void **state) {
    (void)state;
    dw_simd best = dw_simd_level();
    assert_true(dw_simd_use(DW_SIMD_BASE));
    assert_int_equal(dw_simd_level(), DW_SIMD_BASE);
    assert_false(dw_simd_use(DW_SIMD_LEVELS));
    assert_int_equal(dw_simd_level(), DW_SIMD_BASE);
    assert_true(dw_simd_use(best));
    assert_int_equal(dw_simd_level(), best);
}

static void fused_products_round_once(void **state) {
    (void)state;
    dw_lanes x = dw_lanes_all(1 + 0x1p-30);
    dw_lanes y = dw_lanes_fma(x, x, -dw_lanes_all(1 + 0x1p-29));
    for (int i = 0; i < DW_LANES; i++)
        assert_true(y[i] == 0x1p-60);
    dw_lanes_single z = dw_lanes_all_single(1 + 0x1p-14f);
    z = dw_lanes_fma_single(z, z, -dw_lanes_all_single(1 + 0x1p-13f));
    for (int i = 0; i < DW_LANES_SINGLE; i++)
        assert_true(z[i] == 0x1p-28f);
}

static void lanes_are_chosen_by_a_mask(void **state) {
    (void)state;
    double numbers[DW_LANES] = {1, -2, 3, -4, 5, -6, 7, -8}, out[DW_LANES];
    dw_lanes x = dw_lanes_load(numbers);
    dw_lanes_store(out, dw_lanes_choose(x > 0, x, dw_lanes_all(0)));
    for (int i = 0; i < DW_LANES; i++)
        assert_true(out[i] == (numbers[i] > 0 ? numbers[i] : 0));
    dw_lanes roots = dw_lanes_sqrt(x * x);
    for (int i = 0; i < DW_LANES; i++)
        assert_true(roots[i] == fabs(numbers[i]));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_have_words),
        cmocka_unit_test(a_level_is_used_until_another_is),
        cmocka_unit_test(fused_products_round_once),
        cmocka_unit_test(lanes_are_chosen_by_a_mask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
