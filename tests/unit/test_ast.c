/* SPDX-License-Identifier: BSD-3-Clause */
/* Nodes and units by hand. */
#include "syntax/ast.h"

#include "tree.h"

static void a_node_begins_empty(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_arena arena;
    dw_arena_init(&arena, &mem);
    dw_node *node = dw_ast_node(&arena, DW_NODE_WHEN, (dw_span){2, 5}, 3);
    assert_non_null(node);
    assert_int_equal(node->kind, DW_NODE_WHEN);
    assert_int_equal(node->count, 3);
    assert_int_equal(node->height, 1);
    assert_int_equal(node->mark.end, 5);
    for (int i = 0; i < 3; i++)
        assert_null(node->child[i]);
    dw_arena_free(&arena);
    mem.fail_at = 1;
    assert_null(dw_ast_node(&arena, DW_NODE_NAME, (dw_span){0, 0}, 0));
    assert_int_equal(mem.used, 0);
}

static void kinds_and_signs_have_names(void **state) {
    (void)state;
    assert_string_equal(dw_ast_kind(DW_NODE_NUMBER), "NUMBER");
    assert_string_equal(dw_ast_kind(DW_NODE_BLOCK), "BLOCK");
    assert_string_equal(dw_ast_kind(DW_NODE_KINDS), "?");
    assert_string_equal(dw_ast_sign(DW_SIGN_LESS_EQUAL), "≤");
    assert_string_equal(dw_ast_sign(DW_SIGN_IN), "in");
    assert_string_equal(dw_ast_sign(DW_SIGNS), "?");
}

static void compare(const char *a, const char *b, bool equal) {
    tree s, t;
    assert_true(tree_open(&s, a));
    assert_true(tree_open(&t, b));
    if (dw_ast_equal(s.unit->root, t.unit->root) != equal)
        fail_msg("'%s' and '%s'", a, b);
    tree_close(&s);
    tree_close(&t);
}

static void trees_compare_by_what_they_say(void **state) {
    (void)state;
    compare("x² + W₁", "(x^2) +   W1", true);
    compare("f(x) = x\n", "f( x )=x", true);
    compare("1 → (2 → 3)", "1 → 2 → 3", false);
    compare("a < b", "a ≤ b", false);
    compare("a + b", "a - b", false);
    compare("\"a{x:3}\"", "\"a{x:2}\"", false);
    compare("\"a\"", "\"b\"", false);
    compare("f(x; y)", "f(x, y)", false);
    compare("f(x, y) = x", "f(x; y) = x", false);
    compare("f(x = 1) = x", "f(x = 2) = x", false);
    compare("f(x) = x", "g(x) = x", false);
    compare("for a in x\nend", "for b in x\nend", false);
    compare("for a in x\nend", "for a, b in x\nend", false);
    compare("[a for a in x]", "[a for a in x when a]", false);
    compare("x.a", "x.b", false);
    compare("true", "false", false);
    compare("1", "2", false);
    compare("x", "x; x", false);
    compare("?", "?x", false);
}

static void a_unit_counts_its_references(void **state) {
    (void)state;
    dw_mem mem = {0};
    dw_unit *unit = dw_unit_new(&mem, 4, "cell 2", 10, "a\0b", 3);
    assert_non_null(unit);
    assert_int_equal(unit->number, 4);
    assert_int_equal(unit->first_line, 10);
    assert_string_equal(unit->name, "cell 2");
    assert_int_equal(unit->size, 3);
    assert_memory_equal(unit->source, "a\0b", 4);
    assert_ptr_equal(dw_unit_retain(unit), unit);
    dw_unit_release(unit);
    assert_true(mem.used > 0);
    dw_unit_release(unit);
    assert_int_equal(mem.used, 0);
    dw_unit_release(NULL);
    for (long n = 1; n < 3; n++) {
        mem.fail_at = n;
        assert_null(dw_unit_new(&mem, 1, "cell 1", 1, "abc", 3));
        assert_int_equal(mem.used, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_node_begins_empty),
        cmocka_unit_test(kinds_and_signs_have_names),
        cmocka_unit_test(trees_compare_by_what_they_say),
        cmocka_unit_test(a_unit_counts_its_references),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
