/* SPDX-License-Identifier: BSD-3-Clause */
/* Statements, one after another. */
#ifndef DW_STATEMENT_H
#define DW_STATEMENT_H

#include "lang/eval.h"

/* Runs one statement. `shown` says whether an expression shows its value; `last` whether it may be
 * the result of the cell. */
bool dw_statement_run(dw_eval *eval, dw_frame *frame, const dw_node *node, bool shown,
                      bool last) DW_CHECK;

/* Runs the statements of a BLOCK or DO node. */
bool dw_statement_block(dw_eval *eval, dw_frame *frame, const dw_node *block, bool shown) DW_CHECK;

/* Runs them and gives the value of the last line: of an expression, of what was assigned, of the
 * branch an if took; NOTHING when there is none. */
bool dw_statement_value(dw_eval *eval, dw_frame *frame, const dw_node *block,
                        dw_value *out) DW_CHECK;

#endif
