/* SPDX-License-Identifier: BSD-3-Clause */
/* Calling nets. The evaluator's calls (invoke.h) come here; what is traced is traced through. */
#ifndef DW_NET_CALL_H
#define DW_NET_CALL_H

#include "lang/invoke.h"

/* Calls a chain (net or not) or a layer with values: one sample, or as many numbers as the net
 * begins with. A classifier that knows its labels answers with a labelled column, except inside a
 * trace. */
bool dw_net_call(dw_eval *eval, const dw_frame *frame, dw_span place, dw_value f, dw_values args,
                 dw_value *out) DW_CHECK;

/* The same for one stage of a chain, any function: never labelled. */
bool dw_net_call_stage(dw_eval *eval, const dw_frame *frame, dw_span place, dw_value f, dw_value x,
                       dw_value *out) DW_CHECK;

/* A CALL node whose function is a chain or a layer: f(x), f(x; w), f(x; W1 = …). */
bool dw_net_call_node(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value f,
                      dw_value *out) DW_CHECK;

#endif
