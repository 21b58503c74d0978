/* SPDX-License-Identifier: BSD-3-Clause */
/* Values put together from others: texts with insertions, [ ], records, chains of functions. */
#ifndef DW_COMPOSE_H
#define DW_COMPOSE_H

#include "lang/eval.h"

/* The value of a JOINED_TEXT, LIST, RECORD or ARROW node. */
bool dw_compose_text(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value *out) DW_CHECK;
bool dw_compose_list(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value *out) DW_CHECK;
bool dw_compose_record(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value *out) DW_CHECK;
bool dw_compose_chain(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value *out) DW_CHECK;

#endif
