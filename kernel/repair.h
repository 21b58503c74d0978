/* SPDX-License-Identifier: BSD-3-Clause */
/* Makes text fit for JSON: broken UTF-8 becomes U+FFFD, and so do half surrogate pairs that
 * JavaScript clients write as \uD800 escapes and that the JSON parser would refuse. */
#ifndef JK_REPAIR_H
#define JK_REPAIR_H

#include "bytes.h"

#include <stdbool.h>
#include <stddef.h>

/* Length in bytes (1..4) of the well-formed character at the start of text, or 0 when broken. */
size_t jk_repair_char(const char *text, size_t len);

/* Whether the text is well-formed UTF-8 throughout. */
bool jk_repair_is_clean(const char *text, size_t len);

/* Appends text to `to`, each broken byte replaced by U+FFFD. False: out of memory. */
bool jk_repair_add(jk_bytes *to, const char *text, size_t len);

/* Whether the text gives a terminal no orders, as an escape would: it has no control characters but
 * those that end lines and columns. */
bool jk_repair_is_tame(const char *text, size_t len);

/* The same as jk_repair_add, and orders to a terminal become signs to see, such as ␛. */
bool jk_repair_show(jk_bytes *to, const char *text, size_t len);

/* How many bytes (0..3) at the end of text begin a character whose rest may still come. */
size_t jk_repair_open_tail(const char *text, size_t len);

/* Appends JSON text to `to` with the escapes of lone surrogates replaced by \ufffd.
 * False: out of memory. */
bool jk_repair_escapes(jk_bytes *to, const char *json, size_t len);

#endif
