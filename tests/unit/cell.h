/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests of the libraries of builtins: evaluates an expression and compares what it shows. */
#ifndef CELL_H
#define CELL_H

#include "lang/builtin.h"
#include "lang/eval.h"
#include "lang/scope.h"
#include "syntax/parse.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

/* A session's insides; zero-initialise, then cell_open. */
typedef struct {
    dw_mem mem;
    dw_host host;
    dw_eval eval;
} cell;

static inline void cell_open(cell *c) {
    memset(c, 0, sizeof *c);
    assert_true(dw_eval_init(&c->eval, &c->mem, &c->host));
    c->eval.stack_limit = (size_t)6 << 20;
}

/* Frees all and asserts that nothing leaked. */
static inline void cell_close(cell *c) {
    dw_eval_free(&c->eval);
    assert_int_equal(c->mem.used, 0);
}

/* Evaluates an expression; true with what it shows in `out` (the caller frees it). */
static inline bool cell_value(cell *c, const char *source, dw_buf *out, dw_err *err) {
    dw_value value = dw_value_nothing();
    dw_unit *unit = dw_unit_new(&c->mem, ++c->eval.units, "cell", 1, source, strlen(source));
    dw_buf_init(out, &c->mem);
    if (unit == NULL)
        return dw_err_memory(err, "this cell");
    dw_eval_remember(&c->eval, unit);
    bool fine = dw_parse_unit(unit, err) && dw_scope_resolve(&c->eval, unit, err) &&
                dw_eval_expression(&c->eval, unit, &value, err);
    if (fine) {
        dw_value_show(out, value);
        dw_value_release(value);
    }
    dw_unit_release(unit);
    return fine;
}

static inline void cell_expect(cell *c, const char *source, const char *text) {
    dw_err err = {0};
    dw_buf out;
    if (!cell_value(c, source, &out, &err))
        fail_msg("%s: %s", source, err.text);
    if (strcmp(out.data == NULL ? "" : out.data, text) != 0)
        fail_msg("%s shows %s instead of %s", source, out.data, text);
    dw_buf_free(&out);
}

static inline void cell_refuse(cell *c, const char *source, dw_err_kind kind, const char *words) {
    dw_err err = {0};
    dw_buf out;
    if (cell_value(c, source, &out, &err))
        fail_msg("%s shows %s instead of an error", source, out.data);
    dw_buf_free(&out);
    if (err.kind != kind || strstr(err.text, words) == NULL)
        fail_msg("%s: %s: %s\nbut the test wants %s: %s", source, dw_err_ename(err.kind), err.text,
                 dw_err_ename(kind), words);
    assert_true(err.has_place);
}

/* Evaluates with every allocation failing once: each time a MEMORY error, and nothing leaks. */
static inline void cell_starve(const char *source) {
    bool done = false;
    for (long n = 1; !done; n++) {
        cell c;
        dw_err err = {0};
        dw_buf out;
        cell_open(&c);
        c.mem.fail_at = n;
        done = cell_value(&c, source, &out, &err) && !out.failed;
        c.mem.fail_at = 0;
        if (err.kind != DW_ERR_NONE && err.kind != DW_ERR_MEMORY)
            fail_msg("%s with allocation %ld failing: %s", source, n, err.text);
        dw_buf_free(&out);
        cell_close(&c);
    }
}

/* Runs the examples of a library and checks what its rows promise. */
static inline void cell_walk(const dw_builtin *library) {
    for (const dw_builtin *row = library; row->name != NULL; row++) {
        char example[256], *arrow;
        cell c;
        assert_ptr_equal(dw_builtin_find(row->name), row);
        if (row->alias != NULL)
            assert_ptr_equal(dw_builtin_find(row->alias), row);
        assert_int_equal(strncmp(row->signature, row->name, strlen(row->name)), 0);
        assert_true(strlen(row->help) > 10);
        assert_true(strlen(row->group) > 0);
        assert_true(strlen(row->example) < sizeof example);
        strcpy(example, row->example);
        arrow = strstr(example, "  # → ");
        assert_non_null(arrow);
        *arrow = '\0';
        assert_true(strstr(example, row->name) != NULL ||
                    (row->alias != NULL && strstr(example, row->alias) != NULL));
        cell_open(&c);
        cell_expect(&c, example, arrow + strlen("  # → "));
        cell_close(&c);
        cell_starve(example);
    }
}

#endif
