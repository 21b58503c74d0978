/* SPDX-License-Identifier: BSD-3-Clause */
/* Why the kernel could not do something (start, bind, read a file): one line for a person.
 * Faults of the language travel as jk_failure; this is for the kernel's own. */
#ifndef JK_FAULT_H
#define JK_FAULT_H

#include <stdbool.h>

typedef struct jk_fault {
    char text[512]; /* empty: no fault */
} jk_fault;

/* Words the fault unless it already holds one (the first counts). Always returns false, so that
 * `return jk_fault_set(…)` reads well. `fault` may be NULL. */
bool jk_fault_set(jk_fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
