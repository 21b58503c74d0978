/* SPDX-License-Identifier: BSD-3-Clause */
/* Calling functions: builtins, functions of the language, chains. */
#ifndef DW_INVOKE_H
#define DW_INVOKE_H

#include "lang/eval.h"

/* Values that are passed to a function, borrowed. */
typedef struct {
    const dw_value *items;
    size_t count;
} dw_values;

/* The value of a CALL node. */
bool dw_invoke_node(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value *out) DW_CHECK;

/* Calls with values instead of argument nodes; `place` is where errors of a builtin are put. */
bool dw_invoke_values(dw_eval *eval, const dw_frame *frame, dw_span place, dw_value function,
                      dw_values args, dw_value *out) DW_CHECK;

/* The value of a FUNCTION node: a function with the values it brings along. */
bool dw_invoke_closure(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value *out) DW_CHECK;

/* A piece of the stack of frames: `count` NOTHINGs at *slots. Pop releases what they hold by then;
 * pieces are popped in the opposite order. */
bool dw_invoke_push(dw_eval *eval, const dw_frame *frame, dw_span place, uint32_t count,
                    dw_value **slots) DW_CHECK;
void dw_invoke_pop(dw_eval *eval, const dw_value *slots, uint32_t count);

/* Begins a call: false with a LIMIT error at `place` when too many are inside each other or too
 * little C stack is left, or when the user asked to stop. The caller counts down eval->calls. */
bool dw_invoke_enter(dw_eval *eval, const dw_frame *frame, dw_span place) DW_CHECK;

#endif
