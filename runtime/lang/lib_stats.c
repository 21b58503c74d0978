/* SPDX-License-Identifier: BSD-3-Clause */
/* From many numbers to one or to an order: sums, means, spreads, quantiles, places, sorting. A
 * matrix counts as all its elements. */
#include "lang/builtin.h"
#include "lang/lib_traced.h"

#include "tensor/reduce.h"

#include <math.h>
#include <string.h>

/* The numbers of parameter 0; at least `least` of them. */
static bool numbers(dw_call *call, size_t least, dw_tensor **out) {
    if (!dw_call_tensor(call, 0, out))
        return false;
    if ((*out)->size >= least)
        return true;
    size_t size = (*out)->size;
    dw_tensor_release(*out);
    if (size == 0)
        return dw_call_fail(call, 0, DW_ERR_VALUE,
                            "%s needs at least %zu number%s, but there is none in here",
                            call->builtin->name, least, least == 1 ? "" : "s");
    return dw_call_fail(call, 0, DW_ERR_VALUE,
                        "%s needs at least %zu numbers, but there is only one", call->builtin->name,
                        least);
}

/* The same, but only a row or a column: for what needs an order. */
static bool vector(dw_call *call, size_t least, dw_tensor **out) {
    char words[DW_TENSOR_WORDS];
    if (!numbers(call, least, out))
        return false;
    if (dw_tensor_is_vector(*out))
        return true;
    dw_tensor_words(*out, words);
    dw_tensor_release(*out);
    return dw_call_fail(call, 0, DW_ERR_SHAPE,
                        "%s needs a row or a column, this is %s; go through its columns with for",
                        call->builtin->name, words);
}

typedef double (*reduce)(const double *x, size_t n, const dw_cancel *cancel);

static bool run_reduce(dw_call *call, reduce f, size_t least, dw_value *out) {
    dw_tensor *x;
    if (!numbers(call, least, &x))
        return false;
    *out = dw_value_number(f(x->data, x->size, call->cancel));
    dw_tensor_release(x);
    return dw_call_poll(call);
}

static double mean(const double *x, size_t n, const dw_cancel *cancel) {
    return dw_reduce_sum(x, n, cancel) / (double)n;
}

static double deviation(const double *x, size_t n, const dw_cancel *cancel) {
    return sqrt(dw_reduce_variance(x, n, cancel));
}

static bool run_sum(dw_call *call, dw_value *out) {
    return run_reduce(call, dw_reduce_sum, 0, out);
}

static bool run_product(dw_call *call, dw_value *out) {
    return run_reduce(call, dw_reduce_product, 0, out);
}

static bool run_mean(dw_call *call, dw_value *out) {
    return run_reduce(call, mean, 1, out);
}

static bool run_variance(dw_call *call, dw_value *out) {
    return run_reduce(call, dw_reduce_variance, 2, out);
}

static bool run_std(dw_call *call, dw_value *out) {
    return run_reduce(call, deviation, 2, out);
}

static bool run_norm(dw_call *call, dw_value *out) {
    return run_reduce(call, dw_reduce_norm, 0, out);
}

/* The numbers of parameter 0, sorted, in a tensor of the caller's own. */
static bool sorted(dw_call *call, size_t least, dw_tensor **out) {
    if (!numbers(call, least, out))
        return false;
    *out = dw_tensor_own(call->mem, *out, call->err);
    if (*out == NULL)
        return false;
    if (dw_reduce_sort((*out)->data, (*out)->size, call->cancel))
        return true;
    dw_tensor_release(*out);
    return dw_call_poll(call);
}

static bool run_median(dw_call *call, dw_value *out) {
    dw_tensor *x;
    if (!sorted(call, 1, &x))
        return false;
    *out = dw_value_number(dw_reduce_quantile(x->data, x->size, 0.5));
    dw_tensor_release(x);
    return true;
}

static bool run_quantile(dw_call *call, dw_value *out) {
    dw_tensor *x, *q;
    if (!dw_call_tensor(call, 1, &q))
        return false;
    q = dw_tensor_own(call->mem, q, call->err);
    if (q == NULL)
        return false;
    for (size_t i = 0; i < q->size; i++)
        if (!(q->data[i] >= 0 && q->data[i] <= 1)) {
            dw_tensor_release(q);
            return dw_call_fail(call, 1, DW_ERR_VALUE,
                                "quantile needs shares from 0 to 1, such as 0.95");
        }
    if (!sorted(call, 1, &x)) {
        dw_tensor_release(q);
        return false;
    }
    for (size_t i = 0; i < q->size; i++)
        q->data[i] = dw_reduce_quantile(x->data, x->size, q->data[i]);
    q->truth = false;
    dw_tensor_release(x);
    *out = dw_value_array(q);
    return true;
}

typedef size_t (*find_place)(const double *x, size_t n, const dw_cancel *cancel);

static bool run_arg(dw_call *call, find_place place, dw_value *out) {
    dw_tensor *x;
    if (!vector(call, 1, &x))
        return false;
    *out = dw_value_number((double)(1 + place(x->data, x->size, call->cancel)));
    dw_tensor_release(x);
    return dw_call_poll(call);
}

static bool run_argmin(dw_call *call, dw_value *out) {
    return run_arg(call, dw_reduce_argmin, out);
}

static bool run_argmax(dw_call *call, dw_value *out) {
    return run_arg(call, dw_reduce_argmax, out);
}

static bool run_cumsum(dw_call *call, dw_value *out) {
    dw_tensor *x;
    if (!vector(call, 0, &x))
        return false;
    x = dw_tensor_own(call->mem, x, call->err);
    if (x == NULL)
        return false;
    for (size_t i = 1; i < x->size && !dw_cancel_stops(call->cancel, i); i++)
        x->data[i] += x->data[i - 1];
    x->truth = false;
    *out = dw_value_array(x);
    return dw_call_unless_stopped(call, out);
}

static bool run_diff(dw_call *call, dw_value *out) {
    dw_tensor *x;
    if (!vector(call, 1, &x))
        return false;
    size_t n = x->size - 1;
    bool row = dw_tensor_is_row(x);
    dw_tensor *steps = dw_tensor_raw(call->mem, row ? 1 : n, row ? n : 1, call->err);
    for (size_t i = 0; steps != NULL && i < n && !dw_cancel_stops(call->cancel, i); i++)
        steps->data[i] = x->data[i + 1] - x->data[i];
    dw_tensor_release(x);
    if (steps == NULL)
        return false;
    *out = dw_value_array(steps);
    return dw_call_unless_stopped(call, out);
}

/* Whether all elements (or any) are true. */
static bool run_truths(dw_call *call, bool all, dw_value *out) {
    dw_tensor *x;
    if (!numbers(call, 0, &x))
        return false;
    bool truth = x->truth || x->size == 0, found = false;
    for (size_t i = 0; i < x->size && !found && !dw_cancel_stops(call->cancel, i); i++)
        found = (x->data[i] != 0) != all;
    dw_tensor_release(x);
    if (!dw_call_poll(call))
        return false;
    if (!truth)
        return dw_call_fail(call, 0, DW_ERR_TYPE,
                            "%s needs truth values, these are numbers; compare them with "
                            "something, as in %s(x > 0)",
                            call->builtin->name, call->builtin->name);
    *out = dw_value_truth(found != all);
    return true;
}

static bool run_all(dw_call *call, dw_value *out) {
    return run_truths(call, true, out);
}

static bool run_any(dw_call *call, dw_value *out) {
    return run_truths(call, false, out);
}

/* Code points of a text: bytes that begin a character. */
static size_t characters(const dw_text *text) {
    size_t n = 0;
    for (size_t i = 0; i < text->size; i++)
        n += ((unsigned char)text->bytes[i] & 0xC0) != 0x80;
    return n;
}

static bool run_count(dw_call *call, dw_value *out) {
    dw_value v = call->args[0];
    size_t n;
    char words[DW_VALUE_WORDS];
    if (v.kind == DW_ARRAY)
        n = v.as.array->size;
    else if (v.kind == DW_TEXT)
        n = characters(v.as.text);
    else if (v.kind == DW_RECORD)
        n = v.as.record->count;
    else if (v.kind == DW_FUNCTION || v.kind == DW_PLOT || v.kind == DW_DISTRIBUTION)
        return dw_call_fail(call, 0, DW_ERR_TYPE,
                            "count needs something with elements, such as an array, a list or a "
                            "table; this is %s",
                            dw_value_words(v, words));
    else if (!dw_value_length(v, &n, call->err))
        return false;
    *out = dw_value_number((double)n);
    return true;
}

/* Texts in the order of their characters; a shorter one before what it begins. */
static bool text_before(const dw_text *a, const dw_text *b) {
    size_t least = a->size < b->size ? a->size : b->size;
    int order = memcmp(a->bytes, b->bytes, least);
    return order != 0 ? order < 0 : a->size < b->size;
}

/* Merges the sorted runs [0, middle) and [middle, n) of `from` into `to`; equal ones keep order. */
static void merge(const dw_value *from, size_t middle, size_t n, bool down, dw_value *to) {
    size_t i = 0, j = middle;
    for (size_t k = 0; k < n; k++) {
        bool second = i == middle;
        if (i < middle && j < n) {
            const dw_text *a = from[i].as.text, *b = from[j].as.text;
            second = down ? text_before(a, b) : text_before(b, a);
        }
        to[k] = second ? from[j++] : from[i++];
    }
}

/* Sorts texts; `spare` has room for n as well. Told to stop, it leaves them in some order. */
static void sort_texts(dw_value *x, dw_value *spare, size_t n, bool down, const dw_cancel *cancel) {
    enum { LONG = 1 << 12 };
    if (n < 2 || (n > LONG && dw_cancel_stops(cancel, 0)))
        return;
    size_t middle = n / 2;
    sort_texts(x, spare, middle, down, cancel);
    sort_texts(x + middle, spare + middle, n - middle, down, cancel);
    if (n > LONG && dw_cancel_stops(cancel, 0))
        return;
    merge(x, middle, n, down, spare);
    memcpy(x, spare, n * sizeof *x);
}

static bool sort_list(dw_call *call, const dw_list *list, bool down, dw_value *out) {
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind != DW_TEXT)
            return dw_call_fail(call, 0, DW_ERR_TYPE,
                                "sort needs only numbers or only texts in the list");
    dw_value *spare = dw_mem_array(call->mem, list->count, sizeof *spare);
    if (spare == NULL)
        return dw_err_memory(call->err, "a sorted list");
    bool fine = dw_value_list(call->mem, list->rows, list->columns, out, call->err);
    if (fine) {
        for (size_t i = 0; i < list->count; i++)
            out->as.list->items[i] = dw_value_retain(list->items[i]);
        sort_texts(out->as.list->items, spare, list->count, down, call->cancel);
    }
    dw_mem_free(spare);
    return fine && dw_call_unless_stopped(call, out);
}

static void turn_around(double *x, size_t n, const dw_cancel *cancel) {
    for (size_t i = 0; i < n / 2 && !dw_cancel_stops(cancel, i); i++) {
        double keep = x[i];
        x[i] = x[n - 1 - i];
        x[n - 1 - i] = keep;
    }
}

static bool run_sort(dw_call *call, dw_value *out) {
    bool down = false;
    dw_tensor *x;
    dw_value v = call->args[0];
    if (dw_call_given(call, 1) && !dw_call_truth(call, 1, &down))
        return false;
    if (v.kind == DW_LIST && v.as.list->count > 0 && v.as.list->items[0].kind == DW_TEXT)
        return sort_list(call, v.as.list, down, out);
    if (!vector(call, 0, &x))
        return false;
    x = dw_tensor_own(call->mem, x, call->err);
    if (x == NULL)
        return false;
    if (!dw_reduce_sort(x->data, x->size, call->cancel)) {
        dw_tensor_release(x);
        return dw_call_poll(call);
    }
    size_t numbers_only = x->size;
    while (numbers_only > 0 && isnan(x->data[numbers_only - 1]))
        numbers_only--;
    if (down)
        turn_around(x->data, numbers_only, call->cancel);
    *out = dw_value_array(x);
    return dw_call_unless_stopped(call, out);
}

static bool reverse_list(dw_call *call, const dw_list *list, dw_value *out) {
    if (!dw_value_list(call->mem, list->rows, list->columns, out, call->err))
        return false;
    for (size_t i = 0; i < list->count; i++)
        out->as.list->items[i] = dw_value_retain(list->items[list->count - 1 - i]);
    return true;
}

static bool run_reverse(dw_call *call, dw_value *out) {
    dw_tensor *x;
    if (call->args[0].kind == DW_LIST)
        return reverse_list(call, call->args[0].as.list, out);
    if (!dw_call_tensor(call, 0, &x))
        return false;
    x = dw_tensor_own(call->mem, x, call->err);
    if (x == NULL)
        return false;
    if (dw_tensor_is_vector(x))
        turn_around(x->data, x->size, call->cancel);
    else
        for (size_t i = 0; i < x->dim[0]; i++)
            turn_around(x->data + i * x->dim[1], x->dim[1], call->cancel);
    *out = dw_value_array(x);
    return dw_call_unless_stopped(call, out);
}

#define TRACED_ROW(word, parameters, text, sample, others, function, traced_function)    \
    {                                                                                    \
        .name = word, .group = "Statistics", .signature = word parameters, .help = text, \
        .example = sample, .see = others, .run = function, .traced = traced_function     \
    }
#define ROW(word, parameters, text, sample, others, function) \
    TRACED_ROW(word, parameters, text, sample, others, function, NULL)

const dw_builtin dw_lib_stats[] = {
    TRACED_ROW("sum", "(values)", "The sum of all elements; of truth values, how many are true.",
               "sum(k² for k in 1..3)  # → 14", "mean product cumsum", run_sum, dw_lib_traced_sum),
    TRACED_ROW("product", "(values)", "The product of all elements.", "product(1..5)  # → 120",
               "sum", run_product, dw_lib_traced_product),
    TRACED_ROW("mean", "(values)",
               "The mean of all elements: their sum divided by how many they are.",
               "mean([1, 2, 6])  # → 3", "median std sum", run_mean, dw_lib_traced_mean),
    ROW("median", "(values)",
        "The middle of the sorted elements, or the mean of the two in the middle.",
        "median([1, 2, 60])  # → 2", "mean quantile", run_median),
    TRACED_ROW(
        "std", "(values)",
        "The standard deviation of a sample: how far elements lie from their mean, with n - 1 "
        "under "
        "the fraction.",
        "std([1, 2, 3])  # → 1", "variance mean", run_std, dw_lib_traced_std),
    TRACED_ROW(
        "variance", "(values)",
        "The variance of a sample: the squared distances from the mean, summed and divided by "
        "n - 1.",
        "variance([1, 3, 5])  # → 4", "std mean", run_variance, dw_lib_traced_variance),
    ROW("quantile", "(values, share)",
        "The number below which a share of the elements lies, between neighbours on a straight "
        "line.",
        "quantile(0..100, [0.05, 0.95])  # → [5, 95]", "median sort", run_quantile),
    TRACED_ROW("norm", "(x)", "The length of x: the square root of the sum of its squares.",
               "norm([3; 4])  # → 5", "abs dot", run_norm, dw_lib_traced_norm),
    ROW("argmin", "(values)", "The place of the smallest element, counted from 1.",
        "argmin([3, 1, 2])  # → 2", "min argmax", run_argmin),
    ROW("argmax", "(values)", "The place of the largest element, counted from 1.",
        "argmax([3, 1, 2])  # → 1", "max argmin", run_argmax),
    TRACED_ROW(
        "count", "(values)",
        "How many elements an array, list, interval or text has, rows a table, fields a record; "
        "sum(x > 0) tells how many are true.",
        "count([3, 1, 2])  # → 3", "size rows sum", run_count, dw_lib_traced_count),
    ROW("all", "(truths)", "Whether all truth values are true; true if there are none.",
        "all(x² ≥ 0 for x in -3..3)  # → true", "any", run_all),
    ROW("any", "(truths)", "Whether at least one truth value is true.",
        "any([1, 2, 3] > 2)  # → true", "all", run_any),
    ROW("cumsum", "(values)", "The running sums of a row or column.",
        "cumsum([1, 2, 3])  # → [1, 3, 6]", "sum diff", run_cumsum),
    ROW("diff", "(values)", "The differences between neighbours of a row or column.",
        "diff([1, 4, 9])  # → [3, 5]", "cumsum", run_diff),
    ROW("sort", "(values, down = false)",
        "The elements of a row, column or list of texts in order.\ndown: largest first",
        "sort([3, 1, 2])  # → [1, 2, 3]", "reverse quantile", run_sort),
    TRACED_ROW(
        "reverse", "(values)",
        "The elements of a row, column or list from last to first; of a matrix, its columns.",
        "reverse(1..3)  # → [3, 2, 1]", "sort", run_reverse, dw_lib_traced_reverse),
    {.name = NULL},
};
