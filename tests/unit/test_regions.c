/* SPDX-License-Identifier: BSD-3-Clause */
/* Regions of the plane: areas, planes, joined parts, and nets by what they do inside. */
#include "nets/regions.h"

#include "graphs.h"

static dw_regions regions_of(dw_mem *mem, dw_graph *g, dw_graph_id z) {
    dw_err err = {0};
    dw_regions regions;
    dw_pieces *pieces = dw_pieces_new(mem, g, z, 2, &err);
    assert_non_null(pieces);
    if (!dw_regions_find(mem, pieces, (double[]){-1, 1, -1, 1}, NULL, &regions, &err))
        fail_msg("%s", err.text);
    dw_pieces_free(&pieces);
    return regions;
}

static double area_of(const dw_regions *r) {
    double sum = 0;
    for (size_t i = 0; i < r->part_count; i++)
        sum += r->parts[i].area;
    return sum;
}

static void lines_cut_the_square(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    dw_graph_id x = input(g, 0, 1, 1), y = input(g, 1, 1, 1);
    dw_regions r = regions_of(&mem, g, pair(g, DW_ELEM_SUBTRACT, x, y));
    assert_int_equal(r.count, 1);
    assert_int_equal(r.parts[0].count, 4);
    assert_true(r.parts[0].area == 4 && r.parts[0].plane.slope[1] == -1);
    dw_regions_free(&r);
    r = regions_of(&mem, g, pair(g, DW_ELEM_MAX, x, y));
    assert_int_equal(r.count, 2);
    assert_true(fabs(r.parts[0].area - 2) < 1e-14 && fabs(r.parts[1].area - 2) < 1e-14);
    assert_int_equal(r.parts[0].count, 3);
    dw_regions_free(&r);
    r = regions_of(&mem, g, pair(g, DW_ELEM_ADD, map(g, DW_ELEM_ABS, x), map(g, DW_ELEM_RELU, y)));
    assert_int_equal(r.count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(r.parts[i].area - 1) < 1e-14);
    dw_regions_free(&r);
    dw_graph_free(&g);
    assert_int_equal(mem.used, 0);
}

static void neighbours_with_one_plane_are_one_region(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_err err = {0};
    dw_graph *g = dw_graph_new(&mem, &err);
    dw_graph_id x = input(g, 0, 1, 1), y = input(g, 1, 1, 1), ramp = map(g, DW_ELEM_RELU, x);
    dw_graph_id gone = times(g, ramp, number(g, 0));
    dw_regions r = regions_of(&mem, g, pair(g, DW_ELEM_ADD, gone, map(g, DW_ELEM_RELU, y)));
    assert_int_equal(r.count, 2);
    dw_regions_free(&r);
    /* relu(x) - relu(-x) = x has hinges that cancel; beside it a fold along y */
    dw_graph_id back = map(g, DW_ELEM_RELU, map(g, DW_ELEM_NEGATE, x));
    dw_graph_id same = pair(g, DW_ELEM_SUBTRACT, ramp, back);
    r = regions_of(&mem, g, pair(g, DW_ELEM_ADD, same, map(g, DW_ELEM_ABS, y)));
    assert_int_equal(r.count, 2);
    assert_int_equal(r.part_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(r.parts[i].region, i / 2);
    dw_regions_free(&r);
    /* relu(x)*relu(y) would be a curve; min(relu(x), relu(y)) is 0 on an L, which is one region */
    r = regions_of(&mem, g, pair(g, DW_ELEM_MIN, ramp, map(g, DW_ELEM_RELU, y)));
    assert_int_equal(r.count, 3);
    dw_regions_free(&r);
    /* the same plane on both sides of another stays two */
    dw_graph_id strip = pair(g, DW_ELEM_MIN, map(g, DW_ELEM_ABS, x), number(g, 0.5));
    r = regions_of(&mem, g, strip);
    assert_int_equal(r.count, 4);
    dw_regions_free(&r);
    dw_graph_free(&g);
    assert_int_equal(mem.used, 0);
}

/* A net 2 → width → relu → width → relu → 1 of random numbers. */
static dw_graph_id net(dw_graph *g, dw_mem *mem, dw_rng *rng, size_t width) {
    dw_err err = {0};
    dw_graph_id h = input(g, 0, 2, 1);
    for (int layer = 0; layer < 3; layer++) {
        size_t rows = layer < 2 ? width : 1, columns = layer == 0 ? 2 : width;
        dw_tensor *w = random_tensor(mem, rng, rows, columns),
                  *b = random_tensor(mem, rng, rows, 1);
        dw_graph_id weights, shift;
        assert_true(dw_graph_constant(g, w, &weights, &err));
        assert_true(dw_graph_constant(g, b, &shift, &err));
        assert_true(dw_graph_product(g, weights, h, &h, &err));
        h = pair(g, DW_ELEM_ADD, h, shift);
        h = layer < 2 ? map(g, DW_ELEM_RELU, h) : h;
        dw_tensor_release(w);
        dw_tensor_release(b);
    }
    return h;
}

static double run_net(dw_plan *plan, const double x[2]) {
    dw_err err = {0};
    double y, *out = &y;
    const double *in = x;
    assert_true(dw_plan_run(plan, &in, &out, NULL, &err));
    return y;
}

static void nets_are_planes_inside(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        dw_mem mem = {0};
        dw_err err = {0};
        dw_rng rng = dw_rng_seed(seed);
        dw_graph *g = dw_graph_new(&mem, &err);
        dw_graph_id z = net(g, &mem, &rng, 2 + 2 * (size_t)seed);
        dw_plan *plan = dw_plan_new(&mem, g, &z, 1, &err);
        dw_regions r = regions_of(&mem, g, z);
        assert_in_range(r.count, 2, 5000);
        assert_true(fabs(area_of(&r) - 4) < 1e-10);
        for (size_t i = 0; i < r.part_count; i++) {
            const dw_regions_part *part = &r.parts[i];
            for (size_t k = 0; k < part->count; k++) {
                const double *corner = r.corners + 2 * (part->first + k);
                double at[2] = {0.9 * corner[0] + 0.1 * part->centre[0],
                                0.9 * corner[1] + 0.1 * part->centre[1]};
                double want = part->plane.value + part->plane.slope[0] * (at[0] - part->centre[0]) +
                              part->plane.slope[1] * (at[1] - part->centre[1]);
                assert_true(fabs(run_net(plan, at) - want) < 1e-11);
            }
        }
        dw_regions_free(&r);
        dw_plan_free(&plan);
        dw_graph_free(&g);
        assert_int_equal(mem.used, 0);
    }
}

static void gives_up_without_leaks(void **state) {
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        dw_mem mem = {0};
        dw_err err = {0};
        dw_rng rng = dw_rng_seed(2);
        dw_regions r;
        dw_graph *g = dw_graph_new(&mem, &err);
        dw_graph_id z = net(g, &mem, &rng, 4);
        dw_pieces *pieces = dw_pieces_new(&mem, g, z, 2, &err);
        const double box[4] = {-1, 1, -1, 1};
        mem.fail_at = n;
        done = dw_regions_find(&mem, pieces, box, NULL, &r, &err);
        if (!done)
            assert_int_equal(err.kind, DW_ERR_MEMORY);
        mem.fail_at = 0;
        dw_regions_free(&r);
        dw_cancel cancel = {.running = 3, .cancelled = 3};
        err = (dw_err){0};
        assert_false(dw_regions_find(&mem, pieces, box, &cancel, &r, &err));
        assert_int_equal(err.kind, DW_ERR_INTERRUPT);
        dw_regions_free(&r);
        dw_pieces_free(&pieces);
        dw_graph_free(&g);
        assert_int_equal(mem.used, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_cut_the_square),
        cmocka_unit_test(neighbours_with_one_plane_are_one_region),
        cmocka_unit_test(nets_are_planes_inside),
        cmocka_unit_test(gives_up_without_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
