/* SPDX-License-Identifier: BSD-3-Clause */
/* The builtins that make one mark, or a figure of bars or images. Each is the run function of a row
 * in lib_plot.c. */
#ifndef DW_PLOT_MARKS_H
#define DW_PLOT_MARKS_H

#include "lang/thing.h"

bool dw_plot_marks_line(dw_call *call, dw_value *out) DW_CHECK;
bool dw_plot_marks_points(dw_call *call, dw_value *out) DW_CHECK;
bool dw_plot_marks_region(dw_call *call, dw_value *out) DW_CHECK;
bool dw_plot_marks_vline(dw_call *call, dw_value *out) DW_CHECK;
bool dw_plot_marks_hline(dw_call *call, dw_value *out) DW_CHECK;
bool dw_plot_marks_note(dw_call *call, dw_value *out) DW_CHECK;
bool dw_plot_marks_bars(dw_call *call, dw_value *out) DW_CHECK;

#endif
