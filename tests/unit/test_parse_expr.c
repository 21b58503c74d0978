/* SPDX-License-Identifier: BSD-3-Clause */
/* Values: what binds to what, and every row of the table of readings in docs/language.md. */
#include "syntax/parse.h"

#include "tree.h"

static void powers_bind_as_in_mathematics(void **state) {
    (void)state;
    tree_is("-x²", "(NEGATE (BINARY ^ x 2))");
    tree_is("-x^2", "(NEGATE (BINARY ^ x 2))");
    tree_is("2^-1", "(BINARY ^ 2 (NEGATE 1))");
    tree_is("2^-1*3", "(BINARY * (BINARY ^ 2 (NEGATE 1)) 3)");
    tree_is("a^b^c", "(BINARY ^ a (BINARY ^ b c))");
    tree_is("10⁻³", "(BINARY ^ 10 (NEGATE 3))");
    tree_is("2^x²", "(BINARY ^ 2 (BINARY ^ x 2))");
    tree_is("x²³", "(BINARY ^ x 23)");
    tree_is("-2*x", "(BINARY * (NEGATE 2) x)");
    tree_is("a - -b", "(BINARY - a (NEGATE b))");
    tree_is("+a + b", "(BINARY + a b)");
    tree_is("f'²", "(BINARY ^ (TRANSPOSE f) 2)");
}

static void signs_bind_by_their_table(void **state) {
    (void)state;
    tree_is("a + b*c - d/e", "(BINARY - (BINARY + a (BINARY * b c)) (BINARY / d e))");
    tree_is("a*b·c .* d", "(BINARY .* (BINARY · (BINARY * a b) c) d)");
    tree_is("1..n+1", "(RANGE 1 (BINARY + n 1))");
    tree_is("-1..2", "(RANGE (NEGATE 1) 2)");
    tree_is("0..1 by 0.1", "(BY (RANGE 0 1) 0.1)");
    tree_is("a ≈ b ± c", "(COMPARE ≈ a (PLUS_MINUS b c))");
    tree_is("a or b and not c", "(OR a (AND b (NOT c)))");
    tree_is("not a == b", "(NOT (COMPARE == a b))");
    tree_is("not a and b", "(AND (NOT a) b)");
    tree_is("0 ≤ x < 1", "(COMPARE ≤ < 0 x 1)");
    tree_is("(0 ≤ x) < 1", "(COMPARE < (COMPARE ≤ 0 x) 1)");
    tree_is("0.5 in p.interval", "(COMPARE in 0.5 (FIELD interval p))");
    tree_is("a < b < c < d < e < f < g < h < i < j < k",
            "(COMPARE < < < < < < < < < < a b c d e f g h i j k)");
}

static void arrows_are_flat_and_weak(void **state) {
    (void)state;
    tree_is("1 → 2*n → 1", "(ARROW 1 (BINARY * 2 n) 1)");
    tree_is("1 -> relu -> 1", "(ARROW 1 relu 1)");
    tree_is("1 → (2 → relu) → 1", "(ARROW 1 (ARROW 2 relu) 1)");
    tree_is("1 → 2\n  → relu\n\n# c\n→ 1\nx", "(ARROW 1 2 relu 1) x");
    tree_is("f = 1 → 2", "(ASSIGN (ARROW 1 2) f)");
}

static void cases_and_functions(void **state) {
    (void)state;
    tree_is("a when c otherwise b when d otherwise e", "(WHEN a c (WHEN b d e))");
    tree_is("x ↦ x when c otherwise y", "(FUNCTION [x] (WHEN x c y))");
    tree_is("a when c otherwise x ↦ y", "(WHEN a c (FUNCTION [x] y))");
    tree_is("x => y ↦ x + y", "(FUNCTION [x] (FUNCTION [y] (BINARY + x y)))");
    tree_is("(x, y) ↦ x*y", "(FUNCTION [x, y] (BINARY * x y))");
    tree_is("() ↦ 3", "(FUNCTION [] 3)");
    tree_is("(x) ↦ x", "(FUNCTION [x] x)");
    tree_is("f(x ↦ x², 1)", "(CALL f (FUNCTION [x] (BINARY ^ x 2)) 1)");
}

static void gradients_take_the_next_atom(void **state) {
    (void)state;
    tree_is("∇L(θ)", "(CALL (GRADIENT L) θ)");
    tree_is("∇²L(θ)[1, :]", "(INDEX (CALL (HESSIAN L) θ) 1 (ALL))");
    tree_is("∇(f)(x)", "(CALL (GRADIENT f) x)");
    tree_is("-∇L", "(NEGATE (GRADIENT L))");
    tree_is("L'(x)", "(CALL (TRANSPOSE L) x)");
    tree_is("θ'*A*θ", "(BINARY * (BINARY * (TRANSPOSE θ) A) θ)");
    tree_is("xs'^j", "(BINARY ^ (TRANSPOSE xs) j)");
    tree_is("Aᵀ", "(TRANSPOSE A)");
}

static void a_bracket_must_touch(void **state) {
    (void)state;
    tree_is("f\n(x)", "f x");
    tree_is("f\n[x]", "f (LIST (ROW x))");
    tree_is("f(x)(y)[1].z", "(FIELD z (INDEX (CALL (CALL f x) y) 1))");
    tree_fails("f (x)", "(", "write f(x) for a call, f*(x) for a product");
    tree_fails("f(x) (y)", "(", "write f(x)(y) for a call");
    tree_fails("x [1]", "[", "write x[1] for an element, x*[1] for a product");
    tree_fails("2 (x)", "(", "write 2*(x)");
}

static void lines_go_on(void **state) {
    (void)state;
    tree_is("x = 1 +\n 2", "(ASSIGN (BINARY + 1 2) x)");
    tree_is("x =\n\n 2", "(ASSIGN 2 x)");
    tree_is("f(a,\n  b)", "(CALL f a b)");
    tree_is("[1,\r\n 2;\r 3, 4]", "(LIST (ROW 1 2) (ROW 3 4))");
    tree_is("x = 1\n- 2", "(ASSIGN 1 x) (NEGATE 2)"); /* a leading - begins a value */
    tree_is("x = (1\n- 2)", "(ASSIGN (BINARY - 1 2) x)");
    tree_is("a; b ;; c", "a b c");
}

static void pluses_and_minuses_in_lists(void **state) {
    (void)state;
    tree_fails("[1 -1]", "-1",
               "this reads as a subtraction or a sum: write a comma for two elements, "
               "or put spaces on both sides of -");
    tree_fails("[a +b]", "+b", "spaces on both sides of +");
    tree_fails("[1\n -1]", "-1", "write a comma");
    tree_fails("x[n -1]", "-1", "spaces on both sides");
    tree_is("[a-b]", "(LIST (ROW (BINARY - a b)))");
    tree_is("[a - b]", "(LIST (ROW (BINARY - a b)))");
    tree_is("[a- b]", "(LIST (ROW (BINARY - a b)))");
    tree_is("[a, -b; +c]", "(LIST (ROW a (NEGATE b)) (ROW c))");
    tree_is("[(a -b), f(a -b)]", "(LIST (ROW (BINARY - a b) (CALL f (BINARY - a b))))");
    tree_is("a -b", "(BINARY - a b)");
}

static void fields_may_be_words(void **state) {
    (void)state;
    tree_is("t.end.in.x₁", "(FIELD x1 (FIELD in (FIELD end t)))");
    tree_is("f.W₁ = 3", "(ASSIGN 3 (FIELD W1 f))");
}

static void spans_cover_their_source(void **state) {
    (void)state;
    tree t;
    const char *source = "y = (a + b)*f(c)'";
    assert_true(tree_open(&t, source));
    const dw_node *product = t.unit->root->child[0]->child[0];
    assert_int_equal(product->kind, DW_NODE_BINARY);
    assert_int_equal(product->span.start, 4);
    assert_int_equal(product->span.end, 17);
    assert_int_equal(product->mark.start, 11);
    assert_int_equal(product->mark.end, 12);
    const dw_node *sum = product->child[0];
    assert_true(sum->parenthesised);
    assert_int_equal(sum->span.start, 5);
    assert_int_equal(sum->span.end, 10);
    const dw_node *call = product->child[1]->child[0];
    assert_int_equal(call->span.start, 12);
    assert_int_equal(call->span.end, 16);
    assert_int_equal(call->mark.start, 13);
    tree_close(&t);
}

static void long_values_have_a_limit(void **state) {
    (void)state;
    tree t;
    dw_buf text;
    dw_mem mem = {0};
    static const struct {
        const char *piece;
        const char *end;
        uint32_t good, bad;
    } rows[] = {{"(", "", 0, 300},          {"[", "", 0, 300},
                {"-", "1", 700, 900},       {"1+", "1", 900, 1100},
                {"x ↦ ", "1", 700, 900},    {"f(", "", 0, 300},
                {"a^", "1", 700, 900},      {"\"{", "", 0, 300},
                {"a.b+a.", "b", 400, 1100}, {"1 when a otherwise ", "1", 700, 900},
                {"do\n", "", 0, 300},       {"if a\n", "", 0, 300},
                {"not ", "a", 700, 900}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int bad = 0; bad < 2; bad++) {
            uint32_t count = bad ? rows[i].bad : rows[i].good;
            dw_buf_init(&text, &mem);
            for (uint32_t k = 0; k < count; k++)
                dw_buf_text(&text, rows[i].piece);
            dw_buf_text(&text, rows[i].end);
            bool good = tree_open_bytes(&t, text.data == NULL ? "" : text.data, text.size);
            assert_int_equal(good, !bad);
            if (bad)
                assert_int_equal(t.err.kind, DW_ERR_LIMIT);
            if (bad)
                assert_true(t.err.has_place);
            tree_close(&t);
            dw_buf_free(&text);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(powers_bind_as_in_mathematics),
        cmocka_unit_test(signs_bind_by_their_table),
        cmocka_unit_test(arrows_are_flat_and_weak),
        cmocka_unit_test(cases_and_functions),
        cmocka_unit_test(gradients_take_the_next_atom),
        cmocka_unit_test(a_bracket_must_touch),
        cmocka_unit_test(lines_go_on),
        cmocka_unit_test(pluses_and_minuses_in_lists),
        cmocka_unit_test(fields_may_be_words),
        cmocka_unit_test(spans_cover_their_source),
        cmocka_unit_test(long_values_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
