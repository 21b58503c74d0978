/* SPDX-License-Identifier: BSD-3-Clause */
/* A figure or a page of figures as a script for gnuplot that writes the SVG into its first file
 * and, if asked for, the PDF into its second (see gnuplot.h). */
#ifndef DW_SCRIPT_H
#define DW_SCRIPT_H

#include "base/buf.h"
#include "base/cancel.h"
#include "plot/figure.h"

typedef struct {
    bool pdf;
    const dw_cancel *cancel; /* NULL: nobody can stop it */
} dw_script_way;

/* Appends the script to `out` and sets the picture's size in pixels. Errors as dw_extent_find. */
bool dw_script_write(const dw_figure *figure, dw_script_way way, dw_buf *out, unsigned *width,
                     unsigned *height, dw_err *err) DW_CHECK;

#endif
