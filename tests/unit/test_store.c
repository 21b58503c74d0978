/* SPDX-License-Identifier: BSD-3-Clause */
/* The store keeps what it is given: equal nodes once, added ones always anew, known ones computed;
 * values and places outlive those who handed them in. */
#include "graph/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static dw_mem mem;

static dw_graph_id make(dw_graph *g, dw_graph_node node) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(dw_store_make(g, node, &id, &err));
    return id;
}

static dw_graph *new_store(void) {
    dw_err err = {0};
    dw_graph *g = dw_store_new(&mem, &err);
    assert_non_null(g);
    return g;
}

static dw_graph_id constant(dw_graph *g, size_t columns, double first) {
    dw_err err = {0};
    dw_tensor *t = dw_tensor_raw(&mem, 1, columns, &err);
    assert_non_null(t);
    for (size_t i = 0; i < columns; i++)
        t->data[i] = i > 0 ? first + (double)i : first;
    dw_graph_id id =
        make(g, (dw_graph_node){
                    .op = DW_OP_CONSTANT, .rows = 1, .columns = columns, .batch = 1, .value = t});
    dw_tensor_release(t);
    return id;
}

static void equal_nodes_are_one(void **state) {
    (void)state;
    dw_err err = {0};
    dw_graph *g = new_store();
    dw_graph_node node = {.op = DW_OP_INPUT, .rows = 2, .columns = 2, .batch = 1, .argument = 1},
                  copy;
    dw_graph_id x = make(g, node), a, b;
    assert_int_equal(make(g, node), x);
    node.argument = 2;
    assert_int_not_equal(make(g, node), x);
    node =
        (dw_graph_node){.op = DW_OP_MAP, .rows = 2, .columns = 2, .batch = 1, .input = {x, 5, 6}};
    dw_graph_id y = make(g, node);
    node.input[1] = 77; /* a map has one input: the others do not count */
    assert_int_equal(make(g, node), y);
    assert_int_equal(g->nodes[y].input[1], DW_GRAPH_NONE);
    node.truth = true;
    assert_int_not_equal(make(g, node), y);
    copy = (dw_graph_node){.op = DW_OP_COPY, .rows = 2, .columns = 2, .batch = 1, .input = {x}};
    assert_true(dw_store_add(g, copy, &a, &err));
    assert_true(dw_store_add(g, copy, &b, &err));
    assert_int_not_equal(a, b);
    dw_store_free(&g);
}

static void constants_are_equal_by_their_bits(void **state) {
    (void)state;
    dw_graph *g = new_store();
    assert_int_equal(constant(g, 3, 1), constant(g, 3, 1));
    assert_int_not_equal(constant(g, 3, 1), constant(g, 3, 2));
    assert_int_not_equal(constant(g, 3, 1), constant(g, 2, 1));
    assert_int_not_equal(constant(g, 1, 0.0), constant(g, 1, -0.0));
    assert_int_equal(g->count, 5);
    dw_store_free(&g);
}

static void known_inputs_are_computed_with(void **state) {
    (void)state;
    size_t places[2] = {2, 0};
    dw_graph *g = new_store();
    dw_graph_id x = constant(g, 3, 5), y;
    y = make(g, (dw_graph_node){.op = DW_OP_GATHER,
                                .rows = 2,
                                .columns = 1,
                                .batch = 1,
                                .input = {x},
                                .places = places});
    assert_int_equal(g->nodes[y].op, DW_OP_CONSTANT);
    assert_int_equal(g->nodes[y].rows, 2);
    assert_true(g->nodes[y].value->data[0] == 7 && g->nodes[y].value->data[1] == 5);
    y = make(
        g,
        (dw_graph_node){
            .op = DW_OP_SPREAD, .rows = 9, .columns = 9, .batch = 1, .input = {constant(g, 1, 4)}});
    assert_int_equal(g->nodes[y].op, DW_OP_SPREAD); /* one number says it all */
    dw_store_free(&g);
}

static void places_are_kept_for_the_caller(void **state) {
    (void)state;
    size_t places[2] = {1, 0};
    dw_op_call call;
    dw_graph *g = new_store();
    dw_graph_id x =
        make(g, (dw_graph_node){.op = DW_OP_INPUT, .rows = 1, .columns = 2, .batch = 1});
    dw_graph_node node = {
        .op = DW_OP_PLACE, .rows = 3, .columns = 1, .batch = 1, .input = {x}, .places = places};
    dw_graph_id y = make(g, node);
    places[0] = 2;
    assert_int_equal(g->nodes[y].places[0], 1);
    assert_int_not_equal(make(g, node), y);
    dw_store_call(g, &g->nodes[y], &call);
    assert_int_equal(call.op, DW_OP_PLACE);
    assert_int_equal(call.shape.rows, 3);
    assert_int_equal(call.input[0].columns, 2);
    assert_ptr_equal(call.places, g->nodes[y].places);
    dw_store_free(&g);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_err err = {0};
        dw_graph_id x = 0, y = 0;
        dw_graph *g = new_store();
        dw_graph_id known = constant(g, 2, 1);
        dw_graph_node node = {.op = DW_OP_SOLVE, .rows = 1, .columns = 1, .batch = 1};
        dw_graph_id one = constant(g, 1, 8);
        node.input[0] = node.input[1] = one;
        mem.fail_at = n;
        done = dw_store_make(g, node, &x, &err);
        for (int i = 0; done && i < 40; i++)
            done = dw_store_add(g, (dw_graph_node){.op = DW_OP_COPY, .batch = 1, .input = {known}},
                                &y, &err);
        mem.fail_at = 0;
        assert_true(done ? n > 3 : err.kind == DW_ERR_MEMORY);
        dw_store_free(&g);
        assert_int_equal(mem.used, 0);
    }
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(equal_nodes_are_one, nothing_is_left),
        cmocka_unit_test_teardown(constants_are_equal_by_their_bits, nothing_is_left),
        cmocka_unit_test_teardown(known_inputs_are_computed_with, nothing_is_left),
        cmocka_unit_test_teardown(places_are_kept_for_the_caller, nothing_is_left),
        cmocka_unit_test_teardown(lack_of_memory_is_an_error, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
