/* SPDX-License-Identifier: BSD-3-Clause */
/* Expressions: the value of a node. */
#ifndef DW_EXPRESS_H
#define DW_EXPRESS_H

#include "lang/eval.h"

/* The value of an expression in a frame, with one reference for the caller; NOTHING for a call that
 * gives nothing back. */
bool dw_express_node(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value *out) DW_CHECK;

#endif
