/* SPDX-License-Identifier: BSD-3-Clause */
/* The exponential family. e^x = 2^k * e^r with |r| <= (log 2)/2; e^r is a polynomial, and its
 * leading 1 + r is kept exactly, so that only the last addition rounds visibly. */
#include "base/math.h"

#include "base/math_core.h"

#include <math.h>

double dw_math_exp(double x) {
    if (fabs(x) <= 708)
        return dw_math_core_exp_usual(x);
    if (x != x)
        return x;
    if (x > 710)
        return INFINITY;
    if (x < -746)
        return 0;
    int power;
    dw_math_pair e = dw_math_core_exp(x, 0, &power);
    return dw_math_core_scale(e.hi + e.lo, power);
}

double dw_math_expm1(double x) {
    return x <= 709 ? dw_math_core_expm1_usual(x) : dw_math_exp(x);
}

/* (e^x)/2 for 0 <= x <= 711. */
static double half_exp(double x) {
    int power;
    dw_math_pair e = dw_math_core_exp(x, 0, &power);
    return dw_math_core_scale(e.hi + e.lo, power - 1);
}

double dw_math_sinh(double x) {
    static const double c[] = {
        0x1.5555555555555p-3,  0x1.1111111111111p-7,  0x1.a01a01a01a001p-13, 0x1.71de3a556f972p-19,
        0x1.ae64567929d60p-26, 0x1.612467cd33b6dp-33, 0x1.ae777bd0e83dfp-41, 0x1.99f09fd512ca7p-49,
    };
    double a = fabs(x);
    if (a < 0x1p-28 || x != x)
        return x;
    double z = x * x;
    if (a < 1)
        return x + x * z * dw_math_core_poly(c, 8, z);
    if (a > 711)
        return x < 0 ? -INFINITY : INFINITY;
    double half = half_exp(a);
    double y = half - 0.25 / half;
    return x < 0 ? -y : y;
}

double dw_math_cosh(double x) {
    double a = fabs(x);
    if (x != x)
        return x;
    if (a > 711)
        return INFINITY;
    double half = half_exp(a);
    return half + 0.25 / half;
}

double dw_math_tanh(double x) {
    return copysign(dw_math_core_tanh_size(fabs(x)), x);
}

double dw_math_sigmoid(double x) {
    return x < -700 ? dw_math_exp(x) : dw_math_core_sigmoid_usual(x);
}

double dw_math_softplus(double x) {
    return x >= -708 ? dw_math_core_softplus_usual(x) : dw_math_exp(x);
}
