/* SPDX-License-Identifier: BSD-3-Clause */
/* Dates and versions in a PDF, replaced byte for byte so that no offset in the file changes. */
/* _GNU_SOURCE: memmem. */
#define _GNU_SOURCE
#include "plot/pdf.h"

#include <string.h>

/* After each `key (`, up to the closing parenthesis, digits become those of `digits` in turn. */
static void settle(char *bytes, size_t size, const char *key, const char *digits) {
    char *end = bytes + size, *c = bytes;
    size_t key_size = strlen(key), length = strlen(digits);
    while ((c = memmem(c, (size_t)(end - c), key, key_size)) != NULL) {
        c += key_size;
        size_t used = 0;
        for (int far = 0; c < end && *c != ')' && far < 80; c++, far++)
            if (*c >= '0' && *c <= '9')
                *c = used < length ? digits[used++] : '0';
    }
}

bool dw_pdf_settle(char *bytes, size_t size) {
    if (size < 16 || memcmp(bytes, "%PDF-", 5) != 0)
        return false;
    size_t tail = size < 32 ? size : 32;
    if (memmem(bytes + size - tail, tail, "%%EOF", 5) == NULL)
        return false;
    settle(bytes, size, "/CreationDate (D:", "20000101000000");
    settle(bytes, size, "/ModDate (D:", "20000101000000");
    settle(bytes, size, "/Producer (cairo ", "0");
    return true;
}
