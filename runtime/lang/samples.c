/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables as samples. */
#include "lang/samples.h"

#include <math.h>
#include <string.h>

/* ---- columns ---- */

static bool no_column(dw_call *call, size_t i, const dw_record *table, const char *name) {
    dw_buf all;
    dw_buf_init(&all, call->mem);
    for (size_t c = 0; c < table->count; c++)
        dw_buf_print(&all, "%s%s", c == 0 ? "" : ", ", table->fields[c].name->bytes);
    if (dw_buf_whole(&all, "the names of this table", call->err))
        dw_call_fail(call, i, DW_ERR_NAME,
                     "%s needs a column %.60s; this table has %.200s. Another column is named with "
                     "target = \"…\"",
                     call->builtin->name, name, all.size == 0 ? "none" : all.data);
    dw_buf_free(&all);
    return false;
}

static bool is_numbers(dw_value column) {
    return column.kind == DW_ARRAY || column.kind == DW_NUMBER;
}

bool dw_samples_open(dw_call *call, size_t i, size_t target, dw_samples *out) {
    const dw_text *name = NULL;
    *out = (dw_samples){.table = NULL};
    if (!dw_call_table(call, i, &out->table) ||
        (dw_call_given(call, target) && !dw_call_text(call, target, &name)))
        return false;
    const char *answer = name != NULL ? name->bytes : "y";
    out->count = out->table->rows;
    out->y = dw_value_field(out->table, answer);
    out->x = strcmp(answer, "x") == 0 ? NULL : dw_value_field(out->table, "x");
    if (out->y == NULL)
        return no_column(call, i, out->table, answer);
    bool any = out->x != NULL;
    for (size_t c = 0; c < out->table->count; c++)
        any = any ||
              (&out->table->fields[c].value != out->y && is_numbers(out->table->fields[c].value));
    if (!any)
        return no_column(call, i, out->table, "x");
    if (out->count == 0)
        return dw_call_fail(call, i, DW_ERR_VALUE, "%s needs at least one row, this table is empty",
                            call->builtin->name);
    out->parts = dw_mem_array(call->mem, out->table->count, sizeof *out->parts);
    return out->parts != NULL || dw_err_memory(call->err, "a table");
}

void dw_samples_close(dw_samples *samples) {
    dw_mem_free(samples->parts);
    samples->parts = NULL;
}

bool dw_samples_y(dw_call *call, const dw_samples *samples, size_t i, dw_value *out) {
    return dw_value_element(call->mem, *samples->y, i, out, call->err);
}

bool dw_samples_x(dw_call *call, const dw_samples *samples, size_t i, dw_value *out) {
    if (samples->x != NULL)
        return dw_value_element(call->mem, *samples->x, i, out, call->err);
    size_t count = 0;
    bool fine = true;
    for (size_t c = 0; fine && c < samples->table->count; c++) {
        const dw_value *column = &samples->table->fields[c].value;
        if (column == samples->y || !is_numbers(*column))
            continue;
        fine = dw_value_element(call->mem, *column, i, &samples->parts[count], call->err);
        count += fine;
    }
    fine = fine && dw_value_join(call->mem, samples->parts, count, true, out, call->err);
    for (size_t c = 0; c < count; c++)
        dw_value_release(samples->parts[c]);
    return fine;
}

/* ---- numbers ---- */

/* Copies the numbers of one input; `*width` is set by the first. */
static bool put_input(dw_call *call, size_t i, const dw_tensor *t, double **out, size_t *width,
                      size_t count) {
    if (*out == NULL) {
        *width = t->size;
        size_t all;
        if (!__builtin_mul_overflow(t->size, count, &all))
            *out = dw_mem_array(call->mem, all + 1, sizeof **out);
        if (*out == NULL)
            return dw_err_memory(call->err, "the inputs of a table");
    }
    if (t->size != *width)
        return dw_call_fail(call, 0, DW_ERR_SHAPE,
                            "the inputs differ: the first row has %zu numbers, row %zu has %zu",
                            *width, i + 1, t->size);
    for (size_t k = 0; k < *width; k++) {
        if (!isfinite(t->data[k]))
            return dw_call_fail(call, 0, DW_ERR_DATA,
                                "row %zu has an input that is not a finite number: leave such rows "
                                "out, or fill the gap",
                                i + 1);
        (*out)[i * *width + k] = t->data[k];
    }
    return true;
}

/* One input as numbers. */
static bool input_numbers(dw_call *call, size_t i, dw_value x, dw_tensor **out) {
    char words[DW_VALUE_WORDS];
    dw_err why = {0};
    if (dw_value_as_tensor(call->mem, x, out, &why))
        return true;
    if (why.kind != DW_ERR_TYPE)
        return dw_err_memory(call->err, "the inputs of a table");
    return dw_call_fail(call, 0, DW_ERR_TYPE, "%s works on inputs that are numbers; row %zu has %s",
                        call->builtin->name, i + 1, dw_value_words(x, words));
}

bool dw_samples_inputs(dw_call *call, const dw_samples *samples, double **out, size_t *width) {
    bool fine = true;
    *out = NULL;
    *width = 0;
    for (size_t i = 0; fine && i < samples->count; i++) {
        dw_value x;
        dw_tensor *t;
        fine = dw_samples_x(call, samples, i, &x);
        if (!fine)
            break;
        fine = input_numbers(call, i, x, &t);
        dw_value_release(x);
        if (!fine)
            break;
        fine = put_input(call, i, t, out, width, samples->count);
        dw_tensor_release(t);
    }
    if (!fine) {
        dw_mem_free(*out);
        *out = NULL;
    }
    return fine;
}

/* ---- labels ---- */

static int compare(dw_value a, dw_value b) {
    double x = 0, y = 0;
    bool number = dw_value_as_number(a, &x), other = dw_value_as_number(b, &y);
    if (number != other)
        return number ? -1 : 1;
    if (number)
        return x < y ? -1 : x > y;
    size_t size = a.as.text->size < b.as.text->size ? a.as.text->size : b.as.text->size;
    int first = memcmp(a.as.text->bytes, b.as.text->bytes, size);
    return first != 0                          ? first
           : a.as.text->size < b.as.text->size ? -1
                                               : a.as.text->size > b.as.text->size;
}

/* Sorts places of values by merging: equal ones keep their order. */
static bool sort_places(dw_call *call, const dw_value *values, size_t *places, size_t count) {
    size_t *spare = places + count, done = 0;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t from = 0; from < count; from += 2 * width) {
            size_t middle = from + width < count ? from + width : count;
            size_t end = from + 2 * width < count ? from + 2 * width : count;
            size_t a = from, b = middle;
            for (size_t k = from; k < end; k++) {
                if (!dw_cancel_goes_on(call->cancel, done++, call->err))
                    return false;
                bool left =
                    b == end || (a < middle && compare(values[places[a]], values[places[b]]) <= 0);
                spare[k] = places[left ? a++ : b++];
            }
        }
        memcpy(places, spare, count * sizeof *places);
    }
    return true;
}

static bool check_label(dw_call *call, size_t i, dw_value v) {
    char words[DW_VALUE_WORDS];
    double number;
    if (v.kind == DW_TEXT || (dw_value_as_number(v, &number) && !isnan(number)))
        return true;
    return dw_call_fail(call, i, DW_ERR_TYPE,
                        "labels are texts, numbers or truth values; one is %s",
                        v.kind == DW_NUMBER ? "not a number" : dw_value_words(v, words));
}

/* The values at order[] without repetitions; places[] says where each went. */
static bool collect(dw_call *call, const dw_value *values, const size_t *order, size_t count,
                    size_t *places, dw_value *labels) {
    size_t kept = 0;
    for (size_t k = 0; k < count; k++) {
        kept += k == 0 || compare(values[order[k - 1]], values[order[k]]) != 0;
        places[order[k]] = kept - 1;
    }
    if (!dw_value_list(call->mem, 1, kept, labels, call->err))
        return false;
    for (size_t k = 0; k < count; k++) {
        dw_value *label = &labels->as.list->items[places[order[k]]];
        if (label->kind == DW_NOTHING)
            *label = dw_value_retain(values[order[k]]);
    }
    return true;
}

bool dw_samples_labels(dw_call *call, size_t i, const dw_value *values, size_t count,
                       size_t *places, dw_value *labels) {
    for (size_t k = 0; k < count; k++)
        if (!check_label(call, i, values[k]))
            return false;
    size_t *order = dw_mem_array(call->mem, 2 * count + 1, sizeof *order);
    if (order == NULL)
        return dw_err_memory(call->err, "labels");
    for (size_t k = 0; k < count; k++)
        order[k] = k;
    bool fine = sort_places(call, values, order, count) &&
                collect(call, values, order, count, places, labels);
    dw_mem_free(order);
    return fine;
}

/* ---- answers ---- */

static bool plain_answers(dw_call *call, const dw_value *values, size_t count, double *out) {
    char words[DW_VALUE_WORDS];
    for (size_t i = 0; i < count; i++) {
        if (!dw_value_as_number(values[i], &out[i]))
            return dw_call_fail(call, 0, DW_ERR_TYPE,
                                "%s answers with one number or label a row; row %zu has %s",
                                call->builtin->name, i + 1, dw_value_words(values[i], words));
        if (!isfinite(out[i]))
            return dw_call_fail(call, 0, DW_ERR_DATA,
                                "the answer of row %zu is not a finite number: leave such rows out",
                                i + 1);
    }
    return true;
}

static bool label_answers(dw_call *call, const dw_value *values, size_t count, double *out,
                          dw_value *labels) {
    size_t *places = dw_mem_array(call->mem, count, sizeof *places);
    if (places == NULL)
        return dw_err_memory(call->err, "labels");
    bool fine = dw_samples_labels(call, 0, values, count, places, labels);
    for (size_t i = 0; fine && i < count; i++)
        out[i] = (double)places[i];
    dw_mem_free(places);
    return fine;
}

bool dw_samples_answers(dw_call *call, const dw_samples *samples, bool classes, double **out,
                        dw_value *labels) {
    size_t count = samples->count, made = 0;
    *labels = dw_value_nothing();
    *out = dw_mem_array(call->mem, count, sizeof **out);
    dw_value *values = dw_mem_array(call->mem, count, sizeof *values);
    bool fine = (*out != NULL && values != NULL) || dw_err_memory(call->err, "the answers");
    while (fine && made < count) {
        fine = dw_samples_y(call, samples, made, &values[made]);
        if (fine)
            classes = classes || values[made].kind == DW_TEXT || values[made].kind == DW_TRUTH;
        made += fine;
    }
    fine = fine && (classes ? label_answers(call, values, count, *out, labels)
                            : plain_answers(call, values, count, *out));
    for (size_t i = 0; i < made; i++)
        dw_value_release(values[i]);
    dw_mem_free(values);
    if (!fine) {
        dw_mem_free(*out);
        *out = NULL;
    }
    return fine;
}
