/* SPDX-License-Identifier: BSD-3-Clause */
/* Every kernel of every type gives at every level what the operation on single numbers gives, bit
 * for bit: elem.h for doubles and packs, the same expressions in float for singles; sums and
 * extremes as reduce.h has them. */
#include "kernels.h"

#include "base/math.h"
#include "tensor/elem.h"
#include "tensor/reduce.h"

enum { ROWS = 3, VECTORS = 5, MOST = ROWS * VECTORS * 16 };

/* ---- singles, one by one: elementary functions by way of doubles ---- */

#define PICK(condition, a, b) ((condition) ? (a) : (b))
#define NUM(c) ((float)(c))
#define MATH(f, x) ((float)dw_math_##f((double)(x)))
#define MATH2(f, x, y) ((float)dw_math_##f((double)(x), (double)(y)))
#define ROOT(x) sqrtf(x)
#define SIZE(x) fabsf(x)
#define WHOLE(f, x) ((float)f((double)(x)))
#define MODULO(x, y) MATH2(mod, x, y)

static float narrow1(dw_elem_unary op, float x) {
    switch (op) {
#define DW_ELEM_UNARY(name, word, expression, derivative, lo, hi) \
    case DW_ELEM_##name:                                          \
        return expression;
#include "tensor/elem.def"
    default:
        return NAN;
    }
}

static float narrow2(dw_elem_binary op, float x, float y) {
    switch (op) {
#define DW_ELEM_BINARY(name, sign, verb, expression, derivative_x, derivative_y, lo, hi) \
    case DW_ELEM_##name:                                                                 \
        return expression;
#define DW_ELEM_COMPARE(name, sign, condition) \
    case DW_ELEM_##name:                       \
        return (float)(condition);
#include "tensor/elem.def"
    default:
        return NAN;
    }
}

static double expected1(dw_vector_type type, dw_elem_unary op, double x) {
    return type == DW_VECTOR_SINGLE ? (double)narrow1(op, (float)x) : dw_elem_number1(op, x);
}

static double expected2(dw_vector_type type, dw_elem_binary op, double x, double y) {
    return type == DW_VECTOR_SINGLE ? (double)narrow2(op, (float)x, (float)y)
                                    : dw_elem_number2(op, x, y);
}

/* ---- element by element ---- */

static void check_maps(void) {
    dw_rng rng = dw_rng_seed(1);
    for (dw_vector_type type = 0; type < DW_VECTOR_TYPES; type++)
        for (int op = 0; op < DW_ELEM_UNARIES; op++)
            for (size_t off = 0; off < 2; off++) {
                size_t n = VECTORS * scalars_in_vector(type);
                block x = random_block(type, &rng, n, off, odd_number);
                block y = block_of(type, n, 0);
                dw_vector_map *map = dw_vector_at(type)->map[op];
                map(y.at, x.at, VECTORS);
                for (size_t i = 0; i < n; i++)
                    assert_scalar(type, y.at, i,
                                  expected1(type, (dw_elem_unary)op, scalar_get(type, x.at, i)));
                map(x.at, x.at, VECTORS); /* in place */
                assert_memory_equal(x.at, y.at, VECTORS * DW_VECTOR_BYTES);
                free(x.all);
                free(y.all);
            }
}

static void maps_are_those_of_numbers(void **state) {
    (void)state;
    at_each_level(check_maps);
}

/* The ways in which an operand goes with the rows of a result. */
typedef enum { EACH_ROW, SAME_ROW, NUMBER_A_ROW, ONE_NUMBER, WAYS } way;

typedef struct {
    block block;
    dw_vector_source source;
} operand;

static operand operand_of(dw_vector_type type, dw_rng *rng, way how, size_t rows, size_t vectors) {
    size_t row = vectors * scalars_in_vector(type), number = scalars_in_number(type);
    size_t scalars = how == EACH_ROW       ? rows * row
                     : how == SAME_ROW     ? row
                     : how == NUMBER_A_ROW ? rows * number
                                           : number;
    operand o = {.block = random_block(type, rng, scalars, dw_rng_below(rng, 2), odd_number)};
    o.source = (dw_vector_source){.at = o.block.at, .one = how >= NUMBER_A_ROW};
    o.source.step = how == EACH_ROW       ? vectors * DW_VECTOR_BYTES
                    : how == NUMBER_A_ROW ? number * scalar_bytes(type)
                                          : 0;
    return o;
}

/* What an operand holds for scalar i of row r. */
static double operand_get(dw_vector_type type, const operand *o, size_t r, size_t i) {
    size_t place = o->source.one ? i % scalars_in_number(type) : i;
    return scalar_get(type, (const char *)o->source.at + r * o->source.step, place);
}

static void try_pair(dw_vector_type type, dw_rng *rng, int op, const way how[2]) {
    size_t rows = 1 + dw_rng_below(rng, ROWS), vectors = 1 + dw_rng_below(rng, VECTORS);
    size_t row = vectors * scalars_in_vector(type);
    operand x = operand_of(type, rng, how[0], rows, vectors);
    operand y = operand_of(type, rng, how[1], rows, vectors);
    block z = block_of(type, rows * row, 0);
    dw_vector_at(type)->pair[op](z.at, &x.source, &y.source, rows, vectors);
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < row; i++)
            assert_scalar(type, z.at, r * row + i,
                          expected2(type, (dw_elem_binary)op, operand_get(type, &x, r, i),
                                    operand_get(type, &y, r, i)));
    operand *full = how[0] == EACH_ROW ? &x : &y;
    if (how[0] == EACH_ROW || how[1] == EACH_ROW) { /* in place */
        dw_vector_at(type)->pair[op](full->block.at, &x.source, &y.source, rows, vectors);
        assert_memory_equal(full->block.at, z.at, rows * vectors * DW_VECTOR_BYTES);
    }
    free(x.block.all);
    free(y.block.all);
    free(z.all);
}

static void check_pairs(void) {
    dw_rng rng = dw_rng_seed(2);
    for (dw_vector_type type = 0; type < DW_VECTOR_TYPES; type++)
        for (int op = 0; op < DW_ELEM_BINARIES; op++)
            for (unsigned ways = 0; ways < 2 * WAYS * WAYS; ways++)
                if (ways % WAYS < NUMBER_A_ROW || ways / WAYS % WAYS < NUMBER_A_ROW)
                    try_pair(type, &rng, op, (const way[2]){ways % WAYS, ways / WAYS % WAYS});
}

static void pairs_are_those_of_numbers(void **state) {
    (void)state;
    at_each_level(check_pairs);
}

static void try_choice(dw_vector_type type, dw_rng *rng, const way how[3]) {
    size_t rows = 1 + dw_rng_below(rng, ROWS), vectors = 1 + dw_rng_below(rng, VECTORS);
    size_t row = vectors * scalars_in_vector(type);
    operand in[3];
    dw_vector_source source[3];
    for (int k = 0; k < 3; k++) {
        in[k] = operand_of(type, rng, how[k], rows, vectors);
        source[k] = in[k].source;
    }
    block z = block_of(type, rows * row, 0);
    dw_vector_at(type)->choose(z.at, source, rows, vectors);
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < row; i++) {
            double x = operand_get(type, &in[1], r, i), y = operand_get(type, &in[2], r, i);
            assert_scalar(type, z.at, r * row + i, operand_get(type, &in[0], r, i) != 0 ? x : y);
        }
    dw_vector_at(type)->spread(z.at, &source[0], rows, vectors);
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < row; i++)
            assert_scalar(type, z.at, r * row + i, operand_get(type, &in[0], r, i));
    for (int k = 0; k < 3; k++)
        free(in[k].block.all);
    free(z.all);
}

static void check_choices(void) {
    dw_rng rng = dw_rng_seed(3);
    for (dw_vector_type type = 0; type < DW_VECTOR_TYPES; type++)
        for (unsigned ways = 0; ways < 3 * WAYS * WAYS * WAYS; ways++)
            try_choice(type, &rng,
                       (const way[3]){ways % WAYS, ways / WAYS % WAYS, ways / WAYS / WAYS % WAYS});
}

static void choices_and_spreads_take_what_is_there(void **state) {
    (void)state;
    at_each_level(check_choices);
}

/* What activations let through of a gradient x where their value is z. */
static double let_through(dw_vector_type type, int kind, double z, double x) {
    float a = (float)z, b = (float)x;
    if (kind == 0)
        return z > 0 ? x : 0;
    if (kind == 1)
        return type == DW_VECTOR_SINGLE ? (double)(b * (a * (1 - a))) : x * (z * (1 - z));
    return type == DW_VECTOR_SINGLE ? (double)(b * (1 - a * a)) : x * (1 - z * z);
}

static void try_gate(dw_vector_type type, dw_rng *rng, int kind) {
    const dw_vector_kernels *k = dw_vector_at(type);
    dw_vector_gate *const gates[] = {k->gate, k->slope_sigmoid, k->slope_tanh};
    size_t n = VECTORS * scalars_in_vector(type);
    block z = random_block(type, rng, n, 1, odd_number);
    block x = random_block(type, rng, n, 0, odd_number), y = block_of(type, n, 0);
    gates[kind](y.at, z.at, x.at, VECTORS);
    for (size_t i = 0; i < n; i++)
        assert_scalar(
            type, y.at, i,
            let_through(type, kind, scalar_get(type, z.at, i), scalar_get(type, x.at, i)));
    block other = block_of(type, n, 0); /* in place of either */
    memcpy(other.at, z.at, VECTORS * DW_VECTOR_BYTES);
    gates[kind](z.at, z.at, x.at, VECTORS);
    gates[kind](x.at, other.at, x.at, VECTORS);
    assert_memory_equal(x.at, y.at, VECTORS * DW_VECTOR_BYTES);
    assert_memory_equal(z.at, y.at, VECTORS * DW_VECTOR_BYTES);
    free(x.all);
    free(y.all);
    free(z.all);
    free(other.all);
}

static void check_gates(void) {
    dw_rng rng = dw_rng_seed(4);
    for (dw_vector_type type = 0; type < DW_VECTOR_TYPES; type++)
        for (int kind = 0; kind < 3; kind++)
            try_gate(type, &rng, kind);
}

static void gates_let_through_what_they_should(void **state) {
    (void)state;
    at_each_level(check_gates);
}

/* ---- from many numbers to one ---- */

/* The tree of reduce.h in float. */
static float narrow_sum(const double *x, size_t n) {
    float s[8] = {0};
    if (n > 64) {
        size_t half = (n / 2 + 63) / 64 * 64;
        return narrow_sum(x, half) + narrow_sum(x + half, n - half);
    }
    for (size_t k = 0; k < n; k++)
        s[n < 8 ? 0 : k % 8] += (float)x[k];
    return n < 8 ? s[0] : ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

/* Squares of singles are doubles, added one after the other. */
static double narrow_norm(const double *x, size_t n) {
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += x[k] * x[k];
    return (double)(float)sqrt(sum);
}

static const size_t counts[] = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 63, 64, 65, 100, 129, 200, 513};
enum { COUNTS = sizeof counts / sizeof *counts, LONGEST = 513 };

static void try_folds(dw_vector_type type, dw_rng *rng, size_t count, double (*draw)(dw_rng *)) {
    const dw_vector_kernels *kernels = dw_vector_at(type);
    size_t vectors = 1 + dw_rng_below(rng, 3), row = vectors * scalars_in_vector(type);
    block x = random_block(type, rng, count * row, 0, draw), y[4];
    dw_vector_fold *fold[] = {kernels->sum, kernels->norm, kernels->largest, kernels->smallest};
    double column[LONGEST];
    for (int k = 0; k < 4; k++)
        y[k] = block_of(type, row, 0);
    for (int k = 0; k < (count > 0 ? 4 : 2); k++)
        fold[k](y[k].at, x.at, count, vectors);
    for (size_t i = 0; i < row; i++) {
        for (size_t k = 0; k < count; k++)
            column[k] = scalar_get(type, x.at, k * row + i);
        bool single = type == DW_VECTOR_SINGLE;
        assert_scalar(type, y[0].at, i,
                      single ? (double)narrow_sum(column, count)
                             : dw_reduce_sum(column, count, NULL));
        assert_scalar(type, y[1].at, i,
                      single ? narrow_norm(column, count) : dw_reduce_norm(column, count, NULL));
        if (count == 0)
            continue;
        assert_scalar(type, y[2].at, i, column[dw_reduce_argmax(column, count, NULL)]);
        assert_scalar(type, y[3].at, i, column[dw_reduce_argmin(column, count, NULL)]);
    }
    for (int k = 0; k < 4; k++)
        free(y[k].all);
    free(x.all);
}

static double huge_number(dw_rng *rng) {
    return ldexp(plain_number(rng), 1000);
}
static double tiny_number(dw_rng *rng) {
    return ldexp(plain_number(rng), -1060);
}
static double minus_zero(dw_rng *rng) {
    return dw_rng_below(rng, 3) ? -0.0 : 0.0;
}

static void check_folds(void) {
    dw_rng rng = dw_rng_seed(5);
    for (dw_vector_type type = 0; type < DW_VECTOR_TYPES; type++)
        for (size_t c = 0; c < COUNTS; c++) {
            try_folds(type, &rng, counts[c], plain_number);
            try_folds(type, &rng, counts[c], odd_number);
            try_folds(type, &rng, counts[c], huge_number);
            try_folds(type, &rng, counts[c], tiny_number);
            try_folds(type, &rng, counts[c], minus_zero);
        }
}

static void folds_are_those_of_reduce(void **state) {
    (void)state;
    at_each_level(check_folds);
}

/* Rows that lie apart, of so many numbers, the last of them ending where its memory does. */
static void try_total(dw_vector_type type, dw_rng *rng, size_t count, double (*draw)(dw_rng *)) {
    static const size_t heights[] = {1, 2, 3, 7, 8, 9, 19};
    size_t rows = heights[dw_rng_below(rng, sizeof heights / sizeof *heights)];
    size_t number = scalars_in_number(type), step = count * number;
    if (dw_rng_below(rng, 2))
        step = (step + 15) / 16 * 16;
    size_t length = (rows - 1) * step + count * number;
    block x = random_block(type, rng, length, dw_rng_below(rng, 2), draw);
    block y = block_of(type, rows * number, dw_rng_below(rng, 2));
    double row[LONGEST];
    dw_vector_at(type)->total(y.at, x.at, rows, step * scalar_bytes(type), count);
    for (size_t r = 0; r < rows; r++)
        for (size_t lane = 0; lane < number; lane++) {
            for (size_t k = 0; k < count; k++)
                row[k] = scalar_get(type, x.at, r * step + k * number + lane);
            double sum = dw_reduce_sum(row, count, NULL);
            assert_scalar(type, y.at, r * number + lane,
                          type == DW_VECTOR_SINGLE ? (double)(float)sum : sum);
        }
    free(x.all);
    free(y.all);
}

static void check_totals(void) {
    dw_rng rng = dw_rng_seed(6);
    for (dw_vector_type type = 0; type < DW_VECTOR_TYPES; type++)
        for (size_t c = 0; c < COUNTS; c++)
            for (int tries = 0; tries < 8; tries++) {
                try_total(type, &rng, counts[c], plain_number);
                try_total(type, &rng, counts[c], odd_number);
                try_total(type, &rng, counts[c], minus_zero);
            }
}

static void totals_are_those_of_reduce(void **state) {
    (void)state;
    at_each_level(check_totals);
}

static void every_level_has_all_kernels(void **state) {
    (void)state;
    for (dw_vector_type type = 0; type < DW_VECTOR_TYPES; type++) {
        const dw_vector_kernels *k = dw_vector_at(type);
        assert_int_equal(k->number, dw_vector_type_bytes(type));
        for (int op = 0; op < DW_ELEM_UNARIES; op++)
            assert_true(k->map[op] != NULL);
        for (int op = 0; op < DW_ELEM_BINARIES; op++)
            assert_true(k->pair[op] != NULL);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_has_all_kernels),
        cmocka_unit_test(maps_are_those_of_numbers),
        cmocka_unit_test(pairs_are_those_of_numbers),
        cmocka_unit_test(choices_and_spreads_take_what_is_there),
        cmocka_unit_test(gates_let_through_what_they_should),
        cmocka_unit_test(folds_are_those_of_reduce),
        cmocka_unit_test(totals_are_those_of_reduce),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
