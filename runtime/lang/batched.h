/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums and means over a comprehension in a function that is being traced, such as
 * mean((y - f(x))² for x, y in data): the body is run once for all elements, its names standing for
 * batched values (graph.h), and the samples are summed. So the trace is as long as the body and not
 * as the data. */
#ifndef DW_BATCHED_H
#define DW_BATCHED_H

#include "lang/eval.h"

/* The comprehension of a call that can be taken that way, if its range can; else NULL. */
const dw_node *dw_batched_comprehension(const dw_node *call, const dw_function *f);

/* Calls f with that comprehension as its argument. Where the body cannot run once for all (it draws
 * random numbers, decides by an element, stands in such a body itself, …) or there are few
 * elements, it runs for one element after the other, as always. */
bool dw_batched_reduce(dw_eval *eval, dw_frame *frame, const dw_node *call, const dw_function *f,
                       const dw_node *comprehension, dw_value *out) DW_CHECK;

#endif
