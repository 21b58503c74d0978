/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers as other programs store them: floats and whole numbers of 1 to 8 bytes. */
#ifndef DW_RAW_H
#define DW_RAW_H

#include "base/buf.h"

typedef enum {
    DW_RAW_FLOAT,  /* IEEE 754: 2, 4 or 8 bytes */
    DW_RAW_BRAIN,  /* bfloat16: the upper 2 bytes of a float of 4 */
    DW_RAW_SIGNED, /* two's complement: 1, 2, 4 or 8 bytes */
    DW_RAW_UNSIGNED,
    DW_RAW_TRUTH /* one byte, 0 or not */
} dw_raw_kind;

typedef struct {
    dw_raw_kind kind;
    uint8_t width; /* bytes of a number */
    bool big;      /* the most significant byte comes first */
} dw_raw_type;

/* Whether the kind comes in that width. */
bool dw_raw_known(dw_raw_type type);

/* Reads a number of a known type from memory of any alignment; reads `count` of them, or is
 * stopped. Whole numbers over 2^53 are rounded to the nearest double; signalling NaNs stay NaNs. */
double dw_raw_number(dw_raw_type type, const char *bytes);
bool dw_raw_read(dw_raw_type type, const char *bytes, size_t count, double *out,
                 const dw_cancel *cancel, dw_err *err) DW_CHECK;

/* Reads `width` bytes (at most 8) as one whole number; the least significant byte comes first
 * unless `big`. */
uint64_t dw_raw_whole(const char *bytes, size_t width, bool big);

/* Appends numbers, least significant byte first, as floats of 8 or 4 bytes (rounded to the nearest)
 * or as truth values of one byte; appends a whole number of `width` bytes. An interrupt ends it
 * early: nothing is written to files after that (path.h). */
void dw_raw_add(dw_buf *out, dw_raw_type type, const double *numbers, size_t count);
void dw_raw_add_whole(dw_buf *out, uint64_t value, size_t width);

#endif
