/* SPDX-License-Identifier: BSD-3-Clause */
/* The names of parameters. */
#include "lang/net_walk.h"

#include "nets.h"

static void numbers_the_names_of_a_chain(void **state) {
    (void)state;
    notebook_says(
        "own(x; b = 1, W = 2) = W*x + b\nf = 1 → own → 2 → own → (2 → 2 → 2) → 1\nf.W1\nf.W2'*0\n"
        "f.W3\n[size(f.W4), size(f.W5), size(f.W6)]\nf.b3",
        "2\n[0, 0]\n2\n[2, 2, 2, 2, 1, 2]\n1\n");
    notebook_says("f = 1 → dense(2, bias = false) → 1\nsize(f.W2)\nf.b2", "[1, 2]\n0\n");
}

static void finds_what_lies_inside(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    dw_value net =
        nets_get(&nb, "res(x; g = 2 → 2, k = 3) = k*x + g(x)\nnet = 2 → res → res", "net");
    dw_net_walk inner = {.wanted = "g2"}, array = {.wanted = "g2.b1"}, third = {.index = 5},
                none = {.wanted = "g3"};
    assert_true(dw_net_walk_find(&inner, &nb.mem, &net, &err) && inner.found != NULL);
    assert_int_equal(inner.found->kind, DW_FUNCTION);
    assert_true(dw_net_walk_find(&array, &nb.mem, &net, &err) && array.found != NULL);
    assert_int_equal(array.depth, 4); /* stage, parameter g, stage of g, b */
    assert_true(dw_net_walk_find(&third, &nb.mem, &net, &err) && third.found != NULL);
    assert_string_equal(third.name.data, "k2");
    assert_true(dw_net_walk_find(&none, &nb.mem, &net, &err) && none.found == NULL);
    dw_buf_free(&inner.name);
    dw_buf_free(&array.name);
    dw_buf_free(&third.name);
    dw_buf_free(&none.name);
    assert_true(dw_net_walk_is_array(dw_value_number(1)));
    assert_false(dw_net_walk_is_array(dw_value_truth(true)) || dw_net_walk_is_array(net));
    notebook_close(&nb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_the_names_of_a_chain),
        cmocka_unit_test(finds_what_lies_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
