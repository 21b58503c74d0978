/* SPDX-License-Identifier: BSD-3-Clause */
/* Layers: finding, making and describing them. */
#include "lang/layer.h"

#include "notebook.h"

static const char *const WORDS[] = {"dense", "conv",      "pool",      "meanpool",
                                    "embed", "layernorm", "batchnorm", "dropout"};

static dw_value made(notebook *nb, const char *word, const double *options, uint64_t key) {
    dw_value v;
    const dw_layer *layer = dw_layer_find(word);
    assert_non_null(layer);
    assert_true(dw_layer_new(&nb->eval, layer, options, key, &v));
    return v;
}

static void every_word_has_one_row(void **state) {
    (void)state;
    notebook nb;
    notebook_open(&nb);
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        dw_value v = made(&nb, WORDS[i], NULL, 1);
        assert_true(dw_layer_is(v, WORDS[i]) && dw_layer_is(v, NULL));
        assert_false(dw_layer_is(v, "other"));
        assert_int_equal(dw_layer_is_open(v.as.function), v.as.function->count > 0);
        dw_value_release(v);
    }
    assert_null(dw_layer_find("relu"));
    assert_false(dw_layer_is(dw_value_number(1), NULL));
    notebook_close(&nb);
}

static void makes_parameters_from_its_key(void **state) {
    (void)state;
    static const double options[DW_NET_OPTIONS] = {4, 1};
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    nb.eval.err = &err;
    dw_value a = made(&nb, "dense", options, 7), b = made(&nb, "dense", options, 7),
             c = made(&nb, "dense", options, 8);
    dw_layer_shape in = {3, 1}, out;
    assert_true(dw_layer_make(&nb.eval, a.as.function, in, false, &out));
    assert_true(dw_layer_make(&nb.eval, b.as.function, in, false, &out));
    assert_true(dw_layer_make(&nb.eval, c.as.function, in, false, &out));
    assert_true(out.rows == 4 && out.columns == 1);
    assert_true(dw_value_same(a, b));
    assert_false(dw_value_same(a, c));
    assert_true(dw_layer_output(&nb.eval, a.as.function, in, &out));
    in.rows = 5;
    assert_false(dw_layer_output(&nb.eval, a.as.function, in, &out));
    assert_non_null(strstr(err.text, "made for inputs of another size"));
    dw_value_release(a);
    dw_value_release(b);
    dw_value_release(c);
    notebook_close(&nb);
}

static void spreads_the_biases_of_one_input(void **state) {
    (void)state;
    static const double options[DW_NET_OPTIONS] = {4, 1};
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    nb.eval.err = &err;
    dw_value layer = made(&nb, "dense", options, 7);
    dw_function *f = layer.as.function;
    dw_layer_shape one = {1, 1}, out;
    assert_true(dw_layer_make(&nb.eval, f, one, false, &out));
    dw_layer_spread(f);
    for (size_t i = 0; i < 4; i++) {
        double hinge = -f->values[1].as.array->data[i] / f->values[0].as.array->data[i];
        double gap = hinge - (-0.75 + 0.5 * (double)i);
        assert_true(gap < 1e-15 && gap > -1e-15);
    }
    dw_value_release(layer);
    notebook_close(&nb);
}

static void says_what_it_is(void **state) {
    (void)state;
    static const double dense[DW_NET_OPTIONS] = {4, 1}, bare[DW_NET_OPTIONS] = {4, 0},
                        conv[DW_NET_OPTIONS] = {8, 3, 0, 1, 1, 1};
    notebook nb;
    dw_buf text;
    notebook_open(&nb);
    dw_buf_init(&text, &nb.own);
    dw_value layers[] = {made(&nb, "dense", dense, 1), made(&nb, "dense", bare, 1),
                         made(&nb, "conv", conv, 1), made(&nb, "layernorm", NULL, 1)};
    for (size_t i = 0; i < 4; i++) {
        dw_layer_text(&text, layers[i].as.function, false);
        dw_buf_text(&text, " ");
        dw_value_release(layers[i]);
    }
    assert_string_equal(text.data, "4 dense(4, bias = false) conv(8, 3, pad = 1) layernorm ");
    dw_buf_free(&text);
    notebook_close(&nb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_has_one_row),
        cmocka_unit_test(makes_parameters_from_its_key),
        cmocka_unit_test(spreads_the_biases_of_one_input),
        cmocka_unit_test(says_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
