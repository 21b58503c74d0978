/* SPDX-License-Identifier: BSD-3-Clause */
/* What layers measure over the training data. */
#include "lang/net_measure.h"

#include "nets.h"

/* Samples 1, 2, 3 … as one row. */
static dw_tensor *samples(notebook *nb, size_t count) {
    dw_err err = {0};
    dw_tensor *t = dw_tensor_raw(&nb->mem, 1, count, &err);
    assert_non_null(t);
    for (size_t i = 0; i < count; i++)
        t->data[i] = (double)(i + 1);
    return t;
}

/* A net with batchnorm in two places and one without, over 3 samples. */
static void fills_in_mean_and_variance(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    dw_value net = nets_get(&nb, "net = 1 → batchnorm → (1 → batchnorm)", "net"), out, again;
    dw_tensor *three = samples(&nb, 3);
    nb.eval.err = &err;
    assert_true(dw_net_measure_inputs(&nb.eval, net, three, &out));
    const dw_function *first = out.as.function->values[0].as.function;
    assert_true(first->values[2].as.number == 2);
    assert_true(first->values[3].as.number > 0.66 && first->values[3].as.number < 0.67);
    assert_true(net.as.function->values[0].as.function->values[2].as.number == 0);
    assert_false(nb.eval.training || nb.eval.trace != NULL || nb.eval.notes != NULL);
    assert_true(dw_net_measure_inputs(&nb.eval, out, three, &again));
    assert_true(dw_value_same(out, again));
    dw_value_release(again);
    dw_value_release(out);
    dw_value plain = nets_get(&nb, "plain = 1 → 2 → 1", "plain");
    nb.eval.err = &err;
    assert_true(dw_net_measure_inputs(&nb.eval, plain, three, &out));
    assert_ptr_equal(out.as.function, plain.as.function);
    dw_value_release(out);
    dw_tensor_release(three);
    notebook_close(&nb);
}

/* Of very many samples the first ones. */
static void takes_a_limited_number(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    dw_value net = nets_get(&nb, "net = 1 → batchnorm", "net"), out;
    dw_tensor *many = samples(&nb, DW_NET_MEASURE_MOST + 100);
    nb.eval.err = &err;
    assert_true(dw_net_measure_inputs(&nb.eval, net, many, &out));
    double mean = out.as.function->values[0].as.function->values[2].as.number;
    assert_true(mean == (DW_NET_MEASURE_MOST + 1) / 2.0);
    dw_value_release(out);
    dw_tensor_release(many);
    notebook_close(&nb);
}

static void survives_starving(void **state) {
    (void)state;
    for (long n = 1;; n++) {
        notebook nb;
        dw_err err = {0};
        notebook_open(&nb);
        dw_value net = nets_get(&nb, "net = 1 → 2 → batchnorm → 1", "net"), out;
        dw_tensor *three = samples(&nb, 3);
        nb.eval.err = &err;
        nb.mem.fail_at = n;
        bool fine = dw_net_measure_inputs(&nb.eval, net, three, &out),
             reached = nb.mem.fail_at == 0;
        nb.mem.fail_at = 0;
        assert_true(fine || err.kind == DW_ERR_MEMORY);
        if (fine)
            dw_value_release(out);
        dw_tensor_release(three);
        notebook_close(&nb);
        if (!reached)
            return;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_in_mean_and_variance),
        cmocka_unit_test(takes_a_limited_number),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
