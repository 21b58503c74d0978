/* SPDX-License-Identifier: BSD-3-Clause */
/* Which step a node becomes, and how its operands go with the rows of the result. That steps give
 * the right numbers is for test_steps.c and test_plan.c. */
#include "graph/compile.h"

#include "graphs.h"

static dw_mem mem;
static char memory[1 << 16];

enum { BATCH = 10, LEAD = 16, BYTES = 8 }; /* ten samples of doubles fill two vectors */

static dw_graph *new_graph(void) {
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    assert_non_null(g);
    return g;
}

static dw_graph_id samples(dw_graph *g, uint32_t n, size_t rows, size_t columns) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_input(g, n, (dw_op_shape){rows, columns, BATCH}, &id, &err));
    return id;
}

/* A step, what it owns, and where the values were that it was made for. */
typedef struct {
    dw_steps_step step;
    dw_steps_detail detail;
    char *out, *in[DW_OP_INPUTS];
    dw_fate fate;
} made;

static dw_steps_value value_of(const dw_graph *g, dw_graph_id id, dw_vector_type type) {
    const dw_graph_node *node = dw_graph_at(g, id);
    dw_steps_value v = {memory + 1024 * id, {node->rows, node->columns, node->batch}, 1};
    if (node->batch > 1)
        v.lead = type == DW_VECTOR_PACK ? BATCH : LEAD;
    return v;
}

/* Compiles a node as the only output of its graph. */
static made compile(const dw_graph *g, dw_graph_id id, dw_vector_type type) {
    enum { MOST = 60 };
    dw_err err = {0};
    dw_fate fates[MOST];
    made m = {.step = {0}};
    dw_steps_around around = {.type = type, .kernels = dw_vector_at(type)};
    assert_true(dw_graph_count(g) <= MOST);
    dw_fates_find(g, fates, dw_graph_count(g), &id, 1);
    m.fate = fates[id];
    dw_compile_node node = {
        .graph = g, .id = id, .fate = &m.fate, .around = &around, .out = value_of(g, id, type)};
    m.out = node.out.at;
    for (unsigned k = 0; k < m.fate.reads; k++) {
        node.in[k] = value_of(g, m.fate.in[k], type);
        m.in[k] = node.in[k].at;
    }
    m.step.detail = dw_compile_needs_detail(g, id, &m.fate) ? &m.detail : NULL;
    assert_true(dw_compile_step(&mem, &node, &m.step, &err));
    assert_ptr_equal(m.step.out, m.out);
    m.step.detail = NULL; /* it lies elsewhere now */
    return m;
}

static void forget(made *m) {
    dw_mem_free((void *)(uintptr_t)m->detail.call.places);
}

static void assert_source(const dw_vector_source *s, const char *at, size_t step, bool one) {
    assert_ptr_equal(s->at, at);
    assert_int_equal(s->step, step);
    assert_int_equal(s->one, one);
}

/* ---- element by element ---- */

static void numbers_have_steps_of_their_own(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 1, 1), y = input(g, 1, 1, 1);
    const struct {
        dw_graph_id id;
        dw_steps_kind kind;
    } rows[] = {
        {pair(g, DW_ELEM_ADD, x, y), DW_STEPS_NUMBER_ADD},
        {pair(g, DW_ELEM_SUBTRACT, x, y), DW_STEPS_NUMBER_SUBTRACT},
        {pair(g, DW_ELEM_MULTIPLY, x, y), DW_STEPS_NUMBER_MULTIPLY},
        {pair(g, DW_ELEM_DIVIDE, x, y), DW_STEPS_NUMBER_DIVIDE},
        {pair(g, DW_ELEM_POWER, x, y), DW_STEPS_NUMBER_2},
        {map(g, DW_ELEM_NEGATE, x), DW_STEPS_NUMBER_NEGATE},
        {map(g, DW_ELEM_EXP, x), DW_STEPS_NUMBER_1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        made m = compile(g, rows[i].id, DW_VECTOR_DOUBLE);
        assert_int_equal(m.step.kind, rows[i].kind);
        assert_ptr_equal(m.step.in[0].at, m.in[0]);
        m = compile(g, rows[i].id, DW_VECTOR_PACK); /* a pack is a whole vector */
        assert_true(m.step.kind == DW_STEPS_PAIR || m.step.kind == DW_STEPS_MAP);
        assert_true(m.step.rows == 1 && m.step.vectors == 1 && !m.step.in[0].one);
    }
    dw_graph_free(&g);
}

static void operands_go_with_rows(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    size_t unit = LEAD * BYTES;
    dw_graph_id x = samples(g, 0, 3, 1), y = samples(g, 1, 3, 1), column = input(g, 2, 3, 1);
    dw_graph_id one = input(g, 3, 1, 1), each = samples(g, 4, 1, 1), other = input(g, 5, 3, 1);
    made m = compile(g, pair(g, DW_ELEM_SUBTRACT, x, y), DW_VECTOR_DOUBLE); /* one long row */
    assert_true(m.step.kind == DW_STEPS_PAIR && m.step.rows == 1 && m.step.vectors == 6);
    m = compile(g, pair(g, DW_ELEM_SUBTRACT, x, one), DW_VECTOR_DOUBLE);
    assert_true(m.step.rows == 1 && m.step.vectors == 6);
    assert_source(&m.step.in[1], m.in[1], 0, true);
    m = compile(g, pair(g, DW_ELEM_SUBTRACT, column, x),
                DW_VECTOR_DOUBLE); /* a number for each row */
    assert_true(m.step.rows == 3 && m.step.vectors == 2);
    assert_source(&m.step.in[0], m.in[0], BYTES, true);
    assert_source(&m.step.in[1], m.in[1], unit, false);
    m = compile(g, pair(g, DW_ELEM_SUBTRACT, x, each),
                DW_VECTOR_DOUBLE); /* the same row for each */
    assert_true(m.step.rows == 3 && m.step.vectors == 2);
    assert_source(&m.step.in[1], m.in[1], 0, false);
    m = compile(g, pair(g, DW_ELEM_SUBTRACT, column, each), DW_VECTOR_DOUBLE);
    assert_true(m.step.rows == 3 && m.step.vectors == 2);
    m = compile(g, pair(g, DW_ELEM_SUBTRACT, column, other),
                DW_VECTOR_DOUBLE); /* the last is short */
    assert_true(m.step.rows == 1 && m.step.vectors == 1 && !m.step.in[0].one);
    m = compile(g, pair(g, DW_ELEM_SUBTRACT, column, one), DW_VECTOR_PACK);
    assert_true(m.step.rows == 1 && m.step.vectors == 3);
    assert_source(&m.step.in[1], m.in[1], 0, true);
    m = compile(g, pair(g, DW_ELEM_SUBTRACT, column, x), DW_VECTOR_PACK);
    assert_true(m.step.rows == 3 && m.step.vectors == BATCH);
    assert_source(&m.step.in[0], m.in[0], DW_VECTOR_BYTES, true);
    dw_graph_free(&g);
}

static void choices_and_spreads_have_rows(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id c = samples(g, 0, 1, 1), x = input(g, 1, 3, 1), y = input(g, 2, 1, 1), z;
    assert_true(dw_graph_choose(g, c, x, y, &z, &err));
    made m = compile(g, z, DW_VECTOR_DOUBLE);
    assert_true(m.step.kind == DW_STEPS_CHOOSE && m.step.rows == 3 && m.step.vectors == 2);
    assert_source(&m.step.in[0], m.in[0], 0, false);
    assert_source(&m.step.in[1], m.in[1], BYTES, true);
    assert_source(&m.step.in[2], m.in[2], 0, true);
    assert_true(dw_graph_spread(g, c, 2, 2, &z, &err));
    m = compile(g, z, DW_VECTOR_DOUBLE);
    assert_true(m.step.kind == DW_STEPS_SPREAD && m.step.rows == 4 && m.step.vectors == 2);
    assert_true(dw_graph_batch_spread(g, x, BATCH, &z, &err));
    m = compile(g, z, DW_VECTOR_DOUBLE);
    assert_true(m.step.kind == DW_STEPS_SPREAD && m.step.rows == 3 && m.step.in[0].one);
    dw_graph_free(&g);
}

/* Of two operations the single number among the first two stands first, where kernels want it. */
static void two_operations_have_three_sources(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id x = samples(g, 0, 3, 1), y = samples(g, 1, 3, 1), one = input(g, 2, 1, 1);
    made m = compile(g, pair(g, DW_ELEM_SUBTRACT, times(g, x, one), y), DW_VECTOR_DOUBLE);
    assert_true(m.step.kind == DW_STEPS_TWO && m.step.rows == 1 && m.step.vectors == 6);
    assert_true(m.step.in[0].one && !m.step.in[1].one && m.step.in[2].at == m.in[2]);
    assert_ptr_equal(m.step.kernel.two,
                     dw_vector_at(DW_VECTOR_DOUBLE)->two[DW_VECTOR_MULTIPLE][DW_VECTOR_DIFFERENCE]);
    m = compile(g, times(g, pair(g, DW_ELEM_SUBTRACT, x, one), y), DW_VECTOR_DOUBLE);
    assert_true(!m.step.in[0].one && m.step.in[1].one && m.step.in[0].at == m.in[0]);
    m = compile(g, sum(g, times(g, x, x)), DW_VECTOR_DOUBLE);
    assert_true(m.step.kind == DW_STEPS_FOLD && m.step.rows == 3 && m.step.vectors == 2);
    assert_ptr_equal(m.step.kernel.fold, dw_vector_at(DW_VECTOR_DOUBLE)->squares);
    dw_graph_free(&g);
}

static void nothing_has_no_vectors(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    made m = compile(g, map(g, DW_ELEM_EXP, input(g, 0, 0, 3)), DW_VECTOR_DOUBLE);
    assert_true(m.step.kind == DW_STEPS_MAP && m.step.vectors == 0);
    m = compile(g, map(g, DW_ELEM_EXP, samples(g, 1, 0, 1)), DW_VECTOR_SINGLE);
    assert_true(m.step.rows * m.step.vectors == 0);
    m = compile(g, sum(g, input(g, 0, 0, 3)), DW_VECTOR_DOUBLE);
    assert_true(m.step.kind == DW_STEPS_TOTAL && m.step.vectors == 0);
    dw_graph_free(&g);
}

/* ---- sums ---- */

static void sums_go_along_rows_or_across(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = samples(g, 0, 3, 2), y = input(g, 1, 3, 2), z;
    made m = compile(g, sum(g, y), DW_VECTOR_DOUBLE);
    assert_true(m.step.kind == DW_STEPS_TOTAL && m.step.rows == 1 && m.step.vectors == 6);
    m = compile(g, sum(g, x), DW_VECTOR_DOUBLE);
    assert_true(m.step.kind == DW_STEPS_FOLD && m.step.rows == 6 && m.step.vectors == 2);
    assert_ptr_equal(m.step.kernel.fold, dw_vector_at(DW_VECTOR_DOUBLE)->sum);
    m = compile(g, sum(g, y), DW_VECTOR_PACK);
    assert_true(m.step.kind == DW_STEPS_FOLD && m.step.rows == 6 && m.step.vectors == 1);
    assert_true(dw_graph_batch_sum(g, x, &z, &err));
    m = compile(g, z, DW_VECTOR_DOUBLE);
    assert_true(m.step.kind == DW_STEPS_TOTAL && m.step.rows == 6 && m.step.vectors == BATCH);
    assert_int_equal(m.step.in[0].step, LEAD * BYTES);
    assert_true(dw_graph_largest(g, x, &z, &err));
    m = compile(g, z, DW_VECTOR_DOUBLE);
    assert_ptr_equal(m.step.kernel.fold, dw_vector_at(DW_VECTOR_DOUBLE)->largest);
    assert_true(dw_graph_norm(g, y, &z, &err)); /* numbers side by side have no kernel */
    m = compile(g, z, DW_VECTOR_DOUBLE);
    assert_true(m.step.kind == DW_STEPS_REFERENCE && m.detail.call.op == DW_OP_NORM);
    dw_graph_free(&g);
}

/* ---- products ---- */

static dw_graph_id product(dw_graph *g, dw_graph_id x, dw_graph_id y) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_product(g, x, y, &id, &err));
    return id;
}

static dw_graph_id transpose(dw_graph *g, dw_graph_id x) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_transpose(g, x, &id, &err));
    return id;
}

static void samples_are_more_columns(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id w = input(g, 0, 3, 2), x = samples(g, 1, 2, 4), v = samples(g, 2, 4, 3);
    made m = compile(g, product(g, w, x), DW_VECTOR_DOUBLE);
    const dw_product_call *p = &m.detail.product;
    assert_true(m.step.kind == DW_STEPS_PRODUCT && m.detail.repeat == 1 && p->whole);
    assert_true(p->rows == 3 && p->inner == 2 && p->columns == 4 * LEAD);
    assert_true(p->a_row == 2 && p->a_inner == 1 && p->b_inner == 4 * LEAD && p->b_column == 1);
    assert_true(p->a == m.in[0] && p->b == m.in[1] && p->c == m.out && p->c_row == 4 * LEAD);
    m = compile(g, product(g, transpose(g, input(g, 3, 2, 3)), input(g, 4, 2, 5)),
                DW_VECTOR_DOUBLE);
    assert_true(p->rows == 3 && p->inner == 2 && p->columns == 5 && !p->whole);
    assert_true(p->a_row == 1 && p->a_inner == 3 && p->b_inner == 5 && p->b_column == 1);
    m = compile(g, product(g, v, w), DW_VECTOR_DOUBLE); /* row by row, w from the left */
    assert_true(m.detail.repeat == 4 && p->rows == 2 && p->inner == 3 && p->columns == LEAD);
    assert_true(p->a == m.in[1] && p->a_row == 1 && p->a_inner == 2 && p->b == m.in[0]);
    assert_true(m.detail.b_move == 3 * LEAD * BYTES && m.detail.c_move == 2 * LEAD * BYTES);
    dw_graph_free(&g);
}

static void samples_have_products_of_their_own(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id x = samples(g, 0, 2, 4), v = samples(g, 1, 4, 3);
    made m = compile(g, product(g, x, v), DW_VECTOR_DOUBLE);
    const dw_product_each *e = &m.detail.each;
    size_t unit = LEAD * BYTES;
    assert_true(m.step.kind == DW_STEPS_EACH && e->vectors == 2);
    assert_true(e->rows == 2 && e->inner == 4 && e->columns == 3);
    assert_true(e->a_row == 4 * unit && e->a_inner == unit && e->b_inner == 3 * unit);
    assert_true(e->b_column == unit && e->c_row == 3 * unit && e->c_column == unit);
    dw_graph_free(&g);
}

static void contractions_go_over_pairs(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id d = samples(g, 0, 3, 2), x = samples(g, 1, 5, 2), z;
    assert_true(dw_graph_batch_sum(g, product(g, d, transpose(g, x)), &z, &err));
    made m = compile(g, z, DW_VECTOR_DOUBLE);
    const dw_product_call *p = &m.detail.product;
    assert_true(m.step.kind == DW_STEPS_CONTRACTION && !m.step.in[0].one && !m.step.in[1].one);
    assert_true(p->rows == 3 && p->inner == 2 * BATCH && p->columns == 5 && p->c_row == 5);
    assert_true(p->a_row == 2 * LEAD && p->a_inner == 1);
    assert_true(p->b_inner == 1 && p->b_column == 2 * LEAD);
    assert_true(dw_graph_batch_sum(g, product(g, transpose(g, d), samples(g, 2, 3, 4)), &z, &err));
    m = compile(g, z, DW_VECTOR_DOUBLE);
    assert_true(m.step.in[0].one && m.step.in[1].one);
    assert_true(p->rows == 2 && p->inner == 3 * BATCH && p->columns == 4);
    dw_graph_free(&g);
}

/* ---- places ---- */

static void places_are_copied(void **state) {
    (void)state;
    static const size_t places[] = {5, 0, 3};
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = samples(g, 0, 3, 2), y;
    assert_true(dw_graph_gather(g, x, places, 3, 1, &y, &err));
    made m = compile(g, y, DW_VECTOR_SINGLE);
    assert_true(m.step.kind == DW_STEPS_GATHER && m.step.rows == 3);
    assert_int_equal(m.step.vectors, LEAD * sizeof(float)); /* bytes of an element */
    assert_ptr_not_equal(m.detail.call.places, dw_graph_at(g, y)->places);
    assert_memory_equal(m.detail.call.places, places, sizeof places);
    forget(&m);
    assert_true(dw_graph_place(g, input(g, 1, 3, 1), places, 7, 1, &y, &err));
    m = compile(g, y, DW_VECTOR_DOUBLE);
    assert_true(m.step.kind == DW_STEPS_PLACE && m.step.rows == 3 && m.step.vectors == BYTES);
    forget(&m);
    m = compile(g, transpose(g, x), DW_VECTOR_DOUBLE);
    assert_true(m.step.kind == DW_STEPS_TURN && m.step.vectors == LEAD * BYTES);
    assert_null(m.detail.call.places);
    dw_graph_free(&g);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    static const size_t places[] = {5, 0, 3};
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 3, 2), y;
    assert_true(dw_graph_gather(g, x, places, 3, 1, &y, &err));
    dw_fate fates[2];
    dw_steps_around around = {.kernels = dw_vector_at(DW_VECTOR_DOUBLE)};
    dw_steps_detail detail = {.repeat = 0};
    dw_steps_step step = {.detail = &detail};
    dw_fates_find(g, fates, 2, &y, 1);
    dw_compile_node node = {g, y, &fates[y], &around, value_of(g, y, DW_VECTOR_DOUBLE), {{0}}};
    node.in[0] = value_of(g, x, DW_VECTOR_DOUBLE);
    mem.fail_at = 1;
    assert_false(dw_compile_step(&mem, &node, &step, &err));
    mem.fail_at = 0;
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    assert_null(detail.call.places);
    dw_graph_free(&g);
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(numbers_have_steps_of_their_own, nothing_is_left),
        cmocka_unit_test_teardown(operands_go_with_rows, nothing_is_left),
        cmocka_unit_test_teardown(choices_and_spreads_have_rows, nothing_is_left),
        cmocka_unit_test_teardown(two_operations_have_three_sources, nothing_is_left),
        cmocka_unit_test_teardown(nothing_has_no_vectors, nothing_is_left),
        cmocka_unit_test_teardown(sums_go_along_rows_or_across, nothing_is_left),
        cmocka_unit_test_teardown(samples_are_more_columns, nothing_is_left),
        cmocka_unit_test_teardown(samples_have_products_of_their_own, nothing_is_left),
        cmocka_unit_test_teardown(contractions_go_over_pairs, nothing_is_left),
        cmocka_unit_test_teardown(places_are_copied, nothing_is_left),
        cmocka_unit_test_teardown(lack_of_memory_is_an_error, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
