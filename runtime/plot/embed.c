/* SPDX-License-Identifier: BSD-3-Clause */
/* Images as text. */
#include "plot/embed.h"

#include "plot/svg.h"

#include <string.h>

static void put_base64(dw_buf *out, const char *bytes, size_t size) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *b = (const unsigned char *)bytes;
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t three = (uint32_t)b[i] << 16 | (left > 1 ? (uint32_t)b[i + 1] << 8 : 0) |
                         (left > 2 ? (uint32_t)b[i + 2] : 0);
        char four[4] = {digits[three >> 18], digits[three >> 12 & 63],
                        left > 1 ? digits[three >> 6 & 63] : '=',
                        left > 2 ? digits[three & 63] : '='};
        dw_buf_add(out, four, 4);
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
