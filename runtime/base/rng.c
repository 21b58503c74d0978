/* SPDX-License-Identifier: BSD-3-Clause */
/* Philox4x32-10. One block is 128 bits out of a 128-bit counter and a 64-bit key. Draws use the
 * counter (draw, 0) and the first half of a block; the key of a new stream is the second half of
 * the block at (draw, index). So no key can equal anything that is ever drawn from its parent. */
#include "base/rng.h"

#include "base/math.h"
#include "base/rng_simd.h"
#include "base/simd.h"

typedef struct {
    uint32_t word[4];
} block;

static uint32_t high(uint64_t x) {
    return (uint32_t)(x >> 32);
}

static uint32_t low(uint64_t x) {
    return (uint32_t)x;
}

static block philox(uint64_t key, uint64_t first, uint64_t second) {
    block b = {{low(first), high(first), low(second), high(second)}};
    uint32_t k0 = low(key), k1 = high(key);
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)b.word[0] * 0xD2511F53u;
        uint64_t p1 = (uint64_t)b.word[2] * 0xCD9E8D57u;
        b = (block){{high(p1) ^ b.word[1] ^ k0, low(p1), high(p0) ^ b.word[3] ^ k1, low(p0)}};
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return b;
}

dw_rng dw_rng_seed(uint64_t seed) {
    return (dw_rng){.key = seed, .counter = 0};
}

dw_rng dw_rng_split(const dw_rng *parent, uint64_t draw, uint64_t index) {
    block b = philox(parent->key, draw, index);
    return (dw_rng){.key = b.word[2] | (uint64_t)b.word[3] << 32, .counter = 0};
}

uint64_t dw_rng_bits(dw_rng *rng) {
    block b = philox(rng->key, rng->counter++, 0);
    return b.word[0] | (uint64_t)b.word[1] << 32;
}

double dw_rng_uniform(dw_rng *rng) {
    return (double)(dw_rng_bits(rng) >> 11) * 0x1p-53;
}

void dw_rng_uniforms(dw_rng *rng, double *out, size_t n) {
    static dw_rng_simd *const fills[] = DW_SIMD_ROW(dw_rng_simd);
    fills[dw_simd_level()](rng->key, rng->counter, out, n);
    rng->counter += n;
}

double dw_rng_normal(dw_rng *rng) {
    /* 52 bits, so that adding a half is exact and p is never 0 or 1. */
    double p = ((double)(dw_rng_bits(rng) >> 12) + 0.5) * 0x1p-52;
    return dw_math_normal_quantile(p);
}

uint64_t dw_rng_below(dw_rng *rng, uint64_t n) {
    uint64_t surplus = (0 - n) % n; /* 2^64 mod n: the values that would favour small results */
    uint64_t bits = dw_rng_bits(rng);
    while (bits < surplus)
        bits = dw_rng_bits(rng);
    return bits % n;
}
