/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernels of vector.h that do two things at once against the kernels that do one, bit for bit, for
 * every type of number, at every level of instructions, for every layout of operands. */
#include "tensor/vector.h"

#include "base/lanes.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 70, VECTORS = 3, BYTES = ROWS * VECTORS * DW_VECTOR_BYTES };

typedef struct {
    _Alignas(64) char bytes[BYTES];
} place;

static place in[3], between, expected, found;

static void fill(dw_vector_type type, dw_rng *rng) {
    for (int k = 0; k < 3; k++)
        for (size_t i = 0; i < BYTES / sizeof(double); i++) {
            double x = dw_rng_normal(rng);
            float halves[2] = {(float)x, (float)dw_rng_normal(rng)};
            memcpy(in[k].bytes + i * sizeof x, type == DW_VECTOR_SINGLE ? (const void *)halves : &x,
                   sizeof x);
        }
}

/* Layout 0: as many vectors as the result, 1: a number for each row, 2: one number for all, 3: one
 * row for all. */
static dw_vector_source source_of(const dw_vector_kernels *k, int operand, int layout) {
    static const bool one[] = {false, true, true, false};
    const size_t steps[] = {VECTORS * DW_VECTOR_BYTES, k->number, 0, 0};
    return (dw_vector_source){in[operand].bytes, steps[layout], one[layout]};
}

static void compare(const dw_vector_kernels *k, int inner, int outer, const dw_vector_source s[3]) {
    static const dw_elem_binary elems[] = {DW_ELEM_ADD, DW_ELEM_SUBTRACT, DW_ELEM_MULTIPLY,
                                           DW_ELEM_SUBTRACT};
    dw_vector_source first = {between.bytes, VECTORS * DW_VECTOR_BYTES, false};
    bool rest = outer == DW_VECTOR_REST;
    k->pair[elems[inner]](between.bytes, &s[0], &s[1], ROWS, VECTORS);
    k->pair[elems[outer]](expected.bytes, rest ? &s[2] : &first, rest ? &first : &s[2], ROWS,
                          VECTORS);
    k->two[inner][outer](found.bytes, s, ROWS, VECTORS);
    assert_memory_equal(expected.bytes, found.bytes, BYTES);
}

static void two_operations_at_once(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(3);
    dw_simd best = dw_simd_level();
    for (int level = 0; level <= (int)best; level++)
        for (int type = 0; type < DW_VECTOR_TYPES && dw_simd_use((dw_simd)level); type++)
            for (int layouts = 0; layouts < 64; layouts++) {
                const dw_vector_kernels *k = dw_vector_at((dw_vector_type)type);
                dw_vector_source s[3];
                fill((dw_vector_type)type, &rng);
                for (int i = 0; i < 3; i++)
                    s[i] = source_of(k, i, layouts >> (2 * i) & 3);
                if (s[0].one && s[1].one) /* their result would be a number for each row itself */
                    continue;
                for (int inner = 0; inner < DW_VECTOR_INNERS; inner++)
                    for (int outer = 0; outer < DW_VECTOR_OUTERS; outer++)
                        compare(k, inner, outer, s);
            }
    assert_true(dw_simd_use(best));
}

static void sums_of_squares(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(4);
    dw_simd best = dw_simd_level();
    for (int level = 0; level <= (int)best; level++)
        for (int type = 0; type < DW_VECTOR_TYPES && dw_simd_use((dw_simd)level); type++)
            for (size_t count = 1; count <= ROWS; count += count < 20 ? 1 : 10) {
                const dw_vector_kernels *k = dw_vector_at((dw_vector_type)type);
                dw_vector_source x = {in[0].bytes, VECTORS * DW_VECTOR_BYTES, false};
                fill((dw_vector_type)type, &rng);
                k->pair[DW_ELEM_MULTIPLY](between.bytes, &x, &x, ROWS, VECTORS);
                k->sum(expected.bytes, between.bytes, count, VECTORS);
                k->squares(found.bytes, in[0].bytes, count, VECTORS);
                assert_memory_equal(expected.bytes, found.bytes, (size_t)VECTORS * DW_VECTOR_BYTES);
            }
    assert_true(dw_simd_use(best));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(two_operations_at_once),
                                       cmocka_unit_test(sums_of_squares)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
