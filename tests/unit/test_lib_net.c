/* SPDX-License-Identifier: BSD-3-Clause */
/* The words for nets. */
#include "lang/builtin.h"

#include "notebook.h"

static void softmax_is_stable_and_by_column(void **state) {
    (void)state;
    notebook_says("softmax([0, log(3)])\nsum(softmax([1000, 1001, -1000]))\nsoftmax(5)\n"
                  "softmax([0, 0; 0, log(3)])",
                  "[0.25, 0.75]\n1\n1\n[0.5, 0.25;\n 0.5, 0.75]\n");
    notebook_says("p(x) = softmax(x)[1]\nmax(abs(∇p([0; log(3)]) - [0.1875; -0.1875])) < 1e-15\n"
                  "q(x) = flatten([x, 2*x; 3*x, 4*x])'*[1; 2; 3; 4]\nq'(1)",
                  "true\n30\n");
}

static void params_and_randomize_need_a_net(void **state) {
    (void)state;
    notebook_refuses("params(3)", DW_ERR_TYPE, "this is a number", "3");
    notebook_refuses("randomize(sin → cos)", DW_ERR_TYPE, "needs a net", "sin → cos");
    notebook_refuses("params(dense(3) → 1)", DW_ERR_VALUE, "no parameters yet", "dense(3) → 1");
    notebook_says("f = 1 → 1\ng(w) = params(f)·params(f)*w\nh(w) = do\n  k = f\n  k.W1 = w\n  "
                  "sum(params(k)²)\n"
                  "end\nh'(3)",
                  "6\n");
}

static void layers_check_their_options(void **state) {
    (void)state;
    notebook_refuses("dense(0)", DW_ERR_VALUE, "size", "0");
    notebook_refuses("dense(2, bias = 1)", DW_ERR_TYPE, "bias", "1");
    notebook_refuses("dropout(-0.1)", DW_ERR_VALUE, "from 0 to less than 1", "-0.1");
    notebook_refuses("softmax(\"a\")", DW_ERR_TYPE, "", "\"a\"");
    notebook_refuses("flatten(\"a\")", DW_ERR_TYPE, "flatten needs an array", "\"a\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(softmax_is_stable_and_by_column),
        cmocka_unit_test(params_and_randomize_need_a_net),
        cmocka_unit_test(layers_check_their_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
