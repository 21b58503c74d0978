/* SPDX-License-Identifier: BSD-3-Clause */
/* Grids of heights and borders of regions, sampled one place at a time. */
#include "lang/field.h"

#include "lang/curve.h"
#include "lang/replay.h"
#include "plot/isoline.h"

#include <math.h>

enum { HALVINGS = 7 };

/* A function with its place and arity looked up once. */
typedef struct {
    dw_call *call;
    dw_value function;
    bool two;
    bool test; /* the answer must be true or false */
} field;

static bool answer_kind(const field *f, dw_value answer, double x, double y) {
    char words[DW_VALUE_WORDS];
    return dw_err_set(
        f->call->err, DW_ERR_TYPE,
        "%s needs a function of two numbers (or of a column of two) whose value is %s; "
        "at (%.4g, %.4g) it is %s",
        f->call->builtin != NULL ? f->call->builtin->name : "this plot",
        f->test ? "true or false" : "a number", x, y, dw_value_words(answer, words));
}

static bool height(const field *f, double x, double y, double *out) {
    dw_value args[2] = {dw_value_number(x), dw_value_number(y)}, answer;
    if (!f->two) {
        dw_tensor *column = dw_tensor_raw(f->call->mem, 2, 1, f->call->err);
        if (column == NULL)
            return false;
        column->data[0] = x;
        column->data[1] = y;
        args[0] = dw_value_array(column);
    }
    bool ok = dw_call_invoke(f->call, f->function, args, f->two ? 2 : 1, &answer);
    dw_value_release(args[0]);
    if (!ok)
        return false;
    ok = dw_value_as_number(answer, out) && (!f->test || answer.kind == DW_TRUTH);
    if (!ok)
        answer_kind(f, answer, x, y);
    dw_value_release(answer);
    if (ok && (!isfinite(*out) || fabs(*out) > 1e300))
        *out = NAN;
    return ok;
}

typedef struct {
    const field *f;
    dw_thing *thing;
} sampled;

/* The height at place i of a grid; one that is worked out again later is written over. */
static bool grid_height(void *context, size_t i, bool rehearsal) {
    const sampled *g = context;
    size_t row = i / g->thing->columns, column = i % g->thing->columns;
    (void)rehearsal;
    return dw_call_poll(g->f->call) && height(g->f, g->thing->column[0][column],
                                              g->thing->column[1][row], &g->thing->column[2][i]);
}

static bool sample_grid(const field *f, dw_thing *thing, const dw_field_area *a, size_t points) {
    dw_mem *mem = f->call->mem;
    thing->rows = thing->columns = points;
    thing->column[0] = dw_mem_array(mem, points, sizeof(double));
    thing->column[1] = dw_mem_array(mem, points, sizeof(double));
    thing->column[2] = dw_mem_array(mem, points * points, sizeof(double));
    if (thing->column[0] == NULL || thing->column[1] == NULL || thing->column[2] == NULL)
        return dw_err_memory(f->call->err, "a surface");
    for (size_t i = 0; i < points; i++) {
        double t = (double)i / (double)(points - 1);
        thing->column[0][i] = i + 1 == points ? a->x_hi : a->x_lo + t * (a->x_hi - a->x_lo);
        thing->column[1][i] = i + 1 == points ? a->y_hi : a->y_lo + t * (a->y_hi - a->y_lo);
    }
    return dw_replay_run(f->call->eval, points * points, grid_height, &(sampled){f, thing});
}

bool dw_field_sample(dw_call *call, dw_thing *thing, const dw_field_area *area, size_t points) {
    field f = {call, thing->function, dw_curve_takes_two(thing->function), false};
    return sample_grid(&f, thing, area, points);
}

/* Halves the way between a place inside and one outside. */
static bool locate(void *context, const double a[2], const double b[2], double *share,
                   dw_err *err) {
    const field *f = context;
    double at_a, at, lo = 0, hi = 1;
    (void)err; /* the call's own */
    if (!height(f, a[0], a[1], &at_a))
        return false;
    for (int i = 0; i < HALVINGS; i++) {
        double t = (lo + hi) / 2;
        if (!height(f, a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), &at))
            return false;
        if (at == at_a)
            lo = t;
        else
            hi = t;
    }
    *share = (lo + hi) / 2;
    return true;
}

bool dw_field_border(dw_call *call, dw_thing *thing, const dw_field_area *area, size_t points) {
    field f = {call, thing->function, dw_curve_takes_two(thing->function), true};
    dw_isoline lines = {.mem = call->mem};
    dw_thing grid = {.rows = 0};
    bool ok = sample_grid(&f, &grid, area, points);
    if (ok) {
        dw_isoline_grid flat = {points, points, grid.column[0], grid.column[1], grid.column[2]};
        ok = dw_isoline_trace(&flat, 0.5, locate, &f, &lines, call->err);
    }
    for (size_t i = 0; i < DW_FIGURE_COLUMNS; i++)
        dw_mem_free(grid.column[i]);
    if (ok && lines.count == 0) {
        dw_isoline_free(&lines);
        return dw_thing_columns(call, thing, 2, 0);
    }
    if (!ok) {
        dw_isoline_free(&lines);
        return false;
    }
    thing->column[0] = lines.x;
    thing->column[1] = lines.y;
    thing->count = lines.count;
    return true;
}

bool dw_field_lift(dw_call *call, dw_thing *thing, dw_value surface) {
    field f = {call, surface, dw_curve_takes_two(surface), false};
    dw_mem_free(thing->column[2]);
    thing->column[2] = dw_mem_array(call->mem, thing->count + 1, sizeof(double));
    if (thing->column[2] == NULL)
        return dw_err_memory(call->err, "a surface");
    for (size_t i = 0; i < thing->count; i++) {
        double x = thing->column[0][i], y = thing->column[1][i];
        thing->column[2][i] = NAN;
        if (isfinite(x) && isfinite(y) && !height(&f, x, y, &thing->column[2][i]))
            return false;
    }
    return true;
}
