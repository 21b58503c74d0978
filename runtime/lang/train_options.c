/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of train. */
#include "lang/train_options.h"

#include <math.h>
#include <string.h>

/* A word out of a small set; `all` lists them for the error. */
static bool read_word(dw_call *call, size_t i, const char *all, const dw_text **word) {
    return dw_call_text(call, i, word) &&
           (strlen((*word)->bytes) == (*word)->size ||
            dw_call_fail(call, i, DW_ERR_VALUE, "there are %s", all));
}

static bool read_optimizer(dw_call *call, dw_optimizer *out) {
    static const char all[] = "sgd, momentum, nesterov, rmsprop, adam, adamw and lbfgs";
    const dw_text *word;
    *out = DW_OPTIMIZER_ADAM;
    if (!dw_call_given(call, DW_TRAIN_OPTIMIZER))
        return true;
    if (!read_word(call, DW_TRAIN_OPTIMIZER, all, &word))
        return false;
    *out = dw_update_named(word->bytes);
    return *out != DW_OPTIMIZERS ||
           dw_call_fail(call, DW_TRAIN_OPTIMIZER, DW_ERR_VALUE,
                        "there is no optimizer %.40s; there are %s", word->bytes, all);
}

static bool read_schedule(dw_call *call, dw_schedule *out) {
    static const char all[] = "constant, cosine, linear, step, exponential and warm-up";
    const dw_text *word;
    *out = DW_SCHEDULE_CONSTANT;
    if (!dw_call_given(call, DW_TRAIN_SCHEDULE))
        return true;
    if (!read_word(call, DW_TRAIN_SCHEDULE, all, &word))
        return false;
    *out = dw_schedule_named(word->bytes);
    return *out != DW_SCHEDULES ||
           dw_call_fail(call, DW_TRAIN_SCHEDULE, DW_ERR_VALUE,
                        "there is no schedule %.40s; there are %s", word->bytes, all);
}

static bool read_precision(dw_call *call, bool *single) {
    const dw_text *word;
    *single = false;
    if (!dw_call_given(call, DW_TRAIN_PRECISION))
        return true;
    if (!read_word(call, DW_TRAIN_PRECISION, "single and double", &word))
        return false;
    *single = strcmp(word->bytes, "single") == 0;
    return *single || strcmp(word->bytes, "double") == 0 ||
           dw_call_fail(call, DW_TRAIN_PRECISION, DW_ERR_VALUE,
                        "the precision is \"double\" or \"single\", this is %.40s", word->bytes);
}

/* A number that is at least 0 (above 0 when `above`). */
static bool read_positive(dw_call *call, size_t i, bool above, double *out) {
    if (!dw_call_given(call, i))
        return true;
    if (!dw_call_number(call, i, out))
        return false;
    if (isfinite(*out) && (above ? *out > 0 : *out >= 0))
        return true;
    return dw_call_fail(call, i, DW_ERR_VALUE, "%s is a number %s, this is %g",
                        i == DW_TRAIN_RATE ? "the rate" : "the decay",
                        above ? "above 0, such as 0.01" : "from 0 on, such as 0.01", *out);
}

static bool read_count(dw_call *call, size_t i, double least, size_t *out) {
    double number;
    if (!dw_call_given(call, i))
        return true;
    if (i == DW_TRAIN_PATIENCE && dw_value_as_number(call->args[i], &number) && number == INFINITY)
        return true;
    return dw_call_whole(call, i, least, 1e12, out);
}

bool dw_train_options_read(dw_call *call, dw_train_options *o, dw_rng *stream, bool *single) {
    double seed = 0;
    *o = (dw_train_options){.steps = 1000, .cancel = call->cancel, .streams = stream};
    if (!read_optimizer(call, &o->optimizer) || !read_schedule(call, &o->schedule) ||
        !read_precision(call, single) || !read_positive(call, DW_TRAIN_RATE, true, &o->rate))
        return false;
    o->decay = o->optimizer == DW_OPTIMIZER_ADAMW ? 0.01 : 0;
    if (!read_positive(call, DW_TRAIN_DECAY, false, &o->decay) ||
        !read_count(call, DW_TRAIN_STEPS, 0, &o->steps) ||
        !read_count(call, DW_TRAIN_BATCH, 1, &o->batch) ||
        !read_count(call, DW_TRAIN_PATIENCE, 1, &o->patience) ||
        !read_count(call, DW_TRAIN_EVERY, 1, &o->every))
        return false;
    if (dw_call_given(call, DW_TRAIN_SEED) && !dw_call_number(call, DW_TRAIN_SEED, &seed))
        return false;
    if (dw_call_given(call, DW_TRAIN_SEED))
        *stream = dw_rng_seed((uint64_t)(int64_t)fmax(-9e18, fmin(9e18, seed)));
    if (!dw_call_given(call, DW_TRAIN_SEED)) { /* the next key of the running stream */
        dw_rng *running = dw_call_rng(call);
        *stream = dw_rng_split(running, running->counter++, 0);
    }
    if (o->patience > 0 && !dw_call_given(call, DW_TRAIN_VALIDATE))
        return dw_call_fail(call, DW_TRAIN_PATIENCE, DW_ERR_VALUE,
                            "patience waits for a better validation: add validate = 0.2, or a "
                            "table to validate with");
    if (o->optimizer == DW_OPTIMIZER_LBFGS && (*single || o->batch > 0))
        return dw_call_fail(call, DW_TRAIN_OPTIMIZER, DW_ERR_VALUE,
                            "lbfgs looks at all samples in double precision: leave out %s",
                            *single ? "precision" : "batch");
    return true;
}
