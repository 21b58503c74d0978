/* SPDX-License-Identifier: BSD-3-Clause */
/* What becomes of nodes in a plan: forms are found where they are, and not where a part of them is
 * needed elsewhere. */
#include "graph/fates.h"

#include "graphs.h"

static dw_mem mem;

enum { MOST = 60, BATCH = 4 };

static dw_fate fates[MOST];

static dw_graph *new_graph(void) {
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    assert_non_null(g);
    return g;
}

static void find(const dw_graph *g, const dw_graph_id *outputs, size_t count) {
    assert_true(dw_graph_count(g) <= MOST);
    dw_fates_find(g, fates, dw_graph_count(g), outputs, count);
}

/* The fate of a node that is the only output. */
static const dw_fate *fate_of(const dw_graph *g, dw_graph_id id) {
    find(g, &id, 1);
    return &fates[id];
}

/* The same when another node is an output, too. */
static const dw_fate *fate_beside(const dw_graph *g, dw_graph_id id, dw_graph_id other) {
    find(g, (const dw_graph_id[]){id, other}, 2);
    return &fates[id];
}

static dw_graph_id samples(dw_graph *g, uint32_t n, size_t rows, size_t columns) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_input(g, n, (dw_op_shape){rows, columns, BATCH}, &id, &err));
    return id;
}

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

static dw_graph_id plus(dw_graph *g, dw_graph_id x, dw_graph_id y) {
    return pair(g, DW_ELEM_ADD, x, y);
}

static dw_graph_id place(dw_graph *g, dw_graph_id x, const size_t *places, size_t rows) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_place(g, x, places, rows, 1, &id, &err));
    return id;
}

static dw_graph_id batch_sum(dw_graph *g, dw_graph_id x) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_batch_sum(g, x, &id, &err));
    return id;
}

/* ---- layers ---- */

static void a_layer_is_one_product(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id w = input(g, 0, 3, 2), x = samples(g, 1, 2, 1), b = input(g, 2, 3, 1);
    dw_graph_id p = product(g, w, x), z = plus(g, p, b), y = map(g, DW_ELEM_RELU, z);
    const dw_fate *f = fate_of(g, y);
    assert_true(f->form == DW_FATE_PRODUCT && f->relu && f->reads == 3 && f->core == p);
    assert_true(f->in[0] == w && f->in[1] == x && f->in[2] == b && !f->turned[0] && !f->turned[1]);
    assert_false(fates[p].needed || fates[z].needed);
    f = fate_of(g, plus(g, b, p)); /* in either order, and without relu */
    assert_true(f->form == DW_FATE_PRODUCT && !f->relu && f->reads == 3 && f->in[2] == b);
    f = fate_of(g, map(g, DW_ELEM_RELU, p));
    assert_true(f->form == DW_FATE_PRODUCT && f->relu && f->reads == 2);
    f = fate_of(g, map(g, DW_ELEM_TANH, z));
    assert_true(f->form == DW_FATE_PLAIN && f->in[0] == z && fates[z].form == DW_FATE_PRODUCT);
    dw_graph_free(&g);
}

static void a_layer_leaves_what_others_need(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id w = input(g, 0, 3, 2), x = samples(g, 1, 2, 1), b = input(g, 2, 3, 1);
    dw_graph_id p = product(g, w, x), z = plus(g, p, b), y = map(g, DW_ELEM_RELU, z);
    const dw_fate *f = fate_beside(g, y, z);
    assert_true(f->form == DW_FATE_PLAIN && f->reads == 1 && f->in[0] == z);
    assert_true(fates[z].form == DW_FATE_PRODUCT && fates[z].reads == 3 && !fates[z].relu);
    f = fate_beside(g, y, p);
    assert_true(f->form == DW_FATE_PLAIN && fates[z].form == DW_FATE_PLAIN);
    assert_true(fates[p].form == DW_FATE_PRODUCT && fates[p].reads == 2);
    dw_graph_free(&g);
}

static void a_bias_is_one_number_for_each_row(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id w = input(g, 0, 3, 2), x = samples(g, 1, 2, 1), many = samples(g, 2, 3, 1);
    dw_graph_id v = samples(g, 3, 3, 2), y = input(g, 4, 2, 1), b = input(g, 5, 3, 1);
    assert_true(fate_of(g, plus(g, product(g, w, x), many))->form == DW_FATE_PLAIN);
    assert_true(fate_of(g, plus(g, product(g, w, x), number(g, 2)))->form == DW_FATE_PLAIN);
    assert_true(fate_of(g, plus(g, product(g, v, y), b))->form == DW_FATE_PLAIN);
    assert_true(fate_of(g, plus(g, product(g, w, y), b))->form == DW_FATE_PRODUCT);
    assert_true(fate_of(g, map(g, DW_ELEM_RELU, product(g, v, y)))->form == DW_FATE_PLAIN);
    dw_graph_id square = product(g, w, input(g, 6, 2, 3));
    assert_true(fate_of(g, plus(g, square, input(g, 7, 3, 3)))->form == DW_FATE_PLAIN);
    dw_graph_id row = input(g, 8, 1, 3); /* a row + a column is a row, which a product is not */
    assert_true(fate_of(g, plus(g, row, product(g, w, y)))->form == DW_FATE_PLAIN);
    assert_true(fate_of(g, plus(g, product(g, w, y), row))->form == DW_FATE_PRODUCT);
    dw_graph_free(&g);
}

static void transposes_are_read_through(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id w = input(g, 0, 2, 3), x = samples(g, 1, 2, 1), v = samples(g, 2, 1, 2);
    dw_graph_id t = transpose(g, w), p = product(g, t, x);
    const dw_fate *f = fate_of(g, p);
    assert_true(f->form == DW_FATE_PRODUCT && f->turned[0] && f->in[0] == w && f->in[1] == x);
    assert_false(fates[t].needed);
    f = fate_beside(g, p, t); /* made for the other, read through all the same */
    assert_true(f->turned[0] && fates[t].needed && fates[t].form == DW_FATE_PLAIN);
    f = fate_of(g, product(g, w, product(g, t, x)));
    assert_true(f->in[0] == w && !f->turned[0] && !f->turned[1]);
    dw_graph_id u = transpose(g, v); /* of samples: only contractions can */
    f = fate_of(g, product(g, t, u));
    assert_true(f->turned[0] && !f->turned[1] && f->in[1] == u);
    dw_graph_free(&g);
}

static void sums_of_products_are_contractions(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id d = samples(g, 0, 3, 2), x = samples(g, 1, 5, 2), t = transpose(g, x);
    dw_graph_id p = product(g, d, t), s = batch_sum(g, p);
    const dw_fate *f = fate_of(g, s);
    assert_true(f->form == DW_FATE_CONTRACTION && f->core == p && f->in[0] == d && f->in[1] == x);
    assert_true(!f->turned[0] && f->turned[1] && !fates[p].needed && !fates[t].needed);
    f = fate_beside(g, s, p);
    assert_true(f->form == DW_FATE_CONTRACTION && fates[p].form == DW_FATE_PRODUCT);
    assert_true(fates[p].in[1] == t && !fates[p].turned[1] && fates[t].needed);
    f = fate_of(g, batch_sum(g, product(g, input(g, 2, 2, 3), d)));
    assert_true(f->form == DW_FATE_PLAIN && fates[f->in[0]].form == DW_FATE_PRODUCT);
    dw_graph_free(&g);
}

/* ---- gradients of activations ---- */

static dw_graph_id choice(dw_graph *g, dw_graph_id c, dw_graph_id x, dw_graph_id y) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_graph_choose(g, c, x, y, &id, &err));
    return id;
}

static void gates_are_found(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id z = samples(g, 0, 3, 1), x = samples(g, 1, 3, 1), zero = number(g, 0);
    dw_graph_id c = pair(g, DW_ELEM_GREATER, z, zero), y = choice(g, c, x, zero);
    const dw_fate *f = fate_of(g, y);
    assert_true(f->form == DW_FATE_GATE && f->reads == 2 && f->in[0] == z && f->in[1] == x);
    assert_false(fates[c].needed || fates[zero].needed);
    assert_true(fate_beside(g, y, c)->form == DW_FATE_GATE && fates[c].needed);
    assert_true(fate_of(g, choice(g, c, x, number(g, 1)))->form == DW_FATE_PLAIN);
    assert_true(fate_of(g, choice(g, c, x, number(g, -0.0)))->form == DW_FATE_PLAIN);
    assert_true(fate_of(g, choice(g, c, number(g, 3), zero))->form == DW_FATE_PLAIN);
    assert_true(fate_of(g, choice(g, c, input(g, 2, 3, 1), zero))->form == DW_FATE_PLAIN);
    c = pair(g, DW_ELEM_GREATER_EQUAL, z, zero);
    assert_true(fate_of(g, choice(g, c, x, zero))->form == DW_FATE_PLAIN);
    c = pair(g, DW_ELEM_GREATER, z, number(g, 1));
    assert_true(fate_of(g, choice(g, c, x, zero))->form == DW_FATE_PLAIN);
    c = pair(g, DW_ELEM_GREATER, input(g, 3, 1, 1), zero); /* numbers have no vectors */
    assert_true(fate_of(g, choice(g, c, input(g, 4, 1, 1), zero))->form == DW_FATE_PLAIN);
    dw_graph_free(&g);
}

static void slopes_are_found(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id z = samples(g, 0, 3, 1), x = samples(g, 1, 3, 1), one = number(g, 1);
    dw_graph_id rest = pair(g, DW_ELEM_SUBTRACT, one, z), s = times(g, z, rest);
    dw_graph_id y = times(g, x, s);
    const dw_fate *f = fate_of(g, y);
    assert_true(f->form == DW_FATE_SLOPE && f->elem == DW_ELEM_SIGMOID);
    assert_true(f->reads == 2 && f->in[0] == z && f->in[1] == x);
    assert_false(fates[s].needed || fates[rest].needed);
    assert_true(fate_beside(g, y, s)->form != DW_FATE_SLOPE);
    assert_true(fate_beside(g, y, rest)->form != DW_FATE_SLOPE);
    dw_graph_id square = times(g, z, z), t = pair(g, DW_ELEM_SUBTRACT, one, square);
    y = times(g, t, x);
    f = fate_of(g, y);
    assert_true(f->form == DW_FATE_SLOPE && f->elem == DW_ELEM_TANH);
    assert_true(f->in[0] == z && f->in[1] == x);
    assert_true(fate_beside(g, y, square)->form != DW_FATE_SLOPE);
    t = pair(g, DW_ELEM_SUBTRACT, number(g, 2), times(g, z, z));
    assert_true(fate_of(g, times(g, t, x))->form != DW_FATE_SLOPE);
    t = pair(g, DW_ELEM_SUBTRACT, one, times(g, z, x));
    assert_true(fate_of(g, times(g, t, x))->form != DW_FATE_SLOPE);
    dw_graph_free(&g);
}

/* ---- two operations at once ---- */

static void two_operations_are_one(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id x = samples(g, 0, 3, 1), y = samples(g, 1, 3, 1), z = input(g, 2, 3, 1);
    dw_graph_id p = times(g, x, y), d = pair(g, DW_ELEM_SUBTRACT, x, z);
    const dw_fate *f = fate_of(g, plus(g, p, z));
    assert_true(f->form == DW_FATE_TWO && f->inner == DW_VECTOR_MULTIPLE);
    assert_true(f->outer == DW_VECTOR_SUM && f->reads == 3 && f->in[2] == z && !fates[p].needed);
    f = fate_of(g, pair(g, DW_ELEM_SUBTRACT, z, p));
    assert_true(f->form == DW_FATE_TWO && f->outer == DW_VECTOR_REST && f->in[2] == z);
    f = fate_of(g, pair(g, DW_ELEM_SUBTRACT, d, y));
    assert_true(f->form == DW_FATE_TWO && f->inner == DW_VECTOR_DIFFERENCE);
    assert_true(f->outer == DW_VECTOR_DIFFERENCE && f->in[0] == x && f->in[1] == z);
    dw_graph_id first = plus(g, plus(g, x, y), z), second = plus(g, first, number(g, 2));
    f = fate_of(g, second); /* not three */
    assert_true(f->form == DW_FATE_PLAIN && fates[first].form == DW_FATE_TWO);
    dw_graph_free(&g);
}

static void two_operations_stay_two(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id x = samples(g, 0, 3, 1), y = samples(g, 1, 3, 1), z = input(g, 2, 3, 1);
    dw_graph_id p = times(g, x, y), both = plus(g, p, z);
    assert_true(fate_beside(g, both, p)->form == DW_FATE_PLAIN);
    assert_true(fate_of(g, plus(g, p, p))->form == DW_FATE_PLAIN); /* read twice */
    dw_graph_id few = plus(g, z, input(g, 3, 3, 1));               /* not for each sample */
    assert_true(fate_of(g, times(g, few, x))->form == DW_FATE_PLAIN);
    dw_graph_id one = plus(g, input(g, 4, 1, 1), input(g, 5, 1, 1));
    assert_true(fate_of(g, times(g, one, x))->form == DW_FATE_PLAIN);
    assert_true(fate_of(g, times(g, one, number(g, 3)))->form == DW_FATE_PLAIN);
    assert_true(fate_of(g, pair(g, DW_ELEM_DIVIDE, p, z))->form == DW_FATE_PLAIN);
    dw_graph_free(&g);
}

static void squares_are_summed(void **state) {
    (void)state;
    dw_graph *g = new_graph();
    dw_graph_id x = samples(g, 0, 3, 2), y = input(g, 1, 3, 2), square = times(g, x, x);
    dw_graph_id s = sum(g, square);
    const dw_fate *f = fate_of(g, s);
    assert_true(f->form == DW_FATE_SQUARES && f->reads == 1 && f->in[0] == x);
    assert_false(fates[square].needed);
    assert_true(fate_beside(g, s, square)->form == DW_FATE_PLAIN);
    assert_true(fate_of(g, sum(g, times(g, y, y)))->form == DW_FATE_PLAIN);
    assert_true(fate_of(g, sum(g, times(g, x, y)))->form == DW_FATE_PLAIN);
    dw_graph_free(&g);
}

/* ---- sums taken in place ---- */

static void pieces_are_inserted(void **state) {
    (void)state;
    static const size_t low[] = {0, 2}, high[] = {3, 4}, twice[] = {1, 1}, down[] = {4, 3};
    dw_graph *g = new_graph();
    dw_graph_id x = input(g, 0, 2, 1), y = input(g, 1, 2, 1), base = place(g, x, low, 5);
    dw_graph_id piece = place(g, y, high, 5), z = plus(g, base, piece);
    const dw_fate *f = fate_of(g, z);
    assert_true(f->form == DW_FATE_INSERT && f->reads == 2 && f->core == piece);
    assert_true(f->in[0] == base && f->in[1] == y && !fates[piece].needed && fates[base].needed);
    f = fate_beside(g, z, piece); /* the other one is inserted then */
    assert_true(f->form != DW_FATE_INSERT || f->core == base);
    f = fate_of(g, plus(g, place(g, map(g, DW_ELEM_EXP, x), low, 5), place(g, y, twice, 5)));
    assert_true(f->form == DW_FATE_INSERT && f->in[1] != y); /* into the one that hits twice */
    f = fate_of(g, plus(g, place(g, x, twice, 5), place(g, y, down, 5)));
    assert_true(f->form == DW_FATE_PLAIN);
    f = fate_of(g, plus(g, input(g, 2, 5, 1), place(g, y, high, 5))); /* -0 + 0 would be lost */
    assert_true(f->form == DW_FATE_PLAIN);
    dw_graph_free(&g);
}

static void pieces_that_are_needed_stay(void **state) {
    (void)state;
    static const size_t low[] = {0, 2}, high[] = {3, 4};
    dw_graph *g = new_graph();
    dw_graph_id base = place(g, input(g, 0, 2, 1), low, 5);
    dw_graph_id piece = place(g, input(g, 1, 2, 1), high, 5), z = plus(g, base, piece);
    find(g, (const dw_graph_id[]){z, piece, base}, 3);
    assert_true(fates[z].form == DW_FATE_PLAIN && fates[piece].needed && fates[base].needed);
    dw_graph_free(&g);
}

/* ---- memory ---- */

static void views_lie_in_what_they_show(void **state) {
    (void)state;
    static const size_t run[] = {2, 3, 4}, gaps[] = {0, 2};
    dw_err err = {0};
    dw_graph *g = new_graph();
    dw_graph_id x = map(g, DW_ELEM_EXP, input(g, 0, 6, 1)), a, b, c, d;
    assert_true(dw_graph_gather(g, x, run, 3, 1, &a, &err));
    assert_true(dw_graph_copy(g, a, &b, &err));
    assert_true(dw_graph_gather(g, x, gaps, 2, 1, &c, &err));
    d = plus(g, sum(g, b), sum(g, c));
    find(g, &d, 1);
    assert_true(fates[a].root == x && fates[a].offset == 2 && fates[b].root == x);
    assert_true(fates[b].offset == 2 && fates[c].root == c && fates[d].root == d);
    assert_true(fates[x].last > b && fates[x].last < d);
    assert_int_equal(fates[d].last, dw_graph_count(g)); /* outputs live to the end */
    assert_true(fate_of(g, a)->root == x);
    assert_int_equal(fates[x].last, dw_graph_count(g));
    assert_false(fates[c].needed);
    dw_graph_free(&g);
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_layer_is_one_product),
        cmocka_unit_test(a_layer_leaves_what_others_need),
        cmocka_unit_test(a_bias_is_one_number_for_each_row),
        cmocka_unit_test(transposes_are_read_through),
        cmocka_unit_test(sums_of_products_are_contractions),
        cmocka_unit_test(gates_are_found),
        cmocka_unit_test(slopes_are_found),
        cmocka_unit_test(two_operations_are_one),
        cmocka_unit_test(two_operations_stay_two),
        cmocka_unit_test(squares_are_summed),
        cmocka_unit_test(pieces_are_inserted),
        cmocka_unit_test(pieces_that_are_needed_stay),
        cmocka_unit_test_teardown(views_lie_in_what_they_show, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
