/* SPDX-License-Identifier: BSD-3-Clause */
/* The layers of columns. */
#include "lang/layer_inner.h"

#include "lang/either.h"
#include "lang/trace.h"

#include <math.h>
#include <string.h>

static dw_operate operate_of(dw_eval *e) {
    return (dw_operate){.mem = e->mem, .cancel = &e->cancel, .err = e->err};
}

/* *v = *v op other; the old value is given up, and on failure *v is NOTHING. */
static bool then_pair(const dw_operate *o, dw_elem_binary op, dw_value *v, dw_value other) {
    dw_value old = *v;
    bool fine = dw_operate_pair(o, op, old, other, v);
    dw_value_release(old);
    if (!fine)
        *v = dw_value_nothing();
    return fine;
}

/* ---- dense ---- */

static bool wrong_size(dw_eval *e, const dw_function *f, size_t needed, dw_layer_shape in) {
    dw_buf text;
    dw_buf_init(&text, e->mem);
    dw_layer_text(&text, f, false);
    const char *name = text.data;
    bool whole = dw_buf_whole(&text, "this layer", e->err);
    if (whole && in.rows != 1 && in.columns != 1)
        dw_err_set(e->err, DW_ERR_SHAPE,
                   "the layer %s takes a column of numbers, here comes a %zu×%zu matrix: put "
                   "flatten before it",
                   name, in.rows, in.columns);
    else if (whole)
        dw_err_set(e->err, DW_ERR_SHAPE, "the layer %s takes %zu number%s, here come%s %zu", name,
                   needed, needed == 1 ? "" : "s", in.rows * in.columns == 1 ? "s" : "",
                   in.rows * in.columns);
    dw_buf_free(&text);
    return false;
}

bool dw_layer_inner_dense_fit(dw_eval *e, const dw_function *f, dw_layer_shape in,
                              dw_layer_shape *values, dw_layer_shape *out) {
    size_t units = (size_t)f->net->options[0], count = in.rows * in.columns;
    if (in.rows != 1 && in.columns != 1)
        return wrong_size(e, f, 0, in);
    values[0] = (dw_layer_shape){units, count};
    if (f->net->options[1] != 0)
        values[1] = (dw_layer_shape){units, 1};
    *out = (dw_layer_shape){units, 1};
    return true;
}

/* Plain numbers, without intermediate arrays: the same operations in the same order. */
static bool dense_plain(dw_eval *e, const dw_tensor *W, dw_value b, const dw_tensor *x,
                        dw_value *out) {
    dw_tensor *y = dw_tensor_raw(e->mem, W->dim[0], 1, e->err);
    if (y == NULL)
        return false;
    if (!dw_tensor_product_into(e->mem, W, x, y, &e->cancel, e->err)) {
        dw_tensor_release(y);
        return false;
    }
    if (b.kind == DW_ARRAY)
        for (size_t i = 0; i < y->size; i++)
            y->data[i] += b.as.array->data[i];
    else if (b.kind == DW_NUMBER)
        y->data[0] += b.as.number;
    *out = dw_value_array(y);
    return true;
}

bool dw_layer_inner_dense(dw_eval *e, const dw_function *f, dw_value x, dw_value *out) {
    dw_operate o = operate_of(e);
    dw_layer_shape in, weights;
    dw_value W = f->values[0], b = f->values[1], column;
    if (!dw_either_shape(x, &in.rows, &in.columns) ||
        !dw_either_shape(W, &weights.rows, &weights.columns))
        return wrong_size(e, f, 1, (dw_layer_shape){0, 1});
    if ((in.rows != 1 && in.columns != 1) || in.rows * in.columns != weights.columns)
        return wrong_size(e, f, weights.columns, in);
    if (!dw_either_reshape(&o, x, weights.columns, 1, &column))
        return false;
    bool fine;
    if (W.kind == DW_ARRAY && column.kind == DW_ARRAY && b.kind != DW_TRACED) {
        fine = dense_plain(e, W.as.array, b, column.as.array, out);
    } else {
        fine = dw_operate_binary(&o, DW_SIGN_TIMES, W, column, out);
        if (fine && b.kind != DW_NOTHING)
            fine = then_pair(&o, DW_ELEM_ADD, out, b);
    }
    dw_value_release(column);
    return fine;
}

/* ---- embed ---- */

static size_t classes_of(const dw_function *f) {
    return (size_t)f->net->options[1];
}

bool dw_layer_inner_embed_fit(dw_eval *e, const dw_function *f, dw_layer_shape in,
                              dw_layer_shape *values, dw_layer_shape *out) {
    size_t size = (size_t)f->net->options[0];
    if (in.rows != 1 && in.columns != 1)
        return dw_err_set(e->err, DW_ERR_SHAPE,
                          "embed takes one word or a row of them, here comes a %zu×%zu matrix",
                          in.rows, in.columns);
    if (classes_of(f) == 0)
        return dw_err_set(e->err, DW_ERR_VALUE,
                          "embed(%zu) does not know its words yet: train the net, or say how many "
                          "classes there are, as in embed(%zu, count = 100)",
                          size, size);
    values[0] = (dw_layer_shape){size, classes_of(f)};
    *out = (dw_layer_shape){size * in.rows * in.columns, 1};
    return true;
}

/* The class number of a text, from 1. */
static bool class_of(dw_eval *e, const dw_function *f, dw_value text, double *out) {
    char words[DW_VALUE_WORDS];
    dw_value known = f->net->words;
    if (dw_value_as_number(text, out))
        return true;
    if (text.kind != DW_TEXT)
        return dw_err_set(e->err, DW_ERR_TYPE, "embed takes words or class numbers, this is %s",
                          dw_value_words(text, words));
    if (known.kind != DW_LIST)
        return dw_err_set(e->err, DW_ERR_VALUE,
                          "the net knows no words: train it on words, or give it class numbers");
    for (size_t i = 0; i < known.as.list->count; i++)
        if (dw_value_same(known.as.list->items[i], text)) {
            *out = (double)(i + 1);
            return true;
        }
    return dw_err_set(e->err, DW_ERR_VALUE,
                      "the net does not know the word \"%.60s\": it knows the %zu words it was "
                      "trained on",
                      text.as.text->bytes, known.as.list->count);
}

/* Texts or numbers as a tensor of class numbers. */
static bool classes(dw_eval *e, const dw_function *f, dw_value x, dw_tensor **out) {
    size_t count = 1;
    if (x.kind != DW_LIST && x.kind != DW_TEXT)
        return dw_value_as_tensor(e->mem, x, out, e->err);
    if (x.kind == DW_LIST)
        count = x.as.list->count;
    *out = dw_tensor_raw(e->mem, count, 1, e->err);
    for (size_t i = 0; *out != NULL && i < count; i++)
        if (!class_of(e, f, x.kind == DW_LIST ? x.as.list->items[i] : x, &(*out)->data[i])) {
            dw_tensor_release(*out);
            return false;
        }
    return *out != NULL;
}

/* Columns of E for class numbers that are known. */
static bool embed_plain(dw_eval *e, dw_value E, const dw_tensor *x, dw_value *out) {
    dw_operate o = operate_of(e);
    size_t rows, columns;
    if (!dw_either_shape(E, &rows, &columns))
        return dw_err_set(e->err, DW_ERR_INTERNAL, "E is not made of numbers");
    size_t *places = dw_mem_array(e->mem, rows * x->size + 1, sizeof *places);
    if (places == NULL)
        return dw_err_memory(e->err, "an embedding");
    bool fine = true;
    for (size_t i = 0; fine && i < x->size; i++) {
        double class = x->data[i];
        if (!(class >= 1 && class <= (double)columns) || class != floor(class))
            fine = dw_err_set(e->err, DW_ERR_VALUE,
                              "embed knows the classes 1 to %zu, this is %.15g", columns, class);
        for (size_t r = 0; fine && r < rows; r++)
            places[i * rows + r] = r * columns + (size_t) class - 1;
    }
    fine = fine && dw_either_gather(&o, E, places, rows * x->size, 1, out);
    dw_mem_free(places);
    return fine;
}

/* Columns of E for class numbers that are not known yet. */
static bool embed_traced(dw_eval *e, dw_value E, dw_value x, dw_value *out) {
    dw_operate o = operate_of(e);
    dw_trace *trace = x.as.traced->trace;
    size_t rows, columns, count = x.as.traced->rows * x.as.traced->columns;
    dw_graph_id table, index, one, y;
    return dw_either_shape(E, &rows, &columns) && dw_trace_node(trace, E, &table, e->err) &&
           dw_trace_node(trace, x, &index, e->err) &&
           dw_graph_number(trace->graph, 1, &one, e->err) &&
           dw_graph_pair(trace->graph, DW_ELEM_SUBTRACT, index, one, &index, e->err) &&
           dw_graph_pick(trace->graph, table, index, &y, e->err) &&
           dw_graph_transpose(trace->graph, y, &y, e->err) &&
           dw_graph_reshape(trace->graph, y, rows * count, 1, &y, e->err) &&
           dw_trace_value(trace, y, out, o.err);
}

bool dw_layer_inner_embed(dw_eval *e, const dw_function *f, dw_value x, dw_value *out) {
    dw_tensor *numbers;
    if (x.kind == DW_TRACED)
        return embed_traced(e, f->values[0], x, out);
    if (!classes(e, f, x, &numbers))
        return false;
    bool fine = embed_plain(e, f->values[0], numbers, out);
    dw_tensor_release(numbers);
    return fine;
}

/* ---- norms ---- */

/* What is added to a variance before its root is divided by, as in PyTorch. */
static const double EPSILON = 1e-5;

/* (x - mean)/√(variance + ε) .* gain + shift; takes the references of mean and variance. */
static bool standardise(const dw_operate *o, dw_value x, const dw_value *moments, dw_value gain,
                        dw_value shift, dw_value *out) {
    dw_value scale = dw_value_nothing(), gap = dw_value_nothing();
    bool fine = dw_operate_pair(o, DW_ELEM_SUBTRACT, x, moments[0], &gap) &&
                dw_operate_pair(o, DW_ELEM_ADD, moments[1], dw_value_number(EPSILON), &scale);
    if (fine) {
        dw_value sum = scale;
        fine = dw_operate_unary(o, DW_ELEM_SQRT, "sqrt", sum, &scale);
        dw_value_release(sum);
        scale = fine ? scale : dw_value_nothing();
    }
    fine = fine && then_pair(o, DW_ELEM_DIVIDE, &gap, scale) &&
           then_pair(o, DW_ELEM_MULTIPLY, &gap, gain) && then_pair(o, DW_ELEM_ADD, &gap, shift);
    dw_value_release(scale);
    if (fine)
        *out = gap;
    else
        dw_value_release(gap);
    return fine;
}

bool dw_layer_inner_layernorm_fit(dw_eval *e, const dw_function *f, dw_layer_shape in,
                                  dw_layer_shape *values, dw_layer_shape *out) {
    (void)e;
    (void)f;
    values[0] = values[1] = *out = in;
    return true;
}

/* The mean of all elements. */
static bool mean(const dw_operate *o, dw_value x, dw_value *out) {
    size_t rows, columns;
    return dw_either_shape(x, &rows, &columns) && dw_either_sum(o, x, out) &&
           then_pair(o, DW_ELEM_DIVIDE, out, dw_value_number((double)(rows * columns)));
}

/* Whether gain and shift fit; they were made for inputs of one shape. */
static bool same_shape(dw_eval *e, const dw_function *f, dw_value x, dw_value gain) {
    dw_layer_shape in, of;
    if (!dw_either_shape(x, &in.rows, &in.columns))
        return dw_err_set(e->err, DW_ERR_TYPE, "%s takes numbers", f->net->layer->word);
    return (dw_either_shape(gain, &of.rows, &of.columns) && of.rows == in.rows &&
            of.columns == in.columns) ||
           dw_err_set(e->err, DW_ERR_SHAPE,
                      "this %s was made for inputs of %zu×%zu, here comes %zu×%zu",
                      f->net->layer->word, of.rows, of.columns, in.rows, in.columns);
}

bool dw_layer_inner_layernorm(dw_eval *e, const dw_function *f, dw_value x, dw_value *out) {
    dw_operate o = operate_of(e);
    dw_value moments[2] = {dw_value_nothing(), dw_value_nothing()}, gap = dw_value_nothing();
    bool fine = same_shape(e, f, x, f->values[0]) && mean(&o, x, &moments[0]);
    if (fine && dw_operate_pair(&o, DW_ELEM_SUBTRACT, x, moments[0], &gap)) {
        fine = then_pair(&o, DW_ELEM_MULTIPLY, &gap, gap) && mean(&o, gap, &moments[1]) &&
               standardise(&o, x, moments, f->values[0], f->values[1], out);
        dw_value_release(gap);
    } else {
        fine = false;
    }
    dw_value_release(moments[0]);
    dw_value_release(moments[1]);
    return fine;
}

bool dw_layer_inner_batchnorm_fit(dw_eval *e, const dw_function *f, dw_layer_shape in,
                                  dw_layer_shape *values, dw_layer_shape *out) {
    (void)e;
    (void)f;
    for (uint32_t i = 0; i < 4; i++)
        values[i] = (dw_layer_shape){in.rows, 1};
    *out = in;
    return true;
}

/* One number per row as one per element. */
static bool spread_rows(const dw_operate *o, dw_value v, size_t rows, size_t columns,
                        dw_value *out) {
    if (columns == 1) {
        *out = dw_value_retain(v);
        return true;
    }
    size_t *places = dw_mem_array(o->mem, rows * columns + 1, sizeof *places);
    if (places == NULL)
        return dw_err_memory(o->err, "a layer");
    for (size_t i = 0; i < rows * columns; i++)
        places[i] = i / columns;
    bool fine = dw_either_gather(o, v, places, rows, columns, out);
    dw_mem_free(places);
    return fine;
}

/* The mean of each row over the columns and the samples of a step. */
static bool row_means(dw_eval *e, dw_value x, dw_value *out) {
    dw_operate o = operate_of(e);
    const dw_traced *t = x.as.traced;
    dw_graph_id y, ones;
    double count = (double)t->columns * (double)t->batch;
    bool fine = dw_trace_node(t->trace, x, &y, e->err);
    if (fine && t->columns > 1)
        fine = dw_graph_number(t->trace->graph, 1, &ones, e->err) &&
               dw_graph_spread(t->trace->graph, ones, t->columns, 1, &ones, e->err) &&
               dw_graph_product(t->trace->graph, y, ones, &y, e->err);
    return fine && dw_graph_batch_sum(t->trace->graph, y, &y, e->err) &&
           dw_trace_value(t->trace, y, out, e->err) &&
           then_pair(&o, DW_ELEM_DIVIDE, out, dw_value_number(count));
}

/* Mean and variance of each row in this step; on failure both are NOTHING. */
static bool measure(dw_eval *e, dw_value x, dw_value *mean, dw_value *variance) {
    dw_operate o = operate_of(e);
    const dw_traced *t = x.as.traced;
    dw_value spread, gap;
    *variance = dw_value_nothing();
    if (!row_means(e, x, mean)) {
        *mean = dw_value_nothing();
        return false;
    }
    bool fine = spread_rows(&o, *mean, t->rows, t->columns, &spread);
    if (fine) {
        fine = dw_operate_pair(&o, DW_ELEM_SUBTRACT, x, spread, &gap);
        dw_value_release(spread);
    }
    if (fine) {
        fine = then_pair(&o, DW_ELEM_MULTIPLY, &gap, gap);
        fine = fine && (gap.kind == DW_TRACED ? row_means(e, gap, variance)
                                              : (*variance = dw_value_retain(gap), true));
        dw_value_release(gap);
    }
    if (!fine) {
        dw_value_drop(mean);
        *variance = dw_value_nothing();
    }
    return fine;
}

bool dw_layer_inner_batchnorm(dw_eval *e, const dw_function *f, dw_value x, dw_value *out) {
    dw_operate o = operate_of(e);
    dw_layer_shape in;
    dw_value spread[4] = {{.kind = DW_NOTHING}};
    dw_value used[4] = {f->values[0], f->values[1], f->values[2], f->values[3]};
    if (!dw_either_shape(x, &in.rows, &in.columns))
        return dw_err_set(e->err, DW_ERR_TYPE, "batchnorm takes numbers");
    bool now = e->training && x.kind == DW_TRACED;
    if (now && !measure(e, x, &used[2], &used[3]))
        return false;
    bool fine = !now || dw_layer_note(e, f, used + 2);
    for (uint32_t i = 0; fine && i < 4; i++)
        fine = spread_rows(&o, used[i], in.rows, in.columns, &spread[i]);
    fine = fine && same_shape(e, f, x, spread[0]) &&
           standardise(&o, x, spread + 2, spread[0], spread[1], out);
    for (uint32_t i = 0; i < 4; i++)
        dw_value_release(spread[i]);
    if (now) {
        dw_value_release(used[2]);
        dw_value_release(used[3]);
    }
    return fine;
}

/* ---- dropout ---- */

bool dw_layer_inner_dropout_fit(dw_eval *e, const dw_function *f, dw_layer_shape in,
                                dw_layer_shape *values, dw_layer_shape *out) {
    (void)e;
    (void)f;
    (void)values;
    *out = in;
    return true;
}

/* 1/(1 - share) where a random number is not below the share, else 0. */
static bool mask(dw_eval *e, const dw_traced *t, double share, dw_value *out) {
    dw_operate o = operate_of(e);
    dw_op_shape shape = {t->rows, t->columns, t->trace->batch};
    dw_graph_id key, chance;
    dw_value random, kept;
    if (!dw_trace_node(t->trace, e->noise, &key, e->err) ||
        !dw_graph_random(t->trace->graph, key, e->noises++, shape, &chance, e->err) ||
        !dw_trace_value(t->trace, chance, &random, e->err))
        return false;
    dw_value least = dw_value_number(share);
    bool fine = dw_operate_compare(&o, DW_SIGN_GREATER_EQUAL, random, least, &kept);
    dw_value_release(random);
    if (!fine)
        return false;
    fine = dw_operate_choose(&o, kept, dw_value_number(1 / (1 - share)), dw_value_number(0), out);
    dw_value_release(kept);
    return fine;
}

bool dw_layer_inner_dropout(dw_eval *e, const dw_function *f, dw_value x, dw_value *out) {
    dw_operate o = operate_of(e);
    dw_value factors;
    if (!e->training || x.kind != DW_TRACED || e->noise.kind == DW_NOTHING) {
        *out = dw_value_retain(x);
        return true;
    }
    if (!mask(e, x.as.traced, f->net->options[0], &factors))
        return false;
    bool fine = dw_operate_pair(&o, DW_ELEM_MULTIPLY, x, factors, out);
    dw_value_release(factors);
    return fine;
}
