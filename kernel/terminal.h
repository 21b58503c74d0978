/* SPDX-License-Identifier: BSD-3-Clause */
/* Questions on the standard input: of a person at a terminal, or the lines of a pipe. */
#ifndef JK_TERMINAL_H
#define JK_TERMINAL_H

#include "bytes.h"
#include "engine.h"
#include "gate.h"

#include <stdbool.h>

typedef struct jk_terminal {
    int input;           /* file to read from */
    const jk_gate *gate; /* an interrupt ends the wait for an answer */
    jk_bytes read;       /* what was read beyond the last answer */
    bool has_ended;
} jk_terminal;

/* Prints the question and appends the next line, repaired to UTF-8 and without its end, to
 * `answer`. At a terminal a hidden answer is not echoed; answers that come from elsewhere are
 * printed behind the question, so that the output reads the same. */
jk_ask jk_terminal_ask(jk_terminal *terminal, jk_span question, bool is_hidden, jk_bytes *answer);

void jk_terminal_free(jk_terminal *terminal);

#endif
