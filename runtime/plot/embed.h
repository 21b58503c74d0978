/* SPDX-License-Identifier: BSD-3-Clause */
/* A cleaned picture inside an <img>: front ends and exporters strip inline SVG and keep images. */
#ifndef DW_EMBED_H
#define DW_EMBED_H

#include "base/buf.h"

typedef struct {
    const char *svg; /* size bytes */
    size_t size;
    const char *alt;
    unsigned width, height; /* pixels it takes on the page */
} dw_embed;

/* Appends the image with the picture as base64. */
void dw_embed_image(dw_buf *out, const dw_embed *picture);

/* The same with the picture as it is, on lines of its own. No browser shows this: the script of a
 * film puts an address in its place. */
void dw_embed_raw(dw_buf *out, const dw_embed *picture);

#endif
