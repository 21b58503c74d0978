/* SPDX-License-Identifier: BSD-3-Clause */
/* Kinks of functions that have known ones, and of nets by what the nets do between them. */
#include "nets/kinks.h"

#include "graphs.h"

static dw_kinks kinks_of(dw_mem *mem, dw_graph *g, dw_graph_id y, double lo, double hi) {
    dw_err err = {0};
    dw_kinks kinks;
    dw_pieces *pieces = dw_pieces_new(mem, g, y, 1, &err);
    assert_non_null(pieces);
    if (!dw_kinks_find(mem, pieces, (double[]){lo, hi}, NULL, &kinks, &err))
        fail_msg("%s", err.text);
    dw_pieces_free(&pieces);
    return kinks;
}

static void expect_kinks(dw_mem *mem, dw_graph *g, dw_graph_id y, const double *want,
                         size_t count) {
    dw_kinks kinks = kinks_of(mem, g, y, -1, 2);
    assert_int_equal(kinks.count, count);
    for (size_t i = 0; i < count; i++)
        assert_true(fabs(kinks.places[i] - want[i]) < 1e-15);
    dw_mem_free(kinks.places);
}

static void known_ones(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    dw_graph_id x = input(g, 0, 1, 1), choice;
    dw_graph_id ramp = map(g, DW_ELEM_RELU, x);
    dw_graph_id down = map(g, DW_ELEM_RELU, map(g, DW_ELEM_NEGATE, x));
    dw_graph_id late = map(g, DW_ELEM_RELU, pair(g, DW_ELEM_SUBTRACT, x, number(g, 1)));
    expect_kinks(&mem, g, ramp, (double[]){0}, 1);
    expect_kinks(&mem, g, pair(g, DW_ELEM_ADD, late, ramp), (double[]){0, 1}, 2);
    /* a fold in a fold: ||x| - 1/2| */
    expect_kinks(
        &mem, g,
        map(g, DW_ELEM_ABS, pair(g, DW_ELEM_SUBTRACT, map(g, DW_ELEM_ABS, x), number(g, 0.5))),
        (double[]){-0.5, 0, 0.5}, 3);
    /* hinges that cancel, that nothing depends on, and at an end */
    expect_kinks(&mem, g, pair(g, DW_ELEM_SUBTRACT, ramp, down), NULL, 0);
    expect_kinks(&mem, g, pair(g, DW_ELEM_MAX, ramp, number(g, -1)), (double[]){0}, 1);
    expect_kinks(&mem, g, pair(g, DW_ELEM_MIN, late, number(g, 0)), NULL, 0);
    expect_kinks(&mem, g, map(g, DW_ELEM_RELU, pair(g, DW_ELEM_ADD, x, number(g, 1))), NULL, 0);
    /* a jump of the same slope on both sides */
    assert_true(dw_graph_choose(g, pair(g, DW_ELEM_GREATER, x, number(g, 0.25)), x,
                                pair(g, DW_ELEM_ADD, x, number(g, 3)), &choice, &err));
    expect_kinks(&mem, g, choice, (double[]){0.25}, 1);
    expect_kinks(&mem, g, map(g, DW_ELEM_FLOOR, times(g, x, number(g, 2))),
                 (double[]){-0.5, 0, 0.5, 1, 1.5}, 5);
    dw_graph_free(&g);
    assert_int_equal(mem.used, 0);
}

/* A net 1 → width → relu → … → 1 of random numbers. */
static dw_graph_id net(dw_graph *g, dw_mem *mem, dw_rng *rng, size_t width, int depth) {
    dw_err err = {0};
    dw_graph_id h = input(g, 0, 1, 1);
    for (int layer = 0; layer <= depth; layer++) {
        size_t rows = layer < depth ? width : 1, columns = layer == 0 ? 1 : width;
        dw_tensor *w = random_tensor(mem, rng, rows, columns),
                  *b = random_tensor(mem, rng, rows, 1);
        dw_graph_id weights, shift;
        assert_true(dw_graph_constant(g, w, &weights, &err));
        assert_true(dw_graph_constant(g, b, &shift, &err));
        assert_true(dw_graph_product(g, weights, h, &h, &err));
        h = pair(g, DW_ELEM_ADD, h, shift);
        h = layer < depth ? map(g, DW_ELEM_RELU, h) : h;
        dw_tensor_release(w);
        dw_tensor_release(b);
    }
    return h;
}

static double run_net(dw_plan *plan, double x) {
    dw_err err = {0};
    double y;
    const double *in = &x;
    double *out = &y;
    assert_true(dw_plan_run(plan, &in, &out, NULL, &err));
    return y;
}

/* Between kinks the net is straight, and at each of them it bends. */
static void nets_are_straight_between(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        dw_mem mem = {0};
        dw_err err = {0};
        dw_rng rng = dw_rng_seed(seed);
        dw_graph *g = dw_graph_new(&mem, &err);
        dw_graph_id y = net(g, &mem, &rng, 3 * (size_t)seed, 1 + (int)seed % 3);
        dw_plan *plan = dw_plan_new(&mem, g, &y, 1, &err);
        dw_kinks k = kinks_of(&mem, g, y, -1, 2);
        double scale = fabs(run_net(plan, -1)) + fabs(run_net(plan, 2)) + 1;
        for (size_t i = 0; i <= k.count; i++) {
            double a = i == 0 ? -1 : k.places[i - 1], b = i == k.count ? 2 : k.places[i];
            assert_true(a < b);
            double middle = run_net(plan, (a + b) / 2);
            double bend = fabs(middle - (run_net(plan, a) + run_net(plan, b)) / 2);
            assert_true(bend < 1e-13 * scale);
            if (i == k.count)
                continue;
            double c = i + 1 == k.count ? 2 : k.places[i + 1];
            double step = 0.49 * fmin(b - a, c - b);
            double left = (run_net(plan, b) - run_net(plan, b - step)) / step;
            double right = (run_net(plan, b + step) - run_net(plan, b)) / step;
            if (step > 1e-6)
                assert_true(fabs(right - left) > 1e-9);
        }
        dw_mem_free(k.places);
        dw_plan_free(&plan);
        dw_graph_free(&g);
        assert_int_equal(mem.used, 0);
    }
}

/* Every hinge of a net with one layer is where W*x + b = 0, unless its way out is 0. */
static void one_layer_has_its_hinges(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_rng rng = dw_rng_seed(9);
    dw_graph *g = dw_graph_new(&mem, &err);
    dw_graph_id y = net(g, &mem, &rng, 40, 1);
    const double *w = NULL, *b = NULL;
    for (dw_graph_id i = 0; i < dw_graph_count(g); i++) {
        const dw_graph_node *node = dw_graph_at(g, i);
        if (node->op == DW_OP_CONSTANT && node->rows == 40) {
            b = w != NULL && b == NULL ? node->value->data : b;
            w = w == NULL ? node->value->data : w;
        }
    }
    assert_non_null(b);
    dw_kinks k = kinks_of(&mem, g, y, -1, 2);
    size_t inside = 0;
    for (size_t i = 0; i < 40; i++) {
        double place = -b[i] / w[i], nearest = 1;
        if (!(place > -1 && place < 2))
            continue;
        inside++;
        for (size_t j = 0; j < k.count; j++)
            nearest = fmin(nearest, fabs(k.places[j] - place));
        assert_true(nearest < 1e-14);
    }
    assert_int_equal(k.count, inside);
    dw_mem_free(k.places);
    dw_graph_free(&g);
}

static void gives_up_without_leaks(void **state) {
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_mem mem = {0};
        dw_err err = {0};
        dw_rng rng = dw_rng_seed(3);
        dw_kinks k;
        dw_graph *g = dw_graph_new(&mem, &err);
        dw_graph_id y = net(g, &mem, &rng, 30, 1);
        dw_pieces *pieces = dw_pieces_new(&mem, g, y, 1, &err);
        mem.fail_at = n;
        done = dw_kinks_find(&mem, pieces, (double[]){-1, 2}, NULL, &k, &err);
        if (!done)
            assert_int_equal(err.kind, DW_ERR_MEMORY);
        mem.fail_at = 0;
        dw_mem_free(k.places);
        dw_cancel cancel = {.running = 3, .cancelled = 3};
        err = (dw_err){0};
        assert_false(dw_kinks_find(&mem, pieces, (double[]){-1, 2}, &cancel, &k, &err));
        assert_int_equal(err.kind, DW_ERR_INTERRUPT);
        dw_pieces_free(&pieces);
        dw_graph_free(&g);
        assert_int_equal(mem.used, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_ones),
        cmocka_unit_test(nets_are_straight_between),
        cmocka_unit_test(one_layer_has_its_hinges),
        cmocka_unit_test(gives_up_without_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
