/* SPDX-License-Identifier: BSD-3-Clause */
/* What stands between [ and ] as a list of places. */
#include "lang/pick.h"

#include "lang/express.h"
#include "lang/net_make.h"

#include <math.h>

void dw_pick_free(dw_pick *pick) {
    dw_mem_free(pick->places);
    pick->places = NULL;
}

static bool new_pick(dw_mem *mem, size_t count, dw_pick *out, dw_err *err) {
    *out = (dw_pick){.count = count};
    out->places = dw_mem_array(mem, count > 0 ? count : 1, sizeof *out->places);
    return out->places != NULL || dw_err_memory(err, "a choice of elements");
}

bool dw_pick_all(dw_mem *mem, size_t count, dw_pick *out, dw_err *err) {
    if (!new_pick(mem, count, out, err))
        return false;
    for (size_t i = 0; i < count; i++)
        out->places[i] = i;
    return true;
}

/* How many places there are to pick from, and what they are called. */
typedef struct {
    size_t count;
    const char *what;
} extent;

static bool find_extent(dw_eval *e, dw_value v, int axis, extent *out) {
    size_t dims[2] = {1, 1};
    if (v.kind == DW_ARRAY || v.kind == DW_TRACED)
        dw_value_shape(v, &dims[0], &dims[1]);
    if (v.kind == DW_FUNCTION) {
        *out = (extent){dw_net_make_stages(v), "stage"};
        return true;
    }
    if (axis == DW_PICK_ONLY) {
        bool matrix = dims[0] != 1 && dims[1] != 1;
        out->what = v.kind == DW_TABLE ? "row" : matrix ? "column" : "element";
        return dw_value_length(v, &out->count, e->err);
    }
    out->what = axis == 0 ? "row" : "column";
    out->count = dims[axis];
    return true;
}

/* The place of number x (1 is the first, -1 the last). */
static bool one_place(dw_eval *e, extent of, double x, size_t *out) {
    double at = x < 0 ? x + (double)of.count : x - 1;
    if (x != floor(x))
        return dw_err_set(e->err, DW_ERR_INDEX, "%g is no whole number: %ss are counted 1, 2, 3, …",
                          x, of.what);
    if (x == 0)
        return dw_err_set(e->err, DW_ERR_INDEX, "there is no %s 0: counting begins with 1",
                          of.what);
    if (!(at >= 0 && at < (double)of.count))
        return dw_err_set(e->err, DW_ERR_INDEX, "there is no %s %.15g: there %s %zu", of.what, x,
                          of.count == 1 ? "is only" : "are", of.count);
    *out = (size_t)at;
    return true;
}

static bool pick_number(dw_eval *e, extent of, double x, dw_pick *out) {
    if (!new_pick(e->mem, 1, out, e->err))
        return false;
    out->single = true;
    if (one_place(e, of, x, &out->places[0]))
        return true;
    dw_pick_free(out);
    return false;
}

/* 2..4 and -3..-1; 3..2 is nothing. */
static bool pick_interval(dw_eval *e, extent of, const dw_interval *interval, dw_pick *out) {
    double n = (double)of.count, lo = interval->lo, hi = interval->hi;
    lo = lo < 0 ? lo + n + 1 : lo;
    hi = hi < 0 ? hi + n + 1 : hi;
    if (lo != floor(lo) || hi != floor(hi))
        return dw_err_set(e->err, DW_ERR_INDEX,
                          "%ss are counted 1, 2, 3, …: take whole numbers for both ends", of.what);
    if (hi < lo)
        return new_pick(e->mem, 0, out, e->err);
    if (!(lo >= 1 && hi <= n))
        return dw_err_set(e->err, DW_ERR_INDEX, "there is no %s %.15g: there %s %zu", of.what,
                          lo < 1 ? interval->lo : interval->hi, of.count == 1 ? "is only" : "are",
                          of.count);
    if (!new_pick(e->mem, (size_t)(hi - lo) + 1, out, e->err))
        return false;
    for (size_t i = 0; i < out->count; i++)
        out->places[i] = (size_t)lo - 1 + i;
    return true;
}

/* x[x > 0]: the places where a truth value holds. */
static bool pick_truths(dw_eval *e, extent of, const dw_tensor *truths, dw_pick *out) {
    char words[DW_TENSOR_WORDS];
    if (truths->size != of.count)
        return dw_err_set(e->err, DW_ERR_SHAPE,
                          "%s truth values cannot choose among %zu %ss: one is needed for each",
                          dw_tensor_words(truths, words), of.count, of.what);
    size_t count = 0;
    for (size_t i = 0; i < truths->size; i++)
        count += truths->data[i] != 0;
    if (!new_pick(e->mem, count, out, e->err))
        return false;
    size_t next = 0;
    for (size_t i = 0; i < truths->size; i++)
        if (truths->data[i] != 0)
            out->places[next++] = i;
    return true;
}

static bool pick_numbers(dw_eval *e, extent of, const dw_tensor *numbers, dw_pick *out) {
    if (!new_pick(e->mem, numbers->size, out, e->err))
        return false;
    for (size_t i = 0; i < numbers->size; i++)
        if (!one_place(e, of, numbers->data[i], &out->places[i])) {
            dw_pick_free(out);
            return false;
        }
    return true;
}

static bool pick_kind(dw_eval *e, extent of, dw_value v, dw_value item, dw_pick *out) {
    char words[DW_VALUE_WORDS];
    if (item.kind == DW_NUMBER)
        return pick_number(e, of, item.as.number, out);
    if (item.kind == DW_INTERVAL)
        return pick_interval(e, of, item.as.interval, out);
    if (item.kind != DW_ARRAY)
        return dw_err_set(
            e->err, DW_ERR_TYPE,
            "elements are picked by a number, an interval or truth values, this is %s",
            dw_value_words(item, words));
    const dw_tensor *t = item.as.array;
    if (!t->truth)
        return pick_numbers(e, of, t, out);
    bool whole = v.kind == DW_ARRAY && !dw_tensor_is_vector(v.as.array) &&
                 dw_tensor_same_shape(t, v.as.array);
    if (whole)
        of = (extent){v.as.array->size, "element"};
    if (!pick_truths(e, of, t, out))
        return false;
    out->all_elements = whole;
    return true;
}

bool dw_pick_value(dw_eval *e, dw_value item, dw_value v, int axis, dw_pick *out) {
    extent of;
    return find_extent(e, v, axis, &of) && pick_kind(e, of, v, item, out);
}

bool dw_pick_node(dw_eval *e, dw_frame *frame, const dw_node *item, dw_value v, int axis,
                  dw_pick *out) {
    extent of;
    dw_value picked;
    if (item->kind == DW_NODE_ALL)
        return find_extent(e, v, axis, &of) && dw_pick_all(e->mem, of.count, out, e->err);
    if (!dw_express_node(e, frame, item, &picked))
        return false;
    bool fine = dw_pick_value(e, picked, v, axis, out) || dw_eval_place(e, frame, item->span);
    dw_value_release(picked);
    return fine;
}

bool dw_pick_place(dw_value item, size_t count, size_t *place) {
    if (item.kind != DW_NUMBER)
        return false;
    double at = item.as.number < 0 ? item.as.number + (double)count : item.as.number - 1;
    if (!(at >= 0 && at < (double)count) || item.as.number == 0)
        return false;
    *place = (size_t)at;
    return at == (double)*place;
}
