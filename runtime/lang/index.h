/* SPDX-License-Identifier: BSD-3-Clause */
/* Parts of values: x[2], A[2, :], t.loss. */
#ifndef DW_INDEX_H
#define DW_INDEX_H

#include "lang/eval.h"

/* The value of an INDEX or FIELD node. */
bool dw_index_get(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value *out) DW_CHECK;
bool dw_index_field(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value *out) DW_CHECK;

#endif
