/* SPDX-License-Identifier: BSD-3-Clause */
/* Images moved and drawn. */
#include "picture.h"

static void examples_show_what_they_promise(void **state) {
    (void)state;
    cell_walk(dw_lib_image);
}

static void images_move(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "shift([1, 2; 3, 4], 0, 0)", "[1, 2;\n 3, 4]");
    cell_expect(&c, "shift([1, 2; 3, 4], 0, 1)", "[0, 0;\n 1, 2]");
    cell_expect(&c, "shift([1, 2; 3, 4], -1, -1)", "[4, 0;\n 0, 0]");
    cell_expect(&c, "shift([1, 2; 3, 4], 9, 0)", "[0, 0;\n 0, 0]");
    cell_expect(&c, "shift([1; 2; 3; 4], 1, 0)'", "[0, 1, 0, 3]");
    cell_expect(&c, "shift([1, 2, 3, 4], 1, 0)", "[0, 1, 0, 3]");
    cell_expect(&c, "shift([1, 2, 3; 4, 5, 6], 1, 0)", "[0, 1, 2;\n 0, 4, 5]");
    /* nine rows, two columns: two images of 3×3 */
    cell_expect(&c,
                "all(shift([linspace(1..9, 9); linspace(2..18, 9)]', 1, 0)[:, 2] == "
                "shift(linspace(2..18, 9)', 1, 0))",
                "true");
    cell_expect(&c, "shift(7, 0, 0)", "7");
    cell_refuse(&c, "shift([1, 2, 3], 0, 0)", DW_ERR_SHAPE, "this is a row of 3");
    cell_refuse(&c, "shift([1, 2, 3, 4], 0.5, 0)", DW_ERR_VALUE, "whole pixels");
    cell_refuse(&c, "shift([1, 2, 3, 4], 0, inf)", DW_ERR_VALUE, "whole pixels");
    cell_refuse(&c, "shift(\"a\", 0, 0)", DW_ERR_TYPE, "needs numbers");
    cell_close(&c);
}

static void one_image_is_drawn(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    dw_value v = picture_value(&c, NULL, "image([1; 2; 3; 4], title = \"four\")");
    const dw_series *s = picture_series(v, 0);
    assert_true(s->mark == DW_MARK_IMAGE && s->rows == 2 && s->columns == 2);
    assert_true(s->column[2][1] == 2 && s->column[2][2] == 3);
    assert_string_equal(picture_figure(v)->title, "four");
    dw_value_release(v);
    v = picture_value(&c, NULL, "image([1, 2, 3; 4, 5, 6])");
    s = picture_series(v, 0);
    assert_true(s->rows == 2 && s->columns == 3 && s->column[2][5] == 6);
    dw_value_release(v);
    cell_refuse(&c, "image([1, 2, 3])", DW_ERR_SHAPE, "this has 3");
    cell_refuse(&c, "image([])", DW_ERR_SHAPE, "this has 0");
    cell_refuse(&c, "image([1, 2; 3, 4], title = 3)", DW_ERR_TYPE, "a text for title");
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(images_move),
        cmocka_unit_test(one_image_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
