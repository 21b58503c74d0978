/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole files, read and written only below one folder. Every folder on the way is opened by itself
 * and links are not followed, so neither `..`, nor a link, nor a folder that is exchanged meanwhile
 * leads outside. */
#ifndef DW_PATH_H
#define DW_PATH_H

#include "base/buf.h"

/* Reads the regular file `name` below `folder` (NULL: anywhere, as the system allows). *bytes ends
 * with a NUL that *size does not count; free with dw_mem_free. Errors (FILE) name the file and the
 * reason; a file larger than memory allows is a MEMORY error. Both functions stop at an interrupt.
 */
bool dw_path_read(dw_mem *mem, const char *folder, const char *name, char **bytes, size_t *size,
                  dw_err *err) DW_CHECK;

/* Writes a file below `folder` (NULL: anywhere). The bytes go to a new file that takes the name in
 * the end, so whoever reads sees the old contents or the new ones and a full disk loses nothing. */
bool dw_path_write(const char *folder, const char *name, const dw_buf *contents,
                   dw_err *err) DW_CHECK;

/* The ending of a file name in small letters without the point: "csv" of "a/b.CSV", "" when there
 * is none or it has 8 letters or more. */
const char *dw_path_ending(const char *name, char out[8]);

#endif
