/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables as text: one line a row, cells between commas, texts with commas in double quotes (RFC
 * 4180). Semicolons or tabs are taken as separators when the first line has no comma. */
#ifndef DW_CSV_H
#define DW_CSV_H

#include "base/buf.h"

typedef struct {
    const char *text; /* NUL-terminated, valid UTF-8 */
    size_t size;
} dw_csv_cell;

typedef struct {
    const char *name;         /* from the first line, or c1, c2, … */
    bool numbers;             /* every cell is a number or empty, and not all are empty */
    double *values;           /* of a column of numbers, NaN where the cell is empty; else NULL */
    const dw_csv_cell *cells; /* cells[row * columns]: stride is the number of columns */
} dw_csv_column;

typedef struct {
    size_t rows, columns;
    bool header; /* whether the first line held names */
    dw_csv_column *column;
} dw_csv;

/* Whether the first line holds names: ask the contents (it does unless all its cells are numbers).
 */
typedef enum { DW_CSV_GUESS, DW_CSV_HEADER, DW_CSV_NO_HEADER } dw_csv_first;

/* Reads a whole file; `name` is for errors (DATA), which name line and column. Everything belongs
 * to the result. Stops at an interrupt. Free with dw_csv_free. */
dw_csv *dw_csv_read(dw_mem *mem, const char *bytes, size_t size, dw_csv_first first,
                    const char *name, dw_err *err) DW_CHECK;
void dw_csv_free(dw_csv *csv);

/* Reads a cell as a number: decimal numbers, NaN, NA, inf, ∞. */
bool dw_csv_number(const char *text, size_t size, double *out);

/* Appends a cell: the shortest digits that read back as the same number, or a text, in quotes where
 * it must be. The caller writes the commas and line ends. */
void dw_csv_add_number(dw_buf *out, double x);
void dw_csv_add_text(dw_buf *out, const char *text, size_t size);

#endif
