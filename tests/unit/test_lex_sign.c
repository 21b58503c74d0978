/* SPDX-License-Identifier: BSD-3-Clause */
/* Signs and characters of elsewhere: each has a message that says what to write. */
#include "syntax/lex.h"

#include "tree.h"

static void signs_of_other_languages(void **state) {
    (void)state;
    tree_fails("x += 1", "+=", "x = x + 1");
    tree_fails("x -= 1", "-=", "x = x - 1");
    tree_fails("x *= 2", "*=", "x = x*2");
    tree_fails("a && b", "&&", "write and");
    tree_fails("a & b", "&", "write and");
    tree_fails("a || b", "||", "write or");
    tree_fails("a | b", "|", "write or");
    tree_fails("!a", "!", "write not");
    tree_fails("a % b", "%", "mod(a, b)");
    tree_fails("a ** b", "**", "write ^");
    tree_fails("a // b", "//", "floor(a/b)");
    tree_fails("a === b", "===", "write ==");
    tree_fails("a !== b", "!==", "write !=");
    tree_fails("a <> b", "<>", "write !=");
    tree_fails("a =< b", "=<", "write <=");
    tree_fails("a := b", ":=", "write =");
    tree_fails("1...3", "...", "write ..");
    tree_fails("a.^2", ".^", "write ^");
    tree_fails("a./b", "./", "write /");
    tree_fails("x = {1, 2}", "{", "[ ] makes lists");
    tree_fails("a @ b", "@", "write *");
    tree_fails("$x", "$", "a name stands alone");
    tree_fails("A\\b", "\\", "solve(A, b)");
    tree_fails("~x", "~", "write not");
    tree_fails("`a`", "`", "double quotes");
    tree_fails("%%time", "%", "other kernels");
    tree_fails("  %matplotlib inline", "%", "other kernels");
}

static void signs_that_only_begin_alike(void **state) {
    (void)state;
    tree_is("a <= -b", "(COMPARE ≤ a (NEGATE b))");
    tree_is("a != b", "(COMPARE ≠ a b)");
    tree_is("a ~= b", "(COMPARE ≈ a b)");
    tree_is("a<-b", "(COMPARE < a (NEGATE b))");
    tree_is("x =-1", "(ASSIGN (NEGATE 1) x)");
    tree_is("a.*b", "(BINARY .* a b)");
    tree_is("1..-1", "(RANGE 1 (NEGATE 1))");
    tree_is("a--b", "(BINARY - a (NEGATE b))");
    tree_is("1 # % & | \\ { \x01", "1");
}

static void characters_from_pages_and_books(void **state) {
    (void)state;
    tree_fails("a – b", "–", "write - for minus");
    tree_fails("a — b", "—", "write - for minus");
    tree_fails("‘text’", "‘", "double quotes");
    tree_fails("√2", "√", "sqrt(x)");
    tree_fails("∑ x", "∑", "sum(");
    tree_fails("∫ f", "∫", "integral(f, 0..1)");
    tree_fails("a ÷ b", "÷", "write /");
    tree_fails("½", "½", "write 1/2");
    tree_fails("xⁿ", "ⁿ", "write x^n");
    tree_fails("a…b", "…", "write ..");
    tree_fails("f′", "′", "write '");
    tree_fails("（x）", "（", "write (");
    tree_fails("x，y", "，", "write ,");
    tree_fails("£3", "£", "means nothing here");
    tree_fails("٣", "٣", "0 to 9");
    tree_fails("₁", "₁", "x₁");
    tree_fails("x = 😀", "😀", "means nothing here");
}

static void characters_nobody_sees(void **state) {
    (void)state;
    tree_fails("a\xE2\x80\x8B = 1", "\xE2\x80\x8B", "zero-width space, U+200B");
    tree_fails("a\xC2\xAD", "\xC2\xAD", "soft hyphen");
    tree_fails("a\xEF\xBB\xBF", "\xEF\xBB\xBF", "U+FEFF");
    tree_fails("a\xE2\x80\xAE", "\xE2\x80\xAE", "writing direction");
    tree_fails("a \xE2\x80\xA8", "\xE2\x80\xA8", "line separator");
    tree_fails("\x1B", "\x1B", "control character");
    tree_fails("\x7F", "\x7F", "control character");
}

static void all_may_stand_in_texts(void **state) {
    (void)state;
    tree_is("\"– √ ∑ 😀 \xE2\x80\x8B £ \\ % & |\"", "(TEXT – √ ∑ 😀 \xE2\x80\x8B £ \\ % & |)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_of_other_languages),
        cmocka_unit_test(signs_that_only_begin_alike),
        cmocka_unit_test(characters_from_pages_and_books),
        cmocka_unit_test(characters_nobody_sees),
        cmocka_unit_test(all_may_stand_in_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
