/* SPDX-License-Identifier: BSD-3-Clause */
/* Layers: the table, making their parameters, and the layers that are no images. */
#include "lang/layer.h"

#include "lang/either.h"
#include "lang/layer_image.h"
#include "lang/layer_inner.h"
#include "tensor/format.h"

#include <math.h>
#include <string.h>

/* In the order of the reference. A layer is a function of one sample; what it does is said with the
 * operations of the language, so that its derivative needs no words. */
static const dw_layer layers[] = {
    {.word = "dense",
     .options = {{DW_LAYER_WHOLE, 1, 1e7, 1, NULL}, {DW_LAYER_TRUTH, 0, 1, 1, "bias"}},
     .parameters = 2,
     .values = {{"W", DW_LAYER_WEIGHTS}, {"b", DW_LAYER_ZEROS}},
     .fit = dw_layer_inner_dense_fit,
     .forward = dw_layer_inner_dense},
    {.word = "conv",
     .options = {{DW_LAYER_WHOLE, 1, 1e6, 1, NULL},
                 {DW_LAYER_WHOLE, 1, 1e4, 3, NULL},
                 {DW_LAYER_TRUTH, 0, 1, 0, "line"},
                 {DW_LAYER_WHOLE, 0, 1e4, 0, "pad"},
                 {DW_LAYER_WHOLE, 1, 1e4, 1, "step"},
                 {DW_LAYER_WHOLE, 1, 1e6, 1, "inputs"}},
     .parameters = 2,
     .values = {{"W", DW_LAYER_WEIGHTS}, {"b", DW_LAYER_ZEROS}},
     .fit = dw_layer_image_conv_fit,
     .forward = dw_layer_image_conv},
    {.word = "pool",
     .options = {{DW_LAYER_WHOLE, 1, 1e4, 2, NULL}, {DW_LAYER_TRUTH, 0, 1, 0, "line"}},
     .fit = dw_layer_image_pool_fit,
     .forward = dw_layer_image_pool},
    {.word = "meanpool",
     .options = {{DW_LAYER_WHOLE, 1, 1e4, 2, NULL}, {DW_LAYER_TRUTH, 0, 1, 0, "line"}},
     .fit = dw_layer_image_pool_fit,
     .forward = dw_layer_image_meanpool},
    {.word = "embed",
     .options = {{DW_LAYER_WHOLE, 1, 1e5, 8, NULL}, {DW_LAYER_WHOLE, 0, 1e7, 0, "count"}},
     .parameters = 1,
     .values = {{"E", DW_LAYER_NORMAL}},
     .fit = dw_layer_inner_embed_fit,
     .forward = dw_layer_inner_embed},
    {.word = "layernorm",
     .parameters = 2,
     .values = {{"gain", DW_LAYER_ONES}, {"shift", DW_LAYER_ZEROS}},
     .fit = dw_layer_inner_layernorm_fit,
     .forward = dw_layer_inner_layernorm},
    {.word = "batchnorm",
     .parameters = 2,
     .measured = 2,
     .values = {{"gain", DW_LAYER_ONES},
                {"shift", DW_LAYER_ZEROS},
                {"mean", DW_LAYER_ZEROS},
                {"variance", DW_LAYER_ONES}},
     .fit = dw_layer_inner_batchnorm_fit,
     .forward = dw_layer_inner_batchnorm},
    {.word = "dropout",
     .options = {{DW_LAYER_SHARE, 0, 1, 0.5, NULL}},
     .fit = dw_layer_inner_dropout_fit,
     .forward = dw_layer_inner_dropout},
};

const dw_layer *dw_layer_find(const char *word) {
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        if (strcmp(layers[i].word, word) == 0)
            return &layers[i];
    return NULL;
}

bool dw_layer_is(dw_value v, const char *word) {
    return v.kind == DW_FUNCTION && v.as.function->net != NULL &&
           v.as.function->net->layer != NULL &&
           (word == NULL || strcmp(v.as.function->net->layer->word, word) == 0);
}

bool dw_layer_new(dw_eval *e, const dw_layer *layer, const double *options, uint64_t key,
                  dw_value *out) {
    uint32_t count = layer->parameters + layer->measured;
    dw_function *f = dw_mem_new(e->mem, sizeof *f + count * sizeof(dw_value));
    if (f == NULL)
        return dw_err_memory(e->err, "a layer");
    f->refs = 1;
    *out = (dw_value){.kind = DW_FUNCTION, .as.function = f};
    f->net = dw_mem_new(e->mem, sizeof *f->net);
    if (f->net == NULL) {
        dw_value_drop(out);
        return dw_err_memory(e->err, "a layer");
    }
    f->count = count;
    f->net->layer = layer;
    f->net->key = key;
    for (size_t i = 0; i < DW_NET_OPTIONS; i++)
        f->net->options[i] = options != NULL ? options[i] : layer->options[i].fallback;
    return true;
}

bool dw_layer_is_open(const dw_function *f) {
    return f->count > 0 && f->values[0].kind == DW_NOTHING;
}

/* ---- parameters ---- */

static bool draw(dw_eval *e, dw_tensor *t, dw_layer_start start, bool balanced, dw_rng *rng) {
    double in = (double)t->dim[1], out = (double)t->dim[0];
    double spread = start == DW_LAYER_NORMAL ? 1 : sqrt(balanced ? 2 / (in + out) : 2 / in);
    for (size_t i = 0; i < t->size; i++) {
        if (!dw_cancel_goes_on(&e->cancel, i, e->err))
            return false;
        t->data[i] = start == DW_LAYER_ZEROS  ? 0
                     : start == DW_LAYER_ONES ? 1
                                              : spread * dw_rng_normal(rng);
    }
    return true;
}

bool dw_layer_make(dw_eval *e, dw_function *f, dw_layer_shape in, bool balanced,
                   dw_layer_shape *out) {
    const dw_layer *layer = f->net->layer;
    dw_layer_shape shapes[DW_LAYER_VALUES] = {{0, 0}};
    dw_rng rng = {.key = f->net->key};
    if (!layer->fit(e, f, in, shapes, out))
        return false;
    for (uint32_t i = 0; i < f->count; i++) {
        if (shapes[i].rows == 0 || shapes[i].columns == 0)
            continue;
        if (!dw_eval_poll(e, NULL, (dw_span){0, 0}))
            return false;
        dw_tensor *t = dw_tensor_raw(e->mem, shapes[i].rows, shapes[i].columns, e->err);
        if (t == NULL)
            return false;
        if (!draw(e, t, layer->values[i].start, balanced, &rng)) {
            dw_tensor_release(t);
            return false;
        }
        dw_value_release(f->values[i]);
        f->values[i] = dw_value_array(t);
    }
    f->net->rows = in.rows;
    f->net->columns = in.columns;
    return true;
}

bool dw_layer_output(dw_eval *e, const dw_function *f, dw_layer_shape in, dw_layer_shape *out) {
    dw_layer_shape shapes[DW_LAYER_VALUES] = {{0, 0}};
    if (!f->net->layer->fit(e, f, in, shapes, out))
        return false;
    for (uint32_t i = 0; i < f->net->layer->parameters; i++) {
        size_t rows, columns;
        if (f->values[i].kind == DW_NOTHING || !dw_either_shape(f->values[i], &rows, &columns))
            continue;
        if (rows == shapes[i].rows && columns == shapes[i].columns)
            continue;
        dw_buf text;
        dw_buf_init(&text, e->mem);
        dw_layer_text(&text, f, false);
        if (dw_buf_whole(&text, "this layer", e->err))
            dw_err_set(e->err, DW_ERR_SHAPE,
                       "the layer %s has %zu×%zu weights, made for inputs of another size; here "
                       "come %zu×%zu",
                       text.data, rows, columns, in.rows, in.columns);
        dw_buf_free(&text);
        return false;
    }
    return true;
}

void dw_layer_spread(dw_function *f) {
    dw_value W = f->values[0], b = f->values[1];
    if (W.kind == DW_ARRAY && b.kind == DW_ARRAY && W.as.array->size == b.as.array->size) {
        size_t n = b.as.array->size;
        for (size_t i = 0; i < n; i++)
            b.as.array->data[i] = -W.as.array->data[i] * ((double)(2 * i + 1) / (double)n - 1);
    }
}

/* ---- what is measured ---- */

bool dw_layer_note(dw_eval *e, const dw_function *f, const dw_value *measured) {
    dw_layer_notes *notes = e->notes;
    if (notes == NULL)
        return true;
    if (notes->count == notes->room) {
        size_t room = notes->room == 0 ? 8 : 2 * notes->room;
        dw_layer_noted *items = dw_mem_grow(e->mem, notes->items, room * sizeof *items);
        if (items == NULL)
            return dw_err_memory(e->err, "what layers measure");
        notes->items = items;
        notes->room = room;
    }
    dw_layer_noted *noted = &notes->items[notes->count++];
    *noted = (dw_layer_noted){.layer = f};
    for (uint32_t i = 0; i < f->net->layer->measured; i++)
        noted->values[i] = dw_value_retain(measured[i]);
    return true;
}

void dw_layer_free_notes(dw_layer_notes *notes) {
    for (size_t i = 0; i < notes->count; i++)
        for (size_t k = 0; k < DW_LAYER_VALUES; k++)
            dw_value_release(notes->items[i].values[k]);
    dw_mem_free(notes->items);
    *notes = (dw_layer_notes){0};
}

/* ---- as text ---- */

void dw_layer_text(dw_buf *out, const dw_function *f, bool alone) {
    const dw_layer *layer = f->net->layer;
    const double *options = f->net->options;
    if (strcmp(layer->word, "dense") == 0 && options[1] != 0 && !alone) {
        dw_buf_print(out, "%.0f", options[0]);
        return;
    }
    dw_buf_text(out, layer->word);
    bool any = false;
    for (size_t i = 0; i < DW_NET_OPTIONS && layer->options[i].kind != DW_LAYER_NONE; i++) {
        const dw_layer_option *option = &layer->options[i];
        if (option->name != NULL && options[i] == option->fallback)
            continue;
        dw_buf_text(out, any ? ", " : "(");
        any = true;
        if (option->name != NULL)
            dw_buf_print(out, "%s = ", option->name);
        if (option->kind == DW_LAYER_TRUTH)
            dw_buf_text(out, options[i] != 0 ? "true" : "false");
        else
            dw_format_number(out, options[i], 0);
    }
    dw_buf_text(out, any ? ")" : "");
}
