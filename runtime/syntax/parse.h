/* SPDX-License-Identifier: BSD-3-Clause */
/* Source text → syntax tree. One look-ahead, no backtracking, no table of symbols; newline handling
 * is one counter. After the first error the reader of characters returns the end, so the grammar
 * functions stay free of checks. Grammar: docs/language.md. */
#ifndef DW_PARSE_H
#define DW_PARSE_H

#include "syntax/ast.h"

enum {
    DW_PARSE_DEPTH = 200,  /* brackets and blocks inside each other; more is a LIMIT error */
    DW_PARSE_HEIGHT = 1000 /* the highest tree, as of 1 + 1 + 1 + …; more is a LIMIT error */
};

/* Fills unit->root from unit->source. False with a SYNTAX, LIMIT or MEMORY error that has a place.
 */
bool dw_parse_unit(dw_unit *unit, dw_err *err) DW_CHECK;

/* What a console needs to know before it runs a text. */
typedef enum { DW_PARSE_COMPLETE, DW_PARSE_INCOMPLETE, DW_PARSE_INVALID } dw_parse_state;

/* Whether a text is a whole cell, needs more lines (an open bracket, block or continued line), or
 * can never become right. For INCOMPLETE *indent is the number of spaces the next line begins with.
 */
dw_parse_state dw_parse_check(dw_mem *mem, const char *source, size_t size, uint32_t *indent);

/* What to write here instead of a word of another language ("elif", "len", "return"), as the second
 * half of an error ("write else if"); NULL for other names. For messages about unknown names. */
const char *dw_parse_hint(const char *name);

#endif
