/* SPDX-License-Identifier: BSD-3-Clause */
/* Minimising a function of n numbers: from the word to the method. */
#include "nets/minimize.h"

#include "nets/anneal.h"
#include "nets/descent.h"
#include "nets/line.h"
#include "nets/simplex.h"

#include <string.h>

typedef struct {
    const char *word;
    double rate;
    dw_method_needs needs;
} method_row;

static const method_row rows[DW_METHODS] = {
#define DW_METHOD(name, word, rate, needs, what) {word, rate, DW_NEEDS_##needs},
#include "nets/method.def"
};

dw_method dw_minimize_method(const char *word) {
    size_t i = 0;
    while (i < DW_METHODS && strcmp(rows[i].word, word) != 0)
        i++;
    return (dw_method)i;
}

const char *dw_minimize_word(dw_method method) {
    return rows[method].word;
}

double dw_minimize_rate(dw_method method) {
    return rows[method].rate;
}

dw_method_needs dw_minimize_needs(dw_method method) {
    return rows[method].needs;
}

/* How many rows of n numbers a method needs besides x. */
static size_t room_rows(dw_method method, size_t n) {
    switch (method) {
    case DW_METHOD_NEWTON:
        return DW_LINE_NEWTON_ROWS;
    case DW_METHOD_LBFGS:
        return DW_LINE_LBFGS_ROWS;
    case DW_METHOD_ANNEAL:
        return DW_ANNEAL_ROWS;
    case DW_METHOD_NELDER_MEAD:
        return dw_simplex_rows(n);
    default:
        return DW_DESCENT_ROWS;
    }
}

static bool run(dw_search *s, double *x) {
    switch (s->options->method) {
    case DW_METHOD_NEWTON:
        return dw_line_newton(s, x);
    case DW_METHOD_LBFGS:
        return dw_line_lbfgs(s, x);
    case DW_METHOD_ANNEAL:
        return dw_anneal_run(s, x);
    case DW_METHOD_NELDER_MEAD:
        return dw_simplex_run(s, x);
    default:
        return dw_descent_run(s, x);
    }
}

bool dw_minimize_run(dw_mem *mem, const dw_objective *f, const dw_minimize_options *options,
                     double *x, dw_minimize_result *result, dw_err *err) {
    dw_search s = {.f = f, .options = options, .result = result, .err = err};
    size_t rows_needed = room_rows(options->method, f->n), numbers;
    s.rate = options->rate != 0 ? options->rate : rows[options->method].rate;
    s.pace = dw_pace_start(&options->watch);
    *result = (dw_minimize_result){0};
    if (!__builtin_mul_overflow(f->n + 1, rows_needed, &numbers))
        s.room = dw_mem_array(mem, numbers, sizeof *s.room);
    if (s.room == NULL)
        return dw_err_memory(err, "minimising a function of so many numbers");
    bool fine = dw_search_visit(&s, x) && run(&s, x);
    dw_mem_free(s.room);
    return fine;
}
