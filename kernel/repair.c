/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8 and surrogate repair. */
#include "repair.h"

/* The bounds of the second byte exclude overlong forms, surrogates and beyond U+10FFFF. */
size_t jk_repair_char(const char *text, size_t len) {
    const unsigned char *s = (const unsigned char *)text;
    if (len == 0) {
        return 0;
    }
    if (s[0] < 0x80) {
        return 1;
    }
    if (s[0] < 0xC2 || s[0] > 0xF4) {
        return 0;
    }
    size_t need = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    unsigned char low = s[0] == 0xE0 ? 0xA0 : s[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char high = s[0] == 0xED ? 0x9F : s[0] == 0xF4 ? 0x8F : 0xBF;
    if (len < need || s[1] < low || s[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < need; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return need;
}

/* Offset of the first broken byte, or len. */
static size_t clean_prefix(const char *text, size_t len) {
    size_t at = 0;
    while (at < len) {
        if ((unsigned char)text[at] < 0x80) {
            at++;
            continue;
        }
        size_t step = jk_repair_char(text + at, len - at);
        if (step == 0) {
            break;
        }
        at += step;
    }
    return at;
}

bool jk_repair_is_clean(const char *text, size_t len) {
    return clean_prefix(text, len) == len;
}

bool jk_repair_add(jk_bytes *to, const char *text, size_t len) {
    size_t at = 0;
    while (at < len) {
        size_t good = clean_prefix(text + at, len - at);
        if (good > 0 && !jk_bytes_add(to, text + at, good)) {
            return false;
        }
        at += good;
        if (at < len) {
            if (!jk_bytes_text(to, "\xEF\xBF\xBD")) {
                return false;
            }
            at++;
        }
    }
    return jk_bytes_add(to, "", 0);
}

/* Whether the character at `at` is an order to a terminal rather than something to see. Lines may
 * end as they do elsewhere; after the last character here a line may end. */
static bool is_order(const char *text, size_t len, size_t at) {
    unsigned char c = (unsigned char)text[at];
    if (c == '\r') {
        return at + 1 < len && text[at + 1] != '\n';
    }
    if (c == 0xC2 && at + 1 < len) { /* the codes from U+0080 to U+009F */
        return (unsigned char)text[at + 1] >= 0x80 && (unsigned char)text[at + 1] < 0xA0;
    }
    return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
}

bool jk_repair_is_tame(const char *text, size_t len) {
    for (size_t at = 0; at < len; at++) {
        if (is_order(text, len, at)) {
            return false;
        }
    }
    return true;
}

bool jk_repair_show(jk_bytes *to, const char *text, size_t len) {
    size_t at = 0, start = 0;
    bool ok = jk_bytes_reserve(to, len);
    while (ok && at < len) {
        if (!is_order(text, len, at)) {
            at++;
            continue;
        }
        char picture[] = "\xE2\x90\x80"; /* U+2400 stands for 0, U+2401 for 1 … */
        picture[2] = (char)(0x80 + (text[at] == 0x7F ? 0x21 : text[at]));
        bool two = (unsigned char)text[at] == 0xC2;
        ok = jk_repair_add(to, text + start, at - start) &&
             jk_bytes_text(to, two ? "\xEF\xBF\xBD" : picture);
        at += two ? 2 : 1;
        start = at;
    }
    return ok && jk_repair_add(to, text + start, len - start);
}

size_t jk_repair_open_tail(const char *text, size_t len) {
    size_t most = len < 3 ? len : 3;
    for (size_t back = 1; back <= most; back++) {
        unsigned char lead = (unsigned char)text[len - back];
        if ((lead & 0xC0) == 0x80) {
            continue;
        }
        size_t need = lead >= 0xF0 && lead <= 0xF4   ? 4
                      : lead >= 0xE0 && lead <= 0xEF ? 3
                      : lead >= 0xC2 && lead <= 0xDF ? 2
                                                     : 1;
        return need > back ? back : 0;
    }
    return 0;
}

/* The value of the escape "\uXXXX" at the start of json, or -1. */
static long unicode_escape(const char *json, size_t len) {
    if (len < 6 || json[0] != '\\' || json[1] != 'u') {
        return -1;
    }
    long value = 0;
    for (int i = 2; i < 6; i++) {
        char c = json[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

bool jk_repair_escapes(jk_bytes *to, const char *json, size_t len) {
    size_t at = 0;
    bool ok = jk_bytes_reserve(to, len);
    while (ok && at < len) {
        long value = unicode_escape(json + at, len - at);
        size_t step = value >= 0 ? 6 : json[at] == '\\' && at + 1 < len ? 2 : 1;
        const char *text = json + at;
        if (value >= 0xD800 && value <= 0xDBFF) {
            long next = unicode_escape(json + at + 6, len - at - 6);
            if (next >= 0xDC00 && next <= 0xDFFF) {
                step = 12;
            } else {
                text = "\\ufffd";
            }
        } else if (value >= 0xDC00 && value <= 0xDFFF) {
            text = "\\ufffd";
        }
        ok = jk_bytes_add(to, text, step);
        at += step;
    }
    return ok;
}
