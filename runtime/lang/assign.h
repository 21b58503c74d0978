/* SPDX-License-Identifier: BSD-3-Clause */
/* Giving names, fields and elements new values. */
#ifndef DW_ASSIGN_H
#define DW_ASSIGN_H

#include "lang/eval.h"

/* Runs an ASSIGN node: one target gets the value, several take it apart. */
bool dw_assign_statement(dw_eval *eval, dw_frame *frame, const dw_node *node) DW_CHECK;

/* Runs a DEFINE node. */
bool dw_assign_define(dw_eval *eval, dw_frame *frame, const dw_node *node) DW_CHECK;

/* Gives a name a value; takes over the reference. */
void dw_assign_place(dw_eval *eval, dw_frame *frame, dw_place place, uint32_t slot, dw_value taken);

/* Gives the names of a for or comprehension one element: a single name the whole, several names its
 * parts (a table's row by column names where they all match, else in order). Takes over the
 * reference. */
bool dw_assign_names(dw_eval *eval, dw_frame *frame, const dw_node *loop, dw_value taken) DW_CHECK;

#endif
