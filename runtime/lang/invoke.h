/* SPDX-License-Identifier: BSD-3-Clause */
/* Calling functions: builtins, functions of the language, chains. */
#ifndef DW_INVOKE_H
#define DW_INVOKE_H

#include "lang/builtin.h"
#include "lang/eval.h"

/* The value of a CALL node. */
bool dw_invoke_node(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value *out) DW_CHECK;

/* Calls with values instead of argument nodes; `place` is where errors of a builtin are put. */
bool dw_invoke_values(dw_eval *eval, const dw_frame *frame, dw_span place, dw_value function,
                      const dw_value *args, size_t count, dw_value *out) DW_CHECK;

/* The value of a FUNCTION node: a function with the values it brings along. */
bool dw_invoke_closure(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value *out) DW_CHECK;

/* A call without arguments, for the parts of a library that are not called from the language. */
dw_call dw_invoke_blank(dw_eval *eval, const dw_frame *frame);

#endif
