/* SPDX-License-Identifier: BSD-3-Clause */
/* What an optimiser remembers of old gradients fades by a factor at each step, and a weight with
 * a decay may, too. Neither becomes 0: it would end as a subnormal number and stay there, and most
 * processors compute with those a hundred times as slowly. So a number below these bounds counts
 * as 0. They lie far enough above the smallest normal numbers (2^-1022, 2^-126) for a product with
 * a rate to be one, and so low that nothing a user sees moves differently. A flag of the processor
 * flushes such numbers as well, but not at the same moment on all kinds of processors. */
#ifndef DW_FAINT_H
#define DW_FAINT_H

#include <math.h>

#define DW_FAINT_DOUBLE 0x1p-960
#define DW_FAINT_SINGLE 0x1p-100

/* x, or 0 where it is faint; NaN stays. */
static inline double dw_faint_drop(double x) {
    return fabs(x) < DW_FAINT_DOUBLE ? 0 : x;
}

#endif
