/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/rng_simd.h"

#include "base/simd.h"

#include <string.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#if defined(__AVX512DQ__)
enum { WIDTH = 8 };
#elif defined(__AVX2__)
enum { WIDTH = 4 };
#else
enum { WIDTH = 2 };
#endif

enum { PAIR = 2 * WIDTH }; /* what is drawn at a time */

typedef uint64_t vector __attribute__((vector_size(8 * WIDTH)));
typedef double numbers __attribute__((vector_size(8 * WIDTH)));

/* Words of 32 bits, one in the lower half of each lane; the upper halves hold anything. */
typedef struct {
    vector word[4];
} blocks;

/* The products of the lower halves. */
static inline vector product(vector a, vector b) {
#if defined(__AVX512DQ__)
    return (vector)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (vector)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
    return (vector)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
    return (a & 0xFFFFFFFFu) * (b & 0xFFFFFFFFu);
#endif
}

static inline void pass(blocks *b, uint64_t k0, uint64_t k1) {
    vector p0 = product(b->word[0], (vector){0} + 0xD2511F53u);
    vector p1 = product(b->word[2], (vector){0} + 0xCD9E8D57u);
    *b = (blocks){{(p1 >> 32) ^ b->word[1] ^ k0, p1, (p0 >> 32) ^ b->word[3] ^ k1, p0}};
}

/* A whole number below 2^32 in a lane as a double, without converting: it is put into the last
 * place of 2^52. */
static inline numbers number_of(vector word) {
    return (numbers)((word & 0xFFFFFFFFu) | 0x4330000000000000u) - 0x1p52;
}

/* 32 bits and, below them, the upper 21 of the first word: the sum is exact. */
static inline void store(double *out, const blocks *b) {
    vector low = (b->word[0] & 0xFFFFFFFFu) >> 11;
    numbers x = number_of(b->word[1]) * 0x1p-32 + number_of(low) * 0x1p-53;
    memcpy(out, &x, sizeof x);
}

/* The draws from `first` on into two vectors: side by side they wait less for their products. */
static inline void draw(uint64_t key, uint64_t first, double *out) {
    uint64_t ramp[PAIR];
    for (int i = 0; i < PAIR; i++)
        ramp[i] = first + (uint64_t)i;
    vector counter[2];
    memcpy(counter, ramp, sizeof counter);
    blocks a = {{counter[0], counter[0] >> 32}}, b = {{counter[1], counter[1] >> 32}};
    uint64_t k0 = key & 0xFFFFFFFFu, k1 = key >> 32;
    for (int i = 0; i < 10; i++) {
        pass(&a, k0, k1);
        pass(&b, k0, k1);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    store(out, &a);
    store(out + WIDTH, &b);
}

void DW_SIMD_NAME(dw_rng_simd)(uint64_t key, uint64_t first, double *out, size_t n) {
    size_t i = 0;
    for (; n - i >= PAIR; i += PAIR)
        draw(key, first + i, out + i);
    if (i < n) {
        double rest[PAIR];
        draw(key, first + i, rest);
        memcpy(out + i, rest, (n - i) * sizeof *rest);
    }
}
