/* SPDX-License-Identifier: BSD-3-Clause */
/* Surfaces, contours, borders of regions. */
#include "picture.h"

static void two_numbers_and_one_column_are_the_same(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value a = picture_value(&c, NULL, "contour((x, y) ↦ x + 10*y, 0..1, 2..4)");
    dw_value b = picture_value(&c, NULL, "contour(θ ↦ θ[1] + 10*θ[2], 0..1, 2..4)");
    const dw_series *s = picture_series(a, 0), *t = picture_series(b, 0);
    assert_true(s->rows == t->rows && s->columns == t->columns && s->rows > 20);
    assert_memory_equal(s->column[2], t->column[2], s->rows * s->columns * sizeof(double));
    assert_true(s->column[2][0] == 20);
    assert_true(s->column[2][s->rows * s->columns - 1] == 41);
    /* The middle is among the places. */
    assert_int_equal(s->rows % 2, 1);
    dw_value_release(a);
    dw_value_release(b);
    cell_close(&c);
}

static void borders_lie_where_the_test_changes(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, NULL,
                               "contour((x, y) ↦ x*y, region((x, y) ↦ x² + y² < 1), -2..2, -2..2)");
    const dw_series *s = picture_series(v, 1);
    assert_int_equal(s->mark, DW_MARK_BORDER);
    assert_true(s->count > 50);
    for (size_t i = 0; i < s->count; i++)
        assert_true(fabs(hypot(s->column[0][i], s->column[1][i]) - 1) < 2e-3);
    dw_value_release(v);
    v = picture_value(&c, NULL, "contour((x, y) ↦ x*y, region((x, y) ↦ true), -2..2, -2..2)");
    assert_int_equal(picture_series(v, 1)->count, 0);
    dw_value_release(v);
    cell_close(&c);
}

static void marks_are_lifted_onto_surfaces(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v =
        picture_value(&c, NULL, "surface((x, y) ↦ x + y, points([1, 2], [0, 1]), -3..3, -3..3)");
    const dw_series *s = picture_series(v, 1);
    assert_true(s->column[2][0] == 1 && s->column[2][1] == 3);
    dw_value_release(v);
    cell_close(&c);
}

static void wrong_answers_are_told(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_refuse(&c, "contour((x, y) ↦ [x, y], -1..1)", DW_ERR_TYPE, "whose value is a number");
    cell_refuse(&c, "contour((x, y) ↦ x, region((x, y) ↦ x), -1..1)", DW_ERR_TYPE,
                "whose value is true or false");
    cell_refuse(&c, "contour([1, 2, 3])", DW_ERR_TYPE, "contour needs a function of two numbers");
    cell_refuse(&c, "contour((x, y) ↦ x, line(sin), -1..1)", DW_ERR_PLOT, "a map shows one");
    cell_refuse(&c, "surface((x, y) ↦ x, vline(0), -1..1)", DW_ERR_PLOT, "on a surface stand");
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_numbers_and_one_column_are_the_same),
        cmocka_unit_test(borders_lie_where_the_test_changes),
        cmocka_unit_test(marks_are_lifted_onto_surfaces),
        cmocka_unit_test(wrong_answers_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
