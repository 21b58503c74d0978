/* SPDX-License-Identifier: BSD-3-Clause */
/* The arguments of plot and of the marks: which values are curves, points, ranges or colours. */
#include "lang/thing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { AREA_CORNERS = 40000 };

/* Reading one call. */
typedef struct {
    dw_call *call;
    dw_mark mark; /* DW_MARKS: each thing decides */
    dw_thing_list *out;
    size_t first;    /* things before these came with finished plots and keep their colours */
    size_t pending;  /* 1 + argument number of a row that may be the x of the next one; 0: none */
    bool lone_color; /* a colour was given */
    dw_color color;
    bool inner; /* a mark came with an interval of its own, which counts if there is no other */
    double inner_lo, inner_hi;
} reader;

static bool takes_errors(const reader *r) {
    return r->mark == DW_MARKS || r->mark == DW_MARK_LINE || r->mark == DW_MARK_POINTS;
}

/* An array, an estimate or a list of nothing but estimates (or estimates and numbers). */
static bool is_estimates(dw_value v) {
    if (v.kind == DW_ESTIMATE)
        return true;
    if (v.kind != DW_LIST || v.as.list->count == 0)
        return false;
    for (size_t i = 0; i < v.as.list->count; i++)
        if (v.as.list->items[i].kind != DW_ESTIMATE && v.as.list->items[i].kind != DW_NUMBER)
            return false;
    return true;
}

static bool is_numbers(dw_value v) {
    return v.kind == DW_ARRAY || v.kind == DW_NUMBER || v.kind == DW_TRUTH || is_estimates(v);
}

static size_t size_of(dw_value v) {
    if (v.kind == DW_ARRAY)
        return v.as.array->size;
    return v.kind == DW_LIST ? v.as.list->count : 1;
}

static double number_at(dw_value v, size_t i) {
    if (v.kind == DW_ARRAY)
        return v.as.array->data[i];
    double x = NAN;
    dw_value item = v.kind == DW_LIST ? v.as.list->items[i] : v;
    return dw_value_as_number(item, &x) ? x : NAN;
}

/* Two rows of numbers as one thing; estimates bring their intervals. x may be NULL: 1, 2, 3 … */
static bool add_pair(reader *r, size_t i, const dw_value *x, dw_value y) {
    size_t count = size_of(y);
    bool errors = is_estimates(y) && takes_errors(r);
    dw_thing *thing = dw_thing_add(r->out, r->call, i);
    if (thing == NULL || !dw_thing_columns(r->call, thing, errors ? 4 : 2, count))
        return false;
    thing->mark = errors                ? DW_MARK_ERRORS
                  : r->mark != DW_MARKS ? r->mark
                  : x == NULL           ? DW_MARK_LINE
                                        : DW_MARK_POINTS;
    for (size_t k = 0; k < count; k++) {
        if (!dw_cancel_goes_on(r->call->cancel, k, r->call->err))
            return false;
        thing->column[0][k] = x == NULL ? (double)(k + 1) : number_at(*x, k);
        thing->column[1][k] = number_at(y, k);
        if (!errors)
            continue;
        dw_value item = y.kind == DW_LIST ? y.as.list->items[k] : y;
        bool known = item.kind == DW_ESTIMATE;
        thing->column[2][k] = known ? item.as.estimate->low : thing->column[1][k];
        thing->column[3][k] = known ? item.as.estimate->high : thing->column[1][k];
    }
    return dw_thing_source_name(r->call, thing, i);
}

/* A matrix of two rows: its columns are points, as samples are everywhere. */
static bool add_columns(reader *r, size_t i, const dw_tensor *t) {
    dw_thing *thing = dw_thing_add(r->out, r->call, i);
    if (thing == NULL || !dw_thing_columns(r->call, thing, 2, t->dim[1]))
        return false;
    thing->mark = r->mark == DW_MARKS ? DW_MARK_POINTS : r->mark;
    memcpy(thing->column[0], t->data, t->dim[1] * sizeof(double));
    memcpy(thing->column[1], t->data + t->dim[1], t->dim[1] * sizeof(double));
    return dw_thing_source_name(r->call, thing, i);
}

/* A row that was waiting for a second one stands alone. */
static bool settle(reader *r) {
    size_t pending = r->pending;
    r->pending = 0;
    dw_kind kind = pending > 0 ? r->call->rest[pending - 1].kind : DW_NOTHING;
    if (kind == DW_NUMBER || kind == DW_TRUTH)
        return dw_call_fail_rest(r->call, pending - 1, DW_ERR_TYPE,
                                 "%s draws functions, tables, rows of numbers and marks; this is "
                                 "%s. A level line is hline(5)",
                                 r->call->builtin->name,
                                 kind == DW_NUMBER ? "one number" : "true or false");
    return pending == 0 || add_pair(r, pending - 1, NULL, r->call->rest[pending - 1]);
}

/* Whether a function stands among the arguments before the i-th. */
static bool beside_function(const reader *r, size_t i) {
    for (size_t k = 0; k < i; k++)
        if (r->call->rest[k].kind == DW_FUNCTION)
            return true;
    return false;
}

static bool add_numbers(reader *r, size_t i) {
    dw_value v = r->call->rest[i];
    if (v.kind == DW_ARRAY && !dw_tensor_is_vector(v.as.array)) {
        if (!settle(r))
            return false;
        if (v.as.array->dim[0] == 2)
            return add_columns(r, i, v.as.array);
        return dw_call_fail_rest(r->call, i, DW_ERR_SHAPE,
                                 "a plot takes rows of numbers, or a matrix of 2 rows (x and y); "
                                 "this matrix is %zu×%zu. Take a row: A[1, :]",
                                 v.as.array->dim[0], v.as.array->dim[1]);
    }
    if (r->pending == 0) {
        bool partner = i + 1 < r->call->rest_count && is_numbers(r->call->rest[i + 1]);
        if (!partner && v.kind == DW_ARRAY && v.as.array->dim[0] == 2)
            return add_columns(r, i, v.as.array); /* one point */
        r->pending = i + 1;
        return true;
    }
    dw_value x = r->call->rest[r->pending - 1];
    r->pending = 0;
    if (x.kind == DW_NUMBER && v.kind == DW_NUMBER && beside_function(r, i))
        return dw_call_fail_rest(r->call, i, DW_ERR_TYPE,
                                 "two numbers beside a function: its range is written as one "
                                 "interval, as in 0..1; a single point is points(2, 3)");
    if (size_of(x) != size_of(v))
        return dw_call_fail_rest(r->call, i, DW_ERR_SHAPE,
                                 "x has %zu numbers and y has %zu: both need the same number",
                                 size_of(x), size_of(v));
    return add_pair(r, i, &x, v);
}

/* The numbers of a column of a table; false without an error when it has none. */
static bool column_numbers(dw_value v, size_t rows) {
    return is_numbers(v) && size_of(v) == rows;
}

static bool add_table_pair(reader *r, size_t i, const dw_field *x, const dw_field *y, bool name) {
    dw_mark mark = r->mark;
    if (mark == DW_MARKS)
        r->mark = name ? DW_MARK_LINE : DW_MARK_POINTS;
    bool ok = add_pair(r, i, &x->value, y->value);
    r->mark = mark;
    if (!ok || !name)
        return ok;
    return dw_thing_name(r->call, &r->out->things[r->out->count - 1], y->name->bytes,
                         y->name->size);
}

static bool no_columns(reader *r, size_t i) {
    return dw_call_fail_rest(r->call, i, DW_ERR_DATA,
                             "a table in a plot needs columns x and y of numbers, or a first "
                             "column of numbers and others against it. Take two: plot(t.a, t.b)");
}

/* The corners of each region in a list, as those of regions(f, …). */
static const dw_list *corners_of(const dw_record *t) {
    const dw_value *column = dw_value_field(t, "corners");
    if (column == NULL || column->kind != DW_LIST)
        return NULL;
    for (size_t i = 0; i < column->as.list->count; i++) {
        dw_value v = column->as.list->items[i];
        if (v.kind != DW_ARRAY || v.as.array->dim[0] != 2)
            return NULL;
    }
    return column->as.list;
}

static bool add_areas(reader *r, size_t i, const dw_list *corners) {
    size_t count = 0, at = 0;
    for (size_t k = 0; k < corners->count; k++)
        count += corners->items[k].as.array->dim[1] + 1;
    if (count > AREA_CORNERS)
        return dw_call_fail_rest(r->call, i, DW_ERR_LIMIT,
                                 "these %zu regions have too many corners to draw: take smaller "
                                 "intervals",
                                 corners->count);
    dw_thing *thing = dw_thing_add(r->out, r->call, i);
    if (thing == NULL || !dw_thing_columns(r->call, thing, 3, count))
        return false;
    thing->mark = DW_MARK_AREAS;
    for (size_t k = 0; k < corners->count; k++) {
        const dw_tensor *t = corners->items[k].as.array;
        for (size_t c = 0; c <= t->dim[1]; c++, at++) {
            thing->column[0][at] = c < t->dim[1] ? t->data[c] : NAN;
            thing->column[1][at] = c < t->dim[1] ? t->data[t->dim[1] + c] : NAN;
            thing->column[2][at] = (double)k;
        }
    }
    return true;
}

/* Marks the lowest point of the validation in the history of a training. */
static bool add_best(reader *r, size_t i, const dw_record *t) {
    const dw_value *steps = dw_value_field(t, "step"), *valid = dw_value_field(t, "valid");
    char name[48];
    size_t best = 0;
    if (r->mark != DW_MARKS || steps == NULL || valid == NULL || steps->kind != DW_ARRAY ||
        valid->kind != DW_ARRAY || !column_numbers(*steps, t->rows) ||
        !column_numbers(*valid, t->rows))
        return true;
    for (size_t k = 1; k < t->rows; k++)
        if (valid->as.array->data[k] < valid->as.array->data[best])
            best = k;
    dw_thing *thing = dw_thing_add(r->out, r->call, i);
    if (thing == NULL || !dw_thing_columns(r->call, thing, 2, 1))
        return false;
    thing->mark = DW_MARK_POINTS;
    thing->color = DW_COLOR_RED;
    thing->column[0][0] = steps->as.array->data[best];
    thing->column[1][0] = valid->as.array->data[best];
    int size = snprintf(name, sizeof name, "best at %.0f", thing->column[0][0]);
    return dw_thing_name(r->call, thing, name, (size_t)size);
}

/* Columns x and y as points; any other table as lines over its first column of numbers. */
static bool add_table(reader *r, size_t i, const dw_record *t) {
    const dw_field *x = NULL, *y = NULL, *first = NULL;
    const dw_list *corners = r->mark == DW_MARKS ? corners_of(t) : NULL;
    if (corners != NULL)
        return add_areas(r, i, corners);
    for (size_t k = 0; k < t->count; k++) {
        const dw_field *f = &t->fields[k];
        if (!column_numbers(f->value, t->rows))
            continue;
        first = first == NULL ? f : first;
        x = strcmp(f->name->bytes, "x") == 0 ? f : x;
        y = strcmp(f->name->bytes, "y") == 0 ? f : y;
    }
    if (x != NULL && y != NULL)
        return add_table_pair(r, i, x, y, false);
    size_t before = r->out->count;
    for (size_t k = 0; first != NULL && k < t->count; k++) {
        const dw_field *f = &t->fields[k];
        if (f != first && column_numbers(f->value, t->rows) &&
            !add_table_pair(r, i, first, f, true))
            return false;
    }
    if (r->out->count == before)
        return no_columns(r, i);
    if (!add_best(r, i, t))
        return false;
    if (r->out->xlabel == NULL) {
        r->out->xlabel = dw_mem_text(r->call->mem, first->name->bytes, first->name->size);
        if (r->out->xlabel == NULL)
            return dw_err_memory(r->call->err, "a plot");
    }
    return true;
}

static bool add_function(reader *r, size_t i) {
    dw_thing *thing = dw_thing_add(r->out, r->call, i);
    if (thing == NULL)
        return false;
    thing->mark = r->mark == DW_MARKS ? DW_MARK_LINE : r->mark;
    thing->function = dw_value_retain(r->call->rest[i]);
    return dw_thing_source_name(r->call, thing, i);
}

static bool copy_column(reader *r, const double *from, size_t count, double **to) {
    if (from == NULL)
        return true;
    *to = dw_mem_array(r->call->mem, count + 1, sizeof **to);
    if (*to == NULL)
        return dw_err_memory(r->call->err, "a plot");
    if (count > 0)
        memcpy(*to, from, count * sizeof **to);
    return true;
}

/* A copy of a series of a finished plot or of a thing, as dw_series. */
static bool copy_thing(reader *r, size_t i, const dw_series *from, dw_value function) {
    dw_thing *to = dw_thing_add(r->out, r->call, i);
    if (to == NULL)
        return false;
    to->mark = from->mark;
    to->color = from->color;
    to->rows = from->rows;
    to->columns = from->columns;
    to->function = dw_value_retain(function);
    if (from->labels != NULL) {
        to->labels = dw_mem_array(r->call->mem, from->count + 1, sizeof *to->labels);
        if (to->labels == NULL)
            return dw_err_memory(r->call->err, "a plot");
        to->count = from->count;
        for (size_t k = 0; k < from->count; k++) {
            to->labels[k] = dw_mem_text(r->call->mem, from->labels[k], strlen(from->labels[k]));
            if (to->labels[k] == NULL)
                return dw_err_memory(r->call->err, "a plot");
        }
    }
    to->count = from->count;
    for (size_t k = 0; k < DW_FIGURE_COLUMNS; k++) {
        size_t grid = k == 0 ? from->columns : k == 1 ? from->rows : from->rows * from->columns;
        if (!copy_column(r, from->column[k], from->rows > 0 ? grid : from->count, &to->column[k]))
            return false;
    }
    const char *name = from->name == NULL ? "" : from->name;
    return dw_thing_name(r->call, to, name, strlen(name));
}

static bool add_plot(reader *r, size_t i) {
    const dw_thing_plot *plot = dw_thing_content(r->call->rest[i]);
    if (plot->figure != NULL && plot->figure->rows > 0)
        return dw_call_fail_rest(r->call, i, DW_ERR_PLOT,
                                 "a page of plots cannot stand inside a plot");
    for (size_t k = 0; plot->figure != NULL && k < plot->figure->count; k++)
        if (!copy_thing(r, i, &plot->figure->series[k], dw_value_nothing()))
            return false;
    for (size_t k = 0; plot->figure == NULL && k < plot->list.count; k++) {
        const dw_thing *t = &plot->list.things[k];
        dw_series s = {t->mark, t->color, t->name,    t->count,
                       {0},     t->rows,  t->columns, (const char *const *)t->labels};
        for (size_t c = 0; c < DW_FIGURE_COLUMNS; c++)
            s.column[c] = t->column[c];
        if (!copy_thing(r, i, &s, t->function))
            return false;
        r->out->things[r->out->count - 1].span = t->span;
        r->out->things[r->out->count - 1].unit = t->unit;
    }
    if (plot->figure == NULL && plot->list.intervals > 0) {
        double lo = plot->list.lo[0], hi = plot->list.hi[0];
        r->inner_lo = r->inner ? fmin(r->inner_lo, lo) : lo;
        r->inner_hi = r->inner ? fmax(r->inner_hi, hi) : hi;
        r->inner = true;
    }
    if (plot->list.xlabel != NULL && r->out->xlabel == NULL) {
        const char *label = plot->list.xlabel;
        r->out->xlabel = dw_mem_text(r->call->mem, label, strlen(label));
        if (r->out->xlabel == NULL)
            return dw_err_memory(r->call->err, "a plot");
    }
    return true;
}

static bool add_interval(reader *r, size_t i) {
    const dw_interval *interval = r->call->rest[i].as.interval;
    if (r->out->intervals == 2)
        return dw_call_fail_rest(r->call, i, DW_ERR_VALUE,
                                 "this is the third interval: the first is the range of x, the "
                                 "second the range of y");
    if (!(interval->lo < interval->hi) || !isfinite(interval->lo) || !isfinite(interval->hi))
        return dw_call_fail_rest(r->call, i, DW_ERR_VALUE,
                                 "the range of a plot goes from a smaller to a larger number; this "
                                 "one goes from %g to %g",
                                 interval->lo, interval->hi);
    r->out->lo[r->out->intervals] = interval->lo;
    r->out->hi[r->out->intervals++] = interval->hi;
    return true;
}

/* A list: functions, marks and plots one by one. */
static bool add_list(reader *r, size_t i) {
    const dw_list *list = r->call->rest[i].as.list;
    dw_call inner = *r->call;
    for (size_t k = 0; k < list->count; k++) {
        dw_value item = list->items[k];
        if (item.kind != DW_PLOT && item.kind != DW_FUNCTION && item.kind != DW_TABLE) {
            char words[DW_VALUE_WORDS];
            return dw_call_fail_rest(r->call, i, DW_ERR_TYPE,
                                     "a list in a plot holds functions, tables or marks; item %zu "
                                     "is %s",
                                     k + 1, dw_value_words(item, words));
        }
        inner.rest = &item;
        inner.rest_count = 1;
        inner.rest_spans = &r->call->rest_spans[i];
        reader one = *r;
        one.call = &inner;
        bool ok = item.kind == DW_PLOT    ? add_plot(&one, 0)
                  : item.kind == DW_TABLE ? add_table(&one, 0, item.as.record)
                                          : add_function(&one, 0);
        if (!ok)
            return false;
        r->inner = one.inner;
        r->inner_lo = one.inner_lo;
        r->inner_hi = one.inner_hi;
        dw_thing *last = &r->out->things[r->out->count - 1];
        if (item.kind != DW_FUNCTION)
            continue;
        char text[64];
        int size =
            snprintf(text, sizeof text, "%.40s[%zu]", last->name == NULL ? "" : last->name, k + 1);
        if (!dw_thing_name(r->call, last, text, (size_t)size))
            return false;
    }
    return true;
}

static bool add_argument(reader *r, size_t i) {
    dw_value v = r->call->rest[i];
    if (is_numbers(v))
        return add_numbers(r, i);
    if (!settle(r))
        return false;
    switch (v.kind) {
    case DW_FUNCTION:
        return add_function(r, i);
    case DW_TABLE:
        return add_table(r, i, v.as.record);
    case DW_PLOT:
        return add_plot(r, i);
    case DW_LIST:
        return add_list(r, i);
    case DW_INTERVAL:
        return add_interval(r, i);
    case DW_TEXT:
        r->lone_color = true;
        return dw_thing_color(r->call, r->call->rest_spans[i], v.as.text, &r->color);
    default:
        break;
    }
    char words[DW_VALUE_WORDS];
    return dw_call_fail_rest(r->call, i, DW_ERR_TYPE,
                             "%s draws functions, tables, rows of numbers and marks; this is %s%s",
                             r->call->builtin->name, dw_value_words(v, words),
                             v.kind == DW_DISTRIBUTION ? ". Draw from it: hist(sample(d, 1000))"
                             : dw_value_is_labelled(v) ? ". Draw it with bars(p)"
                                                       : "");
}

bool dw_thing_read(dw_call *call, dw_mark mark, dw_thing_list *out) {
    reader r = {.call = call, .mark = mark, .out = out};
    for (size_t i = 0; i < call->rest_count; i++)
        if (!add_argument(&r, i))
            return false;
    if (!settle(&r))
        return false;
    if (r.inner && out->intervals == 0) {
        out->intervals = 1;
        out->lo[0] = r.inner_lo;
        out->hi[0] = r.inner_hi;
    }
    for (size_t k = 0; r.lone_color && k < out->count; k++)
        if (out->things[k].color == DW_COLOR_AUTO)
            out->things[k].color = r.color;
    return true;
}
