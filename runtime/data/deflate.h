/* SPDX-License-Identifier: BSD-3-Clause */
/* Packed bytes (RFC 1951), alone as in zip files or wrapped as in .gz files (RFC 1952). The work is
 * zlib's; its memory is counted like ours. All of it stops at an interrupt. */
#ifndef DW_DEFLATE_H
#define DW_DEFLATE_H

#include "base/buf.h"

typedef struct {
    const char *bytes;
    size_t size;
    const char *name; /* of the file, for errors */
} dw_deflate_source;

/* Unpacks a member of a zip file that must give exactly `expected` bytes. *out ends with a NUL that
 * does not count; free with dw_mem_free. Errors: DATA with the place in the packed bytes, MEMORY.
 */
bool dw_deflate_unpack(dw_mem *mem, dw_deflate_source source, size_t expected, char **out,
                       dw_err *err) DW_CHECK;

/* Unpacks a whole .gz file, which may be several one after the other; checks their check sums. Free
 * *out, which ends with a NUL that *size does not count, with dw_mem_free. */
bool dw_deflate_gunzip(dw_mem *mem, dw_deflate_source source, char **out, size_t *size,
                       dw_err *err) DW_CHECK;

/* Appends the bytes as a .gz file without a time and a name: the same bytes give the same file. */
bool dw_deflate_gzip(dw_buf *out, const char *bytes, size_t size, dw_err *err) DW_CHECK;

/* The check sum of zip and .gz files. */
bool dw_deflate_crc(dw_mem *mem, const char *bytes, size_t size, uint32_t *out,
                    dw_err *err) DW_CHECK;

#endif
