/* SPDX-License-Identifier: BSD-3-Clause */
/* Sliders of Jupyter's widgets, moved as a front end moves them. */
#ifndef CL_DRAG_H
#define CL_DRAG_H

#include "measure.h"

/* Runs `code`, which shows a slider, and moves that for `seconds`: the next place is sent when all
 * that the one before made the kernel do is here (its idle status). {"times": [seconds of each],
 * "outputs": messages other than status that came for them}. NULL: there was no slider. */
json_t *cl_drag_measure(const cl_task *task);

#endif
