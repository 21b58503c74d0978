/* SPDX-License-Identifier: BSD-3-Clause */
/* Proposals of completion, as they pass from the language to the program that embeds it. */
#ifndef DW_MATCH_H
#define DW_MATCH_H

#include <stddef.h>

/* One proposal. `kind` is "function", "keyword", "constant", "value", "field", "option" or
 * "symbol". */
typedef struct {
    const char *text; /* replaces bytes [start, end) of the source */
    const char *kind;
    const char *signature; /* "" when there is none */
} dw_match;

typedef struct {
    dw_match *matches; /* NULL when there are none */
    size_t count;
    size_t start, end; /* bytes */
    void *owned;       /* what the proposals live in */
} dw_matches;

#endif
