/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests of the evaluator: runs cells and compares what they print, show and refuse. */
#ifndef NOTEBOOK_H
#define NOTEBOOK_H

#include "lang/eval.h"
#include "lang/explain.h"
#include "lang/scope.h"
#include "syntax/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    dw_mem mem, own; /* of the session; of the test */
    dw_host host;
    dw_eval eval;
    dw_buf out; /* what was printed and shown, each value on a line of its own */
} notebook;

static inline void notebook_write(void *context, const char *text, size_t size) {
    dw_buf_add(context, text, size);
}

static inline void notebook_show(void *context, const dw_bundle *bundle) {
    const dw_part *plain = &bundle->parts[bundle->count - 1];
    dw_buf_add(context, plain->data, plain->size);
    dw_buf_byte(context, '\n');
}

static inline void notebook_open(notebook *nb) {
    memset(nb, 0, sizeof *nb);
    dw_buf_init(&nb->out, &nb->own);
    nb->host = (dw_host){.context = &nb->out,
                         .write = notebook_write,
                         .display = notebook_show,
                         .result = notebook_show};
    assert_true(dw_eval_init(&nb->eval, &nb->mem, &nb->host));
    nb->eval.stack_limit = (size_t)4 << 20;
    nb->eval.gnuplot = "gnuplot";
    nb->eval.path = "/usr/local/bin:/usr/bin:/bin";
    nb->eval.scratch = "/tmp";
}

/* Frees all and asserts that nothing leaked. */
static inline void notebook_close(notebook *nb) {
    dw_buf_free(&nb->out);
    dw_eval_free(&nb->eval);
    assert_int_equal(nb->mem.used, 0);
}

/* Runs a cell; `out` gains what it says. */
static inline bool notebook_run(notebook *nb, const char *source, dw_err *err) {
    dw_unit *unit = dw_unit_new(&nb->mem, ++nb->eval.units, "cell 1", 1, source, strlen(source));
    if (unit == NULL)
        return dw_err_memory(err, "this cell");
    dw_eval_remember(&nb->eval, unit);
    bool fine = dw_parse_unit(unit, err) && dw_scope_resolve(&nb->eval, unit, err) &&
                dw_eval_unit(&nb->eval, unit, err);
    dw_unit_release(unit);
    return fine;
}

/* A cell in a notebook of its own says exactly this. */
static inline void notebook_says(const char *source, const char *words) {
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    if (!notebook_run(&nb, source, &err))
        fail_msg("%s\nfails: %s", source, err.text);
    assert_string_equal(nb.out.data == NULL ? "" : nb.out.data, words);
    notebook_close(&nb);
}

/* A cell fails with this kind of error, `words` in its text, the caret under `marked`. */
static inline void notebook_refuses(const char *source, dw_err_kind kind, const char *words,
                                    const char *marked) {
    notebook nb;
    dw_err err = {0};
    notebook_open(&nb);
    if (notebook_run(&nb, source, &err))
        fail_msg("%s\nruns: %s", source, nb.out.data);
    if (err.kind != kind || strstr(err.text, words) == NULL)
        fail_msg("%s\n%s: %s\nbut the test wants %s: %s", source, dw_err_ename(err.kind), err.text,
                 dw_err_ename(kind), words);
    assert_true(err.has_place);
    size_t size = err.span.end - err.span.start;
    if (size != strlen(marked) || memcmp(source + err.span.start, marked, size) != 0)
        fail_msg("%s\n%s\nmarks: %.*s\nwanted: %s", source, err.text, (int)size,
                 source + err.span.start, marked);
    notebook_close(&nb);
}

/* Runs a cell with the n-th allocation failing, n = 1, 2, 3 …: it runs all the same or says that
 * there is no memory, nothing leaks, and the next cell works. */
static inline void notebook_starve(const char *source) {
    for (long n = 1;; n++) {
        notebook nb;
        dw_err err = {0}, later = {0};
        notebook_open(&nb);
        nb.mem.fail_at = n;
        bool fine = notebook_run(&nb, source, &err), reached = nb.mem.fail_at == 0;
        nb.mem.fail_at = 0;
        if (!fine && err.kind != DW_ERR_MEMORY)
            fail_msg("%s\nwith allocation %ld failing: %s", source, n, err.text);
        nb.out.size = 0;
        if (!notebook_run(&nb, "[20, 1] + 1", &later))
            fail_msg("%s\nwith allocation %ld failing, the next cell says: %s", source, n,
                     later.text);
        assert_string_equal(nb.out.data, "[21, 2]\n");
        notebook_close(&nb);
        if (!reached)
            return;
    }
}

#endif
