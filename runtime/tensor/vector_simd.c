/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernels of vector.h for one instruction set: vector_simd.def once for each type of number.
 * They work register by register (compilers keep wider vectors in memory), which for operations on
 * single numbers changes nothing. */
#include "tensor/vector.h"

#include "base/math_part.h"

#if defined(__clang__)
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

#define VECTOR_BYTES ((size_t)DW_VECTOR_BYTES)

typedef dw_math_part doubles;
typedef dw_math_part_int masks;
typedef float singles __attribute__((vector_size(sizeof(doubles))));
typedef int32_t single_masks __attribute__((vector_size(sizeof(doubles))));

/* Loads and stores of what a register holds, at any address. */
static inline doubles double_load(const char *at) {
    doubles v;
    memcpy(&v, at, sizeof v);
    return v;
}
static inline void double_store(char *at, doubles v) {
    memcpy(at, &v, sizeof v);
}
static inline singles single_load(const char *at) {
    singles v;
    memcpy(&v, at, sizeof v);
    return v;
}
static inline void single_store(char *at, singles v) {
    memcpy(at, &v, sizeof v);
}

/* ---- doubles, and packs ---- */

#define ROOT(x) dw_math_part_sqrt(x)
#define SIZE(x) dw_math_part_abs(x)
#define MATH(f, x) dw_math_part_##f(x)
#define MATH2(f, x, y) dw_math_part_##f(x, y)
#define WHOLE(f, x) dw_math_part_##f(x)
#define MODULO(x, y) dw_math_part_mod(x, y)
#define VECTOR doubles
#define LOAD(at) double_load(at)
#define STORE(at, v) double_store(at, v)
#define ALL(x) dw_math_part_all(x)
#define EITHER(mask, a, b) dw_math_part_choose(mask, a, b)

#define NAME(x) double_##x
#define NUMBER double
#include "tensor/vector_simd.def"
#undef NAME
#undef NUMBER

#define NAME(x) pack_##x
#define NUMBERS_ARE_VECTORS
#include "tensor/vector_simd.def"
#undef NAME
#undef NUMBERS_ARE_VECTORS

#undef ROOT
#undef SIZE
#undef MATH
#undef MATH2
#undef WHOLE
#undef MODULO
#undef VECTOR
#undef LOAD
#undef STORE
#undef ALL
#undef EITHER

/* ---- singles: elementary functions by way of doubles, rounded once more ---- */

/* A register of singles as two of doubles, and back. */
typedef struct {
    doubles low, high;
} wide;

static inline wide widen(singles x) {
#if defined(__AVX512DQ__)
    return (wide){(doubles)_mm512_cvtps_pd(_mm512_castps512_ps256((__m512)x)),
                  (doubles)_mm512_cvtps_pd(_mm512_extractf32x8_ps((__m512)x, 1))};
#elif defined(__AVX2__)
    return (wide){(doubles)_mm256_cvtps_pd(_mm256_castps256_ps128((__m256)x)),
                  (doubles)_mm256_cvtps_pd(_mm256_extractf128_ps((__m256)x, 1))};
#elif defined(__SSE2__)
    return (wide){(doubles)_mm_cvtps_pd((__m128)x),
                  (doubles)_mm_cvtps_pd(_mm_movehl_ps((__m128)x, (__m128)x))};
#else
    return (wide){{(double)x[0], (double)x[1]}, {(double)x[2], (double)x[3]}};
#endif
}

static inline singles narrow(doubles low, doubles high) {
#if defined(__AVX512DQ__)
    return (singles)_mm512_insertf32x8(_mm512_castps256_ps512(_mm512_cvtpd_ps((__m512d)low)),
                                       _mm512_cvtpd_ps((__m512d)high), 1);
#elif defined(__AVX2__)
    return (singles)_mm256_set_m128(_mm256_cvtpd_ps((__m256d)high), _mm256_cvtpd_ps((__m256d)low));
#elif defined(__SSE2__)
    return (singles)_mm_movelh_ps(_mm_cvtpd_ps((__m128d)low), _mm_cvtpd_ps((__m128d)high));
#else
    return (singles){(float)low[0], (float)low[1], (float)high[0], (float)high[1]};
#endif
}

static inline singles single_all(float x) {
#if defined(__AVX512DQ__)
    return (singles)_mm512_set1_ps(x);
#elif defined(__AVX2__)
    return (singles)_mm256_set1_ps(x);
#else
    return (singles){x, x, x, x};
#endif
}

static inline singles single_sqrt(singles x) {
#if defined(__AVX512DQ__)
    return (singles)_mm512_sqrt_ps((__m512)x);
#elif defined(__AVX2__)
    return (singles)_mm256_sqrt_ps((__m256)x);
#elif defined(__SSE2__)
    return (singles)_mm_sqrt_ps((__m128)x);
#else
    return (singles){sqrtf(x[0]), sqrtf(x[1]), sqrtf(x[2]), sqrtf(x[3])};
#endif
}

static inline singles single_either(single_masks mask, singles a, singles b) {
#if defined(__AVX2__) && !defined(__AVX512DQ__)
    return (singles)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
#else
    return (singles)(((single_masks)a & mask) | ((single_masks)b & ~mask));
#endif
}

#define ROOT(x) single_sqrt(x)
#define SIZE(x) ((singles)((single_masks)(x)&0x7fffffff))
#define MATH(f, x) narrow(dw_math_part_##f(widen(x).low), dw_math_part_##f(widen(x).high))
#define MATH2(f, x, y)                                   \
    narrow(dw_math_part_##f(widen(x).low, widen(y).low), \
           dw_math_part_##f(widen(x).high, widen(y).high))
#define WHOLE(f, x) MATH(f, x)
#define MODULO(x, y) MATH2(mod, x, y)
#define VECTOR singles
#define LOAD(at) single_load(at)
#define STORE(at, v) single_store(at, v)
#define ALL(x) single_all((float)(x))
#define EITHER(mask, a, b) single_either(mask, a, b)
#define NAME(x) single_##x
#define NUMBER float
#include "tensor/vector_simd.def"

/* ---- norms ---- */

/* By which power of two to scale numbers of this size, so that their squares are doubles. */
static int norm_exponent(double largest) {
    int exponent = 0;
    if (largest > 0 && largest < (double)INFINITY)
        (void)frexp(largest, &exponent);
    return exponent < -1000 ? -1000 : exponent;
}

/* The largest size in each lane; NaN where there is one. */
static doubles sizes(const char *x, size_t count, size_t step) {
    doubles largest = dw_math_part_all(0);
    for (size_t k = 0; k < count; k++) {
        doubles size = dw_math_part_abs(double_load(x + k * step));
        largest = dw_math_part_choose((size > largest) | (size != size), size, largest);
    }
    return largest;
}

static doubles squares_tree(const char *x, size_t n, size_t step, doubles scale) {
    if (n <= 64)
        return double_block(x, n, step, true, scale);
    size_t left = (n / 2 + 63) / 64 * 64;
    doubles sum = squares_tree(x, left, step, scale);
    return sum + squares_tree(x + left * step, n - left, step, scale);
}

/* Squares that would overflow or vanish are those of numbers scaled by a power of two, which rounds
 * nothing. */
static doubles norm_of(const char *x, size_t count, size_t step) {
    doubles largest = sizes(x, count, step), scale = dw_math_part_all(1);
    if (dw_math_part_within(largest, 1e-140, 1e140))
        return dw_math_part_sqrt(squares_tree(x, count, step, scale));
    doubles half = scale;
    for (int l = 0; l < DW_MATH_PART; l++) {
        bool safe = largest[l] > 1e-140 && largest[l] < 1e140;
        int exponent = safe ? 0 : norm_exponent(largest[l]);
        scale[l] = ldexp(1, -exponent);
        half[l] = ldexp(1, exponent - 1);
    }
    return dw_math_part_sqrt(squares_tree(x, count, step, scale)) * 2 * half;
}

static void double_norm(void *out, const void *x, size_t count, size_t vectors) {
    for (size_t i = 0; i < vectors * VECTOR_BYTES; i += sizeof(doubles))
        double_store((char *)out + i, norm_of((const char *)x + i, count, vectors * VECTOR_BYTES));
}

/* Squares of singles are doubles in any case; they are added one after the other. */
static void single_norm(void *out, const void *in, size_t count, size_t vectors) {
    for (size_t i = 0; i < vectors * VECTOR_BYTES; i += sizeof(singles)) {
        wide sum = {dw_math_part_all(0), dw_math_part_all(0)};
        for (size_t k = 0; k < count; k++) {
            wide x = widen(single_load((const char *)in + i + k * vectors * VECTOR_BYTES));
            sum.low += x.low * x.low;
            sum.high += x.high * x.high;
        }
        single_store((char *)out + i,
                     narrow(dw_math_part_sqrt(sum.low), dw_math_part_sqrt(sum.high)));
    }
}

/* ---- totals: the lanes are the eight running sums of reduce.c ---- */

enum { EIGHT = 8, PARTS = EIGHT / DW_MATH_PART };

/* Numbers k, k + 1 … of memory that holds n, as doubles; 0 behind the last: a running sum is never
 * -0, so that adding 0 does not change it. */
DW_LANES_INLINE doubles first_doubles(const double *x, size_t k, size_t n) {
#if defined(__AVX512DQ__)
    return (doubles)_mm512_maskz_loadu_pd((__mmask8)((1u << (n - k)) - 1), x + k);
#elif defined(__AVX2__)
    static const int64_t some[] = {-1, -1, -1, -1, 0, 0, 0, 0};
    size_t have = n <= k ? 0 : n - k < 4 ? n - k : 4;
    __m256i mask = _mm256_loadu_si256((const void *)(some + 4 - have));
    return (doubles)_mm256_maskload_pd(x + k, mask);
#else
    return (doubles){k < n ? x[k] : 0, k + 1 < n ? x[k + 1] : 0};
#endif
}

DW_LANES_INLINE doubles first_singles(const float *x, size_t k, size_t n) {
#if defined(__AVX512DQ__)
    return (doubles)_mm512_cvtps_pd(_mm256_maskz_loadu_ps((__mmask8)((1u << (n - k)) - 1), x + k));
#elif defined(__AVX2__)
    static const int32_t some[] = {-1, -1, -1, -1, 0, 0, 0, 0};
    size_t have = n <= k ? 0 : n - k < 4 ? n - k : 4;
    __m128i mask = _mm_loadu_si128((const void *)(some + 4 - have));
    return (doubles)_mm256_cvtps_pd(_mm_maskload_ps(x + k, mask));
#else
    return (doubles){k < n ? (double)x[k] : 0, k + 1 < n ? (double)x[k + 1] : 0};
#endif
}

/* ((s0+s4)+(s2+s6)) + ((s1+s5)+(s3+s7)) */
DW_LANES_INLINE double add_up(const doubles s[PARTS]) {
#if defined(__AVX2__)
#if defined(__AVX512DQ__)
    __m256d four = _mm256_add_pd(_mm512_castpd512_pd256((__m512d)s[0]),
                                 _mm512_extractf64x4_pd((__m512d)s[0], 1));
#else
    __m256d four = _mm256_add_pd((__m256d)s[0], (__m256d)s[1]);
#endif
    __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
#else
    doubles two = (s[0] + s[2]) + (s[1] + s[3]);
    return two[0] + two[1];
#endif
}

DW_LANES_INLINE double total_block(const void *x, size_t n, bool single) {
    const double *d = x;
    const float *f = x;
    if (n < EIGHT) {
        double sum = 0;
        for (size_t k = 0; k < n; k++)
            sum += single ? (double)f[k] : d[k];
        return sum;
    }
    doubles s[PARTS];
    UNROLL for (size_t p = 0; p < PARTS; p++) s[p] = dw_math_part_all(0);
    size_t whole = n / EIGHT * EIGHT;
    for (size_t k = 0; k < whole; k += EIGHT)
        UNROLL for (size_t p = 0; p < PARTS; p++) s[p] +=
            single ? first_singles(f + k, p * DW_MATH_PART, EIGHT)
                   : double_load((const char *)(d + k) + p * sizeof(doubles));
    if (whole < n)
        UNROLL for (size_t p = 0; p < PARTS; p++) s[p] +=
            single ? first_singles(f + whole, p * DW_MATH_PART, n - whole)
                   : first_doubles(d + whole, p * DW_MATH_PART, n - whole);
    return add_up(s);
}

static double total_doubles(const double *x, size_t n) {
    if (n <= 64)
        return total_block(x, n, false);
    size_t left = (n / 2 + 63) / 64 * 64;
    double sum = total_doubles(x, left);
    return sum + total_doubles(x + left, n - left);
}

static double total_singles(const float *x, size_t n) {
    if (n <= 64)
        return total_block(x, n, true);
    size_t left = (n / 2 + 63) / 64 * 64;
    double sum = total_singles(x, left);
    return sum + total_singles(x + left, n - left);
}

static void double_total(void *out, const void *x, size_t rows, size_t step, size_t count) {
    double *to = out;
    const char *from = x;
    for (size_t r = 0; r < rows; r++, from += step)
        to[r] = count <= 64 ? total_block(from, count, false)
                            : total_doubles((const void *)from, count);
}

static void single_total(void *out, const void *x, size_t rows, size_t step, size_t count) {
    float *to = out;
    const char *from = x;
    for (size_t r = 0; r < rows; r++, from += step)
        to[r] = (float)(count <= 64 ? total_block(from, count, true)
                                    : total_singles((const void *)from, count));
}

static void pack_total(void *out, const void *x, size_t rows, size_t step, size_t count) {
    char *to = out;
    const char *from = x;
    for (size_t r = 0; r < rows; r++, from += step, to += VECTOR_BYTES)
        for (size_t p = 0; p < VECTOR_BYTES; p += sizeof(doubles))
            double_store(to + p, count <= 64 ? double_block(from + p, count, VECTOR_BYTES, false,
                                                            dw_math_part_all(1))
                                             : double_tree(from + p, count, VECTOR_BYTES));
}

/* ---- the tables ---- */

#define TWO_ROW(t, first) \
    { t##_##first##_sum, t##_##first##_difference, t##_##first##_multiple, t##_##first##_rest }
#define TWO_ROWS(t) \
    { TWO_ROW(t, sum), TWO_ROW(t, difference), TWO_ROW(t, multiple) }

const dw_vector_kernels DW_SIMD_NAME(dw_vector_simd)[DW_VECTOR_TYPES] = {
    [DW_VECTOR_DOUBLE] = {.number = sizeof(double),
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) \
    .map[DW_ELEM_##name] = double_map_##name,
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    .pair[DW_ELEM_##name] = double_pair_##name,
#define DW_ELEM_COMPARE(name, sign, condition) .pair[DW_ELEM_##name] = double_pair_##name,
#include "tensor/elem.def"
                          .choose = double_choose,
                          .gate = double_gate,
                          .slope_sigmoid = double_slope_sigmoid,
                          .slope_tanh = double_slope_tanh,
                          .spread = double_spread,
                          .two = TWO_ROWS(double),
                          .squares = double_squares,
                          .sum = double_sum,
                          .norm = double_norm,
                          .largest = double_largest,
                          .smallest = double_smallest,
                          .total = double_total},
    [DW_VECTOR_SINGLE] = {.number = sizeof(float),
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) \
    .map[DW_ELEM_##name] = single_map_##name,
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    .pair[DW_ELEM_##name] = single_pair_##name,
#define DW_ELEM_COMPARE(name, sign, condition) .pair[DW_ELEM_##name] = single_pair_##name,
#include "tensor/elem.def"
                          .choose = single_choose,
                          .gate = single_gate,
                          .slope_sigmoid = single_slope_sigmoid,
                          .slope_tanh = single_slope_tanh,
                          .spread = single_spread,
                          .two = TWO_ROWS(single),
                          .squares = single_squares,
                          .sum = single_sum,
                          .norm = single_norm,
                          .largest = single_largest,
                          .smallest = single_smallest,
                          .total = single_total},
    [DW_VECTOR_PACK] = {.number = VECTOR_BYTES,
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) \
    .map[DW_ELEM_##name] = double_map_##name,
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    .pair[DW_ELEM_##name] = pack_pair_##name,
#define DW_ELEM_COMPARE(name, sign, condition) .pair[DW_ELEM_##name] = pack_pair_##name,
#include "tensor/elem.def"
                        .choose = pack_choose,
                        .gate = double_gate,
                        .slope_sigmoid = double_slope_sigmoid,
                        .slope_tanh = double_slope_tanh,
                        .spread = pack_spread,
                        .two = TWO_ROWS(pack),
                        .squares = double_squares,
                        .sum = double_sum,
                        .norm = double_norm,
                        .largest = double_largest,
                        .smallest = double_smallest,
                        .total = pack_total},
};
