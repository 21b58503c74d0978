/* SPDX-License-Identifier: BSD-3-Clause */
/* The public face of the runtime: a session. */
#include "dw.h"

#include "base/text.h"
#include "lang/assist.h"
#include "lang/eval.h"
#include "lang/explain.h"
#include "lang/outputs.h"
#include "lang/panels.h"
#include "lang/scope.h"
#include "syntax/parse.h"

#include <stdlib.h>
#include <string.h>

static const size_t default_memory = (size_t)4 << 30;
static const size_t default_stack = (size_t)6 << 20;

/* What the last cells put out may take this part of the memory. */
enum { OUTPUTS_SHARE = 64 };

struct dw_session {
    dw_mem mem;
    dw_outputs *outputs;
    dw_eval eval;
    char *folder, *gnuplot, *path, *scratch;
};

const char *dw_version(void) {
    return "0.1.0";
}

/* Puts the store of outputs between the evaluator and the host. */
static bool make_eval(dw_session *s, const dw_host *host, size_t memory) {
    const dw_host none = {0};
    s->outputs = dw_outputs_new(&s->mem, host != NULL ? host : &none, memory / OUTPUTS_SHARE);
    if (s->outputs == NULL || !dw_eval_init(&s->eval, &s->mem, dw_outputs_host(s->outputs)))
        return false;
    s->eval.outputs = s->outputs;
    return true;
}

/* A copy of a limit's text, or of its default; NULL stays NULL. */
static bool keep_text(dw_session *s, const char *text, const char *fallback, char **out) {
    const char *kept = text != NULL ? text : fallback;
    *out = kept != NULL ? dw_mem_text(&s->mem, kept, strlen(kept)) : NULL;
    return kept == NULL || *out != NULL;
}

static bool make_pool(dw_session *s, unsigned threads) {
    dw_err err = {0};
    s->eval.pool = threads > 1 ? dw_pool_new(&s->mem, threads, &err) : NULL;
    return threads <= 1 || s->eval.pool != NULL;
}

dw_session *dw_session_open(const dw_host *host, const dw_limits *limits) {
    dw_session *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    dw_limits none = {0};
    const dw_limits *l = limits != NULL ? limits : &none;
    size_t memory = l->memory != 0 ? l->memory : default_memory;
    bool fine = keep_text(s, l->folder, NULL, &s->folder) &&
                keep_text(s, l->gnuplot, "gnuplot", &s->gnuplot) &&
                keep_text(s, l->path, "/usr/local/bin:/usr/bin:/bin", &s->path) &&
                keep_text(s, l->scratch, "/tmp", &s->scratch) && make_eval(s, host, memory) &&
                make_pool(s, l->threads);
    s->mem.limit = memory;
    s->mem.cancel = &s->eval.cancel;
    s->eval.stack_limit = l->stack != 0 ? l->stack : default_stack;
    s->eval.folder = s->folder;
    s->eval.gnuplot = s->gnuplot;
    s->eval.path = s->path;
    s->eval.scratch = s->scratch;
    if (!fine)
        dw_session_free(&s);
    return s;
}

void dw_session_free(dw_session **session) {
    dw_session *s = *session;
    if (s == NULL)
        return;
    dw_pool_free(&s->eval.pool); /* dw_eval_free forgets it */
    dw_eval_free(&s->eval);
    dw_outputs_free(&s->outputs);
    dw_mem_free(s->folder);
    dw_mem_free(s->gnuplot);
    dw_mem_free(s->path);
    dw_mem_free(s->scratch);
    free(s);
    *session = NULL;
}

dw_mem *dw_session_mem(dw_session *session) {
    return &session->mem;
}

/* A parsed and resolved unit, or NULL with the error. From here on the run can be interrupted. */
static dw_unit *open_unit(dw_session *s, const char *name, uint32_t first_line, const char *source,
                          size_t size, dw_err *err) {
    dw_unit *unit = dw_unit_new(&s->mem, ++s->eval.units, name, first_line, source, size);
    if (unit == NULL) {
        dw_err_memory(err, "this cell");
        return NULL;
    }
    atomic_store(&s->eval.cancel.running, unit->number);
    dw_eval_remember(&s->eval, unit);
    if (dw_parse_unit(unit, err) && dw_scope_resolve(&s->eval, unit, err))
        return unit;
    atomic_store(&s->eval.cancel.running, 0);
    dw_unit_release(unit);
    return NULL;
}

static bool eval(dw_session *s, const char *name, uint32_t first_line, const char *source,
                 size_t size, dw_err *err) {
    dw_panels_trim(&s->eval);
    dw_unit *unit = open_unit(s, name, first_line, source, size, err);
    if (unit == NULL)
        return false;
    bool fine = dw_eval_unit(&s->eval, unit, err);
    dw_unit_release(unit);
    return fine;
}

bool dw_session_eval(dw_session *s, const char *name, uint32_t first_line, const char *source,
                     size_t size, dw_err *err) {
    dw_buf words;
    dw_buf_init(&words, &s->mem);
    dw_outputs_begin(s->outputs, name);
    bool fine = eval(s, name, first_line, source, size, err);
    if (!fine) {
        dw_buf_print(&words, "%s: ", dw_err_ename(err->kind));
        dw_explain_error(&s->eval, err, false, &words);
    }
    dw_outputs_end(s->outputs, words.failed ? NULL : words.data);
    dw_buf_free(&words);
    return fine;
}

bool dw_session_value(dw_session *s, const char *source, size_t size, dw_buf *out, dw_err *err) {
    dw_value value = dw_value_nothing();
    dw_unit *unit = open_unit(s, "this expression", 1, source, size, err);
    if (unit == NULL)
        return false;
    bool fine = dw_eval_expression(&s->eval, unit, &value, err);
    if (fine) {
        dw_value_show(out, value);
        dw_value_release(value);
    }
    dw_unit_release(unit);
    return fine;
}

bool dw_session_turn(dw_session *s, uint64_t panel, const double *settings, size_t count,
                     dw_err *err) {
    return dw_panels_turn(&s->eval, panel, settings, count, err);
}

void dw_session_interrupt(dw_session *session) {
    dw_cancel_request(&session->eval.cancel);
}

void dw_session_explain(dw_session *session, const dw_err *err, bool colour, dw_buf *out) {
    dw_explain_error(&session->eval, err, colour, out);
}

dw_completeness dw_session_check(dw_session *session, const char *source, size_t size,
                                 uint32_t *indent) {
    switch (dw_parse_check(&session->mem, source, size, indent)) {
    case DW_PARSE_COMPLETE:
        return DW_COMPLETE;
    case DW_PARSE_INCOMPLETE:
        return DW_INCOMPLETE;
    default:
        return DW_INVALID;
    }
}

bool dw_session_inspect(dw_session *session, const char *source, size_t size, size_t cursor,
                        int detail, dw_buf *out) {
    return dw_assist_inspect(&session->eval, source, size, cursor, detail, out);
}

bool dw_session_complete(dw_session *session, const char *source, size_t size, size_t cursor,
                         dw_matches *out, dw_err *err) {
    return dw_assist_complete(&session->eval, source, size, cursor, out, err);
}

void dw_session_matches_free(dw_matches *matches) {
    dw_assist_free(matches);
}
