/* SPDX-License-Identifier: BSD-3-Clause */
/* Products of every type have at every level the bits of the chain that product.h describes,
 * however their operands lie, whether they are packed or not and into how many parts they are cut;
 * memory that is not theirs is not touched. */
#include "tensor/product.h"

#include "kernels.h"

enum { GUARD = 16 }; /* scalars around c that nobody may write */

/* A product to try: what product.h wants to know, in numbers. */
typedef struct {
    size_t rows, inner, columns;
    bool a_turned, b_turned, whole, bias, relu;
    size_t gap; /* numbers between rows of operands and of c that belong to none of them */
} shape;

typedef struct {
    dw_vector_type type;
    shape s;
    dw_product_call call;
    block a, b, c, bias;
    size_t c_length; /* scalars */
} trial;

static double operand_number(dw_rng *rng) {
    return dw_rng_below(rng, 50) ? 4 * dw_rng_uniform(rng) - 2 : odd_number(rng);
}

/* Numbers from one line of so many to the next. */
static size_t length_of(const shape *s, size_t numbers) {
    return numbers + s->gap;
}

/* Numbers of `lines` lines, the last without the gap behind it. */
static size_t extent(const shape *s, size_t lines, size_t numbers) {
    return lines == 0 ? 0 : (lines - 1) * length_of(s, numbers) + numbers;
}

static trial trial_of(dw_vector_type type, dw_rng *rng, const shape *s) {
    size_t n = scalars_in_number(type), wide = scalars_in_vector(type);
    size_t columns = s->whole ? (s->columns * n + wide - 1) / wide * wide / n : s->columns;
    trial t = {.type = type, .s = *s};
    t.a = random_block(
        type, rng, n * (s->a_turned ? extent(s, s->inner, s->rows) : extent(s, s->rows, s->inner)),
        dw_rng_below(rng, 2), operand_number);
    t.b = random_block(
        type, rng,
        n * (s->b_turned ? extent(s, s->columns, s->inner) : extent(s, s->inner, columns)),
        dw_rng_below(rng, 2), operand_number);
    t.bias = random_block(type, rng, n * s->rows, 0, operand_number);
    t.c_length = n * extent(s, s->rows, columns) + 2 * GUARD;
    t.c = block_of(type, t.c_length, 0);
    t.call = (dw_product_call){.rows = s->rows,
                               .inner = s->inner,
                               .columns = s->columns,
                               .a = t.a.at,
                               .a_row = s->a_turned ? 1 : length_of(s, s->inner),
                               .a_inner = s->a_turned ? length_of(s, s->rows) : 1,
                               .b = t.b.at,
                               .b_inner = s->b_turned ? 1 : length_of(s, columns),
                               .b_column = s->b_turned ? length_of(s, s->inner) : 1,
                               .c = t.c.at + GUARD * scalar_bytes(type),
                               .c_row = length_of(s, columns),
                               .whole = s->whole,
                               .bias = s->bias ? t.bias.at : NULL,
                               .relu = s->relu};
    return t;
}

static void free_trial(trial *t) {
    free(t->a.all);
    free(t->b.all);
    free(t->c.all);
    free(t->bias.all);
}

static double fused(dw_vector_type type, double a, double b, double c) {
    return type == DW_VECTOR_SINGLE ? (double)fmaf((float)a, (float)b, (float)c) : fma(a, b, c);
}

static double plus(dw_vector_type type, double a, double b) {
    return type == DW_VECTOR_SINGLE ? (double)((float)a + (float)b) : a + b;
}

/* What an element is to be, in one lane of a pack. */
static double chain(const trial *t, size_t i, size_t j, size_t lane) {
    const dw_product_call *p = &t->call;
    size_t n = scalars_in_number(t->type);
    double total = 0;
    for (size_t from = 0; from < p->inner; from += DW_PRODUCT_BLOCK) {
        double sum = 0;
        for (size_t k = from; k < p->inner && k < from + DW_PRODUCT_BLOCK; k++)
            sum = fused(
                t->type, scalar_get(t->type, p->a, (i * p->a_row + k * p->a_inner) * n + lane),
                scalar_get(t->type, p->b, (k * p->b_inner + j * p->b_column) * n + lane), sum);
        total = from == 0 ? sum : plus(t->type, total, sum);
    }
    if (p->bias)
        total = plus(t->type, total, scalar_get(t->type, p->bias, i * n + lane));
    return p->relu && total <= 0 ? 0 : total;
}

static const double untouched = 1234.5;

static void wipe(trial *t) {
    for (size_t i = 0; i < t->c_length; i++)
        scalar_set(t->type, t->c.at, i, untouched);
}

/* Runs it in so many parts, each with working memory that ends where it said. */
static void run_parts(const trial *t, unsigned parts) {
    for (unsigned part = 0; part < parts; part++) {
        dw_product_call call = dw_product_part(t->type, &t->call, part, parts);
        size_t most = dw_product_room(t->type, &t->call);
        assert_true(dw_product_room(t->type, &call) <= most);
        block room = block_of(DW_VECTOR_DOUBLE, most / sizeof(double), 0);
        assert_true(dw_product_run(t->type, &call, room.at, NULL));
        free(room.all);
    }
}

/* The scalar of a row and column of c, or beyond them. */
static size_t place_in_c(const trial *t, size_t i, size_t j, size_t lane) {
    return GUARD + (i * t->call.c_row + j) * scalars_in_number(t->type) + lane;
}

static void check_result(const trial *t) {
    size_t n = scalars_in_number(t->type);
    for (size_t i = 0; i < t->s.rows; i++)
        for (size_t j = 0; j < t->s.columns; j++)
            for (size_t lane = 0; lane < n; lane++)
                assert_scalar(t->type, t->c.at, place_in_c(t, i, j, lane), chain(t, i, j, lane));
}

static void check_surroundings(const trial *t) {
    size_t n = scalars_in_number(t->type);
    for (size_t i = 0; i < GUARD; i++)
        assert_scalar(t->type, t->c.at, i, untouched);
    if (t->s.whole)
        return;
    for (size_t i = 0; i + 1 < t->s.rows; i++)
        for (size_t j = n * t->s.columns; j < n * t->call.c_row; j++)
            assert_scalar(t->type, t->c.at, place_in_c(t, i, 0, j), untouched);
    for (size_t i = t->c_length - GUARD; i < t->c_length; i++)
        assert_scalar(t->type, t->c.at, i, untouched);
}

/* A small product may be cut into tiles once and then run often. */
static void try_tiles(trial *t) {
    enum { MOST_TILES = 400 };
    static dw_product_tile tiles[MOST_TILES];
    size_t bytes = dw_product_room(t->type, &t->call);
    block room = block_of(DW_VECTOR_DOUBLE, bytes / sizeof(double), 0);
    size_t count = dw_product_prepare(t->type, &t->call, room.at, tiles, MOST_TILES);
    assert_true(count <= MOST_TILES);
    for (int round = 0; count > 0 && round < 2; round++) {
        wipe(t);
        if (dw_product_packs(t->type, &t->call))
            dw_product_pack(t->type, &t->call, room.at);
        for (size_t i = 0; i < count; i++)
            tiles[i].run(&tiles[i]);
        check_result(t);
        check_surroundings(t);
    }
    free(room.all);
}

static void try_shape(dw_vector_type type, dw_rng *rng, const shape *s) {
    trial t = trial_of(type, rng, s);
    size_t bytes = t.c_length * scalar_bytes(type);
    char *first = malloc(bytes);
    assert_non_null(first);
    for (unsigned parts = 1; parts <= 5; parts++) {
        wipe(&t);
        run_parts(&t, parts);
        if (parts == 1)
            check_surroundings(&t);
        if (parts == 1 || s->whole) /* what lies behind the columns may be anything */
            check_result(&t);
        else
            assert_memory_equal(t.c.at, first, bytes);
        memcpy(first, t.c.at, bytes);
    }
    free(first);
    try_tiles(&t);
    free_trial(&t);
}

/* One number of rows or columns, mostly small, on both sides of vectors and tiles. */
static size_t some_length(dw_rng *rng) {
    return dw_rng_below(rng, 4) ? dw_rng_below(rng, 20) : dw_rng_below(rng, 70);
}

static size_t some_inner(dw_rng *rng) {
    static const size_t inner[] = {0, 1, 2, 7, 8, 9, 31, 255, 256, 257, 600};
    return dw_rng_below(rng, 3) ? dw_rng_below(rng, 30)
                                : inner[dw_rng_below(rng, sizeof inner / sizeof *inner)];
}

static shape some_shape(dw_rng *rng) {
    uint64_t bits = dw_rng_bits(rng);
    shape s = {.rows = some_length(rng), .inner = some_inner(rng), .columns = some_length(rng)};
    s.a_turned = bits & 1;
    s.b_turned = bits & 2;
    s.whole = (bits & 12) == 4 && !s.b_turned;
    s.bias = (bits & 48) == 16;
    s.relu = bits & 64;
    s.gap = bits & 128 ? 3 : 0;
    return s;
}

static void check_shapes(void) {
    dw_rng rng = dw_rng_seed(1);
    for (dw_vector_type type = 0; type < DW_VECTOR_TYPES; type++)
        for (int tries = 0; tries < (type == DW_VECTOR_PACK ? 60 : 300); tries++) {
            shape s = some_shape(&rng);
            try_shape(type, &rng, &s);
        }
}

static void products_are_chains(void **state) {
    (void)state;
    at_each_level(check_shapes);
}

/* Large enough that a, b or both are packed, in several pieces. */
static void check_large(void) {
    static const shape large[] = {
        {100, 70, 70, false, false, false, true, true, 0},
        {100, 257, 33, false, false, true, false, false, 0},
        {50, 300, 130, true, true, false, false, true, 1},
        {9, 520, 300, false, false, false, false, false, 0},
        {2, 3, 1100, false, true, false, false, false, 0},
    };
    dw_rng rng = dw_rng_seed(2);
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        try_shape(DW_VECTOR_DOUBLE, &rng, &large[i]);
        try_shape(DW_VECTOR_SINGLE, &rng, &large[i]);
    }
    try_shape(DW_VECTOR_PACK, &rng, &(shape){30, 300, 20, false, true, false, true, true, 1});
    try_shape(DW_VECTOR_PACK, &rng, &(shape){60, 70, 40, true, false, true, false, false, 0});
}

static void large_products_are_chains(void **state) {
    (void)state;
    at_each_level(check_large);
}

/* ---- a product for every vector by itself ---- */

/* Distances of a value whose rows, columns or both were turned, in bytes. */
static void try_each(dw_vector_type type, dw_rng *rng) {
    dw_product_each p = {.rows = dw_rng_below(rng, 10),
                         .inner = some_inner(rng),
                         .columns = dw_rng_below(rng, 5),
                         .vectors = 1 + dw_rng_below(rng, 3)};
    size_t unit = p.vectors * DW_VECTOR_BYTES, wide = p.vectors * scalars_in_vector(type);
    bool a_turned = dw_rng_below(rng, 2), b_turned = dw_rng_below(rng, 2);
    block a = random_block(type, rng, p.rows * p.inner * wide, 0, operand_number);
    block b = random_block(type, rng, p.inner * p.columns * wide, 0, operand_number);
    block c = block_of(type, p.rows * p.columns * wide, 0);
    p.a = a.at, p.b = b.at, p.c = c.at;
    p.a_row = a_turned ? unit : p.inner * unit;
    p.a_inner = a_turned ? p.rows * unit : unit;
    p.b_inner = b_turned ? unit : p.columns * unit;
    p.b_column = b_turned ? p.inner * unit : unit;
    p.c_row = p.columns * unit;
    p.c_column = unit;
    dw_product_run_each(type, &p);
    for (size_t i = 0; i < p.rows * p.columns * wide; i++) {
        size_t row = i / wide / p.columns, column = i / wide % p.columns, lane = i % wide;
        double total = 0;
        for (size_t from = 0; from < p.inner; from += DW_PRODUCT_BLOCK) {
            double sum = 0;
            for (size_t k = from; k < p.inner && k < from + DW_PRODUCT_BLOCK; k++)
                sum =
                    fused(type, scalar_get(type, a.at + row * p.a_row + k * p.a_inner, lane),
                          scalar_get(type, b.at + column * p.b_column + k * p.b_inner, lane), sum);
            total = from == 0 ? sum : plus(type, total, sum);
        }
        assert_scalar(type, c.at, i, total);
    }
    free(a.all);
    free(b.all);
    free(c.all);
}

static void check_each(void) {
    dw_rng rng = dw_rng_seed(3);
    for (dw_vector_type type = 0; type < DW_VECTOR_TYPES; type++)
        for (int tries = 0; tries < 100; tries++)
            try_each(type, &rng);
}

static void samples_have_products_of_their_own(void **state) {
    (void)state;
    at_each_level(check_each);
}

static void a_request_to_stop_is_heard(void **state) {
    (void)state;
    dw_rng rng = dw_rng_seed(4);
    dw_cancel cancel = {.running = 5, .cancelled = 4};
    for (dw_vector_type type = 0; type < DW_VECTOR_TYPES; type++) {
        trial t = trial_of(type, &rng, &(shape){.rows = 20, .inner = 300, .columns = 20});
        block room = block_of(DW_VECTOR_DOUBLE, dw_product_room(type, &t.call) / sizeof(double), 0);
        assert_true(dw_product_run(type, &t.call, room.at, &cancel));
        check_result(&t);
        dw_cancel_request(&cancel);
        assert_false(dw_product_run(type, &t.call, room.at, &cancel));
        cancel.running++;
        free(room.all);
        free_trial(&t);
    }
}

/* Parts are all of it, once, and end where tiles and vectors do. */
static void parts_are_all_there(void **state) {
    (void)state;
    for (size_t rows = 0; rows < 200; rows += 7)
        for (unsigned parts = 1; parts <= 5; parts++) {
            dw_product_call call = {.rows = rows, .columns = 100 - rows / 2};
            size_t seen = 0;
            for (unsigned p = 0; p < parts; p++) {
                dw_product_call part = dw_product_part(DW_VECTOR_DOUBLE, &call, p, parts);
                seen += part.rows * part.columns;
            }
            assert_int_equal(seen, call.rows * call.columns);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_chains),
        cmocka_unit_test(large_products_are_chains),
        cmocka_unit_test(samples_have_products_of_their_own),
        cmocka_unit_test(a_request_to_stop_is_heard),
        cmocka_unit_test(parts_are_all_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
