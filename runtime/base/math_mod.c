/* SPDX-License-Identifier: BSD-3-Clause */
/* What is left of x after whole multiples of y: exact, however often y goes into x. */
#include "base/math.h"

#include <math.h>

double dw_math_mod(double x, double y) {
    double rest = fmod(x, y); /* exact, but with the sign of x */
    if (rest == 0)
        return 0;
    return (rest < 0) == (y < 0) ? rest : rest + y;
}
