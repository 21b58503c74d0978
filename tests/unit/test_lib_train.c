/* SPDX-License-Identifier: BSD-3-Clause */
/* train as a whole; what it says and how nets come back is in tests/lang/meaning/train.dw. */
#include "cells.h"

static void examples_show_what_they_promise(void **state) {
    (void)state;
    cells_walk(dw_lib_train);
}

/* Every allocation of a training with all there is fails once. */
static void running_out_of_memory_is_told(void **state) {
    (void)state;
    cells_starve("t = table(a = 1..4, b = 2..5, y = [\"p\", \"q\", \"p\", \"q\"])\n"
                 "f = train(2 → 3 → dropout(0.1) → batchnorm → relu → 2 → softmax, t, steps = 2, "
                 "batch = 2, validate = 0.25, patience = 2, only = [\"W1\"])");
    cells_starve("t = windows(words(\"a b a c a b\"), 2)\n"
                 "f = train(embed(2) → 3 → softmax, t, steps = 1, validate = t)");
    cells_starve("g(x; a = 1) = do\n  y = a*x\n  if x > 1\n    y = y + 1\n  end\n  y\nend\n"
                 "f = train(g, table(x = 1..3, y = 1..3), steps = 1, optimizer = \"lbfgs\")");
}

/* Large nets take their steps in threads, with the same bits. */
static void threads_change_nothing(void **state) {
    (void)state;
    char shown[2][64];
    for (unsigned threads = 1; threads <= 2; threads++) {
        cell c;
        dw_err err = {0};
        dw_mem mem = {0};
        dw_buf out;
        cell_open(&c);
        dw_buf_init(&out, &mem);
        c.eval.pool = dw_pool_new(&mem, threads, &err);
        assert_true(cells_run(&c,
                              "seed(1)\nt = table(x = 1..4, y = 1..4)\n"
                              "f = train(1 → 400 → tanh → 400 → tanh → 1, t, steps = 3)\n"
                              "\"{sum(params(f)):17}\"",
                              &out, &err));
        assert_true(out.size < sizeof shown[0]);
        strcpy(shown[threads - 1], out.data);
        dw_pool_free(&c.eval.pool);
        dw_buf_free(&out);
        cell_close(&c);
    }
    assert_string_equal(shown[0], shown[1]);
}

static void words_come_with_every_table(void **state) {
    (void)state;
    cells_expect("seed(1)\nt = windows(words(\"a b a c a b\"), 2)\n"
                 "v = windows(words(\"d a b d\"), 2)\n"
                 "f = train(embed(2) → 4 → softmax, t, steps = 3, validate = v)\ncount(f([\"d\", "
                 "\"a\"]))",
                 "4");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(running_out_of_memory_is_told),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(words_come_with_every_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
