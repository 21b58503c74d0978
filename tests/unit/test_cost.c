/* SPDX-License-Identifier: BSD-3-Clause */
/* Counted operations: exact, and of the shape the mathematics says. */
#include "lang/cost.h"

#include "notebook.h"

static void counts_operations(void **state) {
    (void)state;
    notebook_says("[cost(x ↦ x + 1, 2).flops, cost(x ↦ 3*x*x, 2).flops]", "[1, 2]\n");
    notebook_says("A = zeros(5, 7)\ncost(x ↦ A*x, ones(7)).flops", "70\n");
    notebook_says("cost(x ↦ 5, 2).flops", "0\n");
}

static void counts_calls(void **state) {
    (void)state;
    notebook_says("f(x) = x²\ng(x) = f(x) + f(2*x)\ncost(g, 3).calls", "3\n");
    notebook_says("numeric(L, h = 1e-5) = θ ↦ [(L(θ + h*e) - L(θ - h*e))/(2*h) "
                  "for e in eye(count(θ))]\nL(θ) = norm(θ)\ncost(numeric(L), ones(4)).calls",
                  "9\n");
}

/* Reverse mode: the gradient of n inputs costs a few times the function, whatever n. */
static void a_gradient_costs_a_few_functions(void **state) {
    (void)state;
    notebook_says("L(w) = sum(tanh(w)*2 + w .* w)/count(w)\n"
                  "all(cost(∇L, ones(n)).flops < 5*cost(L, ones(n)).flops for n in [1, 10, 1000])",
                  "true\n");
}

static void refuses_in_words(void **state) {
    (void)state;
    notebook_refuses("cost(2, 3)", DW_ERR_TYPE, "cost needs a function", "2");
    notebook_refuses("cost(x ↦ \"a\", 3)", DW_ERR_TYPE, "this one gives a text",
                     "cost(x ↦ \"a\", 3)");
    notebook_refuses("cost(sin, \"a\")", DW_ERR_TYPE, "a text", "cost(sin, \"a\")");
    notebook_refuses("f(x) = cost(sin, x).flops\nf'(1)", DW_ERR_TYPE, "cost", "cost(sin, x)");
}

static void survives_lack_of_memory(void **state) {
    (void)state;
    notebook_starve("cost(∇(x ↦ norm(x)), [1, 2]).flops");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_operations),
        cmocka_unit_test(counts_calls),
        cmocka_unit_test(a_gradient_costs_a_few_functions),
        cmocka_unit_test(refuses_in_words),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
