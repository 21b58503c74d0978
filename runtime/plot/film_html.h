/* SPDX-License-Identifier: BSD-3-Clause */
/* A film as a piece of a page: what the block shows at its start, a strip of small pictures, and a
 * script that takes the strip away and puts sliders in its place. Where scripts do not run, the
 * strip stays. The piece needs nothing from the network, leaves no names behind, and may stand on a
 * page any number of times. */
#ifndef DW_FILM_HTML_H
#define DW_FILM_HTML_H

#include "plot/film.h"

/* Appends the piece, of at most `limit` bytes if need be by leaving states out (film->step then
 * says which). A MEMORY error when there is no memory. */
bool dw_film_html_write(dw_film *film, size_t limit, dw_buf *out, dw_err *err) DW_CHECK;

#endif
