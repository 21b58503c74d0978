/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors as a reader sees them: the place, what is wrong, the line, the caret. */
#ifndef DW_EXPLAIN_H
#define DW_EXPLAIN_H

#include "lang/eval.h"

/* Appends "cell 3, line 1: …", then, where the source is known, the line and a caret under the
 * span, then where it was called from. Lines are separated by newlines, none at the end. With
 * `colour` the ANSI colours of a notebook. */
void dw_explain_error(const dw_eval *eval, const dw_err *err, bool colour, dw_buf *out);

#endif
