/* SPDX-License-Identifier: BSD-3-Clause */
/* Sine, cosine, tangent. x = n*π/2 + r with |r| <= π/4, r as a pair. Up to 2^20 the multiple of π/2
 * is subtracted in three pieces; beyond, the bits of 2/π that matter are multiplied exactly
 * (Payne and Hanek), so huge arguments are as good as small ones. */
#include "base/math.h"

#include "base/math_core.h"

#include <math.h>

__extension__ typedef unsigned __int128 wide;

#define QUARTER_PI 0x1.921fb54442d18p-1

/* The first 1280 bits of 2/π. */
static const uint64_t two_over_pi[20] = {
    0xA2F9836E4E441529u, 0xFC2757D1F534DDC0u, 0xDB6295993C439041u, 0xFE5163ABDEBBC561u,
    0xB7246E3A424DD2E0u, 0x06492EEA09D1921Cu, 0xFE1DEB1CB129A73Eu, 0xE88235F52EBB4484u,
    0xE99C7026B45F7E41u, 0x3991D639835339F4u, 0x9C845F8BBDF9283Bu, 0x1FF897FFDE05980Fu,
    0xEF2F118B5A0A6D1Fu, 0x6D367ECF27CB09B7u, 0x4F463F669E5FEA2Du, 0x7527BAC7EBE5F17Bu,
    0x3D0739F78A5292EAu, 0x6BFB5FB11F8D5D08u, 0x56033046FC7B6BABu, 0xF0CFBC209AF4361Du,
};

/* 64 bits of 2/π starting after bit number `from`; bits before the first are 0. */
static uint64_t bits_from(int from) {
    int word = from >= 0 ? from / 64 : -1 - (-from - 1) / 64;
    int shift = from - 64 * word;
    uint64_t a = word >= 0 ? two_over_pi[word] : 0;
    uint64_t b = word >= -1 ? two_over_pi[word + 1] : 0;
    return shift == 0 ? a : a << shift | b >> (64 - shift);
}

/* ±(high * 2^-64 + low * 2^-128) * π/2 as a pair. */
static dw_math_pair times_half_pi(uint64_t high, uint64_t low, double sign) {
    int zeros = 0;
    while (zeros < 127 && high >> 63 == 0) {
        high = high << 1 | low >> 63;
        low <<= 1;
        zeros++;
    }
    double unit = sign * dw_math_core_power_of_2(-zeros);
    double top = (double)(high >> 11) * 0x1p-53 * unit;
    double rest = (double)((high & 0x7FF) << 53 | low >> 11) * 0x1p-117 * unit;
    dw_math_pair p = dw_math_core_product(top, 0x1.921fb54442d18p+0);
    double more = top * 0x1.1a62633145c07p-54 + rest * 0x1.921fb54442d18p+0;
    return dw_math_core_fast_sum(p.hi, p.lo + more);
}

/* x = M * 2^e. Of 2/π only the bits from number e - 2 on can change x*2/π modulo 4; 192 of them
 * give a quadrant of 2 bits and a fraction that is right to 2^-137. */
static int reduce_huge(double x, dw_math_pair *r) {
    uint64_t bits = dw_math_core_bits(x);
    uint64_t m = (bits & 0xFFFFFFFFFFFFFu) | 1ull << 52;
    int from = (int)(bits >> 52 & 0x7FF) - 1075 - 2;
    wide low = (wide)m * bits_from(from + 128);
    wide mid = (wide)m * bits_from(from + 64) + (uint64_t)(low >> 64);
    uint64_t top = m * bits_from(from) + (uint64_t)(mid >> 64);
    uint64_t f1 = top << 2 | (uint64_t)mid >> 62, f0 = (uint64_t)mid << 2 | (uint64_t)low >> 62;
    int n = (int)(top >> 62);
    double sign = x < 0 ? -1 : 1;
    if (f1 >> 63 != 0) { /* the nearer multiple is the next one */
        n++;
        f0 = 0 - f0;
        f1 = ~f1 + (f0 == 0);
        sign = -sign;
    }
    *r = times_half_pi(f1, f0, sign);
    return (x < 0 ? -n : n) & 3;
}

/* Sets *r to the rest of a finite x and returns n mod 4. */
static int reduce(double x, dw_math_pair *r) {
    double a = fabs(x);
    if (a <= QUARTER_PI) {
        *r = (dw_math_pair){x, 0};
        return 0;
    }
    if (a > 0x1p20)
        return reduce_huge(x, r);
    double shifted;
    *r = dw_math_core_reduce_turns(x, &shifted);
    return (int)(dw_math_core_bits(shifted) & 3);
}

double dw_math_sin(double x) {
    if (fabs(x) < 0x1p-27)
        return x;
    if (!(fabs(x) < INFINITY))
        return NAN;
    dw_math_pair r;
    int n = reduce(x, &r);
    dw_math_pair y = n % 2 == 0 ? dw_math_core_sin_of(r) : dw_math_core_cos_of(r);
    return n < 2 ? y.hi + y.lo : -(y.hi + y.lo);
}

double dw_math_cos(double x) {
    if (!(fabs(x) < INFINITY))
        return NAN;
    dw_math_pair r;
    int n = reduce(x, &r);
    dw_math_pair y = n % 2 == 0 ? dw_math_core_cos_of(r) : dw_math_core_sin_of(r);
    return n == 0 || n == 3 ? y.hi + y.lo : -(y.hi + y.lo);
}

double dw_math_tan(double x) {
    if (fabs(x) <= 0x1p20)
        return dw_math_core_tan_usual(x);
    if (!(fabs(x) < INFINITY))
        return NAN;
    dw_math_pair r;
    int n = reduce_huge(x, &r);
    double shifted = DW_MATH_ROUNDER + n;
    return dw_math_core_tan_of(r, shifted);
}
