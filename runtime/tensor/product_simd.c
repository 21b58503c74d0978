/* SPDX-License-Identifier: BSD-3-Clause */
/* The products of product.h for one instruction set: product_simd.def once for each type of number.
 */
#include "tensor/product.h"

#include "base/fused.h"
#include "base/lanes.h"

enum {
    DW_PRODUCT_ROOM_B = 1 << 19
}; /* bytes of a packed part of b: half of a core's second cache */

#if defined(__clang__)
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

/* The vectors of a tile are those of the processor, so that the compiler finds registers for them;
 * the chain of a number does not depend on their length. Tiles are as large as the registers hold.
 */
#if defined(__AVX512F__)
#define TILE_ROWS 12
#define TILE_KINDS 12, 8, 4, 2, 1
#define TILE_BIG(vectors) TILE(8, vectors) TILE(12, vectors)
#define TILE_BIG_NAMES(vectors) [8] = NAME(tile_8_##vectors), [12] = NAME(tile_12_##vectors)
typedef dw_lanes doubles;
typedef dw_lanes_single singles;
#define FMA_DOUBLE(a, b, c) dw_lanes_fma(a, b, c)
#define FMA_SINGLE(a, b, c) dw_lanes_fma_single(a, b, c)
#elif defined(__FMA__)
#define TILE_ROWS 6
#define TILE_KINDS 6, 4, 2, 1
#define TILE_BIG(vectors) TILE(6, vectors)
#define TILE_BIG_NAMES(vectors) [6] = NAME(tile_6_##vectors)
typedef double doubles __attribute__((vector_size(32)));
typedef float singles __attribute__((vector_size(32)));
#define FMA_DOUBLE(a, b, c) (doubles) _mm256_fmadd_pd((__m256d)(a), (__m256d)(b), (__m256d)(c))
#define FMA_SINGLE(a, b, c) (singles) _mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c))
#else
#define TILE_ROWS 4
#define TILE_KINDS 4, 2, 1
#define TILE_BIG(vectors)
#define TILE_BIG_NAMES(vectors)
typedef double doubles __attribute__((vector_size(16)));
typedef float singles __attribute__((vector_size(16)));
#if defined(__SSE2__)
#define fma_double(a, b, c) ((doubles)dw_fused_double(a, b, c))
#define fma_single(a, b, c) ((singles)dw_fused_single(a, b, c))
#else
DW_LANES_INLINE doubles fma_double(doubles a, doubles b, doubles c) {
    return (doubles){fma(a[0], b[0], c[0]), fma(a[1], b[1], c[1])};
}
DW_LANES_INLINE singles fma_single(singles a, singles b, singles c) {
    return (singles){fmaf(a[0], b[0], c[0]), fmaf(a[1], b[1], c[1]), fmaf(a[2], b[2], c[2]),
                     fmaf(a[3], b[3], c[3])};
}
#endif
#define FMA_DOUBLE(a, b, c) fma_double(a, b, c)
#define FMA_SINGLE(a, b, c) fma_single(a, b, c)
#endif
#define TILE_VECTORS 2
enum { EACH_ROWS = 4, EACH_COLUMNS = 2 }; /* of the tiles of products for every vector by itself */
enum { CHAINS = 8 };                      /* sums of single numbers that go on side by side */

/* A number in every lane: compilers know a broadcast by these forms. */
#if defined(__AVX512F__)
#define ALL_DOUBLE(x) dw_lanes_all(x)
#define ALL_SINGLE(x) dw_lanes_all_single(x)
#elif defined(__FMA__)
#define ALL_DOUBLE(x) ((doubles)_mm256_set1_pd(x))
#define ALL_SINGLE(x) ((singles)_mm256_set1_ps(x))
#else
#define ALL_DOUBLE(x) ((doubles){x, x})
#define ALL_SINGLE(x) ((singles){x, x, x, x})
#endif

/* For numbers alone. */
#if defined(__SSE2__) && !defined(__FMA__)
DW_LANES_INLINE double one_double(double a, double b, double c) {
    return fma_double(ALL_DOUBLE(a), ALL_DOUBLE(b), ALL_DOUBLE(c))[0];
}
DW_LANES_INLINE float one_single(float a, float b, float c) {
    return fma_single(ALL_SINGLE(a), ALL_SINGLE(b), ALL_SINGLE(c))[0];
}
#else
#define one_double(a, b, c) fma(a, b, c)
#define one_single(a, b, c) fmaf(a, b, c)
#endif

typedef int64_t mask_double __attribute__((vector_size(sizeof(doubles))));
typedef int32_t mask_single __attribute__((vector_size(sizeof(singles))));
DW_LANES_INLINE doubles choose_double(mask_double mask, doubles a, doubles b) {
    return (doubles)(((mask_double)a & mask) | ((mask_double)b & ~mask));
}
DW_LANES_INLINE singles choose_single(mask_single mask, singles a, singles b) {
    return (singles)(((mask_single)a & mask) | ((mask_single)b & ~mask));
}

/* The first n numbers of a vector, fewer than it has, to and from memory that ends there. */
#if defined(__AVX512F__)
DW_LANES_INLINE void store_double(void *at, doubles v, size_t n) {
    _mm512_mask_storeu_pd(at, (__mmask8)((1u << n) - 1), (__m512d)v);
}
DW_LANES_INLINE void store_single(void *at, singles v, size_t n) {
    _mm512_mask_storeu_ps(at, (__mmask16)((1u << n) - 1), (__m512)v);
}
DW_LANES_INLINE doubles load_double(const void *at, size_t n) {
    return (doubles)_mm512_maskz_loadu_pd((__mmask8)((1u << n) - 1), at);
}
DW_LANES_INLINE singles load_single(const void *at, size_t n) {
    return (singles)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), at);
}
#else
DW_LANES_INLINE void store_double(void *at, doubles v, size_t n) {
    memcpy(at, &v, n * sizeof(double));
}
DW_LANES_INLINE void store_single(void *at, singles v, size_t n) {
    memcpy(at, &v, n * sizeof(float));
}
DW_LANES_INLINE doubles load_double(const void *at, size_t n) {
    doubles v = ALL_DOUBLE(0);
    memcpy(&v, at, n * sizeof(double));
    return v;
}
DW_LANES_INLINE singles load_single(const void *at, size_t n) {
    singles v = ALL_SINGLE(0);
    memcpy(&v, at, n * sizeof(float));
    return v;
}
#endif

/* Four rows of four numbers become columns: number k of row r goes to to[k*step + r]. */
DW_LANES_INLINE void turn_double(double *to, size_t step, const double *from, size_t apart) {
    typedef double four __attribute__((vector_size(32)));
    four x[4], y[4];
    UNROLL for (size_t r = 0; r < 4; r++) memcpy(&x[r], from + r * apart, sizeof x[r]);
    UNROLL for (size_t r = 0; r < 4; r += 2) {
        y[r] = __builtin_shufflevector(x[r], x[r + 1], 0, 4, 2, 6);
        y[r + 1] = __builtin_shufflevector(x[r], x[r + 1], 1, 5, 3, 7);
    }
    UNROLL for (size_t k = 0; k < 2; k++) {
        x[k] = __builtin_shufflevector(y[k], y[k + 2], 0, 1, 4, 5);
        x[k + 2] = __builtin_shufflevector(y[k], y[k + 2], 2, 3, 6, 7);
    }
    UNROLL for (size_t k = 0; k < 4; k++) memcpy(to + k * step, &x[k], sizeof x[k]);
}
DW_LANES_INLINE void turn_single(float *to, size_t step, const float *from, size_t apart) {
    typedef float four __attribute__((vector_size(16)));
    four x[4], y[4];
    UNROLL for (size_t r = 0; r < 4; r++) memcpy(&x[r], from + r * apart, sizeof x[r]);
    UNROLL for (size_t r = 0; r < 4; r += 2) {
        y[r] = __builtin_shufflevector(x[r], x[r + 1], 0, 4, 1, 5);
        y[r + 1] = __builtin_shufflevector(x[r], x[r + 1], 2, 6, 3, 7);
    }
    UNROLL for (size_t k = 0; k < 2; k++) {
        x[2 * k] = __builtin_shufflevector(y[k], y[k + 2], 0, 1, 4, 5);
        x[2 * k + 1] = __builtin_shufflevector(y[k], y[k + 2], 2, 3, 6, 7);
    }
    UNROLL for (size_t k = 0; k < 4; k++) memcpy(to + k * step, &x[k], sizeof x[k]);
}

#define NAME(x) double_##x
#define NUMBER double
#define VECTOR doubles
#define ALL(x) ALL_DOUBLE(x)
#define FMA(a, b, c) FMA_DOUBLE(a, b, c)
#define FMA_ONE(a, b, c) one_double(a, b, c)
#define EITHER(mask, a, b) choose_double(mask, a, b)
#define STORE_PART(at, v, n) store_double(at, v, n)
#define LOAD_PART(at, n) load_double(at, n)
#define TURN_FOUR(to, step, from, apart) turn_double(to, step, from, apart)
#include "tensor/product_simd.def"
#undef NAME
#undef NUMBER
#undef VECTOR
#undef ALL
#undef FMA
#undef FMA_ONE
#undef EITHER
#undef STORE_PART
#undef LOAD_PART
#undef TURN_FOUR

#define NAME(x) single_##x
#define NUMBER float
#define VECTOR singles
#define ALL(x) ALL_SINGLE(x)
#define FMA(a, b, c) FMA_SINGLE(a, b, c)
#define FMA_ONE(a, b, c) one_single(a, b, c)
#define EITHER(mask, a, b) choose_single(mask, a, b)
#define STORE_PART(at, v, n) store_single(at, v, n)
#define LOAD_PART(at, n) load_single(at, n)
#define TURN_FOUR(to, step, from, apart) turn_single(to, step, from, apart)
#include "tensor/product_simd.def"
#undef NAME
#undef NUMBER
#undef VECTOR
#undef ALL
#undef FMA
#undef FMA_ONE
#undef EITHER
#undef STORE_PART
#undef LOAD_PART
#undef TURN_FOUR

/* In a pack a number fills a vector of 64 bytes: whole vectors of the processor, without rest. */
#define NAME(x) pack_##x
#define NUMBER dw_lanes
#define NUMBERS_ARE_VECTORS
#define VECTOR doubles
#define ALL(x) ALL_DOUBLE(x)
#define FMA(a, b, c) FMA_DOUBLE(a, b, c)
#define EITHER(mask, a, b) choose_double(mask, a, b)
#define STORE_PART(at, v, n) memcpy(at, &(v), sizeof(v))
#define LOAD_PART(at, n) pack_load(at)
#include "tensor/product_simd.def"

const dw_product_kernels DW_SIMD_NAME(dw_product_simd)[DW_VECTOR_TYPES] = {
    [DW_VECTOR_DOUBLE] = {double_room, double_run, double_each, double_packs_b, double_pack,
                          double_prepare},
    [DW_VECTOR_SINGLE] = {single_room, single_run, single_each, single_packs_b, single_pack,
                          single_prepare},
    [DW_VECTOR_PACK] = {pack_room, pack_run, pack_each, pack_packs_b, pack_pack, pack_prepare},
};
