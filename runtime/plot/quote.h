/* SPDX-License-Identifier: BSD-3-Clause */
/* The only two ways in which texts and numbers enter a script for gnuplot. Everything else in a
 * script is a constant of this program. */
#ifndef DW_QUOTE_H
#define DW_QUOTE_H

#include "base/buf.h"

/* Appends a text as a single-quoted string: gnuplot runs no commands and expands nothing in these.
 * Quotes are doubled (or become ’ where gnuplot does not understand that), control characters
 * become spaces. NULL counts as "". */
void dw_quote_text(dw_buf *out, const char *text);

/* The same for the words of a tick, in which gnuplot looks for % formats. */
void dw_quote_tick(dw_buf *out, const char *text);

/* Appends a number so that reading it gives the same number; one that is not finite becomes NaN. */
void dw_quote_number(dw_buf *out, double x);

/* Appends a number with nine digits, enough for a place in a picture whose range is not tiny. */
void dw_quote_place(dw_buf *out, double x);

#endif
