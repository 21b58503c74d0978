/* SPDX-License-Identifier: BSD-3-Clause */
/* Nets as text. */
#include "lang/net_show.h"

#include "nets.h"

static void shows_a_line_for_each_stage(void **state) {
    (void)state;
    notebook_says("16 → conv(2, 3) → σ → flatten → 10 → softmax",
                  "16 → conv(2, 3) → σ → flatten → 10 → softmax\n"
                  "  conv(2, 3)  W1 2×9, b1 2×1    20\n  σ\n  flatten\n"
                  "  10          W2 10×8, b2 10×1  90\n  softmax\n110 parameters\n");
    notebook_says("f(x; a = 2, W = [1, 2]) = a*W*x\nf\nf.a = 3\nf",
                  "f(x; a = 2, W = [1, 2]) = a*W*x\nf(x; a = 2, W = [1, 2]) = a*W*x\n"
                  "  f  a, W 1×2  3\n3 parameters\n");
    notebook_says("1 → 1 → (x ↦ x²)",
                  "1 → 1 → (x ↦ x²)\n  1         W1, b1  2\n  (x ↦ x²)\n2 parameters\n");
}

static void shows_layers_as_they_are_written(void **state) {
    (void)state;
    notebook_says(
        "print(dense(3), dense(2, bias = false), conv(4, 3, step = 2, line = true), pool(3),"
        " dropout(0.2), embed(8), layernorm())",
        "dense(3) dense(2, bias = false) conv(4, 3, line = true, step = 2) pool(3) "
        "dropout(0.2) embed(8) layernorm\n");
    notebook_says(
        "f = 3 → embed(2, count = 9) → (6 → 5) → meanpool(2, line = true)\n\"{f[1]} | {f}\"",
        "\"3 → embed(2, count = 9) | 3 → embed(2, count = 9) → (6 → 5) → "
        "meanpool(2, line = true)\"\n");
}

static void shortens_long_lists(void **state) {
    (void)state;
    notebook nb;
    notebook_open(&nb);
    nets_run(&nb, "f(x; abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz = 1,"
                  " bbcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz = 2,"
                  " cbcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz = 3,"
                  " d = 4, e = 5, f = 6) = x\nf.f = 0\nf");
    assert_non_null(strstr(nb.out.data, "wxyz, d, … 2 more  6\n6 parameters\n"));
    notebook_close(&nb);
}

static void tells_what_training_left(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    dw_value told;
    dw_buf text;
    notebook_open(&nb);
    nets_run(&nb, "net = 1 → 1\nfacts = (loss = 3.6e-7, steps = 1500)");
    nb.eval.err = &err;
    assert_true(
        dw_net_with_facts(&nb.eval, nets_value(&nb, "net"), nets_value(&nb, "facts"), &told));
    dw_buf_init(&text, &nb.own);
    dw_net_show_summary(&text, told);
    assert_string_equal(text.data,
                        "1 → 1\n  1  W1, b1  2\n2 parameters, loss 3.6e-07 after 1500 steps");
    dw_buf_clear(&text);
    dw_net_show_names(&text, told);
    assert_string_equal(text.data, "W1, b1, loss, steps");
    dw_buf_clear(&text);
    dw_net_show_from(&text, told, 7);
    assert_string_equal(text.data, "7 → 1");
    dw_buf_free(&text);
    dw_value_release(told);
    notebook_close(&nb);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_a_line_for_each_stage),
        cmocka_unit_test(shows_layers_as_they_are_written),
        cmocka_unit_test(shortens_long_lists),
        cmocka_unit_test(tells_what_training_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
