/* SPDX-License-Identifier: BSD-3-Clause */
/* Elementary functions on as many numbers as one register holds: the parts that math_lanes.h makes
 * its vectors of. (Left to itself the compiler keeps a vector wider than a register in memory.)
 * Nearly all numbers take the straight way of math_steps.def; where a lane holds another, math.h
 * computes that lane. */
#ifndef DW_MATH_PART_H
#define DW_MATH_PART_H

#include "base/fused.h"
#include "base/lanes.h"
#include "base/math.h"
#include "base/math_core.h"

#include <stdbool.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#if defined(__AVX512DQ__)
enum { DW_MATH_PART = 8 };
#elif defined(__AVX2__)
enum { DW_MATH_PART = 4 };
#else
enum { DW_MATH_PART = 2 };
#endif

typedef double dw_math_part __attribute__((vector_size(8 * DW_MATH_PART)));
typedef int64_t dw_math_part_int __attribute__((vector_size(8 * DW_MATH_PART)));
typedef uint64_t dw_math_part_bits __attribute__((vector_size(8 * DW_MATH_PART)));

typedef struct {
    dw_math_part hi, lo;
} dw_math_part_pair;

DW_LANES_INLINE dw_math_part dw_math_part_all(double x) {
#if defined(__AVX512DQ__)
    return (dw_math_part){x, x, x, x, x, x, x, x};
#elif defined(__AVX2__)
    return (dw_math_part){x, x, x, x};
#else
    return (dw_math_part){x, x};
#endif
}

/* Per lane: a where the mask holds, else b. */
DW_LANES_INLINE dw_math_part dw_math_part_choose(dw_math_part_int mask, dw_math_part a,
                                                 dw_math_part b) {
#if defined(__AVX2__) && !defined(__AVX512DQ__)
    return (dw_math_part)_mm256_blendv_pd((__m256d)b, (__m256d)a, (__m256d)mask);
#else
    return (dw_math_part)(((dw_math_part_int)a & mask) | ((dw_math_part_int)b & ~mask));
#endif
}

/* Per lane: a where x < y, else b. */
DW_LANES_INLINE dw_math_part dw_math_part_if_less(dw_math_part x, dw_math_part y, dw_math_part a,
                                                  dw_math_part b) {
#if defined(__AVX512DQ__)
    __mmask8 less = _mm512_cmp_pd_mask((__m512d)x, (__m512d)y, _CMP_LT_OQ);
    return (dw_math_part)_mm512_mask_blend_pd(less, (__m512d)b, (__m512d)a);
#else
    return dw_math_part_choose(x < y, a, b);
#endif
}

/* Per lane: c < x ? c : x, and c > x ? c : x. These instructions give their second operand when one
 * is a NaN. */
DW_LANES_INLINE dw_math_part dw_math_part_at_most(dw_math_part x, double c) {
#if defined(__AVX512DQ__)
    return (dw_math_part)_mm512_min_pd((__m512d)dw_math_part_all(c), (__m512d)x);
#elif defined(__AVX2__)
    return (dw_math_part)_mm256_min_pd((__m256d)dw_math_part_all(c), (__m256d)x);
#elif defined(__SSE2__)
    return (dw_math_part)_mm_min_pd((__m128d)dw_math_part_all(c), (__m128d)x);
#else
    return dw_math_part_choose(x > c, dw_math_part_all(c), x);
#endif
}
DW_LANES_INLINE dw_math_part dw_math_part_at_least(dw_math_part x, double c) {
#if defined(__AVX512DQ__)
    return (dw_math_part)_mm512_max_pd((__m512d)dw_math_part_all(c), (__m512d)x);
#elif defined(__AVX2__)
    return (dw_math_part)_mm256_max_pd((__m256d)dw_math_part_all(c), (__m256d)x);
#elif defined(__SSE2__)
    return (dw_math_part)_mm_max_pd((__m128d)dw_math_part_all(c), (__m128d)x);
#else
    return dw_math_part_choose(x < c, dw_math_part_all(c), x);
#endif
}

/* Whether the mask holds in every lane. */
DW_LANES_INLINE bool dw_math_part_holds(dw_math_part_int mask) {
#if defined(__AVX512DQ__)
    return _mm512_movepi64_mask((__m512i)mask) == 0xFF;
#elif defined(__AVX2__)
    return _mm256_movemask_pd((__m256d)mask) == 0xF;
#elif defined(__SSE2__)
    return _mm_movemask_pd((__m128d)mask) == 3;
#else
    return (mask[0] & mask[1]) != 0;
#endif
}

/* Whether lo <= x <= hi in every lane. */
DW_LANES_INLINE bool dw_math_part_within(dw_math_part x, double lo, double hi) {
#if defined(__AVX512DQ__)
    __mmask8 up = _mm512_cmp_pd_mask((__m512d)x, (__m512d)dw_math_part_all(lo), _CMP_GE_OQ);
    return _mm512_mask_cmp_pd_mask(up, (__m512d)x, (__m512d)dw_math_part_all(hi), _CMP_LE_OQ) ==
           0xFF;
#else
    return dw_math_part_holds((x >= lo) & (x <= hi));
#endif
}

/* Whether no lane of x is c. */
DW_LANES_INLINE bool dw_math_part_lacks(dw_math_part x, double c) {
#if defined(__AVX512DQ__)
    return _mm512_cmp_pd_mask((__m512d)x, (__m512d)dw_math_part_all(c), _CMP_EQ_OQ) == 0;
#else
    return dw_math_part_holds(x != c);
#endif
}

/* table[index] for each lane. (The instructions that gather are slower than loads.) */
DW_LANES_INLINE dw_math_part dw_math_part_look_up(const double *table, dw_math_part_bits i) {
#if defined(__AVX512DQ__)
    return (dw_math_part){table[i[0]], table[i[1]], table[i[2]], table[i[3]],
                          table[i[4]], table[i[5]], table[i[6]], table[i[7]]};
#elif defined(__AVX2__)
    return (dw_math_part){table[i[0]], table[i[1]], table[i[2]], table[i[3]]};
#else
    return (dw_math_part){table[i[0]], table[i[1]]};
#endif
}

DW_LANES_INLINE dw_math_part dw_math_part_sqrt(dw_math_part x) {
#if defined(__AVX512DQ__)
    return (dw_math_part)_mm512_sqrt_pd((__m512d)x);
#elif defined(__AVX2__)
    return (dw_math_part)_mm256_sqrt_pd((__m256d)x);
#elif defined(__SSE2__)
    return (dw_math_part)_mm_sqrt_pd((__m128d)x);
#else
    return (dw_math_part){sqrt(x[0]), sqrt(x[1])};
#endif
}

#define NUMBER dw_math_part
#define BITS dw_math_part_bits
#define PAIR dw_math_part_pair
#define STEP DW_LANES_INLINE
#define STEPS(name) dw_math_part_##name
#define TO_BITS(x) ((dw_math_part_bits)(x))
#define FROM_BITS(b) ((dw_math_part)(b))
#define ALL(c) dw_math_part_all(c)
#define CHOOSE(condition, a, b) dw_math_part_choose(condition, a, b)
#define IF_LESS(x, y, a, b) dw_math_part_if_less(x, y, a, b)
#define AT_MOST(x, c) dw_math_part_at_most(x, c)
#define AT_LEAST(x, c) dw_math_part_at_least(x, c)
#define LOOK_UP(table, index) dw_math_part_look_up(table, index)
#define ROOT(x) dw_math_part_sqrt(x)
#include "base/math_steps.def"

/* f of each lane, one after the other. */
DW_LANES_INLINE dw_math_part dw_math_part_each(double (*f)(double), dw_math_part x) {
    double at[DW_MATH_PART];
    memcpy(at, &x, sizeof at);
    for (int i = 0; i < DW_MATH_PART; i++)
        at[i] = f(at[i]);
    memcpy(&x, at, sizeof at);
    return x;
}

DW_LANES_INLINE dw_math_part dw_math_part_abs(dw_math_part x) {
    return (dw_math_part)((dw_math_part_int)x & INT64_MAX);
}

/* A size, which has no sign, with the sign of x. */
DW_LANES_INLINE dw_math_part dw_math_part_signed(dw_math_part size, dw_math_part x) {
    return (dw_math_part)((dw_math_part_int)size | ((dw_math_part_int)x & INT64_MIN));
}

DW_LANES_INLINE dw_math_part dw_math_part_exp(dw_math_part x) {
    if (!dw_math_part_within(x, -708.0, 708.0))
        return dw_math_part_each(dw_math_exp, x);
    return dw_math_part_exp_usual(x);
}

DW_LANES_INLINE dw_math_part dw_math_part_expm1(dw_math_part x) {
    if (!dw_math_part_within(x, -INFINITY, 709.0))
        return dw_math_part_each(dw_math_expm1, x);
    return dw_math_part_expm1_usual(x);
}

DW_LANES_INLINE dw_math_part dw_math_part_tanh(dw_math_part x) {
    dw_math_part size = dw_math_part_tanh_size(dw_math_part_abs(x));
    return dw_math_part_signed(size, x);
}

DW_LANES_INLINE dw_math_part dw_math_part_sigmoid(dw_math_part x) {
    if (!dw_math_part_within(x, -700.0, INFINITY))
        return dw_math_part_each(dw_math_sigmoid, x);
    return dw_math_part_sigmoid_usual(x);
}

DW_LANES_INLINE dw_math_part dw_math_part_softplus(dw_math_part x) {
    if (!dw_math_part_within(x, -708.0, INFINITY))
        return dw_math_part_each(dw_math_softplus, x);
    return dw_math_part_softplus_usual(x);
}

DW_LANES_INLINE dw_math_part dw_math_part_log(dw_math_part x) {
    if (!dw_math_part_within(x, 0x1p-1022, 0x1.fffffffffffffp1023))
        return dw_math_part_each(dw_math_log, x);
    return dw_math_part_log_usual(x);
}

/* The lowest bits of n tell the quarter turn: sine or cosine, as it is or negated. */
DW_LANES_INLINE dw_math_part dw_math_part_sin(dw_math_part x) {
    if (!dw_math_part_within(x, -0x1p20, 0x1p20))
        return dw_math_part_each(dw_math_sin, x);
    dw_math_part shifted;
    dw_math_part_pair r = dw_math_part_reduce_turns(x, &shifted);
    dw_math_part_pair s = dw_math_part_sin_of(r), c = dw_math_part_cos_of(r);
    dw_math_part_int n = (dw_math_part_int)shifted;
    dw_math_part y = dw_math_part_choose(-(n & 1), c.hi + c.lo, s.hi + s.lo);
    y = (dw_math_part)((dw_math_part_int)y ^ (n & 2) << 62);
    y = dw_math_part_choose(x == 0.0, x, y);
    return y;
}

DW_LANES_INLINE dw_math_part dw_math_part_cos(dw_math_part x) {
    if (!dw_math_part_within(x, -0x1p20, 0x1p20))
        return dw_math_part_each(dw_math_cos, x);
    dw_math_part shifted;
    dw_math_part_pair r = dw_math_part_reduce_turns(x, &shifted);
    dw_math_part_pair s = dw_math_part_sin_of(r), c = dw_math_part_cos_of(r);
    dw_math_part_int n = (dw_math_part_int)shifted;
    dw_math_part y = dw_math_part_choose(-(n & 1), s.hi + s.lo, c.hi + c.lo);
    y = (dw_math_part)((dw_math_part_int)y ^ ((n + 1) & 2) << 62);
    return y;
}

DW_LANES_INLINE dw_math_part dw_math_part_log1p(dw_math_part x) {
    if (!dw_math_part_within(x, -0x1.fffffffffffffp-1, 0x1.fffffffffffffp1023))
        return dw_math_part_each(dw_math_log1p, x);
    return dw_math_part_log1p_usual(x);
}

DW_LANES_INLINE dw_math_part dw_math_part_log2(dw_math_part x) {
    if (!dw_math_part_within(x, 0x1p-1022, 0x1.fffffffffffffp1023))
        return dw_math_part_each(dw_math_log2, x);
    return dw_math_part_log2_usual(x);
}

DW_LANES_INLINE dw_math_part dw_math_part_log10(dw_math_part x) {
    if (!dw_math_part_within(x, 0x1p-1022, 0x1.fffffffffffffp1023))
        return dw_math_part_each(dw_math_log10, x);
    return dw_math_part_log10_usual(x);
}

DW_LANES_INLINE dw_math_part dw_math_part_tan(dw_math_part x) {
    if (!dw_math_part_within(x, -0x1p20, 0x1p20))
        return dw_math_part_each(dw_math_tan, x);
    return dw_math_part_tan_usual(x);
}

DW_LANES_INLINE dw_math_part dw_math_part_asin(dw_math_part x) {
    if (!dw_math_part_within(x, -1.0, 1.0))
        return dw_math_part_each(dw_math_asin, x);
    dw_math_part size = dw_math_part_asin_size(dw_math_part_abs(x));
    return dw_math_part_signed(size, x);
}

DW_LANES_INLINE dw_math_part dw_math_part_acos(dw_math_part x) {
    if (!dw_math_part_within(x, -1.0, 1.0))
        return dw_math_part_each(dw_math_acos, x);
    return dw_math_part_acos_usual(x);
}

DW_LANES_INLINE dw_math_part dw_math_part_atan(dw_math_part x) {
    dw_math_part size = dw_math_part_atan_size(dw_math_part_abs(x));
    return dw_math_part_signed(size, x);
}

DW_LANES_INLINE dw_math_part dw_math_part_sinh(dw_math_part x) {
    if (!dw_math_part_within(x, -708.0, 708.0))
        return dw_math_part_each(dw_math_sinh, x);
    dw_math_part size = dw_math_part_sinh_size(dw_math_part_abs(x));
    return dw_math_part_signed(size, x);
}

DW_LANES_INLINE dw_math_part dw_math_part_cosh(dw_math_part x) {
    if (!dw_math_part_within(x, -708.0, 708.0))
        return dw_math_part_each(dw_math_cosh, x);
    return dw_math_part_cosh_usual(dw_math_part_abs(x));
}

DW_LANES_INLINE dw_math_part dw_math_part_erf(dw_math_part x) {
    dw_math_part size = dw_math_part_erf_size(dw_math_part_abs(x));
    return dw_math_part_signed(size, x);
}

DW_LANES_INLINE dw_math_part dw_math_part_normal_cdf(dw_math_part x) {
    if (!dw_math_part_within(x, -37.4, INFINITY))
        return dw_math_part_each(dw_math_normal_cdf, x);
    return dw_math_part_normal_usual(x);
}

/* Exponents whose powers are exact operations, as in math_pow.c. */
DW_LANES_INLINE dw_math_part dw_math_part_exact_pow(dw_math_part x, dw_math_part y,
                                                    dw_math_part power) {
    power = dw_math_part_choose(y == 2.0, x * x, power);
    power = dw_math_part_choose(y == 1.0, x, power);
    power = dw_math_part_choose(y == -1.0, 1.0 / x, power);
    return dw_math_part_choose(y == 0.5, dw_math_part_sqrt(x), power);
}

/* f of each pair of lanes, one after the other. */
DW_LANES_INLINE dw_math_part dw_math_part_each_pair(double (*f)(double, double), dw_math_part x,
                                                    dw_math_part y) {
    double left[DW_MATH_PART], right[DW_MATH_PART];
    memcpy(left, &x, sizeof left);
    memcpy(right, &y, sizeof right);
    for (int i = 0; i < DW_MATH_PART; i++)
        left[i] = f(left[i], right[i]);
    memcpy(&x, left, sizeof left);
    return x;
}

/* The usual way: x neither 0 nor subnormal, a whole y where x < 0, and a result that is normal. */
DW_LANES_INLINE dw_math_part dw_math_part_pow(dw_math_part x, dw_math_part y) {
    if (dw_math_part_within(y, 2.0, 2.0))
        return x * x;
    dw_math_part a = dw_math_part_abs(x), shifted = y + DW_MATH_ROUNDER;
    if (!dw_math_part_within(a, 0x1p-1022, 0x1.fffffffffffffp1023) ||
        !dw_math_part_within(y, -0x1p50, 0x1p50) ||
        (!dw_math_part_within(x, 0.0, INFINITY) &&
         !dw_math_part_holds(shifted - DW_MATH_ROUNDER == y)))
        return dw_math_part_each_pair(dw_math_pow, x, y);
    dw_math_part_pair p = dw_math_part_power_exponent(a, y);
    if (!dw_math_part_within(p.hi, -708.0, 708.0))
        return dw_math_part_each_pair(dw_math_pow, x, y);
    dw_math_part_int odd = (dw_math_part_int)shifted << 63;
    dw_math_part power = dw_math_part_exp_of_pair(p, &shifted);
    power = dw_math_part_scale_bits(power, shifted);
    power = dw_math_part_signed(power, (dw_math_part)((dw_math_part_int)x & odd));
    if (dw_math_part_lacks(y, 2.0) && dw_math_part_lacks(y, 1.0) && dw_math_part_lacks(y, -1.0) &&
        dw_math_part_lacks(y, 0.5))
        return power;
    return dw_math_part_exact_pow(x, y, power);
}

/* 1, 0 or -1; 0 of either sign becomes +0 and a NaN stays one, as in elem.def. */
DW_LANES_INLINE dw_math_part dw_math_part_sign(dw_math_part x) {
    dw_math_part one = dw_math_part_signed(dw_math_part_all(1), x);
    dw_math_part y = dw_math_part_choose(x == 0.0, dw_math_part_all(0), one);
    return dw_math_part_choose(x != x, x, y);
}

/* ⌊a⌋ for a >= 0 or NaN: from 2^52 on every number is whole, below adding 2^52 rounds. */
DW_LANES_INLINE dw_math_part dw_math_part_whole(dw_math_part a) {
    dw_math_part rounded = (a + 0x1p52) - 0x1p52;
    dw_math_part more = dw_math_part_choose(rounded > a, dw_math_part_all(1), dw_math_part_all(0));
    return dw_math_part_choose(a < 0x1p52, rounded - more, a);
}

/* x's whole part without its sign, one more in the lanes of the mask, the sign put back. */
DW_LANES_INLINE dw_math_part dw_math_part_step_up(dw_math_part x, dw_math_part whole,
                                                  dw_math_part_int mask) {
    dw_math_part y = whole + dw_math_part_choose(mask, dw_math_part_all(1), dw_math_part_all(0));
    return dw_math_part_signed(y, x);
}

DW_LANES_INLINE dw_math_part dw_math_part_floor(dw_math_part x) {
    dw_math_part a = dw_math_part_abs(x), whole = dw_math_part_whole(a);
    return dw_math_part_step_up(x, whole, (x < 0.0) & (a > whole));
}

DW_LANES_INLINE dw_math_part dw_math_part_ceil(dw_math_part x) {
    dw_math_part a = dw_math_part_abs(x), whole = dw_math_part_whole(a);
    return dw_math_part_step_up(x, whole, (x > 0.0) & (a > whole));
}

/* Halves go away from zero. */
DW_LANES_INLINE dw_math_part dw_math_part_round(dw_math_part x) {
    dw_math_part a = dw_math_part_abs(x), whole = dw_math_part_whole(a);
    return dw_math_part_step_up(x, whole, a - whole >= 0.5);
}

/* a*b + c, rounded once. */
DW_LANES_INLINE dw_math_part dw_math_part_fused(dw_math_part a, dw_math_part b, dw_math_part c) {
#if defined(__AVX512DQ__)
    return (dw_math_part)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(__AVX2__)
    return (dw_math_part)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#elif defined(__SSE2__)
    return (dw_math_part)dw_fused_double(a, b, c);
#else
    return (dw_math_part){fma(a[0], b[0], c[0]), fma(a[1], b[1], c[1])};
#endif
}

/* Below 2^53 the rounded quotient is below no whole number that the true one has reached, so its
 * floor is the right one or one more. Either way what is left has no more digits than x or y and is
 * exact; one more shows in its sign, and y puts it right. */
DW_LANES_INLINE dw_math_part dw_math_part_mod(dw_math_part x, dw_math_part y) {
    dw_math_part quotient = x / y;
    if (!dw_math_part_within(quotient, -0x1p52, 0x1p52) ||
        !dw_math_part_within(y, -0x1.fffffffffffffp1023, 0x1.fffffffffffffp1023))
        return dw_math_part_each_pair(dw_math_mod, x, y);
    dw_math_part rest = dw_math_part_fused(-dw_math_part_floor(quotient), y, x);
    dw_math_part_int wrong = ((rest < 0.0) & (y > 0.0)) | ((rest > 0.0) & (y < 0.0));
    rest = dw_math_part_choose(wrong, rest + y, rest);
    return dw_math_part_choose(rest == 0.0, dw_math_part_all(0), rest);
}

#endif
