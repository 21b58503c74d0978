/* SPDX-License-Identifier: BSD-3-Clause */
/* From things to a figure: ranges, sampling, options. */
#ifndef DW_PLOT_BUILD_H
#define DW_PLOT_BUILD_H

#include "lang/thing.h"

/* Options of the builtins that make a figure; texts are borrowed. */
typedef struct {
    const dw_text *title, *xlabel, *ylabel;
    bool xlog, ylog;
    unsigned width, height; /* 0: the usual */
    dw_legend legend;
    const dw_list *names; /* words for the legend in the order of the things, or NULL */
} dw_plot_options;

/* Reads the options title, xlabel, ylabel, log, size, legend, which are the parameters 1 … 6 of the
 * call's builtin. Errors name the option and what it needs. */
bool dw_plot_build_options(dw_call *call, dw_plot_options *out) DW_CHECK;

/* Samples the functions among the things and makes a flat figure with one reference; NULL with an
 * error. */
dw_figure *dw_plot_build_flat(dw_call *call, dw_thing_list *list,
                              const dw_plot_options *options) DW_CHECK;

/* The same for a SURFACE or CONTOUR: the first function is the map, marks are drawn on it. */
dw_figure *dw_plot_build_map(dw_call *call, dw_mark mark, dw_thing_list *list,
                             const dw_plot_options *options) DW_CHECK;

/* Finishes a figure from things that need no sampling (bars, images). */
dw_figure *dw_plot_build_plain(dw_call *call, dw_thing_list *list,
                               const dw_plot_options *options) DW_CHECK;

#endif
