/* SPDX-License-Identifier: BSD-3-Clause */
/* Showing the value of a statement in the notebook. */
#ifndef DW_ANSWER_H
#define DW_ANSWER_H

#include "lang/eval.h"

/* Shows a value: a picture as a display, a table as a display with HTML, the value of the last
 * statement of a cell as its result, everything else as a line of text. */
bool dw_answer_value(dw_eval *eval, dw_frame *frame, dw_span place, dw_value v, bool last) DW_CHECK;

/* Prints what is known about a topic: what `?topic` does (NULL: the card of the language). */
bool dw_answer_help(dw_eval *eval, const dw_frame *frame, const dw_node *node) DW_CHECK;

#endif
