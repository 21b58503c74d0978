/* SPDX-License-Identifier: BSD-3-Clause */
/* The training loop on losses whose minimum is known. */
#include "nets/train.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N = 3, SAMPLES = 12, LANES = DW_UPDATE_LANES };

/* The loss is the mean over samples of Σ (1 + k)*(x[k] - target)², a target for each sample, number
 * and run; its minimum lies at the mean of the targets. The validation is (x[0] - aim)². */
typedef struct {
    dw_train_objective f;
    double aim;
    double wide[N * LANES], wide_g[N * LANES];
    float narrow[N * LANES], narrow_g[N * LANES];
    size_t first_lane; /* of the runs this stands for */
    size_t gradients, measures;
    size_t stop_at, fail_at; /* gradients until the user stops, until an error; 0: never */
    bool stops_behind;       /* the gradient at which the user stops is still worked out */
    dw_cancel cancel;
    dw_mem *hungry; /* from the second gradient on nothing may be allocated */
    double now;     /* of its clock */
    size_t told;
    dw_pace_report progress;
} bowls;

static double target(size_t sample, size_t k, size_t lane) {
    return sin((double)(sample * 7 + k * 3 + lane * 5));
}

static double read_x(const bowls *b, size_t i) {
    return b->f.single ? (double)b->narrow[i] : b->wide[i];
}

static void write_g(bowls *b, size_t i, double g) {
    if (b->f.single)
        b->narrow_g[i] = (float)g;
    else
        b->wide_g[i] = g;
}

static void work(bowls *b, const dw_train_batch *batch, double *loss, bool gradient) {
    size_t lanes = b->f.lanes;
    for (size_t l = 0; l < lanes; l++) {
        loss[l] = 0;
        for (size_t k = 0; k < N; k++) {
            double g = 0, x = read_x(b, k * lanes + l), weight = 1 + (double)k;
            for (size_t i = 0; i < batch->count; i++) {
                size_t s = batch->chosen != NULL ? batch->chosen[l * batch->count + i] : i;
                double d = x - target(s, k, l + b->first_lane);
                loss[l] += weight * d * d / (double)batch->count;
                g += weight * 2 * d / (double)batch->count;
            }
            if (gradient)
                write_g(b, k * lanes + l, g);
        }
    }
}

static bool gradient(void *context, const dw_train_batch *batch, double *loss, dw_err *err) {
    bowls *b = context;
    b->gradients++;
    b->now += 0.004;
    if (b->hungry != NULL && b->gradients > 1)
        b->hungry->fail_at = 1;
    if (b->gradients == b->fail_at)
        return dw_err_set(err, DW_ERR_VALUE, "no gradient here");
    if (b->gradients == b->stop_at) {
        dw_cancel_request(&b->cancel);
        if (!b->stops_behind)
            return dw_err_set(err, DW_ERR_INTERRUPT, "stopped");
    }
    work(b, batch, loss, true);
    return true;
}

static bool measure(void *context, bool validation, double *loss, dw_err *err) {
    bowls *b = context;
    (void)err;
    b->measures++;
    if (!validation)
        work(b, &(dw_train_batch){.count = SAMPLES}, loss, false);
    for (size_t l = 0; validation && l < b->f.lanes; l++)
        loss[l] = pow(read_x(b, l) - b->aim - 0.05 * (double)(l + b->first_lane), 2);
    return true;
}

static void prepare(bowls *b, size_t lanes, bool single) {
    *b = (bowls){.cancel = {.running = 1}};
    b->f = (dw_train_objective){.context = b,
                                .n = N,
                                .lanes = lanes,
                                .single = single,
                                .samples = SAMPLES,
                                .x = single ? (void *)b->narrow : b->wide,
                                .g = single ? (void *)b->narrow_g : b->wide_g,
                                .gradient = gradient,
                                .measure = measure};
    for (size_t i = 0; i < N * lanes; i++) {
        b->wide[i] = 3;
        b->narrow[i] = 3;
    }
}

static dw_train_options options(dw_optimizer optimizer, size_t steps) {
    return (dw_train_options){.optimizer = optimizer, .steps = steps};
}

static bool go(bowls *b, const dw_train_options *o, dw_train_result *r, dw_err *err) {
    dw_mem mem = {0};
    *err = (dw_err){0};
    b->hungry = &mem;
    bool fine = dw_train_run(&mem, &b->f, o, r, err);
    if (fine) {
        dw_train_forget(r);
        assert_int_equal(mem.used, 0);
    }
    b->hungry = NULL;
    return fine;
}

static double mean_target(size_t k, size_t lane) {
    double sum = 0;
    for (size_t s = 0; s < SAMPLES; s++)
        sum += target(s, k, lane);
    return sum / SAMPLES;
}

static void every_optimizer_finds_the_mean(void **state) {
    (void)state;
    for (dw_optimizer o = 0; o < DW_OPTIMIZERS; o++)
        for (int single = 0; single < (o == DW_OPTIMIZER_LBFGS ? 1 : 2); single++) {
            bowls b;
            dw_train_result r;
            dw_err err;
            prepare(&b, 1, single);
            dw_train_options how = options(o, 3000);
            how.schedule = o == DW_OPTIMIZER_LBFGS ? DW_SCHEDULE_CONSTANT : DW_SCHEDULE_LINEAR;
            if (!go(&b, &how, &r, &err))
                fail_msg("%s: %s", dw_update_word(o), err.text);
            for (size_t k = 0; k < N; k++)
                if (!(fabs(read_x(&b, k) - mean_target(k, 0)) < (single ? 1e-5 : 1e-6)))
                    fail_msg("%s ends at %g instead of %g", dw_update_word(o), read_x(&b, k),
                             mean_target(k, 0));
            double loss;
            work(&b, &(dw_train_batch){.count = SAMPLES}, &loss, false);
            assert_true(r.ends[0].loss == loss && isnan(r.ends[0].valid));
            assert_true(r.ends[0].best == r.ends[0].steps);
            assert_true(o == DW_OPTIMIZER_LBFGS ? r.ends[0].steps < 20 : r.ends[0].steps == 3000);
        }
}

static void lanes_are_runs_alone(void **state) {
    (void)state;
    for (int single = 0; single < 2; single++) {
        bowls all, one;
        dw_train_result together, alone;
        dw_err err;
        dw_rng streams[LANES];
        for (size_t l = 0; l < LANES; l++)
            streams[l] = dw_rng_seed(l);
        dw_train_options how = options(DW_OPTIMIZER_ADAM, 400);
        how.batch = 5;
        how.rate = 0.03;
        how.patience = 40;
        how.every = 3;
        how.streams = streams;
        prepare(&all, LANES, single);
        all.f.validation = 1;
        all.aim = 1;
        assert_true(go(&all, &how, &together, &err));
        for (size_t l = 0; l < LANES; l++) {
            prepare(&one, 1, single);
            one.first_lane = l;
            one.f.validation = 1;
            one.aim = 1;
            how.streams = &streams[l];
            assert_true(go(&one, &how, &alone, &err));
            assert_memory_equal(&alone.ends[0], &together.ends[l], sizeof *alone.ends);
            for (size_t k = 0; k < N; k++)
                assert_true(read_x(&one, k) == read_x(&all, k * LANES + l));
        }
        assert_true(together.ends[0].steps != together.ends[7].steps);
        assert_int_equal(together.ends[0].steps, together.ends[0].best + 40);
    }
}

/* x[0] runs from 3 to its mean and passes the aim of the validation. */
static void the_best_weights_come_back(void **state) {
    (void)state;
    for (dw_optimizer o = 0; o < DW_OPTIMIZERS; o++) {
        bowls b;
        dw_train_result r;
        dw_err err;
        dw_mem mem = {0};
        prepare(&b, 1, false);
        b.f.validation = 1;
        b.aim = 1;
        dw_train_options how = options(o, 3000);
        how.rate = o == DW_OPTIMIZER_LBFGS ? 0.01 : 0.002;
        how.patience = o == DW_OPTIMIZER_LBFGS ? 2 : 300;
        assert_true(dw_train_run(&mem, &b.f, &how, &r, &(dw_err){0}));
        (void)err;
        assert_int_equal(r.ends[0].steps, r.ends[0].best + how.patience);
        assert_true(r.ends[0].valid == pow(b.wide[0] - 1, 2));
        assert_true(r.ends[0].valid < (o == DW_OPTIMIZER_LBFGS ? 0.8 : 0.001));
        dw_losses_row rows[DW_LOSSES_ROWS + 2];
        size_t count = dw_losses_rows(&r.history, 0, rows), best = 0;
        for (size_t i = 0; i < count; i++)
            best = rows[i].valid < rows[best].valid ? i : best;
        assert_int_equal(rows[best].step, r.ends[0].best);
        assert_int_equal(rows[count - 1].step, r.ends[0].steps);
        dw_train_forget(&r);
    }
}

static void too_large_a_rate_is_named(void **state) {
    (void)state;
    bowls b;
    dw_train_result r;
    dw_err err;
    prepare(&b, 1, false);
    dw_train_options how = options(DW_OPTIMIZER_SGD, 5000);
    how.rate = 2;
    assert_false(go(&b, &how, &r, &err));
    assert_int_equal(err.kind, DW_ERR_NUMERIC);
    assert_non_null(strstr(err.text, "the loss became infinite with rate = 2. Try rate = 0.2"));
    assert_memory_equal(err.text, "train, step ", 12);
    prepare(&b, 1, false);
    b.wide[1] = NAN;
    how.optimizer = DW_OPTIMIZER_LBFGS;
    assert_false(go(&b, &how, &r, &err));
    assert_non_null(strstr(err.text, "the loss is no number before the first step"));
}

static void an_interrupt_keeps_the_best(void **state) {
    (void)state;
    for (dw_optimizer o = 0; o < DW_OPTIMIZERS; o++)
        for (size_t validation = 0; validation < 2; validation++) {
            bowls b;
            dw_train_result r;
            dw_err err;
            prepare(&b, 1, false);
            b.stop_at = 4;
            b.f.validation = validation;
            dw_train_options how = options(o, 100);
            how.cancel = &b.cancel;
            assert_true(go(&b, &how, &r, &err));
            assert_true(r.interrupted && err.kind == DW_ERR_NONE);
            assert_true(isfinite(r.ends[0].loss) && r.ends[0].steps <= 3);
            assert_int_equal(b.gradients, 4);
        }
}

/* Wherever it stops: so many steps as are told give the same weights, and the loss is theirs. */
static void an_interrupted_training_is_one_with_fewer_steps(void **state) {
    (void)state;
    for (dw_optimizer o = 0; o < DW_OPTIMIZERS; o++)
        for (size_t at = 0; at < 16; at++) {
            bowls stopped, whole;
            dw_train_result r, full;
            dw_err err;
            prepare(&stopped, 1, false);
            stopped.stop_at = 1 + at / 2;
            stopped.stops_behind = at % 2;
            dw_train_options how = options(o, 100);
            how.cancel = &stopped.cancel;
            if (at == 0) { /* nothing is known of the net yet */
                assert_false(go(&stopped, &how, &r, &err));
                assert_string_equal(err.text, "stopped before the first step");
                continue;
            }
            assert_true(go(&stopped, &how, &r, &err) && r.interrupted);
            assert_int_equal(r.ends[0].steps, r.ends[0].best);
            prepare(&whole, 1, false);
            how = options(o, r.ends[0].steps);
            assert_true(go(&whole, &how, &full, &err));
            assert_int_equal(full.ends[0].steps, r.ends[0].steps);
            assert_memory_equal(whole.wide, stopped.wide, sizeof whole.wide);
            if (stopped.stops_behind)
                assert_true(full.ends[0].loss == r.ends[0].loss);
        }
}

static void a_validated_training_stopped_at_once_is_none(void **state) {
    (void)state;
    for (dw_optimizer o = 0; o < DW_OPTIMIZERS; o++) {
        bowls b;
        dw_train_result r;
        dw_err err;
        prepare(&b, 1, false);
        b.stop_at = 1;
        b.f.validation = 1;
        dw_train_options how = options(o, 100);
        how.cancel = &b.cancel;
        assert_false(go(&b, &how, &r, &err));
        assert_int_equal(err.kind, DW_ERR_INTERRUPT);
    }
}

static void errors_of_the_loss_come_through(void **state) {
    (void)state;
    for (dw_optimizer o = 0; o < DW_OPTIMIZERS; o++)
        for (size_t at = 1; at <= 3; at++) {
            bowls b;
            dw_train_result r;
            dw_err err;
            prepare(&b, 1, false);
            b.fail_at = at;
            dw_train_options how = options(o, 100);
            assert_false(go(&b, &how, &r, &err));
            assert_string_equal(err.text, "no gradient here");
        }
}

static void only_some_parameters_move(void **state) {
    (void)state;
    for (dw_optimizer o = 0; o < DW_OPTIMIZERS; o++) {
        bowls b;
        dw_train_result r;
        dw_err err;
        dw_update_range middle = {1, 1};
        prepare(&b, 1, false);
        dw_train_options how = options(o, 50);
        how.ranges = &middle;
        how.range_count = 1;
        assert_true(go(&b, &how, &r, &err));
        assert_true(b.wide[0] == 3 && b.wide[1] < 3 && b.wide[2] == 3);
    }
}

static void decay_draws_to_zero(void **state) {
    (void)state;
    for (dw_optimizer o = 0; o < DW_OPTIMIZERS; o++) {
        double size[2];
        for (int decays = 0; decays < 2; decays++) {
            bowls b;
            dw_train_result r;
            dw_err err;
            prepare(&b, 1, false);
            dw_train_options how = options(o, 1000);
            how.rate = o == DW_OPTIMIZER_LBFGS ? 1 : 0.01;
            how.decay = decays ? 1 : 0;
            assert_true(go(&b, &how, &r, &err));
            size[decays] = fabs(b.wide[0]) + fabs(b.wide[1]) + fabs(b.wide[2]);
        }
        assert_true(size[1] < 0.95 * size[0]);
    }
}

static void running_out_of_memory_is_told(void **state) {
    (void)state;
    for (dw_optimizer o = DW_OPTIMIZER_ADAMW; o < DW_OPTIMIZERS; o++)
        for (long n = 1;; n++) {
            dw_mem mem = {.fail_at = n};
            dw_err err = {0};
            bowls b;
            dw_train_result r;
            dw_rng stream = dw_rng_seed(1);
            prepare(&b, 1, false);
            b.f.validation = 1;
            dw_train_options how = options(o, 3);
            how.batch = 2;
            how.streams = &stream;
            if (dw_train_run(&mem, &b.f, &how, &r, &err)) {
                assert_true(n > 4);
                dw_train_forget(&r);
                break;
            }
            assert_int_equal(err.kind, DW_ERR_MEMORY);
            assert_int_equal(mem.used, 0);
        }
}

static double read_clock(void *watcher) {
    return ((bowls *)watcher)->now;
}

static void hear(void *watcher, const dw_pace_report *progress) {
    bowls *b = watcher;
    assert_true(progress->seconds >= b->progress.seconds + 0.1);
    assert_non_null(progress->history);
    assert_int_equal(progress->history->last[0].step, progress->step);
    b->progress = *progress;
    b->told++;
}

static void progress_is_told_ten_times_a_second(void **state) {
    (void)state;
    bowls b;
    dw_train_result r;
    dw_err err;
    prepare(&b, 1, false);
    dw_train_options how = options(DW_OPTIMIZER_ADAM, 1000); /* 4 seconds of its clock */
    how.watch = (dw_pace_watch){read_clock, hear, &b};
    assert_true(go(&b, &how, &r, &err));
    assert_in_range(b.told, 25, 40);
    assert_true(b.progress.steps == 1000 && isfinite(b.progress.loss));
    assert_true(isnan(b.progress.valid));
}

static void validation_costs_little(void **state) {
    (void)state;
    bowls b;
    prepare(&b, 1, false);
    dw_train_options how = options(DW_OPTIMIZER_SGD, 10);
    b.f.validation = SAMPLES;
    assert_int_equal(dw_train_every(&b.f, &how), 1);
    how.batch = 5;
    assert_int_equal(dw_train_every(&b.f, &how), 3);
    how.every = 7;
    assert_int_equal(dw_train_every(&b.f, &how), 7);
}

static void no_steps_change_nothing(void **state) {
    (void)state;
    for (dw_optimizer o = 0; o < DW_OPTIMIZERS; o++) {
        bowls b;
        dw_train_result r;
        dw_err err;
        prepare(&b, 1, false);
        dw_train_options how = options(o, 0);
        assert_true(go(&b, &how, &r, &err));
        assert_true(b.wide[0] == 3 && r.ends[0].steps == 0 && isfinite(r.ends[0].loss));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_optimizer_finds_the_mean),
        cmocka_unit_test(lanes_are_runs_alone),
        cmocka_unit_test(the_best_weights_come_back),
        cmocka_unit_test(too_large_a_rate_is_named),
        cmocka_unit_test(an_interrupt_keeps_the_best),
        cmocka_unit_test(an_interrupted_training_is_one_with_fewer_steps),
        cmocka_unit_test(a_validated_training_stopped_at_once_is_none),
        cmocka_unit_test(errors_of_the_loss_come_through),
        cmocka_unit_test(only_some_parameters_move),
        cmocka_unit_test(decay_draws_to_zero),
        cmocka_unit_test(running_out_of_memory_is_told),
        cmocka_unit_test(progress_is_told_ten_times_a_second),
        cmocka_unit_test(validation_costs_little),
        cmocka_unit_test(no_steps_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
