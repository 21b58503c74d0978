/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions that builtins make: decision_tree(t) is a function with a tree of its own. What it does
 * is a row like those of the libraries, only in none of them; what it knows are values of the
 * language that it brings along, so nothing has to be freed, copied or compared in a special way.
 *
 * Such a row has a `show`; `run` and `traced` find the values in call->bound. */
#ifndef DW_BOUND_H
#define DW_BOUND_H

#include "lang/builtin.h"

/* A new function of this row that brings along `count` values, which are retained. False with a
 * MEMORY error. */
bool dw_bound_new(dw_mem *mem, const dw_builtin *row, const dw_value *values, size_t count,
                  dw_value *out, dw_err *err) DW_CHECK;

/* The values of a function that was made from this row, borrowed; NULL for any other value. */
const dw_value *dw_bound_values(dw_value f, const dw_builtin *row);

#endif
