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
DW_MATH_LANES(abs)
DW_MATH_LANES(sign)
DW_MATH_LANES(floor)
DW_MATH_LANES(ceil)
DW_MATH_LANES(round)
DW_MATH_LANES(sqrt)

DW_LANES_INLINE dw_lanes dw_math_lanes_pow(dw_lanes x, dw_lanes y) {
    dw_math_part base[DW_LANES / DW_MATH_PART], exponent[DW_LANES / DW_MATH_PART];
    memcpy(base, &x, sizeof base);
    memcpy(exponent, &y, sizeof exponent);
    for (int i = 0; i < DW_LANES / DW_MATH_PART; i++)
        base[i] = dw_math_part_pow(base[i], exponent[i]);
    memcpy(&x, base, sizeof base);
    return x;
}

#endif
