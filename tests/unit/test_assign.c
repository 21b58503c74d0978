/* SPDX-License-Identifier: BSD-3-Clause */
/* Giving names, fields and elements values. */
#include "lang/assign.h"

#include "notebook.h"

static void never_changes_another_name(void **state) {
    (void)state;
    notebook_says("x = [1, 2]\ny = x\ny[1] = 9\nx\ny", "[1, 2]\n[9, 2]\n");
    notebook_says("r = (a = [1, 2])\ns = r\ns.a[1] = 9\nr.a\ns.a", "[1, 2]\n[9, 2]\n");
    notebook_says("l = [\"a\"; \"b\"]\nm = l\nm[2] = 1\nl[2]\nm[2]", "\"b\"\n1\n");
    notebook_says("f(x; w = 1) = w*x\ng = f\ng.w = 5\nf(1)\ng(1)", "1\n5\n");
    notebook_says("x = [1, 2]\nx[2] = 5\nx[-2] = 4\nx", "[4, 5]\n");
    notebook_says("x = [1, 2]\nx[x > 0] = x + 1\nx", "[2, 3]\n");
}

static void notes_redefined_words_once(void **state) {
    (void)state;
    notebook_says("σ = 1\nσ = 2", "note: σ was the function sigmoid; the word sigmoid still is\n");
    notebook_says("sin(x) = x\nsin(x) = 2*x",
                  "note: sin was a function of the language; from here on it is yours\n");
    notebook_says("g = sin\ng = 1", "");
}

static void takes_apart(void **state) {
    (void)state;
    notebook_says("a, b = [1, 2]\n[b, a]", "[2, 1]\n");
    notebook_says("a, b = [1, 2; 3, 4]\na", "[1;\n 3]\n");
    notebook_refuses("a, b = [1, 2, 3]", DW_ERR_SHAPE, "2 names, but a row of 3 on the right", "=");
    notebook_refuses("a, b = \"ab\"", DW_ERR_TYPE, "no elements", "=");
}

static void refuses_bad_parts(void **state) {
    (void)state;
    notebook_refuses("x = 3\nx[1] = 2", DW_ERR_TYPE, "a number has no elements to set", "[");
    notebook_refuses("x = 3\nx.a = 2", DW_ERR_TYPE, "has no fields to set", "a");
    notebook_refuses("x = [1, 2]\nx[3] = 2", DW_ERR_INDEX, "there is no element 3", "3");
    notebook_refuses("x = [1, 2]\nx[1] = \"a\"", DW_ERR_TYPE, "this is a text", "[");
    notebook_refuses("r = (a = 1)\nr.b.c = 1", DW_ERR_NAME, "there is no field b", "b");
    notebook_refuses("r = (a = 1)\nr.a.c = 1", DW_ERR_TYPE, "has no fields to set", "c");
    notebook_refuses("f(x; W1 = [1, 2]) = x\nf.W1 = 3", DW_ERR_SHAPE,
                     "W1 of f is 1×2, this value is a number", "W1");
    notebook_refuses("t = [(n = 1), (n = 2)]\nt.m = [1, 2, 3]", DW_ERR_SHAPE, "one entry for each",
                     "m");
    notebook_refuses("t = [(n = 1), (n = 2)]\nt[1] = 3", DW_ERR_TYPE, "set a column", "[");
    notebook_refuses("f(x; w = 1) = x\nf.v = 2", DW_ERR_NAME, "no parameter v to set", "v");
    notebook_refuses("f(x; w = 1) = x\nf.w = \"a\"", DW_ERR_SHAPE, "w of f is a number", "w");
    notebook_refuses("zork.a = 2", DW_ERR_NAME, "there is no zork", "zork");
    notebook_refuses("x = [1, 2, 3]\nx[1..2] = [1, 2, 3]", DW_ERR_SHAPE, "2 elements are chosen",
                     "[");
    notebook_refuses("l = [\"a\", \"b\"]\nl[1..2] = 3", DW_ERR_TYPE, "one at a time", "[");
    notebook_refuses("x = [1, 2]\nx[1, 1, 1] = 3", DW_ERR_TYPE, "here are 3", "[");
    notebook_refuses("for a, b, c in [(x = 1, y = 2), (x = 3, y = 4)]\nend", DW_ERR_SHAPE,
                     "3 names for the 2 columns of this table", "a");
    notebook_refuses("t = [(n = 1), (n = 2)]\nt.m = sin", DW_ERR_TYPE, "no elements", "m");
    notebook_refuses("f(r) = do\n  g() = do\n    r.a = 1\n    r\n  end\n  g()\nend\nf((a = 2))",
                     DW_ERR_NAME, "read names from outside but not change them", "r");
    notebook_refuses("x = print()", DW_ERR_TYPE, "gives no value", "print()");
    notebook_refuses("x = [1, 2]\nx[do\n  x = 1\n  1\nend] = 3", DW_ERR_VALUE, "two steps", "[");
    notebook_refuses("l = [\"a\", \"b\"]\nl[do\n  l = 1\n  1\nend] = 3", DW_ERR_VALUE, "two steps",
                     "[");
}

static void a_failed_change_changes_nothing(void **state) {
    (void)state;
    for (long n = 1; n < 40; n++) {
        notebook nb;
        dw_err err = {0}, later = {0};
        notebook_open(&nb);
        assert_true(
            notebook_run(&nb, "x = [1, 2, 3]\ny = x\nr = (a = x)\nl = [\"a\", 1]\nm = l", &err));
        nb.mem.fail_at = n;
        (void)notebook_run(&nb, "y[2] = 7\nr.a[1] = 8\nr.b = 5\nm[2] = 2", &err);
        nb.mem.fail_at = 0;
        if (!notebook_run(&nb, "check x == [1, 2, 3]\ncheck l[2] == 1\ny[3]\nr.a[3]\nm[1]", &later))
            fail_msg("allocation %ld: %s", n, later.text);
        notebook_close(&nb);
    }
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("x = [1, 2; 3, 4]\ny = x\ny[1, :] = [8, 9]\ny[:, 2] = 0\ny[y > 1] = 5\n"
                    "r = (a = 1)\ns = r\ns.b = \"t\"\nl = [\"a\", \"b\"]\nm = l\nm[1] = x\n"
                    "f(x; w = [1, 2]) = x\ng = f\ng.w = [3, 4]\na, b = x\n"
                    "for p, q in [(p = 1, q = 2), (p = 3, q = 4)]\n  p\nend\nσ = 3");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(never_changes_another_name),
        cmocka_unit_test(notes_redefined_words_once),
        cmocka_unit_test(takes_apart),
        cmocka_unit_test(refuses_bad_parts),
        cmocka_unit_test(a_failed_change_changes_nothing),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
