/* SPDX-License-Identifier: BSD-3-Clause */
/* Statements and blocks. */
#include "syntax/parse.h"

#include "tree.h"

static void names_get_values(void **state) {
    (void)state;
    tree_is("x = 3", "(ASSIGN 3 x)");
    tree_is("a, b = split(t, 0.5)", "(ASSIGN (CALL split t 0.5) a b)");
    tree_is("f.W1 = [5; -5];  f.b1 = 0",
            "(ASSIGN (LIST (ROW 5) (ROW (NEGATE 5))) (FIELD W1 f)) (ASSIGN 0 (FIELD b1 f))");
    tree_is("x[1, 2] = 3", "(ASSIGN 3 (INDEX x 1 2))");
    tree_is("W₁ = 3\nŷ = W1", "(ASSIGN 3 W1) (ASSIGN W1 ŷ)");
}

static void definitions(void **state) {
    (void)state;
    tree_is("f(x) = x", "(DEFINE f (FUNCTION f[x] x))");
    tree_is("f() = 1", "(DEFINE f (FUNCTION f[] 1))");
    tree_is("f(x, s = 2; W1 = [1], b) = x",
            "(DEFINE f (FUNCTION f[x, s=2; W1=(LIST (ROW 1)), b] x))");
    tree_is("f(x) = do\n  y = x\n  y\nend",
            "(DEFINE f (FUNCTION f[x] (DO (ASSIGN x y) (SHOW y))))");
    tree_is("step(x) = 1 when 0 ≤ x ≤ 1 otherwise 0",
            "(DEFINE step (FUNCTION step[x] (WHEN 1 (COMPARE ≤ ≤ 0 x 1) 0)))");
}

static void blocks(void **state) {
    (void)state;
    tree_is("if a\n b\nelse if c\n d\nelse\n e\nend",
            "(IF a (BLOCK (SHOW b)) c (BLOCK (SHOW d)) (BLOCK (SHOW e)))");
    tree_is("if a\nelse\n if b\n end\nend", "(IF a (BLOCK) (BLOCK (IF b (BLOCK))))");
    tree_is("while x < 3\n x = x + 1\nend",
            "(WHILE (COMPARE < x 3) (BLOCK (ASSIGN (BINARY + x 1) x)))");
    tree_is("repeat 3; a; end", "(REPEAT 3 (BLOCK (SHOW a)))");
    tree_is("for x, y in t\nend\nz", "(FOR x y t (BLOCK)) z");
    tree_is("for x in [do\n 1\nend]\nend", "(FOR x (LIST (ROW (DO (SHOW 1)))) (BLOCK))");
    tree_is("x = f(do\n  a\n  b\nend, 3)", "(ASSIGN (CALL f (DO (SHOW a) (SHOW b)) 3) x)");
    tree_is("interact a = 0 in -1..1, b in 1..2 by 0.1\n a\nend",
            "(INTERACT (KNOB a 0 (RANGE (NEGATE 1) 1)) (KNOB b _ (BY (RANGE 1 2) 0.1)) "
            "(BLOCK (SHOW a)))");
    tree_is("animate k in 0..40\nend", "(ANIMATE (KNOB k _ (RANGE 0 40)) (BLOCK))");
}

static void claims_and_help(void **state) {
    (void)state;
    tree_is("check f(0.5) ≈ 1 ± 0.1, \"why\"",
            "(CHECK_CLAIM (COMPARE ≈ (CALL f 0.5) (PLUS_MINUS 1 0.1)) (TEXT why))");
    tree_is("check a", "(CHECK_CLAIM a _)");
    tree_is("?", "(HELP -)");
    tree_is("?plot\nx", "(HELP plot) x");
    tree_is("plot?", "(HELP plot)");
    tree_is("?for", "(HELP for)");
    tree_is("? →", "(HELP →)");
    tree_is("?\nplot", "(HELP -) plot");
    tree_is("?ϵ", "(HELP ε)");
}

static void papermill_parameters(void **state) {
    (void)state;
    tree_is("# Parameters\nalpha = 0.6\nn = -3\nname = \"a b\"\nlist = [1, 2, \"x\"]\nok = true\n"
            "no = false\n",
            "(ASSIGN 0.6 alpha) (ASSIGN (NEGATE 3) n) (ASSIGN (TEXT a b) name) "
            "(ASSIGN (LIST (ROW 1 2 (TEXT x))) list) (ASSIGN (TRUTH) ok) (ASSIGN (TRUTH) no)");
}

static void nothing_at_all(void **state) {
    (void)state;
    tree_is("", "");
    tree_is("\xEF\xBB\xBF \t\r\n # %% a cell\n", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_get_values),
        cmocka_unit_test(definitions),
        cmocka_unit_test(blocks),
        cmocka_unit_test(claims_and_help),
        cmocka_unit_test(papermill_parameters),
        cmocka_unit_test(nothing_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
