/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of kernels share: every instruction set, the numbers of every type one by one,
 * blocks that end where they say, and numbers that kernels stumble over. */
#ifndef KERNELS_H
#define KERNELS_H

#include "base/rng.h"
#include "tensor/vector.h"

#include "ulp.h"

#include <stdlib.h>

static const char *const type_words[DW_VECTOR_TYPES] = {"doubles", "singles", "packs"};

/* Calls a check with every instruction set that this processor has. */
static inline void at_each_level(void (*check)(void)) {
    dw_simd best = dw_simd_level();
    for (dw_simd level = DW_SIMD_BASE; level < DW_SIMD_LEVELS; level++)
        if (dw_simd_use(level))
            check();
    assert_true(dw_simd_use(best));
}

/* A number of a plan is one scalar, or in a pack eight. */
static inline size_t scalar_bytes(dw_vector_type type) {
    return type == DW_VECTOR_SINGLE ? sizeof(float) : sizeof(double);
}
static inline size_t scalars_in_vector(dw_vector_type type) {
    return DW_VECTOR_BYTES / scalar_bytes(type);
}
static inline size_t scalars_in_number(dw_vector_type type) {
    return dw_vector_type_bytes(type) / scalar_bytes(type);
}

/* Scalar i behind an address that need not be aligned. */
static inline double scalar_get(dw_vector_type type, const void *at, size_t i) {
    float narrow;
    double x;
    if (type != DW_VECTOR_SINGLE) {
        memcpy(&x, (const char *)at + i * sizeof x, sizeof x);
        return x;
    }
    memcpy(&narrow, (const char *)at + i * sizeof narrow, sizeof narrow);
    return (double)narrow;
}

static inline void scalar_set(dw_vector_type type, void *at, size_t i, double x) {
    float narrow = (float)x;
    if (type == DW_VECTOR_SINGLE)
        memcpy((char *)at + i * sizeof narrow, &narrow, sizeof narrow);
    else
        memcpy((char *)at + i * sizeof x, &x, sizeof x);
}

/* Numbers of both signs and all sizes, and now and then what is no number of a usual kind. */
static inline double odd_number(dw_rng *rng) {
    static const double corners[] = {0,
                                     -0.0,
                                     1,
                                     -1,
                                     0.5,
                                     -2.5,
                                     7,
                                     1e300,
                                     -1e300,
                                     1e-310,
                                     0x1p-149,
                                     3.5e38,
                                     0x1p52,
                                     (double)INFINITY,
                                     -(double)INFINITY,
                                     (double)NAN};
    uint64_t kind = dw_rng_below(rng, 8);
    if (kind == 0)
        return corners[dw_rng_below(rng, sizeof corners / sizeof *corners)];
    if (kind == 1)
        return ldexp(dw_rng_uniform(rng) - 0.5, (int)dw_rng_below(rng, 200) - 100);
    return 6 * dw_rng_uniform(rng) - 3;
}

static inline double plain_number(dw_rng *rng) {
    return 4 * dw_rng_uniform(rng) - 2;
}

/* A block of so many scalars that begins `off` numbers behind a multiple of 64 bytes and ends with
 * the last one, so that a sanitizer sees who reads beyond. */
typedef struct {
    char *all, *at;
} block;

static inline block block_of(dw_vector_type type, size_t scalars, size_t off) {
    size_t skipped = off * dw_vector_type_bytes(type);
    size_t bytes = scalars * scalar_bytes(type) + skipped;
    void *at = NULL;
    assert_int_equal(posix_memalign(&at, DW_VECTOR_BYTES, bytes > 0 ? bytes : 1), 0);
    return (block){at, (char *)at + skipped};
}

static inline block random_block(dw_vector_type type, dw_rng *rng, size_t scalars, size_t off,
                                 double (*draw)(dw_rng *)) {
    block b = block_of(type, scalars, off);
    for (size_t i = 0; i < scalars; i++)
        scalar_set(type, b.at, i, draw(rng));
    return b;
}

#define assert_scalar(type, at, i, expected)                                                    \
    do {                                                                                        \
        double scalar_is = scalar_get(type, at, i), scalar_due = (expected);                    \
        if (!ulp_same(scalar_is, scalar_due))                                                   \
            fail_msg("%s of %s: scalar %zu is %a instead of %a", dw_simd_word(dw_simd_level()), \
                     type_words[type], (size_t)(i), scalar_is, scalar_due);                     \
    } while (0)

#endif
