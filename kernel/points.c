/* SPDX-License-Identifier: BSD-3-Clause */
/* Code points to bytes and back. */
#include "points.h"

static int starts_character(char c) {
    return ((unsigned char)c & 0xC0) != 0x80;
}

size_t jk_points_to_byte(jk_span text, size_t point) {
    size_t seen = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (starts_character(text.bytes[i])) {
            if (seen == point) {
                return i;
            }
            seen++;
        }
    }
    return text.len;
}

size_t jk_points_at_byte(jk_span text, size_t byte) {
    size_t end = byte < text.len ? byte : text.len;
    size_t seen = 0;
    for (size_t i = 0; i < end; i++) {
        seen += starts_character(text.bytes[i]) ? 1 : 0;
    }
    return seen;
}
