/* SPDX-License-Identifier: BSD-3-Clause */
/* Values in files: csv, npy and txt, chosen by the ending of the name. */
#ifndef DW_FILES_H
#define DW_FILES_H

#include "data/csv.h"
#include "lang/value.h"

/* Reads a file below `folder` (NULL: anywhere). csv gives a table, or a matrix when the file has no
 * line of names and holds only numbers; npy an array; txt a text. *out gets one reference. */
bool dw_files_load(dw_mem *mem, const char *folder, const char *name, dw_csv_first first,
                   dw_value *out, dw_err *err) DW_CHECK;

/* Writes a value to a file below `folder`: tables, records and arrays as csv, arrays as npy, texts
 * (or whatever else, as it is shown) as txt. */
bool dw_files_save(dw_mem *mem, const char *folder, const char *name, dw_value v,
                   dw_err *err) DW_CHECK;

#endif
