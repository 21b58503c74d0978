/* SPDX-License-Identifier: BSD-3-Clause */
/* Softmax by its definition, without overflow, with its derivatives, for each sample. */
#include "graph/softmax.h"

#include "graphs.h"

static dw_mem mem;

typedef bool (*made)(dw_graph *g, dw_graph_id x, dw_graph_id *out, dw_err *err);
static const made all[] = {dw_softmax_shares, dw_softmax_logs, dw_softmax_log_sum};

static dw_graph_id make(dw_graph *g, made f, dw_graph_id x) {
    dw_err err = {0};
    dw_graph_id id;
    assert_true(f(g, x, &id, &err));
    return id;
}

static dw_graph *new_graph(void) {
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    assert_non_null(g);
    return g;
}

static void columns_become_shares(void **state) {
    (void)state;
    static const size_t shapes[][2] = {{4, 1}, {1, 4}, {3, 2}, {2, 5}, {1, 1}};
    dw_rng rng = dw_rng_seed(3);
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
        double x[10], shares[10], logs[10], sums[5];
        const double *inputs[] = {x};
        size_t rows = shapes[k][0], columns = shapes[k][1];
        dw_graph *g = new_graph();
        dw_graph_id in = input(g, 0, rows, columns);
        for (size_t i = 0; i < rows * columns; i++)
            x[i] = between(&rng, -3, 3);
        evaluate(&mem, g, make(g, dw_softmax_shares, in), inputs, shares);
        evaluate(&mem, g, make(g, dw_softmax_logs, in), inputs, logs);
        evaluate(&mem, g, make(g, dw_softmax_log_sum, in), inputs, sums);
        if (rows == 1) {
            rows = columns;
            columns = 1;
        }
        for (size_t j = 0; j < columns; j++) {
            double sum = 0;
            for (size_t i = 0; i < rows; i++)
                sum += exp(x[i * columns + j]);
            assert_true(fabs(sums[j] - log(sum)) < 1e-14);
            for (size_t i = j; i < rows * columns; i += columns) {
                assert_true(fabs(shares[i] - exp(x[i]) / sum) < 1e-15);
                assert_true(fabs(logs[i] - (x[i] - log(sum))) < 1e-14);
            }
        }
        dw_graph_free(&g);
    }
}

static void large_numbers_do_not_overflow(void **state) {
    (void)state;
    const double x[3] = {1000, 0, 999}, *inputs[] = {x};
    double out[3], sum;
    dw_graph *g = new_graph();
    dw_graph_id in = input(g, 0, 3, 1);
    evaluate(&mem, g, make(g, dw_softmax_shares, in), inputs, out);
    assert_true(out[1] == 0 && fabs(out[0] - 1 / (1 + exp(-1))) < 1e-15);
    evaluate(&mem, g, make(g, dw_softmax_logs, in), inputs, out);
    assert_true(fabs(out[1] + 1000 + log(1 + exp(-1))) < 1e-12);
    evaluate(&mem, g, make(g, dw_softmax_log_sum, in), inputs, &sum);
    assert_true(fabs(sum - 1000 - log(1 + exp(-1))) < 1e-12);
    dw_graph_free(&g);
}

/* First and second derivatives against differences, two samples. */
static void derivatives_are_right(void **state) {
    (void)state;
    enum { SAMPLES = 2 };
    static const size_t shapes[][2] = {{4, 1}, {3, 2}};
    dw_rng rng = dw_rng_seed(4);
    for (size_t k = 0; k < 6; k++) {
        dw_err err = {0};
        dw_op_shape shape = {shapes[k / 3][0], shapes[k / 3][1], SAMPLES};
        double x[12], found[12], above, below;
        const double *inputs[] = {x};
        dw_graph *g = new_graph();
        dw_graph_id in, z, y, first;
        size_t n = shape.rows * shape.columns * SAMPLES;
        assert_true(dw_graph_input(g, 0, shape, &in, &err));
        for (size_t i = 0; i < n; i++)
            x[i] = between(&rng, -1, 1);
        z = make(g, all[k % 3], in);
        for (int order = 1; order <= 2; order++) {
            y = sum(g, times(g, z, noise(g, &mem, &rng, z)));
            assert_true(dw_graph_batch_sum(g, y, &y, &err));
            first = gradient(g, y, in);
            evaluate(&mem, g, first, inputs, found);
            for (size_t i = 0; i < n; i++) {
                double at = x[i];
                x[i] = at + 1e-5;
                evaluate(&mem, g, y, inputs, &above);
                x[i] = at - 1e-5;
                evaluate(&mem, g, y, inputs, &below);
                x[i] = at;
                assert_true(fabs(found[i] - (above - below) / 2e-5) < 1e-8);
            }
            z = first;
        }
        dw_graph_free(&g);
    }
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_err err = {0};
        dw_graph *g = new_graph();
        dw_graph_id x = input(g, 0, 3, 2), y;
        mem.fail_at = n;
        done = dw_softmax_logs(g, x, &y, &err);
        mem.fail_at = 0;
        assert_true(done ? n > 5 : err.kind == DW_ERR_MEMORY);
        dw_graph_free(&g);
    }
}

static int nothing_is_left(void **state) {
    (void)state;
    return mem.used != 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(columns_become_shares, nothing_is_left),
        cmocka_unit_test_teardown(large_numbers_do_not_overflow, nothing_is_left),
        cmocka_unit_test_teardown(derivatives_are_right, nothing_is_left),
        cmocka_unit_test_teardown(lack_of_memory_is_an_error, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
