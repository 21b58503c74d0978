/* SPDX-License-Identifier: BSD-3-Clause */
/* Inverse trigonometric functions. The arc tangent is taken relative to the nearest eighth c:
 * atan x = atan c + atan((x - c)/(1 + x*c)), where the last argument is at most 1/16. */
#include "base/math.h"

#include "base/math_core.h"

#include <math.h>

#define HALF_PI 0x1.921fb54442d18p+0
#define HALF_PI_LO 0x1.1a62633145c07p-54
#define PI_HI 0x1.921fb54442d18p+1
#define PI_LO 0x1.1a62633145c07p-53

/* atan(i/8) */
static const dw_math_pair eighths[9] = {
    {0x0.0p+0, 0x0.0p+0},
    {0x1.fd5ba9aac2f6ep-4, -0x1.cd37686760c17p-59},
    {0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57},
    {0x1.6f61941e4def1p-2, -0x1.c63aae6f6e918p-56},
    {0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56},
    {0x1.1e00babdefeb4p-1, -0x1.928df287a668fp-58},
    {0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56},
    {0x1.700a7c5784634p-1, -0x1.8c34d25aadef6p-56},
    {0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55},
};

/* atan t - t for |t| <= 0.15. */
static double atan_rest(double t) {
    static const double c[] = {
        -0x1.5555555555555p-2, 0x1.9999999998d4cp-3, -0x1.2492492271496p-3, 0x1.c71c6d5a56fd4p-4,
        -0x1.745ae5cacb62dp-4, 0x1.3a8465aed026ep-4, -0x1.fd998d279e02ap-5,
    };
    double z = t * t;
    return t * z * dw_math_core_poly(c, 7, z);
}

double dw_math_atan(double x) {
    double a = fabs(x), y;
    if (a < 0x1p-27 || x != x)
        return x;
    if (a < 0.15) {
        y = a + atan_rest(a);
    } else if (a <= 1) {
        int i = (int)(8 * a + 0.5);
        double c = i * 0.125;
        double t = (a - c) / (1 + a * c);
        y = eighths[i].hi + (t + (eighths[i].lo + atan_rest(t)));
    } else if (a < 0x1p54) {
        int i = (int)(8 / a + 0.5);
        double c = i * 0.125;
        double t = (1 - a * c) / (a + c);
        dw_math_pair s = dw_math_core_fast_sum(HALF_PI, -eighths[i].hi);
        y = s.hi - (t - ((s.lo + HALF_PI_LO - eighths[i].lo) - atan_rest(t)));
    } else {
        y = HALF_PI;
    }
    return x < 0 ? -y : y;
}

double dw_math_atan2(double y, double x) {
    if (x != x || y != y)
        return x + y;
    double a = fabs(y), b = fabs(x), angle;
    if (a == 0)
        angle = 0;
    else if (b == 0)
        angle = HALF_PI;
    else if (isinf(a) && isinf(b))
        angle = 0.5 * HALF_PI;
    else
        angle = dw_math_atan(a / b);
    if (signbit(x))
        angle = PI_HI - (angle - PI_LO);
    return signbit(y) ? -angle : angle;
}

/* asin x - x for |x| <= 1/2; z = x². */
static double asin_rest(double x, double z) {
    static const double c[] = {
        0x1.5555555555555p-3,  0x1.3333333333389p-4, 0x1.6db6db6dac0eap-5, 0x1.f1c71c7a5e151p-6,
        0x1.6e8ba121b9d5fp-6,  0x1.1c4efd20ebb99p-6, 0x1.c990a42b32b03p-7, 0x1.7b02ef007d23ep-7,
        0x1.3b462d121c5d2p-7,  0x1.31777489dfd29p-7, 0x1.8dcdf11997e0fp-9, 0x1.40c91fa8deb7ep-6,
        -0x1.3bd7e353ddbc2p-6, 0x1.e58a4f278e007p-6,
    };
    return x * z * dw_math_core_poly(c, 14, z);
}

/* acos(a)/2 for 1/2 <= a <= 1 as a pair: asin(√((1 - a)/2)), the root with its rounding error. */
static dw_math_pair half_acos(double a) {
    double z = 0.5 * (1 - a);
    double s = sqrt(z);
    if (s == 0)
        return (dw_math_pair){0, 0};
    dw_math_pair square = dw_math_core_product(s, s);
    double error = ((z - square.hi) - square.lo) / (2 * s);
    return dw_math_core_fast_sum(s, error + asin_rest(s, z));
}

double dw_math_asin(double x) {
    double a = fabs(x);
    if (a < 0x1p-27 || x != x)
        return x;
    if (a > 1)
        return NAN;
    if (a <= 0.5)
        return x + asin_rest(x, x * x);
    dw_math_pair h = half_acos(a);
    dw_math_pair s = dw_math_core_fast_sum(HALF_PI, -2 * h.hi);
    double y = s.hi + (s.lo + (HALF_PI_LO - 2 * h.lo));
    return x < 0 ? -y : y;
}

double dw_math_acos(double x) {
    if (x != x)
        return x;
    if (fabs(x) > 1)
        return NAN;
    if (fabs(x) <= 0.5) {
        dw_math_pair s = dw_math_core_fast_sum(HALF_PI, -x);
        return s.hi + (s.lo + (HALF_PI_LO - asin_rest(x, x * x)));
    }
    dw_math_pair h = half_acos(fabs(x));
    if (x > 0)
        return 2 * (h.hi + h.lo);
    dw_math_pair s = dw_math_core_fast_sum(PI_HI, -2 * h.hi);
    return s.hi + (s.lo + (PI_LO - 2 * h.lo));
}
