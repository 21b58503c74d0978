/* SPDX-License-Identifier: BSD-3-Clause */
/* The text of a net from a file: what defines a net is read, everything else is refused before it
 * runs. */
#include "lang/net_code.h"

#include "lang/net.h"
#include "notebook.h"

#include <stdio.h>
#include <stdlib.h>

static bool read_code(notebook *nb, const char *code, dw_value *out, dw_err *err) {
    nb->eval.err = err;
    return dw_net_code_read(&nb->eval, "f.net", code, strlen(code), out);
}

static void expect(const char *code, size_t numbers) {
    notebook nb;
    dw_err err = {0};
    dw_value f;
    notebook_open(&nb);
    dw_rng before = nb.eval.rng;
    if (!read_code(&nb, code, &f, &err))
        fail_msg("%s\n%s", code, err.text);
    assert_true(dw_net_is(f));
    assert_int_equal(dw_net_size(f), numbers);
    assert_memory_equal(&nb.eval.rng, &before, sizeof before);
    assert_null(dw_eval_name(&nb.eval, "mine"));
    assert_int_equal(nb.out.size, 0);
    dw_value_release(f);
    notebook_close(&nb);
}

static void nets_are_read(void **state) {
    (void)state;
    expect("1 → 2 → σ → 1", 7);
    expect("1 → 2 → σ → 1\n\n\n", 7);
    expect("4 → conv(2, 2, line = true) → relu → flatten → dropout(0.5) → (6 → 1)", 13);
    expect("mine(x; W = [5; -5], b = zeros(2, 1)) = W*x + b\nmine", 4);
    expect(
        "mine(x, k = 2; W = 3) = do\n  y = W*x\n  repeat 2\n    y = y + k\n  end\n  y\nend\nmine",
        1);
    expect("mine(x; β = 1) = x .* σ(β*x)\nres(x; g = 2 → 2 → relu) = x + g(x)\n2 → mine → res → 1",
           10);
    expect("k = 3\ninner(x) = k*x\n1 → 2 → inner → (x ↦ sum(x) + k) → 1", 6);
    expect("# a remark\n1 → 1 # another", 2);
    expect("fib(n) = n when n < 2 otherwise fib(n - 1) + fib(n - 2)\nmine(x; W = 1) = "
           "fib(3)*W*x\nmine",
           1);
}

static void refuse(const char *code, dw_err_kind kind, const char *words, const char *marked) {
    notebook nb;
    dw_err err = {0};
    dw_value f;
    notebook_open(&nb);
    if (read_code(&nb, code, &f, &err))
        fail_msg("%s\nis read", code);
    if (err.kind != kind || strstr(err.text, words) == NULL)
        fail_msg("%s\n%s: %s\nbut the test wants %s: %s", code, dw_err_ename(err.kind), err.text,
                 dw_err_ename(kind), words);
    if (marked != NULL) {
        const dw_unit *unit = dw_eval_unit_of(&nb.eval, err.unit);
        assert_true(err.has_place && unit != NULL);
        for (unsigned i = 0; i < err.call_count; i++)
            assert_true(err.calls[i].span.start > 0);
        assert_string_equal(unit->name, "f.net");
        size_t size = err.span.end - err.span.start;
        if (size != strlen(marked) || memcmp(unit->source + err.span.start, marked, size) != 0)
            fail_msg("%s\nmarks %.*s", code, (int)size, unit->source + err.span.start);
    }
    for (unsigned i = 0; i < err.call_count; i++)
        assert_true(err.calls[i].span.start > 0); /* of calls in the file */
    assert_int_equal(nb.out.size, 0);
    notebook_close(&nb);
}

static void nothing_but_definitions_may_stand_there(void **state) {
    (void)state;
    refuse("print(1)\n1 → 1", DW_ERR_SYNTAX, "only definitions before the net", "print(1)");
    refuse("seed(3)\n1 → 1", DW_ERR_SYNTAX, "only definitions", "seed(3)");
    refuse("1 → 2\n1 → 1", DW_ERR_SYNTAX, "only definitions", "1 → 2");
    refuse("for i in 1..3\n  i\nend\n1 → 1", DW_ERR_SYNTAX, "only definitions", NULL);
    refuse("while true\nend\n1 → 1", DW_ERR_SYNTAX, "only definitions", NULL);
    refuse("a, b = [1, 2]\n1 → 1", DW_ERR_SYNTAX, "only definitions", NULL);
    refuse("check 1 == 2\n1 → 1", DW_ERR_SYNTAX, "only definitions", NULL);
    refuse("mine(x; W = 1) = x", DW_ERR_SYNTAX, "ends with the net", NULL);
    refuse("x = 1", DW_ERR_SYNTAX, "ends with the net", NULL);
    refuse("", DW_ERR_SYNTAX, "f.net holds no net", NULL);
    refuse("1 →", DW_ERR_SYNTAX, "", NULL);
    refuse("1 → 1e9", DW_ERR_VALUE, "the most is 10000000", "1e9");
    refuse("sin", DW_ERR_TYPE, "defines the function sin, not a net", NULL);
    refuse("[1, 2]", DW_ERR_TYPE, "defines a row of 2", NULL);
}

static void nothing_is_computed_while_reading(void **state) {
    (void)state;
    refuse("x = 1 + 1\n1 → 1", DW_ERR_SYNTAX, "this is something else", "1 + 1");
    refuse("x = sum([1, 2])\n1 → 1", DW_ERR_SYNTAX, "calls nothing", "sum([1, 2])");
    refuse("1 → sin(1)", DW_ERR_SYNTAX, "calls nothing", "sin(1)");
    refuse("mine(x; W = sample(3)) = x\nmine", DW_ERR_SYNTAX, "calls nothing", "sample(3)");
    refuse("mine(x; W = (y ↦ y)(3)) = x\nmine", DW_ERR_SYNTAX, "calls nothing", NULL);
    refuse("x = [1 for i in 1..9]\n1 → 1", DW_ERR_SYNTAX, "something else", NULL);
    refuse("x = \"text\"\n1 → 1", DW_ERR_SYNTAX, "something else", NULL);
    refuse("zeros(x) = load(x)\nmine(x; W = zeros(\"a\")) = x\nmine", DW_ERR_NAME,
           "may not use load", "load");
}

static void no_word_reaches_beyond_numbers(void **state) {
    (void)state;
    static const char *const words[] = {"load",  "save",   "print", "plot",     "show",
                                        "train", "sample", "seed",  "minimize", "digits"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char code[100];
        snprintf(code, sizeof code, "mine(x; W = 1) = %s(x)*W\nmine", words[i]);
        refuse(code, DW_ERR_NAME, "may not use", words[i]);
        snprintf(code, sizeof code, "1 → %s → 1", words[i]);
        refuse(code, DW_ERR_NAME, "may not use", words[i]);
        snprintf(code, sizeof code, "y = %s\n1 → 1", words[i]);
        refuse(code, DW_ERR_NAME, "may not use", words[i]);
        snprintf(code, sizeof code, "mine(x, y = %s; W = 1) = x\nmine", words[i]);
        refuse(code, DW_ERR_NAME, "may not use", words[i]);
        snprintf(code, sizeof code, "1 → (x ↦ (y ↦ %s(y))(x)) → 1", words[i]);
        refuse(code, DW_ERR_NAME, "may not use", words[i]);
    }
    refuse("mine(x; W = 1) = \"{x}\"\nmine", DW_ERR_SYNTAX, "only computes", NULL);
    refuse("mine(x; W = 1) = do\n  check x == 1\n  x\nend\nmine", DW_ERR_SYNTAX, "only computes",
           NULL);
    refuse("mine(x; W = 1) = unknown*x\nmine", DW_ERR_NAME, "may not use unknown", "unknown");
}

static void the_text_cannot_leave_its_function(void **state) {
    (void)state;
    refuse("1 → 1\nend)(); save(1, \"x.txt\"); (() ↦ do\n1 → 1", DW_ERR_SYNTAX, "holds no net",
           NULL);
    refuse("1 → 1\nend)()\nx = 3\n(() ↦ do\n1 → 1", DW_ERR_SYNTAX, "holds no net", NULL);
    refuse("1 → 1\nend)(load(\"a\"))(do\n1 → 1", DW_ERR_SYNTAX, "", NULL);
    refuse("1 → 1\nend)() + (() ↦ do\n1 → 1", DW_ERR_SYNTAX, "holds no net", NULL);
}

/* The notebook's own relu must not become part of somebody's net. */
static void words_with_another_meaning_are_refused(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    dw_value f;
    notebook_open(&nb);
    assert_true(notebook_run(&nb, "relu(x) = 3", &err));
    assert_false(read_code(&nb, "1 → relu → 1", &f, &err));
    assert_non_null(strstr(err.text, "relu, which means something else in this notebook"));
    notebook_close(&nb);
}

static void limits_are_kept(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    dw_value f;
    size_t size = DW_NET_CODE_MOST + 1;
    char *code = malloc(size);
    memset(code, ' ', size);
    notebook_open(&nb);
    nb.eval.err = &err;
    assert_false(dw_net_code_read(&nb.eval, "f.net", code, size, &f));
    assert_int_equal(err.kind, DW_ERR_LIMIT);
    free(code);
    nb.mem.limit = nb.mem.used + (4 << 20);
    dw_err_clear(&err);
    assert_false(read_code(&nb, "1 → 1000 → 1000 → 1", &f, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    dw_err_clear(&err);
    assert_false(read_code(&nb, "mine(x; W = zeros(1e9, 1e9)) = x\nmine", &f, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
    notebook_close(&nb);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    static const char code[] = "k = 3\nmine(x; β = 1) = x .* σ(β*x) + k\n2 → mine → 1";
    for (long n = 1;; n++) {
        notebook nb;
        dw_err err = {0};
        dw_value f;
        notebook_open(&nb);
        nb.mem.fail_at = n;
        bool fine = read_code(&nb, code, &f, &err), done = fine && nb.mem.fail_at > 0;
        nb.mem.fail_at = 0;
        if (fine)
            dw_value_release(f);
        else
            assert_int_equal(err.kind, DW_ERR_MEMORY);
        notebook_close(&nb);
        if (done)
            break;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nets_are_read),
        cmocka_unit_test(nothing_but_definitions_may_stand_there),
        cmocka_unit_test(nothing_is_computed_while_reading),
        cmocka_unit_test(no_word_reaches_beyond_numbers),
        cmocka_unit_test(the_text_cannot_leave_its_function),
        cmocka_unit_test(words_with_another_meaning_are_refused),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
