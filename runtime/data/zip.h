/* SPDX-License-Identifier: BSD-3-Clause */
/* Zip files: their list of members, which stands at the end, is read and checked first. Members may
 * be stored as they are or deflated; files over 4 GB, encrypted and split ones are refused. */
#ifndef DW_ZIP_H
#define DW_ZIP_H

#include "base/buf.h"

enum { DW_ZIP_MOST = 10000 /* members */ };

typedef struct {
    const char *name; /* in the bytes of the file, not terminated */
    size_t name_size;
    size_t at;     /* of its local header */
    size_t packed; /* bytes in the file */
    size_t size;   /* bytes they unpack to */
    uint32_t crc;
    bool deflated;
} dw_zip_member;

typedef struct dw_zip {
    const char *bytes; /* borrowed */
    size_t size;
    const char *name; /* of the file, for errors */
    size_t count;
    dw_zip_member member[];
} dw_zip;

/* Reads the list of members; the bytes and the name must outlive it. NULL with DATA (which names
 * the place in the file), LIMIT or MEMORY. Free with dw_mem_free. */
dw_zip *dw_zip_open(dw_mem *mem, const char *bytes, size_t size, const char *name,
                    dw_err *err) DW_CHECK;

/* The contents of member i, its check sum checked: *contents points into the file or to *owned,
 * which the caller frees with dw_mem_free (NULL when nothing was unpacked). */
bool dw_zip_read(dw_mem *mem, const dw_zip *zip, size_t i, const char **contents, char **owned,
                 dw_err *err) DW_CHECK;

/* Writing: members are added as they are, then the list is finished; dw_zip_free in any case. False
 * with LIMIT beyond 4 GB or DW_ZIP_MOST members, or MEMORY. The same members give the same file. */
typedef struct {
    dw_buf *out;
    dw_buf list; /* the entries of the list so far */
    size_t count;
} dw_zip_writer;
void dw_zip_begin(dw_zip_writer *writer, dw_buf *out);
bool dw_zip_add(dw_zip_writer *writer, const char *name, const char *bytes, size_t size,
                dw_err *err) DW_CHECK;
bool dw_zip_finish(dw_zip_writer *writer, dw_err *err) DW_CHECK;
void dw_zip_free(dw_zip_writer *writer);

#endif
