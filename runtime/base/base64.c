/* SPDX-License-Identifier: BSD-3-Clause */
/* Three bytes are four digits. */
#include "base/base64.h"

#include <stdint.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void put(char to[4], uint32_t three) {
    to[0] = digits[three >> 18];
    to[1] = digits[three >> 12 & 63];
    to[2] = digits[three >> 6 & 63];
    to[3] = digits[three & 63];
}

void dw_base64_encode(char *to, const void *bytes, size_t size) {
    const unsigned char *from = bytes;
    for (; size >= 3; size -= 3, from += 3, to += 4) {
        put(to, (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2]);
    }
    if (size > 0) {
        put(to, (uint32_t)from[0] << 16 | (size == 2 ? (uint32_t)from[1] << 8 : 0));
        to[3] = '=';
        to[2] = size == 2 ? to[2] : '=';
    }
}
