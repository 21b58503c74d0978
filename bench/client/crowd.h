/* SPDX-License-Identifier: BSD-3-Clause */
/* Many kernels at once, as on the machine of a class. */
#ifndef CL_CROWD_H
#define CL_CROWD_H

#include "measure.h"

/* Starts `count` kernels at once and asks each for a cell. {"seconds": from the first start until
 * all have answered, "round": until all have answered once more, "answered": how many gave the
 * right reply, "pss", "rss": kB of all together}. NULL: one could not be started. */
json_t *cl_crowd_measure(const cl_task *task);

#endif
