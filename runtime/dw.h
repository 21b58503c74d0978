/* SPDX-License-Identifier: BSD-3-Clause */
/* deepwhy as a library: a session that runs cells of the language and answers through its host.
 *
 * A session belongs to one thread at a time (dw_session_interrupt excepted, which may be called
 * from any thread and from a signal handler). Nothing here prints, exits or reads the environment.
 */
#ifndef DW_H
#define DW_H

#include "base/buf.h"
#include "base/err.h"
#include "base/host.h"
#include "base/match.h"

typedef struct dw_session dw_session;

/* Bounds. Zero means the default given here. */
typedef struct {
    size_t memory;       /* bytes all values may take together; default 4 GiB */
    size_t stack;        /* bytes of C stack the session may use; default 6 MiB */
    const char *folder;  /* files are read and written below it; NULL: anywhere. Copied. */
    const char *gnuplot; /* program that draws; default "gnuplot", looked up in PATH. Copied. */
    const char *path; /* PATH to look it up in; default "/usr/local/bin:/usr/bin:/bin". Copied. */
    const char *scratch; /* folder for temporary files; default "/tmp". Copied. */
    unsigned threads;    /* that may compute at once, the caller's among them; default 1 */
} dw_limits;

/* A new session, its names all set, seed 0; NULL when there is no memory. The host is copied. */
dw_session *dw_session_open(const dw_host *host, const dw_limits *limits) DW_CHECK;

/* Stops what it started (gnuplot) and frees everything; sets *session to NULL. NULL is allowed. */
void dw_session_free(dw_session **session);

/* Runs a cell or script. `name` says what it is in errors ("cell 3"), first_line the number of its
 * first line there. What it puts out is kept for a while, under the number in "cell 3" or else that
 * of the run, to be shown once more by `again`. False when it failed: *err holds the error,
 * everything computed before it stays. */
bool dw_session_eval(dw_session *session, const char *name, uint32_t first_line, const char *source,
                     size_t size, dw_err *err);

/* Evaluates one expression and appends its text form to `out` (for user_expressions): shows, counts
 * and keeps nothing else. */
bool dw_session_value(dw_session *session, const char *source, size_t size, dw_buf *out,
                      dw_err *err) DW_CHECK;

/* Runs the block of a panel (host.h) again with these settings of its knobs, one for each; the host
 * hears what it shows. The notebook is as it was afterwards: names, chance, files. A setting out of
 * reach counts as the nearest. False with the error, a ValueError when the panel is no longer kept.
 */
bool dw_session_turn(dw_session *session, uint64_t panel, const double *settings, size_t count,
                     dw_err *err) DW_CHECK;

/* Asks a running eval or turn to stop as soon as it can; it then fails with DW_ERR_INTERRUPT.
 * Harmless when nothing runs. Safe in signal handlers and from other threads. */
void dw_session_interrupt(dw_session *session);

/* The error as text: "cell 3, line 1: …", the line, the caret (A.11). One or more lines without a
 * final newline, appended to `out`. With `colour` the ANSI colours of a notebook's traceback. */
void dw_session_explain(dw_session *session, const dw_err *err, bool colour, dw_buf *out);

/* Is this text a whole cell? */
typedef enum { DW_COMPLETE, DW_INCOMPLETE, DW_INVALID } dw_completeness;
dw_completeness dw_session_check(dw_session *session, const char *source, size_t size,
                                 uint32_t *indent);

/* What could stand at the cursor (a byte offset). Runs nothing. Free with dw_session_matches_free.
 */
bool dw_session_complete(dw_session *session, const char *source, size_t size, size_t cursor,
                         dw_matches *out, dw_err *err) DW_CHECK;
void dw_session_matches_free(dw_matches *matches);

/* Help on the name at the cursor, appended to `out` as plain text. False when there is nothing to
 * say (or no memory). detail 1 adds the source of functions. */
bool dw_session_inspect(dw_session *session, const char *source, size_t size, size_t cursor,
                        int detail, dw_buf *out);

/* The version, such as "0.1.0". */
const char *dw_version(void);

/* The account the session's memory is counted on; hosts may use it for their own buffers. */
dw_mem *dw_session_mem(dw_session *session);

#endif
