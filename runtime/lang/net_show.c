/* SPDX-License-Identifier: BSD-3-Clause */
/* Nets as text. */
#include "lang/net_show.h"

#include "base/text.h"
#include "lang/builtin.h"
#include "lang/either.h"
#include "lang/layer.h"
#include "lang/net_walk.h"
#include "syntax/ast.h"
#include "tensor/format.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH = 30, NAMES = 160, STAGES = 100000 };

static void chain(dw_buf *out, dw_value f, size_t input, dw_value_style how);

/* σ rather than sigmoid. */
static const char *letter_of(const dw_builtin *builtin) {
    return builtin->alias != NULL ? builtin->alias : builtin->name;
}

/* One stage: a layer, the name of a function, a net inside in brackets, or the text of a function
 * without a name. */
static void stage(dw_buf *out, dw_value v, dw_value_style how) {
    const dw_function *f = v.kind == DW_FUNCTION ? v.as.function : NULL;
    const char *name = f == NULL            ? NULL
                       : f->builtin != NULL ? letter_of(f->builtin)
                       : f->node != NULL    ? f->node->u.function->name
                                            : NULL;
    if (name != NULL) {
        dw_buf_text(out, name);
    } else if (dw_layer_is(v, NULL)) {
        dw_layer_text(out, f, false);
    } else {
        how.depth++;
        bool is_chain = f != NULL && dw_net_is_chain(v);
        bool inside = is_chain || f == NULL || f->node != NULL;
        dw_buf_text(out, inside ? "(" : "");
        if (is_chain)
            chain(out, v, f->net != NULL && f->net->columns == 1 ? f->net->rows : 0, how);
        else
            dw_value_insert_inside(out, v, how);
        dw_buf_text(out, inside ? ")" : "");
    }
}

/* A chain that begins with a number, or 0 for none. */
static void chain(dw_buf *out, dw_value f, size_t input, dw_value_style how) {
    const dw_function *c = f.as.function;
    if (how.depth > DEPTH || *how.left == 0 || out->failed) {
        dw_buf_text(out, "…");
        return;
    }
    --*how.left;
    bool told = c->count > 0 && dw_net_is_chain(c->values[0]) && dw_net_is(c->values[0]);
    if (input > 0 && !told)
        dw_buf_print(out, "%zu → ", input);
    for (uint32_t i = 0; i < c->count; i++) {
        dw_buf_text(out, i > 0 ? " → " : "");
        stage(out, c->values[i], how);
    }
}

void dw_net_show_inside(dw_buf *out, dw_value f, dw_value_style how) {
    size_t rows, columns;
    size_t input = dw_net_input(f, &rows, &columns) && columns == 1 ? rows : 0;
    if (!dw_layer_is(f, NULL))
        chain(out, f, input, how);
    else if (dw_layer_is_open(f.as.function) || input == 0)
        dw_layer_text(out, f.as.function, true);
    else {
        dw_buf_print(out, "%zu → ", input);
        stage(out, f, how);
    }
}

void dw_net_show_chain(dw_buf *out, dw_value f) {
    size_t left = STAGES;
    dw_net_show_inside(out, f, (dw_value_style){.left = &left});
}

void dw_net_show_from(dw_buf *out, dw_value f, size_t input) {
    size_t left = STAGES;
    if (dw_net_is_chain(f))
        chain(out, f, input, (dw_value_style){.left = &left});
    else
        dw_net_show_chain(out, f);
}

void dw_net_show_names(dw_buf *out, dw_value f) {
    size_t arrays = dw_net_arrays(f);
    dw_value facts = dw_net_facts(f);
    dw_err ignored = {.kind = DW_ERR_NONE};
    for (size_t i = 0; i < arrays; i++) {
        dw_net_walk walk = {.index = i};
        if (!dw_net_walk_find(&walk, out->mem, &f, &ignored)) {
            out->failed = true;
            return;
        }
        dw_buf_text(out, i > 0 ? ", " : "");
        dw_buf_add(out, walk.name.data, walk.name.size);
        dw_buf_free(&walk.name);
    }
    for (size_t i = 0; facts.kind == DW_RECORD && i < facts.as.record->count; i++)
        dw_buf_print(out, ", %s", facts.as.record->fields[i].name->bytes);
}

/* ---- summaries ---- */

/* "16×16", or nothing for a number. */
static void shape(dw_buf *out, dw_value v) {
    size_t rows, columns;
    if (dw_either_shape(v, &rows, &columns) && rows * columns != 1)
        dw_buf_print(out, " %zu×%zu", rows, columns);
}

/* A line of a summary: the stage, its parameters, how many numbers that is. */
typedef struct {
    size_t stage, names, count;
} widths;

static size_t written(const dw_buf *buf) {
    return buf->data == NULL ? 0 : dw_text_width(buf->data, buf->size);
}

/* The names and shapes of arrays [from, to) of the net. False when there is no memory. */
static bool parameters(dw_mem *mem, dw_value f, size_t from, size_t to, dw_buf *out) {
    for (size_t i = from; i < to; i++) {
        dw_net_walk walk = {.index = i};
        dw_err ignored = {.kind = DW_ERR_NONE};
        if (out->size > NAMES) {
            dw_buf_print(out, ", … %zu more", to - i);
            return true;
        }
        dw_buf_text(out, i > from ? ", " : "");
        if (!dw_net_walk_find(&walk, mem, &f, &ignored))
            return false;
        if (walk.found != NULL) {
            dw_buf_add(out, walk.name.data, walk.name.size);
            shape(out, *walk.found);
        }
        dw_buf_free(&walk.name);
    }
    return true;
}

static void pad(dw_buf *out, size_t count) {
    while (count-- > 0)
        dw_buf_byte(out, ' ');
}

/* Stage i of a net (a layer or a function is one stage). */
static dw_value stage_of(dw_value f, uint32_t i) {
    return dw_net_is_chain(f) ? f.as.function->values[i] : f;
}

/* The three parts of a line. */
typedef struct {
    dw_buf name, names, count;
} parts;

/* Fills in the parts for a stage whose arrays begin with number `first`. */
static bool describe(dw_value f, dw_value part, size_t first, parts *out) {
    size_t arrays = dw_net_arrays(part), left = STAGES;
    stage(&out->name, part, (dw_value_style){.left = &left});
    if (dw_net_is_open(part))
        dw_buf_text(&out->names, "made when the size of the input is known");
    else if (!parameters(out->name.mem, f, first, first + arrays, &out->names))
        return false;
    if (arrays > 0)
        dw_format_number(&out->count, (double)dw_net_size(part), 0);
    return !out->name.failed && !out->names.failed && !out->count.failed;
}

static void write_line(dw_buf *out, const parts *line, const widths *most) {
    dw_buf_text(out, "\n  ");
    dw_buf_add(out, line->name.data, line->name.size);
    if (line->names.size == 0)
        return;
    pad(out, most->stage - written(&line->name) + 2);
    dw_buf_add(out, line->names.data, line->names.size);
    if (line->count.size == 0)
        return;
    pad(out, most->names - written(&line->names) + 2 + most->count - written(&line->count));
    dw_buf_add(out, line->count.data, line->count.size);
}

static void widen(size_t *most, const dw_buf *part) {
    *most = written(part) > *most ? written(part) : *most;
}

/* Writes the lines of the stages, or (out NULL) only measures how wide their parts are. */
static bool lines(dw_mem *mem, dw_value f, widths *most, dw_buf *out) {
    uint32_t stages = dw_net_is_chain(f) ? f.as.function->count : 1;
    size_t next = 0;
    bool fine = true;
    for (uint32_t i = 0; fine && i < stages; i++) {
        dw_value part = stage_of(f, i);
        parts line;
        dw_buf_init(&line.name, mem);
        dw_buf_init(&line.names, mem);
        dw_buf_init(&line.count, mem);
        fine = describe(f, part, next, &line);
        next += dw_net_arrays(part);
        if (fine && out != NULL)
            write_line(out, &line, most);
        widen(&most->stage, &line.name);
        if (line.count.size > 0)
            widen(&most->names, &line.names);
        widen(&most->count, &line.count);
        dw_buf_free(&line.name);
        dw_buf_free(&line.names);
        dw_buf_free(&line.count);
    }
    return fine;
}

/* "595 parameters, loss 3.6e-07 after 1500 steps" */
static void total(dw_buf *out, dw_value f) {
    size_t size = dw_net_size(f);
    dw_value facts = dw_net_facts(f);
    double number;
    dw_buf_print(out, "\n%zu parameter%s", size, size == 1 ? "" : "s");
    if (facts.kind != DW_RECORD)
        return;
    const dw_value *loss = dw_value_field(facts.as.record, "loss");
    const dw_value *steps = dw_value_field(facts.as.record, "steps");
    if (loss != NULL && dw_value_as_number(*loss, &number)) {
        dw_buf_text(out, ", loss ");
        dw_format_number(out, number, 2);
    }
    if (steps != NULL && dw_value_as_number(*steps, &number)) {
        dw_buf_text(out, " after ");
        dw_format_number(out, number, 0);
        dw_buf_text(out, number == 1 ? " step" : " steps");
    }
}

void dw_net_show_summary(dw_buf *out, dw_value f) {
    widths most = {0};
    if (f.as.function->node == NULL) {
        dw_net_show_chain(out, f);
    } else {
        dw_value_insert(out, f, 0);
        if (f.as.function->net == NULL)
            return; /* as it was written: nothing to add */
    }
    if (!lines(out->mem, f, &most, NULL) || !lines(out->mem, f, &most, out))
        out->failed = true;
    total(out, f);
}
