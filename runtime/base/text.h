/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8: validity, code points, lines, widths, and how near two names are. */
#ifndef DW_TEXT_H
#define DW_TEXT_H

#include "base/buf.h"

/* Reads the character at bytes[0…size): sets *code and returns its length in bytes (1 to 4), or 0
 * when the bytes are no valid UTF-8 (overlong forms, surrogates and values over U+10FFFF count as
 * invalid) or size is 0. */
size_t dw_text_decode(const char *bytes, size_t size, uint32_t *code);

/* Writes a code point as UTF-8 into out[4] and returns the length; an invalid one becomes U+FFFD.
 */
size_t dw_text_encode(uint32_t code, char out[4]);

/* The offset of the first invalid byte, or `size` when all is valid UTF-8. */
size_t dw_text_valid(const char *bytes, size_t size);

/* The same for long texts: false when the session of `mem` was interrupted meanwhile. */
bool dw_text_check(const dw_mem *mem, const char *bytes, size_t size, size_t *valid,
                   dw_err *err) DW_CHECK;

/* Appends the bytes to `out`, each invalid byte replaced by U+FFFD. */
void dw_text_repair(const char *bytes, size_t size, dw_buf *out);

/* Code points in a valid text; the byte offset of the n-th code point (size when beyond the end).
 */
size_t dw_text_count(const char *bytes, size_t size);
size_t dw_text_offset(const char *bytes, size_t size, size_t code_points);

/* Columns a terminal or a monospaced cell needs for a valid text (wide letters 2, marks 0). */
size_t dw_text_width(const char *bytes, size_t size);

/* Whether a code point can begin a name (a letter of any script, or _), or go on in one (letters,
 * combining marks, digits). */
bool dw_text_is_letter(uint32_t code);
bool dw_text_is_name_part(uint32_t code);

/* Appends a valid text with its capital letters made small, in any script: one small letter for
 * each, as Unicode pairs them. */
void dw_text_lower(const char *bytes, size_t size, dw_buf *out);

/* Line number (from 1) of a byte offset, and the span of that line without its line end. */
size_t dw_text_line(const char *bytes, size_t size, size_t offset, dw_span *line);

/* Edit distance (insert, delete, replace, swap neighbours) between two NUL-terminated texts, for
 * "did you mean"; at most 64 characters of each are looked at. */
size_t dw_text_distance(const char *a, const char *b);

#endif
