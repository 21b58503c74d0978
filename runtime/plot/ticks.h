/* SPDX-License-Identifier: BSD-3-Clause */
/* Round numbers along an axis and how they are written. */
#ifndef DW_TICKS_H
#define DW_TICKS_H

#include "plot/extent.h"

enum { DW_TICKS_MOST = 24, DW_TICKS_LABEL = 32 };

typedef struct {
    size_t count;
    double at[DW_TICKS_MOST];
    char label[DW_TICKS_MOST][DW_TICKS_LABEL]; /* "" for a small tick without a number */
} dw_ticks;

/* Chooses about `want` ticks (2 to 12) within a range; log axes get powers of ten. */
void dw_ticks_choose(const dw_range *range, int want, dw_ticks *out);

/* Writes a number for people: at most `digits` significant digits, a real minus sign, powers of ten
 * as in 2·10⁻⁷ beyond 1e-4 … 1e6. */
void dw_ticks_number(double x, int digits, char out[DW_TICKS_LABEL]);

#endif
