/* SPDX-License-Identifier: BSD-3-Clause */
/* train: from a net and a table to a better net. */
#include "lang/builtin.h"

#include "lang/eval.h"
#include "lang/net.h"
#include "lang/trainings.h"

#include <math.h>
#include <string.h>

/* What is said when the user stopped it: the cell goes on to its next look. */
static void tell_stop(dw_call *call, const dw_progress *progress, const dw_progress_result *end) {
    static const char note[] = "the training was stopped; this is the best net so far\n";
    char words[DW_PROGRESS_WORDS];
    if (!dw_progress_is_shown(progress)) {
        dw_progress_words(&progress->task, end, words);
        dw_call_write(call, words, strlen(words));
        dw_call_write(call, "\n", 1);
    }
    dw_call_write(call, note, sizeof note - 1);
}

static void tell_end(dw_training *t, dw_progress *progress, const dw_train_result *r) {
    const dw_train_end *end = &r->ends[0];
    const dw_progress_result result = {.steps = end->steps,
                                       .loss = end->loss,
                                       .valid = t->validates ? end->valid : NAN,
                                       .best = end->best,
                                       .stopped = r->interrupted,
                                       .history = &r->history};
    dw_progress_end(progress, &result);
    if (r->interrupted)
        tell_stop(&t->call, progress, &result);
}

/* Trains now. */
static bool run(dw_training *t, dw_value *out) {
    dw_call *call = &t->call;
    dw_progress progress;
    dw_train_result r;
    if (!dw_training_prepare(t) || !dw_objective_plan(t->loss, call->err))
        return false;
    const dw_progress_task task =
        dw_training_task(t, dw_objective_flops(t->loss) * (double)t->options.steps);
    t->options.pool = call->eval->pool;
    dw_progress_begin(&progress, &task, &t->options.watch);
    if (progress.log != NULL)
        t->options.forgets = false;
    bool fine = dw_train_run(call->mem, dw_objective_train(t->loss), &t->options, &r, call->err);
    if (!fine) {
        dw_progress_fail(&progress);
        return false;
    }
    const dw_training_end end = {t->loss, &r, 0};
    tell_end(t, &progress, &r);
    fine = dw_training_net(t, &end, out);
    dw_train_forget(&r);
    return fine;
}

/* Puts the training off while others like it may be found, or finds its answer; else runs it. */
static bool run_or_replay(dw_call *call, dw_training *t, dw_value *out) {
    dw_trainings_job job = dw_trainings_new(t);
    const dw_replay_job *known;
    dw_replay_way way = dw_replay_call(call->eval, &job.head, &known);
    t = dw_trainings_take(&job);
    bool fine = way == DW_REPLAY_ALONE && run(t, out);
    if (way == DW_REPLAY_ANSWER) {
        const dw_trainings_job *answer = (const dw_trainings_job *)known;
        const dw_progress_task task = dw_training_task(t, answer->work);
        dw_progress_answer(&task, answer->loss);
        *out = dw_value_retain(answer->net);
        fine = true;
    }
    dw_training_free(&t);
    return fine;
}

static bool run_train(dw_call *call, dw_value *out) {
    char words[DW_VALUE_WORDS];
    if (call->eval->trace != NULL)
        return dw_err_set(call->err, DW_ERR_TYPE,
                          "training cannot stand in a function that is differentiated");
    if (!dw_net_is(call->args[DW_TRAIN_NET]))
        return dw_call_fail(call, DW_TRAIN_NET, DW_ERR_TYPE,
                            "train needs a net, such as 1 → 8 → relu → 1, or a function with "
                            "parameters, f(x; a = 1) = a*x; this is %s",
                            dw_value_words(call->args[DW_TRAIN_NET], words));
    if (dw_call_given(call, DW_TRAIN_LOSS) && call->args[DW_TRAIN_LOSS].kind != DW_FUNCTION)
        return dw_call_fail(call, DW_TRAIN_LOSS, DW_ERR_TYPE,
                            "the loss is a function of answer and truth, such as (ŷ, y) ↦ "
                            "abs(ŷ - y); this is %s",
                            dw_value_words(call->args[DW_TRAIN_LOSS], words));
    dw_training *t = dw_training_new(call);
    return t != NULL && run_or_replay(call, t, out);
}

const dw_builtin dw_lib_train[] = {
    {.name = "train",
     .group = "Nets",
     .signature = "train(net, data, rate = 0.01, steps = 1000, batch = all, optimizer = \"adam\", "
                  "loss = usual, validate = none, patience = inf, only = all, seed = next, "
                  "schedule = \"constant\", decay = 0, precision = \"double\", target = \"y\", "
                  "every = usual)",
     .help =
         "Trains a net on a table of inputs x and answers y and gives a new net, which carries "
         ".loss, .steps, .best and .history; the old one stays as it is.\n"
         "rate: the step size; each optimizer has a usual one\n"
         "steps: at most so many\n"
         "batch: samples a step looks at; all of up to 1000, else 64\n"
         "optimizer: sgd, momentum, nesterov, rmsprop, adam, adamw or lbfgs\n"
         "loss: a function of answer and truth of one sample; usually the squared error, or with "
         "softmax at the end -log of the share of the true class\n"
         "validate: a table, or a share of the samples; the best weights for it come back\n"
         "patience: stop so many steps after the best validation\n"
         "only: names of the parameters that may change, such as [\"W2\", \"b2\"]\n"
         "seed: a number that makes order and chance repeat\n"
         "schedule: how the rate changes: constant, cosine, linear, step, exponential or warm-up\n"
         "decay: draws the weights to 0\n"
         "precision: double, or single, which is faster\n"
         "target: the column of answers; then all other columns of numbers are inputs\n"
         "every: validate every so many steps",
     .example = "seed(1)\n"
                "f = train(1 → 1, table(x = [0, 1, 2], y = [1, 3, 5]), rate = 0.1)\n"
                "round(f(10))  # → 21",
     .see = "minimize params split accuracy",
     .run = run_train},
    {.name = NULL},
};
