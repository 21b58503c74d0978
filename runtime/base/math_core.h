/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the elementary functions share: bits of doubles, sums and products without
 * rounding error, and the reduced exponential. For math_*.c only; math.h is what others use.
 *
 * A pair is an unevaluated sum hi + lo with |lo| at most half a unit in the last place of hi. The
 * exact sum and product need rounding to nearest and no contraction, as the whole project does. */
#ifndef DW_MATH_CORE_H
#define DW_MATH_CORE_H

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

/* 2^power for -1022 <= power <= 1023. */
static inline double dw_math_core_power2(int power) {
    return dw_math_core_double((uint64_t)(power + 1023) << 52);
}

/* x * 2^power for any power that can matter, rounded once, overflowing to infinity. */
static inline double dw_math_core_scale(double x, int power) {
    if (power > 1000)
        return x * 0x1p1000 * dw_math_core_power2(power > 2000 ? 1000 : power - 1000);
    if (power < -1000)
        return x * dw_math_core_power2(power < -1600 ? -1000 : power + 600) * 0x1p-600;
    return x * dw_math_core_power2(power);
}

/* a + b exactly; the fast one needs |a| >= |b| or a == 0. */
static inline dw_math_pair dw_math_core_sum(double a, double b) {
    double s = a + b;
    double t = s - a;
    return (dw_math_pair){s, (a - (s - t)) + (b - t)};
}

static inline dw_math_pair dw_math_core_fast_sum(double a, double b) {
    double s = a + b;
    return (dw_math_pair){s, b - (s - a)};
}

/* a * b exactly, by splitting both into halves (Dekker); |a|, |b| below 2^990. */
static inline dw_math_pair dw_math_core_product(double a, double b) {
    double p = a * b;
    double ta = a * 0x1.0000002p27, tb = b * 0x1.0000002p27;
    double ah = ta - (ta - a), bh = tb - (tb - b);
    double al = a - ah, bl = b - bh;
    return (dw_math_pair){p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
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

/* log 2 in two pieces: the first has 42 bits, so a whole number up to 2047 times it is exact. */
#define DW_MATH_LN2_HI 0x1.62e42fefa3800p-1
#define DW_MATH_LN2_LO 0x1.ef35793c76730p-45

/* Adding this to a number below 2^51 rounds it to a whole one, in the low bits of the sum. */
#define DW_MATH_ROUNDER 0x1.8p52

/* hi + lo = *power * log 2 + pair, the pair within ±(log 2)/2; |hi| at most 1500. */
static inline dw_math_pair dw_math_core_reduce(double hi, double lo, int *power) {
    double shifted = hi * 0x1.71547652b82fep+0 + DW_MATH_ROUNDER;
    double k = shifted - DW_MATH_ROUNDER;
    *power = (int)k;
    double a = hi - k * DW_MATH_LN2_HI, b = k * DW_MATH_LN2_LO;
    double r = a - b;
    return (dw_math_pair){r, ((a - r) - b) + lo};
}

/* e^(hi + lo) = pair * 2^*power, the pair in 0.7 … 1.42 and right to about 2^-58. */
static inline dw_math_pair dw_math_core_exp(double hi, double lo, int *power) {
    dw_math_pair r = dw_math_core_reduce(hi, lo, power);
    double x = r.hi, z = x * x, w = z * z;
    double q01 = 0x1.0p-1 + x * 0x1.5555555555557p-3;
    double q23 = 0x1.5555555555556p-5 + x * 0x1.111111111007ep-7;
    double q45 = 0x1.6c16c16c1629fp-10 + x * 0x1.a01a01ac1adebp-13;
    double q67 = 0x1.a01a01a6f59a9p-16 + x * 0x1.71de0190b33a1p-19;
    double q89 = 0x1.27e4db08819d2p-22 + x * 0x1.af4f375ba602bp-26;
    double high = (q45 + z * q67) + w * (q89 + z * 0x1.1f73c205d8d57p-29);
    double q = (q01 + z * q23) + w * high;
    dw_math_pair s = dw_math_core_fast_sum(1.0, x);
    double t = z * q; /* e^x - 1 - x */
    s.lo += t + r.lo * (s.hi + t);
    return dw_math_core_fast_sum(s.hi, s.lo);
}

/* log x as a pair right to about 2^-66, for finite x > 0 (in math_log.c). */
dw_math_pair dw_math_core_log(double x);

#endif
