/* SPDX-License-Identifier: BSD-3-Clause */
/* Help while writing: completion, inspection and the help pages. Everything is read from the rows
 * of the builtins, the tables of words and symbols and the values the notebook has; no code of the
 * user runs, and any bytes at all are fine as a source. Places are byte offsets. */
#ifndef DW_ASSIST_H
#define DW_ASSIST_H

#include "base/match.h"
#include "lang/eval.h"

/* What could stand at the cursor: options inside a call, fields behind a point, \names of symbols,
 * else names and words that begin like the one at the cursor. Nothing inside comments and texts
 * (but inside the braces of texts). False only when there is no memory. Free with dw_assist_free.
 */
bool dw_assist_complete(const dw_eval *eval, const char *source, size_t size, size_t cursor,
                        dw_matches *out, dw_err *err) DW_CHECK;
void dw_assist_free(dw_matches *matches);

/* Appends help on the name at the cursor, or on the function whose brackets the cursor is in.
 * detail 1 adds the source of a function. False when there is nothing to say. */
bool dw_assist_inspect(const dw_eval *eval, const char *source, size_t size, size_t cursor,
                       int detail, dw_buf *out);

/* Appends the page of help of a name, word, sign or topic; NULL: the card of the language. False
 * when there is none. */
bool dw_assist_help(const dw_eval *eval, const char *topic, dw_buf *out);

#endif
