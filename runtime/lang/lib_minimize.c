/* SPDX-License-Identifier: BSD-3-Clause */
/* minimize: descents of functions of the language. */
#include "lang/builtin.h"

#include "lang/derivative.h"
#include "lang/eval.h"
#include "nets/minimize.h"

#include <math.h>
#include <string.h>

enum { PATH_POINTS = 10000, PATH_NUMBERS = 1 << 22 };

/* Parameters of the signature. */
enum { F, FROM, RATE, STEPS, METHOD, UNTIL };

/* One call of minimize. The places of the path are thinned out by halves when they become too many.
 */
typedef struct {
    dw_call *call;
    dw_value f; /* as given; called as it is by methods that need only values */
    dw_value value, descent, newton; /* made from it for the others */
    dw_tensor *x;                    /* the place, in the shape of the start */
    double *both;                    /* value and gradient */
    double *path;
    size_t points, stride, visits; /* kept; every how many-th place is kept; seen */
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

/* ---- the path ---- */

static size_t path_room(size_t n) {
    size_t room = n > 0 ? PATH_NUMBERS / n : PATH_POINTS;
    return room > PATH_POINTS ? PATH_POINTS : room < 2 ? 2 : room;
}

static void thin_out(descent *d) {
    size_t n = d->x->size;
    for (size_t i = 0; 2 * i < d->points; i++)
        memmove(d->path + i * n, d->path + 2 * i * n, n * sizeof *d->path);
    d->points = (d->points + 1) / 2;
    d->stride *= 2;
}

static bool visit(void *context, const double *x, dw_err *err) {
    descent *d = context;
    size_t n = d->x->size;
    if (d->visits++ % d->stride != 0)
        return true;
    if (d->points == path_room(n))
        thin_out(d);
    if ((d->points & (d->points - 1)) == 0) { /* a power of two: room for twice as many */
        size_t room = d->points == 0 ? 1 : 2 * d->points;
        double *path = dw_mem_grow(d->call->mem, d->path, room * n * sizeof *path + 1);
        if (path == NULL)
            return dw_err_memory(err, "the path of a descent");
        d->path = path;
    }
    memcpy(d->path + d->points++ * n, x, n * sizeof *x);
    return true;
}

/* The places as columns of a matrix, the last one always among them. */
static bool path_value(descent *d, const double *x, dw_value *out) {
    size_t n = d->x->size;
    bool last = (d->visits - 1) % d->stride == 0;
    size_t columns = d->points + !last;
    dw_tensor *path = dw_tensor_raw(d->call->mem, n, columns, d->call->err);
    if (path == NULL)
        return false;
    for (size_t c = 0; c < columns; c++)
        for (size_t r = 0; r < n; r++)
            path->data[r * columns + c] = c < d->points ? d->path[c * n + r] : x[r];
    *out = dw_value_array(path);
    return true;
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

static bool answer(descent *d, const dw_minimize_result *result, const double *x, dw_value *out) {
    static const char *const names[] = {"x", "value", "steps", "evals", "path"};
    dw_err *err = d->call->err;
    if (!dw_value_record(d->call->mem, DW_RECORD, names, 5, 0, out, err))
        return false;
    dw_field *fields = out->as.record->fields;
    memcpy(d->x->data, x, d->x->size * sizeof *x);
    fields[0].value = dw_value_array(dw_tensor_retain(d->x));
    fields[1].value = dw_value_number(result->value);
    fields[2].value = dw_value_number((double)result->steps);
    fields[3].value = dw_value_number((double)result->evals);
    if (path_value(d, x, &fields[4].value))
        return true;
    dw_value_release(*out);
    return false;
}

static bool run(descent *d, dw_minimize_options *o, dw_value *out) {
    size_t n = d->x->size;
    dw_minimize_result result;
    bool values = dw_minimize_needs(o->method) == DW_NEEDS_VALUES;
    dw_objective f = {.context = d,
                      .n = n,
                      .value = values ? plain_value : planned_value,
                      .gradient = gradient,
                      .newton = newton,
                      .visit = visit};
    double *x = dw_mem_array(d->call->mem, n + 1, sizeof *x);
    d->both = dw_mem_array(d->call->mem, n + 1, sizeof *d->both);
    bool fine = x != NULL && d->both != NULL;
    if (!fine)
        dw_err_memory(d->call->err, "a descent");
    if (fine) {
        memcpy(x, d->x->data, n * sizeof *x);
        fine = dw_minimize_run(d->call->mem, &f, o, x, &result, d->call->err) &&
               answer(d, &result, x, out);
    }
    dw_mem_free(x);
    dw_mem_free(d->both);
    dw_mem_free(d->path);
    return fine;
}

static bool run_minimize(dw_call *call, dw_value *out) {
    descent d = {.call = call, .stride = 1};
    dw_minimize_options options;
    if (!dw_call_function(call, F, &d.f) || !read_options(call, &options) ||
        !read_start(call, &d.x))
        return false;
    if (d.x->size == 0) {
        dw_tensor_release(d.x);
        return dw_call_fail(call, FROM, DW_ERR_VALUE,
                            "there is nothing to change: start from a "
                            "number or an array");
    }
    d.x = dw_tensor_own(call->mem, d.x, call->err);
    bool fine = d.x != NULL && derive(&d, &options) && run(&d, &options, out);
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
