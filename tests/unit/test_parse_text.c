/* SPDX-License-Identifier: BSD-3-Clause */
/* Texts and the values in them. */
#include "syntax/parse.h"

#include "tree.h"

static void plain_texts(void **state) {
    (void)state;
    tree_is("\"fox\"", "(TEXT fox)");
    tree_is("\"\"", "(TEXT )");
    tree_is("\"a \"\"b\"\" {{c}} }\"", "(TEXT a \"b\" {c} })");
    tree_is("\"\"\"\"", "(TEXT \")");
    tree_is("“fox”", "(TEXT fox)");
    tree_is("“fox\"", "(TEXT fox)");
    tree_is("\"a “b” c\"", "(TEXT a “b” c)");
    tree_is("\"# no comment\"", "(TEXT # no comment)");
}

static void values_in_texts(void **state) {
    (void)state;
    tree_is("\"λ = {λ}, loss {fit.loss:3}\"",
            "(JOINED_TEXT (TEXT λ = ) (INSERT λ) (TEXT , loss ) (INSERT :3 (FIELD loss fit)))");
    tree_is("\"{x}\"", "(JOINED_TEXT (INSERT x))");
    tree_is("\"{x}{y}\"", "(JOINED_TEXT (INSERT x) (INSERT y))");
    tree_is("\"{p[\"jack\"]:17}\"", "(JOINED_TEXT (INSERT :17 (INDEX p (TEXT jack))))");
    tree_is("\"{\"{x}\"}\"", "(JOINED_TEXT (INSERT (JOINED_TEXT (INSERT x))))");
    tree_is("\"{A[1, :]}\"", "(JOINED_TEXT (INSERT (INDEX A 1 (ALL))))");
    tree_is("\"{{{x}}}\"", "(JOINED_TEXT (TEXT {) (INSERT x) (TEXT }))");
    tree_is("[\"{x}\", \"b\"]", "(LIST (ROW (JOINED_TEXT (INSERT x)) (TEXT b)))");
    tree_is("“{x} ”", "(JOINED_TEXT (INSERT x) (TEXT  ))");
}

static void errors_have_their_true_place(void **state) {
    (void)state;
    tree_fails("print(\"half {2x + 1} of\")", "2x", "write 2*x");
    tree_fails("print(\"λθ {a} and {[1 -1]}\")", "-1", "write a comma");
    tree_fails("\"{}\"", "{}", "{{ and }}");
    tree_fails("\"{x:0}\"", ":", "1 to 17");
    tree_fails("\"{x:18}\"", ":", "1 to 17");
    tree_fails("\"{x:2.5}\"", ":", "1 to 17");
    tree_fails("\"{x:.3f}\"", ":", "{x:3}");
    tree_fails("\"{x:3d}\"", ":", "{x:3}");
    tree_fails("\"{x = 3}\"", "=", "==");
    tree_fails("\"{x, y}\"", ",", "one value");
    tree_fails("\"{a b}\"", "a b", "a*b");
}

static void texts_end_on_their_line(void **state) {
    (void)state;
    tree_fails("x = \"abc", "\"", "does not end on its line");
    tree_fails("x = \"abc\ny = \"", "\"", "does not end on its line");
    tree_fails("x = \"{y", "{", "write }");
    tree_fails("x = \"{y\"", "{", "write }");
    tree_fails("x = \"{y\n}\"", "{", "write }");
    tree_fails("print(\"a)", "\"", "does not end on its line");
}

static void a_span_holds_the_quotes(void **state) {
    (void)state;
    tree t;
    assert_true(tree_open(&t, "f(\"a{b}c\", \"d\")"));
    const dw_node *call = t.unit->root->child[0]->child[0];
    assert_int_equal(call->child[1]->span.start, 2);
    assert_int_equal(call->child[1]->span.end, 9);
    assert_int_equal(call->child[1]->child[1]->span.start, 4);
    assert_int_equal(call->child[1]->child[1]->span.end, 7);
    assert_int_equal(call->child[2]->span.start, 11);
    assert_int_equal(call->child[2]->span.end, 14);
    tree_close(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_texts),
        cmocka_unit_test(values_in_texts),
        cmocka_unit_test(errors_have_their_true_place),
        cmocka_unit_test(texts_end_on_their_line),
        cmocka_unit_test(a_span_holds_the_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
