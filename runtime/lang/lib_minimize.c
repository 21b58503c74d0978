/* SPDX-License-Identifier: BSD-3-Clause */
/* minimize: descents of functions of the language. */
#include "lang/builtin.h"

#include "lang/abreast.h"
#include "lang/derivative.h"
#include "lang/eval.h"
#include "nets/minimize.h"
#include "nets/trail.h"

#include <math.h>
#include <string.h>

/* Parameters of the signature. */
enum { F, FROM, RATE, STEPS, METHOD, UNTIL };

/* One call of minimize. */
typedef struct {
    dw_call *call;
    dw_value f; /* as given; called as it is by methods that need only values */
    dw_value value, descent, newton; /* made from it for the others */
    dw_tensor *x;                    /* the place, in the shape of the start */
    double *both;                    /* value and gradient */
    bool shows_path;                 /* somebody may look at it */
    dw_trail trail;                  /* if so */
} descent;

/* ---- the function ---- */

/* A call like any other, with a fresh array for each place. */
static bool plain_value(void *context, const double *x, double *y, dw_err *err) {
    descent *d = context;
    char words[DW_VALUE_WORDS];
    dw_tensor *at = dw_tensor_raw(d->call->mem, d->x->dim[0], d->x->dim[1], err);
    if (at == NULL)
        return false;
    memcpy(at->data, x, at->size * sizeof *x);
    dw_value place = dw_value_array(at), answer;
    bool fine = dw_call_invoke(d->call, d->f, &place, 1, &answer);
    dw_value_release(place);
    if (!fine)
        return false;
    fine = dw_value_as_number(answer, y) ||
           dw_err_set(err, DW_ERR_TYPE,
                      "minimize needs a function whose value is a number, this is %s",
                      dw_value_words(answer, words));
    dw_value_release(answer);
    return fine;
}

static bool planned(descent *d, dw_value function, const double *x, double *out) {
    memcpy(d->x->data, x, d->x->size * sizeof *x);
    return dw_derivative_run(d->call->eval, function.as.function, d->x, out);
}

static bool planned_value(void *context, const double *x, double *y, dw_err *err) {
    descent *d = context;
    (void)err; /* the call's own */
    return planned(d, d->value, x, y);
}

static bool gradient(void *context, const double *x, double *y, double *g, dw_err *err) {
    descent *d = context;
    (void)err;
    if (!planned(d, d->descent, x, d->both))
        return false;
    *y = d->both[0];
    memcpy(g, d->both + 1, d->x->size * sizeof *g);
    return true;
}

static bool newton(void *context, const double *x, double *step, dw_err *err) {
    descent *d = context;
    if (planned(d, d->newton, x, step))
        return true;
    if (err->kind == DW_ERR_NUMERIC && strstr(err->text, "singular") != NULL) {
        dw_err_clear(err);
        dw_err_set(err, DW_ERR_NUMERIC,
                   "newton cannot step here: the Hessian is singular, the function is flat in some "
                   "direction. Try method = \"lbfgs\"");
    }
    return false;
}

static bool visit(void *context, const double *x, dw_err *err) {
    descent *d = context;
    return dw_trail_visit(&d->trail, x, err);
}

/* ---- the call ---- */

static bool read_options(dw_call *call, dw_minimize_options *o) {
    const dw_text *word;
    *o = (dw_minimize_options){.method = DW_METHOD_GRADIENT,
                               .steps = 1000,
                               .until = -INFINITY,
                               .rng = dw_call_rng(call),
                               .cancel = call->cancel};
    if (dw_call_given(call, METHOD)) {
        if (!dw_call_text(call, METHOD, &word))
            return false;
        o->method = dw_minimize_method(word->bytes);
        if (o->method == DW_METHODS)
            return dw_call_fail(call, METHOD, DW_ERR_VALUE,
                                "there is no method %.40s; there are gradient, momentum, adam, "
                                "newton, lbfgs, numeric, anneal and nelder-mead",
                                word->bytes);
    }
    if (dw_call_given(call, RATE)) {
        if (!dw_call_number(call, RATE, &o->rate))
            return false;
        if (!(o->rate > 0 && isfinite(o->rate)))
            return dw_call_fail(call, RATE, DW_ERR_VALUE,
                                "the rate is a number above 0, such as %g, this is %g",
                                dw_minimize_rate(o->method), o->rate);
    }
    return (!dw_call_given(call, STEPS) || dw_call_whole(call, STEPS, 0, 1e12, &o->steps)) &&
           (!dw_call_given(call, UNTIL) || dw_call_number(call, UNTIL, &o->until));
}

/* Where the descent starts: a number or array, or drawn from a distribution. */
static bool read_start(dw_call *call, dw_tensor **out) {
    if (call->args[FROM].kind != DW_DISTRIBUTION)
        return dw_call_tensor(call, FROM, out);
    dw_value drawn;
    if (!dw_lib_chance_draw(call, call->args[FROM].as.distribution, &drawn))
        return false;
    bool fine = dw_value_as_tensor(call->mem, drawn, out, call->err);
    dw_value_release(drawn);
    return fine;
}

static bool derive(descent *d, dw_minimize_options *o) {
    dw_eval *e = d->call->eval;
    dw_method_needs needs = dw_minimize_needs(o->method);
    if (needs == DW_NEEDS_VALUES)
        return true;
    return dw_derivative_of(e, d->f, DW_VALUE, &d->value) &&
           dw_derivative_of(e, d->f, DW_DESCENT, &d->descent) &&
           (needs != DW_NEEDS_STEPS || dw_derivative_of(e, d->f, DW_NEWTON, &d->newton));
}

/* What minimize gives back; takes over the path, which may be NULL when nobody sees it. When only
 * one field is read there is no other. */
static bool answer(descent *d, const dw_minimize_result *result, const double *x, dw_tensor *path,
                   dw_value *out) {
    static const char *const names[] = {"x", "value", "steps", "evals", "path"};
    enum { PLACE, VALUE, STEPS_TAKEN, EVALS, PATH, FIELDS };
    size_t first = 0, count = FIELDS;
    while (d->call->field != NULL && first < FIELDS && strcmp(names[first], d->call->field) != 0)
        first++;
    if (first == FIELDS)
        first = 0; /* the error names them all */
    else if (d->call->field != NULL)
        count = 1;
    if (!dw_value_record(d->call->mem, DW_RECORD, names + first, count, 0, out, d->call->err)) {
        dw_tensor_release(path);
        return false;
    }
    memcpy(d->x->data, x, d->x->size * sizeof *x);
    dw_value values[FIELDS] = {
        [PLACE] = dw_value_array(dw_tensor_retain(d->x)),
        [VALUE] = dw_value_number(result->value),
        [STEPS_TAKEN] = dw_value_number((double)result->steps),
        [EVALS] = dw_value_number((double)result->evals),
        [PATH] = path != NULL ? dw_value_array(path) : dw_value_nothing(),
    };
    for (size_t i = 0; i < count; i++)
        out->as.record->fields[i].value = dw_value_retain(values[first + i]);
    dw_value_release(values[PLACE]);
    dw_value_release(values[PATH]);
    return true;
}

static void tell_end(dw_progress *progress, const dw_minimize_result *result, bool fine) {
    const dw_progress_result end = {.steps = result->steps, .loss = result->value, .valid = NAN};
    if (fine)
        dw_progress_end(progress, &end);
    else
        dw_progress_fail(progress);
}

static bool run(descent *d, dw_minimize_options *o, dw_value *out) {
    size_t n = d->x->size;
    dw_minimize_result result;
    dw_progress progress;
    const dw_progress_task task = dw_abreast_task(d->call, o->steps);
    bool values = dw_minimize_needs(o->method) == DW_NEEDS_VALUES;
    dw_objective f = {.context = d,
                      .n = n,
                      .value = values ? plain_value : planned_value,
                      .gradient = gradient,
                      .newton = newton,
                      .visit = d->shows_path ? visit : NULL};
    double *x = dw_mem_array(d->call->mem, n + 1, sizeof *x);
    d->both = dw_mem_array(d->call->mem, n + 1, sizeof *d->both);
    bool fine = x != NULL && d->both != NULL;
    if (!fine)
        dw_err_memory(d->call->err, "a descent");
    if (fine) {
        memcpy(x, d->x->data, n * sizeof *x);
        d->trail = dw_trail_start(d->call->mem, n, 1);
        dw_progress_begin(&progress, &task, &o->watch);
        fine = dw_minimize_run(d->call->mem, &f, o, x, &result, d->call->err);
        tell_end(&progress, &result, fine);
        dw_tensor *path = NULL;
        if (fine && d->shows_path)
            fine = (path = dw_trail_matrix(&d->trail, x, 0, d->call->err)) != NULL;
        fine = fine && answer(d, &result, x, path, out);
        dw_trail_free(&d->trail);
    }
    dw_mem_free(x);
    dw_mem_free(d->both);
    return fine;
}

/* Puts the descent off while others like it may be found, or finds its answer; else runs it. */
static bool run_or_replay(descent *d, dw_minimize_options *o, dw_value *out) {
    dw_abreast_job job = {.head = {.kind = &dw_abreast_kind},
                          .f = dw_value_retain(d->f),
                          .from = dw_tensor_retain(d->x),
                          .options = *o,
                          .shows_path = d->shows_path};
    const dw_replay_job *answer_job;
    dw_replay_way way = dw_replay_call(d->call->eval, &job.head, &answer_job);
    dw_abreast_release(&job);
    if (way == DW_REPLAY_STOP)
        return false;
    d->x = dw_tensor_own(d->call->mem, d->x, d->call->err);
    if (d->x == NULL)
        return false;
    if (way != DW_REPLAY_ANSWER)
        return derive(d, o) && run(d, o, out);
    const dw_abreast_job *known = (const dw_abreast_job *)answer_job;
    dw_tensor *path = known->path != NULL ? dw_tensor_retain(known->path) : NULL;
    const dw_progress_task task = dw_abreast_task(d->call, o->steps);
    dw_progress_answer(&task, known->result.value);
    return answer(d, &known->result, known->x->data, path, out);
}

static bool run_minimize(dw_call *call, dw_value *out) {
    descent d = {.call = call};
    dw_minimize_options options;
    d.shows_path = call->field == NULL || strcmp(call->field, "path") == 0;
    if (!dw_call_function(call, F, &d.f) || !read_options(call, &options) ||
        !read_start(call, &d.x))
        return false;
    if (d.x->size == 0) {
        dw_tensor_release(d.x);
        return dw_call_fail(call, FROM, DW_ERR_VALUE,
                            "there is nothing to change: start from a "
                            "number or an array");
    }
    bool fine = run_or_replay(&d, &options, out);
    dw_value_release(d.value);
    dw_value_release(d.descent);
    dw_value_release(d.newton);
    dw_tensor_release(d.x);
    return fine;
}

const dw_builtin dw_lib_minimize[] = {
    {.name = "minimize",
     .group = "Calculus",
     .signature =
         "minimize(f, from, rate = 0.1, steps = 1000, method = \"gradient\", until = -inf)",
     .help =
         "Goes downhill from a place (or one drawn from a distribution) to where a function is "
         "small, as a record: x the place, value, steps taken, evals of the function, path.\n"
         "rate: the step size; each method has a usual one\n"
         "steps: at most so many\n"
         "method: gradient, momentum, adam, newton, lbfgs; numeric, anneal and nelder-mead need "
         "no derivative\n"
         "until: stop when the value is not above it",
     .example = "minimize(x ↦ (x - 3)², 0, method = \"newton\").x  # → 3",
     .see = "grad cost root",
     .run = run_minimize},
    {.name = NULL},
};
