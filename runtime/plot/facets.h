/* SPDX-License-Identifier: BSD-3-Clause */
/* The pieces of a surface in an SVG. gnuplot writes each twice, as a filled polygon and as the path
 * around it, in groups of their own; one polygon with both takes a third of the room. */
#ifndef DW_FACETS_H
#define DW_FACETS_H

#include "base/buf.h"

/* Joins every polygon with the path around it that follows, in text that dw_svg_clean wrote. What
 * has another form is left as it is, and so is everything when memory runs out. */
void dw_facets_join(dw_buf *svg);

#endif
