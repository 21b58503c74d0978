/* SPDX-License-Identifier: BSD-3-Clause */
/* The lines become the body of a function without arguments, so that their names are its own. In
 * that body only definitions may stand; what is worked out at once (the values of names, the sizes
 * of parameters, the chain) may be numbers, arrays of them, chains and layers, and only bodies of
 * functions may compute. No word that reaches beyond numbers can be named anywhere. */
#include "lang/net_code.h"

#include "lang/builtin.h"
#include "lang/express.h"
#include "lang/layer.h"
#include "lang/net.h"
#include "lang/net_source.h"
#include "lang/scope.h"
#include "syntax/parse.h"

#include <string.h>

static const char before[] = "(() ↦ do\n", after[] = "\nend)()\n";

typedef struct {
    dw_eval *e;
    dw_unit *unit;
} checker;

static bool refuse(const checker *c, const dw_node *node, const char *why) {
    dw_err_set(c->e->err, DW_ERR_SYNTAX, "a net in a file %s", why);
    return dw_err_place(c->e->err, c->unit->number, node->span);
}

/* ---- what may stand where ---- */

static bool check_body(const checker *c, const dw_node *node);
static bool check_now(const checker *c, const dw_node *node);

static bool check_name(const checker *c, const dw_node *node) {
    const char *name = node->u.text;
    if (node->place != DW_PLACE_GLOBAL)
        return true;
    const dw_value *v = dw_eval_name(c->e, name);
    if (!dw_net_source_allows(name))
        dw_err_set(c->e->err, DW_ERR_NAME,
                   "a net in a file may not use %.60s: only what it defines itself, and words that "
                   "compute with numbers",
                   name);
    else if (v == NULL || !dw_net_source_is_word(name, *v))
        dw_err_set(c->e->err, DW_ERR_NAME,
                   "the net uses %.60s, which means something else in this notebook: give your own "
                   "another name",
                   name);
    else
        return true;
    return dw_err_place(c->e->err, c->unit->number, node->span);
}

/* Starts of parameters are worked out when the function is made, defaults of inputs when it is
 * called. `now`: it is made at once. */
static bool check_function(const checker *c, const dw_node *node, bool now) {
    const dw_function_node *f = node->u.function;
    for (uint32_t i = 0; i < f->count; i++) {
        const dw_node *start = f->parameters[i].fallback;
        if (start != NULL && !(now && i >= f->inputs ? check_now(c, start) : check_body(c, start)))
            return false;
    }
    return check_body(c, node->child[0]);
}

static bool is_plain(const dw_node *node) {
    switch (node->kind) {
    case DW_NODE_JOINED_TEXT:
    case DW_NODE_INSERT:
    case DW_NODE_INTERACT:
    case DW_NODE_ANIMATE:
    case DW_NODE_KNOB:
    case DW_NODE_CHECK_CLAIM:
    case DW_NODE_HELP:
        return false;
    default:
        return true;
    }
}

/* What runs only when the net is called. */
static bool check_body(const checker *c, const dw_node *node) {
    if (node == NULL)
        return true;
    if (!is_plain(node))
        return refuse(c, node, "only computes: no pictures, claims, sliders or help");
    if (node->kind == DW_NODE_NAME)
        return check_name(c, node);
    if (node->kind == DW_NODE_FUNCTION)
        return check_function(c, node, false);
    for (uint32_t i = 0; i < node->count; i++)
        if (!check_body(c, node->child[i]))
            return false;
    return true;
}

/* A call at once: a layer, or zeros. */
static bool check_call(const checker *c, const dw_node *node) {
    const dw_node *word = node->child[0];
    bool known = word->kind == DW_NODE_NAME && word->place == DW_PLACE_GLOBAL &&
                 (dw_layer_find(word->u.text) != NULL || strcmp(word->u.text, "zeros") == 0);
    if (!known)
        return refuse(c, node, "calls nothing outside of functions but layers such as conv(8, 5)");
    for (uint32_t i = 1; i < node->count; i++)
        if (!check_now(c, node->child[i]))
            return false;
    return true;
}

/* What runs while the file is read. */
static bool check_now(const checker *c, const dw_node *node) {
    switch (node->kind) {
    case DW_NODE_NUMBER:
    case DW_NODE_TRUTH:
        return true;
    case DW_NODE_NAME:
        return check_name(c, node);
    case DW_NODE_FUNCTION:
        return check_function(c, node, true);
    case DW_NODE_CALL:
        return check_call(c, node);
    case DW_NODE_ARROW:
    case DW_NODE_NEGATE:
    case DW_NODE_RANGE:
    case DW_NODE_LIST:
    case DW_NODE_ROW:
    case DW_NODE_ARGUMENT:
        for (uint32_t i = 0; i < node->count; i++)
            if (!check_now(c, node->child[i]))
                return false;
        return true;
    default:
        return refuse(c, node, "is numbers, functions and a chain; this is something else");
    }
}

/* A line of the file: a definition, a name for a value, or (the last) the net. */
static bool check_line(const checker *c, const dw_node *node, bool last) {
    if (last)
        return node->kind == DW_NODE_SHOW ? check_now(c, node->child[0])
                                          : refuse(c, node, "ends with the net");
    if (node->kind == DW_NODE_DEFINE && node->place == DW_PLACE_LOCAL)
        return check_function(c, node->child[0], true);
    if (node->kind == DW_NODE_ASSIGN && node->count == 2 && node->child[1]->kind == DW_NODE_NAME &&
        node->child[1]->place == DW_PLACE_LOCAL)
        return check_now(c, node->child[0]);
    return refuse(c, node, "has only definitions before the net");
}

/* The lines of the file, or NULL when the text does not keep to the function around it. */
static const dw_node *lines_of(const dw_unit *unit) {
    const dw_node *root = unit->root, *call, *function, *body;
    if (root->count != 1 || root->child[0]->kind != DW_NODE_SHOW)
        return NULL;
    call = root->child[0]->child[0];
    if (call->kind != DW_NODE_CALL || call->count != 1)
        return NULL;
    function = call->child[0];
    if (function->kind != DW_NODE_FUNCTION || function->u.function->count != 0)
        return NULL;
    body = function->child[0];
    return body->kind == DW_NODE_DO && body->count > 0 ? body : NULL;
}

static bool check_unit(const checker *c) {
    const dw_node *lines = lines_of(c->unit);
    if (lines == NULL)
        return dw_err_set(c->e->err, DW_ERR_SYNTAX,
                          "%.100s holds no net: it begins with a chain such as 1 → 8 → relu → 1",
                          c->unit->name);
    for (uint32_t i = 0; i < lines->count; i++)
        if (!check_line(c, lines->child[i], i + 1 == lines->count))
            return false;
    return true;
}

/* ---- reading ---- */

/* An error inside names the calls on the way to it; that of the function around the lines is
 * nothing the reader of the file has written. */
static void forget_wrapping(dw_err *err, const dw_unit *unit) {
    const dw_err_call *last = err->call_count > 0 ? &err->calls[err->call_count - 1] : NULL;
    if (last != NULL && last->unit == unit->number && last->span.start == 0)
        err->call_count--;
}

/* Runs the checked tree. */
static bool evaluate(dw_eval *e, dw_unit *unit, const char *file, dw_value *out) {
    char words[DW_VALUE_WORDS];
    dw_frame frame = {.slots = e->slots + e->slots_used, .unit = unit};
    dw_rng rng = e->rng;
    uint64_t draws = e->draws;
    bool quiet = e->quiet;
    e->quiet = true;
    bool fine = unit->slots == 0 ||
                dw_err_set(e->err, DW_ERR_INTERNAL, "the text of a net has names of its own");
    fine = fine && dw_express_node(e, &frame, unit->root->child[0]->child[0], out);
    e->quiet = quiet;
    e->rng = rng;
    e->draws = draws;
    if (!fine)
        forget_wrapping(e->err, unit);
    if (!fine || dw_net_is(*out))
        return fine;
    dw_err_set(e->err, DW_ERR_TYPE, "%.100s defines %s, not a net", file,
               dw_value_words(*out, words));
    return dw_value_drop(out);
}

/* The unit of the code with the function around it; its lines are numbered as in the file. */
static dw_unit *make_unit(dw_eval *e, const char *file, const char *code, size_t size) {
    dw_buf text;
    dw_buf_init(&text, e->mem);
    dw_buf_add(&text, before, sizeof before - 1);
    dw_buf_add(&text, code, size);
    dw_buf_add(&text, after, sizeof after - 1);
    dw_unit *unit =
        text.failed ? NULL : dw_unit_new(e->mem, ++e->units, file, 0, text.data, text.size);
    dw_buf_free(&text);
    if (unit == NULL)
        dw_err_memory(e->err, "the text of a net");
    return unit;
}

bool dw_net_code_read(dw_eval *e, const char *file, const char *code, size_t size, dw_value *out) {
    if (size > DW_NET_CODE_MOST)
        return dw_err_set(e->err, DW_ERR_LIMIT, "the text of the net in %.100s has over %d bytes",
                          file, DW_NET_CODE_MOST);
    dw_unit *unit = make_unit(e, file, code, size);
    if (unit == NULL)
        return false;
    dw_eval_remember(e, unit);
    checker c = {e, unit};
    bool fine = dw_parse_unit(unit, e->err) && dw_scope_resolve(e, unit, e->err) &&
                check_unit(&c) && evaluate(e, unit, file, out);
    dw_unit_release(unit);
    return fine;
}
