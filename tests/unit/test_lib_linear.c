/* SPDX-License-Identifier: BSD-3-Clause */
/* Making arrays, shapes and linear algebra, through the language. */
#include "cell.h"

static void examples_show_what_they_promise(void **state) {
    (void)state;
    cell_walk(dw_lib_linear);
}

static void arrays_are_made(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "size(zeros(2, 3))", "[2, 3]");
    cell_expect(&c, "size(ones(3))", "[3, 1]");
    cell_expect(&c, "zeros(1)", "0");
    cell_expect(&c, "sum(eye(4))", "4");
    cell_expect(&c, "-unit(1, 3)'", "[-1, 0, 0]");
    cell_expect(&c, "unit(1, 1)", "1");
    cell_expect(&c, "columns(zeros(3, 0))", "0");
    cell_refuse(&c, "unit(4, 3)", DW_ERR_VALUE, "unit needs k of at most 3");
    cell_refuse(&c, "zeros(-1)", DW_ERR_VALUE, "rows");
    cell_refuse(&c, "eye(2.5)", DW_ERR_VALUE, "whole number");
    cell_close(&c);
}

static void sizes_beyond_memory_are_refused(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    c.mem.limit = (size_t)1 << 30;
    cell_refuse(&c, "zeros(1e6, 1e6)", DW_ERR_MEMORY, "a 1000000×1000000 matrix (8000 GB)");
    cell_refuse(&c, "eye(1e9)", DW_ERR_MEMORY, "matrix");
    cell_expect(&c, "sum(ones(3))", "3");
    cell_close(&c);
}

static void linspace_hits_both_ends(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "linspace(0..1, 11)[4] == 0.3", "true");
    cell_expect(&c, "linspace(-1..1, 7)[4] == 0", "true");
    cell_expect(&c, "linspace(-1..1, 200)[200] == 1", "true");
    cell_expect(&c, "linspace(1..0, 3)", "[1, 0.5, 0]");
    cell_expect(&c, "all(linspace(-1..1, 10) == -reverse(linspace(-1..1, 10)))", "true");
    cell_refuse(&c, "linspace(0..1, 1)", DW_ERR_VALUE, "n of at least 2");
    cell_refuse(&c, "linspace(0, 1)", DW_ERR_TYPE, "an interval");
    cell_close(&c);
}

static void shapes_of_many_kinds(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "size(3)", "[1, 1]");
    cell_expect(&c, "size([1, 2, 3])", "[1, 3]");
    cell_expect(&c, "columns([\"a\", \"b\"])", "2");
    cell_expect(&c, "columns(1..5)", "5");
    cell_refuse(&c, "rows(\"abc\")", DW_ERR_TYPE, "this is a text");
    cell_close(&c);
}

static void equations_are_solved(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "solve([3, 1; 1, 2], [9; 8])'", "[2, 3]");
    cell_expect(&c, "solve([1, 0; 1, 1; 1, 2; 1, 3], [1; 3; 4; 4])'", "[1.5, 1]");
    cell_expect(&c, "solve(4, 2)", "0.5");
    cell_expect(&c, "norm([4, 7; 2, 6]*inverse([4, 7; 2, 6]) - eye(2)) < 1e-14", "true");
    cell_expect(&c, "det(3)", "3");
    cell_refuse(&c, "solve([1, 2; 2, 4], [1; 2])", DW_ERR_NUMERIC, "singular");
    cell_refuse(&c, "solve([1, 2; 3, 4], [1, 2])", DW_ERR_SHAPE, "write ' after the right side");
    cell_refuse(&c, "det([1, 2])", DW_ERR_SHAPE, "as many rows as columns");
    cell_close(&c);
}

static void dots_need_equal_lengths(void **state) {
    (void)state;
    cell c;
    cell_open(&c);
    cell_expect(&c, "dot([1; 2], [3, 4])", "11");
    cell_expect(&c, "dot(2, 3)", "6");
    cell_refuse(&c, "dot([1, 2], [1, 2, 3])", DW_ERR_SHAPE, "a row of 2 and a row of 3");
    cell_refuse(&c, "dot(eye(2), [1, 2])", DW_ERR_SHAPE, "a 2×2 matrix");
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(arrays_are_made),
        cmocka_unit_test(sizes_beyond_memory_are_refused),
        cmocka_unit_test(linspace_hits_both_ends),
        cmocka_unit_test(shapes_of_many_kinds),
        cmocka_unit_test(equations_are_solved),
        cmocka_unit_test(dots_need_equal_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
