/* SPDX-License-Identifier: BSD-3-Clause */
/* What a builtin may ask of its call: its arguments in the kinds it needs, errors with their
 * places, calling back, and the things of the session. */
#include "lang/builtin.h"

#include "lang/eval.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* ---- errors ---- */

static void parameter_name(const dw_call *call, size_t i, char out[64]) {
    const char *start;
    size_t size;
    bool optional, rest;
    if (call->builtin == NULL ||
        !dw_builtin_parameter(call->builtin, i, &start, &size, &optional, &rest)) {
        snprintf(out, 64, "this");
        return;
    }
    snprintf(out, 64, "%.*s", (int)(size < 60 ? size : 60), start);
}

DW_PRINTF(4, 0)
static bool fail_at(dw_call *call, dw_span span, dw_err_kind kind, const char *format,
                    va_list list) {
    dw_err_vset(call->err, kind, format, list);
    if (call->source == NULL)
        return false;
    dw_eval_remember(call->eval, call->source);
    return dw_err_place(call->err, call->unit, span);
}

bool dw_call_fail(dw_call *call, size_t i, dw_err_kind kind, const char *format, ...) {
    va_list list;
    va_start(list, format);
    fail_at(call, call->spans[i], kind, format, list);
    va_end(list);
    return false;
}

bool dw_call_fail_rest(dw_call *call, size_t i, dw_err_kind kind, const char *format, ...) {
    va_list list;
    va_start(list, format);
    fail_at(call, call->rest_spans[i], kind, format, list);
    va_end(list);
    return false;
}

/* "integral needs a number for tolerance, this is a text" */
static bool wrong_kind(dw_call *call, size_t i, const char *needed) {
    char name[64], words[DW_VALUE_WORDS];
    parameter_name(call, i, name);
    return dw_call_fail(call, i, DW_ERR_TYPE, "%s needs %s for %s, this is %s", call->builtin->name,
                        needed, name, dw_value_words(call->args[i], words));
}

/* ---- arguments ---- */

bool dw_call_number(dw_call *call, size_t i, double *out) {
    return dw_value_as_number(call->args[i], out) || wrong_kind(call, i, "a number");
}

bool dw_call_whole(dw_call *call, size_t i, double lo, double hi, size_t *out) {
    double x;
    char name[64];
    if (!dw_call_number(call, i, &x))
        return false;
    if (x == floor(x) && x >= lo && x <= hi) {
        *out = (size_t)x;
        return true;
    }
    parameter_name(call, i, name);
    if (x != floor(x))
        return dw_call_fail(call, i, DW_ERR_VALUE, "%s needs a whole number for %s, this is %.6g",
                            call->builtin->name, name, x);
    return dw_call_fail(call, i, DW_ERR_VALUE, "%s needs %s of at %s %.15g, this is %.15g",
                        call->builtin->name, name, x < lo ? "least" : "most", x < lo ? lo : hi, x);
}

bool dw_call_truth(dw_call *call, size_t i, bool *out) {
    if (call->args[i].kind != DW_TRUTH)
        return wrong_kind(call, i, "true or false");
    *out = call->args[i].as.truth;
    return true;
}

bool dw_call_text(dw_call *call, size_t i, const dw_text **out) {
    if (call->args[i].kind != DW_TEXT)
        return wrong_kind(call, i, "a text");
    *out = call->args[i].as.text;
    return true;
}

bool dw_call_interval(dw_call *call, size_t i, double *lo, double *hi) {
    if (call->args[i].kind != DW_INTERVAL)
        return wrong_kind(call, i, "an interval such as 0..1");
    *lo = call->args[i].as.interval->lo;
    *hi = call->args[i].as.interval->hi;
    return true;
}

bool dw_call_function(dw_call *call, size_t i, dw_value *out) {
    if (call->args[i].kind != DW_FUNCTION)
        return wrong_kind(call, i, "a function");
    *out = call->args[i];
    return true;
}

bool dw_call_table(dw_call *call, size_t i, const dw_record **out) {
    if (call->args[i].kind != DW_TABLE)
        return wrong_kind(call, i, "a table");
    *out = call->args[i].as.record;
    return true;
}

bool dw_call_tensor(dw_call *call, size_t i, dw_tensor **out) {
    dw_err first = *call->err;
    if (dw_value_as_tensor(call->mem, call->args[i], out, call->err))
        return true;
    if (call->err->kind != DW_ERR_TYPE)
        return false;
    *call->err = first;
    return wrong_kind(call, i, "numbers");
}

/* ---- the source of arguments ---- */

static const char *source_of(const dw_call *call, dw_span span, size_t *size) {
    const dw_unit *unit = call->source;
    *size = 0;
    if (unit == NULL || span.end > unit->size || span.start > span.end)
        return "";
    *size = span.end - span.start;
    return unit->source + span.start;
}

const char *dw_call_source(const dw_call *call, size_t i, size_t *size) {
    return source_of(call, call->spans[i], size);
}

const char *dw_call_source_rest(const dw_call *call, size_t i, size_t *size) {
    return source_of(call, call->rest_spans[i], size);
}

/* ---- calling back ---- */

bool dw_call_invoke(dw_call *call, dw_value function, const dw_value *args, size_t count,
                    dw_value *out) {
    return dw_eval_call(call->eval, function, args, count, out);
}

bool dw_call_sample(dw_call *call, dw_value function, double x, double *y) {
    dw_value arg = dw_value_number(x), answer;
    char words[DW_VALUE_WORDS];
    if (!dw_eval_call(call->eval, function, &arg, 1, &answer))
        return false;
    bool fine = dw_value_as_number(answer, y);
    if (!fine)
        dw_err_set(call->err, DW_ERR_TYPE,
                   "%s needs a function whose value at a number is a number; at %.6g it is %s",
                   call->builtin != NULL ? call->builtin->name : "this", x,
                   dw_value_words(answer, words));
    dw_value_release(answer);
    return fine;
}

bool dw_call_poll(dw_call *call) {
    return dw_eval_poll(call->eval, NULL, (dw_span){0, 0});
}

bool dw_call_unless_stopped(dw_call *call, dw_value *out) {
    return dw_call_poll(call) || dw_value_drop(out);
}

/* ---- the session ---- */

void dw_call_write(dw_call *call, const char *text, size_t size) {
    dw_eval_write(call->eval, text, size);
}

bool dw_call_leaves_traces(const dw_call *call) {
    return !call->eval->ahead && !call->eval->moved;
}

bool dw_call_is_moved(const dw_call *call) {
    return call->eval->moved;
}

void dw_call_display(dw_call *call, const dw_bundle *bundle) {
    const dw_host *host = call->eval->host;
    call->eval->shown++;
    if (!call->eval->quiet && host->display != NULL)
        host->display(host->context, bundle);
}

void dw_call_update(dw_call *call, const dw_bundle *bundle) {
    const dw_host *host = call->eval->host;
    call->eval->shown++;
    if (!call->eval->quiet && host->update != NULL)
        host->update(host->context, bundle);
}

dw_rng *dw_call_rng(dw_call *call) {
    call->eval->draws++;
    return &call->eval->rng;
}

void dw_call_seed(dw_call *call, uint64_t seed) {
    call->eval->rng = dw_rng_seed(seed);
}

const char *dw_call_folder(const dw_call *call) {
    return call->eval->folder;
}

const char *dw_call_gnuplot(const dw_call *call) {
    return call->eval->gnuplot;
}

const char *dw_call_path(const dw_call *call) {
    return call->eval->path;
}

const char *dw_call_scratch(const dw_call *call) {
    return call->eval->scratch;
}

double dw_call_clock(const dw_call *call) {
    const dw_host *host = call->eval->host;
    return host->clock != NULL ? host->clock(host->context) : 0;
}

void **dw_call_plotter(dw_call *call) {
    return &call->eval->plotter;
}
