/* SPDX-License-Identifier: BSD-3-Clause */
/* A figure or a page of figures as a script for gnuplot that writes the picture to standard output:
 * the SVG, then DW_SCRIPT_MARK on a line of its own, then (if asked for) the PDF. */
#ifndef DW_SCRIPT_H
#define DW_SCRIPT_H

#include "base/buf.h"
#include "plot/figure.h"

#define DW_SCRIPT_MARK "=dw-svg="

/* Appends the script to `out` and sets the picture's size in pixels. PLOT errors as dw_extent_find.
 */
bool dw_script_write(const dw_figure *figure, bool pdf, dw_buf *out, unsigned *width,
                     unsigned *height, dw_err *err) DW_CHECK;

#endif
