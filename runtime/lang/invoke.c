/* SPDX-License-Identifier: BSD-3-Clause */
/* Calling functions: builtins, functions of the language, chains. */
#include "lang/invoke.h"

#include "lang/express.h"

#include "base/text.h"
#include "lang/loop.h"

#include <string.h>

enum { REST_ARGUMENTS = 64 };

/* A piece of the stack of frames: `count` NOTHINGs. */
static bool push_slots(dw_eval *e, const dw_frame *frame, dw_span place, uint32_t count,
                       dw_value **slots) {
    if (count > DW_EVAL_SLOTS - e->slots_used)
        return dw_eval_fail(e, frame, place, DW_ERR_LIMIT,
                            "the calls inside each other hold more than %d values", DW_EVAL_SLOTS);
    *slots = e->slots + e->slots_used;
    for (uint32_t i = 0; i < count; i++)
        (*slots)[i] = dw_value_nothing();
    e->slots_used += count;
    return true;
}

static void pop_slots(dw_eval *e, const dw_value *slots, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        dw_value_release(slots[i]);
    e->slots_used -= count;
}

/* Too many calls inside each other, or too little C stack left for one more. */
static bool enter(dw_eval *e, const dw_frame *frame, dw_span place) {
    const char *here = __builtin_frame_address(0);
    size_t used = here < e->stack_base ? (size_t)(e->stack_base - here) : 0;
    if (e->calls >= DW_EVAL_CALLS || used > e->stack_limit)
        return dw_eval_fail(e, frame, place, DW_ERR_LIMIT,
                            "%u calls inside each other: does this function call itself without "
                            "an end?",
                            e->calls);
    if (!dw_eval_poll(e, frame, place))
        return false;
    e->calls++;
    return true;
}

static const char *name_of(const dw_function *f) {
    if (f->builtin != NULL)
        return f->builtin->name;
    const char *name = f->node != NULL ? f->node->u.function->name : NULL;
    return name != NULL ? name : "this function";
}

/* ---- functions written in the language ---- */

/* Works out the defaults of inputs that were not given and puts the parameters after the semicolon
 * into the frame. */
static bool fill_frame(dw_eval *e, dw_frame *inner, const dw_frame *caller, dw_span place) {
    const dw_function *f = inner->function;
    const dw_function_node *node = f->node->u.function;
    for (uint32_t i = 0; i < node->inputs; i++) {
        if (inner->slots[i].kind != DW_NOTHING)
            continue;
        if (node->parameters[i].fallback == NULL)
            return dw_eval_fail(e, caller, place, DW_ERR_TYPE, "%s needs a value for %s",
                                name_of(f), node->parameters[i].name);
        if (!dw_express_node(e, inner, node->parameters[i].fallback, &inner->slots[i]))
            return false;
    }
    for (uint32_t i = node->inputs; i < node->count; i++)
        if (inner->slots[i].kind == DW_NOTHING)
            inner->slots[i] = dw_value_retain(f->values[node->capture_count + i - node->inputs]);
    return true;
}

/* Runs the body over a frame whose inputs are set; takes the frame's slots back. */
static bool run_body(dw_eval *e, const dw_frame *caller, dw_span place, dw_frame *inner,
                     dw_value *out) {
    const dw_node *node = inner->function->node;
    bool fine = enter(e, caller, place);
    if (fine) {
        fine =
            fill_frame(e, inner, caller, place) && dw_express_node(e, inner, node->child[0], out);
        e->calls--;
        if (!fine && caller != NULL && caller->unit != NULL) {
            dw_eval_remember(e, caller->unit);
            dw_err_called(e->err, caller->unit->number, place);
        }
    }
    pop_slots(e, inner->slots, node->u.function->slots);
    return fine;
}

static bool too_many(dw_eval *e, const dw_frame *frame, dw_span place, const dw_function *f,
                     size_t given) {
    const dw_function_node *node = f->node->u.function;
    char names[128] = "";
    for (uint32_t i = 0; i < node->inputs; i++) {
        strncat(names, i > 0 ? ", " : "", sizeof names - strlen(names) - 1);
        strncat(names, node->parameters[i].name, sizeof names - strlen(names) - 1);
    }
    return dw_eval_fail(e, frame, place, DW_ERR_TYPE, "%s takes %u value%s (%s), here are %zu",
                        name_of(f), node->inputs, node->inputs == 1 ? "" : "s", names, given);
}

static bool no_parameter(dw_eval *e, const dw_frame *frame, const dw_node *arg,
                         const dw_function *f) {
    const dw_function_node *node = f->node->u.function;
    return dw_eval_fail(e, frame, arg->mark, DW_ERR_NAME, "%s has no parameter %s%s%s", name_of(f),
                        arg->u.text, node->count > 0 ? "; the first is called " : "",
                        node->count > 0 ? node->parameters[0].name : "");
}

/* Puts one argument of a call into the new frame. */
static bool set_argument(dw_eval *e, dw_frame *frame, const dw_node *call, uint32_t i,
                         dw_frame *inner, uint32_t *next) {
    const dw_node *arg = call->child[i];
    const dw_function_node *node = inner->function->node->u.function;
    uint32_t slot;
    if (arg->kind == DW_NODE_ARGUMENT) {
        for (slot = 0; slot < node->count; slot++)
            if (strcmp(node->parameters[slot].name, arg->u.text) == 0)
                break;
        if (slot == node->count)
            return no_parameter(e, frame, arg, inner->function);
        arg = arg->child[0];
    } else {
        slot = (*next)++;
        uint32_t end = i >= call->first_extra ? node->count : node->inputs;
        if (slot >= end)
            return too_many(e, frame, arg->span, inner->function, call->count - 1);
    }
    if (inner->slots[slot].kind != DW_NOTHING)
        return dw_eval_fail(e, frame, arg->span, DW_ERR_TYPE, "%s is given twice",
                            node->parameters[slot].name);
    bool fine = arg->kind == DW_NODE_COMPREHENSION
                    ? dw_loop_comprehension(e, frame, arg, &inner->slots[slot])
                    : dw_express_node(e, frame, arg, &inner->slots[slot]);
    if (fine && inner->slots[slot].kind == DW_NOTHING)
        return dw_eval_fail(e, frame, arg->span, DW_ERR_TYPE, "this gives no value");
    return fine;
}

static bool call_written(dw_eval *e, dw_frame *frame, const dw_node *call, dw_function *f,
                         dw_value *out) {
    dw_frame inner = {.function = f, .unit = f->unit};
    const dw_function_node *node = f->node->u.function;
    if (!push_slots(e, frame, call->span, node->slots, &inner.slots))
        return false;
    uint32_t next = 0;
    for (uint32_t i = 1; i < call->count; i++) {
        if (i == call->first_extra)
            next = node->inputs;
        if (!set_argument(e, frame, call, i, &inner, &next)) {
            pop_slots(e, inner.slots, node->slots);
            return false;
        }
    }
    return run_body(e, frame, call->span, &inner, out);
}

static bool call_written_values(dw_eval *e, const dw_frame *frame, dw_span place, dw_function *f,
                                const dw_value *args, size_t count, dw_value *out) {
    dw_frame inner = {.function = f, .unit = f->unit};
    const dw_function_node *node = f->node->u.function;
    if (count > node->inputs)
        return too_many(e, frame, place, f, count);
    if (!push_slots(e, frame, place, node->slots, &inner.slots))
        return false;
    for (size_t i = 0; i < count; i++)
        inner.slots[i] = dw_value_retain(args[i]);
    return run_body(e, frame, place, &inner, out);
}

bool dw_invoke_closure(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    const dw_function_node *f = node->u.function;
    uint32_t trainable = f->count - f->inputs, count = f->capture_count + trainable;
    dw_function *made = dw_mem_new(e->mem, sizeof *made + count * sizeof(dw_value));
    if (made == NULL)
        return dw_err_memory(e->err, "a function");
    *made =
        (dw_function){.refs = 1, .unit = dw_unit_retain(frame->unit), .node = node, .count = count};
    *out = (dw_value){.kind = DW_FUNCTION, .as.function = made};
    for (uint32_t i = 0; i < f->capture_count; i++) {
        dw_capture from = f->captures[i];
        dw_value self = {.kind = DW_FUNCTION, .as.function = frame->function};
        made->values[i] =
            dw_value_retain(from.from == DW_PLACE_LOCAL     ? frame->slots[from.slot]
                            : from.from == DW_PLACE_CAPTURE ? frame->function->values[from.slot]
                                                            : self);
    }
    for (uint32_t i = 0; i < trainable; i++)
        if (!dw_express_node(e, frame, f->parameters[f->inputs + i].fallback,
                             &made->values[f->capture_count + i])) {
            dw_value_release(*out);
            return false;
        }
    return true;
}

/* ---- builtins ---- */

dw_call dw_invoke_blank(dw_eval *e, const dw_frame *frame) {
    dw_call call = {.eval = e, .mem = e->mem, .cancel = &e->cancel, .err = e->err};
    if (frame != NULL && frame->unit != NULL) {
        dw_eval_remember(e, frame->unit);
        call.unit = frame->unit->number;
    }
    return call;
}

/* The names of all optional parameters, for "plot has no option titel; …". */
static const char *nearest_parameter(const dw_builtin *builtin, const char *name, size_t *size) {
    const char *best = NULL, *start;
    size_t length, least = 3;
    bool optional, rest;
    for (size_t i = 0; dw_builtin_parameter(builtin, i, &start, &length, &optional, &rest); i++) {
        char text[64] = "";
        if (length >= sizeof text)
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

static bool no_option(dw_eval *e, const dw_frame *frame, const dw_node *arg,
                      const dw_builtin *builtin) {
    size_t size = 0;
    const char *near = nearest_parameter(builtin, arg->u.text, &size);
    if (near != NULL)
        return dw_eval_fail(e, frame, arg->mark, DW_ERR_NAME,
                            "%s has no option %s; did you mean %.*s?", builtin->name, arg->u.text,
                            (int)size, near);
    return dw_eval_fail(e, frame, arg->mark, DW_ERR_NAME, "%s has no option %s; it reads %s",
                        builtin->name, arg->u.text, builtin->signature);
}

static bool find_option(const dw_builtin *builtin, const char *name, size_t *index) {
    const char *start;
    size_t size;
    bool optional, rest;
    for (*index = 0; dw_builtin_parameter(builtin, *index, &start, &size, &optional, &rest);
         ++*index)
        if (!rest && strlen(name) == size && memcmp(name, start, size) == 0)
            return true;
    return false;
}

/* Arguments of a builtin while they are worked out: values live on the stack of frames so that an
 * error in a later one releases the earlier ones. */
typedef struct {
    dw_eval *e;
    const dw_function *f;
    dw_call call;
    dw_value *slots; /* parameters, then the unnamed arguments of a … parameter */
    uint32_t slot_count;
    dw_span rest_spans[REST_ARGUMENTS];
    const char *rest_names[REST_ARGUMENTS];
    size_t next; /* unnamed arguments so far */
} binding;

static bool wrong_count(binding *b, const dw_frame *frame, dw_span place, size_t given) {
    return dw_eval_fail(b->e, frame, place, DW_ERR_TYPE, "%s takes %s%u value%s: %s; here are %zu",
                        b->f->builtin->name, b->f->required < b->f->parameters ? "at most " : "",
                        b->f->parameters, b->f->parameters == 1 ? "" : "s",
                        b->f->builtin->signature, given);
}

/* Where the next unnamed argument goes. */
static bool next_slot(binding *b, const dw_frame *frame, dw_span span, size_t given,
                      dw_value **slot) {
    if (b->f->rest) {
        if (b->next == REST_ARGUMENTS)
            return dw_eval_fail(b->e, frame, span, DW_ERR_LIMIT,
                                "%s takes at most %d values at once: put them into a list",
                                b->f->builtin->name, REST_ARGUMENTS);
        b->rest_spans[b->next] = span;
        b->rest_names[b->next] = NULL;
        *slot = &b->slots[b->f->parameters + b->next++];
        return true;
    }
    if (b->next >= b->f->parameters)
        return wrong_count(b, frame, span, given);
    b->call.spans[b->next] = span;
    *slot = &b->slots[b->next++];
    return true;
}

static bool bind_node(binding *b, dw_frame *frame, const dw_node *call, uint32_t i) {
    const dw_node *arg = call->child[i];
    dw_value *slot;
    size_t index = 0;
    bool named = arg->kind == DW_NODE_ARGUMENT;
    bool option = named && find_option(b->f->builtin, arg->u.text, &index);
    if (named && !option && b->f->builtin->named_rest) {
        const char *name = arg->u.text;
        arg = arg->child[0];
        if (!next_slot(b, frame, arg->span, call->count - 1, &slot))
            return false;
        b->rest_names[b->next - 1] = name;
    } else if (named) {
        if (!option)
            return no_option(b->e, frame, arg, b->f->builtin);
        slot = &b->slots[index];
        b->call.spans[index] = arg->child[0]->span;
        if (slot->kind != DW_NOTHING)
            return dw_eval_fail(b->e, frame, arg->mark, DW_ERR_TYPE, "%s is given twice",
                                arg->u.text);
        arg = arg->child[0];
    } else if (!next_slot(b, frame, arg->span, call->count - 1, &slot)) {
        return false;
    }
    bool fine = arg->kind == DW_NODE_COMPREHENSION ? dw_loop_comprehension(b->e, frame, arg, slot)
                                                   : dw_express_node(b->e, frame, arg, slot);
    if (fine && slot->kind == DW_NOTHING)
        return dw_eval_fail(b->e, frame, arg->span, DW_ERR_TYPE, "this gives no value");
    return fine;
}

static bool run_builtin(binding *b, const dw_frame *frame, dw_span place, size_t given,
                        dw_value *out) {
    dw_eval *e = b->e;
    for (size_t i = b->f->rest; i < b->f->required; i++)
        if (b->slots[i].kind == DW_NOTHING)
            return dw_eval_fail(e, frame, place, DW_ERR_TYPE,
                                "%s needs %s%u value%s: %s; here %s %zu", b->f->builtin->name,
                                b->f->required < b->f->parameters ? "at least " : "",
                                b->f->required, b->f->required == 1 ? "" : "s",
                                b->f->builtin->signature, given == 1 ? "is" : "are", given);
    memcpy(b->call.args, b->slots, b->f->parameters * sizeof(dw_value));
    b->call.count = b->f->parameters;
    b->call.rest = b->slots + b->f->parameters;
    b->call.rest_count = b->f->rest ? b->next : 0;
    b->call.rest_spans = b->rest_spans;
    b->call.rest_names = b->rest_names;
    b->call.builtin = b->f->builtin;
    *out = dw_value_nothing();
    if (!enter(e, frame, place))
        return false;
    bool fine = b->f->builtin->run(&b->call, out);
    e->calls--;
    return fine || dw_eval_place(e, frame, place);
}

static bool start_binding(binding *b, dw_eval *e, const dw_frame *frame, dw_span place,
                          const dw_function *f) {
    b->e = e;
    b->f = f;
    b->next = 0;
    b->call = dw_invoke_blank(e, frame);
    b->slot_count = f->parameters + (f->rest ? REST_ARGUMENTS : 0u);
    for (size_t i = 0; i < f->parameters; i++)
        b->call.spans[i] = place;
    return push_slots(e, frame, place, b->slot_count, &b->slots);
}

static bool call_builtin(dw_eval *e, dw_frame *frame, const dw_node *call, const dw_function *f,
                         dw_value *out) {
    binding b;
    if (!start_binding(&b, e, frame, call->mark, f))
        return false;
    bool fine = true;
    for (uint32_t i = 1; fine && i < call->count; i++)
        fine = bind_node(&b, frame, call, i);
    fine = fine && run_builtin(&b, frame, call->span, call->count - 1, out);
    pop_slots(e, b.slots, b.slot_count);
    return fine;
}

static bool call_builtin_values(dw_eval *e, const dw_frame *frame, dw_span place,
                                const dw_function *f, const dw_value *args, size_t count,
                                dw_value *out) {
    binding b;
    if (!start_binding(&b, e, frame, place, f))
        return false;
    bool fine = true;
    for (size_t i = 0; fine && i < count; i++) {
        dw_value *slot;
        fine = next_slot(&b, frame, place, count, &slot);
        if (fine)
            *slot = dw_value_retain(args[i]);
    }
    fine = fine && run_builtin(&b, frame, place, count, out);
    pop_slots(e, b.slots, b.slot_count);
    return fine;
}

/* ---- any of them ---- */

static bool not_a_function(dw_eval *e, const dw_frame *frame, const dw_node *callee, dw_value v) {
    char words[DW_VALUE_WORDS];
    const char *name = callee->kind == DW_NODE_NAME ? callee->u.text : "this";
    return dw_eval_fail(e, frame, callee->span, DW_ERR_TYPE,
                        "%s is %s, not a function: write %s*( … ) for a product, %s[ … ] for an "
                        "element",
                        name, dw_value_words(v, words), name, name);
}

/* f(x) of an operation on one number, the most frequent call of all. */
static bool call_elem(dw_eval *e, dw_frame *frame, const dw_node *node, const dw_builtin *builtin,
                      dw_value *out) {
    dw_elem_unary op = (dw_elem_unary)(builtin->elem - 1);
    if (!dw_express_node(e, frame, node->child[1], out))
        return false;
    if (out->kind != DW_NUMBER)
        return true;
    out->as.number = dw_elem_number1(op, out->as.number);
    return true;
}

static bool call_function(dw_eval *e, dw_frame *frame, const dw_node *node, dw_function *f,
                          dw_value *out) {
    if (f->builtin != NULL) {
        bool short_way = f->builtin->elem != 0 && node->count == 2 &&
                         node->child[1]->kind != DW_NODE_ARGUMENT &&
                         node->child[1]->kind != DW_NODE_COMPREHENSION;
        if (!short_way)
            return call_builtin(e, frame, node, f, out);
        if (!call_elem(e, frame, node, f->builtin, out))
            return false;
        if (out->kind == DW_NUMBER)
            return true;
        dw_value arg = *out;
        bool fine = call_builtin_values(e, frame, node->child[1]->span, f, &arg, 1, out);
        dw_value_release(arg);
        return fine;
    }
    if (f->node != NULL)
        return call_written(e, frame, node, f, out);
    if (node->count != 2)
        return dw_eval_fail(e, frame, node->span, DW_ERR_TYPE,
                            "a chain of functions takes one value, here are %u", node->count - 1);
    dw_value arg;
    if (!dw_express_node(e, frame, node->child[1], &arg))
        return false;
    dw_value function = {.kind = DW_FUNCTION, .as.function = f};
    bool fine = dw_invoke_values(e, frame, node->span, function, &arg, 1, out);
    dw_value_release(arg);
    return fine;
}

bool dw_invoke_node(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_value callee;
    if (!dw_express_node(e, frame, node->child[0], &callee))
        return false;
    bool fine = callee.kind == DW_FUNCTION ? call_function(e, frame, node, callee.as.function, out)
                                           : not_a_function(e, frame, node->child[0], callee);
    dw_value_release(callee);
    return fine;
}

static bool call_chain(dw_eval *e, const dw_frame *frame, dw_span place, const dw_function *f,
                       const dw_value *args, size_t count, dw_value *out) {
    if (count != 1)
        return dw_eval_fail(e, frame, place, DW_ERR_TYPE,
                            "a chain of functions takes one value, here are %zu", count);
    dw_value value = dw_value_retain(args[0]);
    for (uint32_t i = 0; i < f->count; i++) {
        dw_value next;
        bool fine = dw_invoke_values(e, frame, place, f->values[i], &value, 1, &next);
        dw_value_release(value);
        if (!fine)
            return false;
        value = next;
    }
    *out = value;
    return true;
}

bool dw_invoke_values(dw_eval *e, const dw_frame *frame, dw_span place, dw_value function,
                      const dw_value *args, size_t count, dw_value *out) {
    char words[DW_VALUE_WORDS];
    if (function.kind != DW_FUNCTION)
        return dw_eval_fail(e, frame, place, DW_ERR_TYPE, "a function is needed here, this is %s",
                            dw_value_words(function, words));
    dw_function *f = function.as.function;
    if (f->builtin != NULL)
        return call_builtin_values(e, frame, place, f, args, count, out);
    if (f->node == NULL)
        return call_chain(e, frame, place, f, args, count, out);
    return call_written_values(e, frame, place, f, args, count, out);
}
