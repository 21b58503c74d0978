/* SPDX-License-Identifier: BSD-3-Clause */
/* The values a slider can take, few enough to be drawn ahead. */
#ifndef DW_KNOB_VALUES_H
#define DW_KNOB_VALUES_H

#include "lang/value.h"

typedef struct {
    dw_value *values;    /* each with a reference; freed with dw_knob_values_free */
    size_t count, start; /* values[start] is where the slider stands at first */
    size_t all;          /* how many there would be without a limit */
} dw_knob_values;

typedef struct {
    size_t wanted; /* values, not counting a start that is not among them; at least 2 */
    bool plays;    /* an animation: an interval means its whole steps, as in a for */
} dw_knob_manner;

/* The value a knob starts with when none is given: the middle of its range, of an animation the
 * first. A VALUE error for a range without values. */
bool dw_knob_values_start(dw_mem *mem, dw_value range, dw_knob_manner manner, dw_value *out,
                          dw_err *err) DW_CHECK;

/* Values over the range, in its order, with `start` among them: of an interval even ones with few
 * digits, of everything else its elements, evenly chosen when there are more than wanted. An
 * interval without ends has only the start. */
bool dw_knob_values_choose(dw_mem *mem, dw_value range, dw_knob_manner manner, dw_value start,
                           dw_knob_values *out, dw_err *err) DW_CHECK;

void dw_knob_values_free(dw_knob_values *values);

#endif
