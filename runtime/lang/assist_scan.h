/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the cursor is: what word it touches, what stands before it, in which brackets. Reads words
 * as the parser does but passes over everything it does not understand. */
#ifndef DW_ASSIST_SCAN_H
#define DW_ASSIST_SCAN_H

#include "base/buf.h"
#include "syntax/lex.h"

enum {
    DW_ASSIST_SCAN_BYTES = 1 << 15, /* how far back brackets are looked for */
    DW_ASSIST_SCAN_DEPTH = 64,      /* brackets inside each other that are followed */
    DW_ASSIST_SCAN_NAMES = 64,      /* names that get a value before the cursor, the latest */
    DW_ASSIST_SCAN_GIVEN = 24       /* names of options given so far */
};

typedef struct {
    dw_span word;     /* the name that ends at the cursor, as far as it is written; may be empty */
    dw_span whole;    /* that name with what stands behind the cursor */
    dw_span symbol;   /* \name up to the cursor; empty when there is no backslash */
    bool quiet;       /* inside a comment or the plain part of a text */
    bool field;       /* a point stands before the word … */
    dw_span path;     /* … and this before the point: name, name.name, name[…] */
    bool has_call;    /* the cursor is in the brackets of a call … */
    dw_span function; /* … of this name … */
    bool fresh; /* … where an argument begins (behind the bracket, a comma or a semicolon) */
    dw_span given[DW_ASSIST_SCAN_GIVEN]; /* options that have a value in this call */
    uint32_t given_count;
    dw_span names[DW_ASSIST_SCAN_NAMES]; /* names that get a value in lines before the cursor */
    uint32_t name_count;                 /* may be larger: then the latest are there */
} dw_assist_scan;

/* Looks at source[0 … size) around the byte `cursor` (clamped, moved to the begin of a character).
 */
void dw_assist_scan_read(const char *source, size_t size, size_t cursor, dw_assist_scan *out);

#endif
