/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions that bring values along: called, shown, passed on, kept when their values are gone. */
#include "lang/bound.h"

#include "cell.h"

static bool run_line(dw_call *call, dw_value *out) {
    double x;
    if (!dw_call_number(call, 0, &x))
        return false;
    *out = dw_value_number(call->bound[0].as.number + call->bound[1].as.number * x);
    return true;
}

static void show_line(dw_buf *out, const dw_value *bound) {
    dw_buf_print(out, "a line of slope %g", bound[1].as.number);
}

static const dw_builtin row = {.name = "line",
                               .group = "Data",
                               .signature = "line(x)",
                               .help = "A straight line.",
                               .example = "",
                               .see = "",
                               .run = run_line,
                               .show = show_line};

/* A session whose name `f` is the line 1 + 2x. */
static void open_with_line(cell *c) {
    dw_value values[2] = {dw_value_number(1), dw_value_number(2)}, f;
    dw_err err = {0};
    uint32_t slot;
    cell_open(c);
    assert_true(dw_bound_new(&c->mem, &row, values, 2, &f, &err));
    assert_true(dw_eval_slot(&c->eval, "f", &slot, &err));
    c->eval.globals[slot] = f;
}

static void works_like_any_function(void **state) {
    (void)state;
    cell c;
    open_with_line(&c);
    cell_expect(&c, "f(3)", "7");
    cell_expect(&c, "f(x = 3)", "7");
    cell_expect(&c, "[f(x) for x in 1..3]", "[3, 5, 7]");
    cell_expect(&c, "table(x = 1..3, y = f).y", "[3, 5, 7]");
    cell_expect(&c, "(f → sqrt)(4)", "3");
    cell_expect(&c, "integral(f, 0..1)", "2");
    cell_expect(&c, "f", "a line of slope 2");
    cell_expect(&c, "describe(f)", "\"the function line\"");
    cell_expect(&c, "f == f", "true");
    cell_refuse(&c, "f()", DW_ERR_TYPE, "line takes 1 value: line(x)");
    cell_refuse(&c, "f(\"a\")", DW_ERR_TYPE, "line needs a number for x");
    cell_refuse(&c, "f'(2)", DW_ERR_TYPE, "line has no derivative");
    cell_close(&c);
}

static void its_values_can_be_read(void **state) {
    (void)state;
    cell c;
    dw_value none = dw_value_number(3);
    open_with_line(&c);
    const dw_value *values = dw_bound_values(*dw_eval_name(&c.eval, "f"), &row);
    assert_non_null(values);
    assert_true(values[1].as.number > 1.5);
    assert_null(dw_bound_values(none, &row));
    assert_null(dw_bound_values(*dw_eval_name(&c.eval, "sqrt"), &row));
    cell_close(&c);
}

static void no_memory(void **state) {
    (void)state;
    dw_mem mem = {.fail_at = 1};
    dw_value value = dw_value_number(1), f;
    dw_err err = {0};
    assert_false(dw_bound_new(&mem, &row, &value, 1, &f, &err));
    assert_int_equal(err.kind, DW_ERR_MEMORY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(works_like_any_function),
        cmocka_unit_test(its_values_can_be_read),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
