/* SPDX-License-Identifier: BSD-3-Clause */
/* The cells of this process, for history_request. Bounded in bytes: the oldest go first. */
#ifndef JK_HISTORY_H
#define JK_HISTORY_H

#include "span.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define JK_HISTORY_SESSION 1 /* the number of the only session there is */

typedef struct jk_history jk_history;

/* An empty history that keeps at most `limit` bytes of text; NULL without memory. */
jk_history *jk_history_new(size_t limit);

/* Records cell number `line`. The output is its text/plain result; NULL bytes: it had none. */
bool jk_history_add(jk_history *history, long line, jk_span input, jk_span output);

/* The list a history_reply carries, for the content of a history_request: range, tail or search.
 * Unknown kinds give an empty list. NULL: out of memory. */
json_t *jk_history_answer(const jk_history *history, const json_t *content);

/* Whether the whole text matches a pattern with * (any run) and ? (any one character). */
bool jk_history_matches(jk_span pattern, jk_span text);

/* NULL is allowed. */
void jk_history_free(jk_history *history);

#endif
