/* SPDX-License-Identifier: BSD-3-Clause */
/* a*b + c rounded once, in vectors of 16 bytes, for x86 processors that have no instruction for it:
 * the same bits as fma and fmaf, without calling them for each number.
 *
 * Boldo and Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using
 * rounding to odd" (2008): what is beyond the leading part is rounded to odd (to the neighbour
 * whose last bit is 1), so that the last addition rounds as if it knew all digits. */
#ifndef DW_FUSED_H
#define DW_FUSED_H

#include "base/lanes.h"

#if defined(__SSE2__)
#include <emmintrin.h>

typedef double dw_fused_doubles __attribute__((vector_size(16)));
typedef float dw_fused_singles __attribute__((vector_size(16)));
typedef int64_t dw_fused_bits __attribute__((vector_size(16)));

/* a + b and, exactly, what rounding took away. */
DW_LANES_INLINE dw_fused_doubles dw_fused_sum(dw_fused_doubles a, dw_fused_doubles b,
                                              dw_fused_doubles *rest) {
    dw_fused_doubles sum = a + b, part = sum - a;
    *rest = (a - (sum - part)) + (b - part);
    return sum;
}

/* A sum with its rest, rounded to odd. */
DW_LANES_INLINE dw_fused_doubles dw_fused_odd(dw_fused_doubles sum, dw_fused_doubles rest) {
    dw_fused_bits bits = (dw_fused_bits)sum, even = (bits & 1) - 1;
    dw_fused_bits inexact = (rest > 0.0) | (rest < 0.0), apart = (rest > 0.0) ^ (sum > 0.0);
    return (dw_fused_doubles)(bits + ((apart | 1) & inexact & even));
}

/* a as the sum of two numbers of 26 bits (Veltkamp); a*b and its rest (Dekker). */
DW_LANES_INLINE dw_fused_doubles dw_fused_upper(dw_fused_doubles a) {
    dw_fused_doubles t = a * 134217729.0;
    return t - (t - a);
}
DW_LANES_INLINE dw_fused_doubles dw_fused_rest(dw_fused_doubles a, dw_fused_doubles b,
                                               dw_fused_doubles product) {
    dw_fused_doubles a1 = dw_fused_upper(a), b1 = dw_fused_upper(b), a2 = a - a1, b2 = b - b1;
    return a2 * b2 - (((product - a1 * b1) - a2 * b1) - a1 * b2);
}

DW_LANES_INLINE dw_fused_bits dw_fused_below(dw_fused_doubles x, double most) {
    return (x < most) & (x > -most);
}

/* Far from overflow and underflow, where all steps are exact; else number by number. */
DW_LANES_INLINE dw_fused_doubles dw_fused_double(dw_fused_doubles a, dw_fused_doubles b,
                                                 dw_fused_doubles c) {
    dw_fused_doubles product = a * b;
    dw_fused_bits large = (product > 0x1p-900) | (product < -0x1p-900);
    dw_fused_bits nothing = (a == 0.0) | (b == 0.0);
    dw_fused_bits usual = (large | nothing) & dw_fused_below(product, 0x1p900) &
                          dw_fused_below(a, 0x1p900) & dw_fused_below(b, 0x1p900) &
                          dw_fused_below(c, 0x1p900);
    if (_mm_movemask_pd((__m128d)usual) != 3)
        return (dw_fused_doubles){fma(a[0], b[0], c[0]), fma(a[1], b[1], c[1])};
    dw_fused_doubles low, lower, lowest;
    dw_fused_doubles middle = dw_fused_sum(c, dw_fused_rest(a, b, product), &low);
    dw_fused_doubles high = dw_fused_sum(product, middle, &lower);
    dw_fused_doubles small = dw_fused_sum(low, lower, &lowest);
    high += dw_fused_odd(small, lowest);
    dw_fused_doubles zero = product + c; /* with the right sign */
    return (dw_fused_doubles)(((dw_fused_bits)zero & nothing) | ((dw_fused_bits)high & ~nothing));
}

/* Products of singles are doubles. */
DW_LANES_INLINE __m128 dw_fused_half(__m128 a, __m128 b, __m128 c) {
    dw_fused_doubles product =
        (dw_fused_doubles)_mm_cvtps_pd(a) * (dw_fused_doubles)_mm_cvtps_pd(b);
    dw_fused_doubles rest, sum = dw_fused_sum(product, (dw_fused_doubles)_mm_cvtps_pd(c), &rest);
    return _mm_cvtpd_ps((__m128d)dw_fused_odd(sum, rest));
}
DW_LANES_INLINE dw_fused_singles dw_fused_single(dw_fused_singles a, dw_fused_singles b,
                                                 dw_fused_singles c) {
    __m128 x = (__m128)a, y = (__m128)b, z = (__m128)c;
    __m128 high = dw_fused_half(_mm_movehl_ps(x, x), _mm_movehl_ps(y, y), _mm_movehl_ps(z, z));
    return (dw_fused_singles)_mm_movelh_ps(dw_fused_half(x, y, z), high);
}

#endif
#endif
