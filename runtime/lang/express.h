/* SPDX-License-Identifier: BSD-3-Clause */
/* Expressions: the value of a node. */
#ifndef DW_EXPRESS_H
#define DW_EXPRESS_H

#include "lang/eval.h"

/* The value of an expression in a frame, with one reference for the caller; NOTHING for a call that
 * gives nothing back. */
bool dw_express_node(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value *out) DW_CHECK;

/* The short way for a number written as such or the name of a number; false, doing nothing, for
 * every other node. */
static inline bool dw_express_number(const dw_eval *eval, const dw_frame *frame,
                                     const dw_node *node, double *out) {
    if (node->kind == DW_NODE_NUMBER) {
        *out = node->u.number;
        return true;
    }
    if (node->kind != DW_NODE_NAME ||
        (node->place != DW_PLACE_LOCAL && node->place != DW_PLACE_GLOBAL))
        return false;
    if (node->place == DW_PLACE_GLOBAL && eval->trace != NULL)
        return false; /* a trace notes what is read */
    const dw_value *v =
        node->place == DW_PLACE_LOCAL ? &frame->slots[node->slot] : &eval->globals[node->slot];
    *out = v->as.number;
    return v->kind == DW_NUMBER;
}

#endif
