/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes as text: base64 with the alphabet of RFC 4648, section 4, and its padding. */
#ifndef DW_BASE64_H
#define DW_BASE64_H

#include <stddef.h>

/* How many characters `size` bytes become. */
#define DW_BASE64_LENGTH(size) (((size) + 2) / 3 * 4)

/* Writes DW_BASE64_LENGTH(size) characters, no NUL. */
void dw_base64_encode(char *to, const void *bytes, size_t size);

#endif
