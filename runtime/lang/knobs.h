/* SPDX-License-Identifier: BSD-3-Clause */
/* interact and animate. */
#ifndef DW_KNOBS_H
#define DW_KNOBS_H

#include "lang/eval.h"

/* Runs the block of an INTERACT or ANIMATE node with the start values of its knobs, then gives
 * their names back. Where the host wants frames, what the block shows becomes one display, together
 * with what it shows for other values of each knob, the others at their start. Names, the random
 * stream and checks are then those of the start alone; what fails for another value shows its
 * error as that value's state. */
bool dw_knobs_run(dw_eval *eval, dw_frame *frame, const dw_node *node, bool shown) DW_CHECK;

#endif
