/* SPDX-License-Identifier: BSD-3-Clause */
/* The rows of the drawing builtins, and pictures on their way to the host. */
#include "picture.h"

#include <stdlib.h>

typedef struct {
    int displays;
    size_t parts;
    char *plain;
    char *svg;
} seen;

static void remember(void *context, const dw_bundle *bundle) {
    seen *s = context;
    s->displays++;
    s->parts = bundle->count;
    free(s->plain);
    free(s->svg);
    s->plain = strdup(bundle->alt);
    s->svg = strdup(bundle->parts[1].data);
}

/* Runs a cell and returns what the host saw of it. */
static seen show(const char *source, dw_err *err) {
    seen s = {0};
    cell c;
    cell_open(&c);
    c.host = (dw_host){.context = &s, .display = remember};
    c.eval.gnuplot = "gnuplot";
    c.eval.path = "/usr/local/bin:/usr/bin:/bin";
    dw_unit *unit = dw_unit_new(&c.mem, ++c.eval.units, "cell", 1, source, strlen(source));
    assert_non_null(unit);
    dw_eval_remember(&c.eval, unit);
    bool fine = dw_parse_unit(unit, err) && dw_scope_resolve(&c.eval, unit, err) &&
                dw_eval_unit(&c.eval, unit, err);
    assert_true(fine == (err->kind == DW_ERR_NONE));
    dw_unit_release(unit);
    cell_close(&c);
    return s;
}

static void drop(seen *s) {
    free(s->plain);
    free(s->svg);
}

static void examples_show_what_they_promise(void **state) {
    (void)state;
    /* Not cell_walk: failing each of thousands of allocations of a surface takes minutes. */
    for (const dw_builtin *row = dw_lib_plot; row->name != NULL; row++) {
        cell c;
        char example[256];
        assert_ptr_equal(dw_builtin_find(row->name), row);
        assert_true(strlen(row->example) < sizeof example && strlen(row->help) > 10);
        strcpy(example, row->example);
        char *arrow = strstr(example, "  # → ");
        assert_non_null(arrow);
        *arrow = '\0';
        assert_non_null(strstr(example, row->name));
        cell_open(&c);
        cell_expect(&c, example, arrow + strlen("  # → "));
        cell_close(&c);
    }
}

static void a_plot_is_shown_in_four_forms(void **state) {
    (void)state;
    dw_err err = {0};
    seen s = show("plot(x ↦ 2*x, 0..1)", &err);
    assert_int_equal(err.kind, DW_ERR_NONE);
    assert_true(s.displays == 1 && s.parts == 4);
    assert_string_equal(s.plain, "Plot: x from 0 to 1, y from 0 to 2; the line x ↦ 2*x goes "
                                 "from 0 at 0 to 2 at 1.");
    drop(&s);
}

static void a_mark_alone_is_shown_and_an_assignment_is_not(void **state) {
    (void)state;
    dw_err err = {0};
    seen s = show("p = plot(sin)\nline([1, 2], [3, 4], \"red\")", &err);
    assert_int_equal(err.kind, DW_ERR_NONE);
    assert_int_equal(s.displays, 1);
    assert_non_null(strstr(s.svg, "#d62728"));
    drop(&s);
}

static void lists_are_pages(void **state) {
    (void)state;
    dw_err err = {0};
    seen s = show("p = plot(sin)\n[p, p; p, p]", &err);
    assert_int_equal(err.kind, DW_ERR_NONE);
    assert_non_null(strstr(s.plain, "Page of 2×2 plots: (1) Plot"));
    drop(&s);
    s = show("[plot(x ↦ k*x, 0..1) for k in 1..5]", &err);
    assert_int_equal(err.kind, DW_ERR_NONE);
    assert_non_null(strstr(s.plain, "Page of 2×3 plots"));
    drop(&s);
    s = show("[plot(sin) for k in 1..65]", &err);
    assert_int_equal(err.kind, DW_ERR_PLOT);
    drop(&s);
}

static void without_gnuplot_everything_else_works(void **state) {
    (void)state;
    dw_err err = {0};
    cell c;
    cell_open(&c);
    c.eval.gnuplot = "no_such_gnuplot";
    c.eval.path = "/usr/bin";
    dw_value v = picture_value(&c, NULL, "plot(sin)");
    dw_value_release(v);
    const char *source = "plot(sin)";
    dw_unit *unit = dw_unit_new(&c.mem, ++c.eval.units, "cell", 1, source, strlen(source));
    dw_eval_remember(&c.eval, unit);
    assert_true(dw_parse_unit(unit, &err) && dw_scope_resolve(&c.eval, unit, &err));
    assert_false(dw_eval_unit(&c.eval, unit, &err));
    assert_int_equal(err.kind, DW_ERR_PLOT);
    assert_non_null(strstr(err.text, "apt install gnuplot-nox"));
    dw_unit_release(unit);
    cell_expect(&c, "1 + 1", "2");
    cell_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_show_what_they_promise),
        cmocka_unit_test(a_plot_is_shown_in_four_forms),
        cmocka_unit_test(a_mark_alone_is_shown_and_an_assignment_is_not),
        cmocka_unit_test(lists_are_pages),
        cmocka_unit_test(without_gnuplot_everything_else_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
