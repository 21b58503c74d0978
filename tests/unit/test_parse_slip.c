/* SPDX-License-Identifier: BSD-3-Clause */
/* What people write by habit: each slip is marked where it stands and told how to mend. */
#include "syntax/parse.h"

#include "tree.h"

static void the_first_examples_of_the_manual(void **state) {
    (void)state;
    tree t;
    assert_false(tree_open(&t, "y = 2x + 1"));
    assert_string_equal(t.err.text, "a number cannot touch the next name: write 2*x");
    assert_int_equal(t.err.kind, DW_ERR_SYNTAX);
    assert_int_equal(t.err.span.start, 4);
    assert_int_equal(t.err.span.end, 6);
    tree_close(&t);
    assert_false(tree_open(&t, "W2 = [1 -1]"));
    assert_string_equal(t.err.text, "this reads as a subtraction or a sum: write a comma for two "
                                    "elements, or put spaces on both sides of -");
    assert_int_equal(t.err.span.start, 8);
    assert_int_equal(t.err.span.end, 10);
    tree_close(&t);
}

static void numbers(void **state) {
    (void)state;
    tree_fails("2x", "2x", "write 2*x");
    tree_fails("0.5σ(x)", "0.5σ", "write 0.5*σ");
    tree_fails("2(x + 1)", "2(", "write 2*(…)");
    tree_fails("1.", "1.", "write 1.0 or just 1");
    tree_fails("x = .5", ".5", "write 0.5");
    tree_fails("x.5", ".5", "write 0.5");
    tree_fails("1_000", "1_", "leave out the _");
    tree_fails("x = 0,5", ",", "numbers have a point");
    tree_fails("1e999", "1e999", "too large");
    tree_fails("3∞", "3∞", "write 3*∞");
}

static void values_side_by_side(void **state) {
    (void)state;
    tree_fails("W x", "W x", "write W*x for their product, W(x) for a call");
    tree_fails("x = 3 y", "3 y", "write 3*y");
    tree_fails("x = 3 y = 4", "y", "new line");
    tree_fails("[1 2]", "2", "write a comma");
    tree_fails("[f (x)]", "(", "f(x) without the blank");
    tree_fails("print \"hi\"", "\"", "write print(");
    tree_fails("a, b", "a, b", "[a, b]");
    tree_fails("end x", "end", "nothing to close");
    tree_fails("if a\nend b", "b", "new line");
    tree_fails("x ²", "²", "must touch");
    tree_fails("x '", "'", "must touch");
    tree_fails("\"a\" \"b\"", "\"", "write + between texts");
    tree_fails("sin(x) y", "sin(x) y", "write sin(x)*y");
    tree_fails("for i in 1..3 print(i) end", "print", "the next line");
    tree_fails("if (x > 3) print(x)", "print", "the next line");
    tree_fails("x = do y end", "y", "the next line");
    tree_fails("interact a in 1..2 b in 2..3", "b", "a comma before");
}

static void equals_signs(void **state) {
    (void)state;
    tree_fails("a = b = c", "=", "write b = c first, then a = b");
    tree_fails("if x = 3\nend", "=", "write == to compare");
    tree_fails("while x = 3\nend", "=", "write == to compare");
    tree_fails("check a = b", "=", "write == to compare, or ≈");
    tree_fails("1 when a = b otherwise 2", "=", "write == to compare");
    tree_fails("x == 3 = y", "=", "write == to compare");
    tree_fails("2 = x", "2", "left of = stands a name");
    tree_fails("a + b = 3", "a + b", "left of = stands a name");
    tree_fails("f(2) = 3", "2", "names only");
    tree_fails("f(x)(y) = 3", "f(x)(y)", "f(x) = x^2");
    tree_fails("f(x, x) = 3", "x", "twice");
    tree_fails("[a, b] = f(x)", "[a, b]", "without brackets");
    tree_fails("end = 3", "end", "choose another name");
    tree_fails("x = 1\nby = 3", "by", "choose another name");
    tree_fails("= 3", "=", "left of = stands a name");
}

static void unclosed(void **state) {
    (void)state;
    tree_fails("for i in 1..3\n  i", "for", "the for of line 1 has no end");
    tree_fails("x = 1\nf(x) = do\n  x\n", "do", "the do of line 2 has no end");
    tree_fails("f(x) = do\n  repeat 3\n    x\n  x\nend\ny = 3", "repeat",
               "the repeat of line 2 has no end");
    tree_fails("if a\n  b\nend\nend", "end", "nothing to close");
    tree_fails("else", "else", "belongs to no if");
    tree_fails("while a\nelse\nend", "else", "belongs to no if");
    tree_fails("x = f(1, 2", "(", "write ) where");
    tree_fails("x = [1, 2\ny = 3", "[", "write ] where");
    tree_fails("plot(f\ncheck a", "(", "write ) where");
    tree_fails("x = (1 + 2]", "]", "the ( of line 1 ends with ), not with ]");
    tree_fails("x)", ")", "no ( before it");
    tree_fails("x]", "]", "no [ before it");
    tree_fails("x}", "}", "no braces");
    tree_fails("f(do\n x\n)", ")", "no ( before it");
}

static void words_of_other_languages(void **state) {
    (void)state;
    tree_fails("if a\nelif b\nend", "elif", "write else if");
    tree_fails("if a\nelseif b\nend", "elseif", "write else if");
    tree_fails("def f(x):\n  return x", "def", "write f(x) = …");
    tree_fails("function y = f(x)", "function", "write f(x) = …");
    tree_fails("f(x) = do\n  return x\nend", "return", "the last line of a do block");
    tree_fails("lambda x: x", "lambda", "x ↦ …");
    tree_fails("for x = 1:3\nend", "=", "write for x in 1..3");
    tree_fails("for (x in 1..3)\nend", "(", "without brackets");
    tree_fails("for x in 1..3:\nend", ":", "no : at its end");
    tree_fails("if a:\nend", ":", "no : at its end");
    tree_fails("if a then\nend", "then", "without then");
    tree_fails("repeat 3 do\nend", "do", "needs no do");
    tree_fails("while a do\nend", "do", "needs no do");
    tree_fails("a if b else c", "if", "a when condition otherwise b");
    tree_fails("x = if a", "if", "a when condition otherwise b");
    tree_fails("c ? a : b", "?", "a when condition otherwise b");
    tree_fails("a not in b", "not", "not (x in p)");
    tree_fails("x mod 2", "mod", "write mod(a, b)");
    tree_fails("let x = 3", "let", "write name = value");
    tree_fails("import numpy as np", "import", "everything is there");
    tree_fails("x++", "++", "write x = x + 1");
    tree_fails("x--", "--", "write x = x - 1");
    tree_fails("x = 'text'", "'", "double quotes");
    tree_fails("print 'text'", "'", "double quotes");
    tree_fails("x when a else b", "else", "otherwise");
    tree_fails("plot(f, title: \"a\")", ":", "write = between");
    tree_fails("1:3", ":", "write .. for a range");
    tree_fails("x = a ? b", "?", "a when condition otherwise b");
    tree_fails("Σ x", "Σ", "write sum(");
    tree_fails("[x for each in xs]\nfor each x in xs\nend", "x", "write for x in");
}

static void missing_values(void **state) {
    (void)state;
    tree_fails("x = ", "=", "behind =");
    tree_fails("x = 1 +", "+", "behind +");
    tree_fails("* 3", "*", "before *");
    tree_fails("a + * b", "*", "between + and *");
    tree_fails("repeat\nx\nend", "repeat", "behind repeat");
    tree_fails("check\nx", "check", "behind check");
    tree_fails("a when b", "when", "needs its otherwise");
    tree_fails("otherwise 3", "otherwise", "before otherwise");
    tree_fails("..3", "..", "both ends");
    tree_fails("x = 3..", "..", "both ends");
    tree_fails("x.", ".", "name of a field");
    tree_fails("∇", "∇", "behind ∇");
    tree_fails("∇∇f", "∇∇", "∇(∇f)");
    tree_fails("∇³f", "∇³", "∇²");
    tree_fails("interact\nend", "end", "interact λ = 10 in 1..100");
    tree_fails("interact λ = 3\nend", "end", "interact λ = 10 in 1..100");
    tree_fails("for\nend", "for", "for x in 1..3");
    tree_fails("↦ x", "↦", "left of ↦ stand names");
    tree_fails("2*x ↦ x", "2*x", "left of ↦ stand names");
    tree_fails("?3", "3", "as in ?plot");
    tree_fails("x = end", "=", "behind =");
}

static void hints_for_names(void **state) {
    (void)state;
    assert_string_equal(dw_parse_hint("len"), "write count(x)");
    assert_string_equal(dw_parse_hint("elif"), "write else if");
    assert_null(dw_parse_hint("plot"));
    assert_null(dw_parse_hint(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_examples_of_the_manual),
        cmocka_unit_test(numbers),
        cmocka_unit_test(values_side_by_side),
        cmocka_unit_test(equals_signs),
        cmocka_unit_test(unclosed),
        cmocka_unit_test(words_of_other_languages),
        cmocka_unit_test(missing_values),
        cmocka_unit_test(hints_for_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
