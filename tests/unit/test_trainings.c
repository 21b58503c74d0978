/* SPDX-License-Identifier: BSD-3-Clause */
/* Trainings side by side: everything is as if they had run one after the other, bit for bit, and
 * they really do run side by side. */
#include "lang/trainings.h"

#include "notebook.h"

#include <stdio.h>

/* What a cell says, and how it fails, with trainings one after the other or side by side. */
static uint64_t run(const char *source, bool alone, unsigned threads, char *out, size_t size) {
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    nb.eval.alone = alone;
    nb.eval.pool = threads > 1 ? dw_pool_new(&nb.own, threads, &err) : NULL;
    bool fine = notebook_run(&nb, source, &err);
    snprintf(out, size, "%s|%d %d %u %u %s", nb.out.data == NULL ? "" : nb.out.data, fine,
             (int)err.kind, err.span.start, err.span.end, err.text);
    uint64_t abreast = nb.eval.abreast;
    dw_pool_free(&nb.eval.pool);
    notebook_close(&nb);
    return abreast;
}

/* `abreast` calls find their answers, and nothing else changes. */
static void same(const char *source, uint64_t abreast) {
    static char one[1 << 16], other[1 << 16];
    assert_int_equal(run(source, true, 1, one, sizeof one), 0);
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        uint64_t found = run(source, false, threads, other, sizeof other);
        assert_string_equal(one, other);
        if (found != abreast)
            fail_msg("%s\n%llu side by side, not %llu", source, (unsigned long long)found,
                     (unsigned long long)abreast);
    }
}

/* Shows every bit of some numbers: 17 digits. */
#define BITS "bits(v) = [print(\"{x:17}\") for x in v]\n"
#define DATA                                                                           \
    BITS "t = table(x = linspace(-1..1, 11), y = x ↦ sin(3*x))\n"                    \
         "c = table(x = [1, 2, 3, 4; 0, 1, 1, 0], y = [\"a\", \"b\", \"b\", \"a\"])\n" \
         "n = 1 → 3 → tanh → 1\n"

static void every_option(void **state) {
    (void)state;
    static const char *const calls[] = {
        "randomize(n), t, steps = 30",
        "randomize(n), t, steps = 30, optimizer = \"sgd\", schedule = \"cosine\"",
        "randomize(n), t, steps = 30, optimizer = \"nesterov\", decay = 0.1",
        "randomize(n), t, steps = 30, optimizer = \"rmsprop\", only = [\"W2\"]",
        "randomize(n), t, steps = 30, optimizer = \"adamw\", batch = 4",
        "n, t, steps = 60, batch = 3, validate = 0.3, patience = 9",
        "n, t, steps = 30, batch = 3, validate = t, every = 4",
        "n, t, steps = 20, loss = (p, q) ↦ abs(p - q), rate = 0.1, batch = 5",
        "1 → 4 → relu → dropout(0.3) → 1, t, steps = 20, seed = run",
        "1 → 3 → batchnorm → tanh → 1, t, steps = 20",
        "2 → 3 → tanh → 2 → softmax, c, steps = 20",
        "2 → 3 → elu → 2 → softmax, c, steps = 20, batch = 3",
    };
    char source[1200];
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        snprintf(source, sizeof source, DATA "bits([params(train(%s)) for run in 1..13])\n",
                 calls[i]);
        same(source, 13);
        snprintf(source, sizeof source,
                 DATA "f = [train(%s) for run in 1..6]\nf[5].history\n[g.best for g in f]\n"
                      "f[3].loss\n",
                 calls[i]);
        same(source, 6);
    }
}

/* Different data, rates and losses: those that match go together, the others alone. */
static void only_equals_go_together(void **state) {
    (void)state;
    same(DATA "bits([train(n, table(x = sample(normal(0, 1), 5), y = x ↦ x), steps = 9).loss for "
              "run in 1..7])",
         7);
    same(DATA "bits([train(n, table(x = 1..k, y = 1..k), steps = 9).loss for k in [4, 5, 4, 5, 4, "
              "6, 4]])",
         6);
    same(DATA "bits([train(n, t, steps = 9, rate = r).loss for r in [0.1, 0.2, 0.1, 0.3, 0.1]])",
         3);
    same(DATA "bits([train(n, t, steps = 9, loss = (p, q) ↦ abs(p - q)^k).loss for k in [1, 2, 1, "
              "1, 3]])",
         3);
    same(DATA "bits([train(n, t, steps = 9, optimizer = \"lbfgs\").loss for run in 1..7])", 0);
    same(DATA "bits([train(n, t, steps = 9, precision = \"single\").loss for run in 1..7])", 7);
}

/* Nets that are too large for lanes have a thread each, and one that threads may share has all. */
static void larger_nets_have_a_thread(void **state) {
    (void)state;
    static const char *const calls[] = {
        "1 → 70 → tanh → 70 → tanh → 1, t, steps = 9",
        "1 → 70 → tanh → 70 → tanh → 1, t, steps = 9, optimizer = \"momentum\", batch = 8",
        "1 → 70 → tanh → 70 → tanh → 1, t, steps = 30, validate = 0.3, patience = 4, rate = 0.3",
        "1 → 90 → relu → dropout(0.3) → 90 → 1, t, steps = 9, seed = run",
        "1 → 3 → relu → 1, t, steps = 9, precision = \"single\", batch = 4",
    };
    char source[1200];
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        snprintf(source, sizeof source,
                 DATA
                 "f = [train(%s) for run in 1..5]\nbits([params(g) for g in f])\nf[5].history\n"
                 "[g.best for g in f]\n",
                 calls[i]);
        same(source, 5);
    }
    same(DATA "w = 1 → 90 → tanh → 90 → 1\nbits([train(w, t, steps = 2, rate = r).loss for r in "
              "[0.1, 0.1, 2, 0.1, 3]])",
         5);
    same(DATA "w = 1 → 400 → tanh → 400 → 1\nbits([train(w, t, steps = 1).loss for run in 1..4])",
         0);
}

static void errors_come_in_their_place(void **state) {
    (void)state;
    same(DATA "[train(n, t, steps = 400, optimizer = \"sgd\", rate = r).loss for r in [0.1, 0.1, "
              "0.1, 0.1, 90, 0.1]]",
         4);
    same(DATA "[print(train(n, t, steps = k).loss) for k in [1, 1, 1, 1, 1, -1, 1]]", 5);
    same(DATA "[train(n, table(x = 1..3, y = [1, 2, k]), steps = 1).loss for k in [1, 1, 1, 1, "
              "0/0, 1]]",
         4);
}

/* Several calls in one element, and what is printed between them. */
static void elements_may_do_more(void **state) {
    (void)state;
    same(DATA "two(k) = do\n  a = train(randomize(n), t, steps = 5)\n  print(\"{k} {a.loss:17}\")\n"
              "  b = train(a, t, steps = 5)\n  [sample(normal(0, 1)), b.loss]\nend\n"
              "bits([two(k) for k in 1..6])",
         12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option),
        cmocka_unit_test(only_equals_go_together),
        cmocka_unit_test(larger_nets_have_a_thread),
        cmocka_unit_test(errors_come_in_their_place),
        cmocka_unit_test(elements_may_do_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
