/* SPDX-License-Identifier: BSD-3-Clause */
/* A figure or a page of figures as a script for gnuplot that writes the SVG into its first file
 * and, if asked for, the PDF into its second (see gnuplot.h). */
#ifndef DW_SCRIPT_H
#define DW_SCRIPT_H

#include "base/buf.h"
#include "plot/figure.h"

/* Appends the script to `out` and sets the picture's size in pixels. PLOT errors as dw_extent_find.
 */
bool dw_script_write(const dw_figure *figure, bool pdf, dw_buf *out, unsigned *width,
                     unsigned *height, dw_err *err) DW_CHECK;

#endif
