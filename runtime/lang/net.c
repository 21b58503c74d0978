/* SPDX-License-Identifier: BSD-3-Clause */
/* Nets: functions with parameters. Their parameters by order and by name, and nets with others. */
#include "lang/net.h"

#include "lang/builtin.h"
#include "lang/derivative.h"
#include "lang/either.h"
#include "lang/layer.h"
#include "lang/net_walk.h"
#include "lang/trace.h"

#include <string.h>

enum { DEPTH = DW_NET_WALK_DEPTH };

/* ---- which values are parameters ---- */

static bool is_function(dw_value v) {
    return v.kind == DW_FUNCTION;
}

bool dw_net_is_chain(dw_value v) {
    return is_function(v) && v.as.function->builtin == NULL && v.as.function->node == NULL &&
           v.as.function->derived == DW_UNDERIVED && !dw_layer_is(v, NULL);
}

/* The values of a function that are parameters or hold some. */
static void parameters(const dw_function *f, uint32_t *from, uint32_t *to) {
    *from = 0;
    *to = f->count;
    if (f->builtin != NULL || f->derived != DW_UNDERIVED)
        *to = 0;
    else if (f->node != NULL)
        *from = f->node->u.function->capture_count;
    else if (f->net != NULL && f->net->layer != NULL)
        *to = f->net->layer->parameters;
}

static size_t count_arrays(dw_value v, unsigned depth, size_t *numbers) {
    size_t arrays = 0, rows, columns;
    uint32_t from, to;
    if (!is_function(v) || depth > DEPTH)
        return 0;
    parameters(v.as.function, &from, &to);
    for (uint32_t i = from; i < to; i++) {
        dw_value part = v.as.function->values[i];
        if (is_function(part))
            arrays += count_arrays(part, depth + 1, numbers);
        else if (dw_net_walk_is_array(part) && dw_either_shape(part, &rows, &columns)) {
            arrays++;
            *numbers += rows * columns;
        }
    }
    return arrays;
}

static bool is_open(dw_value v, unsigned depth) {
    uint32_t from, to;
    if (!is_function(v) || depth > DEPTH)
        return false;
    if (dw_layer_is(v, NULL))
        return dw_layer_is_open(v.as.function);
    parameters(v.as.function, &from, &to);
    for (uint32_t i = from; i < to; i++)
        if (is_open(v.as.function->values[i], depth + 1))
            return true;
    return false;
}

bool dw_net_is_open(dw_value f) {
    return is_open(f, 0);
}

size_t dw_net_arrays(dw_value f) {
    size_t numbers = 0;
    return count_arrays(f, 0, &numbers);
}

size_t dw_net_size(dw_value f) {
    size_t numbers = 0;
    count_arrays(f, 0, &numbers);
    return numbers;
}

bool dw_net_is(dw_value v) {
    if (!is_function(v) || v.as.function->builtin != NULL || v.as.function->derived != DW_UNDERIVED)
        return false;
    if (v.as.function->node == NULL)
        return v.as.function->net != NULL;
    return v.as.function->node->u.function->count > v.as.function->node->u.function->inputs &&
           (dw_net_arrays(v) > 0 || dw_net_is_open(v));
}

/* ---- names ---- */

bool dw_net_array(dw_eval *e, dw_value f, size_t i, dw_buf *name, dw_value *value) {
    dw_net_walk w = {.index = i};
    bool fine = dw_net_walk_find(&w, e->mem, &f, e->err);
    if (fine && w.found == NULL)
        fine = dw_err_set(e->err, DW_ERR_INTERNAL, "the net has no parameter array %zu", i);
    if (fine) {
        *value = dw_value_retain(*w.found);
        if (name != NULL)
            dw_buf_add(name, w.name.data, w.name.size);
    }
    dw_buf_free(&w.name);
    return fine;
}

bool dw_net_field(dw_eval *e, dw_value f, const char *name, dw_value *out) {
    dw_net_walk w = {.wanted = name};
    if (!is_function(f))
        return false;
    bool fine = dw_net_walk_find(&w, e->mem, &f, e->err);
    dw_buf_free(&w.name);
    const dw_value *found = w.found;
    const dw_net *net = f.as.function->net;
    if (fine && found == NULL && net != NULL && net->facts.kind == DW_RECORD)
        found = dw_value_field(net->facts.as.record, name);
    if (!fine || found == NULL || found->kind == DW_NOTHING)
        return false;
    *out = dw_value_retain(*found);
    return true;
}

/* ---- changing ---- */

static bool own_extras(dw_eval *e, dw_function *f, const dw_net *from) {
    f->net = dw_mem_new(e->mem, sizeof *f->net);
    if (f->net == NULL)
        return dw_err_memory(e->err, "a net");
    if (from == NULL)
        return true;
    *f->net = *from;
    dw_value_retain(from->words);
    dw_value_retain(from->labels);
    dw_value_retain(from->facts);
    return true;
}

bool dw_net_own(dw_eval *e, dw_value *v) {
    const dw_function *old = v->as.function;
    if (old->refs == 1) {
        dw_derivative_forget(v->as.function->traces);
        v->as.function->traces = NULL;
        return true;
    }
    dw_function *copy = dw_mem_raw(e->mem, sizeof *copy + old->count * sizeof(dw_value));
    if (copy == NULL)
        return dw_err_memory(e->err, "a function");
    memcpy(copy, old, sizeof *copy + old->count * sizeof(dw_value));
    copy->refs = 1;
    copy->traces = NULL;
    copy->net = NULL;
    if (copy->unit != NULL)
        dw_unit_retain(copy->unit);
    for (uint32_t i = 0; i < copy->count; i++)
        dw_value_retain(copy->values[i]);
    dw_value made = {.kind = DW_FUNCTION, .as.function = copy};
    if (old->net != NULL && !own_extras(e, copy, old->net))
        return dw_value_drop(&made);
    dw_value_release(*v);
    *v = made;
    return true;
}

/* Makes *v the caller's own and notes that it is no longer as it was drawn or trained. */
static bool change(dw_eval *e, dw_value *v) {
    if (!dw_net_own(e, v) || (v->as.function->net == NULL && !own_extras(e, v->as.function, NULL)))
        return false;
    v->as.function->net->changed = true;
    dw_value_drop(&v->as.function->net->facts);
    return true;
}

bool dw_net_place(dw_eval *e, dw_value *f, const char *name, dw_value **out) {
    dw_net_walk w = {.wanted = name};
    *out = NULL;
    bool fine = dw_net_walk_find(&w, e->mem, f, e->err);
    dw_buf_free(&w.name);
    if (!fine || w.found == NULL)
        return fine;
    dw_value *at = f;
    for (uint32_t i = 0; i < w.depth; i++) {
        if (!change(e, at))
            return false;
        at = &at->as.function->values[w.path[i]];
    }
    *out = at;
    return true;
}

static dw_operate operate_of(dw_eval *e) {
    return (dw_operate){.mem = e->mem, .cancel = &e->cancel, .err = e->err};
}

bool dw_net_shaped(dw_eval *e, dw_value old, dw_value v, dw_value *out) {
    size_t rows, columns, height, width;
    dw_operate o = operate_of(e);
    return dw_either_shape(old, &rows, &columns) && dw_either_shape(v, &height, &width) &&
           rows * columns == height * width && dw_either_reshape(&o, v, rows, columns, out);
}

/* Where the new parameters come from: values one after the other, or pieces of a column. */
typedef struct {
    dw_eval *e;
    const dw_value *values;
    dw_value column; /* when values is NULL */
    size_t next;
} source;

static bool take_piece(source *s, size_t rows, size_t columns, dw_value *out) {
    dw_eval *e = s->e;
    size_t count = rows * columns, start = s->next;
    s->next += count;
    if (s->column.kind == DW_ARRAY) {
        if (count == 1) {
            *out = dw_value_number(s->column.as.array->data[start]);
            return true;
        }
        dw_tensor *piece = dw_tensor_raw(e->mem, rows, columns, e->err);
        if (piece == NULL)
            return false;
        memcpy(piece->data, s->column.as.array->data + start, count * sizeof(double));
        *out = dw_value_array(piece);
        return true;
    }
    dw_operate o = operate_of(e);
    size_t *places = dw_mem_array(e->mem, count + 1, sizeof *places);
    if (places == NULL)
        return dw_err_memory(e->err, "parameters");
    for (size_t i = 0; i < count; i++)
        places[i] = start + i;
    bool fine = dw_either_gather(&o, s->column, places, rows, columns, out);
    dw_mem_free(places);
    return fine;
}

static bool take(source *s, dw_value old, dw_value *out) {
    size_t rows, columns;
    if (s->values == NULL)
        return dw_either_shape(old, &rows, &columns) && take_piece(s, rows, columns, out);
    char words[DW_VALUE_WORDS], given[DW_VALUE_WORDS];
    dw_value v = s->values[s->next++];
    return dw_net_shaped(s->e, old, v, out) ||
           dw_err_set(s->e->err, DW_ERR_SHAPE, "a parameter is %s, its new value is %s",
                      dw_value_words(old, words), dw_value_words(v, given));
}

/* Replaces all parameters inside *v. */
static bool refill(source *s, dw_value *v, unsigned depth) {
    uint32_t from, to;
    size_t numbers = 0;
    if (count_arrays(*v, depth, &numbers) == 0)
        return true;
    if (!change(s->e, v))
        return false;
    dw_function *f = v->as.function;
    parameters(f, &from, &to);
    for (uint32_t i = from; i < to; i++) {
        dw_value next;
        if (is_function(f->values[i])) {
            if (!refill(s, &f->values[i], depth + 1))
                return false;
        } else if (dw_net_walk_is_array(f->values[i])) {
            if (!take(s, f->values[i], &next))
                return false;
            dw_value_release(f->values[i]);
            f->values[i] = next;
        }
    }
    return true;
}

bool dw_net_with(dw_eval *e, dw_value f, const dw_value *values, dw_value *out) {
    source s = {.e = e, .values = values};
    *out = dw_value_retain(f);
    return refill(&s, out, 0) || dw_value_drop(out);
}

bool dw_net_with_flat(dw_eval *e, dw_value f, dw_value column, dw_value *out) {
    source s = {.e = e, .column = column};
    size_t rows, columns, size = dw_net_size(f);
    char words[DW_VALUE_WORDS];
    if (!dw_either_shape(column, &rows, &columns))
        return dw_err_set(e->err, DW_ERR_TYPE,
                          "the parameters of a net are one column of numbers, this is %s",
                          dw_value_words(column, words));
    if (rows * columns != size)
        return dw_err_set(e->err, DW_ERR_SHAPE,
                          "the net has %zu parameters in all, here %s %zu: params(f) gives a "
                          "column of the right length",
                          size, rows * columns == 1 ? "is" : "are", rows * columns);
    *out = dw_value_retain(f);
    return refill(&s, out, 0) || dw_value_drop(out);
}

/* ---- all in one column ---- */

static void flatten(dw_value v, unsigned depth, double **to) {
    uint32_t from, end;
    double number;
    if (!is_function(v) || depth > DEPTH)
        return;
    parameters(v.as.function, &from, &end);
    for (uint32_t i = from; i < end; i++) {
        dw_value part = v.as.function->values[i];
        if (is_function(part)) {
            flatten(part, depth + 1, to);
        } else if (part.kind == DW_ARRAY) {
            memcpy(*to, part.as.array->data, part.as.array->size * sizeof(double));
            *to += part.as.array->size;
        } else if (dw_value_as_number(part, &number) && part.kind != DW_TRUTH) {
            *(*to)++ = number;
        }
    }
}

static bool has_traced(dw_value v, unsigned depth) {
    uint32_t from, to;
    if (!is_function(v) || depth > DEPTH)
        return v.kind == DW_TRACED;
    parameters(v.as.function, &from, &to);
    for (uint32_t i = from; i < to; i++)
        if (has_traced(v.as.function->values[i], depth + 1))
            return true;
    return false;
}

bool dw_net_flat(dw_eval *e, dw_value f, dw_tensor **out) {
    if (has_traced(f, 0))
        return dw_err_set(e->err, DW_ERR_INTERNAL, "the parameters are traced");
    *out = dw_tensor_raw(e->mem, dw_net_size(f), 1, e->err);
    if (*out == NULL)
        return false;
    double *to = (*out)->data;
    flatten(f, 0, &to);
    return true;
}

/* Traced parameters below one another. */
static bool join_columns(dw_eval *e, dw_value f, size_t count, dw_value *pieces, dw_value *out) {
    dw_operate o = operate_of(e);
    bool fine = true;
    for (size_t i = 0; fine && i < count; i++) {
        dw_value array;
        size_t rows, columns;
        fine = dw_net_array(e, f, i, NULL, &array);
        if (!fine)
            break;
        fine = dw_either_shape(array, &rows, &columns) &&
               dw_either_reshape(&o, array, rows * columns, 1, &pieces[i]);
        dw_value_release(array);
        if (!fine)
            pieces[i] = dw_value_nothing();
    }
    return fine && dw_value_join(e->mem, pieces, count, true, out, e->err);
}

bool dw_net_column(dw_eval *e, dw_value f, dw_value *out) {
    if (!has_traced(f, 0)) {
        dw_tensor *column;
        if (!dw_net_flat(e, f, &column))
            return false;
        *out = dw_value_array(column);
        return true;
    }
    size_t count = dw_net_arrays(f);
    dw_value *pieces = dw_mem_array(e->mem, count + 1, sizeof *pieces);
    if (pieces == NULL)
        return dw_err_memory(e->err, "parameters");
    bool fine = join_columns(e, f, count, pieces, out);
    for (size_t i = 0; i < count; i++)
        dw_value_release(pieces[i]);
    dw_mem_free(pieces);
    return fine;
}

/* ---- what nets carry besides ---- */

static const dw_net *extras_of(dw_value f) {
    return is_function(f) ? f.as.function->net : NULL;
}

static bool ends_in_softmax(dw_value v, unsigned depth) {
    if (!dw_net_is_chain(v) || v.as.function->count == 0 || depth > DEPTH)
        return false;
    dw_value last = v.as.function->values[v.as.function->count - 1];
    if (is_function(last) && last.as.function->builtin != NULL)
        return strcmp(last.as.function->builtin->name, "softmax") == 0;
    return ends_in_softmax(last, depth + 1);
}

bool dw_net_is_classifier(dw_value f) {
    return ends_in_softmax(f, 0);
}

/* Takes the last softmax away from a chain that ends in one. */
static bool drop_softmax(dw_eval *e, dw_value *v) {
    if (!dw_net_own(e, v))
        return false;
    dw_function *f = v->as.function;
    dw_value *last = &f->values[f->count - 1];
    if (dw_net_is_chain(*last))
        return drop_softmax(e, last);
    dw_value_release(*last);
    f->count--;
    return true;
}

bool dw_net_logits(dw_eval *e, dw_value f, dw_value *out) {
    *out = dw_value_retain(f);
    if (!dw_net_is_classifier(f))
        return true;
    return drop_softmax(e, out) || dw_value_drop(out);
}

dw_value dw_net_labels(dw_value f) {
    const dw_net *net = extras_of(f);
    return net != NULL ? net->labels : dw_value_nothing();
}

dw_value dw_net_facts(dw_value f) {
    const dw_net *net = extras_of(f);
    return net != NULL ? net->facts : dw_value_nothing();
}

/* The net with one of its extra values replaced: `offset` is where it lies in dw_net. */
static bool with_extra(dw_eval *e, dw_value f, size_t offset, dw_value v, dw_value *out) {
    *out = dw_value_retain(f);
    if (!dw_net_own(e, out) ||
        (out->as.function->net == NULL && !own_extras(e, out->as.function, NULL)))
        return dw_value_drop(out);
    dw_value *place = (dw_value *)(void *)((char *)out->as.function->net + offset), old = *place;
    *place = dw_value_retain(v);
    dw_value_release(old);
    return true;
}

bool dw_net_with_labels(dw_eval *e, dw_value f, dw_value labels, dw_value *out) {
    return with_extra(e, f, offsetof(dw_net, labels), labels, out);
}

bool dw_net_with_facts(dw_eval *e, dw_value f, dw_value record, dw_value *out) {
    return with_extra(e, f, offsetof(dw_net, facts), record, out);
}

/* The first embed layer inside *v, everything on the way made the caller's own when `own` is set;
 * NULL when there is none, or with a MEMORY error. */
static dw_value *find_embed(dw_eval *e, dw_value *v, bool own, unsigned depth) {
    uint32_t from, to;
    if (dw_layer_is(*v, "embed"))
        return v;
    if (!is_function(*v) || depth > DEPTH)
        return NULL;
    parameters(v->as.function, &from, &to);
    for (uint32_t i = from; i < to; i++)
        if (find_embed(e, &v->as.function->values[i], false, depth + 1) != NULL)
            return own && !dw_net_own(e, v)
                       ? NULL
                       : find_embed(e, &v->as.function->values[i], own, depth + 1);
    return NULL;
}

bool dw_net_has_embed(dw_value f) {
    return find_embed(NULL, &f, false, 0) != NULL;
}

dw_value dw_net_words(dw_value f) {
    const dw_value *layer = find_embed(NULL, &f, false, 0);
    return layer != NULL ? layer->as.function->net->words : dw_value_nothing();
}

bool dw_net_with_words(dw_eval *e, dw_value f, dw_value words, dw_value *out) {
    dw_value changed;
    if (!dw_net_has_embed(f))
        return dw_err_set(e->err, DW_ERR_TYPE,
                          "the net takes numbers, not words: a net of words begins with embed, as "
                          "in embed(8) → 32 → relu → 1");
    *out = dw_value_retain(f);
    dw_value *layer = find_embed(e, out, true, 0);
    if (layer == NULL || !with_extra(e, *layer, offsetof(dw_net, words), words, &changed))
        return dw_value_drop(out);
    dw_value_release(*layer);
    *layer = changed;
    size_t count = 0;
    if (!dw_value_length(words, &count, e->err))
        return dw_value_drop(out);
    changed.as.function->net->options[1] = (double)count;
    return true;
}

bool dw_net_input(dw_value f, size_t *rows, size_t *columns) {
    const dw_net *net = extras_of(f);
    *rows = *columns = 0;
    if (net == NULL || net->rows == 0)
        return false;
    *rows = net->rows;
    *columns = net->columns;
    return true;
}
