/* SPDX-License-Identifier: BSD-3-Clause */
/* `deepwhy run FILE.dw`: the cells of a script through the same engine as those of a notebook. */
#ifndef JK_RUN_H
#define JK_RUN_H

#include "engine.h"
#include "gate.h"

/* Runs the script named by the words after `run`. `wake` are both ends of the pipe in which signal
 * handlers leave 'i' and 't'. Returns the exit code: 0; 1 when a cell failed (the following are
 * not run); 2 for words that make no sense or a file that cannot be read. */
int jk_run_main(int count, char **words, const jk_engine_maker *maker, jk_gate *gate,
                const int wake[2]);

#endif
