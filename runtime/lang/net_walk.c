/* SPDX-License-Identifier: BSD-3-Clause */
/* The names of parameters. */
#include "lang/net_walk.h"

#include "lang/layer.h"
#include "lang/net.h"

#include <ctype.h>
#include <string.h>

bool dw_net_walk_is_array(dw_value v) {
    return v.kind == DW_NUMBER || v.kind == DW_ARRAY || v.kind == DW_TRACED ||
           v.kind == DW_ESTIMATE;
}

/* How often a name was numbered so far in a chain. */
typedef struct {
    const char *name;
    unsigned last;
} counter;

/* A walk under way. */
typedef struct {
    dw_net_walk *to;
    dw_mem *mem;
    counter *counters; /* of the chains on the way */
    size_t used, room; /* of counters */
    size_t first;      /* the counters of the innermost chain begin here */
    size_t index;      /* counts down to the array that is looked for */
    bool failed;       /* no memory */
} walker;

/* The last number a name got in this chain; NULL when there is no memory. */
static unsigned *number_of(walker *w, const char *name) {
    for (size_t i = w->first; i < w->used; i++)
        if (strcmp(w->counters[i].name, name) == 0)
            return &w->counters[i].last;
    if (w->used == w->room) {
        size_t room = w->room == 0 ? 16 : 2 * w->room;
        counter *grown = dw_mem_grow(w->mem, w->counters, room * sizeof *grown);
        if (grown == NULL) {
            w->failed = true;
            return NULL;
        }
        w->counters = grown;
        w->room = room;
    }
    w->counters[w->used] = (counter){name, 0};
    return &w->counters[w->used++].last;
}

/* Whether the walk is over at this place: it was found, or there is no memory. */
static bool visit(walker *w, dw_value *place) {
    bool array = dw_net_walk_is_array(*place);
    w->failed = w->failed || w->to->name.failed;
    if (w->failed)
        return true;
    bool here = w->to->wanted != NULL ? strcmp(w->to->name.data, w->to->wanted) == 0
                                      : array && w->index == 0;
    w->index -= w->to->wanted == NULL && array;
    if (here)
        w->to->found = place;
    return here;
}

static bool walk(walker *w, dw_value *v, bool staged);

static void cut(dw_buf *name, size_t size) {
    name->size = size;
    if (name->data != NULL)
        name->data[size] = '\0';
}

/* The parameters of a layer: all have the same number. */
static bool walk_layer(walker *w, dw_function *f) {
    const dw_layer *layer = f->net->layer;
    unsigned last = 0, *number;
    size_t size = w->to->name.size;
    for (uint32_t i = 0; i < layer->parameters; i++) {
        number = number_of(w, layer->values[i].name);
        if (number == NULL)
            return true;
        last = *number > last ? *number : last;
    }
    for (uint32_t i = 0; i < layer->parameters; i++) {
        number = number_of(w, layer->values[i].name);
        if (number == NULL)
            return true;
        *number = last + 1;
        if (f->values[i].kind == DW_NOTHING && !dw_layer_is_open(f))
            continue;
        w->to->path[w->to->depth++] = i;
        dw_buf_print(&w->to->name, "%s%u", layer->values[i].name, last + 1);
        if (visit(w, &f->values[i]))
            return true;
        w->to->depth--;
        cut(&w->to->name, size);
    }
    return false;
}

/* What lies inside a parameter that is a net: names of its own after a point. */
static bool walk_inner(walker *w, dw_value *place) {
    size_t first = w->first, used = w->used;
    w->first = used;
    dw_buf_byte(&w->to->name, '.');
    if (walk(w, place, false))
        return true;
    w->first = first;
    w->used = used;
    return false;
}

/* The parameters of a function of the notebook; as a stage of a chain they are numbered. */
static bool walk_written(walker *w, dw_function *f, bool staged) {
    const dw_function_node *node = f->node->u.function;
    size_t size = w->to->name.size;
    for (uint32_t i = node->inputs; i < node->count; i++) {
        uint32_t at = node->capture_count + i - node->inputs;
        dw_buf_text(&w->to->name, node->parameters[i].name);
        if (staged) {
            unsigned *number = number_of(w, node->parameters[i].name);
            if (number == NULL || w->to->name.failed) {
                w->failed = true;
                return true;
            }
            bool digit = isdigit((unsigned char)w->to->name.data[w->to->name.size - 1]);
            dw_buf_print(&w->to->name, "%s%u", digit ? "_" : "", ++*number);
        }
        w->to->path[w->to->depth++] = at;
        if (visit(w, &f->values[at]) || walk_inner(w, &f->values[at]))
            return true;
        w->to->depth--;
        cut(&w->to->name, size);
    }
    return false;
}

/* Whether the walk is over inside *v. */
static bool walk(walker *w, dw_value *v, bool staged) {
    if (v->kind != DW_FUNCTION || w->to->depth > DW_NET_WALK_DEPTH)
        return false;
    dw_function *f = v->as.function;
    if (dw_layer_is(*v, NULL))
        return walk_layer(w, f);
    if (f->node != NULL)
        return walk_written(w, f, staged);
    for (uint32_t i = 0; dw_net_is_chain(*v) && i < f->count; i++) {
        w->to->path[w->to->depth++] = i;
        if (walk(w, &f->values[i], true))
            return true;
        w->to->depth--;
    }
    return false;
}

bool dw_net_walk_find(dw_net_walk *to, dw_mem *mem, dw_value *f, dw_err *err) {
    walker w = {.to = to, .mem = mem, .index = to->index};
    dw_buf_init(&to->name, mem);
    walk(&w, f, false);
    dw_mem_free(w.counters);
    if (!w.failed)
        return true;
    dw_buf_free(&to->name);
    return dw_err_memory(err, "the names of a net");
}
