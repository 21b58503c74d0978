/* SPDX-License-Identifier: BSD-3-Clause */
/* Calling nets. */
#include "lang/net_call.h"

#include "nets.h"

#include <stdio.h>

static void takes_samples_in_any_form(void **state) {
    (void)state;
    notebook_says("f = 2 → 3 → tanh → 1\ny = f([1; 2])\n[f([1, 2]), f(1, 2)] == [y, y]\n"
                  "[f(x) for x in [1, 3; 2, 4]][1] == y\ng = 1 → 2 → 1\ng(true) == g(1)",
                  "[true, true]\ntrue\ntrue\n");
}

static void passes_through_traces(void **state) {
    (void)state;
    notebook_says(
        "f = 2 → 3 → tanh → 1\nG = ∇(x ↦ f(x))([1; 2])\n"
        "D = f.W1'*((1 - tanh(f.W1*[1; 2] + f.b1)²) .* f.W2')\nmax(abs(G - D)) < 1e-14\n"
        "h = 1 → 3 → tanh → 1\nabs(h'(0.5) - (h(0.5 + 1e-6) - h(0.5 - 1e-6))/2e-6) < 1e-8",
        "true\ntrue\n");
}

/* Traced for many samples at once and run, a net gives to the last bit what calls give. */
static void traces_give_the_same_bits(void **state) {
    (void)state;
    enum { SAMPLES = 9 };
    static const char *const nets[] = {
        "16 → 300 → tanh → 5 → softmax", "16 → 8 → σ → layernorm → 3 → relu → 1",
        "16 → conv(3, 2, pad = 1) → gelu → pool(2) → meanpool(2) → flatten → 1",
        "16 → dense(4, bias = false) → dropout(0) → (x ↦ x²) → 1"};
    static const double key[2] = {0, 0};
    double y[SAMPLES * 5];
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        notebook nb;
        char source[256];
        notebook_open(&nb);
        snprintf(source, sizeof source,
                 "seed(%zu)\nnet = %s\nx = sample(normal(0, 1)^16, 9)\ny = [net(s) for s in x]", i,
                 nets[i]);
        nets_run(&nb, source);
        const dw_tensor *one_by_one = nets_value(&nb, "y").as.array;
        nets_train(&nb, nets_value(&nb, "net"),
                   (nets_samples){16, SAMPLES, nets_value(&nb, "x").as.array->data, key}, y);
        assert_memory_equal(y, one_by_one->data, one_by_one->size * sizeof *y);
        notebook_close(&nb);
    }
}

static void takes_other_parameters(void **state) {
    (void)state;
    notebook_says(
        "f = 1 → 1\nf(2; [3; 4])\nf(2; W1 = 3)\nf(2; W1 = 3, b1 = 1)\nf(2; b1 = [k for k in 5..5])"
        " - f(2)\n(x ↦ f(x; [1; 1]))(4)",
        "10\n6\n7\n5\n5\n");
    notebook_says("f = 1 → 1\n∇(w ↦ f(3; w))(params(f))'\n(k ↦ f(3; W1 = k²))'(2)", "[3, 1]\n12\n");
}

static void refuses_in_words(void **state) {
    (void)state;
    notebook_refuses("f = 2 → 1\nf()", DW_ERR_TYPE, "a net takes one value, here is 0", "f()");
    notebook_refuses("f = 2 → 1\nf(\"a\")", DW_ERR_TYPE, "this is a text", "f(\"a\")");
    notebook_refuses("f = 2 → 1\nf([1, 2], 3)", DW_ERR_TYPE,
                     "one column, or its numbers one by one", "f([1, 2], 3)");
    notebook_refuses("f = 2 → 1\nf([1; 2]; W9 = 3)", DW_ERR_NAME, "no parameter W9", "W9");
    notebook_refuses("f = 2 → 1\nf([1; 2]; W1 = 3)", DW_ERR_SHAPE, "W1 of the net is 1×2", "W1");
    notebook_refuses("f = 2 → 1\nf([1; 2]; \"a\")", DW_ERR_TYPE, "one column of numbers", "\"a\"");
    notebook_refuses("f = 2 → 1\nf([1; 2]; print())", DW_ERR_TYPE, "no value", "print()");
    notebook_refuses("(sin → cos)(1, 2)", DW_ERR_TYPE, "a chain of functions takes one value",
                     "(sin → cos)(1, 2)");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve(
        "f = 2 → 3 → tanh → 1\nf(1, 2; params(f))\nf([1; 2]; b2 = 3)\n(f → abs)([1, 2])");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_samples_in_any_form), cmocka_unit_test(passes_through_traces),
        cmocka_unit_test(traces_give_the_same_bits), cmocka_unit_test(takes_other_parameters),
        cmocka_unit_test(refuses_in_words),          cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
