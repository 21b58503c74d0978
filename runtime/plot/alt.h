/* SPDX-License-Identifier: BSD-3-Clause */
/* A figure in words: one sentence with its numbers, for people who cannot see it, for text-only
 * outputs and for tests. The same figure gives the same sentence. */
#ifndef DW_ALT_H
#define DW_ALT_H

#include "base/buf.h"
#include "base/cancel.h"
#include "plot/figure.h"

/* Appends the sentence of a figure or a page; no line ends. Half a sentence when `cancel` (NULL:
 * never) was asked to stop. */
void dw_alt_write(const dw_figure *figure, const dw_cancel *cancel, dw_buf *out);

#endif
