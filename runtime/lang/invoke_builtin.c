/* SPDX-License-Identifier: BSD-3-Clause */
/* Calling builtins. */
#include "lang/invoke_builtin.h"

#include "base/text.h"
#include "lang/batched.h"
#include "lang/express.h"
#include "lang/loop.h"

#include <string.h>

enum { REST_ARGUMENTS = 64 };

/* Arguments while they are worked out. Those of parameters wait in the call itself, those of a …
 * parameter on the stack of frames; an error in a later one releases the earlier ones. */
typedef struct {
    dw_eval *e;
    const dw_function *f;
    dw_call call;
    dw_value *rest;
    uint32_t rest_room;
    dw_span rest_spans[REST_ARGUMENTS];
    const char *rest_names[REST_ARGUMENTS];
    size_t next; /* unnamed arguments so far */
} binding;

/* ---- what can be wrong with arguments ---- */

/* The parameter whose name is nearest to a misspelled one, as bytes of the signature. */
static const char *nearest_parameter(const dw_builtin *builtin, const char *name, size_t *size) {
    const char *best = NULL, *start;
    size_t length, least = strlen(name) < 3 ? 1 : strlen(name) < 6 ? 2 : 3;
    bool optional, rest;
    for (size_t i = 0; dw_builtin_parameter(builtin, i, &start, &length, &optional, &rest); i++) {
        char text[64] = "";
        if (rest || length >= sizeof text)
            continue;
        memcpy(text, start, length);
        size_t distance = dw_text_distance(text, name);
        if (distance < least) {
            least = distance;
            best = start;
            *size = length;
        }
    }
    return best;
}

/* The builtin near this one that has a parameter of that name: title belongs to plot, not to bars.
 * NULL when there is none. */
static const dw_builtin *option_owner(const dw_builtin *builtin, const char *name) {
    const char *start, *word = builtin->see == NULL ? "" : builtin->see;
    bool optional, rest;
    size_t length;
    while (*word != '\0') {
        char near[64] = "";
        size_t size = strcspn(word, " ");
        memcpy(near, word, size < sizeof near ? size : 0);
        word += size + (word[size] == ' ');
        const dw_builtin *other = dw_builtin_find(near);
        for (size_t i = 0;
             other != NULL && dw_builtin_parameter(other, i, &start, &length, &optional, &rest);
             i++)
            if (optional && length == strlen(name) && memcmp(start, name, length) == 0)
                return other;
    }
    return NULL;
}

static DW_EVAL_APART bool no_option(const binding *b, const dw_frame *frame, const dw_node *arg) {
    size_t size = 0;
    const dw_builtin *builtin = b->f->builtin;
    const char *near = nearest_parameter(builtin, arg->u.text, &size);
    if (near != NULL)
        return dw_eval_fail(b->e, frame, arg->mark, DW_ERR_NAME,
                            "%s has no option %s; did you mean %.*s?", builtin->name, arg->u.text,
                            (int)size, near);
    const dw_builtin *owner = option_owner(builtin, arg->u.text);
    if (owner != NULL)
        return dw_eval_fail(b->e, frame, arg->mark, DW_ERR_NAME,
                            "%s has no option %s, but %s has: %s", builtin->name, arg->u.text,
                            owner->name, owner->signature);
    return dw_eval_fail(b->e, frame, arg->mark, DW_ERR_NAME,
                        "%s has no option %s; it is called as %s", builtin->name, arg->u.text,
                        builtin->signature);
}

/* "sqrt takes 1 value: sqrt(x); here are 2" */
static DW_EVAL_APART bool wrong_count(const binding *b, const dw_frame *frame, dw_span place,
                                      size_t given) {
    const dw_function *f = b->f;
    bool few = given < f->required;
    unsigned bound = few ? f->required : f->parameters;
    const char *limit = f->required == f->parameters && !f->rest ? ""
                        : few                                    ? "at least "
                                                                 : "at most ";
    /* sum(1, 2, 3) */
    bool loose = !few && strstr(f->builtin->signature, "(values") != NULL;
    return dw_eval_fail(b->e, frame, place, DW_ERR_TYPE, "%s takes %s%u value%s: %s; here %s %zu%s",
                        f->builtin->name, limit, bound, bound == 1 ? "" : "s",
                        f->builtin->signature, given == 1 ? "is" : "are", given,
                        loose ? ": put them into [ ], as in [1, 2]" : "");
}

static DW_EVAL_APART bool twice(const binding *b, const dw_frame *frame, dw_span place,
                                const char *name, size_t size) {
    return dw_eval_fail(b->e, frame, place, DW_ERR_TYPE, "%.*s is given twice: leave one out",
                        (int)size, name);
}

/* A parameter without a default that got no value. */
static DW_EVAL_APART bool missing(const binding *b, const dw_frame *frame, dw_span place, size_t i,
                                  size_t given) {
    const char *start;
    size_t size;
    bool optional, rest;
    if (given < b->f->required ||
        !dw_builtin_parameter(b->f->builtin, i, &start, &size, &optional, &rest))
        return wrong_count(b, frame, place, given);
    return dw_eval_fail(b->e, frame, place, DW_ERR_TYPE, "%s needs a value for %.*s: %s",
                        b->f->builtin->name, (int)size, start, b->f->builtin->signature);
}

/* ---- arguments to parameters ---- */

/* Where the next unnamed argument goes; NULL with an error when there is no place for it. */
static dw_value *next_place(binding *b, const dw_frame *frame, dw_span span, size_t given) {
    if (b->f->rest) {
        if (b->next == b->rest_room) {
            dw_eval_fail(b->e, frame, span, DW_ERR_LIMIT,
                         "%s takes at most %d values at once: put them into [ ]",
                         b->f->builtin->name, REST_ARGUMENTS);
            return NULL;
        }
        b->rest_spans[b->next] = span;
        b->rest_names[b->next] = NULL;
        return &b->rest[b->next++];
    }
    if (b->next >= b->f->parameters) {
        wrong_count(b, frame, span, given);
        return NULL;
    }
    b->call.spans[b->next] = span;
    return &b->call.args[b->next++];
}

/* The same for an argument without a name, whose parameter may have got one by its name. */
static dw_value *plain_place(binding *b, const dw_frame *frame, const dw_node *arg, size_t given) {
    dw_value *place = next_place(b, frame, arg->span, given);
    if (place == NULL || place->kind == DW_NOTHING)
        return place;
    const char *start = "";
    size_t size = 0;
    bool optional, rest;
    (void)dw_builtin_parameter(b->f->builtin, b->next - 1, &start, &size, &optional, &rest);
    twice(b, frame, arg->span, start, size);
    return NULL;
}

static dw_value *named_place(binding *b, const dw_frame *frame, const dw_node *arg, size_t given) {
    size_t index;
    if (!dw_builtin_option(b->f->builtin, arg->u.text, &index)) {
        dw_value *place = NULL;
        if (!b->f->builtin->named_rest)
            no_option(b, frame, arg);
        else
            place = next_place(b, frame, arg->child[0]->span, given);
        if (place != NULL)
            b->rest_names[b->next - 1] = arg->u.text;
        return place;
    }
    b->call.spans[index] = arg->child[0]->span;
    if (b->call.args[index].kind == DW_NOTHING)
        return &b->call.args[index];
    twice(b, frame, arg->mark, arg->u.text, strlen(arg->u.text));
    return NULL;
}

static bool bind_node(binding *b, dw_frame *frame, const dw_node *call, uint32_t i) {
    const dw_node *arg = call->child[i];
    bool named = arg->kind == DW_NODE_ARGUMENT;
    dw_value *place = named ? named_place(b, frame, arg, call->count - 1)
                            : plain_place(b, frame, arg, call->count - 1);
    dw_value value;
    if (place == NULL)
        return false;
    arg = named ? arg->child[0] : arg;
    bool fine = arg->kind == DW_NODE_COMPREHENSION ? dw_loop_comprehension(b->e, frame, arg, &value)
                                                   : dw_express_node(b->e, frame, arg, &value);
    if (fine && value.kind == DW_NOTHING)
        return dw_eval_fail(b->e, frame, arg->span, DW_ERR_TYPE,
                            "this gives nothing back that %s could take", b->f->builtin->name);
    if (fine)
        *place = value;
    return fine;
}

/* ---- calls ---- */

static bool start(binding *b, dw_eval *e, const dw_frame *frame, dw_span place, size_t given) {
    size_t room = given < REST_ARGUMENTS ? given : REST_ARGUMENTS;
    b->e = e;
    b->next = 0;
    b->rest = NULL;
    b->rest_room = b->f->rest ? (uint32_t)room : 0;
    b->call.eval = e;
    b->call.builtin = b->f->builtin;
    b->call.mem = e->mem;
    b->call.cancel = &e->cancel;
    b->call.err = e->err;
    b->call.source = frame != NULL ? frame->unit : NULL;
    b->call.unit = frame != NULL && frame->unit != NULL ? frame->unit->number : 0;
    b->call.count = b->f->parameters;
    b->call.bound = b->f->values;
    b->call.field = NULL;
    for (size_t i = 0; i < b->call.count; i++) {
        b->call.args[i] = dw_value_nothing();
        b->call.spans[i] = place;
    }
    return b->rest_room == 0 || dw_invoke_push(e, frame, place, b->rest_room, &b->rest);
}

static void finish(binding *b) {
    for (size_t i = 0; i < b->call.count; i++)
        dw_value_release(b->call.args[i]);
    if (b->rest_room > 0)
        dw_invoke_pop(b->e, b->rest, b->rest_room);
}

static bool has_traced(const binding *b) {
    for (size_t i = 0; i < b->call.count; i++)
        if (b->call.args[i].kind == DW_TRACED)
            return true;
    for (size_t i = 0; i < b->call.rest_count; i++)
        if (b->rest[i].kind == DW_TRACED)
            return true;
    return false;
}

static bool not_traceable(const binding *b, const dw_frame *frame, dw_span place) {
    return dw_eval_fail(b->e, frame, place, DW_ERR_TYPE,
                        "%s has no derivative: give it values that do not depend on what is "
                        "differentiated",
                        b->f->builtin->name);
}

static bool run(binding *b, const dw_frame *frame, dw_span place, size_t given, dw_value *out) {
    dw_eval *e = b->e;
    for (size_t i = b->f->rest; i < b->f->required; i++)
        if (b->call.args[i].kind == DW_NOTHING)
            return missing(b, frame, place, i, given);
    b->call.rest = b->rest;
    b->call.rest_count = b->f->rest ? b->next : 0;
    b->call.rest_spans = b->rest_spans;
    b->call.rest_names = b->rest_names;
    *out = dw_value_nothing();
    dw_builtin_run function = b->f->builtin->run;
    if (e->trace != NULL && has_traced(b))
        function = b->f->builtin->elem != 0 ? function : b->f->builtin->traced;
    if (function == NULL)
        return not_traceable(b, frame, place);
    if (!dw_invoke_enter(e, frame, place))
        return false;
    bool fine = function(&b->call, out);
    e->calls--;
    if (fine)
        return true;
    *out = dw_value_nothing();
    return dw_eval_place(e, frame, place);
}

static DW_EVAL_APART bool call_node(dw_eval *e, dw_frame *frame, const dw_node *node,
                                    const dw_function *f, dw_value *out) {
    binding b;
    b.f = f;
    if (!start(&b, e, frame, node->span, node->count - 1))
        return false;
    b.call.field = node->u.text;
    bool fine = true;
    for (uint32_t i = 1; fine && i < node->count; i++)
        fine = bind_node(&b, frame, node, i);
    fine = fine && run(&b, frame, node->span, node->count - 1, out);
    finish(&b);
    return fine;
}

bool dw_invoke_builtin_values(dw_eval *e, const dw_frame *frame, dw_span place,
                              const dw_function *f, dw_values args, dw_value *out) {
    binding b;
    b.f = f;
    if (!start(&b, e, frame, place, args.count))
        return false;
    bool fine = true;
    for (size_t i = 0; fine && i < args.count; i++) {
        dw_value *slot = next_place(&b, frame, place, args.count);
        fine = slot != NULL;
        if (fine)
            *slot = dw_value_retain(args.items[i]);
    }
    fine = fine && run(&b, frame, place, args.count, out);
    finish(&b);
    return fine;
}

/* f(x) of an operation on one number, the most frequent call of all. */
static bool call_elem(dw_eval *e, dw_frame *frame, const dw_node *node, const dw_function *f,
                      dw_value *out) {
    dw_value arg;
    if (!dw_express_node(e, frame, node->child[1], &arg))
        return false;
    if (arg.kind == DW_NUMBER) {
        dw_elem_unary op = (dw_elem_unary)(f->builtin->elem - 1);
        *out = dw_value_number(dw_elem_number1(op, arg.as.number));
        return true;
    }
    if (arg.kind == DW_NOTHING)
        return dw_eval_fail(e, frame, node->child[1]->span, DW_ERR_TYPE,
                            "this gives nothing back that %s could take", f->builtin->name);
    bool fine =
        dw_invoke_builtin_values(e, frame, node->child[1]->span, f, (dw_values){&arg, 1}, out);
    dw_value_release(arg);
    return fine;
}

bool dw_invoke_builtin(dw_eval *e, dw_frame *frame, const dw_node *node, const dw_function *f,
                       dw_value *out) {
    const dw_node *comprehension = e->trace != NULL ? dw_batched_comprehension(node, f) : NULL;
    if (comprehension != NULL)
        return dw_batched_reduce(e, frame, node, f, comprehension, out);
    bool short_way = f->builtin->elem != 0 && node->count == 2 &&
                     node->child[1]->kind != DW_NODE_ARGUMENT &&
                     node->child[1]->kind != DW_NODE_COMPREHENSION;
    return short_way ? call_elem(e, frame, node, f, out) : call_node(e, frame, node, f, out);
}

dw_call dw_invoke_builtin_blank(dw_eval *e, const dw_frame *frame) {
    dw_call call = {.eval = e, .mem = e->mem, .cancel = &e->cancel, .err = e->err};
    if (frame != NULL && frame->unit != NULL) {
        call.source = frame->unit;
        call.unit = frame->unit->number;
    }
    return call;
}
