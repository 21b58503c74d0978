/* SPDX-License-Identifier: BSD-3-Clause */
/* From a figure to a picture in every form a front end may want. */
#ifndef DW_PLOTTER_H
#define DW_PLOTTER_H

#include "base/cancel.h"
#include "base/host.h"
#include "plot/figure.h"
#include "plot/gnuplot.h"

typedef struct dw_plotter dw_plotter;

enum { DW_PLOTTER_FORMS = 4 };

/* A drawn figure. The bundle's parts are text/html (an img with its alt text and the SVG inside),
 * image/svg+xml, application/pdf and text/plain; its alt is the sentence of text/plain. */
typedef struct {
    unsigned width, height; /* pixels */
    dw_bundle bundle;       /* points into the rest */
    dw_part parts[DW_PLOTTER_FORMS];
    char *html, *svg, *pdf, *alt;
} dw_picture;

/* A plotter whose gnuplot starts with the first picture; NULL with a MEMORY error. */
dw_plotter *dw_plotter_new(dw_mem *mem, const dw_gnuplot_options *options, dw_err *err) DW_CHECK;

/* Ends gnuplot and frees everything. NULL is allowed. */
void dw_plotter_free(dw_plotter *plotter);

/* Draws a figure or a page into *out (freed with dw_plotter_drop); `pdf` false leaves the PDF out.
 * The same figures in the same order give the same bytes. Errors: PLOT, INTERRUPT, MEMORY; *out is
 * then empty. `cancel` may be NULL. */
bool dw_plotter_draw(dw_plotter *plotter, const dw_figure *figure, bool pdf,
                     const dw_cancel *cancel, dw_picture *out, dw_err *err) DW_CHECK;

/* The same for a frame of a film (film.h): only image/svg+xml and text/plain, with `page` also
 * text/html. Its ids are those of every frame, so that frames have lines in common; it may stand on
 * a page only inside an image. Figures drawn later do not depend on it. */
bool dw_plotter_frame(dw_plotter *plotter, const dw_figure *figure, bool page,
                      const dw_cancel *cancel, dw_picture *out, dw_err *err) DW_CHECK;

/* Frees what a picture holds. */
void dw_plotter_drop(dw_picture *picture);

/* The plotter's gnuplot; for tests. */
dw_gnuplot *dw_plotter_gnuplot(dw_plotter *plotter);

#endif
