/* SPDX-License-Identifier: BSD-3-Clause */
/* Making, freeing and comparing values; what a value is in words. */
#include "lang/value.h"

#include "lang/derivative.h"
#include "lang/trace.h"
#include "lang/builtin.h"
#include "syntax/ast.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Values that die with the one that holds them wait in a list that runs through their own memory,
 * so that freeing a list in a list in a list … needs no stack. */
typedef struct {
    dw_list *lists;
    dw_record *records;
    dw_function *functions;
} graves;

/* A value whose last reference is gone: freed at once, or put into the list of its kind. */
static void bury(graves *g, dw_value v) {
    switch (v.kind) {
    case DW_ARRAY:
        ++v.as.array->refs; /* dw_tensor_release takes the last reference itself */
        dw_tensor_release(v.as.array);
        return;
    case DW_LIST:
        v.as.list->rows = (size_t)(uintptr_t)g->lists;
        g->lists = v.as.list;
        return;
    case DW_RECORD:
    case DW_TABLE:
        v.as.record->rows = (size_t)(uintptr_t)g->records;
        g->records = v.as.record;
        return;
    case DW_FUNCTION:
        dw_derivative_forget(v.as.function->traces);
        v.as.function->builtin = (const void *)g->functions;
        g->functions = v.as.function;
        return;
    case DW_PLOT:
        if (v.as.plot->free_content != NULL)
            v.as.plot->free_content(v.as.plot->content);
        break;
    case DW_TRACED:
        dw_trace_release(v.as.traced->trace);
        break;
    default:
        break;
    }
    dw_mem_free(v.as.refs);
}

static void bury_part(graves *g, dw_value v) {
    if (dw_value_is_object(v) && --*v.as.refs == 0)
        bury(g, v);
}

static void free_list(graves *g) {
    dw_list *list = g->lists;
    g->lists = (dw_list *)(uintptr_t)list->rows;
    for (size_t i = 0; i < list->count; i++)
        bury_part(g, list->items[i]);
    dw_mem_free(list);
}

static void free_record(graves *g) {
    dw_record *record = g->records;
    g->records = (dw_record *)(uintptr_t)record->rows;
    for (size_t i = 0; i < record->count; i++) {
        if (record->fields[i].name != NULL && --record->fields[i].name->refs == 0)
            dw_mem_free(record->fields[i].name);
        bury_part(g, record->fields[i].value);
    }
    bury_part(g, record->labels);
    dw_mem_free(record);
}

static void free_function(graves *g) {
    dw_function *f = g->functions;
    g->functions = (dw_function *)(uintptr_t)f->builtin;
    for (uint32_t i = 0; i < f->count; i++)
        bury_part(g, f->values[i]);
    if (f->net != NULL) {
        bury_part(g, f->net->words);
        bury_part(g, f->net->labels);
        bury_part(g, f->net->facts);
        dw_mem_free(f->net);
    }
    if (f->unit != NULL)
        dw_unit_release(f->unit);
    dw_mem_free(f);
}

void dw_value_destroy(dw_value v) {
    graves g = {0};
    bury(&g, v);
    for (;;) {
        if (g.lists != NULL)
            free_list(&g);
        else if (g.records != NULL)
            free_record(&g);
        else if (g.functions != NULL)
            free_function(&g);
        else
            return;
    }
}

dw_value dw_value_array(dw_tensor *tensor) {
    if (tensor->size == 1 && tensor->axes == 2) {
        dw_value one =
            tensor->truth ? dw_value_truth(tensor->data[0] != 0) : dw_value_number(tensor->data[0]);
        dw_tensor_release(tensor);
        return one;
    }
    return (dw_value){.kind = DW_ARRAY, .as.array = tensor};
}

/* A new object of `size` bytes with one reference in *out. */
static bool new_object(dw_mem *mem, dw_kind kind, size_t size, dw_value *out, dw_err *err) {
    uint32_t *object = dw_mem_new(mem, size);
    if (object == NULL)
        return dw_err_memory(err, "a value");
    *object = 1;
    *out = (dw_value){.kind = kind, .as.refs = object};
    return true;
}

static dw_text *new_text(dw_mem *mem, const char *bytes, size_t size) {
    if (size > SIZE_MAX - sizeof(dw_text) - 1)
        return NULL;
    dw_text *text = dw_mem_raw(mem, sizeof(dw_text) + size + 1);
    if (text == NULL)
        return NULL;
    text->refs = 1;
    text->size = size;
    if (size > 0)
        memcpy(text->bytes, bytes, size);
    text->bytes[size] = '\0';
    return text;
}

bool dw_value_text(dw_mem *mem, const char *bytes, size_t size, dw_value *out, dw_err *err) {
    dw_text *text = new_text(mem, bytes, size);
    if (text == NULL)
        return dw_err_memory(err, "a text");
    *out = (dw_value){.kind = DW_TEXT, .as.text = text};
    return true;
}

bool dw_value_interval(dw_mem *mem, double lo, double hi, dw_value *out, dw_err *err) {
    if (!new_object(mem, DW_INTERVAL, sizeof(dw_interval), out, err))
        return false;
    out->as.interval->lo = lo;
    out->as.interval->hi = hi;
    return true;
}

bool dw_value_estimate(dw_mem *mem, double value, double low, double high, double n, dw_value *out,
                       dw_err *err) {
    if (!new_object(mem, DW_ESTIMATE, sizeof(dw_estimate), out, err))
        return false;
    *out->as.estimate = (dw_estimate){.refs = 1, .value = value, .low = low, .high = high, .n = n};
    return true;
}

bool dw_value_distribution(dw_mem *mem, int family, double a, double b, size_t copies,
                           dw_value *out, dw_err *err) {
    if (!new_object(mem, DW_DISTRIBUTION, sizeof(dw_distribution), out, err))
        return false;
    dw_distribution *d = out->as.distribution;
    d->family = family == DW_NORMAL ? DW_NORMAL : DW_UNIFORM;
    d->a = a;
    d->b = b;
    d->copies = copies;
    return true;
}

bool dw_value_plot(dw_mem *mem, void *content, void (*free_content)(void *), dw_value *out,
                   dw_err *err) {
    if (!new_object(mem, DW_PLOT, sizeof(dw_plot), out, err)) {
        if (free_content != NULL)
            free_content(content);
        return false;
    }
    out->as.plot->content = content;
    out->as.plot->free_content = free_content;
    return true;
}

bool dw_value_list(dw_mem *mem, size_t rows, size_t columns, dw_value *out, dw_err *err) {
    size_t count, bytes;
    if (__builtin_mul_overflow(rows, columns, &count) ||
        __builtin_mul_overflow(count, sizeof(dw_value), &bytes) ||
        bytes > SIZE_MAX - sizeof(dw_list))
        return dw_err_memory(err, "a list");
    if (!new_object(mem, DW_LIST, sizeof(dw_list) + bytes, out, err))
        return false;
    out->as.list->rows = rows;
    out->as.list->columns = columns;
    out->as.list->count = count;
    return true;
}

bool dw_value_record(dw_mem *mem, dw_kind kind, const char *const *names, size_t count, size_t rows,
                     dw_value *out, dw_err *err) {
    size_t bytes;
    if (__builtin_mul_overflow(count, sizeof(dw_field), &bytes))
        return dw_err_memory(err, "a record");
    if (!new_object(mem, kind, sizeof(dw_record) + bytes, out, err))
        return false;
    dw_record *record = out->as.record;
    record->rows = rows;
    record->count = count;
    for (size_t i = 0; i < count; i++) {
        record->fields[i].name = new_text(mem, names[i], strlen(names[i]));
        if (record->fields[i].name == NULL) {
            dw_value_drop(out);
            return dw_err_memory(err, "a record");
        }
    }
    return true;
}

bool dw_value_labelled(dw_mem *mem, dw_value labels, const dw_tensor *numbers, dw_value *out,
                       dw_err *err) {
    size_t count = 0, bytes = numbers->size * sizeof(dw_field);
    if (!dw_value_length(labels, &count, err))
        return false;
    if (count != numbers->size)
        return dw_err_set(err, DW_ERR_SHAPE, "the net knows %zu classes but gives %zu numbers",
                          count, numbers->size);
    if (!new_object(mem, DW_RECORD, sizeof(dw_record) + bytes, out, err))
        return false;
    dw_record *record = out->as.record;
    record->labels = dw_value_retain(labels);
    for (size_t i = 0; i < count; i++) {
        dw_value label = dw_value_nothing();
        dw_buf name;
        dw_buf_init(&name, mem);
        if (!dw_value_element(mem, labels, i, &label, err))
            return dw_value_drop(out);
        dw_value_insert(&name, label, 0);
        dw_text *text = label.kind == DW_TEXT ? label.as.text
                        : name.failed
                            ? NULL
                            : new_text(mem, name.data == NULL ? "" : name.data, name.size);
        text = text != NULL && label.kind == DW_TEXT ? (text->refs++, text) : text;
        dw_buf_free(&name);
        dw_value_release(label);
        if (text == NULL) {
            dw_value_drop(out);
            return dw_err_memory(err, "an answer");
        }
        record->fields[i] = (dw_field){text, dw_value_number(numbers->data[i])};
        record->count = i + 1;
    }
    return true;
}

bool dw_value_is_labelled(dw_value v) {
    return v.kind == DW_RECORD && v.as.record->labels.kind != DW_NOTHING;
}

const dw_value *dw_value_field(const dw_record *record, const char *name) {
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->fields[i].name->bytes, name) == 0)
            return &record->fields[i].value;
    return NULL;
}

static void function_words(const dw_function *f, char *out) {
    const char *name = f->builtin != NULL ? f->builtin->name
                       : f->node != NULL  ? f->node->u.function->name
                                          : NULL;
    if (name != NULL)
        snprintf(out, DW_VALUE_WORDS, "the function %.60s", name);
    else if (f->net != NULL)
        snprintf(out, DW_VALUE_WORDS, f->net->layer != NULL ? "a layer" : "a net");
    else
        snprintf(out, DW_VALUE_WORDS, "a function");
}

static void traced_words(const dw_traced *t, char *out) {
    const char *after = "that is being differentiated";
    if (t->rows * t->columns == 1)
        snprintf(out, DW_VALUE_WORDS, "a number %s", after);
    else if (t->rows == 1 || t->columns == 1)
        snprintf(out, DW_VALUE_WORDS, "a %s of %zu %s", t->rows == 1 ? "row" : "column",
                 t->rows * t->columns, after);
    else
        snprintf(out, DW_VALUE_WORDS, "a %zu×%zu matrix %s", t->rows, t->columns, after);
}

const char *dw_value_words(dw_value v, char out[DW_VALUE_WORDS]) {
    char shape[DW_TENSOR_WORDS];
    switch (v.kind) {
    case DW_NUMBER:
        return strcpy(out, "a number");
    case DW_TRUTH:
        return strcpy(out, v.as.truth ? "true" : "false");
    case DW_ARRAY:
        snprintf(out, DW_VALUE_WORDS, "%s%s", dw_tensor_words(v.as.array, shape),
                 v.as.array->truth ? " truth values" : "");
        return out;
    case DW_TEXT:
        return strcpy(out, "a text");
    case DW_LIST:
        snprintf(out, DW_VALUE_WORDS, "a list of %zu", v.as.list->count);
        return out;
    case DW_INTERVAL:
        return strcpy(out, "an interval");
    case DW_RECORD:
        if (!dw_value_is_labelled(v))
            return strcpy(out, "a record");
        snprintf(out, DW_VALUE_WORDS, "an answer with %zu labels", v.as.record->count);
        return out;
    case DW_TABLE:
        snprintf(out, DW_VALUE_WORDS, "a table of %zu row%s", v.as.record->rows,
                 v.as.record->rows == 1 ? "" : "s");
        return out;
    case DW_FUNCTION:
        function_words(v.as.function, out);
        return out;
    case DW_DISTRIBUTION:
        return strcpy(out, "a distribution");
    case DW_ESTIMATE:
        return strcpy(out, "an estimate");
    case DW_PLOT:
        return strcpy(out, "a plot");
    case DW_TRACED:
        traced_words(v.as.traced, out);
        return out;
    default:
        return strcpy(out, "no value");
    }
}

bool dw_value_is_truth(dw_value v) {
    return v.kind == DW_TRUTH || (v.kind == DW_ARRAY && v.as.array->truth) ||
           (v.kind == DW_TRACED && v.as.traced->truth);
}

void dw_value_shape(dw_value v, size_t *rows, size_t *columns) {
    bool traced = v.kind == DW_TRACED;
    *rows = traced ? v.as.traced->rows : v.as.array->dim[0];
    *columns = traced ? v.as.traced->columns : v.as.array->dim[1];
}

bool dw_value_as_number(dw_value v, double *out) {
    if (v.kind == DW_NUMBER)
        *out = v.as.number;
    else if (v.kind == DW_ESTIMATE)
        *out = v.as.estimate->value;
    else if (v.kind == DW_TRUTH)
        *out = v.as.truth ? 1 : 0;
    else
        return false;
    return true;
}

/* How many whole steps lie in lo..hi; false when it cannot be looped over. */
static bool interval_steps(const dw_interval *interval, size_t *out, dw_err *err) {
    double steps = floor(interval->hi - interval->lo + 1e-9) + 1;
    if (!(steps >= 0))
        steps = 0; /* 1..0 is empty; so is NaN */
    if (steps > 9e15)
        return dw_err_set(err, DW_ERR_VALUE, "this interval has no end to count to: give it one");
    *out = (size_t)steps;
    return true;
}

static bool interval_row(dw_mem *mem, const dw_interval *interval, dw_tensor **out, dw_err *err) {
    size_t steps = 0;
    if (!interval_steps(interval, &steps, err))
        return false;
    *out = dw_tensor_raw(mem, 1, steps, err);
    for (size_t i = 0; *out != NULL && i < steps; i++) {
        if (!dw_cancel_goes_on(mem->cancel, i, err)) {
            dw_tensor_release(*out);
            return false;
        }
        (*out)->data[i] = interval->lo + (double)i;
    }
    return *out != NULL;
}

static bool is_number_list(const dw_list *list) {
    double number;
    for (size_t i = 0; i < list->count; i++)
        if (!dw_value_as_number(list->items[i], &number))
            return false;
    return true;
}

static bool list_row(dw_mem *mem, const dw_list *list, dw_tensor **out, dw_err *err) {
    *out = dw_tensor_raw(mem, 1, list->count, err);
    for (size_t i = 0; *out != NULL && i < list->count; i++)
        (void)dw_value_as_number(list->items[i], &(*out)->data[i]);
    return *out != NULL;
}

static bool labelled_column(dw_mem *mem, const dw_record *record, dw_tensor **out, dw_err *err) {
    *out = dw_tensor_raw(mem, record->count, 1, err);
    for (size_t i = 0; *out != NULL && i < record->count; i++)
        (void)dw_value_as_number(record->fields[i].value, &(*out)->data[i]);
    return *out != NULL;
}

bool dw_value_as_tensor(dw_mem *mem, dw_value v, dw_tensor **out, dw_err *err) {
    double number;
    dw_err ignored = {0};
    dw_err *told = err != NULL ? err : &ignored;
    if (v.kind == DW_ARRAY) {
        *out = dw_tensor_retain(v.as.array);
        return true;
    }
    if (v.kind == DW_INTERVAL)
        return interval_row(mem, v.as.interval, out, told);
    if (dw_value_is_labelled(v))
        return labelled_column(mem, v.as.record, out, told);
    if (dw_value_as_number(v, &number)) {
        *out = dw_tensor_raw(mem, 1, 1, told);
        if (*out == NULL)
            return false;
        (*out)->data[0] = number;
        (*out)->truth = v.kind == DW_TRUTH;
        return true;
    }
    if (v.kind == DW_LIST && is_number_list(v.as.list))
        return list_row(mem, v.as.list, out, told);
    char words[DW_VALUE_WORDS];
    return dw_err_set(told, DW_ERR_TYPE, "numbers are needed here, this is %s",
                      dw_value_words(v, words));
}

static bool no_elements(dw_value v, dw_err *err) {
    char words[DW_VALUE_WORDS];
    return dw_err_set(err, DW_ERR_TYPE,
                      "%s has no elements to go through: an interval, an array, a list or a table "
                      "has",
                      dw_value_words(v, words));
}

bool dw_value_length(dw_value v, size_t *out, dw_err *err) {
    switch (v.kind) {
    case DW_NUMBER:
    case DW_TRUTH:
    case DW_ESTIMATE:
        *out = 1;
        return true;
    case DW_ARRAY:
        *out = dw_tensor_is_vector(v.as.array) ? v.as.array->size : v.as.array->dim[1];
        return true;
    case DW_TRACED:
        *out = v.as.traced->rows == 1      ? v.as.traced->columns
               : v.as.traced->columns == 1 ? v.as.traced->rows
                                           : v.as.traced->columns;
        return true;
    case DW_LIST:
        *out = v.as.list->count;
        return true;
    case DW_TABLE:
        *out = v.as.record->rows;
        return true;
    case DW_INTERVAL:
        return interval_steps(v.as.interval, out, err);
    case DW_RECORD:
        if (!dw_value_is_labelled(v))
            return no_elements(v, err);
        *out = v.as.record->count;
        return true;
    default:
        return no_elements(v, err);
    }
}

static bool tensor_element(dw_mem *mem, const dw_tensor *t, size_t i, dw_value *out, dw_err *err) {
    if (dw_tensor_is_vector(t)) {
        *out = t->truth ? dw_value_truth(t->data[i] != 0) : dw_value_number(t->data[i]);
        return true;
    }
    dw_tensor *column = dw_tensor_raw(mem, t->dim[0], 1, err);
    if (column == NULL)
        return false;
    column->truth = t->truth;
    for (size_t r = 0; r < t->dim[0]; r++)
        column->data[r] = t->data[r * t->dim[1] + i];
    *out = dw_value_array(column);
    return true;
}

/* Row i of a table as a record. */
static bool table_row(dw_mem *mem, dw_value table, size_t i, dw_value *out, dw_err *err) {
    const dw_record *t = table.as.record;
    dw_value row;
    if (!new_object(mem, DW_RECORD, sizeof(dw_record) + t->count * sizeof(dw_field), &row, err))
        return false;
    row.as.record->count = t->count;
    for (size_t c = 0; c < t->count; c++) {
        t->fields[c].name->refs++;
        row.as.record->fields[c].name = t->fields[c].name;
        if (!dw_value_element(mem, t->fields[c].value, i, &row.as.record->fields[c].value, err)) {
            dw_value_release(row);
            return false;
        }
    }
    *out = row;
    return true;
}

bool dw_value_element(dw_mem *mem, dw_value v, size_t i, dw_value *out, dw_err *err) {
    switch (v.kind) {
    case DW_ARRAY:
        return tensor_element(mem, v.as.array, i, out, err);
    case DW_TRACED:
        return dw_trace_element(v, i, out, err);
    case DW_LIST:
        *out = dw_value_retain(v.as.list->items[i]);
        return true;
    case DW_TABLE:
        return table_row(mem, v, i, out, err);
    case DW_INTERVAL:
        *out = dw_value_number(v.as.interval->lo + (double)i);
        return true;
    case DW_RECORD:
        *out = dw_value_retain(dw_value_is_labelled(v) ? v.as.record->fields[i].value : v);
        return true;
    default:
        *out = dw_value_retain(v);
        return true;
    }
}
