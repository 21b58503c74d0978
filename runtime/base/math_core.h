/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the elementary functions share: bits of doubles, sums and products without
 * rounding error, and the reduced exponential. For math_*.c only; math.h is what others use.
 *
 * A pair is an unevaluated sum hi + lo with |lo| at most half a unit in the last place of hi. The
 * exact sum and product need rounding to nearest and no contraction, as the whole project does. */
#ifndef DW_MATH_CORE_H
#define DW_MATH_CORE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    double hi, lo;
} dw_math_pair;

static inline uint64_t dw_math_core_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double dw_math_core_double(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* log 2 in two pieces: the first has 42 bits, so a whole number up to 2047 times it is exact. */
#define DW_MATH_LN2_HI 0x1.62e42fefa3800p-1
#define DW_MATH_LN2_LO 0x1.ef35793c76730p-45

/* Adding this to a number below 2^51 rounds it to a whole one, in the low bits of the sum. */
#define DW_MATH_ROUNDER 0x1.8p52

/* π/2 as a pair. */
#define DW_MATH_HALF_PI 0x1.921fb54442d18p+0
#define DW_MATH_HALF_PI_LO 0x1.1a62633145c07p-54

/* For each of 64 parts of an octave a c with ten bits near 1/m, and -log c as hi and lo;
 * math_log.c. */
extern const double dw_math_core_parts[3][64];

/* atan(i/8) as hi and lo, and zeros; math_arc.c. */
extern const double dw_math_core_eighths[2][16];

#define NUMBER double
#define BITS uint64_t
#define PAIR dw_math_pair
#define STEP static inline __attribute__((unused))
#define STEPS(name) dw_math_core_##name
#define TO_BITS(x) dw_math_core_bits(x)
#define FROM_BITS(b) dw_math_core_double(b)
#define ALL(c) (c)
#define CHOOSE(condition, a, b) ((condition) ? (a) : (b))
#define IF_LESS(x, y, a, b) ((x) < (y) ? (a) : (b))
#define AT_MOST(x, c) ((c) < (x) ? (c) : (x))
#define AT_LEAST(x, c) ((x) < (c) ? (c) : (x))
#define LOOK_UP(table, index) ((table)[index])
#define ROOT(x) sqrt(x)
#include "base/math_steps.def"

/* 2^power for -1022 <= power <= 1023. */
static inline double dw_math_core_power_of_2(int power) {
    return dw_math_core_double((uint64_t)(power + 1023) << 52);
}

/* x * 2^power for any power that can matter, rounded once, overflowing to infinity. */
static inline double dw_math_core_scale(double x, int power) {
    if (power > 1000)
        return x * 0x1p1000 * dw_math_core_power_of_2(power > 2000 ? 1000 : power - 1000);
    if (power < -1000)
        return x * dw_math_core_power_of_2(power < -1600 ? -1000 : power + 600) * 0x1p-600;
    return x * dw_math_core_power_of_2(power);
}

/* Σ c[i]*x^i for i < n, even and odd powers apart so that two sums run side by side. */
static inline double dw_math_core_poly(const double *c, int n, double x) {
    double z = x * x, even = 0, odd = 0;
    int i = n - 1;
    if (i % 2 == 0)
        even = c[i--];
    for (; i > 0; i -= 2) {
        odd = odd * z + c[i];
        even = even * z + c[i - 1];
    }
    return even + x * odd;
}

/* log x as a pair right to about 2^-66, for finite x > 0 (in math_log.c). */
dw_math_pair dw_math_core_log(double x);

#endif
