/* SPDX-License-Identifier: BSD-3-Clause */
/* The layers of columns, called with numbers and traced for several samples in training. */
#include "lang/layer_inner.h"

#include "lang/net_measure.h"
#include "nets.h"

#include <math.h>

static void dense_is_the_formula(void **state) {
    (void)state;
    notebook_says("f = 3 → 2\nx = [0.1; 0.2; 0.3]\nall(f(x) == f.W1*x + f.b1)\n"
                  "g = 1 → 1\ng(3) == g.W1*3 + g.b1\n"
                  "h = 3 → dense(2, bias = false)\nall(h(x) == h.W1*x)\nL(w) = sum(f(x; w))\n"
                  "∇L(params(f))'",
                  "true\ntrue\ntrue\n[0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 1, 1]\n");
}

static void embed_picks_columns(void **state) {
    (void)state;
    notebook nb;
    notebook_open(&nb);
    dw_value net = nets_get(&nb,
                            "f = 2 → embed(2, count = 3)\nf.E1 = [1, 2, 3; 10, 20, 30]\n"
                            "f([3, 1])'\nL(w) = sum(f([3, 1]; w))\n∇L(params(f))'",
                            "f");
    assert_string_equal(nb.out.data, "[3, 30, 1, 10]\n[1, 0, 1, 1, 0, 1]\n");
    const double x[] = {3, 2, 1, 1}, key[2] = {0, 0}; /* samples (3, 1) and (2, 1) */
    double y[8];
    nets_train(&nb, net, (nets_samples){2, 2, x, key}, y);
    const double wanted[] = {3, 2, 30, 20, 1, 1, 10, 10};
    assert_memory_equal(y, wanted, sizeof wanted);
    notebook_close(&nb);
}

static void layernorm_standardises_a_sample(void **state) {
    (void)state;
    notebook_says("f = 3 → layernorm\ny = f([1; 2; 6])\nabs(sum(y)) < 1e-12\n"
                  "round(mean(y²), 4)\nf.gain1 = [2, 2, 2]\nf.shift1 = [1, 1, 1]\n"
                  "max(abs(f([1; 2; 6]) - (2*y + 1))) < 1e-12",
                  "true\n1\ntrue\n");
}

/* In training: the mean and variance over the samples of the step; then over those measured. */
static void batchnorm_looks_over_the_samples(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    dw_value net = nets_get(&nb, "f = 2 → batchnorm\nf([1; 2])'", "f"), settled;
    assert_string_equal(nb.out.data, "[0.999995, 1.99999]\n");
    const double x[] = {1, 2, 3, 4, 0, 0, 0, 8}, key[2] = {0, 0};
    double y[8];
    nets_train(&nb, net, (nets_samples){2, 4, x, key}, y);
    for (size_t i = 0; i < 4; i++) {
        double first = (x[i] - 2.5) / sqrt(1.25 + 1e-5), second = (x[4 + i] - 2) / sqrt(12 + 1e-5);
        assert_true(fabs(y[i] - first) < 1e-12 && fabs(y[4 + i] - second) < 1e-12);
    }
    dw_tensor *inputs = dw_tensor_raw(&nb.mem, 2, 4, &err);
    assert_non_null(inputs);
    memcpy(inputs->data, x, sizeof x);
    nb.eval.err = &err;
    assert_true(dw_net_measure_inputs(&nb.eval, net, inputs, &settled));
    uint32_t slot;
    assert_true(dw_eval_slot(&nb.eval, "settled", &slot, &err));
    nb.eval.globals[slot] = settled;
    nb.out.size = 0;
    nets_run(&nb, "round(settled([2.5; 2 + sqrt(12)]), 5)'\nf([1; 2])'\nparams(settled)'");
    assert_string_equal(nb.out.data, "[0, 1]\n[0.999995, 1.99999]\n[1, 1, 0, 0]\n");
    dw_tensor_release(inputs);
    notebook_close(&nb);
}

static void batchnorm_is_measured_inside_blocks(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    dw_value net = nets_get(&nb,
                            "block(x; g = 1 → batchnorm → batchnorm) = g(x)\n"
                            "f = 1 → block → abs",
                            "f"),
             settled;
    dw_tensor *inputs = dw_tensor_raw(&nb.mem, 1, 2, &err);
    assert_non_null(inputs);
    inputs->data[0] = 10;
    inputs->data[1] = 30;
    nb.eval.err = &err;
    assert_true(dw_net_measure_inputs(&nb.eval, net, inputs, &settled));
    uint32_t slot;
    assert_true(dw_eval_slot(&nb.eval, "settled", &slot, &err));
    nb.eval.globals[slot] = settled;
    nets_run(&nb, "round([settled(10), settled(20), settled(40)], 4)");
    assert_string_equal(nb.out.data, "[1, 0, 2]\n");
    dw_tensor_release(inputs);
    notebook_close(&nb);
}

/* About a share is 0, the rest is larger by as much; the same key and step, the same numbers. */
static void dropout_drops_in_training_only(void **state) {
    (void)state;
    enum { SAMPLES = 500 };
    notebook nb;
    notebook_open(&nb);
    dw_value net = nets_get(&nb, "f = 2 → dropout(0.2) → dropout(0.5)\nf([1; 2])'", "f");
    assert_string_equal(nb.out.data, "[1, 2]\n");
    double x[2 * SAMPLES], y[2 * SAMPLES], again[2 * SAMPLES], other[2 * SAMPLES];
    for (size_t i = 0; i < 2 * SAMPLES; i++)
        x[i] = 1;
    const double key[2] = {7, 1}, next[2] = {7, 2};
    nets_train(&nb, net, (nets_samples){2, SAMPLES, x, key}, y);
    nets_train(&nb, net, (nets_samples){2, SAMPLES, x, key}, again);
    nets_train(&nb, net, (nets_samples){2, SAMPLES, x, next}, other);
    assert_memory_equal(y, again, sizeof y);
    assert_memory_not_equal(y, other, sizeof y);
    size_t kept = 0;
    for (size_t i = 0; i < 2 * SAMPLES; i++) {
        kept += y[i] != 0;
        assert_true(y[i] == 0 || fabs(y[i] - 2.5) < 1e-12); /* 1/(0.8*0.5) */
    }
    assert_in_range(kept, 340, 460); /* 400 ± 4 standard deviations */
    notebook_close(&nb);
}

static void refuses_in_words(void **state) {
    (void)state;
    notebook_refuses("f = 3 → embed(2)", DW_ERR_VALUE, "say how many classes", "embed(2)");
    notebook_refuses("dropout(1)", DW_ERR_VALUE, "from 0 to less than 1", "1");
    notebook_refuses("f = 2 → (x ↦ x when sum(x) > 1 otherwise [x; x]) → 4\nf([1; 2])",
                     DW_ERR_SHAPE, "the layer 4 takes 4 numbers, here come 2", "f([1; 2])");
    notebook_refuses("f = embed(2, count = 2)\nf([1, 5])", DW_ERR_VALUE, "the classes 1 to 2",
                     "f([1, 5])");
    notebook_refuses("layernorm(3)", DW_ERR_TYPE, "layernorm takes", "3");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("f = 2 → 3 → batchnorm → layernorm → dropout(0.5) → 1\nf([1; 2])\n"
                    "∇(w ↦ f([1; 2]; w))(params(f))[1]");
    notebook_starve("f = embed(2, count = 3) → 2 → softmax\nf([1, 3])");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense_is_the_formula),
        cmocka_unit_test(embed_picks_columns),
        cmocka_unit_test(layernorm_standardises_a_sample),
        cmocka_unit_test(batchnorm_looks_over_the_samples),
        cmocka_unit_test(batchnorm_is_measured_inside_blocks),
        cmocka_unit_test(dropout_drops_in_training_only),
        cmocka_unit_test(refuses_in_words),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
