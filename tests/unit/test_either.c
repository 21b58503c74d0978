/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations that go for numbers, arrays and traced values alike: both kinds give the same. */
#include "lang/either.h"

#include "nets.h"

typedef struct {
    dw_operate o;
    dw_err err;
    dw_mem mem;
    dw_trace *trace;
} bench;

static void open_bench(bench *b) {
    *b = (bench){.err = {0}};
    b->o = (dw_operate){.mem = &b->mem, .err = &b->err};
    b->trace = dw_trace_new(&b->mem, &b->err);
    assert_non_null(b->trace);
}

static void close_bench(bench *b) {
    dw_trace_release(b->trace);
    assert_int_equal(b->mem.used, 0);
}

/* 0.5, 1.5, 2.5 … as a rows×columns array. */
static dw_value array_of(bench *b, size_t rows, size_t columns) {
    dw_tensor *t = dw_tensor_raw(&b->mem, rows, columns, &b->err);
    assert_non_null(t);
    for (size_t i = 0; i < t->size; i++)
        t->data[i] = (double)i + 0.5;
    return (dw_value){.kind = DW_ARRAY, .as.array = t};
}

typedef bool (*operation)(const dw_operate *o, dw_value v, dw_value *out);

/* The operation on an array and on a traced input that is given the same numbers. */
static void both_give(bench *b, operation run, size_t rows, size_t columns, const double *wanted,
                      size_t count) {
    dw_value plain = array_of(b, rows, columns), input, y, z;
    dw_graph_id id;
    double out[16], number;
    double *to = out;
    assert_true(run(&b->o, plain, &y));
    if (count == 1)
        assert_true(dw_value_as_number(y, &number) && number == wanted[0]);
    else
        assert_memory_equal(y.as.array->data, wanted, count * sizeof *wanted);
    assert_true(dw_graph_input(b->trace->graph, 0, (dw_op_shape){rows, columns, 1}, &id, &b->err));
    assert_true(dw_trace_value(b->trace, id, &input, &b->err) && run(&b->o, input, &z));
    assert_int_equal(z.kind, DW_TRACED);
    id = z.as.traced->id;
    dw_plan *plan = dw_plan_new(&b->mem, b->trace->graph, &id, 1, &b->err);
    const double *from = plain.as.array->data;
    assert_non_null(plan);
    assert_true(dw_plan_run(plan, &from, &to, NULL, &b->err));
    assert_memory_equal(out, wanted, count * sizeof *wanted);
    dw_plan_free(&plan);
    dw_value_release(y);
    dw_value_release(z);
    dw_value_release(input);
    dw_value_release(plain);
}

static const size_t PLACES[] = {3, 0, 2};

static bool reshape(const dw_operate *o, dw_value v, dw_value *out) {
    return dw_either_reshape(o, v, 1, 4, out);
}
static bool gather(const dw_operate *o, dw_value v, dw_value *out) {
    return dw_either_gather(o, v, PLACES, 3, 1, out);
}
static bool place(const dw_operate *o, dw_value v, dw_value *out) {
    return dw_either_place(o, v, PLACES, 2, 2, out);
}

static void give_the_same_traced_or_not(void **state) {
    (void)state;
    bench b;
    open_bench(&b);
    both_give(&b, reshape, 2, 2, (const double[]){0.5, 1.5, 2.5, 3.5}, 4);
    both_give(&b, gather, 2, 2, (const double[]){3.5, 0.5, 2.5}, 3);
    both_give(&b, place, 3, 1, (const double[]){1.5, 0, 2.5, 0.5}, 4);
    both_give(&b, dw_either_sum, 2, 2, (const double[]){8}, 1);
    both_give(&b, dw_either_largest, 2, 2, (const double[]){3.5}, 1);
    close_bench(&b);
}

static void tell_shapes(void **state) {
    (void)state;
    bench b;
    size_t rows, columns;
    dw_value text;
    open_bench(&b);
    assert_true(dw_either_shape(dw_value_number(3), &rows, &columns));
    assert_true(rows == 1 && columns == 1);
    assert_true(dw_value_text(&b.mem, "a", 1, &text, &b.err));
    assert_false(dw_either_shape(text, &rows, &columns));
    dw_value out;
    assert_false(dw_either_sum(&b.o, text, &out) || dw_either_largest(&b.o, text, &out));
    dw_value_release(text);
    dw_value empty = array_of(&b, 1, 0);
    b.err = (dw_err){0};
    assert_false(dw_either_largest(&b.o, empty, &out));
    assert_int_equal(b.err.kind, DW_ERR_VALUE);
    dw_value_release(empty);
    close_bench(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(give_the_same_traced_or_not),
        cmocka_unit_test(tell_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
