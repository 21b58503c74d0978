/* SPDX-License-Identifier: BSD-3-Clause */
/* Derivatives as functions: what they give, what they keep, what they refuse. */
#include "lang/derivative.h"

#include "notebook.h"

static void gives_slopes_gradients_and_hessians(void **state) {
    (void)state;
    notebook_says("(x ↦ x^3)'(2)\n∇(θ ↦ θ[1]*θ[2])([3, 5])\n∇²(θ ↦ θ[1]²*θ[2])([2, 3])",
                  "12\n[5, 3]\n[6, 4;\n 4, 0]\n");
    notebook_says("(x ↦ 7)'(1)\n∇²(θ ↦ θ[1])([2, 3])", "0\n[0, 0;\n 0, 0]\n");
    notebook_says("sin'\n∇(x ↦ x)", "sin'\n∇x ↦ x\n");
    notebook_says("f(θ) = norm(θ)²/2 + abs(θ[1])²\n∇f([3, 4])\n∇f([0, 0])\n∇²f([1, 2])",
                  "[9, 4]\n[0, 0]\n[3, 0;\n 0, 1]\n");
}

static void keeps_a_plan_only_while_it_is_right(void **state) {
    (void)state;
    notebook_says("k = 2\nf(x) = k*x²\nf'(3)\nf'(4)\nk = 5\nf'(3)", "12\n16\n30\n");
    notebook_says("a = 2\nb = 3\nf(x) = x*(a*b)\nf'(1)\nb = 5\nf'(1)", "6\n10\n");
    notebook_says("f(x; b = 3) = b*x\nf'(1)\nf.b = 4\nf'(1)", "3\n4\n");
    /* more shapes than plans are kept */
    notebook_says("L(θ) = sum(θ .* θ)\n[sum(∇L(ones(n))) for n in [1, 2, 3, 4, 5, 6, 1, 2]]",
                  "[2, 4, 6, 8, 10, 12, 2, 4]\n");
}

static void does_not_keep_random_numbers(void **state) {
    (void)state;
    notebook_says("f(x) = x*sample(uniform(0..1))\nf'(1) == f'(1)", "false\n");
}

static void keeps_inner_and_outer_variables_apart(void **state) {
    (void)state;
    notebook_says("h(x) = x*(y ↦ x*y)'(x)\nh'(3)\nh''(3)", "6\n2\n");
}

static void refuses_in_words(void **state) {
    (void)state;
    notebook_refuses("∇3", DW_ERR_TYPE, "only functions have derivatives", "∇");
    notebook_refuses("f(x) = [x; x]\nf'(1)", DW_ERR_TYPE, "this one gives a column of 2", "f'(1)");
    notebook_refuses("sin'([1, 2])", DW_ERR_TYPE, "write ∇f for the gradient", "sin'([1, 2])");
    notebook_refuses("sin'(\"a\")", DW_ERR_TYPE, "taken at a number or an array", "sin'(\"a\")");
    notebook_refuses("f(x) = x when floor(x) > 0 otherwise \"a\"\nf'(1)", DW_ERR_TYPE, "a text",
                     "when");
    notebook_refuses("∇²(θ ↦ sum(θ))(zeros(1001))", DW_ERR_LIMIT, "1001 numbers",
                     "∇²(θ ↦ sum(θ))(zeros(1001))");
}

static void survives_lack_of_memory(void **state) {
    (void)state;
    notebook_starve("L(θ) = norm(θ) + θ[1]² when θ[1] > 0 otherwise 0\n"
                    "[∇L([1; 2])', L'(1), (x ↦ L'(x))'(2)]\n∇²L([1, 2])");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_slopes_gradients_and_hessians),
        cmocka_unit_test(keeps_a_plan_only_while_it_is_right),
        cmocka_unit_test(does_not_keep_random_numbers),
        cmocka_unit_test(keeps_inner_and_outer_variables_apart),
        cmocka_unit_test(refuses_in_words),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
