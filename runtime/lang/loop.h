/* SPDX-License-Identifier: BSD-3-Clause */
/* The constructs of the shape `name in range`, and the other loops. */
#ifndef DW_LOOP_H
#define DW_LOOP_H

#include "lang/eval.h"

/* The joined values of a comprehension: each element has a random stream of its own. */
bool dw_loop_comprehension(dw_eval *eval, dw_frame *frame, const dw_node *node,
                           dw_value *out) DW_CHECK;

/* The same over a range that is known already. */
bool dw_loop_over(dw_eval *eval, dw_frame *frame, const dw_node *node, dw_value range,
                  dw_value *out) DW_CHECK;

/* Takes the values away from the names of a comprehension. */
void dw_loop_forget(dw_frame *frame, const dw_node *node);

/* Appends the elements of a comprehension to a growing list of pieces, to be joined with others. */
typedef struct {
    dw_value *items;
    size_t count, room;
} dw_loop_pieces;
bool dw_loop_collect(dw_eval *eval, dw_frame *frame, const dw_node *node,
                     dw_loop_pieces *pieces) DW_CHECK;
bool dw_loop_add(dw_eval *eval, dw_loop_pieces *pieces, dw_value taken) DW_CHECK;
void dw_loop_free(dw_loop_pieces *pieces);

/* for, while, repeat. */
bool dw_loop_for(dw_eval *eval, dw_frame *frame, const dw_node *node, bool shown) DW_CHECK;
bool dw_loop_while(dw_eval *eval, dw_frame *frame, const dw_node *node, bool shown) DW_CHECK;
bool dw_loop_repeat(dw_eval *eval, dw_frame *frame, const dw_node *node, bool shown) DW_CHECK;

#endif
