/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests of elementary functions: the worst error, in units in the last place, against the long
 * double functions of the C library, on random and on log-spaced arguments. */
#ifndef ULP_H
#define ULP_H

#include "base/rng.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

_Static_assert(LDBL_MANT_DIG >= 64, "the reference must have more digits than what it measures");

/* Whether the reference really has them: valgrind computes long doubles as doubles. */
static inline bool ulp_can_judge(void) {
    volatile long double small = LDBL_EPSILON;
    return 1 + small > 1;
}

/* The error of y in units in the last place of the true value. */
static inline double ulp_error(double y, long double truth) {
    if (!ulp_can_judge())
        skip();
    if (isnan(truth))
        return isnan(y) ? 0 : INFINITY;
    if (fabsl(truth) > (long double)DBL_MAX)
        return isinf(y) || fabs(y) == DBL_MAX ? 0 : INFINITY;
    if (isnan(y) || isinf(y))
        return INFINITY;
    int exponent;
    frexpl(truth, &exponent);
    exponent = truth == 0 || exponent < -1021 ? -1021 : exponent;
    return (double)(fabsl((long double)y - truth) / ldexpl(1, exponent - 53));
}

typedef double (*ulp_function)(double);
typedef long double (*ulp_reference)(long double);

enum { ULP_POINTS = 20000 };

/* Fails when f is off by more than `most` somewhere in lo … hi; half of the points are spread
 * evenly, half (when lo > 0) by their logarithm. */
static inline void ulp_check(ulp_function f, ulp_reference g, double lo, double hi, double most) {
    dw_rng rng = dw_rng_seed(11);
    for (int i = 0; i < ULP_POINTS; i++) {
        double u = dw_rng_uniform(&rng);
        double x = lo + u * (hi - lo);
        if (lo > 0 && i % 2 == 0)
            x = (double)(lo * powl((long double)hi / lo, u));
        double error = ulp_error(f(x), g((long double)x));
        if (!(error <= most))
            fail_msg("%.17g: %.17g instead of %.17Lg, %.3f ulp", x, f(x), g((long double)x), error);
    }
}

/* Whether two doubles are the same, signs of zeros and NaNs included. */
static inline bool ulp_same(double a, double b) {
    return isnan(a) ? isnan(b) : a == b && !signbit(a) == !signbit(b);
}

#define ulp_assert_same(a, b)                                           \
    do {                                                                \
        double ulp_a = (a), ulp_b = (b);                                \
        if (!ulp_same(ulp_a, ulp_b))                                    \
            fail_msg("%s is %.17g instead of %.17g", #a, ulp_a, ulp_b); \
    } while (0)

#endif
