/* SPDX-License-Identifier: BSD-3-Clause */
/* The products of product.h for one instruction set: product_simd.def once for each type of number. */
#include "tensor/product_simd.h"

#include "base/lanes.h"

enum { DW_PRODUCT_ROOM_B = 1 << 19 }; /* bytes of a packed part of b: half of a core's second cache */

#if defined(__clang__)
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

/* Tiles as large as the registers hold: rows, and vectors of 64 bytes, for a type. */
#if defined(__AVX512F__)
#define TILE_ROWS 12
#define TILE_KINDS 12, 8, 4, 2, 1
#define TILE_BIG(vectors) TILE(8, vectors) TILE(12, vectors)
#define TILE_BIG_NAMES(vectors) [8] = NAME(tile_8_##vectors), [12] = NAME(tile_12_##vectors)
#elif defined(__FMA__)
#define TILE_ROWS 6
#define TILE_KINDS 6, 4, 2, 1
#define TILE_BIG(vectors) TILE(6, vectors)
#define TILE_BIG_NAMES(vectors) [6] = NAME(tile_6_##vectors)
#else
#define TILE_ROWS 4
#define TILE_KINDS 4, 2, 1
#define TILE_BIG(vectors)
#define TILE_BIG_NAMES(vectors)
#endif
#if defined(__AVX512F__)
#define TILE_VECTORS 2
#else
#define TILE_VECTORS 1
#endif

/* The first n < 8 or 16 numbers of a vector, to and from memory that ends there. */
#if defined(__AVX512F__)
DW_LANES_INLINE void store_double(void *at, dw_lanes v, size_t n) {
    _mm512_mask_storeu_pd(at, (__mmask8)((1u << n) - 1), (__m512d)v);
}
DW_LANES_INLINE void store_single(void *at, dw_lanes_single v, size_t n) {
    _mm512_mask_storeu_ps(at, (__mmask16)((1u << n) - 1), (__m512)v);
}
DW_LANES_INLINE dw_lanes load_double(const void *at, size_t n) {
    return (dw_lanes)_mm512_maskz_loadu_pd((__mmask8)((1u << n) - 1), at);
}
DW_LANES_INLINE dw_lanes_single load_single(const void *at, size_t n) {
    return (dw_lanes_single)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), at);
}
#else
DW_LANES_INLINE void store_double(void *at, dw_lanes v, size_t n) {
    memcpy(at, &v, n * sizeof(double));
}
DW_LANES_INLINE void store_single(void *at, dw_lanes_single v, size_t n) {
    memcpy(at, &v, n * sizeof(float));
}
DW_LANES_INLINE dw_lanes load_double(const void *at, size_t n) {
    dw_lanes v = dw_lanes_all(0);
    memcpy(&v, at, n * sizeof(double));
    return v;
}
DW_LANES_INLINE dw_lanes_single load_single(const void *at, size_t n) {
    dw_lanes_single v = dw_lanes_all_single(0);
    memcpy(&v, at, n * sizeof(float));
    return v;
}
#endif

/* Panels of a matrix whose rows are to become columns: eight by eight in registers where the processor
 * can. False: nothing was done. */
static bool transpose_double(double *to, const double *from, size_t apart, size_t inner,
                             size_t columns) {
    enum { PANEL = TILE_VECTORS * 8 };
    for (size_t j = 0; j + 8 <= columns; j += 8)
        for (size_t k = 0; k < inner; k += 8)
            for (size_t r = 0; r < 8 && k + r < inner; r++) {
                dw_lanes v;
                for (size_t c = 0; c < 8; c++)
                    v[c] = from[(j + c) * apart + k + r];
                dw_lanes_store(to + (k + r) * PANEL + j, v);
            }
    for (size_t j = columns / 8 * 8; j < columns; j++)
        for (size_t k = 0; k < inner; k++)
            to[k * PANEL + j] = from[j * apart + k];
    return true;
}

static bool transpose_nothing(const void *to, const void *from, size_t apart, size_t inner,
                              size_t columns) {
    (void)to, (void)from, (void)apart, (void)inner, (void)columns;
    return false;
}

#define EITHER(mask, a, b) dw_lanes_choose(mask, a, b)
#define VECTOR dw_lanes
#define FMA(a, b, c) dw_lanes_fma(a, b, c)
#define ONE_NUMBER double
#define STORE_PART(at, v, n) store_double(at, v, n)
#define LOAD_PART(at, n) load_double(at, n)

#define NAME(x) double_##x
#define NUMBER double
#define ALL(x) dw_lanes_all(x)
#define TRANSPOSE_PANEL(to, from, apart, inner, columns) \
    transpose_double(to, from, apart, inner, columns)
#include "tensor/product_simd.def"
#undef NAME
#undef NUMBER
#undef ALL
#undef TRANSPOSE_PANEL

#define TRANSPOSE_PANEL(to, from, apart, inner, columns) \
    transpose_nothing(to, from, apart, inner, columns)
#define NAME(x) pack_##x
#define NUMBER dw_lanes
#define ALL(x) _Generic((x), double: dw_lanes_all, dw_lanes: pack_itself)(x)
DW_LANES_INLINE dw_lanes pack_itself(dw_lanes x) {
    return x;
}
#include "tensor/product_simd.def"
#undef NAME
#undef NUMBER
#undef ALL

#undef EITHER
#undef VECTOR
#undef FMA
#undef ONE_NUMBER
#undef STORE_PART
#undef LOAD_PART

#define EITHER(mask, a, b) dw_lanes_choose_single(mask, a, b)
#define VECTOR dw_lanes_single
#define FMA(a, b, c) dw_lanes_fma_single(a, b, c)
#define ONE_NUMBER float
#define STORE_PART(at, v, n) store_single(at, v, n)
#define LOAD_PART(at, n) load_single(at, n)
#define NAME(x) single_##x
#define NUMBER float
#define ALL(x) dw_lanes_all_single(x)
#include "tensor/product_simd.def"

const dw_product_kernels DW_SIMD_NAME(dw_product_simd)[DW_VECTOR_TYPES] = {
    [DW_VECTOR_DOUBLE] = {double_room, double_run, double_each},
    [DW_VECTOR_SINGLE] = {single_room, single_run, single_each},
    [DW_VECTOR_PACK] = {pack_room, pack_run, pack_each},
};
