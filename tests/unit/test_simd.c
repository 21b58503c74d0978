/* SPDX-License-Identifier: BSD-3-Clause */
/* Choosing the instruction set, and the vectors that all of them share. */
#include "base/simd.h"
#include "base/fused.h"
#include "base/lanes.h"
#include "ulp.h"

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

#if defined(__SSE2__)
/* Numbers of few digits and of many, of all sizes, and what is no number of a usual kind. */
static double odd_number(dw_rng *rng) {
    static const double corners[] = {
        0,        -0.0,      1,        -1,      0x1p-1074,        -0x1p-1060, 0x1p-1022,
        0x1p1023, -0x1p1000, 0x1p-450, 0x1p450, (double)INFINITY, (double)NAN};
    double x = dw_rng_uniform(rng) - 0.5;
    int small = (int)dw_rng_below(rng, 54);
    switch (dw_rng_below(rng, 8)) {
    case 0:
        return corners[dw_rng_below(rng, sizeof corners / sizeof *corners)];
    case 1:
        return ldexp(x, (int)dw_rng_below(rng, 2000) - 1000);
    case 2:
        return 1 + ldexp(1, -small);
    case 3:
        return ldexp(1, -small) - 1;
    case 4:
        return small - 27;
    default:
        return ldexp(x, small - 27);
    }
}

/* What is added to a product: often nearly its opposite, so that only the last digits are left. */
static double addend(dw_rng *rng, double a, double b) {
    uint64_t kind = dw_rng_below(rng, 4);
    return kind == 0   ? -a * b
           : kind == 1 ? -fma(a, b, ldexp(odd_number(rng), -80))
                       : odd_number(rng);
}

static void fused_products_need_no_instruction(void **state) {
    (void)state;
    volatile double least = 0x1p-1074;
    if (!signbit(fma(least, -least, 0)))
        skip(); /* valgrind 3.19: its fma forgets the sign of what is too small to be a number */
    dw_rng rng = dw_rng_seed(1);
    for (int tries = 0; tries < 200000; tries++) {
        double x[3][2];
        float y[3][4];
        for (int k = 0; k < 2; k++) {
            x[0][k] = odd_number(&rng), x[1][k] = odd_number(&rng);
            x[2][k] = addend(&rng, x[0][k], x[1][k]);
        }
        for (int k = 0; k < 4; k++) {
            y[0][k] = (float)x[0][k % 2], y[1][k] = (float)x[1][k / 2];
            y[2][k] = (float)addend(&rng, (double)y[0][k], (double)y[1][k]);
        }
        dw_fused_doubles d[3];
        dw_fused_singles s[3];
        memcpy(d, x, sizeof d);
        memcpy(s, y, sizeof s);
        d[0] = dw_fused_double(d[0], d[1], d[2]);
        s[0] = dw_fused_single(s[0], s[1], s[2]);
        for (int k = 0; k < 2; k++)
            ulp_assert_same(d[0][k], fma(x[0][k], x[1][k], x[2][k]));
        for (int k = 0; k < 4; k++)
            ulp_assert_same((double)s[0][k], (double)fmaf(y[0][k], y[1][k], y[2][k]));
    }
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_have_words),
        cmocka_unit_test(a_level_is_used_until_another_is),
        cmocka_unit_test(fused_products_round_once),
        cmocka_unit_test(lanes_are_chosen_by_a_mask),
#if defined(__SSE2__)
        cmocka_unit_test(fused_products_need_no_instruction),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
