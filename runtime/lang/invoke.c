/* SPDX-License-Identifier: BSD-3-Clause */
/* Calling functions: builtins, functions of the language, chains. */
#include "lang/invoke.h"

#include "lang/derivative.h"
#include "lang/either.h"
#include "lang/express.h"
#include "lang/invoke_builtin.h"
#include "lang/loop.h"
#include "lang/net.h"
#include "lang/net_call.h"

#include <string.h>

bool dw_invoke_push(dw_eval *e, const dw_frame *frame, dw_span place, uint32_t count,
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

void dw_invoke_pop(dw_eval *e, const dw_value *slots, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        dw_value_release(slots[i]);
    e->slots_used -= count;
}

bool dw_invoke_enter(dw_eval *e, const dw_frame *frame, dw_span place) {
    const char *here = __builtin_frame_address(0);
    size_t used = here < e->stack_base ? (size_t)(e->stack_base - here) : 0;
    if (e->calls >= DW_EVAL_CALLS)
        return dw_eval_fail(e, frame, place, DW_ERR_LIMIT,
                            "%u calls inside each other: does this function call itself without "
                            "an end?",
                            e->calls);
    if (used > e->stack_limit)
        return dw_eval_fail(e, frame, place, DW_ERR_LIMIT,
                            "calls inside each other fill %zu MB: does this function call itself "
                            "without an end?",
                            e->stack_limit >> 20);
    if (!dw_eval_poll(e, frame, place))
        return false;
    e->calls++;
    return true;
}

static const char *name_of(const dw_function *f) {
    const char *name = f->node->u.function->name;
    return name != NULL ? name : "this function";
}

/* ---- functions written in the language ---- */

enum { NAMES = 128 };

/* The inputs of a function as its definition names them: "x, y". */
static const char *inputs_of(const dw_function *f, char out[NAMES]) {
    const dw_function_node *node = f->node->u.function;
    out[0] = '\0';
    for (uint32_t i = 0; i < node->inputs; i++) {
        strncat(out, i > 0 ? ", " : "", NAMES - strlen(out) - 1);
        strncat(out, node->parameters[i].name, NAMES - strlen(out) - 1);
    }
    return out;
}

static DW_EVAL_APART bool too_many(dw_eval *e, const dw_frame *frame, dw_span place,
                                   const dw_function *f, size_t given) {
    uint32_t inputs = f->node->u.function->inputs;
    char names[NAMES];
    return dw_eval_fail(e, frame, place, DW_ERR_TYPE, "%s takes %u value%s (%s), here are %zu",
                        name_of(f), inputs, inputs == 1 ? "" : "s", inputs_of(f, names), given);
}

static DW_EVAL_APART bool too_few(dw_eval *e, const dw_frame *frame, dw_span place,
                                  const dw_function *f, const char *missing) {
    char names[NAMES];
    return dw_eval_fail(e, frame, place, DW_ERR_TYPE, "%s needs a value for %s: it takes (%s)",
                        name_of(f), missing, inputs_of(f, names));
}

/* Works out the defaults of inputs that were not given and puts the parameters after the semicolon
 * into the frame. */
static bool fill_frame(dw_eval *e, dw_frame *inner, const dw_frame *caller, dw_span place) {
    const dw_function *f = inner->function;
    const dw_function_node *node = f->node->u.function;
    for (uint32_t i = 0; i < node->inputs; i++) {
        if (inner->slots[i].kind != DW_NOTHING)
            continue;
        if (node->parameters[i].fallback == NULL)
            return too_few(e, caller, place, f, node->parameters[i].name);
        if (!dw_express_node(e, inner, node->parameters[i].fallback, &inner->slots[i])) {
            inner->slots[i] = dw_value_nothing();
            return false;
        }
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
    bool fine = dw_invoke_enter(e, caller, place);
    if (fine) {
        e->written_calls++;
        fine =
            fill_frame(e, inner, caller, place) && dw_express_node(e, inner, node->child[0], out);
        e->calls--;
        if (!fine)
            dw_eval_called(e, caller, place);
    }
    dw_invoke_pop(e, inner->slots, node->u.function->slots);
    return fine;
}

static DW_EVAL_APART bool no_parameter(dw_eval *e, const dw_frame *frame, const dw_node *arg,
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
    if (!fine)
        inner->slots[slot] = dw_value_nothing(); /* a failed expression may leave anything there */
    if (fine && inner->slots[slot].kind == DW_NOTHING)
        return dw_eval_fail(e, frame, arg->span, DW_ERR_TYPE, "this gives no value");
    return fine;
}

/* f(x; w): one column in the place of the first parameter that holds all of them. */
static bool spread_column(dw_eval *e, const dw_frame *frame, const dw_node *call, dw_frame *inner) {
    const dw_function_node *node = inner->function->node->u.function;
    dw_value f = {.kind = DW_FUNCTION, .as.function = inner->function}, whole;
    dw_value *first = &inner->slots[node->inputs];
    size_t rows, columns, size = dw_net_size(f);
    if (call->first_extra + 1 != call->count || node->count == node->inputs ||
        call->child[call->first_extra]->kind == DW_NODE_ARGUMENT ||
        !dw_either_shape(*first, &rows, &columns))
        return true;
    dw_value start = inner->function->values[node->capture_count];
    size_t height, width;
    bool alone = dw_either_shape(start, &height, &width) && height * width == rows * columns;
    if (rows * columns != size && alone)
        return true;
    if (!dw_net_with_flat(e, f, *first, &whole))
        return dw_eval_place(e, frame, call->child[call->first_extra]->span);
    for (uint32_t i = node->inputs; i < node->count; i++) {
        dw_value_release(inner->slots[i]);
        inner->slots[i] =
            dw_value_retain(whole.as.function->values[node->capture_count + i - node->inputs]);
    }
    dw_value_release(whole);
    return true;
}

static bool call_written(dw_eval *e, dw_frame *frame, const dw_node *call, dw_function *f,
                         dw_value *out) {
    dw_frame inner = {.function = f, .unit = f->unit};
    const dw_function_node *node = f->node->u.function;
    if (!dw_invoke_push(e, frame, call->span, node->slots, &inner.slots))
        return false;
    uint32_t next = 0;
    for (uint32_t i = 1; i < call->count; i++) {
        if (i == call->first_extra)
            next = node->inputs;
        if (!set_argument(e, frame, call, i, &inner, &next)) {
            dw_invoke_pop(e, inner.slots, node->slots);
            return false;
        }
    }
    if (!spread_column(e, frame, call, &inner)) {
        dw_invoke_pop(e, inner.slots, node->slots);
        return false;
    }
    return run_body(e, frame, call->span, &inner, out);
}

static bool call_written_values(dw_eval *e, const dw_frame *frame, dw_span place, dw_function *f,
                                dw_values args, dw_value *out) {
    dw_frame inner = {.function = f, .unit = f->unit};
    const dw_function_node *node = f->node->u.function;
    if (args.count > node->inputs)
        return too_many(e, frame, place, f, args.count);
    if (!dw_invoke_push(e, frame, place, node->slots, &inner.slots))
        return false;
    for (size_t i = 0; i < args.count; i++)
        inner.slots[i] = dw_value_retain(args.items[i]);
    return run_body(e, frame, place, &inner, out);
}

static DW_EVAL_APART bool no_start(dw_eval *e, const dw_frame *frame,
                                   const dw_parameter *parameter) {
    return dw_eval_fail(e, frame, parameter->span, DW_ERR_TYPE,
                        "the parameter %s after the semicolon needs a value to start with: write "
                        "%s = 1",
                        parameter->name, parameter->name);
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
    for (uint32_t i = 0; i < trainable; i++) {
        dw_value *start = &made->values[f->capture_count + i];
        const dw_parameter *parameter = &f->parameters[f->inputs + i];
        if (parameter->fallback == NULL)
            return dw_value_drop(out) || no_start(e, frame, parameter);
        if (!dw_express_node(e, frame, parameter->fallback, start)) {
            *start = dw_value_nothing();
            return dw_value_drop(out);
        }
    }
    return true;
}

/* ---- any of them ---- */

static DW_EVAL_APART bool not_a_function(dw_eval *e, const dw_frame *frame, const dw_node *callee,
                                         dw_value v) {
    char words[DW_VALUE_WORDS];
    if (callee->kind != DW_NODE_NAME)
        return dw_eval_fail(e, frame, callee->span, DW_ERR_TYPE,
                            "this is %s, not a function: write * before ( for a product",
                            dw_value_words(v, words));
    const char *name = callee->u.text;
    if (dw_builtin_find(name) != NULL)
        return dw_eval_fail(e, frame, callee->span, DW_ERR_TYPE,
                            "%s is %s here, not the function of the language: give your value "
                            "another name, then run the notebook from the start",
                            name, dw_value_words(v, words));
    return dw_eval_fail(e, frame, callee->span, DW_ERR_TYPE,
                        "%s is %s, not a function: write %s*( … ) for a product, %s[ … ] for an "
                        "element",
                        name, dw_value_words(v, words), name, name);
}

/* A call of a derivative. */
static bool call_derivative_node(dw_eval *e, dw_frame *frame, const dw_node *node,
                                 const dw_function *f, dw_value *out) {
    dw_value arg;
    if (node->count != 2 || node->child[1]->kind == DW_NODE_ARGUMENT)
        return dw_eval_fail(e, frame, node->span, DW_ERR_TYPE,
                            "a derivative takes one value, as in f(2)");
    if (!dw_express_node(e, frame, node->child[1], &arg))
        return false;
    bool fine = dw_derivative_call(e, frame, node->span, f, (dw_values){&arg, 1}, out);
    dw_value_release(arg);
    return fine;
}

bool dw_invoke_node(dw_eval *e, dw_frame *frame, const dw_node *node, dw_value *out) {
    dw_value callee;
    if (!dw_express_node(e, frame, node->child[0], &callee))
        return false;
    bool fine;
    if (callee.kind != DW_FUNCTION)
        fine = not_a_function(e, frame, node->child[0], callee);
    else if (callee.as.function->builtin != NULL)
        fine = dw_invoke_builtin(e, frame, node, callee.as.function, out);
    else if (callee.as.function->node != NULL)
        fine = call_written(e, frame, node, callee.as.function, out);
    else
        fine = callee.as.function->derived != DW_UNDERIVED
                   ? call_derivative_node(e, frame, node, callee.as.function, out)
                   : dw_net_call_node(e, frame, node, callee, out);
    dw_value_release(callee);
    return fine;
}

bool dw_invoke_values(dw_eval *e, const dw_frame *frame, dw_span place, dw_value function,
                      dw_values args, dw_value *out) {
    char words[DW_VALUE_WORDS];
    if (function.kind != DW_FUNCTION)
        return dw_eval_fail(e, frame, place, DW_ERR_TYPE, "a function is needed here, this is %s",
                            dw_value_words(function, words));
    dw_function *f = function.as.function;
    if (f->builtin != NULL)
        return dw_invoke_builtin_values(e, frame, place, f, args, out);
    if (f->derived != DW_UNDERIVED)
        return dw_derivative_call(e, frame, place, f, args, out);
    if (f->node == NULL)
        return dw_net_call(e, frame, place, function, args, out);
    return call_written_values(e, frame, place, f, args, out);
}
