/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether two values are the same. */
#include "lang/value.h"

#include <string.h>

/* Things inside each other deeper than this count as different. */
enum { SAME_DEPTH = 1000 };

/* A comparison under way. */
typedef struct {
    const dw_cancel *cancel;
    dw_err *err;
    size_t turns;
    bool stopped;
} comparison;

static bool same(dw_value a, dw_value b, comparison *c, unsigned depth);

static bool same_fields(const dw_record *a, const dw_record *b, comparison *c, unsigned depth) {
    if (a->count != b->count || a->rows != b->rows)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->fields[i].name->bytes, b->fields[i].name->bytes) != 0 ||
            !same(a->fields[i].value, b->fields[i].value, c, depth))
            return false;
    return true;
}

static bool same_list(const dw_list *a, const dw_list *b, comparison *c, unsigned depth) {
    if (a->rows != b->rows || a->columns != b->columns)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!same(a->items[i], b->items[i], c, depth))
            return false;
    return true;
}

static bool same_array(const dw_tensor *a, const dw_tensor *b) {
    if (!dw_tensor_same_shape(a, b))
        return false;
    for (size_t i = 0; i < a->size; i++)
        if (a->data[i] != b->data[i])
            return false;
    return true;
}

/* Layers of one kind; those without parameters yet are the same when they will get the same. */
static bool same_net(const dw_net *a, const dw_net *b, bool open) {
    if (a->layer != b->layer || a->rows != b->rows || a->columns != b->columns)
        return false;
    for (size_t i = 0; i < DW_NET_OPTIONS; i++)
        if (a->options[i] != b->options[i])
            return false;
    return a->layer == NULL || !open || a->key == b->key;
}

/* Functions that were written in the same place and brought the same values along, chains of the
 * same stages, layers of the same parameters. */
static bool same_function(const dw_function *a, const dw_function *b, comparison *c,
                          unsigned depth) {
    bool open = a->count > 0 && a->values[0].kind == DW_NOTHING;
    bool nets = a->node == NULL && a->net != NULL;
    if (a->builtin != b->builtin || a->derived != b->derived || a->node != b->node ||
        a->count != b->count || nets != (b->node == NULL && b->net != NULL) ||
        (nets && !same_net(a->net, b->net, open)))
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (a->values[i].kind != b->values[i].kind ||
            (a->values[i].kind != DW_NOTHING && !same(a->values[i], b->values[i], c, depth)))
            return false;
    return true;
}

static bool same(dw_value a, dw_value b, comparison *c, unsigned depth) {
    double x, y;
    c->stopped = c->stopped || !dw_cancel_goes_on(c->cancel, c->turns++, c->err);
    if (c->stopped)
        return false;
    if (dw_value_as_number(a, &x) && dw_value_as_number(b, &y))
        return x == y;
    if (a.kind != b.kind || depth > SAME_DEPTH)
        return false;
    if (dw_value_is_object(a) && a.as.refs == b.as.refs && a.kind == DW_FUNCTION)
        return true;
    switch (a.kind) {
    case DW_ARRAY:
        return same_array(a.as.array, b.as.array);
    case DW_TEXT:
        return a.as.text->size == b.as.text->size &&
               memcmp(a.as.text->bytes, b.as.text->bytes, a.as.text->size) == 0;
    case DW_LIST:
        return same_list(a.as.list, b.as.list, c, depth + 1);
    case DW_INTERVAL:
        return a.as.interval->lo == b.as.interval->lo && a.as.interval->hi == b.as.interval->hi;
    case DW_RECORD:
    case DW_TABLE:
        return same_fields(a.as.record, b.as.record, c, depth + 1);
    case DW_FUNCTION:
        return same_function(a.as.function, b.as.function, c, depth + 1);
    case DW_DISTRIBUTION:
        return a.as.distribution->family == b.as.distribution->family &&
               a.as.distribution->a == b.as.distribution->a &&
               a.as.distribution->b == b.as.distribution->b &&
               a.as.distribution->copies == b.as.distribution->copies;
    default:
        return a.as.refs == b.as.refs;
    }
}

bool dw_value_same(dw_value a, dw_value b) {
    comparison c = {.cancel = NULL};
    return same(a, b, &c, 0);
}

bool dw_value_compare(dw_value a, dw_value b, const dw_cancel *cancel, bool *is_same, dw_err *err) {
    comparison c = {.cancel = cancel, .err = err};
    *is_same = same(a, b, &c, 0);
    return !c.stopped;
}
