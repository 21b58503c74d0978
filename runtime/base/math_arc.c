/* SPDX-License-Identifier: BSD-3-Clause */
/* Inverse trigonometric functions. */
#include "base/math.h"

#include "base/math_core.h"

#include <math.h>

#define PI_HI 0x1.921fb54442d18p+1
#define PI_LO 0x1.1a62633145c07p-53

const double dw_math_core_eighths[2][16] = {
    {0x0.0p+0, 0x1.fd5ba9aac2f6ep-4, 0x1.f5b75f92c80ddp-3, 0x1.6f61941e4def1p-2,
     0x1.dac670561bb4fp-2, 0x1.1e00babdefeb4p-1, 0x1.4978fa3269ee1p-1, 0x1.700a7c5784634p-1,
     0x1.921fb54442d18p-1},
    {0x0.0p+0, -0x1.cd37686760c17p-59, 0x1.8ab6e3cf7afbdp-57, -0x1.c63aae6f6e918p-56,
     0x1.a2b7f222f65e2p-56, -0x1.928df287a668fp-58, 0x1.2419a87f2a458p-56, -0x1.8c34d25aadef6p-56,
     0x1.1a62633145c07p-55},
};

double dw_math_atan(double x) {
    return copysign(dw_math_core_atan_size(fabs(x)), x);
}

double dw_math_atan2(double y, double x) {
    if (x != x || y != y)
        return x + y;
    double a = fabs(y), b = fabs(x), angle;
    if (a == 0)
        angle = 0;
    else if (b == 0)
        angle = DW_MATH_HALF_PI;
    else if (isinf(a) && isinf(b))
        angle = 0.5 * DW_MATH_HALF_PI;
    else
        angle = dw_math_atan(a / b);
    if (signbit(x))
        angle = PI_HI - (angle - PI_LO);
    return signbit(y) ? -angle : angle;
}

double dw_math_asin(double x) {
    double a = fabs(x);
    return a <= 1 ? copysign(dw_math_core_asin_size(a), x) : x != x ? x : NAN;
}

double dw_math_acos(double x) {
    return fabs(x) <= 1 ? dw_math_core_acos_usual(x) : x != x ? x : NAN;
}
