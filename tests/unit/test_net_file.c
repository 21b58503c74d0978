/* SPDX-License-Identifier: BSD-3-Clause */
/* Nets as text files: exact both ways, and every fault named with its line. */
#include "lang/net_file.h"

#include "base/rng.h"
#include "notebook.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void run(notebook *nb, const char *source, dw_err *err) {
    if (!notebook_run(nb, source, err))
        fail_msg("%s: %s", source, err->text);
    nb->eval.err = err;
}

static void expect_file(const char *source, const char *text) {
    notebook nb;
    dw_err err = {0};
    dw_buf out;
    notebook_open(&nb);
    run(&nb, source, &err);
    dw_buf_init(&out, &nb.own);
    if (!dw_net_file_write(&nb.eval, *dw_eval_name(&nb.eval, "f"), &out))
        fail_msg("%s: %s", source, err.text);
    assert_string_equal(out.data, text);
    dw_buf_free(&out);
    notebook_close(&nb);
}

static void files_are_text(void **state) {
    (void)state;
    expect_file("f = 1 → 2 → σ → 1\nf.W1 = [5; -5]\nf.b1 = [0; 5]\nf.W2 = [1, 0.1]\nf.b2 = -1",
                "1 → 2 → σ → 1\n\nW1 2×1 = 0x1.4p+2 -0x1.4p+2\nb1 2×1 = 0x0p+0 0x1.4p+2\n"
                "W2 1×2 = 0x1p+0 0x1.999999999999ap-4\nb2 = -0x1p+0\n");
    expect_file("f(x; W = -0.5, v = [1/0, -1/0, 0/0]) = W*x + v",
                "f(x; W = -0.5, v = [inf, -inf, NaN]) = W*x + v\nf\n\nW = -0x1p-1\n"
                "v 1×3 = inf -inf nan\n");
}

/* A file written, read and written again is the same; the read net gives the same answers. */
static void expect_again(const char *source, const char *calls) {
    notebook nb;
    dw_err err = {0};
    dw_buf first, second;
    dw_value copy;
    uint32_t slot;
    notebook_open(&nb);
    run(&nb, source, &err);
    dw_buf_init(&first, &nb.own);
    dw_buf_init(&second, &nb.own);
    if (!dw_net_file_write(&nb.eval, *dw_eval_name(&nb.eval, "f"), &first))
        fail_msg("%s: %s", source, err.text);
    if (!dw_net_file_read(&nb.eval, first.data, first.size, "f.net", &copy))
        fail_msg("%s\n%s: %s", source, first.data, err.text);
    assert_true(dw_net_file_write(&nb.eval, copy, &second));
    assert_string_equal(first.data, second.data);
    assert_true(dw_eval_slot(&nb.eval, "g", &slot, &err));
    nb.eval.globals[slot] = copy;
    run(&nb, calls, &err);
    dw_buf_free(&first);
    dw_buf_free(&second);
    notebook_close(&nb);
}

static void what_is_written_reads_back(void **state) {
    (void)state;
    expect_again("f = 1 → 16 → relu → 1", "check all([f(x) == g(x) for x in -1..2 by 0.1])");
    expect_again("f(x; W1 = [5; -5], b1 = [0; 5], W2 = [1, 1], b2 = -1) = W2*σ(W1*x + b1) + b2",
                 "check f(0.3) == g(0.3)");
    expect_again("swish(x; β = 1) = x .* σ(β*x)\nres(x; g = 4 → 4 → relu) = x + g(x)\n"
                 "f = 2 → 4 → swish → res → swish → 1\nf.β1 = 1/3\nf.β2 = 0.1",
                 "check f([1; 2]) == g([1; 2]) and g.β1 == 1/3 and g.β2 == 0.1");
    expect_again("f = 16 → conv(2, 3) → relu → pool → flatten → dropout(1/3) → 3 → softmax",
                 "x = [sin(i) for i in 1..16]'\ncheck all(f(x) == g(x))");
    expect_again("f = 4 → batchnorm → 2", "check all(f([1; 2; 3; 4]) == g([1; 2; 3; 4]))");
    expect_again("F(k) = (x ↦ k*x)\nf = 2 → F(2) → 1", "check f([1; 2]) == g([1; 2])");
}

static void what_training_left_comes_along(void **state) {
    (void)state;
    expect_again(
        "t = table(x = linspace(-1..1, 9), y = x ↦ x²)\n"
        "f = train(1 → 4 → tanh → 1, t, steps = 30, validate = 0.3)",
        "check g.loss == f.loss and g.steps == f.steps and g.best == f.best\n"
        "check all(g.history.step == f.history.step) and all(g.history.train == f.history.train)");
    expect_again(
        "ws = words(\"the quick brown fox jumps over the lazy dog\")\n"
        "f = train(embed(3) → 8 → count(distinct(ws)) → softmax, windows(ws, 2), steps = 5)",
        "p = f([\"the\", \"quick\"])\nq = g([\"the\", \"quick\"])\n"
        "check p[\"brown\"] == q[\"brown\"]");
}

static void inputs_that_are_no_columns_are_kept(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    dw_value f;
    static const char file[] =
        "conv(1, 2) → flatten → 1\n\n.input 1×2 = 2 4\nW1 1x8 = 1 0 0 0 1 0 0 0\n"
        "b1 = 0\nW2 1x1 = 2\nb2 = 1\n";
    notebook_open(&nb);
    nb.eval.err = &err;
    if (!dw_net_file_read(&nb.eval, file, strlen(file), "f.net", &f))
        fail_msg("%s", err.text);
    assert_int_equal(dw_net_size(f), 11);
    dw_value_release(f);
    notebook_close(&nb);
}

static void numbers_are_read_in_many_forms(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
    } known[] = {{"1", 1},
                 {"-2.5e3", -2500},
                 {"+0x1p4", 16},
                 {"0x.8p0", 0.5},
                 {"0xFF.8p+1", 511},
                 {"0x1.fffffffffffffp+1023", 1.7976931348623157e308},
                 {"0x0.0000000000001p-1022", 5e-324},
                 {"-inf", -INFINITY},
                 {"0x1p-2000", 0},
                 {"0X1P+3", 8}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        notebook nb;
        dw_err err = {0};
        dw_value f, w;
        char file[200];
        snprintf(file, sizeof file, "f(x; W = 1) = W\nf\n\nW = %s", known[i].text);
        notebook_open(&nb);
        nb.eval.err = &err;
        if (!dw_net_file_read(&nb.eval, file, strlen(file), "f.net", &f))
            fail_msg("%s: %s", known[i].text, err.text);
        assert_true(dw_net_field(&nb.eval, f, "W", &w));
        assert_true(w.kind == DW_NUMBER && w.as.number == known[i].value);
        dw_value_release(f);
        notebook_close(&nb);
    }
}

static void refuse(const char *file, dw_err_kind kind, const char *words) {
    notebook nb;
    dw_err err = {0};
    dw_value f;
    char *copy = malloc(strlen(file) + 1);
    memcpy(copy, file, strlen(file));
    notebook_open(&nb);
    nb.eval.err = &err;
    if (dw_net_file_read(&nb.eval, copy, strlen(file), "f.net", &f))
        fail_msg("%s\nis read", file);
    if (err.kind != kind || strstr(err.text, words) == NULL)
        fail_msg("%s\n%s: %s\nbut the test wants %s: %s", file, dw_err_ename(err.kind), err.text,
                 dw_err_ename(kind), words);
    free(copy);
    notebook_close(&nb);
}

static void faults_are_told_with_their_line(void **state) {
    (void)state;
    refuse("1 → 1\n\nW1 = 1\nb1 = x\n", DW_ERR_DATA, "f.net, line 4: this is no number");
    refuse("1 → 1\n\n\n\nW1 = 1 2\nb1 = 1\n", DW_ERR_DATA, "line 5: there are more numbers");
    refuse("1 → 1\n \nW1 3x1 = 1 2\n", DW_ERR_DATA, "line 3: there are fewer numbers");
    refuse("1 → 1\n\nW1 99999999999x99999999999 = 1 2\n", DW_ERR_DATA, "fewer numbers");
    refuse("1 → 1\n\nW1 9999999999999999999999x1 = 1 2\n", DW_ERR_DATA, "a line is a name");
    refuse("1 → 1\n\nW1\n", DW_ERR_DATA, "line 3: a line is a name, a shape");
    refuse("1 → 1\n\nW1 2*1 = 1 1\n", DW_ERR_DATA, "a line is a name");
    refuse("1 → 1\n\nW1 = 0x1.p\n", DW_ERR_DATA, "this is no number");
    refuse("1 → 1\n\nW1 = 0xp3\n", DW_ERR_DATA, "this is no number");
    refuse("1 → 1\n\nW1 = 0x12345678901234567p0\n", DW_ERR_DATA, "this is no number");
    refuse("1 → 1\n\nW1 = 0x1p99999999999\n", DW_ERR_DATA, "this is no number");
    refuse("1 → 1\n\nW1 = --1\n", DW_ERR_DATA, "this is no number");
    refuse("1 → 1\n\nW1 = 1\n", DW_ERR_DATA, "no array b1");
    refuse("1 → 1\n\nW1 = 1\nb1 = 1\nb2 = 1\n", DW_ERR_DATA,
           "an array b2, for which this net has no place");
    refuse("1 → 2\n\nW1 1x2 = 1 2\nb1 3x1 = 1 2 3\n", DW_ERR_SHAPE,
           "b1 of the net is a column of 2");
    refuse("1 → 1\n\nW1 = 1\nb1 = 1\nW1 = 1\n", DW_ERR_DATA, "two arrays are called W1");
    refuse("1 → 1\n\nW1 = 1\nb1 = 1\n.words = \"a\" \"b\"\n", DW_ERR_DATA,
           "no embed layer for as many");
    refuse("1 → 1\n\nW1 = 1\nb1 = 1\n.labels = \"a\n", DW_ERR_DATA,
           "line 5: a text in quotes is not closed");
    refuse("1 → 1\n\nW1 = 1\nb1 = 1\n.labels = \"a\\n\"\n", DW_ERR_DATA, "a wrong \\");
    refuse("1 → 1\n\nW1 = 1\nb1 = 1\n.labels = \"a\" b\n", DW_ERR_DATA, "words stand in quotes");
    refuse("1 → 1\n\nW1 = 1\nb1 = 1\n.history.a 1x2 = 1 2\n.history.b 1x3 = 1 2 3\n", DW_ERR_DATA,
           "rows of the same length");
    refuse("1 → 1\n\nW1 = 1\nb1 = \xFF\n", DW_ERR_DATA, "line 4: this is no UTF-8 text");
    refuse("dense(1)\n\nW1 = 1\nb1 = 1\n", DW_ERR_VALUE, "no parameters yet");
    refuse("dense(1)\n\n.input = 3\nW1 = 1\nb1 = 1\n", DW_ERR_DATA,
           ".input is the rows and columns");
    refuse("dense(1)\n\n.input 1x2 = 1 1e9\nW1 = 1\nb1 = 1\n", DW_ERR_DATA,
           ".input is the rows and columns");
    refuse("print(1)\n\nW1 = 1\n", DW_ERR_SYNTAX, "calls nothing");
    refuse("", DW_ERR_SYNTAX, "holds no net");
}

static void labels_keep_every_letter(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    dw_value f;
    dw_buf out;
    static const char file[] = "1 → 2 → softmax\n\nW1 2×1 = 0x0p+0 0x0p+0\nb1 2×1 = 0x0p+0 0x0p+0\n"
                               ".labels = \"a \\u0022b\\u0022\" \"tab\\u0009\\u005c ü\"\n";
    notebook_open(&nb);
    nb.eval.err = &err;
    if (!dw_net_file_read(&nb.eval, file, strlen(file), "f.net", &f))
        fail_msg("%s", err.text);
    dw_value labels = dw_net_labels(f);
    assert_int_equal(labels.as.list->count, 2);
    assert_string_equal(labels.as.list->items[0].as.text->bytes, "a \"b\"");
    assert_string_equal(labels.as.list->items[1].as.text->bytes, "tab\t\\ ü");
    dw_buf_init(&out, &nb.own);
    assert_true(dw_net_file_write(&nb.eval, f, &out));
    assert_string_equal(out.data, file);
    dw_buf_free(&out);
    dw_value_release(f);
    notebook_close(&nb);
}

static void labels_may_be_numbers(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    dw_value f;
    static const char file[] = "1 → 2 → softmax\n\nW1 2×1 = 0 0\nb1 2×1 = 0 0\n.labels 1×2 = 4 7\n";
    notebook_open(&nb);
    nb.eval.err = &err;
    assert_true(dw_net_file_read(&nb.eval, file, strlen(file), "f.net", &f));
    dw_value labels = dw_net_labels(f);
    assert_int_equal(labels.kind, DW_ARRAY);
    assert_true(labels.as.array->data[1] == 7);
    dw_value_release(f);
    notebook_close(&nb);
}

static void every_changed_byte_is_survived(void **state) {
    (void)state;
    static const char file[] =
        "s(x; β = 1) = β*x\n2 → 2 → s → 2 → softmax\n\nW1 2×2 = 1 2 3 4\nb1 2×1 = 0x1p3 0\n"
        "β1 = 2\nW2 2x2 = 1 2 3 4\nb2 2x1 = 0 inf\n.labels = \"a\" \"b\"\n.loss = "
        "0.5\n.history.step 1x2 = 0 1\n";
    dw_rng rng = dw_rng_seed(7);
    for (int k = 0; k < 1500; k++) {
        notebook nb;
        dw_err err = {0};
        dw_value f;
        char bad[sizeof file];
        memcpy(bad, file, sizeof bad);
        for (int c = 0; c < 2; c++)
            bad[dw_rng_below(&rng, sizeof file - 1)] =
                k % 2 ? (char)dw_rng_below(&rng, 128) : file[dw_rng_below(&rng, sizeof file - 1)];
        notebook_open(&nb);
        nb.eval.err = &err;
        bool fine = dw_net_file_read(&nb.eval, bad, sizeof file - 1, "f.net", &f);
        assert_true(fine == (err.kind == DW_ERR_NONE));
        if (fine)
            dw_value_release(f);
        assert_int_equal(nb.out.size, 0);
        notebook_close(&nb);
    }
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    static const char file[] =
        "2 → embed(1, count = 2) → 2 → softmax\n\nE1 1x2 = 1 2\nW1 2x2 = 1 2 3 4\nb1 2x1 = 0 1\n"
        ".words = \"a\" \"b\"\n.labels = \"a\" \"b\"\n.loss = 0.5\n.history.step 1x2 = 0 1\n";
    for (long n = 1;; n++) {
        notebook nb;
        dw_err err = {0};
        dw_value f;
        dw_buf out;
        notebook_open(&nb);
        nb.eval.err = &err;
        dw_buf_init(&out, &nb.mem);
        nb.mem.fail_at = n;
        bool read = dw_net_file_read(&nb.eval, file, strlen(file), "f.net", &f);
        bool fine = read && dw_net_file_write(&nb.eval, f, &out), done = fine && nb.mem.fail_at > 0;
        nb.mem.fail_at = 0;
        if (!fine && err.kind != DW_ERR_MEMORY)
            fail_msg("allocation %ld: %s", n, err.text);
        if (read)
            dw_value_release(f);
        dw_buf_free(&out);
        notebook_close(&nb);
        if (done)
            break;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_text),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(what_training_left_comes_along),
        cmocka_unit_test(inputs_that_are_no_columns_are_kept),
        cmocka_unit_test(numbers_are_read_in_many_forms),
        cmocka_unit_test(faults_are_told_with_their_line),
        cmocka_unit_test(labels_keep_every_letter),
        cmocka_unit_test(labels_may_be_numbers),
        cmocka_unit_test(every_changed_byte_is_survived),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
