/* SPDX-License-Identifier: BSD-3-Clause */
/* Histograms and images. */
#include "picture.h"

static void every_number_is_in_one_bin(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, "v = sample(normal(0, 1), 1000)", "hist(v)");
    const dw_series *s = picture_series(v, 0);
    double sum = 0;
    for (size_t i = 0; i < s->count; i++)
        sum += s->column[1][i];
    assert_true(sum == 1000);
    assert_in_range(s->count, 10, 60);
    assert_string_equal(picture_figure(v)->x.label, "v");
    dw_value_release(v);
    cell_close(&c);
}

static void whole_numbers_and_lumps_stand_in_the_middle_of_their_bars(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, NULL, "hist([1, 2, 2, 5])");
    const dw_series *s = picture_series(v, 0);
    assert_int_equal(s->count, 5);
    assert_true(s->column[0][1] == 2 && s->column[1][1] == 2 && s->column[2][1] == 1);
    dw_value_release(v);
    v = picture_value(&c, NULL, "hist([-1.0001, -0.9999, -1, 2.0001, 1.9999, 2, 2, 2])");
    s = picture_series(v, 0);
    size_t filled = 0;
    for (size_t i = 0; i < s->count; i++)
        filled += s->column[1][i] > 0 ? 1 : 0;
    assert_int_equal(filled, 2);
    dw_value_release(v);
    v = picture_value(&c, NULL, "hist([3, 3, 3], title = \"t\")");
    assert_int_equal(picture_series(v, 0)->count, 1);
    dw_value_release(v);
    v = picture_value(&c, NULL, "hist(0..10, bins = 4)");
    assert_int_equal(picture_series(v, 0)->count, 4);
    assert_true(picture_series(v, 0)->column[1][3] == 3);
    dw_value_release(v);
    cell_close(&c);
}

static void bins_are_equal_on_a_logarithmic_axis(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, NULL, "hist([1, 10, 100, 1000, -5], bins = 3, log = \"x\")");
    const dw_series *s = picture_series(v, 0);
    for (size_t i = 0; i < 3; i++) {
        double lo = s->column[0][i] - s->column[2][i] / 2;
        double hi = s->column[0][i] + s->column[2][i] / 2;
        assert_true(fabs(hi / lo - 10) < 1e-9);
    }
    assert_true(s->column[1][0] + s->column[1][1] + s->column[1][2] == 4);
    dw_value_release(v);
    cell_refuse(&c, "hist([-1, 0], log = \"x\")", DW_ERR_PLOT, "numbers above 0");
    cell_close(&c);
}

static void odd_values_are_told(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_refuse(&c, "hist([])", DW_ERR_PLOT, "at least one finite number");
    cell_refuse(&c, "hist(log([-1, -2]))", DW_ERR_PLOT, "at least one finite number");
    cell_refuse(&c, "hist(\"abc\")", DW_ERR_TYPE, "hist needs numbers");
    cell_refuse(&c, "hist([1, 2], bins = 0.5)", DW_ERR_VALUE, "a whole number for bins");
    cell_refuse(&c, "show(3)", DW_ERR_TYPE, "show draws images");
    cell_refuse(&c, "show([\"a\"])", DW_ERR_SHAPE, "images of one size");
    cell_close(&c);
    cell_starve("hist([1, 2, 3])");
}

static void images_stand_side_by_side(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, NULL, "show([1, 2; 3, 4])");
    const dw_series *s = picture_series(v, 0);
    assert_true(s->rows == 2 && s->columns == 2 && s->column[2][1] == 2 && s->column[2][2] == 3);
    dw_value_release(v);
    /* Two columns of nine numbers are two images of 3×3. */
    v = picture_value(&c, "a = [1; 2; 3; 4; 5; 6; 7; 8; 9]", "show([a, 10*a])");
    s = picture_series(v, 0);
    assert_true(s->rows == 3 && s->columns == 7);
    assert_true(s->column[2][2] == 3 && isnan(s->column[2][3]) && s->column[2][4] == 10);
    assert_true(s->column[2][7] == 4);
    dw_value_release(v);
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_is_in_one_bin),
        cmocka_unit_test(whole_numbers_and_lumps_stand_in_the_middle_of_their_bars),
        cmocka_unit_test(bins_are_equal_on_a_logarithmic_axis),
        cmocka_unit_test(odd_values_are_told),
        cmocka_unit_test(images_stand_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
