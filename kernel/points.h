/* SPDX-License-Identifier: BSD-3-Clause */
/* Jupyter counts cursor positions in Unicode code points, the engine in bytes. */
#ifndef JK_POINTS_H
#define JK_POINTS_H

#include "span.h"

#include <stddef.h>

/* Byte offset of the code point number `point` of well-formed text; beyond the end gives len. */
size_t jk_points_to_byte(jk_span text, size_t point);

/* Number of code points in the first `byte` bytes of well-formed text (byte is clamped to len). */
size_t jk_points_at_byte(jk_span text, size_t byte);

#endif
