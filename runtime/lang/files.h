/* SPDX-License-Identifier: BSD-3-Clause */
/* Values in files, chosen by the ending of the name: csv, npy, npz, safetensors, txt, and the idx
 * files of MNIST; each of them also packed, with .gz behind. */
#ifndef DW_FILES_H
#define DW_FILES_H

#include "data/csv.h"
#include "lang/value.h"

typedef struct {
    dw_csv_first first; /* reading csv */
    bool single;        /* writing safetensors: floats of 4 bytes */
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

#endif
