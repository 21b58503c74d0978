/* SPDX-License-Identifier: BSD-3-Clause */
/* Which signatures were seen before, so that a recorded message cannot be played again.
 * Bounded: the newest 32,768 are always known, the set never holds more than twice that. */
#ifndef JK_SEEN_H
#define JK_SEEN_H

#include "span.h"

#include <stdbool.h>

typedef struct jk_seen jk_seen;

/* An empty set; NULL without memory. One thread uses it. Free with jk_seen_free. */
jk_seen *jk_seen_new(void);

/* Adds a verified signature (hex, at least 16 characters). False when it is in the set already,
 * or there is no memory to remember it (a message that cannot be recorded is not accepted). */
bool jk_seen_add(jk_seen *seen, jk_span hex);

/* NULL is allowed. */
void jk_seen_free(jk_seen *seen);

#endif
