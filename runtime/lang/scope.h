/* SPDX-License-Identifier: BSD-3-Clause */
/* Finds out what every name of a unit means, once, before it runs.
 *
 * Only functions make a scope; the names of a comprehension, and what is assigned inside it, are
 * private to it. A function reads outer names: those of the notebook when it runs (so moving a
 * slider moves every function that mentions it), those of an enclosing function as they are when
 * the inner function is made. */
#ifndef DW_SCOPE_H
#define DW_SCOPE_H

#include "lang/eval.h"

/* Sets place and slot of every name in the unit; the slot of a COMPREHENSION says how many frame
 * slots, from that of its first name on, are its own. False with an error that has a place. */
bool dw_scope_resolve(dw_eval *eval, dw_unit *unit, dw_err *err) DW_CHECK;

#endif
