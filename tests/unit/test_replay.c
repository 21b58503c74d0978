/* SPDX-License-Identifier: BSD-3-Clause */
/* Descents side by side: everything is as if they had run one after the other, bit for bit, and
 * they really do run side by side. */
#include "lang/replay.h"

#include "notebook.h"

#include <stdio.h>

/* What a cell says, and how it fails, with descents one after the other or side by side. */
static uint64_t run(const char *source, bool alone, char *out, size_t size) {
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    nb.eval.alone = alone;
    bool fine = notebook_run(&nb, source, &err);
    snprintf(out, size, "%s|%d %d %u %u %s", nb.out.data == NULL ? "" : nb.out.data, fine,
             (int)err.kind, err.span.start, err.span.end, err.text);
    uint64_t abreast = nb.eval.abreast;
    notebook_close(&nb);
    return abreast;
}

/* `abreast` calls find their answers, and nothing else changes. */
static void same(const char *source, uint64_t abreast) {
    static char one[1 << 16], other[1 << 16];
    assert_int_equal(run(source, true, one, sizeof one), 0);
    uint64_t found = run(source, false, other, sizeof other);
    assert_string_equal(one, other);
    if (found != abreast)
        fail_msg("%s\n%llu side by side, not %llu", source, (unsigned long long)found,
                 (unsigned long long)abreast);
}

/* Shows every bit of some numbers: 17 digits. */
#define BITS "bits(v) = [print(\"{x:17}\") for x in v]\n"

static void every_method_and_option(void **state) {
    (void)state;
    static const char *const functions[] = {
        "norm(θ - [1; 2])²",
        "0.05*norm(θ - [3; 0])² - 0.55*exp(-2*norm(θ + [1; 0])²)",
        "sum(θ^4/4 - θ³/3 - θ²)",
        "θ[1]^4/4 - θ[1]² + cos(θ[2])*θ[1] + θ[2]²",
        "norm([1, 0.5; -0.25, 2]*θ - [1; 1])² + max(θ)/3",
        "θ·θ + abs(θ[1]) when θ[1] > 0.3 otherwise norm(θ)",
        "mean([(θ[1]*x + θ[2] - y)² for x, y in data])",
        "sum((tanh(θ[1]*x) - θ[2])² for x in [1, 2, 3])",
        "log(1 + exp(θ[1])) + σ(θ[2])² + sqrt(1 + θ·θ)",
        "3",
    };
    static const char *const options[] = {
        "rate = 0.03, steps = 20",
        "rate = 0.03, steps = 20, until = 0.5",
        "method = \"momentum\", steps = 15",
        "method = \"adam\", steps = 15, until = 0.2",
        "steps = 0",
        "method = \"momentum\", rate = 0.01, steps = 9, until = 0",
    };
    char source[2000];
    for (size_t f = 0; f < sizeof functions / sizeof *functions; f++)
        for (size_t o = 0; o < sizeof options / sizeof *options; o++) {
            snprintf(source, sizeof source,
                     BITS "data = table(x = 1..20 by 1, y = 1/(1..20 by 1))\n"
                          "L(θ) = %s\n"
                          "bits([minimize(L, from = normal(0, 1)^2, %s).x[1] for i in 1..23])\n"
                          "[fit.value + fit.steps + fit.evals + sum(fit.path) for fit in "
                          "[minimize(L, from = normal(0, 1)^2, %s) for i in 1..23]]",
                     functions[f], options[o], options[o]);
            same(source, 46);
        }
}

static void other_methods_run_alone(void **state) {
    (void)state;
    same("[minimize(x ↦ (x - 1)^2 + x^4, from = i, method = \"newton\").x for i in 1..9]", 0);
    same("[minimize(x ↦ (x - 1)^2, from = i, method = \"anneal\", steps = 9).x for i in 1..9]", 0);
    same("[minimize(x ↦ (x - 1)^2, from = i, method = \"numeric\", steps = 9).x for i in 1..9]", 0);
}

static void shapes_and_functions_that_differ(void **state) {
    (void)state;
    same("[sum(minimize(θ ↦ norm(θ - 1)², from = unit(1, n), steps = 9).x) for n in "
         "[2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 4]]",
         10);
    same("[minimize(x ↦ (x - k)^2, from = 0, steps = 9).x for k in [1, 1, 2, 2, 2, 2, 2, 1, 3]]",
         5);
    same("[minimize(x ↦ (x - k)^2, from = 0, steps = 9).x for k in 1..9]", 0);
    same("f(x) = x²\ng(x) = f(x) + 1\n"
         "[minimize(f when i < 5 otherwise g, from = i, steps = 9).x for i in 1..9]",
         9);
    same("[minimize(x ↦ x², from = i, steps = i).x for i in [3, 3, 3, 3, 3, 4]]", 5);
}

static void draws_before_and_after(void **state) {
    (void)state;
    same("h(s) = minimize(x ↦ x² + x, from = s + sample(normal(0, 1)), steps = 7).x + "
         "sample(normal(0, 1))\n[h(i) for i in 1..9]\nsample(normal(0, 1))",
         9);
    same("seed(4)\nf(x) = x² + sample(normal(0, 1))\n"
         "[minimize(f, from = i, steps = 3).x for i in 1..9]\nsample(normal(0, 1))",
         0);
}

static void several_calls_and_nested_ones(void **state) {
    (void)state;
    same("f(x) = (x - 1)²\n"
         "g(s) = do\n  a = minimize(f, from = s, steps = 3).x\n"
         "  b = minimize(x ↦ x^4, from = a, steps = 3, rate = 0.01)\n  [a; b.x; sum(b.path)]\nend\n"
         "[g(i/10) for i in 1..9]",
         18);
    same("f(x) = (x - 1)²\n"
         "row(n) = mean([minimize(f, from = i/n, steps = 3).x for i in 1..n])\n"
         "[row(n) for n in [2, 9, 6]]",
         15);
    same("f(x) = (x - 1)²\n[[minimize(f, from = i/j, steps = 3).x for i in 1..2] for j in 1..6]",
         12);
    same("f(x) = (x - 1)²\n"
         "[mean([minimize(f, from = i/j, steps = 3).x for i in 1..7]) for j in 1..6]",
         42);
}

static double ticks(void *context) {
    (void)context;
    return 0;
}

/* What comes after the last call is evaluated once more for one element only. */
static void rehearses_no_more_than_needed(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    nb.host.clock = ticks;
    assert_true(notebook_run(&nb, "print(0)", &err));
    uint64_t one = nb.eval.shown;
    assert_true(notebook_run(&nb,
                             "f(x) = x²\nafter(x) = do\n  print(0)\n  x\nend\n"
                             "y = [after(minimize(f, from = i, steps = 2).x) for i in 1..100]",
                             &err));
    assert_int_equal(nb.eval.shown, one + (100 + 1) * one);
    assert_int_equal(nb.eval.abreast, 100);
    notebook_close(&nb);
}

/* Comprehensions within elements take care of their own calls, whatever stands around them. */
static void mixed(void **state) {
    (void)state;
    same("f(x) = (x - 1)²\n"
         "g(n) = minimize(f, from = n, steps = 2).x + mean([minimize(f, from = i/n, steps = 3).x "
         "for i in 1..7])\n[g(n) for n in 1..6]",
         48);
    same("f(x) = (x - 1)²\n"
         "g(n) = mean([minimize(f, from = i/n, steps = 3).x for i in 1..7]) + "
         "minimize(f, from = n, steps = 2).x\n[g(n) for n in 1..6]",
         42);
    same("f(x) = (x - 1)²\n"
         "g(n) = minimize(f, from = n, steps = 2).x when mod(n, 3) == 0 otherwise n\n"
         "[g(n) for n in 1..20]",
         6);
    same("f(x) = (x - 1)²\n"
         "g(n) = do\n  a = 0\n  for i in 1..9\n    a = a + minimize(f, from = n + a, steps = 2).x\n"
         "  end\n  a\nend\n[g(n) for n in 1..6]",
         24);
}

static void prints_in_order(void **state) {
    (void)state;
    same("f(x) = (x - 1)²\n"
         "g(s) = do\n  print(\"from {s}\")\n  a = minimize(f, from = s, steps = 3).x\n"
         "  print(\"to {a}\")\n  check a > 0\n  a\nend\n"
         "[g(i) for i in 1..9]\n[g(i) for i in 1..9 when i ≠ 4]",
         15);
}

static void errors_come_from_the_first_that_fails(void **state) {
    (void)state;
    same("f(x) = x^4 - x\n[minimize(f, from = s/10, rate = 0.1).x for s in 1..99]", 22);
    same("f(x) = x^4 - x\ng(s) = minimize(f, from = s, rate = 0.1).x when s ≠ 7 otherwise 1/\"a\"\n"
         "[g(s/10) + zork[s] for s in 1..9]",
         1);
    same("zork = 1..5 by 1\nf(x) = x^4 - x\n"
         "[minimize(f, from = s/10, rate = 0.1).x + zork[s] for s in 1..9]",
         6);
    same("zork = 1..5 by 1\nf(x) = x^4 - x\n"
         "[minimize(f, from = zork[s]/10, rate = 0.1).x for s in 1..9]",
         5);
    same("[minimize(x ↦ \"a\" when x > 5 otherwise \"b\", from = s).x for s in 1..9]", 0);
    same("f(x) = minimize(y ↦ (y - x)², from = 0, steps = 3).x\n[f'(s) for s in 1..9]", 0);
    same("[minimize(x ↦ x², from = s, rate = s - 5).x for s in 1..9]", 0);
    same("[minimize(x ↦ log(x), from = s, rate = 0.5, steps = 100).x for s in [5, 6, 7, 8, 9]]", 0);
}

static void counts_what_is_called_as_often(void **state) {
    (void)state;
    same("f(x) = (x - 1)²\n"
         "g(n) = sum([minimize(f, from = i, steps = 3).x for i in 1..n])\ncost(g, 8).calls",
         0);
}

static void plots_are_sampled_side_by_side(void **state) {
    (void)state;
    same("f(x) = minimize(y ↦ cos(y) + sample(normal(0, 1)), from = x, rate = 0.5, steps = 3).x + "
         "sample(normal(0, 1))\nplot(f, 0.1..6)\nsample(normal(0, 1))",
         0);
    same("f(x) = minimize(cos, from = x, rate = 0.5, steps = 20).x + sample(normal(0, 0.1))\n"
         "plot(f, 0.1..6)",
         161);
    same("f(θ) = minimize(η ↦ sum(cos(η)), from = θ, rate = 0.5, steps = 9).x[1] > 3\n"
         "contour(η ↦ sum(η), region(f, \"red\"), 1..5, 1..5)",
         2401);
}

/* Starts of a megabyte each are taken some at a time, and starts that large go alone. */
static void large_starts(void **state) {
    (void)state;
    same("f(θ) = θ·θ\n[minimize(f, from = k*ones(140000, 1), steps = 2).x[1] for k in 1..70]", 0);
    same("f(θ) = θ·θ\n[minimize(f, from = k*ones(300, 1), steps = 2).x[1] for k in 1..70]", 70);
}

/* The first check that fails is the first in order. */
static void checks_in_order(void **state) {
    (void)state;
    same("f(x) = (x - 1)²\n"
         "g(s) = do\n  check s ≠ 3\n  a = minimize(f, from = s, steps = 3).x\n  check s ≠ 2\n"
         "  a\nend\n[g(i) for i in 1..9]",
         8);
}

/* Whatever allocation fails: no crash, no leak, and a result only when it is right. */
static void memory_runs_out(void **state) {
    (void)state;
    const char *source = "sum([minimize(x ↦ (x - 1)², from = i, steps = 3).x for i in 1..12])";
    for (long n = 1; n < 3000; n += n < 600 ? 1 : 17) {
        notebook nb;
        dw_err err = {0};
        notebook_open(&nb);
        nb.mem.fail_at = n;
        bool fine = notebook_run(&nb, source, &err);
        nb.mem.fail_at = 0;
        assert_true(fine || err.kind == DW_ERR_MEMORY);
        if (fine)
            assert_string_equal(nb.out.data, "45.792\n");
        notebook_close(&nb);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_and_option),
        cmocka_unit_test(other_methods_run_alone),
        cmocka_unit_test(shapes_and_functions_that_differ),
        cmocka_unit_test(draws_before_and_after),
        cmocka_unit_test(several_calls_and_nested_ones),
        cmocka_unit_test(rehearses_no_more_than_needed),
        cmocka_unit_test(mixed),
        cmocka_unit_test(prints_in_order),
        cmocka_unit_test(errors_come_from_the_first_that_fails),
        cmocka_unit_test(counts_what_is_called_as_often),
        cmocka_unit_test(plots_are_sampled_side_by_side),
        cmocka_unit_test(large_starts),
        cmocka_unit_test(checks_in_order),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
