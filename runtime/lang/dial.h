/* SPDX-License-Identifier: BSD-3-Clause */
/* A knob of a panel: what it can be set to, and the value of the language that a setting means. */
#ifndef DW_DIAL_H
#define DW_DIAL_H

#include "base/host.h"
#include "lang/knob_values.h"

enum {
    DW_DIAL_MOST = 1000
}; /* values of a list that can be chosen; of longer ones as many, even */

typedef struct {
    dw_panel_knob knob;    /* name and labels are the dial's own */
    dw_knob_values values; /* of every kind but RANGE */
    char **labels;
} dw_dial;

/* Where a knob comes from: what stands behind its `in`, and where it starts. */
typedef struct {
    dw_value range, start;
    bool plays; /* an animation, whose interval means its whole steps */
} dw_dial_source;

/* A dial over a range (an interval is a RANGE, an even row STEPS, [false, true] a SWITCH,
 * everything else CHOICES) that stands at the start; an interval is widened to hold it. Errors as
 * of dw_knob_values_choose; *out is then empty. Free with dw_dial_free. */
bool dw_dial_make(dw_mem *mem, const char *name, dw_dial_source source, dw_dial *out,
                  dw_err *err) DW_CHECK;

/* The value a setting means, with a reference. A setting out of reach means the nearest, what is no
 * number the start. */
dw_value dw_dial_value(const dw_dial *dial, double setting);

void dw_dial_free(dw_dial *dial);

/* A value in words on one line, not longer than a line of a plot; NULL without memory. */
char *dw_dial_label(dw_mem *mem, dw_value value) DW_CHECK;

#endif
