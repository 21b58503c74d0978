/* SPDX-License-Identifier: BSD-3-Clause */
/* The error record every fallible function fills.
 *
 * The caller owns it and starts it with zeros (DW_ERR_NONE); the first error wins, later ones are
 * ignored until dw_err_clear. A record needs no allocation, so running out of memory can be told.
 */
#ifndef DW_ERR_H
#define DW_ERR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DW_CHECK __attribute__((warn_unused_result))
#define DW_PRINTF(text_at, args_at) __attribute__((format(printf, text_at, args_at)))

typedef enum {
    DW_ERR_NONE,
#define DW_ERR_KIND(name, ename) DW_ERR_##name,
#include "base/err.def"
#undef DW_ERR_KIND
    DW_ERR_KINDS /* how many there are */
} dw_err_kind;

/* A piece of source text: bytes [start, end) of one unit (a cell or a script). */
typedef struct {
    uint32_t start, end;
} dw_span;

enum { DW_ERR_TEXT = 512, DW_ERR_NOTE = 64, DW_ERR_CALLS = 4 };

/* One call on the way to the error: where a function was called from. */
typedef struct {
    uint32_t unit;
    dw_span span;
} dw_err_call;

typedef struct {
    dw_err_kind kind;
    bool has_place;         /* whether unit and span say where */
    uint32_t unit;          /* which source text `span` points into */
    dw_span span;           /* what the caret marks */
    char text[DW_ERR_TEXT]; /* what is there, what is needed, one thing to try; UTF-8, one line */
    char note[DW_ERR_NOTE]; /* words right of the caret, such as "needs 64"; may be empty */
    dw_err_call calls[DW_ERR_CALLS]; /* innermost first */
    uint32_t call_count;
} dw_err;

/* Sets kind and text (printf style) if no error is set yet. Text that does not fit, and a name that
 * is shortened by a format ("%.60s"), are cut at a whole character. Always returns false, so that
 * `return dw_err_set(err, …)` reads well. */
bool dw_err_set(dw_err *err, dw_err_kind kind, const char *format, ...) DW_PRINTF(3, 4);

/* The same for functions that take such arguments themselves. */
bool dw_err_vset(dw_err *err, dw_err_kind kind, const char *format, va_list args) DW_PRINTF(3, 0);

/* The same for "there is not enough memory for …"; `what` names the thing in plain words. */
bool dw_err_memory(dw_err *err, const char *what);

/* Says where the error happened if no place is set yet. Returns false. */
bool dw_err_place(dw_err *err, uint32_t unit, dw_span span);

/* Sets the words right of the caret if there are none yet. Returns false. */
bool dw_err_note(dw_err *err, const char *format, ...) DW_PRINTF(2, 3);

/* Adds a caller to the list (silently none when the list is full). Returns false. */
bool dw_err_called(dw_err *err, uint32_t unit, dw_span span);

/* Back to no error. */
void dw_err_clear(dw_err *err);

/* The name front ends show for a kind, such as "SyntaxError". */
const char *dw_err_ename(dw_err_kind kind);

#endif
