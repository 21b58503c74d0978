/* SPDX-License-Identifier: BSD-3-Clause */
/* Values in files, chosen by the ending of the name: csv, npy, npz, safetensors, txt, and the idx
 * files of MNIST; each of them also packed, with .gz behind. */
#ifndef DW_FILES_H
#define DW_FILES_H

#include "data/arrays.h"
#include "data/csv.h"
#include "lang/value.h"

typedef struct {
    dw_csv_first first; /* reading csv */
    bool single;        /* writing safetensors: floats of 4 bytes, */
    const char *note;   /* and a note, or NULL */
} dw_files_options;

/* Reads a file below `folder` (NULL: anywhere). csv gives a table, or a matrix when the file has no
 * line of names and holds only numbers; npy and idx an array; npz and safetensors a record of
 * arrays; txt a text. *out gets one reference. */
bool dw_files_load(dw_mem *mem, const char *folder, const char *name, dw_files_options options,
                   dw_value *out, dw_err *err) DW_CHECK;

/* Writes a value to a file below `folder`: tables, records and arrays as csv, arrays as npy,
 * records and tables of numbers as npz and safetensors, texts (or whatever else, as it is shown) as
 * txt. */
bool dw_files_save(dw_mem *mem, const char *folder, const char *name, dw_files_options options,
                   dw_value v, dw_err *err) DW_CHECK;

/* Whether the name, .gz left out, has that ending. */
bool dw_files_is(const char *name, const char *ending);

/* Only the bytes of a file, unpacked when its name ends in .gz. *bytes ends with a NUL that does
 * not count; free with dw_mem_free. And the other way round. */
bool dw_files_read(dw_mem *mem, const char *folder, const char *name, char **bytes, size_t *size,
                   dw_err *err) DW_CHECK;
bool dw_files_write(const char *folder, const char *name, const dw_buf *contents,
                    dw_err *err) DW_CHECK;

/* The arrays of an npz or safetensors file, added to an empty list (FILE error for other endings);
 * and a list as such a file. */
bool dw_files_load_arrays(const char *folder, const char *name, dw_arrays *list,
                          dw_err *err) DW_CHECK;
bool dw_files_save_arrays(const char *folder, const char *name, dw_files_options options,
                          const dw_arrays *list, dw_err *err) DW_CHECK;

#endif
