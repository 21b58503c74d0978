/* SPDX-License-Identifier: BSD-3-Clause */
/* The script of a film. */
#ifndef DW_FILM_SCRIPT_H
#define DW_FILM_SCRIPT_H

/* The text of the script: one line of JavaScript. */
const char *dw_film_script_text(void);

#endif
