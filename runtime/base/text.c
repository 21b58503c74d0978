/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8 by hand, so that what counts as valid is decided in one place; letter classes and widths
 * come from utf8proc, whose tables do not depend on the locale. */
#include "base/text.h"

#include <string.h>
#include <utf8proc.h>

static bool is_tail(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

size_t dw_text_decode(const char *bytes, size_t size, uint32_t *code) {
    if (size == 0)
        return 0;
    const unsigned char *b = (const unsigned char *)bytes;
    if (b[0] < 0x80) {
        *code = b[0];
        return 1;
    }
    size_t length = b[0] < 0xC2 ? 0 : b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : b[0] < 0xF5 ? 4 : 0;
    if (length == 0 || size < length)
        return 0;
    uint32_t value = b[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if (!is_tail(b[i]))
            return 0;
        value = value << 6 | (b[i] & 0x3Fu);
    }
    bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *code = value;
    return length;
}

size_t dw_text_encode(uint32_t code, char out[4]) {
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        code = 0xFFFD;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)((0xF00u >> length & 0xF0u) | code);
    return length;
}

size_t dw_text_valid(const char *bytes, size_t size) {
    size_t at = 0;
    uint32_t code;
    while (at < size) {
        uint64_t eight; /* plain ASCII goes by eights */
        if (size - at >= sizeof eight) {
            memcpy(&eight, bytes + at, sizeof eight);
            if ((eight & 0x8080808080808080u) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        size_t length = dw_text_decode(bytes + at, size - at, &code);
        if (length == 0)
            break;
        at += length;
    }
    return at;
}

bool dw_text_check(const dw_mem *mem, const char *bytes, size_t size, size_t *valid, dw_err *err) {
    enum { PIECE = 1 << 20, LONGEST = 4 /* bytes of a character, which a piece may cut */ };
    size_t good, left;
    *valid = 0;
    do {
        if (!dw_cancel_goes_on(mem->cancel, 0, err))
            return false;
        left = size - *valid < PIECE ? size - *valid : PIECE;
        good = dw_text_valid(bytes + *valid, left);
        *valid += good;
    } while (*valid < size && good > 0 && good + LONGEST > left);
    return true;
}

void dw_text_repair(const char *bytes, size_t size, dw_buf *out) {
    size_t at = 0;
    while (at < size) {
        size_t good = dw_text_valid(bytes + at, size - at);
        dw_buf_add(out, bytes + at, good);
        at += good;
        if (at < size) {
            dw_buf_add(out, "\xEF\xBF\xBD", 3);
            at++;
        }
    }
}

size_t dw_text_count(const char *bytes, size_t size) {
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += !is_tail((unsigned char)bytes[i]);
    return count;
}

size_t dw_text_offset(const char *bytes, size_t size, size_t code_points) {
    size_t at = 0;
    for (; code_points > 0 && at < size; code_points--) {
        at++;
        while (at < size && is_tail((unsigned char)bytes[at]))
            at++;
    }
    return at;
}

size_t dw_text_width(const char *bytes, size_t size) {
    size_t width = 0;
    uint32_t code;
    for (size_t at = 0; at < size;) {
        size_t length = dw_text_decode(bytes + at, size - at, &code);
        if (length == 0) { /* not valid: shown as one replacement character */
            at++;
            width++;
            continue;
        }
        int columns = utf8proc_charwidth((utf8proc_int32_t)code);
        width += columns > 0 ? (size_t)columns : 0;
        at += length;
    }
    return width;
}

void dw_text_lower(const char *bytes, size_t size, dw_buf *out) {
    uint32_t code;
    size_t length;
    for (size_t at = 0; (length = dw_text_decode(bytes + at, size - at, &code)) > 0; at += length) {
        char small[4];
        uint32_t lower = (uint32_t)utf8proc_tolower((utf8proc_int32_t)code);
        dw_buf_add(out, small, dw_text_encode(lower, small));
    }
}

/* Raised letters such as ᵀ and ⁿ are letters to Unicode but operators to the language. */
static bool is_raised(uint32_t code) {
    return (code >= 0x2B0 && code <= 0x2B8) || (code >= 0x1D2C && code <= 0x1D61) ||
           (code >= 0x2070 && code <= 0x207F) || code == 0xAA || code == 0xBA;
}

bool dw_text_is_letter(uint32_t code) {
    if (code < 0x80)
        return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code == '_';
    switch (utf8proc_category((utf8proc_int32_t)code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return !is_raised(code);
    default:
        return false;
    }
}

bool dw_text_is_name_part(uint32_t code) {
    if (code < 0x80)
        return dw_text_is_letter(code) || (code >= '0' && code <= '9');
    if (code >= 0x2080 && code <= 0x2089) /* subscript digits are digits */
        return true;
    switch (utf8proc_category((utf8proc_int32_t)code)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
        return true;
    default:
        return dw_text_is_letter(code);
    }
}

size_t dw_text_line(const char *bytes, size_t size, size_t offset, dw_span *line) {
    if (offset > size)
        offset = size;
    size_t number = 1, start = 0;
    for (size_t i = 0; i < offset; i++) {
        if (bytes[i] == '\n') {
            number++;
            start = i + 1;
        }
    }
    size_t end = offset;
    while (end < size && bytes[end] != '\n')
        end++;
    if (end > start && bytes[end - 1] == '\r')
        end--;
    *line = (dw_span){.start = (uint32_t)start, .end = (uint32_t)end};
    return number;
}

enum { LOOKED_AT = 64 };

/* The first characters of a text as code points; returns how many. */
static size_t code_points(const char *text, uint32_t out[LOOKED_AT]) {
    size_t size = strlen(text), count = 0;
    for (size_t at = 0; at < size && count < LOOKED_AT; count++) {
        size_t length = dw_text_decode(text + at, size - at, &out[count]);
        if (length == 0) {
            out[count] = (unsigned char)text[at];
            length = 1;
        }
        at += length;
    }
    return count;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

size_t dw_text_distance(const char *a, const char *b) {
    uint32_t x[LOOKED_AT], y[LOOKED_AT];
    size_t n = code_points(a, x), m = code_points(b, y);
    size_t rows[3][LOOKED_AT + 1]; /* row i % 3 holds the distances of x[0…i) to every y[0…j) */
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            row[j] = least(above[j - 1] + (x[i - 1] != y[j - 1]), 1 + least(above[j], row[j - 1]));
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                row[j] = least(row[j], 1 + two_above[j - 2]);
        }
    }
    return rows[n % 3][m];
}
