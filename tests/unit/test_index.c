/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading parts of values. */
#include "lang/index.h"

#include "notebook.h"

static void vectors(void **state) {
    (void)state;
    notebook_says(
        "x = [10, 20, 30]\n[x[1], x[-1], x[1 + 1]]\nx[2..3]\nx[x > 15]\nx[[3, 1]]\nx'[2..3]",
        "[10, 30, 20]\n[20, 30]\n[20, 30]\n[30, 10]\n[20;\n 30]\n");
    notebook_says("([1, 2] > 1)[2]", "true\n");
    notebook_refuses("[1, 2][3]", DW_ERR_INDEX, "there is no element 3: there are 2", "3");
    notebook_refuses("[1, 2][0]", DW_ERR_INDEX, "counting begins with 1", "0");
    notebook_refuses("[1, 2][NaN]", DW_ERR_INDEX, "no whole number", "NaN");
    notebook_refuses("[][1]", DW_ERR_INDEX, "there is no element 1", "1");
}

static void matrices(void **state) {
    (void)state;
    notebook_says("A = [1, 2, 3; 4, 5, 6]\nA[2, 3]\nA[2, :]\nA[2]\nA[1, 2..3]\nA[A > 4]",
                  "6\n[4, 5, 6]\n[2;\n 5]\n[2, 3]\n[5, 6]\n");
    notebook_refuses("[1, 2; 3, 4][3, 1]", DW_ERR_INDEX, "there is no row 3", "3");
    notebook_refuses("[1, 2; 3, 4][1, 3]", DW_ERR_INDEX, "there is no column 3", "3");
    notebook_refuses("[1, 2; 3, 4][1, 1, 1]", DW_ERR_TYPE, "by row and column; here are 3", "[");
}

static void tables_and_records(void **state) {
    (void)state;
    notebook_says(
        "t = [(n = 1, s = \"a\"), (n = 2, s = \"b\")]\nt[2]\nt[1..1].s\nt.n\nt[t.n == 2].n",
        "(n = 2, s = \"b\")\n[\"a\"]\n[1, 2]\n2\n");
    notebook_refuses("t = [(loss = 1), (loss = 2)]\nt.los", DW_ERR_NAME, "did you mean loss?",
                     "los");
    notebook_refuses("r = (a = 1, b = 2)\nr.zebra", DW_ERR_NAME,
                     "there is no field zebra; the fields are a, b", "zebra");
    notebook_refuses("t = [(a = 1, b = 2), (a = 3, b = 4)]\nt.z", DW_ERR_NAME,
                     "there is no column z; the columns are a, b", "z");
    notebook_refuses("(a = 1)[1]", DW_ERR_TYPE, "a field is read as r.name", "[");
    notebook_refuses("sin[1]", DW_ERR_TYPE, "call it with ( )", "[");
    notebook_refuses("x = 3\nx.low", DW_ERR_NAME, "a number has no field low", "low");
}

/* Several fields, columns or labels at once. */
static void lists_of_names(void **state) {
    (void)state;
    notebook_says("r = (a = 1, b = \"x\", c = [1, 2])\nr[[\"c\", \"a\"]]\nr[[\"b\"]].b",
                  "(c = [1, 2], a = 1)\n\"x\"\n");
    notebook_says("t = table(x = [1, 2; 3, 4], y = [5, 6], z = [\"p\", \"q\"])\n"
                  "u = t[[\"z\", \"x\"]]\ndescribe(u)\nu.x\nu[2].z\nt[[\"y\"]].y",
                  "\"a table of 2 rows\"\n[1, 2;\n 3, 4]\n\"q\"\n[5, 6]\n");
    notebook_says("t = table(x = [1, 2, 3], y = [\"a\", \"b\", \"a\"])\n"
                  "p = train(1 → 2 → softmax, t, steps = 5)(2)\n"
                  "all(p[[\"b\", \"a\", \"b\"]] == [p[\"b\"]; p[\"a\"]; p[\"b\"]])\n"
                  "describe(p[[\"b\", \"a\"]])",
                  "true\n\"a column of 2\"\n");
    notebook_refuses("r = (a = 1, b = 2)\nr[[\"a\", \"z\"]]", DW_ERR_NAME, "there is no field z",
                     "[");
    notebook_refuses("r = (a = 1, b = 2)\nr[[\"a\", \"a\"]]", DW_ERR_VALUE, "a is named twice",
                     "[\"a\", \"a\"]");
    notebook_refuses("r = (a = 1, b = 2)\nr[[\"a\", 1]]", DW_ERR_TYPE, "r[\"name\"]", "[");
    notebook_starve("t = table(x = [1, 2], y = [5, 6])\nt[[\"y\", \"x\"]].x\n"
                    "(a = 1, b = 2)[[\"b\"]]");
}

static void other_kinds(void **state) {
    (void)state;
    notebook_says("(1..3)[2]\n(5..9)[2..3]\n5[1]\n[\"a\", \"b\"][-1]\n[\"a\", \"b\"][:]",
                  "2\n[6, 7]\n5\n\"b\"\n[\"a\", \"b\"]\n");
    notebook_says("p = fraction([1, 2, 3, 4] > 1)\n[p.n, p.value]\np.low in p.interval",
                  "[4, 0.75]\ntrue\n");
    notebook_says("f(x; w = 3) = x\nf.w", "3\n");
}

static void survives_starving(void **state) {
    (void)state;
    notebook_starve(
        "x = [1, 2, 3]\nx[1..2]\nx[x > 1]\nA = [x; x]\nA[1, :]\nA[2]\nA[A > 1]\n5[1, 1]\n"
        "t = [(n = 1, s = \"a\"), (n = 2, s = \"b\")]\nt[1..2]\nt[1]\n(1..9)[2..3]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),
        cmocka_unit_test(matrices),
        cmocka_unit_test(tables_and_records),
        cmocka_unit_test(lists_of_names),
        cmocka_unit_test(other_kinds),
        cmocka_unit_test(survives_starving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
