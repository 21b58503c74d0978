/* SPDX-License-Identifier: BSD-3-Clause */
/* Nets as source text that stands alone. */
#include "lang/net_source.h"

#include "lang/builtin.h"
#include "notebook.h"

static void expect(const char *source, const char *text) {
    notebook nb;
    dw_err err = {0};
    dw_buf out;
    notebook_open(&nb);
    dw_buf_init(&out, &nb.own);
    if (!notebook_run(&nb, source, &err))
        fail_msg("%s: %s", source, err.text);
    nb.eval.err = &err;
    if (!dw_net_source_write(&nb.eval, *dw_eval_name(&nb.eval, "f"), &out))
        fail_msg("%s: %s", source, err.text);
    assert_string_equal(out.data, text);
    dw_buf_free(&out);
    notebook_close(&nb);
}

static void refuse(const char *source, const char *words) {
    notebook nb;
    dw_err err = {0};
    dw_buf out;
    notebook_open(&nb);
    dw_buf_init(&out, &nb.own);
    assert_true(notebook_run(&nb, source, &err));
    nb.eval.err = &err;
    if (dw_net_source_write(&nb.eval, *dw_eval_name(&nb.eval, "f"), &out))
        fail_msg("%s\nis written: %s", source, out.data);
    assert_int_equal(err.kind, DW_ERR_VALUE);
    if (strstr(err.text, words) == NULL)
        fail_msg("%s\nbut the test wants: %s", err.text, words);
    dw_buf_free(&out);
    notebook_close(&nb);
}

static void chains_are_a_line(void **state) {
    (void)state;
    expect("f = 1 → 2 → sigmoid → dense(1, bias = false)", "1 → 2 → σ → dense(1, bias = false)\n");
    expect("f = 4 → dropout(1/3) → (4 → 2 → relu) → 1",
           "4 → dropout(0.3333333333333333) → (4 → 2 → relu) → 1\n");
    expect("f = 16 → conv(2, 3, pad = 1) → pool(2) → flatten → 3 → softmax",
           "16 → conv(2, 3, pad = 1) → pool(2) → flatten → 3 → softmax\n");
    expect("f = 2 → (x ↦ x²) → 1", "2 → (x ↦ x²) → 1\n");
}

static void functions_come_before(void **state) {
    (void)state;
    expect("swish(x; β = 1) = x .* σ(β*x)\nres(x; g = 2 → 2 → relu) = x + g(x)\nf = 2 → swish → "
           "res → swish → 1",
           "swish(x; β = 1) = x .* σ(β*x)\nres(x; g = 2 → 2 → relu) = x + g(x)\n2 → swish → res → "
           "swish → 1\n");
    expect("f(x; W = [1; 2], k = 1/3) = k*W*x",
           "f(x; W = [1; 2], k = 0.3333333333333333) = k*W*x\nf\n");
    expect("f(x; W = [i for i in 1..101]') = x", "f(x; W = zeros(101, 1)) = x\nf\n");
    expect("f(x, k = 2*3; W = 1) = k*W*x", "f(x, k = 2 * 3; W = 1) = k*W*x\nf\n");
    expect("f(x; W = 1) = do\n\n  y = 2*x   # twice\n\n\n  y*W\nend\n",
           "f(x; W = 1) = do\n  y = 2*x   # twice\n  y*W\nend\nf\n");
    expect("f(n; W = 1) = W when n < 1 otherwise n*f(n - 1)",
           "f(n; W = 1) = W when n < 1 otherwise n*f(n - 1)\nf\n");
}

static void what_they_use_comes_along(void **state) {
    (void)state;
    expect("λ = 3\nA = [1, 2; 3, 4]\nflag = true\nr = 0..1\nf(x; W = 1) = (W*λ*A*x when flag "
           "otherwise r[1])",
           "λ = 3\nA = [1, 2; 3, 4]\nflag = true\nr = 0..1\nf(x; W = 1) = (W*λ*A*x when flag "
           "otherwise r[1])\nf\n");
    expect("k = 3\nhelp(x) = k*x\nf(x; W = 1) = W*help(x)",
           "k = 3\nhelp(x) = k*x\nf(x; W = 1) = W*help(x)\nf\n");
    expect("F(k) = do\n  inner(t) = t*k\n  x ↦ inner(x) + k\nend\nf = 1 → F(2) → 1",
           "k = 2\ninner(t) = t*k\n1 → (x ↦ inner(x) + k) → 1\n");
    expect("g = relu\nf(x; W = 1) = [g(t) for t in x]*W",
           "g = relu\nf(x; W = 1) = [g(t) for t in x]*W\nf\n");
    expect("s(x; β = 2) = β*x\nf(x; W = 1) = W*s(x)",
           "s(x; β = 2) = β*x\nf(x; W = 1) = W*s(x)\nf\n");
}

static void what_cannot_be_written_is_told(void **state) {
    (void)state;
    refuse("f(x; W = 1) = W*sample(normal(0, 1))", "sample does more than compute");
    refuse("t = table(a = 1..3)\nf(x; W = 1) = W*t.a", "t is a table of 3 rows; make it a number");
    refuse("g = 1 → 1\nf(x; W = 1) = W*g(x)", "g is a net of its own; make it a parameter");
    refuse("g(x; V = [i for i in 1..101]) = V*x\nf(x; W = 1) = W*g(x)", "g is a net of its own");
    refuse("F(k) = (x ↦ k*x)\nf = 1 → F(1) → F(2) → 1", "k means two different things");
    refuse("s(x; β = 2) = β*x\nf = 1 → s → 1\ns(x; β = 3) = β*x + 1\nf = f → s",
           "s means two different things");
    refuse("d(x) = x²\nf = 1 → d' → 1", "a derivative");
    refuse("A = zeros(101, 100)\nf(x; W = 1) = A*W", "too many numbers");
    refuse("f(x; W = 1) = W*later(x)", "later has no value");
}

static void words_are_known(void **state) {
    (void)state;
    assert_true(dw_net_source_allows("sin") && dw_net_source_allows("σ") &&
                dw_net_source_allows("π"));
    assert_true(dw_net_source_allows("dense") && dw_net_source_allows("zeros") &&
                dw_net_source_allows("sum"));
    static const char *const others[] = {"load",   "save", "print",     "plot",    "train",
                                         "sample", "seed", "randomize", "shuffle", "minimize",
                                         "digits", "cost", "nothing",   ""};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(dw_net_source_allows(others[i]));
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    assert_true(notebook_run(&nb, "sin = cos\nmean = 3", &err));
    assert_true(dw_net_source_is_word("cos", *dw_eval_name(&nb.eval, "cos")));
    assert_true(dw_net_source_is_word("NaN", *dw_eval_name(&nb.eval, "NaN")));
    assert_false(dw_net_source_is_word("sin", *dw_eval_name(&nb.eval, "sin")));
    assert_false(dw_net_source_is_word("mean", *dw_eval_name(&nb.eval, "mean")));
    notebook_close(&nb);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    assert_true(notebook_run(&nb, "k = 3\nF(j) = (x ↦ j*x + k)\nf = 1 → F(2) → 1", &err));
    for (long n = 1;; n++) {
        dw_buf out;
        dw_buf_init(&out, &nb.mem);
        dw_err_clear(&err);
        nb.eval.err = &err;
        nb.mem.fail_at = n;
        bool fine = dw_net_source_write(&nb.eval, *dw_eval_name(&nb.eval, "f"), &out);
        bool done = fine && nb.mem.fail_at > 0;
        nb.mem.fail_at = 0;
        if (!fine)
            assert_int_equal(err.kind, DW_ERR_MEMORY);
        dw_buf_free(&out);
        if (done)
            break;
    }
    notebook_close(&nb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_are_a_line),
        cmocka_unit_test(functions_come_before),
        cmocka_unit_test(what_they_use_comes_along),
        cmocka_unit_test(what_cannot_be_written_is_told),
        cmocka_unit_test(words_are_known),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
