/* SPDX-License-Identifier: BSD-3-Clause */
/* Decision trees: cuts against a search over all of them, leaves, limits, and no memory. */
#include "nets/tree.h"

#include "base/rng.h"

#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static dw_tree grow(dw_mem *mem, const dw_tree_data *data, size_t depth) {
    dw_err err = {0};
    dw_tree tree;
    if (!dw_tree_grow(mem, data, depth, NULL, &tree, &err))
        fail_msg("%s", err.text);
    return tree;
}

static void goes_through_different_points(void **state) {
    (void)state;
    dw_mem mem = {0};
    double x[50], y[50];
    dw_rng rng = dw_rng_seed(1);
    for (size_t i = 0; i < 50; i++) {
        x[i] = dw_rng_uniform(&rng);
        y[i] = dw_rng_normal(&rng);
    }
    dw_tree tree = grow(&mem, &(dw_tree_data){x, y, 50, 1, 0}, SIZE_MAX);
    assert_int_equal(tree.leaves, 50);
    assert_int_equal(tree.count, 99);
    for (size_t i = 0; i < 50; i++)
        assert_true(dw_tree_answer(tree.nodes, &x[i]) == y[i]);
    dw_mem_free(tree.nodes);
    assert_int_equal(mem.used, 0);
}

/* The sum of squared distances from the means of both sides of a cut. */
static double error_of(const double *x, const double *y, size_t n, size_t width, size_t input,
                       double below) {
    double sum[2] = {0, 0}, count[2] = {0, 0}, error = 0;
    for (size_t i = 0; i < n; i++) {
        int side = x[i * width + input] < below ? 0 : 1;
        sum[side] += y[i];
        count[side] += 1;
    }
    for (size_t i = 0; i < n; i++) {
        int side = x[i * width + input] < below ? 0 : 1;
        double gap = y[i] - sum[side] / count[side];
        error += gap * gap;
    }
    return count[0] > 0 && count[1] > 0 ? error : HUGE_VAL;
}

static void the_first_cut_is_the_best_of_all(void **state) {
    (void)state;
    dw_mem mem = {0};
    for (uint64_t seed = 0; seed < 40; seed++) {
        enum { N = 20, WIDTH = 3 };
        double x[N * WIDTH], y[N], best = HUGE_VAL;
        dw_rng rng = dw_rng_seed(seed);
        for (size_t i = 0; i < N * WIDTH; i++)
            x[i] = (double)dw_rng_below(&rng, 8);
        for (size_t i = 0; i < N; i++)
            y[i] = dw_rng_normal(&rng) + x[i * WIDTH + seed % WIDTH];
        for (size_t input = 0; input < WIDTH; input++)
            for (int below = 0; below < 8; below++)
                best = fmin(best, error_of(x, y, N, WIDTH, input, below + 0.5));
        dw_tree tree = grow(&mem, &(dw_tree_data){x, y, N, WIDTH, 0}, 1);
        assert_int_equal(tree.count, 3);
        double found =
            error_of(x, y, N, WIDTH, (size_t)tree.nodes[DW_TREE_INPUT], tree.nodes[DW_TREE_BELOW]);
        assert_true(fabs(found - best) < 1e-12 * best);
        dw_mem_free(tree.nodes);
    }
}

static void classes_are_told_apart_by_gini(void **state) {
    (void)state;
    dw_mem mem = {0};
    /* The second input separates 0 from the others; then the first separates 1 from 2. */
    const double x[] = {1, 1, 2, 1, 3, 1, 1, 5, 2, 5, 8, 5, 9, 5};
    const double y[] = {0, 0, 0, 1, 1, 2, 2};
    dw_tree tree = grow(&mem, &(dw_tree_data){x, y, 7, 2, 3}, SIZE_MAX);
    assert_int_equal(tree.leaves, 3);
    assert_int_equal(tree.depth, 2);
    for (size_t i = 0; i < 7; i++)
        assert_true(dw_tree_answer(tree.nodes, x + 2 * i) == y[i]);
    dw_mem_free(tree.nodes);
    /* No cut: the most frequent class, of equals the first. */
    tree = grow(&mem, &(dw_tree_data){x, y, 7, 2, 3}, 0);
    assert_int_equal(tree.count, 1);
    assert_true(tree.nodes[DW_TREE_ANSWER] == 0);
    dw_mem_free(tree.nodes);
}

static void exclusive_or_takes_two_cuts(void **state) {
    (void)state;
    dw_mem mem = {0};
    const double x[] = {0, 0, 0, 1, 1, 0, 1, 1}, y[] = {0, 1, 1, 0};
    for (size_t classes = 0; classes <= 2; classes += 2) {
        dw_tree tree = grow(&mem, &(dw_tree_data){x, y, 4, 2, classes}, SIZE_MAX);
        assert_int_equal(tree.depth, 2);
        for (size_t i = 0; i < 4; i++)
            assert_true(dw_tree_answer(tree.nodes, x + 2 * i) == y[i]);
        dw_mem_free(tree.nodes);
    }
}

static void equal_inputs_and_neighbours_in_the_last_digit(void **state) {
    (void)state;
    dw_mem mem = {0};
    const double same[] = {3, 3, 3}, y[] = {1, 2, 6};
    dw_tree tree = grow(&mem, &(dw_tree_data){same, y, 3, 1, 0}, SIZE_MAX);
    assert_int_equal(tree.count, 1);
    assert_true(tree.nodes[DW_TREE_ANSWER] == 3);
    dw_mem_free(tree.nodes);
    const double near[] = {1, 1 + 0x1p-52, 1 + 0x1p-51};
    tree = grow(&mem, &(dw_tree_data){near, y, 3, 1, 0}, SIZE_MAX);
    for (size_t i = 0; i < 3; i++)
        assert_true(dw_tree_answer(tree.nodes, &near[i]) == y[i]);
    dw_mem_free(tree.nodes);
    const double far[] = {-1.7e308, 1.7e308, 0};
    tree = grow(&mem, &(dw_tree_data){far, y, 3, 1, 0}, SIZE_MAX);
    for (size_t i = 0; i < 3; i++)
        assert_true(dw_tree_answer(tree.nodes, &far[i]) == y[i]);
    dw_mem_free(tree.nodes);
}

static void gives_up_without_leaks(void **state) {
    (void)state;
    double x[200], y[200];
    for (size_t i = 0; i < 200; i++) {
        x[i] = (double)i;
        y[i] = (double)(i * i % 7);
    }
    const dw_tree_data data = {x, y, 200, 1, 7};
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_mem mem = {.fail_at = n};
        dw_err err = {0};
        dw_tree tree;
        done = dw_tree_grow(&mem, &data, SIZE_MAX, NULL, &tree, &err);
        if (!done)
            assert_int_equal(err.kind, DW_ERR_MEMORY);
        dw_mem_free(tree.nodes);
        assert_int_equal(mem.used, 0);
    }
    dw_mem mem = {0};
    dw_err err = {0};
    dw_tree tree;
    dw_cancel cancel = {.running = 3, .cancelled = 3};
    assert_false(dw_tree_grow(&mem, &data, SIZE_MAX, &cancel, &tree, &err));
    assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    assert_int_equal(mem.used, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_through_different_points),
        cmocka_unit_test(the_first_cut_is_the_best_of_all),
        cmocka_unit_test(classes_are_told_apart_by_gini),
        cmocka_unit_test(exclusive_or_takes_two_cuts),
        cmocka_unit_test(equal_inputs_and_neighbours_in_the_last_digit),
        cmocka_unit_test(gives_up_without_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
