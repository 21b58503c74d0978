/* SPDX-License-Identifier: BSD-3-Clause */
/* Images as text. */
#include "plot/embed.h"

#include "base/base64.h"
#include "plot/svg.h"

#include <string.h>

/* In pieces of whole threes, so that no more memory is needed than the text takes. */
static void put_base64(dw_buf *out, const char *bytes, size_t size) {
    enum { PIECE = 768 };
    char text[DW_BASE64_LENGTH(PIECE)];
    for (size_t at = 0; at < size; at += PIECE) {
        size_t part = size - at < PIECE ? size - at : PIECE;
        dw_base64_encode(text, bytes + at, part);
        dw_buf_add(out, text, DW_BASE64_LENGTH(part));
    }
}

static void begin(dw_buf *out, const dw_embed *picture) {
    dw_buf_text(out, "<img alt=\"");
    dw_svg_escape(out, picture->alt, strlen(picture->alt));
    dw_buf_print(out, "\" width=\"%u\" height=\"%u\" src=\"", picture->width, picture->height);
}

void dw_embed_image(dw_buf *out, const dw_embed *picture) {
    begin(out, picture);
    dw_buf_text(out, "data:image/svg+xml;base64,");
    put_base64(out, picture->svg, picture->size);
    dw_buf_text(out, "\">");
}

void dw_embed_raw(dw_buf *out, const dw_embed *picture) {
    begin(out, picture);
    dw_buf_byte(out, '\n');
    dw_buf_add(out, picture->svg, picture->size);
    dw_buf_text(out, "\">");
}
