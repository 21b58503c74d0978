/* SPDX-License-Identifier: BSD-3-Clause */
/* The loss of a net over samples: its value, its gradient beside differences, batches and pieces.
 */
#include "lang/objective.h"

#include "cells.h"
#include "lang/net.h"

#include <math.h>

/* A session with a net and a table in it, and their numbers. */
typedef struct {
    cell c;
    dw_err err;
    dw_buf out;
    dw_mem own;
    dw_call call;
    dw_dataset data;
    dw_objective_terms terms;
    dw_objective_loss *loss;
} bench;

static const dw_builtin row = {.name = "try", .signature = "try(f, t, target)"};

static void prepare(bench *b, const char *source, size_t outputs) {
    *b = (bench){.err = {0}};
    cell_open(&b->c);
    dw_buf_init(&b->out, &b->own);
    if (!cells_run(&b->c, source, &b->out, &b->err))
        fail_msg("%s: %s", source, b->err.text);
    b->c.eval.err = &b->err;
    b->call = (dw_call){.eval = &b->c.eval,
                        .builtin = &row,
                        .mem = &b->c.mem,
                        .cancel = &b->c.eval.cancel,
                        .err = &b->err,
                        .count = 3};
    b->call.args[0] = *dw_eval_name(&b->c.eval, "f");
    b->call.args[1] = *dw_eval_name(&b->c.eval, "t");
    dw_dataset_form form = {.table = 1, .column = 2, .inputs = 1, .outputs = outputs};
    assert_true(dw_dataset_inputs(&b->call, &form, &b->data));
    assert_true(dw_dataset_targets(&b->call, &form, &b->data));
    b->terms = (dw_objective_terms){
        .net = b->call.args[0], .train = &b->data, .batch = b->data.count, .key = 1};
}

static void release(bench *b) {
    dw_objective_free(&b->loss);
    dw_dataset_free(&b->data);
    dw_buf_free(&b->out);
    cell_close(&b->c);
}

static double loss_at(const dw_train_objective *f) {
    double loss;
    dw_err err = {0};
    assert_true(f->measure(f->context, false, &loss, &err));
    return loss;
}

static void check_gradient(bench *b, const dw_train_batch *batch) {
    const dw_train_objective *f = dw_objective_train(b->loss);
    double loss, *x = f->x, *g = f->g, keep[64];
    assert_true(f->n <= 64);
    assert_true(f->gradient(f->context, batch, &loss, &b->err));
    memcpy(keep, g, f->n * sizeof *g);
    for (size_t i = 0; i < f->n; i++) {
        double at = x[i], h = 1e-5, up, down;
        x[i] = at + h;
        assert_true(f->gradient(f->context, batch, &up, &b->err));
        x[i] = at - h;
        assert_true(f->gradient(f->context, batch, &down, &b->err));
        x[i] = at;
        if (!(fabs((up - down) / (2 * h) - keep[i]) < 1e-6))
            fail_msg("parameter %zu: %g by differences, %g", i, (up - down) / (2 * h), keep[i]);
    }
}

static void gradients_are_those_of_the_loss(void **state) {
    (void)state;
    static const char *const nets[] = {
        "f = 2 → 4 → tanh → 2\nt = table(x = [1, 2, 3; 4, 5, 7], y = [1, 0, 2; 3, 1, 1])",
        "f(x; W = [1, 2; 3, 4], b = [1; 2]) = σ(W*x + b)\n"
        "t = table(x = [1, 2, 3; 4, 5, 7], y = [1, 0, 2; 3, 1, 1])",
    };
    for (size_t i = 0; i < 2; i++) {
        bench b;
        prepare(&b, nets[i], 2);
        assert_true(dw_objective_new(&b.call, &b.terms, &b.loss) &&
                    dw_objective_plan(b.loss, &b.err));
        check_gradient(&b, &(dw_train_batch){.count = 3});
        dw_objective_free(&b.loss);
        b.terms.batch = 2;
        assert_true(dw_objective_new(&b.call, &b.terms, &b.loss) &&
                    dw_objective_plan(b.loss, &b.err));
        check_gradient(&b, &(dw_train_batch){.count = 2, .chosen = (size_t[]){2, 0}});
        release(&b);
    }
}

static void shares_of_classes_have_gradients(void **state) {
    (void)state;
    bench b;
    prepare(&b, "f = 1 → 3 → tanh → 2\nt = table(x = 1..4, y = [1, 0, 0.25, 1; 0, 1, 0.75, 0])", 2);
    b.terms.classes = true;
    assert_true(dw_objective_new(&b.call, &b.terms, &b.loss) && dw_objective_plan(b.loss, &b.err));
    check_gradient(&b, &(dw_train_batch){.count = 4});
    release(&b);
}

/* Large sets are measured in pieces; the mean is that of all. */
static void pieces_make_the_whole(void **state) {
    (void)state;
    bench b;
    prepare(&b, "f(x; a = 2) = a*x\nt = table(x = 1..2300, y = x ↦ 2*x + 3)", 1);
    b.terms.batch = 10;
    assert_true(dw_objective_new(&b.call, &b.terms, &b.loss) && dw_objective_plan(b.loss, &b.err));
    assert_true(fabs(loss_at(dw_objective_train(b.loss)) - 9) < 1e-12);
    *(double *)dw_objective_train(b.loss)->x = 3; /* errors 3 - x */
    double sum = 0;
    for (int x = 1; x <= 2300; x++)
        sum += (x - 3.0) * (x - 3.0);
    assert_true(fabs(loss_at(dw_objective_train(b.loss)) / (sum / 2300) - 1) < 1e-12);
    release(&b);
}

/* Steps and measures allocate nothing: the next allocation would fail. */
static void steps_allocate_nothing(void **state) {
    (void)state;
    bench b;
    prepare(&b,
            "f = 2 → 4 → dropout(0.5) → tanh → 2\n"
            "t = table(x = [1, 2, 3; 4, 5, 7], y = [1, 0, 2; 3, 1, 1])",
            2);
    b.terms.batch = 2;
    b.terms.valid = &b.data;
    for (int lanes = 0; lanes < 2; lanes++) {
        dw_objective_loss *joined = NULL;
        double loss[DW_UPDATE_LANES];
        size_t chosen[2 * DW_UPDATE_LANES] = {2, 0, 1, 2};
        assert_true(dw_objective_new(&b.call, &b.terms, &b.loss));
        if (lanes)
            assert_true(dw_objective_join(&b.loss, 1, &joined, &b.err));
        dw_objective_loss *one = lanes ? joined : b.loss;
        assert_true(dw_objective_plan(one, &b.err));
        const dw_train_objective *f = dw_objective_train(one);
        b.c.mem.fail_at = 1;
        for (size_t step = 0; step < 3; step++) {
            dw_train_batch batch = {.step = step, .count = 2, .chosen = chosen};
            assert_true(f->gradient(f->context, &batch, loss, &b.err));
            assert_true(f->measure(f->context, step == 1, loss, &b.err));
        }
        assert_int_equal(b.c.mem.fail_at, 1);
        b.c.mem.fail_at = 0;
        dw_objective_free(&joined);
        dw_objective_free(&b.loss);
    }
    release(&b);
}

/* Training on singles, and a column of doubles at the end. */
static void singles_round_once(void **state) {
    (void)state;
    bench b;
    prepare(&b, "f(x; a = 1/3) = a*x\nt = table(x = 1..3, y = 1..3)", 1);
    b.terms.single = true;
    assert_true(dw_objective_new(&b.call, &b.terms, &b.loss) && dw_objective_plan(b.loss, &b.err));
    const dw_train_objective *f = dw_objective_train(b.loss);
    assert_true(f->single && *(float *)f->x == 1 / 3.0f);
    dw_tensor *column = dw_objective_column(b.loss, 0, &b.err);
    assert_true(column->size == 1 && column->data[0] == (double)(1 / 3.0f));
    dw_tensor_release(column);
    release(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_are_those_of_the_loss),
        cmocka_unit_test(shares_of_classes_have_gradients),
        cmocka_unit_test(pieces_make_the_whole),
        cmocka_unit_test(steps_allocate_nothing),
        cmocka_unit_test(singles_round_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
