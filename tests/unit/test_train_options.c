/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of train and what is said about wrong ones. */
#include "lang/train_options.h"

#include "cells.h"

#define TRAIN(options) "train(1 → 1, table(x = 1..2, y = 1..2), " options ")"

static void wrong_options_are_told(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_refuse(&c, TRAIN("optimizer = \"adm\""), DW_ERR_VALUE, "there are sgd, momentum");
    cell_refuse(&c, TRAIN("optimizer = 3"), DW_ERR_TYPE, "optimizer");
    cell_refuse(&c, TRAIN("schedule = \"cos\""), DW_ERR_VALUE, "there are constant, cosine");
    cell_refuse(&c, TRAIN("precision = \"half\""), DW_ERR_VALUE, "\"double\" or \"single\"");
    cell_refuse(&c, TRAIN("rate = 0/0"), DW_ERR_VALUE, "above 0");
    cell_refuse(&c, TRAIN("rate = inf"), DW_ERR_VALUE, "above 0");
    cell_refuse(&c, TRAIN("decay = -1"), DW_ERR_VALUE, "from 0 on");
    cell_refuse(&c, TRAIN("steps = 1.5"), DW_ERR_VALUE, "steps");
    cell_refuse(&c, TRAIN("every = 0"), DW_ERR_VALUE, "every");
    cell_refuse(&c, TRAIN("patience = 0, validate = 0.5"), DW_ERR_VALUE, "patience");
    cell_refuse(&c, TRAIN("patience = 4"), DW_ERR_VALUE, "add validate = 0.2");
    cell_refuse(&c, TRAIN("optimizer = \"lbfgs\", precision = \"single\""), DW_ERR_VALUE,
                "leave out precision");
    cell_close(&c);
}

static void words_are_read(void **state) {
    (void)state;
    for (dw_optimizer o = 0; o < DW_OPTIMIZERS; o++) {
        char source[200];
        cell c;
        cell_open(&c);
        strcpy(source, "train(1 → 1, table(x = 1..2, y = 1..2), steps = 3, optimizer = \"");
        strcat(strcat(source, dw_update_word(o)), "\").steps <= 3");
        cell_expect(&c, source, "true");
        cell_close(&c);
    }
    for (dw_schedule s = 0; s < DW_SCHEDULES; s++) {
        char source[200];
        cell c;
        cell_open(&c);
        strcpy(source, "train(1 → 1, table(x = 1..2, y = 1..2), steps = 3, schedule = \"");
        strcat(strcat(source, dw_schedule_word(s)), "\").steps");
        cell_expect(&c, source, "3");
        cell_close(&c);
    }
}

static void seeds_repeat(void **state) {
    (void)state;
    cells_expect("t = table(x = 1..9, y = x ↦ x²)\nn = 1 → 3 → tanh → 1\n"
                 "a(s) = train(n, t, batch = 2, steps = 5, seed = s).loss\n"
                 "[a(1) == a(1), a(1) == a(2), a(-1) == a(1), a(0.5) == a(0)]",
                 "[true, false, false, true]");
    cells_expect("t = table(x = 1..9, y = x ↦ x²)\nn = 1 → 3 → tanh → 1\nseed(3)\n"
                 "a = train(n, t, batch = 2, steps = 5).loss\n"
                 "b = train(n, t, batch = 2, steps = 5).loss\nseed(3)\n"
                 "[a == b, a == train(n, t, batch = 2, steps = 5).loss]",
                 "[false, true]");
    cells_expect("t = table(x = 1..9, y = x ↦ x²)\nn = 1 → 3 → tanh → 1\n"
                 "train(n, t, validate = 0.2, patience = inf, steps = 9).steps",
                 "9");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_options_are_told),
        cmocka_unit_test(words_are_read),
        cmocka_unit_test(seeds_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
