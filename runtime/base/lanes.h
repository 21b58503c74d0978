/* SPDX-License-Identifier: BSD-3-Clause */
/* Vectors of 64 bytes for files that are compiled for each instruction set (simd.h). A vector has
 * the same lanes everywhere, whether the processor holds it in one register or in four, and every
 * operation is that of single numbers: so the bits are the same everywhere too. Only dw_lanes_fma
 * rounds once. */
#ifndef DW_LANES_H
#define DW_LANES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__AVX__)
#include <immintrin.h>
#endif

#define DW_LANES_INLINE static inline __attribute__((always_inline, unused))

enum { DW_LANES = 8, DW_LANES_SINGLE = 16 }; /* numbers in a vector */

typedef double dw_lanes __attribute__((vector_size(64)));
typedef int64_t dw_lanes_int __attribute__((vector_size(64)));
typedef float dw_lanes_single __attribute__((vector_size(64)));
typedef int32_t dw_lanes_int32 __attribute__((vector_size(64)));

#if defined(__AVX__) && !defined(__AVX512F__)
/* The halves of a vector as what a register holds, and back. gcc keeps a vector that is wider than
 * a register in memory unless it is taken apart by shuffles. */
DW_LANES_INLINE __m256d dw_lanes_low(dw_lanes v) {
    return (__m256d)__builtin_shufflevector(v, v, 0, 1, 2, 3);
}
DW_LANES_INLINE __m256d dw_lanes_high(dw_lanes v) {
    return (__m256d)__builtin_shufflevector(v, v, 4, 5, 6, 7);
}
DW_LANES_INLINE dw_lanes dw_lanes_halves(__m256d low, __m256d high) {
    return (dw_lanes)__builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
}
DW_LANES_INLINE __m256 dw_lanes_low_single(dw_lanes_single v) {
    return (__m256)__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
}
DW_LANES_INLINE __m256 dw_lanes_high_single(dw_lanes_single v) {
    return (__m256)__builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
}
DW_LANES_INLINE dw_lanes_single dw_lanes_halves_single(__m256 low, __m256 high) {
    return (dw_lanes_single)__builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
                                                    12, 13, 14, 15);
}
#endif

/* Loads and stores at any address. */
DW_LANES_INLINE dw_lanes dw_lanes_load(const double *at) {
    dw_lanes v;
    memcpy(&v, at, sizeof v);
    return v;
}
DW_LANES_INLINE void dw_lanes_store(double *at, dw_lanes v) {
#if defined(__AVX__) && !defined(__AVX512F__)
    __m256d low = dw_lanes_low(v), high = dw_lanes_high(v);
    memcpy(at, &low, sizeof low);
    memcpy(at + 4, &high, sizeof high);
#else
    memcpy(at, &v, sizeof v);
#endif
}
DW_LANES_INLINE dw_lanes_single dw_lanes_load_single(const float *at) {
    dw_lanes_single v;
    memcpy(&v, at, sizeof v);
    return v;
}
DW_LANES_INLINE void dw_lanes_store_single(float *at, dw_lanes_single v) {
#if defined(__AVX__) && !defined(__AVX512F__)
    __m256 low = dw_lanes_low_single(v), high = dw_lanes_high_single(v);
    memcpy(at, &low, sizeof low);
    memcpy(at + 8, &high, sizeof high);
#else
    memcpy(at, &v, sizeof v);
#endif
}

/* The same number in every lane. */
DW_LANES_INLINE dw_lanes dw_lanes_all(double x) {
    return (dw_lanes){x, x, x, x, x, x, x, x};
}
DW_LANES_INLINE dw_lanes_single dw_lanes_all_single(float x) {
    return (dw_lanes_single){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
}

/* Per lane: a where the mask (of a comparison, all bits set or none) holds, else b. */
DW_LANES_INLINE dw_lanes dw_lanes_choose(dw_lanes_int mask, dw_lanes a, dw_lanes b) {
    return (dw_lanes)(((dw_lanes_int)a & mask) | ((dw_lanes_int)b & ~mask));
}
DW_LANES_INLINE dw_lanes_single dw_lanes_choose_single(dw_lanes_int32 mask, dw_lanes_single a,
                                                       dw_lanes_single b) {
    return (dw_lanes_single)(((dw_lanes_int32)a & mask) | ((dw_lanes_int32)b & ~mask));
}

/* a*b + c, rounded once. */
DW_LANES_INLINE dw_lanes dw_lanes_fma(dw_lanes a, dw_lanes b, dw_lanes c) {
#if defined(__AVX512F__)
    return (dw_lanes)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(__FMA__)
    return dw_lanes_halves(_mm256_fmadd_pd(dw_lanes_low(a), dw_lanes_low(b), dw_lanes_low(c)),
                           _mm256_fmadd_pd(dw_lanes_high(a), dw_lanes_high(b), dw_lanes_high(c)));
#else
    for (int i = 0; i < DW_LANES; i++)
        c[i] = fma(a[i], b[i], c[i]);
    return c;
#endif
}
DW_LANES_INLINE dw_lanes_single dw_lanes_fma_single(dw_lanes_single a, dw_lanes_single b,
                                                    dw_lanes_single c) {
#if defined(__AVX512F__)
    return (dw_lanes_single)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__FMA__)
    __m256 low =
        _mm256_fmadd_ps(dw_lanes_low_single(a), dw_lanes_low_single(b), dw_lanes_low_single(c));
    __m256 high =
        _mm256_fmadd_ps(dw_lanes_high_single(a), dw_lanes_high_single(b), dw_lanes_high_single(c));
    return dw_lanes_halves_single(low, high);
#else
    for (int i = 0; i < DW_LANES_SINGLE; i++)
        c[i] = fmaf(a[i], b[i], c[i]);
    return c;
#endif
}

/* √ of each lane. */
DW_LANES_INLINE dw_lanes dw_lanes_sqrt(dw_lanes x) {
#if defined(__AVX512F__)
    return (dw_lanes)_mm512_sqrt_pd((__m512d)x);
#elif defined(__AVX__)
    return dw_lanes_halves(_mm256_sqrt_pd(dw_lanes_low(x)), _mm256_sqrt_pd(dw_lanes_high(x)));
#else
    for (int i = 0; i < DW_LANES; i++)
        x[i] = sqrt(x[i]);
    return x;
#endif
}
DW_LANES_INLINE dw_lanes_single dw_lanes_sqrt_single(dw_lanes_single x) {
#if defined(__AVX512F__)
    return (dw_lanes_single)_mm512_sqrt_ps((__m512)x);
#elif defined(__AVX__)
    return dw_lanes_halves_single(_mm256_sqrt_ps(dw_lanes_low_single(x)),
                                  _mm256_sqrt_ps(dw_lanes_high_single(x)));
#else
    for (int i = 0; i < DW_LANES_SINGLE; i++)
        x[i] = sqrtf(x[i]);
    return x;
#endif
}

#endif
