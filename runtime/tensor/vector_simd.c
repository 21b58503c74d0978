/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernels of vector.h for one instruction set: vector_simd.def once for each type of number. */
#include "tensor/vector.h"

#include "base/lanes.h"
#include "base/math_lanes.h"
#include "tensor/reduce.h"

#define VECTOR_BYTES ((size_t)DW_VECTOR_BYTES)

/* ---- doubles, and packs ---- */

#define ROOT(x) dw_lanes_sqrt(x)
#define SIZE(x) dw_math_lanes_abs(x)
#define MATH(f, x) dw_math_lanes_##f(x)
#define MATH2(f, x, y) dw_math_lanes_##f(x, y)
#define WHOLE(f, x) dw_math_lanes_##f(x)
#define VECTOR dw_lanes
#define EITHER(mask, a, b) dw_lanes_choose(mask, a, b)

#define NAME(x) double_##x
#define NUMBER double
#define ALL(x) dw_lanes_all(x)
#include "tensor/vector_simd.def"
#undef NAME
#undef NUMBER
#undef ALL

/* A pack is loaded as it is; constants of operations are plain numbers still. */
#define NAME(x) pack_##x
#define NUMBER dw_lanes
#define NUMBERS_ARE_VECTORS
#define ALL(x) _Generic((x), double : dw_lanes_all, dw_lanes : pack_itself)(x)
static inline dw_lanes pack_itself(dw_lanes x) {
    return x;
}
#include "tensor/vector_simd.def"
#undef NAME
#undef NUMBER
#undef NUMBERS_ARE_VECTORS
#undef ALL

#undef ROOT
#undef SIZE
#undef MATH
#undef MATH2
#undef WHOLE
#undef VECTOR
#undef EITHER

/* ---- singles: elementary functions by way of doubles, rounded once more ---- */

typedef float half __attribute__((vector_size(32)));
typedef union {
    dw_lanes_single whole;
    half part[2];
} halves;

static inline dw_lanes widen(dw_lanes_single x, int part) {
    return __builtin_convertvector(((halves){x}).part[part], dw_lanes);
}

static inline dw_lanes_single narrow(dw_lanes low, dw_lanes high) {
    halves x;
    x.part[0] = __builtin_convertvector(low, half);
    x.part[1] = __builtin_convertvector(high, half);
    return x.whole;
}

#define ROOT(x) dw_lanes_sqrt_single(x)
#define SIZE(x) ((dw_lanes_single)((dw_lanes_int32)(x)&0x7fffffff))
#define MATH(f, x) narrow(dw_math_lanes_##f(widen(x, 0)), dw_math_lanes_##f(widen(x, 1)))
#define MATH2(f, x, y) \
    narrow(dw_math_lanes_##f(widen(x, 0), widen(y, 0)), dw_math_lanes_##f(widen(x, 1), widen(y, 1)))
#define WHOLE(f, x) MATH(f, x)
#define VECTOR dw_lanes_single
#define EITHER(mask, a, b) dw_lanes_choose_single(mask, a, b)
#define NAME(x) single_##x
#define NUMBER float
#define ALL(x) dw_lanes_all_single((float)(x))
#include "tensor/vector_simd.def"

/* ---- norms ---- */

/* By which power of two to scale numbers of this size, so that their squares are doubles. */
static int norm_exponent(double largest) {
    int exponent = 0;
    if (largest > 0 && largest < (double)INFINITY)
        (void)frexp(largest, &exponent);
    return exponent < -1000 ? -1000 : exponent;
}

/* The largest size in each lane; NaN where there is one. */
static dw_lanes sizes(const char *x, size_t count, size_t step) {
    dw_lanes largest = dw_lanes_all(0);
    for (size_t k = 0; k < count; k++) {
        dw_lanes size = dw_math_lanes_abs(double_load(x + k * step));
        largest = dw_lanes_choose((size > largest) | (size != size), size, largest);
    }
    return largest;
}

/* Squares that would overflow or vanish are those of numbers scaled by a power of two, which rounds
 * nothing. */
static dw_lanes norm_of(const char *x, size_t count, size_t step) {
    dw_lanes largest = sizes(x, count, step), scale = dw_lanes_all(1), back = scale, sum;
    dw_lanes_int safe = (largest > 1e-140) & (largest < 1e140);
    for (int l = 0; l < DW_LANES; l++) {
        int exponent = safe[l] ? 0 : norm_exponent(largest[l]);
        scale[l] = exponent == 0 ? 1 : ldexp(1, -exponent);
        back[l] = exponent == 0 ? 1 : ldexp(1, exponent - 1);
    }
    double_tree(x, count, step, &scale, &sum);
    sum = dw_lanes_sqrt(sum);
    return dw_lanes_choose(back == 1, sum, sum * back * 2);
}

static void double_norm(void *out, const void *x, size_t count, size_t vectors) {
    for (size_t i = 0; i < vectors * VECTOR_BYTES; i += VECTOR_BYTES)
        double_store((char *)out + i, norm_of((const char *)x + i, count, vectors * VECTOR_BYTES));
}

/* Squares of singles are doubles in any case. */
static void single_norm(void *out, const void *in, size_t count, size_t vectors) {
    for (size_t i = 0; i < vectors * VECTOR_BYTES; i += VECTOR_BYTES) {
        dw_lanes sum[2] = {dw_lanes_all(0), dw_lanes_all(0)};
        for (size_t k = 0; k < count; k++) {
            dw_lanes_single x = single_load((const char *)in + i + k * vectors * VECTOR_BYTES);
            for (int part = 0; part < 2; part++)
                sum[part] += widen(x, part) * widen(x, part);
        }
        single_store((char *)out + i, narrow(dw_lanes_sqrt(sum[0]), dw_lanes_sqrt(sum[1])));
    }
}

/* ---- totals ---- */

static double total_block(const double *x, size_t n) {
    dw_lanes s = dw_lanes_all(0);
    double first = 0;
    if (n < DW_LANES) {
        for (size_t k = 0; k < n; k++)
            first += x[k];
        return first;
    }
    for (; n >= DW_LANES; n -= DW_LANES, x += DW_LANES)
        s += dw_lanes_load(x);
    for (size_t k = 0; k < n; k++)
        s[k] += x[k];
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

static double total_tree(const double *x, size_t n) {
    if (n <= 64)
        return total_block(x, n);
    size_t half_count = (n / 2 + 63) / 64 * 64;
    return total_tree(x, half_count) + total_tree(x + half_count, n - half_count);
}

static void double_total(void *out, const void *x, size_t rows, size_t step, size_t count) {
    for (size_t r = 0; r < rows; r++)
        ((double *)out)[r] =
            total_tree((const double *)(const void *)((const char *)x + r * step), count);
}

static double total_single(const float *x, size_t n) {
    double block[64];
    if (n > 64) {
        size_t half_count = (n / 2 + 63) / 64 * 64;
        return total_single(x, half_count) + total_single(x + half_count, n - half_count);
    }
    for (size_t k = 0; k < n; k++)
        block[k] = (double)x[k];
    return total_block(block, n);
}

static void single_total(void *out, const void *x, size_t rows, size_t step, size_t count) {
    for (size_t r = 0; r < rows; r++)
        ((float *)out)[r] =
            (float)total_single((const float *)(const void *)((const char *)x + r * step), count);
}

static void pack_total(void *out, const void *x, size_t rows, size_t step, size_t count) {
    for (size_t r = 0; r < rows; r++)
        double_sum((char *)out + r * VECTOR_BYTES, (const char *)x + r * step, count, 1);
}

/* ---- the tables ---- */

const dw_vector_kernels DW_SIMD_NAME(dw_vector_simd)[DW_VECTOR_TYPES] = {
    [DW_VECTOR_DOUBLE] = {.number = sizeof(double),
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) \
    .map[DW_ELEM_##name] = double_map_##name,
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    .pair[DW_ELEM_##name] = double_pair_##name,
#define DW_ELEM_COMPARE(name, sign, condition) .pair[DW_ELEM_##name] = double_pair_##name,
#include "tensor/elem.def"
                          .choose = double_choose,
                          .gate = double_gate,
                          .spread = double_spread,
                          .sum = double_sum,
                          .norm = double_norm,
                          .largest = double_largest,
                          .smallest = double_smallest,
                          .total = double_total},
    [DW_VECTOR_SINGLE] = {.number = sizeof(float),
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) \
    .map[DW_ELEM_##name] = single_map_##name,
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    .pair[DW_ELEM_##name] = single_pair_##name,
#define DW_ELEM_COMPARE(name, sign, condition) .pair[DW_ELEM_##name] = single_pair_##name,
#include "tensor/elem.def"
                          .choose = single_choose,
                          .gate = single_gate,
                          .spread = single_spread,
                          .sum = single_sum,
                          .norm = single_norm,
                          .largest = single_largest,
                          .smallest = single_smallest,
                          .total = single_total},
    [DW_VECTOR_PACK] = {.number = sizeof(dw_lanes),
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) \
    .map[DW_ELEM_##name] = double_map_##name,
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    .pair[DW_ELEM_##name] = pack_pair_##name,
#define DW_ELEM_COMPARE(name, sign, condition) .pair[DW_ELEM_##name] = pack_pair_##name,
#include "tensor/elem.def"
                        .choose = pack_choose,
                        .gate = double_gate,
                        .spread = pack_spread,
                        .sum = double_sum,
                        .norm = double_norm,
                        .largest = double_largest,
                        .smallest = double_smallest,
                        .total = pack_total},
};
