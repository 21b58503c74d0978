/* SPDX-License-Identifier: BSD-3-Clause */
/* x^y = e^(y log x), the logarithm and the product as pairs: y log x may be as large as 745, so a
 * plain double would lose ten bits. */
#include "base/math.h"

#include "base/math_core.h"

#include <math.h>

typedef enum { NOT_WHOLE, EVEN, ODD } parity;

static parity parity_of(double y) {
    double a = fabs(y);
    if (a >= 0x1p53)
        return EVEN;
    if (a != floor(a))
        return NOT_WHOLE;
    return ((uint64_t)a & 1) != 0 ? ODD : EVEN;
}

/* x = ±0 or ±infinity, y finite and not 0: the size of the result is 0 or infinity. */
static double power_of_edge(double x, double y) {
    double size = (x == 0) == (y > 0) ? 0 : INFINITY;
    return signbit(x) && parity_of(y) == ODD ? -size : size;
}

static double power_to_infinity(double x, double y) {
    double a = fabs(x);
    if (a == 1)
        return 1;
    return (a > 1) == (y > 0) ? INFINITY : 0;
}

static double exp_of(dw_math_pair p) {
    if (p.hi > 710)
        return INFINITY;
    if (p.hi < -746)
        return 0;
    double shifted, e = dw_math_core_exp_of_pair(p, &shifted);
    return dw_math_core_scale(e, (int)(shifted - DW_MATH_ROUNDER));
}

static double power_of_subnormal(double a, double y) {
    dw_math_pair l = dw_math_core_log(a);
    dw_math_pair p = dw_math_core_product(y, l.hi);
    return exp_of(dw_math_core_fast_sum(p.hi, p.lo + y * l.lo));
}

/* a^y for finite a > 0. */
static double power(double a, double y) {
    if (fabs(y) > 0x1p64) /* |log a| > 2^-54 unless a is 1 */
        return a == 1 ? 1 : power_to_infinity(a, y);
    if (a < 0x1p-1022)
        return power_of_subnormal(a, y);
    dw_math_pair p = dw_math_core_power_exponent(a, y);
    return exp_of(p);
}

double dw_math_pow(double x, double y) {
    if (y == 2) /* by far the most frequent, and exact products are wanted anyway */
        return x * x;
    if (y == 0 || x == 1)
        return 1;
    if (x != x || y != y)
        return x + y;
    if (y == 1)
        return x;
    if (y == -1)
        return 1 / x;
    if (isinf(y))
        return power_to_infinity(x, y);
    if (x == 0 || isinf(x))
        return power_of_edge(x, y);
    if (y == 0.5)
        return sqrt(x);
    if (x > 0)
        return power(x, y);
    parity whole = parity_of(y);
    if (whole == NOT_WHOLE)
        return NAN;
    return whole == ODD ? -power(-x, y) : power(-x, y);
}
