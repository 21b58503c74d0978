/* SPDX-License-Identifier: BSD-3-Clause */
/* Calling builtins: arguments go to the parameters of the signature, by order or by name. */
#ifndef DW_INVOKE_BUILTIN_H
#define DW_INVOKE_BUILTIN_H

#include "lang/builtin.h"
#include "lang/invoke.h"

/* The value of a CALL node whose function is a builtin. */
bool dw_invoke_builtin(dw_eval *eval, dw_frame *frame, const dw_node *node, const dw_function *f,
                       dw_value *out) DW_CHECK;

/* The same with values; frame may be NULL, `place` is where errors are put. */
bool dw_invoke_builtin_values(dw_eval *eval, const dw_frame *frame, dw_span place,
                              const dw_function *f, dw_values args, dw_value *out) DW_CHECK;

/* A call without arguments, for the parts of a library that are not called from the language. */
dw_call dw_invoke_builtin_blank(dw_eval *eval, const dw_frame *frame);

#endif
