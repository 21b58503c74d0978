/* SPDX-License-Identifier: BSD-3-Clause */
/* Making nets: chains, sizes, fresh parameters, parts. */
#include "lang/net_make.h"

#include "nets.h"

static void numbers_make_nets(void **state) {
    (void)state;
    notebook_says("f = 2*1 → 4 → relu → 1\n\"{f}\"\ncount(params(f))\ng = sin → abs\ndescribe(g)",
                  "\"2 → 4 → relu → 1\"\n17\n\"a function\"\n");
    notebook_says("f = 1 → dense(3) → layernorm → 1\nf.gain1'\n\"{(2 → 3) → 1}\"",
                  "[1, 1, 1]\n\"(2 → 3) → 1\"\n");
}

static void draws_weights_by_what_follows(void **state) {
    (void)state;
    notebook_says("seed(5)\nf = 50 → 800 → relu → 800 → σ → 800 → layernorm → tanh → 2\n"
                  "v(W) = std(W)²\nv(f.W1)*50/2 ≈ 1 ± 0.03\nv(f.W2)*(800 + 800)/2 ≈ 1 ± 0.03\n"
                  "v(f.W3)*(800 + 800)/2 ≈ 1 ± 0.03\nv(f.W4)*800/2 ≈ 1 ± 0.1\nmax(abs(f.b2))",
                  "true\ntrue\ntrue\ntrue\n0\n");
    notebook_says("f = 1 → 5 → relu → 1\nround(sort((-f.b1/f.W1)'), 9)",
                  "[-0.8, -0.4, 0, 0.4, 0.8]\n");
}

static void blocks_get_weights_of_their_own(void **state) {
    (void)state;
    notebook_says(
        "res(x; g = 2 → 2) = x + g(x)\nf = 2 → res → res\n"
        "any(f.g1.W1 == f.g2.W1)\nany(f.g1.W1 == res.g.W1)\n"
        "res.g.W1 = eye(2)\nh = 2 → res → res\nall(h.g1.W1 == eye(2)) and all(h.g2.W1 == eye(2))",
        "false\nfalse\ntrue\n");
    notebook_says(
        "make(n) = do\n  res(x; g = n → n) = x + g(x)\n  n → res → res\nend\nf = make(2)\n"
        "any(f.g1.W1 == f.g2.W1)",
        "false\n");
    notebook_says("enc = 2 → 2\nf = enc → enc\n[all(f.W1 == enc.W1), any(f.W2 == enc.W1)]\n"
                  "enc.W1 = eye(2)\ng = enc → enc\n[all(g.W1 == eye(2)), all(g.W2 == eye(2))]",
                  "[true, false]\n[true, true]\n");
    notebook_says("block = dense(2)\nf = 2 → block → block\nany(f.W1 == f.W2)", "false\n");
}

static void sizes_come_with_the_data(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    dw_value net = nets_get(&nb, "net = dense(3) → tanh → 2", "net"), sized, again, other;
    nb.eval.err = &err;
    assert_true(dw_net_make_sized(&nb.eval, net, NULL, 4, 1, &sized));
    assert_int_equal(dw_net_size(sized), 15 + 8);
    assert_true(dw_net_make_sized(&nb.eval, net, NULL, 4, 1, &again));
    assert_true(dw_value_same(sized, again));
    assert_true(dw_net_is_open(net));
    assert_false(dw_net_make_sized(&nb.eval, sized, "data.x", 5, 1, &other));
    assert_string_equal(err.text, "data.x has 5 numbers per sample, but the net starts with 4. "
                                  "Try 5 → 3 → tanh → 2");
    err = (dw_err){0};
    assert_false(dw_net_make_sized(&nb.eval, sized, "data.x", 4, 7, &other));
    assert_non_null(strstr(err.text, "one column at a time"));
    dw_value_release(sized);
    dw_value_release(again);
    notebook_close(&nb);
}

static void begins_afresh(void **state) {
    (void)state;
    notebook_says("f(x; a = 2, g = 1 → 2 → tanh → 1) = a*g(x)\nh = f\nh.a = 7\nh.g.b2 = 9\n"
                  "r = randomize(h)\n[r.a, h.a, r.g.b2]\nr.g.W1 == f.g.W1 and true",
                  "[2, 7, 0]\n[false;\n false]\n");
    notebook_says(
        "n = 1 → 4 → batchnorm → 1\nm = randomize(n)\nany(m.W1 == n.W1)\nall(m.gain1 == 1)",
        "false\ntrue\n");
    notebook_says(
        "make(k) = do\n  f(x; a = k) = a*x\n  f\nend\nf = make(3)\nf.a = 4\nrandomize(f).a", "4\n");
}

static void takes_parts(void **state) {
    (void)state;
    notebook_says("f = 1 → 4 → relu → 3 → 1\n\"{f[1..2]} | {f[2..3]} | {f[-1]} | {f[[1, 4]]}\"\n"
                  "(sin → abs → cos)[2..3]",
                  "\"1 → 4 → relu | relu → 3 | 3 → 1 | 1 → 4 → 1\"\nabs → cos\n");
}

static void refuses_in_words(void **state) {
    (void)state;
    notebook_refuses("f = 1 → 1e9", DW_ERR_VALUE, "1000000000; the most is 10000000", "1e9");
    notebook_refuses("f = 2e7 → 1", DW_ERR_VALUE, "20000000; the most is 10000000", "2e7");
    notebook_refuses("f = 1 → 2.5", DW_ERR_VALUE, "a whole number from 1 up, this is 2.5", "2.5");
    notebook_refuses("f = -1 → 2", DW_ERR_VALUE, "how many numbers come in", "-1");
    notebook_refuses("f = 1 → conv → 2", DW_ERR_TYPE, "conv needs its numbers in brackets", "conv");
    notebook_refuses("f = 1 → (x ↦ \"a\") → 2", DW_ERR_TYPE, "this one gives a text", "x ↦ \"a\"");
    notebook_refuses("r(x; g = dense(2)) = g(x)\nf = 1 → r → 2", DW_ERR_VALUE,
                     "must begin with the size of its input", "r");
    notebook_refuses("f = 1 → 2\nf[3..2]", DW_ERR_INDEX, "no stage is chosen", "[");
    notebook_refuses("g = 2 → 2\nf = 1 → 3 → g", DW_ERR_SHAPE, "starts with 2, but 3 numbers", "g");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("res(x; g = 2 → 2) = x + g(x)\nf = 1 → 2 → res → layernorm → (2 → 1)\n"
                    "randomize(f)[2..-1]([1; 2])\n(dense(2) → tanh)([1; 2; 3])");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_make_nets),
        cmocka_unit_test(draws_weights_by_what_follows),
        cmocka_unit_test(blocks_get_weights_of_their_own),
        cmocka_unit_test(sizes_come_with_the_data),
        cmocka_unit_test(begins_afresh),
        cmocka_unit_test(takes_parts),
        cmocka_unit_test(refuses_in_words),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
