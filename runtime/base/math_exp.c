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
    double shifted, y = dw_math_core_exp_of_pair((dw_math_pair){x, 0}, &shifted);
    return dw_math_core_scale(y, (int)(shifted - DW_MATH_ROUNDER));
}

double dw_math_expm1(double x) {
    return x <= 709 ? dw_math_core_expm1_usual(x) : dw_math_exp(x);
}

/* (e^x)/2 for 708 < x <= 711, where e^x alone may be too large. */
static double half_exp(double x) {
    double shifted, y = dw_math_core_exp_of_pair((dw_math_pair){x, 0}, &shifted);
    return dw_math_core_scale(y, (int)(shifted - DW_MATH_ROUNDER) - 1);
}

double dw_math_sinh(double x) {
    double a = fabs(x);
    if (a <= 708)
        return copysign(dw_math_core_sinh_size(a), x);
    return copysign(x != x || a > 711 ? a * INFINITY : half_exp(a), x);
}

double dw_math_cosh(double x) {
    double a = fabs(x);
    if (a <= 708)
        return dw_math_core_cosh_usual(a);
    return x != x || a > 711 ? a * INFINITY : half_exp(a);
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
