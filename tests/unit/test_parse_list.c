/* SPDX-License-Identifier: BSD-3-Clause */
/* Brackets: lists with their loops, arguments, indices, records. */
#include "syntax/parse.h"

#include "tree.h"

static void lists_and_rows(void **state) {
    (void)state;
    tree_is("[]", "(LIST)");
    tree_is("[1, 2; 3, 4]", "(LIST (ROW 1 2) (ROW 3 4))");
    tree_is("[1, 2,]", "(LIST (ROW 1 2))");
    tree_is("[1; 2;]", "(LIST (ROW 1) (ROW 2))");
    tree_is("[left(a); right(b)]", "(LIST (ROW (CALL left a)) (ROW (CALL right b)))");
    tree_fails("[1,, 2]", ",", "between , and ,");
    tree_fails("[;]", ";", "a value is missing");
}

static void loops_in_lists(void **state) {
    (void)state;
    tree_is("[x² for x in 1..3]", "(LIST (ROW (COMPREHENSION x (BINARY ^ x 2) (RANGE 1 3) _)))");
    tree_is("[a when c otherwise b for x in xs when d]",
            "(LIST (ROW (COMPREHENSION x (WHEN a c b) xs d)))");
    tree_is("mean((y - f(x))² for x, y in data)",
            "(CALL mean (COMPREHENSION x y (BINARY ^ (BINARY - y (CALL f x)) 2) data _))");
    tree_is("[0, [k for k in ks], 1]", "(LIST (ROW 0 (LIST (ROW (COMPREHENSION k k ks _))) 1))");
    tree_is("max(x for x in -1..1 by h, y = 2)",
            "(CALL max (COMPREHENSION x x (BY (RANGE (NEGATE 1) 1) h) _) (ARGUMENT y 2))");
    tree_is("[g(x)\n for x in xs\n when x > 0]",
            "(LIST (ROW (COMPREHENSION x (CALL g x) xs (COMPARE > x 0))))");
    tree_fails("[x for x in 1..3 for y in 1..3]", "for", "put one list into another");
    tree_fails("[x for x in xs when a otherwise b]", "otherwise", "before for");
    tree_fails("[x for x in xs when x = 1]", "=", "write ==");
    tree_fails("[x for x]", "]", "a name, in,");
    tree_fails("[x for x, x in t]", "x", "twice");
    tree_fails("(x for x in xs)", "for", "in a list or call");
}

static void arguments(void **state) {
    (void)state;
    tree_is("f()", "(CALL f)");
    tree_is("f(x; w)", "(CALL f x ; w)");
    tree_is("f(; w)", "(CALL f ; w)");
    tree_is("plot(f, -1..2, title = \"a\")",
            "(CALL plot f (RANGE (NEGATE 1) 2) (ARGUMENT title (TEXT a)))");
    tree_is("f(x == 1, y\n  =\n 2)", "(CALL f (COMPARE == x 1) (ARGUMENT y 2))");
    tree_is("f(x => x)", "(CALL f (FUNCTION [x] x))");
    tree_fails("f(x;)", ")", "between ; and )");
    tree_fails("f(x; y; z)", ";", "in a call before parameters");
    tree_fails("f(n = 1, n = 2)", "n", "twice");
    tree_fails("f(by = 2)", "by", "a word of the language");
    tree_fails("f(a b)", "b", "write a comma");
}

static void indices(void **state) {
    (void)state;
    tree_is("A[2, :]", "(INDEX A 2 (ALL))");
    tree_is("x[2..4]", "(INDEX x (RANGE 2 4))");
    tree_is("x[x > 0]", "(INDEX x (COMPARE > x 0))");
    tree_is("A[:]", "(INDEX A (ALL))");
    tree_fails("x[]", "[]", "which element");
    tree_fails("x[end]", "end", "x[-1]");
    tree_fails("x[2..end]", "end", "x[2..-1]");
    tree_fails("x[1:3]", ":", "write .. for a range");
    tree_fails("x[:3]", ":", "x[1..3]");
    tree_fails("x[2..]", "..", "both ends");
}

static void records(void **state) {
    (void)state;
    tree_is("(n = 8, loss = 0.1)", "(RECORD (ARGUMENT n 8) (ARGUMENT loss 0.1))");
    tree_is("(n = 8,)", "(RECORD (ARGUMENT n 8))");
    tree_is("[(n = n) for n in ns]", "(LIST (ROW (COMPREHENSION n (RECORD (ARGUMENT n n)) ns _)))");
    tree_fails("(n = 8, 3)", "3", "has a name");
    tree_fails("(n = 8, n = 9)", "n", "twice");
    tree_fails("(1, 2)", "(1, 2)", "[a, b]");
    tree_fails("()", "()", "nothing stands between");
    tree_fails("(a, b) = f", "(a, b)", "without brackets");
    tree_fails("1 + (x, y) ↦ x", "↦", "brackets around a function");
}

static void many_named_values_stay_quick(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_buf text;
    tree t;
    for (int twice = 0; twice < 2; twice++) {
        dw_buf_init(&text, &mem);
        dw_buf_text(&text, "(a = 1");
        for (int i = 0; i < 20000; i++)
            dw_buf_print(&text, ", n%d = %d", i, i);
        dw_buf_text(&text, twice ? ", n77 = 1)" : ")");
        assert_int_equal(tree_open_bytes(&t, text.data, text.size), !twice);
        if (twice)
            assert_non_null(strstr(t.err.text, "n77"));
        tree_close(&t);
        dw_buf_free(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_and_rows), cmocka_unit_test(loops_in_lists),
        cmocka_unit_test(arguments),      cmocka_unit_test(indices),
        cmocka_unit_test(records),        cmocka_unit_test(many_named_values_stay_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
