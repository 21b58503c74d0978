/* SPDX-License-Identifier: BSD-3-Clause */
/* The script of a film. */
#ifndef DW_FILM_SCRIPT_H
#define DW_FILM_SCRIPT_H

/* The text of the script: one line of JavaScript. */
const char *dw_film_script_text(void);

/* The script of a film that comes behind sliders which a kernel moves (class dw-film-live): the
 * film stands back for as long as the output before it holds such sliders (class dw-live) and they
 * are connected; where that output only says that a widget is lost, it goes and the film stays. */
const char *dw_film_script_live(void);

#endif
