/* SPDX-License-Identifier: BSD-3-Clause */
/* Loops, comprehensions. */
#include "lang/loop.h"

#include "notebook.h"

static void loops(void **state) {
    (void)state;
    notebook_says("s = 0\nfor i in 1..4\n  s = s + i\nend\ns", "10\n");
    notebook_says("s = 0\nrepeat 3\n  s = s + 2\nend\ns", "6\n");
    notebook_says("s = 9\nwhile s > 2\n  s = s - 2\nend\ns", "1\n");
    notebook_says("for c in [1, 2; 3, 4]\n  c'\nend", "[1, 3]\n[2, 4]\n");
    notebook_says("for t in [\"a\", \"b\"]\n  print(t)\nend", "a\nb\n");
    notebook_says("for r in [(n = 1), (n = 2)]\n  r\nend", "(n = 1)\n(n = 2)\n");
}

static void counts_without_making_a_row(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    nb.mem.limit = nb.mem.used + 100000;
    assert_true(notebook_run(&nb, "for i in 1..300000\n  x = i\nend\nx", &err));
    assert_string_equal(nb.out.data, "300000\n");
    notebook_close(&nb);
}

static void gives_names_back(void **state) {
    (void)state;
    notebook_says("i = 7\nfor i in 1..2\n  i\nend\ni", "1\n2\n7\n");
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    assert_false(notebook_run(&nb, "i = 7\nfor i in 1..2\n  zork\nend", &err));
    assert_float_equal(dw_eval_name(&nb.eval, "i")->as.number, 7, 0);
    notebook_close(&nb);
}

static void comprehensions(void **state) {
    (void)state;
    notebook_says("[i*j for i, j in [1, 2; 3, 4]]", "[3, 8]\n");
    notebook_says("[i for i in 1..9 when i > 7]", "[8, 9]\n");
    notebook_says("[[i; i] for i in 1..2]", "[1, 2;\n 1, 2]\n");
    notebook_says("[print(i) for i in 1..2]", "1\n2\n[] (an empty row)\n");
    notebook_refuses("[i for i in 1..3 when i]", DW_ERR_TYPE, "when needs true or false", "i");
    notebook_refuses("[i for i in 1..inf]", DW_ERR_VALUE, "no end to count to", "1..inf");
    notebook_refuses("[1 for i in print]", DW_ERR_TYPE, "no elements to go through", "print");
    notebook_refuses("[1 for a, b in [1, 2, 3]]", DW_ERR_SHAPE, "2 names, but each element", "a");
}

static void elements_have_streams_of_their_own(void **state) {
    (void)state;
    notebook_says("seed(1)\na = [sample(uniform(0..1)) for i in 1..4]\nseed(1)\n"
                  "b = [sample(uniform(0..1), i)[1] for i in 1..4]\na == b",
                  "[true, true, true, true]\n");
    notebook_says("seed(1)\na = [sample(uniform(0..1)) for i in 1..2]\nu = sample(uniform(0..1))\n"
                  "seed(1)\nb = [1 for i in 1..5]\nu == sample(uniform(0..1))",
                  "true\n");
}

static void elements_forget_each_other(void **state) {
    (void)state;
    notebook_refuses("a = [do\n  if i == 1\n    y = 5\n  end\n  y\nend for i in 1..2]", DW_ERR_NAME,
                     "y has no value yet", "y");
    notebook_says("[sum([i*j for j in 1..2]) + [k for k in i..i] for i in 1..3]", "[4, 8, 12]\n");
}

static void refuses(void **state) {
    (void)state;
    notebook_refuses("repeat 2.5\nend", DW_ERR_VALUE, "from 0 on, this is 2.5", "2.5");
    notebook_refuses("repeat -1\nend", DW_ERR_VALUE, "this is -1", "-1");
    notebook_refuses("repeat \"x\"\nend", DW_ERR_TYPE, "this is a text", "\"x\"");
    notebook_refuses("while 1\nend", DW_ERR_TYPE, "while needs true or false", "1");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve("for i in [1, 2; 3, 4]\n  i\nend\n[[i; i] for i in 1..20 when i > 1]\n"
                    "[\"{i}\" for i in 1..3]\n"
                    "for t in [(n = 1, s = \"a\"), (n = 2, s = \"b\")]\n  t.s\nend");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loops),
        cmocka_unit_test(counts_without_making_a_row),
        cmocka_unit_test(gives_names_back),
        cmocka_unit_test(comprehensions),
        cmocka_unit_test(elements_have_streams_of_their_own),
        cmocka_unit_test(elements_forget_each_other),
        cmocka_unit_test(refuses),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
