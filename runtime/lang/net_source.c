/* SPDX-License-Identifier: BSD-3-Clause */
/* What a function uses is found in its tree: names of the notebook and values it brought along.
 * They are written before it, so that reading from top to bottom makes everything there is. */
#include "lang/net_source.h"

#include "data/csv.h"
#include "lang/builtin.h"
#include "lang/layer.h"
#include "syntax/ast.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH = 32, MOST_NUMBERS = 10000, FEW_NUMBERS = 100 };

/* What is written already (or just being written) under a name. */
typedef struct defined {
    struct defined *before;
    const char *name;
    dw_value value; /* borrowed */
    bool done;
} defined;

typedef struct {
    dw_eval *e;
    dw_buf *out;
    dw_arena arena; /* of the list of what is defined */
    defined *newest;
    unsigned depth;
    unsigned fixed; /* > 0: what is met is used by its name, so its values are no parameters */
} writer;

bool dw_net_source_allows(const char *name) {
    static const char *const others[] = {
        "round",    "zeros",  "ones", "eye",   "unit",    "linspace", "size",
        "argmin",   "argmax", "all",  "any",   "cumsum",  "diff",     "sort",
        "quantile", "median", "det",  "solve", "inverse", "grad",     "hessian"};
    const dw_builtin *b = dw_builtin_find(name);
    if (b == NULL || strcmp(b->name, "randomize") == 0)
        return false;
    if (b->run == NULL || b->elem != 0 || b->traced != NULL || dw_layer_find(b->name) != NULL)
        return true;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i], b->name) == 0)
            return true;
    return false;
}

bool dw_net_source_is_word(const char *name, dw_value v) {
    const dw_builtin *b = dw_builtin_find(name);
    double x;
    if (b == NULL)
        return false;
    if (b->run == NULL)
        return dw_value_as_number(v, &x) &&
               (x == b->constant || (x != x && b->constant != b->constant));
    return v.kind == DW_FUNCTION && v.as.function->builtin == b && v.as.function->count == 0;
}

static bool cannot(writer *w, const char *name, const char *why) {
    return dw_err_set(w->e->err, DW_ERR_VALUE, "this net cannot be saved: %.60s %s", name, why);
}

/* ---- values ---- */

static bool write_function(writer *w, dw_buf *out, dw_value v);

/* Rows and columns of numbers as the language writes them. */
static bool write_array(writer *w, dw_buf *out, const char *name, const dw_tensor *t) {
    if (t->size > MOST_NUMBERS)
        return cannot(w, name, "has too many numbers to be written down; make it a parameter");
    if (t->size == 0)
        return cannot(w, name, "is empty");
    dw_buf_byte(out, '[');
    for (size_t i = 0; i < t->size; i++) {
        dw_buf_text(out, i == 0 ? "" : i % t->dim[1] == 0 ? "; " : ", ");
        if (t->truth)
            dw_buf_text(out, t->data[i] != 0 ? "true" : "false");
        else
            dw_csv_add_number(out, t->data[i]);
    }
    dw_buf_byte(out, ']');
    return true;
}

/* Any value that a function of the net uses under a name. */
static bool write_value(writer *w, dw_buf *out, const char *name, dw_value v) {
    double x;
    if (v.kind == DW_FUNCTION)
        return write_function(w, out, v);
    if (v.kind == DW_ARRAY)
        return write_array(w, out, name, v.as.array);
    if (v.kind == DW_TRUTH) {
        dw_buf_text(out, v.as.truth ? "true" : "false");
    } else if (v.kind == DW_INTERVAL) {
        dw_csv_add_number(out, v.as.interval->lo);
        dw_buf_text(out, "..");
        dw_csv_add_number(out, v.as.interval->hi);
    } else if (dw_value_as_number(v, &x)) {
        dw_csv_add_number(out, x);
    } else {
        char words[DW_VALUE_WORDS], why[DW_VALUE_WORDS + 60];
        snprintf(why, sizeof why, "is %s; make it a number or an array", dw_value_words(v, words));
        return cannot(w, name, why);
    }
    return true;
}

/* What stands after the = of a parameter: its value is kept elsewhere, so of many numbers only the
 * size counts. */
static bool write_start(writer *w, dw_buf *out, const char *name, dw_value v) {
    if (v.kind != DW_ARRAY || v.as.array->size <= FEW_NUMBERS)
        return write_value(w, out, name, v);
    dw_buf_print(out, "zeros(%zu, %zu)", v.as.array->dim[0], v.as.array->dim[1]);
    return true;
}

/* ---- source text ---- */

/* Source text without empty lines. */
static void add_source(dw_buf *out, const dw_unit *unit, uint32_t start, uint32_t end) {
    bool empty = false; /* only blanks since the last line end */
    size_t line = out->size;
    for (uint32_t i = start; i < end && i < unit->size; i++) {
        char c = unit->source[i];
        if (c == '\n' && empty && out->size > line) {
            out->size = line;
            out->data[line] = '\0';
            continue;
        }
        if (c == '\n' && empty)
            continue;
        dw_buf_byte(out, c);
        if (c == '\n') {
            empty = true;
            line = out->size;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            empty = false;
        }
    }
}

/* Where the body of a function begins: behind the = or ↦ that follows its head. */
static uint32_t body_start(const dw_unit *unit, const dw_node *node) {
    uint32_t at = node->u.function->head.end;
    while (at < node->span.end && unit->source[at] != '=')
        at++;
    return at + 1;
}

/* name(inputs; parameters) = body */
static bool write_definition(writer *w, dw_buf *out, const dw_function *f) {
    const dw_function_node *node = f->node->u.function;
    dw_buf_print(out, "%s(", node->name);
    for (uint32_t i = 0; i < node->count; i++) {
        const dw_parameter *p = &node->parameters[i];
        dw_buf_print(out, "%s%s", i == node->inputs ? "; " : i > 0 ? ", " : "", p->name);
        if (p->fallback == NULL)
            continue;
        dw_buf_text(out, " = ");
        if (i < node->inputs)
            dw_ast_print(p->fallback, out);
        else if (!write_start(w, out, p->name, f->values[node->capture_count + i - node->inputs]))
            return false;
    }
    dw_buf_text(out, ") =");
    add_source(out, f->unit, body_start(f->unit, f->node), f->node->span.end);
    return true;
}

/* ---- what a function uses ---- */

static bool define(writer *w, const char *name, dw_value v);

/* A function and those around it, up to the one that is written. */
typedef struct inside {
    const struct inside *outer;
    const dw_function_node *node;
} inside;

static bool use_name(writer *w, const dw_function *f, const inside *at, const dw_node *name) {
    dw_place place = (dw_place)name->place;
    uint32_t slot = name->slot;
    for (; at->outer != NULL && place == DW_PLACE_CAPTURE; at = at->outer) {
        const dw_capture *from = &at->node->captures[slot];
        place = from->from;
        slot = from->slot;
    }
    const dw_value *v = NULL;
    if (place == DW_PLACE_CAPTURE && at->outer == NULL)
        v = &f->values[slot];
    else if (place != DW_PLACE_GLOBAL)
        return true;
    else
        v = dw_eval_name(w->e, name->u.text);
    if (v == NULL)
        return cannot(w, name->u.text, "has no value");
    if (v->kind == DW_FUNCTION && v->as.function->node == f->node && f->node != NULL)
        return true; /* it calls itself */
    w->fixed++;
    bool fine = define(w, name->u.text, *v);
    w->fixed--;
    return fine;
}

static bool use_tree(writer *w, const dw_function *f, const inside *at, const dw_node *node) {
    if (node == NULL)
        return true;
    if (node->kind == DW_NODE_NAME && !use_name(w, f, at, node))
        return false;
    inside inner = {at, NULL};
    if (node->kind == DW_NODE_FUNCTION) {
        inner.node = node->u.function;
        for (uint32_t i = 0; i < inner.node->count; i++)
            if (!use_tree(w, f, i < inner.node->inputs ? &inner : at,
                          inner.node->parameters[i].fallback))
                return false;
        at = &inner;
    }
    for (uint32_t i = 0; i < node->count; i++)
        if (!use_tree(w, f, at, node->child[i]))
            return false;
    return true;
}

/* Defines all that a value needs which is part of a net. */
static bool use_value(writer *w, dw_value v);

static bool use_written(writer *w, dw_value v) {
    const dw_function *f = v.as.function;
    const dw_function_node *node = f->node->u.function;
    inside top = {NULL, node};
    for (uint32_t i = 0; i < node->inputs; i++)
        if (!use_tree(w, f, &top, node->parameters[i].fallback))
            return false;
    for (uint32_t i = node->capture_count; i < f->count; i++)
        if (!use_value(w, f->values[i]))
            return false;
    return use_tree(w, f, &top, f->node->child[0]);
}

static bool use_value(writer *w, dw_value v) {
    if (v.kind != DW_FUNCTION)
        return true;
    const dw_function *f = v.as.function;
    if (++w->depth > DEPTH)
        return cannot(w, "it", "has too many functions inside each other");
    bool fine = true;
    if (f->builtin != NULL) {
        fine = (f->count == 0 && dw_net_source_allows(f->builtin->name)) ||
               cannot(w, f->builtin->name, "does more than compute with numbers");
    } else if (f->derived != DW_UNDERIVED) {
        fine = cannot(w, "a derivative", "cannot be written down");
    } else if (f->node != NULL) {
        const char *name = f->node->u.function->name;
        fine = name != NULL ? define(w, name, v) : use_written(w, v);
    } else if (!dw_layer_is(v, NULL)) {
        for (uint32_t i = 0; fine && i < f->count; i++)
            fine = use_value(w, f->values[i]);
    }
    w->depth--;
    return fine;
}

/* Whether two values are written the same. Functions: one tree, and the same values brought along;
 * parameters, too, when they are used by name. */
static bool same_definition(dw_value a, dw_value b, bool fixed) {
    if (a.kind != DW_FUNCTION || b.kind != DW_FUNCTION)
        return dw_value_same(a, b);
    const dw_function *f = a.as.function, *g = b.as.function;
    if (f->node == NULL || f->node != g->node)
        return f == g || (f->builtin != NULL && f->builtin == g->builtin);
    uint32_t count = fixed ? f->count : f->node->u.function->capture_count;
    for (uint32_t i = 0; i < count; i++)
        if (!same_definition(f->values[i], g->values[i], true))
            return false;
    return true;
}

/* Finds out whether a name was written already; what it then was must be the same. */
static bool find_defined(writer *w, const char *name, dw_value v, bool *found) {
    *found = false;
    for (const defined *d = w->newest; d != NULL && !*found; d = d->before) {
        if (strcmp(d->name, name) != 0)
            continue;
        *found = true;
        if (!same_definition(d->value, v, w->fixed > 0))
            return cannot(w, name, "means two different things in it; give one another name");
        if (!d->done)
            return cannot(w, name, "needs itself by way of another function");
    }
    return true;
}

/* Whether a function that is used by its name has parameters that are not written with it. */
static bool is_other_net(dw_value v) {
    if (v.kind != DW_FUNCTION || !dw_net_is(v))
        return false;
    const dw_function *f = v.as.function;
    for (uint32_t i = f->node != NULL ? f->node->u.function->capture_count : 0;
         f->node != NULL && i < f->count; i++) {
        dw_value part = f->values[i];
        if ((part.kind == DW_ARRAY && part.as.array->size > FEW_NUMBERS) || dw_net_is(part))
            return true;
    }
    return f->node == NULL;
}

/* Writes what a name means, once, after all that it needs. */
static bool define(writer *w, const char *name, dw_value v) {
    bool found;
    if (dw_net_source_is_word(name, v))
        return dw_net_source_allows(name) || cannot(w, name, "does more than compute with numbers");
    if (!find_defined(w, name, v, &found) || found)
        return found && w->e->err->kind == DW_ERR_NONE;
    defined *d = dw_arena_new(&w->arena, sizeof *d);
    if (d == NULL)
        return dw_err_memory(w->e->err, "the text of a net");
    *d = (defined){w->newest, name, v, false};
    w->newest = d;
    bool written = v.kind == DW_FUNCTION && v.as.function->node != NULL;
    const char *own = written ? v.as.function->node->u.function->name : NULL;
    bool as_definition = own != NULL && strcmp(own, name) == 0;
    if (w->fixed > 0 && is_other_net(v))
        return cannot(w, name, "is a net of its own; make it a parameter: f(x; g = g) = …");
    w->depth++;
    bool fine = (written && as_definition ? use_written(w, v) : use_value(w, v));
    w->depth--;
    if (!fine)
        return false;
    if (as_definition) {
        fine = write_definition(w, w->out, v.as.function);
    } else {
        dw_buf_print(w->out, "%s = ", name);
        fine = write_value(w, w->out, name, v);
    }
    dw_buf_byte(w->out, '\n');
    d->done = true;
    return fine;
}

/* ---- chains ---- */

static bool write_chain(writer *w, dw_buf *out, dw_value v) {
    const dw_function *f = v.as.function;
    if (f->net != NULL && f->net->rows > 0 && f->net->columns == 1)
        dw_buf_print(out, "%zu → ", f->net->rows);
    for (uint32_t i = 0; i < f->count; i++) {
        bool chain = dw_net_is_chain(f->values[i]);
        dw_buf_text(out, i > 0 ? " → " : "");
        dw_buf_text(out, chain ? "(" : "");
        if (!write_function(w, out, f->values[i]))
            return false;
        dw_buf_text(out, chain ? ")" : "");
    }
    return true;
}

/* A function where it is used: by its name, or as a layer or chain. */
static bool write_function(writer *w, dw_buf *out, dw_value v) {
    const dw_function *f = v.as.function;
    if (f->builtin != NULL) {
        dw_buf_text(out, f->builtin->alias != NULL ? f->builtin->alias : f->builtin->name);
    } else if (f->node != NULL && f->node->u.function->name != NULL) {
        dw_buf_text(out, f->node->u.function->name);
    } else if (f->node != NULL) {
        dw_buf_byte(out, '(');
        add_source(out, f->unit, f->node->u.function->head.start, f->node->span.end);
        dw_buf_byte(out, ')');
    } else if (dw_layer_is(v, NULL) && f->net->layer->options[0].kind == DW_LAYER_SHARE) {
        dw_buf_print(out, "%s(", f->net->layer->word);
        dw_csv_add_number(out, f->net->options[0]); /* with all its digits */
        dw_buf_byte(out, ')');
    } else if (dw_layer_is(v, NULL)) {
        dw_layer_text(out, f, false);
    } else {
        return write_chain(w, out, v);
    }
    return true;
}

bool dw_net_source_write(dw_eval *e, dw_value f, dw_buf *out) {
    writer w = {.e = e, .out = out};
    dw_arena_init(&w.arena, e->mem);
    bool fine = use_value(&w, f);
    if (fine && dw_layer_is(f, NULL) && f.as.function->net->columns == 1)
        dw_buf_print(out, "%zu → ", f.as.function->net->rows);
    fine = fine && write_function(&w, out, f);
    dw_buf_byte(out, '\n');
    dw_arena_free(&w.arena);
    return fine && (!out->failed || dw_err_memory(e->err, "the text of a net"));
}
