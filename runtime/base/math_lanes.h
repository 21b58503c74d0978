/* SPDX-License-Identifier: BSD-3-Clause */
/* Elementary functions on vectors of eight numbers, for files that are compiled for each
 * instruction set (simd.h). Every lane has exactly the bits of the function of the same name in
 * math.h (which NaN it is aside), so it does not matter which of the two computes an element. */
#ifndef DW_MATH_LANES_H
#define DW_MATH_LANES_H

#include "base/lanes.h"
#include "base/math.h"
#include "base/math_part.h"

/* dw_lanes dw_math_lanes_NAME(dw_lanes x), part by part. */
#define DW_MATH_LANES(name)                                     \
    DW_LANES_INLINE dw_lanes dw_math_lanes_##name(dw_lanes x) { \
        dw_math_part part[DW_LANES / DW_MATH_PART];             \
        memcpy(part, &x, sizeof part);                          \
        for (int i = 0; i < DW_LANES / DW_MATH_PART; i++)       \
            part[i] = dw_math_part_##name(part[i]);             \
        memcpy(&x, part, sizeof part);                          \
        return x;                                               \
    }
DW_MATH_LANES(exp)
DW_MATH_LANES(expm1)
DW_MATH_LANES(log)
DW_MATH_LANES(log1p)
DW_MATH_LANES(log2)
DW_MATH_LANES(log10)
DW_MATH_LANES(sin)
DW_MATH_LANES(cos)
DW_MATH_LANES(tan)
DW_MATH_LANES(asin)
DW_MATH_LANES(acos)
DW_MATH_LANES(atan)
DW_MATH_LANES(sinh)
DW_MATH_LANES(cosh)
DW_MATH_LANES(tanh)
DW_MATH_LANES(sigmoid)
DW_MATH_LANES(softplus)
DW_MATH_LANES(erf)
DW_MATH_LANES(normal_cdf)

DW_LANES_INLINE dw_lanes dw_math_lanes_pow(dw_lanes x, dw_lanes y) {
    dw_math_part base[DW_LANES / DW_MATH_PART], exponent[DW_LANES / DW_MATH_PART];
    memcpy(base, &x, sizeof base);
    memcpy(exponent, &y, sizeof exponent);
    for (int i = 0; i < DW_LANES / DW_MATH_PART; i++)
        base[i] = dw_math_part_pow(base[i], exponent[i]);
    memcpy(&x, base, sizeof base);
    return x;
}

DW_LANES_INLINE dw_lanes dw_math_lanes_sqrt(dw_lanes x) {
    return dw_lanes_sqrt(x);
}

/* Every bit but the sign, and the sign alone. */
DW_LANES_INLINE dw_lanes dw_math_lanes_abs(dw_lanes x) {
    return (dw_lanes)((dw_lanes_int)x & INT64_MAX);
}
DW_LANES_INLINE dw_lanes_int dw_math_lanes_sign_bit(dw_lanes x) {
    return (dw_lanes_int)x & INT64_MIN;
}

/* 1, 0 or -1; 0 of either sign becomes +0 and a NaN stays one, as in elem.def. */
DW_LANES_INLINE dw_lanes dw_math_lanes_sign(dw_lanes x) {
    dw_lanes one = (dw_lanes)((dw_lanes_int)dw_lanes_all(1) | dw_math_lanes_sign_bit(x));
    dw_lanes y = dw_lanes_choose(x == 0, dw_lanes_all(0), one);
    return dw_lanes_choose(x != x, x, y);
}

/* ⌊a⌋ for a >= 0 or NaN: from 2^52 on every number is whole, below adding 2^52 rounds. */
DW_LANES_INLINE dw_lanes dw_math_lanes_whole_part(dw_lanes a) {
    dw_lanes rounded = (a + 0x1p52) - 0x1p52;
    dw_lanes less = rounded - dw_lanes_choose(rounded > a, dw_lanes_all(1), dw_lanes_all(0));
    return dw_lanes_choose(a < 0x1p52, less, a);
}

/* x's whole part without its sign, one more in the lanes of the mask, the sign put back. */
DW_LANES_INLINE dw_lanes dw_math_lanes_step_up(dw_lanes x, dw_lanes whole, dw_lanes_int mask) {
    dw_lanes y = whole + dw_lanes_choose(mask, dw_lanes_all(1), dw_lanes_all(0));
    return (dw_lanes)((dw_lanes_int)y | dw_math_lanes_sign_bit(x));
}

DW_LANES_INLINE dw_lanes dw_math_lanes_floor(dw_lanes x) {
    dw_lanes a = dw_math_lanes_abs(x), whole = dw_math_lanes_whole_part(a);
    return dw_math_lanes_step_up(x, whole, (x < 0) & (a > whole));
}

DW_LANES_INLINE dw_lanes dw_math_lanes_ceil(dw_lanes x) {
    dw_lanes a = dw_math_lanes_abs(x), whole = dw_math_lanes_whole_part(a);
    return dw_math_lanes_step_up(x, whole, (x > 0) & (a > whole));
}

/* Halves go away from zero. */
DW_LANES_INLINE dw_lanes dw_math_lanes_round(dw_lanes x) {
    dw_lanes a = dw_math_lanes_abs(x), whole = dw_math_lanes_whole_part(a);
    return dw_math_lanes_step_up(x, whole, a - whole >= 0.5);
}

#endif
