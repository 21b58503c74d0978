/* SPDX-License-Identifier: BSD-3-Clause */
/* The evaluator's frame: names, units, values of expressions, interrupts. */
#include "lang/eval.h"

#include "notebook.h"

static void keeps_what_was_computed(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    assert_false(notebook_run(&nb, "x = 3\ny = zork\nz = 4", &err));
    assert_int_equal(err.kind, DW_ERR_NAME);
    assert_float_equal(dw_eval_name(&nb.eval, "x")->as.number, 3, 0);
    assert_null(dw_eval_name(&nb.eval, "z"));
    notebook_close(&nb);
}

static void suggests_near_names(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    assert_true(notebook_run(&nb, "lambda = 3\nx = 1\nunused_q = 1", &err));
    assert_string_equal(dw_eval_nearest(&nb.eval, "lamda"), "lambda");
    assert_string_equal(dw_eval_nearest(&nb.eval, "reapet"), "repeat");
    assert_string_equal(dw_eval_nearest(&nb.eval, "sigmiod"), "sigmoid");
    assert_null(dw_eval_nearest(&nb.eval, "y"));
    assert_null(dw_eval_nearest(&nb.eval, "qqqqqqqq"));
    notebook_close(&nb);
}

static void keeps_the_sources_of_functions(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    dw_buf text;
    notebook_open(&nb);
    dw_buf_init(&text, &nb.own);
    assert_true(notebook_run(&nb, "f(x) = x + zork", &err));
    assert_true(notebook_run(&nb, "g(x) = f(x)", &err));
    for (int i = 0; i < 3 * DW_EVAL_RECENT; i++) { /* however far away the two are */
        assert_true(notebook_run(&nb, "1", &err));
        assert_false(notebook_run(&nb, "g(1)", &err));
        dw_buf_clear(&text);
        dw_explain_error(&nb.eval, &err, false, &text);
        assert_non_null(strstr(text.data, "f(x) = x + zork\n             ^^^^"));
        assert_non_null(strstr(text.data, ": f(x)\n"));
        assert_non_null(strstr(text.data, ": g(1)"));
        err = (dw_err){0};
    }
    dw_buf_free(&text);
    notebook_close(&nb);
}

/* The interrupt of a host that asks when something is printed. */
static void interrupt(void *context, const char *text, size_t size) {
    (void)text;
    (void)size;
    dw_cancel_request(context);
}

static void stops_where_it_is(void **state) {
    (void)state;
    static const char *const endless[] = {
        "print(1)\nwhile true\nend",
        "print(1)\nrepeat 1e15\n  x = 1\nend",
        "print(1)\nfor i in 1..1e15\nend",
        "print(1)\n[i for i in 1..1e15]",
        "print(1)\nf(n) = f(n - 1) + f(n - 1) when n > 0 otherwise 1\nf(1000)",
        "print(1)\nsum(1 for i in 1..1e15)",
        "print(1)\nzeros(2000, 2000)*zeros(2000, 2000)",
    };
    for (size_t i = 0; i < sizeof endless / sizeof *endless; i++) {
        notebook nb;
        dw_err err = {0};
        notebook_open(&nb);
        nb.host.write = interrupt;
        nb.host.context = &nb.eval.cancel;
        assert_false(notebook_run(&nb, endless[i], &err));
        assert_int_equal(err.kind, DW_ERR_INTERRUPT);
        assert_true(err.has_place);
        dw_err later = {0};
        nb.host.write = NULL;
        assert_true(notebook_run(&nb, "x = 1 + 1", &later));
        notebook_close(&nb);
    }
}

static void shows_nothing_in_an_expression(void **state) {
    (void)state;
    notebook nb;
    dw_err err = {0};
    dw_value value;
    notebook_open(&nb);
    dw_unit *unit = dw_unit_new(&nb.mem, 1, "expression", 1, "2*3", 3);
    assert_true(dw_parse_unit(unit, &err) && dw_scope_resolve(&nb.eval, unit, &err));
    assert_true(dw_eval_expression(&nb.eval, unit, &value, &err));
    assert_float_equal(value.as.number, 6, 0);
    assert_int_equal(nb.out.size, 0);
    dw_unit_release(unit);
    notebook_close(&nb);
}

static void refuses_to_open_without_memory(void **state) {
    (void)state;
    dw_host host = {0};
    bool done = false;
    for (long n = 1; !done; n += n < 40 ? 1 : 37) {
        dw_mem mem = {.fail_at = n};
        dw_eval eval;
        done = dw_eval_init(&eval, &mem, &host);
        dw_eval_free(&eval);
        assert_int_equal(mem.used, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_was_computed),
        cmocka_unit_test(suggests_near_names),
        cmocka_unit_test(keeps_the_sources_of_functions),
        cmocka_unit_test(stops_where_it_is),
        cmocka_unit_test(shows_nothing_in_an_expression),
        cmocka_unit_test(refuses_to_open_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
