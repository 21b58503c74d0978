/* SPDX-License-Identifier: BSD-3-Clause */
/* A tree as source text: brackets only where needed, and read again it is the same tree. */
#include "syntax/ast.h"

#include "tree.h"
#include <dirent.h>

/* Prints, reads again, compares; the text goes to `out` (the caller frees it). */
static void round_trip(const char *source, size_t size, dw_buf *out) {
    tree t, again;
    if (!tree_open_bytes(&t, source, size))
        fail_msg("%s: %s", source, t.err.text);
    dw_ast_print(t.unit->root, out);
    assert_false(out->failed);
    if (!tree_open_bytes(&again, out->data == NULL ? "" : out->data, out->size))
        fail_msg("%s\nprints\n%s\n%s", source, out->data, again.err.text);
    if (!dw_ast_equal(t.unit->root, again.unit->root))
        fail_msg("%s\nprints another tree\n%s", source, out->data);
    tree_close(&again);
    tree_close(&t);
}

static void prints(const char *source, const char *expected) {
    dw_mem mem = {0};
    dw_buf out;
    dw_buf_init(&out, &mem);
    round_trip(source, strlen(source), &out);
    assert_true(out.size > 0 && out.data[out.size - 1] == '\n');
    out.data[out.size - 1] = '\0';
    assert_string_equal(out.data, expected);
    dw_buf_free(&out);
    assert_int_equal(mem.used, 0);
}

static void brackets_where_needed(void **state) {
    (void)state;
    prints("((a))+(b*c)", "a + b * c");
    prints("(a+b)*c", "(a + b) * c");
    prints("a-(b-c)", "a - (b - c)");
    prints("(-2)^2", "(-2)^2");
    prints("-2^2", "-2^2");
    prints("(a^b)^c", "(a^b)^c");
    prints("a^(b^c)", "a^b^c");
    prints("a^(-(b*c))", "a^-(b * c)");
    prints("-(a+b)", "-(a + b)");
    prints("- -a", "--a");
    prints("(a<b)<c", "(a < b) < c");
    prints("not (a or b)", "not (a or b)");
    prints("1 + (not a)", "1 + (not a)");
    prints("(x ↦ x)(2)", "(x ↦ x)(2)");
    prints("(1..3)[2]", "(1..3)[2]");
    prints("(2)'", "(2)'");
    prints("(2).x", "(2).x");
    prints("∇(∇f)", "∇(∇f)");
    prints("∇(f')(x)", "∇(f')(x)");
    prints("(∇f)'", "∇f'");
    prints("∇1 .x", "∇(1).x");
    prints("x⁻⁰", "x^0");
    prints("1 → (2 → relu) → 1", "1 → (2 → relu) → 1");
    prints("(a when b otherwise c) when d otherwise e",
           "(a when b otherwise c) when d otherwise e");
    prints("[(x when c otherwise y) for x in (a when b otherwise c)]",
           "[x when c otherwise y for x in (a when b otherwise c)]");
    prints("interact a = (b in c) in d\nend", "interact a = (b in c) in d\nend");
}

static void numbers_and_texts(void **state) {
    (void)state;
    prints("100", "100");
    prints("0.1", "0.1");
    prints("1e-9", "1e-09");
    prints("123456789012345680000", "1.2345678901234568e+20");
    prints("0.30000000000000004", "0.30000000000000004");
    prints("\"a \"\"q\"\" {{b}} {x:3}\"", "\"a \"\"q\"\" {{b}} {x:3}\"");
    prints("“{\"{x}\"}”", "\"{\"{x}\"}\"");
    prints("[1; 2]", "[1; 2]");
    prints("f(x;w)", "f(x; w)");
    prints("f(;w)", "f(; w)");
    prints("(n=8)", "(n = 8)");
    prints("A[2,:]", "A[2, :]");
}

static void statements(void **state) {
    (void)state;
    prints("if a;b;else if c;d;else;e;end", "if a\n  b\nelse if c\n  d\nelse\n  e\nend");
    prints("f(x,s=2;w)=do;for i,j in t;x;end;end",
           "f(x, s = 2; w) = do\n  for i, j in t\n    x\n  end\nend");
    prints("a,b.c,d[1]=f()", "a, b.c, d[1] = f()");
    prints("check a,\"why\"", "check a, \"why\"");
    prints("plot?", "?plot");
    prints("?", "?");
    prints("while a;repeat 3;end;end", "while a\n  repeat 3\n  end\nend");
    prints("interact a=1 in 0..2,b in 0..1 by 0.1;a;end",
           "interact a = 1 in 0..2, b in 0..1 by 0.1\n  a\nend");
    prints("animate k in 0..3;end", "animate k in 0..3\nend");
    prints("() ↦ (x,y) ↦ 1", "() ↦ (x, y) ↦ 1");
    prints("W₁ = ϵ", "W1 = ε");
}

static void every_program_prints_as_it_reads(void **state) {
    (void)state;
    static char text[1 << 16];
    dw_mem mem = {0};
    DIR *folder = opendir("tests/lang/programs");
    assert_non_null(folder);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strstr(entry->d_name, ".dw") == NULL)
            continue;
        char path[512];
        snprintf(path, sizeof path, "tests/lang/programs/%s", entry->d_name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        size_t size = fread(text, 1, sizeof text - 1, file);
        text[size] = '\0';
        fclose(file);
        dw_buf out;
        dw_buf_init(&out, &mem);
        round_trip(text, size, &out);
        dw_buf_free(&out);
        count++;
    }
    closedir(folder);
    assert_true(count >= 21);
    assert_int_equal(mem.used, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brackets_where_needed),
        cmocka_unit_test(numbers_and_texts),
        cmocka_unit_test(statements),
        cmocka_unit_test(every_program_prints_as_it_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
