/* SPDX-License-Identifier: BSD-3-Clause */
/* The functions of numbers, through the language. */
#include "cell.h"

static void examples_show_what_they_promise(void **state) {
    (void)state;
    cell_walk(dw_lib_math);
}

static void every_operation_is_a_word(void **state) {
    (void)state;
    for (int op = 0; op < DW_ELEM_UNARIES; op++) {
        const char *word = dw_elem_word1((dw_elem_unary)op);
        if (op == DW_ELEM_NEGATE || op == DW_ELEM_NOT) /* signs of the grammar */
            continue;
        const dw_builtin *row = dw_builtin_find(word);
        assert_non_null(row);
        if (op != DW_ELEM_ROUND) /* has a parameter more */
            assert_int_equal(row->elem, 1 + op);
    }
}

static void rounding_takes_digits(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "round([-2.5, 2.5, 0.4])", "[-3, 3, 0]");
    cell_expect(&c, "round(1234.5, -2)", "1200");
    cell_expect(&c, "round(1e300, 3) == 1e300", "true");
    cell_expect(&c, "round(-inf, 2)", "-∞");
    cell_expect(&c, "round(0.125, digits = 2)", "0.13");
    cell_refuse(&c, "round(1, 0.5)", DW_ERR_VALUE, "whole number of digits from -15 to 15");
    cell_refuse(&c, "round(1, 99)", DW_ERR_VALUE, "whole number of digits");
    cell_refuse(&c, "round(\"a\")", DW_ERR_TYPE, "round needs numbers for x, this is a text");
    cell_close(&c);
}

static void remainders_are_never_negative(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "mod(-7, 3)", "2");
    cell_expect(&c, "mod([5; 6], [3; 4])'", "[2, 2]");
    cell_expect(&c, "mod(5.5, 2)", "1.5");
    cell_refuse(&c, "mod([1, 2], [1, 2, 3])", DW_ERR_SHAPE, "a row of 2");
    cell_close(&c);
}

static void extremes_of_one_and_of_several(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "max([1, 5; 7, 2])", "7");
    cell_expect(&c, "max(3)", "3");
    cell_expect(&c, "min(1..4)", "1");
    cell_expect(&c, "max(x² for x in -3..2)", "9");
    cell_expect(&c, "max([1, 5], [3, 2])", "[3, 5]");
    cell_expect(&c, "min([1, 5], 2, [0; 9])", "[0, 2]");
    cell_expect(&c, "max(1, NaN)", "NaN");
    cell_refuse(&c, "max()", DW_ERR_TYPE, "max needs at least one value");
    cell_refuse(&c, "max([])", DW_ERR_VALUE, "max needs at least one number");
    cell_refuse(&c, "min(\"a\")", DW_ERR_TYPE, "this is a text");
    cell_refuse(&c, "min(\"a\", 1)", DW_ERR_TYPE, "a text");
    cell_close(&c);
}

static void clipping_needs_an_upward_interval(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "clip(5, 0..1)", "1");
    cell_refuse(&c, "clip(5, 1..0)", DW_ERR_VALUE, "goes upwards");
    cell_refuse(&c, "clip(5, 1)", DW_ERR_TYPE, "an interval");
    cell_close(&c);
}

static void constants_have_their_values(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "round(π, 10)", "3.14159");
    cell_expect(&c, "pi == π", "true");
    cell_expect(&c, "[-∞, inf, NaN]", "[-∞, ∞, NaN]");
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(every_operation_is_a_word),
        cmocka_unit_test(rounding_takes_digits),
        cmocka_unit_test(remainders_are_never_negative),
        cmocka_unit_test(extremes_of_one_and_of_several),
        cmocka_unit_test(clipping_needs_an_upward_interval),
        cmocka_unit_test(constants_have_their_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
