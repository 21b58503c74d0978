/* SPDX-License-Identifier: BSD-3-Clause */
/* Nets: their parameters by order and name, nets with others, what they carry besides. */
#include "lang/net.h"

#include "nets.h"

static const char SWISH[] = "swish(x; β = 1) = x .* σ(β*x)\n"
                            "res(x; g = 2 → 2 → tanh) = x + g(x)\n"
                            "net = 1 → 2 → swish → res → swish → 1\n";

static void tells_nets_from_functions(void **state) {
    (void)state;
    notebook nb;
    notebook_open(&nb);
    nets_run(&nb, SWISH);
    nets_run(&nb, "chain = sin → abs\nopen = dense(3) → 1\nplain(x) = x\nlayer = dense(4)\n"
                  "late(x; g = dense(2)) = g(x)");
    assert_true(dw_net_is(nets_value(&nb, "net")));
    assert_true(dw_net_is(nets_value(&nb, "swish")));
    assert_true(dw_net_is(nets_value(&nb, "open")) && dw_net_is_open(nets_value(&nb, "open")));
    assert_true(dw_net_is(nets_value(&nb, "layer")) && dw_net_is_open(nets_value(&nb, "late")));
    assert_false(dw_net_is(nets_value(&nb, "chain")) || dw_net_is(nets_value(&nb, "plain")));
    assert_false(dw_net_is(nets_value(&nb, "sin")) || dw_net_is(nets_value(&nb, "pi")));
    assert_true(dw_net_is_chain(nets_value(&nb, "chain")));
    assert_false(dw_net_is_chain(nets_value(&nb, "layer")));
    assert_false(dw_net_is_open(nets_value(&nb, "net")));
    notebook_close(&nb);
}

static void names_parameters_in_order(void **state) {
    (void)state;
    static const char *const names[] = {"W1", "b1", "β1", "g1.W1", "g1.b1", "β2", "W2", "b2"};
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    dw_value net = nets_get(&nb, SWISH, "net");
    nb.eval.err = &err;
    assert_int_equal(dw_net_arrays(net), 8);
    assert_int_equal(dw_net_size(net), 2 + 2 + 1 + 4 + 2 + 1 + 2 + 1);
    for (size_t i = 0; i < 8; i++) {
        dw_buf name;
        dw_value array, field;
        dw_buf_init(&name, &nb.own);
        assert_true(dw_net_array(&nb.eval, net, i, &name, &array));
        assert_string_equal(name.data, names[i]);
        assert_true(dw_net_field(&nb.eval, net, names[i], &field));
        assert_true(dw_value_same(array, field));
        dw_value_release(array);
        dw_value_release(field);
        dw_buf_free(&name);
    }
    dw_value none;
    assert_false(dw_net_field(&nb.eval, net, "W3", &none));
    assert_int_equal(err.kind, DW_ERR_NONE);
    assert_false(dw_net_array(&nb.eval, net, 8, NULL, &none));
    notebook_close(&nb);
}

static void takes_other_parameters(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    dw_value net = nets_get(&nb, SWISH, "net"), other, again, values[8];
    dw_tensor *flat, *back;
    nb.eval.err = &err;
    assert_true(dw_net_flat(&nb.eval, net, &flat));
    for (size_t i = 0; i < flat->size; i++)
        flat->data[i] = (double)i;
    dw_value column = dw_value_array(flat);
    assert_true(dw_net_with_flat(&nb.eval, net, column, &other));
    assert_true(dw_net_flat(&nb.eval, other, &back));
    assert_memory_equal(back->data, flat->data, flat->size * sizeof(double));
    assert_false(dw_value_same(net, other));
    for (size_t i = 0; i < 8; i++)
        assert_true(dw_net_array(&nb.eval, other, i, NULL, &values[i]));
    assert_true(dw_net_with(&nb.eval, net, values, &again));
    assert_true(dw_value_same(again, other));
    dw_value_release(again);
    dw_value_release(values[0]);
    values[0] = dw_value_number(1);
    assert_false(dw_net_with(&nb.eval, net, values, &again));
    assert_int_equal(err.kind, DW_ERR_SHAPE);
    for (size_t i = 0; i < 8; i++)
        dw_value_release(values[i]);
    dw_tensor_release(back);
    dw_value_release(column);
    dw_value_release(other);
    notebook_close(&nb);
}

static void carries_labels_words_and_facts(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    nets_run(&nb, "net = embed(2) → 3 → tanh → 2 → softmax\nwords = [\"a\", \"b\", \"c\"]\n"
                  "labels = [\"no\", \"yes\"]\nfacts = (loss = 0.25, steps = 7)\nplain = 1 → 2");
    dw_value net = nets_value(&nb, "net"), known, labelled, told, logits, none;
    nb.eval.err = &err;
    assert_true(dw_net_is_classifier(net) && dw_net_has_embed(net));
    assert_false(dw_net_is_classifier(nets_value(&nb, "plain")));
    assert_int_equal(dw_net_words(net).kind, DW_NOTHING);
    assert_true(dw_net_with_words(&nb.eval, net, nets_value(&nb, "words"), &known));
    assert_true(dw_net_with_labels(&nb.eval, known, nets_value(&nb, "labels"), &labelled));
    assert_true(dw_net_with_facts(&nb.eval, labelled, nets_value(&nb, "facts"), &told));
    assert_int_equal(dw_net_words(net).kind, DW_NOTHING); /* the first is as it was */
    assert_true(dw_value_same(dw_net_words(told), nets_value(&nb, "words")));
    assert_true(dw_value_same(dw_net_labels(told), nets_value(&nb, "labels")));
    assert_true(dw_net_logits(&nb.eval, told, &logits));
    assert_false(dw_net_is_classifier(logits));
    assert_false(
        dw_net_with_words(&nb.eval, nets_value(&nb, "plain"), nets_value(&nb, "words"), &none));
    assert_non_null(strstr(err.text, "begins with embed"));
    uint32_t slot;
    err = (dw_err){0};
    assert_true(dw_eval_slot(&nb.eval, "told", &slot, &err));
    nb.eval.globals[slot] = told;
    nb.out.size = 0;
    nets_run(&nb, "told.loss\ntold.steps\np = told([\"a\", \"c\"])\ndescribe(p)\n"
                  "p[\"yes\"] + p[1] == 1\nsum(p)\np.no == p[1]\n(p - p)'\n"
                  "told[1..2]([\"a\"]) == told[1..2](\"a\")\nguess(p) in [\"no\", \"yes\"]");
    assert_string_equal(nb.out.data, "0.25\n7\n\"an answer with 2 labels\"\ntrue\n1\ntrue\n[0, 0]\n"
                                     "[true;\n true;\n true]\ntrue\n");
    dw_value_release(logits);
    dw_value_release(known);
    dw_value_release(labelled);
    notebook_close(&nb);
}

static void shows_answers_the_likeliest_first(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    dw_value labels = nets_get(&nb,
                               "labels = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\"]\n"
                               "x = [0.1, 0.3, 0.05, 0.25, 0.02, 0.2, 0.08]",
                               "labels");
    dw_value answer;
    assert_true(dw_value_labelled(&nb.mem, labels, nets_value(&nb, "x").as.array, &answer, &err));
    dw_buf text;
    dw_buf_init(&text, &nb.own);
    dw_value_show(&text, answer);
    assert_string_equal(text.data, "b  0.3\nd  0.25\nf  0.2\na  0.1\ng  0.08\nc  0.05\n… 1 more");
    dw_buf_clear(&text);
    dw_value_insert(&text, answer, 1);
    assert_string_equal(text.data, "b 0.3, d 0.2, f 0.2, a 0.1, g 0.08, c 0.05, … 1 more");
    dw_buf_free(&text);
    dw_value_release(answer);
    notebook_close(&nb);
}

static void changes_only_what_it_owns(void **state) {
    (void)state;
    notebook_says("f = 1 → 2 → tanh → 1\ng = f\nlist = [f, g]\ng.b2 = 3\n[f.b2, g.b2, list[2].b2]\n"
                  "h(x; w = [1, 2]) = w*x\nk = h\nk.w[1] = 5\nk.w\nh.w",
                  "[0, 3, 0]\n[5, 2]\n[1, 2]\n");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("f = 1 → 2 → tanh → 1\ng = f\ng.W1 = [1, 2]\nf(0.5; params(g))\nf.W1'\n"
                    "f(1; W2 = [1, 2])\n\"{g}\"\ng");
    notebook_starve("res(x; g = 2 → 2 → relu) = x + g(x)\nn = 2 → res → 1\nn.g1.W1 = eye(2)\n"
                    "randomize(n) == n\nn[1]([1; 2])\n∇(w ↦ n([1; 2]; w))(params(n))[1]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_nets_from_functions),
        cmocka_unit_test(names_parameters_in_order),
        cmocka_unit_test(takes_other_parameters),
        cmocka_unit_test(carries_labels_words_and_facts),
        cmocka_unit_test(shows_answers_the_likeliest_first),
        cmocka_unit_test(changes_only_what_it_owns),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
