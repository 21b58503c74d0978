/* SPDX-License-Identifier: BSD-3-Clause */
/* Nets as text. */
#include "lang/net_show.h"

#include "base/text.h"
#include "lang/ast.h"
#include "lang/builtin.h"
#include "lang/either.h"
#include "lang/layer.h"
#include "tensor/format.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH = 30, NAMES = 160 };

static void chain(dw_buf *out, dw_value f, size_t input, unsigned depth);

/* σ rather than sigmoid. */
static const char *letter_of(const dw_builtin *builtin) {
    return builtin->alias != NULL ? builtin->alias : builtin->name;
}

/* One stage: a layer, the name of a function, a net inside in brackets, or the text of a function
 * without a name. */
static void stage(dw_buf *out, dw_value v, unsigned depth) {
    const dw_function *f = v.kind == DW_FUNCTION ? v.as.function : NULL;
    const char *name = f == NULL            ? NULL
                       : f->builtin != NULL ? letter_of(f->builtin)
                       : f->node != NULL    ? f->node->u.function->name
                                            : NULL;
    if (name != NULL) {
        dw_buf_text(out, name);
    } else if (dw_layer_is(v, NULL)) {
        dw_layer_text(out, f);
    } else {
        bool inside = dw_net_is_chain(v) || f == NULL || f->node != NULL;
        dw_buf_text(out, inside ? "(" : "");
        if (dw_net_is_chain(v))
            chain(out, v, f->net != NULL && f->net->columns == 1 ? f->net->rows : 0, depth + 1);
        else
            dw_value_insert(out, v, 0);
        dw_buf_text(out, inside ? ")" : "");
    }
}

/* A chain that begins with a number, or 0 for none. */
static void chain(dw_buf *out, dw_value f, size_t input, unsigned depth) {
    const dw_function *c = f.as.function;
    if (depth > DEPTH) {
        dw_buf_text(out, "…");
        return;
    }
    if (input > 0)
        dw_buf_print(out, "%zu → ", input);
    for (uint32_t i = 0; i < c->count; i++) {
        dw_buf_text(out, i > 0 ? " → " : "");
        stage(out, c->values[i], depth);
    }
}

void dw_net_show_chain(dw_buf *out, dw_value f) {
    size_t rows, columns;
    size_t input = dw_net_input(f, &rows, &columns) && columns == 1 ? rows : 0;
    if (!dw_layer_is(f, NULL))
        chain(out, f, input, 0);
    else if (dw_layer_is_open(f.as.function) || input == 0)
        stage(out, f, 0);
    else {
        dw_buf_print(out, "%zu → ", input);
        stage(out, f, 0);
    }
}

void dw_net_show_from(dw_buf *out, dw_value f, size_t input) {
    if (dw_net_is_chain(f))
        chain(out, f, input, 0);
    else
        dw_net_show_chain(out, f);
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
    size_t stage, names, count, numbers;
} widths;

static size_t written(const dw_buf *buf) {
    return buf->data == NULL ? 0 : dw_text_width(buf->data, buf->size);
}

/* The names and shapes of arrays [from, to) of the net. False when there is no memory. */
static bool parameters(dw_eval *e, dw_value f, size_t from, size_t to, dw_buf *out) {
    for (size_t i = from; i < to; i++) {
        dw_value value;
        if (out->size > NAMES) {
            dw_buf_print(out, ", … %zu more", to - i);
            return true;
        }
        dw_buf_text(out, i > from ? ", " : "");
        if (!dw_net_array(e, f, i, out, &value))
            return false;
        shape(out, value);
        dw_value_release(value);
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

/* Writes the lines of the stages, or only measures how wide their parts are. */
static bool lines(dw_eval *e, dw_value f, widths *most, dw_buf *out) {
    uint32_t stages = dw_net_is_chain(f) ? f.as.function->count : 1;
    size_t next = 0;
    for (uint32_t i = 0; i < stages; i++) {
        dw_buf name, names;
        dw_value part = stage_of(f, i);
        size_t arrays = dw_net_arrays(part);
        char number[32];
        dw_buf_init(&name, e->mem);
        dw_buf_init(&names, e->mem);
        stage(&name, part, 0);
        bool fine = parameters(e, f, next, next + arrays, &names) && !name.failed && !names.failed;
        next += arrays;
        dw_buf count;
        dw_buf_init(&count, e->mem);
        dw_format_number(&count, (double)dw_net_size(part), 0);
        snprintf(number, sizeof number, "%s", count.data == NULL ? "" : count.data);
        dw_buf_free(&count);
        if (fine && out == NULL) {
            most->stage = written(&name) > most->stage ? written(&name) : most->stage;
            most->names = written(&names) > most->names ? written(&names) : most->names;
            most->count = strlen(number) > most->count ? strlen(number) : most->count;
        } else if (fine) {
            dw_buf_text(out, "\n  ");
            dw_buf_text(out, name.data == NULL ? "" : name.data);
            if (arrays > 0) {
                pad(out, most->stage - written(&name) + 2);
                dw_buf_text(out, names.data == NULL ? "" : names.data);
                pad(out, most->names - written(&names) + 2 + most->count - strlen(number));
                dw_buf_text(out, number);
            } else if (dw_net_is_open(part)) {
                pad(out, most->stage - written(&name) + 2);
                dw_buf_text(out, "made when the size of the input is known");
            }
        }
        dw_buf_free(&name);
        dw_buf_free(&names);
        if (!fine)
            return false;
    }
    return true;
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
    dw_err err = {.kind = DW_ERR_NONE};
    dw_eval room = {.mem = out->mem, .err = &err}; /* names need memory and an error to fill */
    widths most = {0};
    if (f.as.function->node == NULL)
        dw_net_show_chain(out, f);
    else
        dw_value_insert(out, f, 0);
    if (!lines(&room, f, &most, NULL) || !lines(&room, f, &most, out))
        out->failed = true;
    total(out, f);
}
