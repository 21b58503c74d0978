/* SPDX-License-Identifier: BSD-3-Clause */
/* hist, show and image: figures that are not made of marks of their own. */
#ifndef DW_PLOT_HIST_H
#define DW_PLOT_HIST_H

#include "lang/builtin.h"

/* hist(values, title …, bins): how many of the numbers fall into each of a row of equal bins. */
bool dw_plot_hist_run(dw_call *call, dw_value *out) DW_CHECK;

/* show(images, title …): matrices, or columns of square images, in shades of grey side by side. */
bool dw_plot_hist_show(dw_call *call, dw_value *out) DW_CHECK;

/* image(pixels, title): one of them. */
bool dw_plot_hist_image(dw_call *call, dw_value *out) DW_CHECK;

#endif
