/* SPDX-License-Identifier: BSD-3-Clause */
/* Every array is described twice, by our name and by PyTorch's, in the same order; files are read
 * by whichever names they have. */
#include "lang/net_weights.h"

#include "base/map.h"
#include "lang/layer.h"
#include "lang/net_walk.h"
#include "syntax/ast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 32 };

static const char batches[] = "num_batches_tracked"; /* of PyTorch's batchnorm; nothing needs it */

static const char *last_part(const char *name) {
    const char *point = strrchr(name, '.');
    return point != NULL ? point + 1 : name;
}

/* ---- one array ---- */

/* What PyTorch calls the values of layers. */
static const char *torch_name(const char *own) {
    static const char *const names[][2] = {
        {"W", "weight"},   {"E", "weight"},          {"gain", "weight"},         {"b", "bias"},
        {"shift", "bias"}, {"mean", "running_mean"}, {"variance", "running_var"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i][0], own) == 0)
            return names[i][1];
    return own;
}

/* The shape of a value of a layer: weights have two axes, or those of a window; all else has one.
 */
static dw_arrays_shape layer_shape(const dw_layer *layer, const double *options, const char *value,
                                   const dw_tensor *t) {
    dw_arrays_shape shape = {2, {t->dim[0], t->dim[1]}};
    if (strcmp(value, "W") != 0 && strcmp(value, "E") != 0) {
        shape = (dw_arrays_shape){1, {t->size}};
    } else if (strcmp(layer->word, "conv") == 0) {
        bool line = options[2] != 0;
        size_t width = (size_t)options[1], inner = line ? width : width * width;
        if (inner > 0 && t->dim[1] % inner == 0)
            shape = line ? (dw_arrays_shape){3, {t->dim[0], t->dim[1] / inner, width}}
                         : (dw_arrays_shape){4, {t->dim[0], t->dim[1] / inner, width, width}};
    }
    return shape;
}

/* The shape of any other parameter. */
static dw_arrays_shape plain_shape(const dw_tensor *t) {
    if (t->size == 1)
        return (dw_arrays_shape){0, {0}};
    if (dw_tensor_is_column(t))
        return (dw_arrays_shape){1, {t->size}};
    return (dw_arrays_shape){2, {t->dim[0], t->dim[1]}};
}

/* An array on its way into a list. */
typedef struct {
    dw_eval *e;
    dw_net_weights_names names;
    dw_arrays *list;
} gathering;

/* Adds a value: of a layer (then `value` is its name there), or another one. */
static bool add(const gathering *g, dw_value v, const dw_function *layer, const char *value,
                const dw_buf *name) {
    dw_tensor *t;
    if (name->failed)
        return dw_err_memory(g->e->err, "the names of a net");
    if (!dw_value_as_tensor(g->e->mem, v, &t, g->e->err))
        return false;
    dw_arrays_shape shape = layer != NULL
                                ? layer_shape(layer->net->layer, layer->net->options, value, t)
                                : plain_shape(t);
    if (layer != NULL && strcmp(value, "E") == 0 && g->names == DW_NET_WEIGHTS_TORCH) {
        dw_tensor *turned = dw_tensor_transpose(g->e->mem, t, g->e->err);
        dw_tensor_release(t);
        if (turned == NULL)
            return false;
        t = turned;
        shape = (dw_arrays_shape){2, {t->dim[0], t->dim[1]}};
    }
    return dw_arrays_add(g->list, name->data != NULL ? name->data : "", name->size, t, &shape,
                         g->e->err);
}

/* ---- parameters ---- */

/* The function a parameter belongs to, and on the way there PyTorch's name for it. */
static const dw_function *owner_of(dw_value f, const dw_net_walk *walk, dw_buf *torch) {
    const dw_function *at = f.as.function;
    for (uint32_t i = 0;; i++) {
        uint32_t place = walk->path[i];
        dw_value part = at->values[place];
        bool last = i + 1 == walk->depth;
        if (at->node != NULL) {
            const dw_function_node *node = at->node->u.function;
            dw_buf_text(torch, node->parameters[place - node->capture_count + node->inputs].name);
        } else if (at->net != NULL && at->net->layer != NULL) {
            dw_buf_text(torch, torch_name(at->net->layer->values[place].name));
        } else {
            dw_buf_print(torch, "%u", place);
        }
        if (last)
            return at;
        dw_buf_byte(torch, '.');
        at = part.as.function;
    }
}

static bool add_parameter(const gathering *g, dw_value f, size_t i) {
    dw_net_walk walk = {.index = i};
    dw_buf torch;
    dw_buf_init(&torch, g->e->mem);
    bool fine = dw_net_walk_find(&walk, g->e->mem, &f, g->e->err);
    if (fine && walk.found == NULL)
        fine = dw_err_set(g->e->err, DW_ERR_INTERNAL, "the net has no parameter array %zu", i);
    if (fine) {
        const dw_function *owner = owner_of(f, &walk, &torch);
        bool layer = owner->net != NULL && owner->net->layer != NULL;
        const char *value = layer ? owner->net->layer->values[walk.path[walk.depth - 1]].name : "";
        fine = add(g, *walk.found, layer ? owner : NULL, value,
                   g->names == DW_NET_WEIGHTS_OWN ? &walk.name : &torch);
    }
    dw_buf_free(&walk.name);
    dw_buf_free(&torch);
    return fine;
}

/* ---- what is measured ---- */

/* Going through the layers that measure something. */
typedef struct {
    const gathering *g;
    dw_buf path;     /* PyTorch's name so far, with a point behind */
    unsigned layers; /* that measure, so far */
    bool counters;   /* adds how many batches there were, 0, instead */
} measuring;

static void cut(dw_buf *buf, size_t size) {
    buf->size = size;
    if (buf->data != NULL)
        buf->data[size] = '\0';
}

static bool add_measured(measuring *m, const dw_function *f, uint32_t i) {
    const dw_layer *layer = f->net->layer;
    const char *value = layer->values[layer->parameters + i].name;
    dw_buf name;
    dw_buf_init(&name, m->g->e->mem);
    if (m->g->names == DW_NET_WEIGHTS_OWN)
        dw_buf_print(&name, "%s%u.%s", layer->word, m->layers, value);
    else
        dw_buf_print(&name, "%s%s", m->path.data != NULL ? m->path.data : "", torch_name(value));
    bool fine = add(m->g, f->values[layer->parameters + i], f, value, &name);
    dw_buf_free(&name);
    return fine;
}

static bool add_counter(measuring *m) {
    size_t size = m->path.size;
    dw_buf_text(&m->path, batches);
    bool fine = add(m->g, dw_value_number(0), NULL, "", &m->path);
    cut(&m->path, size);
    return fine;
}

static bool measure(measuring *m, dw_value v, unsigned depth) {
    if (v.kind != DW_FUNCTION || depth > DEPTH)
        return true;
    const dw_function *f = v.as.function;
    const dw_layer *layer = f->net != NULL ? f->net->layer : NULL;
    if (layer != NULL && layer->measured > 0) {
        m->layers++;
        bool fine = !m->counters || add_counter(m);
        for (uint32_t i = 0; fine && !m->counters && i < layer->measured; i++)
            fine = add_measured(m, f, i);
        return fine;
    }
    size_t size = m->path.size;
    const dw_function_node *node = f->node != NULL ? f->node->u.function : NULL;
    bool inside = layer == NULL && f->builtin == NULL && f->derived == DW_UNDERIVED;
    for (uint32_t i = node != NULL ? node->capture_count : 0; inside && i < f->count; i++) {
        if (node != NULL)
            dw_buf_print(&m->path, "%s.",
                         node->parameters[i - node->capture_count + node->inputs].name);
        else
            dw_buf_print(&m->path, "%u.", i);
        if (!measure(m, f->values[i], depth + 1))
            return false;
        cut(&m->path, size);
    }
    return true;
}

bool dw_net_weights_gather(dw_eval *e, dw_value f, dw_net_weights_names names, dw_arrays *list) {
    gathering g = {e, names, list};
    if (dw_net_is_open(f))
        return dw_err_set(e->err, DW_ERR_VALUE,
                          "this net has no parameters yet: it gets the size of its input from the "
                          "data; begin it with a number, as in 64 → 32 → 1");
    size_t count = dw_net_arrays(f);
    for (size_t i = 0; i < count; i++)
        if (!dw_eval_poll(e, NULL, (dw_span){0, 0}) || !add_parameter(&g, f, i))
            return false;
    measuring m = {.g = &g};
    dw_buf_init(&m.path, e->mem);
    bool fine = measure(&m, f, 0);
    m.counters = true;
    cut(&m.path, 0);
    if (names == DW_NET_WEIGHTS_TORCH)
        fine = fine && measure(&m, f, 0);
    dw_buf_free(&m.path);
    return fine;
}

/* ---- from arrays to nets ---- */

/* Both descriptions of a net, what a file has, and which of it goes where. */
typedef struct {
    dw_eval *e;
    dw_value net;
    const char *file;
    const dw_arrays *given;
    dw_map names; /* of the given arrays, numbered like them */
    dw_arrays own, torch;
    uint32_t *choice; /* for each array of the net, the number of the given one */
    bool turned;      /* the given ones have the shapes of PyTorch */
    bool failed;      /* no memory to look for them */
} putting;

/* The given array of a name. */
static bool find(const putting *p, size_t i, const char *name) {
    return dw_map_find(&p->names, name, &p->choice[i]);
}

/* Whether all arrays of the net are there by the names of a list. */
static bool by_names(putting *p, const dw_arrays *list) {
    for (size_t i = 0; i < p->own.count; i++)
        if (!find(p, i, list->items[i].name))
            return false;
    p->turned = list == &p->torch;
    return true;
}

/* Splits stem17.weight: *stem bytes in front of the number, the number, and what follows the last
 * point. False for other names. */
static bool split_name(const char *name, size_t *stem, unsigned long *number, const char **rest) {
    const char *point = strrchr(name, '.'), *digits = point;
    if (point == NULL)
        return false;
    while (digits > name && digits[-1] >= '0' && digits[-1] <= '9')
        digits--;
    if (digits == point || point - digits > 9)
        return false;
    *stem = (size_t)(digits - name);
    *number = strtoul(digits, NULL, 10);
    *rest = point + 1;
    return true;
}

static int order(const void *a, const void *b) {
    const unsigned long *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The different numbers of the given arrays, sorted; false unless all have one stem and a number.
 */
static bool read_numbers(const putting *p, unsigned long *numbers, size_t *count, size_t *stem) {
    size_t used = 0;
    for (size_t i = 0; i < p->given->count; i++) {
        const char *name = p->given->items[i].name, *first = p->given->items[0].name, *rest;
        size_t length;
        if (!split_name(name, &length, &numbers[i], &rest) ||
            (i > 0 && (length != *stem || memcmp(name, first, length) != 0)))
            return false;
        *stem = length;
    }
    qsort(numbers, p->given->count, sizeof *numbers, order);
    for (size_t i = 0; i < p->given->count; i++)
        if (used == 0 || numbers[used - 1] != numbers[i])
            numbers[used++] = numbers[i];
    *count = used;
    return used > 0;
}

/* Looks for array i of the net as STEM NUMBER . WORD, the number being that of its layer; layers
 * are numbered as they come. */
static bool find_numbered(putting *p, size_t i, dw_map *layers, const unsigned long *numbers,
                          size_t count, size_t stem) {
    const char *torch = p->torch.items[i].name, *point = strrchr(torch, '.');
    uint32_t layer;
    dw_buf name;
    char *prefix = point != NULL ? dw_mem_text(p->e->mem, torch, (size_t)(point - torch)) : NULL;
    bool known = prefix != NULL && dw_map_add(layers, prefix, &layer);
    dw_mem_free(prefix);
    p->failed = p->failed || (point != NULL && !known);
    if (!known || layer >= count)
        return false;
    dw_buf_init(&name, p->e->mem);
    dw_buf_add(&name, p->given->items[0].name, stem);
    dw_buf_print(&name, "%lu%s", numbers[layer], point);
    p->failed = p->failed || name.failed;
    bool fine = !name.failed && find(p, i, name.data);
    dw_buf_free(&name);
    return fine;
}

/* Whether all arrays of the net are there as layer after layer, whatever their numbers. */
static bool by_numbers(putting *p) {
    dw_map layers;
    size_t count = 0, stem = 0;
    unsigned long *numbers = dw_mem_array(p->e->mem, p->given->count + 1, sizeof *numbers);
    p->failed = numbers == NULL;
    bool fine = numbers != NULL && p->given->count > 0 && read_numbers(p, numbers, &count, &stem);
    dw_map_init(&layers, p->e->mem);
    for (size_t i = 0; fine && i < p->own.count; i++)
        fine = find_numbered(p, i, &layers, numbers, count, stem);
    fine = fine && layers.count == count;
    dw_map_free(&layers);
    dw_mem_free(numbers);
    p->turned = true;
    return fine;
}

static bool missing(const putting *p) {
    dw_buf there;
    if (p->failed)
        return dw_err_memory(p->e->err, "the arrays of a file");
    dw_buf_init(&there, p->e->mem);
    for (size_t i = 0; i < p->given->count && i < 6; i++)
        dw_buf_print(&there, "%s%.40s", i > 0 ? ", " : "", p->given->items[i].name);
    const char *first = "";
    for (size_t i = p->own.count; i-- > 0;)
        if (!find(p, i, p->own.items[i].name))
            first = p->own.items[i].name;
    if (dw_buf_whole(&there, "the names in a file", p->e->err))
        dw_err_set(p->e->err, DW_ERR_DATA,
                   "%.100s has no array %.60s for this net; it has %s%s. Give them one by one: r = "
                   "load(\"%.60s\"), then f.%.40s = r[\"…\"]",
                   p->file, first, there.size > 0 ? there.data : "none",
                   p->given->count > 6 ? ", …" : "", p->file, first);
    dw_buf_free(&there);
    return false;
}

/* Whether every given array has found its place. */
static bool check_rest(const putting *p) {
    bool *used = dw_mem_array(p->e->mem, p->given->count + 1, sizeof *used);
    if (used == NULL)
        return dw_err_memory(p->e->err, "the arrays of a file");
    for (size_t i = 0; i < p->own.count; i++)
        used[p->choice[i]] = true;
    bool fine = true;
    for (size_t i = 0; fine && i < p->given->count; i++) {
        const char *name = p->given->items[i].name;
        if (!used[i] && strcmp(last_part(name), batches) != 0)
            fine = dw_err_set(p->e->err, DW_ERR_DATA,
                              "%.100s has an array %.60s, for which this net has no place", p->file,
                              name);
    }
    dw_mem_free(used);
    return fine;
}

static bool wrong_shape(const putting *p, size_t i, const dw_tensor *there, const dw_tensor *here) {
    char given[DW_TENSOR_WORDS], needed[DW_TENSOR_WORDS];
    return dw_err_set(p->e->err, DW_ERR_SHAPE, "%.60s of the net is %s, in %.100s it is %s",
                      p->own.items[i].name, dw_tensor_words(here, needed), p->file,
                      dw_tensor_words(there, given));
}

/* Whether the given array i is an embedding of PyTorch, whose rows are our columns. */
static bool is_turned(const putting *p, size_t i) {
    return p->turned && last_part(p->own.items[i].name)[0] == 'E' &&
           strcmp(last_part(p->torch.items[i].name), "weight") == 0;
}

/* The same numbers in another shape. */
static dw_tensor *in_shape_of(const putting *p, const dw_tensor *t, const dw_tensor *shape) {
    dw_tensor *out = dw_tensor_raw(p->e->mem, shape->dim[0], shape->dim[1], p->e->err);
    if (out != NULL && t->size > 0)
        memcpy(out->data, t->data, t->size * sizeof *t->data);
    return out;
}

/* The value for array i of the net, checked. */
static bool value_for(const putting *p, size_t i, dw_value *out) {
    const dw_tensor *here = (p->turned ? &p->torch : &p->own)->items[i].tensor;
    dw_tensor *there = p->given->items[p->choice[i]].tensor;
    bool vector = dw_tensor_is_vector(there), same = dw_tensor_same_shape(here, there);
    /* The gains of a norm behind a convolution are a matrix here, one axis in the file. */
    bool one_axis = vector && (p->turned ? &p->torch : &p->own)->items[i].shape.axes == 1;
    if (there->size != here->size || !((vector && dw_tensor_is_vector(here)) || one_axis || same))
        return wrong_shape(p, i, there, here);
    if (is_turned(p, i))
        there = dw_tensor_transpose(p->e->mem, there, p->e->err);
    else if (one_axis && !same)
        there = in_shape_of(p, there, here);
    else
        dw_tensor_retain(there);
    if (there == NULL)
        return false;
    *out = dw_value_array(there);
    return true;
}

/* Replaces what the layers inside *v measured by the next of the values. */
static bool put_measured(dw_eval *e, dw_value *v, const dw_value **next, unsigned depth) {
    if (v->kind != DW_FUNCTION || depth > DEPTH || v->as.function->builtin != NULL ||
        v->as.function->derived != DW_UNDERIVED)
        return true;
    if (!dw_net_own(e, v))
        return false;
    dw_function *f = v->as.function;
    const dw_layer *layer = f->net != NULL ? f->net->layer : NULL;
    for (uint32_t i = 0; layer != NULL && i < layer->measured; i++) {
        dw_value *place = &f->values[layer->parameters + i], fresh;
        if (!dw_net_shaped(e, *place, *(*next)++, &fresh))
            return dw_err_set(e->err, DW_ERR_SHAPE, "what a layer measures has another size");
        dw_value_release(*place);
        *place = fresh;
    }
    for (uint32_t i = f->node != NULL ? f->node->u.function->capture_count : 0;
         layer == NULL && i < f->count; i++)
        if (!put_measured(e, &f->values[i], next, depth + 1))
            return false;
    return true;
}

/* Makes the values and puts them into a copy of the net. */
static bool put_values(const putting *p, dw_value *out) {
    size_t count = p->own.count, parameters = dw_net_arrays(p->net);
    dw_value *values = dw_mem_array(p->e->mem, count + 1, sizeof *values);
    if (values == NULL)
        return dw_err_memory(p->e->err, "the parameters of a net");
    bool fine = true;
    for (size_t i = 0; fine && i < count; i++)
        fine = value_for(p, i, &values[i]);
    fine = fine && dw_net_with(p->e, p->net, values, out);
    const dw_value *next = values + parameters;
    if (fine && count > parameters && !put_measured(p->e, out, &next, 0))
        fine = dw_value_drop(out);
    for (size_t i = 0; i < count; i++)
        dw_value_release(values[i]);
    dw_mem_free(values);
    return fine;
}

static bool name_given(putting *p) {
    uint32_t number;
    for (size_t i = 0; i < p->given->count; i++) {
        if (!dw_map_add(&p->names, p->given->items[i].name, &number))
            return dw_err_memory(p->e->err, "the arrays of a file");
        if (number != i)
            return dw_err_set(p->e->err, DW_ERR_DATA, "%.100s: two arrays are called %.60s",
                              p->file, p->given->items[i].name);
    }
    p->choice = dw_mem_array(p->e->mem, p->own.count + 1, sizeof *p->choice);
    return p->choice != NULL || dw_err_memory(p->e->err, "the arrays of a file");
}

bool dw_net_weights_put(dw_eval *e, dw_value f, const dw_arrays *list, const char *file,
                        dw_value *out) {
    putting p = {.e = e, .net = f, .file = file, .given = list};
    dw_arrays_init(&p.own, e->mem);
    dw_arrays_init(&p.torch, e->mem);
    dw_map_init(&p.names, e->mem);
    bool fine = dw_net_weights_gather(e, f, DW_NET_WEIGHTS_OWN, &p.own) &&
                dw_net_weights_gather(e, f, DW_NET_WEIGHTS_TORCH, &p.torch) && name_given(&p) &&
                (by_names(&p, &p.own) || by_names(&p, &p.torch) || by_numbers(&p) || missing(&p)) &&
                check_rest(&p) && put_values(&p, out);
    dw_arrays_free(&p.own);
    dw_arrays_free(&p.torch);
    dw_map_free(&p.names);
    dw_mem_free(p.choice);
    return fine;
}
