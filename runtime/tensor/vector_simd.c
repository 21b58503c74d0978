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

/* ((0+4) + (2+6)) + ((1+5) + (3+7)). */
static inline double across(dw_lanes s) {
    typedef double four __attribute__((vector_size(32)));
    typedef double two __attribute__((vector_size(16)));
    four a = __builtin_shufflevector(s, s, 0, 1, 2, 3) + __builtin_shufflevector(s, s, 4, 5, 6, 7);
    two b = __builtin_shufflevector(a, a, 0, 1) + __builtin_shufflevector(a, a, 2, 3);
    return b[0] + b[1];
}

/* The same of eight vectors, one sum in each lane: what is added in which order does not change. */
static inline dw_lanes across_eight(const dw_lanes s[DW_LANES]) {
    dw_lanes four[4], two[2];
    for (int i = 0; i < 4; i++) {
        dw_lanes a = s[2 * i], b = s[2 * i + 1];
        four[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
                  __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
    }
    for (int i = 0; i < 2; i++) {
        dw_lanes a = four[2 * i], b = four[2 * i + 1];
        two[i] = __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13) +
                 __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15);
    }
    return __builtin_shufflevector(two[0], two[1], 0, 2, 4, 6, 8, 10, 12, 14) +
           __builtin_shufflevector(two[0], two[1], 1, 3, 5, 7, 9, 11, 13, 15);
}

static inline void double_put_eight(double *to, dw_lanes x) {
    dw_lanes_store(to, x);
}

static inline void single_put_eight(float *to, dw_lanes x) {
    half narrow_x = __builtin_convertvector(x, half);
    memcpy(to, &narrow_x, sizeof narrow_x);
}

/* The first n lanes; -0 behind them, which changes no sum. */
static inline dw_lanes first_lanes(dw_lanes x, size_t n) {
    return dw_lanes_choose((dw_lanes_int){0, 1, 2, 3, 4, 5, 6, 7} < (int64_t)n, x,
                           dw_lanes_all(-0.0));
}

/* Eight numbers from `at` on as doubles, or when fewer are left these and -0. `whole`: memory may
 * be read to the end of a vector. */
static inline dw_lanes double_eight(const double *at, size_t left, bool whole) {
    double some[DW_LANES] = {0};
    if (left >= DW_LANES)
        return dw_lanes_load(at);
    if (!whole)
        memcpy(some, at, left * sizeof *at);
    return first_lanes(dw_lanes_load(whole ? at : some), left);
}

static inline dw_lanes single_eight(const float *at, size_t left, bool whole) {
    float some[DW_LANES] = {0};
    half x;
    if (left >= DW_LANES)
        whole = true;
    if (!whole)
        memcpy(some, at, left * sizeof *at);
    memcpy(&x, whole ? at : some, sizeof x);
    dw_lanes wide = __builtin_convertvector(x, dw_lanes);
    return left >= DW_LANES ? wide : first_lanes(wide, left);
}

/* Up to 64 numbers by the tree of reduce.h, where fewer than eight are added from left to right. */
#define TOTAL(type, eight, put_eight)                                                           \
    static inline double type##_total_block(const void *at, size_t n, bool whole) {             \
        const type *x = at;                                                                     \
        dw_lanes s = dw_lanes_all(0);                                                           \
        double first = 0;                                                                       \
        for (size_t k = 0; n < DW_LANES && k < n; k++)                                          \
            first += (double)x[k];                                                              \
        if (n < DW_LANES)                                                                       \
            return first;                                                                       \
        for (size_t k = 0; k < n; k += DW_LANES)                                                \
            s += eight(x + k, n - k, whole);                                                    \
        return across(s);                                                                       \
    }                                                                                           \
    static double type##_total_tree(const type *x, size_t n, bool whole) {                      \
        if (n <= 64)                                                                            \
            return type##_total_block(x, n, whole);                                             \
        size_t half_count = (n / 2 + 63) / 64 * 64;                                             \
        return type##_total_tree(x, half_count, false) +                                        \
               type##_total_tree(x + half_count, n - half_count, whole);                        \
    }                                                                                           \
    /* Rows of samples fill whole vectors; a row alone may end with its last number. */         \
    static void type##_totals(void *out, const char *x, size_t rows, size_t step, size_t n) {   \
        bool whole = rows > 1 && step % VECTOR_BYTES == 0;                                      \
        size_t r = 0;                                                                           \
        for (; whole && n >= DW_LANES && n <= 64 && r + DW_LANES <= rows; r += DW_LANES) {      \
            dw_lanes s[DW_LANES];                                                               \
            for (size_t i = 0; i < DW_LANES; i++) {                                             \
                const type *row = (const void *)(x + (r + i) * step);                           \
                s[i] = dw_lanes_all(0);                                                         \
                for (size_t k = 0; k < n; k += DW_LANES)                                        \
                    s[i] += eight(row + k, n - k, true);                                        \
            }                                                                                   \
            put_eight((type *)out + r, across_eight(s));                                        \
        }                                                                                       \
        for (; r < rows; r++)                                                                   \
            ((type *)out)[r] = (type)type##_total_tree((const void *)(x + r * step), n, whole); \
    }

TOTAL(double, double_eight, double_put_eight)
TOTAL(float, single_eight, single_put_eight)
static dw_vector_total double_total, single_total;

static void double_total(void *out, const void *x, size_t rows, size_t step, size_t count) {
    double_totals(out, x, rows, step, count);
}

static void single_total(void *out, const void *x, size_t rows, size_t step, size_t count) {
    float_totals(out, x, rows, step, count);
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
                          .slope_sigmoid = double_slope_sigmoid,
                          .slope_tanh = double_slope_tanh,
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
                          .slope_sigmoid = single_slope_sigmoid,
                          .slope_tanh = single_slope_tanh,
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
                        .slope_sigmoid = double_slope_sigmoid,
                        .slope_tanh = double_slope_tanh,
                        .spread = pack_spread,
                        .sum = double_sum,
                        .norm = double_norm,
                        .largest = double_largest,
                        .smallest = double_smallest,
                        .total = pack_total},
};
