/* SPDX-License-Identifier: BSD-3-Clause */
/* The error function and the normal distribution. Tails are e^(-x²) times a slowly falling factor,
 * with x² taken exactly, so they keep full relative precision down to the smallest doubles. */
#include "base/math.h"

#include "base/math_core.h"
#include "base/math_normal_table.h"

#include <math.h>

/* Eight pieces for each power of two: the number of x's piece counted from 0. */
static int octave_piece(double x) {
    return (int)(dw_math_core_bits(x) >> 49);
}

/* The polynomial of a table row of `n` coefficients at hi + lo. */
static dw_math_pair piece_value(const double *row, int n, double hi, double lo) {
    double u = (hi - row[0]) + lo;
    return dw_math_core_fast_sum(row[1], row[2] + u * dw_math_core_poly(row + 3, n, u));
}

double dw_math_erfc(double x) {
    if (x != x)
        return x;
    double a = fabs(x), shifted;
    if (a < 0.5)
        return 1 - dw_math_core_erf_small(x);
    if (a > 28)
        return x < 0 ? 2 : 0;
    double y = dw_math_core_erfc_scaled(a, &shifted);
    y = dw_math_core_scale(y, (int)(shifted - DW_MATH_ROUNDER));
    return x < 0 ? 2 - y : y;
}

double dw_math_erf(double x) {
    return copysign(dw_math_core_erf_size(fabs(x)), x);
}

double dw_math_normal_cdf(double x) {
    if (x >= -37.4)
        return dw_math_core_normal_usual(x);
    if (x != x)
        return x;
    if (x < -39)
        return 0;
    double shifted, y = dw_math_core_normal_above(-x, &shifted);
    return dw_math_core_scale(y, (int)(shifted - DW_MATH_ROUNDER));
}

/* The quantile of 1/2 + q for |q| <= 1/16. */
static double quantile_centre(double q) {
    static const double c[] = {
        0x1.b263fec4e0b2dp-8, 0x1.4ffddeaa22dc9p+1, 0x1.71713082d91b8p+2, 0x1.f55d0d7b11236p+3,
        0x1.784948eb42e2dp+5, 0x1.2ba9ec678f6dcp+7, 0x1.efa7025656699p+8, 0x1.be6db53275171p+10,
    };
    return 2.5 * q + q * dw_math_core_poly(c, 8, q * q);
}

/* Minus the quantile of 0 < p < 0.1, by way of √(-2 log p) as a pair. */
static double quantile_tail(double p) {
    dw_math_pair l = dw_math_core_log(p);
    double r = sqrt(-2 * l.hi);
    dw_math_pair square = dw_math_core_product(r, r);
    double rest = ((-2 * l.hi - square.hi) - square.lo - 2 * l.lo) / (2 * r);
    return piece_value(tail_pieces[octave_piece(r) - octave_piece(2)], 10, r, rest).hi;
}

double dw_math_normal_quantile(double p) {
    if (!(p >= 0 && p <= 1))
        return NAN;
    double q = p - 0.5, a = fabs(q), x;
    if (a < 0.0625)
        return quantile_centre(q);
    if (a < 0.40625)
        x = piece_value(middle_pieces[(int)(64 * a) - 4], 10, a, 0).hi;
    else if (a < 0.5)
        x = quantile_tail(q < 0 ? p : 1 - p);
    else
        x = p == 0 ? INFINITY : p == 1 ? INFINITY : quantile_tail(p);
    return q < 0 ? -x : x;
}
