/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums and means over comprehensions that are traced once for all elements: the same results, far
 * fewer calls; and everything that has to go element by element still does. */
#include "lang/batched.h"

#include "notebook.h"

#include <stdio.h>

/* cost counts the calls of written functions while f is traced: f itself, and g once or n times. */
static void bodies_run_once(void **state) {
    (void)state;
    notebook_says("g(w, k) = w*k\nf(w) = sum(g(w, k) for k in 1..50)\ncost(f, 2).calls", "2\n");
    notebook_says("g(w, k) = w*k\nf(w) = mean([g(w, k) for k in 1..50])\ncost(f, 2).calls", "2\n");
    notebook_says("g(w, k) = w*k\nf(w) = sum(g(w, k) for k in 1..7)\ncost(f, 2).calls", "8\n");
    notebook_says("g(w, x, y) = (y - w*x)²\nt = table(x = 1..20 by 1, y = 2*(1..20 by 1))\n"
                  "f(w) = mean(g(w, x, y) for x, y in t)\ncost(f, 2).calls",
                  "2\n");
    notebook_says("g(w, r) = (r.y - w*r.x)²\nt = table(x = 1..20 by 1, y = 2*(1..20 by 1))\n"
                  "f(w) = mean(g(w, r) for r in t)\ncost(f, 2).calls",
                  "2\n");
    notebook_says("g(w, i) = w[i]*i\nf(w) = sum(g(w, i) for i in 1..20)\n"
                  "cost(f, 1..20 by 1).calls",
                  "2\n");
}

static void sums_are_what_they_are_written_out(void **state) {
    (void)state;
    notebook_says("(w ↦ sum(w^k for k in 1..10))'(1)", "55\n");
    notebook_says("(w ↦ sum(w for k in 1..10))'(1)", "10\n");
    notebook_says("(w ↦ mean(w for k in 1..10))'(1)", "1\n");
    notebook_says("M = [1..20 by 1; 3*(1..20 by 1)]\n∇(w ↦ sum((w·c)^2 for c in M))([1; 2])'",
                  "[40180, 120540]\n");
    notebook_says("M = [1..20 by 1; 3*(1..20 by 1)]\n"
                  "∇(w ↦ mean((w·[a; b])^2 for a, b in M))([1; 2])'",
                  "[2009, 6027]\n");
    notebook_says("M = [1..20 by 1; 3*(1..20 by 1)]\n∇(w ↦ mean(w .* c for c in M))([1; 2])'",
                  "[5.25, 15.75]\n");
    notebook_says("∇(w ↦ sum(w[k]*k² + w[-k] for k in 1..9))(1..9 by 1)",
                  "[2, 5, 10, 17, 26, 37, 50, 65, 82]\n");
    notebook_says("(w ↦ sum(w*(k > 3) for k in 1..10))'(1)", "7\n");
    notebook_says("(w ↦ sum(w*exp(k) for k in 1..10))''(1)", "0\n");
    notebook_says("∇²(w ↦ sum(exp(w[1]*k/10)*w[2] for k in 1..10))([0, 1])",
                  "[3.85, 5.5;\n  5.5,   0]\n");
}

/* The branch that is not taken counts for nothing, and a derivative inside is that of one element.
 */
static void elements_do_not_see_each_other(void **state) {
    (void)state;
    notebook_says("(w ↦ sum(log(k)*w when k > 9 otherwise w for k in 0..10))'(1)", "12.3026\n");
    notebook_says("(w ↦ sum((u ↦ u²*k*w)'(w) for k in 1..10))'(1)", "220\n");
    notebook_says("(w ↦ sum((u ↦ u^k)'(w) for k in 1..10))(1)", "55\n");
    notebook_says("(w ↦ sum((u ↦ u^k)'(w) for k in 1..10))'(1)", "330\n");
}

static void what_cannot_run_once_runs_for_each(void **state) {
    (void)state;
    notebook_says("(w ↦ sum(sum(w*k*j for j in 1..10) for k in 1..10))'(1)", "3025\n");
    notebook_says("(w ↦ sum(sum(w for j in 1..k) for k in 1..10))'(1)", "55\n");
    notebook_says("fact(k) = 1 when k == 0 otherwise k*fact(k - 1)\n"
                  "(w ↦ sum(w*fact(k) for k in 1..10))'(1)",
                  "4037913\n");
    notebook_says("t = table(x = 1..9 by 1, s = [\"a\" for k in 1..9])\n"
                  "(w ↦ sum(w*r.x for r in t))'(1)",
                  "45\n");
    notebook_says("(w ↦ sum(w*k for k in 1..20 when k > 10))'(1)", "155\n");
    notebook_says("abs((w ↦ mean(w*sample(uniform(0..1)) for k in 1..1000))'(1) - 0.5) < 0.05",
                  "true\n");
    notebook_says("c = [x ↦ k*x for k in 1..9]\n(w ↦ sum(g(w) for g in c))'(1)", "45\n");
    notebook_refuses("(w ↦ sum(w*q for k in 1..20))'(1)", DW_ERR_NAME, "q", "q");
    notebook_refuses("x = 1..9 by 1\n(w ↦ sum(w*x[k] for k in 1..20))'(1)", DW_ERR_INDEX, "10",
                     "k");
}

/* A plan is kept although its function has a comprehension, and the stream of random numbers does
 * not notice. */
static void streams_do_not_notice(void **state) {
    (void)state;
    notebook_says(
        "f(w) = sum(w*k for k in 1..20)\nseed(1)\na = [f'(1), sample(uniform(0..1))]\nseed(1)\n"
        "b = [f'(1), sample(uniform(0..1))]\na == b",
        "[true, true]\n");
}

/* Every kind of body, once for all and (with `when true`) one after the other; a and b are the
 * elements of columns, c is [a; b], w the variable. */
static void bodies_of_all_kinds(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "w*norm(c)",
        "(w*c)·[b; a]",
        "max(w*a, b)",
        "max(w*c) - min(c)",
        "mean([w*a, b, w])",
        "std([w*a, w*w, b])",
        "variance(w*c)",
        "product([w, a, b])",
        "sum([w, a; b, w]*c)",
        "c'*[w, 1; 1, w]*c",
        "solve([a + 9, w; w, b + 9], c)·c",
        "reverse([w*a, b, w])[1]",
        "[c; w; c][3]*c[2]*c[-1]",
        "(a when a > w otherwise w*b)",
        "w^a + b^w",
        "clip(w*a, 0..1) + mod(b, w)",
        "abs(w*a - b) + sign(w) + silu(w*b) + gelu(a*w)",
        "transpose([w*a, b])[2]*w",
        "sum(k*w*a for k in 1..3)",
        "dot(w*c, c)",
        "(u ↦ sin(u*a))'(w)",
        "∇(v ↦ v·v*a*w)(c)·c",
        "sum((sigmoid → tanh)(w*c))",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char cell[600];
        snprintf(cell, sizeof cell,
                 "a = [k/4 for k in 1..9]\nb = [2 + sin(k) for k in 1..9]\nM = [a; b]\n"
                 "h(w, a, b, c) = %s\n"
                 "f(w) = sum(h(w, a, b, [a; b]) for a, b in M)\n"
                 "g(w) = sum(h(w, a, b, [a; b]) for a, b in M when true)\n"
                 "[abs(f'(1.5) - g'(1.5)) < 1e-10, abs(f''(1.5) - g''(1.5)) < 1e-8, "
                 "cost(f, 1.5).calls < 9, cost(g, 1.5).calls ≥ 10]",
                 bodies[i]);
        notebook_says(cell, "[true, true, true, true]\n");
    }
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    notebook_starve("t = table(x = 1..9 by 1, y = 2*(1..9 by 1))\n"
                    "∇(w ↦ mean((y - w[1]*x)² for x, y in t))([1, 2])");
    notebook_starve("∇(w ↦ sum(w[k]*k for k in 1..9))(1..9 by 1)");
    notebook_starve("c = [1, 2; 3, 4]\n(w ↦ sum(w*c[1, mod(k, 2) + 1] for k in 1..9))'(2)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_run_once),
        cmocka_unit_test(sums_are_what_they_are_written_out),
        cmocka_unit_test(elements_do_not_see_each_other),
        cmocka_unit_test(what_cannot_run_once_runs_for_each),
        cmocka_unit_test(streams_do_not_notice),
        cmocka_unit_test(bodies_of_all_kinds),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
