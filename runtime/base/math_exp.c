/* SPDX-License-Identifier: BSD-3-Clause */
/* The exponential family. e^x = 2^k * e^r with |r| <= (log 2)/2; e^r is a polynomial, and its
 * leading 1 + r is kept exactly, so that only the last addition rounds visibly. */
#include "base/math.h"

#include "base/math_core.h"

#include <math.h>

double dw_math_exp(double x) {
    int power;
    if (fabs(x) <= 708) {
        dw_math_pair e = dw_math_core_exp(x, 0, &power);
        return (e.hi + e.lo) * dw_math_core_power2(power);
    }
    if (x != x)
        return x;
    if (x > 710)
        return INFINITY;
    if (x < -746)
        return 0;
    dw_math_pair e = dw_math_core_exp(x, 0, &power);
    return dw_math_core_scale(e.hi + e.lo, power);
}

/* e^r - 1 - r for a reduced pair r. */
static double exp_rest(dw_math_pair r) {
    static const double c[] = {
        0x1.5555555555555p-3,  0x1.5555555555556p-5,  0x1.1111111111111p-7,  0x1.6c16c16c1629fp-10,
        0x1.a01a01a019b0dp-13, 0x1.a01a01a6f59a9p-16, 0x1.71de3a5914a05p-19, 0x1.27e4db08819d2p-22,
        0x1.ae6433e7f9599p-26, 0x1.1f73c205d8d57p-29, 0x1.61b382ca3d011p-33,
    };
    double z = r.hi * r.hi;
    return 0.5 * z + (z * r.hi * dw_math_core_poly(c, 11, r.hi) + (r.lo + r.hi * r.lo));
}

double dw_math_expm1(double x) {
    if (fabs(x) < 0x1p-54 || x != x)
        return x;
    if (x > 710)
        return INFINITY;
    if (x < -40)
        return -1;
    int power;
    dw_math_pair r = dw_math_core_reduce(x, 0, &power);
    double rest = exp_rest(r);
    if (power == 0)
        return r.hi + rest;
    double one = 1 - (power > 60 ? 0 : dw_math_core_power2(-power));
    dw_math_pair s = dw_math_core_sum(one, r.hi);
    return dw_math_core_scale(s.hi + (s.lo + rest), power);
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

/* tanh x for |x| < 0.55. */
static double tanh_small(double x) {
    double z = x * x, w = z * z;
    double c01 = -0x1.5555555555555p-2 + z * 0x1.1111111111032p-3;
    double c23 = -0x1.ba1ba1b9fec21p-5 + z * 0x1.664f487711016p-6;
    double c45 = -0x1.226e32efa6fc9p-7 + z * 0x1.d6d3391e3dd93p-9;
    double c67 = -0x1.7d97ce8161830p-10 + z * 0x1.34c59bba61aa7p-11;
    double c89 = -0x1.ec0ff7a1de8e7p-13 + z * 0x1.64fb913d089b8p-14;
    double high = c45 + w * (c67 + w * (c89 - w * 0x1.59a2bc288b9ccp-16));
    return x + x * z * (c01 + w * (c23 + w * high));
}

double dw_math_tanh(double x) {
    double a = fabs(x);
    if (a < 0.55)
        return a < 0x1p-28 ? x : tanh_small(x);
    if (x != x)
        return x;
    if (a > 22)
        return x < 0 ? -1 : 1;
    int power;
    dw_math_pair e = dw_math_core_exp(2 * a, 0, &power);
    double y = 1 - 2 / ((e.hi + e.lo) * dw_math_core_power2(power) + 1);
    return x < 0 ? -y : y;
}

double dw_math_sigmoid(double x) {
    if (x < -40)
        return dw_math_exp(x);
    if (x > 40)
        return 1;
    if (x != x)
        return x;
    int power;
    dw_math_pair e = dw_math_core_exp(-x, 0, &power);
    double unit = dw_math_core_power2(power);
    dw_math_pair sum = dw_math_core_sum(1, e.hi * unit);
    double y = 1 / sum.hi;
    return y - y * y * (sum.lo + e.lo * unit);
}

double dw_math_softplus(double x) {
    if (x < -40)
        return dw_math_exp(x);
    if (x > 40 || x != x)
        return x;
    double rest = dw_math_log1p(dw_math_exp(-fabs(x)));
    return x > 0 ? x + rest : rest;
}
