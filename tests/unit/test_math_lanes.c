/* SPDX-License-Identifier: BSD-3-Clause */
/* The elementary functions on vectors have the bits of those on single numbers. */
#include "base/math_lanes.h"
#include "base/simd.h"
#include "tensor/elem.h"
#include "ulp.h"

static double sign(double x) {
    return x != x ? x : (double)((x > 0) - (x < 0));
}

typedef struct {
    const char *word;
    double (*single)(double);
    dw_lanes (*lanes)(dw_lanes);
} pair;

/* Functions with an address, for the table. */
#define WRAP(name)                             \
    static dw_lanes name##_lanes(dw_lanes x) { \
        return dw_math_lanes_##name(x);        \
    }
WRAP(exp)
WRAP(expm1)
WRAP(log)
WRAP(log1p)
WRAP(log2)
WRAP(log10)
WRAP(sin)
WRAP(cos)
WRAP(tan)
WRAP(asin)
WRAP(acos)
WRAP(atan)
WRAP(sinh)
WRAP(cosh)
WRAP(tanh)
WRAP(sigmoid)
WRAP(softplus)
WRAP(erf)
WRAP(normal_cdf)
WRAP(sqrt)
WRAP(abs)
WRAP(sign)
WRAP(floor)
WRAP(ceil)
WRAP(round)

#define ROW(name) \
    { #name, dw_math_##name, name##_lanes }
static const pair pairs[] = {
    ROW(exp),
    ROW(expm1),
    ROW(log),
    ROW(log1p),
    ROW(log2),
    ROW(log10),
    ROW(sin),
    ROW(cos),
    ROW(tan),
    ROW(asin),
    ROW(acos),
    ROW(atan),
    ROW(sinh),
    ROW(cosh),
    ROW(tanh),
    ROW(sigmoid),
    ROW(softplus),
    ROW(erf),
    ROW(normal_cdf),
    {"sqrt", sqrt, sqrt_lanes},
    {"abs", fabs, abs_lanes},
    {"sign", sign, sign_lanes},
    {"floor", floor, floor_lanes},
    {"ceil", ceil, ceil_lanes},
    {"round", round, round_lanes},
};
enum { PAIRS = sizeof pairs / sizeof *pairs };

static void check(const pair *p, const double *x) {
    double y[DW_LANES];
    dw_lanes_store(y, p->lanes(dw_lanes_load(x)));
    for (int i = 0; i < DW_LANES; i++)
        if (!ulp_same(y[i], p->single(x[i])))
            fail_msg("%s %a: lane %d is %a instead of %a", p->word, x[i], i, y[i], p->single(x[i]));
}

static double from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Where functions change their way: zeros, infinities, the borders of every piece and overflow. */
static const double corners[] = {
    0,
    0x1p-1074,
    0x1p-1022,
    0x1p-1000,
    0x1p-54,
    0x1p-53,
    0x1p-52,
    0x1p-28,
    0x1p-27,
    0.15,
    0.25,
    0.2928,
    0.3535533905932738,
    0.4142,
    0.41421356237309503,
    0.5,
    0.55,
    0.6931471805599453,
    0.7071067811865476,
    0.7853981633974483,
    1,
    1.4142135623730951,
    1.5,
    1.5707963267948966,
    2,
    2.5,
    3,
    6,
    19.061547465398498,
    22,
    28,
    37.5,
    38.5,
    39,
    40,
    700,
    707.5,
    708,
    708.3964185322641,
    709.782712893384,
    710,
    711,
    744.4400719213812,
    745.1332191019412,
    746,
    1024,
    0x1p20,
    0x1p31,
    0x1p52,
    0x1p53,
    0x1p54,
    0x1p64,
    0x1p100,
    0x1.fffffffffffffp1023,
    INFINITY,
    NAN,
};
enum { CORNERS = sizeof corners / sizeof *corners };

static void corners_agree(void **state) {
    (void)state;
    for (int i = 0; i < CORNERS; i++)
        for (int step = -3; step <= 3; step++) {
            uint64_t bits;
            memcpy(&bits, &corners[i], sizeof bits);
            double a = bits == 0 && step < 0 ? 0.125 : from_bits(bits + (uint64_t)step);
            double x[DW_LANES] = {0.3, a, -0.7, -a, -0.0, a, 1.25, -a};
            for (int p = 0; p < PAIRS; p++)
                check(&pairs[p], x);
        }
}

/* Every lane within the usual range of the functions, so that no lane needs a way of its own. */
static void usual_numbers_agree(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(31);
    for (int p = 0; p < PAIRS; p++)
        for (int n = 0; n < 2000; n++) {
            double x[DW_LANES], width = n % 4 == 0 ? 1 : n % 4 == 1 ? 8 : n % 4 == 2 ? 45 : 600;
            for (int i = 0; i < DW_LANES; i++)
                x[i] = width * (2 * dw_rng_uniform(&rng) - 1);
            check(&pairs[p], x);
            for (int i = 0; i < DW_LANES; i++)
                x[i] = fabs(x[i]);
            check(&pairs[p], x);
        }
}

static void random_bits_agree(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(32);
    for (int p = 0; p < PAIRS; p++)
        for (int n = 0; n < 1000; n++) {
            double x[DW_LANES];
            for (int i = 0; i < DW_LANES; i++)
                x[i] = from_bits(dw_rng_bits(&rng));
            check(&pairs[p], x);
        }
}

static void check_pow(const double *x, const double *y) {
    double z[DW_LANES];
    dw_lanes_store(z, dw_math_lanes_pow(dw_lanes_load(x), dw_lanes_load(y)));
    for (int i = 0; i < DW_LANES; i++)
        if (!ulp_same(z[i], dw_math_pow(x[i], y[i])))
            fail_msg("%a^%a: lane %d is %a instead of %a", x[i], y[i], i, z[i],
                     dw_math_pow(x[i], y[i]));
}

static void powers_agree(void **state) {
    (void)state;
    static const double special[] = {0, -0.0, 1,   -1,   2,        -2,        0.5, -0.5, 3,
                                     7, 0.1,  1e9, 1e20, INFINITY, -INFINITY, NAN, -3,   0x1p-1074};
    enum { SPECIAL = sizeof special / sizeof *special };
    double x[DW_LANES], y[DW_LANES];
    for (int i = 0; i < SPECIAL; i++)
        for (int j = 0; j < SPECIAL; j++) {
            for (int k = 0; k < DW_LANES; k++) {
                x[k] = k % 2 == 0 ? special[i] : 1.5 + k;
                y[k] = k % 2 == 0 ? special[j] : 0.25 * k;
            }
            check_pow(x, y);
        }
    dw_rng rng = dw_rng_seed(33);
    for (int n = 0; n < 20000; n++) {
        for (int i = 0; i < DW_LANES; i++) {
            x[i] = n % 2 == 0 ? from_bits(dw_rng_bits(&rng)) : 10 * dw_rng_uniform(&rng);
            y[i] = n % 4 < 2 ? dw_rng_uniform(&rng) * 40 - 20 : floor(dw_rng_uniform(&rng) * 9) - 4;
        }
        check_pow(x, y);
    }
}

enum { MANY = 4096 };

/* Bits of all kinds, corners and usual numbers, of both signs. */
static void fill(double *x, uint64_t seed) {
    dw_rng rng = dw_rng_seed(seed);
    for (int i = 0; i < MANY; i++) {
        double u = dw_rng_uniform(&rng);
        if (i / DW_LANES % 4 == 0)
            x[i] = from_bits(dw_rng_bits(&rng));
        else if (i / DW_LANES % 4 == 1)
            x[i] = corners[dw_rng_below(&rng, CORNERS)] * (u < 0.5 ? -1 : 1);
        else
            x[i] = (i / DW_LANES % 4 == 2 ? 4 : 60) * (u - 0.5);
    }
}

static void one_level_agrees(const double *x, const double *y) {
    static double out[MANY];
    for (dw_elem_unary op = 0; op < DW_ELEM_UNARIES; op++) {
        dw_elem_run1(op, out, x, MANY);
        for (int i = 0; i < MANY; i++)
            ulp_assert_same(out[i], dw_elem_number1(op, x[i]));
    }
    for (dw_elem_binary op = 0; op < DW_ELEM_BINARIES; op++)
        for (int number = 0; number < 2; number++) {
            dw_elem_run2(op, out, (dw_elem_source){x, false}, (dw_elem_source){y + 9, number},
                         MANY - 9);
            for (int i = 0; i < MANY - 9; i++)
                ulp_assert_same(out[i], dw_elem_number2(op, x[i], y[9 + (number ? 0 : i)]));
        }
}

/* Remainders of numbers beside whole multiples, whose quotients round to the wrong side. */
static void remainders_agree(const double *y) {
    static double x[MANY], out[MANY];
    for (int i = 0; i < MANY; i++)
        x[i] = nextafter(floor(ldexp(1, i % 58) * 1.3) * y[i], i % 2 ? INFINITY : -INFINITY);
    dw_elem_run2(DW_ELEM_MOD, out, (dw_elem_source){x, false}, (dw_elem_source){y, false}, MANY);
    for (int i = 0; i < MANY; i++)
        ulp_assert_same(out[i], dw_elem_number2(DW_ELEM_MOD, x[i], y[i]));
}

static void every_level_agrees(void **state) {
    (void)state;
    static double x[MANY], y[MANY];
    fill(x, 34);
    fill(y, 35);
    dw_simd best = dw_simd_level();
    for (dw_simd level = DW_SIMD_BASE; level <= best; level++) {
        assert_true(dw_simd_use(level));
        one_level_agrees(x, y);
        remainders_agree(y);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corners_agree),      cmocka_unit_test(usual_numbers_agree),
        cmocka_unit_test(random_bits_agree),  cmocka_unit_test(powers_agree),
        cmocka_unit_test(every_level_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
