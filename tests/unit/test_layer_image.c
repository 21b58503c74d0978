/* SPDX-License-Identifier: BSD-3-Clause */
/* The layers of images. */
#include "lang/layer_image.h"

#include "nets.h"

static void conv_sums_over_windows(void **state) {
    (void)state;
    notebook_says("c = 9 → conv(1, 2)\nc.W1 = [1, 10, 100, 1000]\nc.b1 = 0.5\n"
                  "c([1, 2, 3, 4, 5, 6, 7, 8, 9])",
                  "[5421.5, 6532.5, 8754.5, 9865.5]\n");
    /* the same window at every place, also of two channels and of a line */
    notebook_says("c = 8 → conv(1, 2, inputs = 2)\nc.W1 = [1, 2, 3, 4, 10, 20, 30, 40]\n"
                  "c([1, 1, 1, 1, 0, 0, 0, 2])",
                  "90\n");
    notebook_says("c = 4 → conv(2, 2, line = true)\nc.W1 = [1, -1, 0, 1]\nc([1, 2, 4, 8])",
                  "[-1, -2, -4;\n  2,  4,  8]\n");
}

static void conv_steps_and_pads(void **state) {
    (void)state;
    notebook_says("c = 4 → conv(1, 3, pad = 1)\nc.W1 = ones(9)\nc([1, 2, 3, 4])",
                  "[10, 10, 10, 10]\n");
    notebook_says("c = 16 → conv(1, 2, step = 2)\nc.W1 = [1, 0, 0, 0]\nc(1..16 by 1)",
                  "[1, 3, 9, 11]\n");
    notebook_says("c = 3 → conv(1, 2, line = true, pad = 1)\nc.W1 = [1, 1]\nc([1, 2, 4])",
                  "[1, 3, 6, 4]\n");
}

static void pools_take_the_largest_or_the_mean(void **state) {
    (void)state;
    notebook_says("p = 16 → pool(2)\np(1..16 by 1)\nm = 16 → meanpool(2)\nm(1..16 by 1)\n"
                  "q = 9 → pool(2)\nq(1..9 by 1)",
                  "[6, 8, 14, 16]\n[3.5, 5.5, 11.5, 13.5]\n5\n");
    notebook_says("p = 16 → conv(2, 1) → pool(4)\np.W1 = [1, -1]\np(1..16 by 1)'", "[16, -1]\n");
}

static void gradients_are_those_of_differences(void **state) {
    (void)state;
    notebook_says(
        "net = 36 → conv(2, 3, pad = 1) → tanh → meanpool(2) → conv(2, 2) → pool(2) → flatten"
        " → 2\n"
        "x = sin(1..36 by 1)\nL(w) = sum(net(x; w)²)\nw = params(net)\n"
        "n = [(L(w + 1e-5*e) - L(w - 1e-5*e))/2e-5 for e in eye(count(w))]'\n"
        "max(abs(∇L(w) - n)) < 1e-7\nsize(∇(v ↦ sum(net(v)))(x))",
        "true\n[1, 36]\n");
}

static void batches_give_what_single_samples_give(void **state) {
    (void)state;
    enum { SAMPLES = 3 };
    notebook nb;
    notebook_open(&nb);
    dw_value net = nets_get(&nb,
                            "net = 16 → conv(2, 2) → relu → pool(3) → flatten → 1\n"
                            "y = [net(sin(k*(1..16 by 1))) for k in 1..3]\n"
                            "x = [sin(k*(1..16 by 1))' for k in 1..3]",
                            "net");
    const double key[2] = {0, 0};
    double y[SAMPLES];
    nets_train(&nb, net, (nets_samples){16, SAMPLES, nets_value(&nb, "x").as.array->data, key}, y);
    for (size_t i = 0; i < SAMPLES; i++)
        assert_true(y[i] - nets_value(&nb, "y").as.array->data[i] < 1e-12 &&
                    nets_value(&nb, "y").as.array->data[i] - y[i] < 1e-12);
    notebook_close(&nb);
}

static void refuses_in_words(void **state) {
    (void)state;
    notebook_refuses("f = 60 → conv(4, 3) → 1", DW_ERR_SHAPE, "such as 64 = 8×8", "conv(4, 3)");
    notebook_refuses("f = 4 → conv(4, 3) → 1", DW_ERR_SHAPE, "only 2 wide", "conv(4, 3)");
    notebook_refuses("f = 4 → pool(3) → 1", DW_ERR_SHAPE, "only 2 wide", "pool(3)");
    notebook_refuses("f = 7 → conv(1, 1, inputs = 3)", DW_ERR_SHAPE, "no image of 3 channels",
                     "conv(1, 1, inputs = 3)");
    notebook_refuses("conv(0, 3)", DW_ERR_VALUE, "channels", "0");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve(
        "f = 16 → conv(2, 2, pad = 1) → pool(2) → meanpool(2) → flatten → 1\nf(1..16 by 1)\n"
        "∇(w ↦ f(1..16 by 1; w))(params(f))[1]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv_sums_over_windows),
        cmocka_unit_test(conv_steps_and_pads),
        cmocka_unit_test(pools_take_the_largest_or_the_mean),
        cmocka_unit_test(gradients_are_those_of_differences),
        cmocka_unit_test(batches_give_what_single_samples_give),
        cmocka_unit_test(refuses_in_words),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
