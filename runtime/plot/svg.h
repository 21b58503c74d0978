/* SPDX-License-Identifier: BSD-3-Clause */
/* gnuplot's SVG made fit for a page among others: no XML prolog, no version, no unused definitions,
 * every id with a prefix of its own, a title and a description for people who cannot see it. */
#ifndef DW_SVG_H
#define DW_SVG_H

#include "base/buf.h"

typedef struct {
    const char *prefix; /* of every id: a letter, then letters and digits */
    const char *title;  /* words; NULL or "" for none */
    const char *alt;    /* one sentence */
    unsigned width, height;
} dw_svg_head;

/* Appends the cleaned picture. A PLOT error when the text is no complete SVG of gnuplot's kind. */
bool dw_svg_clean(const char *raw, size_t size, const dw_svg_head *head, dw_buf *out,
                  dw_err *err) DW_CHECK;

/* Gives every id of a cleaned picture the next prefix of the same length, in place, so that it can
 * stand on a page a second time. Leaves other texts as they are. */
void dw_svg_rename(char *svg, size_t size);

/* Appends text with & < > " as entities and what XML forbids as U+FFFD. */
void dw_svg_escape(dw_buf *out, const char *text, size_t size);

#endif
